/**
 * Who is signed in, on whose host, and what the server says they may see.  Written by
 * lib/app.js only; everybody else reads.  What is hidden here is refused by the server too.
 */
import { all } from "./api.js";

export const state = {
  /** @type {"customer" | "reseller" | "admin"} the shell that this document is */
  portal: "customer",
  /** the beginning of all addresses of this portal, "/reseller/" */
  base: "/",
  /** /brand/brand.json */
  brand: { name: "", languages: [] },
  /** GET /api/v1/session, or null */
  session: null,
  /** GET /api/v1/meta, or null */
  meta: null,
  /** Are there more tenants to be seen than the reader's own? */
  channel: false,
};

/** @param {string} action "document.read" */
export const may = (action) => state.meta?.actions.includes(action) ?? false;

/** May this role read that field? */
export const reads = (resource, field) => state.meta?.fields[resource]?.includes(field) ?? false;

/** May this role see that field, or at least its shape? */
export const sees = (resource, field) => reads(resource, field) || (state.meta?.masked[resource]?.includes(field) ?? false);

/** May this role write that field? */
export const writes = (resource, field) => state.meta?.writable[resource]?.includes(field) ?? false;

/** @param {string} name of a page of this portal */
export const shows = (name) => state.meta?.pages.some((p) => p.portal === state.portal && p.name === name) ?? false;

let known = null;

/**
 * The tenants that the signed-in user may see, at most a thousand; asked for once, and anew where one was changed.
 * @returns {Promise<{data: object[], next: string | null}>}
 */
export function tenants(anew = false) {
  if (anew) known = null;
  known ??= all("tenants", { sort: "name" }).catch((error) => {
    known = null;
    throw error;
  });
  return known;
}

/** Forgets what was asked for on behalf of the user before. */
export function forget() {
  known = null;
  state.session = null;
  state.meta = null;
  state.channel = false;
}
