// What needs a second person, tried with nobody but the people of the demo: one administrator asks, the deputy agrees.
// An instance of its own, since roles of the provider are made.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { user, writer } from "../lib/users.mjs";

const site = await instance({ own: true, name: "second-admin" });
const chrome = await browser();
const admin = user(site, "admin@pneumuster.example"), deputy = user(site, "deputy@pneumuster.example");

test("in the demo the deputy sees that something waits, and agrees to it", async (t) => {
	const ask = await writer(site, admin), name = "Night shift";
	const asked = await ask("POST", "/api/v1/roles", { name, portal: "admin", grants: [{ action: "customer.read", scope: "all" }], fields: [{ field: "customer.name", level: "read" }] });
	assert.equal(asked.status, 202, asked.text);
	const window = await open(t, chrome, site, { who: deputy }), { page } = window;
	await window.goto("/admin/approvals");
	await page.locator("x-nav").getByText(await window.say("nav.waiting", { n: 1 })).waitFor({ state: "attached" });
	await page.getByRole("link", { name: await window.say("asks.role.create") }).click();
	await page.getByText(name).waitFor();
	await page.getByRole("button", { name: await window.say("approval.approve") }).click();
	await page.locator('x-chip[state="done"]').waitFor();
	assert.equal(site.value(`SELECT COUNT(*) FROM role WHERE name = '${name}'`), "1");
});

clean(site);
