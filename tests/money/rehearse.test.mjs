// portico rehearse: the cases that are given, random ones against a second evaluator, and what a broken case is told.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clean, instance, root } from "../lib/instance.mjs";
import { evaluate } from "./evaluate.mjs";
import { randomCase } from "./random.mjs";

const site = await instance();
const runs = site.value("SELECT COUNT(*) FROM bill_run"); // of tests before
const folder = path.join(root, "tests/money/cases");
const files = fs.readdirSync(folder).filter((name) => name.endsWith(".json")).sort();
// How many random cases, and the first: PORTICO_CASES=200 SEED=1000 for more of them.
const count = Number(process.env.PORTICO_CASES ?? 4);
const seed = Number(process.env.SEED ?? 1);

function rehearse(file, ...words) {
	return spawnSync(path.join(site.programs, "portico"), ["-c", path.join(site.var, "portico.conf"), "rehearse", file, ...words],
		{ encoding: "utf8", maxBuffer: 1 << 28 });
}

function write(c) {
	const file = path.join(site.var, "case.json");
	fs.writeFileSync(file, typeof c === "string" ? c : JSON.stringify(c));
	return file;
}

function outcome(file) {
	const { status, stdout, stderr } = rehearse(file);
	assert.equal(status, 0, stderr);
	assert.equal(stderr, "");
	return JSON.parse(stdout);
}

const given = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"));

test("every given case comes to what it expects, and so does the second evaluator", () => {
	assert.equal(files.length, 6);
	for (const name of files) {
		assert.deepEqual(outcome(path.join(folder, name)), given(name).expect, name);
		assert.deepEqual(evaluate(given(name)), given(name).expect, name);
	}
});

test("the outcome is written as the case writes it; --json puts it on one line", () => {
	const name = files[0];
	const expected = JSON.stringify(given(name).expect, null, 1);
	assert.equal(rehearse(path.join(folder, name)).stdout, `${expected}\n`);
	const line = rehearse(path.join(folder, name), "--json").stdout;
	assert.equal(line.trim().includes("\n"), false);
	assert.deepEqual(JSON.parse(line), given(name).expect);
});

test("random cases come to the same by the engine and by the second evaluator", () => {
	for (let i = seed; i < seed + count; i++) {
		const c = randomCase(i, 40);
		assert.deepEqual(outcome(write(c)), evaluate(c), `seed ${i}`);
	}
});

test("a name with quotes and blanks stays what it is", () => {
	const c = given(files[5]);
	const name = "O'Q \"the\\ second\"";
	c.chains = { [name]: c.chains.K.map((e) => (e.buyer === "K" ? { ...e, buyer: name } : e)) };
	for (const s of c.subscriptions) s.account = name;
	assert.deepEqual(outcome(write(c)), evaluate(c));
	assert.deepEqual(JSON.parse(rehearse(write(c), "--json").stdout), evaluate(c));
});

test("a name that ends with a backslash ends there on one line too", () => {
	const c = { ...given(files[0]) }, name = "back \\", [[was, chain]] = Object.entries(c.chains), moved = (list) => list.map((one) => ({ ...one, account: name }));
	const called = { ...c, chains: { [name]: chain.map((edge) => (edge.buyer === was ? { ...edge, buyer: name } : edge)) }, subscriptions: moved(c.subscriptions), usage: moved(c.usage), payments: [] };
	assert.deepEqual(JSON.parse(rehearse(write(called), "--json").stdout), evaluate(called));
});

test("nothing to bill is nothing, not an error", () => {
	const c = given(files[4]);
	c.subscriptions = [];
	assert.deepEqual(outcome(write(c)), { documents: [], margins: {}, rejects: [] });
});

test("more than the last tier reaches has no price, on no edge", () => {
	const c = given(files[2]);
	c.offerings[0].price.tiers.pop();
	const out = outcome(write(c));
	assert.deepEqual(out.rejects.map((r) => [r.account, r.offering]), [["Ana", "DATA"], ["Ana", "DATA"]]);
	assert.equal(out.documents.some((d) => d.lines.some((l) => l.account === "Ana" && l.offering === "DATA")), false);
	assert.equal(out.documents.some((d) => d.lines.some((l) => l.account === "Ben" && l.offering === "DATA")), true);
});

// What is made of a good case, and the field that is told.
const broken = [
	["/minor", (c) => { c.minor = "two"; }],
	["/vat", (c) => { delete c.vat; }],
	["/vat", (c) => { c.vat = "7.125"; }],
	["/period/end", (c) => { c.period.end = c.period.start; }],
	["/period/start", (c) => { c.period.start = "2026-02-30"; }],
	["/offerings/1/kind", (c) => { c.offerings[1].kind = "weekly"; }],
	["/offerings/0/price/model", (c) => { c.offerings[0].price.model = "per unit"; }],
	["/offerings/0/price/unit", (c) => { c.offerings[0].price.unit = 10.5; }],
	["/offerings/2/price/unit", (c) => { c.offerings[2].price.unit = "1.1234567"; }],
	["/offerings/2", (c) => { c.offerings[2].code = "SEAT"; }],
	["/chains/Zoe/0/prices/0/method", (c) => { c.chains.Zoe[0].prices[0].method = "half"; }],
	["/chains/Zoe/1/prices/2/value", (c) => { delete c.chains.Zoe[1].prices[2].value; }],
	["/chains/Zoe/1/prices/1/match", (c) => { c.chains.Zoe[1].prices[1].match = "SEATS"; }],
	["/chains/Zoe/1/seller", (c) => { c.chains.Zoe[1].seller = "Beta"; }],
	["/chains/Zoe", (c) => { c.chains.Zoe.pop(); }],
	["/chains/a~1b~0", (c) => { c.chains["a/b~"] = []; }],
	["/subscriptions/1/account", (c) => { c.subscriptions[1].account = "Zoé"; }],
	["/subscriptions/0/from", (c) => { c.subscriptions[0].from = null; }],
	["/usage/0/at", (c) => { c.usage[0].at = "2026-06-15"; }],
	["/usage/0/offering", (c) => { c.usage[0].offering = ["CALL"]; }],
	["/payments/0/amount", (c) => { c.payments[0].amount = "1.001"; }],
	["/", () => "[]"],
	["/", () => "{\"currency\": "],
];

test("a broken case is told which field, with exit status 2 and nothing on standard output", () => {
	for (const [pointer, spoil] of broken) {
		const c = given(files[0]);
		const { status, stdout, stderr } = rehearse(write(spoil(c) ?? c));
		assert.equal(status, 2, `${pointer}: ${stderr}`);
		assert.equal(stdout, "");
		assert.ok(stderr.includes(`: ${pointer}: `), `${pointer}: ${stderr}`);
	}
	const { status, stderr } = rehearse(path.join(site.var, "nothing.json"));
	assert.equal(status, 2);
	assert.match(stderr, /nothing\.json: No such file/);
});

test("nothing is left of a rehearsal, and nothing of it gets into the database", () => {
	assert.deepEqual(site.sql("SHOW DATABASES LIKE '%rehearsal%'"), []);
	assert.equal(site.value("SELECT COUNT(*) FROM bill_run"), runs);
});

clean(site);
