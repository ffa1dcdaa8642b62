/**
 * `<x-plan>`: plans a move or a transfer: who, whereto, on which day, and in plain words what comes of it before
 * anything is sent.  Says `planned`.
 */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { get, post } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { date } from "../../lib/format.js";
import { rich, t, word } from "../../lib/i18n.js";
import { tenants } from "../../lib/state.js";
import "../x-field/x-field.js";
import "../x-pick/x-pick.js";
import "../x-problem/x-problem.js";

/** A tree has levels 0 to 4. */
const LEVELS = 5;

const inDays = (n) => new Date(Date.now() + n * 86400000).toISOString().slice(0, 10);

/** Each: the address, its members, what is asked for, and the words of what comes of it. */
const KINDS = {
  move: {
    path: "moves",
    who: { name: "tenant", path: "tenants", label: () => t("move.who") },
    to: { name: "parent", label: () => t("move.parent") },
    comes: ({ below }) => [below ? "move.comes_below" : "move.comes", "move.comes_see", "move.comes_bounds", "move.comes_bills", "move.comes_meanwhile"],
    done: () => t("move.planned"),
    make: () => t("move.make"),
  },
  transfer: {
    path: "transfers",
    who: { name: "customer", path: "customers", label: () => t("transfer.who") },
    to: { name: "to", label: () => t("transfer.to") },
    comes: () => ["transfer.comes", "transfer.comes_new", "transfer.comes_bills", "transfer.comes_people"],
    done: () => t("transfer.planned"),
    make: () => t("transfer.make"),
  },
};

class XPlan extends Element {
  static properties = {
    /** "move" or "transfer" */
    kind: {},
    /** id of whom the plan begins with, or "" */
    given: {},
    /** the tenants that the reader sees */
    all: { state: true },
    who: { state: true },
    to: { state: true },
    day: { state: true },
    problem: { state: true },
    errors: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { who: null, to: null, day: inDays(1), errors: {} });
  }

  willUpdate(changed) {
    if (changed.has("given")) this.load();
  }

  async load() {
    this.problem = null;
    try {
      this.all = new Map((await tenants()).data.map((one) => [one.id, one]));
      if (this.given) await this.choose(this.given);
    } catch (problem) {
      this.problem = problem;
    }
  }

  get words() {
    return KINDS[this.kind];
  }

  /** A resellers' row; of one that is beyond those that are known, asked for. */
  async tenant(id) {
    return this.all.get(id) ?? (await get(`tenants/${encodeURIComponent(id)}`)).body;
  }

  async choose(id) {
    Object.assign(this, { to: null, errors: {}, problem: null });
    if (!id) this.who = null;
    else await this.begin(id);
  }

  async begin(id) {
    try {
      this.who = this.kind === "move" ? await this.tenant(id) : (await get(`customers/${encodeURIComponent(id)}`)).body;
    } catch (problem) {
      this.problem = problem;
    }
  }

  async goes(id) {
    this.to = id ? await this.tenant(id).catch(() => ({ id, name: "" })) : null;
    this.errors = { ...this.errors, [this.words.to.name]: "" };
  }

  /** Is the one that, or below it? */
  within(one, id) {
    for (let at = one; at; at = this.all.get(at.parent)) if (at.id === id) return true;
    return false;
  }

  below() {
    return [...this.all.values()].filter((one) => one.id !== this.who.id && this.within(one, this.who.id));
  }

  /** Can it be whom that goes to?  As far as the portal knows; the server decides. */
  fits = (one) => {
    if (one.state !== "active") return false;
    if (this.kind === "transfer") return one.id !== this.who.tenant;
    const depth = Math.max(this.who.level, ...this.below().map((b) => b.level)) - this.who.level;
    return one.id !== this.who.parent && !this.within(one, this.who.id) && one.level + 1 + depth < LEVELS;
  };

  /** Can that go at all? */
  goer = (one) => (this.kind === "move" ? one.kind !== "provider" : one.state === "active");

  fault({ code }) {
    return this.kind === "move" ? word("move_fault", code) : word("transfer_fault", code);
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const { path, who, to, done } = this.words;
    const body = { [who.name]: this.who?.id, [to.name]: this.to?.id, day: this.day };
    this.problem = null;
    this.errors = Object.fromEntries(Object.entries(body).filter(([, value]) => !value).map(([name]) => [name, t("plan.missing")]));
    if (Object.keys(this.errors).length === 0) await this.send(path, body, done());
    await this.updateComplete;
    this.querySelector("[aria-invalid=true]")?.focus();
  }

  async send(path, body, said) {
    this.busy = true;
    try {
      await post(path, body);
      announce(said, true);
      Object.assign(this, { who: null, to: null, day: inDays(1) });
      this.dispatchEvent(new CustomEvent("planned", { bubbles: true }));
    } catch (problem) {
      this.errors = Object.fromEntries(problem.errors.map((e) => [e.pointer.slice(1), this.fault(e)]));
      if (problem.status !== 422) this.problem = problem;
    }
    this.busy = false;
  }

  /** What is wrong as a whole: another plan for the same one stands. */
  failed() {
    if (!this.problem) return nothing;
    if (this.problem.status === 409) return html`<p class="note" role="alert">${t("plan.again")}</p>`;
    return html`<x-problem .problem=${this.problem} .retry=${this.all ? undefined : () => this.load()}></x-problem>`;
  }

  comes() {
    if (!this.who || !this.to || !this.day) return nothing;
    const below = this.kind === "move" ? this.below().length : 0;
    const from = this.kind === "move" ? this.who.parent_name : this.who.tenant_name;
    const values = { name: html`<bdi>${this.who.name}</bdi>`, from: html`<bdi>${from}</bdi>`, to: html`<bdi>${this.to.name}</bdi>`, day: date(this.day), n: below };
    return html`<div class="x-plan-comes" aria-live="polite"><p><strong>${t("plan.comes")}</strong></p>
      <ul>${this.words.comes({ below }).map((key) => html`<li>${rich(key, values)}</li>`)}</ul></div>`;
  }

  picker(part, props) {
    const { label } = part;
    return html`<div class="x-plan-pick"><span aria-hidden="true">${label()}</span>
      <x-pick label=${label()} path=${part.path ?? "tenants"} .value=${props.value?.id ?? ""} .only=${props.only} error=${this.errors[part.name] ?? ""} @pick=${props.pick}></x-pick></div>`;
  }

  render() {
    const { who, to, make } = this.words;
    if (!this.all) return html`<div class="card pad">${this.problem ? this.failed() : html`<span class="bone"></span>`}</div>`;
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.failed()}
      ${this.picker(who, { value: this.who, only: this.goer, pick: (event) => this.choose(event.detail) })}
      ${this.who ? this.picker(to, { value: this.to, only: this.fits, pick: (event) => this.goes(event.detail) }) : html`<p class="muted">${t("plan.first")}</p>`}
      <x-field name="day" type="date" label=${t("field.day")} hint=${t("plan.day_hint")} .value=${this.day} required .error=${this.errors.day ?? ""} @input=${(event) => (this.day = event.target.value)}></x-field>
      ${this.comes()}
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${make()}</button>
    </form>`;
  }
}
customElements.define("x-plan", XPlan);
