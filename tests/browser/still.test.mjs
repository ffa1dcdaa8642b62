// Screens that do not jump while they are being loaded, however slowly the answers come.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { user } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();

/** Adds up how far things moved that nobody had touched, as browsers do for "cumulative layout shift". */
function measure() {
	globalThis.shifted = 0;
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifted += entry.value;
	}).observe({ type: "layout-shift", buffered: true });
}

/** Two frames: what was there to be drawn has been drawn. */
const drawn = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

describe("while it is being loaded", { concurrency: 2 }, () => {
	for (const [look, host] of [["light", "musterplatz"], ["dark", "specimen-sleep"], ["right-to-left", "namudhaj"]]) {
		for (const width of [1280, 360]) {
			test(`${look}, ${width} pixels wide: bills, customers and segments keep still while they are being loaded`, async (t) => {
				for (const [mail, at] of [[`patient0001@${host}.example`, "/bills"], [`owner@${host}.example`, "/reseller/customers"], [`owner@${host}.example`, "/reseller/segments"]]) {
					const window = await open(t, chrome, site, { who: user(site, mail), width });
					const { page } = window;
					await page.addInitScript(measure);
					let waited = 0;
					await page.route(/\/api\/v1\/(documents|customers|segments)\b/, async (route) => {
						// Not before the bones of the list have been seen.
						await page.locator("[aria-busy=true]").first().waitFor();
						await drawn(page);
						waited++;
						await route.continue();
					});
					await window.goto(at);
					await drawn(page);
					assert.ok(waited > 0);
					const shifted = await page.evaluate(() => shifted);
					assert.ok(shifted < 0.05, `${at} shifted by ${shifted.toFixed(3)}`);
				}
			});
		}
	}
});

clean(site);
