/**
 * `<x-list>`: a list of the API with its filters, order and pages.  Filters and order live in
 * the address, so "back" and a copied link keep them; `fixed` parameters do not.  Says `loaded` when its height is
 * known: what stands below a list that is often short comes then, and does not jump.
 */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { exported, list } from "../../lib/api.js";
import { Element, uid } from "../../lib/element.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/i18n.js";
import { query, refine } from "../../lib/router.js";
import { save } from "../../lib/save.js";
import { may } from "../../lib/state.js";
import "../x-empty/x-empty.js";
import "../x-pager/x-pager.js";
import "../x-pick/x-pick.js";
import "../x-problem/x-problem.js";
import "../x-table/x-table.js";

/**
 * @typedef {object} Filter
 * @property {string} name in the address and, unless `ask` says otherwise, of the API
 * @property {"search" | "choice" | "select" | "tenant" | "day"} kind
 * @property {string} label
 * @property {{value: string, label: string}[]} [options] of a choice or select; the first has the value ""
 * @property {(value: string) => Record<string, string>[]} [ask] the API's parameters for a value, and those to try where they find nothing
 */

const PAGE = 50;
const PAUSE_MS = 250;
/** Height of a row in pixels, about: as many bones as the window holds, so that nothing below them moves in sight. */
const ROW = 56;

class XList extends Element {
  static properties = {
    path: {},
    caption: {},
    /** @type {import("../x-table/x-table.js").Column[]} */
    columns: { attribute: false },
    /** @type {Filter[]} */
    filters: { attribute: false },
    /** parameters that the reader cannot change */
    fixed: { attribute: false },
    /** the order that the server has without being asked */
    order: {},
    /** what to say where there is nothing at all: {heading, text, action} */
    empty: { attribute: false },
    /** a short list: this many rows, no filters, no pages */
    brief: { type: Number },
    /** the action that lets take the whole list out, "customer.export"; without it there is no button */
    exports: {},
    /** counts up when the address changed; makes the list look at it again */
    turn: { type: Number },
    rows: { state: true },
    next: { state: true },
    problem: { state: true },
    busy: { state: true },
    /** is a file on its way? */
    taking: { state: true },
    /** the last file did not hold all rows */
    cut: { state: true },
    /** why there is no file */
    failed: { state: true },
  };

  constructor() {
    super();
    this.filters = [];
    this.fixed = {};
    this.rows = null;
    this.busy = false;
    this.taking = false;
    this.cut = false;
    this.failed = null;
    this.key = uid("list");
  }

  /** The API's parameters that the address asks for, and those to try where they find nothing. */
  wanted() {
    const address = query();
    const params = { ...this.fixed, limit: this.brief || PAGE };
    if (this.brief) return [params];
    const sort = address.get("sort");
    if (sort && this.columns.some((c) => c.sort === sort.replace(/^-/, ""))) params.sort = sort;
    let ways = [params];
    for (const filter of this.filters) {
      const value = address.get(filter.name);
      const asked = value && (filter.ask?.(value) ?? [{ [filter.name]: value }]);
      if (asked) ways = ways.flatMap((way) => asked.map((more) => ({ ...way, ...more })));
    }
    return ways;
  }

  willUpdate() {
    const wanted = JSON.stringify([this.path, this.wanted()]);
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.asked?.abort();
    this.took?.abort();
    this.shown = undefined;
  }

  /** The first page of the first way that finds anything. */
  async first(signal) {
    let page;
    for (const way of this.wanted()) {
      this.way = way;
      page = await list(this.path, way, { signal });
      if (page.data.length) break;
    }
    return page;
  }

  /** Reads the first page again and says nothing of it: for what changes by itself. */
  async refresh() {
    if (this.busy || !this.rows) return;
    try {
      const page = await list(this.path, this.way);
      if (!this.busy && this.rows.length <= PAGE) Object.assign(this, { rows: page.data, next: page.next, problem: null });
    } catch (error) {
      this.problem = error;
    }
    await this.updateComplete;
    this.dispatchEvent(new CustomEvent("loaded"));
  }

  /** Loads the first page, or the one after what is shown. */
  async load(more = false) {
    this.asked?.abort();
    this.asked = new AbortController();
    const { signal } = this.asked;
    this.busy = true;
    this.problem = null;
    try {
      const page = await (more ? list(this.path, { ...this.way, cursor: this.next }, { signal }) : this.first(signal));
      this.rows = more ? [...this.rows, ...page.data] : page.data;
      this.next = page.next;
      this.busy = false;
      if (!this.brief) announce(t(page.next ? "list.shown" : "list.all", { n: this.rows.length }));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.busy = false;
      this.problem = error;
    }
    await this.updateComplete;
    this.dispatchEvent(new CustomEvent("loaded"));
  }

  /** All rows that match, in the order that is shown, as a file. */
  async take() {
    if (this.taking || !this.rows) return;
    this.took = new AbortController();
    this.taking = true;
    this.failed = null;
    this.cut = false;
    announce(t("list.exporting"));
    try {
      const { limit, ...way } = this.way;
      const { file, name, whole } = await exported(this.path, way, { signal: this.took.signal });
      save(file, name);
      this.cut = !whole;
      announce(t(whole ? "list.exported" : "list.export_cut", { file: name }));
    } catch (error) {
      if (error.name !== "AbortError") this.failed = error;
    }
    this.taking = false;
  }

  typed(filter, event) {
    const value = event.target.value.trim();
    clearTimeout(this.pause);
    if (value === (query().get(filter.name) ?? "")) return;
    this.pause = setTimeout(() => refine({ [filter.name]: value }), event.type === "change" ? 0 : PAUSE_MS);
  }

  search(filter, value) {
    return html`<div class="x-list-search">
      <label class="hush" for="${this.key}-${filter.name}">${filter.label}</label>
      ${icon("search")}
      <input class="x-input" id="${this.key}-${filter.name}" type="search" placeholder=${filter.label} .value=${value} autocomplete="off" spellcheck="false"
        @input=${(event) => this.typed(filter, event)} @change=${(event) => this.typed(filter, event)} />
    </div>`;
  }

  choice(filter, value) {
    return html`<fieldset class="x-list-choice">
      <legend class="hush">${filter.label}</legend>
      ${filter.options.map((o) => html`<label>
        <input class="hush" type="radio" name="${this.key}-${filter.name}" value=${o.value} .checked=${o.value === value} @change=${() => refine({ [filter.name]: o.value })} />
        <span>${o.label}</span>
      </label>`)}
    </fieldset>`;
  }

  select(filter, value) {
    return html`<div class="x-list-select x-field-control">
      <label class="hush" for="${this.key}-${filter.name}">${filter.label}</label>
      <select id="${this.key}-${filter.name}" @change=${(event) => refine({ [filter.name]: event.target.value })}>
        ${filter.options.map((o) => html`<option value=${o.value} ?selected=${o.value === value}>${o.label}</option>`)}
      </select>${icon("down")}
    </div>`;
  }

  day(filter, value) {
    return html`<div class="x-list-day x-field-control">
      <label for="${this.key}-${filter.name}">${filter.label}</label>
      <input class="x-input" id="${this.key}-${filter.name}" type="date" .value=${value} @change=${(event) => refine({ [filter.name]: event.target.value })} />
    </div>`;
  }

  filter(filter) {
    const value = query().get(filter.name) ?? "";
    if (filter.kind === "day") return this.day(filter, value);
    if (filter.kind === "search") return this.search(filter, value);
    if (filter.kind === "choice") return this.choice(filter, value);
    if (filter.kind === "select") return this.select(filter, value);
    return html`<x-pick label=${filter.label} .value=${value} @pick=${(event) => refine({ [filter.name]: event.detail })}></x-pick>`;
  }

  /** On a card there are no heads to press, so the order is a choice of its own. */
  orders() {
    const sortable = this.columns.filter((c) => c.sort);
    if (sortable.length < 2) return nothing;
    const both = sortable.flatMap((c) => [
      { value: c.sort, label: `${c.label} \u2191` },
      { value: `-${c.sort}`, label: `${c.label} \u2193` },
    ]);
    const value = query().get("sort") ?? this.order;
    return html`<div class="x-list-orders">${this.select({ name: "sort", label: t("list.order"), options: both }, value)}</div>`;
  }

  /** The button that takes all of it out, for those who may; what is not there cannot be taken. */
  exporter() {
    if (this.brief || !this.exports || !may(this.exports) || this.rows?.length === 0) return nothing;
    return html`<button class="button x-list-export" type="button" aria-disabled=${this.taking || !this.rows ? "true" : "false"} @click=${() => this.take()}>
      ${icon("download")} ${this.taking ? t("list.exporting") : t("list.export")}
    </button>`;
  }

  bar() {
    /* Nothing at all needs no filter; nothing found does. */
    if (this.rows?.length === 0 && !this.filters.some((f) => query().get(f.name))) return nothing;
    const exporter = this.exporter();
    if (this.brief || (exporter === nothing && this.filters.length === 0 && this.columns.filter((c) => c.sort).length < 2)) return nothing;
    return html`<div class="x-list-bar">${this.filters.map((f) => this.filter(f))}${this.orders()}${exporter}</div>`;
  }

  nothing() {
    const used = this.filters.filter((f) => query().get(f.name));
    if (used.length === 0 || this.brief) return html`<x-empty .heading=${this.empty?.heading ?? t("list.none")} .text=${this.empty?.text} .action=${this.empty?.action}></x-empty>`;
    const clear = () => refine(Object.fromEntries(used.map((f) => [f.name, ""])));
    return html`<x-empty .heading=${t("list.no_match")} .text=${t("list.no_match_text")}
      .action=${html`<button class="button" type="button" @click=${clear}>${t("list.clear")}</button>`}></x-empty>`;
  }

  /** Another one once the rows are there: a short list would move the one that waits into sight. */
  pager() {
    if (!this.rows) return html`<x-pager .count=${0} data-wait></x-pager>`;
    return html`<x-pager .count=${this.rows.length} ?more=${Boolean(this.next)} ?busy=${this.busy} @more=${() => this.load(true)}></x-pager>`;
  }

  content() {
    if (this.problem && !this.rows) return html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>`;
    if (this.rows?.length === 0) return html`<div class="card">${this.nothing()}</div>`;
    return html`<div class="card x-list-card">
      <x-table .caption=${this.caption} .columns=${this.columns} .rows=${this.rows} .sort=${query().get("sort") ?? this.order} ?busy=${this.busy && this.rows !== null}
        .bones=${this.brief || Math.ceil(innerHeight / ROW)} @sort=${(event) => refine({ sort: event.detail === this.order ? "" : event.detail })}></x-table>
      ${this.brief ? nothing : this.pager()}
    </div>
    ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}`;
  }

  render() {
    return html`${this.bar()}
      ${this.failed ? html`<x-problem .problem=${this.failed} .retry=${() => this.take()}></x-problem>` : nothing}
      ${this.cut ? html`<p class="note">${t("list.export_cut")}</p>` : nothing}
      ${this.content()}`;
  }
}
customElements.define("x-list", XList);
