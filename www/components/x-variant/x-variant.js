/** `<x-variant>`: as which other offering usage counts from a day on, by what its events say of themselves.  Says `varied`. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { post } from "../../lib/api.js";
import { Form } from "../../lib/form.js";
import { t, word } from "../../lib/i18n.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

const SAID = ["class", "time_of_day", "zone"];

class XVariant extends Form {
  static properties = {
    /** whose usage it is */
    offering: { attribute: false },
    /** what it can count as: {id, name}; the offering itself, which ends it, is one of them */
    offerings: { attribute: false },
  };

  constructor() {
    super();
    this.offerings = [];
  }

  submit(event) {
    const body = {};
    for (const field of this.querySelectorAll("x-field")) if (field.value.trim()) body[field.name] = field.value.trim();
    return this.send(event, async () => {
      await post(`offerings/${encodeURIComponent(this.offering.id)}/variants`, body);
      announce(t("variant.made"), true);
      this.dispatchEvent(new CustomEvent("varied", { bubbles: true }));
    }, (error) => word("variant_fault", error.code));
  }

  render() {
    const offerings = this.offerings.map(({ id, name }) => ({ value: id, label: id === this.offering.id ? t("variant.itself", { name }) : name }));
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      <p class="muted small">${t("variant.text")}</p>
      ${SAID.map((name) => html`<x-field name=${name} label=${t(`field.${name}`)} maxlength="20" autocomplete="off" .error=${this.errors[name] ?? ""}></x-field>`)}
      <x-field name="starts" type="date" label=${t("field.starts")} required .error=${this.errors.starts ?? ""}></x-field>
      <x-field name="counts_as" label=${t("variant.counts_as")} .options=${offerings} .value=${offerings[0]?.value ?? ""} .error=${this.errors.counts_as ?? ""}></x-field>
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("variant.make")}</button>
    </form>`;
  }
}
customElements.define("x-variant", XVariant);
