/** Bills that the house gets from who sells to it; and one of them, with why its lines cost what they do and whom of the own customers it is about. */
import "../components/x-amount/x-amount.js";
import "../components/x-chip/x-chip.js";
import "../components/x-facts/x-facts.js";
import "../components/x-list/x-list.js";
import "../components/x-problem/x-problem.js";
import "../components/x-table/x-table.js";
import { html, nothing } from "../vendor/lit.js";
import { get, incomingPdf, list } from "../lib/api.js";
import { lineColumns } from "../lib/bills.js";
import { chip, columns, day, filters, sum } from "../lib/columns.js";
import { period } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";

class PageIncoming extends Page {
  render() {
    return html`<div class="page">
      ${this.head(t("page.incoming"), t("incoming.lead"))}
      <x-list path="incoming" exports="incoming.export" .caption=${t("page.incoming")} order="-issue_date" .turn=${this.turn}
        .columns=${columns("incoming", ["number", "seller_name", "issue_date", "due_date", "state", "gross", "id"])} .filters=${filters("incoming", "state", "kind")}
        .empty=${{ heading: t("incoming.empty"), text: t("incoming.empty_text") }}></x-list>
    </div>`;
  }
}
customElements.define("page-incoming", PageIncoming);

class PageIncomingBill extends Page {
  static properties = { bill: {}, data: { state: true }, problem: { state: true }, annex: { state: true }, next: { state: true }, annexProblem: { state: true }, busy: { state: true } };

  willUpdate(changed) {
    if (changed.has("bill")) this.load();
  }

  get at() {
    return `incoming/${encodeURIComponent(this.bill)}`;
  }

  async load() {
    Object.assign(this, { problem: null, annex: [], next: null });
    try {
      this.data = (await get(this.at)).body;
    } catch (problem) {
      this.problem = problem;
      return;
    }
    this.more();
  }

  async more() {
    if (this.busy) return;
    Object.assign(this, { busy: true, annexProblem: null });
    try {
      const { data, next } = await list(`${this.at}/annex`, { cursor: this.next });
      Object.assign(this, { annex: [...this.annex, ...data], next });
    } catch (problem) {
      this.annexProblem = problem;
    }
    this.busy = false;
  }

  facts() {
    const b = this.data;
    return b && [
      [t("field.seller_name"), b.seller_name],
      [t("field.kind"), b.kind && word("kind", b.kind)],
      [t("field.corrects"), b.corrects && html`<bdi class="figures">${b.corrects}</bdi>`],
      [t("field.issue_date"), b.issue_date && day(b.issue_date)],
      [t("field.due_date"), b.due_date && day(b.due_date)],
      [t("field.period"), b.period_start && period(b.period_start, b.period_end)],
      [t("field.net"), b.net && sum(b.net)],
      [t("field.tax"), b.tax && sum(b.tax)],
      [t("field.gross"), b.gross && sum(b.gross)],
      [t("field.open"), b.open && sum(b.open)],
    ];
  }

  rows(heading, resource, names, rows, more = []) {
    return html`<x-table .caption=${heading} .columns=${[...columns(resource, names), ...more]} .rows=${rows.map((row, i) => ({ ...row, id: i }))}></x-table>`;
  }

  lines() {
    const b = this.data;
    if (!b?.lines) return nothing;
    const why = (line) => html`<button type="button" class="button" aria-label=${t("amount.ask_of", { what: line.description ?? "" })} @click=${() => this.querySelector("x-amount").show(line)}>${t("amount.ask")}</button>`;
    const known = b.kind === "invoice" ? [{ name: "why", label: t("amount.ask"), place: "action", bare: true, cell: why }] : [];
    return html`<section class="section"><h2>${t("draft.lines")}</h2><div class="card">
      ${this.rows(t("draft.lines"), "line", lineColumns(b.lines), b.lines, known)}</div>
      <x-amount paged at=${this.at}></x-amount></section>`;
  }

  customers() {
    if (!this.data) return nothing;
    const body = this.annexProblem
      ? html`<x-problem .problem=${this.annexProblem} .retry=${() => this.more()}></x-problem>`
      : this.annex.length || this.busy
        ? html`<div class="card">${this.rows(t("incoming.annex"), "annex", ["customer_name", "description", "period_start", "quantity", "unit_price", "net"], this.annex)}</div>
          ${this.next ? html`<button type="button" class="button" aria-disabled=${this.busy ? "true" : "false"} @click=${() => this.more()}>${t("list.more")}</button>` : nothing}`
        : html`<p class="note">${t("incoming.annex_none")}</p>`;
    return html`<section class="section"><h2>${t("incoming.annex")}</h2><p class="lead">${t("incoming.annex_text")}</p>${body}</section>`;
  }

  render() {
    const b = this.data;
    const pdf = b ? html`<p><a class="button" href=${incomingPdf(b.id)} download>${icon("download")}${t("field.pdf")}</a></p>` : nothing;
    return html`<div class="page">
      <div><a class="up" href=${href("incoming")}>${icon("back", "along")}${t("page.incoming")}</a>
        ${this.head(b ? html`<bdi class="figures">${b.number}</bdi>` : html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`, nothing, b ? chip(b.state) : nothing)}</div>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : html`<div class="card pad stack"><x-facts lines="8" .facts=${this.facts()}></x-facts>${pdf}</div>`}
      ${this.lines()} ${this.customers()}
    </div>`;
  }
}
customElements.define("page-incoming-bill", PageIncomingBill);
