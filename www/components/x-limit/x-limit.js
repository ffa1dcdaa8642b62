/** `<x-limit>`: the most that a reseller can have, said by whoever it buys from: one of their roles, shown as its matrix. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { all, get, put } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { rich, t, word } from "../../lib/i18n.js";
import { draftOf } from "../../lib/rights.js";
import { href } from "../../lib/router.js";
import { may, shows } from "../../lib/state.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";
import "../x-rights/x-rights.js";

class XLimit extends Element {
  static properties = {
    /** id of the reseller */
    tenant: {},
    /** Only who is right above it sets it. */
    fixed: { type: Boolean },
    /** @type {{id: string, name: string} | null | undefined} the ceiling as it is; undefined while it is being loaded */
    now: { state: true },
    roles: { state: true },
    picked: { state: true },
    role: { state: true },
    problem: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.error = "";
  }

  willUpdate(changed) {
    if (changed.has("tenant")) this.load();
  }

  get path() {
    return `tenants/${encodeURIComponent(this.tenant)}/ceiling`;
  }

  async load() {
    Object.assign(this, { problem: null, error: "" });
    try {
      const [{ body, etag }, roles] = await Promise.all([get(this.path), may("role.read") ? all("roles") : { data: [] }]);
      this.etag = etag;
      this.roles = roles.data.filter((role) => role.own && !role.code && role.portal === "reseller");
      this.now = body.role;
      await this.pick(body.role?.id ?? "");
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** Shows what that role lets through; nothing is saved yet. */
  async pick(id) {
    Object.assign(this, { picked: id, role: null, error: "" });
    if (!id || !may("role.read") || !this.roles.some((role) => role.id === id)) return;
    try {
      const { body } = await get(`roles/${encodeURIComponent(id)}`);
      if (this.picked === id) this.role = body;
    } catch (problem) {
      this.problem = problem;
    }
  }

  async save(event) {
    event.preventDefault();
    if (this.busy) return;
    Object.assign(this, { busy: true, problem: null, error: "" });
    try {
      await put(this.path, { role: this.picked || null }, this.etag);
      await this.load();
      announce(t("limit.saved"), true);
    } catch (problem) {
      if (problem.status === 422) this.error = word("limit_fault", problem.errors[0]?.code);
      else this.problem = problem;
    }
    this.busy = false;
    await this.updateComplete;
    if (this.error) this.querySelector("x-field").focus();
  }

  form() {
    const roles = this.roles.map((role) => ({ value: role.id, label: role.name }));
    if (this.now && !this.roles.some((role) => role.id === this.now.id)) roles.unshift({ value: this.now.id, label: this.now.name });
    const wait = this.busy ? "true" : "false";
    return html`<form class="card pad stack" novalidate @submit=${this.save} aria-busy=${wait}>
      <x-field name="role" label=${t("limit.role")} hint=${t("limit.roles")} .value=${this.picked} .options=${[{ value: "", label: t("limit.none") }, ...roles]} .error=${this.error}
        @change=${(event) => this.pick(event.target.value)}></x-field>
      <div class="row">
        <button class="button strong" aria-disabled=${wait}>${t("limit.save")}</button>
        ${shows("roles") && may("role.create") ? html`<a href=${href("roles")}>${t("limit.make")}</a>` : nothing}
      </div>
    </form>`;
  }

  content() {
    if (this.now === undefined) return this.problem ? nothing : html`<div class="card pad" aria-busy="true"><span class="bone"></span></div>`;
    return this.fixed ? html`<p class="note">${rich("limit.fixed", { name: this.now?.name ?? t("limit.none") })}</p>` : this.form();
  }

  render() {
    return html`<div class="section">
      <p class="muted">${t("limit.lead")}</p>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      ${this.content()}
      ${this.role?.ceiling ? html`<x-rights .draft=${draftOf(this.role)} .ceiling=${this.role.ceiling} fixed></x-rights>` : nothing}
    </div>`;
  }
}
customElements.define("x-limit", XLimit);
