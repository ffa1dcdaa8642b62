/** Who may sign in at this reseller: its own people and its customers' users. */
import "../components/x-list/x-list.js";
import { html } from "../vendor/lit.js";
import { columns } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";

class PageStaff extends Page {
  render() {
    return html`<div class="page">
      ${this.head(t("page.staff"), t("staff.lead"))}
      <x-list path="users" .caption=${t("page.staff")} order="name" .turn=${this.turn}
        .columns=${columns("user", ["name", "email", "customer_name", "role", "state"])}
        .empty=${{ heading: t("staff.empty"), text: t("staff.empty_text") }}></x-list>
    </div>`;
  }
}
customElements.define("page-staff", PageStaff);
