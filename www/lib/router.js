/** Addresses to screens, by the history API.  Filters live in the query, so that "back" and a copied link keep them. */

/**
 * @typedef {{path: string, page: string, title: () => string, render: (params: Record<string, string>) => unknown}} Route
 *   path is relative to the portal's base; ":id" takes one part
 */

let routes = [];
let base = "/";
let here = "";
let stays = null;
const changes = new EventTarget();

function pattern(path) {
  const names = [];
  const source = path.replace(/:(\w+)/g, (_, name) => {
    names.push(name);
    return "([^/]+)";
  });
  return { match: new RegExp(`^${source}/?$`), names };
}

/** @param {string} path of a URL. @returns {{route: Route, params: Record<string, string>} | null} */
export function match(path) {
  if (!path.startsWith(base)) return null;
  const rest = path.slice(base.length);
  for (const route of routes) {
    const found = route.pattern.match.exec(rest);
    if (found) return { route, params: Object.fromEntries(route.pattern.names.map((n, i) => [n, decodeURIComponent(found[i + 1])])) };
  }
  return null;
}

/** The address of a screen: `href("customers", id)`. */
export const href = (...parts) => base + parts.map(encodeURIComponent).join("/");

/** @returns {URLSearchParams} filters and order of the present screen */
export const query = () => new URLSearchParams(location.search);

/**
 * Asks before the reader leaves a screen that holds what is not saved.
 * @param {(() => boolean) | null} ask true: they may go; null: nothing is held any more
 */
export const guard = (ask) => (stays = ask);

const leaves = () => !stays || stays();

const changed = (moved) => changes.dispatchEvent(new CustomEvent("change", { detail: { moved } }));

/** Goes to an address of this portal; `moved` as told to those who listen. */
export function go(url, { replace = false, moved = true } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", url);
  here = location.href;
  changed(moved);
}

/** Puts filters into the address, without a step for "back". @param {Record<string, string>} values */
export function refine(values) {
  const params = query();
  for (const [name, value] of Object.entries(values)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  const text = params.toString();
  history.replaceState(null, "", location.pathname + (text ? `?${text}` : ""));
  here = location.href;
  changed(false);
}

/** @param {(event: {detail: {moved: boolean}}) => void} listener `moved` is false where only filters changed */
export const onChange = (listener) => changes.addEventListener("change", listener);

/** A click that the browser should keep for itself: another tab, a download, another site. */
function foreign(event, link) {
  return event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey ||
    link.target || link.hasAttribute("download") || link.origin !== location.origin || link.hash;
}

function clicked(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || foreign(event, link) || !match(link.pathname)) return;
  event.preventDefault();
  if (link.href !== location.href) {
    if (!leaves()) return;
    go(link.href);
  }
  scrollTo(0, 0);
}

/** @param {string} portalBase "/reseller/". @param {Route[]} table first match wins */
export function start(portalBase, table) {
  base = portalBase;
  routes = table.map((route) => ({ ...route, pattern: pattern(route.path) }));
  document.addEventListener("click", clicked);
  here = location.href;
  addEventListener("popstate", () => {
    /* The browser has stepped already: the address of the screen that stays is put back. */
    if (!leaves()) return history.pushState(null, "", here);
    here = location.href;
    changed(true);
  });
}
