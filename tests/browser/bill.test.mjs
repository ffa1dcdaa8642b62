// The bill as a page: complete without a script, and on paper as good as on the screen.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { browser, open } from "../lib/browser.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { as, user } from "../lib/users.mjs";

const site = await instance();
const chrome = await browser();
const hosts = ["musterplatz", "specimen-sleep", "namudhaj"];

/** The bill of 300 lines that each reseller of the demo has issued. */
async function long(host) {
	const row = site.sql(`SELECT d.id, d.number FROM document d JOIN tenant t ON t.id = d.tenant_id
		WHERE t.slug = '${host}' AND (SELECT COUNT(*) FROM document_line l WHERE l.document_id = d.id) = 300`)[0];
	const who = user(site, `patient0002@${host}.example`);
	const id = site.portico("id", "document", row.id).trim();
	return { who, at: `/api/v1/documents/${id}/html`, number: row.number, model: (await (await as(site, who))("GET", `/api/v1/documents/${id}`)).json };
}

/** Marks of direction. */
const marks = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/** Without them and spaces; the forms that a letter takes in a word are the same letter. */
const squeezed = (text) => text.normalize("NFKC").replace(marks, "").replace(/\s+/g, "");

/** The text of each page of a PDF, as a reader gets it. */
function pagesOf(bytes) {
	const file = path.join(site.var, "tmp", "test-print.pdf");
	fs.writeFileSync(file, bytes);
	const { status, stdout, stderr } = spawnSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8", maxBuffer: 1 << 26 });
	assert.equal(status, 0, stderr);
	return stdout.split("\f").slice(0, -1);
}

/** The pages that hold lines of the table, after counting that all 300 are there in their order. */
function withLines(pages) {
	let next = 1;
	const found = pages.filter((text) => {
		const before = next;
		for (const line of text.replace(marks, "").split("\n")) {
			// The position stands first, or last where one reads from the right.
			if ([/^\s*(\d+)\s/, /\s(\d+)\s*$/].some((edge) => Number(edge.exec(line)?.[1]) === next)) next++;
		}
		return next > before;
	});
	assert.equal(next, 301, "the line after the last");
	return found;
}

for (const host of hosts) {
	test(`a bill of ${host} with 300 lines is whole without JavaScript, and on paper every page of lines has the table's heads`, async (t) => {
		const { who, at, number, model } = await long(host);
		const window = await open(t, chrome, site, { who, script: false });
		const { page } = window;
		await page.goto(window.origin + at);
		assert.ok(squeezed(await page.getByRole("heading", { level: 1 }).innerText()).endsWith(number));
		const table = page.getByRole("table").first();
		const heads = (await table.getByRole("columnheader").allInnerTexts()).map(squeezed);
		assert.equal(heads.length, 7);
		assert.equal(await table.getByRole("rowheader").count(), 300);
		const sums = await page.getByRole("table").last().getByRole("cell").allInnerTexts();
		assert.deepEqual(sums.map((text) => text.replace(/\D/g, "")), [model.net, model.tax, model.gross].map((sum) => sum.amount.replace(/\D/g, "")));
		assert.notEqual(await page.getByRole("main").evaluate((main) => getComputedStyle(main).maxWidth), "none", "it wears its style sheet");

		const pages = pagesOf(await page.pdf({ format: "A4", printBackground: true }));
		const lined = withLines(pages);
		assert.ok(lined.length > 5, `${lined.length} of ${pages.length} pages have lines`);
		for (const text of lined) for (const head of [heads[1], heads[6]]) assert.ok(squeezed(text).includes(head), `${head} is not on the page:\n${text}`);
		const digits = sums.map((sum) => squeezed(sum).replace(/[^\d.,]/g, ""));
		assert.equal(pages.filter((text) => digits.every((sum) => squeezed(text).includes(sum))).length, 1, "the totals are on one page");
		assert.match(squeezed(pages[0]), new RegExp(host === "namudhaj" ? `${pages.length}/1$` : `1/${pages.length}$`));
	});
}

test("a bill is ink on paper in a dark brand too, and is printed without its buttons", async (t) => {
	const { who, at } = await long("specimen-sleep");
	const window = await open(t, chrome, site, { who, script: false, colorScheme: "dark" });
	const { page } = window;
	const ink = () => page.getByRole("main").evaluate((main) => getComputedStyle(main).color.match(/\d+/g).every((part) => Number(part) < 127));
	await page.goto(window.origin + at);
	assert.equal(await ink(), true);
	assert.equal(await page.getByRole("navigation").count(), 1);
	await page.emulateMedia({ media: "print" });
	assert.equal(await ink(), true);
	assert.equal(await page.getByRole("navigation").count(), 0);
});

test("from the bill's page lead a link home and one to its PDF", async (t) => {
	const { who, at } = await long("musterplatz");
	const window = await open(t, chrome, site, { who });
	const { page } = window;
	await page.goto(window.origin + at);
	const links = page.getByRole("navigation").getByRole("link");
	assert.deepEqual(await links.evaluateAll((all) => all.map((link) => link.pathname)), ["/", at.replace(/html$/, "pdf")]);
	await links.first().click();
	await page.waitForURL(/\/bills$/);
});

clean(site);
