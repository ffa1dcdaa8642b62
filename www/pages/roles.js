/** The roles and, of the built-in ones in words, what each may do. */
import "../components/x-chip/x-chip.js";
import "../components/x-facts/x-facts.js";
import "../components/x-problem/x-problem.js";
import { html, nothing, repeat } from "../vendor/lit.js";
import { all } from "../lib/api.js";
import { roleName, t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";

class PageRoles extends Page {
  static properties = { roles: { state: true }, problem: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.problem = null;
    try {
      this.roles = (await all("roles")).data;
    } catch (problem) {
      this.problem = problem;
    }
  }

  role(role) {
    const about = word("role_about", role.code);
    return html`<section class="card pad section">
      <div class="section-head"><h2>${roleName(role.code, role.name)}</h2><span class="muted small">${word("portal", role.portal)}</span></div>
      ${!role.code || about === role.code ? nothing : html`<p>${about}</p>`}
      ${role.code ? html`<p class="muted small"><code>${role.code}</code></p>` : nothing}
    </section>`;
  }

  render() {
    const waiting = Array.from({ length: 4 }, () => html`<div class="card pad"><x-facts lines="3"></x-facts></div>`);
    return html`<div class="page">
      ${this.head(t("page.roles"), t("roles.lead"))}
      ${this.problem
        ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>`
        : html`<div class="split">${this.roles ? repeat(this.roles, (r) => r.id, (r) => this.role(r)) : waiting}</div>`}
    </div>`;
  }
}
customElements.define("page-roles", PageRoles);
