// What waits for a second person: who asks, who agrees, and that nothing is done which both could not do themselves at
// that moment.  An instance of its own, since people and roles of the provider change here.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { agree, colleague, person } from "../lib/second.mjs";
import { user, writer } from "../lib/users.mjs";

const site = await instance({ own: true, name: "approval" });
const { check, operations } = await openapi(site);
const root = site.value("SELECT id FROM tenant WHERE level = 0");
const roleId = (code) => site.portico("id", "role", site.value(`SELECT id FROM role WHERE code = '${code}'`)).trim();
const userId = (who) => site.portico("id", "user", who.id).trim();
const admin = { ...user(site, "admin@pneumuster.example"), id: site.value("SELECT id FROM user WHERE email = 'admin@pneumuster.example'") };
const a = await person(site, admin), b = await person(site, colleague(site, "second")), c = await person(site, colleague(site, "third"));
let names = 0;

const draft = (more = {}) => ({ name: `asked ${++names}`, portal: "admin", grants: [{ action: "customer.read", scope: "all" }], fields: [{ field: "customer.name", level: "read" }], ...more });
const state = (asked) => site.value(`SELECT state FROM approval WHERE id = ${idOf(asked)}`);
const idOf = (asked) => site.portico("id", asked.json.id).trim().split(" ").at(-1);
const made = (name) => Number(site.value(`SELECT COUNT(*) FROM role WHERE name = '${name}'`));
const changed = () => site.sql("UPDATE channel_version SET version = version + 1");
const trail = (n) => site.sql(`SELECT action, user_id, object_id FROM audit ORDER BY id DESC LIMIT ${n}`);

/** A role of the provider that is there, and what GET says of it. */
async function role(more) {
	const body = draft(more), asked = await a("POST", "/api/v1/roles", body);
	assert.equal((await agree(b, asked)).state, "done");
	const id = site.portico("id", "role", site.value(`SELECT id FROM role WHERE name = '${body.name}'`)).trim(), at = `/api/v1/roles/${id}`;
	return { id, at, name: body.name, tag: (await a("GET", at)).headers.etag };
}
/** a asks to change it. */
const rename = async (one, name) => {
	const asked = await a("PATCH", one.at, { name }, { "If-Match": one.tag });
	assert.equal(asked.status, 202, asked.text);
	return asked;
};

test("a role of the provider is written down, and made in the asker's name when another one agrees", async () => {
	const body = draft(), asked = await a("POST", "/api/v1/roles", body);
	assert.equal(asked.status, 202, asked.text);
	check("POST", "/api/v1/roles", asked);
	assert.equal(asked.headers.location, `/api/v1/approvals/${asked.json.id}`);
	assert.equal(asked.json.state, "waiting");
	assert.equal(made(body.name), 0);
	assert.deepEqual(trail(1).map((row) => [row.action, row.user_id, row.object_id]), [["role.create.asked", admin.id, null]]);
	const seen = await b("GET", asked.headers.location);
	check("GET", "/api/v1/approvals/{id}", seen);
	assert.deepEqual([seen.json.action, seen.json.user_name, seen.json.mine, seen.json.state, seen.json.asked], ["role.create", site.value(`SELECT name FROM user WHERE id = ${admin.id}`), false, "waiting", body]);
	assert.equal((await a("GET", asked.headers.location)).json.mine, true);
	assert.ok((await b("GET", "/api/v1/approvals?state=waiting")).json.data.some((one) => one.id === asked.json.id));
	const done = await b("POST", `${asked.headers.location}/approve`, { reason: "as agreed" });
	check("POST", "/api/v1/approvals/{id}/approve", done);
	assert.deepEqual([done.status, done.json.state, done.json.decider_name, done.json.reason], [200, "done", "second", "as agreed"]);
	assert.equal(made(body.name), 1);
	const [decided, did] = trail(2);
	assert.deepEqual([decided.action, decided.user_id, decided.object_id], ["approval.decide", b.who.id, idOf(asked)]);
	assert.deepEqual([did.action, did.user_id, did.object_id], ["role.create", admin.id, site.value(`SELECT id FROM role WHERE name = '${body.name}'`)]);
});

test("the document and the portals are told beforehand what needs a second person", async () => {
	const told = Object.fromEntries(operations.filter((o) => o["x-second-person"]).map((o) => [`${o.method} ${o.path}`, o["x-second-person"]]));
	assert.deepEqual(told, { "POST /api/v1/payouts": "always", "POST /api/v1/tenants/{id}/close": "always", "POST /api/v1/users": "provider", "PUT /api/v1/users/{id}/roles": "provider", "POST /api/v1/roles": "provider",
		"PATCH /api/v1/roles/{id}": "provider", "POST /api/v1/roles/{id}/copy": "provider",
		"POST /api/v1/documents/{id}/credits": "large", "POST /api/v1/accounts/{id}/refunds": "large" });
	assert.deepEqual((await a("GET", "/api/v1/meta")).json.second_person, ["tenant.close", "user.invite", "user.assign", "role.create", "role.edit", "payout.create"]);
	const owner = await writer(site, "owner@nordmuster.example");
	assert.deepEqual((await owner("GET", "/api/v1/meta")).json.second_person, []);
});

test("resellers change their own roles and users alone, and so does the provider at a reseller", async () => {
	const owner = await writer(site, "owner@nordmuster.example");
	assert.equal((await owner("POST", "/api/v1/roles", { name: "own", portal: "reseller", grants: [], fields: [] })).status, 200);
	const one = site.portico("id", "user", site.value("SELECT id FROM user WHERE email = 'owner@namudhaj.example'")).trim(), at = `/api/v1/users/${one}/roles`;
	assert.equal((await a("PUT", at, { roles: [roleId("dealer_owner")] }, { "If-Match": (await a("GET", at)).headers.etag })).status, 200);
});

test("what cannot be is refused at once, as if nobody else were needed, and is not written down", async () => {
	const before = site.value("SELECT COUNT(*) FROM approval"), one = await role();
	const after = Number(before) + 1;
	isProblem(await a("POST", "/api/v1/roles", { ...draft(), name: "" }), 422, "invalid");
	isProblem(await a("PATCH", one.at, { name: "x" }, { "If-Match": '"none"' }), 412, "changed");
	isProblem(await a("PATCH", `/api/v1/roles/${roleId("auditor")}`, { name: "x" }, { "If-Match": (await a("GET", `/api/v1/roles/${roleId("auditor")}`)).headers.etag }), 409, "role_fixed");
	assert.equal(Number(site.value("SELECT COUNT(*) FROM approval")), after);
	assert.equal(site.value("SELECT COUNT(*) FROM approval WHERE body LIKE '%password%'"), "0");
});

test("nobody agrees to what they asked for, be it as somebody else", async () => {
	const asked = await a("POST", "/api/v1/roles", draft());
	isProblem(await a("POST", `${asked.headers.location}/approve`, {}), 409, "approval_self");
	isProblem(await a("POST", `${asked.headers.location}/refuse`, { reason: "no" }), 409, "approval_self");
	const look = await a("POST", "/api/v1/views", { user: userId(b.who), reason: "to see it as they do" });
	assert.equal(look.status, 200, look.text);
	isProblem(await a("POST", `${asked.headers.location}/approve`, {}), 403, "view_only");
	assert.equal((await a("DELETE", "/api/v1/views/current")).status, 204);
	assert.equal(state(asked), "waiting");
	assert.equal((await agree(b, asked)).state, "done");
});

test("only who holds the same right agrees; to others there is nothing", async () => {
	const asked = await a("POST", "/api/v1/roles", draft());
	const auditor = await person(site, { ...user(site, "auditor@pneumuster.example") });
	assert.equal((await auditor("GET", asked.headers.location)).json.state, "waiting"); // the audit tells it anyway
	isProblem(await auditor("POST", `${asked.headers.location}/approve`, {}), 403, "forbidden");
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${root}, NULL, 'decides nothing', 'admin', 0);
		INSERT INTO role_grant SELECT MAX(id), 'approval.read', 'tenant' FROM role; INSERT INTO role_grant SELECT MAX(id), 'approval.decide', 'tenant' FROM role; INSERT INTO role_grant SELECT MAX(id), 'user.assign', 'all' FROM role;
		INSERT INTO role_field SELECT MAX(id), 'approval.id', 'read' FROM role; INSERT INTO role_field SELECT MAX(id), 'approval.created', 'read' FROM role`);
	const who = colleague(site, "partly");
	site.sql(`UPDATE user SET role_id = (SELECT MAX(id) FROM role) WHERE id = ${who.id}`);
	const partly = await person(site, who);
	assert.deepEqual((await partly("GET", "/api/v1/approvals?limit=200")).json.data, []);
	isProblem(await partly("GET", asked.headers.location), 404, "not_found");
	isProblem(await partly("POST", `${asked.headers.location}/approve`, {}), 404, "not_found");
	isProblem(await partly("POST", `${asked.headers.location}/refuse`, { reason: "no" }), 404, "not_found");
	assert.equal(state(asked), "waiting");
});

test("who agrees could do the very same: nobody gets more by their own word, or changes a role that they have", async () => {
	const at = `/api/v1/users/${userId(b.who)}/roles`, { headers } = await a("GET", at);
	const one = await role(), asked = await a("PUT", at, { roles: [roleId("provider_admin"), one.id] }, { "If-Match": headers.etag });
	assert.equal(asked.status, 202, asked.text);
	isProblem(await b("POST", `${asked.headers.location}/approve`, {}), 409, "role_self");
	assert.equal(state(asked), "waiting");
	assert.equal((await agree(c, asked)).state, "done");
	assert.equal(site.value(`SELECT COUNT(*) FROM user_role WHERE user_id = ${b.who.id}`), "1");
	await b.again();
	const edit = await rename({ ...one, tag: (await a("GET", one.at)).headers.etag }, "theirs");
	isProblem(await b("POST", `${edit.headers.location}/approve`, {}), 409, "role_self");
	assert.equal((await agree(c, edit)).state, "done");
	site.sql(`DELETE FROM user_role WHERE user_id = ${b.who.id}; UPDATE user SET more_roles = 0 WHERE id = ${b.who.id}`);
	changed();
});

test("what the asker may do no more is not done", async () => {
	const body = draft(), asked = await a("POST", "/api/v1/roles", body), had = site.value(`SELECT role_id FROM user WHERE id = ${admin.id}`);
	site.sql(`UPDATE user SET role_id = (SELECT id FROM role WHERE code = 'auditor') WHERE id = ${admin.id}`);
	changed();
	const got = await agree(b, asked);
	assert.deepEqual([got.state, got.problem], ["failed", "forbidden"]);
	assert.equal(made(body.name), 0);
	site.sql(`UPDATE user SET role_id = ${had} WHERE id = ${admin.id}`);
	changed();
	const other = await a("POST", "/api/v1/roles", draft());
	site.sql(`UPDATE user SET state = 'closed' WHERE id = ${admin.id}`);
	assert.equal((await agree(b, other)).problem, "forbidden");
	site.sql(`UPDATE user SET state = 'active' WHERE id = ${admin.id}`);
});

test("who lost the right in between agrees to nothing", async () => {
	const asked = await a("POST", "/api/v1/roles", draft());
	site.sql(`UPDATE user SET role_id = (SELECT id FROM role WHERE code = 'auditor') WHERE id = ${c.who.id}`);
	changed();
	isProblem(await c("POST", `${asked.headers.location}/approve`, {}), 403, "forbidden");
	assert.equal(state(asked), "waiting");
	site.sql(`UPDATE user SET role_id = (SELECT id FROM role WHERE code = 'provider_admin') WHERE id = ${c.who.id}`);
	changed();
	assert.equal((await agree(c, asked)).state, "done");
});

test("what is another by then is not overwritten: it failed, and says why", async () => {
	const one = await role(), first = await rename(one, `${one.name} a`), second = await rename(one, `${one.name} b`);
	assert.equal((await agree(b, first)).state, "done");
	const got = await agree(b, second);
	assert.deepEqual([got.state, got.problem, got.decider_name], ["failed", "changed", "second"]);
	assert.equal(site.value(`SELECT COUNT(*) FROM role WHERE name = '${one.name} a'`), "1");
	isProblem(await b("POST", `${second.headers.location}/approve`, {}), 409, "approval_over");
});

test("what has lapsed is done no more, and is told as such", async () => {
	const body = draft(), asked = await a("POST", "/api/v1/roles", body);
	site.sql(`UPDATE approval SET expires = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE id = ${idOf(asked)}`);
	isProblem(await b("POST", `${asked.headers.location}/approve`, {}), 409, "approval_over");
	assert.equal((await b("GET", asked.headers.location)).json.state, "expired");
	assert.equal((await b("GET", "/api/v1/approvals?state=waiting")).json.data.some((one) => one.id === asked.json.id), false);
	assert.equal(made(body.name), 0);
	await until("the jobs note it", () => state(asked) === "expired");
	const again = await a("POST", "/api/v1/roles", body);
	assert.notEqual(again.json.id, asked.json.id);
	assert.equal((await agree(b, again)).state, "done");
});

test("it is done once, whoever agrees at the same moment", async () => {
	const body = draft(), asked = await a("POST", "/api/v1/roles", body);
	const answers = await Promise.all([b, c, b, c].map((who) => who("POST", `${asked.headers.location}/approve`, {})));
	assert.deepEqual(answers.map((one) => one.status).sort(), [200, 409, 409, 409]);
	assert.equal(made(body.name), 1);
	isProblem(await b("POST", `${asked.headers.location}/approve`, {}), 409, "approval_over");
	isProblem(await b("POST", `${asked.headers.location}/refuse`, { reason: "late" }), 409, "approval_over");
	isProblem(await a("DELETE", asked.headers.location), 409, "approval_over");
	assert.equal(site.value(`SELECT COUNT(*) FROM audit WHERE action = 'approval.decide' AND object_id = ${idOf(asked)}`), "1");
});

test("asked twice it waits once; who asked takes it back, nobody else", async () => {
	const body = draft(), asked = await a("POST", "/api/v1/roles", body), again = await a("POST", "/api/v1/roles", body);
	assert.equal(again.json.id, asked.json.id);
	isProblem(await b("DELETE", asked.headers.location), 404, "not_found");
	assert.equal((await a("DELETE", asked.headers.location)).status, 204);
	assert.equal((await a("GET", asked.headers.location)).json.state, "withdrawn");
	isProblem(await b("POST", `${asked.headers.location}/approve`, {}), 409, "approval_over");
	assert.equal(made(body.name), 0);
});

test("who refuses says why", async () => {
	const body = draft(), asked = await a("POST", "/api/v1/roles", body);
	for (const wrong of [{}, { reason: "" }, { reason: "  " }, { reason: "a\nb" }, { reason: 5 }, { reason: "x", more: 1 }]) isProblem(await b("POST", `${asked.headers.location}/refuse`, wrong), 422, "invalid");
	const got = await b("POST", `${asked.headers.location}/refuse`, { reason: "not this year" });
	check("POST", "/api/v1/approvals/{id}/refuse", got);
	assert.deepEqual([got.json.state, got.json.reason, got.json.problem], ["refused", "not this year", null]);
	assert.equal(made(body.name), 0);
});

test("whoever comes in at the provider was let in by two, so nobody makes a second person alone", async () => {
	const email = "new@pneumuster.example", asked = await a("POST", "/api/v1/users", { email, name: "New", language: "en", role: roleId("provider_admin") });
	assert.equal(asked.status, 202, asked.text);
	assert.equal(site.value(`SELECT COUNT(*) FROM user WHERE email = '${email}'`), "0");
	assert.equal(site.value("SELECT COUNT(*) FROM outbox"), "0");
	assert.equal((await agree(b, asked)).state, "done");
	assert.equal(site.value(`SELECT state FROM user WHERE email = '${email}'`), "invited");
	assert.equal(site.value(`SELECT origin FROM outbox WHERE user_id = (SELECT id FROM user WHERE email = '${email}')`), `http://pneumuster.localhost:${site.port}`);
});

test("what was asked at another house is nobody's else", async () => {
	const foreign = site.sql("SELECT id, tenant_id FROM user WHERE email = 'owner@nordmuster.example'")[0];
	site.sql(`INSERT INTO approval (tenant_id, user_id, action, handler, body, tag, host, port, https, created, expires)
		VALUES (${foreign.tenant_id}, ${foreign.id}, 'role.create', 'role_create', '{}', '', 'nordmuster.localhost', '80', 0, UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 1 DAY)`);
	const id = site.portico("id", "approval", site.value("SELECT MAX(id) FROM approval")).trim();
	isProblem(await b("GET", `/api/v1/approvals/${id}`), 404, "not_found");
	isProblem(await b("POST", `/api/v1/approvals/${id}/approve`, {}), 404, "not_found");
	assert.equal((await b("GET", "/api/v1/approvals?limit=200")).json.data.some((one) => one.id === id), false);
	const owner = await writer(site, "owner@nordmuster.example");
	isProblem(await owner("GET", `/api/v1/approvals/${id}`), 403, "forbidden");
});

test("where there is no other person, the operator agrees, in the asker's name and in the audit", async () => {
	const body = draft(), asked = await a("POST", "/api/v1/roles", body);
	const run = (...words) => spawnSync(path.join(site.programs, "portico"), ["-c", path.join(site.var, "portico.conf"), "approve", ...words], { encoding: "utf8" });
	assert.equal(run(asked.json.id).status, 0);
	assert.equal(made(body.name), 1);
	const [decided, did] = trail(2);
	assert.deepEqual([decided.action, decided.user_id], ["approval.decide", null]);
	assert.deepEqual([did.action, did.user_id], ["role.create", admin.id]);
	const seen = (await a("GET", asked.headers.location)).json;
	assert.deepEqual([seen.state, seen.decider, seen.decider_name], ["done", null, null]);
	const twice = run(asked.json.id);
	assert.deepEqual([twice.status, twice.stderr.trim()], [1, "approve: approval_over"]);
	assert.equal(run("apr_x").status, 1);
	assert.equal(run().status, 2);
	const invited = await a("POST", "/api/v1/users", { email: "operators@pneumuster.example", name: "New", language: "en", role: roleId("auditor") });
	assert.equal(run(invited.json.id).status, 0);
	assert.equal(site.value("SELECT COUNT(*) FROM outbox WHERE user_id = (SELECT id FROM user WHERE email = 'operators@pneumuster.example')"), "1");
});

clean(site);
