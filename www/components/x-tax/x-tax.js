/** `<x-tax>`: what the own house takes as tax from a day on, for one offering or for all.  Says `taxed`. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { post } from "../../lib/api.js";
import { Form } from "../../lib/form.js";
import { t, word } from "../../lib/i18n.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

const CATEGORIES = ["S", "Z", "E", "AE"];

class XTax extends Form {
  static properties = {
    /** what can be named: {id, name} */
    offerings: { attribute: false },
    category: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { offerings: [], category: CATEGORIES[0] });
  }

  submit(event) {
    const body = { starts: this.value("starts"), category: this.category, rate: this.category === "S" ? this.value("rate") : "0" };
    if (this.value("offering")) body.offering = this.value("offering");
    return this.send(event, async () => {
      await post("tax-rules", body);
      announce(t("tax_rule.made"), true);
      this.dispatchEvent(new CustomEvent("taxed", { bubbles: true }));
    }, (error) => word("catalogue_fault", error.code));
  }

  render() {
    const offerings = [{ value: "", label: t("tax_rule.all") }, ...this.offerings.map(({ id, name }) => ({ value: id, label: name }))];
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      <x-field name="offering" label=${t("field.offering")} .options=${offerings} value="" .error=${this.errors.offering ?? ""}></x-field>
      <x-field name="starts" type="date" label=${t("field.starts")} required .error=${this.errors.starts ?? ""}></x-field>
      <x-field name="category" label=${t("field.tax_category")} .options=${CATEGORIES.map((value) => ({ value, label: word("tax_category", value) }))} .value=${this.category} .error=${this.errors.category ?? ""}
        @change=${(event) => (this.category = event.target.value)}></x-field>
      ${this.category === "S" ? html`<x-field name="rate" label=${t("field.tax_rate")} maxlength="6" autocomplete="off" required hint=${t("tax_rule.per_cent")} .error=${this.errors.rate ?? ""}></x-field>` : nothing}
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("tax_rule.make")}</button>
    </form>`;
  }
}
customElements.define("x-tax", XTax);
