/**
 * `<x-viewing>`: whose portal is looked at, who looks, the time left, and the way out; says `unview` where that is
 * pressed, or where the time is over.
 */
import { html } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/i18n.js";

/** How often the time is told anew. */
const STEP_MS = 5000;

class XViewing extends Element {
  static properties = {
    /** GET /api/v1/session, with `viewing` */
    session: { attribute: false },
    left: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    /* The server says how long it is yet: the reader's clock may be wrong, but runs as fast. */
    this.until = performance.now() + this.session.viewing.seconds * 1000;
    this.tick();
    this.timer = setInterval(() => this.tick(), STEP_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  tick() {
    const left = (this.until - performance.now()) / 1000;
    this.left = Math.max(0, Math.ceil(left / 60));
    if (left <= 0) this.end();
  }

  end() {
    clearInterval(this.timer);
    this.dispatchEvent(new CustomEvent("unview", { bubbles: true }));
  }

  render() {
    const { user, tenant, viewing } = this.session;
    return html`<section class="x-viewing" aria-label=${t("view.label")}>
      ${icon("eye")}
      <p><strong>${t("view.as", { name: user.name, tenant: tenant.name })}</strong> <span>${t("view.who", { name: viewing.viewer.name })}</span>
        <span class="nowrap">${t("view.left", { n: this.left })}</span></p>
      <button type="button" class="button" @click=${this.end}>${t("view.end")}</button>
    </section>`;
  }
}
customElements.define("x-viewing", XViewing);
