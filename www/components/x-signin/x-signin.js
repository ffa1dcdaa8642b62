/** `<x-signin>`: the door of every portal.  Says `enter` once the server has let the user in. */
import { html, nothing } from "../../vendor/lit.js";
import { Problem, post } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { ownName } from "../../lib/format.js";
import { language, LANGUAGES, rich, t, word } from "../../lib/i18n.js";
import { canPasskey, usePasskey } from "../../lib/passkey.js";
import { state } from "../../lib/state.js";
import { icon } from "../../lib/icons.js";
import "../x-field/x-field.js";

class XSignin extends Element {
  static properties = {
    /** why the door is seen: "out" after signing out, "ended" when a session ended */
    reason: {},
    busy: { state: true },
    problem: { state: true },
    /** the browser has given no passkey */
    cancelled: { state: true },
    missing: { state: true },
    /** what was right, while the code of the second step is asked for @type {{email: string, password: string} | null} */
    first: { state: true },
  };

  field(name) {
    return this.querySelector(`x-field[name="${name}"]`);
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const wanted = this.first ? ["code"] : ["email", "password"];
    const value = (name) => (name === "password" ? this.field(name).value : this.field(name).value.trim());
    const typed = Object.fromEntries(wanted.map((name) => [name, value(name)]));
    this.problem = null;
    this.cancelled = false;
    this.missing = Object.fromEntries(wanted.map((name) => [name, !typed[name]]));
    const empty = wanted.find((name) => !typed[name]);
    if (empty) return this.field(empty).focus();
    this.busy = true;
    try {
      const { body } = await post("session", { ...this.first, ...typed });
      this.dispatchEvent(new CustomEvent("enter", { detail: body, bubbles: true }));
    } catch (problem) {
      await this.refused(problem, typed);
    }
  }

  /** Signs in with a passkey, which is the password and the second step in one. */
  async passkey() {
    if (this.busy) return;
    this.problem = null;
    this.cancelled = false;
    this.missing = {};
    this.busy = true;
    try {
      const { body: options } = await post("session/passkey/options");
      const { body } = await post("session/passkey", await usePasskey(options));
      this.dispatchEvent(new CustomEvent("enter", { detail: body, bubbles: true }));
    } catch (error) {
      if (error instanceof Problem) this.problem = error;
      else this.cancelled = true;
      this.busy = false;
      await this.updateComplete;
      this.querySelector(".x-signin-passkey").focus();
    }
  }

  /** The password was right and a code is asked for, or something was wrong. */
  async refused(problem, typed) {
    const second = problem.code === "second_factor";
    if (second && !this.first) this.first = typed;
    else this.problem = problem;
    /* A password that is wrong by now was changed elsewhere: from the beginning. */
    if (!second && problem.code === "login_failed") this.first = null;
    this.busy = false;
    await this.updateComplete;
    this.field(this.first ? "code" : "password").focus();
  }

  back() {
    this.first = null;
    this.problem = null;
    this.missing = {};
  }

  said() {
    const p = this.problem;
    if (p && p.code !== "second_factor") {
      const wait = p.retryAfter ? t("signin.wait", { n: p.retryAfter }) : "";
      const more = p.status === 0 ? t("advice.offline") : p.code === "login_failed" ? t("signin.check") : p.code === "passkey_refused" ? t("signin.passkey_check") : wait || t("advice.busy");
      return html`<div class="x-signin-said" data-tone="danger" role="alert">${icon("warning")}<div><strong>${word("problem", p.code)}</strong> ${more}
        ${p.trace && p.status >= 500 ? html`<br /><span class="small">${t("problem.trace")} <code>${p.trace}</code></span>` : nothing}</div></div>`;
    }
    if (this.cancelled) return html`<div class="x-signin-said" data-tone="danger" role="alert">${icon("warning")}<div>${t("signin.passkey_cancelled")}</div></div>`;
    if (this.reason) return html`<div class="x-signin-said" role="status">${icon("check")}<div>${this.reason === "out" ? t("signin.out") : t("signin.ended")}</div></div>`;
    return nothing;
  }

  languages() {
    const offered = (state.brand.languages ?? []).filter((l) => LANGUAGES.includes(l));
    if (offered.length < 2) return nothing;
    const turn = (l) => this.dispatchEvent(new CustomEvent("language", { detail: l, bubbles: true }));
    return html`<ul role="list" class="x-signin-languages" aria-label=${t("signin.languages")}>
      ${offered.map((l) => html`<li><button type="button" lang=${l} aria-pressed=${l === language() ? "true" : "false"} @click=${() => turn(l)}>${ownName(l)}</button></li>`)}
    </ul>`;
  }

  form() {
    if (this.first) return this.second();
    return html`<form novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.said()}
      <x-field name="email" type="email" label=${t("signin.email")} autocomplete="username" required .error=${this.missing?.email ? t("signin.email_missing") : ""}></x-field>
      <x-field name="password" type="password" label=${t("signin.password")} autocomplete="current-password" required .error=${this.missing?.password ? t("signin.password_missing") : ""}></x-field>
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${this.busy ? t("signin.busy") : t("signin.do")}</button>
      ${canPasskey()
        ? html`<p class="x-signin-or muted small">${t("signin.or")}</p>
            <button type="button" class="button x-signin-passkey" aria-disabled=${this.busy ? "true" : "false"} @click=${this.passkey}>${t("signin.passkey")}</button>`
        : nothing}
    </form>`;
  }

  second() {
    const error = this.missing?.code ? t("signin.code_missing") : this.problem?.code === "second_factor" ? t("signin.code_wrong") : "";
    return html`<form novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.said()}
      <x-field name="code" label=${t("signin.code")} hint=${t("signin.code_hint")} autocomplete="one-time-code" maxlength="40" required .error=${error}></x-field>
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${this.busy ? t("signin.busy") : t("signin.do")}</button>
      <button type="button" class="button" @click=${this.back}>${t("signin.back")}</button>
    </form>`;
  }

  render() {
    const { name, tagline, logo, support_email: email } = state.brand;
    return html`
      <main id="main"><div class="x-signin-door">
        ${logo ? html`<img class="x-signin-logo" src=${logo} alt=${name} />` : nothing}
        <h1 tabindex="-1">${t("signin.title", { name })}</h1>
        ${tagline ? html`<p class="muted">${tagline}</p>` : nothing}
        ${this.form()}
        <div class="x-signin-more small"><p><a href="/reset">${t("signin.forgot")}</a></p>
          ${email ? html`<p class="muted">${rich("foot.support", { email: html`<a href="mailto:${email}">${email}</a>` })}</p>` : nothing}</div>
      </div>
      ${this.languages()}</main>
    `;
  }
}
customElements.define("x-signin", XSignin);
