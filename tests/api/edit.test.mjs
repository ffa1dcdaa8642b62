// Changing one's own name and language: only that, only with the state that was read, and written down.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask as plain } from "../lib/http.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi, traceless } from "../lib/openapi.mjs";
import { as, json, sameOrigin, session, user, users, writer } from "../lib/users.mjs";

const site = await instance();
const { check } = await openapi(site);
const me = user(site, "owner@pharmacie-exemple.example");
const get = await as(site, me);
const write = await writer(site, me);
const path = `/api/v1/users/${(await get("GET", "/api/v1/session")).json.user.id}`;
const tag = async () => (await get("GET", path)).headers.etag;
const patch = async (body, headers) => write("PATCH", path, body, headers ?? { "If-Match": await tag() });
const lastAudit = () => site.sql("SELECT * FROM audit ORDER BY id DESC LIMIT 1")[0];
const audits = () => Number(site.value("SELECT COUNT(*) FROM audit WHERE action = 'user.edit'"));

test("a name is changed, in the answer, in the database and in the audit", async () => {
	const before = audits();
	const name = `Propriétaire <b>"O'Neil"</b> & 見本 ${Date.now()}`;
	const answer = await patch({ name });
	assert.equal(answer.status, 200, answer.text);
	check("PATCH", "/api/v1/users/{id}", answer);
	assert.equal(answer.json.name, name);
	const again = await get("GET", path);
	assert.deepEqual(again.json, answer.json);
	assert.equal(again.headers.etag, answer.headers.etag);
	const row = site.sql(`SELECT id, name, tenant_id FROM user WHERE email = '${me.email}'`)[0];
	assert.equal(row.name, name);
	assert.equal(audits(), before + 1);
	const audit = lastAudit();
	assert.equal(audit.action, "user.edit");
	assert.equal(audit.user_id, row.id);
	assert.equal(audit.tenant_id, row.tenant_id);
	assert.equal(audit.object_id, row.id);
	assert.match(audit.trace, /^[0-9a-f]{16}$/);
});

test("the language is one of those there are", async () => {
	for (const language of ["de", "ja", "ar", "fr"]) {
		const answer = await patch({ language });
		assert.equal(answer.status, 200, answer.text);
		assert.equal(answer.json.language, language);
	}
	for (const language of ["xx", "EN", "en-GB-oed-long-subtag-x", "", "../..", null, 7, ["en"]])
		assert.deepEqual(isProblem(await patch({ language }), 422, "invalid").errors.map((e) => e.pointer), ["/language"]);
});

test("what is not sent stays as it is", async () => {
	const before = (await get("GET", path)).json;
	assert.deepEqual((await patch({ name: "Only the name" })).json, { ...before, name: "Only the name" });
	assert.deepEqual((await patch({})).json, { ...before, name: "Only the name" });
});

test("a change without the state that was read is refused", async () => {
	const before = site.value(`SELECT name FROM user WHERE email = '${me.email}'`);
	isProblem(await patch({ name: "x" }, {}), 428, "need_match");
	for (const match of ['"0"', "*", `W/${await tag()}`, (await tag()).slice(1, -1), ""]) {
		const answer = await patch({ name: "x" }, { "If-Match": match });
		assert.ok([412, 428].includes(answer.status), `${match}: ${answer.status}`);
	}
	assert.equal(site.value(`SELECT name FROM user WHERE email = '${me.email}'`), before);
});

test("of two changes to the same state one wins", async () => {
	const state = await tag();
	const answers = await Promise.all([1, 2, 3, 4].map((i) => patch({ name: `Racer ${i} ${Date.now()}` }, { "If-Match": state })));
	const won = answers.filter((a) => a.status === 200);
	assert.equal(won.length, 1, answers.map((a) => a.status).join(" "));
	for (const answer of answers.filter((a) => a !== won[0])) isProblem(answer, 412, "changed");
	assert.equal(site.value(`SELECT name FROM user WHERE email = '${me.email}'`), won[0].json.name);
});

test("each wrong member is named, and nothing is changed", async () => {
	const before = site.sql(`SELECT * FROM user WHERE email = '${me.email}'`);
	const answer = await patch({ name: "x", email: "new@x.example", role: "provider_admin", state: "closed", tenant: "x", id: "x", password: "x", __proto__x: 1 });
	const problem = isProblem(answer, 422, "invalid");
	assert.deepEqual(problem.errors.map((e) => e.pointer).sort(), ["/__proto__x", "/email", "/id", "/password", "/role", "/state", "/tenant"]);
	for (const name of ["", "   ", "\t\n", "x".repeat(201), 5, null, true, {}, ["x"], "a\nb", "a\u0007b", "a\u001b[31mb"]) {
		const wrong = isProblem(await patch({ name }), 422, "invalid");
		assert.deepEqual(wrong.errors.map((e) => e.pointer), ["/name"], JSON.stringify(name));
	}
	assert.equal((await patch({ name: "見".repeat(200) })).status, 200);
	assert.equal((await patch({ name: before[0].name, language: before[0].language })).status, 200);
	assert.deepEqual(site.sql(`SELECT * FROM user WHERE email = '${me.email}'`), before);
});

test("a pointer names odd members by the rules of JSON pointers", async () => {
	const problem = isProblem(await patch({ "a/b": 1, "c~d": 1 }), 422, "invalid");
	assert.deepEqual(problem.errors.map((e) => e.pointer).sort(), ["/a~1b", "/c~0d"]);
});

test("nobody else's user can be changed, not even by an admin", async () => {
	const admin = user(site, "admin@pneumuster.example");
	const adminWrite = await writer(site, admin), adminGet = await as(site, admin);
	const seen = await adminGet("GET", path);
	assert.equal(seen.status, 200);
	const missing = site.portico("id", "user", "999999999").trim();
	const before = audits();
	const answers = [await adminWrite("PATCH", path, { name: "x" }, { "If-Match": seen.headers.etag }),
		await adminWrite("PATCH", `/api/v1/users/${missing}`, { name: "x" }, { "If-Match": seen.headers.etag })];
	const other = await writer(site, users(site).find((u) => u.host === me.host && u.portal === "customer"));
	answers.push(await other("PATCH", path, { name: "x" }, { "If-Match": seen.headers.etag }));
	for (const answer of answers) {
		isProblem(answer, 404, "not_found");
		assert.equal(traceless(answer), traceless(answers[0]));
	}
	assert.equal(audits(), before);
});

test("a change that is refused leaves no trace of success in the audit", async () => {
	const before = audits();
	await patch({ name: "x" }, { "If-Match": '"0"' });
	await patch({ name: "" });
	await patch({ role: "x" });
	assert.equal(audits(), before);
});

test("nobody signed in changes nothing", async () => {
	isProblem(await plain(site, "PATCH", path, { host: me.host, body: "{}", headers: { ...json, ...sameOrigin, "If-Match": '"x"' } }), 401, "not_signed_in");
	const cookie = await session(site, me);
	isProblem(await plain(site, "PATCH", path, { host: "nordmuster.localhost", body: "{}",
		headers: { ...json, ...sameOrigin, Cookie: cookie, "If-Match": '"x"' } }), 401, "not_signed_in");
});

clean(site);
