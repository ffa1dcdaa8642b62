/** The price lists, and a new one. */
import "../components/x-field/x-field.js";
import "../components/x-list/x-list.js";
import "../components/x-problem/x-problem.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { post } from "../lib/api.js";
import { columns, filters } from "../lib/columns.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { priceTabs } from "../lib/prices.js";
import { go, href } from "../lib/router.js";
import { may, state } from "../lib/state.js";

class PagePrices extends Page {
  static properties = { ready: { state: true }, problem: { state: true }, errors: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.errors = {};
  }

  async make(event) {
    event.preventDefault();
    if (this.busy) return;
    const typed = (name) => this.querySelector(`form x-field[name="${name}"]`).value.trim();
    Object.assign(this, { busy: true, problem: null, errors: {} });
    try {
      const { body } = await post("price-lists", { name: typed("name"), code: typed("code"), currency: typed("currency").toUpperCase() });
      announce(t("price.made"), true);
      go(href("prices", body.id));
    } catch (problem) {
      this.errors = Object.fromEntries(problem.errors.map((e) => [e.pointer.slice(1), word("price_fault", e.code)]));
      if (problem.status !== 422) this.problem = problem;
      await this.updateComplete;
      this.querySelector("[aria-invalid=true]")?.focus();
    }
    this.busy = false;
  }

  form() {
    const field = (name, maxlength, hint) => html`<x-field name=${name} label=${word("field", name)} maxlength=${maxlength} autocomplete="off" required .hint=${hint} .error=${this.errors[name] ?? ""}></x-field>`;
    return html`<section class="section"><h2>${t("price.new")}</h2>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      <form class="card pad stack" novalidate @submit=${this.make} aria-busy=${this.busy ? "true" : "false"}>
        ${field("name", 100)}${field("code", 40, t("price.code_hint"))}${field("currency", 3, t("price.currency_hint"))}
        <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("price.make")}</button>
      </form></section>`;
  }

  render() {
    const wide = state.portal === "admin";
    return html`<div class="page">
      ${this.head(t("page.prices"), t("price.lead"))}
      ${priceTabs("lists")}
      <x-list path="price-lists" .caption=${t("page.prices")} order="name" .turn=${this.turn} @loaded=${() => (this.ready = true)}
        .columns=${columns("price_list", ["name", ...(wide ? ["tenant_name"] : []), "currency", "starts", "draft"])} .filters=${wide ? filters("price_list", "tenant") : []}
        .empty=${{ heading: t("price.empty"), text: may("price_list.create") ? t("price.empty_text") : undefined }}></x-list>
      ${this.ready && may("price_list.create") && !state.session.viewing ? this.form() : nothing}
    </div>`;
  }
}
customElements.define("page-prices", PagePrices);
