/** Bills: a customer's own with what is to pay on top, or those of all customers in reach. */
import "../components/x-list/x-list.js";
import "../components/x-stat/x-stat.js";
import { html, nothing } from "../vendor/lit.js";
import { all } from "../lib/api.js";
import { columns, filters, sum } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { sums } from "../lib/money.js";
import { Page } from "../lib/page.js";
import { state } from "../lib/state.js";

const COLUMNS = {
  customer: ["number", "issue_date", "period_start", "due_date", "state", "gross", "id"],
  reseller: ["number", "customer_name", "issue_date", "due_date", "state", "gross", "id"],
  admin: ["number", "customer_name", "issue_date", "due_date", "state", "gross", "id"],
};

const FILTERS = {
  customer: ["state", "kind"],
  reseller: ["number", "kind", "state"],
  admin: ["number", "tenant", "kind", "state"],
};

/** What is still to pay, per currency, and when. */
export function due(bills) {
  const dates = bills.filter((b) => !b.gross.amount.startsWith("-")).map((b) => b.due_date).sort();
  return { sums: sums(bills.map((b) => b.open)), next: dates[0], n: bills.length };
}

class PageBills extends Page {
  static properties = { open: { state: true }, overdue: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    if (state.portal === "customer") this.load();
  }

  /** The figures on top need every unpaid bill; a customer has few.  The list tells a problem, so this does not. */
  async load() {
    const [open, overdue] = await Promise.allSettled(["open", "overdue"].map((s) => all("documents", { state: s })));
    this.open = open.status === "fulfilled" && !open.value.next ? due(open.value.data) : null;
    this.overdue = overdue.status === "fulfilled" && !overdue.value.next ? due(overdue.value.data) : null;
  }

  money(part) {
    if (part === undefined) return undefined;
    if (part === null) return t("bills.unknown");
    return part.sums.length ? part.sums.map((s) => sum(s)) : t("bills.nothing");
  }

  figures() {
    const { open, overdue } = this;
    const next = open === undefined ? undefined : open?.next ? html`<x-date day=${open.next}></x-date>` : t("bills.no_date");
    return html`<div class="card stats">
      <x-stat label=${t("bills.open")} .value=${this.money(open)} .hint=${open?.n ? t("bills.count", { n: open.n }) : nothing}></x-stat>
      <x-stat label=${t("bills.next")} .value=${next} .hint=${open?.next ? html`<x-date day=${open.next} relative></x-date>` : nothing}></x-stat>
      <x-stat label=${t("bills.overdue")} .value=${this.money(overdue)} .hint=${overdue?.n ? t("bills.count", { n: overdue.n }) : nothing} tone=${overdue?.n ? "danger" : ""}></x-stat>
    </div>`;
  }

  render() {
    const own = state.portal === "customer";
    return html`<div class="page">
      ${this.head(own ? t("bills.own") : t("page.bills"))}
      ${own ? this.figures() : nothing}
      <x-list path="documents" exports="document.export" .caption=${t("page.bills")} order="-issue_date" .turn=${this.turn}
        .columns=${columns("document", COLUMNS[state.portal])} .filters=${filters("document", ...FILTERS[state.portal])}
        .empty=${{ heading: t("bills.empty"), text: own ? t("bills.empty_own") : t("bills.empty_all") }}></x-list>
    </div>`;
  }
}
customElements.define("page-bills", PageBills);
