/** `<x-invite>`: invites somebody to sign in; says `invited` once mail is on its way. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { all, post } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { ownName } from "../../lib/format.js";
import { LANGUAGES, language, roleName, t, word } from "../../lib/i18n.js";
import { may, state } from "../../lib/state.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

class XInvite extends Element {
  static properties = {
    /** that may be given, as far as the portal tells; the server decides @type {{value: string, label: string}[]} */
    roles: { state: true },
    problem: { state: true },
    errors: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    const own = state.session.user;
    this.roles = [{ value: own.role, label: roleName(own.role, own.role_name) }];
    this.errors = {};
  }

  connectedCallback() {
    super.connectedCallback();
    if (may("role.read")) this.load();
  }

  async load() {
    try {
      const { data } = await all("roles");
      const of = data.filter((role) => role.portal === state.portal);
      this.roles = of.map((role) => ({ value: role.id, label: roleName(role.code, role.name) }));
    } catch (problem) {
      this.problem = problem;
    }
  }

  field(name) {
    return this.querySelector(`x-field[name="${name}"]`);
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const body = Object.fromEntries(["email", "name", "language", "role"].map((name) => [name, this.field(name).value.trim()]));
    this.problem = null;
    this.busy = true;
    this.errors = {};
    try {
      await post("users", body);
      announce(t("invite.sent", { email: body.email }), true);
      for (const name of ["email", "name"]) this.field(name).value = "";
      this.dispatchEvent(new CustomEvent("invited", { bubbles: true }));
    } catch (problem) {
      this.errors = Object.fromEntries(problem.errors.map((e) => [e.pointer.slice(1), e.pointer === "/name" ? t("profile.name_missing") : word("invite", e.code)]));
      if (problem.status !== 422) this.problem = problem;
    }
    this.busy = false;
    await this.updateComplete;
    this.field(Object.keys(this.errors)[0])?.focus();
  }

  render() {
    const languages = LANGUAGES.map((value) => ({ value, label: ownName(value) }));
    const error = (name) => this.errors[name] ?? "";
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      <x-field name="email" type="email" label=${t("field.email")} autocomplete="off" maxlength="200" required .error=${error("email")}></x-field>
      <x-field name="name" label=${t("field.name")} autocomplete="off" maxlength="200" required .error=${error("name")}></x-field>
      <x-field name="language" label=${t("field.language")} .options=${languages} .value=${language()} .error=${error("language")}></x-field>
      <x-field name="role" label=${t("field.role")} .options=${this.roles} .value=${this.roles[0]?.value ?? ""} .error=${error("role")}></x-field>
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("invite.do")}</button>
    </form>`;
  }
}
customElements.define("x-invite", XInvite);
