/** `<x-tax-id>`: which tax id a reseller has, and until when it is good.  Says `said` once it is saved. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { get, patch } from "../../lib/api.js";
import { Form } from "../../lib/form.js";
import { t, word } from "../../lib/i18n.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

class XTaxId extends Form {
  static properties = {
    /** id of the reseller */
    tenant: {},
    now: { state: true },
  };

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

  save(event) {
    const until = this.value("tax_id_until") || null, body = until === (this.now.tax_id_until ?? null) ? {} : { tax_id_until: until };
    if (this.value("tax_id") !== this.now.tax_id) body.tax_id = this.value("tax_id");
    return this.send(event, async () => {
      if (Object.keys(body).length) await patch(this.path, body, this.etag);
      await this.load();
      announce(t("tax_id.saved"), true);
      this.dispatchEvent(new CustomEvent("said", { bubbles: true }));
    }, ({ code }) => word("tax_id_fault", code));
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
