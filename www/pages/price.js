/** One price list: the version that holds, earlier and later ones, and the draft of the next: written, tried, published. */
import "../components/x-empty/x-empty.js";
import "../components/x-facts/x-facts.js";
import "../components/x-field/x-field.js";
import "../components/x-problem/x-problem.js";
import "../components/x-rules/x-rules.js";
import "../components/x-table/x-table.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { all, get, patch, post } from "../lib/api.js";
import { date, decimal, money, rate } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, state } from "../lib/state.js";
import { title } from "../lib/title.js";

const tomorrow = () => new Date(Date.now() + 86400000).toISOString().slice(0, 10);

class PagePrice extends Page {
  static properties = {
    list: {},
    data: { state: true },
    /** of the version that is looked at */
    rules: { state: true },
    starts: { state: true },
    draft: { state: true },
    trial: { state: true },
    day: { state: true },
    problem: { state: true },
    refused: { state: true },
    errors: { state: true },
    faults: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { errors: {}, faults: {}, offerings: [], products: [], day: tomorrow() });
  }

  willUpdate(changed) {
    if (changed.has("list")) this.load();
  }

  get path() {
    return `price-lists/${encodeURIComponent(this.list)}`;
  }

  get own() {
    return this.data.tenant === undefined || this.data.tenant === state.session.tenant.id;
  }

  get edits() {
    return this.own && may("price_list.edit") && !state.session.viewing;
  }

  async load() {
    Object.assign(this, { problem: null, refused: null, errors: {} });
    try {
      const { body } = await get(this.path);
      this.data = body;
      title(body.name);
      await Promise.all([this.look(null), body.draft ? this.read() : null]);
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** The rules from that day on; null: those that hold. */
  async look(starts) {
    const { body } = await get(`${this.path}/rules${starts ? `?starts=${starts}` : ""}`);
    Object.assign(this, { rules: body, starts: body.starts });
  }

  /** The draft, and what a rule of it can name. */
  async read() {
    const { body, etag } = await get(`${this.path}/draft`);
    if (this.edits && !this.offerings.length) {
      const named = async (path, action) => (may(action) ? (await all(path)).data : []);
      [this.offerings, this.products] = await Promise.all([named("offerings", "offering.read"), named("product-segments", "product.read")]);
    }
    Object.assign(this, { draft: body, etag });
  }

  /** Does a step with the server; what it does not take stands at its place. */
  async step(act) {
    if (this.busy) return;
    Object.assign(this, { busy: true, refused: null, errors: {}, faults: {} });
    try {
      await act();
    } catch (problem) {
      for (const { pointer, code } of problem.errors ?? []) {
        const [, first, n, member, tier] = pointer.split("/");
        if (first === "rules" && member === "tiers") {
          this.faults = { ...this.faults, [n]: { ...this.faults[n], [tier ?? 0]: word("catalogue_fault", code) } };
          continue;
        }
        this.errors = { ...this.errors, [first === "rules" && n !== undefined ? n : first]: word("price_fault", code) };
      }
      if (problem.status !== 422) this.refused = problem;
      await this.updateComplete;
      this.querySelector("[aria-invalid=true] :is(input, select), input[aria-invalid=true]")?.focus();
    }
    this.busy = false;
  }

  begin() {
    this.step(async () => {
      await post(`${this.path}/draft`, {});
      await this.load();
      announce(t("price.begun"), true);
    });
  }

  async write() {
    const { body, etag } = await patch(`${this.path}/draft`, { rules: this.querySelector("x-rules[editable]").value }, this.etag);
    Object.assign(this, { draft: body, etag, trial: null });
  }

  save() {
    this.step(async () => {
      await this.write();
      announce(t("price.saved"), true);
    });
  }

  /** What is written counts, so it is saved first. */
  simulate() {
    this.step(async () => {
      if (this.edits) await this.write();
      this.trial = (await get(`${this.path}/simulation?starts=${this.day}`)).body;
      announce(t("price.moved", { n: this.trial.moved.length }), true);
    });
  }

  publish(event) {
    event.preventDefault();
    if (!confirm(t("price.publish_sure", { day: date(this.day) }))) return;
    this.step(async () => {
      await this.write();
      await post(`${this.path}/publish`, { starts: this.day });
      Object.assign(this, { draft: null, trial: null });
      await this.load();
      announce(t("price.published"), true);
    });
  }

  versions() {
    const versions = this.data.versions ?? [];
    if (versions.length < 2) return nothing;
    return html`<div class="x-rules-tools" role="group" aria-label=${t("field.versions")}>${versions.map((one) => html`<button type="button" class="button" aria-pressed=${one.starts === this.starts ? "true" : "false"}
      @click=${() => this.step(() => this.look(one.starts))}>${t("price.since", { day: date(one.starts) })}</button>`)}</div>`;
  }

  hidden(version) {
    return version.rules_hidden ? html`<p class="note">${t("price.hidden", { n: version.rules_hidden })}</p>` : nothing;
  }

  published() {
    if (!this.rules) return html`<div class="card pad"><span class="bone"></span></div>`;
    if (!this.rules.starts) return html`<x-empty heading=${t("price.none")} text=${t("price.none_text")}></x-empty>`;
    return html`${this.versions()}${this.hidden(this.rules)}
      <div class="card pad"><x-rules .rules=${this.rules.rules ?? []} caption=${t("price.since", { day: date(this.rules.starts) })}></x-rules></div>`;
  }

  moved() {
    if (!this.trial) return nothing;
    const price = (row, text) => (text === null ? nothing : html`<bdi class="figures nowrap">${row.currency ? money(text, row.currency, true) : decimal(text)}</bdi>`);
    const columns = [
      { name: "offering", label: t("field.offering"), place: "lead", cell: (r) => html`<span>${r.offering_name}</span>${Number(r.above) ? html`<span class="sub">${t("price.above", { n: decimal(r.above) })}</span>` : nothing}` },
      { name: "buyer", label: t("field.buyer"), place: "detail", cell: (r) => html`<span class="clamp">${r.buyer_name ?? r.account_number ?? t("price.all_others")}</span>${state.portal === "admin" ? html`<span class="sub clamp">${r.seller_name}</span>` : nothing}` },
      { name: "old", label: t("price.old"), place: "detail", cell: (r) => price(r, r.old) },
      { name: "new", label: t("price.now"), place: "figure", cell: (r) => price(r, r.new) },
      { name: "margin", label: t("price.margin"), place: "detail", cell: (r) => (r.new_margin === null ? nothing : html`${price(r, r.new_margin)}${r.old_margin === null ? nothing : html`<span class="sub">${t("price.before", { margin: r.currency ? money(r.old_margin, r.currency, true) : r.old_margin })}</span>`}${r.cost_rate ? html`<span class="sub">${t("price.cost_rate", { currency: r.cost_currency, rate: rate(r.cost_rate), source: r.rate_source, day: date(r.rate_day) })}</span>` : nothing}`) },
      { name: "floor", label: t("price.floor"), place: "state", cell: (r) => (r.trouble ? word("price_trouble", r.trouble) : r.below_floor ? html`<strong>${t("price.below", { floor: decimal(r.floor) })}</strong><span class="sub">${word("floor_action", r.below_floor)}</span>` : nothing) },
    ];
    const rows = this.trial.moved.map((row, i) => ({ ...row, id: i }));
    return html`<section class="section"><h2>${t("price.moved", { n: rows.length })}</h2>
      <p class="muted">${t("price.moved_text", { day: date(this.trial.day) })}${this.trial.more ? html` ${t("price.more")}` : nothing}</p>
      ${rows.length ? html`<div class="card"><x-table caption=${t("price.moved", { n: rows.length })} .columns=${columns} .rows=${rows}></x-table></div>` : nothing}</section>`;
  }

  drafted() {
    const wait = this.busy ? "true" : "false";
    if (!this.draft) {
      return this.edits ? html`<p class="muted">${t("price.begin_text")}</p><button type="button" class="button strong" aria-disabled=${wait} @click=${() => this.begin()}>${t("price.begin")}</button>` : html`<p class="muted">${t("price.no_draft")}</p>`;
    }
    return html`${this.hidden(this.draft)}
      <div class="card pad stack" aria-busy=${wait}>
        <x-rules ?editable=${this.edits} .rules=${this.draft.rules ?? []} .offerings=${this.offerings} .products=${this.products} .errors=${this.errors} .faults=${this.faults} caption=${t("price.draft")}></x-rules>
        <div class="x-rules-tools">
          ${this.edits ? html`<button type="button" class="button strong" aria-disabled=${wait} @click=${() => this.save()}>${t("price.save")}</button>` : nothing}
          ${may("price_list.simulate") ? html`<button type="button" class="button" aria-disabled=${wait} @click=${() => this.simulate()}>${t("price.simulate")}</button>` : nothing}
        </div>
      </div>
      ${this.moved()}
      ${this.edits && may("price_list.publish") ? html`<form class="card pad stack" novalidate @submit=${this.publish} aria-busy=${wait}>
        <x-field name="starts" type="date" label=${t("field.starts")} hint=${t("price.publish_text")} .value=${this.day} required .error=${this.errors.starts ?? ""} @input=${(event) => (this.day = event.target.value)}></x-field>
        <button class="button strong" aria-disabled=${wait}>${t("price.publish")}</button></form>` : nothing}`;
  }

  facts() {
    const d = this.data;
    return [[t("field.tenant"), state.portal === "admin" ? d.tenant_name : null], [t("field.code"), d.code], [t("field.currency"), d.currency], [t("field.is_default"), d.is_default === undefined ? null : t(d.is_default ? "price.yes" : "price.no")]];
  }

  render() {
    return html`<div class="page">
      <div><a class="up" href=${href("prices")}>${icon("back", "along")}${t("page.prices")}</a>${this.head(this.data?.name ?? html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`)}</div>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      ${this.data ? html`<div class="card pad"><x-facts .facts=${this.facts()}></x-facts></div>
        ${this.refused ? html`<x-problem .problem=${this.refused} .retry=${() => this.load()}></x-problem>` : nothing}
        <section class="section"><h2>${t("price.version")}</h2>${this.published()}</section>
        <section class="section"><h2>${t("price.draft")}</h2>${this.drafted()}</section>` : nothing}
    </div>`;
  }
}
customElements.define("page-price", PagePrice);
