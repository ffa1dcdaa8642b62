/** One customer segment: its rule, changed and deleted where that can be. */
import "../components/x-facts/x-facts.js";
import "../components/x-problem/x-problem.js";
import "../components/x-segment/x-segment.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { get, patch, remove } from "../lib/api.js";
import { icon } from "../lib/icons.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { go, href } from "../lib/router.js";
import { ruleText, segmentFaults } from "../lib/segments.js";
import { may, state, writes } from "../lib/state.js";
import { title } from "../lib/title.js";

class PageSegment extends Page {
  static properties = {
    segment: {},
    data: { state: true },
    problem: { state: true },
    errors: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.errors = {};
  }

  willUpdate(changed) {
    if (changed.has("segment")) this.load();
  }

  get path() {
    return `segments/${encodeURIComponent(this.segment)}`;
  }

  async load() {
    Object.assign(this, { problem: null, errors: {} });
    try {
      const { body, etag } = await get(this.path);
      this.etag = etag;
      this.data = body;
      title(body.name);
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** Does a step with the server; what it does not take stands at its place. */
  async step(act) {
    if (this.busy) return;
    Object.assign(this, { busy: true, problem: null, errors: {} });
    try {
      await act();
    } catch (problem) {
      this.errors = segmentFaults(problem.errors ?? []);
      if (problem.status !== 422) this.problem = problem;
      await this.updateComplete;
      await this.querySelector("x-segment")?.updateComplete;
      this.querySelector("[aria-invalid=true]")?.focus();
    }
    this.busy = false;
  }

  save(event) {
    event.preventDefault();
    const value = this.querySelector("x-segment").value;
    const body = Object.fromEntries(Object.entries(value).filter(([name]) => writes("segment", name)));
    this.step(async () => {
      await patch(this.path, body, this.etag);
      await this.load();
      announce(t("segment.saved"), true);
    });
  }

  drop() {
    if (!confirm(t("segment.delete_sure", { name: this.data.name }))) return;
    this.step(async () => {
      await remove(this.path);
      announce(t("segment.deleted"), true);
      go(href("segments"), { replace: true });
    });
  }

  content() {
    const d = this.data;
    const wait = this.busy ? "true" : "false";
    const facts = [[t("field.way"), ruleText(d)], [t("field.tenant"), state.channel ? d.tenant_name : null]];
    return html`
      <div class="card pad"><x-facts .facts=${facts}></x-facts></div>
      ${may("segment.edit")
        ? html`<form class="card pad stack" novalidate @submit=${this.save} aria-busy=${wait}>
            <x-segment .segment=${d} .errors=${this.errors}></x-segment>
            <p class="muted small">${t("segment.follows")}</p>
            <button class="button strong" aria-disabled=${wait}>${t("segment.save")}</button>
          </form>`
        : nothing}
      ${may("segment.delete")
        ? html`<div class="card pad stack"><p class="muted small">${t("segment.delete_text")}</p>
            <button type="button" class="button" aria-disabled=${wait} @click=${() => this.drop()}>${t("segment.delete")}</button></div>`
        : nothing}`;
  }

  render() {
    const up = html`<a class="up" href=${href("segments")}>${icon("back", "along")}${t("page.segments")}</a>`;
    return html`<div class="page">
      <div>${up}${this.head(this.data?.name ?? html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`)}</div>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      ${this.data ? this.content() : this.problem ? nothing : html`<div class="card pad"><x-facts lines="2"></x-facts></div>`}
    </div>`;
  }
}
customElements.define("page-segment", PageSegment);
