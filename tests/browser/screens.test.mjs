// Every screen of the portals on a light, a dark and a right-to-left brand: for everybody, at any width,
// in the reseller's name alone.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { ask } from "../lib/http.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { as, user } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();

const looks = {
	"light": { host: "musterplatz", language: "de", dir: "ltr", scheme: "light" },
	"dark": { host: "specimen-sleep", language: "en-GB", dir: "ltr", scheme: "dark" },
	"right-to-left": { host: "namudhaj", language: "ar", dir: "rtl", scheme: "light" },
};

const broken = { status: 503, contentType: "application/problem+json", headers: { "Retry-After": "5" },
	body: JSON.stringify({ type: "/problems/busy", title: "The server is busy", status: 503, trace: "0123456789abcdef" }) };
const none = { contentType: "application/json", body: JSON.stringify({ data: [], next: null }) };

/** A few rows of each list look like fifty, and are looked at in a tenth of the time.  (A route would cost the cache.) */
function short() {
	const whole = globalThis.fetch;
	globalThis.fetch = (url, how) => whole(String(url).replace(/\blimit=50\b/, "limit=6"), how);
}

/** Every screen: its address, and what the API answers there instead of the truth. */
const screens = {
	customer: {
		"bills": { at: "/bills" },
		"bills of which none is found": { at: "/bills?state=overdue&kind=credit_note" },
		"no bills yet": { at: "/bills", documents: none },
		"bills that cannot be had": { at: "/bills", documents: broken },
		"subscriptions": { at: "/subscriptions" },
		"payments": { at: "/payments" },
		"profile": { at: "/profile" },
		"who opened my data": { at: "/openings" },
		"no such page": { at: "/none/such" },
		"one bill": { at: async (who) => `/api/v1/documents/${await first(who, "documents")}/html`, scheme: "light" },
		"no such file": { at: "/none/such.txt", expected: /status of 404/ },
	},
	reseller: {
		"customers": { at: "/reseller/customers" },
		"customers of which none is found": { at: "/reseller/customers?q=nobody" },
		"one customer": { at: async (who) => `/reseller/customers/${await first(who, "customers")}` },
		"who opened a customer's data": { at: async (who) => `/reseller/customers/${await first(who, "customers")}/openings` },
		"a customer's bills": { at: async (who) => `/reseller/customers/${await first(who, "customers")}/bills` },
		"a customer who is not ours": { at: "/reseller/customers/cus_aaaaaaaaaaaaaaaaaaaaaaaaaa", expected: /status of 40[04]/ },
		"segments": { at: "/reseller/segments" },
		"one segment": { at: async (who) => `/reseller/segments/${await first(who, "segments")}` },
		"resellers": { at: "/reseller/resellers" },
		"one reseller": { at: async (who) => `/reseller/resellers/${await first(who, "tenants")}` },
		"a share of the catalogue": { at: async (who) => `/reseller/resellers/${await first(who, "tenants")}/products` },
		"a ceiling": { at: async (who) => `/reseller/resellers/${await first(who, "tenants")}/ceiling` },
		"bills": { at: "/reseller/bills" },
		"drafts": { at: "/reseller/drafts" },
		"settlements": { at: "/reseller/settlements" },
		"statements": { at: "/reseller/statements" },
		"payments": { at: "/reseller/payments" },
		"catalogue": { at: "/reseller/catalogue" },
		"one offering": { at: async (who) => `/reseller/catalogue/${await first(who, "offerings")}` },
		"taxes": { at: "/reseller/prices/taxes" },
		"staff": { at: "/reseller/staff" },
		"API keys": { at: "/reseller/keys" },
		"profile": { at: "/reseller/profile" },
	},
	admin: {
		"the tree": { at: "/admin/resellers" },
		"one reseller": { at: async (who) => `/admin/resellers/${await first(who, "tenants")}` },
		"a reseller's customers": { at: async (who) => `/admin/resellers/${await first(who, "tenants")}/customers` },
		"a reseller's share of the catalogue": { at: async (who) => `/admin/resellers/${await first(who, "tenants")}/products` },
		"a reseller's ceiling": { at: async (who) => `/admin/resellers/${await first(who, "tenants")}/ceiling` },
		"moves": { at: "/admin/moves" },
		"customers": { at: "/admin/customers" },
		"transfers": { at: "/admin/transfers" },
		"segments": { at: "/admin/segments" },
		"one segment": { at: async (who) => `/admin/segments/${await first(who, "segments")}` },
		"bill runs": { at: "/admin/runs" },
		"settlements": { at: "/admin/settlements" },
		"statements": { at: "/admin/statements" },
		"pay-outs": { at: "/admin/payouts" },
		"catalogue": { at: "/admin/catalogue" },
		"one offering": { at: async (who) => `/admin/catalogue/${await first(who, "offerings")}` },
		"taxes": { at: "/admin/prices/taxes" },
		"exchange rates": { at: "/admin/prices/rates" },
		"brands": { at: "/admin/brands" },
		"API keys": { at: "/admin/keys" },
		"one brand": { at: async (who) => `/admin/brands/${await first(who, "brands")}` },
		"roles": { at: "/admin/roles" },
	},
};

/** The id of the first row of a list. */
async function first(who, list) {
	const answer = await (await as(site, who))("GET", `/api/v1/${list}?limit=1`);
	return answer.json.data[0].id;
}

/** What must hold on a screen that is there, at whatever address. */
async function holds(window, look) {
	const { page, faults } = window;
	// An error page is there in English before its script says it in the reader's language.
	await page.waitForFunction((language) => document.documentElement.lang === language, look.language.split("-")[0]);
	const { dir, ink } = await page.evaluate(() => {
		const [r, g, b] = getComputedStyle(document.body).color.match(/[\d.]+/g);
		return { dir: document.documentElement.dir, ink: (Number(r) + Number(g) + Number(b)) / 3 };
	});
	assert.equal(dir || "ltr", look.dir);
	assert.equal(ink > 127 ? "dark" : "light", look.scheme);
	assert.match(await page.title(), /\S/);
	if (!look.provider) assert.doesNotMatch(await window.written(), /portico|pneumuster/i, "the provider's name");
	assert.deepEqual(await window.axe(), [], "axe at 1280 pixels");
	await window.resize(360);
	assert.deepEqual(await window.axe(), [], "axe at 360 pixels");
	await window.resize(320);
	assert.deepEqual(await window.sticksOut(), [], "out of a window of 320 pixels");
	await window.resize(1280);
	assert.deepEqual(faults.splice(0), [], "console, content policy and network");
}

/** Opens each screen of a portal as that user. */
function walk(name, portal, who, look) {
	test(`${name}: the ${portal}'s screens are for everybody, fit 320 pixels, obey the content policy and do not name the provider`, async (t) => {
		const window = await open(t, chrome, site, { who, language: look.language });
		await window.page.addInitScript(short);
		for (const [screen, { at, documents, expected, scheme = look.scheme }] of Object.entries(screens[portal])) {
			await t.test(screen, async () => {
				if (documents) await window.page.route(/\/api\/v1\/documents\b/, (route) => route.fulfill(documents));
				if (documents === broken) window.expect(/status of 503/);
				if (expected) window.expect(expected);
				await window.goto(typeof at === "string" ? at : await at(who));
				await holds(window, { ...look, scheme });
				if (documents) await window.page.unroute(/\/api\/v1\/documents\b/);
			});
		}
	});
}

function door(name, host, look) {
	test(`${name}: so is the door`, async (t) => {
		const window = await open(t, chrome, site, { host: `${host}.localhost`, language: look.language });
		await window.goto("/");
		await holds(window, look);
	});
}

describe("every screen", { concurrency: 2 }, () => {
	for (const [name, look] of Object.entries(looks)) {
		door(name, look.host, look);
		walk(name, "customer", user(site, `patient0001@${look.host}.example`), look);
		walk(name, "reseller", user(site, `owner@${look.host}.example`), look);
	}
	const provider = { language: "en-GB", dir: "ltr", scheme: "light", provider: true };
	walk("the provider", "admin", user(site, "admin@pneumuster.example"), provider);
	const japanese = { language: "ja", dir: "ltr", scheme: "light" };
	door("Japanese", "mihon-kokyu", japanese);
	for (const scheme of ["light", "dark"]) {
		test(`so is the page of a host that is nobody's, in a ${scheme} browser`, async (t) => {
			const window = await open(t, chrome, site, { host: "nobody.localhost", colorScheme: scheme });
			window.expect(/status of 421/);
			await window.goto("/");
			assert.deepEqual(await window.axe(), []);
			assert.doesNotMatch(await window.written(), /portico|pneumuster/i);
			await window.resize(320);
			assert.deepEqual(await window.sticksOut(), []);
		});
	}
});

test("no shell, error page or bill holds a style or a script of its own", async () => {
	for (const [who, portal] of [["patient0001@musterplatz.example", "customer"], ["owner@musterplatz.example", "reseller"], ["admin@pneumuster.example", "admin"]]) {
		const one = await as(site, who);
		const bill = (await one("GET", "/api/v1/documents?limit=1")).json.data[0].id;
		const pages = [{ customer: "/bills", reseller: "/reseller/", admin: "/admin/" }[portal], "/none/such.txt", `/api/v1/documents/${bill}/html`];
		for (const answer of [...(await Promise.all(pages.map((path) => one("GET", path)))), await ask(site, "GET", "/", { host: "nobody.localhost" })]) {
			assert.match(answer.headers["content-type"], /^text\/html/);
			assert.doesNotMatch(answer.text, /<style|\sstyle\s*=|\son\w+\s*=|javascript:/i);
			for (const [tag] of answer.text.matchAll(/<script[^>]*>/g)) assert.match(tag, /\ssrc="\/r\//);
			assert.match(answer.headers["content-security-policy"], /^default-src 'none'; script-src 'self'; style-src 'self';/);
			assert.doesNotMatch(answer.headers["content-security-policy"], /unsafe|\*|data:|https?:/);
		}
	}
});

clean(site);
