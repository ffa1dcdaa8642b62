// Who opened or changed what is a customer's: noted once a day of each who is not of the customer itself, told to the
// customer, its reseller and the provider and to nobody else, and nothing is opened unseen.
// An instance of its own: it is stopped, tables are taken away, and users, roles and segments are made here.  Whoever
// begins anew waits for the leases of the portico-jobs before: half a minute.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../lib/http.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { json, sameOrigin } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";
import { random } from "./proof/tools.mjs";

const site = await instance({ own: true, name: "opening" });
const words = vocabulary(), seal = sealer(site, words), rng = random(20261128);
const { operations, check } = await openapi(site);
const hosts = Object.fromEntries(site.sql("SELECT tenant_id, name FROM host WHERE is_primary = 1").map((row) => [row.tenant_id, row.name]));
const user = (email) => site.sql(`SELECT id, tenant_id AS tenant, customer_id AS customer, name, email FROM user WHERE email = '${email}'`)[0];
const [admin, auditor, distributor, owner, support, beside, patient, sibling] = ["admin@pneumuster.example", "auditor@pneumuster.example", "owner@nordmuster.example", "owner@musterplatz.example",
	"support@musterplatz.example", "owner@specimen-sleep.example", "patient0001@musterplatz.example", "patient0002@musterplatz.example"].map(user);

/** A session of its own that asks. */
function asking(who) {
	const token = rng.hex(64), host = hosts[who.tenant];
	site.sql(`INSERT INTO session (token_hash, user_id, host, created, seen, ends)
		VALUES (UNHEX(SHA2('${token}', 256)), ${who.id}, '${host}', UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 10 HOUR)`);
	return (method, path, body, more = {}) => ask(site, method, `/api/v1/${path}`, { host,
		headers: { Cookie: `session=${token}`, ...(method === "GET" ? {} : { ...json, ...sameOrigin }), ...more }, body: body === undefined ? undefined : JSON.stringify(body) });
}

/** One of each thing of the patient: kind -> row. */
const its = { customer: site.sql(`SELECT id, number FROM customer WHERE id = ${patient.customer}`)[0] };
for (const [kind, number] of Object.entries({ account: "number", document: "number", payment: "NULL", subscription: "NULL" }))
	[its[kind]] = site.sql(`SELECT id, ${number} AS number FROM ${kind} WHERE customer_id = ${patient.customer} ORDER BY id LIMIT 1`);
const kinds = Object.keys(its);
const pathOf = (kind, id = its[kind].id) => `${kind}s/${seal(kind, id)}`;

const noted = (more = "TRUE") => site.sql(`SELECT user_id AS user, kind, object_id AS object, number, as_id AS \`as\`, did, customer_id AS customer, tenant_id AS tenant FROM opening WHERE ${more} ORDER BY id`);
const forget = () => site.sql("DELETE FROM opening");
/** Somebody new, whom no thread has noted anything of. */
let made = 0;
function somebody(model, role = null) {
	const email = `opening-${made += 1}@portico.example`;
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password)
		SELECT tenant_id, customer_id, ${role ?? "role_id"}, '${email}', 'Opener ${made}', language, '-' FROM user WHERE id = ${model.id}`);
	return user(email);
}

test("each thing of a customer that somebody else opens is noted, once a day, in whatever form and on whatever thread", async () => {
	for (const kind of kinds) assert.ok(its[kind], kind);
	for (const who of [somebody(admin), somebody(owner)]) {
		const one = asking(who);
		for (let round = 0; round < 12; round++)
			for (const kind of kinds) assert.equal((await one("GET", pathOf(kind))).status, 200, kind);
		for (const form of ["html", "pdf"]) assert.equal((await one("GET", `${pathOf("document")}/${form}`)).status, 200);
		assert.deepEqual(noted(`user_id = ${who.id}`), kinds.map((kind) => ({ user: who.id, kind, object: its[kind].id, number: its[kind].number, as: "0", did: "opened", customer: patient.customer, tenant: patient.tenant })));
	}
	for (const form of ["html", "pdf"]) { // also where it is the first form
		const who = somebody(support);
		assert.equal((await asking(who)("GET", `${pathOf("document")}/${form}`)).status, 200);
		assert.deepEqual(noted(`user_id = ${who.id}`).map((row) => row.kind), ["document"], form);
	}
	assert.equal(site.value("SELECT COUNT(*) FROM opening WHERE day <> UTC_DATE() OR DATE(at) <> day"), "0");
});

test("no address that takes the id of what is a customer's can be added without being noted", async () => {
	const takes = operations.filter((o) => o.method === "GET" && o.path.includes("{id}") && words.customers[o["x-action"].split(".")[0]] === true);
	assert.ok(takes.length >= 7, takes.map((o) => o.path).join());
	for (const operation of takes) {
		const who = somebody(admin), kind = operation["x-action"].split(".")[0];
		const got = await asking(who)("GET", operation.path.replace("/api/v1/", "").replace("{id}", seal(kind, its[kind].id)));
		assert.equal(got.status, 200, `${operation.path} ${got.text}`);
		assert.deepEqual(noted(`user_id = ${who.id}`).map((row) => [row.kind, row.object]), [[kind, its[kind].id]], operation.path);
	}
});

test("the next day it is noted again", async () => {
	const who = somebody(owner), one = asking(who);
	assert.equal((await one("GET", pathOf("document"))).status, 200);
	await site.run("stop");
	await site.run("start");
	assert.equal((await one("GET", pathOf("document"))).status, 200);
	assert.equal(noted(`user_id = ${who.id}`).length, 1, "a worker that begins anew notes nothing twice");
	site.sql(`UPDATE opening SET day = day - INTERVAL 1 DAY, at = at - INTERVAL 1 DAY WHERE user_id = ${who.id}`);
	await site.run("stop");
	await site.run("start");
	assert.equal((await one("GET", pathOf("document"))).status, 200);
	assert.equal(noted(`user_id = ${who.id}`).length, 2);
});

test("who acts for the customer itself is not noted, and who acts for the head of its group is", async () => {
	const own = somebody(patient), one = asking(own);
	for (const kind of kinds) assert.equal((await one("GET", pathOf(kind))).status, 200, kind);
	for (const form of ["html", "pdf"]) assert.equal((await one("GET", `${pathOf("document")}/${form}`)).status, 200);
	assert.deepEqual(noted(`user_id = ${own.id}`), []);

	const [head] = site.sql(`SELECT u.id FROM user u JOIN role r ON r.id = u.role_id WHERE r.code = 'customer_group' AND u.tenant_id = ${owner.tenant}
		AND EXISTS (SELECT 1 FROM customer m WHERE m.parent_id = u.customer_id) LIMIT 1`);
	const heads = somebody(head), [member] = site.sql(`SELECT id FROM customer WHERE parent_id = ${heads.customer} LIMIT 1`);
	for (const id of [heads.customer, member.id]) assert.equal((await asking(heads)("GET", pathOf("customer", id))).status, 200);
	assert.deepEqual(noted(`user_id = ${heads.id}`).map((row) => row.object), [member.id]);
	const told = (await asking(heads)("GET", `openings?customer=${seal("customer", member.id)}`)).json.data;
	assert.deepEqual(told.map((row) => [row.house, row.object]), [["group", seal("customer", member.id)]]);
});

test("what was refused or is a list is no opening", async () => {
	const who = somebody(beside), one = asking(who), agent = somebody(support);
	for (const kind of kinds) assert.equal((await one("GET", pathOf(kind))).status, 404, kind);
	assert.equal((await asking(agent)("GET", pathOf("payment"))).status, 403);
	for (const list of ["customers", "documents", "payments", "accounts", "subscriptions", "openings"]) assert.equal((await asking(admin)("GET", list)).status, 200);
	assert.deepEqual(noted(`user_id IN (${who.id}, ${agent.id}) OR user_id = ${admin.id}`), []);
});

test("who looks as somebody else is noted with both, also where the other is of the customer itself", async () => {
	for (const as of [patient, owner]) {
		const who = somebody(admin), one = asking(who);
		assert.equal((await one("POST", "views", { user: seal("user", as.id), reason: "request 4711" })).status, 200);
		assert.equal((await one("GET", pathOf("document"))).status, 200);
		assert.deepEqual(noted(`user_id = ${who.id}`).map((row) => [row.as, row.kind]), [[as.id, "document"]]);
		assert.equal((await one("DELETE", "views/current")).status, 204);
		assert.equal((await one("GET", pathOf("document"))).status, 200);
		assert.deepEqual(noted(`user_id = ${who.id}`).map((row) => row.as), [as.id, "0"]);
	}
});

test("a change is noted as one, in its own transaction; one that was refused is not", async () => {
	const who = somebody(owner), one = asking(who);
	const { headers } = await one("GET", pathOf("customer"));
	assert.equal((await one("PATCH", pathOf("customer"), { tags: [] }, { "If-Match": '"none"' })).status, 412);
	assert.equal((await one("PATCH", pathOf("customer"), { tags: 1 }, { "If-Match": headers.etag })).status, 422);
	assert.deepEqual(noted(`user_id = ${who.id}`).map((row) => row.did), ["opened"]);
	assert.equal((await one("PATCH", pathOf("customer"), { tags: ["seen"] }, { "If-Match": headers.etag })).status, 200);
	assert.deepEqual(noted(`user_id = ${who.id}`).map((row) => row.did), ["opened", "changed"]);
});

test("the customer reads which house it was, the house its own people, the provider everybody; and no customer, dealer or distributor another's", async () => {
	forget();
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${owner.tenant}, NULL, 'Front desk', 'reseller', 0), (${admin.tenant}, NULL, 'Desk of Pneumuster', 'admin', 0)`);
	for (const name of ["Front desk", "Desk of Pneumuster"]) {
		site.sql(`INSERT INTO role_grant SELECT id, 'document.read', '${name === "Front desk" ? "tenant" : "all"}' FROM role WHERE name = '${name}'`);
		site.sql(`INSERT INTO role_field SELECT id, 'document.id', 'read' FROM role WHERE name = '${name}'`);
	}
	const desk = (name) => site.value(`SELECT id FROM role WHERE name = '${name}'`);
	const by = { owner: somebody(owner), desk: somebody(owner, desk("Front desk")), admin: somebody(admin), provider: somebody(admin, desk("Desk of Pneumuster")) };
	for (const who of Object.values(by)) assert.equal((await asking(who)("GET", pathOf("document"))).status, 200);
	const above = somebody(distributor);
	assert.equal((await asking(above)("GET", pathOf("customer"))).status, 200);
	const viewing = somebody(owner), view = asking(viewing);
	assert.equal((await view("POST", "views", { user: seal("user", patient.id), reason: "request 4711" })).status, 200);
	assert.equal((await view("GET", pathOf("document"))).status, 200);

	const list = async (who, query = "") => {
		const got = await asking(who)("GET", `openings${query}`);
		assert.equal(got.status, 200, got.text);
		check("GET", "/api/v1/openings", got);
		return got.json.data.reverse();
	};
	const own = await list(patient);
	assert.deepEqual(own.map((row) => [row.house, row.role, row.role_name, row.viewing]), [["seller", "dealer_owner", null, false], ["seller", null, "Front desk", false],
		["provider", "provider_admin", null, false], ["provider", null, null, false], ["above", "distributor_owner", null, false], ["seller", "dealer_owner", null, true]].map(([house, role, name, as]) =>
		[house, role, name ?? (house === "seller" ? site.value("SELECT name FROM role WHERE code = 'dealer_owner'") : null), as]));
	assert.deepEqual(own[0].object, seal("document", its.document.id));
	assert.deepEqual([own[0].number, own[0].kind, own[0].did, own[0].customer], [its.document.number, "document", "opened", seal("customer", patient.customer)]);
	assert.match(own[0].at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
	for (const row of own) for (const field of ["user", "user_name", "as_user", "as_name", "house_name", "tenant", "tenant_name"]) assert.ok(!(field in row), field);
	assert.doesNotMatch(JSON.stringify(own), /Opener|[Pp]neumuster|[Nn]ordmuster/, "a portal of the dealer names nobody above it");

	const dealers = await list(owner);
	assert.deepEqual(dealers.map((row) => row.user_name), [by.owner.name, by.desk.name, null, null, null, viewing.name]);
	assert.deepEqual(dealers.map((row) => row.as_name), [null, null, null, null, null, patient.name]);
	assert.ok(!("house_name" in dealers[0]));
	assert.doesNotMatch(JSON.stringify(dealers), /[Pp]neumuster|[Nn]ordmuster/);

	for (const who of [admin, auditor]) {
		const all = await list(who);
		assert.deepEqual(all.map((row) => row.user_name), [...Object.values(by), above, viewing].map((one) => one.name));
		assert.deepEqual(new Set(all.map((row) => row.house_name)), new Set(site.sql(`SELECT name FROM tenant WHERE id IN (${owner.tenant}, ${admin.tenant}, ${distributor.tenant})`).map((row) => row.name)));
		assert.equal(all[3].role_name, "Desk of Pneumuster");
	}
	for (const who of [sibling, beside, distributor]) assert.deepEqual(await list(who), [], who.email);
	assert.deepEqual(await list(beside, `?customer=${seal("customer", patient.customer)}`), []);
	for (const email of ["support@musterplatz.example", "finance@musterplatz.example", "billing@pneumuster.example"]) isProblem(await asking(user(email))("GET", "openings"), 403, "forbidden");

	assert.equal((await list(owner, `?customer=${seal("customer", patient.customer)}&kind=customer`)).length, 1);
	assert.equal((await list(owner, "?since=2020-01-01")).length, 6);
	assert.equal((await list(owner, "?since=2199-01-01")).length, 0);
	assert.deepEqual((await list(owner, "?sort=at")).map((row) => row.id), dealers.map((row) => row.id).reverse());
	isProblem(await asking(patient)("GET", `openings?tenant=${seal("tenant", owner.tenant)}`), 400, "unknown_parameter");
	isProblem(await asking(patient)("GET", "openings?since=yesterday"), 400, "bad_parameter");
	isProblem(await asking(patient)("GET", "openings?kind=user"), 400, "bad_parameter");
});

test("what must be noted and cannot be is not answered: 503 and nothing of it, in each form, until it can", async () => {
	site.announce(/opening_\w+: 1146/);
	const who = somebody(owner), one = asking(who), own = asking(patient);
	const marks = [its.document.number, its.customer.number];
	site.sql("RENAME TABLE opening TO opening_away");
	try {
		for (const path of [...kinds.map((kind) => pathOf(kind)), `${pathOf("document")}/html`, `${pathOf("document")}/pdf`]) {
			const got = await one("GET", path);
			isProblem(got, 503, "no_database");
			assert.equal(got.headers["content-disposition"], undefined);
			assert.equal(got.headers.etag, undefined);
			for (const mark of marks) assert.ok(!`${got.rawHeaders} ${got.text}`.includes(mark), path);
		}
		const page = await one("GET", `${pathOf("document")}/html`, undefined, { "Sec-Fetch-Mode": "navigate" });
		assert.equal(page.status, 503);
		assert.ok(!page.text.includes(its.document.number));
		assert.equal((await own("GET", pathOf("document"))).status, 200, "the customer itself needs no note");
		assert.equal((await one("GET", "documents")).status, 200, "nor does a list");
	} finally {
		site.sql("RENAME TABLE opening_away TO opening");
	}
	assert.equal((await one("GET", pathOf("document"))).status, 200);
	assert.equal(noted(`user_id = ${who.id}`).length, 1);
});

test("a change that cannot be noted does not happen", async () => {
	const one = asking(somebody(owner)), audited = () => site.value("SELECT COUNT(*) FROM audit WHERE action = 'customer.classify'"), before = audited();
	const { headers } = await one("GET", pathOf("customer"));
	site.sql("RENAME TABLE opening TO opening_away");
	try {
		isProblem(await one("PATCH", pathOf("customer"), { tags: ["unseen"] }, { "If-Match": headers.etag }), 503, "no_database");
	} finally {
		site.sql("RENAME TABLE opening_away TO opening");
	}
	assert.equal(site.value("SELECT COUNT(*) FROM customer_tag WHERE tag = 'unseen'"), "0");
	assert.equal(audited(), before);
});

test("rows follow their customer into another segment, group and agent, and a role that is kept to segments sees those of them", async () => {
	forget();
	const [from, to] = site.sql(`SELECT id FROM segment WHERE tenant_id = ${owner.tenant} ORDER BY id LIMIT 2`).map((row) => row.id);
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${owner.tenant}, NULL, 'Keeper', 'reseller', 0)`);
	const role = site.value("SELECT id FROM role WHERE name = 'Keeper'");
	site.sql(`INSERT INTO role_grant VALUES (${role}, 'opening.read', 'tenant'); INSERT INTO role_field VALUES (${role}, 'opening.id', 'read'), (${role}, 'opening.at', 'read'); INSERT INTO role_segment VALUES (${role}, ${to})`);
	const keeper = asking(somebody(owner, role)), rows = async () => (await keeper("GET", "openings")).json.data.length;
	site.sql(`UPDATE customer SET segment_id = ${from}, segment_by = 'hand' WHERE id = ${patient.customer}`);
	assert.equal((await asking(somebody(owner))("GET", pathOf("document"))).status, 200);
	assert.equal(await rows(), 0);
	site.sql(`UPDATE customer SET segment_id = ${to} WHERE id = ${patient.customer}`);
	await until("the row follows", () => site.value("SELECT segment_id FROM opening") === to, 60000);
	assert.equal(await rows(), 1);
	site.sql(`UPDATE customer SET segment_id = ${from} WHERE id = ${patient.customer}`);
	assert.equal(await rows(), 0, "and what lags is hidden");
	await until("the row follows back", () => site.value("SELECT segment_id FROM opening") === from, 60000);
});

test("a reseller that moves to another parent sees its own as before, and so do its customers and nobody else", async () => {
	forget();
	assert.equal((await asking(somebody(owner))("GET", pathOf("document"))).status, 200);
	const parent = site.value(`SELECT parent_id FROM tenant WHERE id = ${owner.tenant}`), [to] = site.sql(`SELECT id FROM tenant WHERE kind = 'distributor' AND id <> ${parent} LIMIT 1`);
	site.sql(`INSERT INTO move (tenant_id, from_id, parent_id, day) VALUES (${owner.tenant}, ${parent}, ${to.id}, UTC_DATE())`);
	await until("the move is done", () => site.value(`SELECT state FROM move WHERE tenant_id = ${owner.tenant} ORDER BY id DESC LIMIT 1`) === "done", 60000);
	for (const who of [owner, patient, admin]) assert.equal((await asking(who)("GET", "openings")).json.data.length, 1, who.email);
	for (const who of [distributor, beside]) assert.equal((await asking(who)("GET", "openings")).json.data.length, 0, who.email);
});

test("what is older than the setting is taken away, a thousand rows at a time, and nothing else", async () => {
	forget();
	site.sql(`INSERT INTO opening (tenant_id, customer_id, segment_id, kind, object_id, user_id, role_id, did, day, at)
		SELECT ${owner.tenant}, ${patient.customer}, 1, 'document', seq, ${owner.id}, 1, 'opened', DATE(d), d FROM seq_1_to_1500 JOIN (SELECT UTC_TIMESTAMP() - INTERVAL 400 DAY - INTERVAL 1 HOUR AS d) x;
		INSERT INTO opening (tenant_id, customer_id, segment_id, kind, object_id, user_id, role_id, did, day, at)
		SELECT ${owner.tenant}, ${patient.customer}, 1, 'document', 1, ${owner.id}, 1, 'opened', DATE(d), d FROM (SELECT UTC_TIMESTAMP() - INTERVAL 399 DAY AS d) x`);
	await until("they are gone", () => site.value("SELECT COUNT(*) FROM opening WHERE at < UTC_TIMESTAMP() - INTERVAL 400 DAY") === "0", 60000);
	assert.equal(site.value("SELECT COUNT(*) FROM opening"), "1");
});

clean(site);
