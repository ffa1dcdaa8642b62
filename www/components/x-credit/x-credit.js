/**
 * `<x-credit>`: credits a bill, whole, by lines or by an amount.  Shows what it comes to before anything is sent that
 * counts; the key that goes with it makes a second press harmless.  Says `credited`.
 */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { post } from "../../lib/api.js";
import { sum } from "../../lib/columns.js";
import { Element } from "../../lib/element.js";
import { money } from "../../lib/format.js";
import { t, word } from "../../lib/i18n.js";
import { sums } from "../../lib/money.js";
import { state } from "../../lib/state.js";
import "../x-facts/x-facts.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

/** As the server takes numbers. */
const plain = (text) => text.trim().replace(/^([0-9]*),([0-9]+)$/, "$1.$2");
const isNothing = (value) => Number(value.amount) === 0;

class XCredit extends Element {
  static properties = {
    /** a row of /documents with its lines */
    bill: { attribute: false },
    /** what /documents/:id/credits says */
    credits: { attribute: false },
    what: { state: true },
    asked: { state: true },
    trial: { state: true },
    problem: { state: true },
    errors: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { what: "whole", errors: {} });
  }

  get left() {
    return sums([this.bill.gross, ...this.credits.data.map((note) => note.gross)])[0];
  }

  value(name) {
    return this.querySelector(`x-field[name="${name}"]`)?.value.trim() ?? "";
  }

  /** The lines that something is left of, with what the bill says of each. */
  lines() {
    const said = new Map((this.bill.lines ?? []).map((line) => [line.position, line]));
    return this.credits.left.filter((line) => !isNothing(line.net)).map((line) => ({ ...line, description: said.get(line.position)?.description ?? String(line.position) }));
  }

  body() {
    const body = { propagation: this.value("propagation") || "none" };
    const reason = this.value("reason");
    if (reason) body.reason = reason;
    if (this.what === "whole") body.whole = true;
    if (this.what === "amount") body.amount = plain(this.value("amount"));
    if (this.what === "lines") body.lines = this.lines().map(({ position }) => ({ position, net: plain(this.value(`line-${position}`)) })).filter((line) => line.net);
    return body;
  }

  /** Does a step with the server; what it does not take stands at its place. */
  async step(act) {
    if (this.busy) return;
    Object.assign(this, { busy: true, problem: null, errors: {} });
    try {
      await act();
    } catch (problem) {
      for (const { pointer, code } of problem.errors ?? []) {
        const [, first, n] = pointer.split("/");
        const line = first === "lines" && n !== undefined ? this.asked.lines[Number(n)] : null;
        this.errors = { ...this.errors, [line ? `line-${line.position}` : first]: word("credit_fault", code) };
      }
      if (problem.status !== 422 || problem.code !== "invalid") this.problem = problem;
      await this.updateComplete;
      this.querySelector("[aria-invalid=true]")?.focus();
    }
    this.busy = false;
  }

  look(event) {
    event.preventDefault();
    this.asked = this.body();
    if (!this.asked.reason) {
      this.errors = { reason: t("credit_fault.missing") };
      this.updateComplete.then(() => this.querySelector("x-field[name=reason] input")?.focus());
      return;
    }
    this.step(async () => {
      this.trial = (await post(`documents/${encodeURIComponent(this.bill.id)}/credits`, { ...this.asked, preview: true })).body;
      this.key = crypto.randomUUID();
      await this.updateComplete;
      this.querySelector("h3")?.focus();
    });
  }

  confirm() {
    this.step(async () => {
      const { body } = await post(`documents/${encodeURIComponent(this.bill.id)}/credits`, { ...this.asked, key: this.key });
      announce(t("credit.done", { n: body.credit_notes.length }), true);
      Object.assign(this, { trial: null, asked: null, what: "whole" });
      this.dispatchEvent(new CustomEvent("credited", { bubbles: true }));
    });
  }

  choice(name, label, codes, named) {
    return html`<x-field name=${name} label=${label} .options=${codes.map((value) => ({ value, label: named(value) }))} .value=${name === "what" ? this.what : (this.asked?.[name] ?? codes[0])} .error=${this.errors[name] ?? ""}
      @change=${(event) => name === "what" && (this.what = event.target.value)}></x-field>`;
  }

  /** What is credited, by what was chosen. */
  part() {
    if (this.what === "amount") return html`<x-field name="amount" label=${t("field.amount")} hint=${t("credit.amount_hint", { left: money(this.left.amount, this.left.currency) })} autocomplete="off" required .value=${this.asked?.amount ?? ""} .error=${this.errors.amount ?? ""}></x-field>`;
    if (this.what !== "lines") return nothing;
    const before = new Map((this.asked?.lines ?? []).map((line) => [line.position, line.net]));
    return html`<fieldset class="x-credit-lines"><legend>${t("field.net")}</legend>
      ${this.errors.lines ? html`<p class="note" role="alert">${this.errors.lines}</p>` : nothing}
      ${this.lines().map((line) => html`<x-field name="line-${line.position}" label=${line.description} hint=${t("credit.left", { left: money(line.net.amount, line.net.currency) })} autocomplete="off" .value=${before.get(line.position) ?? ""} .error=${this.errors[`line-${line.position}`] ?? ""}></x-field>`)}
    </fieldset>`;
  }

  form() {
    return html`<form class="card pad stack" novalidate @submit=${this.look} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      ${this.choice("what", t("credit.what"), ["whole", "lines", "amount"], (code) => word("credit", code))}
      ${this.part()}
      <x-field name="reason" label=${t("field.reason")} hint=${t("credit.reason_hint")} maxlength="200" autocomplete="off" required .value=${this.asked?.reason ?? ""} .error=${this.errors.reason ?? ""}></x-field>
      ${state.portal === "admin" ? this.choice("propagation", t("credit.up"), ["none", "full"], (code) => word("propagation", code)) : nothing}
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("credit.look")}</button>
    </form>`;
  }

  note(note) {
    return html`<div><h4><bdi class="figures">${note.corrects_number}</bdi>${state.portal === "admin" && note.tenant_name ? html` <span class="muted">${note.tenant_name}</span>` : nothing}</h4>
      <x-facts .facts=${[[t("field.net"), note.net && sum(note.net)], [t("field.tax"), note.tax && sum(note.tax)], [t("field.gross"), note.gross && sum(note.gross)], [t("credit.taken"), note.taken && sum(note.taken)], [t("credit.balance"), note.balance && !isNothing(note.balance) ? sum(note.balance) : ""]]}></x-facts></div>`;
  }

  preview() {
    const off = this.busy ? "true" : "false";
    return html`<div class="card pad stack x-credit-sums" aria-busy=${off}>
      <h3 tabindex="-1">${t("credit.preview")}</h3>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      ${this.trial.credit_notes.map((note) => this.note(note))}
      <div class="row"><button type="button" class="button strong" aria-disabled=${off} @click=${() => this.confirm()}>${t("credit.confirm")}</button>
        <button type="button" class="button" aria-disabled=${off} @click=${() => Object.assign(this, { trial: null, problem: null })}>${t("credit.change")}</button></div>
    </div>`;
  }

  render() {
    if (!this.left || isNothing(this.left)) return html`<div class="card pad"><p class="muted">${t("credit.nothing")}</p></div>`;
    return this.trial ? this.preview() : this.form();
  }
}
customElements.define("x-credit", XCredit);
