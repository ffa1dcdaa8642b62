/** Payments: a customer's own, or those of all customers in reach. */
import "../components/x-list/x-list.js";
import { html } from "../vendor/lit.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { state } from "../lib/state.js";

const COLUMNS = {
  customer: ["received", "method", "reference", "document_number", "amount"],
  reseller: ["received", "customer_name", "method", "document_number", "amount"],
  admin: ["received", "customer_name", "method", "document_number", "amount"],
};

class PagePayments extends Page {
  render() {
    const own = state.portal === "customer";
    return html`<div class="page">
      ${this.head(own ? t("payments.own") : t("page.payments"))}
      <x-list path="payments" exports="payment.export" .caption=${t("page.payments")} order="-received" .turn=${this.turn}
        .columns=${columns("payment", COLUMNS[state.portal])} .filters=${state.portal === "admin" ? filters("payment", "tenant") : []}
        .empty=${{ heading: t("payments.empty"), text: own ? t("payments.empty_own") : t("payments.empty_all") }}></x-list>
    </div>`;
  }
}
customElements.define("page-payments", PagePayments);
