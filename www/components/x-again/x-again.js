/** `<x-again>`: sends somebody who was invited another link. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { post } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { t } from "../../lib/i18n.js";
import "../x-problem/x-problem.js";

class XAgain extends Element {
  static properties = {
    /** id of who was invited */
    user: {},
    name: {},
    problem: { state: true },
    busy: { state: true },
  };

  async send() {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      await post(`users/${encodeURIComponent(this.user)}/invite`);
      announce(t("again.sent", { name: this.name }), true);
    } catch (problem) {
      this.problem = problem;
    }
    this.busy = false;
  }

  told() {
    if (!this.problem) return nothing;
    return this.problem.status === 409 ? html`<p role="alert">${t("again.wait")}</p>` : html`<x-problem .problem=${this.problem}></x-problem>`;
  }

  render() {
    return html`<button type="button" class="button" aria-label=${t("again.label", { name: this.name })} aria-disabled=${this.busy ? "true" : "false"} @click=${this.send}>${t("again.do")}</button>${this.told()}`;
  }
}
customElements.define("x-again", XAgain);
