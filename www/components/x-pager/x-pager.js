/** `<x-pager>`: how much of a list is shown, and the next piece of it. */
import { html, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { t } from "../../lib/i18n.js";

class XPager extends Element {
  static properties = {
    count: { type: Number },
    more: { type: Boolean },
    busy: { type: Boolean },
  };

  render() {
    const text = this.more ? t("list.shown", { n: this.count }) : t("list.all", { n: this.count });
    return html`
      <p class="muted small">${text}</p>
      ${this.more
        ? html`<button class="button" type="button" aria-disabled=${this.busy ? "true" : "false"}
            @click=${() => this.busy || this.dispatchEvent(new CustomEvent("more"))}>${this.busy ? t("list.loading") : t("list.more")}</button>`
        : nothing}
    `;
  }
}
customElements.define("x-pager", XPager);
