/** `<x-date day="2026-06-01">` in the page's language; `relative` says how far away it is. */
import { html, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { date, fromToday } from "../../lib/format.js";

class XDate extends Element {
  static properties = {
    day: {},
    relative: { type: Boolean },
  };

  render() {
    return this.day ? html`<time datetime=${this.day}>${this.relative ? fromToday(this.day) : date(this.day)}</time>` : nothing;
  }
}
customElements.define("x-date", XDate);
