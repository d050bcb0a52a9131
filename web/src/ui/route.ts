import { createSignal } from "solid-js";

const read = () => ({ path: location.pathname, query: new URLSearchParams(location.search) });
const [route, setRoute] = createSignal(read());

export { route };

export function go(href: string, { replace = false } = {}): void {
  if (href === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", href);
  setRoute(read());
}

/** The present address with some of its query changed; null takes one away. */
export function hrefWith(changes: Record<string, string | null>, path = route().path): string {
  const query = new URLSearchParams(route().query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  return query.size ? `${path}?${query}` : path;
}

addEventListener("popstate", () => setRoute(read()));

// Every plain link within the app; /api is the server's.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.target || link.origin !== location.origin || link.pathname.startsWith("/api/")) return;
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  go(link.pathname + link.search);
});
