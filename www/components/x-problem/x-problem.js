/** `<x-problem>`: what happened, what to do, and the reference that support will ask for. */
import { html, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { icon } from "../../lib/icons.js";
import { rich, t, word } from "../../lib/i18n.js";
import { href } from "../../lib/router.js";
import { shows, state } from "../../lib/state.js";

/** What the reader can do, where the status alone does not say it. */
const ADVICE = { approval_asked: "advice.asked", approval_over: "advice.over", approval_self: "advice.other", role_self: "advice.other", step_up_needed: "advice.step_up" };

/** What the reader can do, by the kind of status. */
function advice(problem) {
  if (problem.code in ADVICE) return t(ADVICE[problem.code]);
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
      <div role="alert" data-tone=${p.status === 202 ? "accent" : "danger"}>
        <p class="x-problem-title">${icon(p.status === 202 ? "check" : "warning")} ${word("problem", p.code)}</p>
        <p>${advice(p)}</p>
        ${p.approval && shows("approvals") ? html`<p><a href=${href("approvals", p.approval)}>${t("approval.see")}</a></p>` : nothing}
        ${this.retry && again(p) ? html`<p><button class="button" type="button" @click=${() => this.retry()}>${t(p.status === 412 ? "problem.reload" : "problem.again")}</button></p>` : nothing}
        ${p.trace && p.status >= 500 && email ? html`<p class="muted small">${rich("problem.support", { email: html`<a href="mailto:${email}">${email}</a>` })}</p>` : nothing}
        ${p.trace ? html`<p class="muted small">${t("problem.trace")} <code>${p.trace}</code></p>` : nothing}
      </div>
    `;
  }
}
customElements.define("x-problem", XProblem);
