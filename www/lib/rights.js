/** A role as it is edited: out of an answer, back into a body, and against another role. */
import { t, word } from "./i18n.js";

/**
 * @typedef {object} Draft
 * @property {Record<string, string>} grants scope by action; what is absent is not granted
 * @property {Record<string, string>} fields level by field
 * @property {string[]} segments ids
 * @property {string[]} products ids
 */

/** The choice that says no; absent in a draft. */
export const NONE = "none";

/** "customer" of "customer.read". */
export const areaOf = (name) => name.slice(0, name.indexOf("."));
export const partOf = (name) => name.slice(name.indexOf(".") + 1);

/** A choice of that kind in words. */
export const choiceWord = (kind, value) => (kind === "grants" ? word("scope", value) : word("level", value));

export const actionLabel = (name) => t("rights.choice", { area: word("resource", areaOf(name)), action: word("verb", partOf(name)) });
export const fieldLabel = (name) => t("rights.choice", { area: word("resource", areaOf(name)), action: word("field", partOf(name)) });

/** @param {object} role GET /api/v1/roles/:id. @returns {Draft} */
export const draftOf = (role) => ({
  grants: Object.fromEntries((role.grants ?? []).map((g) => [g.action, g.scope])),
  fields: Object.fromEntries((role.fields ?? []).map((f) => [f.field, f.level])),
  segments: [...(role.segments ?? [])],
  products: [...(role.products ?? [])],
});

/** The draft with one choice. @returns {Draft} */
export function chosen(draft, { kind, name, value }) {
  if (kind === "segments" || kind === "products") return { ...draft, [kind]: value ? [...draft[kind], name] : draft[kind].filter((id) => id !== name) };
  const { [name]: before, ...rest } = draft[kind];
  return { ...draft, [kind]: value === NONE ? rest : { ...rest, [name]: value } };
}

const pairs = (of, key, value) => Object.entries(of).map(([k, v]) => ({ [key]: k, [value]: v }));
const sorted = (of) => JSON.stringify(Object.entries(of).sort());

/**
 * What of a draft is not as it was, as lists for the server.
 * @param {Draft} draft
 * @param {Draft} was
 * @returns {{grants?: object[], fields?: object[], segments?: string[], products?: string[]}}
 */
export function changes(draft, was) {
  const body = {};
  if (sorted(draft.grants) !== sorted(was.grants)) body.grants = pairs(draft.grants, "action", "scope");
  if (sorted(draft.fields) !== sorted(was.fields)) body.fields = pairs(draft.fields, "field", "level");
  for (const kind of ["segments", "products"])
    if ([...draft[kind]].sort().join() !== [...was[kind]].sort().join()) body[kind] = draft[kind];
  return body;
}

/**
 * What the server did not take, by action or field, or "name", "segments", "products".
 * @param {object} body that was sent
 * @param {import("./api.js").FieldError[]} errors
 * @returns {Record<string, string>}
 */
export function faults(body, errors) {
  return Object.fromEntries(errors.map(({ pointer, code, detail }) => {
    const [, list, place] = pointer.split("/");
    const entry = ["grants", "fields"].includes(list) ? body[list]?.[Number(place)] : null;
    const known = word("fault", code);
    return [entry?.action ?? entry?.field ?? list, known === code ? detail : known];
  }));
}

/** Each difference in words. @param {Draft} here. @param {Draft} there. @returns {string[]} */
export function differences(here, there) {
  const of = (kind, label) =>
    [...new Set([...Object.keys(here[kind]), ...Object.keys(there[kind])])].sort()
      .map((name) => [name, here[kind][name] ?? NONE, there[kind][name] ?? NONE])
      .filter(([, a, b]) => a !== b)
      .map(([name, a, b]) => t("rights.difference", { what: label(name), here: choiceWord(kind, a), there: choiceWord(kind, b) }));
  return [...of("grants", actionLabel), ...of("fields", fieldLabel)];
}
