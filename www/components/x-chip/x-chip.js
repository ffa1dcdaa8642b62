/** `<x-chip state="overdue">`: a state in words with a colour that only supports them.  `label`: other words for it. */
import { html } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { word } from "../../lib/i18n.js";

const TONES = { open: "accent", overdue: "danger", paid: "success", active: "success", trial: "success", good: "success", bad: "danger", waiting: "accent", planned: "accent", moving: "accent", done: "success", failed: "danger" };

class XChip extends Element {
  static properties = { state: { reflect: true }, label: {} };

  willUpdate() {
    this.dataset.tone = TONES[this.state] ?? "neutral";
  }

  render() {
    return html`${this.label ?? word("state", this.state)}`;
  }
}
customElements.define("x-chip", XChip);
