/**
 * The pictures of README: signs in to the running demo and photographs its portals.
 *
 *   PORT=8080 node tools/pictures.mjs [USERS.json]     default: what `build/portico demo users --json` says
 *
 * Writes docs/pictures/<portal>-<what>.png.  Which brands are shown follows from the demo
 * itself: a light one, English if there is one, a dark one, and one right to left.
 */
import { execFileSync } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = join(ROOT, "docs/pictures");
const PORT = process.env.PORT ?? "8080";
const BASES = { customer: "/", reseller: "/reseller/", admin: "/admin/" };
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

const users = JSON.parse(process.argv[2] ? await readFile(process.argv[2]) : execFileSync(join(ROOT, "build/portico"), ["demo", "users", "--json"], { cwd: ROOT }));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

const origin = (host) => `http://${host}:${PORT}`;
const usersOf = (portal) => users.filter((user) => user.portal === portal);

/** A window in which nobody is signed in. */
async function open(size) {
  const context = await browser.newContext({ viewport: size, deviceScaleFactor: 2, locale: "en-GB", reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  return page;
}

/** Waits until nothing is being loaded: no bone is left and no request is under way. */
async function settled(page) {
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => !document.querySelector(".bone") && document.fonts.status === "loaded");
}

async function enter(page, user) {
  await page.goto(origin(user.host) + BASES[user.portal]);
  await page.fill('input[name="email"]', user.email);
  await page.fill('input[name="password"]', user.password);
  await page.click('x-signin button[aria-disabled="false"]');
  await page.waitForSelector('x-app[phase="ready"]');
  await settled(page);
}

async function shoot(page, name, path) {
  if (path) await page.goto(new URL(path, page.url()).href);
  await page.mouse.move(0, 0);
  await settled(page);
  await page.screenshot({ path: join(OUT, `${name}.png`) });
  console.log(`docs/pictures/${name}.png`);
}

/** What a host's brand says of itself. */
async function brandOf(page, host) {
  await page.goto(`${origin(host)}/brand/brand.json`);
  return JSON.parse(await page.evaluate(() => document.body.textContent));
}

/** A customer of a light brand, English if there is one, of a dark one, and of one right to left. */
async function casts(page) {
  const found = {};
  let english = false;
  for (const user of usersOf("customer")) {
    const brand = await brandOf(page, user.host);
    const kind = brand.language === "ar" ? "rtl" : brand.scheme;
    const better = kind === "light" && brand.language === "en" && !english;
    if (better) english = true;
    if (better || !found[kind]) found[kind] = user;
  }
  return found;
}

async function customer(user, suffix, size) {
  const page = await open(size);
  if (suffix === "") {
    await page.goto(origin(user.host));
    await page.waitForSelector("x-signin form");
    await shoot(page, "customer-sign-in");
  }
  await enter(page, user);
  await shoot(page, `customer-bills${suffix}`);
  if (suffix === "") {
    await page.click('x-table th[data-place="lead"] a');
    await page.waitForLoadState();
    await page.screenshot({ path: join(OUT, "customer-bill.png") });
    console.log("docs/pictures/customer-bill.png");
  }
  await page.context().close();
}

async function reseller(user) {
  const page = await open(DESK);
  await enter(page, user);
  await shoot(page, "reseller-customers");
  await page.click('x-table th[data-place="lead"] a');
  await page.waitForSelector("page-customer x-facts dl");
  await shoot(page, "reseller-customer");
  await shoot(page, "reseller-bills", "/reseller/bills");
  await page.context().close();
}

async function admin(user) {
  const page = await open(DESK);
  await enter(page, user);
  await shoot(page, "admin-resellers");
  await shoot(page, "admin-brands", "/admin/brands");
  const dark = page.locator("a.x-swatch", { hasText: "night" }).first();
  await ((await dark.count()) ? dark : page.locator("a.x-swatch").first()).click();
  await page.waitForSelector("x-preview x-facts dl");
  await shoot(page, "admin-brand");
  await page.context().close();
}

await mkdir(OUT, { recursive: true });
try {
  const page = await open(DESK);
  const cast = await casts(page);
  await page.context().close();
  await customer(cast.light, "", DESK);
  await customer(cast.light, "-phone", PHONE);
  if (cast.dark) await customer(cast.dark, "-dark", DESK);
  if (cast.rtl) await customer(cast.rtl, "-right-to-left", DESK);
  await reseller(usersOf("reseller").find((user) => user.host === cast.light.host) ?? usersOf("reseller")[0]);
  await admin(usersOf("admin")[0]);
} finally {
  await browser.close();
}
