// A credit on screens: a bill has a screen of its own with its credit notes, what a credit comes to is shown before it is
// issued, and what the server does not take stands at its place.  An instance of its own, since bills are credited.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { user } from "../lib/users.mjs";

const site = await instance({ own: true, name: "credits" });
const chrome = await browser();
const owner = user(site, "owner@musterplatz.example"), admin = user(site, "admin@pneumuster.example"), reader = user(site, "reader@musterplatz.example");
const [bill] = site.sql(`SELECT d.id, d.number, d.gross FROM document d JOIN tenant n ON n.id = d.tenant_id AND n.slug = 'musterplatz'
	WHERE d.kind = 'invoice' AND d.paid = 0 AND d.gross BETWEEN 2000 AND 90000 AND (SELECT COUNT(*) FROM document_line l WHERE l.document_id = d.id) > 2 ORDER BY d.issue_date DESC, d.id DESC LIMIT 1`);
const at = site.portico("id", "document", bill.id).trim();
const field = (window, name) => window.page.locator(`x-field[name="${name}"] :is(input, select)`);
const press = async (window, key) => window.page.getByRole("button", { name: await window.say(key), exact: true }).click();

async function fine(window) {
	await window.settled();
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
}

test("a seller credits an amount of a bill, after seeing what it comes to", async (t) => {
	const window = await open(t, chrome, site, { who: owner }), { page } = window;
	window.expect(/status of 422/);
	await window.goto("/reseller/bills");
	await page.locator(`a[href$="/bills/${at}"]`).or(page.locator('td a[href*="/reseller/bills/inv_"]')).first().waitFor();
	await window.goto(`/reseller/bills/${at}`);
	await page.getByText(await window.say("credit.none_text")).waitFor();
	await fine(window);
	await field(window, "what").selectOption("amount");
	await press(window, "credit.look");
	await page.getByText(await window.say("credit_fault.missing")).waitFor();
	await field(window, "reason").fill("delivered late");
	await field(window, "amount").fill("twelve");
	await press(window, "credit.look");
	await page.getByText(await window.say("credit_fault.number")).waitFor();
	await fine(window);
	await field(window, "amount").fill("12,34");
	await press(window, "credit.look");
	await page.getByRole("heading", { name: await window.say("credit.preview") }).waitFor();
	await fine(window);
	assert.equal(site.value("SELECT COUNT(*) FROM credit"), "0");
	await press(window, "credit.confirm");
	await page.locator("x-table tbody tr").first().waitFor();
	await fine(window);
	assert.deepEqual(site.sql("SELECT -d.gross AS gross, c.reason FROM document d JOIN credit_note k ON k.document_id = d.id JOIN credit c ON c.id = k.credit_id"), [{ gross: "1234", reason: "delivered late" }]);
	// It came from a form that is still there: the next one begins anew.
	assert.equal(await field(window, "what").inputValue(), "whole");
});

test("lines are credited one by one, on a narrow screen, and then the rest", async (t) => {
	const window = await open(t, chrome, site, { who: owner, width: 320 }), { page } = window;
	window.expect(/status of 409/);
	await window.goto(`/reseller/bills/${at}`);
	await field(window, "what").selectOption("lines");
	const line = page.locator("x-credit fieldset x-field input").first();
	await line.fill("999999");
	await field(window, "reason").fill("counted twice");
	await press(window, "credit.look");
	await page.getByText(await window.say("problem.credit_more")).waitFor();
	await fine(window);
	await line.fill("0.50");
	await press(window, "credit.look");
	await press(window, "credit.confirm");
	await page.locator("x-table tbody tr").nth(1).waitFor();
	await field(window, "reason").fill("all of it");
	await press(window, "credit.look");
	await press(window, "credit.confirm");
	await page.getByText(await window.say("credit.nothing")).waitFor();
	await fine(window);
	assert.equal(site.value(`SELECT d.gross + (SELECT SUM(c.gross) FROM document c WHERE c.corrects_id = d.id) FROM document d WHERE d.id = ${bill.id}`), "0");
});

test("the provider chooses how far it goes, and who only reads has no form", async (t) => {
	const window = await open(t, chrome, site, { who: admin, colorScheme: "dark" }), { page } = window;
	const other = site.portico("id", "document", site.value(`SELECT MIN(id) FROM document WHERE kind = 'invoice' AND id NOT IN (SELECT corrects_id FROM document WHERE corrects_id IS NOT NULL)`)).trim();
	window.expect(/status of 409/);
	await window.goto(`/admin/bills/${other}`);
	await field(window, "propagation").selectOption("full");
	await field(window, "reason").fill("all the way");
	await press(window, "credit.look");
	await page.getByText(await window.say("problem.credit_alone")).waitFor();
	await fine(window);
	const look = await open(t, chrome, site, { who: reader, width: 360 });
	await look.goto(`/reseller/bills/${at}`);
	await look.page.locator("x-table tbody tr").first().waitFor();
	assert.equal(await look.page.locator("x-credit").count(), 0);
	await fine(look);
});

clean(site);
