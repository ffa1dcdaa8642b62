// What reaches far, as it is seen: a code of the second step is asked for in a dialog, a second person agrees, and who
// asked is told in plain words that nothing has happened yet.  An instance of its own, since a reseller closes.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { colleague, person } from "../lib/second.mjs";
import { cookieOf, password, user } from "../lib/users.mjs";
import { code } from "../lib/totp.mjs";

const site = await instance({ own: true, name: "approvals" });
const chrome = await browser();
const admin = user(site, "admin@pneumuster.example"), second = colleague(site, "second"), third = colleague(site, "third");
const tenant = site.portico("id", "tenant", site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'")).trim();
const secrets = {};
for (const who of [admin, second]) {
	const ask = await person(site, who);
	const { json: begun } = await ask("POST", "/api/v1/totp", { password });
	const on = await ask("POST", "/api/v1/totp/confirm", { code: code(begun.secret, -1) });
	assert.ok(cookieOf(on));
	secrets[who.email] = begun.secret;
}
/** Their next code counts again. */
const codeOf = (who) => {
	site.sql("UPDATE totp SET last_step = 0");
	return code(secrets[who.email]);
};
const state = () => site.value("SELECT state FROM tenant WHERE slug = 'musterplatz'");

/** A window with a session of its own, which has proved nothing yet; what asks questions is told yes. */
async function own(t, who, more) {
	const window = await open(t, chrome, site, { host: who.host, ...more });
	const token = randomBytes(32).toString("hex");
	site.sql(`INSERT INTO session (token_hash, user_id, host, created, seen, ends) SELECT UNHEX(SHA2('${token}', 256)), id, '${who.host}',
		UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 1 HOUR FROM user WHERE email = '${who.email}'`);
	await window.page.context().addCookies([{ name: "session", value: token, url: window.origin, httpOnly: true, sameSite: "Strict" }]);
	window.page.on("dialog", (dialog) => dialog.accept());
	window.expect(/status of (403|422)/);
	return window;
}
const button = async (window, key, within = window.page) => within.getByRole("button", { name: await window.say(key), exact: true });
const dialog = (window) => window.page.getByRole("dialog");

/** Presses it on the reseller's page; the dialog that asks for the code. */
async function close(window) {
	await window.goto(`/admin/resellers/${tenant}`);
	await (await button(window, "reseller.close")).click();
	await dialog(window).waitFor();
}

test("the step-up dialog asks for the code, says what is wrong with it, and then does what was asked", async (t) => {
	const window = await own(t, admin), { page } = window;
	await close(window);
	assert.deepEqual(await window.axe(), []);
	assert.equal(await page.evaluate(() => document.activeElement.name), "code", "the keyboard is in the field");
	await (await button(window, "stepup.do", dialog(window))).click();
	await page.getByText(await window.say("signin.code_missing")).waitFor();
	await dialog(window).getByRole("textbox").fill("000000");
	await page.keyboard.press("Enter");
	await page.getByText(await window.say("signin.code_wrong")).waitFor();
	assert.deepEqual(await window.axe(), []);
	await dialog(window).getByRole("textbox").fill(codeOf(admin));
	await page.keyboard.press("Enter");
	await page.getByText(await window.say("problem.approval_asked")).waitFor();
	assert.equal(await dialog(window).count(), 0);
	await page.getByText(await window.say("advice.asked")).waitFor();
	assert.equal(state(), "active");
	assert.deepEqual(await window.axe(), []);
	await page.getByRole("link", { name: await window.say("approval.see") }).click();
	await page.getByText(await window.say("approval.own")).waitFor();
	assert.equal(await (await button(window, "approval.approve")).count(), 0, "nobody agrees to the own");
	await (await button(window, "approval.withdraw")).click();
	await page.locator('x-chip[state="withdrawn"]').waitFor();
});

test("Escape leaves the dialog: nothing is asked, and the page says what it needs", async (t) => {
	const window = await own(t, admin, { width: 320 }), { page } = window;
	await close(window);
	assert.deepEqual(await window.sticksOut(), []);
	await page.keyboard.press("Escape");
	await page.getByText(await window.say("problem.step_up_needed")).waitFor();
	assert.equal(await dialog(window).count(), 0);
	assert.equal(site.value("SELECT COUNT(*) FROM approval WHERE state = 'waiting'"), "0");
});

test("who has no second step is led to the profile", async (t) => {
	const window = await own(t, third), { page } = window;
	await close(window);
	await page.getByText(await window.say("stepup.off")).waitFor();
	assert.deepEqual(await window.axe(), []);
	await dialog(window).getByRole("link", { name: await window.say("stepup.profile") }).click();
	await page.waitForURL((url) => url.pathname === "/admin/profile");
	assert.equal(await dialog(window).count(), 0);
});

test("a second user sees that something waits, reads what, and agrees; then the reseller is closed, and opened again", async (t) => {
	const asker = await own(t, admin), window = await own(t, second), { page } = window;
	await close(asker);
	await dialog(asker).getByRole("textbox").fill(codeOf(admin));
	await asker.page.keyboard.press("Enter");
	await asker.page.getByText(await asker.say("problem.approval_asked")).waitFor();

	await window.goto("/admin/approvals");
	await page.locator("x-nav").getByText(await window.say("nav.waiting", { n: 1 })).waitFor({ state: "attached" });
	assert.deepEqual(await window.axe(), []);
	await page.getByRole("link", { name: await window.say("asks.tenant.close") }).first().click();
	await page.getByRole("heading", { level: 1, name: await window.say("asks.tenant.close") }).waitFor();
	await window.settled();
	assert.ok((await page.locator("x-facts").first().innerText()).includes(site.value("SELECT name FROM tenant WHERE slug = 'musterplatz'")));
	assert.deepEqual(await window.axe(), []);
	await (await button(window, "approval.refuse")).click();
	await page.getByText(await window.say("approval.reason_missing")).waitFor();
	await (await button(window, "approval.approve")).click();
	await dialog(window).getByRole("textbox").fill(codeOf(second));
	await page.keyboard.press("Enter");
	await page.locator('x-chip[state="done"]').waitFor();
	await page.locator("x-nav .x-nav-count").waitFor({ state: "detached" });
	assert.equal(state(), "closed");

	await asker.goto(`/admin/resellers/${tenant}`);
	await (await button(asker, "reseller.reopen")).click();
	await (await button(asker, "reseller.close")).waitFor();
	assert.equal(state(), "active");
});

for (const [how, more] of [["dark", { colorScheme: "dark" }], ["at 320 pixels", { width: 320 }]])
	test(`what a role is asked to become is told in words, ${how}`, async (t) => {
		const ask = await person(site, third), window = await own(t, second, more);
		const asked = await ask("POST", "/api/v1/roles", { name: `Night shift ${how}`, portal: "admin", grants: [{ action: "customer.read", scope: "all" }], fields: [{ field: "customer.name", level: "read" }] });
		await window.goto(`/admin/approvals/${asked.json.id}`);
		await window.page.getByText(`Night shift ${how}`).waitFor();
		const text = await window.page.locator("main").innerText();
		for (const words of [`${await window.say("resource.customer")}: ${await window.say("verb.read")}`, await window.say("portal.admin")]) assert.ok(text.includes(words), `${words} in ${text}`);
		assert.deepEqual(await window.sticksOut(), []);
		assert.deepEqual(await window.axe(), []);
	});

test("right to left, the list and the dialog", async (t) => {
	site.sql(`UPDATE user SET language = 'ar' WHERE id = ${third.id}`);
	const window = await own(t, third, { width: 320 });
	await window.goto("/admin/approvals");
	assert.equal(await window.page.evaluate(() => document.documentElement.dir), "rtl");
	assert.deepEqual(await window.sticksOut(), []);
	assert.deepEqual(await window.axe(), []);
});

clean(site);
