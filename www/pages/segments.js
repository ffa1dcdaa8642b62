/** The customer segments: by hand, by rule and the rest, and a new one. */
import "../components/x-list/x-list.js";
import "../components/x-problem/x-problem.js";
import "../components/x-segment/x-segment.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { post } from "../lib/api.js";
import { columns, filters } from "../lib/columns.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { go, href } from "../lib/router.js";
import { may, state } from "../lib/state.js";
import { segmentFaults } from "../lib/segments.js";

class PageSegments extends Page {
  static properties = { ready: { state: true }, problem: { state: true }, errors: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.errors = {};
  }

  async make(event) {
    event.preventDefault();
    if (this.busy) return;
    Object.assign(this, { busy: true, problem: null, errors: {} });
    try {
      const { body } = await post("segments", this.querySelector("x-segment").value);
      announce(t("segment.saved"), true);
      go(href("segments", body.id));
    } catch (problem) {
      this.errors = segmentFaults(problem.errors ?? []);
      if (problem.status !== 422) this.problem = problem;
      await this.updateComplete;
      await this.querySelector("x-segment").updateComplete;
      this.querySelector("[aria-invalid=true]")?.focus();
    }
    this.busy = false;
  }

  form() {
    return html`<section class="section"><h2>${t("segment.new")}</h2>${state.channel ? html`<p class="muted">${t("segment.own")}</p>` : nothing}
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      <form class="card pad stack" novalidate @submit=${this.make} aria-busy=${this.busy ? "true" : "false"}>
        <x-segment .segment=${null} .errors=${this.errors}></x-segment>
        <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("segment.make")}</button>
      </form></section>`;
  }

  render() {
    const wide = state.channel;
    return html`<div class="page">
      ${this.head(t("page.segments"), t("segment.lead"))}
      <x-list path="segments" .caption=${t("page.segments")} order="name" .turn=${this.turn} @loaded=${() => (this.ready = true)}
        .columns=${columns("segment", ["name", ...(wide ? ["tenant_name"] : []), "way"])} .filters=${wide ? filters("segment", "tenant") : []}
        .empty=${{ heading: t("segment.empty"), text: t("segment.empty_text") }}></x-list>
      ${this.ready && may("segment.create") ? this.form() : nothing}
    </div>`;
  }
}
customElements.define("page-segments", PageSegments);
