// Customers by segment (by rule and by hand), by group and by who looks after them: who sees what, also while rows
// follow, and also where portico-jobs is killed in the middle.
// An instance of its own, since customers, rules, roles and users are other ones afterwards.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem } from "../lib/openapi.mjs";
import { as, users, writer } from "../lib/users.mjs";

const site = await instance({ own: true, name: "customers" });
const host = "musterplatz.localhost";
const tenant = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'");
const FOLLOWERS = ["account", "subscription", "document", "payment"];
const publicId = (resource, id) => site.portico("id", resource, id).trim();
const owner = await writer(site, "owner@musterplatz.example");
let names = 0;

/** Somebody of the tenant with this role, signed in. */
async function somebody(role, customer = "NULL") {
	const email = `level${++names}@musterplatz.example`;
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password)
		SELECT ${tenant}, ${customer}, ${role}, '${email}', 'Staff', 'de', password FROM user WHERE email = 'owner@musterplatz.example'`);
	return { ask: await writer(site, { email, host }), get: await as(site, { email, host }), id: site.value(`SELECT id FROM user WHERE email = '${email}'`) };
}
const builtIn = (code) => site.value(`SELECT id FROM role WHERE code = '${code}'`);

/** A role of the tenant with these grants, all fields, and kept to these segments. */
function makeRole(grants, segments = []) {
	const name = `level ${++names}`;
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${tenant}, NULL, '${name}', 'reseller', 0)`);
	const id = site.value(`SELECT id FROM role WHERE name = '${name}'`);
	for (const [action, scope] of Object.entries(grants)) site.sql(`INSERT INTO role_grant VALUES (${id}, '${action}', '${scope}')`);
	for (const field of ["customer.id", "customer.name", "customer.number", "customer.segment", "customer.tags", "customer.agent", "document.id", "document.number", "document.issue_date", "document.customer"])
		site.sql(`INSERT INTO role_field VALUES (${id}, '${field}', '${/segment|tags|agent$/.test(field) ? "write" : "read"}')`);
	for (const segment of segments) site.sql(`INSERT INTO role_segment VALUES (${id}, ${segment})`);
	site.sql("UPDATE channel_version SET version = version + 1");
	return id;
}

async function all(get, list) {
	const found = [];
	for (let cursor = ""; cursor !== null;) {
		const { status, json, text } = await get("GET", `/api/v1/${list}?limit=200${cursor && `&cursor=${cursor}`}`);
		assert.equal(status, 200, text);
		found.push(...json.data);
		cursor = json.next;
	}
	return found;
}

/** A PATCH with the tag of what GET answers. */
async function patch(ask, at, body) {
	const { headers, status } = await ask("GET", at);
	return ask("PATCH", at, body, { "If-Match": status === 200 ? headers.etag : '"none"' });
}
function refusedAt(answer, ...places) {
	isProblem(answer, 422, "invalid");
	assert.deepEqual(answer.json.errors.map((e) => [e.pointer, e.code]), places);
}

const lag = () => FOLLOWERS.map((table) => Number(site.value(`SELECT COUNT(*) FROM ${table} t JOIN customer c ON c.id = t.customer_id
	WHERE NOT (t.segment_id = c.segment_id AND t.group_id <=> c.group_id AND t.agent_id <=> c.agent_id)`))).reduce((a, b) => a + b);
const due = () => Number(site.value("SELECT COUNT(*) FROM customer_due"));
const settled = () => until("all that is due is done", () => due() === 0, 120000);
/** While they stop nothing follows. */
const hold = () => site.sql("REPLACE INTO lease (name, owner, until) VALUES ('follow', 'test', UTC_TIMESTAMP() + INTERVAL 1 HOUR)");
const release = () => site.sql("DELETE FROM lease WHERE name = 'follow'");
const segmentOf = (customer) => site.value(`SELECT segment_id FROM customer WHERE id = ${customer}`);
const [person] = site.sql(`SELECT c.id FROM customer c JOIN document d ON d.customer_id = c.id WHERE c.tenant_id = ${tenant} AND c.kind = 'person' AND c.parent_id IS NULL GROUP BY c.id ORDER BY c.id DESC LIMIT 1`).map((row) => row.id);
const at = `/api/v1/customers/${publicId("customer", person)}`;
const segments = Object.fromEntries(site.sql(`SELECT id, code FROM segment WHERE tenant_id = ${tenant}`).map((row) => [row.code, row.id]));
const [patients, clinics, homes] = ["patients", "clinics", "care_homes"].map((code) => ({ id: segments[code], public: publicId("segment", segments[code]) }));

test("a segment says how customers come into it, and a rule needs a condition and nothing else does", async () => {
	const post = (body) => owner("POST", "/api/v1/segments", body);
	refusedAt(await post({}), ["/name", "missing"]);
	refusedAt(await post({ name: "x", way: "rule" }), ["/way", "conditions"]);
	refusedAt(await post({ name: "x", way: "hand", tag: "vip" }), ["/way", "conditions"]);
	refusedAt(await post({ name: "x", way: "rest" }), ["/way", "taken"]);
	refusedAt(await post({ name: " ", way: "all", place: 1.5, kind: "dog", country: "de", postcode: "", tag: "a\nb", size: 0, code: "c", tenant: null }), ["/name", "length"], ["/way", "code"], ["/place", "number"],
		["/kind", "code"], ["/country", "code"], ["/postcode", "length"], ["/tag", "length"], ["/size", "number"], ["/code", "not_writable"], ["/tenant", "not_writable"]);
	const made = await post({ name: "Far", way: "rule", place: 7, country: "JP", postcode: "1", size: 3 });
	assert.equal(made.status, 201, made.text);
	const { id, way, place, country, postcode, size, kind, tag } = made.json;
	assert.deepEqual([way, place, country, postcode, size, kind, tag], ["rule", 7, "JP", "1", 3, null, null]);
	refusedAt(await patch(owner, `/api/v1/segments/${id}`, { country: null, postcode: null, size: null }), ["/way", "conditions"]);
	const hand = await patch(owner, `/api/v1/segments/${id}`, { way: "hand", country: null, postcode: null, size: null, name: "Farther" });
	assert.deepEqual([hand.status, hand.json.way, hand.json.name, hand.json.country], [200, "hand", "Farther", null]);
	assert.equal((await owner("DELETE", `/api/v1/segments/${id}`, "")).status, 204);
	isProblem(await owner("GET", `/api/v1/segments/${id}`), 404, "not_found");
	const foreign = publicId("segment", site.value("SELECT MIN(s.id) FROM segment s JOIN tenant n ON n.id = s.tenant_id WHERE n.slug = 'namudhaj'"));
	for (const method of ["GET", "DELETE"]) isProblem(await owner(method, `/api/v1/segments/${foreign}`, method === "GET" ? undefined : ""), 404, "not_found");
	await settled();
});

test("a segment that something uses stays, and the refusal says what uses it", async () => {
	const answer = await owner("DELETE", `/api/v1/segments/${clinics.public}`, "");
	isProblem(answer, 409, "segment_full");
	assert.match(answer.json.detail, /customers/);
	const { json } = await owner("POST", "/api/v1/segments", { name: "Empty" });
	const id = site.value("SELECT MAX(id) FROM segment");
	makeRole({ "customer.read": "subtree" }, [id]);
	assert.match((await owner("DELETE", `/api/v1/segments/${json.id}`, "")).json.detail, /roles/);
	site.sql(`DELETE FROM role_segment WHERE segment_id = ${id}`);
	site.sql(`UPDATE document SET segment_id = ${id} WHERE customer_id = ${person} LIMIT 1`);
	assert.match((await owner("DELETE", `/api/v1/segments/${json.id}`, "")).json.detail, /followed/);
	site.sql(`UPDATE document SET segment_id = ${patients.id} WHERE customer_id = ${person}`);
	assert.equal((await owner("DELETE", `/api/v1/segments/${json.id}`, "")).status, 204);
});

test("a customer put into a segment by hand stays there whatever the rules say, and its rows follow; null gives it back", async () => {
	isProblem(await owner("PATCH", at, { segment: clinics.public }), 428, "need_match");
	const moved = await patch(owner, at, { segment: clinics.public });
	assert.deepEqual([moved.status, moved.json.segment, moved.json.segment_by], [200, clinics.public, "hand"], moved.text);
	await settled();
	assert.equal(lag(), 0);
	site.sql(`INSERT INTO customer_due (task, of_id) VALUES ('tenant', ${tenant}), ('rules', ${person})`);
	await settled();
	assert.equal(segmentOf(person), clinics.id);
	assert.equal((await patch(owner, at, { segment: null })).json.segment_by, "rule");
	await settled();
	assert.equal(segmentOf(person), patients.id);
	assert.equal(lag(), 0);
	refusedAt(await patch(owner, at, { segment: "seg_x", agent: 1, tags: "a", name: "x" }), ["/name", "not_writable"]);
	refusedAt(await patch(owner, at, { segment: publicId("segment", site.value(`SELECT MIN(id) FROM segment WHERE tenant_id <> ${tenant}`)) }), ["/segment", "unknown"]);
});

test("the first rule whose conditions all hold takes the customer: kind, region, tag and size", async () => {
	const party = site.sql(`SELECT p.country, p.postcode FROM customer c JOIN party p ON p.id = c.party_id WHERE c.id = ${person}`)[0];
	const size = Number(site.value(`SELECT COUNT(*) FROM subscription WHERE customer_id = ${person} AND state = 'active'`));
	const { json } = await owner("POST", "/api/v1/segments", { name: "Chosen", way: "rule", place: 0, kind: "person", tag: "Night shift" });
	const chosen = site.value("SELECT MAX(id) FROM segment"), segment = `/api/v1/segments/${json.id}`;
	const tagged = await patch(owner, at, { tags: ["night shift", "b"] });
	assert.deepEqual(tagged.json.tags, ["b", "night shift"], tagged.text);
	const ends = async (change, where) => {
		if (change) assert.equal((await patch(owner, segment, change)).status, 200);
		await settled();
		assert.equal(segmentOf(person), where, JSON.stringify(change));
	};
	await ends(null, chosen);
	await ends({ country: party.country, postcode: party.postcode.slice(0, 3), size }, chosen);
	await ends({ size: size + 1 }, patients.id);
	await ends({ size }, chosen);
	await ends({ postcode: "9" }, patients.id);
	await ends({ postcode: null, country: "FR" }, patients.id);
	await ends({ country: null, kind: "clinic" }, patients.id);
	await ends({ kind: "person", size: null }, chosen);
	assert.equal(site.value(`SELECT COUNT(*) FROM customer WHERE segment_id = ${chosen}`), "1", "nobody else has the tag");
	// Another one with a lower place comes first.
	const other = await owner("POST", "/api/v1/segments", { name: "Before", way: "rule", place: 5, kind: "person", tag: "b" });
	await ends({ place: 6 }, site.value("SELECT MAX(id) FROM segment"));
	await patch(owner, at, { tags: ["night shift"] });
	await ends(null, chosen);
	await patch(owner, at, { tags: [] });
	await ends(null, patients.id);
	assert.equal(lag(), 0);
	for (const id of [json.id, other.json.id]) assert.equal((await owner("DELETE", `/api/v1/segments/${id}`, "")).status, 204);
	await settled();
});

test("who is kept to segments moves customers between those alone, and makes, changes and takes away none", async () => {
	const grants = { "customer.read": "subtree", "customer.classify": "tenant", "segment.read": "tenant", "segment.create": "tenant", "segment.edit": "tenant", "segment.delete": "tenant", "user.read": "tenant" };
	const kept = await somebody(makeRole(grants, [patients.id, clinics.id])), free = await somebody(makeRole(grants));
	refusedAt(await patch(kept.ask, at, { segment: homes.public }), ["/segment", "unknown"]);
	refusedAt(await patch(kept.ask, at, { segment: null }), ["/segment", "own"]);
	refusedAt(await patch(kept.ask, at, { tags: ["a"] }), ["/tags", "own"]);
	assert.equal(segmentOf(person), patients.id);
	assert.equal((await patch(kept.ask, at, { segment: clinics.public })).status, 200);
	assert.equal((await patch(free.ask, at, { segment: homes.public })).status, 200);
	isProblem(await patch(kept.ask, at, { segment: clinics.public }), 404, "not_found");
	for (const [method, path_, body] of [["GET", "segments"], ["POST", "segments", { name: "x" }], ["PATCH", `segments/${clinics.public}`, { name: "x" }], ["DELETE", `segments/${clinics.public}`, ""]])
		isProblem(await kept.ask(method, `/api/v1/${path_}`, body, { "If-Match": '"x"' }), 403, "forbidden");
	assert.equal((await patch(free.ask, at, { segment: null })).status, 200);
	await settled();
	assert.equal(segmentOf(person), patients.id);
});

test("who looks after customers sees those and nothing of others, and nobody elsewhere can be made to", async () => {
	const agent = await somebody(builtIn("reseller_agent")), stranger = await somebody(builtIn("reseller_agent"));
	for (const list of ["customers", "accounts", "documents", "payments", "subscriptions"]) assert.deepEqual(await all(agent.get, list), [], list);
	const put = await patch(owner, at, { agent: publicId("user", agent.id) });
	assert.deepEqual([put.status, put.json.agent, put.json.agent_name], [200, publicId("user", agent.id), "Staff"], put.text);
	await settled();
	const counts = () => Object.fromEntries(FOLLOWERS.map((table) => [`${table}s`, Number(site.value(`SELECT COUNT(*) FROM ${table} WHERE customer_id = ${person}`))]));
	for (const [list, n] of Object.entries(counts())) {
		assert.equal((await all(agent.get, list)).length, n, list);
		assert.equal((await all(stranger.get, list)).length, 0, list);
	}
	assert.deepEqual((await all(agent.get, "customers")).map((row) => row.id), [publicId("customer", person)]);
	const bill = (await all(agent.get, "documents"))[0].id;
	for (const [of, status] of [[agent, 200], [stranger, 404]])
		for (const path_ of [`documents/${bill}`, `documents/${bill}/html`, `documents/${bill}/pdf`]) assert.equal((await of.get("GET", `/api/v1/${path_}`)).status, status, path_);
	// A row that has not followed is nobody's: not the old one's, and not yet the new one's.
	hold();
	assert.equal((await patch(owner, at, { agent: publicId("user", stranger.id) })).status, 200);
	for (const of of [agent, stranger]) {
		assert.equal((await all(of.get, "documents")).length, 0);
		isProblem(await of.get("GET", `/api/v1/documents/${bill}`), 404, "not_found");
	}
	release();
	await settled();
	assert.equal((await all(stranger.get, "documents")).length, counts().documents);
	const other = site.value("SELECT id FROM user WHERE email = 'owner@nordmuster.example'"), patient = site.value(`SELECT MIN(id) FROM user WHERE customer_id IS NOT NULL AND tenant_id = ${tenant}`);
	for (const id of [other, patient, 999999]) refusedAt(await patch(owner, at, { agent: publicId("user", id) }), ["/agent", "unknown"]);
	assert.equal((await patch(owner, at, { agent: null })).json.agent, null);
	await settled();
	assert.deepEqual(await all(stranger.get, "customers"), []);
});

test("the head of a group sees the group, a member itself alone, and rows that have not followed are hidden", async () => {
	const [{ head }] = site.sql(`SELECT parent_id AS head FROM customer WHERE tenant_id = ${tenant} AND parent_id IS NOT NULL LIMIT 1`);
	const members = site.sql(`SELECT id FROM customer WHERE parent_id = ${head}`).map((row) => row.id), role = builtIn("customer_group");
	const group = await somebody(role, head), member = await somebody(role, members[0]), alone = await somebody(role, person);
	const within = (ids) => Number(site.value(`SELECT COUNT(*) FROM document WHERE customer_id IN (${ids})`));
	const sees = async (of, ids) => {
		assert.deepEqual((await all(of.get, "customers")).map((row) => row.id).sort(), ids.map((id) => publicId("customer", id)).sort());
		assert.equal((await all(of.get, "documents")).length, within(ids));
	};
	await sees(group, [head, ...members]);
	await sees(member, [members[0]]);
	await sees(alone, [person]);
	isProblem(await member.get("GET", `/api/v1/customers/${publicId("customer", head)}`), 404, "not_found");
	hold();
	site.sql(`UPDATE customer SET parent_id = ${head} WHERE id = ${person}`);
	assert.equal((await all(group.get, "documents")).length, within([head, ...members]), "it has not come yet");
	release();
	await settled();
	await sees(group, [head, ...members, person]);
	await sees(alone, [person]);
	hold();
	site.sql(`UPDATE customer SET parent_id = NULL WHERE id = ${person}`);
	assert.equal((await all(group.get, "documents")).length, within([head, ...members]), "it has gone at once");
	for (const [list, table] of [["documents", "document"], ["customers", "customer"]])
		isProblem(await group.get("GET", `/api/v1/${list}/${publicId(table, site.value(`SELECT MIN(id) FROM ${table} WHERE ${table === "customer" ? "id" : "customer_id"} = ${person}`))}`), 404, "not_found");
	release();
	await settled();
	assert.equal(lag(), 0);
	// A group is a head and its members, of one tenant.
	const foreign = site.value(`SELECT MIN(id) FROM customer WHERE tenant_id <> ${tenant}`);
	for (const [id, parent] of [[head, person], [person, members[0]], [person, person], [person, foreign]])
		assert.throws(() => site.sql(`UPDATE customer SET parent_id = ${parent} WHERE id = ${id}`), /a head and its members/);
	assert.ok(users(site).some((user) => user.role === "customer_group"), "the demo has one");
});

/** Seven hundred more customers, each with an account and some bills; three hundred of them have a tag. */
function more() {
	const model = site.sql(`SELECT c.id, c.party_id, a.id AS account FROM customer c JOIN account a ON a.customer_id = c.id WHERE c.id = ${person}`)[0];
	const [customer, account] = ["customer", "account"].map((table) => Number(site.value(`SELECT MAX(id) FROM ${table}`)));
	site.sql(`INSERT INTO customer (id, tenant_id, a1, a2, a3, a4, segment_id, party_id, number, name, kind, language, since)
		SELECT ${customer} + seq, c.tenant_id, c.a1, c.a2, c.a3, c.a4, c.segment_id, c.party_id, CONCAT('MUSTP-M', seq), CONCAT('More ', seq), c.kind, 'de', c.since FROM seq_1_to_700 JOIN customer c ON c.id = ${model.id};
	INSERT INTO account (id, tenant_id, customer_id, segment_id, number, currency) SELECT ${account} + seq, ${tenant}, ${customer} + seq, ${patients.id}, CONCAT('MUSTP-AM', seq), 'EUR' FROM seq_1_to_700;
	INSERT INTO document (tenant_id, a1, a2, a3, a4, customer_id, segment_id, account_id, kind, number, issue_date, due_date, period_start, period_end, language, currency, net, tax, gross, seller_party_id, buyer_party_id, brand_id)
		SELECT d.tenant_id, d.a1, d.a2, d.a3, d.a4, ${customer} + s.seq, ${patients.id}, ${account} + s.seq, 'invoice', CONCAT('MUSTP-M-', s.seq, '-', n.seq), d.issue_date, d.due_date, d.period_start, d.period_end, 'de', 'EUR', 1, 0, 1, d.seller_party_id, d.buyer_party_id, d.brand_id
		FROM seq_1_to_700 s JOIN seq_1_to_6 n JOIN document d ON d.id = (SELECT MIN(id) FROM document WHERE customer_id = ${model.id});
	INSERT INTO customer_tag SELECT ${customer} + seq, 'kill' FROM seq_1_to_300`);
}

const jobs = () => Number(fs.readFileSync(path.join(site.var, "run", "jobs.pid"), "utf8"));
const alive = (pid) => fs.existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
/** All that rules and what follows them change. */
const picture = () => [site.sql(`SELECT id, segment_id, group_id, agent_id FROM customer ORDER BY id`), ...FOLLOWERS.map((table) => site.sql(`SELECT id, segment_id, group_id, agent_id FROM ${table} ORDER BY id`))];

test("a rule changes while portico-jobs is killed: the end is the same, and on the way nobody sees what is not theirs", async (t) => {
	more();
	const before = picture();
	const { json } = await owner("POST", "/api/v1/segments", { name: "Killed", way: "rule", kind: "person", tag: "kill" });
	const to = site.value("SELECT MAX(id) FROM segment"), at_ = `/api/v1/segments/${json.id}`;
	const change = async (tag) => assert.equal((await patch(owner, at_, { tag })).status, 200);
	await settled();
	const undisturbed = picture();
	assert.equal(site.value(`SELECT COUNT(*) FROM customer WHERE segment_id = ${to}`), "300");
	await change("nobody");
	await settled();
	assert.deepEqual(picture(), before, "the other way takes all of them back");

	const [old, young] = await Promise.all([patients.id, to].map((segment) => somebody(makeRole({ "customer.read": "subtree", "document.read": "tenant" }, [segment]))));
	const ids = site.sql("SELECT id FROM customer").map((row) => row.id), sealed = new Map(ids.map((id, i) => [id, i]));
	assert.ok(sealed.size > 700);
	const there = () => new Set(site.sql(`SELECT d.number FROM document d JOIN customer c ON c.id = d.customer_id WHERE c.segment_id = ${to}`).map((row) => row.number));
	let looks = 0, shown = 0;
	/** Customers go one way: who is not there before a look can still be seen at the old place, and who is there behind it at the new one. */
	const look = async () => {
		const gone = there();
		const seenOld = await all(old.get, "documents"), seenYoung = await all(young.get, "documents"), arrived = there();
		for (const row of seenOld) assert.ok(!gone.has(row.number), `${row.number} has left`);
		for (const row of seenYoung) assert.ok(arrived.has(row.number), `${row.number} has not come`);
		looks++;
		shown += seenYoung.length;
	};
	await change("kill");
	let kills = 0;
	for (const half of [() => site.value(`SELECT COUNT(*) FROM customer WHERE segment_id = ${to}`) !== "0", () => lag() < 1700 && lag() > 0, () => lag() < 900 && lag() > 0]) {
		await until("it is in the middle", () => half() || due() === 0, 60000);
		if (due() === 0) break;
		process.kill(jobs(), "SIGKILL");
		await until("it has ended", () => !alive(jobs()));
		kills++;
		await look();
		// The lease of who was killed runs out by itself; here it is not waited for.
		site.sql("DELETE FROM lease WHERE name = 'follow'");
		await site.run("start");
	}
	await look();
	await settled();
	await look();
	assert.ok(kills >= 1, "it was over before it could be killed");
	assert.deepEqual(picture(), undisturbed);
	t.diagnostic(`killed ${kills} times; ${looks} looks, ${shown} rows at the new place`);
});

clean(site);
