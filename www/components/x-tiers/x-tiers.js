/**
 * `<x-tiers>`: the tiers of a price, written one below the other; each begins where the one before it ends.  What was
 * written is read from `.value`, as the server wants it, and told by `tiers` at each change.  `single`: there is only one.
 */
import { html, nothing, repeat } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/i18n.js";

let keys = 0;
const fresh = () => ({ key: ++keys, up_to: "", unit: "", flat: "" });

class XTiers extends Element {
  static properties = {
    single: { type: Boolean },
    /** what there is before anything is written, as the server has it */
    given: { attribute: false },
    /** @type {Record<number, string>} what is wrong, by tier */
    errors: { attribute: false },
    rows: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { errors: {}, rows: [fresh()] });
  }

  willUpdate(changed) {
    if (changed.has("given") && this.given?.length) this.rows = this.given.map((tier) => ({ key: ++keys, up_to: tier.up_to ?? "", unit: tier.unit ?? "", flat: Number(tier.flat ?? 0) === 0 ? "" : tier.flat }));
    if (changed.has("single") && this.single) this.rows = this.rows.slice(-1).map((row) => ({ ...row, up_to: "" }));
  }

  get value() {
    return this.rows.map((row) => Object.fromEntries(["unit", "flat", "up_to"].map((name) => [name, row[name].trim()]).filter(([name, text]) => text || name === "unit")));
  }

  clear() {
    this.rows = [fresh()];
  }

  become(rows) {
    this.rows = rows;
    this.dispatchEvent(new CustomEvent("tiers", { detail: this.value }));
  }

  change(row, name, text) {
    this.become(this.rows.map((one) => (one === row ? { ...one, [name]: text } : one)));
  }

  /** Before the last one, which has no end. */
  async add() {
    this.become([...this.rows.slice(0, -1), fresh(), ...this.rows.slice(-1)]);
    await this.updateComplete;
    this.querySelector(`.x-tiers-row:nth-child(${this.rows.length - 1}) input`)?.focus();
  }

  async drop(row) {
    this.become(this.rows.filter((one) => one !== row));
    await this.updateComplete;
    this.querySelector(".x-tiers-add")?.focus();
  }

  cell(row, name, what, n) {
    const id = `tier-${row.key}-${name}`, wrong = this.errors[n - 1];
    return html`<div><label for=${id}><span aria-hidden="true">${what}</span><span class="hush">${t("catalogue.tier_cell", { what, n })}</span></label>
      <input id=${id} name=${name} inputmode="decimal" autocomplete="off" maxlength="19" dir="ltr" aria-invalid=${wrong ? "true" : "false"} .value=${row[name]} @input=${(event) => this.change(row, name, event.target.value)} /></div>`;
  }

  row(row, i) {
    const n = i + 1, last = n === this.rows.length, error = this.errors[i];
    return html`<li class="x-tiers-row">
      <div class="cells">
        ${last ? nothing : this.cell(row, "up_to", t("catalogue.up_to"), n)}${this.cell(row, "unit", t("field.price"), n)}${this.cell(row, "flat", t("catalogue.flat"), n)}
        ${last ? nothing : html`<button type="button" class="button" aria-label=${t("catalogue.tier_drop", { n })} title=${t("catalogue.tier_drop", { n })} @click=${() => this.drop(row)}>${icon("close")}</button>`}
      </div>
      ${error ? html`<p class="cells-error x-tiers-error">${icon("warning")}<span>${error}</span></p>` : nothing}
    </li>`;
  }

  render() {
    return html`<fieldset class="cells-set"><legend>${this.single ? t("field.price") : t("catalogue.tiers")}</legend>
      <ol>${repeat(this.rows, (row) => row.key, (row, i) => this.row(row, i))}</ol>
      ${this.single ? nothing : html`<button type="button" class="button x-tiers-add" @click=${() => this.add()}>${t("catalogue.tier_add")}</button>`}</fieldset>`;
  }
}
customElements.define("x-tiers", XTiers);
