/** Customers in reach, found by the beginning of the name or of the number. */
import "../components/x-list/x-list.js";
import { html } from "../vendor/lit.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { state } from "../lib/state.js";

class PageCustomers extends Page {
  render() {
    const names = ["name", "number", state.channel ? "tenant_name" : "segment_name", "kind", "city", "state"];
    return html`<div class="page">
      ${this.head(t("page.customers"))}
      <x-list path="customers" exports="customer.export" .caption=${t("page.customers")} order="name" .turn=${this.turn}
        .columns=${columns("customer", names)} .filters=${filters("customer", "customer", ...(state.channel ? ["tenant"] : []))}
        .empty=${{ heading: t("customers.empty"), text: t("customers.empty_text") }}></x-list>
    </div>`;
  }
}
customElements.define("page-customers", PageCustomers);
