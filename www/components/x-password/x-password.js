/** `<x-password>`: another password; says `changed` once the server has it and all other sessions have ended. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { Problem, post } from "../../lib/api.js";
import { Form } from "../../lib/form.js";
import { t, word } from "../../lib/i18n.js";
import { state } from "../../lib/state.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

class XPassword extends Form {
  field(name) {
    return this.querySelector(`x-field[name="${name}"]`);
  }

  submit(event) {
    const body = { current: this.field("current").value, new: this.field("new").value }; // with the blanks at their ends
    const missing = Object.keys(body).filter((name) => !body[name]);
    return this.send(event, async () => {
      if (missing.length) throw new Problem(422, "invalid", { errors: missing.map((name) => ({ pointer: `/${name}`, code: "missing" })) });
      await post("password", body);
      for (const name of Object.keys(body)) this.field(name).value = "";
      announce(t("password.changed"), true);
      this.dispatchEvent(new CustomEvent("changed", { bubbles: true }));
    }, ({ code }) => word("password", code));
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
