// The own access, in the profile of each portal: where one is signed in, and another password.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { fresh, password, session, signIn, user, users } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();
const reseller = user(site, "owner@namudhaj.example");
const like = [user(site, "admin@pneumuster.example"), reseller, users(site).find((u) => u.portal === "customer" && u.host === reseller.host)];
const at = { admin: "/admin/profile", reseller: "/reseller/profile", customer: "/profile" };
const good = "a lamp behind nine boats";

/** A user of the same kind that only this test has. */
function own(model) {
	const email = `profile-${Date.now()}-${model.email}`;
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, state)
		SELECT tenant_id, customer_id, role_id, '${email}', 'Own', language, password, 'active' FROM user WHERE email = '${model.email}'`);
	return { ...model, email };
}
site.undo.push(() => site.sql("UPDATE user SET state = 'closed' WHERE email LIKE 'profile-%'"));

for (const model of like) {
	test(`${model.portal}: one's other sessions are ended by a button, one and then all`, async (t) => {
		const who = own(model);
		await session(site, who);
		for (let n = 0; n < 3; n++) await fresh(site, who);
		const window = await open(t, chrome, site, { who, width: 360 });
		const { page } = window;
		await window.goto(at[who.portal]);
		const rows = page.locator("x-sessions li");
		assert.equal(await rows.count(), 4);
		assert.equal(await rows.getByText(await window.say("session.this"), { exact: true }).count(), 1);
		await rows.getByRole("button").first().click();
		await page.waitForFunction(() => document.querySelectorAll("x-sessions li").length === 3);
		assert.deepEqual(await window.axe(), []);
		assert.deepEqual(await window.sticksOut(), []);
		await page.getByRole("button", { name: await window.say("session.end_others"), exact: true }).click();
		await page.waitForFunction(() => document.querySelectorAll("x-sessions li").length === 1);
		assert.equal(site.value(`SELECT COUNT(*) FROM session s JOIN user u ON u.id = s.user_id WHERE u.email = '${who.email}'`), "1");
	});

	test(`${model.portal}: the password is changed, after what is wrong with it was said at its field`, async (t) => {
		const who = own(model);
		const window = await open(t, chrome, site, { who });
		window.expect(/status of 422/);
		const { page } = window;
		await window.goto(at[who.portal]);
		const fill = async (current, next) => {
			await page.locator("x-password input[name=current]").fill(current);
			await page.locator("x-password input[name=new]").fill(next);
			await page.getByRole("button", { name: await window.say("password.change"), exact: true }).click();
		};
		for (const [current, next, field, text] of [[password, "short", "new", "password.length"], [password, "password1234", "new", "password.listed"], ["wrong", good, "current", "password.wrong"]]) {
			await fill(current, next);
			await page.locator(`x-password x-field[name=${field}]`).getByText(await window.say(text), { exact: true }).waitFor();
			assert.equal(await page.evaluate(() => document.activeElement.name), field);
		}
		assert.deepEqual(await window.axe(), []);
		await fill(password, good);
		await page.getByText(await window.say("password.changed"), { exact: true }).first().waitFor();
		assert.equal(await page.locator("x-password input[name=new]").inputValue(), "");
		assert.equal((await signIn(site, who, good)).status, 200);
		assert.equal((await signIn(site, who)).status, 401);
	});
}

clean(site);
