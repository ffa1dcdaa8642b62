/** What the provider owes: statements, one of them with what it is made of, and closing a month. */
import "../components/x-chip/x-chip.js";
import "../components/x-facts/x-facts.js";
import "../components/x-field/x-field.js";
import "../components/x-list/x-list.js";
import "../components/x-problem/x-problem.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { get, post, statementPdf } from "../lib/api.js";
import { columns, filters, statementChip, sum } from "../lib/columns.js";
import { moment, period } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { locale, t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, state } from "../lib/state.js";

const MONTHS = 12;

/** The months that are over, the newest first: "2026-06" and as people say it. */
function months() {
  const now = new Date(), name = new Intl.DateTimeFormat(locale(), { month: "long", year: "numeric", timeZone: "UTC" });
  return Array.from({ length: MONTHS }, (_, n) => {
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1 - n, 1));
    return { value: first.toISOString().slice(0, 7), label: name.format(first) };
  });
}

class PageStatements extends Page {
  static properties = { ready: { state: true }, problem: { state: true }, asked: { state: true }, busy: { state: true } };

  async submit(event) {
    event.preventDefault();
    const chosen = this.querySelector("x-field[name=period]").value;
    const { label } = months().find(({ value }) => value === chosen);
    if (this.busy || !confirm(t("statement.close_sure", { month: label }))) return;
    Object.assign(this, { busy: true, problem: null, asked: false });
    try {
      await post("statements", { period: chosen });
      this.asked = true;
      announce(t("statement.closing_said"), true);
    } catch (problem) {
      this.problem = problem;
    }
    this.busy = false;
  }

  form() {
    if (!this.ready || !may("statement.close") || state.session.viewing) return nothing;
    const all = months();
    return html`<section class="section"><h2>${t("statement.close")}</h2>
      <form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
        ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
        <p>${t("statement.close_about")}</p>
        <x-field name="period" label=${t("statement.month")} .options=${all} .value=${all[0].value}></x-field>
        <div class="row"><button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("statement.close")}</button>
          ${this.asked ? html`<button type="button" class="button" @click=${() => this.querySelector("x-list").load()}>${t("statement.reload")}</button>` : nothing}</div>
        ${this.asked ? html`<p class="note" role="status">${t("statement.closing_said")}</p>` : nothing}
      </form></section>`;
  }

  render() {
    const admin = state.portal === "admin";
    return html`<div class="page">
      ${this.head(t("page.statements"), t("statement.lead"))}
      <x-list path="statements" exports="statement.export" .caption=${t("page.statements")} order="-period_start" .turn=${this.turn} @loaded=${() => (this.ready = true)}
        .columns=${columns("statement", ["period_start", "opening", "collected", "paid_out", "state", "closing"])} .filters=${admin ? filters("statement", "tenant") : []}
        .empty=${{ heading: t("statement.empty"), text: t("statement.empty_text") }}></x-list>
      ${this.form()}
    </div>`;
  }
}
customElements.define("page-statements", PageStatements);

class PageStatement extends Page {
  static properties = { statement: {}, data: { state: true }, problem: { state: true } };

  willUpdate(changed) {
    if (changed.has("statement")) this.load();
  }

  async load() {
    Object.assign(this, { problem: null });
    try {
      this.data = (await get(`statements/${encodeURIComponent(this.statement)}`)).body;
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** From the opening to the closing; sales stand aside, as they move nothing. */
  facts() {
    const d = this.data;
    const line = (name) => [t(`field.${name}`), d[name] && sum(d[name])];
    return d && [
      [t("field.tenant"), state.portal === "admin" ? d.tenant_name : ""],
      ...["opening", "collected", "channel", "cost", "commission", "paid_in", "fees", "paid_out"].map(line),
      [t("field.closing"), d.closing && html`<strong>${sum(d.closing)}</strong>`],
      [t("field.withheld"), this.withheld() && html`${sum(d.withheld)} <span class="sub">${t("statement.withheld_hint")}</span>`],
      [t("field.sold"), d.sold && html`${sum(d.sold)} <span class="sub">${t("statement.sold_hint")}</span>`],
      [t("field.closed"), d.closed && moment(d.closed)],
    ];
  }

  withheld() {
    return Number(this.data?.withheld?.amount ?? 0) > 0;
  }

  /** Why commissions are not paid out, and what to do about it. */
  reason() {
    if (!this.withheld()) return nothing;
    const name = this.data.withheld_reason ?? "waiting";
    return html`<div class="note stack" role="note"><p><strong>${word("withheld", name)}</strong></p><p>${word("withheld_next", name)}</p></div>`;
  }

  entries() {
    if (!may("entry.read")) return nothing;
    return html`<section class="section"><h2>${t("statement.entries")}</h2>
      <x-list path="entries" exports="entry.export" .caption=${t("statement.entries")} order="-day" .turn=${this.turn} .fixed=${{ statement: this.statement }}
        .columns=${columns("entry", ["kind", "day", "document_number", "amount"])} .empty=${{ heading: t("statement.entries_empty"), text: t("statement.entries_empty_text") }}></x-list></section>`;
  }

  render() {
    const d = this.data;
    return html`<div class="page">
      <div><a class="up" href=${href("statements")}>${icon("back", "along")}${t("page.statements")}</a>
        ${this.head(d ? html`${t("field.statement")} ${d.period_start ? period(d.period_start, d.period_end) : nothing}` : html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`, nothing, d ? statementChip(d) : nothing)}</div>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      <div class="card pad stack"><x-facts lines="11" .facts=${this.facts()}></x-facts>${this.reason()}
        ${d?.state === "closed" ? html`<p><a class="button" href=${statementPdf(d.id)} download>${icon("download")}${t("statement.pdf")}</a></p>` : nothing}</div>
      ${this.entries()}
    </div>`;
  }
}
customElements.define("page-statement", PageStatement);
