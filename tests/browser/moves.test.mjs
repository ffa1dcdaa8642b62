// Moves of resellers as they are planned, watched and called off in the provider's portal.  An instance of its own, since
// the tree is another one afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { offered, pick } from "../lib/plan.mjs";
import { user } from "../lib/users.mjs";

const site = await instance({ own: true, name: "moves" });
const chrome = await browser();
const admin = user(site, "admin@pneumuster.example");
const sealed = (slug) => site.portico("id", "tenant", site.value(`SELECT id FROM tenant WHERE slug = '${slug}'`)).trim();
const nameOf = (slug) => site.value(`SELECT name FROM tenant WHERE slug = '${slug}'`);
const last = () => site.sql(`SELECT n.slug AS who, p.slug AS parent, IF(m.day = UTC_DATE() + INTERVAL 1 DAY, 'tomorrow', m.day) AS day, m.state
	FROM move m JOIN tenant n ON n.id = m.tenant_id JOIN tenant p ON p.id = m.parent_id ORDER BY m.id DESC LIMIT 1`)[0];
const open_ = (t, more) => open(t, chrome, site, { who: admin, ...more });
const press = async (window, key, values) => window.page.getByRole("button", { name: await window.say(key, values), exact: true }).click();

async function fine(window) {
	await window.settled();
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
}

test("from a reseller's page: only possible parents are offered, what comes of it is said before, and it can be called off", async (t) => {
	const window = await open_(t), { page } = window, name = nameOf("specimen-sleep");
	page.on("dialog", (dialog) => dialog.accept());
	await window.goto("/admin/moves");
	await page.getByText(await window.say("move.empty"), { exact: true }).waitFor();
	await fine(window);
	await window.goto(`/admin/resellers/${sealed("specimen-sleep")}`);
	await page.getByRole("link", { name: await window.say("move.new") }).click();
	await page.locator("x-plan x-pick").nth(1).waitFor();
	assert.equal(await page.locator("x-plan x-pick").first().getByRole("combobox").inputValue(), name);
	// Not itself, what is below it, its parent, what is closed, or what would be too deep.
	const possible = ["pneumuster", "sante-exemple", "musterplatz", "pharmacie-exemple", "namudhaj", "mihon-kokyu"].map(nameOf).sort();
	assert.deepEqual(await offered(window, 1), possible);
	assert.equal(await page.locator(".x-plan-comes").count(), 0);
	await pick(window, 1, nameOf("sante-exemple"));
	const said = await page.locator(".x-plan-comes").innerText();
	for (const words of [name, nameOf("nordmuster"), nameOf("sante-exemple"), await window.say("move.comes_bills")]) assert.ok(said.includes(words), `${words} in ${said}`);
	await fine(window);
	await press(window, "move.make");
	await page.locator('x-chip[state="planned"]').waitFor();
	assert.deepEqual(last(), { who: "specimen-sleep", parent: "sante-exemple", day: "tomorrow", state: "planned" });
	await fine(window);
	await press(window, "plan.cancel_one", { name });
	await page.locator('x-chip[state="cancelled"]').waitFor();
	assert.equal(last().state, "cancelled");
	assert.equal(await page.evaluate(() => document.activeElement.localName), "x-list", "the keyboard is at the list");
});

test("a move of today is watched to its end without anything being pressed", async (t) => {
	const window = await open_(t, { width: 360 }), { page } = window;
	await window.goto(`/admin/moves?of=${sealed("example-homecare")}`);
	await pick(window, 1, nameOf("mihon-kokyu"));
	await page.locator("x-plan input[type=date]").fill(site.value("SELECT UTC_DATE()"));
	await press(window, "move.make");
	await page.locator('x-chip[state="done"]').waitFor();
	assert.equal(site.value("SELECT p.slug FROM tenant n JOIN tenant p ON p.id = n.parent_id WHERE n.slug = 'example-homecare'"), "mihon-kokyu");
	await fine(window);
});

test("a move whose rows follow says so, and what was refused on its day says what to do", async (t) => {
	const window = await open_(t, { colorScheme: "dark" });
	const row = (state) => ({ id: `mov_${state}`, tenant: sealed("musterplatz"), tenant_name: nameOf("musterplatz"), from: sealed("nordmuster"), from_name: nameOf("nordmuster"),
		parent: sealed("sante-exemple"), parent_name: nameOf("sante-exemple"), day: "2026-01-01", state });
	// While rows follow nobody could look at it: portico-jobs is too quick.
	await window.page.route("**/api/v1/moves?*", (route) => route.fulfill({ json: { data: [row("moving"), row("refused")], next: null } }));
	await window.goto("/admin/moves");
	await window.page.getByText(await window.say("move.moving")).waitFor();
	await window.page.getByText(await window.say("move.refused")).waitFor();
	await fine(window);
});

test("what is missing, planned already or too late is said in words, and nothing is lost", async (t) => {
	const window = await open_(t), { page } = window, name = nameOf("pharmacie-exemple");
	page.on("dialog", (dialog) => dialog.accept());
	window.expect(/status of (409|422)/);
	await window.goto("/admin/moves");
	await press(window, "move.make");
	await page.getByText(await window.say("plan.missing")).waitFor();
	assert.equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "combobox", "the keyboard is where something is missing");
	await fine(window);
	await pick(window, 0, name);
	await pick(window, 1, nameOf("nordmuster"));
	await page.locator("x-plan input[type=date]").fill("2026-01-01");
	await press(window, "move.make");
	await page.getByText(await window.say("move_fault.past")).waitFor();
	await fine(window);
	await page.locator("x-plan input[type=date]").fill("2199-01-01");
	await press(window, "move.make");
	await page.getByRole("button", { name: await window.say("plan.cancel_one", { name }) }).waitFor();
	await pick(window, 0, name);
	await pick(window, 1, nameOf("mihon-kokyu"));
	await press(window, "move.make");
	await page.getByText(await window.say("plan.again")).waitFor();
	await fine(window);
	site.sql("UPDATE move SET state = 'done' WHERE state = 'planned'"); // its day has come, and the window does not know
	await press(window, "plan.cancel_one", { name });
	await page.getByText(await window.say("plan.too_late")).waitFor();
	assert.equal(last().state, "done");
});

test("right to left, on a phone", async (t) => {
	const who = user(site, "deputy@pneumuster.example");
	site.sql(`UPDATE user SET language = 'ar' WHERE email = '${who.email}'`);
	const window = await open(t, chrome, site, { who, width: 320 });
	await window.goto(`/admin/moves?of=${sealed("specimen-sleep")}`);
	await pick(window, 1, nameOf("sante-exemple"));
	await window.page.locator(".x-plan-comes").waitFor();
	await fine(window);
});

test("who only sees moves plans none and calls none off; who does not see them has no such page", async (t) => {
	site.sql("INSERT INTO move (tenant_id, from_id, parent_id, day) SELECT n.id, n.parent_id, 1, '2199-01-01' FROM tenant n WHERE n.slug = 'namudhaj'");
	const window = await open(t, chrome, site, { who: user(site, "auditor@pneumuster.example") }), { page } = window;
	await window.goto("/admin/moves");
	await page.locator('x-chip[state="planned"]').waitFor();
	assert.deepEqual([await page.locator("x-plan").count(), await page.locator("x-table button.button").count()], [0, 0]);
	await window.goto(`/admin/resellers/${sealed("musterplatz")}`);
	assert.equal(await page.getByRole("link", { name: await window.say("move.new") }).count(), 0);
	const billing = await open(t, chrome, site, { who: user(site, "billing@pneumuster.example") });
	await billing.goto("/admin/moves");
	await billing.page.getByRole("heading", { name: await billing.say("missing.title") }).waitFor();
	assert.equal(await billing.page.locator('x-nav a[href="/admin/moves"]').count(), 0);
});

clean(site);
