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

/** Figures on top: more than these are rows of the table alone. */
const FIGURES = 4;

class PageUsageOwn extends Page {
  static properties = { days: { state: true }, sums: { state: true }, rows: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.days = month();
  }

  willUpdate(changed) {
    if (changed.has("days")) this.load();
  }

  async load() {
    const days = this.days;
    Object.assign(this, { sums: null, rows: null, problem: null });
    try {
      const [sums, rows] = await Promise.all([list("usage/totals", days), list("usage/totals", { ...days, by: "day" })]);
      if (days !== this.days) return;
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

  table() {
    if (this.rows?.length === 0) return html`<div class="card"><x-empty .heading=${t("usage.none")} .text=${t("usage.none_text")}></x-empty></div>`;
    return html`<div class="card"><x-table .caption=${t("page.usage")} .columns=${columns("usage", ["offering_name", "day", "events", "quantity"]).map((column) => ({ ...column, sort: undefined }))} .rows=${this.rows} .bones=${8}></x-table></div>`;
  }

  render() {
    return html`<div class="page">
      ${this.head(t("usage.own"), t("usage.lead_own"))}
      <x-month @month=${(event) => (this.days = event.detail)}></x-month>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : html`${this.figures()}${this.table()}`}
    </div>`;
  }
}
customElements.define("page-usage-own", PageUsageOwn);
