// Minimums as a screen of a customer and of agreements: one is set, a fault is told where it is, and it is ended.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { user } from "../lib/users.mjs";

const site = await instance({ own: true, name: "minimums" });
const chrome = await browser();
const press = async (within, window, key) => within.getByRole("button", { name: await window.say(key), exact: true }).click();
const must = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'");
const customers = site.sql(`SELECT c.id FROM customer c WHERE c.tenant_id = ${must} AND c.state = 'active' AND c.buyer_id IS NULL AND (SELECT COUNT(*) FROM account a WHERE a.customer_id = c.id AND a.state = 'active') = 1
	AND NOT EXISTS (SELECT 1 FROM minimum m WHERE m.customer_id = c.id) ORDER BY c.id LIMIT 2`);

async function fine(window, name) {
	await window.settled();
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
	if (process.env.PICTURES) await window.page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true });
}

/** Sets one on the page that is open, with a fault first, and ends it. */
async function setAndEnd(window, name, billed) {
	const { page } = window, form = page.locator("x-minimum");
	await form.locator("input[name=amount]").waitFor();
	await fine(window, `minimum-${name}`);
	await press(form, window, "minimum.set");
	await form.locator("input[name=amount][aria-invalid=true]").waitFor();
	await form.locator("input[name=amount]").fill("49,50");
	if (billed) {
		await form.locator("input[name=starts]").fill("2001-01-01");
		await press(form, window, "minimum.set");
		await form.locator("input[name=starts][aria-invalid=true]").waitFor();
	}
	assert.equal(window.faults.splice(0).length, billed ? 2 : 1, "the console has each 422");
	await fine(window, `minimum-fault-${name}`);
	await form.locator("input[name=starts]").fill("2150-01-01");
	await press(form, window, "minimum.set");
	await page.locator("x-list x-chip[state=planned]").waitFor();
	await fine(window, `minimum-list-${name}`);
	await page.locator("x-list tr", { has: page.locator("x-chip[state=planned]") }).getByRole("button").click();
	await form.locator("input[name=ends]").fill("2150-01-01");
	await fine(window, `minimum-end-${name}`);
	await press(form, window, "minimum.end");
	await page.locator("x-list x-chip[state=planned]").waitFor({ state: "detached" });
	await page.locator("x-list x-chip[state=ended]").first().waitFor();
	await window.settled();
	assert.deepEqual(window.faults, []);
}

for (const [i, [name, width, dark]] of [["wide", 1280, false], ["narrow", 320, true]].entries())
	test(`a minimum is set and ended on the customer's page: ${name}`, async (t) => {
		const { id } = customers[i], window = await open(t, chrome, site, { who: user(site, "owner@musterplatz.example"), width, colorScheme: dark ? "dark" : "light" });
		await window.goto(`/reseller/customers/${site.portico("id", "customer", id).trim()}/minimums`);
		await window.page.getByText(await window.say("minimum.empty"), { exact: true }).waitFor();
		await setAndEnd(window, name, true);
		assert.deepEqual(site.sql(`SELECT amount, starts, ends FROM minimum WHERE customer_id = ${id}`), [{ amount: "4950", starts: "2150-01-01", ends: "2150-01-01" }]);
	});

test("a minimum of all under an agreement is set and ended beside the agreements", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "owner@musterplatz.example"), width: 1280 });
	await window.goto("/reseller/agreements/minimums");
	await setAndEnd(window, "agreement", false); // no run has looked at it yet
	assert.equal(site.value(`SELECT COUNT(*) FROM minimum m JOIN agreement g ON g.id = m.agreement_id WHERE m.tenant_id = ${must} AND g.account_id IS NULL AND m.starts = m.ends`), "1");
});
clean(site);
