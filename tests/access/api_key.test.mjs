// API keys: a program does what the key's role says under every ceiling, nothing that a person has to do, and from
// the moment on that the key is over nothing at all.  An instance of its own, for it closes a tenant.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ask as plain } from "../lib/http.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi, traceless } from "../lib/openapi.mjs";
import { as, fresh, json, password, sameOrigin, session, signIn, stillWaiting, user, writer } from "../lib/users.mjs";

const site = await instance({ own: true, name: "api-key" });
const { operations, document, check } = await openapi(site);
const host = "musterplatz.localhost";
const tenantOf = (slug) => site.value(`SELECT id FROM tenant WHERE slug = '${slug}'`);
const tenant = tenantOf("musterplatz");
const publicId = (resource, id) => site.portico("id", resource, id).trim();
const builtIn = (code) => publicId("role", site.value(`SELECT id FROM role WHERE code = '${code}'`));
const changed = () => site.sql("UPDATE channel_version SET version = version + 1");
const dayIn = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
const people = user(site, "owner@musterplatz.example");
const owner = await writer(site, people.email), admin = await writer(site, "admin@pneumuster.example");
let names = 0;

/** A key of the dealer's, with its secret. */
async function make(role, { by = owner, ...more } = {}) {
	const got = await by("POST", "/api/v1/api-keys", { name: `Program ${++names}`, role, ...more });
	assert.equal(got.status, 201, got.text);
	return got.json;
}

/** Asks as a program does. */
const program = (secret, { on = host, from } = {}) => (method, path_, body, headers = {}) => plain(site, method, path_, {
	host: on, from, body: body === undefined ? undefined : JSON.stringify(body), headers: { Authorization: `Bearer ${secret}`, ...(body === undefined ? {} : json), ...headers } });

/** A role of the dealer's own: the answer. */
async function role(given, shown = {}, by = owner) {
	const rows = (of, key, value) => Object.entries(of).map(([k, v]) => ({ [key]: k, [value]: v }));
	const got = await by("POST", "/api/v1/roles", { name: `made ${++names}`, portal: "reseller", grants: rows(given, "action", "scope"), fields: rows(shown, "field", "level") });
	assert.equal(got.status, 200, got.text);
	return got.json;
}

const refused = (got) => isProblem(got, 401, "key_refused");
const audited = (action, id) => Number(site.value(`SELECT COUNT(*) FROM audit WHERE action = '${action}' AND object_id = (SELECT id FROM api_key WHERE prefix = '${id}') AND tenant_id = ${tenant}`));

test("the secret is answered once, is kept as a hash alone, and making the key is in the audit", async () => {
	const got = await owner("POST", "/api/v1/api-keys", { name: "Ledger", role: builtIn("dealer_owner"), expires: dayIn(30) });
	assert.equal(got.status, 201, got.text);
	check("POST", "/api/v1/api-keys", got);
	const { secret, ...key } = got.json;
	assert.match(secret, /^apk_[0-9a-f]{8}_[0-9a-f]{64}$/);
	assert.deepEqual([key.prefix, key.name, key.role_code, key.state, key.expires, key.seen, key.author_name], [secret.slice(0, 12), "Ledger", "dealer_owner", "active", dayIn(30), null,
		site.value(`SELECT name FROM user WHERE email = '${people.email}'`)]);
	for (const answer of [await owner("GET", `/api/v1/api-keys/${key.id}`), await owner("GET", "/api/v1/api-keys")]) {
		assert.equal(answer.status, 200);
		assert.ok(!answer.text.includes("secret") && !answer.text.includes(secret.slice(13)));
	}
	assert.deepEqual((await owner("GET", `/api/v1/api-keys/${key.id}`)).json, key);
	assert.equal(site.value(`SELECT HEX(token_hash) FROM api_key WHERE prefix = '${key.prefix}'`), createHash("sha256").update(secret).digest("hex").toUpperCase());
	assert.equal(audited("api_key.create", key.prefix), 1);
});

test("a key sees what its role does, and only on the hosts of its tenant", async () => {
	const { secret } = await make(builtIn("reseller_support")), ask = program(secret);
	const support = await as(site, "support@musterplatz.example");
	for (const list of ["customers", "documents", "subscriptions"]) assert.equal((await ask("GET", `/api/v1/${list}`)).text, (await support("GET", `/api/v1/${list}`)).text, list);
	isProblem(await ask("GET", "/api/v1/payments"), (await support("GET", "/api/v1/payments")).status, "forbidden");
	assert.deepEqual((await ask("GET", "/api/v1/meta")).json.actions, (await support("GET", "/api/v1/meta")).json.actions);
	assert.equal((await ask("GET", "/api/v1/session")).json.portal, "reseller");
	refused(await program(secret, { on: "nordmuster.localhost" })("GET", "/api/v1/customers"));
});

test("a key writes without a page's proof, but as JSON, and the audit names it", async () => {
	const key = await make(builtIn("dealer_owner")), ask = program(key.secret);
	const made = await ask("POST", "/api/v1/segments", { name: `Segment ${++names}`, way: "hand" });
	assert.ok(made.status < 300, made.text);
	isProblem(await ask("POST", "/api/v1/segments", { name: "x", way: "hand" }, { "Content-Type": "text/plain" }), 415, "media_type");
	// One of those that read the rights anew behind a lock.
	assert.equal((await ask("DELETE", `/api/v1/segments/${made.json.id}`)).status, 204);
	const rows = site.sql(`SELECT a.action FROM audit a JOIN api_key k ON k.user_id = a.user_id WHERE k.prefix = '${key.prefix}' ORDER BY a.id`).map((row) => row.action);
	assert.deepEqual(rows, ["segment.create", "segment.delete"]);
});

test("a person's request pays for no key, and one with a cookie and a key is refused", async () => {
	const { secret } = await make(builtIn("dealer_owner")), cookie = await session(site, people);
	isProblem(await program(secret)("GET", "/api/v1/customers", undefined, { Cookie: cookie }), 400, "bad_request");
	isProblem(await program("apk_x")("GET", "/api/v1/customers", undefined, { Cookie: "other=1" }), 400, "bad_request");
	// What the server runs about keys for a request.
	const asked = async (headers) => {
		site.sql("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = 1");
		assert.equal((await plain(site, "GET", "/api/v1/customers?limit=1", { host, headers })).status, 200);
		site.sql("SET GLOBAL general_log = 0");
		return ["api_key", "user"].map((table) => Number(site.value(`SELECT COUNT(*) FROM mysql.general_log WHERE command_type = 'Execute' AND argument LIKE '%JOIN ${table} %' OR argument LIKE '%FROM ${table} %' AND command_type = 'Execute'`)));
	};
	const [keys, users] = await asked({ Cookie: cookie });
	assert.ok(keys === 0 && users > 0, `${keys} and ${users}`);
	assert.equal((await asked({ Authorization: `Bearer ${secret}` }))[0], 1);
	// Another way to sign in, as a proxy in front may ask for, is none of ours.
	assert.equal((await plain(site, "GET", "/api/v1/customers", { host, headers: { Cookie: cookie, Authorization: "Basic eDp5" } })).status, 200);
	isProblem(await plain(site, "GET", "/api/v1/customers", { host, headers: { Authorization: "Basic eDp5" } }), 401, "not_signed_in");
});

test("what is unknown, has ended or has expired is answered alike", async () => {
	const ended = await make(builtIn("dealer_owner")), expired = await make(builtIn("dealer_owner")), good = await make(builtIn("dealer_owner"));
	assert.equal((await owner("DELETE", `/api/v1/api-keys/${ended.id}`, "")).status, 204);
	site.sql(`UPDATE api_key SET expires = UTC_DATE() WHERE prefix = '${expired.prefix}'`);
	const last = good.secret.at(-1) === "0" ? "1" : "0";
	const answers = [];
	for (const secret of [ended.secret, expired.secret, good.secret.slice(0, -1) + last, `${good.secret}0`, good.secret.slice(0, -1), "x", "'; --", good.prefix]) answers.push(await program(secret)("GET", "/api/v1/customers"));
	for (const answer of answers) {
		refused(answer);
		assert.match(answer.headers["www-authenticate"], /^Bearer\b/);
	}
	assert.equal(new Set(answers.map(traceless)).size, 1);
	assert.deepEqual([(await owner("GET", `/api/v1/api-keys/${ended.id}`)).json.state, (await owner("GET", `/api/v1/api-keys/${expired.id}`)).json.state], ["ended", "expired"]);
	assert.equal((await program(good.secret)("GET", "/api/v1/customers")).status, 200);
	isProblem(await owner("DELETE", `/api/v1/api-keys/${ended.id}`, ""), 409, "conflict");
	assert.equal(audited("api_key.end", ended.prefix), 1);
});

test("a key expires on a day after today and within two years, in a year where nobody says", async () => {
	const bad = async (expires, code) => {
		const got = await owner("POST", "/api/v1/api-keys", { name: "x", role: builtIn("dealer_owner"), expires });
		isProblem(got, 422, "invalid");
		assert.deepEqual(got.json.errors.map((e) => [e.pointer, e.code]), [["/expires", code]]);
	};
	await bad(dayIn(0), "past");
	await bad("1999-01-01", "past");
	await bad(dayIn(732), "late");
	await bad("2026-02-30", "date");
	const year = new Date();
	year.setUTCFullYear(year.getUTCFullYear() + 1);
	assert.equal((await make(builtIn("dealer_owner"))).expires, year.toISOString().slice(0, 10));
	for (const [body, pointer] of [[{ role: builtIn("dealer_owner") }, "/name"], [{ name: "x" }, "/role"], [{ name: "x", role: builtIn("dealer_owner"), state: "active" }, "/state"]]) {
		const got = await owner("POST", "/api/v1/api-keys", body);
		isProblem(got, 422, "invalid");
		assert.ok(got.json.errors.some((e) => e.pointer === pointer), got.text);
	}
});

test("nobody makes a key that can do more than they can, before the ceilings above and under them", async () => {
	const little = await role({ "api_key.read": "tenant", "api_key.create": "tenant", "customer.read": "subtree" },
		{ "api_key.id": "read", "api_key.name": "write", "api_key.role": "write", "api_key.expires": "write", "customer.name": "read" });
	const more = await role({ "customer.read": "subtree", "payment.read": "tenant" }, { "customer.name": "read", "payment.received": "read" }), field = await role({ "customer.read": "subtree" }, { "customer.name": "read", "customer.email": "read" });
	const email = "keys-little@musterplatz.example";
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password)
		SELECT tenant_id, NULL, (SELECT id FROM role WHERE name = '${little.name}'), '${email}', 'Staff', 'de', password FROM user WHERE email = '${people.email}'`);
	const one = { email, host }, by = await writer(site, { ...one });
	const no = async (id, code, ask = by) => {
		const got = await ask("POST", "/api/v1/api-keys", { name: "x", role: id });
		isProblem(got, 422, "invalid");
		assert.deepEqual(got.json.errors.map((e) => [e.pointer, e.code]), [["/role", code]]);
	};
	for (const id of [builtIn("dealer_owner"), more.id, field.id]) await no(id, "own");
	await make(little.id, { by });
	await no(builtIn("provider_admin"), "unknown", owner); // shared with nobody
	await no(builtIn("customer_owner"), "portal", owner);
	const foreign = await role({ "customer.read": "subtree" }, {}, await writer(site, "owner@nordmuster.example"));
	await no(foreign.id, "unknown", owner);
	await no(publicId("role", 999999), "unknown", owner);
	// A ceiling takes payments from everybody here; once it is lifted a key would have what its maker never had.
	const root = site.value("SELECT parent_id FROM tenant WHERE slug = 'musterplatz'");
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${root}, NULL, 'keys ceiling', 'reseller', 0)`);
	const ceiling = site.value("SELECT id FROM role WHERE name = 'keys ceiling'");
	for (const action of ["api_key.read", "api_key.create", "customer.read", "role.read"])
		site.sql(`INSERT INTO role_grant (role_id, action, scope) VALUES (${ceiling}, '${action}', '${{ "role.read": "offered", "customer.read": "subtree" }[action] ?? "tenant"}')`);
	for (const name of ["id", "name", "role", "expires"]) site.sql(`INSERT INTO role_field (role_id, field, level) VALUES (${ceiling}, 'api_key.${name}', '${name === "id" ? "read" : "write"}')`);
	site.sql(`INSERT INTO role_field (role_id, field, level) VALUES (${ceiling}, 'customer.name', 'read')`);
	const kept = await make(more.id);
	assert.equal((await program(kept.secret)("GET", "/api/v1/payments")).status, 200);
	site.sql(`UPDATE tenant SET ceiling_id = ${ceiling} WHERE id = ${tenant}`);
	changed();
	try {
		// What a key could do is met with the ceiling at once.
		isProblem(await program(kept.secret)("GET", "/api/v1/payments"), 403, "forbidden");
		assert.equal((await program(kept.secret)("GET", "/api/v1/customers")).status, 200);
		await no(more.id, "own");
		await make(more.id); // the owner would hold all of it
	} finally {
		site.sql(`UPDATE tenant SET ceiling_id = NULL WHERE id = ${tenant}`);
		changed();
	}
	assert.equal((await program(kept.secret)("GET", "/api/v1/payments")).status, 200);
});

test("what a person has to do is refused to every key, whatever its role", async () => {
	const key = await make(builtIn("dealer_owner")), ask = program(key.secret);
	// What anybody gets who asks, without a look at who it is, is the beginning of a sign-in: it writes nothing.
	const alone = operations.filter((o) => o.path !== "/api/v1/session/passkey/options" && (o.security.length === 1 || (o["x-action"] === "public" && o.method !== "GET")));
	const must = ["/api/v1/api-keys", "/api/v1/users", "/api/v1/roles", "/api/v1/views", "/api/v1/password", "/api/v1/totp", "/api/v1/session", "/api/v1/users/{id}/roles", "/api/v1/tenants/{id}/ceiling"];
	for (const path_ of must) assert.ok(alone.some((o) => o.path === path_ && o.method !== "GET"), path_);
	assert.deepEqual(Object.keys(document.components.securitySchemes), ["cookie", "bearer"]);
	for (const operation of alone) {
		const at = operation.path.replace("{id}", publicId("user", site.value(`SELECT id FROM user WHERE email = 'support@musterplatz.example'`)));
		const got = await ask(operation.method, at, operation.method === "GET" ? undefined : {}, { "If-Match": '"x"', ...sameOrigin });
		isProblem(got, 403, "person_only");
	}
	// No other operation has an answer of that kind, and reads that need a right are open.
	for (const o of operations.filter((one) => one.method === "GET" && one.security.length === 2 && !one.path.includes("{id}"))) assert.notEqual((await ask("GET", o.path)).json?.type, "/problems/person_only", o.path);
	assert.ok(Number(site.value(`SELECT COUNT(*) FROM audit a JOIN api_key k ON k.user_id = a.user_id WHERE k.prefix = '${key.prefix}' AND a.action = 'api_key.create.refused'`)) >= 1);
	assert.equal(site.value(`SELECT state FROM api_key k JOIN user u ON u.id = k.user_id WHERE k.prefix = '${key.prefix}' AND k.ended IS NULL`), "key");
});

test("as whom a key acts nobody signs in, resets, looks, or is looked after", async () => {
	const key = await make(builtIn("dealer_owner")), ask = program(key.secret);
	assert.equal((await signIn(site, { email: key.prefix, host }, password)).status, 401);
	site.sql(`UPDATE user SET password = (SELECT p FROM (SELECT password AS p FROM user WHERE email = '${people.email}') x) WHERE email = '${key.prefix}'`);
	assert.equal((await signIn(site, { email: key.prefix, host }, password)).status, 401);
	const id = key.user;
	isProblem(await owner("POST", "/api/v1/views", { user: id, reason: "to see what it sees" }), 422, "invalid");
	isProblem(await owner("POST", `/api/v1/users/${id}/invite`, ""), 409, "conflict");
	const customer = (await owner("GET", "/api/v1/customers?limit=1")).json.data[0].id, { headers } = await owner("GET", `/api/v1/customers/${customer}`);
	assert.equal((await owner("PATCH", `/api/v1/customers/${customer}`, { agent: id }, { "If-Match": headers.etag })).status, 422);
	assert.ok(!(await owner("GET", "/api/v1/users?limit=200")).json.data.some((one) => one.id === id));
	assert.equal((await owner("GET", `/api/v1/users/${id}`)).json.state, "key");
	// A session that names it opens nothing.
	site.sql(`INSERT INTO session (token_hash, user_id, host, created, seen, ends) SELECT UNHEX(SHA2(REPEAT('a', 64), 256)), id, '${host}', UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 1 HOUR FROM user WHERE email = '${key.prefix}'`);
	isProblem(await plain(site, "GET", "/api/v1/session", { host, headers: { Cookie: `session=${"a".repeat(64)}` } }), 401, "not_signed_in");
	// Why it may something is explained as of anybody, and no more once it has ended.
	const why = async () => (await owner("GET", `/api/v1/users/${id}/explain?action=document.read`)).text;
	const before = await why();
	assert.equal((await ask("GET", "/api/v1/documents?limit=1")).status, 200);
	assert.equal((await owner("DELETE", `/api/v1/api-keys/${key.id}`, "")).status, 204);
	assert.notEqual(await why(), before);
});

test("another role, a role that changes, and a tenant that closes count on the next request", async () => {
	const own = await role({ "customer.read": "subtree" }, { "customer.name": "read" }), key = await make(own.id), ask = program(key.secret);
	assert.equal((await ask("GET", "/api/v1/customers")).status, 200);
	isProblem(await ask("GET", "/api/v1/payments"), 403, "forbidden");
	const at = `/api/v1/users/${key.user}/roles`, assign = async (id) => owner("PUT", at, { roles: [id] }, { "If-Match": (await owner("GET", at)).headers.etag });
	assert.equal((await assign(builtIn("reseller_finance"))).status, 200);
	assert.equal((await ask("GET", "/api/v1/payments")).status, 200);
	assert.equal((await assign(own.id)).status, 200);
	isProblem(await ask("GET", "/api/v1/payments"), 403, "forbidden");
	const tag = (await owner("GET", `/api/v1/roles/${own.id}`)).headers.etag;
	assert.equal((await owner("PATCH", `/api/v1/roles/${own.id}`, { grants: [{ action: "document.read", scope: "tenant" }] }, { "If-Match": tag })).status, 200);
	isProblem(await ask("GET", "/api/v1/customers"), 403, "forbidden");
	assert.equal((await owner("PATCH", `/api/v1/roles/${own.id}`, { grants: [] }, { "If-Match": (await owner("GET", `/api/v1/roles/${own.id}`)).headers.etag })).status, 200);
	refused(await ask("GET", "/api/v1/customers"));
	const good = await make(builtIn("dealer_owner"));
	site.sql(`UPDATE tenant SET state = 'closed' WHERE id = ${tenant}`);
	changed();
	try {
		refused(await program(good.secret)("GET", "/api/v1/customers"));
	} finally {
		site.sql(`UPDATE tenant SET state = 'active' WHERE id = ${tenant}`);
		changed();
	}
	assert.equal((await program(good.secret)("GET", "/api/v1/customers")).status, 200);
});

test("keys are those of the own tenant; the provider sees and ends each, and makes its own", async () => {
	const key = await make(builtIn("dealer_owner")), other = await writer(site, "owner@nordmuster.example");
	assert.ok(!(await other("GET", "/api/v1/api-keys")).json.data.some((one) => one.tenant !== publicId("tenant", tenantOf("nordmuster"))));
	isProblem(await other("GET", `/api/v1/api-keys/${key.id}`), 404, "not_found");
	isProblem(await other("DELETE", `/api/v1/api-keys/${key.id}`, ""), 404, "not_found");
	isProblem(await (await writer(site, "support@musterplatz.example"))("POST", "/api/v1/api-keys", { name: "x", role: builtIn("reseller_support") }), 403, "forbidden");
	assert.equal((await program(key.secret)("GET", "/api/v1/customers")).status, 200);
	assert.ok((await admin("GET", "/api/v1/api-keys?limit=200")).json.data.some((one) => one.id === key.id));
	assert.equal((await admin("DELETE", `/api/v1/api-keys/${key.id}`, "")).status, 204);
	refused(await program(key.secret)("GET", "/api/v1/customers"));
	const top = await make(builtIn("billing_operator"), { by: admin });
	assert.equal((await program(top.secret, { on: "pneumuster.localhost" })("GET", "/api/v1/tenants")).status, 200);
});

test("the last use is noted, and not again within minutes", async () => {
	const key = await make(builtIn("dealer_owner")), ask = program(key.secret), seen = () => site.value(`SELECT seen FROM api_key WHERE prefix = '${key.prefix}'`);
	assert.equal(seen(), null);
	await ask("GET", "/api/v1/customers?limit=1");
	assert.notEqual(seen(), null);
	for (const [ago, again] of [[200, false], [400, true]]) {
		site.sql(`UPDATE api_key SET seen = UTC_TIMESTAMP() - INTERVAL ${ago} SECOND WHERE prefix = '${key.prefix}'`);
		const before = seen();
		await ask("GET", "/api/v1/customers?limit=1");
		assert.equal(seen() !== before, again, `${ago} s`);
	}
});

test("wrong keys from an address have to wait; a good key from there, and passwords, do not", async () => {
	const key = await make(builtIn("dealer_owner")), from = "127.0.0.9", wrong = program("apk_00000000_no", { from });
	const free = Number(site.portico("help", "conf").match(/free_address\s+(\d+)/)?.[1] ?? 50);
	for (let i = 0; i < free; i++) refused(await wrong("GET", "/api/v1/customers"));
	site.sql(`${stillWaiting} WHERE kind = 4 AND failures = ${free}`);
	const got = await wrong("GET", "/api/v1/customers");
	isProblem(got, 429, "too_many_keys");
	assert.ok(Number(got.headers["retry-after"]) >= 1);
	const counted = () => site.sql("SELECT kind, failures FROM attempt ORDER BY kind, failures").map((row) => `${row.kind} ${row.failures}`).join();
	const before = counted();
	assert.equal((await program(key.secret, { from })("GET", "/api/v1/customers")).status, 200);
	isProblem(await wrong("GET", "/api/v1/customers"), 429, "too_many_keys");
	assert.equal(counted(), before);
	const signed = await plain(site, "POST", "/api/v1/session", { host, from, headers: { ...json, ...sameOrigin }, body: JSON.stringify({ email: people.email, password }) });
	assert.equal(signed.status, 200, signed.text);
	refused(await program("apk_00000000_no", { from: "127.0.0.10" })("GET", "/api/v1/customers"));
});

test("no log, no audit and no table has a secret", async () => {
	const key = await make(builtIn("dealer_owner")), ask = program(key.secret), rest = key.secret.slice(13);
	await ask("GET", "/api/v1/customers");
	await ask("GET", "/api/v1/nothing");
	await ask("POST", "/api/v1/api-keys", {});
	await program(`${key.secret}0`)("GET", "/api/v1/customers");
	await site.run("stop");
	const texts = fs.readdirSync(path.join(site.var, "log")).map((name) => fs.readFileSync(path.join(site.var, "log", name), "latin1"));
	assert.ok(texts.some((text) => text.includes("/api/v1/nothing")), "nginx has written its log");
	for (const text of texts) assert.ok(!text.includes(rest));
	await site.run("start");
	for (const table of ["audit", "api_key", "user"]) assert.ok(!JSON.stringify(site.sql(`SELECT * FROM ${table} WHERE ${table === "user" ? "state = 'key'" : "TRUE"}`)).includes(rest), table);
	assert.equal((await ask("GET", "/api/v1/customers")).status, 200);
});

clean(site);
