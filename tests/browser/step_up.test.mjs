// The step-up dialog with a passkey, with Chromium's own virtual authenticator: for who has nothing else, beside the
// code, and where the second step is switched off.  An instance of its own, since shares change.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { forgive, password, user } from "../lib/users.mjs";
import { code } from "../lib/totp.mjs";

const site = await instance({ own: true, name: "step-up-dialog" });
const chrome = await browser();
const owner = user(site, "owner@nordmuster.example");
const tenant = site.portico("id", "tenant", site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'")).trim();
let made = 0;

/** A window of somebody whom only this test has, with a device that keeps passkeys; the session has proved nothing. */
async function own(t, more) {
	const email = `dialog${++made}@nordmuster.example`, token = randomBytes(32).toString("hex");
	const window = await open(t, chrome, site, { host: owner.host, ...more });
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password)
		SELECT tenant_id, NULL, role_id, '${email}', 'Own', '${more?.speaks ?? "en"}', password FROM user WHERE email = '${owner.email}';
		INSERT INTO session (token_hash, user_id, host, created, seen, ends) SELECT UNHEX(SHA2('${token}', 256)), id, '${owner.host}',
		UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 1 HOUR FROM user WHERE email = '${email}'`);
	await window.page.context().addCookies([{ name: "session", value: token, url: window.origin, httpOnly: true, sameSite: "Strict" }]);
	const cdp = await window.page.context().newCDPSession(window.page);
	await cdp.send("WebAuthn.enable");
	const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options: { protocol: "ctap2", transport: "internal", hasResidentKey: true,
		hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
	window.knowsOwner = (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
	window.expect(/status of (403|422)/);
	window.id = site.value(`SELECT id FROM user WHERE email = '${email}'`);
	return window;
}
const unproved = (window) => site.sql(`UPDATE session SET proved = NULL WHERE user_id = ${window.id}; UPDATE totp SET last_step = 0`);
const dialog = (window) => window.page.getByRole("dialog");
const button = async (window, key, within = window.page) => within.getByRole("button", { name: await window.say(key), exact: true });
const press = async (window, key, within) => (await button(window, key, within)).click();
const shares = () => site.value("SELECT COUNT(*) FROM product_share WHERE tenant_id = (SELECT id FROM tenant WHERE slug = 'musterplatz')");

async function fine(window) {
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
}

async function addKey(window) {
	const { page } = window;
	forgive(site);
	await window.goto("/reseller/profile");
	await press(window, "passkey.add");
	await page.fill('x-passkeys input[name="name"]', "Lamp");
	await page.fill('x-passkeys input[name="password"]', password);
	await press(window, "passkey.add");
	await page.locator("x-passkeys li").waitFor();
	await window.settled();
}

/** Shares one part more or less with a dealer; the dialog that asks for the second step. */
async function share(window) {
	await window.goto(`/reseller/resellers/${tenant}/products`);
	await window.page.locator("x-shares input[type=checkbox]:enabled").last().click();
	await press(window, "shares.save");
	await dialog(window).waitFor();
}

test("who has a passkey alone confirms with it, and the change is made", async (t) => {
	const window = await own(t, { width: 360, colorScheme: "dark" }), { page } = window, before = shares();
	await addKey(window);
	unproved(window);
	await share(window);
	assert.equal(await dialog(window).getByRole("textbox").count(), 0, "there is no code to ask for");
	assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), await window.say("stepup.passkey"));
	await fine(window);
	await window.knowsOwner(false);
	await press(window, "stepup.passkey", dialog(window));
	await page.getByRole("alert").getByText(await window.say("stepup.passkey_cancelled")).waitFor();
	await fine(window);
	assert.equal(shares(), before);
	await window.knowsOwner(true);
	await press(window, "stepup.passkey", dialog(window));
	await page.getByText(await window.say("shares.saved")).first().waitFor();
	assert.equal(await dialog(window).count(), 0);
	assert.notEqual(shares(), before);
});

test("a passkey that was removed is refused in words, and nothing is done", async (t) => {
	const window = await own(t, { language: "ar", speaks: "ar" }), { page } = window, before = shares();
	await addKey(window);
	unproved(window);
	await share(window);
	site.sql(`UPDATE passkey SET sign_count = 4000000000 WHERE user_id = ${window.id}`); // a copy counts on elsewhere
	await press(window, "stepup.passkey", dialog(window));
	await page.getByRole("alert").getByText(await window.say("stepup.passkey_refused")).waitFor();
	await fine(window);
	await page.keyboard.press("Escape");
	await page.getByText(await window.say("problem.step_up_needed")).waitFor();
	assert.equal(shares(), before);
});

test("switching the second step off asks for it: the code and the passkey stand side by side", async (t) => {
	const window = await own(t, { width: 320 }), { page } = window;
	await addKey(window);
	await page.fill('x-totp input[name="totp-password"]', password);
	await press(window, "totp.begin");
	const key = (await page.locator(".x-totp-key").textContent()).replaceAll(" ", "");
	await page.fill('x-totp input[name="totp-code"]', code(key));
	await press(window, "totp.confirm");
	await press(window, "totp.kept");
	const isOn = () => site.value(`SELECT COUNT(*) FROM totp WHERE user_id = ${window.id} AND is_on = 1`);
	unproved(window);
	await page.fill('x-totp input[name="totp-password"]', password);
	await press(window, "totp.end");
	await dialog(window).waitFor();
	assert.equal(await page.evaluate(() => document.activeElement.name), "code");
	await fine(window);
	await dialog(window).getByRole("textbox").fill("000000");
	await page.keyboard.press("Enter");
	await page.getByText(await window.say("signin.code_wrong")).waitFor();
	await press(window, "stepup.cancel", dialog(window));
	await page.getByText(await window.say("problem.step_up_needed")).waitFor();
	assert.equal(isOn(), "1");
	await press(window, "totp.end");
	await press(window, "stepup.passkey", dialog(window));
	await page.locator("x-totp").getByText(await window.say("totp.off")).waitFor();
	assert.equal(isOn(), "0");
	await fine(window);
});

test("a browser without passkeys says so to who has nothing else", async (t) => {
	const window = await own(t), { page } = window;
	await addKey(window);
	unproved(window);
	await page.addInitScript("delete globalThis.PublicKeyCredential");
	await share(window);
	await page.getByText(await window.say("stepup.unable")).waitFor();
	await fine(window);
	await dialog(window).getByRole("link", { name: await window.say("stepup.profile") }).click();
	await page.waitForURL((url) => url.pathname === "/reseller/profile");
});

clean(site);
