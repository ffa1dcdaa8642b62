/** `<x-nav>`: the pages of the portal that this role may see; behind a button where there is no room. */
import { html, ifDefined, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/i18n.js";
import { href } from "../../lib/router.js";

class XNav extends Element {
  static properties = {
    /** @type {{name: string, icon: string, label: string}[]} */
    pages: { attribute: false },
    /** how many wait for the reader, by page @type {Record<string, number>} */
    counts: { attribute: false },
    /** name of the page that is shown */
    current: {},
    open: { type: Boolean, reflect: true },
  };

  constructor() {
    super();
    this.pages = [];
    this.counts = {};
    this.away = (event) => {
      if (this.open && (event.type === "keydown" ? event.key === "Escape" : !this.contains(event.target))) this.close(event.type === "keydown");
    };
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener("keydown", this.away);
    document.addEventListener("pointerdown", this.away);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.away);
    document.removeEventListener("pointerdown", this.away);
  }

  close(refocus) {
    this.open = false;
    if (refocus) this.querySelector("button").focus();
  }

  willUpdate(changed) {
    if (changed.has("current")) this.open = false;
  }

  count(n) {
    return n ? html`<span class="x-nav-count"><span aria-hidden="true">${n}</span><span class="hush">${t("nav.waiting", { n })}</span></span>` : nothing;
  }

  item(page) {
    const current = page.name === this.current ? "page" : undefined;
    return html`<li><a href=${href(page.name)} aria-current=${ifDefined(current)} @click=${() => this.close(false)}>${icon(page.icon)}<span>${page.label}</span>${this.count(this.counts[page.name])}</a></li>`;
  }

  render() {
    return html`
      <button type="button" class="x-nav-button" aria-expanded=${this.open ? "true" : "false"} aria-controls="x-nav-list" aria-label=${t("nav.menu")} @click=${() => (this.open = !this.open)}>
        ${icon(this.open ? "close" : "menu")}
      </button>
      <nav id="x-nav-list" aria-label=${t("nav.label")}><ul role="list">${this.pages.map((page) => this.item(page))}</ul></nav>
    `;
  }
}
customElements.define("x-nav", XNav);
