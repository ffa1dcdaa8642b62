// Every operation of the route table, for each role, on every kind of foreign id, in the path and in each
// filter; and whatever comes back carries no mark of a tenant whose rows are not the asker's to see.
// What is expected comes from schema/access.def and plain SQL, not from the server.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ask as plain } from "../lib/http.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi, traceless } from "../lib/openapi.mjs";
import { rowsEverywhere } from "../lib/rows.mjs";
import { prove } from "../lib/second.mjs";
import { json, sameOrigin, session, user as demoUser, users } from "../lib/users.mjs";
import { allows, markers, model, relation, sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance();
const { operations, check } = await openapi(site);
const words = vocabulary();
const seal = sealer(site, words);
const marks = markers(site);
const tried = new Map(); // "role relation" -> probes
let probes = 0;

const patients = (host) => users(site).filter((u) => u.host === host && u.portal === "customer");
const actors = ["admin@pneumuster.example", "owner@nordmuster.example", "owner@sante-exemple.example", "owner@musterplatz.example",
	"owner@specimen-sleep.example", "owner@example-homecare.example", "owner@mihon-kokyu.example", ...["catalogue", "billing", "auditor"].map((team) => `${team}@pneumuster.example`),
	...["finance", "sales", "support", "reader", "agent"].map((team) => `${team}@musterplatz.example`)].map((email) => demoUser(site, email))
	.concat(patients("musterplatz.localhost").filter((one) => one.role === "customer_owner").slice(0, 2), patients("musterplatz.localhost").find((one) => one.role === "customer_payer"),
		patients("musterplatz.localhost").find((one) => one.role === "customer_viewer"), patients("musterplatz.localhost").find((one) => one.role === "customer_group"), patients("example-homecare.localhost")[0], patients("nordmuster.localhost")[0])
	.map((one) => ({ ...one, ...site.sql(`SELECT id, tenant_id AS tenant, customer_id AS customer FROM user WHERE email = '${one.email}'`)[0] }));

// Sessions are rows too: those that the probes themselves use, and one of each user that nobody uses.
for (const actor of actors) await session(site, actor);
site.sql("INSERT INTO session (token_hash, user_id, host, created, seen, ends) SELECT UNHEX(SHA2(CONCAT('unused ', u.id), 256)), u.id, h.name, " +
	"UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 1 HOUR FROM user u JOIN host h ON h.tenant_id = u.tenant_id AND h.is_primary = 1");
// Moves, transfers, passkeys, openings, keys of programs, and what waits for a second person, everywhere.
rowsEverywhere(site);
site.undo.push(() => site.shared && site.sql("DELETE FROM api_key WHERE expires = '2199-01-01'; DELETE FROM session WHERE user_id IN (SELECT id FROM user WHERE email LIKE 'apk\\_000%'); DELETE FROM user WHERE email LIKE 'apk\\_000%'"));
// What needs the second step is asked by who has just proved it: whether it is needed at all is said in step_up.test.mjs.
prove(site);
// And each tenant has a role of its own, by a name that nobody else is to read.
for (const [tenant, mark] of marks)
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${tenant}, NULL, '${mark}own', 'reseller', 0)`);
const world = model(site);
const inUse = new Set(site.sql("SELECT id FROM session WHERE token_hash NOT IN (SELECT UNHEX(SHA2(CONCAT('unused ', id), 256)) FROM user)").map((row) => row.id));

/** Two rows of each tenant, and those of the actors' own customers and users. */
function samples(resource) {
	const all = world.rows[resource], picked = new Map();
	for (const id of world.tenants.keys()) {
		const own = all.filter((row) => row.tenant === id);
		for (const row of [own[0], own[Math.floor(own.length / 2)]]) if (row) picked.set(row.id, row);
	}
	for (const actor of actors)
		for (const row of all.filter((r) => (r.user === actor.id) || (r.customer === actor.customer && actor.customer !== null)).slice(0, 2)) picked.set(row.id, row);
	if (resource === "user") for (const actor of actors) picked.set(actor.id, all.find((row) => row.id === actor.id));
	return [...picked.values()];
}

const notThere = (resource) => {
	const good = seal(resource, 1), other = seal(resource === "document" ? "customer" : "document", 1);
	return { missing: [seal(resource, 999999999), seal(resource, "9223372036854775807")],
		malformed: ["1", "x", good.slice(0, -1), `${good}a`, good.toUpperCase()], "another type's": [other, `${good.slice(0, 4)}${other.slice(4)}`] };
};

async function probe(actor, kind, method, at, options = {}) {
	probes++;
	const name = `${actor.role} ${kind}`;
	tried.set(name, (tried.get(name) ?? 0) + 1);
	const headers = { Cookie: await session(site, actor), ...(method === "GET" ? {} : { ...json, ...sameOrigin, "If-Match": '"none"' }) };
	return plain(site, method, at, { host: actor.host, headers, body: method === "GET" || method === "DELETE" ? undefined : "{}", ...options });
}

/** Marks that an answer about a resource may carry: of tenants with rows that the actor may see. */
const permitted = new Map();
function mayCarry(actor, action) {
	const key = `${actor.email} ${action}`;
	if (!permitted.has(key)) {
		const rows = words.scope(actor.role, action) === "shared" ? [] : world.rows[action.split(".")[0]].filter((row) => allows(words, world, actor, action, row));
		// Whoever sees all openings reads who it was, of whatever house.
		const others = action === "opening.read" && words.scope(actor.role, action) === "all" ? [...world.tenants.keys()] : [];
		// A bill that a house gets is from the one above it, and says so.
		const sellers = action.startsWith("incoming.") ? rows.map((row) => world.tenants.get(row.tenant).parent) : [];
		// A self-billed document names both of its sides.
		const sides = action.startsWith("self_") ? rows.map((row) => row.other) : [];
		// A statement is the provider's paper.
		const provider = action === "statement.read" && rows.length > 0 ? [...world.tenants.values()].filter(({ level }) => level === "0").map(({ id }) => id) : [];
		permitted.set(key, new Set([...rows.map((row) => row.tenant), ...others, ...sellers, ...sides, ...provider]));
	}
	return permitted.get(key);
}

/** All that can be read in an answer: headers, body, and the text and the properties of a PDF. */
function everything(answer) {
	let text = `${answer.rawHeaders.join("\n")}\n${answer.bytes.toString("latin1")}\n${answer.text}`;
	if (answer.headers["content-type"] === "application/pdf") {
		const file = path.join(site.var, "tmp", "test-matrix.pdf");
		fs.writeFileSync(file, answer.bytes);
		for (const [program, ...args] of [["pdftotext", "-raw", file, "-"], ["pdfinfo", file]]) {
			const { status, stdout } = spawnSync(program, args, { maxBuffer: 1 << 26 });
			assert.equal(status, 0);
			text += stdout.toString("utf8");
		}
	}
	return text;
}

function noForeignMark(answer, tenants, what) {
	const text = everything(answer);
	for (const [tenant, mark] of marks)
		if (!tenants.has(tenant)) assert.equal(text.includes(mark), false, `${what} carries ${mark} of ${world.tenants.get(tenant).slug}`);
}
const nobodys = new Set();

/** Only fields that the role may read, by a second reading of the vocabulary. */
function onlyReadable(actor, resource, object, what) {
	const may = words.readable(actor.role, resource);
	const parts = resource === "document" || resource === "incoming" ? { seller: "party", buyer: "party", lines: "line", taxes: "tax" } : resource.startsWith("self_") ? { seller: "party", buyer: "party", lines: "self_line", taxes: "tax" } : resource === "draft" ? { lines: "line", taxes: "tax" } : {};
	for (const [name, value] of Object.entries(object)) {
		if (!parts[name]) assert.ok(may.has(name), `${what} shows ${resource}.${name} to ${actor.role}`);
		else for (const part of [value].flat()) onlyReadable(actor, parts[name], part, what);
	}
}

const resourceOf = (operation) => operation["x-action"].split(".")[0];
const withId = operations.filter((o) => o.path.includes("{id}"));
const lists = operations.filter((o) => o.method === "GET" && o.parameters.some((p) => p.name === "cursor"));

test("the matrix covers every operation of the route table", () => {
	const others = operations.filter((o) => !withId.includes(o) && !lists.includes(o)).map((o) => `${o.method} ${o.path} ${o["x-action"]}`);
	assert.deepEqual(others.sort(), ["DELETE /api/v1/session signed-in", "DELETE /api/v1/sessions session.end", "DELETE /api/v1/totp signed-in", "DELETE /api/v1/views/current signed-in", "GET /api/v1/meta signed-in", "GET /api/v1/openapi.json public",
		"GET /api/v1/session signed-in", "GET /api/v1/totp signed-in", "GET /api/v1/usage/totals usage.read", "GET /healthz public", "GET /metrics public", "GET /readyz public", "GET /version public",
		"POST /api/v1/agreements agreement.create", "POST /api/v1/api-keys api_key.create", "POST /api/v1/bill-runs bill_run.open", "POST /api/v1/customers/bulk customer.classify", "POST /api/v1/discounts discount.create", "POST /api/v1/exchange-rates exchange_rate.create", "POST /api/v1/invitations/confirm public", "POST /api/v1/minimums minimum.create", "POST /api/v1/moves move.create", "POST /api/v1/offerings offering.create",
		"POST /api/v1/passkey-options signed-in", "POST /api/v1/passkeys passkey.create", "POST /api/v1/password signed-in", "POST /api/v1/password/reset public",
		"POST /api/v1/password/reset/confirm public", "POST /api/v1/payouts payout.create", "POST /api/v1/price-lists price_list.create", "POST /api/v1/roles role.create", "POST /api/v1/segments segment.create", "POST /api/v1/session public",
		"POST /api/v1/session/passkey public", "POST /api/v1/session/passkey/options public", "POST /api/v1/session/step-up signed-in",
		"POST /api/v1/session/step-up/passkey signed-in", "POST /api/v1/session/step-up/passkey/options signed-in", "POST /api/v1/statements statement.close", "POST /api/v1/subscriptions subscription.order", "POST /api/v1/tax-rules tax_rule.create", "POST /api/v1/totp signed-in",
		"POST /api/v1/totp/confirm signed-in", "POST /api/v1/transfers transfer.create", "POST /api/v1/usage usage.create",
		"POST /api/v1/usage/recycle usage_reject.mend", "POST /api/v1/users user.invite", "POST /api/v1/views user.view_as"]);
	for (const operation of [...withId, ...lists]) assert.ok(world.rows[resourceOf(operation)], `${operation.path}: rows of ${operation["x-action"]} are known`);
	assert.deepEqual(new Set(actors.map((a) => a.role)), new Set(Object.keys(words.roles).filter((role) => role !== "care_agent"))); // by itself it shows nothing: roles.test.mjs
});

/** Resellers that are closed, and those that somebody open buys from, at first. */
const closed = new Set(site.sql("SELECT id FROM tenant WHERE state = 'closed'").map((row) => row.id));
const sellers = new Set(site.sql("SELECT DISTINCT parent_id AS id FROM tenant WHERE state = 'active'").map((row) => row.id));

/** What is ended or taken back, and listed as such from then on. */
const stays = new Set(["api_key", "move", "transfer", "approval"]);

/** The status that the path probe must have. */
function expected(operation, actor, row) {
	if (!words.scope(actor.role, operation["x-action"])) return 403;
	if (row === null || !allows(words, world, actor, source[operation.path] ?? operation["x-action"], row)) return 404;
	if (operation.path === "/api/v1/usage/rejects/{id}/recycle") return 409; // all of them are in by now
	if (operation.path === "/api/v1/users/{id}/invite") return 409; // nobody of the demo waits for an invitation
	if (operation.path === "/api/v1/tenants/{id}/reopen") return closed.has(row.id) ? 204 : 409;
	if (operation.path === "/api/v1/tenants/{id}/close") return row.tenant === actor.tenant || closed.has(row.id) || sellers.has(row.id) ? 409 : 202; // it waits for a second person
	if (operation.path.startsWith("/api/v1/approvals/") && operation.method === "POST") return !row.waits || row.user === actor.id ? 409 : 422;
	if (operation.path === "/api/v1/approvals/{id}" && operation.method === "DELETE") return row.waits ? 204 : 409;
	if (/\/(bill-runs|drafts)\/.*\/(approve|pause|resume|cancel|release)$/.test(operation.path)) return 409; // the run is settled
	if (operation.path.startsWith("/api/v1/payouts/{id}/")) return 409; // all of them are cancelled
	if (operation.path === "/api/v1/price-lists/{id}/draft" && operation.method === "POST") return 409; // each has a draft
	if (/price-lists.*(draft|publish)$/.test(operation.path) && operation.method === "POST" && row.tenant !== actor.tenant) return 409; // changed by who sells by it alone
	if (operation.method === "POST") return 422; // our body is empty
	if (operation.method === "DELETE" && row.over) return 409;
	if (operation.path === "/api/v1/roles/{id}" && operation.method === "DELETE") return !row.shared && row.own && row.tenant === actor.tenant ? 204 : 409;
	if (operation.path === "/api/v1/segments/{id}" && operation.method === "DELETE") return row.used ? 409 : 204;
	return ["PATCH", "PUT"].includes(operation.method) ? 412 : operation.method === "DELETE" ? 204 : 200; // our If-Match names no state
}

/** What makes something of a row needs the right to see that row. */
const source = { "/api/v1/roles/{id}/copy": "role.read" };

/** What is about a row and not the row itself, with the question that it needs. */
const about = { "/api/v1/documents/{id}/explain": "", "/api/v1/documents/{id}/credits": "", "/api/v1/incoming/{id}/annex": "", "/api/v1/accounts/{id}/refunds": "", "/api/v1/incoming/{id}/explain": "?line=1", "/api/v1/users/{id}/explain": "?action=document.read&field=document.gross", "/api/v1/users/{id}/roles": "", "/api/v1/tenants/{id}/products": "", "/api/v1/tenants/{id}/ceiling": "", "/api/v1/price-lists/{id}/rules": "", "/api/v1/price-lists/{id}/draft": "", "/api/v1/price-lists/{id}/simulation": "", "/api/v1/roles/{id}/users": "", "/api/v1/offerings/{id}/prices": "", "/api/v1/offerings/{id}/variants": "", "/api/v1/offerings/{id}/hours": "", "/api/v1/offerings/{id}/parts": "", "/api/v1/offerings/{id}/names": "" };

for (const operation of withId) {
	test(`${operation.method} ${operation.path}: each row for those who may, and for nobody else`, async () => {
		const resource = resourceOf(operation);
		for (const actor of actors) {
			const refusals = new Set();
			const tries = [...samples(resource).map((row) => [relation(world, actor, row), seal(resource, row.id), row]),
				...Object.entries(notThere(resource)).flatMap(([kind, ids]) => ids.map((id) => [kind, id, null]))];
			for (const [kind, id, row] of tries) {
				// What is deleted cannot be tried again, and the probes' own sessions are still needed.
				if (operation.method === "DELETE" && resource === "session" && row && inUse.has(row.id) && allows(words, world, actor, operation["x-action"], row)) continue;
				const answer = await probe(actor, kind, operation.method, operation.path.replace("{id}", id) + (about[operation.path] ?? ""));
				const what = `${operation.method} ${operation.path} of ${kind} ${row ? `row ${row.id} of ${world.tenants.get(row.tenant).slug}` : id} by ${actor.email}`;
				assert.equal(answer.status, expected(operation, actor, row), `${what}: ${answer.status}`);
				noForeignMark(answer, answer.status === 200 ? mayCarry(actor, operation["x-action"]) : nobodys, what);
				if (answer.status === 204 && operation.method === "DELETE" && stays.has(resource)) Object.assign(row, { over: true, waits: false });
				else if (answer.status === 204 && operation.method === "DELETE") world.rows[resource] = world.rows[resource].filter((other) => other !== row);
				if (answer.status === 404 || answer.status === 403) refusals.add(traceless(answer));
				if (answer.status === 200 && answer.json) {
					check(operation.method, operation.path, answer);
					if (operation.path in about) continue;
					assert.equal(answer.json.id, id);
					onlyReadable(actor, resource, answer.json, what);
				}
			}
			assert.ok(refusals.size <= 1, `${operation.path}: ${actor.email} can tell refusals apart: ${[...refusals].join("\n")}`);
		}
	});
}

/** All ids of a list. */
async function all(actor, operation, query, kind) {
	const ids = [];
	for (let cursor = ""; ;) {
		const answer = await probe(actor, kind, "GET", `${operation.path}?limit=200${query}${cursor}`);
		assert.equal(answer.status, 200, `${operation.path}?${query} ${answer.text}`);
		check("GET", operation.path, answer);
		noForeignMark(answer, mayCarry(actor, operation["x-action"]), `${operation.path}?${query} by ${actor.email}`);
		for (const row of answer.json.data) onlyReadable(actor, resourceOf(operation), row, operation.path);
		ids.push(...answer.json.data.map((row) => row.id));
		if (answer.json.next === null) return ids;
		cursor = `&cursor=${answer.json.next}`;
	}
}

const inScope = (actor, operation) => world.rows[resourceOf(operation)].filter((row) => row.listed && allows(words, world, actor, operation["x-action"], row));
const sealed = (resource, rows) => rows.map((row) => seal(resource, row.id)).sort();

for (const operation of lists) {
	test(`GET ${operation.path}: exactly the rows that each may see`, async () => {
		for (const actor of actors) {
			if (!words.scope(actor.role, operation["x-action"])) {
				const answer = await probe(actor, "list", "GET", operation.path);
				isProblem(answer, 403, "forbidden");
				noForeignMark(answer, nobodys, operation.path);
				continue;
			}
			const got = await all(actor, operation, "", "list");
			assert.deepEqual(got.sort(), sealed(resourceOf(operation), inScope(actor, operation)), `${operation.path} by ${actor.email}`);
		}
	});

	for (const filter of ["customer", "tenant"].filter((name) => operation.parameters.some((p) => p.in === "query" && p.name === name))) {
		test(`GET ${operation.path}?${filter}=: a foreign id finds nothing that the list does not hold`, async () => {
			const resource = resourceOf(operation);
			for (const actor of actors) {
				if (!words.scope(actor.role, operation["x-action"])) continue;
				const known = words.readable(actor.role, resource).has(filter);
				for (const of of samples(filter)) {
					const query = `&${filter}=${seal(filter, of.id)}`;
					const kind = `filter, ${relation(world, actor, of)}`;
					if (!known) {
						isProblem(await probe(actor, kind, "GET", `${operation.path}?${query}`), 400, "unknown_parameter");
						continue;
					}
					const rows = inScope(actor, operation).filter((row) => row[filter] === of.id);
					assert.deepEqual((await all(actor, operation, query, kind)).sort(), sealed(resource, rows), `${operation.path}?${filter}= of ${of.id} by ${actor.email}`);
				}
				for (const [kind, ids] of Object.entries(notThere(filter)))
					for (const id of ids) {
						const answer = await probe(actor, `filter, ${kind}`, "GET", `${operation.path}?${filter}=${id}`);
						if (known && kind === "missing") assert.deepEqual(answer.json.data, []);
						else isProblem(answer, 400, known ? "bad_parameter" : "unknown_parameter");
						noForeignMark(answer, nobodys, operation.path);
					}
			}
		});
	}
}

test("a write that a role has no right to leaves one row a user, action and minute", (t) => {
	let n = 0;
	for (const operation of withId.filter((o) => o.method !== "GET"))
		for (const actor of actors.filter((one) => !words.scope(one.role, operation["x-action"]))) {
			const rows = site.sql(`SELECT at FROM audit WHERE user_id = ${actor.id} AND action = '${operation["x-action"]}.refused' ORDER BY at`);
			assert.ok(rows.length > 0, `${operation["x-action"]} by ${actor.email}`);
			rows.slice(1).forEach((row, i) => assert.ok(new Date(row.at) - new Date(rows[i].at) > 59000, `${actor.email}: ${rows[i].at} and ${row.at}`));
			n++;
		}
	t.diagnostic(`${n} pairs of role and action`);
});

test("who is not signed in, or only elsewhere, gets nothing of all this", async () => {
	const elsewhere = await session(site, actors[0]);
	for (const operation of operations.filter((o) => o["x-action"] !== "public"))
		for (const headers of [{}, { Cookie: elsewhere }, { Cookie: "session=" + "0".repeat(64) }]) {
			probes++;
			const answer = await plain(site, operation.method, operation.path.replace("{id}", seal("document", 1)),
				{ host: "musterplatz.localhost", headers: { ...headers, ...json, ...sameOrigin, "If-Match": '"x"' }, body: operation.method === "GET" ? undefined : "{}" });
			isProblem(answer, 401, "not_signed_in");
			noForeignMark(answer, nobodys, operation.path);
		}
});

test("what a portal is told of itself carries no foreign mark", async () => {
	for (const actor of actors)
		for (const at of ["/api/v1/session", "/api/v1/meta", "/api/v1/openapi.json"])
			noForeignMark(await probe(actor, "self", "GET", at), at.endsWith("session") ? new Set([actor.tenant]) : nobodys, `${at} by ${actor.email}`);
});

test("enough was tried", (t) => {
	for (const [name, n] of [...tried].sort()) t.diagnostic(`${name}: ${n}`);
	t.diagnostic(`${probes} probes, 0 leaks`);
	assert.ok(probes > 5000, `${probes}`);
	for (const role of ["distributor_owner", "dealer_owner"])
		for (const kind of ["own", "parent's", "child's", "sibling's", "foreign", "missing", "malformed", "another type's"])
			assert.ok(tried.get(`${role} ${kind}`) > 0, `${role} ${kind}`);
	for (const kind of ["own", "sibling customer's", "parent's", "foreign"]) assert.ok(tried.get(`customer_owner ${kind}`) > 0, kind);
});

clean(site);
