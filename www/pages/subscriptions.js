/** A customer's own subscriptions. */
import "../components/x-list/x-list.js";
import { html } from "../vendor/lit.js";
import { columns } from "../lib/columns.js";
import { rich, t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { state } from "../lib/state.js";

class PageSubscriptions extends Page {
  render() {
    const email = state.brand.support_email;
    return html`<div class="page">
      ${this.head(t("subscriptions.own"))}
      <x-list path="subscriptions" exports="subscription.export" .caption=${t("page.subscriptions")} order="-starts" .turn=${this.turn}
        .columns=${columns("subscription", ["offering_name", "quantity", "starts", "ends", "state", "unit_price"])}
        .empty=${{ heading: t("subscriptions.empty"), text: rich("subscriptions.empty_text", { email: html`<a href="mailto:${email}">${email}</a>` }) }}></x-list>
    </div>`;
  }
}
customElements.define("page-subscriptions", PageSubscriptions);
