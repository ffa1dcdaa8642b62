/**
 * `<x-agree>`: a new agreement with a reseller, or for all accounts that have none of their own, from a day on.  Says
 * before anything is sent that the one before it ends then.  Says `agreed`.
 */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { all, post } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { date } from "../../lib/format.js";
import { t, word } from "../../lib/i18n.js";
import { may, state, tenants } from "../../lib/state.js";
import "../x-agents/x-agents.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

/** What can be chosen, the usual first, and its words. */
const CODES = {
  legal_model: { codes: ["resale", "agency"], named: (code) => word("legal_model", code) },
  document_mode: { codes: ["none", "on_behalf"], named: (code) => word("document_mode", code) },
  collector: { codes: ["seller", "root"], named: (code) => word("collector", code) },
  floor_action: { codes: ["warn", "allow", "deny"], named: (code) => word("floor_action", code) },
  visibility: { codes: ["none", "quantity", "price"], named: (code) => word("visibility", code) },
};

class XAgree extends Element {
  static properties = { buyers: { state: true }, houses: { state: true }, agency: { state: true }, faults: { state: true }, lists: { state: true }, starts: { state: true }, problem: { state: true }, errors: { state: true }, busy: { state: true } };

  constructor() {
    super();
    Object.assign(this, { errors: {}, faults: {}, starts: "", houses: [] });
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.problem = null;
    try {
      const own = state.session.tenant.id, wide = state.portal === "admin";
      const [channel, lists] = await Promise.all([may("tenant.read") ? tenants() : { data: [] }, may("price_list.read") ? all("price-lists", wide ? { tenant: own } : {}) : { data: [] }]);
      this.lists = lists.data;
      this.houses = channel.data.filter((one) => one.id !== own && one.state !== "closed");
      this.buyers = channel.data.filter((one) => one.id !== own && (wide ? one.parent === own : one.level === undefined || one.level === Math.min(...channel.data.filter((other) => other.id !== own).map((other) => other.level))));
    } catch (problem) {
      this.problem = problem;
    }
  }

  value(name) {
    return this.querySelector(`x-field[name="${name}"]`)?.value.trim() ?? "";
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const names = ["starts", "currency", "buyer", "list", "self_billing_until", ...Object.keys(CODES)];
    const body = Object.fromEntries(names.map((name) => [name, this.value(name)]).filter(([, value]) => value));
    if (body.currency) body.currency = body.currency.toUpperCase();
    if (this.agency && this.querySelector("x-agents")?.value.length) body.agents = this.querySelector("x-agents").value;
    Object.assign(this, { busy: true, problem: null, errors: {}, faults: {} });
    try {
      await post("agreements", body);
      announce(t("agreement.made"), true);
      this.dispatchEvent(new CustomEvent("agreed", { bubbles: true }));
    } catch (problem) {
      for (const { pointer, code } of problem.errors ?? []) {
        const [, member, n] = pointer.split("/"), text = word("agreement_fault", code);
        if (member === "agents") this.faults = { ...this.faults, [n ?? 0]: text };
        else this.errors = { ...this.errors, [member]: text };
      }
      if (problem.status !== 422) this.problem = problem;
      await this.updateComplete;
      this.querySelector("[aria-invalid=true]")?.focus();
    }
    this.busy = false;
  }

  choice(name, options, hint) {
    return html`<x-field name=${name} label=${word("field", name)} .options=${options} .value=${options[0].value} .hint=${hint} .error=${this.errors[name] ?? ""}></x-field>`;
  }

  render() {
    if (!this.buyers) return html`<div class="card pad">${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : html`<span class="bone"></span>`}</div>`;
    const named = (list) => list.map(({ id, name }) => ({ value: id, label: name }));
    return html`<form class="card pad stack" novalidate @submit=${this.submit} @change=${() => (this.agency = this.value("legal_model") === "agency")} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      ${this.choice("buyer", [{ value: "", label: t("agreement.all_others") }, ...named(this.buyers)])}
      <x-field name="starts" type="date" label=${t("field.starts")} .value=${this.starts} required .error=${this.errors.starts ?? ""} @input=${(event) => (this.starts = event.target.value)}></x-field>
      <x-field name="currency" label=${t("field.currency")} maxlength="3" autocomplete="off" hint=${t("price.currency_hint")} required .error=${this.errors.currency ?? ""}></x-field>
      ${this.choice("list", [{ value: "", label: t("agreement.default_list") }, ...named(this.lists)])}
      ${Object.entries(CODES).map(([name, { codes, named: label }]) => this.choice(name, codes.map((value) => ({ value, label: label(value) }))))}
      ${this.agency ? html`<x-field name="self_billing_until" type="date" label=${t("field.self_billing_until")} .hint=${t("agreement.self_billing_hint")} .error=${this.errors.self_billing_until ?? ""}></x-field>
        <x-agents editable .tenants=${this.houses} .errors=${this.faults}></x-agents>` : nothing}
      <p class="muted small">${this.starts ? t("agreement.ends_then", { day: date(this.starts) }) : t("agreement.ends_on")}</p>
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("agreement.make")}</button>
    </form>`;
  }
}
customElements.define("x-agree", XAgree);
