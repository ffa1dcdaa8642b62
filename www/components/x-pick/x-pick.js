/**
 * `<x-pick>`: one of the tenants that may be seen, or of the customers, found by the beginning of its name.
 * A combobox in the manner of the ARIA guide; says `pick` with the id or "".
 */
import { html, ifDefined, nothing } from "../../vendor/lit.js";
import { get, list } from "../../lib/api.js";
import { announce } from "../../lib/announce.js";
import { Element, uid } from "../../lib/element.js";
import { joined } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { t, word } from "../../lib/i18n.js";
import { tenants } from "../../lib/state.js";

const SHOWN = 8;
/** So many are asked for where not each will do. */
const SIFTED = 100;

class XPick extends Element {
  static properties = {
    label: {},
    /** id of the one that is chosen, or "" */
    value: {},
    /** "tenants" or "customers" */
    path: {},
    /** of those that are found, does this one do? @type {((one: object) => boolean) | null} */
    only: { attribute: false },
    /** what is wrong with the choice, in words */
    error: {},
    text: { state: true },
    found: { state: true },
    open: { state: true },
    active: { state: true },
  };

  constructor() {
    super();
    this.value = "";
    this.path = "tenants";
    this.only = null;
    this.error = "";
    this.text = "";
    this.found = [];
    this.open = false;
    this.active = -1;
    this.key = uid("pick");
  }

  willUpdate(changed) {
    if (changed.has("value") && this.value !== this.named) this.name();
  }

  /** Puts the name of the chosen one into the box. */
  async name() {
    this.named = this.value;
    if (!this.value) {
      this.text = "";
      return;
    }
    this.text = (await this.known())?.name ?? "";
  }

  /** The one that is chosen, or undefined where it cannot be read. */
  async known() {
    if (this.picked?.id === this.value) return this.picked;
    if (this.path !== "tenants") return (await get(`${this.path}/${encodeURIComponent(this.value)}`).catch(() => ({}))).body;
    return (await tenants().catch(() => ({ data: [] }))).data.find((tenant) => tenant.id === this.value);
  }

  async search() {
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const { data: all } = await list(this.path, { q: this.text, limit: this.only ? SIFTED : SHOWN }, { signal: this.asked.signal });
      const data = this.only ? all.filter(this.only).slice(0, SHOWN) : all;
      this.found = data;
      this.active = -1;
      this.open = true;
      announce(t("list.all", { n: data.length }));
    } catch (error) {
      if (error.name !== "AbortError") this.found = [];
    }
  }

  choose(one) {
    this.open = false;
    this.picked = one;
    this.value = one?.id ?? "";
    this.named = this.value;
    this.text = one?.name ?? "";
    this.dispatchEvent(new CustomEvent("pick", { detail: this.value }));
  }

  typed(event) {
    this.text = event.target.value;
    if (!this.text && this.value) this.choose(null);
    this.search();
  }

  pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !this.open) this.search();
    else if (step && this.found.length) this.active = (this.active + step + this.found.length) % this.found.length;
    else if (event.key === "Enter" && this.open && this.found[Math.max(this.active, 0)]) this.choose(this.found[Math.max(this.active, 0)]);
    else if (event.key === "Escape" && this.open) this.open = false;
    else return;
    event.preventDefault();
  }

  left() {
    this.open = false;
    this.named = null;
    this.name();
  }

  options() {
    return this.found.map((one, i) => html`<li role="option" id="${this.key}-${i}" aria-selected=${i === this.active ? "true" : "false"}
      @pointerdown=${(event) => event.preventDefault()} @click=${() => this.choose(one)}>
      <span>${one.name}</span><span class="muted small">${this.path === "tenants" ? word("tenant_kind", one.kind) : joined([one.number, one.tenant_name])}</span>
    </li>`);
  }

  render() {
    const shown = this.open && this.found.length > 0;
    return html`
      <label class="hush" for=${this.key}>${this.label}</label>
      <input class="x-input" id=${this.key} type="text" role="combobox" autocomplete="off" spellcheck="false" placeholder=${this.label}
        aria-expanded=${shown ? "true" : "false"} aria-controls="${this.key}-list" aria-autocomplete="list"
        aria-invalid=${this.error ? "true" : "false"} aria-describedby=${ifDefined(this.error ? `${this.key}-error` : undefined)}
        aria-activedescendant=${ifDefined(shown && this.active >= 0 ? `${this.key}-${this.active}` : undefined)}
        .value=${this.text} @input=${this.typed} @keydown=${this.pressed} @blur=${this.left} @click=${() => this.open || this.search()} />
      ${this.value
        ? html`<button type="button" class="x-pick-clear" aria-label=${t("pick.clear")} @click=${() => this.choose(null)}>${icon("close")}</button>`
        : html`<span class="x-pick-clear">${icon("down")}</span>`}
      <ul role="listbox" id="${this.key}-list" aria-label=${this.label} ?hidden=${!shown}>${shown ? this.options() : nothing}</ul>
      ${this.error ? html`<p class="x-field-error" id="${this.key}-error">${icon("warning")}<span>${this.error}</span></p>` : nothing}
    `;
  }
}
customElements.define("x-pick", XPick);
