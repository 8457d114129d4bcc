// − and + beside a quantity. The field itself is plain and stays the truth; figures have a decimal comma as people write them.

const THOUSANDTHS = 1000;

export function read(text) {
  const clean = text.trim().replace(/\s/g, "").replace(",", ".");
  return /^\d+(\.\d{0,3})?$/.test(clean) ? Math.round(Number(clean) * THOUSANDTHS) : null;
}

export function write(thousandths, mark = ",") {
  return String(thousandths / THOUSANDTHS).replace(".", mark);
}

export function stepped(now, step, min, max, direction) {
  const next = direction > 0 ? Math.floor(now / step) * step + step : Math.ceil(now / step) * step - step;
  return Math.max(min, max === null ? next : Math.min(max, next));
}

function press(box, direction) {
  const field = box.querySelector("input");
  const step = read(box.dataset.step || "1") || THOUSANDTHS;
  const min = read(box.dataset.min || "0") ?? 0;
  const max = box.dataset.max ? read(box.dataset.max) : null;
  const now = read(field.value) ?? min;
  field.value = write(stepped(now, step, min, max, direction), document.documentElement.lang === "en" ? "." : ",");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function show() {
  for (const button of document.querySelectorAll("[data-stepper] button[hidden]")) button.hidden = false;
  for (const box of document.querySelectorAll("[data-stepper]")) box.classList.add("is-alive");
}

if (typeof document !== "undefined") {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-stepper] button");
    if (button) press(button.closest("[data-stepper]"), "up" in button.dataset ? 1 : -1);
  });
  show();
  document.addEventListener("ganh:fresh", show);
}
