// The bill as a page and as a PDF: all that the law asks for, in its own language and brand, and always
// the same bytes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem } from "../lib/openapi.mjs";
import { as, users } from "../lib/users.mjs";

const site = await instance();
const admin = await as(site, "admin@pneumuster.example");
const rights = { ltr: ["en", "de", "fr", "ja"], rtl: ["ar"] };

const bills = {
	"German": "t.slug = 'musterplatz' AND d.language = 'de' AND d.kind = 'invoice' AND d.gross > 0",
	"French": "t.slug = 'pharmacie-exemple' AND d.language = 'fr' AND d.kind = 'invoice' AND d.gross > 0",
	"English": "t.slug = 'specimen-sleep' AND d.language = 'en' AND d.kind = 'invoice' AND d.gross > 0",
	"Japanese": "t.slug = 'mihon-kokyu' AND d.language = 'ja' AND d.kind = 'invoice' AND d.gross > 0",
	"Arabic": "t.slug = 'namudhaj' AND d.language = 'ar' AND d.kind = 'invoice' AND d.gross > 0",
	"credit note's": "t.level > 0 AND d.kind = 'credit_note'",
	"zero": "t.level > 0 AND d.kind = 'invoice' AND d.gross = 0",
	"300-line": "t.level > 0 AND (SELECT COUNT(*) FROM document_line l WHERE l.document_id = d.id) = 300",
	"reverse-charge": "t.level > 0 AND EXISTS (SELECT 1 FROM document_tax x WHERE x.document_id = d.id AND x.category = 'AE')",
	"two-rate": "t.level > 0 AND (SELECT COUNT(*) FROM document_tax x WHERE x.document_id = d.id) = 2",
	"tagged name's": "t.level > 0 AND EXISTS (SELECT 1 FROM customer c WHERE c.id = d.customer_id AND c.name LIKE '%<b>%')",
};

/** A bill of that kind, one that is sealed already if there is any, with a user who may see it. */
async function billOf(where) {
	const row = site.sql(`SELECT d.id, d.number, d.language, d.tenant_id, t.slug, h.name AS host, HEX(d.pdf_sha256) AS hash, d.kind, x.number AS corrects
		FROM document d JOIN tenant t ON t.id = d.tenant_id JOIN host h ON h.tenant_id = t.id AND h.is_primary = 1
		LEFT JOIN document x ON x.id = d.corrects_id WHERE ${where} AND t.state = 'active' ORDER BY d.pdf_sha256 IS NULL, d.id LIMIT 1`)[0];
	assert.ok(row, `the demo has one: ${where}`);
	const ask = await as(site, users(site).find((u) => u.host === row.host && u.portal === "reseller"));
	const id = site.portico("id", "document", row.id).trim();
	return { ...row, ask, id, key: row.id, model: (await ask("GET", `/api/v1/documents/${id}`)).json };
}

const entities = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" };
const textOf = (html) => html.replace(/<[^>]*>/g, " ").replace(/&(lt|gt|quot|#39|amp);/g, (e) => entities[e]).replace(/\s+/g, " ");
const squeezed = (text) => text.normalize("NFKC").replace(/[\s\u200e\u200f\u2066-\u2069\u061c]+/g, "");

/** The digits of an amount, in the digits of any language, without what stands between them. */
const digits = (text) => text.replace(/[\u0660-\u0669]/g, (c) => c.charCodeAt(0) - 0x660).replace(/\D+/g, "");

function run(program, args, input) {
	const { status, stdout, stderr } = spawnSync(program, args, { input, maxBuffer: 1 << 26 });
	return { status, out: stdout.toString("utf8"), err: stderr.toString("utf8") };
}

/** Runs a program on a PDF in a file. */
function onPdf(bytes, program, ...args) {
	const file = path.join(site.var, "tmp", "test-bill.pdf");
	fs.writeFileSync(file, bytes);
	return run(program, args.map((a) => (a === "%" ? file : a)));
}

/** What Article 226 of the VAT directive asks for, as texts that must be there. */
function required({ model, corrects }) {
	const lines = model.lines.flatMap((l) => [l.description]);
	return [model.number, ...(corrects ? [corrects] : []), model.seller.name, model.seller.street, model.seller.postcode, model.seller.city,
		model.seller.tax_id, model.buyer.name, model.buyer.street, model.buyer.postcode, model.buyer.city, model.buyer.tax_id, ...lines].filter((t) => t);
}

for (const [kind, where] of Object.entries(bills)) {
	test(`the ${kind} bill as a page holds all that Article 226 asks for`, async () => {
		const bill = await billOf(where);
		const answer = await bill.ask("GET", `/api/v1/documents/${bill.id}/html`);
		assert.equal(answer.status, 200, answer.text);
		assert.equal(answer.headers["content-type"], "text/html; charset=utf-8");
		const html = answer.text, text = squeezed(textOf(html));
		for (const part of required(bill)) assert.ok(text.includes(squeezed(part)), `${bill.number} lacks ${part}`);
		const numbers = digits(text);
		for (const amount of [bill.model.net, bill.model.tax, bill.model.gross, ...bill.model.taxes.flatMap((t) => [t.base, t.amount]), ...bill.model.lines.flatMap((l) => [l.net, l.unit_price])])
			assert.ok(numbers.includes(digits(amount.amount)), `${bill.number} lacks ${amount.amount}`);
		for (const date of [bill.model.issue_date, bill.model.period_start, bill.model.due_date]) {
			const [year, , day] = date.split("-");
			assert.ok(numbers.includes(year) && numbers.includes(String(Number(day))), date);
		}
		const dir = rights.rtl.includes(bill.language) ? "rtl" : "ltr";
		assert.match(html, new RegExp(`<html lang="${bill.language}[^"]*" dir="${dir}">`));
		assert.doesNotMatch(html, /<script|<style|\son\w+=|\sstyle=|javascript:/i);
		assert.equal((html.match(/<table class="lines">[\s\S]*?<\/tbody>/)[0].match(/<tr>/g).length) - 1, bill.model.lines.length);
	});

	test(`the ${kind} bill as a PDF is sound, the same each time, and the one that was sealed`, async () => {
		const bill = await billOf(where);
		const get = () => bill.ask("GET", `/api/v1/documents/${bill.id}/pdf`);
		const first = await get(), second = await get();
		assert.equal(first.status, 200, first.text);
		assert.equal(first.headers["content-type"], "application/pdf");
		assert.equal(first.headers["content-disposition"], `inline; filename="${bill.number}.pdf"`);
		assert.ok(first.bytes.equals(second.bytes));
		const hash = createHash("sha256").update(first.bytes).digest("hex").toUpperCase();
		await until("it is sealed", () => site.value(`SELECT pdf_sha256 IS NOT NULL FROM document WHERE id = ${bill.key}`) === "1", 240000);
		assert.equal(hash, site.value(`SELECT HEX(pdf_sha256) FROM document WHERE id = ${bill.key}`));
		assert.equal(hash, createHash("sha256").update((await admin("GET", `/api/v1/documents/${bill.id}/pdf`)).bytes).digest("hex").toUpperCase());
		const checked = onPdf(first.bytes, "qpdf", "--check", "%");
		assert.equal(checked.status, 0, checked.out + checked.err);
		const about = onPdf(first.bytes, "pdfinfo", "%").out;
		assert.match(about, new RegExp(`^Title: .*${bill.number}`, "m"));
		assert.ok(squeezed(/^Author: *(.*)$/m.exec(about)[1]) === squeezed(bill.model.seller.name), about);
		assert.match(about, /^JavaScript: *no$/m);
		const fonts = onPdf(first.bytes, "pdffonts", "%").out.split("\n").slice(2).filter((l) => l);
		assert.ok(fonts.length > 0);
		for (const font of fonts) assert.match(font, /\byes +yes +(yes|no)\b/, `embedded, subset: ${font}`);
		const text = squeezed(onPdf(first.bytes, "pdftotext", "-raw", "%", "-").out);
		for (const part of [bill.number, bill.model.seller.tax_id]) assert.ok(text.includes(squeezed(part)), `${bill.number} lacks ${part}\n${text}`);
		if (!rights.rtl.includes(bill.language)) for (const part of [bill.model.buyer.name, bill.model.seller.name]) assert.ok(text.includes(squeezed(part)), `${bill.number} lacks ${part}`);
		const whole = onPdf(first.bytes, "qpdf", "--qdf", "--object-streams=disable", "%", "-").out;
		for (const one of [text, about, whole, first.bytes.toString("latin1")]) assert.doesNotMatch(one, /pneumuster|PNEUM-|portico/i);
	});
}

test("the Arabic bill's text can be read out, whichever way the reader turns it", async () => {
	const bill = await billOf(bills.Arabic);
	const pdf = (await bill.ask("GET", `/api/v1/documents/${bill.id}/pdf`)).bytes;
	const text = squeezed(onPdf(pdf, "pdftotext", "%", "-").out);
	const words = bill.model.seller.name.split(/\s+/).map(squeezed).filter((w) => /^[\u0621-\u064a]{3,}$/.test(w));
	assert.ok(words.length >= 2);
	for (const word of words) assert.ok(text.includes(word) || text.includes([...word].reverse().join("")), word);
});

test("the 300-line bill has its pages numbered and its head on each", async () => {
	const bill = await billOf(bills["300-line"]);
	const pdf = (await bill.ask("GET", `/api/v1/documents/${bill.id}/pdf`)).bytes;
	const pages = Number(/^Pages: *(\d+)/m.exec(onPdf(pdf, "pdfinfo", "%").out)[1]);
	assert.ok(pages > 5);
	for (const page of [1, 2, pages]) {
		const text = onPdf(pdf, "pdftotext", "-f", String(page), "-l", String(page), "%", "-").out;
		assert.match(digits(text), new RegExp(`${page}${pages}`), `page ${page} of ${pages}`);
		assert.ok(squeezed(text).includes(squeezed(bill.number)));
	}
});

test("a name with tags is text, on the page and in its title", async () => {
	const bill = await billOf(bills["tagged name's"]);
	const html = (await bill.ask("GET", `/api/v1/documents/${bill.id}/html`)).text;
	assert.ok(html.includes("&lt;b&gt;"));
	assert.doesNotMatch(html, /<b>|<i>(?!<)/);
});

test("a bill wears the brand that it was issued with", async () => {
	const [old, young] = ["ASC", "DESC"].map((way) => site.sql(`SELECT d.id, b.version FROM document d JOIN brand b ON b.id = d.brand_id
		JOIN tenant t ON t.id = d.tenant_id WHERE t.slug = 'musterplatz' ORDER BY b.version ${way}, d.id DESC LIMIT 1`)[0]);
	assert.deepEqual([old.version, young.version], ["1", "2"]);
	const ask = await as(site, "owner@musterplatz.example");
	for (const one of [old, young]) {
		const html = (await ask("GET", `/api/v1/documents/${site.portico("id", "document", one.id).trim()}/html`)).text;
		const sheet = /href="(\/brand\/[^"]+\.css)"/.exec(html)[1];
		assert.match(sheet, new RegExp(`-${one.version}\\.css$`));
		assert.equal((await ask("GET", sheet)).status, 200);
	}
});

test("a page of a bill works for a reader without scripts: each link on it leads somewhere", async () => {
	const bill = await billOf(bills.German);
	const html = (await bill.ask("GET", `/api/v1/documents/${bill.id}/html`)).text;
	for (const [, link] of html.matchAll(/(?:href|src)="(\/[^"]*)"/g)) assert.equal((await bill.ask("GET", link)).status, 200, link);
});

test("a bill of nobody's is not there, on no paper", async () => {
	const ask = await as(site, "owner@musterplatz.example");
	for (const paper of ["html", "pdf"])
		for (const id of [site.portico("id", "document", "999999999").trim(), "x", "inv_", site.portico("id", "customer", "1").trim()])
			isProblem(await ask("GET", `/api/v1/documents/${id}/${paper}`), 404, "not_found");
});

clean(site);

test("who opens a bill of others in a browser reads the brand's page, and what is not there reads the same", async () => {
	const own = await billOf(bills.German), foreign = await billOf(bills.French);
	const navigate = (id, end) => own.ask("GET", `/api/v1/documents/${id}${end}`, { headers: { "Sec-Fetch-Mode": "navigate" } });
	for (const end of ["/html", "/pdf", ""]) {
		assert.equal((await navigate(own.id, end)).status, 200);
		const seen = [];
		for (const id of [foreign.id, "inv_aaaaaaaaaaaaaaaaaaaaaaaaaa", "nonsense"]) {
			const got = await navigate(id, end);
			assert.equal(got.status, 404);
			assert.match(got.headers["content-type"], /^text\/html/);
			assert.match(got.text, /<h1>There is nothing at this address<\/h1>/);
			seen.push(got.text);
		}
		assert.equal(new Set(seen).size, 1);
		isProblem(await own.ask("GET", `/api/v1/documents/${foreign.id}${end}`), 404, "not_found");
	}
});
