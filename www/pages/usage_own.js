/** A customer's own usage: a month's sums by offering, and by day below. */
import "../components/x-empty/x-empty.js";
import "../components/x-month/x-month.js";
import "../components/x-problem/x-problem.js";
import "../components/x-stat/x-stat.js";
import "../components/x-table/x-table.js";
import { month } from "../components/x-month/x-month.js";
import { html, nothing } from "../vendor/lit.js";
import { list } from "../lib/api.js";
import { columns } from "../lib/columns.js";
import { decimal } from "../lib/format.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { may } from "../lib/state.js";

/** Figures on top: more than these are rows of the table alone. */
const FIGURES = 4;
/** Of a month, the newest. */
const ALERTS = 20;

class PageUsageOwn extends Page {
  static properties = { days: { state: true }, sums: { state: true }, rows: { state: true }, alerts: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.days = month();
  }

  willUpdate(changed) {
    if (changed.has("days")) this.load();
  }

  async load() {
    const days = this.days;
    Object.assign(this, { sums: null, rows: null, alerts: null, problem: null });
    try {
      const [sums, rows, alerts] = await Promise.all([list("usage/totals", days), list("usage/totals", { ...days, by: "day" }), may("alert.read") ? list("alerts", { ...days, limit: ALERTS }) : { data: [] }]);
      if (days !== this.days) return;
      this.alerts = alerts.data;
      this.sums = sums.data;
      this.rows = rows.data.map((row) => ({ ...row, id: `${row.day} ${row.offering}` }));
    } catch (problem) {
      this.problem = problem;
    }
  }

  figures() {
    if (!this.sums?.length) return nothing;
    return html`<div class="card stats">${this.sums.slice(0, FIGURES).map((sum) => html`<x-stat label=${sum.offering_name} .value=${html`<bdi class="figures">${decimal(sum.quantity)}</bdi> ${word("unit", sum.unit)}`}
      .hint=${t("usage.count", { n: sum.events })}></x-stat>`)}</div>`;
  }

  /** Where nothing is near its end there is nothing to say. */
  near() {
    if (!this.alerts?.length) return nothing;
    return html`<section class="section"><h2>${t("alert.own")}</h2><p class="muted">${t("alert.own_text")}</p>
      <div class="card"><x-table .caption=${t("alert.title")} .columns=${columns("alert", ["offering_name", "account_number", "threshold", "at", "percent"]).map((column) => ({ ...column, sort: undefined }))} .rows=${this.alerts}></x-table></div></section>`;
  }

  table() {
    if (this.rows?.length === 0) return html`<div class="card"><x-empty .heading=${t("usage.none")} .text=${t("usage.none_text")}></x-empty></div>`;
    return html`<div class="card"><x-table .caption=${t("page.usage")} .columns=${columns("usage", ["offering_name", "day", "events", "quantity"]).map((column) => ({ ...column, sort: undefined }))} .rows=${this.rows} .bones=${8}></x-table></div>`;
  }

  render() {
    return html`<div class="page">
      ${this.head(t("usage.own"), t("usage.lead_own"))}
      <x-month @month=${(event) => (this.days = event.detail)}></x-month>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : html`${this.figures()}${this.near()}${this.table()}`}
    </div>`;
  }
}
customElements.define("page-usage-own", PageUsageOwn);
