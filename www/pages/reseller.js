/** One reseller: who it is, who buys from it, its customers, bills, payments and brand. */
import "../components/x-chip/x-chip.js";
import "../components/x-facts/x-facts.js";
import "../components/x-lapse/x-lapse.js";
import "../components/x-limit/x-limit.js";
import "../components/x-list/x-list.js";
import "../components/x-preview/x-preview.js";
import "../components/x-problem/x-problem.js";
import "../components/x-shares/x-shares.js";
import "../components/x-tabs/x-tabs.js";
import "../components/x-tax-id/x-tax-id.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { get, list, post } from "../lib/api.js";
import { columns, filters } from "../lib/columns.js";
import { country, languageName } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, reads, shows, state, tenants, writes } from "../lib/state.js";
import { title } from "../lib/title.js";

/** `inner`: only the reseller itself and the provider see it. */
const SECTIONS = {
  overview: { action: "tenant.read", label: () => t("customer.overview") },
  customers: { action: "customer.read", label: () => t("page.customers"), path: "customers", order: "name", resource: "customer", filters: ["customer"], columns: ["name", "number", "segment_name", "kind", "city", "state"] },
  bills: { action: "document.read", inner: true, label: () => t("page.bills"), path: "documents", order: "-issue_date", resource: "document", filters: ["number", "state", "kind"], columns: ["number", "customer_name", "issue_date", "due_date", "state", "gross", "id"] },
  payments: { action: "payment.read", inner: true, label: () => t("page.payments"), path: "payments", order: "-received", resource: "payment", columns: ["received", "customer_name", "method", "document_number", "amount"] },
  users: { action: "user.read", inner: true, label: () => t("customer.users"), path: "users", order: "name", resource: "user", columns: ["name", "email", "customer_name", "role", "state"] },
  brand: { action: "brand.read", inner: true, label: () => t("reseller.brand") },
  products: { action: "tenant.share", label: () => t("reseller.products") },
  ceiling: { action: "tenant.limit", label: () => t("reseller.ceiling") },
};

class PageReseller extends Page {
  static properties = {
    tenant: {},
    section: {},
    data: { state: true },
    buying: { state: true },
    brand: { state: true },
    problem: { state: true },
    refused: { state: true },
    busy: { state: true },
  };

  willUpdate(changed) {
    if (changed.has("tenant")) this.load();
  }

  async load() {
    Object.assign(this, { problem: null, refused: null, data: null, buying: null, brand: undefined });
    try {
      this.data = (await get(`tenants/${encodeURIComponent(this.tenant)}`)).body;
      title(this.data.name);
      const { data } = await tenants();
      this.buying = data.filter((other) => other.parent === this.tenant);
      /* Of all that the reader sees those right below are one level down; not everybody reads who buys from whom. */
      this.near = this.data.level === data.find((other) => other.id === state.session.tenant.id)?.level + 1;
      if (this.open("brand")) this.brand = (await list("brands", { tenant: this.tenant, limit: 1 })).data[0] ?? null;
    } catch (problem) {
      this.problem = problem;
    }
  }

  facts() {
    const d = this.data;
    return d && [
      [t("field.legal_name"), d.legal_name],
      [t("field.kind"), word("tenant_kind", d.kind)],
      [t("field.parent"), d.parent && html`<a href=${href("resellers", d.parent)}>${d.parent_name}</a>`],
      [t("field.country"), country(d.country)],
      [t("field.tax_id"), d.tax_id && html`<bdi>${d.tax_id}</bdi>`],
      [t("field.tax_id_until"), d.tax_id_until && html`<x-date day=${d.tax_id_until}></x-date>`],
      [t("field.currency"), d.currency],
      [t("field.language"), languageName(d.language)],
      [t("field.host"), d.host && html`<bdi>${d.host}</bdi>`],
    ];
  }

  buyers() {
    if (!this.buying) return html`<div class="card pad"><x-facts lines="4"></x-facts></div>`;
    if (this.buying.length === 0) return html`<div class="card"><x-empty .heading=${t("reseller.no_children")} .text=${t("reseller.no_children_text")}></x-empty></div>`;
    return html`<div class="card x-list-card"><x-table .caption=${t("reseller.children")} .rows=${this.buying} .columns=${columns("tenant", ["name", "kind", "country", "state"]).map((c) => ({ ...c, sort: undefined }))}></x-table></div>`;
  }

  /** Its end, which another person has to agree to, and its return. */
  async change(name, said) {
    if (this.busy || !confirm(t(name === "close" ? "reseller.close_sure" : "reseller.reopen_sure", { name: this.data.name }))) return;
    Object.assign(this, { refused: null, busy: true });
    try {
      await post(`tenants/${encodeURIComponent(this.tenant)}/${name}`);
      await tenants(true);
      await this.load();
      if (said) announce(said, true);
    } catch (problem) {
      this.refused = problem;
    }
    this.busy = false;
  }

  end() {
    const name = this.data?.state === "closed" ? "reopen" : "close";
    if (!this.data || this.data.kind === "provider" || this.tenant === state.session.tenant.id || !may(`tenant.${name}`)) return nothing;
    return html`<section class="section"><h2>${t("reseller.end")}</h2><div class="card pad stack">
      ${this.refused ? html`<x-problem .problem=${this.refused}></x-problem>` : nothing}
      <p>${name === "close" ? t("reseller.close_about") : t("reseller.reopen_about")}</p>
      <button type="button" class="button" aria-disabled=${this.busy ? "true" : "false"} @click=${() => this.change(name, name === "reopen" ? t("reseller.reopened", { name: this.data.name }) : "")}>
        ${name === "close" ? t("reseller.close") : t("reseller.reopen")}</button>
    </div></section>`;
  }

  /** Its tax id, where who looks says it. */
  taxed() {
    if (!may("tenant.edit") || !writes("tenant", "tax_id") || !writes("tenant", "tax_id_until") || state.session.viewing) return nothing;
    return html`<section class="section"><h2>${t("tax_id.heading")}</h2><x-tax-id tenant=${this.tenant} @said=${() => this.load()}></x-tax-id></section>`;
  }

  /** The way to a plan that lets it go to another parent. */
  leave() {
    const d = this.data;
    if (!d || d.kind === "provider" || this.tenant === state.session.tenant.id || !may("move.create") || !shows("moves")) return nothing;
    return html`<section class="section"><h2>${t("page.moves")}</h2><div class="card pad stack">
      <p>${t("reseller.move_about")}</p>
      <div><a class="button" href="${href("moves")}?of=${encodeURIComponent(this.tenant)}">${t("move.new")}</a></div>
    </div></section>`;
  }

  overview() {
    return html`${this.data ? html`<x-lapse .of=${this.data}></x-lapse>` : nothing}<div class="split">
      <section class="section"><h2>${t("reseller.company")}</h2><div class="card pad"><x-facts .facts=${this.facts()} lines="8"></x-facts></div></section>
      ${reads("tenant", "parent") ? html`<section class="section"><h2>${t("reseller.children")}</h2>${this.buyers()}</section>` : nothing}
      ${this.taxed()} ${this.leave()} ${this.end()}
    </div>`;
  }

  list(section) {
    return html`<h2 class="hush">${section.label()}</h2><x-list path=${section.path} exports="${section.resource}.export" .caption=${section.label()} .order=${section.order} .turn=${this.turn} .fixed=${{ tenant: this.tenant }}
      .columns=${columns(section.resource, section.columns)} .filters=${section.filters ? filters(section.resource, ...section.filters) : []}
      .empty=${{ heading: t("customer.empty"), text: t("reseller.empty_text") }}></x-list>`;
  }

  /** What is said of it by who is above it; itself it says none of this. */
  said(current) {
    const own = this.tenant === state.session.tenant.id;
    const label = html`<h2 class="hush">${SECTIONS[current].label()}</h2>`;
    if (current === "products") return html`${label}<x-shares tenant=${this.tenant} ?fixed=${own}></x-shares>`;
    return html`${label}${this.buying ? html`<x-limit tenant=${this.tenant} ?fixed=${!this.near}></x-limit>` : nothing}`;
  }

  /** May the reader see that section?  What a reseller below sells is its own affair; the provider sees it all. */
  open(name) {
    if (name === "products" && !may("product.read")) return false;
    return may(SECTIONS[name].action) && (state.portal === "admin" || !SECTIONS[name].inner || this.tenant === state.session.tenant.id);
  }

  content(current) {
    if (current === "overview") return this.overview();
    if (current === "products" || current === "ceiling") return this.said(current);
    if (current !== "brand") return this.list(SECTIONS[current]);
    if (this.brand === null) return html`<div class="card"><x-empty .heading=${t("brands.none")} .text=${t("brands.none_text")}></x-empty></div>`;
    return html`<h2 class="hush">${t("reseller.brand")}</h2>${this.brand ? html`<x-preview .brand=${this.brand}></x-preview>` : nothing}`;
  }

  render() {
    if (this.problem) return html`<div class="page">${this.head(t("page.resellers"))}<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem></div>`;
    const current = SECTIONS[this.section] && this.open(this.section) ? this.section : "overview";
    const tabs = Object.entries(SECTIONS)
      .filter(([name]) => this.open(name))
      .map(([name, s]) => ({ label: s.label(), current: name === current, href: name === "overview" ? href("resellers", this.tenant) : href("resellers", this.tenant, name) }));
    const back = html`<a class="up" href=${href("resellers")}>${icon("back", "along")}${t("page.resellers")}</a>`;
    return html`<div class="page">
      <div>${back}${this.head(this.data?.name ?? html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`, nothing, this.data ? html`<x-chip state=${this.data.state}></x-chip>` : nothing)}</div>
      <x-tabs label=${t("reseller.sections")} .tabs=${tabs}></x-tabs>
      ${this.content(current)}
    </div>`;
  }
}
customElements.define("page-reseller", PageReseller);
