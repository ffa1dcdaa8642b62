/** `<x-tabs>`: the sections of one thing, each with its own address; so they are links. */
import { html, ifDefined } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";

class XTabs extends Element {
  static properties = {
    label: {},
    /** @type {{href: string, label: string, current: boolean}[]} */
    tabs: { attribute: false },
  };

  render() {
    return html`<nav aria-label=${this.label}>
      <ul role="list">
        ${this.tabs.map((tab) => html`<li><a href=${tab.href} aria-current=${ifDefined(tab.current ? "page" : undefined)}>${tab.label}</a></li>`)}
      </ul>
    </nav>`;
  }

  updated() {
    const row = this.querySelector("ul");
    const tab = this.querySelector("[aria-current]")?.parentElement;
    if (row && tab) row.scrollLeft += tab.getBoundingClientRect().left - row.getBoundingClientRect().left - 24;
  }
}
customElements.define("x-tabs", XTabs);
