// What a customer does: signs in, reads, filters, opens, keeps and leaves; in four languages.
import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, test } from "node:test";
import { browser, open, say } from "../lib/browser.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { as, password, user } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();

/** How an amount is written, from the API's text: sign, whole part in threes, decimals. */
const written = {
	de: (sign, whole, cents) => `${sign}${whole.join(".")},${cents} €`,
	en: (sign, whole, cents) => `${sign}£${whole.join(",")}.${cents}`,
	ar: (sign, whole, cents) => `${sign}${whole.join(",")}.${cents} €`,
	ja: (sign, whole) => `${sign}¥${whole.join(",")}`,
};

function amountIn(language, { amount }) {
	const [, sign, whole, cents] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount);
	return written[language](sign && "\u2212", whole.replace(/\B(?=(\d{3})+$)/g, " ").split(" "), cents);
}

/** Without marks of direction, and with spaces that may break. */
const plain = (text) => text.normalize("NFKC").replace(/[\u200e\u200f\u061c\u2066-\u2069]/g, "").replace(/\s+/g, " ").trim();

const rows = (page) => page.getByRole("row").filter({ has: page.getByRole("rowheader") });

/** The text of a column, top to bottom. */
async function column(page, head) {
	const heads = (await page.getByRole("columnheader").allInnerTexts()).map((text) => text.trim());
	const at = heads.indexOf(head);
	assert.ok(at >= 0, `${head} in ${heads}`);
	return (await rows(page).all()).reduce(async (before, row) => [...(await before),
		plain(await row.getByRole("rowheader").or(row.getByRole("cell")).nth(at).innerText())], []);
}

/** Fills the door by keyboard alone. */
async function signIn(window, who, secret = password) {
	const { page } = window;
	await window.tab(page.getByLabel(await window.say("signin.email")));
	await page.keyboard.type(who.email);
	await window.tab(page.getByLabel(await window.say("signin.password"), { exact: true }));
	await page.keyboard.type(secret);
	await page.keyboard.press("Enter");
}

const hosts = { musterplatz: "de", "specimen-sleep": "en", namudhaj: "ar", "mihon-kokyu": "ja" };

describe("the main job", { concurrency: 2 }, () => {
	for (const [host, language] of Object.entries(hosts)) {
		test(`a customer of ${host} signs in by keyboard alone, reads its bills in its language, keeps one as PDF, and signs out for good`, async (t) => {
			const who = user(site, `patient0001@${host}.example`);
			const api = await as(site, who);
			const bills = (await api("GET", "/api/v1/documents?limit=100")).json.data;
			const window = await open(t, chrome, site, { host: who.host });
			const { page } = window;
			const text = (key, values) => say(language, key, values);
			await window.goto("/");
			await signIn(window, who);
			await page.getByRole("table", { name: text("page.bills") }).waitFor();
			await window.settled();
			assert.equal(window.where(), "/bills");
			assert.ok(bills.some((bill) => bill.gross.amount.startsWith("-")), "a credit note is among them");
			assert.deepEqual(await column(page, text("field.amount")), bills.map((bill) => amountIn(language, bill.gross)));

			await window.tab(page.getByRole("radio", { name: text("filter.all") }));
			await page.keyboard.press("ArrowRight");
			await page.keyboard.press("ArrowRight");
			await until("the filter is in the address", () => /[?&]state=overdue\b/.test(window.where()));
			await window.settled();
			const overdue = bills.filter((bill) => bill.state === "overdue");
			assert.equal(overdue.length, 1);
			assert.deepEqual(await column(page, text("field.state")), [text("state.overdue")]);

			await window.tab(page.getByRole("link", { name: overdue[0].number, exact: true }));
			await page.keyboard.press("Enter");
			await page.waitForURL(/\/api\/v1\/documents\/[a-z0-9_]+\/html$/);
			assert.match(plain(await page.getByRole("heading", { level: 1 }).innerText()), new RegExp(`${overdue[0].number}$`));
			await page.goBack({ waitUntil: "commit" });
			await window.settled();
			assert.match(window.where(), /^\/bills\?.*state=overdue/);
			assert.equal(await rows(page).count(), 1);
			await page.goForward({ waitUntil: "commit" });
			await window.tab(page.getByRole("navigation").getByRole("link").first());
			await page.keyboard.press("Enter");
			await page.waitForURL(/\/bills$/);
			await window.settled();

			await window.tab(page.getByRole("link", { name: text("bill.pdf", { number: overdue[0].number }) }));
			const [kept] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
			const bytes = fs.readFileSync(await kept.path());
			assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
			assert.equal(kept.suggestedFilename(), `${overdue[0].number}.pdf`);
			assert.ok(bytes.equals((await api("GET", `/api/v1/documents/${overdue[0].id}/pdf`)).bytes), "the API's own bytes");

			await window.tab(page.getByRole("button", { name: text("nav.user") }), "Shift+Tab");
			await page.keyboard.press("Enter");
			await window.tab(page.getByRole("button", { name: text("nav.sign_out") }));
			await page.keyboard.press("Enter");
			await page.getByRole("status").getByText(text("signin.out")).waitFor();
			window.expect(/status of 401/);
			for (const before of ["the bill", "the overdue bills"]) {
				await page.goBack({ waitUntil: "commit" });
				await page.getByLabel(text("signin.email")).waitFor();
				const seen = plain(await page.locator("body").innerText());
				for (const secret of [overdue[0].number, amountIn(language, overdue[0].gross)]) assert.ok(!seen.includes(secret), `back to ${before}: ${seen}`);
			}
		});
	}
});

test("a wrong password is told in words, the same for somebody unknown, and costs nothing that was typed but the password", async (t) => {
	for (const email of ["patient0001@musterplatz.example", "nobody@musterplatz.example"]) {
		const window = await open(t, chrome, site, { host: "musterplatz.localhost" });
		window.expect(/status of 401/);
		const { page } = window;
		await window.goto("/");
		await page.getByLabel(say("de", "signin.email")).fill(email);
		await page.getByLabel(say("de", "signin.password"), { exact: true }).fill("not the password");
		await page.getByRole("button", { name: say("de", "signin.do"), exact: true }).click();
		const alert = page.getByRole("alert");
		await alert.waitFor();
		assert.equal(plain(await alert.innerText()), `${say("de", "problem.login_failed")} ${say("de", "signin.check")}`);
		assert.ok(await page.getByLabel(say("de", "signin.password"), { exact: true }).evaluate((input) => input === document.activeElement), "ready to be typed again");
		assert.equal(await page.getByLabel(say("de", "signin.email")).inputValue(), email);
	}
});

test("the door says which field is empty, and puts the keyboard there", async (t) => {
	const window = await open(t, chrome, site, { host: "specimen-sleep.localhost" });
	const { page } = window;
	await window.goto("/");
	const email = page.getByLabel(say("en", "signin.email"));
	await window.tab(email);
	await page.keyboard.press("Enter");
	await page.getByText(say("en", "signin.email_missing")).waitFor();
	assert.ok(await email.evaluate((input) => input === document.activeElement && input.getAttribute("aria-invalid") === "true" &&
		document.getElementById(input.getAttribute("aria-describedby")).textContent.trim() !== ""));
});

for (const [host, from, to, dir] of [["musterplatz", "de", "ar", "rtl"], ["namudhaj", "ar", "fr", "ltr"]]) {
	test(`the profile turns the portal of ${host} to another language and direction, and it stays so`, async (t) => {
		const window = await open(t, chrome, site, { who: user(site, `patient0005@${host}.example`) });
		const { page } = window;
		const turn = async (was, is) => {
			await page.getByLabel(say(was, "field.language"), { exact: true }).selectOption(is);
			await page.getByRole("button", { name: say(was, "profile.save") }).click();
			await page.getByRole("heading", { level: 1, name: say(is, "page.profile"), exact: true }).waitFor();
		};
		await window.goto("/profile");
		await turn(from, to);
		await page.reload();
		await page.getByRole("heading", { level: 1, name: say(to, "page.profile"), exact: true }).waitFor();
		assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), [to, dir]);
		await window.settled();
		await turn(to, from);
		assert.deepEqual(await page.evaluate(() => document.documentElement.lang), from);
	});
}

test("a session that ends in mid-use leads to the door, and from there back to what was wanted", async (t) => {
	const who = user(site, "patient0003@musterplatz.example");
	const window = await open(t, chrome, site, { who });
	window.expect(/status of 401/);
	const { page } = window;
	const text = (key) => say("de", key);
	await window.goto("/bills");
	await page.context().clearCookies();
	await page.getByRole("link", { name: text("page.payments"), exact: true }).click();
	await page.getByRole("status").getByText(text("signin.ended")).waitFor();
	assert.equal(await page.getByRole("rowheader").count(), 0);
	await signIn(window, who);
	await page.getByRole("heading", { level: 1, name: text("payments.own") }).waitFor();
	assert.equal(window.where(), "/payments");

	await window.goto("/bills");
	const link = page.getByRole("rowheader").getByRole("link").first();
	const number = await link.innerText();
	await page.context().clearCookies();
	await link.click();
	await page.getByLabel(text("signin.email")).waitFor();
	await signIn(window, who);
	await page.getByRole("heading", { level: 1, name: number }).waitFor();
	assert.match(window.where(), /\/html$/);
});

test("a bill's link in a mail, from another site, opens the bill for whoever is signed in", async (t) => {
	const who = user(site, "patient0003@musterplatz.example");
	const bill = (await (await as(site, who))("GET", "/api/v1/documents?limit=1")).json.data[0];
	const window = await open(t, chrome, site, { who });
	const { page } = window;
	// A strict cookie does not come along from there.
	window.expect(/nobody\.localhost|status of 421/);
	await page.goto(`http://nobody.localhost:${site.port}/`);
	await page.evaluate((to) => location.assign(to), `${window.origin}/api/v1/documents/${bill.id}/html`);
	await page.getByRole("heading", { level: 1, name: bill.number }).waitFor();
	assert.equal(window.where(), `/api/v1/documents/${bill.id}/html`);
});

test("the way back from the door leads to bills of this site and nowhere else", async (t) => {
	const window = await open(t, chrome, site, { who: user(site, "patient0003@musterplatz.example") });
	for (const to of ["https://nobody.example/", "//nobody.example/api/v1/documents/", "/reseller/"]) {
		await window.goto(`/?to=${encodeURIComponent(to)}`);
		await window.page.waitForURL(/\/bills$/);
	}
});

clean(site);
