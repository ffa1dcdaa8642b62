/** What waits for a second person, and what became of it. */
import "../components/x-list/x-list.js";
import { html } from "../vendor/lit.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";

class PageApprovals extends Page {
  render() {
    return html`<div class="page">
      ${this.head(t("page.approvals"), t("approvals.lead"))}
      <x-list path="approvals" .caption=${t("page.approvals")} order="-created" .turn=${this.turn}
        .columns=${columns("approval", ["action", "user_name", "created", "expires", "state"])} .filters=${filters("approval", "approvals")}
        .empty=${{ heading: t("approvals.empty"), text: t("approvals.empty_text") }}></x-list>
    </div>`;
  }
}
customElements.define("page-approvals", PageApprovals);
