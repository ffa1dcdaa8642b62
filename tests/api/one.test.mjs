// One object: by its own id, in its one form, or as if it were not there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi, traceless } from "../lib/openapi.mjs";
import { rowsEverywhere } from "../lib/rows.mjs";
import { as, users } from "../lib/users.mjs";

const site = await instance();
const { operations, check } = await openapi(site);
rowsEverywhere(site);
const admin = await as(site, "admin@pneumuster.example");
const auditor = await as(site, "auditor@pneumuster.example");
const dealer = await as(site, "owner@mihon-kokyu.example");
const patient = await as(site, users(site).find((u) => u.portal === "customer" && u.host === "mihon-kokyu.localhost"));
const gets = operations.filter((o) => o.method === "GET" && o.path.endsWith("/{id}"));
const listOf = (path) => path.replace("/{id}", "");

async function first(ask, path) {
	const answer = await ask("GET", `${listOf(path)}?limit=1`);
	return answer.status === 200 ? answer.json.data[0]?.id : undefined;
}

for (const { path } of gets) {
	test(`GET ${path} answers as the document says, to each portal`, async () => {
		let seen = 0;
		for (const ask of [admin, dealer, patient, auditor]) {
			const id = await first(ask, path);
			if (!id) continue;
			const answer = await ask("GET", path.replace("{id}", id));
			assert.equal(answer.status, 200, answer.text);
			check("GET", path, answer);
			assert.equal(answer.json.id, id);
			seen++;
		}
		assert.ok(seen >= 2, "it has rows to look at");
	});

	test(`GET ${path}: missing, malformed and another kind are one answer`, async () => {
		const resource = { brands: "brand", "product-segments": "product", "api-keys": "api_key", "price-lists": "price_list", "tax-rules": "tax_rule", "exchange-rates": "exchange_rate", "self-bills": "self_bill", "self-incoming": "self_incoming", "bill-runs": "bill_run" }[path.split("/")[3]] ?? path.split("/")[3].replace(/s$/, "");
		const other = path.includes("documents") ? await first(admin, "/api/v1/customers/{id}") : await first(admin, "/api/v1/documents/{id}");
		const good = await first(admin, path);
		const missing = site.portico("id", resource, "999999999").trim();
		const huge = site.portico("id", resource, "9223372036854775807").trim();
		const wrong = [missing, huge, other, "1", "x", good.slice(0, -1), `${good}a`, good.toUpperCase(), `${good}%20`, "%00", "%ff", "%2e%2e",
			"a".repeat(2000), "-1", "null", "undefined", `${good.slice(0, 4)}${"a".repeat(26)}`, "%27%20OR%201=1", other.replace(/^.../, good.slice(0, 3))];
		const answers = [];
		for (const id of wrong) answers.push([id, await admin("GET", path.replace("{id}", id))]);
		for (const [id, answer] of answers) {
			if (["%00", "%ff", "%2e%2e"].includes(id)) { // nginx or the text check may say so first
				assert.ok([400, 404].includes(answer.status), `${id} ${answer.status}`);
				continue;
			}
			isProblem(answer, 404, "not_found");
			assert.equal(traceless(answer), traceless(answers[0][1]), id);
		}
	});
}

test("amounts are texts with a currency, exact to its decimals", async () => {
	const money = (value, decimals) => {
		assert.deepEqual(Object.keys(value), ["amount", "currency"]);
		assert.match(value.amount, decimals === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${decimals}}$`));
	};
	for (const [ask, decimals, currency] of [[dealer, 0, "JPY"], [await as(site, "owner@musterplatz.example"), 2, "EUR"]]) {
		const list = (await ask("GET", "/api/v1/documents?limit=20")).json.data;
		for (const row of list) {
			for (const name of ["gross", "paid", "open"]) {
				money(row[name], decimals);
				assert.equal(row[name].currency, currency);
			}
			const db = site.sql(`SELECT gross, paid FROM document WHERE number = '${row.number}'`)[0];
			assert.equal(row.gross.amount.replace(".", "").replace(/^(-?)0+(?=\d)/, "$1"), db.gross);
			assert.equal(row.paid.amount.replace(".", "").replace(/^(-?)0+(?=\d)/, "$1"), db.paid);
		}
	}
});

test("a bill's lines add up to what it says", async () => {
	const ask = await as(site, "owner@specimen-sleep.example");
	for (const { id } of (await ask("GET", "/api/v1/documents?limit=25")).json.data) {
		const answer = await ask("GET", `/api/v1/documents/${id}`);
		check("GET", "/api/v1/documents/{id}", answer);
		const bill = answer.json;
		const cents = (value) => BigInt(value.amount.replace(".", ""));
		const sum = (list, name) => list.reduce((all, row) => all + cents(row[name]), 0n);
		assert.equal(sum(bill.lines, "net"), cents(bill.net));
		assert.equal(sum(bill.taxes, "amount"), cents(bill.tax));
		assert.equal(sum(bill.taxes, "base"), cents(bill.net));
		assert.equal(cents(bill.net) + cents(bill.tax), cents(bill.gross));
		assert.equal(cents(bill.gross) - cents(bill.paid), cents(bill.open));
		assert.deepEqual(bill.lines.map((l) => l.position), bill.lines.map((_, i) => i + 1));
		assert.ok(bill.seller.name && bill.buyer.name && bill.seller.tax_id !== undefined);
	}
});

test("the tag of an answer is strong, changes with it, and saves sending it again", async () => {
	for (const path of ["/api/v1/session", "/api/v1/customers?limit=3", "/api/v1/meta"]) {
		const answer = await dealer("GET", path);
		assert.match(answer.headers.etag, /^"[a-z2-7]{26}"$/);
		const again = await dealer("GET", path, { headers: { "If-None-Match": answer.headers.etag } });
		assert.equal(again.status, 304);
		assert.equal(again.bytes.length, 0);
		assert.equal(again.headers.etag, answer.headers.etag);
		const length = again.headers["content-length"];
		assert.ok(length === undefined || Number(length) === answer.bytes.length, `a 304 says no other length: ${length}`);
		assert.equal((await dealer("GET", path, { headers: { "If-None-Match": '"0"' } })).status, 200);
	}
	const [a, b] = [await dealer("GET", "/api/v1/customers?limit=3"), await dealer("GET", "/api/v1/customers?limit=4")];
	assert.notEqual(a.headers.etag, b.headers.etag);
});

test("HEAD is GET without its body", async () => {
	for (const path of ["/api/v1/session", "/api/v1/customers?limit=3", "/api/v1/openapi.json"]) {
		const get = await dealer("GET", path), head = await dealer("HEAD", path);
		assert.equal(head.status, 200);
		assert.equal(head.bytes.length, 0);
		for (const name of ["content-type", "etag", "content-length", "cache-control"]) assert.equal(head.headers[name], get.headers[name], name);
	}
});

test("meta says what the role may see, and lists show no more", async () => {
	for (const ask of [admin, dealer, patient, auditor]) {
		const meta = (await ask("GET", "/api/v1/meta")).json;
		assert.ok(meta.pages.length > 0 && meta.actions.length > 0);
		for (const [list, resource] of [["customers", "customer"], ["documents", "document"], ["payments", "payment"], ["users", "user"]]) {
			const rows = (await ask("GET", `/api/v1/${list}?limit=5`)).json.data;
			for (const row of rows) for (const name of Object.keys(row)) assert.ok(meta.fields[resource].includes(name), `${resource}.${name}`);
		}
	}
});

clean(site);
