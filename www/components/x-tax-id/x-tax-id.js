/** `<x-tax-id>`: which tax id a reseller has, and until when it is good.  Says `said` once it is saved. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { get, patch } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { t, word } from "../../lib/i18n.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

class XTaxId extends Element {
  static properties = {
    /** id of the reseller */
    tenant: {},
    now: { state: true },
    problem: { state: true },
    errors: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.errors = {};
  }

  willUpdate(changed) {
    if (changed.has("tenant")) this.load();
  }

  get path() {
    return `tenants/${encodeURIComponent(this.tenant)}`;
  }

  async load() {
    Object.assign(this, { problem: null, errors: {} });
    try {
      const { body, etag } = await get(this.path);
      Object.assign(this, { now: body, etag });
    } catch (problem) {
      this.problem = problem;
    }
  }

  async save(event) {
    event.preventDefault();
    if (this.busy) return;
    const value = (name) => this.querySelector(`x-field[name="${name}"]`).value.trim();
    const until = value("tax_id_until") || null, body = until === (this.now.tax_id_until ?? null) ? {} : { tax_id_until: until };
    if (value("tax_id") !== this.now.tax_id) body.tax_id = value("tax_id");
    Object.assign(this, { busy: true, problem: null, errors: {} });
    try {
      if (Object.keys(body).length) await patch(this.path, body, this.etag);
      await this.load();
      announce(t("tax_id.saved"), true);
      this.dispatchEvent(new CustomEvent("said", { bubbles: true }));
    } catch (problem) {
      this.errors = Object.fromEntries((problem.errors ?? []).map((e) => [e.pointer.slice(1), word("tax_id_fault", e.code)]));
      if (problem.status !== 422) this.problem = problem;
      await this.updateComplete;
      this.querySelector("[aria-invalid=true]")?.focus();
    }
    this.busy = false;
  }

  render() {
    const now = this.now;
    return html`<form class="card pad stack" novalidate @submit=${this.save} aria-busy=${this.busy || !now ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      <p>${t("tax_id.about")}</p>
      ${now ? html`<x-field name="tax_id" label=${t("field.tax_id")} maxlength="40" autocomplete="off" required .value=${now.tax_id ?? ""} .error=${this.errors.tax_id ?? ""}></x-field>
        <x-field name="tax_id_until" type="date" label=${t("field.tax_id_until")} hint=${t("tax_id.hint")} .value=${now.tax_id_until ?? ""} .error=${this.errors.tax_id_until ?? ""}></x-field>
        <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("tax_id.save")}</button>` : html`<span class="bone"></span>`}
    </form>`;
  }
}
customElements.define("x-tax-id", XTaxId);
