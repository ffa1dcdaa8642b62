// The most that a parent lets a reseller have: who sets it, what it takes away, and that it gives nobody more.
// An instance of its own, since rights are others afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem } from "../lib/openapi.mjs";
import { agree, colleague, prove } from "../lib/second.mjs";
import { as, writer } from "../lib/users.mjs";

const site = await instance({ own: true, name: "ceiling" });
const tenant = Object.fromEntries(site.sql("SELECT id, slug FROM tenant").map(({ id, slug }) => [slug, site.portico("id", "tenant", id).trim()]));
const admin = await writer(site, "admin@pneumuster.example"), distributor = await writer(site, "owner@nordmuster.example");
const second = await writer(site, colleague(site, "second"));
const dealer = await as(site, "owner@musterplatz.example");
let names = 0;
prove(site); // whether the second step is asked for is said in step_up.test.mjs

/** A role with these actions of who asks: its id. */
async function role(ask, given, portal = "reseller") {
	const called = `ceiling ${++names}`, got = await ask("POST", "/api/v1/roles", { name: called, portal, grants: Object.entries(given).map(([action, scope]) => ({ action, scope })), fields: [{ field: "customer.id", level: "read" }, { field: "customer.name", level: "read" }] });
	if (ask !== admin) {
		assert.equal(got.status, 200, got.text);
		return got.json.id;
	}
	assert.equal((await agree(second, got)).state, "done"); // the provider's roles are made by two
	return site.portico("id", "role", site.value(`SELECT id FROM role WHERE name = '${called}'`)).trim();
}
const at = (slug) => `/api/v1/tenants/${tenant[slug]}/ceiling`;
async function limit(ask, slug, id) {
	const { headers } = await ask("GET", at(slug));
	return ask("PUT", at(slug), { role: id }, { "If-Match": headers.etag ?? '"none"' });
}
const actions = async () => (await dealer("GET", "/api/v1/meta")).json.actions;

test("a ceiling takes away at the next request what it does not let through, and gives it back", async () => {
	const before = await actions();
	assert.deepEqual((await distributor("GET", at("musterplatz"))).json, { role: null });
	const id = await role(distributor, { "customer.read": "subtree" }), got = await limit(distributor, "musterplatz", id);
	assert.equal(got.status, 200, got.text);
	assert.equal(got.json.role.id, id);
	assert.deepEqual(await actions(), ["customer.read"]);
	for (let i = 0; i < 12; i++) isProblem(await dealer("GET", "/api/v1/documents"), 403, "forbidden");
	isProblem(await distributor("DELETE", `/api/v1/roles/${id}`), 409, "role_in_use");
	assert.equal((await limit(distributor, "musterplatz", null)).status, 200);
	assert.deepEqual(await actions(), before);
});

test("whoever is limited learns that, and not how the one above calls it", async () => {
	const id = await role(distributor, { "customer.read": "subtree" });
	assert.equal((await limit(distributor, "musterplatz", id)).status, 200);
	// A ceiling that leaves the dealer the right to ask.
	site.sql(`INSERT INTO role_grant VALUES ((SELECT ceiling_id FROM tenant WHERE slug = 'musterplatz'), 'tenant.limit', 'subtree'), ((SELECT ceiling_id FROM tenant WHERE slug = 'musterplatz'), 'tenant.read', 'subtree')`);
	site.sql("UPDATE channel_version SET version = version + 1");
	assert.deepEqual((await dealer("GET", at("musterplatz"))).json, { role: { id: null, name: null } });
	assert.equal((await distributor("GET", at("musterplatz"))).json.role.id, id);
	assert.equal((await limit(distributor, "musterplatz", null)).status, 200);
});

test("a reseller that moved keeps its ceiling, and the new parent does not learn how the old one calls it", async () => {
	const above = await role(admin, { "customer.read": "subtree" });
	site.sql(`UPDATE tenant SET ceiling_id = (SELECT MAX(id) FROM role) WHERE slug = 'musterplatz'`); // as after a move from the provider to the distributor
	const got = await distributor("GET", at("musterplatz"));
	assert.deepEqual(got.json, { role: { id: null, name: null } });
	assert.equal((await admin("GET", at("musterplatz"))).json.role.id, above);
	assert.equal((await limit(distributor, "musterplatz", null)).status, 200); // and may set its own
});

test("only who is right above sets it, with a role of their own for resellers", async () => {
	const own = await role(distributor, { "customer.read": "subtree" }), above = await role(admin, { "customer.read": "subtree" });
	isProblem(await limit(admin, "musterplatz", above), 403, "forbidden"); // two levels above
	isProblem(await limit(distributor, "nordmuster", own), 403, "forbidden"); // oneself
	isProblem(await limit(distributor, "sante-exemple", own), 404, "not_found"); // a sibling
	const builtIn = site.portico("id", "role", site.value("SELECT id FROM role WHERE code = 'dealer_owner'")).trim();
	for (const [body, code] of [[{ role: above }, "unknown"], [{ role: builtIn }, "unknown"], [{ role: "rol_x" }, "unknown"], [{ role: 5 }, "unknown"], [{}, "missing"],
		[{ role: await role(distributor, { "document.read": "customer" }, "customer") }, "portal"]]) {
		const { headers } = await distributor("GET", at("musterplatz")), got = await distributor("PUT", at("musterplatz"), body, { "If-Match": headers.etag });
		isProblem(got, 422, "invalid");
		assert.deepEqual(got.json.errors.map((e) => [e.pointer, e.code]), [["/role", code]]);
	}
	assert.equal((await limit(admin, "nordmuster", above)).status, 200);
	assert.equal((await limit(admin, "nordmuster", null)).status, 200);
});

test("nobody lets more through than they hold, be it by lifting a ceiling; lowering one needs nothing", async () => {
	const small = { "tenant.read": "subtree", "tenant.limit": "subtree", "customer.read": "subtree" };
	const tight = await role(distributor, { "customer.read": "subtree" }), wide = await role(distributor, { "customer.read": "subtree", "document.read": "tenant" });
	const who = { email: "limits@nordmuster.example", host: "nordmuster.localhost" };
	const part = await role(distributor, small);
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password) SELECT tenant_id, NULL, (SELECT MAX(id) FROM role), '${who.email}', 'Limits', 'de', password FROM user WHERE email = 'owner@nordmuster.example'`);
	assert.ok(part);
	const ask = await writer(site, who);
	prove(site);
	assert.equal((await limit(distributor, "musterplatz", wide)).status, 200);
	isProblem(await limit(ask, "musterplatz", null), 403, "role_more");
	const mine = site.value(`SELECT ceiling_id FROM tenant WHERE slug = 'musterplatz'`);
	assert.equal((await limit(ask, "musterplatz", tight)).status, 200);
	isProblem(await limit(ask, "musterplatz", wide), 403, "role_more");
	assert.notEqual(site.value(`SELECT ceiling_id FROM tenant WHERE slug = 'musterplatz'`), mine, "and nothing of it was kept");
	assert.equal((await limit(distributor, "musterplatz", null)).status, 200);
});

test("each role meets the ceiling by itself: one that loses its rows has no say in the others' fields, and of the same rows the fields of both are shown", async () => {
	const tenantId = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'"), email = "joined@musterplatz.example";
	const made = (called, owner, scope, fields) => {
		site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${owner}, NULL, '${called}', 'reseller', 0)`);
		const id = site.value(`SELECT id FROM role WHERE name = '${called}'`);
		site.sql(`INSERT INTO role_grant VALUES (${id}, 'customer.read', '${scope}'); INSERT INTO role_field VALUES ${fields.map((field) => `(${id}, 'customer.${field}', 'read')`)}`);
		return id;
	};
	const [parent] = site.sql(`SELECT parent_id AS id FROM tenant WHERE id = ${tenantId}`), everything = ["id", "number", "name", "tags"];
	const numbers = made("joined numbers", tenantId, "subtree", ["id", "number"]), names = made("joined names", tenantId, "family", ["id", "name"]), assigned = made("joined assigned", tenantId, "assigned", ["id", "name"]);
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, more_roles) SELECT tenant_id, NULL, ${numbers}, '${email}', 'Joined', 'de', password, 1 FROM user WHERE email = 'owner@musterplatz.example'`);
	const id = site.value(`SELECT id FROM user WHERE email = '${email}'`);
	const customer = site.value(`SELECT MIN(id) FROM customer WHERE tenant_id = ${tenantId}`);
	site.sql(`UPDATE customer SET agent_id = ${id} WHERE id = ${customer}`);
	const ask = await as(site, { email, host: "musterplatz.localhost" });
	const shown = async (more, ceiling) => {
		site.sql(`DELETE FROM user_role WHERE user_id = ${id}; INSERT INTO user_role VALUES (${id}, ${more}); UPDATE tenant SET ceiling_id = ${ceiling} WHERE id = ${tenantId}; UPDATE channel_version SET version = version + 1`);
		const { status, text, json } = await ask("GET", `/api/v1/customers/${site.portico("id", "customer", customer).trim()}`);
		assert.equal(status, 200, text);
		return Object.keys(json).sort();
	};
	// Without a ceiling the two show other rows: only what both show.
	assert.deepEqual(await shown(names, "NULL"), ["id"]);
	assert.deepEqual(await shown(assigned, "NULL"), ["id"]);
	const below = made("joined ceiling", parent.id, "assigned", everything);
	// What the second role shows is nothing of what an agent may see; and an agent's customers are the same by both.
	assert.deepEqual(await shown(names, below), ["id", "number"]);
	assert.deepEqual(await shown(assigned, below), ["id", "name", "number"]);
	site.sql(`UPDATE tenant SET ceiling_id = NULL WHERE id = ${tenantId}; UPDATE channel_version SET version = version + 1`);
});

clean(site);
