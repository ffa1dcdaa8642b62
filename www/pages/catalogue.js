/** What can be sold, with its list price. */
import "../components/x-list/x-list.js";
import { html } from "../vendor/lit.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";

class PageCatalogue extends Page {
  render() {
    return html`<div class="page">
      ${this.head(t("page.catalogue"), t("catalogue.lead"))}
      <x-list path="offerings" exports="offering.export" .caption=${t("page.catalogue")} order="name" .turn=${this.turn}
        .columns=${columns("offering", ["name", "code", "kind", "unit", "state", "price"])} .filters=${filters("offering", "q")}
        .empty=${{ heading: t("catalogue.empty"), text: t("catalogue.empty_text") }}></x-list>
    </div>`;
  }
}
customElements.define("page-catalogue", PageCatalogue);
