// Who opened my data: a customer reads it in its profile and on a page of its own, its reseller and the provider on
// the page of the customer; in each of three looks, and with nobody above the reseller named.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { as, user, users } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();
const looks = { musterplatz: "de", "specimen-sleep": "en-GB", namudhaj: "ar" };
const admin = user(site, "admin@pneumuster.example");
const rows = (page) => page.locator("main x-list[path=openings]").getByRole("row").filter({ has: page.getByRole("rowheader") });

/** axe and no scrolling sideways, wide and narrow; a picture of both where somebody wants to look. */
async function isForEverybody(window, name) {
	for (const width of [1280, 360, 320]) {
		await window.resize(width);
		if (process.env.PICTURES) await window.page.screenshot({ path: `${process.env.PICTURES}/openings-${name}-${width}.png`, fullPage: true });
		if (width > 320) assert.deepEqual(await window.axe(), [], `${name} at ${width}`);
		assert.deepEqual(await window.sticksOut(), [], `${name} at ${width}`);
	}
	await window.resize(1280);
}

describe("openings", { concurrency: 1 }, () => {
	for (const [host, language] of Object.entries(looks)) {
		const [patient, quiet] = users(site).filter((one) => one.host === `${host}.localhost` && one.role === "customer_owner"), owner = user(site, `owner@${host}.example`);

		test(`${host}: whom nobody has looked at is told so, and what will stand here`, async (t) => {
			site.sql(`DELETE FROM opening WHERE customer_id = (SELECT customer_id FROM user WHERE email = '${quiet.email}')`);
			const window = await open(t, chrome, site, { who: quiet, language });
			await window.goto("/openings");
			await window.page.getByText(await window.say("openings.empty_own"), { exact: true }).waitFor();
			assert.equal(await window.page.locator("h1").innerText(), await window.say("page.openings"));
			await isForEverybody(window, `${host}-empty`);
		});

		test(`${host}: a customer reads who opened what, house and role and no person, from its profile on`, async (t) => {
			const id = site.value(`SELECT customer_id FROM user WHERE email = '${patient.email}'`), mine = await as(site, patient);
			site.sql(`DELETE FROM opening WHERE customer_id = ${id}`);
			const { data: [bill] } = (await mine("GET", "/api/v1/documents?limit=1")).json;
			for (const who of [owner, admin])
				site.sql(`INSERT INTO opening (tenant_id, customer_id, segment_id, kind, object_id, number, user_id, role_id, did, day, at)
					SELECT d.tenant_id, d.customer_id, d.segment_id, 'document', d.id, d.number, u.id, u.role_id, '${who === owner ? "changed" : "opened"}', '2026-06-01', '2026-06-01 10:00:0${who === owner ? 0 : 1}'
					FROM document d JOIN user u ON u.email = '${who.email}' WHERE d.number = '${bill.number}' AND d.customer_id = ${id}`);
			const window = await open(t, chrome, site, { who: patient, language }), { page } = window;
			await window.goto("/profile");
			const section = page.getByRole("region").or(page.locator("section")).filter({ has: page.getByRole("heading", { name: await window.say("page.openings"), exact: true }) }).last();
			assert.equal(await rows(page).count(), 2);
			await section.getByRole("link", { name: await window.say("openings.all"), exact: true }).click();
			await page.waitForURL(/\/openings$/);
			await window.settled();
			const told = await rows(page).allInnerTexts();
			assert.equal(told.length, 2);
			assert.ok(told[0].includes(await window.say("house.provider")) && told[0].includes(await window.say("role.provider_admin")), told[0]);
			assert.ok(told[1].includes(await window.say("role.dealer_owner")) && told[1].includes(await window.say("did.changed")), told[1]);
			for (const row of told) assert.ok(row.includes(bill.number), row);
			assert.doesNotMatch(await window.written(), /pneumuster/i);
			assert.ok(!(await window.written()).includes(site.value(`SELECT name FROM user WHERE email = '${owner.email}'`)));
			await page.locator("main select").first().selectOption("payment");
			await page.getByText(await window.say("list.no_match"), { exact: true }).waitFor();
			await page.locator("main select").first().selectOption("document");
			await rows(page).nth(1).waitFor();
			await isForEverybody(window, host);
		});

		test(`${host}: the reseller reads it on the page of the customer, its own people by name`, async (t) => {
			const window = await open(t, chrome, site, { who: owner, language }), { page } = window;
			const id = site.portico("id", "customer", site.value(`SELECT customer_id FROM user WHERE email = '${patient.email}'`)).trim();
			await window.goto(`/reseller/customers/${id}`);
			await page.getByRole("navigation", { name: await window.say("customer.sections") }).getByRole("link", { name: await window.say("customer.openings"), exact: true }).click();
			await page.waitForURL(/\/openings$/);
			await window.settled();
			assert.ok((await rows(page).allInnerTexts()).join("\n").includes(site.value(`SELECT name FROM user WHERE email = '${owner.email}'`)));
			assert.doesNotMatch(await window.written(), /pneumuster/i);
			await isForEverybody(window, `${host}-reseller`);
		});
	}

	test("the provider reads it there too, with house and person", async (t) => {
		const window = await open(t, chrome, site, { who: admin, language: "en-GB" });
		const patient = users(site).find((one) => one.host === "musterplatz.localhost" && one.role === "customer_owner");
		await window.goto(`/admin/customers/${site.portico("id", "customer", site.value(`SELECT customer_id FROM user WHERE email = '${patient.email}'`)).trim()}/openings`);
		const told = (await rows(window.page).allInnerTexts()).join("\n");
		for (const name of [site.value("SELECT name FROM tenant WHERE slug = 'musterplatz'"), site.value(`SELECT name FROM user WHERE email = '${admin.email}'`)]) assert.ok(told.includes(name), `${name} in ${told}`);
		await isForEverybody(window, "admin");
	});
});

clean(site);
