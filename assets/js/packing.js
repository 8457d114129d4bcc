// Weighing and packing through a dropped connection. What is tapped goes into a list kept in this browser first, and from there to the
// server, in order, each under a key of its own: sent twice it is done once. What is asked back stays in the list with its reason until
// a person has chosen. Without scripts the same forms go the plain way.

const STORE = "ganh-packing";
const AGAIN_MS = 20_000;

const place = document.querySelector("[data-packing]");
const who = place?.dataset.who ?? "";
const say = (word, n) => (place.dataset[`t${word[0].toUpperCase()}${word.slice(1)}`] ?? "").replace("{n}", n ?? "");

function read() {
  try { return JSON.parse(localStorage.getItem(STORE) ?? "[]"); } catch { return []; }
}

/** Whether the list could be kept; a browser that keeps nothing sends its forms the plain way. */
function write(list) {
  try { localStorage.setItem(STORE, JSON.stringify(list)); return true; } catch { return false; }
}

const change = (key, values) => write(read().map((act) => (act.key === key ? { ...act, ...values } : act)));
const drop = (key) => write(read().filter((act) => act.key !== key));

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What the page itself asks about stands on it already. */
const looked = new URLSearchParams(location.search).get("viec");
const mine = () => read().filter((act) => act.who === who && act.key !== looked);
const waiting = () => mine().filter((act) => !act.reasons);

function element(name, words, className) {
  const made = document.createElement(name);
  if (words) made.textContent = words;
  if (className) made.className = className;
  return made;
}

function button(words, kind, press) {
  const made = element("button", words, `button ${kind} is-block`);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

let trouble = "";

/** The list as people read it: what waits, what was asked back and why. */
function show() {
  const acts = mine();
  const others = read().some((act) => act.who !== who);
  place.hidden = acts.length === 0 && !others;
  const focused = document.activeElement?.dataset?.again;
  place.replaceChildren();
  if (place.hidden) return;
  place.append(element("h2", say("title"), "card-title"));
  if (trouble) place.append(element("p", trouble));
  if (others) place.append(element("p", say("others")));
  const list = element("ul");
  for (const act of acts) {
    const row = element("li");
    const figure = act.weight ? `: ${act.weight}` : "";
    const isHeld = !act.reasons && acts.some((other) => other.reasons && other.order === act.order);
    row.append(element("p", `${act.what}${figure} · ${act.reasons ? "" : isHeld ? say("after") : say("waits")}`.replace(/ · $/, "")));
    if (act.reasons) {
      for (const reason of act.reasons) row.append(element("p", reason));
      if (act.href) {
        const way = element("a", say("choose"), "button is-primary is-block");
        way.href = act.href;
        row.append(way);
      }
      row.append(button(say("drop"), "is-quiet", () => { drop(act.key); show(); }));
    }
    list.append(row);
  }
  place.append(list);
  if (waiting().length > 0) {
    const again = button(say("again", waiting().length), "is-secondary", () => send());
    again.dataset.again = "1";
    place.append(again);
    if (focused) again.focus();
  }
}

/** What stands in the form once its tap is done, or waits. */
function mark(act, words) {
  for (const form of document.querySelectorAll("form[data-tap]")) {
    const line = form.elements.line?.value;
    if (form.dataset.order !== act.order || form.dataset.tap !== act.tap || (act.line && line !== act.line)) continue;
    const note = form.querySelector("[data-said]");
    if (note) note.textContent = words;
    if (act.tap === "pack") for (const one of form.querySelectorAll("button")) one.disabled = true;
  }
}

function done(act, answer) {
  drop(act.key);
  if (act.tap === "pack") { mark(act, `✓ ${say("packed")}`); return; }
  mark(act, `✓ ${say("done")} ${answer.said ?? ""}${answer.words ? `, ${answer.words}` : ""}`);
  for (const form of document.querySelectorAll('form[data-tap="weigh"]')) {
    if (form.elements.line?.value === act.line && answer.seen) form.elements.seen.value = answer.seen;
  }
  // Typed anew while the first was on its way: the person means the later figure.
  write(read().map((one) => (one.who === who && one.line === act.line && answer.seen
    ? { ...one, fields: one.fields.map(([name, value]) => [name, name === "seen" ? answer.seen : value]) } : one)));
  const ofOrder = [...document.querySelectorAll('form[data-tap="weigh"]')].filter((form) => form.dataset.order === act.order);
  if (ofOrder.length > 0 && ofOrder.every((form) => form.elements.seen.value !== "-")) {
    for (const note of document.querySelectorAll(`[data-parcel="${CSS.escape(act.order)}"] .pack-first`)) note.classList.add("is-done");
  }
  for (const row of document.querySelectorAll(`[data-line="${CSS.escape(act.line)}"] [data-weight]`)) row.textContent = answer.said ?? "";
}

/** Sends one tap; answers whether the next may follow. */
async function sendOne(act) {
  let answer;
  try {
    answer = await fetch(act.url, {
      method: "POST", redirect: "manual", body: new URLSearchParams([...act.fields, ["key", act.key]]),
      headers: { accept: "application/json", "x-csrf-token": place.dataset.csrf },
    });
  } catch { trouble = say("offline"); return false; }
  const body = await answer.json().catch(() => null);
  if (answer.ok && body?.done) { done(act, body); return true; }
  if ((answer.status === 409 || answer.status === 422) && body?.reasons) {
    change(act.key, { reasons: body.reasons, href: body.url });
    mark(act, body.reasons.join(" "));
    return true;
  }
  if (answer.status === 404 || answer.status === 422) { change(act.key, { reasons: [say("gone")], href: "" }); return true; }
  trouble = answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect" ? say("signIn") : say("offline");
  return false;
}

let isSending = false;

/** Everything that waits, in order. What follows a tap that was asked back, on the same order, waits for the choice. */
async function send() {
  if (isSending || !place) return;
  isSending = true;
  trouble = "";
  try {
    for (;;) {
      const held = new Set(mine().filter((act) => act.reasons).map((act) => act.order));
      const next = waiting().find((act) => !held.has(act.order));
      if (!next || !(await sendOne(next))) break;
      show();
    }
  } finally {
    isSending = false;
    show();
  }
}

/** A tap into the list. A figure typed again before it was sent stands for the one before. */
function keep(form) {
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrf").map(([name, value]) => [name, String(value)]);
  const value = (name) => fields.find(([field]) => field === name)?.[1] ?? "";
  const act = {
    key: newKey(), who, tap: form.dataset.tap, order: form.dataset.order, what: form.dataset.what,
    line: value("line"), weight: value("weight"), url: form.getAttribute("action"), fields,
  };
  const before = read().filter((one) => !(one.who === who && one.tap === act.tap && one.order === act.order && one.line === act.line && !isSending));
  if (!write([...before, act])) return false;
  mark(act, `${act.weight ? `${act.weight} · ` : ""}${say("waits")}`);
  return true;
}

function goOn(form) {
  const fields = [...document.querySelectorAll('form[data-tap="weigh"] [name="weight"]')];
  const next = fields[fields.findIndex((field) => form.contains(field)) + 1];
  next?.focus();
}

if (place) {
  const ended = new URLSearchParams(location.search).get("xong");
  if (ended) drop(ended);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-tap]") || event.defaultPrevented || !keep(form)) return;
    event.preventDefault();
    if (form.dataset.tap === "weigh") goOn(form);
    send();
  }, true);
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") send(); });
  addEventListener("pageshow", (event) => { if (event.persisted) send(); });
  setInterval(() => { if (waiting().length > 0) send(); }, AGAIN_MS);
  for (const act of waiting()) mark(act, `${act.weight ? `${act.weight} · ` : ""}${say("waits")}`);
  send();
}
