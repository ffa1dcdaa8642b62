/** What is taken as tax from each day on, and a new one; a section of prices. */
import "../components/x-list/x-list.js";
import "../components/x-problem/x-problem.js";
import "../components/x-tax/x-tax.js";
import { html, nothing } from "../vendor/lit.js";
import { all } from "../lib/api.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { priceTabs } from "../lib/prices.js";
import { may, state } from "../lib/state.js";

class PageTaxes extends Page {
  static properties = { offerings: { state: true }, ready: { state: true }, problem: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  /** A rule names its offering by the id alone. */
  async load() {
    this.problem = null;
    try {
      this.offerings = may("offering.read") ? (await all("offerings")).data : [];
    } catch (problem) {
      this.problem = problem;
    }
  }

  list() {
    const wide = state.portal === "admin", names = new Map(this.offerings.map(({ id, name }) => [id, name]));
    return html`<x-list path="tax-rules" exports="tax_rule.export" .caption=${t("tax_rule.title")} order="-starts" .turn=${this.turn} @loaded=${() => (this.ready = true)}
        .columns=${columns("tax_rule", ["offering", ...(wide ? ["tenant_name"] : []), "starts", "category", "rate"], names)} .filters=${wide ? filters("tax_rule", "tenant") : []}
        .empty=${{ heading: t("tax_rule.empty"), text: may("tax_rule.create") ? t("tax_rule.empty_text") : undefined }}></x-list>
      ${this.ready && may("tax_rule.create") && !state.session.viewing ? html`<section class="section"><h2>${t("tax_rule.new")}</h2><x-tax .offerings=${this.offerings} @taxed=${() => this.querySelector("x-list").load()}></x-tax></section>` : nothing}`;
  }

  render() {
    return html`<div class="page">
      ${this.head(t("page.prices"), t("tax_rule.lead"))}
      ${priceTabs("taxes")}
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      ${this.offerings ? this.list() : nothing}
    </div>`;
  }
}
customElements.define("page-taxes", PageTaxes);
