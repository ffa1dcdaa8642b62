/** `<x-key>`: makes an API key and shows its secret, once; says `made` when there is another key. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { all, post } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { roleName, t, word } from "../../lib/i18n.js";
import { state } from "../../lib/state.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

/** A year from today, as the server would have it too. */
function nextYear() {
  const day = new Date();
  day.setUTCFullYear(day.getUTCFullYear() + 1);
  return day.toISOString().slice(0, 10);
}

class XKey extends Element {
  static properties = {
    /** that may be given, as far as the portal tells; the server decides @type {{value: string, label: string}[]} */
    roles: { state: true },
    /** shown this once @type {{name: string, secret: string} | null} */
    made: { state: true },
    problem: { state: true },
    errors: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.errors = {};
    this.made = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.problem = null;
    try {
      const { data } = await all("roles");
      this.roles = data.filter((role) => role.portal === state.portal && (role.code || role.own)).map((role) => ({ value: role.id, label: roleName(role.code, role.name) }));
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
    const body = Object.fromEntries(["name", "role", "expires"].map((name) => [name, this.field(name).value.trim()]));
    this.problem = null;
    this.errors = {};
    this.busy = true;
    try {
      this.made = (await post("api-keys", body)).body;
      this.dispatchEvent(new CustomEvent("made", { bubbles: true }));
    } catch (problem) {
      this.errors = Object.fromEntries(problem.errors.map((e) => [e.pointer.slice(1), word("key_fault", e.code)]));
      if (problem.status !== 422) this.problem = problem;
    }
    this.busy = false;
    await this.updateComplete;
    if (this.made) this.querySelector(".x-key-secret").focus();
    else this.field(Object.keys(this.errors)[0])?.focus();
  }

  async copy() {
    await navigator.clipboard.writeText(this.made.secret);
    announce(t("totp.copied"), true);
  }

  /** The secret leaves the page, and with it the last place where it stands. */
  async kept() {
    this.made = null;
    await this.updateComplete;
    this.field("name").focus();
  }

  secret() {
    const heading = t("key.secret", { name: this.made.name });
    return html`<div class="card pad stack x-key-secret" tabindex="-1" role="group" aria-label=${heading}>
      <p><strong>${heading}</strong></p>
      <p><code dir="ltr">${this.made.secret}</code></p>
      <p>${t("key.once")}</p>
      <div class="x-key-buttons">
        <button type="button" class="button" @click=${this.copy}>${t("totp.copy")}</button>
        <button type="button" class="button strong" @click=${this.kept}>${t("key.kept")}</button>
      </div>
    </div>`;
  }

  render() {
    if (this.made) return this.secret();
    if (!this.roles) return html`<div class="card pad">${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : html`<span class="bone"></span>`}</div>`;
    const error = (name) => this.errors[name] ?? "";
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      <x-field name="name" label=${t("field.name")} hint=${t("key.name_hint")} autocomplete="off" maxlength="200" required .error=${error("name")}></x-field>
      <x-field name="role" label=${t("field.role")} hint=${t("key.role_hint")} .options=${this.roles} .value=${this.roles[0]?.value ?? ""} .error=${error("role")}></x-field>
      <x-field name="expires" type="date" label=${t("field.expires")} hint=${t("key.expires_hint")} .value=${nextYear()} required .error=${error("expires")}></x-field>
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("key.make")}</button>
    </form>`;
  }
}
customElements.define("x-key", XKey);
