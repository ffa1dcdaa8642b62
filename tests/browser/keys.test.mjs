// API keys as an owner meets them: made, shown once, copied, used by a program, ended; on a phone, in the dark, and
// from right to left too.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { ask } from "../lib/http.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { user } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();
const owner = user(site, "owner@musterplatz.example"), reader = user(site, "reader@musterplatz.example"), admin = user(site, "admin@pneumuster.example");
const stamp = Date.now();
site.undo.push(() => site.shared && site.sql(`UPDATE api_key SET ended = UTC_TIMESTAMP() WHERE user_id IN (SELECT id FROM user WHERE name LIKE '% ${stamp}')`));

const program = (secret, { host }) => ask(site, "GET", "/api/v1/session", { host, headers: { Authorization: `Bearer ${secret}` } });
const button = async (window, key, values) => window.page.getByRole("button", { name: await window.say(key, values), exact: true });

async function fine(window) {
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
}

/** Makes a key on the screen and returns its secret. */
async function make(window, name) {
	await window.page.fill('x-key input[name="name"]', name);
	await (await button(window, "key.make")).click();
	await window.page.getByText(await window.say("key.once"), { exact: true }).waitFor();
	await window.settled();
	return window.page.locator(".x-key-secret code").innerText();
}

const row = (window, name) => window.page.getByRole("row").filter({ hasText: name });
let made = 0;

for (const [who, at, look] of [[owner, "/reseller/keys", {}], [admin, "/admin/keys", { width: 320 }], [user(site, "owner@specimen-sleep.example"), "/reseller/keys", { colorScheme: "dark" }],
	[user(site, "owner@namudhaj.example"), "/reseller/keys", { language: "ar", width: 320 }]]) {
	test(`${who.role} on ${who.host}, ${look.width ?? 1280} wide: a key is made, shown once, opens the API, and is ended`, async (t) => {
		const window = await open(t, chrome, site, { who, permissions: ["clipboard-read", "clipboard-write"], ...look }), { page } = window;
		const name = `Buchhaltung ${made += 1} ${stamp}`;
		await window.goto(at);
		await fine(window);
		const secret = await make(window, name);
		assert.match(secret, /^apk_[0-9a-f]{8}_[0-9a-f]{64}$/);
		assert.ok(await page.locator(".x-key-secret").evaluate((box) => box === document.activeElement), "the secret has the focus");
		await fine(window);
		await (await button(window, "totp.copy")).click();
		assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
		await row(window, name).getByText(secret.slice(0, 12), { exact: true }).waitFor();
		assert.equal((await program(secret, who)).status, 200);
		await (await button(window, "key.kept")).click();
		assert.ok(!(await window.written()).includes(secret.slice(13)), "the secret has left the page");
		await window.goto(at);
		assert.ok(!(await window.written()).includes(secret.slice(13)), "the secret does not come back");

		// Whoever thinks again ends nothing.
		const end = await button(window, "key.end_one", { name });
		page.once("dialog", (dialog) => dialog.dismiss());
		await end.click();
		assert.equal((await program(secret, who)).status, 200);
		let asked = "";
		page.once("dialog", (dialog) => {
			asked = dialog.message();
			dialog.accept();
		});
		await end.click();
		await row(window, name).getByText(await window.say("state.ended"), { exact: true }).waitFor();
		await window.settled();
		assert.equal(asked, await window.say("key.end_sure", { name }));
		assert.equal(await end.count(), 0);
		assert.ok(await page.locator("x-list").evaluate((list) => list === document.activeElement), "the focus is in the list");
		assert.equal((await program(secret, who)).status, 401);
		await fine(window);
	});
}

test("what is wrong is said at its field, and the role that cannot be given too", async (t) => {
	const window = await open(t, chrome, site, { who: owner }), { page } = window;
	window.expect(/status of 422/);
	await window.goto("/reseller/keys");
	await (await button(window, "key.make")).click();
	await page.getByText(await window.say("key_fault.length"), { exact: true }).waitFor();
	await window.settled();
	assert.equal(await page.evaluate(() => document.activeElement.name), "name");
	await page.fill('x-key input[name="name"]', "x");
	await page.fill('x-key input[name="expires"]', "2199-01-01");
	await (await button(window, "key.make")).click();
	await page.getByText(await window.say("key_fault.late"), { exact: true }).waitFor();
	await window.settled();
	await fine(window);
});

test("a key has a page that says why it may something, and nothing that people alone have", async (t) => {
	const window = await open(t, chrome, site, { who: owner }), { page } = window, name = `Bericht ${stamp}`;
	await window.goto("/reseller/keys");
	const secret = await make(window, name);
	await row(window, name).getByRole("link", { name, exact: true }).click();
	await page.getByRole("heading", { level: 1, name }).waitFor();
	await window.settled();
	await page.getByText(secret.slice(0, 12), { exact: true }).waitFor();
	assert.equal(await page.locator("x-chip").innerText(), await window.say("state.key"));
	assert.equal(await page.locator("x-look").count(), 0);
	assert.equal(await page.locator("x-explain").count(), 1);
	await fine(window);
	await page.locator("a.up").click();
	await page.getByRole("heading", { level: 1, name: await window.say("page.keys"), exact: true }).waitFor();
	await window.settled();
	await fine(window);
});

test("who has no right to keys has no such page", async (t) => {
	const window = await open(t, chrome, site, { who: reader });
	await window.goto("/reseller/customers");
	assert.equal(await window.page.getByRole("link", { name: await window.say("page.keys"), exact: true }).count(), 0);
	await window.goto("/reseller/keys");
	assert.equal(await window.page.locator("page-keys").count(), 0);
});

clean(site);
