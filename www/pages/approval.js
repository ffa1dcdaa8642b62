/** One thing that waits for a second person: what is asked, by whom, until when; agreed to, refused or taken back. */
import "../components/x-chip/x-chip.js";
import "../components/x-facts/x-facts.js";
import "../components/x-field/x-field.js";
import "../components/x-problem/x-problem.js";
import { html, nothing } from "../vendor/lit.js";
import { announce } from "../lib/announce.js";
import { all, get, post, remove } from "../lib/api.js";
import { languageName, moment } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { roleName, t, word } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { actionLabel, choiceWord, fieldLabel } from "../lib/rights.js";
import { href } from "../lib/router.js";
import { may, shows } from "../lib/state.js";
import { title } from "../lib/title.js";

/** Where the object is looked at. By the first word of the action. */
const PLACES = { role: "roles", user: "staff", tenant: "resellers", document: "bills" };

const listed = (lines) => html`<ul class="small">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;

class PageApproval extends Page {
  static properties = {
    approval: {},
    data: { state: true },
    roles: { state: true },
    problem: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  willUpdate(changed) {
    if (changed.has("approval")) this.load();
  }

  get path() {
    return `approvals/${encodeURIComponent(this.approval)}`;
  }

  async load() {
    Object.assign(this, { problem: null, error: "" });
    try {
      const { body } = await get(this.path);
      const names = body.asked?.roles || body.asked?.role;
      this.roles = names && may("role.read") ? (await all("roles")).data : [];
      this.data = body;
      title(word("asks", body.action));
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** Does a step with the server, and shows what it is by then. */
  async step(act, said) {
    if (this.busy) return;
    Object.assign(this, { problem: null, error: "", busy: true });
    try {
      const answer = await act();
      await this.load();
      announce(answer?.body?.state === "failed" ? t("approval.failed_short") : said, true);
      this.dispatchEvent(new CustomEvent("decided", { bubbles: true }));
    } catch (problem) {
      this.problem = problem;
    }
    this.busy = false;
  }

  reason() {
    return this.querySelector("x-field[name=reason]").value.trim();
  }

  agree(event) {
    event.preventDefault();
    const reason = this.reason();
    this.step(() => post(`${this.path}/approve`, reason ? { reason } : {}), t("approval.done"));
  }

  async refuse() {
    const reason = this.reason();
    this.error = reason ? "" : t("approval.reason_missing");
    if (!reason) {
      await this.updateComplete;
      return this.querySelector("x-field[name=reason]").focus();
    }
    return this.step(() => post(`${this.path}/refuse`, { reason }), t("approval.refused"));
  }

  role(id) {
    const role = this.roles.find((one) => one.id === id || one.code === id);
    return role ? roleName(role.code, role.name) : id;
  }

  /** A member of what was asked for, in words. */
  member(name, value) {
    if (name === "roles") return listed(value.map((id) => html`<bdi>${this.role(id)}</bdi>`));
    if (name === "role") return this.role(value);
    if (name === "grants") return value.length ? listed(value.map((g) => html`${actionLabel(g.action)}: ${choiceWord("grants", g.scope)}`)) : word("level", "none");
    if (name === "fields") return value.length ? listed(value.map((f) => html`${fieldLabel(f.field)}: ${choiceWord("fields", f.level)}`)) : word("level", "none");
    if (Array.isArray(value)) return t("list.all", { n: value.length });
    if (name === "portal") return word("portal", value);
    if (name === "propagation") return word("propagation", value);
    if (name === "whole") return word("credit", "whole");
    return name === "language" ? languageName(value) : html`<bdi>${value}</bdi>`;
  }

  object() {
    const d = this.data;
    const page = PLACES[d.action.split(".")[0]];
    const name = d.object_name ?? "";
    return d.object && shows(page) ? html`<a href=${href(page, d.object)}>${name}</a>` : name;
  }

  facts() {
    const d = this.data;
    return d && [
      [word("field", d.action.split(".")[0]), d.object_name && this.object()],
      [t("approval.by"), d.user_name],
      [t("approval.created"), d.created && moment(d.created)],
      [t("approval.expires"), d.state === "waiting" && d.expires ? moment(d.expires) : null],
      [t("approval.decider"), d.decider_name],
      [t("field.decided"), d.decided && moment(d.decided)],
      [t("field.reason"), d.reason],
      [t("field.problem"), d.problem && word("problem", d.problem)],
    ];
  }

  decision() {
    const d = this.data;
    if (d?.state !== "waiting") return nothing;
    if (d.mine)
      return html`<section class="card pad stack"><p>${t("approval.own")}</p>
        ${may("approval.withdraw") ? html`<button type="button" class="button" aria-disabled=${this.busy ? "true" : "false"} @click=${() => this.step(() => remove(this.path), t("approval.withdrawn"))}>${t("approval.withdraw")}</button>` : nothing}</section>`;
    if (!may("approval.decide") || !may(d.action)) return nothing;
    return html`<section class="section"><h2>${t("approval.heading")}</h2>
      <form class="card pad stack" novalidate @submit=${this.agree} aria-busy=${this.busy ? "true" : "false"}>
        <x-field name="reason" label=${t("approval.reason")} hint=${t("approval.reason_hint")} autocomplete="off" maxlength="200" .error=${this.error ?? ""}></x-field>
        <div class="row">
          <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("approval.approve")}</button>
          <button type="button" class="button" aria-disabled=${this.busy ? "true" : "false"} @click=${() => this.refuse()}>${t("approval.refuse")}</button>
        </div>
      </form></section>`;
  }

  render() {
    const d = this.data;
    const asked = Object.entries(d?.asked ?? {}).filter(([name]) => name !== "key"); /* it tells one request from another, and people nothing */
    return html`<div class="page">
      <div><a class="up" href=${href("approvals")}>${icon("back", "along")}${t("page.approvals")}</a>
        ${this.head(d ? word("asks", d.action) : html`<span class="bone" role="img" aria-label=${t("list.loading")}></span>`, nothing, d ? html`<x-chip state=${d.state}></x-chip>` : nothing)}</div>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      <div class="card pad"><x-facts .facts=${this.facts()} lines="4"></x-facts></div>
      ${asked.length ? html`<section class="section"><h2>${t("approval.asked")}</h2><div class="card pad"><x-facts .facts=${asked.map(([name, value]) => [word("field", name), this.member(name, value)])}></x-facts></div></section>` : nothing}
      ${this.decision()}
    </div>`;
  }
}
customElements.define("page-approval", PageApproval);
