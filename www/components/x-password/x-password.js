/** `<x-password>`: another password; says `changed` once the server has it and all other sessions have ended. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { post } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { t, word } from "../../lib/i18n.js";
import { state } from "../../lib/state.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

class XPassword extends Element {
  static properties = {
    problem: { state: true },
    /** by the name of the field @type {Record<string, string>} */
    errors: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.errors = {};
  }

  field(name) {
    return this.querySelector(`x-field[name="${name}"]`);
  }

  async refuse(errors) {
    this.errors = errors;
    await this.updateComplete;
    this.field(Object.keys(errors)[0])?.focus();
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const body = { current: this.field("current").value, new: this.field("new").value };
    this.problem = null;
    const missing = ["current", "new"].filter((name) => !body[name]);
    if (missing.length) return this.refuse(Object.fromEntries(missing.map((name) => [name, t("password.missing")])));
    this.busy = true;
    this.errors = {};
    try {
      await post("password", body);
      for (const name of ["current", "new"]) this.field(name).value = "";
      announce(t("password.changed"), true);
      this.dispatchEvent(new CustomEvent("changed", { bubbles: true }));
    } catch (problem) {
      if (problem.status === 422) this.refuse(Object.fromEntries(problem.errors.map((e) => [e.pointer.slice(1), word("password", e.code)])));
      else this.problem = problem;
    }
    this.busy = false;
  }

  said() {
    const p = this.problem;
    if (!p) return nothing;
    return html`<x-problem .problem=${p}></x-problem>${p.retryAfter ? html`<p role="status">${t("signin.wait", { n: p.retryAfter })}</p>` : nothing}`;
  }

  render() {
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.said()}
      <input class="hush" type="email" name="email" autocomplete="username" .value=${state.session.user.email} readonly tabindex="-1" aria-hidden="true" />
      <x-field name="current" type="password" label=${t("password.current")} autocomplete="current-password" maxlength="200" required .error=${this.errors.current ?? ""}></x-field>
      <x-field name="new" type="password" label=${t("password.new")} hint=${t("password.hint")} autocomplete="new-password" maxlength="200" required .error=${this.errors.new ?? ""}></x-field>
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("password.change")}</button>
    </form>`;
  }
}
customElements.define("x-password", XPassword);
