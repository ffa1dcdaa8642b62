// portico bill-run over real usage: delivered as a file, billed, and held against the bills.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { stateOf } from "../lib/usage.mjs";

const site = await instance();
const portico = (...words) => spawnSync(path.join(site.programs, "portico"), ["-c", path.join(site.var, "portico.conf"), ...words], { encoding: "utf8" });
const DAY = "2026-06-17";

// A customer of the provider's own, of a cycle that nobody else has, with usage of an offering that has a price.
const [seller] = site.sql("SELECT n.* FROM tenant n WHERE n.level = 0");
const account = { id: 9001001, number: "A9001", customer: "C9001" };
site.sql(`INSERT INTO segment (id, tenant_id, code, name, way) VALUES (9001, ${seller.id}, 'meter', 'Meter', 'hand') ON DUPLICATE KEY UPDATE id = id;
	SET @segment = (SELECT MIN(id) FROM segment WHERE tenant_id = ${seller.id});
	INSERT INTO customer (id, tenant_id, a1, a2, a3, a4, segment_id, party_id, number, name, kind, language, since)
		SELECT 9001001, ${seller.id}, 0, 0, 0, 0, @segment, party_id, 'C9001', 'Meter', 'person', 'en', '2026-01-01' FROM customer LIMIT 1;
	INSERT INTO account (id, tenant_id, customer_id, segment_id, number, currency, cycle_day) VALUES (9001001, ${seller.id}, 9001001, @segment, 'A9001', '${seller.currency}', 17);
	INSERT INTO offering (id, tenant_id, product_id, code, name, kind, unit, price, currency) SELECT 9001, ${seller.id}, product_id, 'MIN', 'Minutes', 'usage', 'min', 0.05, '${seller.currency}' FROM offering LIMIT 1;
	INSERT INTO offering_price (id, offering_id, starts, currency, model, included) VALUES (9001, 9001, '2000-01-01', '${seller.currency}', 'per_unit', 10);
	INSERT INTO offering_tier (price_id, tier, unit) VALUES (9001, 1, 0.05);
	INSERT INTO subscription (id, tenant_id, customer_id, segment_id, account_id, offering_id, product_id, quantity, unit_price, currency, starts)
		SELECT 9001001, ${seller.id}, ${account.id}, @segment, ${account.id}, 9001, product_id, 1, 0.05, '${seller.currency}', '2026-01-01' FROM offering WHERE id = 9001;
	INSERT INTO price_list (id, tenant_id, code, name, currency) VALUES (9001, ${seller.id}, 'min', 'Minutes', '${seller.currency}');
	INSERT INTO price_version (id, list_id, starts, state) VALUES (9001, 9001, '2000-01-01', 'published');
	INSERT INTO price_rule (version_id, method) VALUES (9001, 'pass_through');
	INSERT INTO agreement (id, seller_id, account_id, starts, list_id, currency, tax_category, tax_rate) VALUES (9001, ${seller.id}, ${account.id}, '2000-01-01', 9001, '${seller.currency}', 'S', 20)`);

function load(name, events) {
	const file = path.join(site.var, `${name}.ndjson`);
	fs.writeFileSync(file, events.map(([event, quantity, at]) => JSON.stringify({ source: "meter", event, account: account.number, offering: "MIN", quantity, at })).join("\n"));
	const { status, stdout, stderr } = portico("usage", "load", file, "--json");
	assert.equal(status, 0, stdout + stderr);
}

function bill(day) {
	const opened = portico("bill-run", "open", "--cycle", "17", "--day", day, "--json");
	assert.equal(opened.status, 0, opened.stderr);
	const { run, checks } = JSON.parse(opened.stdout);
	assert.equal(checks.usage, 0);
	assert.equal(portico("bill-run", "approve", String(run)).status, 0);
	return run;
}

const states = () => Object.fromEntries(site.sql(`SELECT e.event, ${stateOf("e")} AS state FROM usage_event e WHERE e.offering_id = 9001`).map((row) => [row.event, row.state]));
const lines = (run) => site.sql(`SELECT l.period_start AS start, l.quantity, l.net FROM draft d JOIN document_line l ON l.document_id = d.document_id
	WHERE d.run_id = ${run} AND d.account_id = ${account.id} ORDER BY l.position`).map((row) => [row.start, Number(row.quantity), Number(row.net)]);

test("usage that was loaded is billed by the run of its period, and what comes late by the next", () => {
	load("first", [["e-1", "30", "2026-05-20T10:00:00Z"], ["e-2", "12.5", "2026-06-16T10:00:00Z"], ["e-3", "20", "2026-06-18T10:00:00Z"]]);
	const first = bill(DAY);
	assert.deepEqual(states(), { "e-1": "billed", "e-2": "billed", "e-3": "received" });
	assert.deepEqual(lines(first), [["2026-05-17", 32.5, 163]]);
	const { status, stdout } = portico("bill-run", "reconcile");
	assert.deepEqual([status, stdout], [0, "what was used is bought and billed\n"]);

	load("late", [["e-4", "8", "2026-06-01T10:00:00Z"]]);
	const second = bill("2026-07-17");
	assert.deepEqual(states(), { "e-1": "billed", "e-2": "billed", "e-3": "billed", "e-4": "billed" });
	assert.deepEqual(lines(second), [["2026-05-17", 8, 40], ["2026-06-17", 10, 50]]);
	assert.deepEqual(lines(first), [["2026-05-17", 32.5, 163]]);
});

test("reconcile tells what is not billed, with what it is worth, and ends with 3", () => {
	load("later", [["e-5", "7", "2026-06-20T10:00:00Z"]]);
	const { status, stdout } = portico("bill-run", "reconcile", "--json");
	assert.equal(status, 3);
	assert.deepEqual(JSON.parse(stdout).gaps, [{ kind: "not_rated", customer: account.customer, account: account.number, offering: "MIN", start: "2026-06-17", end: "2026-07-17",
		used: "7", bought: "0", billed: "0", value: { amount: "0.35", currency: seller.currency } }]);
	assert.match(portico("bill-run", "reconcile").stdout, new RegExp(`^not_rated  .*  used 7  bought 0  billed 0  worth 0\\.35 ${seller.currency}\n$`));
	const runs = site.sql("SELECT id FROM bill_run ORDER BY id").map((row) => row.id);
	assert.equal(portico("bill-run", "reconcile", String(runs[0])).status, 0);
	assert.equal(portico("bill-run", "reconcile", "--day", "2026-06-17").status, 2);
});

test("what a run leaves out is told with who cannot sell it and why, and a later run bills it", () => {
	load("left", [["e-9", "30", "2026-04-01T10:00:00Z"]]);
	site.sql("UPDATE offering_price SET starts = '2026-04-17' WHERE id = 9001");
	const opened = portico("bill-run", "open", "--cycle", "17", "--day", "2026-04-17", "--json");
	const { run, left_out: left } = JSON.parse(opened.stdout);
	assert.deepEqual(left, [{ account: account.number, customer: "Meter", offering: "MIN", seller: seller.name, reason: "list_price", detail: "" }]);
	assert.match(portico("bill-run", "show", String(run)).stdout, new RegExp(`left out: ${account.number} \\(Meter\\), MIN sold by ${seller.name}: it has no list price`));
	site.sql("UPDATE offering_price SET starts = '2000-01-01' WHERE id = 9001; UPDATE account SET state = 'closed' WHERE id = 9001001");
	const parked = JSON.parse(portico("bill-run", "open", "--cycle", "17", "--day", "2026-04-17", "--sequence", "2", "--json").stdout);
	assert.deepEqual(parked.left_out.map((one) => [one.account, one.offering, one.seller, one.reason]), [[account.number, "", "", "closed"]]);
	site.sql("UPDATE account SET state = 'active' WHERE id = 9001001");
	const third = JSON.parse(portico("bill-run", "open", "--cycle", "17", "--day", "2026-04-17", "--sequence", "3", "--json").stdout);
	assert.deepEqual(third.left_out, []);
	assert.equal(portico("bill-run", "approve", String(third.run)).status, 0);
	assert.deepEqual(lines(third.run), [["2026-03-17", 20, 100]]);
});

clean(site);
