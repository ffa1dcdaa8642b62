// Exports: for every role and list the rows of its pages and nothing else, in every format, where the role may also
// export; and each leaves its rows in the audit.
// An instance of its own, since roles, users and rows are other ones afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../lib/http.mjs";
import { cells, lines, records, table } from "../lib/csv.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { as, fresh, json, sameOrigin, user, users } from "../lib/users.mjs";
import { allows, markers, model, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true, name: "export" });
const { operations } = await openapi(site);
const words = vocabulary(), marks = markers(site);
const host = "musterplatz.localhost", tenant = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'");
const publicId = (resource, id) => site.portico("id", resource, id).trim();
// What is shown of approvals hangs on the rights to what was asked for, so they are no file.
const lists = operations.filter((o) => o.method === "GET" && o.path !== "/api/v1/approvals" && o.parameters.some((p) => p.name === "cursor"));
site.sql("INSERT IGNORE INTO move (tenant_id, from_id, parent_id, day) SELECT id, parent_id, parent_id, '2199-01-01' FROM tenant WHERE level > 0");
site.sql("INSERT IGNORE INTO transfer (tenant_id, customer_id, to_id, day) SELECT tenant_id, MIN(id), tenant_id, '2199-01-01' FROM customer GROUP BY tenant_id");
const world = model(site);
let names = 0;

const patients = users(site).filter((u) => u.host === host && u.portal === "customer");
const actors = ["admin@pneumuster.example", "owner@nordmuster.example", "owner@musterplatz.example", "owner@example-homecare.example", ...["catalogue", "billing", "auditor"].map((team) => `${team}@pneumuster.example`),
	...["finance", "sales", "support", "reader", "agent"].map((team) => `${team}@musterplatz.example`)].map((email) => user(site, email))
	.concat(["customer_owner", "customer_payer", "customer_viewer", "customer_group"].map((role) => patients.find((one) => one.role === role)))
	.map((one) => ({ ...one, ...site.sql(`SELECT id, tenant_id AS tenant, customer_id AS customer FROM user WHERE email = '${one.email}'`)[0] }));

async function pages(get, path, query = "") {
	const found = [];
	for (let cursor = ""; ;) {
		const answer = await get("GET", `${path}?limit=200${query}${cursor}`);
		if (answer.status !== 200) return answer;
		found.push(...answer.json.data);
		if (answer.json.next === null) return found;
		cursor = `&cursor=${answer.json.next}`;
	}
}

/** Tenants whose marks an answer may carry: those with rows that the actor may see. */
const carried = (actor, action) => new Set(words.scope(actor.role, action) === "shared" ? [] : world.rows[action.split(".")[0]].filter((row) => allows(words, world, actor, action, row)).map((row) => row.tenant));

for (const operation of lists) {
	const { path } = operation, [resource] = operation["x-action"].split("."), action = `${resource}.export`;
	test(`${path}: each role exports what its pages hold, or nothing`, async () => {
		let exporting = 0;
		for (const actor of actors) {
			const get = await as(site, actor), paged = await pages(get, path);
			const may = words.scope(actor.role, `${resource}.read`) && words.scope(actor.role, action);
			for (const format of ["csv", "ndjson"]) {
				const answer = await get("GET", `${path}?format=${format}`), what = `${path} as ${format} by ${actor.email}`;
				assert.equal(answer.status, may ? 200 : 403, what);
				for (const [id, mark] of marks) if (!may || !carried(actor, operation["x-action"]).has(id)) assert.equal(`${answer.rawHeaders}${answer.text}`.includes(mark), false, `${what} carries ${mark}`);
				if (!may) {
					isProblem(answer, 403, "forbidden");
					continue;
				}
				exporting++;
				const known = new Set(paged.map((row) => row.id)), steady = ({ seen, ...row }) => row;
				const rows = (format === "csv" ? table(answer.text) : lines(answer.text)).filter((row) => !/audit|sessions/.test(path) || known.has(row.id)).map(steady);
				assert.deepEqual(rows, paged.map((row) => steady(format === "csv" ? cells(row) : row)), what);
				const readable = words.readable(actor.role, resource), names_ = format === "csv" ? records(answer.text)[0] : Object.keys(rows[0] ?? {});
				for (const name of names_) assert.ok(readable.has(name.replace(/_currency$/, "")), `${what} shows ${name}`);
			}
		}
		assert.ok(exporting >= 2, `${exporting} of the roles export it`);
	});
}

test("owners, who keeps the books and auditors export; who only reads, sells, supports or looks after customers does not", () => {
	const may = Object.keys(words.roles).filter((role) => words.scope(role, "customer.export") || words.scope(role, "document.export"));
	assert.deepEqual(may.sort(), ["auditor", "billing_operator", "customer_group", "customer_owner", "customer_payer", "dealer_owner", "distributor_owner", "provider_admin", "reseller_finance"]);
	for (const [key, scope] of Object.entries(words.grants)) if (key.endsWith(".export")) assert.equal(words.grants[key.replace("export", "read")], scope, `${key}: the rows that it sees`);
});

/** Somebody of the tenant with a role of these grants and fields. */
async function somebody(grants, fields) {
	const name = `export ${++names}`, email = `export${names}@musterplatz.example`;
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${tenant}, NULL, '${name}', 'reseller', 0)`);
	const role = site.value(`SELECT id FROM role WHERE name = '${name}'`);
	for (const [action, scope] of Object.entries(grants)) site.sql(`INSERT INTO role_grant VALUES (${role}, '${action}', '${scope}')`);
	for (const [field, level] of Object.entries(fields)) site.sql(`INSERT INTO role_field VALUES (${role}, '${field}', '${level}')`);
	site.sql(`INSERT INTO user (tenant_id, role_id, email, name, language, password) SELECT ${tenant}, ${role}, '${email}', 'Staff', 'de', password FROM user WHERE email = 'owner@musterplatz.example'`);
	site.sql("UPDATE channel_version SET version = version + 1");
	const id = site.value(`SELECT id FROM user WHERE email = '${email}'`), get = await as(site, { email, host });
	return Object.assign((path) => get("GET", path), { id });
}

test("a field that may not be read is no column, a masked one shows its shape, and neither is a filter or an order, in CSV and in NDJSON", async () => {
	const get = await somebody({ "customer.read": "subtree", "customer.export": "subtree" }, { "customer.id": "read", "customer.number": "read", "customer.name": "mask", "customer.since": "read" });
	const { json: { data } } = await get("/api/v1/customers?limit=200"), real = site.sql(`SELECT c.name, p.city FROM customer c JOIN party p ON p.id = c.party_id WHERE c.tenant_id = ${tenant}`);
	const csv = (await get("/api/v1/customers?format=csv")).text, ndjson = (await get("/api/v1/customers?format=ndjson")).text;
	assert.deepEqual(records(csv)[0], ["id", "number", "name", "since"]);
	assert.deepEqual(table(csv), data.map(cells));
	assert.deepEqual(lines(ndjson), data);
	assert.match(data[0].name, /\*/);
	for (const { name, city } of real) for (const text of [csv, ndjson]) assert.ok(!text.includes(name) && !text.includes(city), `${name}, ${city}`);
	for (const format of ["csv", "ndjson"]) {
		isProblem(await get(`/api/v1/customers?format=${format}&q=a`), 400, "unknown_parameter");
		isProblem(await get(`/api/v1/customers?format=${format}&tenant=${publicId("tenant", tenant)}`), 400, "unknown_parameter");
		isProblem(await get(`/api/v1/customers?format=${format}&sort=name`), 400, "bad_parameter");
	}
});

test("an export holds the rows that may be seen and may be exported, whichever is fewer", async () => {
	const fields = Object.fromEntries(["document.id", "document.number", "document.issue_date", "document.customer"].map((field) => [field, "read"]));
	const ids = async (get) => lines((await get("/api/v1/documents?format=ndjson")).text).map((row) => row.id).sort();
	const wide = await somebody({ "document.read": "tenant", "document.export": "tenant" }, fields);
	const few = await somebody({ "document.read": "assigned", "document.export": "tenant" }, fields);
	site.sql(`UPDATE customer SET agent_id = ${few.id} WHERE tenant_id = ${tenant} ORDER BY id LIMIT 3`);
	site.sql(`UPDATE document d JOIN customer c ON c.id = d.customer_id SET d.agent_id = c.agent_id WHERE c.agent_id = ${few.id}`);
	const seen = (await few("/api/v1/documents?limit=200")).json.data.map((row) => row.id).sort();
	assert.ok(seen.length > 0);
	assert.deepEqual(await ids(few), seen);
	assert.ok((await ids(wide)).length > seen.length);
	const none = await somebody({ "document.read": "tenant" }, fields), blind = await somebody({ "document.export": "tenant" }, fields), apart = await somebody({ "document.read": "tenant", "document.export": "all" }, fields);
	for (const one of [none, blind]) isProblem(await one("/api/v1/documents?format=csv"), 403, "forbidden");
	// `all` is the provider's, so the ceiling of resellers leaves the tenant's own.
	assert.equal((await apart("/api/v1/documents?format=csv")).status, 200);
	assert.deepEqual(await ids(apart), await ids(wide));
});

test("a filter by what is somebody else's finds nothing", async () => {
	const get = await as(site, "owner@musterplatz.example"), foreign = publicId("customer", site.value("SELECT MIN(c.id) FROM customer c JOIN tenant n ON n.id = c.tenant_id WHERE n.slug = 'namudhaj'"));
	for (const path of ["accounts", "documents", "payments", "subscriptions"]) assert.deepEqual(table((await get("GET", `/api/v1/${path}?format=csv&customer=${foreign}`)).text), [], path);
	assert.equal((await get("GET", `/api/v1/customers?format=ndjson&tenant=${publicId("tenant", site.value("SELECT id FROM tenant WHERE slug = 'namudhaj'"))}`)).text, "");
});

test("a row that a half-done move has put in a wrong place is in no export", async (t) => {
	const level = Number(site.value(`SELECT level FROM tenant WHERE id = ${tenant}`)), column = `a${level}`;
	const [row] = site.sql("SELECT c.id, c.number, c.a1, c.a2, c.a3 FROM customer c JOIN tenant n ON n.id = c.tenant_id WHERE n.slug = 'namudhaj' ORDER BY c.id LIMIT 1");
	site.announce(/"what":"tripwire"/);
	site.sql(`UPDATE customer SET ${column} = ${tenant} WHERE id = ${row.id}`);
	t.after(() => site.sql(`UPDATE customer SET ${column} = ${row[column]} WHERE id = ${row.id}`));
	const get = await as(site, "owner@musterplatz.example"), own = Number(site.value(`SELECT COUNT(*) FROM customer WHERE tenant_id = ${tenant}`));
	for (const format of ["csv", "ndjson"]) {
		const { text } = await get("GET", `/api/v1/customers?format=${format}`);
		assert.equal((format === "csv" ? table(text) : lines(text)).length, own);
		assert.equal(text.includes(row.number), false);
	}
	assert.match(site.log("worker"), /"what":"tripwire"[^\n]*customer_list/);
});

test("an export is in the audit before its first byte and after its last, by the names of its filters and never their values", async () => {
	const owner = user(site, "owner@musterplatz.example"), get = await as(site, owner), [{ id: from }] = site.sql("SELECT MAX(id) AS id FROM audit");
	const answer = await get("GET", "/api/v1/customers?format=csv&q=a&sort=-name");
	const rows = site.sql(`SELECT a.action, a.detail, a.object_id, a.trace, u.email FROM audit a LEFT JOIN user u ON u.id = a.user_id WHERE a.id > ${from} ORDER BY a.id`);
	assert.deepEqual(rows.map(({ action, detail, object_id, email }) => [action, detail, object_id, email]), [["customer.export", "csv by q sort", null, owner.email], ["customer.export.done", `csv ${table(answer.text).length}`, null, owner.email]]);
	assert.equal(rows[0].trace, rows[1].trace);
	assert.deepEqual((await get("GET", "/api/v1/audit?limit=2")).json.data.map((row) => row.action), ["customer.export.done", "customer.export"]);
	const reader = user(site, "reader@musterplatz.example"), refused = await as(site, reader);
	site.sql("DELETE FROM audit_refusal");
	for (let i = 0; i < 3; i++) isProblem(await refused("GET", "/api/v1/payments?format=csv"), 403, "forbidden");
	assert.deepEqual(site.sql(`SELECT a.action, u.email FROM audit a JOIN user u ON u.id = a.user_id WHERE a.action LIKE 'payment.export%' AND u.email = '${reader.email}'`).slice(-1), [{ action: "payment.export.refused", email: reader.email }]);
});

test("whoever looks as somebody else exports what both may, in the own name", async () => {
	const admin = user(site, "admin@pneumuster.example"), owner = user(site, "owner@musterplatz.example");
	const headers = { Cookie: await fresh(site, admin), ...json, ...sameOrigin };
	const began = await ask(site, "POST", "/api/v1/views", { host: admin.host, headers, body: JSON.stringify({ user: publicId("user", site.value(`SELECT id FROM user WHERE email = '${owner.email}'`)), reason: "a test of exports" }) });
	assert.ok(began.status < 300, began.text);
	const Cookie = began.headers["set-cookie"]?.[0].split(";")[0] ?? headers.Cookie;
	const answer = await ask(site, "GET", "/api/v1/customers?format=ndjson", { host: admin.host, headers: { Cookie } });
	assert.deepEqual(lines(answer.text), await pages(await as(site, owner), "/api/v1/customers"));
	const [row] = site.sql("SELECT a.action, u.email FROM audit a JOIN user u ON u.id = a.user_id ORDER BY a.id DESC LIMIT 1");
	assert.deepEqual(row, { action: "customer.export.done", email: admin.email });
});

clean(site);
