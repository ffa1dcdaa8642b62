/** `<x-step-up>`: asks once more for a code of the second step; says `proved` when it was right, `cancel` when not. */
import { html, nothing } from "../../vendor/lit.js";
import { post } from "../../lib/api.js";
import { Element, uid } from "../../lib/element.js";
import { t } from "../../lib/i18n.js";
import { href } from "../../lib/router.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

class XStepUp extends Element {
  static properties = {
    /** has the reader no second step yet? */
    off: { type: Boolean },
    problem: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.key = uid("step-up");
  }

  async firstUpdated() {
    this.querySelector("dialog").showModal();
    const field = this.querySelector("x-field");
    await field?.updateComplete;
    field?.focus();
  }

  say(name) {
    this.dispatchEvent(new CustomEvent(name));
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const field = this.querySelector("x-field");
    const code = field.value.trim();
    Object.assign(this, { problem: null, error: code ? "" : t("signin.code_missing") });
    if (!code) return field.focus();
    this.busy = true;
    try {
      await post("session/step-up", { code });
      return this.say("proved");
    } catch (problem) {
      if (problem.status === 422) this.error = t("signin.code_wrong");
      else this.problem = problem;
    }
    this.busy = false;
    await this.updateComplete;
    field.focus();
  }

  form() {
    return html`<form class="stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      <p>${t("stepup.text")}</p>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      <x-field name="code" label=${t("signin.code")} hint=${t("signin.code_hint")} autocomplete="one-time-code" maxlength="40" required .error=${this.error ?? ""}></x-field>
      <div class="row">
        <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("stepup.do")}</button>
        <button type="button" class="button" @click=${() => this.say("cancel")}>${t("stepup.cancel")}</button>
      </div>
    </form>`;
  }

  none() {
    return html`<div class="stack">
      <p>${t("stepup.off")}</p>
      <div class="row">
        <a class="button strong" href=${href("profile")} @click=${() => this.say("cancel")}>${t("stepup.profile")}</a>
        <button type="button" class="button" @click=${() => this.say("cancel")}>${t("stepup.cancel")}</button>
      </div>
    </div>`;
  }

  render() {
    return html`<dialog aria-labelledby=${this.key} @cancel=${(event) => (event.preventDefault(), this.say("cancel"))}>
      <h2 id=${this.key}>${t("stepup.heading")}</h2>
      ${this.off ? this.none() : this.form()}
    </dialog>`;
  }
}
customElements.define("x-step-up", XStepUp);
