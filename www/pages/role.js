/** One role: what it gives, against another role, who has it; changed, copied and deleted where that can be. */
import "../components/x-facts/x-facts.js";
import "../components/x-field/x-field.js";
import "../components/x-problem/x-problem.js";
import "../components/x-rights/x-rights.js";
import "../components/x-table/x-table.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { all, get, patch, post, remove } from "../lib/api.js";
import { icon } from "../lib/icons.js";
import { roleName, t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { changes, chosen, differences, draftOf, faults } from "../lib/rights.js";
import { go, guard, href } from "../lib/router.js";
import { may, shows } from "../lib/state.js";
import { title } from "../lib/title.js";

class PageRole extends Page {
  static properties = {
    role: {},
    data: { state: true },
    draft: { state: true },
    name: { state: true },
    users: { state: true },
    others: { state: true },
    other: { state: true },
    problem: { state: true },
    errors: { state: true },
    copying: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.errors = {};
    this.leaving = (event) => this.changed() && event.preventDefault();
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("beforeunload", this.leaving);
    guard(() => !this.changed() || confirm(t("rights.leave")));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("beforeunload", this.leaving);
    guard(null);
  }

  willUpdate(changed) {
    if (changed.has("role")) this.load();
  }

  get path() {
    return `roles/${encodeURIComponent(this.role)}`;
  }

  async load() {
    Object.assign(this, { problem: null, errors: {}, copying: "" });
    try {
      const [{ body, etag }, users, others] = await Promise.all([get(this.path), may("user.read") ? get(`${this.path}/users`) : null, this.others ?? all("roles")]);
      this.etag = etag;
      this.data = body;
      this.users = users?.body.data ?? null;
      this.others = others.data ?? others;
      this.undo();
      title(roleName(body.code, body.name));
    } catch (problem) {
      this.problem = problem;
    }
  }

  undo() {
    this.draft = draftOf(this.data);
    this.name = this.data.name;
    this.errors = {};
  }

  /** What is to be saved, or null. */
  changed() {
    if (!this.data || !this.draft) return null;
    const body = changes(this.draft, draftOf(this.data));
    if (this.name.trim() !== this.data.name) body.name = this.name.trim();
    return Object.keys(body).length ? body : null;
  }

  editable() {
    return Boolean(this.data?.own) && may("role.edit");
  }

  /** Does a step with the server; what it does not take stands at its place. */
  async step(body, act) {
    if (this.busy) return;
    this.busy = true;
    Object.assign(this, { problem: null, errors: {} });
    try {
      await act();
    } catch (problem) {
      this.errors = faults(body, problem.errors ?? []);
      /* It is written down, so nothing is lost by leaving. */
      if (problem.code === "approval_asked") this.undo();
      if (problem.status !== 422) this.problem = problem;
      await this.updateComplete;
      this.querySelector("[aria-invalid=true]")?.focus();
    }
    this.busy = false;
  }

  save(event) {
    event.preventDefault();
    const body = this.changed();
    if (!body) return;
    this.step(body, async () => {
      await patch(this.path, body, this.etag);
      await this.load();
      announce(t("rights.saved"), true);
    });
  }

  copy(event) {
    event.preventDefault();
    const body = { name: this.querySelector("x-field[name=copy]").value.trim() };
    this.step(body, async () => {
      const { body: role } = await post(`${this.path}/copy`, body).catch((problem) => {
        for (const error of problem.errors ?? []) error.pointer = error.pointer.replace("/name", "/copy");
        throw problem;
      });
      this.undo();
      go(href("roles", role.id));
    });
  }

  drop() {
    if (!confirm(t("rights.delete_sure", { name: this.data.name }))) return;
    this.step({}, async () => {
      await remove(this.path);
      this.undo();
      announce(t("rights.deleted"), true);
      go(href("roles"), { replace: true });
    });
  }

  async compare(id) {
    this.other = null;
    if (!id) return;
    try {
      this.other = draftOf((await get(`roles/${encodeURIComponent(id)}`)).body);
    } catch (problem) {
      this.problem = problem;
    }
  }

  difference() {
    const others = [{ value: "", label: t("rights.compare_none") }, ...this.others.filter((r) => r.id !== this.role).map((r) => ({ value: r.id, label: roleName(r.code, r.name) }))];
    const told = this.other ? differences(this.draft, this.other) : [];
    return html`<section class="card pad stack">
      <x-field name="other" label=${t("rights.compare")} .options=${others} @change=${(event) => this.compare(event.target.value)}></x-field>
      ${this.other ? (told.length ? html`<ul class="small" aria-live="polite">${told.map((line) => html`<li>${line}</li>`)}</ul>` : html`<p class="small">${t("rights.same")}</p>`) : nothing}
    </section>`;
  }

  /** To the page of that user, where its rights are explained and looked at. */
  person(u) {
    const name = u.name ?? html`<bdi>${u.email}</bdi>`;
    return shows("staff") ? html`<a href=${href("staff", u.id)}>${name}</a>` : name;
  }

  who() {
    if (!this.users) return nothing;
    const columns = [
      { name: "name", label: t("field.name"), place: "lead", cell: (u) => this.person(u) },
      { name: "email", label: t("field.email"), place: "detail", cell: (u) => html`<bdi>${u.email}</bdi>` },
      { name: "state", label: t("field.state"), place: "state", cell: (u) => word("state", u.state) },
    ];
    return html`<section class="section">
      <div class="section-head"><h2>${t("rights.users")}</h2>${this.users.length < this.data.users ? html`<span class="muted small">${t("rights.users_more", { shown: this.users.length, n: this.data.users })}</span>` : nothing}</div>
      ${this.users.length ? html`<div class="card"><x-table .caption=${t("rights.users")} .columns=${columns} .rows=${this.users}></x-table></div>` : html`<p class="muted">${t("rights.users_none")}</p>`}
    </section>`;
  }

  buttons() {
    const changed = this.changed();
    return html`<div class="row">
      <button class="button strong" aria-disabled=${this.busy || !changed ? "true" : "false"}>${t("rights.save")}</button>
      ${changed ? html`<button type="button" class="button" @click=${() => this.undo()}>${t("rights.undo")}</button><strong class="small">${t("rights.unsaved")}</strong>` : nothing}
    </div>`;
  }

  form() {
    const edit = this.editable();
    return html`<form class="page" novalidate @submit=${this.save}>
      ${edit
        ? html`<div class="card pad stack"><x-field name="name" label=${t("field.name")} .value=${this.name} maxlength="100" required .error=${this.errors.name ?? ""}
            @input=${(event) => (this.name = event.target.value)}></x-field></div>`
        : html`<p class="note">${t("rights.fixed")}</p>`}
      <x-rights .draft=${this.draft} .ceiling=${this.data.ceiling} .other=${this.other ?? null} .errors=${this.errors} ?fixed=${!edit}
        @change=${(event) => event.detail && (this.draft = chosen(this.draft, event.detail))}></x-rights>
      ${edit ? this.buttons() : nothing}
    </form>`;
  }

  ends() {
    const own = this.data.own;
    return html`<div class="split">
      ${may("role.create") && (own || this.data.code)
        ? html`<form class="card pad stack" novalidate @submit=${this.copy}>
            <x-field name="copy" label=${t("rights.copy_name")} maxlength="100" required .error=${this.errors.copy ?? ""}></x-field>
            <button class="button" aria-disabled=${this.busy ? "true" : "false"}>${t("rights.copy")}</button></form>`
        : nothing}
      ${own && may("role.delete")
        ? html`<div class="card pad stack">${this.data.users ? html`<p class="muted small">${t("rights.in_use")}</p>` : nothing}
            <button type="button" class="button" aria-disabled=${this.busy || this.data.users ? "true" : "false"} @click=${() => this.data.users || this.drop()}>${t("rights.delete")}</button></div>`
        : nothing}
    </div>`;
  }

  render() {
    const d = this.data;
    const up = html`<a class="up" href=${href("roles")}>${icon("back", "along")}${t("page.roles")}</a>`;
    const about = d?.code ? word("role_about", d.code) : "";
    return html`<div class="page">
      ${shows("roles") ? up : nothing}
      ${this.head(d ? roleName(d.code, d.name) : html`<span class="bone"></span>`, d && about !== d.code && about ? about : nothing, d ? html`<span class="muted small">${word("portal", d.portal)}</span>` : nothing)}
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      ${d ? html`${this.difference()}${d.ceiling ? this.form() : nothing}${this.who()}${this.ends()}` : html`<div class="card pad"><x-facts lines="8"></x-facts></div>`}
    </div>`;
  }
}
customElements.define("page-role", PageRole);
