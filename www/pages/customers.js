/** Customers in reach, found by the beginning of the name or of the number. */
import "../components/x-list/x-list.js";
import { html } from "../vendor/lit.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { state, tenants } from "../lib/state.js";

class PageCustomers extends Page {
  static properties = { channel: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    /* Without it there is one column less; the list itself tells what is wrong. */
    tenants().then(({ data }) => (this.channel = data.length > 1), () => (this.channel = false));
  }

  render() {
    const wide = state.portal === "admin" || this.channel;
    const names = ["name", "number", wide ? "tenant_name" : "segment", "kind", "city", "state"];
    return html`<div class="page">
      ${this.head(t("page.customers"))}
      <x-list path="customers" .caption=${t("page.customers")} order="name" .turn=${this.turn}
        .columns=${columns("customer", names)} .filters=${filters("customer", "customer", ...(wide ? ["tenant"] : []))}
        .empty=${{ heading: t("customers.empty"), text: t("customers.empty_text") }}></x-list>
    </div>`;
  }
}
customElements.define("page-customers", PageCustomers);
