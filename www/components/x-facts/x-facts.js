/** `<x-facts>`: names and values of one thing; a value that may not be read or is empty is left out. */
import { html, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";

class XFacts extends Element {
  static properties = {
    /** @type {[label: string, value: unknown][] | null} null while it is being loaded */
    facts: { attribute: false },
    /** how many lines to keep free while it is being loaded */
    lines: { type: Number },
  };

  render() {
    if (!this.facts) {
      const bones = Array.from({ length: this.lines ?? 5 });
      return html`<div class="x-facts-bones" aria-hidden="true">${bones.map(() => html`<div><span class="bone"></span></div>`)}</div>`;
    }
    const known = this.facts.filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== nothing);
    return html`<dl>${known.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
  }
}
customElements.define("x-facts", XFacts);
