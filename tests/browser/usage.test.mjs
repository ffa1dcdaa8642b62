// Usage as a reseller, the provider and a customer meet it: loaded from a file, seen, summed, mended; on a phone, in the
// dark, and from right to left too.  An instance of its own, for it fills the lists.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { as, user, writer } from "../lib/users.mjs";

const site = await instance({ own: true, name: "usage-screens" });
const chrome = await browser();
const day = (back) => new Date(Date.now() - back * 86400000).toISOString().slice(0, 10);
/** Where a picture of each step goes, for whoever wants to look. */
const pictures = process.env.PICTURES;
let taken = 0;

/** What customers of a house have. */
const soldBy = (slug) => site.sql(`SELECT a.number AS account, o.code AS offering, t.customer_id FROM subscription t JOIN account a ON a.id = t.account_id AND a.state = 'active' JOIN offering o ON o.id = t.offering_id
	JOIN tenant n ON n.id = t.tenant_id WHERE n.slug = '${slug}' AND t.ends IS NULL AND t.starts < CURRENT_DATE - INTERVAL 40 DAY ORDER BY t.id LIMIT 40`);
const button = async (window, key, values) => window.page.getByRole("button", { name: await window.say(key, values), exact: true });

async function fine(window, name) {
	await window.settled();
	if (pictures) await window.page.screenshot({ path: path.join(pictures, `${++taken}-${name}.png`), fullPage: true });
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
}

/** Waits until all lines are through. */
const through = (window) => window.page.waitForFunction(() => {
	const bar = document.querySelector("x-usage-load progress");
	return bar && bar.value === bar.max && document.querySelector("x-usage-load [aria-busy=true]") === null && document.querySelector("x-usage-load x-problem") === null;
});

/** A sheet with good lines, and three that cannot be taken. */
function sheet(sold, name, n = 12) {
	const line = (i, more = {}) => ({ event: `${name}-${i}`, account: sold[i % sold.length].account, offering: sold[i % sold.length].offering, quantity: String(1 + i / 4), at: `${day(i % 3)}T00:30:00Z`, ...more });
	const lines = [...Array.from({ length: n }, (_, i) => line(i)), line(900, { account: "TYPO-1" }), line(901, { quantity: "-2" }), line(902, { at: "yesterday" })];
	return [Object.keys(lines[0]).join(), ...lines.map((one) => Object.values(one).join())].join("\r\n");
}

const load = async (window, name, text) => {
	await window.page.setInputFiles('input[type="file"]', { name: `${name}.csv`, mimeType: "text/csv", buffer: Buffer.from(text) });
	await (await button(window, "usage.send")).click();
};

/** Alerts of a house's subscriptions, as portico-jobs writes them: of this month and nothing else. */
const alarmed = (slug, where, limit = 30) => site.sql(`INSERT IGNORE INTO alert (tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, starts, ends, threshold, used, included, at, told)
	SELECT t.tenant_id, t.customer_id, t.segment_id, t.group_id, t.agent_id, t.account_id, t.offering_id, t.product_id, DATE_FORMAT(CURRENT_DATE, '%Y-%m-01'), DATE_FORMAT(CURRENT_DATE, '%Y-%m-01') + INTERVAL 1 MONTH,
	IF(t.id MOD 2, 80, 100), IF(t.id MOD 2, 85.5, 130), 100, UTC_TIMESTAMP() - INTERVAL t.id MOD 60 MINUTE, 1 FROM subscription t JOIN tenant n ON n.id = t.tenant_id WHERE n.slug = '${slug}' AND ${where} ORDER BY t.id LIMIT ${limit}`);

for (const [email, slug, look] of [["owner@musterplatz.example", "musterplatz", {}], ["owner@specimen-sleep.example", "specimen-sleep", { colorScheme: "dark" }], ["owner@namudhaj.example", "namudhaj", { language: "ar", width: 320 }]]) {
	test(`${slug}, ${look.width ?? 1280} wide: a file is loaded with an answer for each line, and what is not taken is mended and comes in`, async (t) => {
		const window = await open(t, chrome, site, { who: user(site, email), ...look }), { page } = window;
		await window.goto("/reseller/usage");
		await fine(window, `${slug}-empty`);
		await window.goto("/reseller/usage/deliveries");
		await (await button(window, "usage.send")).click();
		await page.getByText(await window.say("usage.pick")).waitFor();
		// Of what the house may have by now: for the rest nothing of its own is sold.
		const offered = new Set((await (await as(site, email))("GET", "/api/v1/offerings?limit=200")).json.data.map((one) => one.code));
		await load(window, slug, sheet(soldBy(slug).filter((one) => offered.has(one.offering)), slug));
		await through(window);
		for (const reason of ["unknown_account", "negative", "time"]) await page.locator("x-usage-load").getByText(await window.say(`reject.${reason}`), { exact: true }).waitFor();
		await fine(window, `${slug}-loaded`);
		assert.equal(site.value(`SELECT COUNT(*) FROM usage_event WHERE event LIKE '${slug}-%'`), "12");

		await window.goto("/reseller/usage");
		await page.getByText(`${slug}-0`).first().waitFor();
		await fine(window, `${slug}-events`);
		await window.goto("/reseller/usage/totals");
		await fine(window, `${slug}-totals`);
		await window.goto("/reseller/usage/alerts");
		await page.getByText(await window.say("alert.empty"), { exact: true }).waitFor();
		await fine(window, `${slug}-alerts-empty`);
		alarmed(slug, "t.ends IS NULL");
		await window.goto("/reseller/usage/alerts?threshold=100");
		assert.deepEqual(new Set(await page.getByRole("progressbar").evaluateAll((bars) => bars.map((bar) => `${bar.value} of ${bar.max}`))), new Set(["100 of 100"]), "more than all is all");
		await window.goto("/reseller/usage/alerts");
		await page.locator("tbody tr").first().waitFor();
		await fine(window, `${slug}-alerts`);
		await window.goto("/reseller/usage/rejects?state=open");
		await fine(window, `${slug}-rejects`);
		await page.getByRole("link", { name: await window.say("reject.negative") }).click();
		await window.settled();
		await page.fill('input[name="quantity"]', "2");
		await fine(window, `${slug}-mend`);
		await (await button(window, "usage.save")).click();
		await page.locator("main").getByText(await window.say("usage.in"), { exact: true }).waitFor();
		await fine(window, `${slug}-mended`);
		assert.equal(site.value(`SELECT quantity FROM usage_event WHERE event = '${slug}-901'`), "2.000000");
		assert.equal(site.value(`SELECT u.email FROM usage_reject r JOIN user u ON u.id = r.mender_id WHERE r.event = '${slug}-901' AND r.state = 'received'`), email);

		await window.goto("/reseller/usage/rejects?state=open");
		await (await button(window, "usage.all")).click();
		await page.locator("main").getByText(await window.say("usage.all_done", { tried: "2", received: "0" }), { exact: true }).waitFor();
		await page.getByRole("link", { name: await window.say("reject.time") }).click();
		await window.settled();
		await (await button(window, "usage.save")).click();
		await page.locator("main").getByText(await window.say("usage.still", { reason: await window.say("reject.time") }), { exact: true }).waitFor();
	});
}

test("a broken connection stops a load with a word, and it goes on from there: nothing is counted twice", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "owner@musterplatz.example") }), { page } = window;
	window.expect(/ERR_FAILED|ERR_CONNECTION/);
	await window.goto("/reseller/usage/deliveries");
	let sent = 0;
	await page.route("**/api/v1/usage?source=*", (route) => (++sent === 2 ? route.abort() : route.continue()));
	await load(window, "cut", sheet(soldBy("musterplatz"), "cut", 1200));
	await page.getByRole("alert").waitFor();
	assert.equal(site.value("SELECT COUNT(*) FROM usage_event WHERE event LIKE 'cut-%'"), "500");
	await (await button(window, "problem.again")).click();
	await through(window);
	assert.equal(site.value("SELECT COUNT(*) FROM usage_event WHERE event LIKE 'cut-%'"), "1200");
});

test("who may only read sees usage and can neither load nor mend", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "reader@musterplatz.example") });
	for (const section of ["", "/rejects", "/deliveries", "/totals"]) {
		await window.goto(`/reseller/usage${section}`);
		assert.equal(await (await button(window, "usage.send")).count() + await (await button(window, "usage.all")).count(), 0, section);
	}
});

test("the provider sees whose usage it is", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "admin@pneumuster.example") });
	await window.goto("/admin/usage");
	await window.page.getByText("Apotheke am Musterplatz").first().waitFor();
	await fine(window, "admin-events");
	await window.goto("/admin/usage/rejects");
	await fine(window, "admin-rejects");
	await window.goto("/admin/usage/deliveries");
	await fine(window, "admin-deliveries");
});

for (const [slug, look] of [["musterplatz", {}], ["namudhaj", { language: "ar", width: 320 }]]) {
	test(`a customer of ${slug} sees the own usage by offering and day, and a month without any says so`, async (t) => {
		const [one] = site.sql(`SELECT u.email, u.customer_id FROM user u JOIN role r ON r.id = u.role_id AND r.code = 'customer_owner' JOIN subscription s ON s.customer_id = u.customer_id AND s.ends IS NULL
			AND s.starts < CURRENT_DATE - INTERVAL 40 DAY JOIN account a ON a.id = s.account_id AND a.state = 'active' JOIN tenant n ON n.id = u.tenant_id WHERE n.slug = '${slug}' AND u.state = 'active' LIMIT 1`);
		const [own] = site.sql(`SELECT a.number AS account, o.code AS offering, o.name FROM subscription t JOIN account a ON a.id = t.account_id JOIN offering o ON o.id = t.offering_id WHERE t.customer_id = ${one.customer_id} AND t.ends IS NULL AND t.starts < CURRENT_DATE - INTERVAL 40 DAY LIMIT 1`);
		site.sql(`DELETE FROM usage_event WHERE customer_id = ${one.customer_id}; DELETE FROM alert WHERE customer_id = ${one.customer_id}`);
		const send = await writer(site, `owner@${slug}.example`);
		const got = await send("POST", "/api/v1/usage", [["7.5", 0], ["6.25", 1], ["8", 1]].map(([quantity, back], i) => JSON.stringify({ source: "own", event: `${slug}-own-${i}`, ...own, name: undefined, quantity, at: `${day(back)}T00:10:00Z` })).join("\n"), { "Content-Type": "application/x-ndjson" });
		assert.ok(!got.text.includes('"verdict":"rejected"'), got.text);
		const window = await open(t, chrome, site, { who: user(site, one.email), ...look }), { page } = window;
		await window.goto("/usage");
		await page.locator("x-stat").first().waitFor();
		assert.equal(await page.getByRole("progressbar").count(), 0, "where nothing is near its end nothing is said");
		alarmed(slug, `t.customer_id = ${one.customer_id}`, 1);
		await window.goto("/usage");
		await page.getByRole("progressbar", { name: await window.say("alert.bar"), exact: true }).first().waitFor();
		await fine(window, `${slug}-customer`);
		assert.equal(await page.locator("tbody tr").count(), 1 + new Set([day(0), day(1)].filter((on) => on.slice(0, 7) === day(0).slice(0, 7))).size);
		await page.selectOption('select[name="month"]', "11");
		await page.getByText(await window.say("usage.none"), { exact: true }).waitFor();
		await fine(window, `${slug}-customer-none`);
	});
}

clean(site);
