/**
 * `<x-price>`: a new list price of an offering from a day on.  Says before anything is sent which day is the first that can
 * be.  Says `priced`.
 */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { post } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { date } from "../../lib/format.js";
import { t, word } from "../../lib/i18n.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";
import "../x-tiers/x-tiers.js";

const MODELS = ["per_unit", "flat", "package", "graduated", "volume"];

class XPrice extends Element {
  static properties = {
    /** with id, kind and currency */
    offering: { attribute: false },
    /** the first day that it can begin on; null: any */
    first: {},
    model: { state: true },
    problem: { state: true },
    errors: { state: true },
    tiers: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { errors: {}, tiers: {}, model: MODELS[0] });
  }

  value(name) {
    return this.querySelector(`x-field[name="${name}"]`)?.value.trim() ?? "";
  }

  /** What is wrong stands at its field or its tier. */
  show(problem) {
    for (const { pointer, code } of problem.errors ?? []) {
      const [, member, n] = pointer.split("/"), text = word("catalogue_fault", code);
      if (member === "tiers") this.tiers = { ...this.tiers, [n ?? 0]: text };
      else this.errors = { ...this.errors, [member]: text };
    }
    if (problem.status !== 422) this.problem = problem;
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const body = { currency: this.offering.currency, model: this.model, tiers: this.querySelector("x-tiers").value };
    for (const name of ["starts", "size", "included"]) if (this.value(name)) body[name] = this.value(name);
    Object.assign(this, { busy: true, problem: null, errors: {}, tiers: {} });
    try {
      await post(`offerings/${encodeURIComponent(this.offering.id)}/prices`, body);
      announce(t("catalogue.price_set"), true);
      this.querySelector("x-tiers").clear();
      this.dispatchEvent(new CustomEvent("priced", { bubbles: true }));
    } catch (problem) {
      this.show(problem);
      await this.updateComplete;
      await this.querySelector("x-tiers").updateComplete;
      this.querySelector("[aria-invalid=true]:is(input, select)")?.focus();
    }
    this.busy = false;
  }

  number(name, label) {
    return html`<x-field name=${name} label=${label} maxlength="19" autocomplete="off" .error=${this.errors[name] ?? ""}></x-field>`;
  }

  render() {
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      <x-field name="starts" type="date" label=${t("field.starts")} required .hint=${this.first ? t("catalogue.first_day", { day: date(this.first) }) : ""} .error=${this.errors.starts ?? ""}></x-field>
      <x-field name="model" label=${t("field.model")} .options=${MODELS.map((value) => ({ value, label: word("price_model", value) }))} .value=${this.model} .error=${this.errors.model ?? ""}
        @change=${(event) => (this.model = event.target.value)}></x-field>
      ${this.model === "package" ? this.number("size", t("catalogue.size")) : nothing}
      ${this.offering.kind === "usage" ? this.number("included", t("catalogue.included")) : nothing}
      <x-tiers ?single=${this.model === "per_unit"} .errors=${this.tiers}></x-tiers>
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("catalogue.set_price")}</button>
    </form>`;
  }
}
customElements.define("x-price", XPrice);
