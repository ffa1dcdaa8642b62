// Money that goes back, and tax ids that lapse, on screens: the form with what is owed in it, the customer's payments, the notice
// beside commissions, and the provider's form; at 320 px, in the dark and from right to left.  An instance of its own: rows change.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { user } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true, name: "refund-screens" });
const publicId = sealer(site, vocabulary());
const chrome = await browser();
const dealer = user(site, "owner@musterplatz.example"), admin = user(site, "admin@pneumuster.example");
const dealerId = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'");

async function fine(window) {
	await window.settled();
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
}
const picture = async (page, name) => process.env.PICTURES && page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true });

test("what is owed stands in the form, is paid back, and the customer sees it among its payments", async (t) => {
	const [bill] = site.sql(`SELECT d.id, d.account_id AS account, d.customer_id AS customer, u.email FROM document d JOIN user u ON u.customer_id = d.customer_id AND u.state = 'active' JOIN role r ON r.id = u.role_id AND r.code = 'customer_owner'
		WHERE d.tenant_id = ${dealerId} AND d.kind = 'invoice' AND d.settled = 1 AND d.gross > 5000 ORDER BY d.id LIMIT 1`);
	site.sql(`UPDATE document SET paid = gross - credited WHERE account_id = ${bill.account} AND settled = 0; UPDATE document SET paid = paid + 1234 WHERE id = ${bill.id}`);
	const window = await open(t, chrome, site, { who: dealer, width: 320 }), { page } = window;
	await window.goto(`/reseller/customers/${publicId("customer", bill.customer)}/accounts`);
	const amount = page.locator('x-refund x-field[name="amount"] input');
	await amount.waitFor();
	assert.equal(await amount.inputValue(), "12.34");
	await fine(window);
	await picture(page, "refund-320");
	const pay = page.locator("x-refund button.strong");
	await pay.click();
	await page.getByText(await window.say("refund_fault.length"), { exact: true }).waitFor();
	await amount.fill("12.35");
	await page.locator('x-refund x-field[name="reason"] input').fill("paid twice");
	await pay.click();
	await page.getByText(await window.say("refund_fault.more"), { exact: true }).waitFor();
	await fine(window);
	await amount.fill("12.34");
	await pay.click();
	await page.getByText(await window.say("refund.none"), { exact: true }).waitFor();
	await fine(window);
	assert.equal(window.faults.splice(0).length, 2, "the console has each 422");
	const mine = await open(t, chrome, site, { who: user(site, bill.email), colorScheme: "dark" });
	await mine.goto("/payments");
	await mine.page.getByText(await mine.say("refund.one"), { exact: true }).first().waitFor();
	await fine(mine);
	await picture(mine.page, "refund-customer");
});

test("the provider says until when a tax id is good, and who earns commissions is told before it lapses", async (t) => {
	const window = await open(t, chrome, site, { who: admin }), { page } = window, day = site.value("SELECT UTC_DATE() + INTERVAL 20 DAY");
	await window.goto(`/admin/resellers/${publicId("tenant", dealerId)}`);
	const until = page.locator('x-tax-id x-field[name="tax_id_until"] input');
	await until.waitFor();
	await fine(window);
	await until.fill(day);
	await page.locator("x-tax-id button.strong").click();
	await page.locator("x-lapse .note").waitFor();
	await fine(window);
	await picture(page, "tax-id");
	for (const [path, look] of [["commissions", { width: 320, colorScheme: "dark" }], ["agreements", { width: 360 }]]) {
		const told = await open(t, chrome, site, { who: dealer, ...look });
		await told.goto(`/reseller/${path}`);
		await told.page.locator("x-lapse .note").waitFor();
		await picture(told.page, `lapse-${path}`);
		await fine(told);
	}
});

clean(site);
