/** Self-billed documents: of what the house earned as an agent, and of what its agents did; and one of them. */
import "../components/x-facts/x-facts.js";
import "../components/x-lapse/x-lapse.js";
import "../components/x-list/x-list.js";
import "../components/x-problem/x-problem.js";
import "../components/x-table/x-table.js";
import "../components/x-tabs/x-tabs.js";
import { html, nothing } from "../vendor/lit.js";
import { get, selfBillAt, selfBillPdf } from "../lib/api.js";
import { columns, day, filters, sum } from "../lib/columns.js";
import { period } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, state } from "../lib/state.js";

const SECTIONS = {
  earned: { resource: "self_bill", path: "self-bills", label: () => t("commission.earned"), other: "buyer_name", empty: () => ({ heading: t("commission.empty"), text: t("commission.empty_text") }) },
  owed: { resource: "self_incoming", path: "self-incoming", label: () => t("commission.owed"), other: "seller_name", empty: () => ({ heading: t("commission.none_owed"), text: t("commission.none_owed_text") }) },
};

/** The provider's people see all of them from the side of who wrote them. */
const known = () => Object.entries(SECTIONS).filter(([name, { resource }]) => may(`${resource}.read`) && (name === "owed" || state.portal !== "admin"));

class PageCommissions extends Page {
  static properties = { section: {} };

  render() {
    const all = known(), [current, section] = all.find(([name]) => name === this.section) ?? (this.section ? [] : all[0] ?? []);
    const tabs = all.map(([name, { label }], i) => ({ href: i === 0 ? href("commissions") : href("commissions", name), label: label(), current: name === current }));
    return html`<div class="page">
      ${this.head(t("page.commissions"), t("commission.lead"))}
      <x-lapse></x-lapse>
      ${all.length > 1 ? html`<x-tabs label=${t("commission.sections")} .tabs=${tabs}></x-tabs>` : nothing}
      ${section ? html`<x-list path=${section.path} exports="${section.resource}.export" .caption=${section.label()} order="-issue_date" .turn=${this.turn}
        .columns=${columns(section.resource, ["number", section.other, "issue_date", "period_start", "gross", "id"])} .filters=${filters(section.resource, "self_kind")} .empty=${section.empty()}></x-list>` : html`<page-missing></page-missing>`}
    </div>`;
  }
}
customElements.define("page-commissions", PageCommissions);

class PageCommission extends Page {
  static properties = { bill: {}, data: { state: true }, problem: { state: true } };

  willUpdate(changed) {
    if (changed.has("bill")) this.load();
  }

  async load() {
    Object.assign(this, { problem: null });
    try {
      this.data = (await get(selfBillAt(this.bill))).body;
    } catch (problem) {
      this.problem = problem;
    }
  }

  facts() {
    const b = this.data;
    return b && [
      [t("commission.agent"), b.seller?.name],
      [t("commission.house"), b.buyer?.name],
      [t("field.kind"), b.kind && word("kind", b.kind)],
      [t("field.corrects"), b.corrects && html`<bdi class="figures">${b.corrects}</bdi>`],
      [t("field.issue_date"), b.issue_date && day(b.issue_date)],
      [t("field.period"), b.period_start && period(b.period_start, b.period_end)],
      [t("field.net"), b.net && sum(b.net)],
      [t("field.tax"), b.tax && sum(b.tax)],
      [t("field.gross"), b.gross && html`<strong>${sum(b.gross)}</strong>`],
    ];
  }

  lines() {
    const b = this.data;
    if (!b?.lines) return nothing;
    return html`<section class="section"><h2>${t("commission.lines")}</h2><div class="card">
      <x-table .caption=${t("commission.lines")} .columns=${columns("self_line", ["document_number", "base", "rate", "tax", "net"])} .rows=${b.lines.map((row, i) => ({ ...row, id: i }))}></x-table></div></section>`;
  }

  render() {
    const b = this.data;
    const pdf = b ? html`<p class="note">${t("commission.about")}</p><p><a class="button" href=${selfBillPdf(b.id)} download>${icon("download")}${t("field.pdf")}</a></p>` : nothing;
    return html`<div class="page">
      <div><a class="up" href=${href("commissions")}>${icon("back", "along")}${t("page.commissions")}</a>
        ${this.head(b ? html`<bdi class="figures">${b.number}</bdi>` : html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`)}</div>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : html`<div class="card pad stack"><x-facts lines="8" .facts=${this.facts()}></x-facts>${pdf}</div>`}
      ${this.lines()}
    </div>`;
  }
}
customElements.define("page-commission", PageCommission);
