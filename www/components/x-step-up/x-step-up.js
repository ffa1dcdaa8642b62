/** `<x-step-up>`: asks once more for the second step, a code or a passkey; says `proved` when it was right, `cancel` when not. */
import { html, nothing } from "../../vendor/lit.js";
import { Problem, post } from "../../lib/api.js";
import { Element, uid } from "../../lib/element.js";
import { t } from "../../lib/i18n.js";
import { canPasskey, usePasskey } from "../../lib/passkey.js";
import { href } from "../../lib/router.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

class XStepUp extends Element {
  static properties = {
    /** what the reader has @type {import("../../lib/api.js").Ways} */
    ways: { attribute: false },
    problem: { state: true },
    error: { state: true },
    /** why the passkey did not do: "cancelled" by the browser, "refused" by the server, else "" */
    failed: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.ways = { code: false, passkey: false };
    this.failed = "";
    this.key = uid("step-up");
  }

  async firstUpdated() {
    this.querySelector("dialog").showModal();
    await this.querySelector("x-field")?.updateComplete;
    this.first().focus();
  }

  /** Where the keyboard begins: the field, or the one thing to press. */
  first() {
    return this.querySelector("x-field, .strong");
  }

  say(name) {
    this.dispatchEvent(new CustomEvent(name));
  }

  /** Proves it with what `step` does; `refused` takes a 422. */
  async prove(step, refused, back) {
    this.busy = true;
    try {
      await step();
      return this.say("proved");
    } catch (error) {
      if (error.status === 422) refused();
      else if (error instanceof Problem) this.problem = error;
      else this.failed = "cancelled";
    }
    this.busy = false;
    await this.updateComplete;
    return back().focus();
  }

  submit(event) {
    event.preventDefault();
    if (this.busy) return undefined;
    const field = this.querySelector("x-field");
    const code = field.value.trim();
    Object.assign(this, { problem: null, failed: "", error: code ? "" : t("signin.code_missing") });
    if (!code) return field.focus();
    return this.prove(() => post("session/step-up", { code }), () => (this.error = t("signin.code_wrong")), () => field);
  }

  passkey() {
    if (this.busy) return undefined;
    Object.assign(this, { problem: null, failed: "", error: "" });
    const sign = async () => post("session/step-up/passkey", await usePasskey((await post("session/step-up/passkey/options")).body));
    return this.prove(sign, () => (this.failed = "refused"), () => this.querySelector(".x-step-up-passkey"));
  }

  said() {
    if (this.failed) return html`<p class="x-step-up-failed" role="alert">${this.failed === "refused" ? t("stepup.passkey_refused") : t("stepup.passkey_cancelled")}</p>`;
    return this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing;
  }

  cancel() {
    return html`<button type="button" class="button" @click=${() => this.say("cancel")}>${t("stepup.cancel")}</button>`;
  }

  signer(strong) {
    return html`<button type="button" class="button x-step-up-passkey ${strong ? "strong" : ""}" aria-disabled=${this.busy ? "true" : "false"} @click=${this.passkey}>${t("stepup.passkey")}</button>`;
  }

  form(passkey) {
    return html`<form class="stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      <p>${t("stepup.text")}</p>
      ${this.said()}
      <x-field name="code" label=${t("signin.code")} hint=${t("signin.code_hint")} autocomplete="one-time-code" maxlength="40" required .error=${this.error ?? ""}></x-field>
      <div class="row">
        <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("stepup.do")}</button>
        ${passkey ? this.signer(false) : nothing} ${this.cancel()}
      </div>
    </form>`;
  }

  /** A passkey and no code. */
  sign() {
    return html`<div class="stack" aria-busy=${this.busy ? "true" : "false"}>
      <p>${t("stepup.text")}</p>
      ${this.said()}
      <div class="row">${this.signer(true)} ${this.cancel()}</div>
    </div>`;
  }

  none() {
    return html`<div class="stack">
      <p>${this.ways.passkey ? t("stepup.unable") : t("stepup.off")}</p>
      <div class="row">
        <a class="button strong" href=${href("profile")} @click=${() => this.say("cancel")}>${t("stepup.profile")}</a>
        ${this.cancel()}
      </div>
    </div>`;
  }

  content() {
    const passkey = this.ways.passkey && canPasskey();
    if (this.ways.code) return this.form(passkey);
    return passkey ? this.sign() : this.none();
  }

  render() {
    return html`<dialog aria-labelledby=${this.key} @cancel=${(event) => (event.preventDefault(), this.say("cancel"))}>
      <h2 id=${this.key}>${t("stepup.heading")}</h2>
      ${this.content()}
    </dialog>`;
  }
}
customElements.define("x-step-up", XStepUp);
