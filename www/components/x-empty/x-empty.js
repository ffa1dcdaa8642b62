/** `<x-empty>`: nothing here, why, and what to do about it. */
import { html, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { icon } from "../../lib/icons.js";

class XEmpty extends Element {
  static properties = {
    heading: {},
    text: {},
    /** template with a link or a button, or nothing */
    action: { attribute: false },
  };

  render() {
    return html`
      <span class="x-empty-icon">${icon("empty")}</span>
      <p class="x-empty-heading">${this.heading}</p>
      ${this.text ? html`<p class="muted">${this.text}</p>` : nothing}
      ${this.action ?? nothing}
    `;
  }
}
customElements.define("x-empty", XEmpty);
