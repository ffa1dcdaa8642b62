// Why somebody may do something, as a page; and looking as somebody else: whose portal it is stands on every screen.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { browser, open, say } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { as, user } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();
const admin = user(site, "admin@pneumuster.example"), owner = user(site, "owner@musterplatz.example");
const row = (email) => site.sql(`SELECT u.id, u.name, t.name AS tenant FROM user u JOIN tenant t ON t.id = u.tenant_id WHERE u.email = '${email}'`)[0];
const escaped = (text) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace("\\{n\\}", "\\d+")}$`);

/** A window with a session of its own, which a view may bind and end; else the other files would look as somebody too. */
async function own(t, who, more) {
	const window = await open(t, chrome, site, { host: who.host, ...more });
	const token = randomBytes(32).toString("hex");
	site.sql(`INSERT INTO session (token_hash, user_id, host, created, seen, ends) SELECT UNHEX(SHA2('${token}', 256)), id, '${who.host}',
		UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 1 HOUR FROM user WHERE email = '${who.email}'`);
	await window.page.context().addCookies([{ name: "session", value: token, url: window.origin, httpOnly: true, sameSite: "Strict" }]);
	return window;
}

/** The address of a user in the staff's portal. */
async function at(who, email) {
	const ask = await as(site, who);
	const found = (await ask("GET", "/api/v1/users?limit=200")).json.data.find((one) => one.email === email);
	return `/${who.portal}/staff/${found.id}`;
}

const button = async (window, key) => window.page.getByRole("button", { name: await window.say(key), exact: true });
const field = (page, name) => page.locator(`x-explain [name="${name}"]:is(input, select)`);

/** Fills the reason and begins; the portal that is shown then. */
async function look(window, portal) {
	const { page } = window;
	await page.locator("x-look input").fill("Anfrage 4711");
	await (await button(window, "view.begin")).click();
	await page.waitForURL((url) => url.pathname.startsWith(portal));
	await page.locator("x-viewing section").waitFor();
	await window.settled();
}

test("the page says what decides, and what it cannot say", async (t) => {
	const window = await own(t, owner);
	window.expect(/status of (400|404)/);
	const { page } = window;
	await window.goto("/reseller/staff");
	await page.locator("x-list").getByRole("link", { name: row("sales@musterplatz.example").name, exact: true }).click();
	await page.getByRole("heading", { level: 1, name: row("sales@musterplatz.example").name }).waitFor();
	await window.settled();
	const ask = async () => {
		await (await button(window, "explain.ask")).click();
		await page.locator(".x-explain-answer").waitFor();
		return page.locator(".x-explain-answer").innerText();
	};
	await field(page, "action").selectOption("payment.read");
	let told = await ask();
	assert.ok(told.includes(await window.say("why.no_role")) && told.includes(await window.say("explain.no", { name: row("sales@musterplatz.example").name })), told);
	assert.ok((await page.locator("[data-decides]").innerText()).includes(await window.say("role.reseller_sales")));
	await field(page, "action").selectOption("customer.read");
	await field(page, "field").selectOption("customer.email");
	told = await ask();
	assert.ok(told.includes(await window.say("why.allowed")), told);
	assert.deepEqual(await window.axe(), []);
	for (const wrong of ["inv_x", "cus_aaaaaaaaaaaaaaaaaaaaaaaaaa"]) {
		await field(page, "object").fill(wrong);
		await (await button(window, "explain.ask")).click();
		await page.getByText(await window.say("explain.no_object"), { exact: true }).waitFor();
		assert.equal(await page.evaluate(() => document.activeElement.name), "object");
	}
	assert.deepEqual(await window.axe(), []);
});

test("a view: reason asked for, banner on each screen, nothing can be pressed in the other's name, and back", async (t) => {
	const window = await own(t, admin);
	window.expect(/status of (403|422)/);
	const { page } = window, who = row(owner.email);
	await window.goto(await at(admin, owner.email));
	await (await button(window, "view.begin")).click();
	await page.getByText(await window.say("look.length"), { exact: true }).waitFor();
	assert.deepEqual(await window.axe(), []);
	await look(window, "/reseller/");
	const banner = page.getByRole("region", { name: await window.say("view.label") });
	assert.ok((await banner.innerText()).includes(await window.say("view.as", who)));
	assert.ok((await banner.innerText()).includes(await window.say("view.who", { name: row(admin.email).name })));
	assert.match(await banner.locator("p > span").last().innerText(), escaped(say("en", "view.left", { n: 30 }).replace("30", "{n}")));
	for (const key of ["page.bills", "page.roles", "page.staff"]) {
		await page.getByRole("link", { name: await window.say(key), exact: true }).first().click();
		await page.getByRole("heading", { level: 1, name: await window.say(key) }).waitFor();
		await window.settled();
		assert.equal(await banner.isVisible(), true, key);
		assert.deepEqual(await window.axe(), [], key);
	}
	await page.locator("x-invite x-field[name=email] input").fill("somebody@musterplatz.example");
	await page.locator("x-invite x-field[name=name] input").fill("Somebody");
	await (await button(window, "invite.do")).click();
	await page.getByText(await window.say("problem.view_only"), { exact: false }).waitFor();
	assert.equal(site.value("SELECT COUNT(*) FROM user WHERE email = 'somebody@musterplatz.example'"), "0");
	await window.tab(banner.getByRole("button"), "Shift+Tab");
	await page.keyboard.press("Enter");
	await page.waitForURL((url) => url.pathname.startsWith("/admin/"));
	await window.settled();
	assert.equal(await page.locator("x-viewing").count(), 0);
	assert.ok((await page.locator("x-user").innerText()).includes(row(admin.email).name));
});

test("a view that is over leads back by itself, at whatever is pressed next", async (t) => {
	const window = await own(t, admin);
	window.expect(/status of 403/);
	const { page } = window;
	await window.goto(await at(admin, owner.email));
	await look(window, "/reseller/");
	site.sql("UPDATE view_as SET ends = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE ended IS NULL");
	await page.getByRole("link", { name: await window.say("page.bills"), exact: true }).click();
	await page.waitForURL((url) => url.pathname.startsWith("/admin/"));
	await window.settled();
	assert.equal(await page.locator("x-viewing").count(), 0);
});

for (const [look_, who, of, more] of [["light", owner, "patient0001@musterplatz.example", {}], ["dark, 320 pixels", user(site, "owner@specimen-sleep.example"), "patient0001@specimen-sleep.example", { width: 320, colorScheme: "dark" }],
	["right-to-left", user(site, "owner@namudhaj.example"), "patient0001@namudhaj.example", { width: 360 }], ["right-to-left, wide", user(site, "owner@namudhaj.example"), "patient0001@namudhaj.example", {}]]) {
	test(`${look_}: page and banner are whole, without a fault of access or width`, async (t) => {
		const window = await own(t, who, more);
		await window.goto(await at(who, of));
		await (await button(window, "explain.ask")).click();
		await window.page.locator(".x-explain-answer").waitFor();
		const found = [await window.axe(), await window.sticksOut()];
		await look(window, "/");
		await window.page.waitForURL((url) => !url.pathname.startsWith("/reseller/"));
		await window.settled();
		assert.deepEqual([...found, await window.axe(), await window.sticksOut()], [[], [], [], []]);
	});
}

clean(site);
