/**
 * `<x-field>`: a label, its control, a hint and an error, tied together for a screen reader.
 * The value is read from `.value`; the control's own events bubble.
 */
import { html, ifDefined, live, nothing } from "../../vendor/lit.js";
import { Element, uid } from "../../lib/element.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/i18n.js";

class XField extends Element {
  static properties = {
    label: {},
    name: {},
    type: {},
    value: {},
    hint: {},
    error: {},
    autocomplete: {},
    maxlength: { type: Number },
    required: { type: Boolean },
    /** @type {{value: string, label: string}[]} makes it a choice of these */
    options: { attribute: false },
    shown: { state: true },
  };

  constructor() {
    super();
    this.type = "text";
    this.value = "";
    this.key = uid("field");
  }

  /** Puts the keyboard into the control. */
  focus() {
    this.querySelector("input, select")?.focus();
  }

  described() {
    return [this.error && `${this.key}-error`, this.hint && `${this.key}-hint`].filter(Boolean).join(" ") || undefined;
  }

  input() {
    const type = this.type === "password" && this.shown ? "text" : this.type;
    return html`<input
      id=${this.key} name=${this.name} type=${type} .value=${live(this.value)} ?required=${this.required}
      autocomplete=${ifDefined(this.autocomplete)} maxlength=${ifDefined(this.maxlength)} spellcheck=${this.type === "text" ? "true" : "false"}
      autocapitalize=${this.type === "text" ? "on" : "none"} dir=${this.type === "email" ? "ltr" : "auto"}
      aria-invalid=${this.error ? "true" : "false"} aria-describedby=${ifDefined(this.described())}
      @input=${(event) => (this.value = event.target.value)} />`;
  }

  select() {
    return html`<select id=${this.key} name=${this.name} aria-invalid=${this.error ? "true" : "false"} aria-describedby=${ifDefined(this.described())}
        @change=${(event) => (this.value = event.target.value)}>
        ${this.options.map((o) => html`<option value=${o.value} ?selected=${o.value === this.value}>${o.label}</option>`)}
      </select>${icon("down")}`;
  }

  reveal() {
    const label = this.shown ? t("signin.hide") : t("signin.show");
    return html`<button type="button" class="x-field-reveal" aria-label=${label} title=${label} aria-controls=${this.key}
      @click=${() => (this.shown = !this.shown)}>${icon(this.shown ? "hidden" : "eye")}</button>`;
  }

  render() {
    return html`
      <label for=${this.key}>${this.label}</label>
      <div class="x-field-control">
        ${this.options ? this.select() : this.input()} ${this.type === "password" ? this.reveal() : nothing}
      </div>
      ${this.hint ? html`<p class="x-field-hint" id="${this.key}-hint">${this.hint}</p>` : nothing}
      ${this.error ? html`<p class="x-field-error" id="${this.key}-error">${icon("warning")}<span>${this.error}</span></p>` : nothing}
    `;
  }
}
customElements.define("x-field", XField);
