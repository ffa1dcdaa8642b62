/** Agreements: how the house sells, how it buys, and a new one that takes the place of the one before. */
import "../components/x-agree/x-agree.js";
import "../components/x-lapse/x-lapse.js";
import "../components/x-list/x-list.js";
import "../components/x-tabs/x-tabs.js";
import { html, nothing } from "../vendor/lit.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, state } from "../lib/state.js";

const SECTIONS = {
  sold: { action: "agreement.read", path: "agreements", resource: "agreement", label: () => t("agreement.sold"), columns: ["buyer", "starts", "ends", "legal_model", "document_mode", "collector", "list_name", "state"], empty: () => ({ heading: t("agreement.empty"), text: may("agreement.create") ? t("agreement.empty_text") : undefined }) },
  bought: { action: "purchase.read", path: "purchases", resource: "purchase", label: () => t("agreement.bought"), columns: ["seller_name", "starts", "ends", "legal_model", "document_mode", "collector", "state"], empty: () => ({ heading: t("agreement.none_bought"), text: t("agreement.none_bought_text") }) },
};

class PageAgreements extends Page {
  static properties = { section: {}, ready: { state: true } };

  willUpdate(changed) {
    if (changed.has("section")) this.ready = false;
  }

  form() {
    if (this.section !== "sold" || !this.ready || !may("agreement.create") || state.session.viewing) return nothing;
    return html`<section class="section"><h2>${t("agreement.new")}</h2><x-agree @agreed=${() => this.querySelector("x-list").load()}></x-agree></section>`;
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
      ${section ? html`<x-list path=${section.path} .caption=${section.label()} order="-starts" .turn=${this.turn} @loaded=${() => (this.ready = true)}
        .columns=${columns(section.resource, section.columns)} .filters=${wide ? filters(section.resource, "tenant") : []} .empty=${section.empty()}></x-list>` : html`<page-missing></page-missing>`}
      ${this.form()}
    </div>`;
  }
}
customElements.define("page-agreements", PageAgreements);
