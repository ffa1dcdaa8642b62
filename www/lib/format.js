/** Figures, dates and names of places in the page's language.  Formats, never computes. */
import { language, locale } from "./i18n.js";

const made = new Map();

/** One formatter per kind and language: making them is slow, a table needs hundreds. */
function formatter(key, make) {
  const full = `${locale()} ${key}`;
  if (!made.has(full)) made.set(full, make(locale()));
  return made.get(full);
}

/**
 * A sum of money, with a real minus sign, as wide as a digit.
 * @param {string} amount decimal text, "1234.56"; given to the formatter as text, so no digit is lost
 * @param {string} currency
 * @param {boolean} [fine] a unit price: up to six decimals
 */
export function money(amount, currency, fine = false) {
  const digits = fine ? { maximumFractionDigits: 6 } : {};
  const make = (l) => new Intl.NumberFormat(l, { style: "currency", currency, currencyDisplay: "narrowSymbol", ...digits });
  return formatter(`money ${currency} ${fine}`, make).format(amount).replace("-", "\u2212");
}

/** @param {string} text decimal text without a unit */
export const decimal = (text) => formatter("decimal", (l) => new Intl.NumberFormat(l, { maximumFractionDigits: 6 })).format(text);

/** @param {string} text what one of a currency is worth in another one, to its last place */
export const rate = (text) => formatter("rate", (l) => new Intl.NumberFormat(l, { maximumFractionDigits: 12 })).format(text);

/** @param {string} text "19.00", of a hundred */
export const perCent = (text) => formatter("per cent", (l) => new Intl.NumberFormat(l, { style: "percent", maximumFractionDigits: 2 })).format(Number(text) / 100);

const day = (iso) => new Date(`${iso}T00:00:00Z`);

const dates = (style) =>
  formatter(`date ${style}`, (l) => new Intl.DateTimeFormat(l, { timeZone: "UTC", ...(style === "month" ? { year: "numeric", month: "long" } : { dateStyle: style }) }));

/** @param {string} iso "2026-06-01", a civil date: it is the same day everywhere */
export const date = (iso, style = "medium") => dates(style).format(day(iso));

/** @param {number} n 1 for Monday to 7 for Sunday, in short */
export const weekday = (n) => formatter("weekday", (l) => new Intl.DateTimeFormat(l, { timeZone: "UTC", weekday: "short" })).format(day(`2026-06-0${n}`));

/** @param {string} text "20:00", by any clock */
export const clock = (text) => formatter("clock", (l) => new Intl.DateTimeFormat(l, { timeZone: "UTC", timeStyle: "short" })).format(new Date(`2026-06-01T${text}:00Z`));

/** @param {string} iso "2026-06-01T10:00:00Z"; shown in the reader's own time zone */
export const moment = (iso) => formatter("moment", (l) => new Intl.DateTimeFormat(l, { dateStyle: "medium", timeStyle: "short" })).format(new Date(iso));

/**
 * A period as people say it: one month as "June 2026", else its first and last day.
 * @param {string} start first day
 * @param {string} end first day after
 */
export function period(start, end) {
  const from = day(start);
  const to = day(end);
  const next = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, from.getUTCDate()));
  if (from.getUTCDate() === 1 && next.getTime() === to.getTime()) return dates("month").format(from);
  to.setUTCDate(to.getUTCDate() - 1);
  return dates("medium").formatRange(from, to < from ? from : to);
}

/** Days from today to a civil date, in words: "in 5 days", "yesterday". */
export function fromToday(iso) {
  const now = new Date();
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  const days = Math.round((day(iso).getTime() - today) / 86400000);
  return formatter("relative", (l) => new Intl.RelativeTimeFormat(l, { numeric: "auto" })).format(days, "day");
}

const names = (type) => formatter(`names ${type}`, (l) => new Intl.DisplayNames(l, { type, fallback: "code" }));

/** @param {string} code ISO 3166-1 alpha-2 */
export const country = (code) => (/^[A-Z]{2}$/.test(code ?? "") ? names("region").of(code) : (code ?? ""));

/** @param {string} code BCP 47; written in the page's language */
export const languageName = (code) => (code ? names("language").of(code) : "");

/** A language in its own words, for those who look for theirs. */
export function ownName(code) {
  const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
}

/** @param {string[]} parts empty ones are left out */
export const joined = (parts) => parts.filter(Boolean).join(language() === "ja" ? "、" : language() === "ar" ? "، " : ", ");
