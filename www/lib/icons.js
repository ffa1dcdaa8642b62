/** Our own small set of icons, 20 x 20, drawn with the colour of the text around them. */
import { html, svg } from "../vendor/lit.js";

const PATHS = {
  bill: svg`<path d="M5 2.5h10v15l-2.5-1.7L10 17.5l-2.5-1.7L5 17.5z"/><path d="M8 7h4M8 10.5h4"/>`,
  meter: svg`<path d="M3 14.5a7 7 0 1 1 14 0M10 14.5l3.6-4.2M3 14.5h2M15 14.5h2M10 7.5v1.6"/>`,
  repeat: svg`<path d="M4 9a6 6 0 0 1 10.4-3.2L16 7.5M16 3.5v4h-4"/><path d="M16 11a6 6 0 0 1-10.4 3.2L4 12.5M4 16.5v-4h4"/>`,
  coins: svg`<rect x="2.5" y="5" width="15" height="10" rx="2"/><circle cx="10" cy="10" r="2.2"/><path d="M5.2 7.8v0M14.8 12.2v0"/>`,
  person: svg`<circle cx="10" cy="7" r="3"/><path d="M4 17c.6-3.2 3-5 6-5s5.4 1.8 6 5"/>`,
  people: svg`<circle cx="7.5" cy="7.5" r="2.7"/><path d="M2.5 16.5c.4-2.9 2.4-4.5 5-4.5s4.6 1.6 5 4.5"/><path d="M13 5.2a2.5 2.5 0 0 1 0 4.8M14.7 12.4c1.6.6 2.6 2 2.8 4.1"/>`,
  circles: svg`<circle cx="7.5" cy="8" r="5"/><circle cx="12.5" cy="12" r="5"/>`,
  tag: svg`<path d="M3 3h6.5l7.3 7.3a1.5 1.5 0 0 1 0 2.1l-4.4 4.4a1.5 1.5 0 0 1-2.1 0L3 9.5z"/><circle cx="6.7" cy="6.7" r="1"/>`,
  prices: svg`<path d="M4 3h12v14H4z"/><path d="M7 7h6M7 10h6M7 13h3"/>`,
  pact: svg`<path d="M5 2.5h7l3 3v12H5z"/><path d="M12 2.5v3h3M7.5 10h5M7.5 13c1-1.4 1.8 1.2 2.8 0s1.4-.6 2.2 0"/>`,
  tree: svg`<rect x="7.5" y="2.5" width="5" height="4" rx="1"/><rect x="2.5" y="13.5" width="5" height="4" rx="1"/><rect x="12.5" y="13.5" width="5" height="4" rx="1"/><path d="M10 6.5V10M5 13.5V10h10v3.5"/>`,
  branch: svg`<rect x="3" y="2.5" width="5" height="4" rx="1"/><rect x="3" y="13.5" width="5" height="4" rx="1"/><path d="M8 15.5h3.5a3 3 0 0 0 3-3V5M11.5 7.5l3-3 3 3"/>`,
  swap: svg`<path d="M3.5 7h12M12.5 4l3 3-3 3M16.5 13.5h-12M7.5 10.5l-3 3 3 3"/>`,
  brush: svg`<path d="M16.5 3.5 9 11M7 12.5c-2 0-2.5 1.5-2.5 2.5S4 17 3 17.2c1.5.6 6 .6 6-2.7 0-1.2-.9-2-2-2z"/>`,
  shield: svg`<path d="M10 2.5 4 4.8v4.7c0 3.7 2.5 6.5 6 8 3.5-1.5 6-4.3 6-8V4.8z"/><path d="m7.5 10 1.8 1.8 3.4-3.6"/>`,
  key: svg`<circle cx="6.5" cy="13.5" r="3.5"/><path d="M9 11l7.5-7.5M13.5 6.5l2 2M11.5 8.5l1.5 1.5"/>`,
  badge: svg`<rect x="3" y="3.5" width="14" height="13" rx="2"/><circle cx="10" cy="8.5" r="1.9"/><path d="M6.5 13.7c.5-1.5 1.8-2.3 3.5-2.3s3 .8 3.5 2.3"/>`,
  hands: svg`<circle cx="6" cy="6.5" r="2.5"/><path d="M2.5 16c.3-3 1.6-4.8 3.5-4.8 1 0 1.8.4 2.4 1.2"/><path d="m10.5 13 2.5 2.5 4.5-6"/>`,
  download: svg`<path d="M10 3v9.5M6 9l4 4 4-4M3.5 16.5h13"/>`,
  search: svg`<circle cx="9" cy="9" r="5.5"/><path d="m13.2 13.2 3.8 3.8"/>`,
  menu: svg`<path d="M3 5.5h14M3 10h14M3 14.5h14"/>`,
  close: svg`<path d="m5 5 10 10M15 5 5 15"/>`,
  down: svg`<path d="m5 7.5 5 5 5-5"/>`,
  next: svg`<path d="m7.5 5 5 5-5 5"/>`,
  back: svg`<path d="M16 10H4M9 5l-5 5 5 5"/>`,
  sort: svg`<path d="M7 8l3-3.5L13 8M7 12l3 3.5 3-3.5"/>`,
  rising: svg`<path d="M6 12l4-4.5 4 4.5"/>`,
  falling: svg`<path d="M6 8l4 4.5L14 8"/>`,
  warning: svg`<path d="M10 3 2.5 16.5h15z"/><path d="M10 8.5v3.5M10 14.4v0"/>`,
  check: svg`<path d="m4 10.5 4 4 8-9"/>`,
  eye: svg`<path d="M2 10c1.8-3.3 4.6-5 8-5s6.2 1.7 8 5c-1.8 3.3-4.6 5-8 5s-6.2-1.7-8-5z"/><circle cx="10" cy="10" r="2.5"/>`,
  hidden: svg`<path d="M2 10c1.8-3.3 4.6-5 8-5s6.2 1.7 8 5c-1.8 3.3-4.6 5-8 5s-6.2-1.7-8-5z"/><path d="M3.5 3.5l13 13"/>`,
  out: svg`<path d="M8 3.5H4.5a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1H8M12.5 13.5 16 10l-3.5-3.5M16 10H7.5"/>`,
  empty: svg`<path d="M3 11.5 5.2 5a1.5 1.5 0 0 1 1.4-1h6.8a1.5 1.5 0 0 1 1.4 1l2.2 6.5v3a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14.5z"/><path d="M3 11.5h4l1 2h4l1-2h4"/>`,
};

/**
 * @param {keyof PATHS} name
 * @param {string} [more] "along": points along the line of reading, mirrored right to left
 */
export const icon = (name, more = "") =>
  html`<svg class="icon ${more}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${PATHS[name]}</svg>`;
