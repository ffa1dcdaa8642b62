/** A reseller's own bills before they are issued; and settlements, what a bill run came to for a house. */
import "../components/x-list/x-list.js";
import { html } from "../vendor/lit.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { state } from "../lib/state.js";

class PageDrafts extends Page {
  render() {
    return html`<div class="page">
      ${this.head(t("page.drafts"), t("draft.lead"))}
      <x-list path="drafts" exports="draft.export" .caption=${t("page.drafts")} order="-deviation" .turn=${this.turn}
        .columns=${columns("draft", ["customer_name", "period_start", "previous", "gross", "deviation", "reason", "state"])} .filters=${filters("draft", "drafts")}
        .empty=${{ heading: t("draft.empty"), text: t("draft.empty_text") }}></x-list>
    </div>`;
  }
}
customElements.define("page-drafts", PageDrafts);

class PageSettlements extends Page {
  render() {
    return html`<div class="page">
      ${this.head(t("page.settlements"), t("settlement.lead"))}
      <x-list path="settlements" exports="settlement.export" .caption=${t("page.settlements")} order="-id" .turn=${this.turn}
        .columns=${columns("settlement", ["period_start", "sold", "bought", "margin", "due"])} .filters=${state.portal === "admin" ? filters("settlement", "tenant") : []}
        .empty=${{ heading: t("settlement.empty"), text: t("settlement.empty_text") }}></x-list>
    </div>`;
  }
}
customElements.define("page-settlements", PageSettlements);
