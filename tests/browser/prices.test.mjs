// Price lists and agreements as screens: a draft is written, tried and published; who buys sees its edges.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { user } from "../lib/users.mjs";

const site = await instance({ own: true, name: "prices" });
const chrome = await browser();
const seller = user(site, "owner@musterplatz.example");
const list = site.portico("id", "price_list", site.value("SELECT l.id FROM price_list l JOIN tenant n ON n.id = l.tenant_id WHERE n.slug = 'musterplatz'")).trim();
const press = async (window, key, values) => window.page.getByRole("button", { name: await window.say(key, values), exact: true }).click();

async function fine(window) {
	await window.settled();
	assert.deepEqual(await window.axe(), []);
	assert.deepEqual(await window.sticksOut(), []);
	// A card clips what is wider than it is.
	assert.deepEqual(await window.page.evaluate(() => [...document.querySelectorAll("x-table table")].filter((table) => table.offsetWidth > table.closest("x-list, x-table").clientWidth + 1).map((table) => `${table.offsetWidth} wide: ${table.textContent.slice(0, 60)}`)), []);
}

async function picture(window, name) {
	if (process.env.PICTURES) await window.page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true });
}

test("a draft is changed, tried and published, and each fault stands at its rule", async (t) => {
	const window = await open(t, chrome, site, { who: seller }), { page } = window;
	page.on("dialog", (dialog) => dialog.accept());
	await window.goto("/reseller/prices");
	await page.locator(`a[href$="/prices/${list}"]`).waitFor();
	await fine(window);
	await picture(window, "prices");
	await page.locator(`a[href$="/prices/${list}"]`).click();
	await page.locator("x-rules[editable] tbody tr").first().waitFor();
	await fine(window);
	await picture(window, "price");
	await press(window, "price.add");
	const row = page.locator("x-rules[editable] tbody tr").last();
	await row.locator("select").first().selectOption({ index: 1 });
	await row.locator("input").first().fill("lots");
	await press(window, "price.save");
	await row.locator(".x-rules-error").waitFor();
	assert.equal(await row.locator(".x-rules-error").innerText(), await window.say("price_fault.number"));
	await fine(window);
	assert.equal(window.faults.splice(0).length, 1, "the console has the 422");
	await row.locator("input").first().fill("2.5");
	await press(window, "price.simulate");
	await page.locator("x-table tbody tr").first().waitFor();
	await fine(window);
	await picture(window, "simulated");
	const draft = "SELECT COUNT(*) FROM price_rule r JOIN price_version v ON v.id = r.version_id JOIN price_list l ON l.id = v.list_id JOIN tenant n ON n.id = l.tenant_id WHERE n.slug = 'musterplatz' AND v.state = 'draft'";
	assert.equal(site.value(draft), "3");
	await press(window, "price.publish");
	await page.getByRole("button", { name: await window.say("price.begin"), exact: true }).waitFor();
	assert.equal(site.value(draft), "0");
	await fine(window);
});

for (const look of [{}, { width: 320, colorScheme: "dark" }])
	test(`tiers of a rule are written row by row, a fault stands at its tier, and they are read again: ${look.width ?? 1280} wide`, async (t) => {
		const window = await open(t, chrome, site, { who: seller, ...look }), { page } = window;
		page.on("dialog", (dialog) => dialog.accept());
		await window.goto(`/reseller/prices/${list}`);
		if (look.width === undefined) await press(window, "price.begin");
		await page.locator("x-rules[editable] tbody tr").first().waitFor();
		if (look.width === undefined) {
			const row = page.locator("x-rules[editable] tbody tr").first();
			await row.locator("td select").selectOption("tiers");
			await press(window, "catalogue.tier_add");
			await press(window, "catalogue.tier_add");
			const field = (n, name) => row.locator(`.x-tiers-row:nth-child(${n}) input[name=${name}]`);
			for (const [n, up_to, unit] of [[1, "10", "5"], [2, "4", "4"], [3, null, "3"]]) {
				if (up_to !== null) await field(n, "up_to").fill(up_to);
				await field(n, "unit").fill(unit);
			}
			assert.equal(await field(3, "up_to").count(), 0, "the last one has no end");
			await press(window, "price.save");
			await row.locator(".x-tiers-error").waitFor();
			assert.equal(await row.locator(".x-tiers-row:nth-child(2) .x-tiers-error").innerText(), await window.say("catalogue_fault.order"));
			assert.equal(window.faults.splice(0).length, 1, "the console has the 422");
			await fine(window);
			await field(2, "up_to").fill("20");
			await field(2, "flat").fill("1.5");
			await press(window, "price.save");
			await row.locator(".x-tiers-error").waitFor({ state: "detached" });
			await window.goto(`/reseller/prices/${list}`);
		}
		const tiers = page.locator("x-rules[editable] .x-tiers-row");
		await tiers.first().waitFor();
		assert.deepEqual(await tiers.evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("input")].map((input) => Number(input.value)))), [[10, 5, 0], [20, 4, 1.5], [3, 0]]);
		await fine(window);
		await picture(window, `tiers-${look.width ?? "wide"}`);
	});

test("agreements: as seller and as buyer, and a new one takes the place of the one before", async (t) => {
	const window = await open(t, chrome, site, { who: seller, width: 360 }), { page } = window;
	await window.goto("/reseller/agreements");
	await page.locator("x-agree form").waitFor();
	await fine(window);
	await picture(window, "agreements");
	await page.locator("x-agree input[type=date]").fill("2031-01-01");
	await page.locator("x-agree input[name=currency]").fill("eur");
	await press(window, "agreement.make");
	await page.locator('x-chip[state="planned"]').waitFor();
	assert.equal(site.value("SELECT COUNT(*) FROM agreement g JOIN tenant n ON n.id = g.seller_id WHERE n.slug = 'musterplatz' AND (g.starts = '2031-01-01' OR g.ends = '2031-01-01')"), "2");
	await press(window, "agreement.make");
	await page.locator("x-agree [aria-invalid=true]").waitFor();
	assert.equal(window.faults.splice(0).length, 1, "the console has the 422");
	await fine(window);
	await window.goto("/reseller/agreements/bought");
	await page.locator("x-table tbody tr", { hasText: "Nordmuster Medizin" }).waitFor();
	await fine(window);
});

test("under agency, who else earns is named with its rates, and shown", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "owner@nordmuster.example"), width: 360 }), { page } = window;
	await window.goto("/reseller/agreements");
	await page.locator("x-agree form").waitFor();
	await page.locator("x-agree input[name=currency]").fill("eur");
	await page.locator("x-agree input[type=date]").fill("2032-01-01");
	await page.locator("x-agree select[name=legal_model]").selectOption("agency");
	await press(window, "agents.add");
	await page.locator("x-agents[editable] input").first().fill("a tenth");
	await page.locator("x-agents[editable] input").nth(1).fill("19");
	await press(window, "agreement.make");
	await page.locator(".x-agents-error").waitFor();
	assert.equal(window.faults.splice(0).length, 1, "the console has the 422");
	await fine(window);
	await picture(window, "agents");
	await page.locator("x-agents[editable] input").first().fill("10");
	await press(window, "agreement.make");
	await page.locator("x-agents details").first().waitFor();
	assert.deepEqual(site.sql("SELECT CAST(a.rate AS DOUBLE) AS rate, CAST(a.tax_rate AS DOUBLE) AS tax FROM agreement_agent a JOIN agreement g ON g.id = a.agreement_id WHERE g.starts = '2032-01-01'"), [{ rate: "10", tax: "19" }]);
	await page.locator("x-agents summary").first().click();
	await page.locator("x-agents details li").waitFor();
	await fine(window);
});

for (const [who, path, more] of [["owner@musterplatz.example", `/reseller/prices/${list}`, { width: 320 }], ["owner@pharmacie-exemple.example", "/reseller/prices", { width: 360, colorScheme: "dark" }],
	["owner@specimen-sleep.example", "/reseller/prices", { width: 360 }], ["owner@namudhaj.example", "/reseller/prices", { width: 360 }], ["owner@namudhaj.example", "/reseller/agreements", {}], ["owner@musterplatz.example", "/reseller/agreements", {}], ["owner@sante-exemple.example", "/reseller/agreements", {}], ["admin@pneumuster.example", `/admin/prices/${list}`, { colorScheme: "dark" }], ["admin@pneumuster.example", "/admin/agreements", {}]])
	test(`${path.replace(list, "one")} by ${who} ${JSON.stringify(more)}: nothing sticks out and axe finds nothing`, async (t) => {
		const window = await open(t, chrome, site, { who: user(site, who), ...more });
		await window.goto(path);
		await window.page.locator("h1").waitFor();
		await fine(window);
		await picture(window, `${who.split("@")[1].split(".")[0]}-${path.split("/")[2]}-${more.width ?? "wide"}`);
	});

clean(site);
