/** What can be sold, with its list price, and something new. */
import "../components/x-list/x-list.js";
import "../components/x-offering/x-offering.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { go, href } from "../lib/router.js";
import { may, state } from "../lib/state.js";

class PageCatalogue extends Page {
  static properties = { ready: { state: true } };

  made({ detail }) {
    announce(t("catalogue.made"), true);
    go(href("catalogue", detail.id));
  }

  form() {
    if (!this.ready || !may("offering.create") || state.session.viewing) return nothing;
    return html`<section class="section"><h2>${t("catalogue.new")}</h2><x-offering @written=${this.made}></x-offering></section>`;
  }

  render() {
    return html`<div class="page">
      ${this.head(t("page.catalogue"), t("catalogue.lead"))}
      <x-list path="offerings" exports="offering.export" .caption=${t("page.catalogue")} order="name" .turn=${this.turn} @loaded=${() => (this.ready = true)}
        .columns=${columns("offering", ["name", "code", "kind", "unit", "state", "price"])} .filters=${filters("offering", "q")}
        .empty=${{ heading: t("catalogue.empty"), text: t("catalogue.empty_text") }}></x-list>
      ${this.form()}
    </div>`;
  }
}
customElements.define("page-catalogue", PageCatalogue);
