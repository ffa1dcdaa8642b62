/**
 * `<x-table>`: a real table with a caption, sortable heads, bones of its final shape while
 * it is being loaded, and cards where there is no width for columns.
 */
import { html, ifDefined, nothing, repeat } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/i18n.js";

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} label head of the column
 * @property {(row: object) => unknown} cell what to show
 * @property {"lead" | "figure" | "state" | "action" | "detail"} place where it stands on a card; the lead is the row's head
 * @property {boolean} [bare] on a card, shown without its label
 * @property {string} [sort] name of the list's order
 * @property {boolean} [falling] the order begins with the greatest
 */

class XTable extends Element {
  static properties = {
    caption: {},
    /** @type {Column[]} */
    columns: { attribute: false },
    /** @type {object[] | null} null while it is being loaded */
    rows: { attribute: false },
    /** order in use: "name" or "-issue_date" */
    sort: {},
    busy: { type: Boolean, reflect: true },
    bones: { type: Number },
  };

  constructor() {
    super();
    this.columns = [];
    this.rows = null;
    this.bones = 8;
  }

  head(column) {
    if (!column.sort) return html`<th scope="col" role="columnheader" data-place=${column.place}><span>${column.label}</span></th>`;
    const falling = this.sort === `-${column.sort}`;
    const used = falling || this.sort === column.sort;
    const next = used ? (falling ? column.sort : `-${column.sort}`) : column.falling ? `-${column.sort}` : column.sort;
    return html`<th scope="col" role="columnheader" data-place=${column.place} aria-sort=${used ? (falling ? "descending" : "ascending") : "none"}>
      <button type="button" @click=${() => this.dispatchEvent(new CustomEvent("sort", { detail: next }))}>
        ${column.label}${icon(used ? (falling ? "falling" : "rising") : "sort")}
      </button>
    </th>`;
  }

  cell(column, row) {
    if (column.place === "lead") return html`<th scope="row" role="rowheader" data-place="lead">${column.cell(row)}</th>`;
    const value = column.cell(row);
    const none = value === null || value === undefined || value === "" || value === nothing;
    return html`<td role="cell" data-place=${column.place} data-label=${ifDefined(column.bare ? undefined : column.label)} ?data-none=${none}>${value ?? nothing}</td>`;
  }

  bone(column) {
    return html`<td role="cell" data-place=${column.place}><span class="bone"></span></td>`;
  }

  body() {
    if (this.rows) {
      return repeat(this.rows, (row) => row.id, (row) => html`<tr role="row">${this.columns.map((c) => this.cell(c, row))}</tr>`);
    }
    return Array.from({ length: this.bones }, () => html`<tr role="row" class="x-table-bones" aria-hidden="true">${this.columns.map((c) => this.bone(c))}</tr>`);
  }

  render() {
    return html`<table role="table" aria-busy=${this.busy || !this.rows ? "true" : "false"}>
      <caption class="hush">${this.rows ? this.caption : t("list.loading")}</caption>
      <thead role="rowgroup"><tr role="row">${this.columns.map((c) => this.head(c))}</tr></thead>
      <tbody role="rowgroup">${this.body()}</tbody>
    </table>`;
  }
}
customElements.define("x-table", XTable);
