/**
 * `<x-agents>`: who earns a commission under an agreement, with the rates.  `editable`: written one below the other, and read
 * from `.value` as the server wants it; else those of `agreement`, an id, which are asked for when they are looked at.
 */
import { html, nothing, repeat } from "../../vendor/lit.js";
import { get } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { perCent } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/i18n.js";
import "../x-problem/x-problem.js";

let keys = 0;
const fresh = (tenant) => ({ key: ++keys, tenant, rate: "", tax_rate: "" });

class XAgents extends Element {
  static properties = {
    editable: { type: Boolean },
    /** who can be one: {id, name} */
    tenants: { attribute: false },
    /** @type {Record<number, string>} what is wrong, by agent */
    errors: { attribute: false },
    agreement: {},
    rows: { state: true },
    agents: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { tenants: [], errors: {}, rows: [], agents: null });
  }

  willUpdate(changed) {
    if (changed.has("agreement")) Object.assign(this, { agents: null, problem: null });
  }

  get value() {
    return this.rows.map(({ tenant, rate, tax_rate }) => ({ tenant, rate: rate.trim(), tax_rate: tax_rate.trim() }));
  }

  async load() {
    this.problem = null;
    try {
      this.agents = (await get(`agreements/${encodeURIComponent(this.agreement)}`)).body.agents ?? [];
    } catch (problem) {
      this.problem = problem;
    }
  }

  change(row, more) {
    this.rows = this.rows.map((one) => (one === row ? { ...one, ...more } : one));
  }

  async add() {
    this.rows = [...this.rows, fresh(this.tenants.find((one) => !this.rows.some((row) => row.tenant === one.id))?.id ?? this.tenants[0].id)];
    await this.updateComplete;
    this.querySelector("li:last-child select")?.focus();
  }

  async drop(row) {
    this.rows = this.rows.filter((one) => one !== row);
    await this.updateComplete;
    this.querySelector(".x-agents-add")?.focus();
  }

  number(row, name, label, n, wrong) {
    const id = `agent-${row.key}-${name}`;
    return html`<div><label for=${id}><span aria-hidden="true">${label}</span><span class="hush">${t("agents.cell", { what: label, n })}</span></label>
      <input id=${id} inputmode="decimal" autocomplete="off" maxlength="10" dir="ltr" aria-invalid=${wrong ? "true" : "false"} .value=${row[name]} @input=${(event) => this.change(row, { [name]: event.target.value })} /></div>`;
  }

  written(row, i) {
    const n = i + 1, error = this.errors[i], id = `agent-${row.key}`, wrong = Boolean(error);
    return html`<li>
      <div class="cells x-agents-cells">
        <div><label for=${id}><span aria-hidden="true">${t("agents.who")}</span><span class="hush">${t("agents.cell", { what: t("agents.who"), n })}</span></label>
          <select id=${id} aria-invalid=${wrong ? "true" : "false"} @change=${(event) => this.change(row, { tenant: event.target.value })}>${this.tenants.map((one) => html`<option value=${one.id} ?selected=${one.id === row.tenant}>${one.name}</option>`)}</select></div>
        ${this.number(row, "rate", t("agents.rate"), n, wrong)}${this.number(row, "tax_rate", t("agents.tax_rate"), n, wrong)}
        <button type="button" class="button" aria-label=${t("agents.drop", { n })} title=${t("agents.drop", { n })} @click=${() => this.drop(row)}>${icon("close")}</button>
      </div>
      ${error ? html`<p class="cells-error x-agents-error">${icon("warning")}<span>${error}</span></p>` : nothing}
    </li>`;
  }

  shown() {
    if (this.problem) return html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>`;
    if (!this.agents) return nothing;
    if (this.agents.length === 0) return html`<p class="muted">${t("agents.none")}</p>`;
    return html`<ul>${this.agents.map((one) => html`<li>${t("agents.earns", { name: one.tenant_name, rate: perCent(one.rate), tax: perCent(one.tax_rate) })}</li>`)}</ul>`;
  }

  render() {
    if (!this.editable) {
      return html`<details @toggle=${(event) => event.target.open && !this.agents && this.load()}><summary>${t("agents.title")}</summary>${this.shown()}</details>`;
    }
    if (this.tenants.length === 0) return html`<p class="muted">${t("agents.nobody")}</p>`;
    return html`<fieldset class="cells-set"><legend>${t("agents.title")}</legend>
      <p class="muted small">${t("agents.hint")}</p>
      <ol>${repeat(this.rows, (row) => row.key, (row, i) => this.written(row, i))}</ol>
      <button type="button" class="button x-agents-add" @click=${() => this.add()}>${t("agents.add")}</button></fieldset>`;
  }
}
customElements.define("x-agents", XAgents);
