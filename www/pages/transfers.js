/** Customers that go to another reseller on a day: planned, done; and a new plan. */
import { html, nothing } from "../vendor/lit.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { PlansPage } from "../lib/plans.js";
import { may, state, writes } from "../lib/state.js";

class PageTransfers extends PlansPage {
  get path() {
    return "transfers";
  }

  get kind() {
    return "transfer";
  }

  render() {
    return html`<div class="page">
      ${this.head(t("page.transfers"), t("transfer.lead"))}
      ${this.failed()}
      <x-list path="transfers" exports="transfer.export" .caption=${t("page.transfers")} order="-day" .turn=${this.turn} tabindex="-1" @loaded=${this.loaded}
        .columns=${this.columns(columns("transfer", ["customer_name", "tenant_name", "to_name", "day", "state"]), (row) => row.customer_name)} .filters=${filters("transfer", "transfers")}
        .empty=${{ heading: t("transfer.empty"), text: may("transfer.create") ? t("transfer.empty_text") : undefined }}></x-list>
      ${may("transfer.create") && writes("transfer", "to") && !state.session.viewing ? this.form(t("transfer.new")) : nothing}
    </div>`;
  }
}
customElements.define("page-transfers", PageTransfers);
