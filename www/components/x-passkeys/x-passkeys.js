/** `<x-passkeys>`: the own passkeys, newest first: added with the password, renamed, removed. */
import { html, nothing, repeat } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { Problem, all, get, patch, post, remove } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { moment } from "../../lib/format.js";
import { t, word } from "../../lib/i18n.js";
import { canPasskey, makePasskey, whyNot } from "../../lib/passkey.js";
import { may, state } from "../../lib/state.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

class XPasskeys extends Element {
  static properties = {
    /** @type {{id: string, name: string, host: string, created: string, used: string | null}[] | null} */
    keys: { state: true },
    /** what is open: "" nothing, "add", or the id of the one that gets another name */
    open: { state: true },
    errors: { state: true },
    /** why the device has made none: "held", "cancelled", "refused" */
    failed: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.open = "";
    this.errors = {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.problem = null;
    try {
      this.keys = (await all("passkeys")).data;
    } catch (problem) {
      this.problem = problem;
    }
  }

  field(name) {
    return this.querySelector(`x-field[name="${name}"]`);
  }

  /** Opens a form, or closes it; the keyboard goes along. */
  async turn(open) {
    const from = this.open;
    this.open = open;
    this.errors = {};
    this.failed = "";
    this.problem = null;
    await this.updateComplete;
    const to = open ? this.querySelector("x-field") : this.querySelector(`[data-opens="${from}"]`) ?? this.querySelector("[tabindex]");
    to?.focus();
  }

  /** One step at a time; what it is refused with is said where it belongs. */
  async act(step) {
    if (this.busy) return;
    this.busy = true;
    this.errors = {};
    this.failed = "";
    this.problem = null;
    try {
      await step();
    } catch (error) {
      this.refuse(error);
    }
    this.busy = false;
    await this.updateComplete;
    this.field(Object.keys(this.errors)[0])?.focus();
  }

  refuse(error) {
    if (!(error instanceof Problem)) this.failed = whyNot(error);
    else if (error.status !== 422) this.problem = error;
    else if (error.errors[0].pointer === "/attestation") this.failed = "refused";
    else this.errors = Object.fromEntries(error.errors.map((e) => [e.pointer.slice(1), e.pointer === "/name" ? t("passkey.name_missing") : word("password", e.code)]));
  }

  /** Are they filled in? The first that is not gets the keyboard. */
  filled(texts) {
    const missing = { name: t("passkey.name_missing"), password: t("password.missing") };
    const empty = Object.keys(texts).filter((name) => !texts[name]);
    this.errors = Object.fromEntries(empty.map((name) => [name, missing[name]]));
    this.field(empty[0])?.focus();
    return empty.length === 0;
  }

  add(event) {
    event.preventDefault();
    const texts = { name: this.field("name").value.trim(), password: this.field("password").value };
    if (!this.filled(texts)) return;
    this.act(async () => {
      const { body: options } = await post("passkey-options", { password: texts.password });
      await post("passkeys", { name: texts.name, ...(await makePasskey(options)) });
      announce(t("passkey.added"), true);
      await this.load();
      await this.turn("");
    });
  }

  rename(event, key) {
    event.preventDefault();
    const name = this.field("name").value.trim();
    if (!this.filled({ name })) return;
    this.act(async () => {
      const path = `passkeys/${encodeURIComponent(key.id)}`;
      await patch(path, { name }, (await get(path)).etag);
      announce(t("passkey.renamed"), true);
      await this.load();
      await this.turn("");
    });
  }

  drop(key) {
    if (this.busy || !confirm(t("passkey.remove_sure", { name: key.name }))) return;
    this.act(async () => {
      try {
        await remove(`passkeys/${encodeURIComponent(key.id)}`);
      } catch (problem) {
        /* Somebody was quicker: it is gone, as was wanted. */
        if (problem.status !== 404) throw problem;
      }
      announce(t("passkey.removed"), true);
      await this.load();
      await this.updateComplete;
      this.querySelector("[tabindex]").focus();
    });
  }

  said() {
    const p = this.problem;
    if (this.failed) return html`<p class="x-passkeys-failed" role="alert">${word("passkey", this.failed)}</p>`;
    if (!p) return nothing;
    return html`<x-problem .problem=${p} .retry=${this.keys ? undefined : () => this.load()}></x-problem>${p.retryAfter ? html`<p role="status">${t("signin.wait", { n: p.retryAfter })}</p>` : nothing}`;
  }

  buttons(label) {
    return html`<div class="x-passkeys-buttons">
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${label}</button>
      <button type="button" class="button" aria-disabled=${this.busy ? "true" : "false"} @click=${() => this.busy || this.turn("")}>${t("passkey.back")}</button>
    </div>`;
  }

  name(value = "") {
    return html`<x-field name="name" label=${t("passkey.name")} hint=${t("passkey.name_hint")} .value=${value} autocomplete="off" maxlength="200" required .error=${this.errors.name ?? ""}></x-field>`;
  }

  adding() {
    if (!canPasskey()) return html`<p class="muted">${t("passkey.unable")}</p>`;
    if (this.open !== "add")
      return html`<button type="button" class="button ${this.keys.length ? "" : "strong"}" data-opens="add" @click=${() => this.turn("add")}>${t("passkey.add")}</button>`;
    return html`<form class="stack" novalidate @submit=${this.add} aria-busy=${this.busy ? "true" : "false"}>
      <input class="hush" type="email" name="email" autocomplete="username" .value=${state.session.user.email} readonly tabindex="-1" aria-hidden="true" />
      ${this.name()}
      <x-field name="password" type="password" label=${t("password.current")} autocomplete="current-password" maxlength="200" required .error=${this.errors.password ?? ""}></x-field>
      ${this.buttons(this.busy ? t("passkey.adding") : t("passkey.add"))}
    </form>`;
  }

  one(key) {
    if (this.open === key.id)
      return html`<li><form class="stack" novalidate @submit=${(event) => this.rename(event, key)} aria-busy=${this.busy ? "true" : "false"}>${this.name(key.name)} ${this.buttons(t("passkey.save"))}</form></li>`;
    const { name } = key, off = this.busy ? "true" : "false";
    return html`<li>
      <div><bdi>${name}</bdi><span class="muted small">${t("passkey.since", { time: moment(key.created) })}</span>
        <span class="muted small">${key.used ? t("passkey.used", { time: moment(key.used) }) : t("passkey.unused")}</span>
        ${key.host === location.hostname ? nothing : html`<span class="muted small">${t("passkey.at", { host: key.host })}</span>`}</div>
      <div class="x-passkeys-buttons">
        ${may("passkey.edit") ? html`<button type="button" class="button" data-opens=${key.id} aria-label=${t("passkey.rename_one", { name })} aria-disabled=${off} @click=${() => this.turn(key.id)}>${t("passkey.rename")}</button>` : nothing}
        ${may("passkey.delete") ? html`<button type="button" class="button" aria-label=${t("passkey.remove_one", { name })} aria-disabled=${off} @click=${() => this.drop(key)}>${t("passkey.remove")}</button>` : nothing}
      </div>
    </li>`;
  }

  render() {
    if (!this.keys) return this.problem ? this.said() : html`<p class="bone" aria-hidden="true"></p>`;
    return html`
      <p>${t("passkey.about")}</p>
      ${this.said()}
      ${this.keys.length
        ? html`<ul role="list" tabindex="-1" aria-label=${t("passkey.heading")}>${repeat(this.keys, (key) => key.id, (key) => this.one(key))}</ul>`
        : html`<p class="muted" tabindex="-1">${t("passkey.empty")}</p>`}
      ${may("passkey.create") ? this.adding() : nothing}
    `;
  }
}
customElements.define("x-passkeys", XPasskeys);
