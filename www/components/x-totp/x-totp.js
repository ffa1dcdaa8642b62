/** `<x-totp>`: two-step sign-in, on and off; says `changed` once it is on and all other sessions have ended. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { get, post, remove } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { t, word } from "../../lib/i18n.js";
import { state } from "../../lib/state.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

/** Modules of white around a QR code, as its standard wants them. */
const QUIET = 4;

class XTotp extends Element {
  static properties = {
    /** @type {{on: boolean, recovery: number} | null} */
    now: { state: true },
    /** a secret that waits for its first code @type {{secret: string, uri: string, qr: {side: number, path: string}} | null} */
    begun: { state: true },
    /** shown this once @type {string[] | null} */
    codes: { state: true },
    problem: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.problem = null;
    try {
      this.now = (await get("totp")).body;
    } catch (problem) {
      this.problem = problem;
    }
  }

  get field() {
    return this.querySelector("x-field");
  }

  /** One step with what the one field holds. */
  async submit(event, step) {
    event.preventDefault();
    if (this.busy) return;
    const value = this.field.value.trim();
    this.problem = null;
    this.error = value ? "" : t("password.missing");
    if (value) {
      this.busy = true;
      try {
        await step(value);
      } catch (problem) {
        const at = problem.errors?.[0]?.pointer;
        if (problem.status !== 422) this.problem = problem;
        else this.error = at === "/code" ? t("signin.code_wrong") : word("password", problem.errors[0].code);
      }
      this.busy = false;
    }
    await this.updateComplete;
    this.field?.focus();
  }

  begin = (event) => this.submit(event, async (password) => {
    this.begun = (await post("totp", { password })).body;
    await this.updateComplete;
    this.field.value = "";
  });

  confirm = (event) => this.submit(event, async (code) => {
    this.codes = (await post("totp/confirm", { code: code.replace(/\s/g, "") })).body.recovery;
    this.begun = null;
    this.dispatchEvent(new CustomEvent("changed", { bubbles: true }));
    await this.load();
  });

  end = (event) => this.submit(event, async (password) => {
    await remove("totp", { password });
    announce(t("totp.ended"), true);
    await this.load();
    this.field.value = "";
  });

  async copy() {
    await navigator.clipboard.writeText(this.codes.join("\n"));
    announce(t("totp.copied"), true);
  }

  said() {
    const p = this.problem;
    if (!p) return nothing;
    return html`<x-problem .problem=${p}></x-problem>${p.retryAfter ? html`<p role="status">${t("signin.wait", { n: p.retryAfter })}</p>` : nothing}`;
  }

  form(step, content, field, button) {
    return html`<form class="card pad stack" novalidate @submit=${step} aria-busy=${this.busy ? "true" : "false"}>
      ${this.said()} ${content} ${field}
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${button}</button>
    </form>`;
  }

  password() {
    return html`<input class="hush" type="email" name="email" autocomplete="username" .value=${state.session.user.email} readonly tabindex="-1" aria-hidden="true" />
      <x-field name="totp-password" type="password" label=${t("password.current")} autocomplete="current-password" maxlength="200" required .error=${this.error ?? ""}></x-field>`;
  }

  scan() {
    const { side, path } = this.begun.qr;
    const field = html`<x-field name="totp-code" label=${t("signin.code")} autocomplete="one-time-code" maxlength="20" required .error=${this.error ?? ""}></x-field>`;
    return this.form(this.confirm, html`<p>${t("totp.scan")}</p>
      <svg class="x-totp-code" role="img" aria-label=${t("totp.qr")} viewBox="${-QUIET} ${-QUIET} ${side + 2 * QUIET} ${side + 2 * QUIET}" shape-rendering="crispEdges"><path fill="currentColor" d=${path} /></svg>
      <p class="x-totp-key"><code dir="ltr">${this.begun.secret.match(/.{1,4}/g).join(" ")}</code></p>`, field, t("totp.confirm"));
  }

  kept() {
    return html`<div class="card pad stack">
      <p role="status">${t("totp.codes")}</p>
      <ul role="list" class="x-totp-codes" dir="ltr">${this.codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>
      <div class="x-totp-buttons no-print">
        <button type="button" class="button" @click=${this.copy}>${t("totp.copy")}</button>
        <button type="button" class="button" @click=${() => print()}>${t("totp.print")}</button>
        <button type="button" class="button strong" @click=${() => (this.codes = null)}>${t("totp.kept")}</button>
      </div>
    </div>`;
  }

  render() {
    if (!this.now) return this.problem ? this.said() : html`<p class="bone" aria-hidden="true"></p>`;
    if (this.codes) return this.kept();
    if (this.begun) return this.scan();
    if (this.now.on) return this.form(this.end, html`<p>${t("totp.on", { n: this.now.recovery })}</p>`, this.password(), t("totp.end"));
    return this.form(this.begin, html`<p>${t("totp.off")}</p>`, this.password(), t("totp.begin"));
  }
}
customElements.define("x-totp", XTotp);
