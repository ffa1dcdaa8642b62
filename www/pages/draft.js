/** One bill before it is issued: beside the bill before, with its lines; held, released, approved. */
import "../components/x-chip/x-chip.js";
import "../components/x-facts/x-facts.js";
import "../components/x-field/x-field.js";
import "../components/x-problem/x-problem.js";
import "../components/x-table/x-table.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { billPage, get, post } from "../lib/api.js";
import { deviation, draftChip, lineColumns } from "../lib/bills.js";
import { columns, sum } from "../lib/columns.js";
import { joined, period } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, shows, state } from "../lib/state.js";

class PageDraft extends Page {
  static properties = { draft: {}, data: { state: true }, problem: { state: true }, refused: { state: true }, error: { state: true }, busy: { state: true } };

  willUpdate(changed) {
    if (changed.has("draft")) this.load();
  }

  get at() {
    return `drafts/${encodeURIComponent(this.draft)}`;
  }

  async load() {
    Object.assign(this, { problem: null });
    try {
      this.data = (await get(this.at)).body;
    } catch (problem) {
      this.problem = problem;
    }
  }

  async step(verb, said, body = {}) {
    if (this.busy) return;
    Object.assign(this, { busy: true, refused: null, error: "" });
    try {
      this.data = (await post(`${this.at}/${verb}`, body)).body;
      announce(said, true);
    } catch (problem) {
      this.refused = problem;
      await this.load();
    }
    this.busy = false;
  }

  hold(event) {
    event.preventDefault();
    const reason = this.querySelector("x-field[name=reason]").value.trim();
    this.error = reason ? "" : t("approval.reason_missing");
    if (reason) this.step("hold", t("draft.held_said"), { reason });
    else this.querySelector("x-field[name=reason]").focus();
  }

  facts() {
    const d = this.data;
    return d && [
      [t("field.tenant"), state.portal === "admin" ? d.tenant_name : ""],
      [t("field.account_number"), d.account_number && html`<bdi class="figures">${d.account_number}</bdi>`],
      [t("field.period"), d.period_start && period(d.period_start, d.period_end)],
      [t("field.net"), d.net && sum(d.net)],
      [t("field.tax"), d.tax && sum(d.tax)],
      [t("field.gross"), d.gross && sum(d.gross)],
      [t("field.previous"), d.previous ? sum(d.previous) : t("draft.first")],
      [t("field.difference"), d.difference && html`${sum(d.difference)} ${joined([deviation(d), d.reason && word("draft_reason", d.reason)])}`],
      [t("field.hold"), d.hold && joined([word("hold", d.hold), d.hold_text])],
      [t("field.document"), d.document && html`<a href=${billPage(d.document)}>${d.document_number}</a>`],
    ];
  }

  actions() {
    const d = this.data;
    if (!d || state.session.viewing) return nothing;
    const off = this.busy ? "true" : "false";
    const approve = may("draft.approve") && d.state === "draft" ? html`<button type="button" class="button strong" aria-disabled=${off} @click=${() => this.step("approve", t("draft.approved_said"))}>${t("draft.approve")}</button>` : nothing;
    const release = may("draft.hold") && d.state === "held" ? html`<button type="button" class="button strong" aria-disabled=${off} @click=${() => this.step("release", t("draft.released_said"))}>${t("draft.release")}</button>` : nothing;
    const hold = may("draft.hold") && ["draft", "approved"].includes(d.state) ? html`<form class="stack" novalidate @submit=${this.hold}>
      <x-field name="reason" label=${t("field.reason")} hint=${t("draft.hold_hint")} autocomplete="off" maxlength="200" .error=${this.error ?? ""}></x-field>
      <button class="button" aria-disabled=${off}>${t("draft.hold")}</button></form>` : nothing;
    if ([approve, release, hold].every((one) => one === nothing)) return nothing;
    return html`<section class="section"><h2>${t("approval.heading")}</h2><div class="card pad stack">${approve}${release}${hold}</div></section>`;
  }

  lines() {
    const d = this.data;
    if (!d?.lines) return nothing;
    return html`<section class="section"><h2>${t("draft.lines")}</h2><div class="card">
      <x-table .caption=${t("draft.lines")} .columns=${columns("line", lineColumns(d.lines))} .rows=${d.lines.map((line, i) => ({ ...line, id: i }))}></x-table></div></section>`;
  }

  render() {
    const d = this.data;
    const up = state.portal === "admin" ? (d?.run && shows("runs") ? href("runs", d.run) : href("runs")) : href("drafts");
    return html`<div class="page">
      <div><a class="up" href=${up}>${icon("back", "along")}${state.portal === "admin" ? t("field.run") : t("page.drafts")}</a>
        ${this.head(d ? html`<bdi>${d.customer_name}</bdi>` : html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`, nothing, d ? draftChip(d) : nothing)}</div>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : html`<div class="card pad"><x-facts lines="8" .facts=${this.facts()}></x-facts></div>`}
      ${this.refused ? (this.refused.status === 409 ? html`<p class="note" role="alert">${t("run.too_late")}</p>` : html`<x-problem .problem=${this.refused}></x-problem>`) : nothing}
      ${this.lines()} ${this.actions()}
    </div>`;
  }
}
customElements.define("page-draft", PageDraft);
