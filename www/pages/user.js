/** One user, for staff: who it is, what it may do and why, and a look at the portal as it sees it. */
import "../components/x-again/x-again.js";
import "../components/x-chip/x-chip.js";
import "../components/x-explain/x-explain.js";
import "../components/x-facts/x-facts.js";
import "../components/x-give/x-give.js";
import "../components/x-look/x-look.js";
import "../components/x-problem/x-problem.js";
import { html, nothing } from "../vendor/lit.js";
import { get } from "../lib/api.js";
import { languageName } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { roleName, t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { href } from "../lib/router.js";
import { may, shows, state } from "../lib/state.js";
import { title } from "../lib/title.js";

/** All that is known of in the portal of that user, or what the reader holds. */
async function vocabulary(path) {
  const { roles } = (await get(`${path}/roles`)).body;
  if (may("role.read") && roles.length) {
    const role = (await get(`roles/${encodeURIComponent(roles[0].id)}`)).body;
    if (role.ceiling) return { roles, portal: role.portal, actions: role.ceiling.actions.map((a) => a.action), fields: role.ceiling.fields.map((f) => f.field) };
  }
  return { roles, actions: state.meta.actions, fields: Object.entries(state.meta.fields).flatMap(([of, names]) => names.map((name) => `${of}.${name}`)) };
}

class PageUser extends Page {
  static properties = {
    user: {},
    data: { state: true },
    words: { state: true },
    problem: { state: true },
  };

  willUpdate(changed) {
    if (changed.has("user")) this.load();
  }

  async load() {
    Object.assign(this, { problem: null, data: null, words: null });
    const path = `users/${encodeURIComponent(this.user)}`;
    try {
      this.data = (await get(path)).body;
      title(this.data.name ?? t("page.staff"));
      if (may("user.explain")) this.words = await vocabulary(path);
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** The user as it is now, without a jump. */
  async again() {
    try {
      this.data = (await get(`users/${encodeURIComponent(this.user)}`)).body;
    } catch (problem) {
      this.problem = problem;
    }
  }

  facts() {
    const u = this.data;
    return u && [
      /* A key has no address: what stands there is how its secret begins. */
      [t(u.state === "key" ? "field.prefix" : "field.email"), u.email && html`<bdi>${u.email}</bdi>`],
      [t("field.tenant"), u.tenant_name],
      [t("field.customer"), u.customer_name],
      [t("field.role"), roleName(u.role, u.role_name)],
      [t("field.language"), languageName(u.language)],
    ];
  }

  /** Nobody looks as themselves, or in somebody else's name at a third one. */
  looks() {
    return may("user.view_as") && !state.session.viewing && this.data?.state === "active" && this.user !== state.session.user.id;
  }

  /** Somebody else's roles, where it is known for which portal they are. */
  gives() {
    return may("user.assign") && this.words?.portal && !state.session.viewing && this.user !== state.session.user.id;
  }

  render() {
    const from = this.data?.state === "key" && shows("keys") ? "keys" : "staff";
    const back = html`<a class="up" href=${href(from)}>${icon("back", "along")}${word("page", from)}</a>`;
    if (this.problem) return html`<div class="page"><div>${back}${this.head(t("page.staff"))}</div><x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem></div>`;
    return html`<div class="page">
      <div>${back}${this.head(this.data?.name ?? html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`, nothing, this.data ? html`<x-chip state=${this.data.state}></x-chip>` : nothing)}</div>
      <div class="card pad"><x-facts .facts=${this.facts()} lines="5"></x-facts></div>
      ${may("user.invite") && this.data?.state === "invited" ? html`<x-again user=${this.user} name=${this.data.name ?? ""}></x-again>` : nothing}
      <div class="split">
        ${may("user.explain")
          ? html`<section class="section"><h2>${t("explain.heading")}</h2>${this.words
              ? html`<x-explain .user=${this.user} .name=${this.data.name ?? ""} .actions=${this.words.actions} .fields=${this.words.fields} .roles=${this.words.roles}></x-explain>`
              : html`<div class="card pad"><span class="bone"></span></div>`}</section>`
          : nothing}
        ${this.gives() ? html`<section class="section"><h2>${t("give.heading")}</h2><x-give .user=${this.user} .name=${this.data.name ?? ""} .tenant=${this.data.tenant} .portal=${this.words.portal} @given=${() => this.again()}></x-give></section>` : nothing}
        ${this.looks() ? html`<section class="section"><h2>${t("view.heading")}</h2><x-look .user=${this.user}></x-look></section>` : nothing}
      </div>
    </div>`;
  }
}
customElements.define("page-user", PageUser);
