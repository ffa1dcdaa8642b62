/**
 * `<x-refund>`: pays back what is owed to a customer's accounts, each by itself; the amount stands there as it is owed.  The key
 * that goes with it makes a second press harmless.  Says `refunded`.
 */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { all, get, post } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { money } from "../../lib/format.js";
import { t, word } from "../../lib/i18n.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

/** So many accounts of a customer are asked what is owed to them. */
const MOST = 20;

/** As the server takes numbers. */
const plain = (text) => text.trim().replace(/^([0-9]*),([0-9]+)$/, "$1.$2");

class XRefund extends Element {
  static properties = {
    customer: {},
    accounts: { state: true },
    problem: { state: true },
    refused: { state: true },
    errors: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.errors = {};
  }

  willUpdate(changed) {
    if (changed.has("customer")) this.load();
  }

  async load() {
    Object.assign(this, { problem: null, refused: null, errors: {} });
    try {
      const { data } = await all("accounts", { customer: this.customer }, { most: MOST });
      const owed = await Promise.all(data.slice(0, MOST).map((account) => get(`accounts/${encodeURIComponent(account.id)}/refunds`)));
      this.accounts = data.slice(0, MOST).map((account, i) => ({ ...account, owed: owed[i].body.owed, key: crypto.randomUUID() })).filter(({ owed: { amount } }) => Number(amount) > 0);
    } catch (problem) {
      this.problem = problem;
    }
  }

  async pay(event, account) {
    event.preventDefault();
    if (this.busy) return;
    const form = event.target, value = (name) => form.querySelector(`x-field[name="${name}"]`).value.trim();
    Object.assign(this, { busy: account.id, refused: null, errors: {} });
    try {
      const { body } = await post(`accounts/${encodeURIComponent(account.id)}/refunds`, { amount: plain(value("amount")), reason: value("reason"), key: account.key });
      await this.load();
      announce(t("refund.done", { amount: money(body.refunded.amount, body.refunded.currency) }), true);
      this.dispatchEvent(new CustomEvent("refunded", { bubbles: true }));
    } catch (problem) {
      this.errors = { of: account.id, ...Object.fromEntries((problem.errors ?? []).map((e) => [e.pointer.slice(1), word("refund_fault", e.code)])) };
      if (problem.status !== 422 || !problem.errors?.length) this.refused = problem;
      await this.updateComplete;
      this.querySelector("[aria-invalid=true]")?.focus();
    }
    this.busy = null;
  }

  form(account) {
    const errors = this.errors.of === account.id ? this.errors : {}, off = this.busy ? "true" : "false";
    return html`<form class="card pad stack" novalidate @submit=${(event) => this.pay(event, account)} aria-busy=${this.busy === account.id ? "true" : "false"} aria-label=${t("refund.of", { number: account.number })}>
      ${this.refused && errors.of ? html`<x-problem .problem=${this.refused}></x-problem>` : nothing}
      <p>${t("refund.owed", { number: account.number, owed: money(account.owed.amount, account.owed.currency) })}</p>
      <x-field name="amount" label=${t("field.amount")} autocomplete="off" required .value=${account.owed.amount} .error=${errors.amount ?? ""}></x-field>
      <x-field name="reason" label=${t("field.reason")} hint=${t("refund.reason_hint")} maxlength="140" autocomplete="off" required .error=${errors.reason ?? ""}></x-field>
      <div><button class="button strong" aria-disabled=${off}>${t("refund.pay")}</button></div>
    </form>`;
  }

  render() {
    if (this.problem) return html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>`;
    if (!this.accounts) return html`<div class="card pad" aria-busy="true"><span class="bone"></span></div>`;
    if (this.accounts.length === 0) return html`<div class="card pad"><p class="muted">${t("refund.none")}</p></div>`;
    return this.accounts.map((account) => this.form(account));
  }
}
customElements.define("x-refund", XRefund);
