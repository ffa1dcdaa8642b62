// Discounts as a screen of a customer: an empty list that says what to do, a form that says what is wrong, and an end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { user } from "../lib/users.mjs";

const site = await instance({ own: true, name: "discounts" });
const chrome = await browser();
const press = async (within, window, key) => within.getByRole("button", { name: await window.say(key), exact: true }).click();
const must = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'");
const customers = site.sql(`SELECT c.id FROM customer c WHERE c.tenant_id = ${must} AND c.state = 'active' AND c.buyer_id IS NULL AND (SELECT COUNT(*) FROM account a WHERE a.customer_id = c.id AND a.state = 'active') = 1 ORDER BY c.id LIMIT 2`);

async function fine(window, name) {
	await window.settled();
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
	if (process.env.PICTURES) await window.page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true });
}

for (const [i, [name, width, dark]] of [["wide", 1280, false], ["narrow", 320, true]].entries())
	test(`a discount is granted and ended on the customer's page: ${name}`, async (t) => {
		const { id } = customers[i], window = await open(t, chrome, site, { who: user(site, "owner@musterplatz.example"), width, colorScheme: dark ? "dark" : "light" }), { page } = window;
		await window.goto(`/reseller/customers/${site.portico("id", "customer", id).trim()}/discounts`);
		await page.getByText(await window.say("discount.empty"), { exact: true }).waitFor();
		await page.locator("x-discount input[name=percent]").waitFor();
		await fine(window, `discount-empty-${name}`);
		await page.locator("x-discount input[name=starts]").fill("2001-01-01");
		await press(page.locator("x-discount"), window, "discount.grant");
		await page.locator("x-discount input[name=percent][aria-invalid=true]").waitFor();
		assert.equal(window.faults.splice(0).length, 1, "the console has the 422");
		await page.locator("x-discount input[name=percent]").fill("12,5");
		await press(page.locator("x-discount"), window, "discount.grant");
		await page.locator("x-discount input[name=starts][aria-invalid=true]").waitFor(); // it was billed then
		assert.equal(window.faults.splice(0).length, 1, "the console has the 422");
		await fine(window, `discount-fault-${name}`);
		await page.locator("x-discount input[name=starts]").fill("2150-01-01");
		await page.locator("x-discount input[name=name]").fill("Welcome");
		await press(page.locator("x-discount"), window, "discount.grant");
		await page.locator("x-list x-chip[state=planned]").waitFor();
		assert.deepEqual(site.sql(`SELECT percent + 0 AS percent, name, starts FROM discount WHERE customer_id = ${id}`), [{ percent: "12.5", name: "Welcome", starts: "2150-01-01" }].map((row) => ({ ...row, percent: "12.500000" })));
		await fine(window, `discount-list-${name}`);
		await page.locator("x-list").getByRole("button", { name: await window.say("discount.end_one", { name: "Welcome" }) }).click();
		await page.locator("x-discount input[name=ends]").fill("2150-01-01");
		await fine(window, `discount-end-${name}`);
		await press(page.locator("x-discount"), window, "discount.end");
		await page.locator("x-list x-chip[state=ended]").waitFor();
		await window.settled();
		assert.deepEqual(window.faults, []);
	});
clean(site);
