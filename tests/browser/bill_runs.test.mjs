// A bill run from its opening to its bills, on screens: opened, watched without anything being pressed, drafts held and
// released, approved, cancelled; and what the reseller sees of it.  An instance of its own, with a chain that is billed (book.mjs).
import assert from "node:assert/strict";
import { test } from "node:test";
import { book } from "../lib/book.mjs";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { user } from "../lib/users.mjs";

const site = await instance({ own: true, name: "bill-runs" });
const { dealer, period } = book(site);
const chrome = await browser();
const admin = user(site, "admin@pneumuster.example"), owner = user(site, "owner@musterplatz.example"), auditor = user(site, "auditor@pneumuster.example");
const press = async (window, key, values) => window.page.getByRole("button", { name: await window.say(key, values), exact: true }).click();

async function fine(window) {
	await window.settled();
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
}

/** The head's chip says that. */
const comesTo = async (window, key) => window.page.locator(".page-head x-chip", { hasText: await window.say(key) }).waitFor();

test("a run is opened, and watched until it waits for people", async (t) => {
	const window = await open(t, chrome, site, { who: admin }), { page } = window;
	window.expect(/status of 422/);
	await window.goto("/admin/runs");
	await page.getByText(await window.say("run.empty"), { exact: true }).waitFor();
	await fine(window);
	await page.locator("x-field[name=cycle_day] input").fill("2");
	await page.locator("x-field[name=period_start] input").fill(period().period_start);
	await press(window, "run.open");
	await page.getByText(await window.say("run_fault.period")).waitFor();
	await page.locator("x-field[name=cycle_day] input").fill("1");
	await page.locator("x-pick input").fill(site.value(`SELECT LEFT(name, 12) FROM tenant WHERE id = ${dealer}`));
	await page.locator("x-pick [role=option]").first().click();
	await press(window, "run.open");
	await comesTo(window, "run_state.checked");
	await page.locator("x-list[path=drafts] tbody tr th a").first().waitFor();
	await page.getByText(await window.say("run.rejects_empty"), { exact: true }).waitFor();
	await fine(window);
	assert.equal(site.value("SELECT tenant_id FROM bill_run"), dealer);
});

test("a second run of the period is refused in words", async (t) => {
	const window = await open(t, chrome, site, { who: admin, width: 360 }), { page } = window;
	window.expect(/status of 409/);
	await window.goto("/admin/runs");
	await page.locator("x-field[name=period_start] input").fill(period().period_start);
	await page.locator("x-pick input").fill(site.value(`SELECT LEFT(name, 12) FROM tenant WHERE id = ${dealer}`));
	await page.locator("x-pick [role=option]").first().click();
	await press(window, "run.open");
	await page.getByText(await window.say("run.same")).waitFor();
	await fine(window);
});

test("a draft is held with a reason and released", async (t) => {
	const window = await open(t, chrome, site, { who: admin, width: 320 }), { page } = window;
	await window.goto(`/admin/runs/${site.portico("id", "bill_run", "1").trim()}`);
	await page.locator("x-list[path=drafts] tbody tr th a").first().click();
	await page.locator("x-table tbody tr").first().waitFor();
	await press(window, "draft.hold");
	await page.getByText(await window.say("approval.reason_missing")).waitFor();
	await page.locator("x-field[name=reason] input").fill("asks about it");
	await press(window, "draft.hold");
	await comesTo(window, "hold.hand");
	await fine(window);
	assert.equal(site.value("SELECT COUNT(*) FROM draft WHERE hold_text = 'asks about it'"), "1");
	await press(window, "draft.release");
	await comesTo(window, "draft_state.draft");
});

test("who only reads sees no button, and a reseller its own drafts alone", async (t) => {
	const look = await open(t, chrome, site, { who: auditor });
	await look.goto(`/admin/runs/${site.portico("id", "bill_run", "1").trim()}`);
	await look.page.locator("x-list[path=drafts] tbody tr th a").first().waitFor();
	for (const key of ["run.approve", "run.cancel", "run.pause"]) assert.equal(await look.page.getByRole("button", { name: await look.say(key), exact: true }).count(), 0, key);
	site.sql(`UPDATE user SET language = 'ar' WHERE email = '${owner.email}'`);
	const window = await open(t, chrome, site, { who: owner, width: 360 }), { page } = window;
	await window.goto("/reseller/drafts");
	await page.locator("x-list tbody tr th a").first().waitFor();
	await fine(window);
	assert.equal((await window.written()).includes("BOOK-"), false, "what the distributor bills the dealer is no draft of the dealer's");
	await page.locator("x-list tbody tr th a").first().click();
	await page.locator("x-table tbody tr").first().waitFor();
	await fine(window);
	assert.equal(await page.getByRole("button", { name: await window.say("draft.hold"), exact: true }).count(), 0);
});

test("what is approved is issued while one looks on, and the reseller sees what it comes to", async (t) => {
	const window = await open(t, chrome, site, { who: admin }), { page } = window;
	page.on("dialog", (dialog) => dialog.accept());
	await window.goto(`/admin/runs/${site.portico("id", "bill_run", "1").trim()}`);
	await press(window, "run.approve");
	await comesTo(window, "run_state.settled");
	await fine(window);
	assert.equal(await page.getByRole("button", { name: await window.say("run.cancel"), exact: true }).count(), 0);
	const his = await open(t, chrome, site, { who: owner, width: 320, colorScheme: "dark" });
	await his.goto("/reseller/settlements");
	await his.page.locator("x-list tbody tr").first().waitFor();
	assert.equal(await his.page.locator("x-list tbody tr").count(), 1);
	await fine(his);
});

test("a run is paused, resumed and cancelled", async (t) => {
	const window = await open(t, chrome, site, { who: admin, width: 360 }), { page } = window;
	page.on("dialog", (dialog) => dialog.accept());
	await window.goto("/admin/runs");
	await page.locator("x-field[name=period_start] input").fill(period(1).period_start);
	await page.locator("input[name=paused]").check();
	await press(window, "run.open");
	await comesTo(window, "field.paused");
	await fine(window);
	await press(window, "run.resume");
	await comesTo(window, "run_state.checked");
	await press(window, "run.cancel");
	await comesTo(window, "run_state.cancelled");
	await fine(window);
});

for (const [who, path, look] of [[admin, "runs", {}], [admin, "runs", { width: 320 }], [owner, "drafts", { width: 360, language: "ar" }], [owner, "drafts", { colorScheme: "dark" }]]) {
	test(`what could not be billed stands above the drafts of ${who.email}, with the edge, the reason and what to do, ${look.width ?? 1280} wide`, async (t) => {
		site.sql(`INSERT IGNORE INTO reject (run_id, account_id, offering_id, position, reason, tenant_id, billed_id, product_id) SELECT 1, s.account_id, s.offering_id, 2, ELT(1 + s.id MOD 3, 'rule', 'tax', 'too_much'), s.tenant_id, s.account_id, s.product_id
			FROM subscription s WHERE s.tenant_id = ${dealer} ORDER BY s.id LIMIT 3`);
		const window = await open(t, chrome, site, { who, ...look }), { page } = window;
		await window.goto(path === "runs" ? `/admin/runs/${site.portico("id", "bill_run", "1").trim()}` : "/reseller/drafts");
		for (const reason of ["rule", "tax", "too_much"]) {
			await page.getByText(await window.say(`unbilled.${reason}`), { exact: true }).first().waitFor();
			await page.getByText(await window.say(`unbilled_next.${reason}`), { exact: true }).first().waitFor();
		}
		if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/rejects-${path}-${look.width ?? 1280}.png`, fullPage: true });
		await fine(window);
	});
}

for (const [whose, look] of [["owner", {}], ["owner", { width: 320, language: "ar" }], ["customer", { width: 360 }], ["customer", { colorScheme: "dark" }]]) {
	test(`a line of a bill tells its ${whose} why it costs what it does, ${look.width ?? 1280} wide, and the keyboard comes back to where it was`, async (t) => {
		const [bill] = site.sql(`SELECT d.document_id AS id, x.number, u.email FROM draft d JOIN document x ON x.id = d.document_id JOIN user u ON u.customer_id = x.customer_id AND u.state = 'active' JOIN role r ON r.id = u.role_id AND r.code = 'customer_owner'
			WHERE d.state = 'issued' AND d.seller_id = ${dealer} AND d.net > 0 ORDER BY d.id LIMIT 1`);
		const window = await open(t, chrome, site, { who: whose === "owner" ? owner : user(site, bill.email), ...look }), { page } = window, id = site.portico("id", "document", bill.id).trim();
		await window.goto(`/${whose === "owner" ? "reseller/" : ""}bills/${id}`);
		const ask = page.locator("x-table button").first();
		await ask.waitFor();
		await fine(window);
		await ask.focus();
		await page.keyboard.press("Enter");
		const dialog = page.getByRole("dialog", { name: await window.say("amount.ask") });
		await dialog.locator("ol li").first().waitFor();
		const told = await dialog.locator("ol").innerText(), rule = (await window.say("amount.rule")).split(/[:{]/)[0];
		assert.equal(told.includes(rule), whose === "owner", "who buys learns no rule");
		assert.ok((await dialog.locator("li").count()) >= 4, told);
		if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/amount-${whose}-${look.width ?? 1280}.png` });
		await fine(window);
		await page.keyboard.press("Escape");
		await dialog.waitFor({ state: "hidden" });
		assert.ok(await ask.evaluate((button) => button === document.activeElement));
	});
}

for (const look of [{}, { width: 320, language: "ar" }, { colorScheme: "dark" }]) {
	test(`a line of a bill to the house tells why it costs what it does and for whom it was bought, ${look.width ?? 1280} wide`, async (t) => {
		const [bill] = site.sql(`SELECT x.id FROM draft d JOIN document x ON x.id = d.document_id JOIN customer c ON c.id = x.customer_id AND c.buyer_id = ${dealer} WHERE x.kind = 'invoice' ORDER BY x.id LIMIT 1`);
		const window = await open(t, chrome, site, { who: owner, ...look }), { page } = window;
		await window.goto(`/reseller/incoming/${site.portico("id", "incoming", bill.id).trim()}`);
		const ask = page.locator("x-table button").first();
		await ask.waitFor();
		await ask.focus();
		await page.keyboard.press("Enter");
		const dialog = page.getByRole("dialog", { name: await window.say("amount.ask") });
		await dialog.locator("ol li").first().waitFor();
		assert.ok((await dialog.locator("h3").count()) > 1 && (await dialog.locator("ol").first().locator("li").count()) >= 4, await dialog.innerText());
		assert.equal((await dialog.innerText()).includes((await window.say("amount.own_rule")).split(/[:{]/)[0]), false, "who sells at cost and so much per cent says no rule");
		const more = dialog.getByRole("button", { name: await window.say("list.more") }), before = await dialog.locator("h3").count();
		if (await more.count()) {
			await more.click();
			await dialog.locator("h3").nth(before).waitFor();
		}
		if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/bought-${look.width ?? 1280}${look.colorScheme ?? ""}.png` });
		await fine(window);
		await page.keyboard.press("Escape");
		await dialog.waitFor({ state: "hidden" });
		assert.ok(await ask.evaluate((button) => button === document.activeElement));
		await fine(window);
	});
}

test("a customer comes from the list of bills to the lines of one", async (t) => {
	const [{ email }] = site.sql(`SELECT u.email FROM draft d JOIN document x ON x.id = d.document_id JOIN user u ON u.customer_id = x.customer_id AND u.state = 'active' JOIN role r ON r.id = u.role_id AND r.code = 'customer_owner' WHERE d.state = 'issued' AND d.seller_id = ${dealer} LIMIT 1`);
	const window = await open(t, chrome, site, { who: user(site, email), width: 320 }), { page } = window;
	await window.goto("/bills");
	const number = await page.locator("tbody tr").first().locator("th a").innerText();
	await page.getByRole("link", { name: await window.say("amount.bill_of", { number }) }).click();
	await page.getByRole("heading", { name: await window.say("bill.lines") }).waitFor();
	await fine(window);
});

clean(site);
