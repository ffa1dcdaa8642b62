/**
 * `<x-segment>`: the fields of a customer segment and of its rule, for a new one and for one that is there.
 * What was chosen is read from `.value`, as the server wants it.
 */
import { html, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { t, word } from "../../lib/i18n.js";
import "../x-field/x-field.js";

const WAYS = ["hand", "rule", "rest"];
const KINDS = ["person", "clinic", "care_home"];
/** The parts of a rule; null is no condition. */
const CONDITIONS = ["kind", "country", "postcode", "tag", "size"];

/** A whole number as a number; what is none stays as it was typed, and the server says so. */
const number = (text) => (/^\d{1,9}$/.test(text) ? Number(text) : text);

class XSegment extends Element {
  static properties = {
    /** as the server has it, or null for a new one */
    segment: { attribute: false },
    /** @type {Record<string, string>} by field */
    errors: { attribute: false },
    way: { state: true },
  };

  constructor() {
    super();
    this.errors = {};
    this.way = "hand";
  }

  willUpdate(changed) {
    if (changed.has("segment")) this.way = this.segment?.way ?? "hand";
  }

  typed(name) {
    return this.querySelector(`x-field[name="${name}"]`)?.value.trim() ?? "";
  }

  /** All that can be said; a segment without a rule has no conditions. */
  get value() {
    const rule = this.way === "rule";
    const condition = (name) => {
      const text = rule ? this.typed(name) : "";
      if (!text) return null;
      return name === "size" ? number(text) : name === "country" ? text.toUpperCase() : text;
    };
    const value = { name: this.typed("name"), way: this.way, ...Object.fromEntries(CONDITIONS.map((name) => [name, condition(name)])) };
    return rule ? { ...value, place: number(this.typed("place") || "0") } : value;
  }

  field(name, more = {}) {
    const value = String(this.segment?.[name] ?? "");
    return html`<x-field name=${name} label=${more.label ?? t(`field.${name}`)} .value=${value} .options=${more.options} .hint=${more.hint} .maxlength=${more.maxlength} autocomplete="off"
      ?required=${Boolean(more.required)} .error=${this.errors[name] ?? ""}></x-field>`;
  }

  rule() {
    const kinds = [{ value: "", label: t("segment.any") }, ...KINDS.map((value) => ({ value, label: word("customer_kind", value) }))];
    return html`<fieldset>
      <legend>${t("segment.rule")}</legend>
      ${this.field("kind", { options: kinds })}
      ${this.field("country", { maxlength: 2, hint: t("segment.country_hint") })}
      ${this.field("postcode", { maxlength: 20, label: t("segment.postcode") })}
      ${this.field("tag", { maxlength: 40 })}
      ${this.field("size", { maxlength: 7 })}
      ${this.field("place", { maxlength: 5, label: t("segment.place"), hint: t("segment.place_hint") })}
    </fieldset>`;
  }

  render() {
    const ways = WAYS.map((value) => ({ value, label: word("segment_way", value) }));
    return html`
      ${this.field("name", { maxlength: 100, required: true })}
      <x-field name="way" label=${t("field.way")} .value=${this.way} .options=${ways} .hint=${word("segment_about", this.way)} .error=${this.errors.way ?? ""}
        @change=${(event) => (this.way = event.target.value)}></x-field>
      ${this.way === "rule" ? this.rule() : nothing}
    `;
  }
}
customElements.define("x-segment", XSegment);
