/** The own profile: name, language and password to change, sessions to end, the rest to see. */
import "../components/x-facts/x-facts.js";
import "../components/x-field/x-field.js";
import "../components/x-invite/x-invite.js";
import "../components/x-list/x-list.js";
import "../components/x-passkeys/x-passkeys.js";
import "../components/x-password/x-password.js";
import "../components/x-problem/x-problem.js";
import "../components/x-sessions/x-sessions.js";
import "../components/x-totp/x-totp.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { get, patch } from "../lib/api.js";
import { columns, people } from "../lib/columns.js";
import { country, ownName } from "../lib/format.js";
import { LANGUAGES, rich, roleName, t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, state, writes } from "../lib/state.js";
import { COLUMNS, empty } from "./openings.js";

class PageProfile extends Page {
  static properties = {
    user: { state: true },
    customer: { state: true },
    problem: { state: true },
    errors: { state: true },
    inviting: { state: true },
    busy: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    this.load();
    const own = state.session.customer;
    /* Only an addition to the page: without it the page says less. */
    if (own && may("customer.read")) get(`customers/${encodeURIComponent(own.id)}`).then(({ body }) => (this.customer = body), () => (this.customer = {}));
  }

  async load() {
    this.problem = null;
    this.errors = {};
    try {
      const { body, etag } = await get(`users/${encodeURIComponent(state.session.user.id)}`);
      this.user = body;
      this.etag = etag;
    } catch (problem) {
      this.problem = problem;
    }
  }

  async save(event) {
    event.preventDefault();
    if (this.busy) return;
    const value = (name) => this.querySelector(`x-field[name="${name}"]`)?.value;
    const body = { name: value("name")?.trim(), language: value("language") };
    this.errors = body.name ? {} : { name: t("profile.name_missing") };
    if (!body.name) return this.querySelector("x-field").focus();
    this.busy = true;
    this.problem = null;
    try {
      await patch(`users/${encodeURIComponent(this.user.id)}`, body, this.etag);
      await this.saved(body);
    } catch (problem) {
      this.errors = Object.fromEntries(problem.errors?.map((e) => [e.pointer.replace(/^\//, ""), e.detail]) ?? []);
      if (problem.status !== 422) this.problem = problem;
    }
    this.busy = false;
  }

  async saved(body) {
    const turned = body.language !== this.user.language;
    Object.assign(state.session.user, body);
    await this.load();
    this.dispatchEvent(new CustomEvent(turned ? "respoken" : "renamed", { bubbles: true }));
    announce(t("profile.saved"), true);
  }

  form() {
    if (!this.user) return html`<div class="card pad"><x-facts lines="4"></x-facts></div>`;
    const languages = LANGUAGES.map((value) => ({ value, label: ownName(value) }));
    return html`<form class="card pad stack" novalidate @submit=${this.save}>
      ${writes("user", "name")
        ? html`<x-field name="name" label=${t("field.name")} .value=${this.user.name} autocomplete="name" maxlength="200" required .error=${this.errors.name ?? ""}></x-field>
            <x-field name="language" label=${t("field.language")} .value=${this.user.language} .options=${languages} hint=${t("profile.language_hint")} .error=${this.errors.language ?? ""}></x-field>
            <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("profile.save")}</button>`
        : nothing}
    </form>`;
  }

  account() {
    const u = this.user;
    return u && [
      [t("field.email"), html`<bdi>${u.email}</bdi>`],
      [t("field.role"), roleName(u.role, u.role_name)],
      [t("field.organisation"), state.session.customer?.name ?? state.session.tenant.name],
    ];
  }

  address() {
    const c = this.customer;
    return c && [
      [t("field.name"), c.name],
      [t("field.number"), c.number && html`<bdi class="figures">${c.number}</bdi>`],
      [t("field.address"), c.street && html`${c.street}<br />${c.postcode} ${c.city}<br />${country(c.country)}`],
      [t("field.email"), c.email && html`<bdi>${c.email}</bdi>`],
      [t("field.phone"), c.phone && html`<bdi>${c.phone}</bdi>`],
      [t("field.tax_id"), c.tax_id && html`<bdi>${c.tax_id}</bdi>`],
    ];
  }

  /** The form has fields of the same names as the own data: it comes only when it is wanted. */
  async invite() {
    this.inviting = true;
    await this.updateComplete;
    const form = this.querySelector("x-invite");
    await form.updateComplete;
    form.querySelector("x-field").focus();
  }

  own() {
    const email = state.brand.support_email;
    return html`
      <section class="section">
        <h2>${t("profile.contact")}</h2>
        <div class="card pad"><x-facts .facts=${this.address()} lines="6"></x-facts></div>
        <p class="muted small">${rich("profile.change", { email: html`<a href="mailto:${email}">${email}</a>` })}</p>
      </section>
      <section class="section">
        <h2>${t("profile.users")}</h2>
        <x-list path="users" .caption=${t("profile.users")} brief="20" order="name" .columns=${people(["name", "email", "state"])}></x-list>
      </section>
      ${may("user.invite")
        ? html`<section class="section"><h2>${t("invite.heading")}</h2>${this.inviting
            ? html`<x-invite @invited=${() => this.querySelector("x-list").load()}></x-invite>`
            : html`<div><button type="button" class="button" @click=${this.invite}>${t("invite.heading")}</button></div>`}</section>`
        : nothing}
      ${may("opening.read") ? this.openings() : nothing}`;
  }

  openings() {
    return html`<section class="section">
      <div class="section-head"><h2>${t("page.openings")}</h2><a href=${href("openings")}>${t("openings.all")}</a></div>
      <x-list path="openings" .caption=${t("page.openings")} brief="5" order="-at" .columns=${columns("opening", COLUMNS)} .empty=${empty()}></x-list>
    </section>`;
  }

  render() {
    return html`<div class="page">
      ${this.head(t("page.profile"))}
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      <div class="split">
        <section class="section"><h2>${t("profile.you")}</h2>${this.form()}</section>
        <section class="section"><h2>${t("profile.account")}</h2><div class="card pad"><x-facts .facts=${this.account()} lines="3"></x-facts></div></section>
        <section class="section"><h2>${t("password.heading")}</h2><x-password @changed=${() => this.querySelector("x-sessions")?.load()}></x-password></section>
        <section class="section"><h2>${t("totp.heading")}</h2><x-totp @changed=${() => this.querySelector("x-sessions")?.load()}></x-totp></section>
        ${may("passkey.read")
          ? html`<section class="section"><h2>${t("passkey.heading")}</h2><div class="card pad"><x-passkeys></x-passkeys></div></section>`
          : nothing}
        ${may("session.read")
          ? html`<section class="section"><h2>${t("session.heading")}</h2><div class="card pad"><x-sessions></x-sessions></div></section>`
          : nothing}
        ${state.session.customer ? this.own() : nothing}
      </div>
    </div>`;
  }
}
customElements.define("page-profile", PageProfile);
