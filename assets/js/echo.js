// Says a sum or a weight in words beside the field where it is typed: «hai mươi lăm nghìn đồng», «một cân rưỡi».
// A zero too many is heard at once. The server reads the figure itself; these words are only for the eye.

const DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
const SCALES = [[1_000_000_000, "tỷ"], [1_000_000, "triệu"], [1_000, "nghìn"]];
const GRAMS = { g: 1, gam: 1, "lạng": 100, kg: 1_000, "cân": 1_000, "yến": 10_000, "tạ": 100_000, "tấn": 1_000_000 };

// 0–999. `full`: not the first group, so the hundreds and the «linh» are said even when nought.
function group(n, full) {
  const hundreds = Math.floor(n / 100);
  const tens = Math.floor((n % 100) / 10);
  const ones = n % 10;
  const words = [];
  if (hundreds > 0 || full) words.push(DIGITS[hundreds], "trăm");
  if (tens === 0) {
    if (ones > 0 && words.length > 0) words.push("linh");
    if (ones > 0) words.push(DIGITS[ones]);
    return words.join(" ");
  }
  words.push(...(tens === 1 ? ["mười"] : [DIGITS[tens], "mươi"]));
  if (ones === 1) words.push(tens === 1 ? "một" : "mốt");
  else if (ones === 4) words.push(tens === 1 ? "bốn" : "tư");
  else if (ones === 5) words.push("lăm");
  else if (ones > 0) words.push(DIGITS[ones]);
  return words.join(" ");
}

/** A whole number from 0 to 999 999 999 999 999 in Vietnamese as it is said in the North. */
export function numberWords(n, full = false) {
  if (!Number.isSafeInteger(n) || n < 0 || n >= 1e15) return "";
  if (n === 0) return DIGITS[0];
  const words = [];
  let rest = n;
  let later = full;
  for (const [size, name] of SCALES) {
    const count = Math.floor(rest / size);
    if (count > 0) {
      words.push(count > 999 ? numberWords(count) : group(count, later), name);
      later = true;
    }
    rest %= size;
  }
  if (rest > 0) words.push(group(rest, later));
  return words.join(" ");
}

/** Whole đồng from what was typed: «25000», «25.000», «25 000 ₫»; null when it is no sum. */
export function readMoney(text) {
  const clean = text.replace(/[\s.\u00a0₫đ]/g, "");
  return /^\d{1,12}$/.test(clean) ? Number(clean) : null;
}

/** Whole grams from «1,5», «12.5», «1.500»: a point before exactly three figures parts the thousands, as it is written here. */
export function readWeight(text, unit = "kg") {
  const clean = text.replace(/[\s\u00a0]/g, "");
  const size = GRAMS[unit];
  if (!size || !/^\d+([.,]\d+)*$/.test(clean)) return null;
  const number = /^\d{1,3}(\.\d{3})+(,\d+)?$/.test(clean) ? clean.replaceAll(".", "").replace(",", ".") : clean.replace(",", ".");
  const grams = Math.round(Number(number) * size * 1e6) / 1e6;
  return Number.isFinite(grams) ? Math.round(grams) : null;
}

export function moneyWords(vnd) {
  const words = numberWords(vnd);
  return words && `${words} đồng`;
}

export function weightWords(grams) {
  if (!Number.isSafeInteger(grams) || grams < 0) return "";
  if (grams === 0) return "không cân";
  const tonnes = Math.floor(grams / 1_000_000);
  const kilos = Math.floor((grams % 1_000_000) / 1_000);
  const rest = grams % 1_000;
  const words = [];
  if (tonnes > 0) words.push(numberWords(tonnes), "tấn");
  if (kilos > 0) words.push(numberWords(kilos, false), "cân");
  if (rest === 500 && kilos > 0) words.push("rưỡi");
  else if (rest > 0 && rest % 100 === 0) words.push(DIGITS[rest / 100], "lạng");
  else if (rest > 0) words.push(numberWords(rest), "gam");
  return words.join(" ");
}

function say(field) {
  const place = document.querySelector(`[data-echo-for="${CSS.escape(field.id)}"]`);
  if (!place) return;
  if (document.documentElement.lang !== "vi") { place.textContent = ""; return; }
  const unit = field.parentElement.querySelector(".input-unit")?.textContent.trim() ?? "";
  const money = field.dataset.echo === "money";
  const value = money ? readMoney(field.value) : readWeight(field.value, unit || "kg");
  place.textContent = value === null ? "" : money ? moneyWords(value) : weightWords(value);
}

if (typeof document !== "undefined") {
  const all = () => { for (const field of document.querySelectorAll("[data-echo]")) say(field); };
  document.addEventListener("input", (event) => { if (event.target.matches?.("[data-echo]")) say(event.target); });
  all();
  document.addEventListener("ganh:fresh", all);
}
