/** The provider's exchange rates from each day on, and a new one; a section of prices. */
import "../components/x-list/x-list.js";
import "../components/x-rate/x-rate.js";
import { html, nothing } from "../vendor/lit.js";
import { columns } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { priceTabs } from "../lib/prices.js";
import { may, state } from "../lib/state.js";

class PageRates extends Page {
  static properties = { ready: { state: true } };

  render() {
    return html`<div class="page">
      ${this.head(t("page.prices"), t("exchange_rate.lead"))}
      ${priceTabs("rates")}
      <x-list path="exchange-rates" exports="exchange_rate.export" .caption=${t("exchange_rate.title")} order="-day" .turn=${this.turn} @loaded=${() => (this.ready = true)}
        .columns=${columns("exchange_rate", ["currency", "day", "rate", "source", "set_by"])}
        .empty=${{ heading: t("exchange_rate.empty"), text: may("exchange_rate.create") ? t("exchange_rate.empty_text") : undefined }}></x-list>
      ${this.ready && may("exchange_rate.create") && !state.session.viewing ? html`<section class="section"><h2>${t("exchange_rate.new")}</h2><x-rate @rated=${() => this.querySelector("x-list").load()}></x-rate></section>` : nothing}
    </div>`;
  }
}
customElements.define("page-rates", PageRates);
