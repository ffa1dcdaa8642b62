/**
 * `<x-amount>`: why a line of a bill costs what it does, step by step in a dialog; opened by `.show(line)`.  The figures are the
 * server's; nothing is computed here.  What who reads may not see of a step is not in it.
 */
import { html, nothing } from "../../vendor/lit.js";
import { get, list } from "../../lib/api.js";
import { Element, uid } from "../../lib/element.js";
import { date, decimal, money, perCent, period } from "../../lib/format.js";
import { t, word } from "../../lib/i18n.js";
import "../x-problem/x-problem.js";

/** Things of one line that are told one by one: of a bill to a house a line can have thousands.  Where they are paged, of a page. */
const MOST = 20;

const price = (value) => money(value.amount, value.currency, true);

/** By how the offering is priced.  Literal keys, as each is a text of its own. */
const PRICED = {
  per_unit: (x) => t("amount.per_unit", x),
  flat: (x) => t("amount.flat", x),
  package: (x) => t("amount.package", x),
  graduated: (x) => t("amount.graduated", x),
  volume: (x) => t("amount.volume", x),
};

/** What is missing to a minimum: nothing was bought for it. */
function topUp(x) {
  const paid = (value) => money(value.amount, value.currency), all = [t("amount.charged_before", { charged: paid(x.charged_before) }), t("amount.at_least", { minimum: paid(x.at_least), missing: paid(x.net) })];
  if (x.tax_rate !== undefined) all.push(t("amount.tax", { rate: perCent(x.tax_rate) }));
  return all;
}

/** From what was metered or bought to the net, and the tax on it. */
export function steps(x) {
  if (x.at_least && x.charged_before) return topUp(x);
  const unit = x.unit ? word("unit", x.unit) : "", quantity = decimal(x.quantity), when = period(x.period_start, x.period_end), all = [];
  if (x.metered) {
    all.push(t("amount.metered", { metered: decimal(x.metered), unit, period: when, events: decimal(x.events ?? 0) }));
    all.push(t("amount.included", { included: decimal(x.included ?? 0), unit, quantity }));
  } else all.push(t("amount.quantity", { quantity, unit, period: when }));
  all.push((PRICED[x.model] ?? PRICED.per_unit)({ price: price(x.unit_price), size: x.size ? decimal(x.size) : "", tier: x.tier ?? "", tier_price: x.tier_price ? price(x.tier_price) : "" }));
  if (x.priced_in && x.exchange_rate) all.push(t("amount.converted", { currency: x.priced_in, rate: decimal(x.exchange_rate), source: x.rate_source ?? "", day: x.rate_day ? date(x.rate_day) : "" }));
  if (x.method && !x.rule_of) all.push(t("amount.own_rule", { method: word("price_method", x.method), value: x.value && Number(x.value) !== 0 ? ` ${decimal(x.value)}` : "" }));
  else if (x.method) all.push(t("amount.rule", { method: word("price_method", x.method), value: x.value && Number(x.value) !== 0 ? ` ${decimal(x.value)}` : "", what: word("rule_of", x.rule_of), list: x.list_name ?? "" }));
  if (x.days !== x.of_days) all.push(t("amount.share", { days: decimal(x.days), of_days: decimal(x.of_days) }));
  const sum = `${quantity} × ${price(x.unit_price)}${x.days === x.of_days ? "" : ` × ${decimal(x.days)} ∕ ${decimal(x.of_days)}`}`;
  const paid = (value) => money(value.amount, value.currency);
  all.push(t("amount.rounded", { sum: `\u2068${sum}\u2069`, net: paid(x.amount ?? x.net) }));
  if (x.discount && Number(x.discount.amount)) all.push(t("amount.discount", { name: x.discount_name || t("amount.a_discount"), per_cent: x.discount_percent ? ` (${perCent(x.discount_percent)})` : "", taken: paid(x.discount), net: paid(x.net) }));
  if (x.tax_rate !== undefined) all.push(t("amount.tax", { rate: perCent(x.tax_rate) }));
  return all;
}

class XAmount extends Element {
  static properties = {
    /** where the bill is: "documents/inv_..." */
    at: {},
    /** a bill to the own house: asked line by line and page by page */
    paged: { type: Boolean },
    line: { state: true },
    things: { state: true },
    next: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.key = uid("amount");
  }

  willUpdate(changed) {
    if (changed.has("at")) this.things = null;
  }

  /** The keyboard goes back to where it was by itself. */
  async show(line) {
    if (this.paged && line.position !== this.line?.position) Object.assign(this, { things: null, next: null });
    this.line = line;
    this.querySelector("dialog").showModal();
    if (!this.things) await this.load();
  }

  async load() {
    this.problem = null;
    if (this.paged) return this.more();
    try {
      this.things = (await get(`${this.at}/explain`)).body.data;
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** An answer for a line that is not looked at any more is left alone. */
  async more() {
    const { line, next } = this;
    if (this.busy === line) return;
    Object.assign(this, { busy: line, problem: null });
    try {
      const page = await list(`${this.at}/explain`, next ? { cursor: next, limit: MOST } : { line: line.position, limit: MOST });
      if (this.line === line) Object.assign(this, { things: [...(next ? this.things : []), ...page.data.map((one) => ({ ...one, position: line.position }))], next: page.next });
    } catch (problem) {
      if (this.line === line) this.problem = problem;
    }
    if (this.busy === line) this.busy = null;
  }

  /** Whom of the own customers a thing was bought for. */
  whom(one) {
    return one.customer_name ? html`<h3>${t("amount.bought_for", { customer: one.customer_name, number: one.account_number ?? "" })}</h3>` : nothing;
  }

  each(mine) {
    const told = this.paged ? mine : mine.slice(0, MOST);
    return told.map((one) => html`${this.whom(one)}<ol>${steps(one).map((step) => html`<li>${step}</li>`)}</ol>`);
  }

  rest(mine) {
    if (!this.paged) return mine.length > MOST ? html`<p>${t("amount.more", { n: mine.length - MOST })}</p>` : nothing;
    return this.next ? html`<button type="button" class="button" aria-disabled=${this.busy ? "true" : "false"} @click=${() => this.more()}>${t("list.more")}</button>` : nothing;
  }

  several(mine) {
    if (mine.length < 2) return nothing;
    return html`<p>${this.paged ? t("amount.sum_of") : t("amount.several", { n: mine.length })}</p>`;
  }

  told() {
    if (!this.line) return nothing;
    if (this.problem) return html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>`;
    if (!this.things) return html`<p aria-busy="true"><span class="bone"></span></p>`;
    const mine = this.things.filter((one) => one.position === this.line.position && one.quantity !== undefined && one.unit_price && one.net);
    if (mine.length === 0) return html`<p>${t("amount.none")}</p>`;
    return html`${this.several(mine)} ${this.each(mine)} ${this.rest(mine)}`;
  }

  render() {
    return html`<dialog aria-labelledby=${this.key}>
      <h2 id=${this.key}>${t("amount.ask")}</h2>
      ${this.line ? html`<p class="x-amount-what"><span>${this.line.description}</span> <strong class="figures nowrap">${this.line.net ? money(this.line.net.amount, this.line.net.currency) : nothing}</strong></p>` : nothing}
      ${this.told()}
      <form method="dialog"><button class="button strong">${t("amount.close")}</button></form>
    </dialog>`;
  }
}
customElements.define("x-amount", XAmount);
