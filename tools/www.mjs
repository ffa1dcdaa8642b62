/**
 * Builds what the browser gets: node tools/www.mjs [OUT], OUT being build/www.
 *
 *   OUT/index.html, OUT/reseller/, OUT/admin/, OUT/errors/   shells; they name the release
 *   OUT/r/<hash>/                                            modules, styles, texts: never change
 *   OUT/r/current                                            link to the newest
 *   OUT/../themes/<name>/                                    tokens for the publisher of brands
 *
 * Every text file also lies there compressed (.gz, .br).  The same sources give the same bytes;
 * nothing is written where nothing changed.  Faults in texts, themes and shells stop the build.
 */
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, readlink, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { checkI18n } from "./www/i18n.mjs";
import { readThemes } from "./www/themes.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = process.argv[2] ?? join(ROOT, "build/www");
const ENTRIES = ["customer/portal.js", "reseller/portal.js", "admin/portal.js", "errors/error.js"];
const SHELLS = ["index.html", "reseller/index.html", "admin/index.html"];
/** The pages that nginx.conf answers with by itself. */
const ERRORS = [404, 413, 429, 503];
/** What is read besides www/ and themes/: a change of it makes a new release too. */
const INPUTS = ["package-lock.json", "tools/www.mjs", "tools/www/i18n.mjs", "tools/www/themes.mjs", "schema/problem.def", "schema/access.def", "fcgi/trade/font.def", "fcgi/trade/language.def"];
/** Releases that stay for pages that were opened before this one. */
const KEPT = 3;
/** Joined in this order; components and what is not named here come where the layers say. */
const STYLES = ["styles/layers.css", "styles/reset.css", "theme", "styles/tokens.css", "styles/base.css", "styles/layout.css", "styles/error.css", "components", "styles/utilities.css"];
/** Styles that pages outside the portals link by themselves. */
const OWN_STYLES = ["styles/bill.css"];

/** All files below a folder, by name, in order. @returns {Promise<Map<string, Buffer>>} */
async function tree(folder) {
  const files = new Map();
  const walk = async (at) => {
    const entries = await readdir(join(folder, at), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = posix.join(at, entry.name);
      if (entry.isDirectory()) await walk(path);
      else files.set(path, await readFile(join(folder, path)));
    }
  };
  await walk("");
  return files;
}

/** These files, and what they include: the vocabulary of rights has parts. */
async function withParts(paths, files = new Map()) {
  for (const path of paths) {
    const bytes = await readFile(join(ROOT, path));
    files.set(path, bytes);
    await withParts([...bytes.toString().matchAll(/^#include "(schema\/\w+\.def)"$/gm)].map(([, part]) => part), files);
  }
  return files;
}

function digest(...maps) {
  const hash = createHash("sha256");
  for (const files of maps) {
    for (const [path, bytes] of files) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex").slice(0, 16);
}

const fail = (faults) => {
  if (faults.length === 0) return;
  for (const fault of faults) console.error(`www: ${fault}`);
  process.exit(1);
};

/** The one stylesheet of the portals; the default theme stands in where a brand is missing. */
function portalStyles(sources, themes) {
  const parts = STYLES.flatMap((name) => {
    if (name === "theme") return [`@layer tokens {\n${themes.default.css}}\n`];
    if (name === "components") return [...sources].filter(([path]) => /^components\/.*\.css$/.test(path)).map(([, bytes]) => bytes.toString());
    return [sources.get(name).toString()];
  });
  return Buffer.from(parts.join("\n"));
}

/** What we use of Lit, as one file. */
async function vendor() {
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: [join(ROOT, "www/lib/vendor.js")],
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "inline",
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
  });
  return Buffer.from(result.outputFiles[0].contents);
}

/**
 * Reads every module as the browser will: syntax, imports that do not exist, names that nothing
 * exports.  The bundle itself is thrown away; the browser gets the modules as they are written.
 */
async function checkModules() {
  const { build } = await import("esbuild");
  const lit = { name: "lit", setup: (b) => b.onResolve({ filter: /\/vendor\/lit\.js$/ }, () => ({ path: join(ROOT, "www/lib/vendor.js") })) };
  const entryPoints = ENTRIES.map((path) => join(ROOT, "www", path));
  try {
    const { warnings } = await build({ entryPoints, absWorkingDir: ROOT, bundle: true, format: "esm", outdir: "none", write: false, plugins: [lit], logLevel: "silent" });
    return warnings.map(said);
  } catch (error) {
    return error.errors.map(said);
  }
}

const said = ({ text, location }) => `${location ? `${location.file}:${location.line}: ` : ""}${text}`;

/** Modules that an entry needs, itself excluded, nearest first. */
function imports(files, entry, seen = new Set()) {
  const source = files.get(entry)?.toString();
  if (source === undefined) fail([`${entry} is imported and does not exist`]);
  for (const [, path] of source.matchAll(/^(?:import|export)\s(?:[\w*{},\s]+\sfrom\s)?"(\.[^"]+)"/gm)) {
    const target = posix.join(posix.dirname(entry), path);
    if (seen.has(target)) continue;
    seen.add(target);
    imports(files, target, seen);
  }
  return seen;
}

function shell(html, files, release) {
  const entry = /src="\/r\/@release@\/([^"]+)"/.exec(html)[1];
  const preloads = [...imports(files, entry)].map((path) => `<link rel="modulepreload" href="/r/${release}/${path}" />`);
  return html.replaceAll("@release@", release).replace("<!-- @preloads@ -->", preloads.join("\n    "));
}

function errorPage(html, status, texts, release) {
  return html
    .replaceAll("@release@", release)
    .replaceAll("@status@", status)
    .replaceAll("@heading@", texts[`error.${status}`])
    .replaceAll("@text@", texts[`error_text.${status}`])
    .replaceAll("@home@", texts["missing.home"]);
}

/** The content policy allows no script and no style in a page. */
function checkHtml(path, html) {
  return [
    [/<style\b/i, "a style element"],
    [/\sstyle=/i, "a style attribute"],
    [/\son\w+=/i, "an event attribute"],
    [/<script(?![^>]*\bsrc=)/i, "an inline script"],
    [/@\w+@/, "a placeholder that nothing fills"],
  ].filter(([pattern]) => pattern.test(html)).map(([, what]) => `${path} has ${what}`);
}

const TEXT = /\.(js|css|json|html|svg)$/;

async function write(folder, path, bytes) {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  const put = async (name, content) => {
    await writeFile(`${name}.new`, content);
    await rename(`${name}.new`, name);
  };
  await put(target, bytes);
  if (!TEXT.test(path)) return;
  const params = { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const [gz, br] = await Promise.all([promisify(gzip)(bytes, { level: 9 }), promisify(brotliCompress)(bytes, { params })]);
  await Promise.all([put(`${target}.gz`, gz), put(`${target}.br`, br)]);
}

const writeAll = (folder, files) => Promise.all([...files].map(([path, bytes]) => write(folder, path, bytes)));

async function link(folder, name) {
  const current = join(folder, "current");
  if ((await readlink(current).catch(() => "")) === name) return;
  await rm(`${current}.new`, { force: true });
  await symlink(name, `${current}.new`);
  await rename(`${current}.new`, current);
}

async function prune(folder, release) {
  const names = (await readdir(folder)).filter((name) => name !== "current" && name !== release);
  const dated = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  const old = dated.sort((a, b) => b.at - a.at).slice(KEPT - 1);
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { recursive: true })));
}

/** The fonts that a brand can choose from, as the publisher has them. */
function fonts(inputs) {
  const lines = inputs.get("fcgi/trade/font.def").toString().matchAll(/^FONT\((\w+),\s*("(?:[^"\\]|\\.)*")\)/gm);
  return Object.fromEntries([...lines].map(([, name, text]) => [name, JSON.parse(text)]));
}

/** Everything that the release holds. */
async function contents(sources, themes, inputs) {
  const files = new Map([...sources].filter(([path]) => /\.(js|json|svg)$/.test(path) && path !== "lib/vendor.js"));
  files.set("vendor/lit.js", await vendor());
  files.set("styles/portal.css", portalStyles(sources, themes));
  for (const path of OWN_STYLES) if (sources.has(path)) files.set(path, sources.get(path));
  const looks = Object.fromEntries(Object.entries(themes).map(([name, { css, ...rest }]) => [name, rest]));
  files.set("themes.json", Buffer.from(JSON.stringify({ themes: looks, fonts: fonts(inputs) })));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function main() {
  const sources = await tree(join(ROOT, "www"));
  const themeFiles = await tree(join(ROOT, "themes"));
  const inputs = await withParts(INPUTS);
  const stamp = digest(sources, themeFiles, inputs);
  const stampFile = join(OUT, ".stamp");
  if ((await readFile(stampFile, "utf8").catch(() => "")) === stamp) return;

  const { themes, faults } = readThemes(themeFiles);
  fail([...faults, ...checkI18n(sources, inputs, ERRORS), ...(await checkModules())]);
  const files = await contents(sources, themes, inputs);
  const release = digest(files).slice(0, 12);
  const texts = JSON.parse(files.get("i18n/en.json"));
  const pages = new Map(SHELLS.map((path) => [path, shell(sources.get(path).toString(), files, release)]));
  for (const status of ERRORS) pages.set(`errors/${status}.html`, errorPage(sources.get("errors/error.html").toString(), status, texts, release));
  fail([...pages].flatMap(([path, html]) => checkHtml(path, html)));

  await writeAll(join(OUT, "r", release), files);
  await link(join(OUT, "r"), release);
  await writeAll(OUT, new Map([...pages].map(([path, html]) => [path, Buffer.from(html)])));
  await prune(join(OUT, "r"), release);
  for (const name of Object.keys(themes)) await cp(join(ROOT, "themes", name), join(OUT, "../themes", name), { recursive: true });
  await writeFile(stampFile, stamp);
  const total = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  console.log(`www: release ${release}, ${files.size} files, ${Math.round(total / 1024)} KiB`);
}

await main();
