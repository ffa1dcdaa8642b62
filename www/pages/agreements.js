/** Agreements: how the house sells, how it buys, and a new one that takes the place of the one before. */
import "../components/x-agree/x-agree.js";
import "../components/x-lapse/x-lapse.js";
import "../components/x-list/x-list.js";
import "../components/x-minimum/x-minimum.js";
import "../components/x-tabs/x-tabs.js";
import { html, nothing } from "../vendor/lit.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, state } from "../lib/state.js";

const SECTIONS = {
  sold: { action: "agreement.read", path: "agreements", resource: "agreement", label: () => t("agreement.sold"), columns: ["buyer", "starts", "legal_model", "document_mode", "collector", "list_name", "state"], empty: () => ({ heading: t("agreement.empty"), text: may("agreement.create") ? t("agreement.empty_text") : undefined }) },
  bought: { action: "purchase.read", path: "purchases", resource: "purchase", label: () => t("agreement.bought"), columns: ["seller_name", "starts", "legal_model", "document_mode", "collector", "state"], empty: () => ({ heading: t("agreement.none_bought"), text: t("agreement.none_bought_text") }) },
  minimums: { action: "minimum.read", path: "minimums", resource: "minimum", label: () => t("minimum.title"), columns: ["account", "tenant_name", "starts", "ends", "state", "amount"], empty: () => ({ heading: t("minimum.empty"), text: may("minimum.create") ? t("minimum.empty_text") : undefined }) },
};

class PageAgreements extends Page {
  static properties = { section: {}, ready: { state: true }, ending: { state: true } };

  willUpdate(changed) {
    if (changed.has("section")) Object.assign(this, { ready: false, ending: null });
  }

  form() {
    if (this.section !== "sold" || !this.ready || !may("agreement.create") || state.session.viewing) return nothing;
    return html`<section class="section"><h2>${t("agreement.new")}</h2><x-agree @agreed=${() => this.querySelector("x-list").load()}></x-agree></section>`;
  }

  /** Of an agreement or an account: each of the own house that goes on can be ended here, and one of an agreement set. */
  minimum() {
    if (this.section !== "minimums" || !this.ready) return nothing;
    const lead = html`<p class="note">${t("minimum.lead")}</p>`;
    if (this.ending)
      return html`<section class="section"><h2>${t("minimum.end_heading")}</h2><x-minimum .minimum=${this.ending} @changed=${() => this.changed()} @cancel=${() => this.changed()}></x-minimum></section>`;
    if (!may("minimum.create") || !may("agreement.read") || state.session.viewing) return lead;
    return html`${lead}<section class="section"><h2>${t("minimum.new")}</h2><x-minimum @changed=${() => this.changed()}></x-minimum></section>`;
  }

  async changed() {
    this.ending = null;
    const list = this.querySelector("x-list");
    await list.load();
    list.focus();
  }

  async toEnd(row) {
    this.ending = row;
    await this.updateComplete;
    this.querySelector("x-minimum x-field")?.focus();
  }

  shown(section) {
    const all = columns(section.resource, section.columns.filter((name) => name !== "tenant_name" || state.portal === "admin"));
    if (section.resource !== "minimum" || !may("minimum.end") || state.session.viewing) return all;
    return [...all, { name: "end", label: t("minimum.end"), place: "action", bare: true, cell: (row) => (row.state === "ended" || row.tenant !== state.session.tenant.id ? nothing
      : html`<button type="button" class="button" aria-label=${t("minimum.end_one", { of: row.account_number ?? row.buyer_name ?? row.customer_name ?? t("agreement.all_others") })} @click=${() => this.toEnd(row)}>${t("minimum.end")}</button>`) }];
  }

  render() {
    const wide = state.portal === "admin";
    const known = Object.entries(SECTIONS).filter(([name, section]) => may(section.action) && !(wide && name === "bought"));
    const tabs = known.map(([name, { label }]) => ({ href: name === "sold" ? href("agreements") : href("agreements", name), label: label(), current: name === this.section }));
    const section = known.find(([name]) => name === this.section)?.[1];
    return html`<div class="page">
      ${this.head(t("page.agreements"), t("agreement.lead"))}
      <x-lapse></x-lapse>
      ${known.length > 1 ? html`<x-tabs label=${t("agreement.sections")} .tabs=${tabs}></x-tabs>` : nothing}
      ${section ? html`<x-list path=${section.path} .caption=${section.label()} order="-starts" tabindex="-1" exports=${section.resource === "minimum" ? "minimum.export" : nothing} .turn=${this.turn} @loaded=${() => (this.ready = true)}
        .columns=${this.shown(section)} .filters=${wide ? filters(section.resource, "tenant") : []} .empty=${section.empty()}></x-list>` : html`<page-missing></page-missing>`}
      ${this.form()}
      ${this.minimum()}
    </div>`;
  }
}
customElements.define("page-agreements", PageAgreements);
