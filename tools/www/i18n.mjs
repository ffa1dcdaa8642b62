/** Proves that the texts are whole: the same keys in all languages, each used, none missing, the right plurals. */

const PLACE = /\{(\w+)\}/g;

/** The texts of a key: one, or one per plural. */
const forms = (value) => (typeof value === "string" ? { other: value } : value);

const places = (text) => [...new Set([...text.matchAll(PLACE)].map(([, name]) => name))].sort().join();

function language(tag, texts, english) {
  const faults = [];
  const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.slice().sort().join();
  for (const key of Object.keys(english)) if (!(key in texts)) faults.push(`i18n/${tag}.json lacks ${key}`);
  for (const [key, value] of Object.entries(texts)) {
    if (!(key in english)) {
      faults.push(`i18n/${tag}.json has ${key}, which en.json has not`);
      continue;
    }
    const plural = typeof english[key] !== "string";
    if (plural && Object.keys(forms(value)).sort().join() !== categories) faults.push(`i18n/${tag}.json ${key} needs the plurals ${categories}`);
    if (!plural && typeof value !== "string") faults.push(`i18n/${tag}.json ${key} has plurals, which en.json has not`);
    if (places(forms(value).other ?? "") !== places(forms(english[key]).other)) faults.push(`i18n/${tag}.json ${key} has other places in braces than en.json`);
  }
  if (Object.keys(texts).join() !== Object.keys(texts).sort().join()) faults.push(`i18n/${tag}.json is not in order`);
  return faults;
}

/** Keys that the modules name: whole ones, and beginnings whose end is computed. */
function used(sources) {
  const whole = new Set();
  const literal = new Set();
  const sets = new Set();
  for (const [path, bytes] of sources) {
    if (!path.endsWith(".js")) continue;
    const text = bytes.toString();
    for (const [, key] of text.matchAll(/\b(?:t|rich)\("([^"]+)"/g)) literal.add(key);
    for (const [, key] of text.matchAll(/"([a-z_]+\.[a-z_0-9]+)"/g)) whole.add(key);
    for (const [, set] of text.matchAll(/\bword\("(\w+)"/g)) sets.add(set);
  }
  return { whole, literal, sets };
}

/** Codes of the vocabulary that people see, so they need words. */
function vocabulary(inputs) {
  const problems = [...inputs.get("schema/problem.def").toString().matchAll(/^PROBLEM\((\w+)/gm)].map(([, c]) => `problem.${c}`);
  const roles = [...inputs.get("schema/role.def").toString().matchAll(/^ROLE\((\w+)/gm)].flatMap(([, c]) => [`role.${c}`, `role_about.${c}`]);
  const access = [...inputs].filter(([name]) => /^schema\/.*\.def$/.test(name)).map(([, bytes]) => bytes.toString()).join("");
  const pages = [...access.matchAll(/^PAGE\(\w+,\s*(\w+)/gm)].map(([, c]) => `page.${c}`);
  const actions = [...access.matchAll(/^ACTION\((\w+),\s*(\w+)/gm)].flatMap(([, r, v]) => [`resource.${r}`, `verb.${v}`]);
  const fields = [...access.matchAll(/^FIELD\((\w+),\s*(\w+)/gm)].flatMap(([, r, f]) => [`resource.${r}`, `field.${f}`]);
  const scopes = [...access.matchAll(/^SCOPE\((\w+)/gm)].map(([, c]) => `scope.${c}`);
  return [...new Set([...problems, ...roles, ...pages, ...actions, ...fields, ...scopes])];
}

/**
 * @param {Map<string, Buffer>} sources of www/
 * @param {Map<string, Buffer>} inputs with schema/problem.def, schema/access.def and its parts
 * @param {number[]} statuses of the static error pages
 * @returns {string[]} what is wrong
 */
export function checkI18n(sources, inputs, statuses) {
  const module = sources.get("lib/i18n.js").toString();
  const tags = JSON.parse(/LANGUAGES = (\[[^\]]+\])/.exec(module)[1]);
  const known = [...inputs.get("fcgi/trade/language.def").toString().matchAll(/^LANGUAGE\((\w+)\)/gm)].map(([, tag]) => tag);
  const texts = new Map(tags.map((tag) => [tag, JSON.parse(sources.get(`i18n/${tag}.json`) ?? "{}")]));
  const english = texts.get("en");
  const faults = tags.flatMap((tag) => language(tag, texts.get(tag), english));
  const { whole, literal, sets } = used(sources);
  if (known.join() !== tags.join()) faults.push("lib/i18n.js and fcgi/trade/language.def name other languages");
  const errors = statuses.flatMap((status) => [`error.${status}`, `error_text.${status}`]);
  for (const key of errors) whole.add(key);
  for (const key of [...literal, ...errors, ...vocabulary(inputs)]) if (!(key in english)) faults.push(`i18n/en.json lacks ${key}, which is used`);
  for (const key of Object.keys(english)) {
    if (!whole.has(key) && !sets.has(key.split(".")[0])) faults.push(`i18n/en.json has ${key}, which is used nowhere`);
  }
  return faults;
}
