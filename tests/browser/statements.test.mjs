// From a month that is closed to the money on its way, on screens: statements and what they are made of, pay-outs that
// another person agrees to, their files, sent; and what the reseller sees of it.  An instance of its own: it closes a month.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { agree, colleague, person, prove } from "../lib/second.mjs";
import { user } from "../lib/users.mjs";

const site = await instance({ own: true, name: "statements-screens" });
const chrome = await browser();
const admin = user(site, "admin@pneumuster.example"), owner = user(site, "owner@pharmacie-exemple.example"), auditor = user(site, "auditor@pneumuster.example");
const other = await person(site, colleague(site, "second"));
const press = async (window, key, values) => window.page.getByRole("button", { name: await window.say(key, values), exact: true }).click();

async function fine(window) {
	await window.settled();
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
}

/** The head's chip says that. */
const comesTo = async (window, key) => window.page.locator(".page-head x-chip", { hasText: await window.say(key) }).waitFor();

test("a month is closed, and its statements are there when one looks again", async (t) => {
	const window = await open(t, chrome, site, { who: admin, width: 360 }), { page } = window;
	page.on("dialog", (dialog) => dialog.accept());
	await window.goto("/admin/statements");
	await page.getByText(await window.say("statement.empty"), { exact: true }).waitFor();
	await fine(window);
	await press(window, "statement.close");
	await page.locator("p[role=status]", { hasText: await window.say("statement.closing_said") }).waitFor();
	const rows = page.locator("x-list tbody tr th a");
	await until("the statement is there", async () => {
		await press(window, "statement.reload");
		await window.settled();
		return (await rows.count()) > 0;
	});
	await fine(window);
	await rows.first().click();
	await page.locator("x-list[path=entries] tbody tr").first().waitFor();
	await comesTo(window, "statement_state.closed");
	await fine(window);
});

test("nothing can be paid out to an account that no bank takes, in words", async (t) => {
	const window = await open(t, chrome, site, { who: admin }), { page } = window;
	window.expect(/status of 409/);
	prove(site);
	await window.goto("/admin/payouts");
	await press(window, "payout.create");
	await page.getByText(await window.say("payout.none")).waitFor();
	await fine(window);
});

test("pay-outs wait for another person, are then files for the bank, and are sent", async (t) => {
	site.sql(`INSERT INTO party (name, street, postcode, city, country, tax_id, iban) SELECT name, street, postcode, city, country, tax_id, 'DE89 3704 0044 0532 0130 00' FROM party WHERE id IN (SELECT party_id FROM tenant WHERE level = 0 OR slug = 'pharmacie-exemple');
		UPDATE tenant n JOIN party p ON p.id = n.party_id SET n.party_id = (SELECT MAX(q.id) FROM party q WHERE q.name = p.name AND q.iban LIKE 'DE89%') WHERE n.level = 0 OR n.slug = 'pharmacie-exemple'`);
	const window = await open(t, chrome, site, { who: admin }), { page } = window;
	window.expect(/status of 422/);
	page.on("dialog", (dialog) => dialog.accept());
	prove(site);
	await window.goto("/admin/payouts");
	await page.locator("x-field[name=minimum] input").fill("ten");
	await press(window, "payout.create");
	await page.getByText(await window.say("payout_fault.number")).waitFor();
	await page.locator("x-field[name=minimum] input").fill("1.00");
	await press(window, "payout.create");
	await page.locator("x-problem a").first().waitFor();
	await fine(window);
	const asked = site.portico("id", "approval", site.value("SELECT MAX(id) FROM approval")).trim();
	assert.equal((await agree(other, { headers: { location: `/api/v1/approvals/${asked}` } })).state, "done");
	await window.goto("/admin/payouts");
	await page.locator("x-list tbody tr th a").first().click();
	await comesTo(window, "payout_state.prepared");
	await fine(window);
	const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: await window.say("payout.xml") }).click()]);
	assert.match(file.suggestedFilename(), /^PO-\d+\.xml$/);
	await press(window, "payout.send");
	await comesTo(window, "payout_state.sent");
	await fine(window);
	assert.equal(await page.getByRole("button", { name: await window.say("payout.cancel"), exact: true }).count(), 0);
});

test("who only reads has no button; a reseller sees its own statements, however narrow, dark or right to left", async (t) => {
	const look = await open(t, chrome, site, { who: auditor });
	await look.goto("/admin/payouts");
	await look.page.locator("x-list tbody tr th a").first().click();
	await comesTo(look, "payout_state.sent");
	for (const key of ["payout.send", "payout.cancel", "payout.create"]) assert.equal(await look.page.getByRole("button", { name: await look.say(key), exact: true }).count(), 0, key);
	assert.equal(await look.page.getByRole("link", { name: await look.say("payout.xml") }).count(), 0);
	site.sql(`UPDATE user SET language = 'ar' WHERE email = '${owner.email}'`);
	const his = await open(t, chrome, site, { who: owner, width: 320, colorScheme: "dark" });
	await his.goto("/reseller/statements");
	await his.page.locator("x-list tbody tr").first().waitFor();
	assert.equal(await his.page.getByRole("button", { name: await his.say("statement.close"), exact: true }).count(), 0);
	await fine(his);
	await his.page.locator("x-list tbody tr th a").first().click();
	await his.page.locator("x-list[path=entries] tbody tr").first().waitFor();
	await fine(his);
});

clean(site);
