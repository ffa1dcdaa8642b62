/** `<x-key>`: makes an API key and shows its secret, once; says `made` when there is another key. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { all, post } from "../../lib/api.js";
import { Form } from "../../lib/form.js";
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

class XKey extends Form {
  static properties = {
    /** that may be given, as far as the portal tells; the server decides @type {{value: string, label: string}[]} */
    roles: { state: true },
    /** shown this once @type {{name: string, secret: string} | null} */
    made: { state: true },
  };

  constructor() {
    super();
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

  submit(event) {
    const body = Object.fromEntries(["name", "role", "expires"].map((name) => [name, this.value(name)]));
    return this.send(event, async () => {
      this.made = (await post("api-keys", body)).body;
      this.dispatchEvent(new CustomEvent("made", { bubbles: true }));
      await this.updateComplete;
      this.querySelector(".x-key-secret").focus();
    }, ({ code }) => word("key_fault", code));
  }

  async copy() {
    await navigator.clipboard.writeText(this.made.secret);
    announce(t("totp.copied"), true);
  }

  /** The secret leaves the page, and with it the last place where it stands. */
  async kept() {
    this.made = null;
    await this.updateComplete;
    this.querySelector("x-field[name=name]").focus();
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
