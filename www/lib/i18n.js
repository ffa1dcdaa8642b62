/** Texts in the user's language, with the plurals of that language. */
import { asset } from "./api.js";

/** The languages that the portals speak. */
export const LANGUAGES = ["en", "de", "fr", "ja", "ar"];

const RIGHT_TO_LEFT = new Set(["ar"]);

let texts = {};
let tag = "en";
let plural = new Intl.PluralRules("en");
let number = new Intl.NumberFormat("en");

/** The language in use, "de". */
export const language = () => tag;

/**
 * The locale for formats: the browser's own flavour of the language (en-US, de-CH) where it
 * has one.  Arabic is written with the digits that its bills are numbered with.
 */
export function locale() {
  const own = navigator.languages?.find((l) => l.split("-")[0] === tag);
  return new Intl.Locale(own ?? (tag === "en" ? "en-GB" : tag), { numberingSystem: "latn" }).toString();
}

/**
 * @param {...(string | undefined)} wanted languages, most wanted first
 * @returns {string} the first that we speak
 */
export function choose(...wanted) {
  for (const w of wanted) {
    const base = w?.split("-")[0].toLowerCase();
    if (LANGUAGES.includes(base)) return base;
  }
  return LANGUAGES[0];
}

/** Loads a language's texts and turns the document to it. */
export async function load(wanted) {
  texts = await asset(new URL(`../i18n/${wanted}.json`, import.meta.url));
  tag = wanted;
  plural = new Intl.PluralRules(tag);
  number = new Intl.NumberFormat(locale());
  document.documentElement.lang = tag;
  document.documentElement.dir = RIGHT_TO_LEFT.has(tag) ? "rtl" : "ltr";
}

/** The text of a key with its plural form chosen by `values.n`, placeholders still in it. */
function raw(key, values) {
  const text = texts[key] ?? key;
  return typeof text === "string" ? text : (text[plural.select(values?.n ?? 0)] ?? text.other);
}

const shown = (value) => (typeof value === "number" ? number.format(value) : value);

/**
 * @param {string} key of i18n/*.json
 * @param {Record<string, string | number>} [values] for {name} in the text; `n` also chooses the plural
 * @returns {string}
 */
export function t(key, values) {
  return raw(key, values).replace(/\{(\w+)\}/g, (whole, name) => String(shown(values?.[name] ?? whole)));
}

/**
 * As `t`, with templates as values.
 * @returns {unknown[]} parts that a template can hold
 */
export function rich(key, values) {
  return raw(key, values).split(/\{(\w+)\}/).map((part, i) => (i % 2 ? shown(values[part]) : part));
}

/**
 * A code of the vocabulary in words, or the code itself where there is none: roles and
 * units can be newer than these texts.
 * @param {string} set the beginning of the keys, "unit"
 */
export function word(set, code) {
  return code === null || code === undefined || code === "" ? "" : String(texts[`${set}.${code}`] ?? code);
}

/** A built-in role in words; a tenant's own has no code and is called as the tenant calls it. */
export const roleName = (code, name) => (code ? word("role", code) : name);
