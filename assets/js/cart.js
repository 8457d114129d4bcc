// The basket's count in the header, read from the cookie `gio` (`offer~thousandths.offer~thousandths`):
// public pages are the same bytes for everyone, so the number cannot come from the server.
// On https the cookie is `__Host-gio`. It must not be HttpOnly; nothing is trusted that it says.

export function linesOf(cookies) {
  const found = /(?:^|;\s*)(?:__Host-)?gio=([^;]*)/.exec(cookies);
  if (!found) return 0;
  return found[1].split(".").filter((line) => /^[\w-]+~\d+$/.test(line) && !/~0+$/.test(line)).length;
}

function show() {
  const count = linesOf(document.cookie);
  for (const place of document.querySelectorAll("[data-cart-count]")) {
    place.textContent = count > 0 ? String(count) : "";
    place.hidden = count === 0;
  }
}

if (typeof document !== "undefined") {
  show();
  addEventListener("pageshow", show);
}
