/** `<x-look>`: looks at the portal as another user does, after a reason is given; the document is left for that. */
import { html, nothing } from "../../vendor/lit.js";
import { post } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { t, word } from "../../lib/i18n.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

class XLook extends Element {
  static properties = {
    /** the user's id */
    user: {},
    problem: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const field = this.querySelector("x-field");
    Object.assign(this, { problem: null, error: "", busy: true });
    try {
      const { body } = await post("views", { user: this.user, reason: field.value.trim() });
      this.dispatchEvent(new CustomEvent("looks", { bubbles: true, detail: body }));
      return;
    } catch (problem) {
      const known = problem.status === 422 && word("look", problem.errors[0]?.code);
      if (known) this.error = known;
      else this.problem = problem;
    }
    this.busy = false;
    await this.updateComplete;
    if (this.error) field.focus();
  }

  render() {
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      <p class="muted">${t("view.about")}</p>
      <x-field name="reason" label=${t("view.reason")} hint=${t("view.reason_hint")} autocomplete="off" maxlength="200" required .error=${this.error ?? ""}></x-field>
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("view.begin")}</button>
    </form>`;
  }
}
customElements.define("x-look", XLook);
