/**
 * `<x-offering>`: a new offering, or (with `.offering` and `.etag`) what can be changed of one.  Says `written` with the
 * offering as it is now.
 */
import { html, nothing } from "../../vendor/lit.js";
import { all, patch, post } from "../../lib/api.js";
import { Form } from "../../lib/form.js";
import { t, word } from "../../lib/i18n.js";
import { may, writes } from "../../lib/state.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

const KINDS = ["recurring", "usage", "one_time"], UNITS = ["month", "night", "hour", "device", "piece"];

class XOffering extends Form {
  static properties = {
    offering: { attribute: false },
    etag: {},
    products: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.problem = null;
    try {
      this.products = may("product.read") ? (await all("product-segments")).data : [];
    } catch (problem) {
      this.problem = problem;
    }
  }

  get body() {
    const body = Object.fromEntries([...this.querySelectorAll("x-field")].map((field) => [field.getAttribute("name"), field.value.trim()]));
    if (body.shared !== undefined) body.shared = body.shared === "yes";
    if (body.currency) body.currency = body.currency.toUpperCase();
    return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== ""));
  }

  submit(event) {
    return this.send(event, async () => {
      const { body } = this.offering ? await patch(`offerings/${encodeURIComponent(this.offering.id)}`, this.body, this.etag) : await post("offerings", this.body);
      this.dispatchEvent(new CustomEvent("written", { bubbles: true, detail: body }));
    }, (error) => word("catalogue_fault", error.code));
  }

  line(name, maxlength, hint = "", value = "") {
    return html`<x-field name=${name} label=${word("field", name)} maxlength=${maxlength} autocomplete="off" required .hint=${hint} .value=${value} .error=${this.errors[name] ?? ""}></x-field>`;
  }

  choice(name, options, value = options[0]?.value ?? "") {
    return html`<x-field name=${name} label=${word("field", name)} .options=${options} .value=${value} .error=${this.errors[name] ?? ""}></x-field>`;
  }

  fields() {
    const o = this.offering, takes = (name) => !o || writes("offering", name);
    const words_ = (set, codes) => codes.map((value) => ({ value, label: word(set, value) }));
    const products = this.products.map(({ id, name }) => ({ value: id, label: name })), shared = [{ value: "yes", label: t("catalogue.shared") }, { value: "no", label: t("catalogue.unshared") }];
    return html`${takes("name") ? this.line("name", 100, "", o?.name) : nothing}
      ${o ? nothing : html`${this.line("code", 40, t("catalogue.code_hint"))}${this.choice("kind", words_("kind", KINDS))}${this.choice("unit", words_("unit", UNITS))}${this.line("currency", 3, t("price.currency_hint"))}`}
      ${products.length && takes("product") ? this.choice("product", products, o?.product) : nothing}
      ${takes("early_end") && (!o || o.kind === "recurring") ? html`<x-field name="early_end" label=${word("field", "early_end")} maxlength="6" autocomplete="off" .hint=${t("catalogue.early_hint")} .value=${o?.early_end ?? ""} .error=${this.errors.early_end ?? ""}></x-field>` : nothing}
      ${takes("shared") ? this.choice("shared", shared, o && !o.shared ? "no" : "yes") : nothing}`;
  }

  render() {
    if (!this.products) return html`<div class="card pad">${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : html`<span class="bone"></span>`}</div>`;
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      ${this.fields()}
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${this.offering ? t("catalogue.save") : t("catalogue.make")}</button>
    </form>`;
  }
}
customElements.define("x-offering", XOffering);
