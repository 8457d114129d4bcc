// A type-ahead over the commune list: old names («Đại Kim», «quận Hoàng Mai») find the new commune. The select below stays
// the truth and works alone. Asks `/api/v1/communes?q=` → {"items":[{"code","name","province","was"}]}; `was` = old names, may be absent.

const WAIT_MS = 200;
let serial = 0;

function dress(box) {
  if (box.dataset.dressed) return;
  box.dataset.dressed = "yes";
  const select = box.querySelector("select");
  const label = box.querySelector("label");
  const id = `commune-${++serial}`;
  const field = document.createElement("input");
  Object.assign(field, { className: "input", type: "text", autocomplete: "off", placeholder: box.dataset.communeHint, id });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": `${id}-list`, "aria-label": `${label.textContent.trim()}: ${box.dataset.communeHint}` })) field.setAttribute(name, value);
  const list = document.createElement("ul");
  Object.assign(list, { id: `${id}-list`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label.textContent.trim());
  const note = document.createElement("p");
  note.className = "field-hint";
  note.setAttribute("aria-live", "polite");
  select.before(field, list, note);
  let items = [];
  let at = -1;
  let timer;
  let asked = 0;

  const close = () => { list.hidden = true; at = -1; field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant"); };
  const mark = (next) => {
    at = (next + items.length) % items.length;
    [...list.children].forEach((row, nth) => row.setAttribute("aria-selected", String(nth === at)));
    list.children[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", `${id}-${at}`);
  };
  const choose = (item) => {
    let option = [...select.options].find((one) => one.value === item.code);
    if (!option) { option = new Option(`${item.name}, ${item.province ?? ""}`.replace(/, $/, ""), item.code); select.add(option); }
    select.value = item.code;
    field.value = option.textContent;
    close();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const show = (found) => {
    items = found;
    list.replaceChildren(...items.map((item, nth) => {
      const row = document.createElement("li");
      row.id = `${id}-${nth}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.textContent = item.province ? `${item.name}, ${item.province}` : item.name;
      if (item.was) { const was = document.createElement("small"); was.textContent = Array.isArray(item.was) ? item.was.join(", ") : item.was; row.append(was); }
      row.addEventListener("mousedown", (event) => { event.preventDefault(); choose(item); });
      return row;
    }));
    list.hidden = items.length === 0;
    at = -1;
    field.setAttribute("aria-expanded", String(items.length > 0));
    note.textContent = items.length ? "" : box.dataset.communeNone;
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    const words = field.value.trim();
    if (words.length < 2) { close(); note.textContent = ""; return; }
    timer = setTimeout(async () => {
      const mine = ++asked;
      try {
        const answer = await fetch(`/api/v1/communes?q=${encodeURIComponent(words)}`);
        if (!answer.ok) return;
        const body = await answer.json();
        if (mine === asked) show((body.items ?? body).slice(0, 8));
      } catch { close(); } // the list below still works
    }, WAIT_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); mark(at < 0 ? items.length - 1 : at - 1); }
    if (event.key === "Enter") { event.preventDefault(); choose(items[Math.max(at, 0)]); }
    if (event.key === "Escape") close();
  });
  field.addEventListener("blur", () => setTimeout(close, 150));
}

function dressAll() { for (const box of document.querySelectorAll("[data-commune]")) dress(box); }
dressAll();
document.addEventListener("ganh:fresh", dressAll);
