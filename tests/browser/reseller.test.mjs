// What a reseller does: finds a customer among many and looks at what it bought, was billed and paid.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browser, open, say } from "../lib/browser.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { as, password, user } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();
const resellers = { musterplatz: "de", "specimen-sleep": "en", namudhaj: "ar" };

const heads = (page) => page.getByRole("rowheader");

/** The first lines of what heads the rows, once `done` says that they are the right ones. */
async function names(page, done) {
	const read = async () => (await heads(page).allInnerTexts()).map((text) => text.split("\n")[0].trim());
	return until("the rows that were asked for", async () => {
		const found = await read();
		return done(found) && found;
	});
}

describe("the main job", { concurrency: 2 }, () => {
	for (const [host, language] of Object.entries(resellers)) {
		test(`a reseller (${host}) signs in, finds a customer by the beginning of its name and of its number, and sees its bills, payments and subscriptions`, async (t) => {
			const who = user(site, `owner@${host}.example`);
			const api = await as(site, who);
			const text = (key, values) => say(language, key, values);
			const window = await open(t, chrome, site, { host: who.host });
			const { page } = window;
			await window.goto("/reseller/");
			await page.getByLabel(text("signin.email")).fill(who.email);
			await page.getByLabel(text("signin.password"), { exact: true }).fill(password);
			await page.getByRole("button", { name: text("signin.do"), exact: true }).click();
			await page.getByRole("heading", { level: 1, name: text("page.customers") }).waitFor();
			await window.settled();

			const all = (await api("GET", "/api/v1/customers?limit=100")).json.data;
			const wanted = all.find((customer) => customer.number.endsWith("-000001"));
			const rare = wanted.name.slice(0, -1);
			const box = page.getByRole("searchbox", { name: text("filter.customer") });
			const byName = all.filter((customer) => customer.name.startsWith(rare)).map((customer) => customer.name);
			assert.ok(byName.length > 0 && byName.length < 20 && byName.length < all.length);
			await box.fill(rare);
			assert.deepEqual(await names(page, (found) => found.length === byName.length), byName);

			// Numbers are ASCII; a search in any other script is as good as one that finds nothing.
			await box.fill("見本مثال9");
			await page.getByText(text("list.no_match"), { exact: true }).waitFor();

			await box.fill(wanted.number);
			assert.deepEqual(await names(page, (found) => found.length === 1), [wanted.name]);
			await page.getByRole("link", { name: wanted.name, exact: true }).click();
			await page.getByRole("heading", { level: 1, name: wanted.name }).waitFor();

			for (const [tab, list, said] of [["bills", "documents", (row) => row.number], ["payments", "payments", null], ["subscriptions", "subscriptions", (row) => row.offering_name]]) {
				const rows = (await api("GET", `/api/v1/${list}?limit=100&customer=${wanted.id}`)).json.data;
				assert.ok(rows.length > 0, `the demo has ${list} of it`);
				await page.getByRole("navigation", { name: text("customer.sections") }).getByRole("link", { name: text(`page.${tab}`), exact: true }).click();
				await page.getByRole("table", { name: text(`page.${tab}`) }).waitFor();
				await window.settled();
				assert.equal(await heads(page).count(), rows.length);
				if (said) assert.deepEqual(await names(page, () => true), rows.map(said));
			}
			assert.equal(window.where(), `/reseller/customers/${wanted.id}/subscriptions`);
		});
	}
});

test("the pager brings every further row, and each once", async (t) => {
	const who = user(site, "owner@musterplatz.example");
	const all = (await (await as(site, who))("GET", "/api/v1/customers?limit=100&sort=name")).json;
	assert.ok(all.data.length > 50 && all.next === null, "two pages");
	const window = await open(t, chrome, site, { who });
	const { page } = window;
	await window.goto("/reseller/customers");
	assert.equal(await heads(page).count(), 50);
	await page.getByRole("button", { name: say("de", "list.more") }).click();
	const links = await until("the rest", async () => {
		const found = await heads(page).getByRole("link").evaluateAll((rows) => rows.map((row) => row.pathname.split("/").pop()));
		return found.length > 50 && found;
	});
	assert.deepEqual(links, all.data.map((customer) => customer.id));
	assert.equal(await page.getByRole("button", { name: say("de", "list.more") }).count(), 0);
});

test("the order of a list is said to a screen reader, is in the address, and survives a reload", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "owner@specimen-sleep.example") });
	const { page } = window;
	const number = page.getByRole("columnheader", { name: say("en", "field.number") });
	await window.goto("/reseller/customers");
	assert.equal(await number.getAttribute("aria-sort"), "none");
	await number.getByRole("button").click();
	await number.getByRole("button").click();
	await until("falling", async () => (await number.getAttribute("aria-sort")) === "descending");
	await page.reload();
	await window.settled();
	assert.match(window.where(), /[?&]sort=-number\b/);
	assert.equal(await number.getAttribute("aria-sort"), "descending");
	const first = page.getByRole("row").filter({ has: page.getByRole("rowheader") }).first();
	const last = site.value("SELECT MAX(c.number) AS n FROM customer c JOIN tenant t ON t.id = c.tenant_id WHERE t.slug IN ('specimen-sleep', 'example-homecare')");
	assert.match(await first.innerText(), new RegExp(last));
});

/** The left edges of things, as they stand on the screen. */
const lefts = async (...things) => Promise.all(things.map(async (thing) => (await thing.boundingBox()).x));

test("right to left, the screens are mirrored", async (t) => {
	for (const [host, language] of Object.entries(resellers)) {
		const rtl = language === "ar";
		const window = await open(t, chrome, site, { who: user(site, `owner@${host}.example`) });
		const { page } = window;
		const rising = (edges) => edges.every((edge, i) => i === 0 || (rtl ? edges[i - 1] > edge : edges[i - 1] < edge));
		await window.goto("/reseller/bills");
		assert.equal(await page.evaluate(() => document.documentElement.dir), rtl ? "rtl" : "ltr");
		const head = (key) => page.getByRole("columnheader", { name: say(language, key) });
		assert.ok(rising(await lefts(head("field.number"), head("field.customer"), head("field.amount"))), `${host}: the columns`);
		assert.ok(rising(await lefts(page.getByRole("banner").getByRole("link").first(), page.getByRole("button", { name: say(language, "nav.user") }))), `${host}: the bar`);
		await page.getByRole("rowheader").getByRole("link").first().click();
		await page.waitForURL(/\/html$/);
		const columns = page.getByRole("columnheader");
		assert.ok(rising(await lefts(columns.nth(0), columns.nth(1), columns.nth(6))), `${host}: the bill`);
	}
});

clean(site);
