/**
 * Contrast of colours, and the tokens that a brand's colour leads to on a theme's paper.
 * The publisher of brands does the same in C; here it serves the preview only.
 */

/** @param {string} hex "#rrggbb". @returns {number[]} 0..255 */
export const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

const hex = (channels) => `#${channels.map((c) => Math.round(c).toString(16).padStart(2, "0")).join("")}`;

/** @param {number} share of b, 0..1 */
export const mix = (a, b, share) => {
  const [x, y] = [rgb(a), rgb(b)];
  return hex(x.map((c, i) => c + (y[i] - c) * share));
};

function luminance(colour) {
  const [r, g, b] = rgb(colour).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2 contrast of two colours, 1..21. */
export function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** Moves a colour towards `ink` in small steps until it has `least` contrast to every one of `grounds`. */
function readable(colour, ink, grounds, least) {
  for (let share = 0; share <= 1; share += 0.04) {
    const moved = mix(colour, ink, share);
    if (grounds.every((g) => contrast(moved, g) >= least)) return moved;
  }
  return ink;
}

/**
 * @param {{accent: string, accent_text: string}} brand
 * @param {Record<string, string>} tokens of the theme, without dashes
 * @returns {Record<string, string>} the brand's own tokens
 */
export function brandTokens(brand, tokens) {
  const soft = mix(tokens.surface, brand.accent, tokens.scheme === "dark" ? 0.22 : 0.1);
  const accent = readable(brand.accent, tokens.ink, [tokens.paper, tokens.surface, soft], 4.5);
  const best = contrast("#ffffff", accent) >= contrast("#000000", accent) ? "#ffffff" : "#000000";
  return {
    "brand-accent": brand.accent,
    "brand-accent-text": brand.accent_text,
    accent,
    "accent-text": contrast(brand.accent_text, accent) >= 4.5 ? brand.accent_text : best,
    "accent-soft": soft,
    focus: readable(brand.accent, tokens.ink, [tokens.paper, tokens.surface], 3),
  };
}
