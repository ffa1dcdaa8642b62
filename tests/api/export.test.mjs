// Exports: the whole list in one answer as CSV or NDJSON, row for row and value for value what its pages hold.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cells, lines, records, table } from "../lib/csv.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { rowsEverywhere } from "../lib/rows.mjs";
import { as } from "../lib/users.mjs";

const site = await instance();
const { operations } = await openapi(site);
const admin = await as(site, "admin@pneumuster.example");
const auditor = await as(site, "auditor@pneumuster.example");
const dealer = await as(site, "owner@musterplatz.example");
// What is shown of approvals hangs on the rights to what was asked for, so they are no file.
const lists = operations.filter((o) => o.method === "GET" && o.path !== "/api/v1/approvals" && o.parameters.some((p) => p.name === "cursor"));
rowsEverywhere(site);

/** All rows of a list by its pages. */
async function pages(ask, path, query = "") {
	const found = [];
	for (let cursor = ""; ;) {
		const { status, json, text } = await ask("GET", `${path}?limit=200${query}${cursor}`);
		assert.equal(status, 200, text);
		found.push(...json.data);
		if (json.next === null) return found;
		cursor = `&cursor=${json.next}`;
	}
}

async function exported(ask, path, format, query = "") {
	const answer = await ask("GET", `${path}?format=${format}${query}`);
	assert.equal(answer.status, 200, answer.text);
	return answer;
}

/** Sessions and the audit grow while they are asked for. */
const grows = (path) => /\/(audit|sessions)$/.test(path);

test("every list can be exported, and says so", () => {
	assert.ok(lists.length >= 16, `${lists.length}`);
	for (const { path, parameters, responses } of lists) {
		assert.ok(parameters.some((p) => p.name === "format"), path);
		assert.deepEqual(Object.keys(responses["200"].content), ["application/json", "text/csv", "application/x-ndjson"], path);
	}
});

for (const { path } of lists) {
	test(`${path}: CSV and NDJSON hold the rows of its pages, in their order, each once and with the same values`, async () => {
		for (const ask of /\/(moves|transfers|sessions|passkeys|bill-runs|parked|payouts|exchange-rates|self-incoming)$/.test(path) ? [auditor] : [admin, dealer]) {
			const before = await pages(ask, path), csv = table((await exported(ask, path, "csv")).text), json = lines((await exported(ask, path, "ndjson")).text);
			// What was added meanwhile is left out, and what its use changes.
			const known = new Set(before.map((row) => row.id)), old = (row) => known.has(row.id);
			const steady = ({ seen, ...row }) => row;
			assert.ok(before.length > 0);
			assert.deepEqual(json.filter(old).map(steady), before.map(steady));
			assert.deepEqual(csv.filter(old).map(steady), before.map((row) => steady(cells(row, Object.keys(csv[0])))));
			if (!grows(path)) assert.deepEqual([csv.length, json.length], [before.length, before.length]);
		}
	});
}

test("order and filters of a list hold in its exports, and a cursor of its pages begins them", async () => {
	const path = "/api/v1/documents", [one] = await pages(dealer, path, "&state=paid");
	for (const query of ["&sort=-number", "&state=paid&sort=issue_date", `&customer=${one.customer}`]) {
		const rows = await pages(dealer, path, query);
		assert.ok(rows.length > 1);
		assert.deepEqual(lines((await exported(dealer, path, "ndjson", query)).text), rows, query);
		assert.deepEqual(table((await exported(dealer, path, "csv", query)).text), rows.map(cells), query);
	}
	const first = (await dealer("GET", `${path}?limit=7`)).json;
	assert.deepEqual(lines((await exported(dealer, path, "ndjson", `&cursor=${first.next}`)).text), (await pages(dealer, path)).slice(7));
});

test("an export is a file by a name that is the list's and the day's, and kept by nobody on its way", async () => {
	const day = site.value("SELECT UTC_DATE()");
	for (const [format, type] of [["csv", "text/csv; charset=utf-8; header=present"], ["ndjson", "application/x-ndjson"]]) {
		const { headers, rawHeaders, text } = await exported(dealer, "/api/v1/product-segments", format);
		assert.equal(headers["content-type"], type);
		assert.match(headers["content-disposition"], new RegExp(`^attachment; filename="product-segments-\\d{4}-\\d\\d-\\d\\d\\.${format}"$`));
		assert.ok(headers["content-disposition"].includes(day) || site.settings.includes("\nclock = "));
		assert.equal(headers["cache-control"], "private, no-store");
		assert.equal(headers.etag, undefined);
		assert.doesNotMatch(rawHeaders.join("\n") + text, /portico|pneumuster/i);
	}
});

test("a type that is asked for does what the parameter does, and the parameter goes before it", async () => {
	const get = (query, accept) => dealer("GET", `/api/v1/customers${query}`, { headers: { Accept: accept } });
	assert.match((await get("", "text/csv")).headers["content-type"], /^text\/csv/);
	assert.match((await get("?sort=name", "application/x-ndjson")).headers["content-type"], /^application\/x-ndjson/);
	assert.match((await get("?format=ndjson", "text/csv")).headers["content-type"], /^application\/x-ndjson/);
	for (const accept of ["application/json", "*/*", "text/html,text/csv", "text/csv, */*"]) assert.match((await get("", accept)).headers["content-type"], /^application\/json/, accept);
	assert.match((await get("?format=json", "text/csv")).headers["content-type"], /^application\/json/);
});

test("what an export does not know it refuses before it begins, and no row of the audit says that it began", async () => {
	const count = () => Number(site.value("SELECT COUNT(*) FROM audit WHERE action LIKE 'customer.export%'")), before = count();
	for (const [query, code] of [["format=xml", "bad_parameter"], ["format=", "bad_parameter"], ["format=CSV", "bad_parameter"], ["format=csv&limit=5", "unknown_parameter"], ["format=csv&format=csv", "bad_parameter"],
		["format=csv&format=json", "bad_parameter"], ["format=json&format=csv", "bad_parameter"], ["format=csv&colour=red", "unknown_parameter"], ["format=csv&sort=city", "bad_parameter"], ["format=ndjson&cursor=x", "bad_parameter"]])
		isProblem(await dealer("GET", `/api/v1/customers?${query}`), 400, code);
	assert.equal(count(), before);
	// It is a word of lists alone.
	const [{ id }] = (await dealer("GET", "/api/v1/customers?limit=1")).json.data;
	assert.match((await dealer("GET", `/api/v1/customers/${id}?format=csv`)).headers["content-type"], /^application\/json/);
});

test("money is a figure and its currency in two columns, an absent value an empty cell, a day and a time as ISO has them", async () => {
	const [head, ...rows] = records((await exported(dealer, "/api/v1/documents", "csv")).text);
	for (const name of ["gross", "open"]) assert.equal(head[head.indexOf(name) + 1], `${name}_currency`);
	const of = (row, name) => row[head.indexOf(name)];
	assert.ok(rows.some((row) => of(row, "gross").startsWith("-")), "a credit note, with a sign and without an apostrophe");
	for (const row of rows) {
		assert.match(of(row, "gross"), /^-?\d+\.\d\d$/);
		assert.match(of(row, "gross_currency"), /^[A-Z]{3}$/);
		assert.match(of(row, "issue_date"), /^\d{4}-\d\d-\d\d$/);
	}
	assert.ok(table((await exported(dealer, "/api/v1/subscriptions", "csv")).text).some((row) => row.ends === null));
	for (const row of table((await exported(dealer, "/api/v1/audit", "csv")).text)) assert.match(row.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
});

test("a name is one cell, whatever stands in it, and no formula", async (t) => {
	const [{ id, name }] = site.sql("SELECT c.id, c.name FROM customer c JOIN tenant n ON n.id = c.tenant_id WHERE n.slug = 'musterplatz' ORDER BY c.id LIMIT 1");
	const put = (text) => site.sql(`UPDATE customer SET name = '${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}' WHERE id = ${id}`);
	t.after(() => put(name));
	for (const [text, written] of [['Müller, "Zur Linde" & Söhne', '"Müller, ""Zur Linde"" & Söhne"'], ["two\nlines", '"two\nlines"'], ["=HYPERLINK(\"http://x.example\")", '"\'=HYPERLINK(""http://x.example"")"'],
		["+49 30", "'+49 30"], ["-1", "'-1"], ["@x", "'@x"], ["\tx", "'\tx"], ["\rx", '"\'\rx"'], ["＝1", "'＝1"], ["O'Neill", "O'Neill"], ["見本, 患者", '"見本, 患者"'], [" x", '" x"'], ["a;b", "a;b"]]) {
		put(text);
		const { text: csv } = await exported(dealer, "/api/v1/customers", "csv");
		assert.ok(csv.includes(`,${written},`), `${JSON.stringify(text)} as ${JSON.stringify(written)}`);
		records(csv);
		assert.ok(lines((await exported(dealer, "/api/v1/customers", "ndjson")).text).some((row) => row.name === text));
	}
});

test("whoever asks for the head alone gets it", async () => {
	const answer = await dealer("HEAD", "/api/v1/customers?format=csv");
	assert.deepEqual([answer.status, answer.text], [200, ""]);
	assert.match(answer.headers["content-disposition"], /^attachment/);
});

test("a list without rows is a head without rows", async () => {
	assert.deepEqual(table((await exported(dealer, "/api/v1/customers", "csv", "&q=nobodyatall")).text), []);
	const { text, headers } = await exported(dealer, "/api/v1/customers", "ndjson", "&q=nobodyatall");
	assert.equal(text, "");
	assert.match(headers["content-disposition"], /^attachment/);
});

clean(site);
