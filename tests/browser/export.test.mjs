// The button that takes a whole list out as a file: for those who may, as the list stands, and clear about what went wrong.
import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { table } from "../lib/csv.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { as, user } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();
const shots = process.env.SHOTS; // a folder for pictures of what is looked at here

async function shoot(window, name) {
	if (shots) await window.page.screenshot({ path: `${shots}/${name}.png` });
}

describe("exporting a list", { concurrency: 1 }, () => {
	for (const [email, language, scheme] of [["owner@musterplatz.example", "de", "light"], ["owner@namudhaj.example", "ar", "light"], ["owner@specimen-sleep.example", "en-GB", "dark"]]) {
		test(`an owner (${email}) takes the customers out that a filter leaves, by keyboard, and the file holds them in that order`, async (t) => {
			const who = user(site, email), window = await open(t, chrome, site, { who, language, colorScheme: scheme }), { page } = window;
			const q = (await (await as(site, who))("GET", "/api/v1/customers?limit=1")).json.data[0].name.slice(0, 1);
			await window.goto(`/reseller/customers?q=${encodeURIComponent(q)}&sort=-name`);
			const button = page.getByRole("button", { name: await window.say("list.export"), exact: true });
			await button.waitFor();
			await window.tab(button);
			const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
			assert.match(file.suggestedFilename(), /^customers-\d{4}-\d\d-\d\d\.csv$/);
			const rows = table(fs.readFileSync(await file.path(), "utf8"));
			const expected = (await (await as(site, who))("GET", `/api/v1/customers?limit=200&q=${encodeURIComponent(q)}&sort=-name`)).json.data;
			assert.deepEqual(rows.map((row) => row.id), expected.map((row) => row.id));
			await button.waitFor(); // it is itself again
			assert.equal(await button.getAttribute("aria-disabled"), "false");
			assert.deepEqual(await window.axe(), []);
			await shoot(window, `export-${language}-1280`);
			await window.resize(320);
			assert.deepEqual(await window.sticksOut(), []);
			await shoot(window, `export-${language}-320`);
		});
	}

	test("who may not export has no such button, and neither has a list without rows", async (t) => {
		const reader = await open(t, chrome, site, { who: user(site, "reader@musterplatz.example"), language: "de" });
		await reader.goto("/reseller/customers");
		assert.equal(await reader.page.getByRole("button", { name: await reader.say("list.export") }).count(), 0);
		const owner = await open(t, chrome, site, { who: user(site, "owner@musterplatz.example"), language: "de" });
		await owner.goto("/reseller/customers?q=nobodyatall");
		await owner.page.getByText(await owner.say("list.no_match"), { exact: true }).waitFor();
		assert.equal(await owner.page.getByRole("button", { name: await owner.say("list.export") }).count(), 0);
	});

	test("a file that does not hold all says so, and one that broke off or was refused is none", async (t) => {
		const window = await open(t, chrome, site, { who: user(site, "owner@musterplatz.example"), language: "de" }), { page } = window;
		let downloads = 0;
		page.on("download", () => { downloads++; });
		await window.goto("/reseller/bills");
		const button = page.getByRole("button", { name: await window.say("list.export"), exact: true }), files = /\/api\/v1\/documents\?.*format=csv/;
		await page.route(files, (route) => route.fulfill({ contentType: "text/csv", body: "\ufeffid\r\ninv_x\r\n\"# incomplete: the rest is what this one gives with cursor=x\"\r\n" }));
		await Promise.all([page.waitForEvent("download"), button.click()]);
		await page.locator("main").getByText(await window.say("list.export_cut"), { exact: true }).waitFor();
		assert.deepEqual(await window.axe(), []);
		await shoot(window, "export-cut");
		await page.unroute(files);
		window.expect(/ERR_|Failed to load|status of 503/);
		await page.route(files, (route) => route.abort("connectionreset"));
		await button.click();
		await page.locator("main").getByText(await window.say("problem.offline")).waitFor();
		assert.equal(await page.locator("main").getByText(await window.say("list.export_cut")).count(), 0);
		await page.unroute(files);
		await page.route(files, (route) => route.fulfill({ status: 503, contentType: "application/problem+json", headers: { "Retry-After": "10" }, body: JSON.stringify({ type: "/problems/busy", title: "The server is busy", status: 503, trace: "0123456789abcdef" }) }));
		await button.click();
		await page.locator("main").getByText(await window.say("problem.busy")).waitFor();
		await shoot(window, "export-busy");
		await page.unroute(files);
		await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: await window.say("problem.again") }).click()]);
		assert.equal(downloads, 2);
	});
});

clean(site);
