// Who may make, change, copy, give and take away roles, and that nobody gives what they do not hold.
// An instance of its own, since users and roles are made here that no other test knows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask as plain } from "../lib/http.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { agree, colleague } from "../lib/second.mjs";
import { as, fresh, json, sameOrigin, writer } from "../lib/users.mjs";

const site = await instance({ own: true, name: "role-edit" });
const { check } = await openapi(site);
const host = "musterplatz.localhost", parentHost = "nordmuster.localhost";
const tenantOf = (slug) => site.value(`SELECT id FROM tenant WHERE slug = '${slug}'`);
const tenant = tenantOf("musterplatz"), parent = tenantOf("nordmuster"), root = site.value("SELECT id FROM tenant WHERE level = 0");
const publicId = (resource, id) => site.portico("id", resource, id).trim();
const builtIn = (code) => publicId("role", site.value(`SELECT id FROM role WHERE code = '${code}'`));
const userId = (email, at = tenant) => publicId("user", site.value(`SELECT id FROM user WHERE email = '${email}' AND tenant_id = ${at}`));
const changed = () => site.sql("UPDATE channel_version SET version = version + 1");
let names = 0;

const owner = await writer(site, "owner@musterplatz.example");
const distributor = await writer(site, { email: "owner@nordmuster.example", host: parentHost });
const admin = await writer(site, "admin@pneumuster.example");

const list = (of, key, value) => Object.entries(of).map(([k, v]) => ({ [key]: k, [value]: v }));
const grants = (of) => list(of, "action", "scope");
const fields = (of) => list(of, "field", "level");

/** A role made at the address: its answer. */
async function make(ask, given, shown = {}, more = {}) {
	const got = await ask("POST", "/api/v1/roles", { name: `made ${++names}`, portal: "reseller", grants: grants(given), fields: fields(shown), ...more });
	assert.equal(got.status, 200, got.text);
	return got.json;
}

/** What GET answers and its tag. */
async function read(ask, path) {
	const got = await ask("GET", `/api/v1/${path}`, undefined);
	assert.equal(got.status, 200, got.text);
	return { ...got.json, tag: got.headers.etag };
}

/** A change from what is there now. */
async function patch(ask, id, body) {
	return ask("PATCH", `/api/v1/roles/${id}`, body, { "If-Match": (await read(ask, `roles/${id}`)).tag });
}

async function assign(ask, user, roles) {
	return ask("PUT", `/api/v1/users/${user}/roles`, { roles }, { "If-Match": (await read(ask, `users/${user}/roles`)).tag });
}

/** A user of the dealer's with these roles, by address: {id, email, host}. */
async function somebody(roles, { at = tenant, on = host } = {}) {
	const email = `made${++names}@musterplatz.example`;
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password)
		SELECT ${at}, NULL, (SELECT id FROM role WHERE code = 'dealer_owner'), '${email}', 'Staff', 'de', password FROM user WHERE email = 'owner@musterplatz.example'`);
	const id = userId(email, at);
	if (roles) {
		const got = await assign(owner, id, roles);
		assert.equal(got.status, 200, got.text);
	}
	return { id, email, host: on };
}

const pointers = (got) => (got.json.errors ?? []).map((error) => [error.pointer, error.code]);
const refusedAt = (got, ...at) => {
	isProblem(got, 422, "invalid");
	assert.deepEqual(pointers(got), at);
};
const manages = { "role.read": "offered", "role.create": "tenant", "role.edit": "tenant", "role.delete": "tenant", "user.read": "tenant", "user.assign": "tenant" };
const seesRoles = Object.fromEntries(["id", "code", "own", "users", "ceiling"].map((name) => [`role.${name}`, "read"])
	.concat(["name", "portal", "grants", "fields", "segments"].map((name) => [`role.${name}`, "write"]), [["user.id", "read"], ["user.name", "read"], ["user.email", "read"]]));

test("a role that is made gives what was said, is shown so, and counts on the next request", async () => {
	const role = await make(owner, { "customer.read": "subtree", "user.edit": "own" }, { "customer.id": "read", "customer.name": "read", "customer.email": "mask" });
	assert.deepEqual(role.grants, grants({ "customer.read": "subtree", "user.edit": "own" }));
	assert.deepEqual(role.fields, fields({ "customer.id": "read", "customer.name": "read", "customer.email": "mask" }));
	assert.deepEqual([role.own, role.users, role.code, role.portal, role.segments], [true, 0, null, "reseller", []]);
	const one = await somebody([role.id]);
	const ask = await as(site, one);
	const { data } = (await ask("GET", "/api/v1/customers")).json;
	assert.deepEqual(Object.keys(data[0]).sort(), ["id", "name"]);
	assert.match((await ask("GET", `/api/v1/customers/${data[0].id}`)).json.email, /\*/);
	const got = await owner("GET", `/api/v1/roles/${role.id}`, undefined);
	check("GET", "/api/v1/roles/{id}", got);
	assert.equal(got.json.users, 1);
	for (let i = 0; i < 10; i++) {
		assert.equal((await patch(owner, role.id, { grants: grants({ "offering.read": "shared" }) })).status, 200);
		for (let j = 0; j < 6; j++) isProblem(await ask("GET", "/api/v1/customers"), 403, "forbidden");
		assert.equal((await patch(owner, role.id, { grants: grants({ "customer.read": "subtree" }) })).status, 200);
		for (let j = 0; j < 6; j++) assert.equal((await ask("GET", "/api/v1/customers")).status, 200);
	}
	assert.deepEqual((await read(owner, `roles/${role.id}`)).fields, fields({ "customer.id": "read", "customer.name": "read", "customer.email": "mask" }), "what is not said stays");
});

test("each wrong part is told with its pointer, and nothing of it is kept", async () => {
	const before = site.value("SELECT COUNT(*) FROM role");
	const post = (body) => owner("POST", "/api/v1/roles", { name: `wrong ${++names}`, portal: "reseller", ...body });
	refusedAt(await post({ grants: [{ action: "customer.read", scope: "subtree" }, { action: "document.shred", scope: "tenant" }] }), ["/grants/1/action", "unknown"]);
	refusedAt(await post({ grants: [...grants({ "customer.read": "subtree", "document.read": "subtree" })] }), ["/grants/1/scope", "pair"]);
	refusedAt(await post({ grants: grants({ "customer.read": "none" }) }), ["/grants/0/scope", "pair"]);
	refusedAt(await post({ grants: [{ action: "customer.read", scope: "subtree" }, { action: "customer.read", scope: "subtree" }] }), ["/grants/1/action", "twice"]);
	refusedAt(await post({ grants: [{ action: "customer.read" }, 5, { action: "customer.read", scope: 1 }, { action: "customer.read", scope: "subtree", rows: "all" }] }),
		["/grants/0/scope", "missing"], ["/grants/1", "type"], ["/grants/2/scope", "type"], ["/grants/3", "unknown"]);
	refusedAt(await post({ fields: [...fields({ "customer.margin": "read", "customer.since": "mask", "customer.id": "write", "customer.name": "none" })] }),
		["/fields/0/field", "unknown"], ["/fields/1/level", "level"], ["/fields/2/level", "level"], ["/fields/3/level", "level"]);
	refusedAt(await post({ grants: "all", fields: {}, segments: 1 }), ["/grants", "type"], ["/fields", "type"], ["/segments", "type"]);
	const foreign = publicId("segment", site.value(`SELECT MIN(id) FROM segment WHERE tenant_id = ${parent}`));
	refusedAt(await post({ segments: [foreign, "seg_x"] }), ["/segments/0", "unknown"], ["/segments/1", "unknown"]);
	refusedAt(await owner("POST", "/api/v1/roles", {}), ["/name", "missing"]);
	refusedAt(await owner("POST", "/api/v1/roles", { name: " " }), ["/name", "length"]);
	refusedAt(await owner("POST", "/api/v1/roles", { name: "x".repeat(101) }), ["/name", "length"]);
	refusedAt(await owner("POST", "/api/v1/roles", { name: "no portal" }), ["/portal", "missing"]);
	refusedAt(await owner("POST", "/api/v1/roles", { name: "provider's", portal: "admin" }), ["/portal", "code"]);
	refusedAt(await post({ shared: "1" }), ["/shared", "not_writable"]);
	const { name } = await make(owner, {});
	refusedAt(await owner("POST", "/api/v1/roles", { name, portal: "reseller" }), ["/name", "taken"]);
	assert.equal(site.value("SELECT COUNT(*) FROM role"), String(Number(before) + 1));
});

test("nobody makes a role that gives what they do not hold, by action, scope, field or level", async () => {
	const small = await somebody([(await make(owner, { ...manages, "customer.read": "subtree" }, { ...seesRoles, "customer.id": "read", "customer.email": "mask", "user.name": "read" })).id]);
	const ask = await writer(site, small);
	const post = (body) => ask("POST", "/api/v1/roles", { name: `more ${++names}`, portal: "reseller", ...body });
	refusedAt(await post({ grants: grants({ "customer.read": "subtree", "document.read": "tenant" }) }), ["/grants/1/scope", "own"]);
	refusedAt(await post({ fields: fields({ "customer.id": "read", "customer.name": "read", "customer.email": "read" }) }), ["/fields/1/level", "own"], ["/fields/2/level", "own"]);
	refusedAt(await post({ fields: fields({ "user.name": "write" }) }), ["/fields/0/level", "own"]);
	refusedAt(await post({ grants: grants({ "tenant.read": "all" }) }), ["/grants/0/scope", "portal"]);
	assert.equal((await post({ grants: grants({ "customer.read": "subtree" }), fields: fields({ "customer.email": "mask" }) })).status, 200);
	// The editor says the same beforehand.
	const { ceiling } = await read(ask, `roles/${builtIn("dealer_owner")}`);
	const scopes = (action) => ceiling.actions.find((a) => a.action === action).scopes;
	assert.deepEqual([scopes("customer.read"), scopes("document.read")], [{ assigned: "may", subtree: "may" }, { assigned: "own", tenant: "own" }]);
	assert.deepEqual(ceiling.fields.find((f) => f.field === "customer.email"), { field: "customer.email", needs: "customer.read", levels: { mask: "may", read: "own" } });
});

test("what a ceiling holds back at present is given only by who holds it, for the ceiling may be lifted", async () => {
	const large = await make(owner, { "customer.read": "subtree", "payment.read": "tenant" }, { "customer.id": "read" });
	const small = await somebody([(await make(owner, { ...manages, "customer.read": "subtree" }, { ...seesRoles, "customer.id": "read" })).id]);
	const colleague = await somebody([(await make(owner, { "customer.read": "subtree" }, { "customer.id": "read" })).id]);
	const ceiling = (await make(distributor, { ...manages, "customer.read": "subtree" }, { ...seesRoles, "customer.id": "read" })).name;
	site.sql(`UPDATE tenant SET ceiling_id = (SELECT id FROM role WHERE name = '${ceiling}') WHERE id = ${tenant}`);
	changed();
	try {
		const ask = await writer(site, small);
		refusedAt(await assign(ask, colleague.id, [large.id]), ["/roles/0", "own"]);
		isProblem(await patch(ask, large.id, { name: `still there ${++names}` }), 403, "role_more");
		assert.equal((await assign(owner, colleague.id, [large.id])).status, 200, "who held it all before gives it");
		isProblem(await assign(ask, colleague.id, [large.id]), 403, "role_more");
	} finally {
		site.sql(`UPDATE tenant SET ceiling_id = NULL WHERE id = ${tenant}`);
		changed();
	}
});

test("nobody changes, renames or widens a role that gives more than they hold", async () => {
	const small = await somebody([(await make(owner, { ...manages, "customer.read": "subtree" }, { ...seesRoles, "customer.id": "read" })).id]);
	const ask = await writer(site, small);
	const large = await make(owner, { "customer.read": "subtree", "payment.read": "tenant" }, { "customer.id": "read" });
	for (const body of [{ name: "mine now" }, { grants: grants({ "customer.read": "subtree" }) }, { grants: [] }, { segments: [] }])
		isProblem(await patch(ask, large.id, body), 403, "role_more");
	const equal = await make(owner, { "customer.read": "subtree" }, { "customer.id": "read" });
	refusedAt(await patch(ask, equal.id, { grants: grants({ "customer.read": "subtree", "payment.read": "tenant" }) }), ["/grants/1/scope", "own"]);
	assert.equal((await patch(ask, equal.id, { name: "renamed" })).json.name, "renamed");
});

test("who is kept to customer segments gives no role without them or with others", async () => {
	const [a, b] = site.sql(`SELECT id FROM segment WHERE tenant_id = ${tenant} ORDER BY id LIMIT 2`).map((row) => publicId("segment", row.id));
	const kept = await make(owner, { "role.read": "offered", "role.create": "tenant", "role.edit": "tenant", "customer.read": "subtree" }, { ...seesRoles, "customer.id": "read" }, { segments: [a] });
	assert.deepEqual(kept.segments, [a]);
	const ask = await writer(site, await somebody([kept.id]));
	const post = (segments) => ask("POST", "/api/v1/roles", { name: `kept ${++names}`, portal: "reseller", grants: grants({ "customer.read": "subtree" }), segments });
	refusedAt(await post([]), ["/segments", "own"]);
	refusedAt(await post([b]), ["/segments", "own"]);
	refusedAt(await post([a, b]), ["/segments", "own"]);
	const good = await post([a]);
	assert.equal(good.status, 200, good.text);
	refusedAt(await patch(ask, good.json.id, { segments: [] }), ["/segments", "own"]);
	const copy = await ask("POST", `/api/v1/roles/${builtIn("dealer_owner")}/copy`, { name: `kept copy ${++names}` });
	assert.deepEqual(copy.json.segments, [a], copy.text);
	assert.deepEqual(copy.json.ceiling.segments.map((s) => [s.id, s.may]).filter(([, may]) => may === "may"), [[a, "may"]]);
});

test("a ceiling above takes away at once what can be given, and the answer says that it is the ceiling", async () => {
	const above = await make(distributor, { ...manages, "customer.read": "subtree" }, { ...seesRoles, "customer.id": "read" });
	const before = await make(owner, { "customer.read": "subtree", "payment.read": "tenant" }, { "customer.id": "read", "payment.id": "read" });
	site.sql(`UPDATE tenant SET ceiling_id = (SELECT id FROM role WHERE name = '${above.name}') WHERE id = ${tenant}`);
	changed();
	refusedAt(await owner("POST", "/api/v1/roles", { name: "above", portal: "reseller", grants: grants({ "payment.read": "tenant" }), fields: fields({ "customer.name": "read" }) }),
		["/grants/0/scope", "ceiling"], ["/fields/0/level", "ceiling"]);
	const one = await read(owner, `roles/${before.id}`);
	assert.deepEqual(one.ceiling.actions.find((a) => a.action === "payment.read").scopes, { assigned: "ceiling", tenant: "ceiling" });
	// What the role had before stands without effect, can stay, and cannot be said anew.
	assert.equal((await patch(owner, before.id, { name: "still mine" })).status, 200);
	refusedAt(await patch(owner, before.id, { grants: one.grants }), ["/grants/1/scope", "ceiling"]);
	// A ceiling is in use, and is no role of the tenant below.
	isProblem(await distributor("DELETE", `/api/v1/roles/${above.id}`, undefined), 409, "role_in_use");
	isProblem(await owner("GET", `/api/v1/roles/${above.id}`, undefined), 404, "not_found");
	site.sql(`UPDATE tenant SET ceiling_id = NULL WHERE id = ${tenant}`);
	changed();
	assert.equal((await distributor("DELETE", `/api/v1/roles/${above.id}`, undefined)).status, 204);
});

test("a role for customers gives only what customers have", async () => {
	const post = (body) => owner("POST", "/api/v1/roles", { name: `customers ${++names}`, portal: "customer", ...body });
	refusedAt(await post({ grants: grants({ "document.read": "tenant" }) }), ["/grants/0/scope", "portal"]);
	refusedAt(await post({ grants: grants({ "audit.read": "tenant" }) }), ["/grants/0/scope", "portal"]);
	refusedAt(await post({ fields: fields({ "customer.segment": "read" }) }), ["/fields/0/level", "portal"]);
	assert.equal((await post({ grants: grants({ "document.read": "customer" }), fields: fields({ "document.id": "read" }) })).status, 200);
});

test("only the tenant's own roles can be changed: no built-in one, none of another tenant", async () => {
	const foreign = await make(distributor, { "customer.read": "subtree" });
	for (const id of [builtIn("dealer_owner"), foreign.id]) {
		isProblem(await owner("PATCH", `/api/v1/roles/${id}`, { name: "x" }, { "If-Match": '"any"' }), 404, "not_found");
		isProblem(await owner("DELETE", `/api/v1/roles/${id}`, undefined), 404, "not_found");
	}
	for (const id of [builtIn("dealer_owner"), builtIn("provider_admin"), foreign.id]) {
		isProblem(await patch(admin, id, { name: "x" }), 409, "role_fixed");
		isProblem(await admin("DELETE", `/api/v1/roles/${id}`, undefined), 409, "role_fixed");
	}
	isProblem(await owner("POST", `/api/v1/roles/${foreign.id}/copy`, { name: "x" }), 404, "not_found");
	isProblem(await admin("POST", `/api/v1/roles/${foreign.id}/copy`, { name: "x" }), 409, "role_fixed");
	isProblem(await owner("GET", `/api/v1/roles/${foreign.id}/users`, undefined), 404, "not_found");
	assert.ok(!(await read(owner, "roles?limit=200")).data.some((role) => role.id === foreign.id));
	assert.ok((await read(admin, "roles?limit=200")).data.some((role) => role.id === foreign.id && role.own === false));
});

test("nobody changes a role that they have, nor their own roles", async () => {
	const role = await make(owner, { ...manages, "customer.read": "subtree" }, seesRoles), other = await make(owner, { "customer.read": "subtree" });
	for (const roles of [[role.id], [other.id, role.id]]) {
		const one = await somebody(roles), ask = await writer(site, one);
		isProblem(await patch(ask, role.id, { grants: [] }), 409, "role_self");
		isProblem(await ask("DELETE", `/api/v1/roles/${role.id}`, undefined), 409, "role_self");
		isProblem(await assign(ask, one.id, [other.id]), 409, "role_self");
	}
	isProblem(await assign(owner, userId("owner@musterplatz.example"), [other.id]), 409, "role_self");
});

test("a role in use cannot be taken away; one that nobody has goes with all that it held", async () => {
	const role = await make(owner, { "customer.read": "subtree" }, { "customer.id": "read" }), other = await make(owner, { "offering.read": "shared" });
	const first = await somebody([role.id]), second = await somebody([other.id, role.id]);
	isProblem(await owner("DELETE", `/api/v1/roles/${role.id}`, undefined), 409, "role_in_use");
	await assign(owner, first.id, [other.id]);
	isProblem(await owner("DELETE", `/api/v1/roles/${role.id}`, undefined), 409, "role_in_use");
	assert.deepEqual((await read(owner, `roles/${role.id}/users`)).data.map((u) => u.id), [second.id]);
	await assign(owner, second.id, [other.id]);
	assert.equal((await owner("DELETE", `/api/v1/roles/${role.id}`, undefined)).status, 204);
	isProblem(await owner("GET", `/api/v1/roles/${role.id}`, undefined), 404, "not_found");
	assert.deepEqual((await read(owner, `roles/${other.id}/users`)).data.map((u) => u.id).sort(), [first.id, second.id].sort());
	const orphans = (table) => site.value(`SELECT COUNT(*) FROM ${table} WHERE role_id NOT IN (SELECT id FROM role)`);
	assert.deepEqual([orphans("role_grant"), orphans("role_field")], ["0", "0"]);
});

test("a role keeps its segments, whosever they are: a copy of it has them, and so has a changed one", async () => {
	const child = site.value(`SELECT MIN(s.id) FROM segment s JOIN tenant t ON t.id = s.tenant_id WHERE t.parent_id = ${parent}`);
	const role = await make(distributor, { "role.read": "offered", "role.create": "tenant", "role.edit": "tenant", "customer.read": "subtree" }, seesRoles);
	site.sql(`INSERT INTO role_segment (role_id, segment_id) VALUES (${site.value(`SELECT MAX(id) FROM role WHERE tenant_id = ${parent}`)}, ${child})`);
	changed();
	const kept = [publicId("segment", child)];
	assert.deepEqual((await read(distributor, `roles/${role.id}`)).segments, kept);
	const email = `made${++names}@nordmuster.example`;
	site.sql(`INSERT INTO user (tenant_id, role_id, email, name, language, password) SELECT ${parent}, (SELECT MAX(id) FROM role WHERE tenant_id = ${parent}), '${email}', 'Staff', 'de', password FROM user WHERE email = 'owner@nordmuster.example' AND tenant_id = ${parent}`);
	const ask = await writer(site, { email, host: parentHost });
	const copy = await ask("POST", `/api/v1/roles/${builtIn("distributor_owner")}/copy`, { name: `kept copy ${++names}` });
	assert.deepEqual(copy.json.segments, kept, copy.text);
	const renamed = await patch(ask, copy.json.id, { name: `kept still ${++names}` });
	assert.deepEqual(renamed.json.segments, kept, renamed.text);
});

test("a copy is narrowed to what the copier holds", async () => {
	const small = await somebody([(await make(owner, { ...manages, "customer.read": "subtree" }, { ...seesRoles, "customer.id": "read", "customer.email": "mask" })).id]);
	const ask = await writer(site, small);
	const got = await ask("POST", `/api/v1/roles/${builtIn("dealer_owner")}/copy`, { name: `copy ${++names}` });
	check("POST", "/api/v1/roles/{id}/copy", got);
	assert.deepEqual(Object.fromEntries(got.json.grants.map((g) => [g.action, g.scope])), { ...manages, "customer.read": "subtree" });
	assert.deepEqual(got.json.fields.filter((f) => f.field.startsWith("customer.")), fields({ "customer.id": "read", "customer.email": "mask" }));
	const whole = await owner("POST", `/api/v1/roles/${builtIn("dealer_owner")}/copy`, { name: `copy ${++names}` });
	const from = await read(owner, `roles/${builtIn("dealer_owner")}`);
	assert.deepEqual([whole.json.grants, whole.json.fields], [from.grants, from.fields]);
});

test("nobody gives a role of which they do not hold all, nor takes roles from who holds more", async () => {
	const small = await somebody([(await make(owner, { ...manages, "customer.read": "subtree" }, { ...seesRoles, "customer.id": "read" })).id]);
	const ask = await writer(site, small);
	const has = await make(owner, { "customer.read": "subtree" }, { "customer.id": "read" }), more = await make(owner, { "customer.read": "subtree" }, { "customer.name": "read" });
	const one = await somebody([has.id]);
	refusedAt(await assign(ask, one.id, [has.id, more.id, builtIn("dealer_owner")]), ["/roles/1", "own"], ["/roles/2", "own"]);
	isProblem(await assign(ask, (await somebody(null)).id, [has.id]), 403, "role_more");
	isProblem(await assign(ask, userId("owner@musterplatz.example"), [has.id]), 403, "role_more");
	const roles = [has, await make(owner, {})].map((role) => role.id);
	const got = await assign(ask, one.id, roles);
	assert.deepEqual(got.json.roles.map((r) => r.id), roles);
	assert.deepEqual((await read(ask, `users/${one.id}/roles`)).roles.map((r) => r.id), roles);
});

test("a user gets 1 to 8 roles of the own tenant or shared ones, of the user's portal", async () => {
	const own = [];
	for (let i = 0; i < 9; i++) own.push((await make(owner, {})).id);
	const one = await somebody([own[0]]);
	const foreign = await make(distributor, {}), forCustomers = await make(owner, {}, {}, { portal: "customer" });
	refusedAt(await assign(owner, one.id, [foreign.id, own[0], own[0], forCustomers.id, builtIn("customer_owner"), "rol_x", 7, builtIn("provider_admin")]),
		["/roles/0", "unknown"], ["/roles/2", "twice"], ["/roles/3", "portal"], ["/roles/4", "portal"], ["/roles/5", "unknown"], ["/roles/6", "unknown"], ["/roles/7", "unknown"]);
	refusedAt(await assign(owner, one.id, own), ["/roles/8", "many"]);
	refusedAt(await assign(owner, one.id, []), ["/roles", "length"]);
	const put = async (body) => owner("PUT", `/api/v1/users/${one.id}/roles`, body, { "If-Match": (await read(owner, `users/${one.id}/roles`)).tag });
	refusedAt(await put({}), ["/roles", "missing"]);
	refusedAt(await put({ roles: [own[0]], as: "owner" }), ["/as", "not_writable"]);
	assert.equal((await assign(owner, one.id, own.slice(0, 8))).status, 200);
	assert.equal((await assign(owner, one.id, [builtIn("dealer_owner")])).status, 200, "the owner holds all of it");
	const patient = userId("patient0001@musterplatz.example");
	refusedAt(await assign(owner, patient, [own[0]]), ["/roles/0", "portal"]);
	assert.equal((await assign(owner, patient, [forCustomers.id, builtIn("customer_owner")])).status, 200);
});

test("the provider gives roles anywhere, its staff only where their rights hold too", async () => {
	const role = await make(owner, { "customer.read": "subtree" }, { "customer.id": "read" });
	const one = await somebody([role.id]);
	assert.equal((await assign(admin, one.id, [builtIn("dealer_owner")])).status, 200);
	// The provider's own roles and users are changed by two: what is agreed to is decided by the same rules.
	const second = await writer(site, colleague(site, "second")), called = `staff ${++names}`;
	const asked = (await admin("POST", "/api/v1/roles", { name: called, portal: "admin",
		grants: grants({ "user.read": "all", "user.assign": "all", "role.read": "all", "role.edit": "tenant", "customer.read": "all", "role.create": "all" }), fields: fields({ "customer.id": "read", ...seesRoles }) }));
	assert.equal((await agree(second, asked)).state, "done", asked.text);
	const staff = site.portico("id", "role", site.value(`SELECT id FROM role WHERE name = '${called}'`)).trim();
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password)
		SELECT ${root}, NULL, role_id, 'staff@pneumuster.example', 'Staff', 'en', password FROM user WHERE email = 'admin@pneumuster.example'`);
	const id = userId("staff@pneumuster.example", root);
	assert.equal((await agree(second, await assign(admin, id, [staff]))).state, "done");
	const ask = await writer(site, { email: "staff@pneumuster.example", host: "pneumuster.localhost" });
	const two = await somebody([role.id]), edits = await make(owner, { "role.edit": "tenant" });
	refusedAt(await assign(ask, two.id, [edits.id]), ["/roles/0", "own"]);
	assert.equal((await assign(ask, two.id, [role.id])).status, 200);
	refusedAt(await assign(admin, id, [builtIn("dealer_owner")]), ["/roles/0", "portal"]);
});

test("who gets other roles is signed out everywhere and has the new ones at the next sign-in", async () => {
	const [a, b] = [await make(owner, { "customer.read": "subtree" }, { "customer.name": "read" }), await make(owner, { "offering.read": "shared" }, { "offering.name": "read" })];
	const one = await somebody([a.id]);
	const cookies = [await fresh(site, one), await fresh(site, one)];
	const get = (cookie, path) => plain(site, "GET", path, { host, headers: { Cookie: cookie } });
	for (const cookie of cookies) assert.equal((await get(cookie, "/api/v1/customers")).status, 200);
	assert.equal((await assign(owner, one.id, [b.id])).status, 200);
	for (const cookie of cookies) isProblem(await get(cookie, "/api/v1/customers"), 401, "not_signed_in");
	const again = await fresh(site, one);
	isProblem(await get(again, "/api/v1/customers"), 403, "forbidden");
	assert.equal((await get(again, "/api/v1/offerings")).status, 200);
});

test("a change from an old state is refused and tells what to do; one without a state too", async () => {
	const role = await make(owner, { "customer.read": "subtree" });
	const { tag } = await read(owner, `roles/${role.id}`);
	isProblem(await owner("PATCH", `/api/v1/roles/${role.id}`, { name: "x" }), 428, "need_match");
	assert.equal((await owner("PATCH", `/api/v1/roles/${role.id}`, { name: `first ${++names}` }, { "If-Match": tag })).status, 200);
	const late = isProblem(await owner("PATCH", `/api/v1/roles/${role.id}`, { grants: [] }, { "If-Match": tag }), 412, "changed");
	assert.match(late.detail, /read it again/);
	assert.deepEqual((await read(owner, `roles/${role.id}`)).grants, grants({ "customer.read": "subtree" }));
	const one = await somebody([role.id]), before = (await read(owner, `users/${one.id}/roles`)).tag;
	const other = await make(owner, {});
	assert.equal((await assign(owner, one.id, [other.id])).status, 200);
	isProblem(await owner("PUT", `/api/v1/users/${one.id}/roles`, { roles: [role.id] }, { "If-Match": before }), 412, "changed");
	isProblem(await owner("PUT", `/api/v1/users/${one.id}/roles`, { roles: [role.id] }), 428, "need_match");
});

test("the portal of a role in use stays, and another one needs its lists anew", async () => {
	const role = await make(owner, { "customer.read": "subtree" });
	refusedAt(await patch(owner, role.id, { portal: "customer" }), ["/portal", "lists"]);
	await somebody([role.id]);
	refusedAt(await patch(owner, role.id, { portal: "customer", grants: [], fields: [] }), ["/portal", "in_use"]);
	const free = await make(owner, { "customer.read": "subtree" });
	assert.equal((await patch(owner, free.id, { portal: "customer", grants: grants({ "document.read": "customer" }), fields: [] })).json.portal, "customer");
});

test("each write leaves its row in the audit and raises the version of all rights; what is refused raises nothing", async () => {
	const version = () => Number(site.value("SELECT version FROM channel_version"));
	const last = () => site.sql("SELECT action, object_id AS object, detail FROM audit ORDER BY id DESC LIMIT 1")[0];
	const number = (name) => site.value(`SELECT id FROM role WHERE name = '${name}'`);
	let before = version();
	const step = (action, object, detail) => {
		assert.deepEqual(last(), { action, object, detail });
		assert.equal(version(), ++before, action);
	};
	const role = await make(owner, { "customer.read": "subtree" }, { "customer.id": "read" }), id = number(role.name);
	step("role.create", id, "reseller 1 grants 1 fields 0 segments 0 products");
	await patch(owner, role.id, { fields: [] });
	step("role.edit", id, "reseller 1 grants 0 fields 0 segments 0 products");
	const copy = (await owner("POST", `/api/v1/roles/${role.id}/copy`, { name: `copied ${++names}` })).json;
	step("role.create", number(copy.name), "reseller 1 grants 0 fields 0 segments 0 products");
	const one = await somebody(null);
	await assign(owner, one.id, [role.id, copy.id]);
	step("user.assign", site.value(`SELECT id FROM user WHERE email = '${one.email}'`), `${role.id} ${copy.id}`);
	await assign(owner, one.id, [copy.id]);
	before++;
	await owner("DELETE", `/api/v1/roles/${role.id}`, undefined);
	step("role.delete", id, "");
	assert.equal((await patch(owner, copy.id, { grants: grants({ "tenant.read": "all" }) })).status, 422);
	isProblem(await owner("DELETE", `/api/v1/roles/${copy.id}`, undefined), 409, "role_in_use");
	assert.equal(version(), before);
});

test("who may not write a part of a role is told which, by its pointer", async () => {
	const shown = { ...seesRoles, "role.grants": "read" };
	const ask = await writer(site, await somebody([(await make(owner, manages, shown)).id]));
	const role = await make(owner, {});
	refusedAt(await patch(ask, role.id, { name: `y ${++names}`, grants: [] }), ["/grants", "not_writable"]);
	assert.equal((await patch(ask, role.id, { name: `y ${++names}` })).status, 200);
});

test("who loses a right in the very moment gives nothing by it: writers of rights wait for one another", async () => {
	const power = await make(owner, { ...manages, "payment.read": "tenant" }, seesRoles), less = await make(owner, manages, seesRoles);
	const one = await somebody([power.id]);
	let given = 0, refused = 0;
	for (let i = 0; i < 12; i++) {
		assert.equal((await assign(owner, one.id, [power.id])).status, 200);
		const cookie = await fresh(site, one);
		const post = () => plain(site, "POST", "/api/v1/roles", { host, headers: { Cookie: cookie, ...json, ...sameOrigin },
			body: JSON.stringify({ name: `race ${++names}`, portal: "reseller", grants: grants({ "payment.read": "tenant" }) }) });
		const { tag } = await read(owner, `roles/${power.id}`);
		const [, ...made] = await Promise.all([
			owner("PATCH", `/api/v1/roles/${power.id}`, { grants: grants(manages) }, { "If-Match": tag }), post(), post(), post()]);
		const end = site.sql("SELECT action, detail FROM audit WHERE action LIKE 'role.%' ORDER BY id DESC LIMIT 8");
		const narrowed = end.findIndex((row) => row.action === "role.edit");
		assert.ok(!end.slice(0, narrowed).some((row) => row.action === "role.create"), `made behind the narrowing: ${JSON.stringify(end)}`);
		for (const got of made) if (got.status === 200) given++; else {
			refusedAt(got, ["/grants/0/scope", "own"]);
			refused++;
		}
		assert.equal((await post()).status, 422);
		assert.equal((await patch(owner, power.id, { grants: grants({ ...manages, "payment.read": "tenant" }) })).status, 200);
		assert.equal((await assign(owner, one.id, [less.id])).status, 200);
	}
	assert.ok(given + refused === 36);
});

clean(site);
