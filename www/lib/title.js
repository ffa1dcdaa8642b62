/** The document's title: the screen, then the brand.  No other name is ever in it. */
import { state } from "./state.js";

/** @param {string} text of the screen */
export function title(text) {
  const { name } = state.brand;
  document.title = !name || text.includes(name) ? text : `${text} · ${name}`;
}
