/**
 * `<x-app>`: the frame around every screen: brand, navigation, the screen itself, and what is
 * said aloud.  Data comes from lib/app.js; this only shows it.
 */
import { html, nothing } from "../../vendor/lit.js";
import { onAnnounce } from "../../lib/announce.js";
import { Element } from "../../lib/element.js";
import { rich, t } from "../../lib/i18n.js";
import { state } from "../../lib/state.js";
import "../x-link/x-link.js";
import "../x-nav/x-nav.js";
import "../x-problem/x-problem.js";
import "../x-signin/x-signin.js";
import "../x-step-up/x-step-up.js";
import "../x-user/x-user.js";
import "../x-viewing/x-viewing.js";

const TOAST_MS = 5000;

class XApp extends Element {
  static properties = {
    /** "loading", "door", "link", "ready" or "broken" */
    phase: { reflect: true },
    /** @type {{name: string, icon: string, label: string}[]} pages for the navigation */
    pages: { attribute: false },
    current: {},
    /** the template of the screen */
    screen: { attribute: false },
    problem: { attribute: false },
    retry: { attribute: false },
    reason: {},
    /** @type {{kind: "reset" | "invitation", token: string}} of phase "link" */
    link: { attribute: false },
    /** how many wait for the reader, by page @type {Record<string, number>} */
    counts: { attribute: false },
    /** while the second step is asked for @type {{ways: import("../../lib/api.js").Ways, answer: (proved: boolean) => void} | null} */
    stepUp: { attribute: false },
    said: { state: true },
    toast: { state: true },
  };

  constructor() {
    super();
    this.phase = "loading";
    onAnnounce(({ text, seen }) => {
      this.said = text;
      if (!seen) return;
      this.toast = text;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => (this.toast = ""), TOAST_MS);
    });
  }

  connectedCallback() {
    /* What the shell shows until the first render. */
    this.replaceChildren();
    super.connectedCallback();
  }

  bar() {
    return html`<header class="x-app-bar">
      <div class="x-app-bar-in">
        <a class="x-app-brand" href=${state.base}><img src="/brand/icon.svg" alt="" width="32" height="32" /><span>${state.brand.name}</span></a>
        <x-nav .pages=${this.pages} .current=${this.current} .counts=${this.counts ?? {}}></x-nav>
        <x-user .name=${state.session.user.name}></x-user>
      </div>
    </header>`;
  }

  foot() {
    const email = state.brand.support_email;
    return html`<footer class="x-app-foot muted small">${email ? html`<p>${rich("foot.support", { email: html`<a href="mailto:${email}">${email}</a>` })}</p>` : nothing}</footer>`;
  }

  ready() {
    return html`
      <a class="x-app-skip" href="#main">${t("nav.skip")}</a>
      ${this.bar()}
      <main class="x-app-main" id="main" tabindex="-1">${this.screen}</main>
      ${this.foot()} ${state.session.viewing ? html`<x-viewing .session=${state.session}></x-viewing>` : nothing}
    `;
  }

  content() {
    if (this.phase === "ready") return this.ready();
    if (this.phase === "door") return html`<x-signin .reason=${this.reason}></x-signin>`;
    if (this.phase === "link") return html`<x-link .kind=${this.link.kind} .token=${this.link.token}></x-link>`;
    if (this.phase === "broken") return html`<main class="x-app-broken"><h1 class="hush" tabindex="-1">${t("problem.heading")}</h1><x-problem .problem=${this.problem} .retry=${this.retry}></x-problem></main>`;
    return nothing;
  }

  render() {
    return html`
      ${this.content()}
      ${this.stepUp ? html`<x-step-up .ways=${this.stepUp.ways} @proved=${() => this.stepUp.answer(true)} @cancel=${() => this.stepUp.answer(false)}></x-step-up>` : nothing}
      <div class="hush" aria-live="polite">${this.said}</div>
      ${this.toast ? html`<div class="x-app-toast" aria-hidden="true">${this.toast}</div>` : nothing}
    `;
  }
}
customElements.define("x-app", XApp);
