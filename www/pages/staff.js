/** Who may sign in at this reseller: its own people and its customers' users. */
import "../components/x-invite/x-invite.js";
import "../components/x-list/x-list.js";
import { html, nothing } from "../vendor/lit.js";
import { people } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { may } from "../lib/state.js";

class PageStaff extends Page {
  render() {
    return html`<div class="page">
      ${this.head(t("page.staff"), t("staff.lead"))}
      <x-list path="users" exports="user.export" .caption=${t("page.staff")} order="name" .turn=${this.turn}
        .columns=${people(["name", "email", "customer_name", "role", "state"])}
        .empty=${{ heading: t("staff.empty"), text: t("staff.empty_text") }}></x-list>
      ${may("user.invite")
        ? html`<section class="section"><h2>${t("invite.heading")}</h2><x-invite @invited=${() => this.querySelector("x-list").load()}></x-invite></section>`
        : nothing}
    </div>`;
  }
}
customElements.define("page-staff", PageStaff);
