/** `<x-month>`: one of the last twelve months; says `month` with {from, to}, days of which the second is the first behind it. */
import { html } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { locale, t } from "../../lib/i18n.js";
import "../x-field/x-field.js";

const MONTHS = 12;

/** The first day of the n-th month before this one. */
function first(n) {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - n, 1)).toISOString().slice(0, 10);
}

/** The days of the n-th month before this one. */
export const month = (n = 0) => ({ from: first(n), to: first(n - 1) });

class XMonth extends Element {
  static properties = { value: {} };

  constructor() {
    super();
    this.value = "0";
  }

  choose(event) {
    this.value = event.target.value;
    this.dispatchEvent(new CustomEvent("month", { detail: month(Number(this.value)) }));
  }

  render() {
    const name = new Intl.DateTimeFormat(locale(), { month: "long", year: "numeric", timeZone: "UTC" });
    const options = Array.from({ length: MONTHS }, (_, n) => ({ value: String(n), label: name.format(new Date(`${first(n)}T00:00:00Z`)) }));
    return html`<x-field name="month" label=${t("usage.month")} .options=${options} .value=${this.value} @change=${this.choose}></x-field>`;
  }
}
customElements.define("x-month", XMonth);
