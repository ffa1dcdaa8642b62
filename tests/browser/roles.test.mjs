// The role editor: what can be chosen and why not, differences, what is not saved, the server's word at its cell.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open, say } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { user, writer } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();
const owner = user(site, "owner@musterplatz.example"), admin = user(site, "admin@pneumuster.example");
const tenant = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'");
const ask = await writer(site, owner.email);
const roles = async () => (await ask("GET", "/api/v1/roles?limit=200", undefined)).json.data;
const builtIn = async (code) => (await roles()).find((role) => role.code === code).id;
const stamp = Date.now();
let made = 0;

site.undo.push(() => {
	if (!site.shared) return; // it is gone already
	site.sql(`UPDATE tenant SET ceiling_id = NULL WHERE id = ${tenant}`);
	site.sql("UPDATE user SET role_id = (SELECT id FROM role WHERE code = 'dealer_owner'), more_roles = 0, state = 'closed' WHERE email LIKE 'roles-%'");
	for (const table of ["role_grant", "role_field", "role_segment"]) site.sql(`DELETE FROM ${table} WHERE role_id IN (SELECT id FROM role WHERE name LIKE '% ${stamp}')`);
	site.sql(`DELETE FROM role WHERE name LIKE '% ${stamp}'`);
	site.sql("UPDATE channel_version SET version = version + 1");
});

const name = (text) => `${text} ${made += 1} ${stamp}`;

/** A role of the dealer's, copied from the owner's own. */
async function copied() {
	const got = await ask("POST", `/api/v1/roles/${await builtIn("dealer_owner")}/copy`, { name: name("Rolle") });
	assert.equal(got.status, 200, got.text);
	return got.json;
}

/** Somebody at the dealer's who has that role. */
async function holder(role) {
	const email = `roles-${stamp}-${made += 1}@musterplatz.example`;
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, state)
		SELECT tenant_id, NULL, (SELECT id FROM role WHERE name = '${role.name}'), '${email}', 'Staff', language, password, 'active' FROM user WHERE email = '${owner.email}'`);
	return { ...owner, email };
}

const cell = (page, what) => page.locator(`x-rights select[name="${what}"]`);
const button = async (window, key) => window.page.getByRole("button", { name: await window.say(key), exact: true });

test("a role is made from another one, changed by the keyboard, saved, and counts", async (t) => {
	const window = await open(t, chrome, site, { who: owner });
	const { page } = window, called = name("Neu");
	await window.goto("/reseller/roles");
	assert.deepEqual(await window.axe(), []);
	await page.locator("x-field[name=name] input").fill(called);
	await page.locator("x-field[name=from] select").selectOption(await builtIn("dealer_owner"));
	await (await button(window, "roles.make")).click();
	await page.getByRole("heading", { level: 1, name: called }).waitFor();
	await window.settled();
	const choice = cell(page, "payment.read");
	assert.equal(await choice.inputValue(), "tenant");
	await window.tab(choice);
	await page.keyboard.press("Home");
	assert.equal(await choice.inputValue(), "none");
	await page.getByText(await window.say("rights.unsaved"), { exact: true }).waitFor();
	await (await button(window, "rights.save")).click();
	await page.getByText(await window.say("rights.unsaved"), { exact: true }).waitFor({ state: "detached" });
	const role = (await roles()).find((r) => r.name === called);
	const { grants } = (await ask("GET", `/api/v1/roles/${role.id}`, undefined)).json;
	assert.ok(!grants.some((g) => g.action === "payment.read") && grants.some((g) => g.action === "document.read"));
	assert.deepEqual(await window.axe(), []);
});

test("what is not held or above the ceiling is greyed and says why", async (t) => {
	const role = await copied(), small = await copied();
	const shown = (await ask("GET", `/api/v1/roles/${small.id}`, undefined));
	await ask("PATCH", `/api/v1/roles/${small.id}`, { grants: shown.json.grants.filter((g) => g.action !== "payment.read"), fields: shown.json.fields.filter((f) => f.field !== "customer.phone") }, { "If-Match": shown.headers.etag });
	site.sql(`DELETE FROM role_grant WHERE action = 'payment.read' AND role_id = (SELECT id FROM role WHERE name = '${role.name}')`);
	site.sql(`DELETE FROM role_field WHERE field = 'customer.phone' AND role_id = (SELECT id FROM role WHERE name = '${role.name}')`);
	const barred = async (who, why) => {
		const window = await open(t, chrome, site, { who });
		const { page } = window;
		await window.goto(`/reseller/roles/${role.id}`);
		const words = await window.say(`stop.${why}`);
		await page.locator("x-rights details", { has: page.locator('select[name="customer.phone"]') }).locator("summary").click();
		for (const what of ["payment.read", "customer.phone"]) {
			assert.equal(await cell(page, what).isDisabled(), true, what);
			const told = (await cell(page, what).getAttribute("aria-describedby")).split(" ");
			assert.equal(await page.locator(`[id="${told[0]}"]`).textContent(), words);
		}
		assert.equal(await cell(page, "document.read").isDisabled(), false);
		assert.deepEqual(await window.axe(), []);
	};
	await barred(await holder(small), "own");
	const parent = site.value(`SELECT parent_id FROM tenant WHERE id = ${tenant}`), above = name("Grenze");
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${parent}, NULL, '${above}', 'reseller', 0)`);
	const limit = site.value(`SELECT id FROM role WHERE name = '${above}'`);
	for (const { action, scope } of shown.json.grants) if (action !== "payment.read") site.sql(`INSERT INTO role_grant VALUES (${limit}, '${action}', '${scope}')`);
	for (const { field, level } of shown.json.fields) if (field !== "customer.phone") site.sql(`INSERT INTO role_field VALUES (${limit}, '${field}', '${level}')`);
	site.sql(`UPDATE tenant SET ceiling_id = ${limit} WHERE id = ${tenant}`);
	site.sql("UPDATE channel_version SET version = version + 1");
	await barred(owner, "ceiling");
	site.sql(`UPDATE tenant SET ceiling_id = NULL WHERE id = ${tenant}`);
	site.sql("UPDATE channel_version SET version = version + 1");
});

test("a comparison marks each cell that differs and tells it in words", async (t) => {
	const role = await copied();
	const window = await open(t, chrome, site, { who: owner, width: 320 });
	const { page } = window;
	await window.goto(`/reseller/roles/${role.id}`);
	await cell(page, "audit.read").selectOption("none");
	await page.locator("x-field[name=other] select").selectOption(await builtIn("dealer_owner"));
	const de = (key, values) => say("de", key, values);
	await page.getByText(de("rights.difference", { what: de("rights.choice", { area: de("resource.audit"), action: de("verb.read") }), here: de("scope.none"), there: de("scope.tenant") }), { exact: true }).waitFor();
	assert.equal(await page.locator("[data-differs]").count(), 1);
	await cell(page, "audit.read").selectOption("tenant");
	await page.getByText(de("rights.same"), { exact: true }).waitFor();
	assert.equal(await page.locator("[data-differs]").count(), 0);
	assert.deepEqual(await window.sticksOut(), []);
	assert.deepEqual(await window.axe(), []);
});

test("nobody loses what is not saved by a link or a step back without being asked", async (t) => {
	const role = await copied();
	const window = await open(t, chrome, site, { who: owner });
	const { page } = window, at = `/reseller/roles/${role.id}`;
	await window.goto("/reseller/roles");
	await page.getByRole("link", { name: role.name }).click();
	await page.getByRole("heading", { level: 1, name: role.name }).waitFor();
	await window.settled();
	await cell(page, "audit.read").selectOption("none");
	const asked = [];
	let answer = "dismiss";
	page.on("dialog", (dialog) => {
		asked.push(dialog.message());
		return dialog[answer]();
	});
	await page.getByRole("link", { name: await window.say("page.bills"), exact: true }).click();
	await page.evaluate(() => history.back());
	await page.waitForFunction((path) => location.pathname === path, at);
	await page.waitForFunction(() => document.querySelector("x-rights select[name='audit.read']")?.value === "none");
	await page.evaluate(() => history.back());
	while (asked.length < 3) await page.waitForEvent("dialog");
	assert.deepEqual([...new Set(asked)], [await window.say("rights.leave")]);
	assert.equal(window.where(), at);
	answer = "accept";
	await page.getByRole("link", { name: await window.say("page.bills"), exact: true }).click();
	await page.waitForFunction(() => location.pathname === "/reseller/bills");
	assert.equal(asked.length, 4);
});

test("what the server does not take stands at its cell, and a stale state is told", async (t) => {
	const role = await copied(), other = await copied();
	const window = await open(t, chrome, site, { who: owner });
	window.expect(/status of (422|412)/);
	const { page } = window;
	await window.goto(`/reseller/roles/${role.id}`);
	await page.locator("x-field[name=name] input").fill(other.name);
	// Past the page, as an old page or a faulty one might: a choice that is not there.
	await cell(page, "document.read").evaluate((select) => {
		select.append(new Option("x", "subtree"));
		select.value = "subtree";
		select.dispatchEvent(new Event("change", { bubbles: true }));
	});
	await page.locator("x-field[name=name] input").fill(role.name);
	await (await button(window, "rights.save")).click();
	await page.locator(".x-rights-error").waitFor();
	assert.equal(await cell(page, "document.read").getAttribute("aria-invalid"), "true");
	assert.equal(await page.evaluate(() => document.activeElement.name), "document.read");
	await (await button(window, "rights.undo")).click();
	await page.locator("x-field[name=name] input").fill(other.name);
	await (await button(window, "rights.save")).click();
	await page.locator("x-field[name=name]").getByText(await window.say("fault.taken"), { exact: true }).waitFor();
	const { headers } = await ask("GET", `/api/v1/roles/${role.id}`, undefined);
	assert.equal((await ask("PATCH", `/api/v1/roles/${role.id}`, { name: name("Zuvor") }, { "If-Match": headers.etag })).status, 200);
	await page.locator("x-field[name=name] input").fill(name("Danach"));
	await (await button(window, "rights.save")).click();
	await page.getByText(await window.say("problem.changed"), { exact: false }).waitFor();
	assert.deepEqual(await window.axe(), []);
});

test("a role is deleted after a question, and not while somebody has it", async (t) => {
	const role = await copied(), used = await copied(), who = await holder(used);
	const window = await open(t, chrome, site, { who: owner });
	const { page } = window;
	const answers = ["dismiss", "accept"];
	page.on("dialog", (dialog) => dialog[answers.shift()]());
	await window.goto(`/reseller/roles/${used.id}`);
	await page.getByText(who.email, { exact: true }).first().waitFor();
	assert.equal(await (await button(window, "rights.delete")).getAttribute("aria-disabled"), "true");
	await window.goto(`/reseller/roles/${role.id}`);
	await (await button(window, "rights.delete")).click();
	assert.ok((await roles()).some((r) => r.id === role.id));
	await (await button(window, "rights.delete")).click();
	await page.waitForFunction(() => location.pathname === "/reseller/roles");
	assert.ok(!(await roles()).some((r) => r.id === role.id));
});

test("roles are given and taken away on the user's page, none is told why not, and the user is signed out", async (t) => {
	const role = await copied(), who = await holder(role), reader = await builtIn("reseller_reader");
	const id = site.portico("id", "user", site.value(`SELECT id FROM user WHERE email = '${who.email}'`)).trim();
	site.sql(`INSERT INTO session (token_hash, user_id, host, created, seen, ends) SELECT UNHEX(SHA2('${who.email}', 256)), id, '${who.host}', UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 1 HOUR FROM user WHERE email = '${who.email}'`);
	const window = await open(t, chrome, site, { who: owner });
	window.expect(/status of 422/);
	const { page } = window, box = async (label) => page.locator("x-give").getByRole("checkbox", { name: label, exact: true });
	await window.goto(`/reseller/staff/${id}`);
	await (await box(await window.say("role.reseller_reader"))).check();
	await (await box(role.name)).uncheck();
	await (await button(window, "give.save")).click();
	await page.getByText(await window.say("give.done", { name: "Staff" })).first().waitFor();
	const given = async () => (await ask("GET", `/api/v1/users/${id}/roles`, undefined)).json.roles.map((one) => one.id);
	assert.deepEqual(await given(), [reader]);
	assert.equal(site.value(`SELECT COUNT(*) FROM session s JOIN user u ON u.id = s.user_id WHERE u.email = '${who.email}'`), "0");
	await (await box(await window.say("role.reseller_reader"))).uncheck();
	await (await button(window, "give.save")).click();
	await page.locator("x-give [role=alert]").getByText(await window.say("given.length")).waitFor();
	assert.deepEqual([await window.axe(), await given()], [[], [reader]]);
});

for (const [who, at, more] of [[admin, "/admin/roles", {}], [admin, "/admin/roles", { width: 320 }], [owner, "/reseller/roles", { colorScheme: "dark" }], [user(site, "owner@namudhaj.example"), "/reseller/roles", { width: 1280 }]]) {
	test(`${who.email} ${JSON.stringify(more)}: list and a built-in role are whole, without a fault of access or width`, async (t) => {
		const window = await open(t, chrome, site, { who, ...more });
		await window.goto(at);
		const found = [await window.axe(), await window.sticksOut()];
		await window.goto(`${at}/${await builtIn("dealer_owner")}`);
		assert.equal(await window.page.locator("x-rights select:enabled").count(), 0);
		assert.deepEqual([...found, await window.axe(), await window.sticksOut()], [[], [], [], []]);
	});
}

clean(site);
