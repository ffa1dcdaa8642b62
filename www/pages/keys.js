/** API keys: what the programs of this house show instead of signing in. */
import "../components/x-key/x-key.js";
import "../components/x-list/x-list.js";
import "../components/x-problem/x-problem.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { remove } from "../lib/api.js";
import { columns } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { may, state } from "../lib/state.js";

class PageKeys extends Page {
  static properties = { problem: { state: true }, busy: { state: true } };

  get list() {
    return this.querySelector("x-list");
  }

  async end(key) {
    if (this.busy || !confirm(t("key.end_sure", { name: key.name }))) return;
    this.busy = true;
    this.problem = null;
    try {
      await remove(`api-keys/${encodeURIComponent(key.id)}`);
      announce(t("key.ended", { name: key.name }), true);
    } catch (problem) {
      /* Somebody was quicker: it has ended, as was wanted. */
      if (problem.status !== 409) this.problem = problem;
    }
    this.busy = false;
    await this.list.load();
    /* The button is gone, and with it the place of the keyboard. */
    this.list.focus();
  }

  columns() {
    const shown = columns("api_key", ["name", "role_name", "created", "seen", "expires", "state"]);
    if (!may("api_key.end") || state.session.viewing) return shown;
    return [...shown, { name: "end", label: t("key.end"), place: "action", bare: true, cell: (key) => (key.state === "active"
      ? html`<button type="button" class="button" aria-label=${t("key.end_one", { name: key.name })} aria-disabled=${this.busy ? "true" : "false"} @click=${() => this.end(key)}>${t("key.end")}</button>`
      : nothing) }];
  }

  render() {
    return html`<div class="page">
      ${this.head(t("page.keys"), t("key.lead"))}
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      <x-list path="api-keys" .caption=${t("page.keys")} order="-created" .turn=${this.turn} tabindex="-1" .columns=${this.columns()}
        .empty=${{ heading: t("key.empty"), text: may("api_key.create") ? t("key.empty_text") : undefined }}></x-list>
      ${may("api_key.create") && may("role.read") && !state.session.viewing
        ? html`<section class="section"><h2>${t("key.new")}</h2><x-key @made=${() => this.list.load()}></x-key></section>`
        : nothing}
    </div>`;
  }
}
customElements.define("page-keys", PageKeys);
