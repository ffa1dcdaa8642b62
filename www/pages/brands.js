/** All brands side by side, or one of them with a preview at three widths. */
import "../components/x-empty/x-empty.js";
import "../components/x-preview/x-preview.js";
import "../components/x-problem/x-problem.js";
import "../components/x-swatch/x-swatch.js";
import { html, nothing, repeat } from "../vendor/lit.js";
import { all, get } from "../lib/api.js";
import { icon } from "../lib/icons.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { title } from "../lib/title.js";

class PageBrands extends Page {
  static properties = { brands: { state: true }, problem: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.problem = null;
    try {
      this.brands = (await all("brands", { sort: "name" }, { most: 200 })).data;
    } catch (problem) {
      this.problem = problem;
    }
  }

  list() {
    if (this.brands?.length === 0) return html`<div class="card"><x-empty .heading=${t("brands.none")} .text=${t("brands.none_text")}></x-empty></div>`;
    const brands = this.brands ?? Array.from({ length: 6 }, (_, i) => ({ id: `wait-${i}` }));
    return html`<ul role="list" class="swatches">${repeat(brands, (b) => b.id, (b) => html`<li><x-swatch .brand=${this.brands ? b : null}></x-swatch></li>`)}</ul>`;
  }

  render() {
    return html`<div class="page">
      ${this.head(t("page.brands"), t("brands.lead"))}
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : this.list()}
    </div>`;
  }
}
customElements.define("page-brands", PageBrands);

class PageBrand extends Page {
  static properties = { brand: {}, data: { state: true }, problem: { state: true } };

  willUpdate(changed) {
    if (changed.has("brand")) this.load();
  }

  async load() {
    Object.assign(this, { problem: null, data: null });
    try {
      this.data = (await get(`brands/${encodeURIComponent(this.brand)}`)).body;
      title(this.data.name);
    } catch (problem) {
      this.problem = problem;
    }
  }

  render() {
    const back = html`<a class="up" href=${href("brands")}>${icon("back", "along")}${t("page.brands")}</a>`;
    const lead = this.data ? html`${this.data.tenant_name === this.data.name ? nothing : html`<bdi>${this.data.tenant_name}</bdi> · `}${t("brands.version", { n: this.data.version })}` : nothing;
    return html`<div class="page">
      <div>${back}${this.head(this.data?.name ?? t("page.brands"), lead)}</div>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      ${this.data ? html`<x-preview .brand=${this.data}></x-preview>` : nothing}
    </div>`;
  }
}
customElements.define("page-brand", PageBrand);
