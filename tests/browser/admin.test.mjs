// What the provider's admin does: walks the channel's tree, looks at a reseller, its customers and its brand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open, say } from "../lib/browser.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { as, user } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();
const who = user(site, "admin@pneumuster.example");
const text = (key, values) => say("en", key, values);

test("the tree shows every tenant under the one that it buys from, and can be walked with the arrows", async (t) => {
	const window = await open(t, chrome, site, { who });
	const { page } = window;
	const tenants = (await (await as(site, who))("GET", "/api/v1/tenants?limit=100")).json.data;
	const level = (tenant) => (tenant.parent ? 1 + level(tenants.find((other) => other.id === tenant.parent)) : 1);
	await window.goto("/admin/");
	const tree = page.getByRole("treegrid", { name: text("page.resellers") });
	const rows = tree.getByRole("row").filter({ has: page.getByRole("rowheader") });
	const shown = await rows.evaluateAll((all) => all.map((row) => [row.querySelector("a").pathname.split("/").pop(), Number(row.ariaLevel)]));
	assert.deepEqual([...shown].sort(), tenants.map((tenant) => [tenant.id, level(tenant)]).sort());
	assert.equal(await tree.locator('[tabindex="0"]').count(), 1, "one stop for Tab");

	await window.tab(rows.first());
	await page.keyboard.press("ArrowLeft");
	await until("closed", async () => (await rows.count()) === 1);
	assert.equal(await rows.first().getAttribute("aria-expanded"), "false");
	await page.keyboard.press("ArrowRight");
	await until("open", async () => (await rows.count()) === tenants.length);
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	await page.waitForURL(new RegExp(`/admin/resellers/${shown[1][0]}$`));
});

test("an admin opens a reseller, its customers, one of them, and the reseller's brand", async (t) => {
	const window = await open(t, chrome, site, { who });
	const { page } = window;
	const tenant = (await (await as(site, who))("GET", "/api/v1/tenants?limit=100")).json.data.find((one) => one.host === "musterplatz.localhost");
	const section = (key) => page.getByRole("navigation", { name: text("reseller.sections") }).getByRole("link", { name: text(key), exact: true });
	await window.goto("/admin/");
	await page.getByRole("link", { name: tenant.name, exact: true }).click();
	await page.getByRole("heading", { level: 1, name: tenant.name }).waitFor();
	await section("page.customers").click();
	await page.getByRole("table", { name: text("page.customers") }).waitFor();
	await window.settled();
	assert.equal(await page.getByRole("rowheader").count(), 50);
	assert.ok((await page.getByRole("cell").filter({ hasText: /^MUSTP-\d{6}$/ }).count()) === 50, "all of them its own");

	await section("reseller.brand").click();
	await page.getByRole("figure").first().waitFor();
	await window.settled();
	for (const n of ["1,280", "768", "360"]) assert.equal(await page.getByRole("img", { name: text("preview.label", { name: tenant.name, n }) }).count(), 1);
	const own = site.value("SELECT accent FROM brand b JOIN tenant t ON t.id = b.tenant_id WHERE t.slug = 'musterplatz' ORDER BY version DESC LIMIT 1");
	const worn = await page.getByRole("img").first().evaluate((frame) => getComputedStyle(frame.firstElementChild).getPropertyValue("--accent").trim());
	assert.equal(worn.toLowerCase(), own.toLowerCase());

	await section("page.customers").click();
	const first = page.getByRole("rowheader").getByRole("link").first();
	const name = await first.innerText();
	await first.click();
	await page.getByRole("heading", { level: 1, name }).waitFor();
	assert.match(window.where(), /^\/admin\/customers\/cus_[a-z2-7]+$/);
});

test("brands stand side by side, each in its own colours, and one opens with the contrasts that it reaches", async (t) => {
	const window = await open(t, chrome, site, { who });
	const { page } = window;
	const brands = (await (await as(site, who))("GET", "/api/v1/brands?limit=100")).json.data;
	await window.goto("/admin/brands");
	const main = page.getByRole("main");
	assert.equal(await main.getByRole("listitem").count(), brands.length);
	const dark = brands.find((brand) => brand.theme === "night");
	await main.getByRole("link").filter({ hasText: dark.name }).click();
	await page.getByRole("heading", { level: 1, name: dark.name }).waitFor();
	await page.getByRole("heading", { level: 2, name: text("preview.contrast") }).waitFor();
	await until("four contrasts", async () => (await page.getByRole("definition").filter({ hasText: /^\d+\.\d:1/ }).count()) === 4);
	assert.equal(await page.getByRole("definition").filter({ hasText: text("state.bad") }).count(), 0);
});

test("nobody but the provider's people has an admin portal: on a reseller's host there is nothing, and its owner is led home", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "owner@musterplatz.example") });
	window.expect(/status of 404/);
	const { page } = window;
	await page.goto(`${window.origin}/admin/`);
	await page.getByRole("heading", { level: 1, name: text("error.404") }).waitFor();
	await window.goto("/");
	await page.waitForURL(/\/reseller\/customers$/);
	await page.getByRole("heading", { level: 1, name: say("de", "page.customers") }).waitFor();
});

clean(site);
