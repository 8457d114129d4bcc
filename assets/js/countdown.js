// «còn 14 phút»: minutes left until `data-until`. `data-now` is the server's clock when the page was made:
// old phones are often minutes wrong, and a hold must not look longer than it is.

const born = Date.now();

export function minutesLeft(until, now) {
  return Math.max(0, Math.ceil((Date.parse(until) - now) / 60_000));
}

function tick() {
  for (const place of document.querySelectorAll("[data-until]")) {
    const server = Date.parse(place.dataset.now ?? "");
    const now = Number.isNaN(server) ? Date.now() : server + (Date.now() - (place.born ??= born));
    const left = minutesLeft(place.dataset.until, now);
    const words = left > 0 ? place.dataset.left.replace("{n}", String(left)) : place.dataset.over;
    if (place.textContent !== words) place.textContent = words;
  }
}

if (typeof document !== "undefined") {
  tick();
  setInterval(tick, 5_000);
  document.addEventListener("ganh:fresh", () => {
    for (const place of document.querySelectorAll("[data-until]")) place.born = Date.now();
    tick();
  });
}
