/** Who, besides the own users, opened or changed what is the customer's. */
import "../components/x-list/x-list.js";
import { html } from "../vendor/lit.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";

export const COLUMNS = ["house", "kind", "did", "at"];
export const empty = () => ({ heading: t("openings.empty"), text: t("openings.empty_own") });

class PageOpenings extends Page {
  render() {
    return html`<div class="page">
      <div><a class="up" href=${href("profile")}>${icon("back", "along")}${t("page.profile")}</a>${this.head(t("page.openings"), t("openings.lead"))}</div>
      <x-list path="openings" .caption=${t("page.openings")} order="-at" .turn=${this.turn}
        .columns=${columns("opening", COLUMNS)} .filters=${filters("opening", "opened")} .empty=${empty()}></x-list>
    </div>`;
  }
}
customElements.define("page-openings", PageOpenings);
