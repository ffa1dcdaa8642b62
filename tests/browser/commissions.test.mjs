// Self-billed documents on screens: the agent's own, those of who wrote them, and on a statement why something is withheld; at
// 320 px, in the dark and from right to left.  An instance of its own: rows are put in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { rowsEverywhere } from "../lib/rows.mjs";
import { user } from "../lib/users.mjs";

const site = await instance({ own: true, name: "commissions-screens" });
rowsEverywhere(site);
const chrome = await browser();
const dealer = user(site, "owner@musterplatz.example"), above = user(site, "owner@nordmuster.example"), auditor = user(site, "auditor@pneumuster.example");
const dealerId = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'");

async function fine(window) {
	await window.settled();
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
}

test("an agent finds what it earned, line by line, and its paper", async (t) => {
	site.sql(`UPDATE user SET language = 'ar' WHERE email = '${dealer.email}'`);
	const window = await open(t, chrome, site, { who: dealer, width: 320, colorScheme: "dark" }), { page } = window;
	await window.goto("/reseller/commissions");
	await page.getByText(`ROWS-SB-${dealerId}`).first().waitFor();
	await fine(window);
	await page.locator("x-list tbody tr th a").first().click();
	await page.locator("x-table tbody tr").first().waitFor();
	await fine(window);
	assert.ok(await page.evaluate(() => document.querySelector("x-facts").offsetWidth > document.querySelector(".card.pad").offsetWidth / 2), "facts are as wide as their card");
	const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: await window.say("field.pdf") }).click()]);
	assert.match(file.suggestedFilename(), /\.pdf$/);
	await window.goto("/reseller/commissions/owed");
	await page.getByText(await window.say("commission.none_owed"), { exact: true }).waitFor();
	await fine(window);
});

test("who wrote them sees them on the other tab, and the provider all of them", async (t) => {
	const window = await open(t, chrome, site, { who: above }), { page } = window;
	await window.goto("/reseller/commissions");
	await page.locator("x-list tbody tr").first().waitFor();
	await fine(window);
	await page.getByRole("link", { name: await window.say("commission.owed") }).click();
	await page.getByText(`ROWS-SB-${dealerId}`).first().waitFor();
	await fine(window);
	await page.getByText(`ROWS-SB-${dealerId}`).first().click();
	await page.locator("x-table tbody tr").first().waitFor();
	await fine(window);
	const all = await open(t, chrome, site, { who: auditor });
	await all.goto("/admin/commissions");
	await all.page.getByText(`ROWS-SB-${dealerId}`).first().waitFor();
	await fine(all);
});

test("a statement says how much is withheld, why, and what to do", async (t) => {
	site.sql(`INSERT INTO payment (tenant_id, customer_id, segment_id, account_id, received, amount, currency, method, document_id) SELECT tenant_id, customer_id, segment_id, account_id, '1999-01-16', 1, currency, 'transfer', id
			FROM document WHERE tenant_id <> ${dealerId} ORDER BY id LIMIT 1;
		INSERT INTO earning (tenant_id, seller_id, agreement_id, currency, day, document_id, payment_id, base, rate, net, tax_rate, tax, refused)
			SELECT ${dealerId}, p.tenant_id, (SELECT MIN(id) FROM agreement), 'EUR', '1999-01-16', p.document_id, p.id, 1000, 10, 100, 19, 19, 'agreement_lapsed' FROM payment p WHERE p.received = '1999-01-16';
		INSERT INTO statement (tenant_id, currency, period_start, period_end) VALUES (${dealerId}, 'EUR', '1999-02-01', '1999-03-01');
		INSERT INTO entry (tenant_id, currency, day, kind, amount, document_id, payment_id) SELECT ${dealerId}, 'EUR', '1999-01-16', 'commission', 119, document_id, payment_id FROM earning;
		UPDATE entry SET statement_id = (SELECT MAX(id) FROM statement) WHERE kind = 'commission';
		UPDATE statement SET commission = 119, closing = 119, state = 'closed', closed = '1999-03-02' WHERE tenant_id = ${dealerId} AND period_start = '1999-02-01'`);
	const window = await open(t, chrome, site, { who: dealer, width: 360 }), { page } = window;
	await window.goto(`/reseller/statements/${site.portico("id", "statement", site.value("SELECT MAX(id) FROM statement")).trim()}`);
	for (const key of ["withheld.agreement_lapsed", "withheld_next.agreement_lapsed"]) await page.getByText(await window.say(key)).waitFor();
	await page.getByText(await window.say("statement.withheld_hint")).waitFor();
	await fine(window);
});

clean(site);
