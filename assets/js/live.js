// A page that follows its own changes: on `changed` it fetches itself and puts the new <main> in place, on `end` it stops.
// Nothing is said when the stream fails: the page is right without it, only not at once.

let stream;
let url;

function follow() {
  const note = document.querySelector("[data-live]");
  const next = note?.dataset.live;
  if (next === url) return;
  stream?.close();
  stream = undefined;
  url = next;
  if (!next || typeof EventSource === "undefined") return;
  stream = new EventSource(next);
  stream.addEventListener("changed", renew);
  stream.addEventListener("end", stop);
  stream.addEventListener("message", (event) => {
    if (event.data === "changed") renew();
    if (event.data === "end") stop();
  });
}

function stop() { stream?.close(); }

const busy = (main) => {
  const at = document.activeElement;
  return main.contains(at) && at.matches("input, textarea, select");
};

let waiting = false;
async function renew() {
  const main = document.getElementById("main");
  // Never under the fingers of someone who is writing: try again when they leave the field.
  if (busy(main)) {
    if (!waiting) {
      waiting = true;
      document.activeElement.addEventListener("blur", () => { waiting = false; setTimeout(renew, 200); }, { once: true });
    }
    return;
  }
  let text;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!answer.ok) return;
    text = await answer.text();
  } catch { return; }
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("main");
  if (!fresh) return;
  const words = document.querySelector("[data-live]")?.dataset.changed ?? "";
  const focus = document.activeElement?.id;
  main.replaceChildren(...fresh.childNodes);
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  document.dispatchEvent(new Event("ganh:fresh"));
  const note = document.querySelector("[data-live]");
  if (note) note.textContent = words;
  follow();
}

// A phone that slept, or comes back from the bank's app, may have missed the word: it looks again at once.
function wake() {
  if (document.visibilityState === "hidden" || !url) return;
  if (stream?.readyState === 2) { url = undefined; follow(); }
  renew();
}

follow();
document.addEventListener("visibilitychange", wake);
addEventListener("online", wake);
addEventListener("pagehide", stop);
addEventListener("pageshow", (event) => { if (event.persisted) { url = undefined; follow(); } });
