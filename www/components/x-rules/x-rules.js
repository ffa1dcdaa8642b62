/**
 * `<x-rules>`: the rules of a version of a price list as a table, to read or to write.  What was written is read from
 * `.value`, as the server wants it.  Rules for one account are shown and kept, and written by the API alone.
 */
import { html, nothing, repeat } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { date, decimal, joined } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { t, word } from "../../lib/i18n.js";
import "../x-tiers/x-tiers.js";

const METHODS = ["fixed", "rrp_minus_pct", "rrp_plus_pct", "cost_plus_pct", "cost_plus_abs", "pass_through", "tiers"];
const VALUED = new Set(METHODS.slice(0, 5));
const KEPT = ["account", "starts", "ends"];

let keys = 0;

class XRules extends Element {
  static properties = {
    /** as the server has them */
    rules: { attribute: false },
    caption: {},
    editable: { type: Boolean },
    /** what can be named: {id, name} */
    offerings: { attribute: false },
    products: { attribute: false },
    /** @type {Record<number, string>} what is wrong, by rule */
    errors: { attribute: false },
    /** @type {Record<number, Record<number, string>>} what is wrong, by rule and tier */
    faults: { attribute: false },
    rows: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { rules: [], offerings: [], products: [], errors: {}, faults: {}, rows: [] });
  }

  willUpdate(changed) {
    if (changed.has("rules")) this.rows = this.rules.map((rule) => ({ ...rule, given: rule.tiers, key: ++keys }));
  }

  /** All rules, without the names that stand beside the ids. */
  get value() {
    return this.rows.map((row) => {
      const rule = { method: row.method };
      for (const name of KEPT) if (row[name]) rule[name] = row[name];
      if (row.offering) rule.offering = row.offering;
      else if (row.product) rule.product = row.product;
      if (VALUED.has(row.method)) rule.value = (row.value ?? "").trim();
      if ((row.floor ?? "").trim()) rule.floor = row.floor.trim();
      if (row.method === "tiers") rule.tiers = row.tiers;
      return rule;
    });
  }

  change(row, more) {
    this.rows = this.rows.map((one) => (one === row ? { ...one, ...more } : one));
  }

  /** A rule by tiers begins with one, which has no end. */
  by(row, method) {
    const tiers = method === "tiers" && !row.tiers?.length ? [{ unit: "" }] : row.tiers;
    this.change(row, { method, tiers });
  }

  async add() {
    this.rows = [...this.rows, { key: ++keys, method: "rrp_minus_pct", value: "", tiers: [] }];
    await this.updateComplete;
    this.querySelector("tbody tr:last-child select")?.focus();
  }

  async drop(row) {
    this.rows = this.rows.filter((one) => one !== row);
    await this.updateComplete;
    this.querySelector(".x-rules-add")?.focus();
  }

  /** What it is for: everything, a segment or an offering, and whose account. */
  of(row) {
    const what = row.offering ? row.offering_name : row.product ? row.product_name : t("price.everything");
    const span = joined([row.starts && t("price.since", { day: date(row.starts) }), row.ends && t("price.until", { day: date(row.ends) })]);
    return html`<span>${what}</span>${row.account ? html`<span class="sub">${t("price.only_for", { account: row.account_number ?? "" })}</span>` : nothing}${span ? html`<span class="sub">${span}</span>` : nothing}`;
  }

  tiers(row) {
    return html`<ul class="x-rules-tiers">${row.tiers.map((tier) => html`<li><bdi class="figures">${t("price.tier", { above: decimal(tier.above), unit: decimal(tier.unit) })}</bdi>${Number(tier.flat ?? 0) === 0 ? nothing
      : html` <bdi class="figures">${t("price.tier_flat", { flat: decimal(tier.flat) })}</bdi>`}</li>`)}</ul>`;
  }

  shown(row) {
    return html`<tr role="row">
      <th scope="row" role="rowheader" data-place="lead">${this.of(row)}</th>
      <td role="cell" data-place="detail" data-label=${t("price.method")}>${word("price_method", row.method)}</td>
      <td role="cell" data-place="detail" data-label=${t("price.value")}>${row.method === "tiers" ? this.tiers(row) : row.value === null ? nothing : html`<bdi class="figures">${decimal(row.value)}</bdi>`}</td>
      <td role="cell" data-place="detail" data-label=${t("price.floor")} ?data-none=${!row.floor}>${row.floor ? html`<bdi class="figures">${decimal(row.floor)}</bdi>` : nothing}</td>
    </tr>`;
  }

  target(row, n) {
    if (row.account) return this.of(row);
    const chosen = row.offering ? `o ${row.offering}` : row.product ? `p ${row.product}` : "";
    const option = (value, name) => html`<option value=${value} ?selected=${value === chosen}>${name}</option>`;
    const choose = (value) => this.change(row, { offering: value.startsWith("o ") ? value.slice(2) : null, product: value.startsWith("p ") ? value.slice(2) : null });
    return html`<select aria-label=${t("price.cell", { what: t("price.for"), n })} @change=${(event) => choose(event.target.value)}>
      ${option("", t("price.everything"))}
      <optgroup label=${t("price.segments")}>${this.products.map((one) => option(`p ${one.id}`, one.name))}</optgroup>
      <optgroup label=${t("price.offerings")}>${this.offerings.map((one) => option(`o ${one.id}`, one.name))}</optgroup>
    </select>`;
  }

  number(row, name, what, n) {
    return html`<input inputmode="decimal" autocomplete="off" maxlength="19" dir="ltr" aria-label=${t("price.cell", { what, n })} .value=${row[name] ?? ""} @input=${(event) => this.change(row, { [name]: event.target.value })} />`;
  }

  written(row, i) {
    const n = i + 1, error = this.errors[i];
    return html`<tr role="row" aria-invalid=${error ? "true" : "false"}>
      <th scope="row" role="rowheader" data-place="lead">${this.target(row, n)}${error ? html`<p class="x-rules-error">${icon("warning")}<span>${error}</span></p>` : nothing}</th>
      <td role="cell" data-place="detail" data-label=${t("price.method")}><select aria-label=${t("price.cell", { what: t("price.method"), n })} @change=${(event) => this.by(row, event.target.value)}>
          ${METHODS.map((one) => html`<option value=${one} ?selected=${one === row.method}>${word("price_method", one)}</option>`)}</select></td>
      <td role="cell" data-place="detail" data-label=${t("price.value")}>${row.method === "tiers" ? html`<x-tiers .given=${row.given} .errors=${this.faults[i] ?? {}} @tiers=${(event) => this.change(row, { tiers: event.detail })}></x-tiers>`
        : VALUED.has(row.method) ? this.number(row, "value", t("price.value"), n) : nothing}</td>
      <td role="cell" data-place="detail" data-label=${t("price.floor")}>${this.number(row, "floor", t("price.floor"), n)}</td>
      <td role="cell" data-place="action"><button type="button" class="button" aria-label=${t("price.drop", { n })} title=${t("price.drop", { n })} @click=${() => this.drop(row)}>${icon("close")}</button></td>
    </tr>`;
  }

  render() {
    const head = (label, place) => html`<th scope="col" role="columnheader" data-place=${place}><span>${label}</span></th>`;
    return html`<div class="x-rules-frame"><table role="table" class="x-rules-table">
        <caption class="hush">${this.caption}</caption>
        <thead role="rowgroup"><tr role="row">${head(t("price.for"), "lead")}${head(t("price.method"), "detail")}${head(t("price.value"), "detail")}${head(t("price.floor"), "detail")}
          ${this.editable ? head(html`<span class="hush">${t("field.action")}</span>`, "action") : nothing}</tr></thead>
        <tbody role="rowgroup">${repeat(this.rows, (row) => row.key, (row, i) => (this.editable ? this.written(row, i) : this.shown(row)))}</tbody>
      </table></div>
      ${this.editable ? html`<button type="button" class="button x-rules-add" @click=${() => this.add()}>${t("price.add")}</button>` : nothing}`;
  }
}
customElements.define("x-rules", XRules);
