/** Pay-outs: what there is, new ones that a second person agrees to, and one batch with its files for the bank. */
import "../components/x-facts/x-facts.js";
import "../components/x-field/x-field.js";
import "../components/x-list/x-list.js";
import "../components/x-problem/x-problem.js";
import "../components/x-table/x-table.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { get, payoutFile, post } from "../lib/api.js";
import { columns, filters, payoutChip, sum } from "../lib/columns.js";
import { decimal, moment } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, shows, state } from "../lib/state.js";

const today = () => new Date().toISOString().slice(0, 10);

/** Where a reseller or its statement is looked at. */
const link = (page, id, text) => (id && shows(page) ? html`<a href=${href(page, id)}>${text}</a>` : text);

class PagePayouts extends Page {
  static properties = { ready: { state: true }, problem: { state: true }, errors: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.errors = {};
  }

  value(name) {
    return this.querySelector(`x-field[name=${name}]`).value.trim();
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const body = Object.fromEntries(["execution", "minimum"].map((name) => [name, this.value(name)]).filter(([, value]) => value !== ""));
    Object.assign(this, { busy: true, problem: null, errors: {} });
    try {
      await post("payouts", body);
      this.querySelector("x-list").load();
    } catch (problem) {
      this.errors = Object.fromEntries(problem.errors.map((e) => [e.pointer.slice(1), word("payout_fault", e.code)]));
      if (problem.status !== 422) this.problem = problem;
      await this.updateComplete;
      this.querySelector("[aria-invalid=true]")?.focus();
    }
    this.busy = false;
  }

  failed() {
    if (!this.problem) return nothing;
    return this.problem.status === 409 ? html`<p class="note" role="alert">${t("payout.none")}</p>` : html`<x-problem .problem=${this.problem}></x-problem>`;
  }

  form() {
    if (!this.ready || !may("payout.create") || state.session.viewing) return nothing;
    return html`<section class="section"><h2>${t("payout.create")}</h2>
      <form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
        ${this.failed()}
        <p>${t("payout.about")}</p>
        <x-field name="execution" type="date" label=${t("field.execution")} .value=${today()} .error=${this.errors.execution ?? ""}></x-field>
        <x-field name="minimum" label=${t("field.minimum")} hint=${t("payout.minimum_hint")} .value=${"1.00"} autocomplete="off" maxlength="12" .error=${this.errors.minimum ?? ""}></x-field>
        <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("payout.create")}</button>
      </form></section>`;
  }

  render() {
    return html`<div class="page">
      ${this.head(t("page.payouts"), t("payout.lead"))}
      <x-list path="payouts" exports="payout.export" .caption=${t("page.payouts")} order="-created" .turn=${this.turn} @loaded=${() => (this.ready = true)}
        .columns=${columns("payout", ["created", "execution", "payments", "sent", "state"])} .filters=${filters("payout", "payouts")}
        .empty=${{ heading: t("payout.empty"), text: t("payout.empty_text") }}></x-list>
      ${this.form()}
    </div>`;
  }
}
customElements.define("page-payouts", PagePayouts);

class PagePayout extends Page {
  static properties = { payout: {}, data: { state: true }, problem: { state: true }, refused: { state: true }, busy: { state: true } };

  willUpdate(changed) {
    if (changed.has("payout")) this.load();
  }

  get at() {
    return `payouts/${encodeURIComponent(this.payout)}`;
  }

  async load() {
    Object.assign(this, { problem: null });
    try {
      this.data = (await get(this.at)).body;
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** Moves it, and shows what it is by then; where it was another by now, that. */
  async step(verb, question, said) {
    if (this.busy || !confirm(question)) return;
    Object.assign(this, { busy: true, refused: null });
    try {
      this.data = (await post(`${this.at}/${verb}`, verb === "cancel" ? undefined : {})).body;
      announce(said, true);
    } catch (problem) {
      this.refused = problem;
      await this.load();
    }
    this.busy = false;
  }

  button(label, act, strong = false) {
    return html`<button type="button" class="button ${strong ? "strong" : ""}" aria-disabled=${this.busy ? "true" : "false"} @click=${act}>${label}</button>`;
  }

  actions() {
    const d = this.data;
    if (!d || d.state === "cancelled") return nothing;
    const files = may("payout.file") ? ["xml", "csv"].map((kind) => html`<a class="button" href=${payoutFile(d.id, kind)} download>${icon("download")}${t(kind === "xml" ? "payout.xml" : "payout.csv")}</a>`) : [];
    const moves = d.state !== "prepared" || state.session.viewing ? [] : [
      may("payout.send") && this.button(t("payout.send"), () => this.step("send", t("payout.send_sure"), t("payout.sent")), true),
      may("payout.cancel") && this.button(t("payout.cancel"), () => this.step("cancel", t("payout.cancel_sure"), t("payout.cancelled"))),
    ].filter(Boolean);
    return files.length + moves.length ? html`<div class="row">${files}${moves}</div>` : nothing;
  }

  refusal() {
    if (!this.refused) return nothing;
    return this.refused.status === 409 ? html`<p class="note" role="alert">${t("payout.too_late")}</p>` : html`<x-problem .problem=${this.refused}></x-problem>`;
  }

  facts() {
    const d = this.data;
    return d && [
      [t("field.execution"), d.execution && html`<x-date day=${d.execution}></x-date>`],
      [t("field.payments"), d.payments !== undefined && decimal(d.payments)],
      ...(d.sums ?? []).map((one) => [t("field.amount"), sum(one.amount)]),
      [t("field.minimum"), d.minimum && decimal(d.minimum)],
      [word("payout_state", "prepared"), d.created && moment(d.created)],
      [t("field.author"), d.user_name],
      [t("field.sent"), d.sent && html`<x-date day=${d.sent}></x-date>`],
    ];
  }

  /** Who is paid, or (with a reason) who is not. */
  table(heading, rows, more) {
    if (!rows?.length) return nothing;
    const all = [
      { name: "tenant_name", label: t("field.tenant"), place: "lead", cell: (r) => link("resellers", r.tenant, r.tenant_name) },
      ...more,
      { name: "statement", label: t("field.statement"), place: "detail", bare: true, cell: (r) => link("statements", r.statement, t("field.statement")) },
      { name: "amount", label: t("field.amount"), place: "figure", bare: true, cell: (r) => sum(r.amount) },
    ];
    return html`<section class="section"><h2>${heading}</h2><x-table .caption=${heading} .columns=${all} .rows=${rows}></x-table></section>`;
  }

  render() {
    const d = this.data;
    return html`<div class="page">
      <div><a class="up" href=${href("payouts")}>${icon("back", "along")}${t("page.payouts")}</a>
        ${this.head(d ? html`${t("field.payout")} ${d.execution ? html`<x-date day=${d.execution}></x-date>` : nothing}` : html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`, nothing, d ? payoutChip(d) : nothing)}</div>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      <div class="card pad"><x-facts lines="5" .facts=${this.facts()}></x-facts>${this.actions()}</div>
      ${this.refusal()}
      ${this.table(t("field.payments"), d?.lines, [
        { name: "iban", label: t("field.iban"), place: "detail", cell: (r) => html`<bdi class="figures">${r.iban}</bdi>` },
        { name: "reference", label: t("field.reference"), place: "detail", cell: (r) => html`<bdi class="figures nowrap">${r.reference}</bdi>` },
      ])}
      ${this.table(t("field.left_out"), d?.left_out, [{ name: "reason", label: t("field.reason"), place: "detail", bare: true, cell: (r) => word("payout_left", r.reason) }])}
    </div>`;
  }
}
customElements.define("page-payout", PagePayout);
