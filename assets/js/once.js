// A form that is sent once: after the first press its buttons rest and say what is awaited.
// The server is safe without this (idempotency); this is for the person at a slow network who would press again.

const sent = new WeakSet();

function rest(form) {
  for (const button of form.querySelectorAll('button[type="submit"], button:not([type])')) {
    const words = button.querySelector("span:not(.visually-hidden)") ?? button;
    button.dataset.words = words.textContent;
    if (button.dataset.busy) words.textContent = button.dataset.busy;
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
  }
}

function wake() {
  for (const button of document.querySelectorAll('button[aria-busy="true"]')) {
    const words = button.querySelector("span:not(.visually-hidden)") ?? button;
    if (button.dataset.words) words.textContent = button.dataset.words;
    button.removeAttribute("aria-busy");
    button.disabled = false;
    if (button.form) sent.delete(button.form);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (sent.has(form)) { event.preventDefault(); return; }
  // After the other listeners, and after the form's data has been gathered: a disabled button sends no value.
  setTimeout(() => { if (!event.defaultPrevented) { sent.add(form); rest(form); } }, 0);
});
// The way back from a lost connection shows the page as it was left: let it be pressed again.
addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
