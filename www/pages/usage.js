/** Usage of all customers in reach: its events, their sums, what was not taken, and what it came with. */
import "../components/x-empty/x-empty.js";
import "../components/x-list/x-list.js";
import "../components/x-month/x-month.js";
import "../components/x-problem/x-problem.js";
import "../components/x-table/x-table.js";
import "../components/x-tabs/x-tabs.js";
import "../components/x-usage-load/x-usage-load.js";
import { month } from "../components/x-month/x-month.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { list, post } from "../lib/api.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, state } from "../lib/state.js";

const SECTIONS = {
  events: { action: "usage.read", label: () => t("usage.events"), path: "usage", order: "-day", resource: "usage", exports: "usage.export", filters: ["usage_states", "from", "to"],
    columns: ["offering_name", "customer_name", "account_number", "day", "event", "state", "quantity"], empty: () => ({ heading: t("usage.empty"), text: may("usage.create") ? t("usage.empty_text") : undefined }) },
  totals: { action: "usage.read", label: () => t("usage.totals") },
  alerts: { action: "alert.read", label: () => t("alert.title"), path: "alerts", order: "-at", resource: "alert", exports: "alert.export", filters: ["thresholds"],
    columns: ["offering_name", "customer_name", "account_number", "threshold", "at", "percent"], empty: () => ({ heading: t("alert.empty"), text: t("alert.empty_text") }) },
  rejects: { action: "usage_reject.read", label: () => t("usage.rejects"), path: "usage/rejects", order: "-came", resource: "usage_reject", exports: "usage_reject.export", filters: ["reject_states", "reasons"],
    columns: ["reason", "event", "account", "offering", "came", "state"], empty: () => ({ heading: t("usage.rejects_empty"), text: t("usage.rejects_empty_text") }) },
  deliveries: { action: "usage_batch.read", label: () => t("usage.deliveries"), path: "usage/batches", order: "-created", resource: "usage_batch", exports: "usage_batch.export", filters: [],
    columns: ["created", "user_name", "lines", "received", "same", "rejected", "state"], empty: () => ({ heading: t("usage.deliveries_empty"), text: t("usage.deliveries_empty_text") }) },
};

class PageUsage extends Page {
  static properties = {
    section: {},
    days: { state: true },
    rows: { state: true },
    problem: { state: true },
    busy: { state: true },
    done: { state: true },
  };

  constructor() {
    super();
    this.days = month();
  }

  willUpdate(changed) {
    if (changed.has("section") || changed.has("days")) {
      Object.assign(this, { problem: null, done: null, rows: null });
      if (this.section === "totals") this.sum();
    }
  }

  async sum() {
    const days = this.days;
    this.problem = null;
    try {
      const { data } = await list("usage/totals", days);
      if (days === this.days) this.rows = data.map((row) => ({ ...row, id: row.offering }));
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** Tries all that wait, a thousand at a time. */
  async again() {
    if (this.busy) return;
    this.busy = true;
    Object.assign(this, { problem: null, done: null });
    let tried = 0, received = 0, next;
    try {
      do {
        const { body } = await post("usage/recycle", next ? { after: next } : {});
        tried += body.tried;
        received += body.received;
        next = body.next;
      } while (next);
      this.done = t("usage.all_done", { tried, received });
      announce(this.done, true);
    } catch (problem) {
      this.problem = problem;
    }
    this.busy = false;
    await this.querySelector("x-list")?.load();
  }

  totals() {
    if (this.problem && !this.rows) return nothing;
    if (this.rows?.length === 0) return html`<div class="card"><x-empty .heading=${t("usage.none")} .text=${t("usage.none_text")}></x-empty></div>`;
    return html`<div class="card"><x-table .caption=${t("usage.totals")} .columns=${columns("usage", ["offering_name", "events", "quantity"])} .rows=${this.rows} .bones=${5}></x-table></div>`;
  }

  shown(section) {
    const retry = this.section === "totals" ? () => this.sum() : () => this.again();
    return html`${this.section === "totals" ? html`<x-month @month=${(event) => (this.days = event.detail)}></x-month>` : nothing}
      ${this.section === "rejects" && may("usage_reject.mend") && !state.session.viewing
        ? html`<p><button type="button" class="button" aria-disabled=${this.busy ? "true" : "false"} @click=${() => this.again()}>${t("usage.all")}</button></p>` : nothing}
      ${this.done ? html`<p class="note">${this.done}</p>` : nothing}
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${retry}></x-problem>` : nothing}
      ${section.path
        ? html`<x-list path=${section.path} exports=${section.exports} .caption=${section.label()} order=${section.order} .turn=${this.turn} .columns=${columns(section.resource, section.columns)}
            .filters=${filters(section.resource, ...section.filters)} .empty=${section.empty()}></x-list>`
        : this.totals()}
      ${this.section === "deliveries" && may("usage.create") && !state.session.viewing
        ? html`<section class="section"><h2>${t("usage.load")}</h2><x-usage-load @loaded=${() => this.querySelector("x-list").load()}></x-usage-load></section>` : nothing}`;
  }

  render() {
    const known = Object.entries(SECTIONS).filter(([, section]) => may(section.action));
    const tabs = known.map(([name, section]) => ({ href: name === "events" ? href("usage") : href("usage", name), label: section.label(), current: name === this.section }));
    const section = known.find(([name]) => name === this.section)?.[1];
    return html`<div class="page">
      ${this.head(t("page.usage"), t("usage.lead"))}
      <x-tabs label=${t("usage.sections")} .tabs=${tabs}></x-tabs>
      ${section ? this.shown(section) : html`<page-missing></page-missing>`}
    </div>`;
  }
}
customElements.define("page-usage", PageUsage);
