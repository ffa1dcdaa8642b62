/**
 * `<x-shares>`: what of the catalogue a reseller gets from those above, as a tree of boxes.  What whoever it buys
 * from has not is greyed and says so; the server decides.
 */
import { html, ifDefined, live, nothing, repeat } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { all, get, put } from "../../lib/api.js";
import { Element, uid } from "../../lib/element.js";
import { icon } from "../../lib/icons.js";
import { t, word } from "../../lib/i18n.js";
import { tenants } from "../../lib/state.js";
import "../x-empty/x-empty.js";
import "../x-problem/x-problem.js";

const pathOf = (tenant) => `tenants/${encodeURIComponent(tenant)}/products`;

class XShares extends Element {
  static properties = {
    /** id of the reseller */
    tenant: {},
    /** Only to be looked at. */
    fixed: { type: Boolean },
    products: { state: true },
    chosen: { state: true },
    any: { state: true },
    problem: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.key = uid("shares");
    this.error = "";
  }

  willUpdate(changed) {
    if (changed.has("tenant")) this.load();
  }

  async load() {
    Object.assign(this, { problem: null, error: "" });
    try {
      const [{ data }, share, above] = await Promise.all([all("product-segments"), get(pathOf(this.tenant)), this.above()]);
      this.below = Map.groupBy(data, (p) => p.parent);
      const known = new Set(data.map((p) => p.id));
      /* The parent out of reach makes its parts roots of what can be seen. */
      this.roots = data.filter((p) => !known.has(p.parent));
      this.parents = new Map(data.map((p) => [p.id, p.parent]));
      this.has = above.map((ids) => this.closed(ids)).reduce((both, set) => both.intersection(set), known);
      this.etag = share.etag;
      this.any = share.body.products === null;
      this.chosen = this.any ? new Set(this.has) : this.closed(share.body.products);
      this.products = data;
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** What is said of each that stands above it, as far as the reader sees them. @returns {Promise<string[][]>} */
  async above() {
    const { data } = await tenants();
    const known = new Map(data.map((tenant) => [tenant.id, tenant]));
    const line = [];
    for (let at = known.get(this.tenant)?.parent; known.has(at); at = known.get(at).parent) line.push(at);
    const said = await Promise.all(line.map(async (id) => (await get(pathOf(id))).body.products));
    return said.filter(Boolean);
  }

  /** These with all below them. */
  closed(ids) {
    const set = new Set();
    const add = (id) => {
      set.add(id);
      for (const part of this.below.get(id) ?? []) add(part.id);
    };
    for (const id of ids) add(id);
    return set;
  }

  /** With a node come all its parts; without one goes what it is a part of, whose other parts stay. */
  choose(id, on) {
    const parts = this.closed([id]);
    let chosen = on ? this.chosen.union(parts) : this.chosen.difference(parts);
    if (!on) for (let up = this.parents.get(id); up; up = this.parents.get(up)) chosen = chosen.difference(new Set([up]));
    this.chosen = chosen;
    this.error = "";
  }

  /** The nodes that say the whole. */
  tops() {
    return this.products.filter((p) => this.chosen.has(p.id) && !this.chosen.has(p.parent)).map((p) => p.id);
  }

  async save(event) {
    event.preventDefault();
    if (this.busy) return;
    const products = this.any ? null : this.tops();
    Object.assign(this, { busy: true, problem: null, error: "" });
    try {
      if (products?.length === 0) this.error = word("shares_fault", "length");
      else {
        await put(pathOf(this.tenant), { products }, this.etag);
        await this.load();
        announce(t("shares.saved"), true);
      }
    } catch (problem) {
      if (problem.status === 422) this.error = word("shares_fault", problem.errors[0]?.code);
      else this.problem = problem;
    }
    this.busy = false;
    await this.updateComplete;
    if (this.error) this.querySelector("input:not(:disabled)").focus();
  }

  node(p) {
    const on = this.chosen.has(p.id);
    const parts = this.below.get(p.id) ?? [];
    const some = !on && [...this.closed([p.id])].some((id) => this.chosen.has(id));
    const barred = !this.has.has(p.id);
    /* What it was given and its parent has not any more can only be taken away. */
    const off = this.fixed || this.any || (barred && !on);
    return html`<li>
      <label class=${barred ? "x-shares-barred" : ""}><input type="checkbox" name=${p.code ?? p.id} .checked=${live(on)} .indeterminate=${live(some)} ?disabled=${off}
        aria-describedby=${ifDefined(barred ? `${this.key}-${p.id}` : undefined)} @change=${(event) => this.choose(p.id, event.target.checked)} />
        <span>${p.name}${barred ? html`<span class="sub" id="${this.key}-${p.id}">${t("shares.lacks")}</span>` : nothing}</span></label>
      ${parts.length ? html`<ul>${repeat(parts, (part) => part.id, (part) => this.node(part))}</ul>` : nothing}
    </li>`;
  }

  form() {
    const wait = this.busy ? "true" : "false";
    return html`<form class="card pad stack" novalidate @submit=${this.save} aria-busy=${wait}>
      <label><input type="checkbox" name="any" .checked=${live(this.any)} ?disabled=${this.fixed} @change=${(event) => (this.any = event.target.checked)} /><span>${t("shares.all")}</span></label>
      <fieldset aria-describedby=${ifDefined(this.error ? `${this.key}-error` : undefined)}>
        <legend class="hush">${t("reseller.products")}</legend>
        <ul>${repeat(this.roots, (p) => p.id, (p) => this.node(p))}</ul>
      </fieldset>
      ${this.error ? html`<p class="x-shares-error" role="alert" id="${this.key}-error">${icon("warning")}<span>${this.error}</span></p>` : nothing}
      ${this.fixed ? nothing : html`<button class="button strong" aria-disabled=${wait}>${t("shares.save")}</button>`}
    </form>`;
  }

  content() {
    if (!this.products) return this.problem ? nothing : html`<div class="card pad" aria-busy="true"><p><span class="bone"></span></p><p><span class="bone"></span></p><p><span class="bone"></span></p></div>`;
    if (!this.products.length) return html`<div class="card"><x-empty .heading=${t("shares.empty")} .text=${t("shares.empty_text")}></x-empty></div>`;
    return this.form();
  }

  render() {
    return html`<div class="section">
      <p class="muted">${t(this.fixed ? "shares.own" : "shares.lead")}</p>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      ${this.content()}
    </div>`;
  }
}
customElements.define("x-shares", XShares);
