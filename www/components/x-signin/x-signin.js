/** `<x-signin>`: the door of every portal.  Says `enter` once the server has let the user in. */
import { html, nothing } from "../../vendor/lit.js";
import { post } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { ownName } from "../../lib/format.js";
import { language, LANGUAGES, rich, t, word } from "../../lib/i18n.js";
import { state } from "../../lib/state.js";
import { icon } from "../../lib/icons.js";
import "../x-field/x-field.js";

class XSignin extends Element {
  static properties = {
    /** why the door is seen: "out" after signing out, "ended" when a session ended */
    reason: {},
    busy: { state: true },
    problem: { state: true },
    missing: { state: true },
  };

  field(name) {
    return this.querySelector(`x-field[name="${name}"]`);
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const email = this.field("email").value.trim();
    const password = this.field("password").value;
    this.problem = null;
    this.missing = { email: !email, password: !password };
    if (!email || !password) {
      this.field(email ? "password" : "email").focus();
      return;
    }
    this.busy = true;
    try {
      const { body } = await post("session", { email, password });
      this.dispatchEvent(new CustomEvent("enter", { detail: body, bubbles: true }));
    } catch (problem) {
      this.problem = problem;
      this.busy = false;
      await this.updateComplete;
      this.field("password").focus();
    }
  }

  said() {
    const p = this.problem;
    if (p) {
      const wait = p.retryAfter ? t("signin.wait", { n: p.retryAfter }) : "";
      const more = p.status === 0 ? t("advice.offline") : p.code === "login_failed" ? t("signin.check") : wait || t("advice.busy");
      return html`<div class="x-signin-said" data-tone="danger" role="alert">${icon("warning")}<div><strong>${word("problem", p.code)}</strong> ${more}
        ${p.trace && p.status >= 500 ? html`<br /><span class="small">${t("problem.trace")} <code>${p.trace}</code></span>` : nothing}</div></div>`;
    }
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
    return html`<form novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.said()}
      <x-field name="email" type="email" label=${t("signin.email")} autocomplete="username" required .error=${this.missing?.email ? t("signin.email_missing") : ""}></x-field>
      <x-field name="password" type="password" label=${t("signin.password")} autocomplete="current-password" required .error=${this.missing?.password ? t("signin.password_missing") : ""}></x-field>
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${this.busy ? t("signin.busy") : t("signin.do")}</button>
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
        ${email ? html`<p class="muted small">${rich("signin.forgot", { email: html`<a href="mailto:${email}">${email}</a>` })}</p>` : nothing}
      </div>
      ${this.languages()}</main>
    `;
  }
}
customElements.define("x-signin", XSignin);
