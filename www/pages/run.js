/** One bill run: how far it is, what its checks found, its drafts with what is far from the bill before first, and what it
 * leaves out. */
import "../components/x-chip/x-chip.js";
import "../components/x-facts/x-facts.js";
import "../components/x-field/x-field.js";
import "../components/x-list/x-list.js";
import "../components/x-problem/x-problem.js";
import "../components/x-run/x-run.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { get, post } from "../lib/api.js";
import { canApprove, canCancel, canPause, goesOn, runChip } from "../lib/bills.js";
import { columns, filters, sum } from "../lib/columns.js";
import { decimal, moment, period } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, state } from "../lib/state.js";

/** How often a run that goes on is looked at. */
const LOOK_MS = 3000;

class PageRun extends Page {
  static properties = { run: {}, data: { state: true }, problem: { state: true }, refused: { state: true }, busy: { state: true } };

  willUpdate(changed) {
    if (!changed.has("run")) return;
    Object.assign(this, { data: null, problem: null, refused: null });
    this.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  get at() {
    return `bill-runs/${encodeURIComponent(this.run)}`;
  }

  async load() {
    clearTimeout(this.timer);
    try {
      this.shown((await get(this.at)).body);
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** What is there now; as long as it goes on it is read again, and its lists when it comes to another state. */
  shown(data) {
    const moved = this.data && this.data.state !== data.state;
    Object.assign(this, { data, problem: null });
    if (moved) this.querySelectorAll("x-list").forEach((one) => one.load());
    clearTimeout(this.timer);
    if (goesOn(data) && this.isConnected) this.timer = setTimeout(() => (document.hidden ? this.shown(this.data) : this.load()), LOOK_MS);
  }

  /** Moves it, and shows what it is by then; where it was another by now, that. */
  async step(verb, said, body = {}) {
    if (this.busy) return;
    Object.assign(this, { busy: true, refused: null });
    try {
      this.shown((await post(`${this.at}/${verb}`, body)).body);
      announce(said, true);
    } catch (problem) {
      this.refused = problem;
      await this.load();
    }
    this.busy = false;
  }

  sure(question, ...rest) {
    return confirm(question) ? this.step(...rest) : undefined;
  }

  async park(event) {
    event.preventDefault();
    const [account, reason] = ["account", "reason"].map((name) => this.querySelector(`.park x-field[name=${name}]`).value.trim());
    this.errors = { account: account ? "" : t("run.missing"), reason: reason ? "" : t("run.missing") };
    this.requestUpdate();
    if (!account || !reason) return;
    await this.step("park", t("run.parked_said"), { account, reason });
    this.querySelector("x-list[path=parked]")?.load();
  }

  button(label, act, strong = false) {
    return html`<button type="button" class="button ${strong ? "strong" : ""}" aria-disabled=${this.busy ? "true" : "false"} @click=${act}>${label}</button>`;
  }

  actions() {
    const d = this.data;
    if (!d || state.session.viewing) return nothing;
    const all = [
      may("bill_run.approve") && canApprove(d) && this.button(t("run.approve"), () => this.sure(t("run.approve_sure"), "approve", t("run.approved")), true),
      may("bill_run.pause") && canPause(d) && this.button(t("run.pause"), () => this.step("pause", t("run.paused_said"))),
      may("bill_run.pause") && d.paused && this.button(t("run.resume"), () => this.step("resume", t("run.resumed")), true),
      may("bill_run.cancel") && canCancel(d) && this.button(t("run.cancel"), () => this.sure(t("run.cancel_sure"), "cancel", t("run.cancelled"))),
    ].filter(Boolean);
    return all.length ? html`<div class="row">${all}</div>` : nothing;
  }

  refusal() {
    if (!this.refused) return nothing;
    return this.refused.status === 409 ? html`<p class="note" role="alert">${t("run.too_late")}</p>` : html`<x-problem .problem=${this.refused}></x-problem>`;
  }

  checks() {
    if (!this.data?.checks?.length) return nothing;
    return html`<section class="section"><h2>${t("field.checks")}</h2><div class="card pad">
      <x-facts .facts=${this.data.checks.map((c) => [word("run_check", c.name), decimal(c.found)])}></x-facts></div></section>`;
  }

  sums() {
    if (!this.data?.sums?.length) return nothing;
    return html`<section class="section"><h2>${t("field.sums")}</h2><div class="card pad">
      <x-facts .facts=${this.data.sums.map((s) => [`${word("draft_state", s.state)} (${decimal(s.documents)})`, sum(s.gross)])}></x-facts></div></section>`;
  }

  /** What is on no bill, above what is. */
  rejects() {
    if (!may("reject.read")) return nothing;
    const empty = this.data?.state === "open" ? { heading: t("draft.empty"), text: t("run.rejects_waits") } : { heading: t("run.rejects_empty"), text: t("run.rejects_empty_text") };
    return html`<section class="section"><h2>${t("run.rejects")}</h2><p class="muted">${t("run.rejects_text")}</p>
      <x-list path="rejects" exports="reject.export" .caption=${t("run.rejects")} order="-run" .turn=${this.turn} .fixed=${{ run: this.run }}
        .columns=${columns("reject", ["offering_name", "customer_name", "reason", "state"])} .empty=${empty}></x-list></section>`;
  }

  drafts() {
    if (!may("draft.read")) return nothing;
    return html`<section class="section"><h2>${t("page.drafts")}</h2>
      <x-list path="drafts" exports="draft.export" .caption=${t("page.drafts")} order="-deviation" .turn=${this.turn} .fixed=${{ run: this.run }}
        .columns=${columns("draft", ["customer_name", "previous", "gross", "deviation", "reason", "state"])} .filters=${filters("draft", "drafts", "tenant")}
        .empty=${{ heading: t("draft.empty"), text: t("draft.empty_run") }}></x-list></section>`;
  }

  left() {
    if (!may("parked.read")) return nothing;
    const open = this.data?.state === "open" && may("bill_run.park") && !state.session.viewing;
    return html`<section class="section"><h2>${t("run.parked")}</h2>
      <x-list path="parked" .caption=${t("run.parked")} order="id" .turn=${this.turn} .fixed=${{ run: this.run }}
        .columns=${columns("parked", ["customer_name", "reason", "detail"])} .empty=${{ heading: t("run.parked_empty"), text: t("run.parked_empty_text") }}></x-list>
      ${open ? html`<form class="card pad stack park" novalidate @submit=${this.park}>
        <x-field name="account" label=${t("field.account")} hint=${t("run.park_hint")} autocomplete="off" maxlength="40" .error=${this.errors?.account ?? ""}></x-field>
        <x-field name="reason" label=${t("field.reason")} autocomplete="off" maxlength="200" .error=${this.errors?.reason ?? ""}></x-field>
        <button class="button" aria-disabled=${this.busy ? "true" : "false"}>${t("run.park")}</button></form>` : nothing}</section>`;
  }

  facts() {
    const d = this.data;
    return d && [
      [t("run.of"), d.tenant_name],
      [t("field.account"), d.account_number],
      [t("field.cycle_day"), d.cycle_day && t("account.cycle", { day: d.cycle_day })],
      [t("field.sequence"), d.sequence],
      [t("field.opened"), d.opened && moment(d.opened)],
    ];
  }

  render() {
    const d = this.data;
    return html`<div class="page">
      <div><a class="up" href=${href("runs")}>${icon("back", "along")}${t("page.runs")}</a>
        ${this.head(d ? html`${t("field.run")} ${d.period_start ? period(d.period_start, d.period_end) : nothing}` : html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`, nothing, d ? runChip(d) : nothing)}</div>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      <div class="card pad"><x-facts lines="4" .facts=${this.facts()}></x-facts><x-run .run=${d}></x-run>${this.actions()}</div>
      ${this.refusal()}
      ${this.checks()} ${this.sums()} ${this.rejects()} ${this.drafts()} ${this.left()}
    </div>`;
  }
}
customElements.define("page-run", PageRun);
