// Buttons that copy what stands beside them, and say so: `data-copy` is the text, `data-copied` the sentence for the ear.
// On a link (Zalo takes no text from an address) the text is copied on the way out.

let region;
function say(words) {
  if (!region) {
    region = document.createElement("p");
    region.className = "visually-hidden";
    region.setAttribute("aria-live", "polite");
    document.body.append(region);
  }
  region.textContent = "";
  setTimeout(() => { region.textContent = words; }, 50);
}

// The old command first: it works at once, on plain http and inside the browsers of chat apps.
function copyNow(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  area.setAttribute("readonly", "");
  document.body.append(area);
  const before = document.activeElement;
  area.select();
  area.setSelectionRange(0, text.length);
  let done = false;
  try { done = document.execCommand("copy"); } catch { done = false; }
  area.remove();
  before?.focus?.();
  return done;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = button.dataset.copy;
  let done = copyNow(text);
  if (!done && navigator.clipboard) {
    try { await navigator.clipboard.writeText(text); done = true; } catch { done = false; }
  }
  if (!done) return; // the text stands beside the button: it can be held and copied by hand
  button.classList.add("is-copied");
  setTimeout(() => button.classList.remove("is-copied"), 2500);
  say(button.dataset.copied ?? "");
});

function show() {
  for (const button of document.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;
}
show();
document.addEventListener("ganh:fresh", show);
