/** The roles: the built-in ones and the house's own, how many have each, and a new one. */
import "../components/x-facts/x-facts.js";
import "../components/x-field/x-field.js";
import "../components/x-problem/x-problem.js";
import "../components/x-table/x-table.js";
import { html, nothing } from "../vendor/lit.js";
import { all, post } from "../lib/api.js";
import { roleName, t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { faults } from "../lib/rights.js";
import { go, href } from "../lib/router.js";
import { may, state } from "../lib/state.js";

/** The portals that a role of this house can be for. */
const portals = () => (state.portal === "admin" ? ["admin", "reseller", "customer"] : ["reseller", "customer"]);

class PageRoles extends Page {
  static properties = { roles: { state: true }, problem: { state: true }, errors: { state: true }, busy: { state: true }, from: { state: true } };

  constructor() {
    super();
    this.errors = {};
    this.from = "";
  }

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

  kind(role) {
    return role.code ? t("roles.built_in") : role.own ? t("roles.own") : html`${t("roles.foreign")} <span class="sub">${role.tenant_name}</span>`;
  }

  columns() {
    return [
      { name: "name", label: t("field.name"), place: "lead", cell: (r) => html`<a href=${href("roles", r.id)}>${roleName(r.code, r.name)}</a>` },
      { name: "portal", label: t("roles.portal"), place: "detail", cell: (r) => word("portal", r.portal) },
      { name: "kind", label: t("roles.kind"), place: "detail", cell: (r) => this.kind(r) },
      { name: "users", label: t("roles.users"), place: "figure", cell: (r) => html`<span class="figures">${r.users}</span>` },
    ];
  }

  async make(event) {
    event.preventDefault();
    if (this.busy) return;
    const value = (name) => this.querySelector(`x-field[name="${name}"]`)?.value;
    const name = value("name").trim();
    this.errors = name ? {} : { name: word("fault", "length") };
    if (!name) return this.querySelector("x-field").focus();
    this.busy = true;
    this.problem = null;
    const body = this.from ? { name } : { name, portal: value("portal") };
    try {
      const { body: role } = await post(this.from ? `roles/${encodeURIComponent(this.from)}/copy` : "roles", body);
      go(href("roles", role.id));
    } catch (problem) {
      this.errors = faults(body, problem.errors ?? []);
      if (problem.status !== 422) this.problem = problem;
    }
    this.busy = false;
  }

  form() {
    const from = [{ value: "", label: t("roles.empty") }, ...(this.roles ?? []).filter((r) => r.code || r.own).map((r) => ({ value: r.id, label: roleName(r.code, r.name) }))];
    return html`<section class="section"><h2>${t("roles.new")}</h2>
      <form class="card pad stack" novalidate @submit=${this.make}>
        <x-field name="name" label=${t("field.name")} maxlength="100" required .error=${this.errors.name ?? ""}></x-field>
        <x-field name="from" label=${t("roles.from")} .value=${this.from} .options=${from} @change=${(event) => (this.from = event.target.value)}></x-field>
        ${this.from ? nothing : html`<x-field name="portal" label=${t("roles.portal")} .value=${portals()[0]} .options=${portals().map((p) => ({ value: p, label: word("portal", p) }))} .error=${this.errors.portal ?? ""}></x-field>`}
        <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("roles.make")}</button>
      </form></section>`;
  }

  render() {
    return html`<div class="page">
      ${this.head(t("page.roles"), t("roles.lead"))}
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      <div class="card"><x-table .caption=${t("page.roles")} .columns=${this.columns()} .rows=${this.roles ?? null} bones="5"></x-table></div>
      ${may("role.create") ? this.form() : nothing}
    </div>`;
  }
}
customElements.define("page-roles", PageRoles);
