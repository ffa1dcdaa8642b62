// Subscriptions as screens: each change shows what it costs on both sides before it is confirmed; the customer reads its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { user } from "../lib/users.mjs";

const site = await instance({ own: true, name: "subscriptions" });
const chrome = await browser();
const press = async (window, key) => window.page.getByRole("button", { name: await window.say(key), exact: true }).click();
const tenant = (slug) => site.value(`SELECT id FROM tenant WHERE slug = '${slug}'`);
const must = tenant("musterplatz");
const [customer] = site.sql(`SELECT c.id, u.email FROM customer c JOIN user u ON u.customer_id = c.id AND u.state = 'active' AND u.email LIKE 'patient%' WHERE c.tenant_id = ${must} AND c.state = 'active' AND (SELECT COUNT(*) FROM account a WHERE a.customer_id = c.id) = 1 ORDER BY c.id LIMIT 1`);
const at = `/reseller/customers/${site.portico("id", "customer", customer.id).trim()}/subscriptions`;
const [year, month] = new Date().toISOString().split("-").map(Number);
const day = new Date(Date.UTC(year, month, 11)).toISOString().slice(0, 10);
const latest = (what) => site.value(`SELECT ${what} FROM subscription WHERE customer_id = ${customer.id} ORDER BY id DESC LIMIT 1`);

async function fine(window, name) {
	await window.settled();
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
	if (process.env.PICTURES) await window.page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true });
}

/** The form is sent, its money looked at, and confirmed. */
async function through(window, name) {
	await press(window, "subscribe.preview");
	await window.page.locator(".x-subscribe-confirm").waitFor();
	assert.equal(await window.page.locator("x-subscribe tbody td").count(), 12, "two periods, and three sides of each");
	await fine(window, name);
	await press(window, "subscribe.confirm");
}

for (const [name, width, dark] of [["wide", 1280, false], ["narrow", 320, true]])
	test(`a subscription is ordered, changed, suspended and ended, each behind a preview: ${name}`, async (t) => {
		const window = await open(t, chrome, site, { who: user(site, "owner@musterplatz.example"), width, colorScheme: dark ? "dark" : "light" }), { page } = window;
		await window.goto(at);
		await page.locator("x-list tbody th a").first().waitFor(); // where one is looked at
		await fine(window, `list-${name}`);
		await press(window, "subscribe.order");
		await page.locator("x-subscribe select[name=offering]").waitFor();
		await press(window, "subscribe.preview");
		await page.locator("x-subscribe [aria-invalid=true]").first().waitFor();
		assert.equal(window.faults.splice(0).length, 1, "the console has the 422");
		await fine(window, `fault-${name}`);
		await page.locator("x-subscribe select[name=offering]").selectOption(site.portico("id", "offering", site.value("SELECT MIN(id) FROM offering WHERE kind = 'recurring' AND shared = 1 AND state = 'active'")).trim());
		await page.locator("x-subscribe input[name=quantity]").fill("2");
		await page.locator("x-subscribe input[name=starts]").fill(day);
		await through(window, `order-${name}`);
		await page.locator("page-subscription h1").waitFor();
		await fine(window, `one-${name}`);
		assert.equal(latest("CAST(quantity AS INT)"), "2");
		await press(window, "subscribe.quantity");
		await page.locator("x-subscribe input[name=quantity]").fill("3");
		await page.locator("x-subscribe input[name=from]").fill(day);
		await through(window, `quantity-${name}`);
		await page.getByRole("button", { name: await window.say("subscribe.suspend"), exact: true }).click();
		await page.locator("x-subscribe input[name=from]").fill(day);
		await through(window, `suspend-${name}`);
		await page.locator("page-subscription table").nth(1).waitFor();
		await fine(window, `suspended-${name}`);
		await press(window, "subscribe.end");
		await page.locator("x-subscribe input[name=ends]").fill(day);
		await through(window, `end-${name}`);
		await page.locator("page-subscription x-chip[state=ended]").first().waitFor();
		assert.deepEqual(site.sql("SELECT kind FROM subscription_change ORDER BY id DESC LIMIT 4").map((one) => one.kind), ["ended", "suspended", "quantity", "ordered"]);
		assert.deepEqual(window.faults, []);
	});

test("the customer reads its own subscriptions with their states, and has nothing to press", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, customer.email) }), { page } = window;
	await window.goto("/subscriptions");
	await page.locator("x-list x-chip[state=ended]").first().waitFor();
	await fine(window, "customer");
	assert.equal(await page.locator("x-subscribe, x-list tbody a").count(), 0);
	assert.equal(await page.getByRole("button", { name: await window.say("subscribe.order"), exact: true }).count(), 0);
});
test("an order can be added to what the customer has", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "owner@musterplatz.example"), width: 360 }), { page } = window;
	const base = site.value(`SELECT MIN(id) FROM subscription WHERE customer_id = ${customer.id} AND state = 'active' AND ends IS NULL AND parent_id IS NULL`);
	await window.goto(at);
	await press(window, "subscribe.order");
	await page.locator("x-subscribe select[name=addon_of]").selectOption(site.portico("id", "subscription", base).trim());
	await page.locator("x-subscribe select[name=offering]").selectOption(site.portico("id", "offering", site.value("SELECT MIN(id) FROM offering WHERE kind = 'recurring' AND shared = 1 AND state = 'active'")).trim());
	await page.locator("x-subscribe input[name=starts]").fill(day);
	await fine(window, "addon");
	await through(window, "addon-preview");
	await page.locator("page-subscription h1").waitFor();
	assert.equal(latest("parent_id"), base);
});

clean(site);
