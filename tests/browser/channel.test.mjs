// What a house says of its customers and of those who buy from it: segments, shares of the catalogue, ceilings, invitations.
// An instance of its own, since rights and segments are others afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { prove } from "../lib/second.mjs";
import { user, writer } from "../lib/users.mjs";

const site = await instance({ own: true, name: "channel-screens" });
const chrome = await browser();
const owner = user(site, "owner@musterplatz.example"), distributor = user(site, "owner@nordmuster.example"), admin = user(site, "admin@pneumuster.example");
const tenantOf = (slug) => site.value(`SELECT id FROM tenant WHERE slug = '${slug}'`);
const tenant = tenantOf("musterplatz"), parent = tenantOf("nordmuster");
const idOf = (resource, id) => site.portico("id", resource, id).trim();
const product = (code) => site.value(`SELECT id FROM product_segment WHERE code = '${code}'`);
const changed = () => site.sql("UPDATE channel_version SET version = version + 1");
const ask = await writer(site, owner), above = await writer(site, distributor);
const read = async (as, path) => (await as("GET", `/api/v1/${path}`, undefined)).json;

const button = async (window, key, values) => window.page.getByRole("button", { name: await window.say(key, values), exact: true });
const field = (window, name, what = "input") => window.page.locator(`x-field[name="${name}"] ${what}`);
/** What the portal says once a step is done. */
const told = async (window, key, values) => window.page.getByText(await window.say(key, values), { exact: true }).first().waitFor();

/** For everybody, as wide as a phone too. */
async function fits(window) {
	assert.deepEqual(await window.axe(), []);
	await window.resize(320);
	assert.deepEqual(await window.sticksOut(), []);
	assert.deepEqual(await window.axe(), [], "axe at 320 pixels");
	await window.resize(1280);
}

test("a segment is made by a rule, what the rule lacks stands at its field, it is changed and deleted", async (t) => {
	const window = await open(t, chrome, site, { who: owner });
	const { page } = window;
	window.expect(/status of 422/);
	page.on("dialog", (dialog) => dialog.accept());
	await window.goto("/reseller/segments");
	await field(window, "name").fill("Nah");
	await field(window, "way", "select").selectOption("rule");
	await (await button(window, "segment.make")).click();
	await page.getByText(await window.say("segment_fault.conditions"), { exact: true }).waitFor();
	await page.waitForFunction(() => document.activeElement?.name === "way");
	await fits(window);
	await field(window, "country").fill("nz"); // where nobody of the demo lives: a segment that has customers is not deleted
	await field(window, "size").fill("2");
	await (await button(window, "segment.make")).click();
	await page.getByRole("heading", { level: 1, name: "Nah" }).waitFor();
	await window.settled();
	const made = async (name) => (await read(ask, "segments?limit=200")).data.find((s) => s.name === name);
	const { way, country, size, kind } = await made("Nah");
	assert.deepEqual([way, country, size, kind], ["rule", "NZ", 2, null]);
	await field(window, "name").fill("Nah dabei");
	await field(window, "way", "select").selectOption("hand");
	await (await button(window, "segment.save")).click();
	await page.getByRole("heading", { level: 1, name: "Nah dabei" }).waitFor();
	const after = await made("Nah dabei");
	assert.deepEqual([after.way, after.country, after.size], ["hand", null, null], "without a rule there are no conditions");
	await fits(window);
	await (await button(window, "segment.delete")).click();
	await page.waitForURL(/\/reseller\/segments$/);
	assert.equal(await made("Nah dabei"), undefined);
});

test("a segment in use is not deleted, and the screen says by what it is used", async (t) => {
	const window = await open(t, chrome, site, { who: owner });
	const { page } = window;
	window.expect(/status of 409/);
	page.on("dialog", (dialog) => dialog.accept());
	const full = site.value(`SELECT MIN(segment_id) FROM customer WHERE tenant_id = ${tenant}`);
	await window.goto(`/reseller/segments/${idOf("segment", full)}`);
	await (await button(window, "segment.delete")).click();
	const alert = page.getByRole("alert");
	await alert.waitFor();
	assert.match(await alert.textContent(), new RegExp(await window.say("problem.segment_full")));
	const { json } = await ask("POST", "/api/v1/segments", { name: "Benannt" });
	const role = (await read(ask, "roles?limit=200")).data.find((r) => r.code === "dealer_owner");
	const copy = (await ask("POST", `/api/v1/roles/${role.id}/copy`, { name: "Nur Benannte" })).json;
	const { headers } = await ask("GET", `/api/v1/roles/${copy.id}`, undefined);
	const kept = await ask("PATCH", `/api/v1/roles/${copy.id}`, { segments: [json.id] }, { "If-Match": headers.etag });
	assert.equal(kept.status, 200, kept.text);
	await window.goto(`/reseller/segments/${json.id}`);
	await (await button(window, "segment.delete")).click();
	await alert.waitFor();
	assert.match(await alert.textContent(), new RegExp(await window.say("problem.segment_named")));
	await fits(window);
});

test("who may only see segments gets no form and no button", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "reader@musterplatz.example") });
	await window.goto("/reseller/segments");
	assert.ok(await window.page.getByRole("row").count() > 3);
	assert.equal(await window.page.locator("x-segment").count(), 0);
	await window.page.getByRole("rowheader").getByRole("link").first().click();
	await window.page.waitForURL(/\/segments\/seg_/);
	await window.settled();
	assert.equal(await window.page.locator("x-segment").count(), 0);
	assert.equal(await (await button(window, "segment.delete")).count(), 0);
});

test("a customer's segment, tags and account manager are changed in place; what somebody else changed is read again", async (t) => {
	const window = await open(t, chrome, site, { who: owner });
	const { page } = window;
	window.expect(/status of 412/);
	const customer = idOf("customer", site.value(`SELECT MIN(id) FROM customer WHERE tenant_id = ${tenant}`)), path = `customers/${customer}`;
	const { id } = (await ask("POST", "/api/v1/segments", { name: "Von Hand" })).json;
	await window.goto(`/reseller/${path}`);
	await (await button(window, "classify.change")).click();
	await field(window, "segment", "select").selectOption(id);
	await field(window, "tags").fill("eilig, Nacht , eilig");
	await field(window, "agent", "select").selectOption("");
	await (await button(window, "classify.save")).click();
	await told(window, "classify.saved");
	const change = await button(window, "classify.change");
	await change.waitFor();
	await page.waitForFunction((text) => document.activeElement?.textContent === text, await window.say("classify.change"));
	const now = await read(ask, path);
	assert.deepEqual([now.segment_name, now.segment_by, [...now.tags].sort(), now.agent], ["Von Hand", "hand", ["Nacht", "eilig"], null]);
	await page.getByText("Von Hand", { exact: true }).first().waitFor();
	await change.click();
	await field(window, "tags").fill("später");
	const { headers } = await ask("GET", `/api/v1/${path}`, undefined);
	assert.equal((await ask("PATCH", `/api/v1/${path}`, { tags: ["anderer"] }, { "If-Match": headers.etag })).status, 200);
	await (await button(window, "classify.save")).click();
	await page.getByText(await window.say("problem.changed")).waitFor();
	await fits(window);
	await (await button(window, "problem.reload")).click();
	await page.getByText("anderer", { exact: true }).waitFor();
	assert.deepEqual((await read(ask, path)).tags, ["anderer"], "nothing was written over");
	await field(window, "segment", "select").selectOption("");
	await (await button(window, "classify.save")).click();
	await change.waitFor();
	assert.equal((await read(ask, path)).segment_by, "rule", "the rules have it again");
});

test("a distributor shares parts of the catalogue; a part stands for all below it, and the rest can be taken away", async (t) => {
	const window = await open(t, chrome, site, { who: distributor });
	const { page } = window, box = (name) => page.locator(`x-shares input[name="${name}"]`);
	const share = async () => (await read(above, `tenants/${idOf("tenant", tenant)}/products`)).products?.sort() ?? null;
	prove(site); // the dialog that asks for a code is tried in approvals.test.mjs
	await window.goto("/reseller/resellers");
	await page.getByRole("link", { name: "Apotheke am Musterplatz" }).click();
	await page.getByRole("link", { name: await window.say("reseller.products") }).click();
	await window.settled();
	assert.equal(await box("any").isChecked(), true);
	assert.equal(await box("devices").isDisabled(), true);
	await box("any").uncheck();
	await box("all").uncheck();
	await (await button(window, "shares.save")).click();
	await page.getByText(await window.say("shares_fault.length"), { exact: true }).waitFor();
	await fits(window);
	await box("devices").check();
	assert.equal(await box("devices-oxygen").isChecked(), true);
	await box("devices-oxygen").uncheck();
	assert.deepEqual([await box("devices").isChecked(), await box("devices-therapy").isChecked()], [false, true]);
	await box("masks").check();
	await (await button(window, "shares.save")).click();
	await told(window, "shares.saved");
	assert.deepEqual(await share(), ["devices-therapy", "devices-ventilation", "masks"].map((code) => idOf("product", product(code))).sort());
	await box("any").check();
	await (await button(window, "shares.save")).click();
	await page.waitForFunction(() => document.querySelector('x-shares form[aria-busy="false"] input[name="all"]')?.checked);
	assert.equal(await share(), null);
});

test("what whoever a reseller buys from does not have is greyed and says so; one's own share is only shown", async (t) => {
	site.sql(`INSERT INTO product_share (tenant_id, product_id) VALUES (${parent}, ${product("devices")}), (${tenant}, ${product("devices")})`);
	changed();
	const window = await open(t, chrome, site, { who: admin });
	const box = (name, { page } = window) => page.locator(`x-shares input[name="${name}"]`);
	await window.goto(`/admin/resellers/${idOf("tenant", tenant)}/products`);
	assert.deepEqual([await box("masks").isDisabled(), await box("devices").isDisabled()], [true, false]);
	assert.equal(await window.page.locator(`[id="${await box("masks").getAttribute("aria-describedby")}"]`).textContent(), await window.say("shares.lacks"));
	await fits(window);
	const own = await open(t, chrome, site, { who: distributor });
	await own.goto(`/reseller/resellers/${idOf("tenant", parent)}/products`);
	assert.equal(await box("devices", own).isDisabled(), true);
	assert.equal(await own.page.locator("x-shares button").count(), 0);
	site.sql(`DELETE FROM product_share WHERE tenant_id IN (${parent}, ${tenant})`);
	changed();
});

test("a ceiling is one of one's own roles, shown as its matrix before it is set; who is not right above only sees it", async (t) => {
	const window = await open(t, chrome, site, { who: distributor });
	const { page } = window, path = `tenants/${idOf("tenant", tenant)}/ceiling`;
	const role = (await above("POST", "/api/v1/roles", { name: "Grenze", portal: "reseller", grants: [{ action: "customer.read", scope: "subtree" }], fields: [{ field: "customer.id", level: "read" }] })).json;
	prove(site);
	await window.goto(`/reseller/resellers/${idOf("tenant", tenant)}/ceiling`);
	await field(window, "role", "select").selectOption(role.id);
	const cell = page.locator('x-rights select[name="customer.read"]');
	await cell.waitFor();
	assert.deepEqual([await cell.inputValue(), await cell.isDisabled()], ["subtree", true]);
	assert.deepEqual(await read(above, path), { role: null }, "nothing is set yet");
	await fits(window);
	await (await button(window, "limit.save")).click();
	await told(window, "limit.saved");
	assert.equal((await read(above, path)).role.id, role.id);
	const over = await open(t, chrome, site, { who: admin });
	await over.goto(`/admin/resellers/${idOf("tenant", tenant)}/ceiling`);
	await over.page.getByText(await over.say("limit.fixed", { name: "Grenze" })).waitFor();
	assert.equal(await over.page.locator("x-limit form").count(), 0);
	await field(window, "role", "select").selectOption("");
	await (await button(window, "limit.save")).click();
	await page.waitForFunction(() => document.querySelector("x-limit form")?.ariaBusy === "false" && !document.querySelector("x-limit x-rights"));
	assert.deepEqual(await read(above, path), { role: null });
});

test("a customer invites somebody, who gets another link no sooner than after a minute", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "patient0001@musterplatz.example") });
	const { page } = window, email = "invited@musterplatz.example", name = "Neu dabei";
	window.expect(/status of 409/);
	await window.goto("/profile");
	await (await button(window, "invite.heading")).click();
	await page.locator("x-invite x-field[name=email] input").fill(email);
	await page.locator("x-invite x-field[name=name] input").fill(name);
	await (await button(window, "invite.do")).click();
	await told(window, "invite.sent", { email });
	await window.goto("/profile");
	await page.locator("x-list table").first().waitFor();
	const invited = site.value(`SELECT id FROM user WHERE email = '${email}'`);
	const again = await button(window, "again.label", { name });
	await again.click();
	await page.getByText(await window.say("again.wait"), { exact: true }).waitFor();
	await fits(window);
	site.sql(`DELETE FROM outbox WHERE user_id = ${invited}`);
	await again.click();
	await told(window, "again.sent", { name });
	assert.equal(site.value(`SELECT COUNT(*) FROM outbox WHERE user_id = ${invited}`), "1");
});

test("whom the provider invites comes in by two, and the one who asked is told so", async (t) => {
	const window = await open(t, chrome, site, { who: admin });
	const { page } = window, email = "invited-admin@pneumuster.example";
	await window.goto("/admin/staff");
	await page.locator("x-invite x-field[name=email] input").fill(email);
	await page.locator("x-invite x-field[name=name] input").fill("Neu dabei");
	await (await button(window, "invite.do")).click();
	await page.locator("x-invite").getByText(await window.say("problem.approval_asked")).waitFor();
	await fits(window);
	assert.deepEqual(site.sql(`SELECT id FROM user WHERE email = '${email}'`), []);
});

clean(site);
