/** `<x-user>`: who is signed in, the way to the own profile and the way out. */
import { html, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/i18n.js";
import { href } from "../../lib/router.js";
import { shows, state } from "../../lib/state.js";

/** One or two letters that stand for a name in any script. */
function initials(name) {
  const words = name.trim().split(/\s+/).filter((w) => /\p{L}/u.test(w));
  const first = (w) => [...w].find((c) => /\p{L}/u.test(c)) ?? "";
  return (words.length > 1 ? first(words[0]) + first(words.at(-1)) : first(words[0] ?? "")).toLocaleUpperCase();
}

class XUser extends Element {
  static properties = {
    name: {},
    open: { type: Boolean, reflect: true },
  };

  constructor() {
    super();
    this.away = (event) => {
      if (!this.open) return;
      if (event.type === "keydown" && event.key === "Escape") {
        this.open = false;
        this.querySelector("button").focus();
      } else if (event.type !== "keydown" && !this.contains(event.target)) this.open = false;
    };
  }

  connectedCallback() {
    super.connectedCallback();
    for (const type of ["keydown", "pointerdown", "focusin"]) document.addEventListener(type, this.away);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const type of ["keydown", "pointerdown", "focusin"]) document.removeEventListener(type, this.away);
  }

  panel() {
    const { user, customer, tenant } = state.session;
    return html`<div class="x-user-panel" id="x-user-panel">
      <div class="x-user-who"><strong>${user.name}</strong><span class="muted small">${user.email}</span><span class="muted small">${customer?.name ?? tenant.name}</span></div>
      ${shows("profile") ? html`<a href=${href("profile")} @click=${() => (this.open = false)}>${icon("person")}${t("page.profile")}</a>` : nothing}
      <button type="button" @click=${() => this.dispatchEvent(new CustomEvent("leave", { bubbles: true }))}>${icon("out", "along")}${t("nav.sign_out")}</button>
    </div>`;
  }

  render() {
    return html`
      <button type="button" class="x-user-button" aria-expanded=${this.open ? "true" : "false"} aria-controls="x-user-panel" @click=${() => (this.open = !this.open)}>
        <span class="x-user-face" aria-hidden="true">${initials(this.name)}</span>
        <span class="hush">${t("nav.user")}</span><span class="x-user-name">${this.name}</span>${icon("down")}
      </button>
      ${this.open ? this.panel() : html`<div id="x-user-panel" hidden></div>`}
    `;
  }
}
customElements.define("x-user", XUser);
