// Looking as somebody else: it changes nothing, ends, is told to those whom it concerns, and shows nothing that the
// other user or the viewer may not see.  An instance of its own: users, roles and sessions are made here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../lib/http.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { json, sameOrigin } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";
import { random } from "./proof/tools.mjs";

const site = await instance({ own: true, name: "view" });
const words = vocabulary(), seal = sealer(site, words), rng = random(20261122);
const { operations } = await openapi(site);
const hosts = Object.fromEntries(site.sql("SELECT tenant_id, name FROM host WHERE is_primary = 1").map((row) => [row.tenant_id, row.name]));
const slug = Object.fromEntries(site.sql("SELECT slug, id FROM tenant").map((row) => [row.slug, row.id]));
const user = (email) => site.sql(`SELECT id, tenant_id AS tenant, customer_id AS customer, name, email FROM user WHERE email = '${email}'`)[0];
const admin = user("admin@pneumuster.example"), owner = user("owner@musterplatz.example"), patient = user("patient0001@musterplatz.example");
const distributor = user("owner@nordmuster.example");
const reason = "request 4711";

/** A session of its own that asks, on a host that may be another one. */
function asking(who, host = hosts[who.tenant]) {
	const token = rng.hex(64);
	site.sql(`INSERT INTO session (token_hash, user_id, host, created, seen, ends)
		VALUES (UNHEX(SHA2('${token}', 256)), ${who.id}, '${host}', UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 10 HOUR)`);
	const one = (method, path, body, more = {}) => ask(site, method, `/api/v1/${path}`, { host,
		headers: { Cookie: `session=${token}`, ...(method === "GET" ? {} : { ...json, ...sameOrigin }), ...more }, body: body === undefined ? undefined : JSON.stringify(body) });
	one.token = token;
	return one;
}

const look = (one, as, why = reason) => one("POST", "views", { user: seal("user", as.id), reason: why });

/** Who looks as that user. */
async function viewer(who, as) {
	const one = asking(who), got = await look(one, as);
	assert.equal(got.status, 200, got.text);
	return one;
}

const audit = (action, as) => site.sql(`SELECT user_id AS user, tenant_id AS tenant, detail FROM audit WHERE action = '${action}' AND object_id = ${as.id} ORDER BY id`);
const last = () => site.sql("SELECT * FROM view_as ORDER BY id DESC LIMIT 1")[0];

test("both names are told, and the portal is the other's", async () => {
	const one = await viewer(admin, owner), { text, json: said } = await one("GET", "session");
	assert.equal(said.user.id, seal("user", owner.id));
	assert.equal(said.user.name, owner.name);
	assert.equal(said.portal, "reseller");
	assert.deepEqual(said.viewing.viewer, { id: seal("user", admin.id), name: admin.name, language: "en" });
	assert.equal(said.viewing.over, false);
	assert.ok(said.viewing.seconds > 1700 && said.viewing.seconds <= 1800, text);
	assert.ok(Math.abs(new Date(said.viewing.ends) - Date.now() - 1800000) < 60000, text);
	assert.deepEqual((await one("GET", "meta")).json.pages.map((page) => page.portal).filter((portal) => portal !== "reseller"), []);
	const other = asking(admin);
	assert.equal((await other("GET", "session")).json.viewing, undefined, "another session of the viewer is its own");
	assert.equal((await one("DELETE", "views/current")).status, 204);
	assert.equal((await one("GET", "session")).json.user.id, seal("user", admin.id));
	isProblem(await one("DELETE", "views/current"), 404, "not_found");
});

/** What ends it, and what writes nothing. */
const left = new Set(["DELETE /api/v1/session", "DELETE /api/v1/views/current", "POST /api/v1/session/passkey/options", "POST /api/v1/session/step-up/passkey/options"]);
for (const operation of operations.filter((o) => o.method !== "GET" && !left.has(`${o.method} ${o.path}`))) {
	test(`${operation.method} ${operation.path} is refused to who looks as somebody else, and leaves its refusal`, async () => {
		const one = await viewer(admin, owner);
		const [resource] = operation["x-action"].split(".");
		const id = words.resources.some((r) => r.name === resource) ? seal(resource, resource === "user" ? owner.id : 1) : "x";
		const before = site.value("SELECT COALESCE(MAX(id), 0) FROM audit");
		site.sql("DELETE FROM audit_refusal");
		const body = { user: seal("user", patient.id), reason, name: "x", email: "x@musterplatz.example", password: "a long enough one", language: "de", role: "dealer_owner" };
		const got = await one(operation.method, operation.path.replace("/api/v1/", "").replace("{id}", id), operation.method === "DELETE" ? undefined : body, { "If-Match": '"x"' });
		isProblem(got, 403, "view_only");
		assert.equal(got.headers["set-cookie"], undefined);
		const rows = site.sql(`SELECT user_id, tenant_id, action FROM audit WHERE id > ${before} AND action NOT LIKE 'view%'`);
		assert.equal(rows.length, 1);
		assert.deepEqual([rows[0].user_id, rows[0].tenant_id], [admin.id, admin.tenant]);
		assert.match(rows[0].action, /\.refused$/);
		assert.equal((await one("GET", "session")).json.viewing.over, false, "it goes on");
	});
}

test("what is the person's alone is not shown", async () => {
	const one = await viewer(admin, owner);
	for (const path of ["totp", "sessions", "passkeys"]) isProblem(await one("GET", path), 403, "forbidden");
});

test("begin and end stand in the book of who looked and of the tenant concerned, which can read them", async () => {
	const beside = asking(user("owner@specimen-sleep.example")), concerned = asking(owner);
	const before = [audit("user.view_as", owner).length, audit("view_end", owner).length];
	const one = await viewer(admin, owner);
	assert.equal((await one("DELETE", "views/current")).status, 204);
	for (const [action, n] of [["user.view_as", before[0]], ["view_end", before[1]]]) {
		const rows = audit(action, owner).slice(n);
		assert.deepEqual(rows.map((row) => row.tenant).sort(), [admin.tenant, owner.tenant].sort());
		assert.deepEqual(new Set(rows.map((row) => row.user)), new Set([admin.id]));
		assert.ok(!rows.some((row) => row.detail.includes("4711")), "the reason can be erased, so it is not in the audit");
		const { json: list } = await concerned("GET", `audit?action=${action}`);
		assert.deepEqual([list.data[0].user_name, list.data[0].object], [admin.name, seal("user", owner.id)]);
		assert.deepEqual((await beside("GET", `audit?action=${action}`)).json.data, []);
	}
	assert.equal(last().reason, reason);
	const own = await viewer(owner, patient);
	assert.equal((await own("DELETE", "views/current")).status, 204);
	assert.equal(audit("user.view_as", patient).length, 1, "within one house there is one book");
	assert.equal(audit("view_end", patient).length, 1);
	assert.match(site.log("worker"), new RegExp(`"user":${owner.id},"tenant":${owner.tenant},"as":${patient.id}`));
});

/** The view is over: nothing is answered or done until it is left, and the end is told once in each book. */
async function isOver(one, as, who) {
	const before = audit("view_end", as).length;
	isProblem(await one("GET", "customers"), 403, "view_ended");
	isProblem(await one("DELETE", "sessions"), 403, "view_ended");
	isProblem(await one("GET", "customers"), 403, "view_ended");
	const rows = audit("view_end", as).slice(before);
	assert.deepEqual(rows.map((row) => [row.user, row.tenant]).sort(), [...new Set([who.tenant, as.tenant])].map((tenant) => [who.id, tenant]).sort());
	const { json: said } = await one("GET", "session");
	assert.deepEqual([said.user.id, said.viewing.over], [seal("user", who.id), true]);
	assert.equal((await one("DELETE", "views/current")).status, 204);
	assert.equal((await one("GET", "session")).json.viewing, undefined);
	assert.notEqual((await one("GET", "customers")).json.type, "/problems/view_ended");
}

test("it ends after 30 minutes", async () => {
	const one = await viewer(admin, owner), { id } = last();
	const set = (seconds) => site.sql(`UPDATE view_as SET begun = UTC_TIMESTAMP() - INTERVAL ${seconds} SECOND, ends = UTC_TIMESTAMP() + INTERVAL ${1800 - seconds} SECOND WHERE id = ${id}`);
	assert.equal(site.value(`SELECT TIMESTAMPDIFF(SECOND, begun, ends) FROM view_as WHERE id = ${id}`), "1800");
	set(1700);
	assert.equal((await one("GET", "customers")).status, 200);
	set(1800);
	await isOver(one, owner, admin);
	assert.equal(site.value(`SELECT ended = ends FROM view_as WHERE id = ${id}`), "1");
});

test("it ends when the viewer may not any more", async () => {
	const one = await viewer(owner, patient);
	const role = site.value(`SELECT role_id FROM user WHERE id = ${owner.id}`);
	const set = (to) => site.sql(`UPDATE user SET role_id = ${to} WHERE id = ${owner.id}; UPDATE channel_version SET version = version + 1`);
	assert.equal((await one("GET", "customers")).status, 200);
	set("(SELECT r.id FROM role r WHERE r.code = 'reseller_support')");
	await isOver(one, patient, owner);
	set(role);
});

test("it ends when the other cannot sign in any more", async () => {
	for (const [close, open] of [[`user SET state = 'closed' WHERE id = ${patient.id}`, `user SET state = 'active' WHERE id = ${patient.id}`],
		[`tenant SET state = 'closed' WHERE id = ${patient.tenant}`, `tenant SET state = 'active' WHERE id = ${patient.tenant}`]]) {
		const one = await viewer(admin, patient);
		site.sql(`UPDATE ${close}`);
		await isOver(one, patient, admin);
		site.sql(`UPDATE ${open}`);
	}
});

test("it ends with the session, told at once where somebody signs out, else by portico-jobs", async () => {
	let before = audit("view_end", owner).length;
	const one = await viewer(admin, owner);
	assert.equal((await one("DELETE", "session")).status, 204);
	assert.equal(audit("view_end", owner).length, before + 2);
	isProblem(await one("GET", "session"), 401, "not_signed_in");
	before = audit("view_end", patient).length;
	const other = await viewer(admin, patient), { id } = last();
	site.sql(`DELETE FROM session WHERE token_hash = UNHEX(SHA2('${other.token}', 256))`);
	await until("portico-jobs tells of the end", () => audit("view_end", patient).length === before + 2);
	assert.notEqual(site.value(`SELECT ended FROM view_as WHERE id = ${id}`), null);
	const idle = await viewer(admin, patient);
	site.sql(`UPDATE view_as SET ends = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE id = ${last().id}`);
	await until("and of one that nobody asks in", () => audit("view_end", patient).length === before + 4);
	isProblem(await idle("GET", "customers"), 403, "view_ended");
	assert.equal(audit("view_end", patient).length, before + 4);
});

test("only whom one may explain to oneself is looked as, with a reason, and once at a time", async () => {
	const one = asking(owner);
	const wrong = async (body, pointer, code) => {
		const problem = isProblem(await one("POST", "views", body), 422, "invalid");
		assert.deepEqual(problem.errors.map((e) => [e.pointer, e.code]), [[pointer, code]]);
	};
	const as = (who) => seal("user", who.id);
	for (const stranger of [admin, distributor, user("owner@specimen-sleep.example"), user("patient0001@specimen-sleep.example"), { id: 999999999 }])
		await wrong({ user: as(stranger), reason }, "/user", "unknown");
	await wrong({ user: "usr_x", reason }, "/user", "unknown");
	await wrong({ user: as(owner), reason }, "/user", "self");
	for (const short of ["ab", "  a b ", "a\nbcd"]) await wrong({ user: as(patient), reason: short }, "/reason", "reason");
	await wrong({ user: as(patient), reason: "x".repeat(201) }, "/reason", "length");
	await wrong({ user: as(patient) }, "/reason", "missing");
	site.sql(`UPDATE user SET state = 'closed' WHERE id = ${patient.id}`);
	await wrong({ user: as(patient), reason }, "/user", "closed");
	site.sql(`UPDATE user SET state = 'active' WHERE id = ${patient.id}`);
	for (const email of ["auditor@pneumuster.example", "billing@pneumuster.example", "support@musterplatz.example", "patient0001@musterplatz.example"])
		isProblem(await look(asking(user(email)), patient), 403, "forbidden");
	isProblem(await look(asking(distributor), patient), 422, "invalid");
	assert.equal((await look(one, patient, "x".repeat(200))).status, 200);
	isProblem(await look(one, patient), 403, "view_only");
	const once = asking(admin);
	for (let round = 0; round < 8; round++) {
		const answers = await Promise.all(Array.from({ length: 6 }, () => look(once, owner)));
		assert.deepEqual(answers.map((a) => a.status).sort(), [200, 403, 403, 403, 403, 403], answers.map((a) => a.text).join("\n"));
		assert.equal((await once("DELETE", "views/current")).status, 204);
	}
	assert.equal(site.value(`SELECT COUNT(*) FROM view_as w JOIN session s ON s.id = w.session_id WHERE s.token_hash = UNHEX(SHA2('${once.token}', 256))`), "8");
});

// ---- nothing that either may not see ----

let made = 0;
const grantsOf = (role) => Object.entries(words.grants).filter(([key]) => key.startsWith(`${role} `)).map(([key, scope]) => [key.split(" ")[1], scope]);

/** A role with a part of what a built-in one gives, and fields at random: none, mask or read. */
function role(tenant, portal, from, share, { always = [], segments = [] } = {}) {
	const name = `looked ${made += 1}`;
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${tenant}, NULL, '${name}', '${portal}', 0)`);
	const id = site.value(`SELECT id FROM role WHERE name = '${name}'`);
	const grants = grantsOf(from).filter(([action]) => always.includes(action) || rng.chance(share));
	const rows = grants.map(([action, scope]) => `(${id}, '${action}', '${scope}')`);
	if (rows.length) site.sql(`INSERT INTO role_grant VALUES ${rows.join(",")}`);
	const fields = words.fields.filter((f) => words.readable(from, f.resource).has(f.name))
		.map((f) => [`${f.resource}.${f.name}`, rng.chance(share) || f.name === "id" ? "read" : rng.pick(["mask", "none"])]).filter(([, level]) => level !== "none");
	site.sql(`INSERT INTO role_field VALUES ${fields.map(([field, level]) => `(${id}, '${field}', '${level}')`).join(",")}`);
	for (const segment of segments) site.sql(`INSERT INTO role_segment VALUES (${id}, ${segment})`);
	return id;
}

function somebody(tenant, roles, customer = null) {
	const email = `looked-${made += 1}@portico.example`;
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, more_roles)
		VALUES (${tenant}, ${customer ?? "NULL"}, ${roles[0]}, '${email}', 'Somebody', 'de', '', ${roles.length > 1 ? 1 : 0})`);
	const one = user(email);
	for (const more of roles.slice(1)) site.sql(`INSERT INTO user_role VALUES (${one.id}, ${more})`);
	return one;
}

const builtIn = (code) => site.value(`SELECT id FROM role WHERE code = '${code}'`);
const segments = () => rng.some(site.sql("SELECT id FROM segment").map((row) => row.id), 0.4).slice(0, 6);
const lists = operations.filter((o) => o.method === "GET" && o.parameters.some((p) => p.name === "cursor")).map((o) => o.path.replace("/api/v1/", ""));
const singles = new Set(operations.filter((o) => o.method === "GET").map((o) => o.path));

/** The first rows of a list, or null where it is refused. */
async function rows(one, path) {
	const got = await one("GET", `${path}?limit=200`);
	assert.ok([200, 403].includes(got.status), got.text);
	return got.status === 200 ? got.json : null;
}

/** Each member of the row is one of the same row as the other sees it: as it is, or the shape that is shown there. */
function lesser(shown, theirs, what) {
	for (const [field, value] of Object.entries(shown)) {
		assert.ok(field in theirs, `${what}: ${field} is not shown there`);
		if (typeof value === "string" && typeof theirs[field] === "string" && theirs[field].includes("*") && !value.includes("*")) assert.fail(`${what}: ${field} is masked there`);
	}
}

/** Lists and single rows of a view, held against both; counts what was compared. */
async function compare(view, target, viewerAlone, label, tally) {
	for (const path of lists) {
		const shown = await rows(view, path), theirs = await rows(target, path), own = await rows(viewerAlone, path);
		if (shown === null || theirs === null || own === null) {
			assert.equal(shown, null, `${label}: ${path} is shown, to the target ${theirs === null ? "not" : "too"}, to the viewer ${own === null ? "not" : "too"}`);
			tally.refused++;
			continue;
		}
		const known = new Set(theirs.data.map((row) => row.id));
		for (const row of shown.data) if (theirs.next === null) assert.ok(known.has(row.id), `${label}: ${path} shows what the target does not see`);
		for (const row of rng.shuffled(shown.data).slice(0, 5)) {
			const single = singles.has(`/api/v1/${path}/{id}`);
			const [a, b] = await Promise.all([target, viewerAlone].map(async (one, i) => (single ? await one("GET", `${path}/${row.id}`) : { status: 200, json: (i ? own : theirs).data.find((r) => r.id === row.id) })));
			assert.deepEqual([a.status, b.status], [200, 200], `${label}: ${path}/${row.id}: ${a.status} to the target, ${b.status} to the viewer`);
			if (a.json) lesser(row, a.json, `${label}: ${path}, target`);
			if (b.json) lesser(row, b.json, `${label}: ${path}, viewer`);
			tally.rows++;
		}
		// And what one of the two does not see is not there by its id either.
		for (const row of rng.shuffled(own.data.filter((r) => r.id && !shown.data.some((s) => s.id === r.id))).slice(0, 3)) {
			if (!singles.has(`/api/v1/${path}/{id}`)) continue;
			const [a, b] = await Promise.all([view, target].map((one) => one("GET", `${path}/${row.id}`)));
			assert.ok(b.status === 200 || a.status !== 200, `${label}: ${path}/${row.id}`);
			tally.rows++;
		}
	}
}

test("roles at random: no row and no field that the target or the viewer may not see", async (t) => {
	const tally = { rows: 0, refused: 0 }, root = admin.tenant, { musterplatz, nordmuster } = slug;
	const patients = site.sql(`SELECT id, tenant_id AS tenant, customer_id AS customer, name, email FROM user WHERE customer_id IS NOT NULL AND tenant_id IN (${musterplatz}, ${nordmuster}) AND state = 'active' LIMIT 12`);
	for (let round = 0; round < 14; round++) {
		const home = rng.pick([musterplatz, nordmuster]), kind = home === musterplatz ? "dealer_owner" : "distributor_owner";
		const cut = { always: ["user.view_as"] };
		const viewers = [somebody(root, [role(root, "admin", "provider_admin", 0.7, cut)]),
			somebody(root, [role(root, "admin", "provider_admin", 0.1, cut), role(root, "admin", "provider_admin", 0.8, { segments: segments() })]),
			somebody(home, [role(home, "reseller", kind, 0.7, cut)])];
		const targets = [somebody(home, [role(home, "reseller", kind, 0.8)]), somebody(home, [role(home, "reseller", kind, 0.8, { segments: segments() })]),
			somebody(home, [builtIn(rng.pick([kind, "reseller_sales", "reseller_finance"]))]), rng.pick(patients.filter((p) => p.tenant === home).concat(patients[0]))];
		site.sql("UPDATE channel_version SET version = version + 1");
		for (const who of viewers) {
			const as = rng.pick(targets.filter((one) => who.tenant === root || one.tenant === who.tenant));
			await compare(await viewer(who, as), asking(as), asking(who), `round ${round}, ${who.id} as ${as.id}`, tally);
		}
	}
	t.diagnostic(`${tally.rows} rows compared, ${tally.refused} lists refused`);
	assert.ok(tally.rows > 300, JSON.stringify(tally));
});

test("of the other user's own data, too, only what both may read is told", async () => {
	const narrow = role(admin.tenant, "admin", "provider_admin", 0, { always: ["user.view_as", "user.read"] }), who = somebody(admin.tenant, [narrow]);
	site.sql(`DELETE FROM role_field WHERE role_id = ${narrow} AND field IN ('user.email', 'user.role', 'user.role_name', 'customer.name')`);
	site.sql("UPDATE channel_version SET version = version + 1");
	const { json: said } = await (await viewer(who, patient))("GET", "session");
	assert.deepEqual([said.user.email, said.user.role, said.user.role_name, said.customer.name], ["", "", "", ""]);
	const { json: all } = await (await viewer(admin, patient))("GET", "session");
	assert.deepEqual([all.user.email, all.user.role], [patient.email, "customer_owner"]);
});

test("who may see all sees exactly what the other sees", async () => {
	for (const as of [owner, distributor, patient]) {
		const view = await viewer(admin, as), target = asking(as);
		for (const path of lists.filter((name) => !["sessions", "passkeys", "audit"].includes(name))) assert.deepEqual((await view("GET", `${path}?limit=200`)).json.data, (await target("GET", `${path}?limit=200`)).json.data, path);
	}
});

test("a distributor who looks at its own people does not see what its dealers keep to themselves", async () => {
	const one = asking(distributor), dealers = user("owner@musterplatz.example");
	isProblem(await look(one, dealers), 422, "invalid");
});

clean(site);
