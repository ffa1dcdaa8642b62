/** `<x-allowance>`: how much of what is included was used, as a bar and in words: a bar alone says it to nobody who cannot see it. */
import { html, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { decimal, perCent } from "../../lib/format.js";
import { t, word } from "../../lib/i18n.js";

class XAllowance extends Element {
  static properties = {
    /** an alert as the API has it */
    alert: { attribute: false },
  };

  render() {
    const { percent, quantity, included, unit } = this.alert;
    const words = included === undefined || quantity === undefined ? "" : t("alert.used", { used: decimal(quantity), included: decimal(included), unit: unit ? word("unit", unit) : "" });
    if (percent === undefined || percent === null) return html`<span>${words}</span>`;
    const part = perCent(String(percent));
    return html`<span class="x-allowance-words"><strong class="figures">${part}</strong> ${words}</span>
      <progress max="100" .value=${Math.min(percent, 100)} aria-label=${t("alert.bar")} aria-valuetext=${words ? `${part}, ${words}` : part} ?data-full=${percent >= 100}></progress>`;
  }
}
customElements.define("x-allowance", XAllowance);
