// The catalogue as screens: something new, its first price with tiers, its end; what is taken as tax, and exchange rates.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { user } from "../lib/users.mjs";

const site = await instance({ own: true, name: "catalogue" });
const chrome = await browser();
const press = async (window, key, values) => window.page.getByRole("button", { name: await window.say(key, values), exact: true }).click();

async function fine(window) {
	await window.settled();
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
}

async function picture(window, name) {
	if (process.env.PICTURES) await window.page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true });
}

test("an offering is made, gets a price in tiers, and is ended; what is wrong stands at its field", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "admin@pneumuster.example"), width: 360 }), { page } = window;
	page.on("dialog", (dialog) => dialog.accept());
	await window.goto("/admin/catalogue");
	await page.locator("x-offering form").waitFor();
	await fine(window);
	await picture(window, "catalogue");
	await page.locator("x-offering input[name=name]").fill("Nebuliser");
	await page.locator("x-offering input[name=code]").fill("DEV-CPAP");
	await page.locator("x-offering input[name=currency]").fill("eur");
	await press(window, "catalogue.make");
	await page.locator("x-offering input[name=code][aria-invalid=true]").waitFor();
	assert.equal(window.faults.splice(0).length, 1, "the console has the 422");
	await page.locator("x-offering input[name=code]").fill("NEB-1");
	await press(window, "catalogue.make");
	await page.locator("x-price form").waitFor();
	await page.locator("x-price input[type=date]").fill("2020-01-01");
	await page.locator("x-price select[name=model]").selectOption("graduated");
	await press(window, "catalogue.tier_add");
	await page.locator(".x-tiers-row").first().locator("input[name=up_to]").fill("10");
	await page.locator(".x-tiers-row").first().locator("input[name=unit]").fill("9.5");
	await press(window, "catalogue.set_price");
	await page.locator(".x-tiers-error").first().waitFor();
	assert.equal(window.faults.splice(0).length, 1, "the console has the 422");
	await fine(window);
	await picture(window, "price-fault");
	await page.locator(".x-tiers-row").last().locator("input[name=unit]").fill("8");
	await press(window, "catalogue.set_price");
	await page.locator('x-table x-chip[state="active"]').waitFor();
	assert.equal(site.value("SELECT GROUP_CONCAT(l.unit ORDER BY l.tier) FROM offering o JOIN offering_price p ON p.offering_id = o.id JOIN offering_tier l ON l.price_id = p.id WHERE o.code = 'NEB-1'"), "9.500000,8.000000");
	await fine(window);
	await picture(window, "offering");
	await press(window, "catalogue.end");
	await page.getByRole("button", { name: await window.say("catalogue.offer_again"), exact: true }).waitFor();
	assert.equal(site.value("SELECT state FROM offering WHERE code = 'NEB-1'"), "ended");
});

test("a rule lets usage count as another offering by what its events say; without another like it the page says what to do first", async (t) => {
	const [use] = site.sql("SELECT id, name FROM offering WHERE kind = 'usage' ORDER BY id LIMIT 1"), id = site.portico("id", "offering", use.id).trim();
	const window = await open(t, chrome, site, { who: user(site, "admin@pneumuster.example"), width: 360 }), { page } = window;
	const alike = site.value(`SELECT COUNT(*) FROM offering o JOIN offering u ON u.id = ${use.id} AND u.id <> o.id WHERE o.kind = 'usage' AND (o.product_id, o.unit, o.currency) = (u.product_id, u.unit, u.currency)`);
	await window.goto(`/admin/catalogue/${id}`);
	await page.locator("x-price form").waitFor();
	assert.equal(await page.getByText(await window.say("variant.no_other")).count(), alike === "0" ? 1 : 0);
	site.sql(`INSERT INTO offering (tenant_id, product_id, code, name, kind, unit, currency, shared) SELECT tenant_id, product_id, 'USE-NIGHT', 'At night', kind, unit, currency, shared FROM offering WHERE id = ${use.id}`);
	await page.reload();
	await page.locator("x-variant form").waitFor();
	await press(window, "variant.make");
	await page.locator("x-variant input[name=starts][aria-invalid=true]").waitFor();
	assert.equal(window.faults.splice(0).length, 1, "the console has the 422");
	await fine(window);
	await page.locator("x-variant input[name=time_of_day]").fill("night");
	await page.locator("x-variant input[name=starts]").fill("2199-01-01");
	await page.locator("x-variant select[name=counts_as]").selectOption({ label: "At night" });
	await press(window, "variant.make");
	await page.locator("x-table").getByRole("link", { name: "At night" }).waitFor();
	assert.equal(site.value("SELECT GROUP_CONCAT(v.time_of_day, ' ', v.class, v.zone, o.code) FROM usage_variant v JOIN offering o ON o.id = v.counts_as"), "night USE-NIGHT");
	await fine(window);
	await picture(window, "variants");
});

test("windows of the week give usage its time of day; what is wrong stands at its window, and none at all ends them", async (t) => {
	const id = site.portico("id", "offering", site.value("SELECT MIN(id) FROM offering WHERE kind = 'usage'")).trim();
	const window = await open(t, chrome, site, { who: user(site, "admin@pneumuster.example"), width: 320 }), { page } = window, form = page.locator("x-hours");
	await window.goto(`/admin/catalogue/${id}`);
	await page.locator("x-empty").getByText(await window.say("hours.empty")).waitFor();
	await press(window, "hours.make");
	await form.locator("input[name=from][aria-invalid=true]").waitFor();
	assert.equal(window.faults.splice(0).length, 1, "the console has the 422");
	await fine(window);
	await picture(window, "hours-fault");
	await form.locator("input[name=starts]").fill("2199-01-01");
	for (const [n, [name, from, to]] of [["peak", "08:00", "20:00"], ["late", "22:00", "06:00"]].entries()) {
		const row = form.locator("li").nth(n);
		if (n) await press(window, "hours.add");
		await row.locator("input[name=time_of_day]").fill(name);
		await row.locator("input[name=from]").fill(from);
		await row.locator("input[name=to]").fill(to);
		if (n) for (const day of [1, 2, 3, 4]) await row.locator("input[type=checkbox]").nth(day - 1).uncheck();
		if (n) await row.locator("input[type=checkbox]").nth(5).check();
	}
	await press(window, "hours.make");
	await page.locator(".x-hours-list li").nth(1).waitFor();
	assert.equal(site.value("SELECT GROUP_CONCAT(w.time_of_day, ' ', w.weekdays, ' ', w.from_minute, ' ', w.to_minute ORDER BY w.n) FROM usage_hours h JOIN usage_window w ON w.hours_id = h.id WHERE h.starts = '2199-01-01'"), "peak 31 480 1200,late 48 1320 360");
	await fine(window);
	await picture(window, "hours");
	assert.match(await page.locator(".x-hours-list").innerText(), /peak\s+Mon–Fri\s+08:00 to 20:00\s+late\s+Fri, Sat\s+22:00 to 06:00 on the next day/);
	for (const n of [2, 1]) await form.getByRole("button", { name: await window.say("hours.drop", { n }), exact: true }).click();
	await form.locator("input[name=starts]").fill("2199-02-01");
	await press(window, "hours.make");
	await page.locator("x-table").getByText(await window.say("hours.none")).waitFor();
	assert.equal(site.value("SELECT COUNT(*) FROM usage_hours"), "2");
});

test("something is put into a bundle and taken out again", async (t) => {
	const [pack] = site.sql("SELECT id FROM offering WHERE code = 'DEV-CPAP'"), parts = () => site.value(`SELECT COALESCE(GROUP_CONCAT(p.quantity + 0), '') FROM offering_part p WHERE p.offering_id = ${pack.id}`);
	site.sql(`UPDATE offering SET state = 'active' WHERE id = ${pack.id}; INSERT INTO offering (tenant_id, product_id, code, name, kind, unit, currency, shared) SELECT tenant_id, product_id, 'SET-UP', 'Setting it up', 'one_time', unit, currency, shared FROM offering WHERE id = ${pack.id}`);
	const window = await open(t, chrome, site, { who: user(site, "admin@pneumuster.example"), width: 360 }), { page } = window;
	await window.goto(`/admin/catalogue/${site.portico("id", "offering", pack.id).trim()}`);
	await page.locator("x-parts form").waitFor();
	await fine(window);
	await page.locator("x-parts select").selectOption({ label: "Setting it up" });
	await page.locator("x-parts input[name=quantity]").fill("0");
	await press(window, "parts.add");
	await page.locator("x-parts input[name=quantity][aria-invalid=true]").waitFor();
	assert.equal(window.faults.splice(0).length, 1, "the console has the 422");
	await page.locator("x-parts input[name=quantity]").fill("1,5");
	await press(window, "parts.add");
	await page.locator("x-parts x-table").getByText("Setting it up").waitFor();
	assert.equal(Number(parts()), 1.5);
	await fine(window);
	await picture(window, "bundle");
	await page.locator("x-parts x-table button").click();
	await page.locator("x-parts x-empty").waitFor();
	assert.equal(parts(), "");
});

test("a house sets what it takes as tax", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "owner@musterplatz.example") }), { page } = window;
	await window.goto("/reseller/prices/taxes");
	await page.locator("x-tax form").waitFor();
	await page.locator("x-tax input[type=date]").fill("2150-01-01");
	await page.locator("x-tax input[name=rate]").fill("21");
	await press(window, "tax_rule.make");
	await page.locator("x-list").getByText("21").first().waitFor();
	assert.equal(site.value("SELECT COUNT(*) FROM tax_rule r JOIN tenant n ON n.id = r.seller_id WHERE n.slug = 'musterplatz' AND r.starts = '2150-01-01' AND r.rate = 21"), "1");
	await fine(window);
	await picture(window, "taxes");
});

test("the provider sets an exchange rate, is told at its place what is wrong with one, and sees it first", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "billing@pneumuster.example") }), { page } = window;
	await window.goto("/admin/prices/rates");
	const field = (name) => page.locator(`x-rate input[name=${name}]`);
	await field("currency").fill("eur");
	await field("worth_in").fill("EUR");
	await field("day").fill("2150-01-01");
	await field("rate").fill("0.861234567891");
	await field("source").fill("Sample Bank");
	await press(window, "exchange_rate.make");
	await page.getByText(await window.say("exchange_rate_fault.same")).waitFor();
	assert.equal(window.faults.splice(0).length, 1, "the console has the 422");
	await field("worth_in").fill("GBP");
	await press(window, "exchange_rate.make");
	await page.locator("x-list").getByText("0.861234567891").first().waitFor();
	assert.equal(site.value("SELECT COUNT(*) FROM exchange_rate WHERE from_currency = 'EUR' AND to_currency = 'GBP' AND day = '2150-01-01' AND rate = 0.861234567891 AND source = 'Sample Bank'"), "1");
	await fine(window);
	await window.resize(320);
	await fine(window);
	await picture(window, "rates");
});

clean(site);
