/** The base of all components: light DOM, so that the brand's tokens and print rules just work. */
import { LitElement } from "../vendor/lit.js";

export class Element extends LitElement {
  createRenderRoot() {
    return this;
  }
}

let last = 0;

/** An id that no other element of the page has. */
export const uid = (prefix) => `${prefix}-${(last += 1)}`;
