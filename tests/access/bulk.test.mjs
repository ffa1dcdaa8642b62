// Bulk changes of customers: each line is judged and done exactly as a PATCH of that customer, and stops no other.
// An instance of its own, since customers, tags and roles are other ones afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../lib/http.mjs";
import { lines } from "../lib/csv.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { fresh, sameOrigin, session, user, writer } from "../lib/users.mjs";

const site = await instance({ own: true, name: "bulk" });
const host = "musterplatz.localhost", at = "/api/v1/customers/bulk", types = { ndjson: "application/x-ndjson", csv: "text/csv" };
const tenant = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'");
const publicId = (resource, id) => site.portico("id", resource, id).trim();
const owner = await writer(site, "owner@musterplatz.example");
const customers = site.sql(`SELECT id, agent_id, segment_id FROM customer WHERE tenant_id = ${tenant} AND kind = 'person' ORDER BY id LIMIT 8`).map((row) => ({ ...row, public: publicId("customer", row.id) }));
const [clinics, homes] = ["clinics", "care_homes"].map((code) => site.value(`SELECT id FROM segment WHERE tenant_id = ${tenant} AND code = '${code}'`)).map((id) => ({ id, public: publicId("segment", id) }));
const agent = { id: site.value("SELECT id FROM user WHERE email = 'agent@musterplatz.example'") };
agent.public = publicId("user", agent.id);
const foreign = publicId("customer", site.value("SELECT MIN(c.id) FROM customer c JOIN tenant n ON n.id = c.tenant_id WHERE n.slug = 'namudhaj'"));
let names = 0;

const cookie = await session(site, user(site, "owner@musterplatz.example"));
const send = (body, type = types.ndjson, { headers = {}, ...rest } = {}) => ask(site, "POST", at, { host, body, headers: { Cookie: cookie, ...sameOrigin, "Content-Type": type, ...headers }, ...rest });
const ndjson = (...objects) => objects.map((one) => `${typeof one === "string" ? one : JSON.stringify(one)}\n`).join("");
/** The answers to all lines, which must have one each. */
async function bulk(body, type, options) {
	const answer = await send(body, type, options);
	assert.equal(answer.status, 200, answer.text);
	assert.equal(answer.headers["content-type"], types.ndjson);
	return lines(answer.text);
}
const state = (id) => [site.value(`SELECT CONCAT_WS(' ', segment_id, segment_by, COALESCE(agent_id, 'nobody')) FROM customer WHERE id = ${id}`), site.sql(`SELECT tag FROM customer_tag WHERE customer_id = ${id} ORDER BY tag`).map((row) => row.tag)];
const errors = (line) => line.problem.errors.map((e) => [e.pointer, e.code]);

/** Somebody with a role of these grants and fields to write, kept to these segments. */
async function somebody(grants, fields, segments = []) {
	const name = `bulk ${++names}`, email = `bulk${names}@musterplatz.example`;
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${tenant}, NULL, '${name}', 'reseller', 0)`);
	const role = site.value(`SELECT id FROM role WHERE name = '${name}'`);
	for (const [action, scope] of Object.entries(grants)) site.sql(`INSERT INTO role_grant VALUES (${role}, '${action}', '${scope}')`);
	for (const [field, level] of Object.entries(fields)) site.sql(`INSERT INTO role_field VALUES (${role}, '${field}', '${level}')`);
	for (const segment of segments) site.sql(`INSERT INTO role_segment VALUES (${role}, ${segment})`);
	site.sql(`INSERT INTO user (tenant_id, role_id, email, name, language, password) SELECT ${tenant}, ${role}, '${email}', 'Staff', 'de', password FROM user WHERE email = 'owner@musterplatz.example'`);
	site.sql("UPDATE channel_version SET version = version + 1");
	return { headers: { Cookie: await fresh(site, { email, host }) } };
}

test("a line sets what it names and leaves the rest, in NDJSON and in CSV alike, and each has its row in the audit", async () => {
	const [a, b] = customers, [before] = site.sql("SELECT COALESCE(MAX(id), 0) AS id FROM audit");
	const first = await bulk(ndjson({ id: a.public, segment: clinics.public, tags: ["vip", "Süd"], agent: agent.public }, { id: b.public, tags: ["x"] }));
	assert.deepEqual(first, [{ line: 1, id: a.public, status: 200 }, { line: 2, id: b.public, status: 200 }]);
	assert.deepEqual(state(a.id), [`${clinics.id} hand ${agent.id}`, ["Süd", "vip"]]);
	assert.deepEqual(state(b.id)[1], ["x"]);
	const kept = state(b.id)[0];
	const second = await bulk(`id,segment,tags,agent\r\n${a.public},${homes.public},,-\r\n\r\n${b.public},,"one; two, three",\r\n`, types.csv);
	assert.deepEqual(second, [{ line: 2, id: a.public, status: 200 }, { line: 4, id: b.public, status: 200 }]);
	assert.deepEqual(state(a.id), [`${homes.id} hand nobody`, ["Süd", "vip"]]);
	assert.deepEqual(state(b.id), [kept, ["one", "two, three"]]);
	await bulk(`\ufefftags,id,segment\n-,${a.public},-`, `${types.csv}; charset=utf-8`);
	assert.deepEqual([state(a.id)[0].split(" ")[1], state(a.id)[1]], ["rule", []]);
	const rows = site.sql(`SELECT action, object_id, detail, trace FROM audit WHERE id > ${before.id} AND action LIKE 'customer%' ORDER BY id`);
	assert.deepEqual(rows.map((row) => `${row.action} ${row.object_id} ${row.detail}`.trim()), [`customer.classify ${a.id} segment tags agent`, `customer.classify ${b.id} tags`,
		`customer.classify ${a.id} segment agent`, `customer.classify ${b.id} tags`, `customer.classify ${a.id} segment tags`]);
	assert.equal(new Set(rows.map((row) => row.trace)).size, 3, "one trace a request");
});

test("a line is refused for what a PATCH is refused for, with its number in each pointer, and stops no other", async () => {
	const [, , c, d] = customers, one = `/api/v1/customers/${c.public}`, before = state(c.id);
	const { headers } = await owner("GET", one);
	const bodies = [{ tags: "x" }, { tags: ["", 1, "a\nb"] }, { segment: "seg_x" }, { segment: publicId("segment", site.value("SELECT MIN(s.id) FROM segment s JOIN tenant n ON n.id = s.tenant_id WHERE n.slug = 'namudhaj'")) },
		{ agent: publicId("user", site.value("SELECT id FROM user WHERE email = 'owner@namudhaj.example'")) }, { name: "x", "a/b": 1, tenant: null }, { agent: agent.public, tags: [7] }];
	const got = await bulk(ndjson(...bodies.map((body) => ({ id: c.public, ...body })), { id: d.public, tags: ["done"] }));
	for (const [i, body] of bodies.entries()) {
		const single = await owner("PATCH", one, body, { "If-Match": headers.etag });
		assert.equal(got[i].status, single.status, JSON.stringify(body));
		const { trace: mine, ...told } = got[i].problem, { trace: its, ...expected } = single.json;
		assert.deepEqual(told, { ...expected, errors: expected.errors.map((e) => ({ ...e, pointer: `/${i + 1}${e.pointer}` })) });
		assert.ok(mine !== its);
	}
	assert.deepEqual(errors(got[6]), [["/7/tags/0", "length"]]);
	assert.deepEqual(state(c.id), before, "nothing of a refused line stays, not even what of it was good");
	assert.deepEqual(got.at(-1), { line: 8, id: d.public, status: 200 });
	assert.deepEqual(state(d.id)[1], ["done"]);
});

test("what is no line of its own is told as that line's, and the others are done", async () => {
	const [, , , d] = customers;
	const got = await bulk(`{"id":"${d.public}","tags":["1"]\n\n  \r\n[]\n{"tags":[]}\n{"id":7}\n{"id":"x"}\n{"id":"${foreign}","tags":[]}\n{"id":"${d.public}","id":"${d.public}"}\n{"id":"\xff"}\n{"id":"${d.public}","tags":["2"]}`);
	assert.deepEqual(got.map((line) => [line.line, line.status, line.problem?.type.split("/").pop()]), [[1, 400, "bad_body"], [4, 400, "bad_body"], [5, 422, "invalid"], [6, 422, "invalid"], [7, 404, "not_found"], [8, 404, "not_found"], [9, 400, "bad_body"],
		[10, 404, "not_found"], [11, 200, undefined]]);
	assert.deepEqual([errors(got[2]), got[2].id, got[3].id, got[4].id], [[["/5/id", "missing"]], null, null, "x"]);
	assert.deepEqual(state(d.id)[1], ["2"]);
	const csv = await bulk(`id,tags\n${d.public},"open\n${d.public},3,4\n${d.public},a"b\n${d.public},5\n`, types.csv);
	assert.deepEqual(csv.map((line) => [line.line, line.status]), [[2, 400], [3, 400], [4, 400], [5, 200]]);
	assert.deepEqual(state(d.id)[1], ["5"]);
	const named = await bulk(`id,tags,name\n${d.public},6,Name\n${d.public},7,\n`, types.csv);
	assert.deepEqual([errors(named[0]), named[1].status], [[["/2/name", "not_writable"]], 200]);
});

test("a line of a very long name is answered by a line that can be read", async () => {
	const [, , , d] = customers, long = `${'"'.repeat(60000)}é`;
	const [line, next] = await bulk(ndjson({ id: d.public, [long]: 1 }, { id: d.public, tags: ["9"] }));
	assert.deepEqual([line.status, errors(line), next.status], [422, [[`/1/${long}`, "not_writable"]], 200]);
});

test("a file that is sent again changes nothing more", async () => {
	const body = ndjson(...customers.map((one, i) => ({ id: one.public, segment: i % 2 ? clinics.public : homes.public, tags: ["again", `n${i}`], agent: i % 3 ? agent.public : null })));
	const first = await bulk(body), states = customers.map((one) => state(one.id));
	assert.deepEqual(await bulk(body), first);
	assert.ok(first.every((line) => line.status === 200));
	assert.deepEqual(customers.map((one) => state(one.id)), states);
});

test("scope, segments and fields of a line are those of who sends it", async () => {
	const [a, b] = customers, write = { "customer.id": "read", "customer.name": "read", "customer.segment": "write", "customer.tags": "read", "customer.agent": "write" };
	const grants = { "customer.read": "subtree", "customer.classify": "tenant", "user.read": "tenant" };
	site.sql(`UPDATE customer SET segment_id = ${clinics.id}, segment_by = 'hand' WHERE id = ${a.id}`);
	site.sql(`UPDATE customer SET segment_id = ${homes.id}, segment_by = 'hand' WHERE id = ${b.id}`);
	const some = await somebody(grants, write);
	const got = await bulk(ndjson({ id: a.public, tags: ["no"] }, { id: a.public, segment: homes.public }), types.ndjson, some);
	assert.deepEqual([errors(got[0]), got[1].status], [[["/1/tags", "not_writable"]], 200]);
	site.sql(`UPDATE customer SET segment_id = ${clinics.id} WHERE id = ${a.id}`);
	const kept = await somebody(grants, { ...write, "customer.tags": "write" }, [clinics.id]);
	const of = await bulk(ndjson({ id: b.public, agent: null }, { id: a.public, segment: homes.public }, { id: a.public, tags: [] }, { id: a.public, agent: null }), types.ndjson, kept);
	assert.deepEqual(of.map((line) => line.status), [404, 422, 422, 200]);
	assert.deepEqual([errors(of[1]), errors(of[2])], [[["/2/segment", "unknown"]], [["/3/tags", "own"]]]);
	const reader = await somebody({ "customer.read": "subtree" }, write);
	isProblem(await send(ndjson({ id: a.public, agent: null }), types.ndjson, reader), 403, "forbidden");
	assert.equal(site.value("SELECT COUNT(*) FROM audit WHERE action = 'customer.classify.refused'"), "1");
	// Below the own tenant a distributor sees customers and changes none.
	const distributor = await session(site, user(site, "owner@nordmuster.example"));
	const below = await ask(site, "POST", at, { host: "nordmuster.localhost", body: ndjson({ id: a.public, tags: [] }), headers: { Cookie: distributor, ...sameOrigin, "Content-Type": types.ndjson } });
	assert.deepEqual(lines(below.text).map((line) => line.status), [404]);
});

test("what cannot be begun is refused whole, and says what to do", async () => {
	const [a] = customers, line = ndjson({ id: a.public, tags: ["whole"] }), before = state(a.id);
	for (const type of ["application/json", "text/plain", "", "text/csvx"]) isProblem(await send(line, type), 415, "media_type");
	isProblem(await send("", types.ndjson), 400, "bad_body");
	isProblem(await send("\n \n", types.ndjson), 400, "bad_body");
	isProblem(await send("id,tags\n", types.csv), 400, "bad_body");
	for (const head of ["", "id,id\n", "id,,tags\n", 'id,"tags\n', `${",".repeat(40)}\n`]) isProblem(await send(head, types.csv), 400, "bad_body");
	assert.match(isProblem(await send(line.repeat(2001)), 413, "too_large").detail, /2000 lines.*further requests/);
	assert.match(isProblem(await send(`${line}${"\n".repeat(262144)}`), 413, "too_large").detail, /262144 bytes.*further requests/);
	isProblem(await send(line, types.ndjson, { headers: { "Sec-Fetch-Site": "cross-site" } }), 403, "not_same_origin");
	isProblem(await send(line, types.ndjson, { headers: { Cookie: "" } }), 401, "not_signed_in");
	assert.deepEqual(state(a.id), before);
});

test("the document of the API names both forms of the body and of the answer", async () => {
	const { operations } = await openapi(site), operation = operations.find((o) => o.operationId === "customer_bulk");
	assert.deepEqual(Object.keys(operation.requestBody.content).sort(), [types.ndjson, types.csv].sort());
	assert.deepEqual(Object.keys(operation.responses["200"].content), [types.ndjson]);
});

test("whoever looks as somebody else sends no bulk change", async () => {
	const look = user(site, "admin@pneumuster.example");
	const own = await fresh(site, look), headers = { Cookie: own, ...sameOrigin, "Content-Type": "application/json" };
	const began = await ask(site, "POST", "/api/v1/views", { host: look.host, headers, body: JSON.stringify({ user: publicId("user", site.value("SELECT id FROM user WHERE email = 'owner@musterplatz.example'")), reason: "a test of exports" }) });
	assert.ok(began.status < 300, began.text);
	const [set] = began.headers["set-cookie"] ?? [own];
	isProblem(await ask(site, "POST", at, { host: look.host, body: ndjson({ id: customers[0].public, tags: [] }), headers: { ...headers, Cookie: set.split(";")[0], "Content-Type": types.ndjson } }), 403, "view_only");
});

clean(site);
