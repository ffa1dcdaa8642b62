/**
 * `<x-subscribe>`: orders a subscription or changes one, from a day on.  Nothing is sent for good before the reader has seen
 * what it comes to on both sides.  Says `subscribed` with the subscription that there is then, or `cancel`.
 */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { all, patch, post } from "../../lib/api.js";
import { sum } from "../../lib/columns.js";
import { Element } from "../../lib/element.js";
import { date, period, rate } from "../../lib/format.js";
import { t, word } from "../../lib/i18n.js";
import { may } from "../../lib/state.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

/** Each: its words, what is asked for, the field of its day, and a note on what comes of it. */
export const KINDS = {
  order: { label: () => t("subscribe.order"), fields: ["account", "offering", "addon_of", "quantity", "starts", "ends", "free_until", "committed_until"], day: "starts" },
  quantity: { label: () => t("subscribe.quantity"), fields: ["quantity", "from"], day: "from", note: () => t("subscribe.replaces_planned") },
  plan: { label: () => t("subscribe.plan"), fields: ["offering", "quantity", "from"], day: "from" },
  suspend: { label: () => t("subscribe.suspend"), fields: ["from"], day: "from", note: () => t("subscribe.replaces_planned") },
  resume: { label: () => t("subscribe.resume"), fields: ["from"], day: "from" },
  end: { label: () => t("subscribe.end"), fields: ["ends"], day: "ends", hint: () => t("subscribe.end_hint") },
  renew: { label: () => t("subscribe.renew"), fields: ["ends"], hint: () => t("subscribe.renew_hint") },
};

const OPTIONAL = ["account", "addon_of", "ends", "free_until", "committed_until"];
const SIDES = ["charged", "cost", "margin"];

/** The day that the server names in a fault. */
const dayIn = (detail) => /\d{4}-\d{2}-\d{2}/.exec(detail ?? "")?.[0];

class XSubscribe extends Element {
  static properties = {
    /** one of KINDS */
    kind: {},
    /** id of whose subscription it is to be; of an order alone */
    customer: {},
    /** the one that is changed, and its tag */
    subscription: { attribute: false },
    etag: {},
    offerings: { state: true },
    accounts: { state: true },
    /** what an order can be added to */
    bases: { state: true },
    /** what was asked for, and what it comes to */
    said: { state: true },
    trial: { state: true },
    /** it is committed, and the reader may say that this is known */
    early: { state: true },
    problem: { state: true },
    errors: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { errors: {}, values: {} });
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  get asks() {
    return KINDS[this.kind].fields.filter((name) => (name !== "account" || this.accounts?.length > 1) && (name !== "addon_of" || this.bases?.length > 0));
  }

  async load() {
    this.problem = null;
    try {
      const sold = KINDS[this.kind].fields.includes("offering");
      const order = this.kind === "order";
      const [offerings, accounts, bases] = await Promise.all([
        sold && may("offering.read") ? all("offerings") : { data: [] },
        order && may("account.read") ? all("accounts", { customer: this.customer }) : { data: null },
        order && may("subscription.read") ? all("subscriptions", { customer: this.customer }) : { data: [] },
      ]);
      this.offerings = offerings.data.filter((one) => one.state !== "ended" && (this.kind !== "plan" || (one.kind === "recurring" && one.id !== this.subscription.offering)));
      this.bases = bases.data.filter((one) => one.id && one.offering_name && one.state !== "ended" && !one.addon_of);
      this.accounts = accounts.data?.filter((one) => one.state !== "closed") ?? null;
    } catch (problem) {
      this.problem = problem;
    }
  }

  body() {
    const value = (name) => this.querySelector(`x-field[name="${name}"]`)?.value.trim() ?? "";
    const body = Object.fromEntries(this.asks.map((name) => [name, value(name)]).filter(([, text]) => text));
    this.values = { ...body };
    if (body.quantity) body.quantity = body.quantity.replace(",", ".");
    if (this.kind === "order" && !body.account) {
      if (this.accounts?.length === 1) body.account = this.accounts[0].id;
      else body.customer = this.customer;
    }
    if (this.kind === "renew") body.ends ??= null;
    if (this.querySelector("input[name=early]")?.checked) body.early = true;
    return body;
  }

  send(body) {
    if (this.kind === "order") return post("subscriptions", body);
    const path = `subscriptions/${encodeURIComponent(this.subscription.id)}`;
    if (this.kind === "quantity") return patch(path, body, this.etag);
    return post(`${path}/${this.kind === "plan" ? "change" : this.kind}`, body);
  }

  /** Does a step with the server; what it does not take stands at its place. */
  async step(act) {
    if (this.busy) return;
    Object.assign(this, { busy: true, problem: null, errors: {} });
    try {
      await act();
    } catch (problem) {
      this.trial = null;
      this.early ||= problem.errors?.some((e) => e.code === "committed");
      this.errors = Object.fromEntries((problem.errors ?? []).map((e) => [e.pointer.split("/")[1], this.fault(e)]));
      if (problem.status !== 422) this.problem = problem;
      await this.updateComplete;
      this.querySelector("[aria-invalid=true]")?.focus();
    }
    this.busy = false;
  }

  fault({ code, detail }) {
    const day = dayIn(detail) && date(dayIn(detail));
    if (code === "billed") return t("subscribe_fault.billed", { day });
    return code === "committed" ? t("subscribe_fault.committed", { day }) : word("subscribe_fault", code);
  }

  look(event) {
    event.preventDefault();
    this.step(async () => {
      const said = this.body();
      const { body } = await this.send({ ...said, preview: true });
      Object.assign(this, { said, trial: body });
      await this.updateComplete;
      this.querySelector(".x-subscribe-confirm")?.focus();
    });
  }

  confirm() {
    this.step(async () => {
      /* On the day that was shown, also if the reader said none or it is tomorrow by now. */
      const said = this.kind === "renew" ? this.said : { ...this.said, [KINDS[this.kind].day]: this.trial.from };
      const { body } = await this.send(said);
      announce(t("subscribe.done"), true);
      this.dispatchEvent(new CustomEvent("subscribed", { detail: body }));
    });
  }

  async again() {
    this.trial = null;
    await this.updateComplete;
    this.querySelector("x-field")?.focus();
  }

  options(name) {
    if (name === "account") return this.accounts.map(({ id, number }) => ({ value: id, label: number }));
    if (name === "addon_of") return [{ value: "", label: t("subscribe.alone") }, ...this.bases.map((one) => ({ value: one.id, label: t("subscribe.addon_of", { offering: one.offering_name, day: one.starts ? date(one.starts) : "" }) }))];
    return [{ value: "", label: t("subscribe.choose") }, ...this.offerings.map(({ id, name: label }) => ({ value: id, label }))];
  }

  field(name) {
    const error = this.errors[name] ?? "";
    if (["account", "offering", "addon_of"].includes(name)) {
      const options = this.options(name);
      return html`<x-field name=${name} label=${word("field", name)} .options=${options} .hint=${name === "addon_of" ? t("subscribe.addon_hint") : undefined} .value=${this.values[name] ?? options[0].value} .error=${error}></x-field>`;
    }
    const form = KINDS[this.kind];
    const quantity = name === "quantity";
    const value = this.values[name] ?? (quantity ? (this.subscription?.quantity ?? "1") : "");
    const label = name === "from" || name === "starts" ? t("subscribe.day") : word("field", name);
    const hint = name === "from" || name === "starts" ? t("subscribe.day_hint") : name === "ends" ? form.hint?.() : undefined;
    return html`<x-field name=${name} type=${quantity ? "text" : "date"} label=${label} .value=${value} .hint=${hint} .error=${error} autocomplete="off" ?required=${quantity && !OPTIONAL.includes(name)}></x-field>`;
  }

  /** What stands at no field of the form. */
  others() {
    const other = Object.entries(this.errors).filter(([name]) => !this.asks.includes(name));
    return other.map(([, text]) => html`<p class="note" role="alert">${text}</p>`);
  }

  buttons(first) {
    return html`<div class="row">${first}<button type="button" class="button" @click=${() => this.dispatchEvent(new CustomEvent("cancel"))}>${t("subscribe.cancel")}</button></div>`;
  }

  money() {
    const { periods, from, unpriced, early } = this.trial;
    const side = (p, name) => html`<tr><th scope="row">${word("field", name)}</th><td>${sum(p[name].before)}</td><td>${sum(p[name].after)}</td></tr>`;
    return html`<div class="stack">
      <table>
        <caption>${t("subscribe.caption")}</caption>
        <thead><tr><th scope="col">${t("subscribe.side")}</th><th scope="col">${t("subscribe.before")}</th><th scope="col">${t("subscribe.after")}</th></tr></thead>
        ${periods.map((p) => html`<tbody><tr><th scope="rowgroup" colspan="3">${period(p.starts, p.ends)}</th></tr>${SIDES.filter((name) => p[name]).map((name) => side(p, name))}</tbody>`)}
      </table>
      <p class="muted small">${t("subscribe.net", { day: date(from) })}</p>
      ${this.rates(periods)}
      ${early?.charged ? html`<p class="note">${t("subscribe.owed")} ${sum(early.charged)}</p>` : nothing}
      ${unpriced ? html`<p class="note">${t("subscribe.unpriced")}</p>` : nothing}
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      ${this.buttons(html`<button type="button" class="button strong x-subscribe-confirm" aria-disabled=${this.busy ? "true" : "false"} @click=${() => this.confirm()}>${t("subscribe.confirm")}</button>
        <button type="button" class="button" @click=${() => this.again()}>${t("subscribe.back")}</button>`)}
    </div>`;
  }

  /** At which rates the cost was converted, each once. */
  rates(periods) {
    const said = periods.flatMap((p) => p.rates ?? []).map((r) => t("subscribe.rate", { from: r.currency, to: r.worth_in, rate: rate(r.rate), source: r.source, day: date(r.day) }));
    return html`${[...new Set(said)].map((text) => html`<p class="muted small">${text}</p>`)}${periods.some((p) => p.unconverted) ? html`<p class="note">${t("subscribe.unconverted")}</p>` : nothing}`;
  }

  blocked() {
    if (this.kind === "order" && this.accounts?.length === 0) return t("subscribe.no_account");
    return KINDS[this.kind].fields.includes("offering") && !this.offerings.length ? t("subscribe.none") : "";
  }

  render() {
    if (!this.offerings) return this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : html`<span class="bone"></span>`;
    if (this.blocked()) return html`<div class="stack"><p>${this.blocked()}</p>${this.buttons(nothing)}</div>`;
    if (this.trial) return this.money();
    const { note } = KINDS[this.kind];
    return html`<form class="stack" novalidate @submit=${this.look} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      ${this.others()} ${this.asks.map((name) => this.field(name))}
      ${this.early ? html`<label class="x-subscribe-early"><input type="checkbox" name="early" /><span>${t("subscribe.early")}</span></label>` : nothing}
      ${note ? html`<p class="muted small">${note()}</p>` : nothing}
      ${this.buttons(html`<button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("subscribe.preview")}</button>`)}
    </form>`;
  }
}
customElements.define("x-subscribe", XSubscribe);
