/** One customer: who it is, its bills, payments, subscriptions, accounts and users. */
import "../components/x-chip/x-chip.js";
import "../components/x-classify/x-classify.js";
import "../components/x-discount/x-discount.js";
import "../components/x-facts/x-facts.js";
import "../components/x-list/x-list.js";
import "../components/x-minimum/x-minimum.js";
import "../components/x-problem/x-problem.js";
import "../components/x-refund/x-refund.js";
import "../components/x-stat/x-stat.js";
import "../components/x-subscribe/x-subscribe.js";
import "../components/x-tabs/x-tabs.js";
import { html, nothing } from "../vendor/lit.js";
import { all, get } from "../lib/api.js";
import { columns, filters, sum } from "../lib/columns.js";
import { country, languageName } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { go, href } from "../lib/router.js";
import { may, shows, state } from "../lib/state.js";
import { title } from "../lib/title.js";
import { due } from "./bills.js";

/** The sections, each with the action that it needs and the list that it shows. */
const SECTIONS = {
  overview: { action: "customer.read", label: () => t("customer.overview") },
  bills: { action: "document.read", label: () => t("page.bills"), path: "documents", order: "-issue_date", resource: "document", filters: ["state", "kind"], columns: ["number", "issue_date", "due_date", "state", "gross", "id"] },
  payments: { action: "payment.read", label: () => t("page.payments"), path: "payments", order: "-received", resource: "payment", columns: ["received", "method", "reference", "document_number", "amount"] },
  subscriptions: { action: "subscription.read", label: () => t("page.subscriptions"), path: "subscriptions", order: "-starts", resource: "subscription", columns: ["offering_name", "quantity", "starts", "ends", "state", "unit_price"] },
  accounts: { action: "account.read", label: () => t("customer.accounts"), path: "accounts", order: "number", resource: "account", columns: ["number", "currency", "cycle_day", "terms_days", "method", "state"] },
  discounts: { action: "discount.read", label: () => t("discount.title"), path: "discounts", order: "-starts", resource: "discount", columns: ["offering_name", "percent", "starts", "ends", "state"],
    empty: () => ({ heading: t("discount.empty"), text: may("discount.create") ? t("discount.empty_text") : undefined }) },
  minimums: { action: "minimum.read", label: () => t("minimum.title"), path: "minimums", order: "-starts", resource: "minimum", columns: ["account", "starts", "ends", "state", "amount"],
    empty: () => ({ heading: t("minimum.empty"), text: may("minimum.create") ? t("minimum.empty_text") : undefined }) },
  openings: { action: "opening.read", label: () => t("customer.openings"), path: "openings", order: "-at", resource: "opening", filters: ["opened"], columns: ["house", "kind", "did", "at"], empty: () => ({ heading: t("openings.empty"), text: t("openings.empty_of") }) },
  users: { action: "user.read", label: () => t("customer.users"), path: "users", order: "name", resource: "user", columns: ["name", "email", "role", "language", "state"] },
};

const mail = (address) => address && html`<a href="mailto:${address}"><bdi>${address}</bdi></a>`;

class PageCustomer extends Page {
  static properties = {
    customer: {},
    section: {},
    data: { state: true },
    open: { state: true },
    editing: { state: true },
    ordering: { state: true },
    ending: { state: true },
    problem: { state: true },
  };

  willUpdate(changed) {
    if (changed.has("section")) this.ending = null;
    if (changed.has("customer")) this.load();
  }

  async load() {
    this.problem = null;
    this.data = null;
    this.open = undefined;
    this.editing = false;
    this.ordering = false;
    this.ending = null;
    try {
      await this.read();
      title(this.data.name);
    } catch (problem) {
      this.problem = problem;
      return;
    }
    if (!this.ours("document.read")) return;
    const unpaid = await Promise.allSettled(["open", "overdue"].map((s) => all("documents", { customer: this.customer, state: s })));
    this.open = unpaid.map((part) => (part.status === "fulfilled" && !part.value.next ? due(part.value.data) : null));
  }

  async read() {
    const { body, etag } = await get(`customers/${encodeURIComponent(this.customer)}`);
    this.etag = etag;
    this.data = body;
  }

  /** The end of a change: the customer as it is now, without a jump; the keyboard is where it was. */
  async changed({ again = true, editing = false } = {}) {
    try {
      if (again) await this.read();
    } catch (problem) {
      this.problem = problem;
      return;
    }
    this.editing = editing;
    await this.updateComplete;
    this.querySelector(editing ? "x-classify x-field" : ".section-head button")?.focus();
  }

  /** A customer of a reseller below is known by name, but what it buys is that reseller's own affair. */
  foreign() {
    return state.portal === "reseller" && Boolean(this.data?.tenant) && this.data.tenant !== state.session.tenant.id;
  }

  ours(action) {
    return may(action) && !this.foreign();
  }

  who() {
    const c = this.data;
    return c && [
      [t("field.email"), mail(c.email)],
      [t("field.phone"), c.phone && html`<bdi>${c.phone}</bdi>`],
      [t("field.address"), c.street && html`${c.street}<br />${c.postcode} ${c.city}<br />${country(c.country)}`],
      [t("field.tax_id"), c.tax_id && html`<bdi>${c.tax_id}</bdi>`],
      [t("field.language"), languageName(c.language)],
    ];
  }

  business() {
    const c = this.data;
    return c && [
      [t("field.number"), html`<bdi class="figures">${c.number}</bdi>`],
      [t("field.kind"), word("customer_kind", c.kind)],
      [t("field.segment"), c.segment && shows("segments") ? html`<a href=${href("segments", c.segment)}>${c.segment_name}</a>` : c.segment_name],
      [t("field.tags"), c.tags?.join(", ")],
      [t("field.agent"), c.agent_name],
      [t("field.tenant"), c.tenant_name],
      [t("field.since"), c.since && html`<x-date day=${c.since}></x-date>`],
    ];
  }

  /** The way to a plan that lets it go to another reseller. */
  leave() {
    if (this.data?.state !== "active" || !may("transfer.create") || !shows("transfers") || state.session.viewing) return nothing;
    return html`<div><a class="button" href="${href("transfers")}?of=${encodeURIComponent(this.customer)}">${t("transfer.new")}</a></div>`;
  }

  relation() {
    const edit = this.data && this.ours("customer.classify");
    return html`<section class="section">
      <div class="section-head"><h2>${t("customer.business")}</h2>${edit && !this.editing ? html`<button type="button" class="button" @click=${() => (this.editing = true)}>${t("classify.change")}</button>` : nothing}</div>
      <div class="card pad"><x-facts .facts=${this.business()} lines="5"></x-facts></div>
      ${this.leave()}
      ${edit && this.editing
        ? html`<div class="card pad"><x-classify .customer=${this.data} .etag=${this.etag} @saved=${() => this.changed()} @cancel=${() => this.changed({ again: false })}
            @again=${() => this.changed({ editing: true })}></x-classify></div>`
        : nothing}
    </section>`;
  }

  stat(label, part) {
    const value = part === undefined ? undefined : part === null ? t("bills.unknown") : part.sums.length ? part.sums.map((s) => sum(s)) : t("bills.nothing");
    return html`<x-stat label=${label} .value=${value} .hint=${part?.n ? t("bills.count", { n: part.n }) : nothing} tone=${label === t("bills.overdue") && part?.n ? "danger" : ""}></x-stat>`;
  }

  overview() {
    const [open, overdue] = this.open ?? [];
    return html`
      ${this.foreign() ? html`<p class="note">${t("customer.foreign", { name: this.data.tenant_name })}</p>` : nothing}
      ${this.ours("document.read") ? html`<div class="card stats">${this.stat(t("bills.open"), open)}${this.stat(t("bills.overdue"), overdue)}</div>` : nothing}
      <div class="split">
        <section class="section"><h2>${t("customer.contact")}</h2><div class="card pad"><x-facts .facts=${this.who()} lines="5"></x-facts></div></section>
        ${this.relation()}
      </div>
      ${this.ours("document.read") ? this.latest() : nothing}
    `;
  }

  latest() {
    return html`<section class="section">
      <div class="section-head"><h2>${t("customer.latest")}</h2><a href=${href("customers", this.customer, "bills")}>${t("customer.all_bills")}</a></div>
      ${this.list(SECTIONS.bills, 5)}
    </section>`;
  }

  list(section, brief = 0) {
    return html`<x-list path=${section.path} exports="${section.resource}.export" .caption=${section.label()} .order=${section.order} .turn=${this.turn} .brief=${brief} .fixed=${{ customer: this.customer }}
      tabindex="-1" .columns=${this.shown(section)} .filters=${section.filters && !brief ? filters(section.resource, ...section.filters) : []}
      .empty=${section.empty?.() ?? { heading: t("customer.empty"), text: t("customer.empty_text") }}></x-list>`;
  }

  /** Discounts and minimums of the own house: each that goes on can be ended, and a new one made. */
  shown(section) {
    const all = columns(section.resource, section.columns), say = { discount: (row) => t("discount.end_one", { name: row.name || row.offering_name || t(row.offering || row.subscription ? "discount.one" : "discount.all") }), minimum: (row) => t("minimum.end_one", { of: row.account_number ?? row.customer_name }) }[section.resource];
    if (!say || !may(`${section.resource}.end`) || state.session.viewing) return all;
    return [...all, { name: "end", label: t("discount.end"), place: "action", bare: true, cell: (row) => (row.state === "ended" || row.tenant !== state.session.tenant.id ? nothing
      : html`<button type="button" class="button" aria-label=${say(row)} @click=${() => this.toEnd(row)}>${t("discount.end")}</button>`) }];
  }

  async toEnd(row) {
    this.ending = row;
    await this.updateComplete;
    this.querySelector("x-discount x-field, x-minimum x-field")?.focus();
  }

  async discounted() {
    this.ending = null;
    const list = this.querySelector("x-list");
    await list.load();
    list.focus();
  }

  discount() {
    const own = this.data && (!this.data.tenant || this.data.tenant === state.session.tenant.id);
    if (this.ending)
      return html`<section class="section"><h3>${t("discount.end_heading")}</h3><x-discount .discount=${this.ending} @discounted=${() => this.discounted()} @cancel=${() => this.discounted()}></x-discount></section>`;
    if (!own || this.data.state !== "active" || !may("discount.create") || !may("account.read") || state.session.viewing) return nothing;
    return html`<section class="section"><h3>${t("discount.new")}</h3><x-discount customer=${this.customer} @discounted=${() => this.discounted()}></x-discount></section>`;
  }

  minimum() {
    const own = this.data && (!this.data.tenant || this.data.tenant === state.session.tenant.id), lead = html`<p class="note">${t("minimum.lead")}</p>`;
    if (this.ending)
      return html`<section class="section"><h3>${t("minimum.end_heading")}</h3><x-minimum .minimum=${this.ending} @changed=${() => this.discounted()} @cancel=${() => this.discounted()}></x-minimum></section>`;
    if (!own || this.data.state !== "active" || !may("minimum.create") || !may("account.read") || state.session.viewing) return lead;
    return html`${lead}<section class="section"><h3>${t("minimum.new")}</h3><x-minimum customer=${this.customer} @changed=${() => this.discounted()}></x-minimum></section>`;
  }

  /** What is owed to its accounts can be paid back. */
  refund() {
    if (!this.ours("account.refund") || state.session.viewing) return nothing;
    return html`<section class="section"><h3>${t("refund.heading")}</h3><x-refund customer=${this.customer}></x-refund></section>`;
  }

  /** What is ordered stands in the list then, and is looked at. */
  order() {
    if (this.data?.state !== "active" || !this.ours("subscription.order") || state.session.viewing) return nothing;
    if (!this.ordering) return html`<div><button type="button" class="button strong" @click=${() => (this.ordering = true)}>${t("subscribe.order")}</button></div>`;
    return html`<section class="section"><h3>${t("subscribe.order")}</h3><div class="card pad"><x-subscribe kind="order" customer=${this.customer}
      @subscribed=${({ detail }) => go(href("customers", this.customer, "subscriptions", detail.id))} @cancel=${() => this.ordered()}></x-subscribe></div></section>`;
  }

  async ordered() {
    this.ordering = false;
    await this.updateComplete;
    this.querySelector(".page > div > button.strong")?.focus();
  }

  render() {
    if (this.problem) return html`<div class="page">${this.head(t("page.customers"))}<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem></div>`;
    const current = SECTIONS[this.section] && !this.foreign() ? this.section : "overview";
    const tabs = Object.entries(SECTIONS)
      .filter(([name, s]) => name === "overview" || this.ours(s.action))
      .map(([name, s]) => ({ label: s.label(), current: name === current, href: name === "overview" ? href("customers", this.customer) : href("customers", this.customer, name) }));
    const back = html`<a class="up" href=${href("customers")}>${icon("back", "along")}${t("page.customers")}</a>`;
    return html`<div class="page">
      <div>${back}${this.head(this.data?.name ?? html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`, nothing, this.data ? html`<x-chip state=${this.data.state}></x-chip>` : nothing)}</div>
      <x-tabs label=${t("customer.sections")} .tabs=${tabs}></x-tabs>
      ${current === "overview" ? this.overview() : html`<h2 class="hush">${SECTIONS[current].label()}</h2>${current === "subscriptions" ? this.order() : nothing}${this.list(SECTIONS[current])}${current === "discounts" ? this.discount() : current === "minimums" ? this.minimum() : current === "accounts" ? this.refund() : nothing}`}
    </div>`;
  }
}
customElements.define("page-customer", PageCustomer);
