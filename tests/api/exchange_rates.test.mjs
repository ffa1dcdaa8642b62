// Exchange rates: set by the provider from a day on, told with what they made, and what was billed by never changes.  With the
// demo's houses in pounds and yen, which buy in euro; an instance of its own, for it bills all of the demo.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { as, writer } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true, name: "rates" });
const { check } = await openapi(site), publicId = sealer(site, vocabulary());
const admin = await writer(site, "admin@pneumuster.example"), operator = await writer(site, "billing@pneumuster.example"), auditor = await writer(site, "auditor@pneumuster.example");
const pounds = await writer(site, "owner@specimen-sleep.example"), yen = await writer(site, "owner@mihon-kokyu.example");
const at = "/api/v1/exchange-rates", good = { currency: "EUR", worth_in: "GBP", day: "2150-01-01", rate: "0.861234567891", source: "Sample Bank" };
const errors = (answer) => isProblem(answer, 422, "invalid").errors.map((e) => `${e.pointer} ${e.code}`);
const number = (sql) => Number(site.value(sql));
const get = async (asked, path_) => {
	const answer = await asked("GET", path_);
	assert.equal(answer.status, 200, `${path_}: ${answer.text}`);
	return answer.json;
};
const cli = (...args) => spawnSync(path.join(site.programs, "portico"), ["-c", path.join(site.var, "portico.conf"), ...args], { encoding: "utf8" });

test("the provider sets a rate from a day on; who sets it again sets nothing, and resellers see no list of them", async () => {
	const answer = await operator("POST", at, good);
	assert.equal(answer.status, 201, answer.text);
	check("POST", at, answer);
	const { id, set_by: by, set_at: when, ...rest } = answer.json;
	assert.deepEqual(rest, good, "to its last place");
	assert.ok(by.includes("billing") && when.length > 10);
	assert.equal(number("SELECT COUNT(*) FROM audit WHERE action = 'exchange_rate.create'"), 1);
	const same = await admin("POST", at, good);
	assert.deepEqual([same.status, same.json.id], [200, id]);
	const mended = await admin("POST", at, { ...good, rate: "0.87" });
	assert.equal(mended.status, 201, "of one day the last counts");
	assert.notEqual(mended.json.id, id);
	check("GET", at, await auditor("GET", at));
	assert.deepEqual((await get(auditor, `${at}?limit=2`)).data.map((one) => one.rate), ["0.87", "0.861234567891"]);
	assert.equal((await get(auditor, `${at}/${id}`)).source, "Sample Bank");
	isProblem(await auditor("POST", at, good), 403, "forbidden");
	for (const asked of [pounds, yen]) {
		isProblem(await asked("GET", at), 403, "forbidden");
		isProblem(await asked("POST", at, good), 403, "forbidden");
	}
});

test("each fault of a rate has its pointer, and sets nothing", async () => {
	const before = number("SELECT COUNT(*) FROM exchange_rate");
	for (const [more, wanted] of [[{ currency: "XXX" }, "/currency currency"], [{ currency: "eur" }, "/currency currency"], [{ worth_in: "EUR" }, "/worth_in same"], [{ worth_in: "EURO" }, "/worth_in length"],
		[{ day: "1.1.2150" }, "/day date"], [{ rate: "0" }, "/rate number"], [{ rate: "-1" }, "/rate number"], [{ rate: "1,5" }, "/rate number"], [{ rate: "0.0000000000001" }, "/rate number"], [{ rate: 0.86 }, "/rate length"],
		[{ source: " " }, "/source length"], [{ source: "a\nb" }, "/source length"], [{ source: "x".repeat(101) }, "/source length"], [{ rate: undefined }, "/rate missing"], [{ set_by: "me" }, "/set_by unknown"]])
		assert.deepEqual(errors(await admin("POST", at, { ...good, ...more })), [wanted], JSON.stringify(more));
	assert.equal(number("SELECT COUNT(*) FROM exchange_rate"), before);
});

test("a file of rates is set whole or not at all, tells its lines, and harms nothing when it is loaded again", () => {
	const file = path.join(site.var, "rates.csv"), head = "currency,worth_in,day,rate,source\n", load = (text) => (fs.writeFileSync(file, text), cli("rate", "load", file));
	const before = number("SELECT COUNT(*) FROM exchange_rate"), lines = 'EUR,CHF,2150-01-01,0.94,"Sample Bank, daily"\r\nGBP,EUR,2150-01-01,1.16,Sample Bank\r\n';
	const wrong = load(`${head}EUR,CHF,2150-01-01,0.94,Sample Bank\nEUR,CHF,2150-02-31,0.94,Sample Bank\n\nEUR,XXX,2150-01-01,1,Sample Bank\nEUR,CHF\n`);
	assert.equal(wrong.status, 2, wrong.stderr);
	assert.deepEqual([...wrong.stderr.matchAll(/rates\.csv:(\d+): (\w+)/g)].map(([, line, of]) => `${line} ${of}`), ["3 day", "5 worth_in", "6 it"]);
	assert.equal(load(lines).status, 2, "without its first line");
	assert.equal(number("SELECT COUNT(*) FROM exchange_rate"), before);
	assert.equal(load(head + lines).stdout, "2 set, 0 as they were\n");
	assert.equal(load(head + lines).stdout, "0 set, 2 as they were\n");
	assert.equal(number("SELECT COUNT(*) FROM exchange_rate"), before + 2);
	assert.equal(site.value("SELECT source FROM exchange_rate WHERE to_currency = 'CHF'"), "Sample Bank, daily");
	for (const words of [["rate"], ["rate", "load"], ["rate", "load", path.join(site.var, "none.csv")]]) assert.equal(cli(...words).status, 2);
});

const period_end = site.value("SELECT MAX(period_end) FROM document"), period_start = site.value(`SELECT '${period_end}' - INTERVAL 1 MONTH`);

test("a bill run bills all of the demo on every edge, whatever its currencies are, and each tells its rate", async () => {
	const opened = cli("bill-run", "open", "--day", period_end, "--json");
	assert.equal(opened.status, 0, opened.stderr);
	assert.deepEqual(JSON.parse(opened.stdout).left_out, []);
	assert.equal(cli("bill-run", "approve", "1").status, 0);
	assert.deepEqual(site.sql("SELECT DISTINCT e.currency FROM charge h JOIN chain_edge e ON e.chain_id = h.chain_id AND e.position = h.position ORDER BY 1").map((row) => row.currency), ["EUR", "GBP", "JPY"]);
	for (const check_ of ["rejects", "edges", "sums", "proof_margins", "proof_collected", "proof_converted"]) assert.equal(number(`SELECT found FROM bill_run_check WHERE name = '${check_}'`), 0, check_);
	for (const [asked, slug, currency] of [[pounds, "specimen-sleep", "GBP"], [yen, "mihon-kokyu", "JPY"]]) {
		const bill = site.value(`SELECT MIN(d.document_id) FROM draft d JOIN tenant n ON n.id = d.seller_id WHERE n.slug = '${slug}' AND d.document_id IS NOT NULL`);
		const things = (await get(asked, `/api/v1/documents/${publicId("document", bill)}/explain`)).data, rate = site.sql(`SELECT rate, day FROM exchange_rate WHERE to_currency = '${currency}' AND day <= '${period_start}' ORDER BY day DESC, id DESC LIMIT 1`)[0];
		assert.ok(things.length > 0);
		for (const one of things) assert.deepEqual([one.net.currency, one.priced_in, Number(one.exchange_rate), one.rate_day, one.rate_source], [currency, "EUR", Number(rate.rate), rate.day, "Demo rate (made up)"]);
		// Own books: what was bought in euro is nothing of the margin in euro any more, and to the cent in the other one.
		const rows = (await get(asked, "/api/v1/settlements")).data, euro = rows.find((row) => row.margin.currency === "EUR"), own = rows.find((row) => row.margin.currency === currency);
		assert.deepEqual([euro.margin.amount, euro.cost_out], ["0.00", euro.bought]);
		const minor = ({ amount }) => Math.round(Number(amount) * (currency === "JPY" ? 1 : 100));
		assert.equal(minor(own.margin), minor(own.sold) - minor(own.bought) - minor(own.cost_in));
		assert.ok(minor(own.margin) > 0);
		const one = await get(asked, `/api/v1/settlements/${own.id}`);
		assert.deepEqual(one.rates.map((r) => [r.currency, r.worth_in, r.source, r.cost, r.converted]), [["EUR", currency, "Demo rate (made up)", euro.cost_out, own.cost_in]]);
	}
	const patient = site.sql("SELECT u.email, d.id FROM document d JOIN customer c ON c.id = d.customer_id JOIN user u ON u.customer_id = c.id JOIN tenant n ON n.id = d.tenant_id JOIN draft f ON f.document_id = d.id WHERE n.slug = 'specimen-sleep' AND u.state = 'active' AND u.email LIKE 'patient%' LIMIT 1")[0];
	const seen = await get(await as(site, patient.email), `/api/v1/documents/${publicId("document", patient.id)}/explain`);
	assert.ok(seen.data.every((one) => !("exchange_rate" in one) && !("priced_in" in one)), "who buys is not told what its seller's price is made of");
});

test("what a run has billed by keeps its rate; from behind that day on another one can hold, and so it can where the run is cancelled", async () => {
	const charges = () => site.sql("SELECT billable_id, position, unit, net FROM charge ORDER BY 1, 2"), before = charges();
	for (const day of ["2000-01-01", period_start]) {
		const refused = await admin("POST", at, { ...good, day });
		assert.deepEqual(errors(refused), ["/day billed"]);
		assert.match(refused.json.errors[0].detail, /\d{4}-\d{2}-\d{2}/);
	}
	const file = path.join(site.var, "late.csv");
	fs.writeFileSync(file, `currency,worth_in,day,rate,source\nEUR,CHF,2150-01-02,0.94,Sample Bank\nEUR,GBP,${period_start},0.9,Sample Bank\n`);
	const late = cli("rate", "load", file);
	assert.deepEqual([late.status, /late\.csv:3: day/.test(late.stderr), number("SELECT COUNT(*) FROM exchange_rate WHERE day = '2150-01-02'")], [2, true, 0]);
	assert.equal((await admin("POST", at, { ...good, currency: "GBP", worth_in: "EUR", day: period_start })).status, 201, "nothing was billed the other way round");
	assert.equal((await admin("POST", at, { ...good, day: period_end })).status, 201);
	assert.deepEqual(charges(), before, "nothing that was billed changed");
	site.sql("UPDATE bill_run SET phase = 'cancelled' WHERE id = 1");
	assert.equal((await admin("POST", at, { ...good, day: period_start })).status, 201);
});

test("a preview and a simulation convert what is bought, and say at which rate", async () => {
	const [sold] = site.sql(`SELECT s.id FROM subscription s JOIN account a ON a.id = s.account_id JOIN tenant n ON n.id = s.tenant_id JOIN offering o ON o.id = s.offering_id
		WHERE n.slug = 'specimen-sleep' AND s.state = 'active' AND a.state = 'active' AND o.kind = 'recurring' AND s.quantity = 1 AND s.ends IS NULL LIMIT 1`), path_ = `/api/v1/subscriptions/${publicId("subscription", sold.id)}`;
	const now = await pounds("GET", path_), answer = await pounds("PATCH", path_, { quantity: "3", preview: true }, { "If-Match": now.headers.etag });
	assert.equal(answer.status, 200, answer.text);
	check("PATCH", "/api/v1/subscriptions/{id}", answer);
	for (const period of answer.json.periods) {
		assert.deepEqual([period.cost.after.currency, period.rates.length > 0, period.rates[0].currency, period.rates[0].worth_in], ["GBP", true, "EUR", "GBP"]);
		const minor = ({ amount }) => Math.round(Number(amount) * 100);
		for (const side of ["before", "after"]) assert.equal(minor(period.margin[side]), minor(period.charged[side]) - minor(period.cost[side]));
		assert.ok(minor(period.cost.after) > 0);
	}
	const [list] = site.sql("SELECT l.id FROM price_list l JOIN tenant n ON n.id = l.tenant_id WHERE n.slug = 'mihon-kokyu'"), at_ = `/api/v1/price-lists/${publicId("price_list", list.id)}`;
	assert.equal((await yen("POST", `${at_}/draft`, {})).status, 200);
	const draft = await yen("GET", `${at_}/draft`), put = await yen("PATCH", `${at_}/draft`, { rules: [{ method: "cost_plus_pct", value: "20" }] }, { "If-Match": draft.headers.etag });
	assert.equal(put.status, 200, put.text);
	const { moved } = await get(yen, `${at_}/simulation`);
	assert.ok(moved.length > 0);
	for (const row of moved) {
		assert.deepEqual([row.currency, row.cost_currency, row.rate_source], ["JPY", "EUR", "Demo rate (made up)"]);
		assert.ok(Math.abs(Number(row.new_cost) * 1.2 - Number(row.new)) < 0.000002, "the margin is of the cost in the own currency");
		assert.ok(Math.abs(Number(row.new) - Number(row.new_cost) - Number(row.new_margin)) < 0.0000011);
	}
});

clean(site);
