/** Customer segments in words: their rules, and what the server did not take of one. */
import { country } from "./format.js";
import { t, word } from "./i18n.js";

/** How customers come into it, in one line. @param {object} s a row of /segments */
export function ruleText(s) {
  if (s.way !== "rule") return word("segment_way", s.way);
  return [
    s.kind && word("customer_kind", s.kind),
    s.country && country(s.country),
    s.postcode && t("segment.with_postcode", { postcode: s.postcode }),
    s.tag && t("segment.with_tag", { tag: s.tag }),
    s.size > 0 && t("segment.with_size", { n: s.size }),
  ].filter(Boolean).join(" · ");
}

/**
 * Texts by the field that they stand at.
 * @param {import("./api.js").FieldError[]} errors
 * @returns {Record<string, string>}
 */
export const segmentFaults = (errors) => Object.fromEntries(errors.map(({ pointer, code }) => [pointer.split("/")[1], word("segment_fault", code)]));
