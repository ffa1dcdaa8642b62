/** `<x-give>`: the roles of a user, to be given and taken away; says `given` when they are others. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { all, get, put } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { roleName, t, word } from "../../lib/i18n.js";
import "../x-problem/x-problem.js";

class XGive extends Element {
  static properties = {
    /** the user's id, name, tenant and portal */
    user: {},
    name: {},
    tenant: {},
    portal: {},
    /** that can be given, as far as the portal tells; the server decides */
    roles: { state: true },
    chosen: { state: true },
    problem: { state: true },
    errors: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.errors = {};
  }

  willUpdate(changed) {
    if (changed.has("user")) this.load();
  }

  get path() {
    return `users/${encodeURIComponent(this.user)}/roles`;
  }

  async load() {
    this.problem = null;
    try {
      const [{ data }, { body, etag }] = await Promise.all([all("roles"), get(this.path)]);
      const offered = data.filter((role) => role.portal === this.portal && (role.code || role.tenant === undefined || role.tenant === this.tenant));
      /* What the user has stays to be seen, be it a role that nobody else is offered. */
      this.roles = [...offered, ...body.roles.filter((role) => !offered.some((other) => other.id === role.id))];
      this.chosen = body.roles.map((role) => role.id);
      this.etag = etag;
    } catch (problem) {
      this.problem = problem;
    }
  }

  choose(role, event) {
    this.chosen = event.target.checked ? [...this.chosen, role.id] : this.chosen.filter((id) => id !== role.id);
    this.errors = {};
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    Object.assign(this, { problem: null, errors: {}, busy: true });
    try {
      const { etag } = await put(this.path, { roles: this.chosen }, this.etag);
      this.etag = etag;
      announce(t("give.done", { name: this.name }), true);
      this.dispatchEvent(new CustomEvent("given", { bubbles: true }));
    } catch (problem) {
      this.errors = Object.fromEntries(problem.errors.map((e) => [this.chosen[Number(e.pointer.split("/")[2])] ?? "", word("given", e.code)]));
      if (problem.status !== 422) this.problem = problem;
    }
    this.busy = false;
  }

  role(role) {
    const error = this.errors[role.id], key = `give-${role.id}`;
    return html`<li><label><input type="checkbox" .checked=${this.chosen.includes(role.id)} aria-describedby=${key} aria-invalid=${error ? "true" : "false"} @change=${(event) => this.choose(role, event)} />
      <bdi>${roleName(role.code, role.name)}</bdi></label><span class="x-give-error" id=${key}>${error ?? nothing}</span></li>`;
  }

  render() {
    if (!this.roles) return html`<div class="card pad">${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : html`<span class="bone"></span>`}</div>`;
    return html`<form class="card pad stack" @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${this.problem.status === 412 ? () => this.load() : undefined}></x-problem>` : nothing}
      <fieldset><legend class="hush">${t("give.heading")}</legend><ul>${this.roles.map((role) => this.role(role))}</ul></fieldset>
      ${this.errors[""] ? html`<p class="x-give-error" role="alert">${this.errors[""]}</p>` : nothing}
      <p class="muted">${t("give.about")}</p>
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("give.save")}</button>
    </form>`;
  }
}
customElements.define("x-give", XGive);
