// Public pages are the same bytes for everyone: where goods go stands in the address (`?xa=00331`), never in a cookie that the
// server would read there. This carries a choice made before (cookie `xa`, on https `__Host-xa`) into the address and the search.

export function chosen(cookies) {
  const found = /(?:^|;\s*)(?:__Host-)?xa=(\d{5})(?:;|$)/.exec(cookies);
  return found ? found[1] : null;
}

if (typeof document !== "undefined") {
  const here = new URL(location.href);
  const code = here.searchParams.get("xa") || chosen(document.cookie);
  if (code && !here.searchParams.has("xa") && document.querySelector("[data-place]")) {
    here.searchParams.set("xa", code);
    location.replace(here);
  } else if (code) {
    for (const form of document.querySelectorAll('form[role="search"]')) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "xa", value: code });
      form.append(field);
    }
  }
}
