/** Themes and fonts as data, for previews: themes.json of the release, made by tools/www.mjs. */
import { asset } from "./api.js";
import { brandTokens } from "./colour.js";

let asked = null;

/** @returns {Promise<{themes: Record<string, {scheme: string, tokens: Record<string, string>}>, fonts: Record<string, string>}>} */
function looks() {
  asked ??= asset(new URL("../themes.json", import.meta.url)).catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

/**
 * All tokens that a brand's portal would have, put on an element by CSSOM, which the content
 * policy allows.
 * @param {HTMLElement} element
 * @param {object} brand a row of /brands
 */
export async function dress(element, brand) {
  const { themes, fonts } = await looks();
  const { tokens } = themes[brand.theme] ?? themes.default;
  const all = { ...tokens, ...brandTokens(brand, tokens), "brand-font": fonts[brand.font] ?? fonts.sans };
  for (const [name, value] of Object.entries(all)) element.style.setProperty(`--${name}`, value);
  return all;
}
