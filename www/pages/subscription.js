/** One subscription of a customer: what it is, how many on which days, who changed what, and changing it. */
import "../components/x-chip/x-chip.js";
import "../components/x-date/x-date.js";
import "../components/x-facts/x-facts.js";
import "../components/x-problem/x-problem.js";
import "../components/x-table/x-table.js";
import { KINDS } from "../components/x-subscribe/x-subscribe.js";
import { html, nothing } from "../vendor/lit.js";
import { get } from "../lib/api.js";
import { sum } from "../lib/columns.js";
import { date, decimal, joined, moment } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { go, href } from "../lib/router.js";
import { may, state } from "../lib/state.js";
import { title } from "../lib/title.js";

const day = (value) => value && html`<x-date day=${value}></x-date>`;

/** The right that each change needs. */
const NEEDS = { quantity: "subscription.edit", plan: "subscription.edit", suspend: "subscription.suspend", resume: "subscription.suspend", renew: "subscription.edit", end: "subscription.end" };

class PageSubscription extends Page {
  static properties = { customer: {}, subscription: {}, data: { state: true }, doing: { state: true }, problem: { state: true } };

  willUpdate(changed) {
    if (changed.has("subscription")) this.load();
  }

  async load() {
    Object.assign(this, { problem: null, doing: "" });
    try {
      const { body, etag } = await get(`subscriptions/${encodeURIComponent(this.subscription)}`);
      Object.assign(this, { data: body, etag });
      title(body.offering_name);
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** What can be done with it, as far as the portal knows; the server decides. */
  get choices() {
    const s = this.data;
    if (state.session.viewing || s.bundled) return [];
    const recurs = s.kind === "recurring";
    const fits = {
      quantity: recurs && s.state !== "ended" && s.state !== "suspended",
      plan: recurs && s.state !== "ended" && s.state !== "suspended",
      suspend: recurs && s.state !== "ended" && s.state !== "suspended",
      resume: recurs && s.state !== "ended" && (s.quantities ?? []).some((q) => Number(q.quantity) === 0),
      renew: Boolean(s.ends),
      end: s.state !== "ended",
    };
    return Object.keys(NEEDS).filter((name) => fits[name] && may(NEEDS[name]));
  }

  facts() {
    const s = this.data;
    return [
      [t("field.kind"), word("kind", s.kind)],
      [t("field.quantity"), html`<bdi class="figures">${decimal(s.quantity)}</bdi> ${word("unit", s.unit)}`],
      [t("field.unit_price"), s.unit_price && sum(s.unit_price, true)],
      [t("field.starts"), day(s.starts)],
      [t("field.ends"), day(s.ends)],
      [t("field.free_until"), day(s.free_until)],
      [t("field.committed_until"), day(s.committed_until)],
      [t("field.addon_of"), this.other(s.addon_of)],
      [t("field.bundled"), s.bundled && t("parts.follows", { n: decimal(s.bundled) })],
      [t("field.replaces"), this.other(s.replaces)],
    ];
  }

  other(id) {
    return id && html`<a href=${href("customers", this.customer, "subscriptions", id)}>${t("subscribe.manage")}</a>`;
  }

  async stop() {
    const { doing } = this;
    this.doing = "";
    await this.updateComplete;
    this.querySelector(`button[name="${doing}"]`)?.focus();
  }

  async done({ detail }) {
    if (detail.id !== this.data.id) go(href("customers", this.customer, "subscriptions", detail.id));
    else await this.load();
    await this.updateComplete;
    this.querySelector("h1")?.focus();
  }

  change() {
    if (!this.choices.length) return nothing;
    if (this.doing)
      return html`<section class="section"><h2>${KINDS[this.doing].label()}</h2><div class="card pad"><x-subscribe kind=${this.doing} .subscription=${this.data} .etag=${this.etag}
        @subscribed=${this.done} @cancel=${() => this.stop()}></x-subscribe></div></section>`;
    return html`<div class="row">${this.choices.map((name) => html`<button type="button" class="button" name=${name} @click=${() => (this.doing = name)}>${KINDS[name].label()}</button>`)}</div>`;
  }

  quantities() {
    const list = this.data.quantities ?? [];
    if (!list.length) return nothing;
    const columns = [
      { name: "starts", label: t("field.starts"), place: "lead", cell: (q) => day(q.starts) },
      { name: "ends", label: t("field.ends"), place: "detail", cell: (q) => day(q.ends) },
      { name: "quantity", label: t("field.quantity"), place: "figure", bare: true, cell: (q) => (Number(q.quantity) ? html`<bdi class="figures">${decimal(q.quantity)}</bdi>` : html`<x-chip state="suspended"></x-chip>`) },
    ];
    return html`<section class="section"><h2>${t("field.quantities")}</h2><div class="card"><x-table .caption=${t("field.quantities")} .columns=${columns} .rows=${list.map((q) => ({ ...q, id: q.starts }))}></x-table></div></section>`;
  }

  /** "until 1 July 2026, before the commitment was over" */
  about(h) {
    const until = h.kind === "ended" ? "" : h.until ? t("subscribe.until", { day: date(h.until) }) : h.kind === "renewed" ? t("subscribe.without_end") : "";
    return joined([h.quantity && decimal(h.quantity), until, h.early && t("subscribe.was_early")]);
  }

  history() {
    const list = this.data.history;
    if (!list) return nothing;
    const columns = [
      { name: "kind", label: t("subscribe.did"), place: "lead", cell: (h) => html`<span>${word("subscribe_kind", h.kind)}</span><span class="sub">${this.about(h)}</span>` },
      { name: "from", label: t("subscribe.day"), place: "detail", cell: (h) => day(h.from) },
      { name: "user_name", label: t("field.house"), place: "detail", cell: (h) => h.user_name ?? h.house },
      { name: "at", label: t("field.at"), place: "detail", cell: (h) => moment(h.at) },
    ];
    return html`<section class="section"><h2>${t("field.history")}</h2>${list.length
      ? html`<div class="card"><x-table .caption=${t("field.history")} .columns=${columns} .rows=${list.map((h, i) => ({ ...h, id: i }))}></x-table></div>`
      : html`<p class="muted">${t("subscribe.no_changes")}</p>`}</section>`;
  }

  render() {
    const s = this.data;
    const back = html`<a class="up" href=${href("customers", this.customer, "subscriptions")}>${icon("back", "along")}${s?.customer_name ?? t("page.subscriptions")}</a>`;
    if (this.problem) return html`<div class="page">${back}${this.head(t("page.subscriptions"))}<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem></div>`;
    if (!s) return html`<div class="page">${back}${this.head(html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`)}</div>`;
    return html`<div class="page">
      <div>${back}${this.head(s.offering_name, nothing, html`<x-chip state=${s.state}></x-chip>`)}</div>
      <div class="card pad"><x-facts .facts=${this.facts()} lines="5"></x-facts></div>
      ${this.change()} ${this.quantities()} ${this.history()}
    </div>`;
  }
}
customElements.define("page-subscription", PageSubscription);
