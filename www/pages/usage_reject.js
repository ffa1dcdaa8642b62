/** One line of usage that was not taken: why, as it came, and its members to mend. */
import "../components/x-facts/x-facts.js";
import "../components/x-field/x-field.js";
import "../components/x-problem/x-problem.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { get, patch, post } from "../lib/api.js";
import { moment } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, state, writes } from "../lib/state.js";

const MEMBERS = ["source", "event", "account", "offering", "quantity", "at", "class", "time_of_day", "zone"];

class PageUsageReject extends Page {
  static properties = { reject: {}, data: { state: true }, problem: { state: true }, refused: { state: true }, busy: { state: true }, said: { state: true } };

  willUpdate(changed) {
    if (changed.has("reject")) this.load();
  }

  get at() {
    return `usage/rejects/${encodeURIComponent(this.reject)}`;
  }

  async load() {
    Object.assign(this, { data: null, problem: null, refused: null, said: "" });
    try {
      const { body, etag } = await get(this.at);
      Object.assign(this, { data: body, etag });
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** Saves what was changed, and tries it. */
  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const values = [...this.querySelectorAll("x-field")].map((field) => [field.name, field.value.trim()]);
    const body = Object.fromEntries(values.filter(([name, value]) => value !== (this.data[name] ?? "")));
    Object.assign(this, { busy: true, refused: null, said: "" });
    try {
      if (Object.keys(body).length) await patch(this.at, body, this.etag);
      await post(`${this.at}/recycle`);
      const again = await get(this.at);
      Object.assign(this, { data: again.body, etag: again.etag });
      this.said = this.data.state === "received" ? t("usage.in") : t("usage.still", { reason: word("reject", this.data.reason) });
      announce(this.said, true);
    } catch (problem) {
      this.refused = problem;
    }
    this.busy = false;
  }

  facts() {
    const d = this.data;
    return d && [
      [t("field.state"), word("reject_state", d.state)],
      [t("field.reason"), d.state === "open" ? word("reject", d.reason) : ""],
      [t("field.text"), d.text && html`<code class="clamp" dir="ltr">${d.text}</code>`],
      [t("field.line"), d.line],
      [t("field.came"), d.came && moment(d.came)],
      [t("field.tenant"), state.portal === "admin" ? d.tenant_name : ""],
      [t("field.mended"), d.mended && moment(d.mended)],
      [t("field.mender"), d.mender_name],
    ];
  }

  form() {
    const own = this.data.tenant === undefined || this.data.tenant === state.session.tenant.id;
    if (this.data.state !== "open" || !own || !may("usage_reject.mend") || state.session.viewing) return nothing;
    return html`<section class="section"><h2>${t("usage.mend")}</h2>
      <form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
        ${MEMBERS.filter((name) => writes("usage_reject", name)).map((name) => html`<x-field name=${name} label=${word("field", name)} .value=${this.data[name] ?? ""} maxlength="100" autocomplete="off"></x-field>`)}
        <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("usage.save")}</button>
      </form></section>`;
  }

  render() {
    return html`<div class="page">
      <div><a class="up" href=${href("usage", "rejects")}>${icon("back", "along")}${t("usage.rejects")}</a>${this.head(t("usage.mend_head"))}</div>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : html`<div class="card pad"><x-facts lines="5" .facts=${this.facts()}></x-facts></div>`}
      ${this.said ? html`<p class="note">${this.said}</p>` : nothing}
      ${this.refused ? html`<x-problem .problem=${this.refused} .retry=${() => this.load()}></x-problem>` : nothing}
      ${this.data ? this.form() : nothing}
    </div>`;
  }
}
customElements.define("page-usage-reject", PageUsageReject);
