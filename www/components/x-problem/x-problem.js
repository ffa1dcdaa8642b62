/** `<x-problem>`: what happened, what to do, and the reference that support will ask for. */
import { html, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { icon } from "../../lib/icons.js";
import { rich, t, word } from "../../lib/i18n.js";
import { state } from "../../lib/state.js";

/** What the reader can do, by the kind of status. */
function advice(problem) {
  if (problem.status === 0) return t("advice.offline");
  if (problem.status === 403) return t("advice.forbidden");
  if (problem.status === 404) return t("advice.not_found");
  if (problem.status === 412) return t("advice.changed");
  if (problem.status === 429 || problem.status >= 500) return t("advice.busy");
  return t("advice.request");
}

const again = (problem) => problem.status === 0 || problem.status === 412 || problem.status === 429 || problem.status >= 500;

class XProblem extends Element {
  static properties = {
    /** @type {import("../../lib/api.js").Problem} */
    problem: { attribute: false },
    /** called by the button "try again"; no button without it @type {() => void} */
    retry: { attribute: false },
  };

  render() {
    const p = this.problem;
    if (!p) return nothing;
    const email = state.brand.support_email;
    return html`
      <div role="alert">
        <p class="x-problem-title">${icon("warning")} ${word("problem", p.code)}</p>
        <p>${advice(p)}</p>
        ${this.retry && again(p) ? html`<p><button class="button" type="button" @click=${() => this.retry()}>${t(p.status === 412 ? "problem.reload" : "problem.again")}</button></p>` : nothing}
        ${p.trace && p.status >= 500 && email ? html`<p class="muted small">${rich("problem.support", { email: html`<a href="mailto:${email}">${email}</a>` })}</p>` : nothing}
        ${p.trace ? html`<p class="muted small">${t("problem.trace")} <code>${p.trace}</code></p>` : nothing}
      </div>
    `;
  }
}
customElements.define("x-problem", XProblem);
