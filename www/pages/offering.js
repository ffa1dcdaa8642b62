/** One offering: its facts, its list prices from each day on, and what can be changed of it. */
import "../components/x-chip/x-chip.js";
import "../components/x-empty/x-empty.js";
import "../components/x-facts/x-facts.js";
import "../components/x-hours/x-hours.js";
import "../components/x-names/x-names.js";
import "../components/x-offering/x-offering.js";
import "../components/x-parts/x-parts.js";
import "../components/x-price/x-price.js";
import "../components/x-problem/x-problem.js";
import "../components/x-table/x-table.js";
import "../components/x-variant/x-variant.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { all, get, patch } from "../lib/api.js";
import { chip, day } from "../lib/columns.js";
import { clock, decimal, money, perCent, weekday } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, state, writes } from "../lib/state.js";
import { title } from "../lib/title.js";

const today = () => new Date().toISOString().slice(0, 10);

/** Of what holds from a day on, until the next one. */
const held = (one, holding) => (one.starts > today() ? "planned" : one === holding ? "active" : "ended");

/** [1, 2, 3, 4, 5, 7] as "Mon–Fri, Sun". */
function weekdays(list) {
  const runs = [];
  for (const n of list) n === runs.at(-1)?.at(-1) + 1 ? runs.at(-1).push(n) : runs.push([n]);
  return runs.map((run) => (run.length > 2 ? `${weekday(run[0])}–${weekday(run.at(-1))}` : run.map(weekday).join(", "))).join(", ");
}

class PageOffering extends Page {
  static properties = { offering: {}, data: { state: true }, prices: { state: true }, variants: { state: true }, hours: { state: true }, alike: { state: true }, parts: { state: true }, names: { state: true }, others: { state: true }, problem: { state: true }, busy: { state: true } };

  willUpdate(changed) {
    if (changed.has("offering")) this.load();
  }

  get path() {
    return `offerings/${encodeURIComponent(this.offering)}`;
  }

  async load() {
    this.problem = null;
    try {
      const [{ body, etag }, { body: prices }] = await Promise.all([get(this.path), get(`${this.path}/prices`)]);
      Object.assign(this, { data: body, etag, prices });
      await (body.kind === "usage" ? this.loadVariants() : this.loadParts());
      if (this.edits("names")) await this.loadNames();
      title(body.name);
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** Usage may count as other usage that is sold alike; who prices it is shown which there is. */
  async loadVariants() {
    const { data } = this, same = ["kind", "unit", "currency", "product"];
    const [{ body }, timed, others] = await Promise.all([get(`${this.path}/variants`), get(`${this.path}/hours`), may("offering.price") ? all("offerings") : { data: [] }]);
    const alike = others.data.filter((one) => one.id !== data.id && same.every((name) => one[name] === data[name]));
    Object.assign(this, { variants: body.variants, hours: timed.body.hours, alike: alike.length ? [...alike, data] : [] });
  }

  /** May the reader change that of it here? */
  edits(field) {
    return may("offering.edit") && writes("offering", field) && !state.session.viewing;
  }

  async loadNames() {
    const { body, etag } = await get(`${this.path}/names`);
    this.names = { all: body.names, etag };
  }

  /** What comes with it when it is ordered; who writes the catalogue is shown what could. */
  async loadParts() {
    const { data } = this, edits = this.edits("parts");
    const [{ body, etag }, others] = await Promise.all([get(`${this.path}/parts`), edits ? all("offerings") : { data: [] }]);
    const fits = (one) => one.id !== data.id && one.state !== "ended" && one.currency === data.currency && (data.kind === "recurring" || one.kind === "one_time");
    Object.assign(this, { parts: { list: body.parts, etag }, others: edits ? others.data.filter(fits) : null });
  }

  async turnState() {
    const ends = this.data.state === "active";
    if (this.busy || (ends && !confirm(t("catalogue.end_sure")))) return;
    Object.assign(this, { busy: true, problem: null });
    try {
      await patch(this.path, { state: ends ? "ended" : "active" }, this.etag);
      await this.load();
      announce(t(ends ? "catalogue.ended" : "catalogue.offered"), true);
    } catch (problem) {
      this.problem = problem;
    }
    this.busy = false;
  }

  async saved() {
    await this.load();
    announce(t("catalogue.saved"), true);
  }

  facts() {
    const d = this.data;
    return [[t("field.code"), d.code && html`<code>${d.code}</code>`], [t("field.kind"), word("kind", d.kind)], [t("field.unit"), word("unit", d.unit)], [t("field.currency"), d.currency],
      [t("field.early_end"), Number(d.early_end) ? perCent(d.early_end) : ""], [t("field.shared"), d.shared === undefined ? null : d.shared ? t("catalogue.shared") : t("catalogue.unshared")], [t("field.state"), chip(d.state)]];
  }

  tier(price, tier) {
    const amount = (text) => html`<bdi class="figures nowrap">${money(text, price.currency, true)}</bdi>`;
    const first = price.tiers.length === 1 ? amount(tier.unit) : html`<bdi class="figures">${t("catalogue.tier", { above: decimal(tier.above), unit: money(tier.unit, price.currency, true) })}</bdi>`;
    return html`<li>${first}${Number(tier.flat) ? html` <span class="muted">${t("catalogue.tier_flat", { flat: money(tier.flat, price.currency, true) })}</span>` : nothing}</li>`;
  }

  /** Beside the model what only some prices have. */
  model(price) {
    const more = [price.model === "package" && `${t("catalogue.size")}: ${decimal(price.size)}`, Number(price.included) ? `${t("catalogue.included")}: ${decimal(price.included)}` : ""].filter(Boolean);
    return html`<span>${word("price_model", price.model)}</span>${more.map((text) => html`<span class="sub">${text}</span>`)}`;
  }

  listed() {
    const list = this.prices.prices ?? [], sets = may("offering.price");
    if (!list.length) return html`<x-empty heading=${t("catalogue.no_price")} text=${sets ? t("catalogue.no_price_text") : ""}></x-empty>`;
    const holding = list.find((one) => one.starts <= today());
    const rows = list.map((one, id) => ({ ...one, id, state: held(one, holding) }));
    const columns = [
      { name: "starts", label: t("field.starts"), place: "lead", cell: (r) => day(r.starts) },
      { name: "model", label: t("field.model"), place: "detail", cell: (r) => this.model(r) },
      { name: "tiers", label: t("field.price"), place: "detail", cell: (r) => html`<ul class="x-tiers-list">${r.tiers.map((tier) => this.tier(r, tier))}</ul>` },
      { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
    ];
    return html`<div class="card"><x-table caption=${t("catalogue.prices")} .columns=${columns} .rows=${rows}></x-table></div>`;
  }

  varied() {
    if (!this.variants.length) return html`<x-empty heading=${t("variant.empty")} text=${t(may("offering.price") && !this.alike.length ? "variant.no_other" : "variant.empty_text")}></x-empty>`;
    const said = (name) => ({ name, label: t(`field.${name}`), place: "detail", cell: (r) => (r[name] ? html`<code>${r[name]}</code>` : html`<span class="muted">${t("variant.any")}</span>`) });
    const columns = [
      said("class"), said("time_of_day"), said("zone"),
      { name: "starts", label: t("field.starts"), place: "detail", cell: (r) => day(r.starts) },
      { name: "counts_as", label: t("variant.counts_as"), place: "lead", cell: (r) => (r.counts_as === this.offering ? t("variant.itself", { name: this.data.name }) : r.name ? html`<a href=${href("catalogue", r.counts_as)}>${r.name}</a>` : t("variant.other")) },
    ];
    return html`<div class="card"><x-table caption=${t("variant.title")} .columns=${columns} .rows=${this.variants.map((one, id) => ({ ...one, id }))}></x-table></div>`;
  }

  window({ time_of_day, weekdays: days, from, to }) {
    const key = from === "00:00" && to === from ? "hours.whole" : to < from && to !== "00:00" ? "hours.over" : "hours.span";
    const span = t(key, { from: clock(from), to: clock(to) });
    return html`<li><code>${time_of_day}</code> <bdi>${weekdays(days)}</bdi> <bdi>${span}</bdi></li>`;
  }

  timed() {
    if (!this.hours.length) return html`<x-empty heading=${t("hours.empty")} text=${t("hours.empty_text")}></x-empty>`;
    const holding = this.hours.find((one) => one.starts <= today());
    const columns = [
      { name: "starts", label: t("field.starts"), place: "lead", cell: (r) => day(r.starts) },
      { name: "windows", label: t("field.hours"), place: "detail", cell: (r) => (r.windows.length ? html`<ul class="x-hours-list">${r.windows.map((one) => this.window(one))}</ul>` : html`<span class="muted">${t("hours.none")}</span>`) },
      { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
    ];
    return html`<div class="card"><x-table caption=${t("hours.title")} .columns=${columns} .rows=${this.hours.map((one, id) => ({ ...one, id, state: held(one, holding) }))}></x-table></div>`;
  }

  /** Of usage alone. */
  variantParts(looks) {
    if (!this.variants) return nothing;
    return html`<section class="section"><h2>${t("variant.title")}</h2>${this.varied()}</section>
      ${may("offering.price") && !looks && this.alike.length ? html`<section class="section"><h2>${t("variant.new")}</h2><x-variant .offering=${this.data} .offerings=${this.alike} @varied=${() => this.loadVariants()}></x-variant></section>` : nothing}
      <section class="section"><h2>${t("hours.title")}</h2>${this.timed()}</section>
      ${may("offering.price") && !looks ? html`<section class="section"><h2>${t("hours.new")}</h2><x-hours .offering=${this.data} .given=${this.hours[0]?.windows} @timed=${() => this.loadVariants()}></x-hours></section>` : nothing}`;
  }

  bundle() {
    if (!this.parts) return nothing;
    return html`<section class="section"><h2>${t("parts.title")}</h2><x-parts .offering=${this.data.id} .parts=${this.parts.list} .etag=${this.parts.etag} .offerings=${this.others} @parted=${() => this.loadParts()}></x-parts></section>`;
  }

  content() {
    const looks = state.session.viewing, wait = this.busy ? "true" : "false";
    return html`<div class="card pad"><x-facts .facts=${this.facts()}></x-facts></div>
      <section class="section"><h2>${t("catalogue.prices")}</h2>${this.listed()}</section>
      ${may("offering.price") && !looks ? html`<section class="section"><h2>${t("catalogue.new_price")}</h2><x-price .offering=${this.data} .first=${this.prices.billed_until} @priced=${() => this.load()}></x-price></section>` : nothing}
      ${this.variantParts(looks)} ${this.bundle()}
      ${may("offering.edit") && !looks ? html`<section class="section"><h2>${t("catalogue.edit")}</h2><x-offering .offering=${this.data} .etag=${this.etag} @written=${() => this.saved()}></x-offering></section>` : nothing}
      ${this.names ? html`<section class="section"><h2>${t("names.title")}</h2><x-names .offering=${this.data} .names=${this.names.all} .etag=${this.names.etag} @named=${() => this.loadNames()}></x-names></section>` : nothing}
      ${this.edits("state") ? html`<div class="card pad stack"><p class="muted small">${t("catalogue.end_text")}</p>
          <button type="button" class="button" aria-disabled=${wait} @click=${() => this.turnState()}>${this.data.state === "active" ? t("catalogue.end") : t("catalogue.offer_again")}</button></div>` : nothing}`;
  }

  render() {
    const up = html`<a class="up" href=${href("catalogue")}>${icon("back", "along")}${t("page.catalogue")}</a>`;
    return html`<div class="page">
      <div>${up}${this.head(this.data?.name ?? html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`)}</div>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      ${this.data ? this.content() : this.problem ? nothing : html`<div class="card pad"><x-facts lines="5"></x-facts></div>`}
    </div>`;
  }
}
customElements.define("page-offering", PageOffering);
