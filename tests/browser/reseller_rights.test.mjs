// Moves, transfers and approvals are pages of the reseller's portal too, for who holds the rights.  The vocabulary gives
// them to the provider's roles alone, so here the browser is told of more, as GET meta would tell it; what is shown is
// answered for the server, which gives those people nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { user } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();
const approval = { id: "apr_x", action: "tenant.close", object: null, object_name: "Somebody", user: null, user_name: "A colleague", mine: false, created: "2026-01-01T10:00:00Z", expires: "2199-01-01T10:00:00Z", state: "waiting" };
const rows = { moves: { id: "mov_x", tenant: "tnt_x", tenant_name: "A dealer", day: "2199-01-01", state: "planned" }, transfers: { id: "trf_x", tenant: "tnt_x", tenant_name: "A dealer", customer: "cus_x", customer_name: "A customer", day: "2199-01-01", state: "planned" }, approvals: approval };
const fields = { move: ["id", "tenant", "tenant_name", "day", "state"], transfer: ["id", "tenant", "tenant_name", "customer", "customer_name", "day", "state"], approval: Object.keys(approval) };

/** The reader's rights and those beside them. */
async function richer(window) {
	await window.page.addInitScript(({ names, more, of }) => {
		const real = globalThis.fetch;
		globalThis.fetch = async (to, how) => {
			const path = new URL(to, location.href).pathname, name = names.find((one) => path === `/api/v1/${one}`);
			if (name) return new Response(JSON.stringify({ data: [of[name]], next: null }), { headers: { "Content-Type": "application/json" } });
			if (path === "/api/v1/approvals/apr_x") return new Response(JSON.stringify(of.approvals), { headers: { "Content-Type": "application/json" } });
			const answer = await real(to, how);
			if (path !== "/api/v1/meta") return answer;
			const meta = await answer.json();
			meta.actions.push("move.read", "transfer.read", "approval.read", "approval.decide", "tenant.close");
			meta.pages.push(...names.map((one) => ({ portal: "reseller", name: one })));
			return new Response(JSON.stringify({ ...meta, fields: { ...meta.fields, ...more } }), { headers: { "Content-Type": "application/json" } });
		};
	}, { names: Object.keys(rows), more: fields, of: rows });
}

for (const [host, how] of [["nordmuster", {}], ["specimen-sleep", { width: 360, colorScheme: "dark" }], ["namudhaj", { width: 320 }]])
	test(`${host}: whoever holds the rights sees what moves, goes and waits, and decides`, async (t) => {
		const window = await open(t, chrome, site, { who: user(site, `owner@${host}.example`), ...how }), { page } = window;
		await richer(window);
		for (const [name, seen] of [["moves", "A dealer"], ["transfers", "A customer"], ["approvals", "A colleague"]]) {
			await window.goto(`/reseller/${name}`);
			await page.locator("x-table").getByText(seen).first().waitFor();
			assert.equal(await page.locator(`x-nav a[href="/reseller/${name}"]`).count(), 1);
			assert.equal(await page.locator("x-plan").count(), 0, "planning is another right");
			assert.deepEqual(await window.axe(), []);
			assert.deepEqual(await window.sticksOut(), []);
		}
		await page.getByRole("link", { name: await window.say("asks.tenant.close") }).click();
		await page.getByRole("button", { name: await window.say("approval.approve") }).waitFor();
		await window.settled();
		assert.deepEqual(await window.axe(), []);
		assert.deepEqual(await window.sticksOut(), []);
	});

test("who does not hold them has none of these pages, nor a way to close a reseller", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "owner@nordmuster.example") }), { page } = window;
	for (const name of Object.keys(rows)) {
		await window.goto(`/reseller/${name}`);
		await page.getByRole("heading", { name: await window.say("missing.title") }).waitFor();
		assert.equal(await page.locator(`x-nav a[href="/reseller/${name}"]`).count(), 0);
	}
	await window.goto(`/reseller/resellers/${site.portico("id", "tenant", site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'")).trim()}`);
	for (const key of ["reseller.close", "move.new"]) assert.equal(await page.getByText(await window.say(key), { exact: true }).count(), 0);
});

test("a list of resellers without levels keeps no room for what opens them", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "owner@nordmuster.example") }), { page } = window;
	await window.goto("/reseller/resellers");
	const left = (where) => page.locator(where).first().evaluate((e) => { const range = document.createRange(); range.selectNodeContents(e); return range.getBoundingClientRect().left; });
	assert.equal(await left("x-tree tbody th a"), await left("x-tree thead th"));
	const whole = await open(t, chrome, site, { who: user(site, "admin@pneumuster.example") });
	await whole.goto("/admin/resellers");
	assert.ok(await whole.page.locator("x-tree .x-tree-twig .icon").count() > 0, "where there are levels they open");
});

clean(site);
