/** The channel as a tree: who buys from whom. */
import "../components/x-problem/x-problem.js";
import "../components/x-tree/x-tree.js";
import { html, nothing } from "../vendor/lit.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { tenants } from "../lib/state.js";

class PageResellers extends Page {
  static properties = { tenants: { state: true }, cut: { state: true }, problem: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.problem = null;
    try {
      const { data, next } = await tenants();
      this.tenants = data;
      this.cut = Boolean(next);
    } catch (problem) {
      this.problem = problem;
    }
  }

  render() {
    return html`<div class="page">
      ${this.head(t("page.resellers"), this.tenants ? t("resellers.count", { n: this.tenants.length }) : t("list.loading"))}
      ${this.cut ? html`<p class="lead">${t("resellers.cut")}</p>` : nothing}
      ${this.problem
        ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>`
        : html`<div class="card"><x-tree .caption=${t("page.resellers")} .tenants=${this.tenants ?? null}></x-tree></div>`}
    </div>`;
  }
}
customElements.define("page-resellers", PageResellers);
