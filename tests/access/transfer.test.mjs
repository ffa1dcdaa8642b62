// A customer goes to another reseller: who has what before its day and afterwards, and what stays as it was.
// An instance of its own, since customers are others' afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem } from "../lib/openapi.mjs";
import { as, writer } from "../lib/users.mjs";

const site = await instance({ own: true, name: "transfer" });
const tenant = Object.fromEntries(site.sql("SELECT id, slug FROM tenant").map(({ id, slug }) => [slug, id]));
const publicId = (resource, id) => site.portico("id", resource, id).trim();
const today = site.value("SELECT UTC_DATE()"), tomorrow = site.value("SELECT UTC_DATE() + INTERVAL 1 DAY");
const admin = await writer(site, "admin@pneumuster.example");
const [from, to] = [await as(site, "owner@specimen-sleep.example"), await as(site, "owner@musterplatz.example")];

/** Customers with a subscription that runs, of the dealer that lets them go. */
const goers = site.sql(`SELECT c.id, c.name FROM customer c WHERE c.tenant_id = ${tenant["specimen-sleep"]} AND c.state = 'active'
	AND NOT EXISTS (SELECT 1 FROM customer m WHERE m.parent_id = c.id)
	AND EXISTS (SELECT 1 FROM subscription s WHERE s.customer_id = c.id AND s.state = 'active' AND s.ends IS NULL) ORDER BY c.id LIMIT 5`);
const plan = (customer, reseller, day = today) => admin("POST", "/api/v1/transfers", { customer: publicId("customer", customer), to: publicId("tenant", tenant[reseller]), day });
const state = (id) => site.value(`SELECT state FROM transfer WHERE id = ${id}`);
const newest = () => site.value("SELECT MAX(id) FROM transfer");
const ended = (id) => until("the transfer is over", () => state(id) !== "planned");

/** Everything that stands in the database of a customer's past. */
const past = (customer) => JSON.stringify(["document", "payment", "subscription", "account"].map((table) => site.sql(`SELECT id, tenant_id, customer_id FROM ${table} WHERE customer_id = ${customer} ORDER BY id`)));

test("a transfer that cannot be is refused with its pointer", async () => {
	const [{ id }] = goers;
	for (const [answer, pointers] of [
		[await plan(id, "specimen-sleep"), ["/to"]], // there already
		[await plan(id, "musterplatz", "2020-01-01"), ["/day"]],
		[await admin("POST", "/api/v1/transfers", {}), ["/customer", "/to", "/day"]],
		[await admin("POST", "/api/v1/transfers", { customer: publicId("tenant", 1), to: publicId("tenant", 2), day: today }), ["/customer"]],
		[await plan(999999, "musterplatz"), ["/customer"]],
		[await plan(site.value("SELECT MIN(parent_id) FROM customer"), "specimen-sleep"), ["/customer"]], // its members would stay behind
	]) {
		isProblem(answer, 422, "invalid");
		assert.deepEqual(answer.json.errors.map((e) => e.pointer), pointers);
	}
	site.sql(`UPDATE tenant SET state = 'closed' WHERE id = ${tenant["mihon-kokyu"]}`);
	isProblem(await plan(id, "mihon-kokyu"), 422, "invalid");
	site.sql(`UPDATE tenant SET state = 'active' WHERE id = ${tenant["mihon-kokyu"]}`);
	assert.equal(site.value("SELECT COUNT(*) FROM transfer"), "0");
});

test("one of tomorrow is shown, can be called off, and there is one at a time; resellers have no part in it", async () => {
	const [{ id, name }] = goers, answer = await plan(id, "musterplatz", tomorrow);
	assert.equal(answer.status, 201, answer.text);
	assert.deepEqual([answer.json.customer_name, answer.json.to, answer.json.day, answer.json.state, answer.json.became], [name, publicId("tenant", tenant.musterplatz), tomorrow, "planned", null]);
	isProblem(await plan(id, "musterplatz"), 409, "conflict");
	for (const ask of [from, to]) isProblem(await ask("GET", "/api/v1/transfers"), 403, "forbidden");
	assert.equal((await admin("DELETE", `/api/v1/transfers/${answer.json.id}`)).status, 204);
	isProblem(await admin("DELETE", `/api/v1/transfers/${answer.json.id}`), 409, "conflict");
	assert.equal(state(newest()), "cancelled");
});

test("on its day the customer begins anew at the new reseller, and what was stays where it was", async () => {
	const [, { id, name }] = goers, before = past(id), old = publicId("customer", id);
	const runs = site.sql(`SELECT s.offering_id, s.quantity, s.unit_price, s.currency FROM subscription s WHERE s.customer_id = ${id} AND s.state = 'active' AND (s.ends IS NULL OR s.ends > '${today}') ORDER BY 1, 2`);
	const bills = (await from("GET", `/api/v1/documents?customer=${old}&limit=200`)).json.data.map((bill) => bill.id);
	assert.ok(runs.length > 0 && bills.length > 0);
	assert.equal((await plan(id, "musterplatz")).status, 201);
	const transfer = newest();
	await ended(transfer);
	const [{ became }] = site.sql(`SELECT became_id AS became FROM transfer WHERE id = ${transfer} AND state = 'done'`), now = publicId("customer", became);
	// At the old one: closed, with all of its bills, and nothing that runs on.
	assert.deepEqual((await from("GET", `/api/v1/documents?customer=${old}&limit=200`)).json.data.map((bill) => bill.id), bills);
	assert.equal((await from("GET", `/api/v1/customers/${old}`)).json.state, "closed");
	assert.equal(past(id), before, "no row of the past went anywhere");
	assert.equal(site.value(`SELECT COUNT(*) FROM subscription WHERE customer_id = ${id} AND (state = 'active' OR ends > GREATEST(starts, '${today}') OR ends IS NULL)`), "0");
	assert.equal(site.value(`SELECT COUNT(*) FROM account WHERE customer_id = ${id} AND state = 'active'`), "0");
	isProblem(await from("GET", `/api/v1/customers/${now}`), 404, "not_found");
	// At the new one: the customer with the same subscriptions from that day on, and none of the past.
	const there = (await to("GET", `/api/v1/customers/${now}`)).json;
	assert.deepEqual([there.name, there.state, there.since], [name, "active", today]);
	assert.deepEqual((await to("GET", `/api/v1/documents?customer=${now}`)).json.data, []);
	isProblem(await to("GET", `/api/v1/customers/${old}`), 404, "not_found");
	for (const bill of bills.slice(0, 3)) isProblem(await to("GET", `/api/v1/documents/${bill}`), 404, "not_found");
	assert.deepEqual(site.sql(`SELECT s.offering_id, s.quantity, s.unit_price, s.currency FROM subscription s WHERE s.customer_id = ${became} AND s.tenant_id = ${tenant.musterplatz} AND s.starts >= '${today}' AND s.state = 'active' ORDER BY 1, 2`), runs);
	assert.equal((await to("GET", `/api/v1/subscriptions?customer=${now}`)).json.data.length, runs.length);
	isProblem(await plan(id, "musterplatz"), 422, "invalid"); // it is closed
});

test("where it cannot be any more on its day it is refused, and nothing has changed", async () => {
	const [, , { id }] = goers, before = past(id);
	await plan(id, "musterplatz", tomorrow);
	const transfer = newest();
	site.announce(/is refused: it is closed/);
	site.sql(`UPDATE tenant SET state = 'closed' WHERE id = ${tenant.musterplatz}`);
	site.sql(`UPDATE transfer SET day = UTC_DATE() WHERE id = ${transfer}`);
	await ended(transfer);
	site.sql(`UPDATE tenant SET state = 'active' WHERE id = ${tenant.musterplatz}`);
	assert.equal(state(transfer), "refused");
	assert.equal(past(id), before);
	assert.equal(site.value(`SELECT state FROM customer WHERE id = ${id}`), "active");
});

clean(site);
