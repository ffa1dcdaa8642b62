/** An address that no screen has, or that this role may not see: the two look the same. */
import "../components/x-empty/x-empty.js";
import { html } from "../vendor/lit.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { state } from "../lib/state.js";

class PageMissing extends Page {
  render() {
    return html`<div class="page">
      ${this.head(t("missing.title"))}
      <div class="card"><x-empty .heading=${t("missing.heading")} .text=${t("missing.text")} .action=${html`<a class="button" href=${state.base}>${t("missing.home")}</a>`}></x-empty></div>
    </div>`;
  }
}
customElements.define("page-missing", PageMissing);
