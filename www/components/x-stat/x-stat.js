/** `<x-stat>`: one figure that matters, with what it is and what it means. */
import { html, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";

class XStat extends Element {
  static properties = {
    label: {},
    /** template or text; undefined while it is being loaded */
    value: { attribute: false },
    hint: { attribute: false },
    /** "danger" or nothing */
    tone: { reflect: true },
  };

  render() {
    const loading = this.value === undefined;
    return html`
      <p class="x-stat-label">${this.label}</p>
      <p class="x-stat-value">${loading ? html`<span class="bone"></span>` : this.value}</p>
      <p class="x-stat-hint">${loading ? html`<span class="bone"></span>` : (this.hint ?? nothing)}</p>
    `;
  }
}
customElements.define("x-stat", XStat);
