// Passkeys as people meet them, with Chromium's own virtual authenticator: added in the profile, used at the door,
// renamed and removed; in the dark and from right to left, on a phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { forgive, password, session, user, users } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();
const looks = [["namudhaj", "ar", "light"], ["specimen-sleep", "en-GB", "dark"]];
const PROFILE = { reseller: "/reseller/profile", customer: "/profile", admin: "/admin/profile" };

/** A user that only this test has. */
function own(model) {
	const email = `pass-${Date.now()}-${Math.floor(performance.now())}@passkey.example`;
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, state)
		SELECT tenant_id, customer_id, role_id, '${email}', 'Own', language, password, 'active' FROM user WHERE email = '${model.email}'`);
	return { ...model, email };
}
site.undo.push(() => site.sql("UPDATE user SET state = 'closed' WHERE email LIKE 'pass-%@passkey.example'"));

/** A device that keeps passkeys and knows its owner, plugged into the window. */
async function device(window, how = {}) {
	const cdp = await window.page.context().newCDPSession(window.page);
	await cdp.send("WebAuthn.enable");
	const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options: { protocol: "ctap2", transport: "internal", hasResidentKey: true,
		hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, ...how } });
	const set = (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
	const credentials = async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
	return { set, credentials, clear: () => cdp.send("WebAuthn.clearCredentials", { authenticatorId }) };
}

async function fine(window) {
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
}
const button = async (window, key, values) => window.page.getByRole("button", { name: await window.say(key, values), exact: true });
const press = async (window, key, values) => (await button(window, key, values)).click();
const focused = (window) => window.page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.name);

async function add(window, name, secret = password) {
	await press(window, "passkey.add");
	await window.page.fill('x-passkeys input[name="name"]', name);
	await window.page.fill('x-passkeys input[name="password"]', secret);
	await press(window, "passkey.add");
	await window.settled();
}

for (const [slug, language, colorScheme] of looks) {
	test(`${slug}: a passkey is added, signs in, and is renamed and removed`, async (t) => {
		forgive(site);
		const who = own(user(site, `owner@${slug}.example`));
		await session(site, who);
		const window = await open(t, chrome, site, { who, width: 320, language, colorScheme }), { page } = window;
		window.expect(/status of 4(01|22)/);
		page.on("dialog", (dialog) => dialog.accept());
		const keys = await device(window);
		await window.goto(PROFILE.reseller);
		await page.getByText(await window.say("passkey.empty"), { exact: true }).waitFor();
		await fine(window);
		await press(window, "passkey.add");
		assert.equal(await focused(window), "name");
		await press(window, "passkey.add");
		await page.getByText(await window.say("passkey.name_missing"), { exact: true }).waitFor();
		await fine(window);
		await press(window, "passkey.back");
		await add(window, "Lamp", "a wrong password");
		await page.getByText(await window.say("password.wrong"), { exact: true }).waitFor();
		assert.equal(await focused(window), "password");
		await page.fill('x-passkeys input[name="password"]', password);
		await press(window, "passkey.add");
		await page.locator("x-passkeys li").getByText("Lamp", { exact: true }).waitFor();
		await window.settled();
		await fine(window);
		const [made] = await keys.credentials();
		assert.deepEqual([made.rpId, made.isResidentCredential], [who.host, true]);
		await press(window, "passkey.rename_one", { name: "Lamp" });
		await page.fill('x-passkeys input[name="name"]', "Boat");
		await fine(window);
		await press(window, "passkey.save");
		await page.locator("x-passkeys li").getByText("Boat", { exact: true }).waitFor();
		// Out, and in again with nothing but the device.
		await page.context().clearCookies();
		await window.goto(PROFILE.reseller);
		await fine(window);
		await press(window, "signin.passkey");
		await page.waitForSelector("x-passkeys li");
		await window.settled();
		assert.equal(await page.getByText(await window.say("passkey.unused"), { exact: true }).count(), 0);
		await press(window, "passkey.remove_one", { name: "Boat" });
		await page.getByText(await window.say("passkey.empty"), { exact: true }).waitFor();
		assert.equal(site.value(`SELECT COUNT(*) FROM passkey p JOIN user u ON u.id = p.user_id WHERE u.email = '${who.email}'`), "0");
		// The device still has it; the door says that it is good for nothing any more.
		await page.context().clearCookies();
		await window.goto(PROFILE.reseller);
		await press(window, "signin.passkey");
		await page.getByRole("alert").getByText(await window.say("problem.passkey_refused")).waitFor();
		assert.equal(await focused(window), await window.say("signin.passkey"));
		await fine(window);
	});
}

test("a customer's user and the provider's staff have passkeys too", async (t) => {
	const customer = users(site).find((u) => u.portal === "customer" && u.host === "namudhaj.localhost");
	for (const model of [customer, user(site, "admin@pneumuster.example")]) {
		forgive(site);
		const who = own(model);
		await session(site, who);
		const window = await open(t, chrome, site, { who });
		window.expect(/status of 401/);
		await device(window);
		await window.goto(PROFILE[who.portal]);
		await add(window, "Lamp");
		await window.page.waitForSelector("x-passkeys li");
		await window.page.context().clearCookies();
		await window.goto(PROFILE[who.portal]);
		await press(window, "signin.passkey");
		await window.page.waitForSelector("x-passkeys li");
	}
});

test("a device that has one makes no second, and one that does not know its owner makes and uses none", async (t) => {
	forgive(site);
	const who = own(user(site, "owner@specimen-sleep.example"));
	await session(site, who);
	const window = await open(t, chrome, site, { who, language: "en-GB" }), { page } = window;
	window.expect(/status of 401/);
	const keys = await device(window);
	await window.goto(PROFILE.reseller);
	await add(window, "Lamp");
	await page.waitForSelector("x-passkeys li");
	await add(window, "Boat");
	await page.getByRole("alert").getByText(await window.say("passkey.held"), { exact: true }).waitFor();
	await fine(window);
	await press(window, "passkey.back");
	await keys.clear();
	await keys.set(false);
	await add(window, "Boat");
	await page.getByRole("alert").getByText(await window.say("passkey.cancelled"), { exact: true }).waitFor();
	assert.equal(await page.locator("x-passkeys li").count(), 1);
	await page.context().clearCookies();
	await window.goto(PROFILE.reseller);
	await press(window, "signin.passkey");
	await page.getByRole("alert").getByText(await window.say("signin.passkey_cancelled"), { exact: true }).waitFor();
	await fine(window);
	// And then the password, as ever.
	await page.fill('input[name="email"]', who.email);
	await page.fill('input[name="password"]', password);
	await press(window, "signin.do");
	await page.waitForSelector("x-passkeys li");
});

test("a browser without passkeys is offered none, and is told so in the profile", async (t) => {
	const who = own(user(site, "owner@specimen-sleep.example"));
	await session(site, who);
	const window = await open(t, chrome, site, { who, language: "en-GB" });
	window.expect(/status of 401/);
	await window.page.addInitScript(() => delete globalThis.PublicKeyCredential);
	await window.goto(PROFILE.reseller);
	await window.page.getByText(await window.say("passkey.unable"), { exact: true }).waitFor();
	assert.equal(await (await button(window, "passkey.add")).count(), 0);
	await window.page.context().clearCookies();
	await window.goto(PROFILE.reseller);
	assert.equal(await (await button(window, "signin.do")).count(), 1);
	assert.equal(await (await button(window, "signin.passkey")).count(), 0);
});

clean(site);
