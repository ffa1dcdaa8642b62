/** Resellers that go to another parent, with all below them: planned, on their way, done; and a new plan. */
import { html, nothing } from "../vendor/lit.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { PlansPage } from "../lib/plans.js";
import { may, state, writes } from "../lib/state.js";

class PageMoves extends PlansPage {
  get path() {
    return "moves";
  }

  get kind() {
    return "move";
  }

  render() {
    return html`<div class="page">
      ${this.head(t("page.moves"), t("move.lead"))}
      ${this.failed()}
      <x-list path="moves" exports="move.export" .caption=${t("page.moves")} order="-day" .turn=${this.turn} tabindex="-1" @loaded=${this.loaded}
        .columns=${this.columns(columns("move", ["tenant_name", "from_name", "parent_name", "day", "state"]), (row) => row.tenant_name)} .filters=${filters("move", "moves")}
        .empty=${{ heading: t("move.empty"), text: may("move.create") ? t("move.empty_text") : undefined }}></x-list>
      ${may("move.create") && writes("move", "parent") && !state.session.viewing ? this.form(t("move.new")) : nothing}
    </div>`;
  }
}
customElements.define("page-moves", PageMoves);
