/** `<x-sessions>`: where one is signed in, newest first; ends one session, or all but this one. */
import { html, nothing, repeat } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { all, remove } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { moment } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import "../x-problem/x-problem.js";

class XSessions extends Element {
  static properties = {
    /** @type {{id: string, created: string, seen: string, current: boolean}[] | null} */
    sessions: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  /** Asks again; whoever changes the password calls it too. */
  async load() {
    this.problem = null;
    try {
      this.sessions = (await all("sessions")).data;
    } catch (problem) {
      this.problem = problem;
    }
  }

  async end(path, said) {
    if (this.busy) return;
    this.busy = true;
    try {
      await remove(path);
      announce(said, true);
    } catch (problem) {
      /* Somebody was quicker: it has ended, as was wanted. */
      if (problem.status !== 404) this.problem = problem;
    }
    this.busy = false;
    if (this.problem) return;
    await this.load();
    await this.updateComplete;
    this.querySelector("ul")?.focus();
  }

  one(session) {
    const since = moment(session.created);
    return html`<li>
      <div><span>${t("session.since", { time: since })}</span><span class="muted small">${t("session.seen", { time: moment(session.seen) })}</span></div>
      ${session.current
        ? html`<strong class="small">${t("session.this")}</strong>`
        : html`<button type="button" class="button" aria-label=${t("session.end_one", { time: since })} aria-disabled=${this.busy ? "true" : "false"}
            @click=${() => this.end(`sessions/${encodeURIComponent(session.id)}`, t("session.ended"))}>${t("session.end")}</button>`}
    </li>`;
  }

  render() {
    if (!this.sessions && !this.problem) return html`<p class="bone" aria-hidden="true"></p>`;
    return html`
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing}
      <ul role="list" tabindex="-1" aria-label=${t("session.heading")}>${repeat(this.sessions ?? [], (s) => s.id, (s) => this.one(s))}</ul>
      ${this.sessions?.length > 1
        ? html`<button type="button" class="button" aria-disabled=${this.busy ? "true" : "false"} @click=${() => this.end("sessions", t("session.ended_others"))}>${t("session.end_others")}</button>`
        : nothing}
    `;
  }
}
customElements.define("x-sessions", XSessions);
