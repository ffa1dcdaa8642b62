/**
 * What we use of Lit.  tools/www.mjs bundles this file once to vendor/lit.js; every
 * module imports from there, so a page loads one file of foreign code and no more.
 */
export { LitElement, html, svg, nothing } from "lit";
export { repeat } from "lit/directives/repeat.js";
export { ifDefined } from "lit/directives/if-defined.js";
export { live } from "lit/directives/live.js";
