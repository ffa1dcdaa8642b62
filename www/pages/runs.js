/** Bill runs: what there is, and a new one. */
import "../components/x-field/x-field.js";
import "../components/x-list/x-list.js";
import "../components/x-pick/x-pick.js";
import "../components/x-problem/x-problem.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { post } from "../lib/api.js";
import { columns, filters } from "../lib/columns.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { go, href } from "../lib/router.js";
import { may, state } from "../lib/state.js";

/** The first day of the month before this one. */
function lastMonth() {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 10);
}

class PageRuns extends Page {
  static properties = { ready: { state: true }, tenant: { state: true }, problem: { state: true }, errors: { state: true }, busy: { state: true } };

  constructor() {
    super();
    Object.assign(this, { tenant: "", errors: {} });
  }

  value(name) {
    return this.querySelector(`x-field[name=${name}]`).value.trim();
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const body = { cycle_day: Number(this.value("cycle_day")), period_start: this.value("period_start"), paused: this.querySelector("input[name=paused]").checked };
    if (this.tenant) body.tenant = this.tenant;
    Object.assign(this, { busy: true, problem: null, errors: {} });
    try {
      const { body: run } = await post("bill-runs", body);
      announce(t("run.opened"), true);
      go(href("runs", run.id));
    } catch (problem) {
      this.errors = Object.fromEntries(problem.errors.map((e) => [e.pointer.slice(1), word("run_fault", e.code)]));
      if (problem.status !== 422) this.problem = problem;
      await this.updateComplete;
      this.querySelector("[aria-invalid=true]")?.focus();
    }
    this.busy = false;
  }

  failed() {
    if (!this.problem) return nothing;
    return this.problem.status === 409 ? html`<p class="note" role="alert">${t("run.same")}</p>` : html`<x-problem .problem=${this.problem}></x-problem>`;
  }

  form() {
    if (!this.ready || !may("bill_run.open") || state.session.viewing) return nothing;
    return html`<section class="section"><h2>${t("run.new")}</h2>
      <form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
        ${this.failed()}
        <div class="x-plan-pick"><span aria-hidden="true">${t("run.of")}</span>
          <x-pick label=${t("run.of")} .value=${this.tenant} error=${this.errors.tenant ?? ""} @pick=${(event) => (this.tenant = event.detail)}></x-pick></div>
        <x-field name="cycle_day" type="number" label=${t("field.cycle_day")} .value=${"1"} required .error=${this.errors.cycle_day ?? ""}></x-field>
        <x-field name="period_start" type="date" label=${t("field.period_start")} hint=${t("run.start_hint")} .value=${lastMonth()} required .error=${this.errors.period_start ?? ""}></x-field>
        <label class="tick"><input type="checkbox" name="paused" /> <span>${t("run.open_paused")}</span></label>
        <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("run.open")}</button>
      </form></section>`;
  }

  render() {
    return html`<div class="page">
      ${this.head(t("page.runs"), t("run.lead"))}
      <x-list path="bill-runs" .caption=${t("page.runs")} order="-opened" .turn=${this.turn} @loaded=${() => (this.ready = true)}
        .columns=${columns("bill_run", ["period_start", "tenant_name", "cycle_day", "opened", "state"])} .filters=${filters("bill_run", "runs")}
        .empty=${{ heading: t("run.empty"), text: may("bill_run.open") ? t("run.empty_text") : undefined }}></x-list>
      ${this.form()}
    </div>`;
  }
}
customElements.define("page-runs", PageRuns);
