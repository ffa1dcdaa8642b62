/** What the screens of moves and transfers have in common: a list of what happens on a day, and a plan for another. */
import "../components/x-list/x-list.js";
import "../components/x-plan/x-plan.js";
import "../components/x-problem/x-problem.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "./announce.js";
import { remove } from "./api.js";
import { t } from "./i18n.js";
import { Page } from "./page.js";
import { query } from "./router.js";
import { may, state, tenants } from "./state.js";

/** How often what is on its way is looked at. */
const LOOK_MS = 4000;

/** Is it under way, or will be any moment? */
const moves = (row) => row.state === "moving" || (row.state === "planned" && row.day <= new Date().toISOString().slice(0, 10));

/** A screen says `path` of the API and `kind`, "move" or "transfer". */
export class PlansPage extends Page {
  static properties = { ready: { state: true }, problem: { state: true }, busy: { state: true } };

  get list() {
    return this.querySelector("x-list");
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  /** The list is there; as long as something in it is on its way, it is read again. */
  loaded = () => {
    this.ready = true;
    clearTimeout(this.timer);
    const under = this.list?.rows?.some(moves) ?? false;
    /* Whoever buys from whom is another one once it is done. */
    if (this.under && !under) tenants(true).catch(() => {});
    this.under = under;
    /* Not where nobody looks. */
    if (under && this.isConnected) this.timer = setTimeout(() => (document.hidden ? this.loaded() : this.list?.refresh()), LOOK_MS);
  };

  async cancel(row, name) {
    if (this.busy || !confirm(t("plan.cancel_sure", { name }))) return;
    Object.assign(this, { busy: true, problem: null });
    try {
      await remove(`${this.path}/${encodeURIComponent(row.id)}`);
      announce(t("plan.cancelled", { name }), true);
    } catch (problem) {
      this.problem = problem;
    }
    this.busy = false;
    await this.list.load();
    /* The button is gone, and with it the place of the keyboard. */
    this.list.focus();
  }

  /** What did not work, and where it says why: its day had come, for instance. */
  failed() {
    if (!this.problem) return nothing;
    return this.problem.status === 409 ? html`<p class="note" role="alert">${t("plan.too_late")}</p>` : html`<x-problem .problem=${this.problem}></x-problem>`;
  }

  columns(shown, nameOf) {
    if (!may(`${this.kind}.cancel`) || state.session.viewing) return shown;
    return [...shown, { name: "cancel", label: t("plan.cancel"), place: "action", bare: true, cell: (row) => (row.state === "planned"
      ? html`<button type="button" class="button" aria-label=${t("plan.cancel_one", { name: nameOf(row) })} aria-disabled=${this.busy ? "true" : "false"} @click=${() => this.cancel(row, nameOf(row))}>${t("plan.cancel")}</button>`
      : nothing) }];
  }

  /** Below a list whose height is known by now. */
  form(heading) {
    if (!this.ready) return nothing;
    return html`<section class="section"><h2>${heading}</h2><x-plan kind=${this.kind} given=${query().get("of") ?? ""} @planned=${() => this.list.load()}></x-plan></section>`;
  }
}
