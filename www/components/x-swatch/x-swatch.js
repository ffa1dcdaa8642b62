/** `<x-swatch>`: a brand at a glance, in its own colours; leads to its preview. */
import { html, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { href } from "../../lib/router.js";
import { dress } from "../../lib/themes.js";

class XSwatch extends Element {
  static properties = {
    /** a row of /brands, or null while it is being loaded */
    brand: { attribute: false },
  };

  updated(changed) {
    if (changed.has("brand") && this.brand) dress(this.querySelector(".x-swatch-look"), this.brand).catch(() => {});
  }

  render() {
    const b = this.brand;
    if (!b) return html`<div class="x-swatch card"><div class="x-swatch-look"></div><div class="x-swatch-text"><span class="bone"></span><span class="bone"></span></div></div>`;
    return html`<a class="x-swatch card" href=${href("brands", b.id)}>
      <span class="x-swatch-look" aria-hidden="true"><span class="x-swatch-sheet"><span class="x-swatch-mark">${[...b.name][0]}</span><span class="x-swatch-lines"><i></i><i></i></span><span class="x-swatch-button"></span></span></span>
      <span class="x-swatch-text"><strong>${b.name}</strong><span class="muted small">${b.tenant_name === b.name ? nothing : html`<bdi>${b.tenant_name}</bdi> · `}${b.theme} · <bdi class="figures">${b.accent}</bdi></span></span>
    </a>`;
  }
}
customElements.define("x-swatch", XSwatch);
