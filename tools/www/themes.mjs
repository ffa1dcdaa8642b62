/** Reads themes/ and says what is wrong with it: each theme is a fixed list of files, each file a fixed list of tokens. */
import { contrast } from "../../www/lib/colour.js";

const FILES = ["theme.json", "tokens.css"];
/** Which texts stand on which grounds, and the least contrast. */
const PAIRS = [
  ["ink", ["paper", "surface", "surface-sunken", "surface-hover", "neutral-soft"], 4.5],
  ["muted", ["paper", "surface", "surface-sunken", "surface-hover"], 4.5],
  ["danger", ["surface", "danger-soft"], 4.5],
  ["warning", ["surface", "warning-soft"], 4.5],
  ["success", ["surface", "success-soft"], 4.5],
  ["line-strong", ["paper", "surface"], 3],
];

/** The tokens of a tokens.css, or null where it holds anything else. */
function tokens(css) {
  const body = /^\s*:root\s*\{([^{}]*)\}\s*$/.exec(css)?.[1];
  if (body === undefined) return null;
  const all = {};
  for (const line of body.split(";").map((l) => l.trim()).filter(Boolean)) {
    const [, name, value] = /^--([a-z0-9-]+):\s*([^;{}]+)$/s.exec(line) ?? [];
    if (!name || name in all || /url\(|@|expression/i.test(value)) return null;
    all[name] = value;
  }
  return all;
}

function readable(name, all) {
  return PAIRS.flatMap(([text, grounds, least]) => grounds
    .filter((ground) => !/^#[0-9a-f]{6}$/.test(all[ground]) || !/^#[0-9a-f]{6}$/.test(all[text]) || contrast(all[text], all[ground]) < least)
    .map((ground) => `themes/${name}: --${text} on --${ground} has less than ${least}:1, or is not #rrggbb`));
}

function theme(name, files) {
  const listed = [...files.keys()].filter((p) => p.startsWith(`${name}/`)).map((p) => p.slice(name.length + 1));
  if (listed.join() !== FILES.join()) return { faults: [`themes/${name} must hold ${FILES.join(" and ")}, and holds ${listed.join(", ")}`] };
  const css = files.get(`${name}/tokens.css`).toString();
  const about = JSON.parse(files.get(`${name}/theme.json`));
  const all = tokens(css);
  if (!all) return { faults: [`themes/${name}/tokens.css may hold one :root rule of custom properties and nothing else`] };
  const faults = readable(name, all);
  if (about.name !== name || !["light", "dark"].includes(about.scheme) || !about.about) faults.push(`themes/${name}/theme.json needs name, scheme and about`);
  if (all.scheme !== about.scheme) faults.push(`themes/${name}: --scheme is not the scheme of theme.json`);
  return { theme: { scheme: about.scheme, about: about.about, tokens: all, css }, faults };
}

/**
 * @param {Map<string, Buffer>} files of themes/
 * @returns {{themes: Record<string, {scheme: string, about: string, tokens: object, css: string}>, faults: string[]}}
 */
export function readThemes(files) {
  const names = [...new Set([...files.keys()].filter((p) => p.includes("/")).map((p) => p.split("/")[0]))];
  const read = names.map((name) => [name, theme(name, files)]);
  const faults = read.flatMap(([, r]) => r.faults);
  const themes = Object.fromEntries(read.filter(([, r]) => r.theme).map(([name, r]) => [name, r.theme]));
  if (!themes.default) return { themes, faults: [...faults, "themes/default is missing"] };
  const wanted = Object.keys(themes.default.tokens);
  for (const [name, { tokens: all }] of Object.entries(themes)) {
    for (const token of wanted) if (!(token in all)) faults.push(`themes/${name} lacks --${token}`);
    for (const token of Object.keys(all)) if (!wanted.includes(token)) faults.push(`themes/${name} sets --${token}, which no page uses`);
  }
  return { themes, faults };
}
