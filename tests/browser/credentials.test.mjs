// The links of mails, and the second step of signing in, as people meet them: on a phone, in the dark, from right to left.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { mails } from "../lib/mail.mjs";
import { code } from "../lib/totp.mjs";
import { forgive, password, session, user } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();
const good = "a lamp behind nine boats";
const looks = [["namudhaj", "ar", "light"], ["specimen-sleep", "en-GB", "dark"]];

/** A user of the reseller's staff that only this test has. */
function own(slug) {
	const model = user(site, `owner@${slug}.example`), email = `cred-${Date.now()}-${Math.floor(performance.now())}@${slug}.example`;
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, state)
		SELECT tenant_id, customer_id, role_id, '${email}', 'Own', language, password, 'active' FROM user WHERE email = '${model.email}'`);
	return { ...model, email };
}
site.undo.push(() => site.sql("UPDATE user SET state = 'closed' WHERE email LIKE 'cred-%'"));
const mailTo = (email) => until(`mail to ${email}`, () => mails(site).findLast((m) => m.to === `<${email}>`));

async function fine(window) {
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
}
/** Fills a field and presses the form's first button. */
async function send(window, fields, form = "form") {
	for (const [name, value] of Object.entries(fields)) await window.page.fill(`${form} input[name="${name}"]`, value);
	await window.page.click(`${form} .button.strong`);
	await window.settled();
}

for (const [slug, language, colorScheme] of looks) {
	const how = { host: `${slug}.localhost`, width: 360, language, colorScheme };

	test(`${slug}: a forgotten password, from the door by mail to the door`, async (t) => {
		forgive(site);
		const who = own(slug), window = await open(t, chrome, site, how), { page } = window;
		window.expect(/status of 4(01|10|22)/);
		await window.goto("/reseller/");
		await page.getByRole("link", { name: await window.say("signin.forgot"), exact: true }).click();
		await page.waitForURL("**/reset");
		await window.settled();
		await fine(window);
		await send(window, { email: who.email });
		await page.getByRole("status").getByText(who.email).waitFor();
		await fine(window);
		const { link, token } = await mailTo(who.email);
		await window.goto(link);
		assert.equal(window.where(), "/reset");
		assert.equal(await page.evaluate(() => location.hash + document.documentElement.outerHTML).then((all) => all.includes(token)), false, "the token is nowhere to be seen");
		await send(window, { password: "short" });
		await page.getByText(await window.say("password.length")).waitFor();
		await fine(window);
		await send(window, { password: good });
		await page.getByRole("status").waitFor();
		await fine(window);
		await page.getByRole("link", { name: await window.say("signin.do"), exact: true }).click();
		await page.waitForURL("**/reseller/");
		await window.settled();
		await send(window, { email: who.email, password: good });
		await page.waitForSelector("x-nav");
		await page.goto("about:blank"); // the same address again would only move in the page
		await window.goto(link);
		await send(window, { password: good });
		await page.getByRole("alert").getByText(await window.say("problem.link_ended")).waitFor();
		await fine(window);
	});

	test(`${slug}: two-step sign-in is set up, asked for at the door, and switched off`, async (t) => {
		forgive(site);
		const who = own(slug);
		await session(site, who);
		const window = await open(t, chrome, site, { ...how, who }), { page } = window;
		window.expect(/status of 4(01|22)/);
		await window.goto("/reseller/profile");
		await send(window, { "totp-password": password }, "x-totp form");
		await page.waitForSelector("x-totp svg.x-totp-code");
		await fine(window);
		const secret = (await page.textContent("x-totp code")).replaceAll(" ", "");
		await send(window, { "totp-code": "000000" }, "x-totp form");
		await page.getByText(await window.say("signin.code_wrong")).waitFor();
		await send(window, { "totp-code": code(secret) }, "x-totp form");
		await page.waitForSelector(".x-totp-codes");
		await fine(window);
		const [recovery] = await page.locator(".x-totp-codes code").allTextContents();
		const door = await open(t, chrome, site, how);
		door.expect(/status of 4(01|22)/);
		await door.goto("/reseller/profile");
		await send(door, { email: who.email, password });
		await door.page.waitForSelector('input[name="code"]');
		await fine(door);
		await send(door, { code: "000000" });
		await door.page.getByText(await door.say("signin.code_wrong")).waitFor();
		await send(door, { code: recovery });
		await door.page.waitForSelector("page-profile");
		await door.settled();
		await send(door, { "totp-password": password }, "x-totp form");
		await door.page.getByText(await door.say("totp.off")).waitFor();
	});

	test(`${slug}: a colleague is invited, is told so by mail, and comes in`, async (t) => {
		forgive(site);
		const who = own(slug), email = `cred-new-${Date.now()}@${slug}.example`;
		await session(site, who);
		const window = await open(t, chrome, site, { ...how, who }), { page } = window;
		window.expect(/status of 422/);
		await window.goto("/reseller/staff");
		await send(window, { email: "x", name: "New" }, "x-invite form");
		await page.getByText(await window.say("invite.email")).waitFor();
		await fine(window);
		await send(window, { email, name: "New" }, "x-invite form");
		await page.locator("x-list").getByText(email).waitFor();
		const { link } = await mailTo(email);
		const door = await open(t, chrome, site, how);
		door.expect(/status of 401/);
		await door.goto(link);
		await fine(door);
		await send(door, { password: good });
		await door.page.getByRole("link", { name: await door.say("signin.do"), exact: true }).click();
		await door.page.waitForURL("**/reseller/");
		await door.settled();
		await send(door, { email, password: good });
		await door.page.waitForSelector("x-nav");
	});
}

clean(site);
