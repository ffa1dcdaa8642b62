/** One bill: what stands on it in short, why its lines cost what they do, its credit notes, and for who may the way to another one. */
import "../components/x-amount/x-amount.js";
import "../components/x-chip/x-chip.js";
import "../components/x-credit/x-credit.js";
import "../components/x-empty/x-empty.js";
import "../components/x-facts/x-facts.js";
import "../components/x-problem/x-problem.js";
import "../components/x-table/x-table.js";
import { html, nothing } from "../vendor/lit.js";
import { billPage, get } from "../lib/api.js";
import { columns, sum } from "../lib/columns.js";
import { period } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, state } from "../lib/state.js";
import { title } from "../lib/title.js";

class PageBill extends Page {
  static properties = { bill: {}, data: { state: true }, credits: { state: true }, problem: { state: true } };

  willUpdate(changed) {
    if (changed.has("bill")) this.load();
  }

  async load() {
    this.problem = null;
    try {
      const at = `documents/${encodeURIComponent(this.bill)}`;
      const [data, credits] = await Promise.all([get(at), get(`${at}/credits`)]);
      Object.assign(this, { data: data.body, credits: credits.body });
      title(data.body.number);
    } catch (problem) {
      this.problem = problem;
    }
  }

  facts() {
    const d = this.data;
    return d && [
      [t("field.tenant"), state.portal === "admin" ? d.tenant_name : ""],
      [t("field.customer"), d.customer_name],
      [t("field.corrects"), d.corrects && html`<bdi class="figures">${d.corrects}</bdi>`],
      [t("field.issue_date"), d.issue_date && html`<x-date day=${d.issue_date}></x-date>`],
      [t("field.due_date"), d.due_date && html`<x-date day=${d.due_date}></x-date>`],
      [t("field.period"), d.period_start && period(d.period_start, d.period_end)],
      [t("field.net"), d.net && sum(d.net)],
      [t("field.tax"), d.tax && sum(d.tax)],
      [t("field.gross"), d.gross && sum(d.gross)],
      [t("field.paid"), d.paid && sum(d.paid)],
      [t("field.credited"), d.credited && Number(d.credited.amount) !== 0 ? sum(d.credited) : ""],
      [t("field.open"), d.open && sum(d.open)],
    ];
  }

  /** Who reads sees the steps of this bill's edge and of no other. */
  lines() {
    const d = this.data;
    if (!d?.lines?.length) return nothing;
    const why = (line) => html`<button type="button" class="button" aria-label=${t("amount.ask_of", { what: line.description ?? "" })} @click=${() => this.querySelector("x-amount").show(line)}>${t("amount.ask")}</button>`;
    const known = d.kind === "invoice" ? [{ name: "why", label: t("amount.ask"), place: "action", bare: true, cell: why }] : [];
    return html`<section class="section"><h2>${t("bill.lines")}</h2><div class="card">
      <x-table .caption=${t("bill.lines")} .columns=${[...columns("line", ["description", "period_start", "quantity", "unit_price", "net"]), ...known]} .rows=${d.lines.map((line) => ({ ...line, id: line.position }))}></x-table></div>
      <x-amount at=${`documents/${encodeURIComponent(d.id)}`}></x-amount></section>`;
  }

  notes() {
    if (this.data?.kind !== "invoice" || !this.credits || (state.portal === "customer" && !this.credits.data.length)) return nothing;
    const rows = this.credits.data.map((note) => ({ ...note, id: note.document }));
    return html`<section class="section"><h2>${t("credit.notes")}</h2><div class="card">
      ${rows.length ? html`<x-table .caption=${t("credit.notes")} .columns=${columns("credit", ["number", "issue_date", "reason", "open", "gross"])} .rows=${rows}></x-table>`
        : html`<x-empty heading=${t("credit.none")} text=${t("credit.none_text")}></x-empty>`}</div></section>`;
  }

  credit() {
    if (this.data?.kind !== "invoice" || !may("document.credit") || state.session.viewing || !this.credits?.left) return nothing;
    return html`<section class="section"><h2>${t("credit.heading")}</h2>
      <x-credit .bill=${this.data} .credits=${this.credits} @credited=${() => this.load()}></x-credit></section>`;
  }

  render() {
    const d = this.data;
    return html`<div class="page">
      <div><a class="up" href=${href("bills")}>${icon("back", "along")}${t("page.bills")}</a>
        ${this.head(d ? html`<bdi class="figures">${d.number}</bdi>` : html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`, d?.kind ? word("kind", d.kind) : nothing, d?.state ? html`<x-chip state=${d.state}></x-chip>` : nothing)}</div>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : html`<div class="card pad"><x-facts lines="9" .facts=${this.facts()}></x-facts></div>
        ${d ? html`<p><a class="button" href=${billPage(d.id)}>${icon("bill")}${t("bill.see")}</a></p>` : nothing}`}
      ${this.lines()} ${this.notes()} ${this.credit()}
    </div>`;
  }
}
customElements.define("page-bill", PageBill);
