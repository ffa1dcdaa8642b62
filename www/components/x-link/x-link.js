/**
 * `<x-link>`: what a link in a mail opens: another password, or the first one; and where such a link is asked for.
 * Looks as the door does, whose classes it uses.
 */
import { html, nothing } from "../../vendor/lit.js";
import { post } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { rich, t, word } from "../../lib/i18n.js";
import { icon } from "../../lib/icons.js";
import { state } from "../../lib/state.js";
import "../x-field/x-field.js";

/** Where people sign in to each portal. */
const DOORS = { customer: "/", reseller: "/reseller/", admin: "/admin/" };
const PATHS = { reset: "password/reset/confirm", invitation: "invitations/confirm" };

class XLink extends Element {
  static properties = {
    /** @type {"reset" | "invitation"} */
    kind: {},
    /** of the mail; empty: a link is asked for */
    token: {},
    busy: { state: true },
    problem: { state: true },
    error: { state: true },
    /** the address that a link was asked for */
    asked: { state: true },
    /** @type {{email: string, portal: string} | null} what the password was set for */
    done: { state: true },
  };

  get field() {
    return this.querySelector("x-field");
  }

  async send(event, step) {
    event.preventDefault();
    if (this.busy) return;
    this.problem = null;
    this.error = "";
    this.busy = true;
    try {
      await step();
    } catch (problem) {
      if (problem.status === 422) this.error = word("password", problem.errors[0].code);
      else this.problem = problem;
    }
    this.busy = false;
    await this.updateComplete;
    if (this.asked || this.done || this.problem) this.querySelector("[role=status], [role=alert]")?.focus();
    else this.field?.focus();
  }

  ask(event) {
    const email = this.field.value.trim();
    return this.send(event, async () => {
      if (!email) return void (this.error = t("signin.email_missing"));
      await post("password/reset", { email });
      this.asked = email;
    });
  }

  save(event) {
    const password = this.field.value;
    return this.send(event, async () => {
      if (!password) return void (this.error = t("password.missing"));
      this.done = (await post(PATHS[this.kind], { token: this.token, password })).body;
    });
  }

  notice(tone, content) {
    const bad = tone === "danger";
    return html`<div class="x-signin-said" data-tone=${bad ? "danger" : nothing} role=${bad ? "alert" : "status"} tabindex="-1">${icon(bad ? "warning" : "check")}<div>${content}</div></div>`;
  }

  said() {
    const p = this.problem;
    if (!p) return nothing;
    const more = p.code === "link_ended"
      ? this.kind === "reset" ? html`<a href="/reset">${t("link.again")}</a>` : t("link.invited_again")
      : p.retryAfter ? t("signin.wait", { n: p.retryAfter }) : p.status === 0 ? t("advice.offline") : t("advice.busy");
    return this.notice("danger", html`<strong>${word("problem", p.code)}</strong> ${more}`);
  }

  askForm() {
    if (this.asked) return this.notice("good", rich("link.asked", { email: html`<bdi>${this.asked}</bdi>` }));
    return html`<p class="muted">${t("link.ask_text")}</p>
      <form novalidate @submit=${this.ask} aria-busy=${this.busy ? "true" : "false"}>
        ${this.said()}
        <x-field name="email" type="email" label=${t("signin.email")} autocomplete="username" maxlength="200" required .error=${this.error ?? ""}></x-field>
        <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("link.ask")}</button>
      </form>`;
  }

  passwordForm() {
    if (this.done)
      return html`${this.notice("good", rich("link.done", { email: html`<bdi>${this.done.email}</bdi>` }))}
        <p><a class="button strong" href=${DOORS[this.done.portal]}>${t("signin.do")}</a></p>`;
    return html`${this.kind === "invitation" ? html`<p class="muted">${t("link.invitation_text")}</p>` : nothing}
      <form novalidate @submit=${this.save} aria-busy=${this.busy ? "true" : "false"}>
        ${this.said()}
        <x-field name="password" type="password" label=${t("password.new")} hint=${t("password.hint")} autocomplete="new-password" maxlength="200" required .error=${this.error ?? ""}></x-field>
        <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("link.save")}</button>
      </form>`;
  }

  render() {
    const { name, logo, support_email: email } = state.brand;
    const asks = this.kind === "reset" && !this.token;
    const heading = asks ? t("signin.forgot") : this.kind === "reset" ? t("link.reset") : t("link.invitation", { name });
    return html`<main id="main"><div class="x-signin-door stack">
      ${logo ? html`<img class="x-signin-logo" src=${logo} alt=${name} />` : nothing}
      <h1 tabindex="-1">${heading}</h1>
      ${asks ? this.askForm() : this.passwordForm()}
      ${email ? html`<p class="muted small">${rich("foot.support", { email: html`<a href="mailto:${email}">${email}</a>` })}</p>` : nothing}
    </div></main>`;
  }
}
customElements.define("x-link", XLink);
