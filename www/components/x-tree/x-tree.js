/**
 * `<x-tree>`: tenants as a tree with columns, in the manner of the ARIA treegrid: arrows move
 * and open, Enter looks at the reseller.  One row has the tab stop.
 */
import "../x-chip/x-chip.js";
import { html, ifDefined, nothing, repeat } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { country } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { t, word } from "../../lib/i18n.js";
import { go, href } from "../../lib/router.js";
import { reads } from "../../lib/state.js";

const BONES = 8;

class XTree extends Element {
  static properties = {
    caption: {},
    /** @type {object[] | null} rows of /tenants with `parent`; null while they are being loaded */
    tenants: { attribute: false },
    closed: { state: true },
    active: { state: true },
  };

  constructor() {
    super();
    this.closed = new Set();
  }

  /** Nothing opens: who does not read who buys from whom has a list without levels, and no room for them. */
  get flat() {
    return this.below ? this.below.size < 2 : !reads("tenant", "parent");
  }

  willUpdate(changed) {
    if (!changed.has("tenants") || !this.tenants) return;
    const known = new Set(this.tenants.map((tenant) => tenant.id));
    this.below = new Map();
    for (const tenant of this.tenants) {
      /* A parent out of reach makes its children roots of what can be seen. */
      const parent = known.has(tenant.parent) ? tenant.parent : null;
      this.below.set(parent, [...(this.below.get(parent) ?? []), tenant]);
    }
    this.active = this.below.get(null)?.[0]?.id;
  }

  /** The rows that are shown, top to bottom. @returns {{tenant: object, level: number, at: number, of: number, parent: string | null}[]} */
  shown(parent = null, level = 1) {
    const rows = this.below?.get(parent) ?? [];
    return rows.flatMap((tenant, i) => [
      { tenant, level, at: i + 1, of: rows.length, parent },
      ...(this.closed.has(tenant.id) ? [] : this.shown(tenant.id, level + 1)),
    ]);
  }

  toggle(id, close = !this.closed.has(id)) {
    const closed = new Set(this.closed);
    if (close) closed.add(id);
    else closed.delete(id);
    this.closed = closed;
  }

  async move(id) {
    this.active = id;
    await this.updateComplete;
    this.querySelector('[tabindex="0"]')?.focus();
  }

  /** Along the line of reading opens, against it closes or climbs. */
  sideways(row, along) {
    const has = this.below.has(row.tenant.id);
    const closed = this.closed.has(row.tenant.id);
    if (along && has && closed) this.toggle(row.tenant.id, false);
    else if (along && has) this.move(this.below.get(row.tenant.id)[0].id);
    else if (!along && has && !closed) this.toggle(row.tenant.id, true);
    else if (!along && row.parent) this.move(row.parent);
  }

  pressed(event) {
    const rows = this.shown();
    const at = rows.findIndex((row) => row.tenant.id === this.active);
    const rtl = document.documentElement.dir === "rtl";
    const to = { ArrowDown: rows[at + 1], ArrowUp: rows[at - 1], Home: rows[0], End: rows.at(-1) };
    if (event.key === "Enter") go(href("resellers", this.active));
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") this.sideways(rows[at], (event.key === "ArrowRight") !== rtl);
    else if (event.key in to) {
      if (to[event.key]) this.move(to[event.key].tenant.id);
    } else return;
    event.preventDefault();
  }

  twig(tenant) {
    if (this.flat) return nothing;
    if (!this.below.has(tenant.id)) return html`<span class="x-tree-twig"></span>`;
    const closed = this.closed.has(tenant.id);
    return html`<span class="x-tree-twig" data-closed=${closed} @click=${(event) => {
      event.preventDefault();
      event.stopPropagation();
      this.toggle(tenant.id);
    }}>${icon("down")}</span>`;
  }

  row({ tenant, level, at, of }) {
    const expanded = this.below.has(tenant.id) ? String(!this.closed.has(tenant.id)) : undefined;
    return html`<tr role="row" data-level=${level} aria-level=${level} aria-posinset=${at} aria-setsize=${of} aria-expanded=${ifDefined(expanded)}
        tabindex=${tenant.id === this.active ? 0 : -1} @focus=${() => (this.active = tenant.id)} @click=${() => go(href("resellers", tenant.id))}>
      <th scope="row" role="rowheader"><span class="x-tree-name">${this.twig(tenant)}<span><a tabindex="-1" href=${href("resellers", tenant.id)}>${tenant.name}</a><span class="sub">${word("tenant_kind", tenant.kind)}${tenant.state === "active" ? nothing : html`<span class="x-tree-narrow"> · ${word("state", tenant.state)}</span>`}</span></span></span></th>
      <td role="gridcell" class="x-tree-wide">${country(tenant.country)}</td>
      <td role="gridcell" class="x-tree-wide">${tenant.currency}</td>
      <td role="gridcell" class="x-tree-wide"><bdi>${tenant.host ?? nothing}</bdi></td>
      <td role="gridcell" class="x-tree-wide"><x-chip state=${tenant.state}></x-chip></td>
    </tr>`;
  }

  bones() {
    return Array.from({ length: BONES }, (_, i) => html`<tr role="row" aria-hidden="true" data-level=${this.flat ? 1 : Math.min(i + 1, 3)}>
      <th role="rowheader"><span class="x-tree-name">${this.flat ? nothing : html`<span class="x-tree-twig"></span>`}<span class="bone"></span></span></th>
      <td role="gridcell" class="x-tree-wide"><span class="bone"></span></td><td role="gridcell" class="x-tree-wide"><span class="bone"></span></td>
      <td role="gridcell" class="x-tree-wide"><span class="bone"></span></td><td role="gridcell" class="x-tree-wide"><span class="bone"></span></td>
    </tr>`);
  }

  render() {
    return html`<table role="treegrid" aria-busy=${this.tenants ? "false" : "true"} @keydown=${this.pressed}>
      <caption class="hush">${this.caption}</caption>
      <thead role="rowgroup"><tr role="row">
        <th scope="col" role="columnheader">${t("field.name")}</th>
        <th scope="col" role="columnheader" class="x-tree-wide">${t("field.country")}</th>
        <th scope="col" role="columnheader" class="x-tree-wide">${t("field.currency")}</th>
        <th scope="col" role="columnheader" class="x-tree-wide">${t("field.host")}</th>
        <th scope="col" role="columnheader" class="x-tree-wide">${t("field.state")}</th>
      </tr></thead>
      <tbody role="rowgroup">${this.tenants ? repeat(this.shown(), (row) => row.tenant.id, (row) => this.row(row)) : this.bones()}</tbody>
    </table>`;
  }
}
customElements.define("x-tree", XTree);
