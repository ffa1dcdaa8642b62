// Customers that go to another reseller, as they are planned and called off in the provider's portal.  An instance of its
// own, since customers end and begin.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { offered, pick } from "../lib/plan.mjs";
import { user } from "../lib/users.mjs";

const site = await instance({ own: true, name: "transfers" });
const chrome = await browser();
const admin = user(site, "admin@pneumuster.example");
const nameOf = (slug) => site.value(`SELECT name FROM tenant WHERE slug = '${slug}'`);
/** Customers of that reseller that are nobody's head. */
const customers = site.sql(`SELECT id, name, number FROM customer WHERE tenant_id = (SELECT id FROM tenant WHERE slug = 'musterplatz') AND state = 'active' AND kind = 'person' ORDER BY id LIMIT 3`);
const sealed = (one) => site.portico("id", "customer", one.id).trim();
const last = () => site.sql("SELECT x.customer_id AS customer, o.slug AS whereto, x.state FROM transfer x JOIN tenant o ON o.id = x.to_id ORDER BY x.id DESC LIMIT 1")[0];
const press = async (window, key, values) => window.page.getByRole("button", { name: await window.say(key, values), exact: true }).click();

async function fine(window) {
	await window.settled();
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
}

test("from a customer's page: whereto, what comes of it, and called off again", async (t) => {
	const window = await open(t, chrome, site, { who: admin }), { page } = window, [one] = customers;
	page.on("dialog", (dialog) => dialog.accept());
	await window.goto("/admin/transfers");
	await page.getByText(await window.say("transfer.empty"), { exact: true }).waitFor();
	await fine(window);
	await window.goto(`/admin/customers/${sealed(one)}`);
	await fine(window);
	await page.getByRole("link", { name: await window.say("transfer.new") }).click();
	await page.locator("x-plan x-pick").nth(1).waitFor();
	assert.equal(await page.locator("x-plan x-pick").first().getByRole("combobox").inputValue(), one.name);
	const names = await offered(window, 1);
	assert.ok(!names.includes(nameOf("musterplatz")) && !names.includes(nameOf("altmuster")), `neither the own nor a closed one: ${names}`);
	await pick(window, 1, nameOf("specimen-sleep"));
	const said = await page.locator(".x-plan-comes").innerText();
	for (const words of [one.name, await window.say("transfer.comes_bills", { from: nameOf("musterplatz") })]) assert.ok(said.includes(words), `${words} in ${said}`);
	await fine(window);
	await press(window, "transfer.make");
	await page.locator('x-chip[state="planned"]').waitFor();
	assert.deepEqual(last(), { customer: one.id, whereto: "specimen-sleep", state: "planned" });
	await fine(window);
	await press(window, "plan.cancel_one", { name: one.name });
	await page.locator('x-chip[state="cancelled"]').waitFor();
	assert.equal(last().state, "cancelled");
});

test("from the list, found by its name: one of today is done in a moment, and leads to the customer there", async (t) => {
	const window = await open(t, chrome, site, { who: admin, width: 360, colorScheme: "dark" }), { page } = window, one = customers[1];
	await window.goto("/admin/transfers");
	await pick(window, 0, one.name);
	await pick(window, 1, nameOf("namudhaj"));
	await page.locator("x-plan input[type=date]").fill(site.value("SELECT UTC_DATE()"));
	await press(window, "transfer.make");
	await page.locator('x-chip[state="done"]').waitFor();
	await fine(window);
	await page.getByRole("link", { name: await window.say("transfer.became") }).click();
	await page.getByRole("heading", { level: 1, name: one.name }).waitFor();
	assert.equal(site.value(`SELECT state FROM customer WHERE id = ${one.id}`), "closed");
});

test("what cannot go is said at its place", async (t) => {
	const window = await open(t, chrome, site, { who: admin, language: "ar" }), { page } = window, one = customers[2];
	window.expect(/status of (409|422)/);
	await window.goto(`/admin/transfers?of=${sealed(one)}`);
	await pick(window, 1, nameOf("specimen-sleep"));
	site.sql(`UPDATE customer SET state = 'closed' WHERE id = ${one.id}`);
	await press(window, "transfer.make");
	await page.getByText(await window.say("transfer_fault.stays")).waitFor();
	await fine(window);
	site.sql(`UPDATE customer SET state = 'active' WHERE id = ${one.id}; INSERT INTO transfer (tenant_id, customer_id, to_id, day) SELECT tenant_id, id, 1, '2199-01-01' FROM customer WHERE id = ${one.id}`);
	await press(window, "transfer.make");
	await page.getByText(await window.say("plan.again")).waitFor();
});

test("who only sees transfers plans none; who does not see them has no such page and no way to one", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "auditor@pneumuster.example") });
	await window.goto("/admin/transfers");
	await window.page.locator('x-chip[state="planned"]').waitFor();
	assert.deepEqual([await window.page.locator("x-plan").count(), await window.page.locator("x-table button.button").count()], [0, 0]);
	const owner = await open(t, chrome, site, { who: user(site, "owner@musterplatz.example") });
	for (const page of ["transfers", "moves", "approvals"]) {
		await owner.goto(`/reseller/${page}`);
		await owner.page.getByRole("heading", { name: await owner.say("missing.title") }).waitFor();
		assert.equal(await owner.page.locator(`x-nav a[href="/reseller/${page}"]`).count(), 0);
	}
	await owner.goto(`/reseller/customers/${sealed(customers[0])}`);
	assert.equal(await owner.page.locator('a[href*="transfers"]').count(), 0);
});

clean(site);
