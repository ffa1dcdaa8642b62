// Roles of a tenant's own, several roles a user, and ceilings: what comes out at the addresses.
// An instance of its own, since users and roles are made here that no other test knows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem } from "../lib/openapi.mjs";
import { as } from "../lib/users.mjs";

const site = await instance({ own: true, name: "roles" });
const host = "musterplatz.localhost", parentHost = "nordmuster.localhost";
const tenant = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'");
const parent = site.value("SELECT id FROM tenant WHERE slug = 'nordmuster'");
let names = 0;

const changed = () => site.sql("UPDATE channel_version SET version = version + 1");

/** A role of that tenant; grants and fields as {"document.read": "tenant"} and {"document.number": "read"}. */
function makeRole(grants, fields, { owner = tenant, portal = "reseller", segments = [] } = {}) {
	const name = `own role ${++names}`;
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${owner}, NULL, '${name}', '${portal}', 0)`);
	const id = site.value(`SELECT id FROM role WHERE name = '${name}'`);
	for (const [action, scope] of Object.entries(grants)) site.sql(`INSERT INTO role_grant VALUES (${id}, '${action}', '${scope}')`);
	for (const [field, level] of Object.entries(fields)) site.sql(`INSERT INTO role_field VALUES (${id}, '${field}', '${level}')`);
	for (const segment of segments) site.sql(`INSERT INTO role_segment VALUES (${id}, ${segment})`);
	changed();
	return id;
}

const builtIn = (code) => site.value(`SELECT id FROM role WHERE code = '${code}'`);

/** Somebody with these roles at the tenant, signed in. */
async function somebody(roles, { at = tenant, on = host } = {}) {
	const email = `staff${++names}@musterplatz.example`;
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, more_roles)
		SELECT ${at}, NULL, ${roles[0]}, '${email}', 'Staff', 'de', password, ${roles.length > 1 ? 1 : 0} FROM user WHERE email = 'owner@musterplatz.example'`);
	for (const role of roles.slice(1)) site.sql(`INSERT INTO user_role SELECT id, ${role} FROM user WHERE email = '${email}'`);
	return as(site, { email, host: on });
}

const get = async (ask, path) => (await ask("GET", `/api/v1/${path}`)).json;
const names_ = (rows) => [...new Set(rows.flatMap((row) => Object.keys(row)))].sort();

test("a role of one's own gives what its rows say and nothing else", async () => {
	const ask = await somebody([makeRole({ "customer.read": "subtree" }, { "customer.id": "read", "customer.number": "read", "customer.name": "read" })]);
	const { data } = await get(ask, "customers");
	assert.ok(data.length > 10);
	assert.deepEqual(names_(data), ["id", "name", "number"]);
	for (const path of ["documents", "payments", "users", "tenants"]) isProblem(await ask("GET", `/api/v1/${path}`), 403, "forbidden");
	const meta = await get(ask, "meta");
	assert.deepEqual(meta.actions, ["customer.read"]);
	assert.deepEqual(meta.pages.map((p) => p.name), ["customers"]);
	assert.deepEqual(meta.fields, { customer: ["id", "number", "name"] });
	for (const query of ["sort=email", "email=a", "state=active", "tenant=x"]) assert.equal((await ask("GET", `/api/v1/customers?${query}`)).status, 400, query);
});

test("a role with names that the vocabulary does not know gives nothing by them", async () => {
	site.announce(/the vocabulary does not know/);
	const ask = await somebody([makeRole({ "customer.read": "tenant", "document.read": "subtree", "document.shred": "tenant", "offering.read": "shared" },
		{ "offering.id": "read", "offering.name": "read", "offering.margin": "read" })]);
	assert.deepEqual((await get(ask, "meta")).actions, ["offering.read"]);
	assert.deepEqual(names_((await get(ask, "offerings")).data), ["id", "name"]);
	isProblem(await ask("GET", "/api/v1/customers"), 403, "forbidden");
});

test("a masked field shows its shape, and is no sort, filter or order", async () => {
	const fields = { "customer.id": "read", "customer.number": "read", "customer.name": "mask", "customer.city": "mask", "customer.since": "mask" };
	const ask = await somebody([makeRole({ "customer.read": "subtree" }, fields)]);
	const owner = await as(site, "owner@musterplatz.example");
	const real = new Map((await get(owner, "customers?limit=200&sort=number")).data.map((c) => [c.id, c]));
	const { data, next } = await get(ask, "customers?limit=20");
	assert.deepEqual(data.map((c) => c.number), [...data.map((c) => c.number)].sort(), "ordered by what may be read");
	assert.ok(next);
	for (const customer of data) {
		const { name, city } = real.get(customer.id);
		assert.equal([...customer.city].length, [...city].length);
		assert.match(customer.city, /\*/);
		assert.notEqual(customer.name, name);
		assert.equal([...customer.name].length, [...name].length);
		assert.equal("since" in customer, false, "what is no text has no shape");
		const one = await ask("GET", `/api/v1/customers/${customer.id}`);
		assert.equal(one.json.name, customer.name);
		assert.equal(one.text.includes(name), false);
	}
	for (const query of ["sort=name", "name=M"]) assert.equal((await ask("GET", `/api/v1/customers?${query}`)).status, 400, query);
	isProblem(await (await somebody([makeRole({ "customer.read": "subtree" }, { "customer.city": "read" })]))("GET", "/api/v1/customers"), 403, "forbidden");
});

test("a masked field is masked on the bill and in its PDF model too", async () => {
	const owner = await as(site, "owner@musterplatz.example");
	const [bill] = (await get(owner, "documents?limit=1")).data;
	const fields = { "document.id": "read", "document.number": "read", "document.gross": "read", "party.name": "mask", "party.iban": "mask" };
	const ask = await somebody([makeRole({ "document.read": "tenant" }, fields)]);
	const whole = await owner("GET", `/api/v1/documents/${bill.id}/html`), part = await ask("GET", `/api/v1/documents/${bill.id}/html`);
	const { buyer, seller } = await get(owner, `documents/${bill.id}`);
	assert.equal(part.status, 200);
	for (const secret of [buyer.name, seller.name, seller.iban].filter(Boolean)) {
		assert.ok(whole.text.includes(secret), secret);
		assert.equal(part.text.includes(secret), false, secret);
	}
	assert.equal((await ask("GET", `/api/v1/documents/${bill.id}/pdf`)).status, 200);
});

test("two roles give what either gives; a field that only one shows for its rows is shown for none of both", async () => {
	const sees = makeRole({ "document.read": "tenant" }, { "document.id": "read", "document.number": "read" });
	const counts = makeRole({ "document.read": "tenant", "payment.read": "tenant" }, { "document.gross": "read", "payment.id": "read", "payment.received": "read" });
	const ask = await somebody([sees, counts]);
	assert.deepEqual(names_((await get(ask, "documents")).data), ["gross", "id", "number"]);
	assert.deepEqual(names_((await get(ask, "payments")).data), ["id", "received"]);
	const wide = makeRole({ "customer.read": "subtree" }, { "customer.id": "read", "customer.name": "read" });
	const segment = site.value(`SELECT segment_id FROM customer WHERE tenant_id = ${tenant} ORDER BY id LIMIT 1`);
	const narrow = makeRole({ "customer.read": "subtree" }, { "customer.id": "read", "customer.name": "read", "customer.city": "read" }, { segments: [segment] });
	assert.deepEqual(names_((await get(await somebody([narrow]), "customers")).data), ["city", "id", "name"]);
	assert.deepEqual(names_((await get(await somebody([narrow, wide]), "customers")).data), ["id", "name"]);
});

/** What a role that is kept to segments may see of the tenant, and a way through all pages of a list. */
const OF_CUSTOMERS = { customer: "customers", account: "accounts", document: "documents", payment: "payments", subscription: "subscriptions" };
const keptTo = (...segments) => makeRole({ "customer.read": "subtree", "document.read": "tenant", "account.read": "tenant", "payment.read": "tenant", "subscription.read": "tenant", "offering.read": "shared", "user.read": "tenant", "audit.read": "tenant" },
	{ "customer.id": "read", "customer.name": "read", "account.id": "read", "account.number": "read", "document.id": "read", "document.issue_date": "read", "document.number": "read", "document.kind": "read", "document.customer": "read",
		"payment.id": "read", "payment.received": "read", "subscription.id": "read", "subscription.starts": "read", "offering.id": "read", "offering.name": "read", "user.id": "read", "user.name": "read", "audit.id": "read", "audit.at": "read" }, { segments });

async function all(ask, path) {
	const found = [];
	for (let cursor = ""; cursor !== null;) {
		const { data, next } = await get(ask, `${path}${path.includes("?") ? "&" : "?"}limit=37${cursor && `&cursor=${cursor}`}`);
		found.push(...data);
		cursor = next;
	}
	return found;
}

const smallSegments = () => site.sql(`SELECT segment_id AS id FROM customer WHERE tenant_id = ${tenant} GROUP BY segment_id ORDER BY COUNT(*) LIMIT 2`).map((row) => Number(row.id));

test("a role kept to customer segments shows what is of their customers, all of it and nothing else", async () => {
	const segments = smallSegments();
	for (const some of [segments.slice(0, 1), segments]) {
		const ask = await somebody([keptTo(...some)]), within = `c.segment_id IN (${some}) AND c.tenant_id = ${tenant}`;
		for (const [table, path] of Object.entries(OF_CUSTOMERS)) {
			const join = table === "customer" ? "" : "JOIN customer c ON c.id = t.customer_id", of = table === "customer" ? "customer c" : `${table} t`, id = table === "customer" ? "c.id" : "t.id";
			const n = Number(site.value(`SELECT COUNT(*) FROM ${of} ${join} WHERE ${within}`));
			const found = await all(ask, path);
			assert.ok(n > 0, table);
			assert.equal(found.length, n, table);
			assert.equal(new Set(found.map((row) => row.id)).size, n, `${table}: each once`);
			const other = site.value(`SELECT ${id} FROM ${of} ${join} WHERE c.tenant_id = ${tenant} AND c.segment_id NOT IN (${some}) ORDER BY ${id} LIMIT 1`);
			isProblem(await ask("GET", `/api/v1/${path}/${site.portico("id", table, other).trim()}`), 404, "not_found");
			assert.equal((await ask("GET", `/api/v1/${path}/${found[0].id}`)).status, 200, table);
		}
		const own = Number(site.value(`SELECT COUNT(*) FROM document t JOIN customer c ON c.id = t.customer_id WHERE ${within} AND t.kind = 'credit_note'`));
		assert.equal((await all(ask, "documents?kind=credit_note")).length, own);
		const order = (await all(ask, "documents?sort=number")).map((row) => row.number);
		assert.deepEqual(order, [...order].sort());
		const other = site.value(`SELECT id FROM customer WHERE tenant_id = ${tenant} AND segment_id NOT IN (${some}) ORDER BY id LIMIT 1`);
		assert.deepEqual((await get(ask, `documents?customer=${site.portico("id", "customer", other).trim()}`)).data, []);
	}
});

test("a care agent sees no customer until a role made after it names the segments", async () => {
	const root = site.value("SELECT id FROM tenant WHERE level = 0"), at = { at: root, on: "pneumuster.localhost" };
	const ask = await somebody([builtIn("care_agent")], at);
	for (const path of Object.values(OF_CUSTOMERS)) isProblem(await ask("GET", `/api/v1/${path}`), 403, "forbidden");
	assert.deepEqual((await get(ask, "meta")).pages.map((page) => page.name).sort(), ["catalogue", "profile"]);
	const [segment] = smallSegments();
	const agent = await somebody([makeRole({ "customer.read": "all", "document.read": "all" }, { "customer.id": "read", "customer.name": "read", "document.id": "read", "document.issue_date": "read" }, { owner: root, portal: "admin", segments: [segment] })], at);
	assert.equal((await all(agent, "customers")).length, Number(site.value(`SELECT COUNT(*) FROM customer WHERE segment_id = ${segment}`)));
	assert.equal((await all(agent, "documents")).length, Number(site.value(`SELECT COUNT(*) FROM document d JOIN customer c ON c.id = d.customer_id WHERE c.segment_id = ${segment}`)));
});

test("a role kept to customer segments has nothing of those rows that do not say theirs", async () => {
	const ask = await somebody([keptTo(...smallSegments())]);
	for (const path of ["users", "audit"]) isProblem(await ask("GET", `/api/v1/${path}`), 403, "forbidden");
	assert.equal((await ask("GET", "/api/v1/offerings")).status, 200);
});

test("while a customer's rows follow it to another segment nobody kept to either sees them, and nobody misses what is behind them", async () => {
	const [from, to] = smallSegments();
	const old = await somebody([keptTo(from)]), young = await somebody([keptTo(to)]);
	const customer = site.value(`SELECT c.id FROM customer c JOIN document d ON d.customer_id = c.id WHERE c.tenant_id = ${tenant} AND c.segment_id = ${from} ORDER BY d.issue_date DESC, d.id DESC LIMIT 1`);
	const sealed = site.portico("id", "customer", customer).trim(), theirs = (rows) => rows.filter((row) => row.customer === sealed).length;
	const before = await all(old, "documents"), beforeYoung = await all(young, "documents"), n = theirs(before);
	assert.ok(n > 0 && before.length > n);
	// Portico-jobs would let them follow at once.
	site.sql("REPLACE INTO lease (name, owner, until) VALUES ('follow', 'test', UTC_TIMESTAMP() + INTERVAL 1 HOUR)");
	try {
		site.sql(`UPDATE customer SET segment_id = ${to} WHERE id = ${customer}`);
		const lagging = before.find((row) => row.customer === sealed);
		assert.equal((await all(old, "documents")).length, before.length - n, "the newest row is hidden, and those behind it are there");
		assert.equal((await all(young, "documents")).length, beforeYoung.length);
		for (const ask of [old, young]) isProblem(await ask("GET", `/api/v1/documents/${lagging.id}`), 404, "not_found");
		const { data, next } = await get(old, "documents?limit=1");
		assert.ok(data.length === 0 && next !== null, "a page of hidden rows still leads on");
		for (const table of Object.keys(OF_CUSTOMERS).slice(1)) site.sql(`UPDATE ${table} SET segment_id = ${to} WHERE customer_id = ${customer}`);
		assert.equal(theirs(await all(young, "documents")), n);
		assert.equal(theirs(await all(old, "documents")), 0);
	} finally {
		for (const table of Object.keys(OF_CUSTOMERS)) site.sql(`UPDATE ${table} SET segment_id = ${from} WHERE ${table === "customer" ? "id" : "customer_id"} = ${customer}`);
		site.sql("DELETE FROM lease WHERE name = 'follow'");
	}
});

test("a ceiling of the parent holds for every user below, on the next request, and for the tenants below those", async () => {
	const owner = await as(site, "owner@musterplatz.example");
	const before = await get(owner, "meta");
	const ceiling = makeRole({ "customer.read": "subtree", "document.read": "tenant", "user.read": "tenant", "user.edit": "own" },
		{ "customer.id": "read", "customer.name": "read", "customer.email": "mask", "document.id": "read", "document.number": "read", "user.id": "read" }, { owner: parent });
	site.sql(`UPDATE tenant SET ceiling_id = ${ceiling} WHERE id = ${tenant}`);
	changed();
	const meta = await get(owner, "meta");
	assert.deepEqual(meta.actions, ["customer.read", "document.read", "user.read", "user.edit"]);
	assert.deepEqual(meta.fields.customer, ["id", "name"]);
	assert.deepEqual(meta.masked, { customer: ["email"] });
	assert.deepEqual(meta.writable, {}, "name and language may not be read, so not be written");
	isProblem(await owner("GET", "/api/v1/payments"), 403, "forbidden");
	const [{ id }] = (await get(owner, "customers")).data;
	assert.match((await get(owner, `customers/${id}`)).email, /^.\*\*\*@.\*\*\*\.example$/);
	const patient = await as(site, { email: "patient0001@musterplatz.example", host });
	assert.deepEqual((await get(patient, "meta")).actions, ["customer.read", "document.read", "user.read", "user.edit"]);
	isProblem(await patient("GET", "/api/v1/payments"), 403, "forbidden");
	// The distributor's own ceiling, set by the provider, holds for its dealer as well.
	const root = site.value("SELECT id FROM tenant WHERE level = 0");
	const above = makeRole({ "customer.read": "subtree" }, { "customer.id": "read", "customer.name": "read" }, { owner: root });
	site.sql(`UPDATE tenant SET ceiling_id = ${above} WHERE id = ${parent}`);
	changed();
	assert.deepEqual((await get(owner, "meta")).fields, { customer: ["id", "name"] });
	const distributor = await as(site, { email: "owner@nordmuster.example", host: parentHost });
	assert.deepEqual((await get(distributor, "meta")).actions, ["customer.read"]);
	site.sql(`UPDATE tenant SET ceiling_id = NULL WHERE id IN (${tenant}, ${parent})`);
	changed();
	assert.deepEqual(await get(owner, "meta"), before);
});

test("a ceiling that is not the parent's role, or of no known role, lets nothing through", async () => {
	const own = makeRole({ "customer.read": "subtree" }, { "customer.id": "read", "customer.name": "read" });
	const ask = await somebody([builtIn("dealer_owner")]);
	assert.equal((await ask("GET", "/api/v1/customers")).status, 200);
	site.sql(`UPDATE tenant SET ceiling_id = ${own} WHERE id = ${tenant}`);
	changed();
	isProblem(await ask("GET", "/api/v1/customers"), 401, "not_signed_in");
	site.sql(`UPDATE tenant SET ceiling_id = NULL WHERE id = ${tenant}`);
	changed();
	assert.equal((await ask("GET", "/api/v1/customers")).status, 200);
});

test("nobody has anything by a role of another tenant or of the provider's portal", async () => {
	const foreign = makeRole({ "customer.read": "subtree" }, { "customer.id": "read", "customer.name": "read" }, { owner: parent });
	for (const role of [foreign, builtIn("provider_admin")])
		isProblem(await (await somebodyUnable([role]))("GET", "/api/v1/customers"), 401, "not_signed_in");
	const both = await somebody([builtIn("dealer_owner"), foreign, builtIn("provider_admin"), builtIn("customer_owner")]);
	const alone = await somebody([builtIn("dealer_owner")]);
	assert.deepEqual(await get(both, "meta"), await get(alone, "meta"));
});

/** Signed in while the role was good, so that the session stands when it no longer is. */
async function somebodyUnable(roles) {
	const ask = await somebody([builtIn("dealer_owner")]);
	site.sql(`UPDATE user SET role_id = ${roles[0]} WHERE email = 'staff${names}@musterplatz.example'`);
	return ask;
}

test("a change of roles counts from the next request on", async () => {
	const role = makeRole({ "customer.read": "subtree", "offering.read": "shared" }, { "customer.id": "read", "customer.name": "read", "offering.id": "read", "offering.name": "read" });
	const ask = await somebody([role]);
	for (let i = 0; i < 20; i++) {
		assert.equal((await ask("GET", "/api/v1/customers")).status, 200);
		site.sql(`DELETE FROM role_grant WHERE role_id = ${role} AND action = 'customer.read'`);
		changed();
		for (let j = 0; j < 8; j++) isProblem(await ask("GET", "/api/v1/customers"), 403, "forbidden");
		site.sql(`INSERT INTO role_grant VALUES (${role}, 'customer.read', 'subtree')`);
		changed();
	}
});

test("rows that a move has left behind are hidden, and take none of the others off the list", async () => {
	site.announce(/"what":"tripwire"/);
	const ask = await somebody([makeRole({ "customer.read": "subtree" }, { "customer.id": "read", "customer.name": "read", "customer.number": "read" })]);
	const whole = (await get(ask, "customers?limit=200")).data;
	// Somebody else's, that still say that they are here: at the beginning, in the middle and at the end of the order.
	const [{ a1, a2 }] = site.sql(`SELECT a1, a2 FROM tenant WHERE id = ${tenant}`);
	const strays = site.sql("SELECT c.id, c.name, c.a1, c.a2 FROM customer c JOIN tenant t ON t.id = c.tenant_id WHERE t.slug = 'pharmacie-exemple' ORDER BY c.id LIMIT 12");
	strays.forEach(({ id }, i) => site.sql(`UPDATE customer SET a1 = ${a1}, a2 = ${a2}, name = '${["AAA", "Mmm", "zzz"][i % 3]} ${i}' WHERE id = ${id}`));
	for (const limit of [1, 3, 7, 50, 200])
		for (const sort of ["name", "-name", "number"]) {
			const found = [];
			for (let cursor = ""; cursor !== null;) {
				const page = await get(ask, `customers?limit=${limit}&sort=${sort}${cursor}`);
				found.push(...page.data);
				cursor = page.next === null ? null : `&cursor=${page.next}`;
			}
			assert.deepEqual(found.map((c) => c.id).sort(), whole.map((c) => c.id).sort(), `limit ${limit}, by ${sort}`);
		}
	for (const { id, name, a1: b1, a2: b2 } of strays) site.sql(`UPDATE customer SET a1 = ${b1}, a2 = ${b2}, name = '${name.replace(/'/g, "''")}' WHERE id = ${id}`);
});

test("the explanation names the role or the ceiling that decides, and agrees with what happens", async () => {
	const owner = await as(site, "owner@musterplatz.example");
	const idOf = (email) => site.portico("id", "user", site.value(`SELECT id FROM user WHERE email = '${email}' AND tenant_id = ${tenant}`)).trim();
	const why = async (id, query) => {
		const got = await owner("GET", `/api/v1/users/${id}/explain?${query}`);
		assert.equal(got.status, 200, got.text);
		return got.json;
	};
	const role = makeRole({ "customer.read": "subtree", "document.read": "tenant" },
		{ "customer.id": "read", "customer.name": "read", "customer.email": "mask", "document.id": "read", "document.number": "read" });
	const ask = await somebody([role]), email = `staff${names}@musterplatz.example`, id = idOf(email);
	const [{ id: bill }] = (await get(owner, "documents?limit=1")).data;
	assert.deepEqual((({ allowed, why: code, scope }) => ({ allowed, code, scope }))(await why(id, `action=document.read&object=${bill}`)),
		{ allowed: true, code: "allowed", scope: "tenant" });
	assert.equal((await ask("GET", `/api/v1/documents/${bill}`)).status, 200);
	assert.equal((await why(id, "action=payment.read")).why, "no_role");
	assert.equal((await why(id, "action=customer.read&field=customer.phone")).why, "field_no_role");
	assert.equal((await why(id, "action=customer.read&field=customer.email")).why, "masked");
	assert.equal((await why(id, "action=customer.read&field=customer.name")).level, "read");
	// A ceiling, by the distributor.
	const ceiling = makeRole({ "customer.read": "tenant", "document.read": "tenant" }, { "customer.id": "read", "document.id": "read", "document.number": "read" }, { owner: parent });
	site.sql(`UPDATE tenant SET ceiling_id = ${ceiling} WHERE id = ${tenant}`);
	changed();
	const admin = await as(site, "admin@pneumuster.example");
	const field = (await admin("GET", `/api/v1/users/${id}/explain?action=document.read&field=document.gross`)).json;
	assert.equal(field.why, "field_no_role");
	const limited = (await admin("GET", `/api/v1/users/${id}/explain?action=customer.read&field=customer.name`)).json;
	assert.equal(limited.why, "ceiling", "the pair customer.read, tenant is none of the vocabulary");
	assert.deepEqual(limited.steps.map((s) => [s.kind, s.scope, s.level]), [["role", "subtree", "read"], ["resellers", "subtree", "read"], ["ceiling", "none", "none"]]);
	isProblem(await ask("GET", "/api/v1/customers"), 403, "forbidden");
	site.sql(`UPDATE tenant SET ceiling_id = NULL WHERE id = ${tenant}`);
	changed();
	// One customer's user, and a bill of another's.
	const patient = idOf("patient0001@musterplatz.example");
	const [own, other] = [true, false].map((is) => site.portico("id", "document", site.value(
		`SELECT d.id FROM document d JOIN user u ON u.email = 'patient0001@musterplatz.example' AND u.tenant_id = ${tenant} WHERE d.tenant_id = ${tenant} AND (d.customer_id = u.customer_id) = ${is ? 1 : 0} ORDER BY d.id LIMIT 1`)).trim());
	assert.equal((await why(patient, `action=document.read&object=${own}`)).why, "allowed");
	assert.equal((await why(patient, `action=document.read&object=${other}`)).why, "out_of_scope");
	site.sql(`UPDATE user SET state = 'closed' WHERE email = '${email}'`);
	assert.equal((await why(id, "action=document.read")).why, "closed");
});

test("the explanation tells nobody of users or objects that are not theirs to see", async () => {
	const owner = await as(site, "owner@musterplatz.example"), distributor = await as(site, { email: "owner@nordmuster.example", host: parentHost });
	const user = site.portico("id", "user", site.value(`SELECT id FROM user WHERE email = 'owner@musterplatz.example'`)).trim();
	isProblem(await distributor("GET", `/api/v1/users/${user}/explain?action=document.read`), 404, "not_found");
	const foreign = site.portico("id", "document", site.value("SELECT d.id FROM document d JOIN tenant t ON t.id = d.tenant_id WHERE t.slug = 'pharmacie-exemple' ORDER BY d.id LIMIT 1")).trim();
	isProblem(await owner("GET", `/api/v1/users/${user}/explain?action=document.read&object=${foreign}`), 404, "not_found");
	isProblem(await (await as(site, { email: "patient0001@musterplatz.example", host }))("GET", `/api/v1/users/${user}/explain?action=document.read`), 403, "forbidden");
	for (const query of ["", "action=document.shred", "action=document.read&field=document.margin", "action=document.read&object=inv_x", "action=document.read&as=me"])
		assert.equal((await owner("GET", `/api/v1/users/${user}/explain?${query}`)).status, 400, query);
});

clean(site);
