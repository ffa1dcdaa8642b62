/** The base of all screens: renders again when the address changes, and knows how a screen begins. */
import { html, nothing } from "../vendor/lit.js";
import { Element } from "./element.js";
import { onChange } from "./router.js";

export class Page extends Element {
  constructor() {
    super();
    this.turn = 0;
    onChange(() => {
      if (!this.isConnected) return;
      this.turn += 1;
      this.requestUpdate();
    });
  }

  /**
   * The head of a screen; its h1 gets the focus after a step.
   * @param {unknown} heading text or template
   * @param {unknown} [lead] one line below it
   * @param {unknown} [side] what stands at the end of the line
   */
  head(heading, lead = nothing, side = nothing) {
    return html`<div class="page-head">
      <div><h1 tabindex="-1">${heading}</h1>${lead === nothing ? nothing : html`<p class="lead">${lead}</p>`}</div>
      ${side}
    </div>`;
  }
}
