// What people do with their own access: see where they are signed in, end that, and how long it lasts.
// Each test takes users of its own, as others keep their sessions for all files.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ask } from "../lib/http.mjs";
import { clean, instance, root } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { cookieOf, forgive, fresh, json, password, sameOrigin, signIn, stillWaiting, user, users } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance();
const { check } = await openapi(site);
const seal = sealer(site, vocabulary());
const reseller = user(site, "owner@namudhaj.example");
const [patient, other] = users(site).filter((u) => u.portal === "customer" && u.host === reseller.host);
const admin = user(site, "admin@pneumuster.example");

/** A request with a session; what writes says that it comes from the same site. */
const as = (who, cookie) => (method, path, body) => ask(site, method, `/api/v1/${path}`,
	{ host: who.host, headers: { Cookie: cookie, ...sameOrigin, ...(body ? json : {}) }, body: body && JSON.stringify(body) });
const row = (cookie) => `token_hash = UNHEX('${createHash("sha256").update(cookie.split("=")[1]).digest("hex")}')`;
const idOf = (cookie) => seal("session", site.value(`SELECT id FROM session WHERE ${row(cookie)}`));
const alive = async (who, cookie) => (await as(who, cookie)("GET", "session")).status === 200;
const lastAudit = () => site.sql("SELECT * FROM audit ORDER BY id DESC LIMIT 1")[0];

test("a user sees the own sessions and no one else's, newest first, and which one asks", async () => {
	site.sql(`DELETE s FROM session s JOIN user u ON u.id = s.user_id WHERE u.email = '${patient.email}'`);
	const first = await fresh(site, patient), second = await fresh(site, patient);
	const foreign = await fresh(site, other);
	site.sql(`UPDATE session SET created = created - INTERVAL 1 MINUTE WHERE ${row(first)}`);
	const answer = await as(patient, first)("GET", "sessions");
	assert.equal(answer.status, 200, answer.text);
	check("GET", "/api/v1/sessions", answer);
	assert.deepEqual(answer.json.data.map((s) => [s.id, s.current]), [[idOf(second), false], [idOf(first), true]]);
	assert.equal(answer.text.includes(idOf(foreign)), false);
	for (const one of answer.json.data) assert.deepEqual(Object.keys(one), ["id", "created", "seen", "current"]);
	for (const cookie of [first, second]) {
		const token = cookie.split("=")[1];
		assert.equal(answer.text.includes(token) || answer.text.includes(row(cookie).slice(20, -2)), false, "nothing of the token");
	}
});

test("a session that has ended by its limits is not in the list", async () => {
	const mine = await fresh(site, patient), old = await fresh(site, patient);
	const listed = async () => (await as(patient, mine)("GET", "sessions")).json.data.map((s) => s.id);
	for (const past of ["seen = UTC_TIMESTAMP() - INTERVAL 43201 SECOND", "seen = UTC_TIMESTAMP(), created = UTC_TIMESTAMP() - INTERVAL 604801 SECOND",
		"created = UTC_TIMESTAMP(), ends = UTC_TIMESTAMP() - INTERVAL 1 SECOND"]) {
		site.sql(`UPDATE session SET seen = UTC_TIMESTAMP(), created = UTC_TIMESTAMP(), ends = UTC_TIMESTAMP() + INTERVAL 1 DAY WHERE ${row(old)}`);
		assert.ok((await listed()).includes(idOf(old)));
		site.sql(`UPDATE session SET ${past} WHERE ${row(old)}`);
		assert.ok(!(await listed()).includes(idOf(old)), past);
	}
});

test("one of one's sessions can be ended, by its id and at once, and it is written down", async () => {
	const mine = await fresh(site, patient), lost = await fresh(site, patient);
	const id = idOf(lost), number = site.value(`SELECT id FROM session WHERE ${row(lost)}`);
	const answer = await as(patient, mine)("DELETE", `sessions/${id}`);
	assert.equal(answer.status, 204, answer.text);
	check("DELETE", "/api/v1/sessions/{id}", answer);
	assert.equal(await alive(patient, lost), false);
	assert.equal(await alive(patient, mine), true);
	assert.deepEqual([lastAudit().action, lastAudit().object_id], ["session.end", number]);
	isProblem(await as(patient, mine)("DELETE", `sessions/${id}`), 404, "not_found");
});

test("nobody ends a session of somebody else, not even of the same customer's reseller", async () => {
	const theirs = await fresh(site, other);
	for (const who of [patient, reseller, admin]) {
		const cookie = await fresh(site, who);
		isProblem(await as(who, cookie)("DELETE", `sessions/${idOf(theirs)}`), 404, "not_found");
	}
	assert.equal(await alive(other, theirs), true);
});

test("signing out everywhere else leaves this session and those of others", async () => {
	const mine = await fresh(site, patient), here = await fresh(site, patient), there = await fresh(site, patient);
	const theirs = await fresh(site, other);
	const answer = await as(patient, mine)("DELETE", "sessions");
	assert.equal(answer.status, 204, answer.text);
	assert.deepEqual([await alive(patient, mine), await alive(patient, here), await alive(patient, there), await alive(other, theirs)], [true, false, false, true]);
	assert.deepEqual((await as(patient, mine)("GET", "sessions")).json.data.map((s) => s.current), [true]);
	assert.deepEqual([lastAudit().action, lastAudit().detail], ["session.end", "all others"]);
});

test("ending sessions needs the proof that this site asks", async () => {
	const mine = await fresh(site, patient), there = await fresh(site, patient);
	for (const path of ["sessions", `sessions/${idOf(there)}`])
		isProblem(await ask(site, "DELETE", `/api/v1/${path}`, { host: patient.host, headers: { Cookie: mine, "Sec-Fetch-Site": "cross-site" } }), 403, "not_same_origin");
	assert.equal(await alive(patient, there), true);
});

// Idle and longest, as fcgi/base/conf.def has them.
for (const [kind, who, idle, longest] of [["the provider's people", admin, 1800, 43200], ["a reseller's people", reseller, 7200, 86400], ["customers", patient, 43200, 604800]])
	test(`${kind} are out after ${idle} s without use and after ${longest} s in any case`, async () => {
		const cookie = cookieOf(await signIn(site, who));
		const set = (what) => site.sql(`UPDATE session SET seen = UTC_TIMESTAMP(), created = UTC_TIMESTAMP(), ${what} WHERE ${row(cookie)}`);
		const near = 20; // seconds, more than a request takes
		assert.equal(Number(site.value(`SELECT TIMESTAMPDIFF(SECOND, created, ends) FROM session WHERE ${row(cookie)}`)), longest);
		set(`seen = UTC_TIMESTAMP() - INTERVAL ${idle + 1} SECOND`);
		assert.equal(await alive(who, cookie), false, "unused for too long");
		set(`seen = UTC_TIMESTAMP() - INTERVAL ${idle - near} SECOND`);
		assert.equal(await alive(who, cookie), true, "unused, but not for too long");
		assert.ok(Number(site.value(`SELECT TIMESTAMPDIFF(SECOND, seen, UTC_TIMESTAMP()) FROM session WHERE ${row(cookie)}`)) < near, "use counts");
		set(`created = UTC_TIMESTAMP() - INTERVAL ${longest + 1} SECOND`);
		assert.equal(await alive(who, cookie), false, "too old, however much it is used");
		set(`created = UTC_TIMESTAMP() - INTERVAL ${longest - near} SECOND`);
		assert.equal(await alive(who, cookie), true, "old, but not too old");
	});

/** A user that only this file has, with the demo's password. */
let made = 0;
function own(customer = true) {
	const email = `own${++made}-${Date.now()}@namudhaj.example`;
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, state)
		SELECT tenant_id, customer_id, role_id, '${email}', 'Own ${made}', language, password, 'active' FROM user WHERE email = '${(customer ? patient : reseller).email}'`);
	return { email, host: reseller.host };
}
const stored = (who) => site.value(`SELECT password FROM user WHERE email = '${who.email}'`);
const good = "a lamp behind nine boats";

test("a password is changed with the present one, and from then on only the new one opens", async () => {
	const who = own(), cookie = await fresh(site, who), before = stored(who);
	const answer = await as(who, cookie)("POST", "password", { current: password, new: good });
	assert.equal(answer.status, 200, answer.text);
	check("POST", "/api/v1/password", answer);
	assert.equal(answer.json.user.email, who.email);
	assert.match(stored(who), /^scrypt\$15\$8\$3\$[0-9a-f]{32}\$[0-9a-f]{64}$/);
	assert.notEqual(stored(who), before);
	isProblem(await signIn(site, who), 401, "login_failed");
	assert.equal((await signIn(site, who, good)).status, 200);
});

test("a change of password ends all other sessions and gives this one another token", async () => {
	const who = own(), cookie = await fresh(site, who), elsewhere = await fresh(site, who), theirs = await fresh(site, other);
	const answer = await as(who, cookie)("POST", "password", { current: password, new: good });
	const renewed = cookieOf(answer);
	assert.notEqual(renewed, cookie);
	assert.deepEqual([await alive(who, cookie), await alive(who, elsewhere), await alive(who, renewed), await alive(other, theirs)], [false, false, true, true]);
	assert.deepEqual((await as(who, renewed)("GET", "sessions")).json.data.map((s) => s.current), [true]);
});

test("a change of password is written down, and so is one that was refused, without the passwords", async () => {
	const who = own(), cookie = await fresh(site, who), id = site.value(`SELECT id FROM user WHERE email = '${who.email}'`);
	await as(who, cookie)("POST", "password", { current: "not the present one", new: good });
	assert.deepEqual([lastAudit().action, lastAudit().user_id, lastAudit().object_id], ["password_change.refused", id, id]);
	await as(who, cookie)("POST", "password", { current: password, new: good });
	assert.deepEqual([lastAudit().action, lastAudit().user_id, lastAudit().object_id], ["password_change", id, id]);
	for (const text of [good, "not the present one"]) assert.equal(JSON.stringify(site.sql("SELECT * FROM audit ORDER BY id DESC LIMIT 5")).includes(text) || site.log("worker").includes(text), false);
});

test("a password that is too short, known, the e-mail address or the present one is refused, and nothing changes", async () => {
	const who = own(), cookie = await fresh(site, who), before = stored(who);
	for (const [secret, code] of [["elevenchars", "length"], ["ä".repeat(11), "length"], ["x".repeat(201), "length"], ["", "length"],
		[who.email, "email"], [who.email.toUpperCase(), "email"], ["password1234", "listed"], ["PassWord1234", "listed"], ["123456789012", "listed"], ["p@ssw0rd2024", "listed"],
		["qwertyuiopqw", "listed"], ["aaaaaaaaaaaa", "listed"], ["iloveyou-sunshine", "listed"], ["motdepasse2026!", "listed"]]) {
		const answer = await as(who, cookie)("POST", "password", { current: password, new: secret });
		assert.deepEqual(isProblem(answer, 422, "invalid").errors.map((e) => [e.pointer, e.code]), [["/new", code]], secret);
		check("POST", "/api/v1/password", answer);
	}
	const same = await as(who, cookie)("POST", "password", { current: "four words of the present", new: "four words of the present" });
	assert.deepEqual(isProblem(same, 422, "invalid").errors.map((e) => [e.pointer, e.code]), [["/new", "same"]]);
	assert.equal(stored(who), before);
	assert.equal(await alive(who, cookie), true);
	for (const secret of ["twelve chars", "ä".repeat(12), "見本のとても長い言葉です。"]) {
		const one = own(), answer = await as(one, await fresh(site, one))("POST", "password", { current: password, new: secret });
		assert.equal(answer.status, 200, `${secret} ${answer.text}`);
		assert.equal((await signIn(site, one, secret)).status, 200);
	}
});

test("the present password must be right, and cannot be guessed with a session", async () => {
	forgive(site);
	const who = own(), cookie = await fresh(site, who), before = stored(who);
	const tries = (n, from) => ask(site, "POST", "/api/v1/password", { host: who.host, from, headers: { Cookie: cookie, ...sameOrigin, ...json }, body: JSON.stringify({ current: `wrong ${n}`, new: good }) });
	for (let n = 0; n < 5; n++)
		assert.deepEqual(isProblem(await tries(n), 422, "invalid").errors.map((e) => [e.pointer, e.code]), [["/current", "wrong"]]);
	site.sql(stillWaiting);
	isProblem(await tries(5), 429, "too_many");
	isProblem(await as(who, cookie)("POST", "password", { current: password, new: good }), 429, "too_many"); // not even with the right one
	assert.equal(stored(who), before);
	assert.equal(await alive(who, cookie), true);
	assert.equal((await ask(site, "POST", "/api/v1/session", { host: who.host, headers: { ...sameOrigin, ...json }, body: JSON.stringify({ email: who.email, password }) })).status, 200, "signing in is counted by itself");
	forgive(site);
});

test("a password is changed by who is signed in, on this site, with exactly these members", async () => {
	const who = own(), cookie = await fresh(site, who), body = JSON.stringify({ current: password, new: good });
	isProblem(await ask(site, "POST", "/api/v1/password", { host: who.host, headers: { ...json, ...sameOrigin }, body }), 401, "not_signed_in");
	isProblem(await ask(site, "POST", "/api/v1/password", { host: who.host, headers: { ...json, Cookie: cookie, "Sec-Fetch-Site": "same-site" }, body }), 403, "not_same_origin");
	for (const [wrong, pointer] of [[{ current: password }, "/new"], [{ new: good }, "/current"], [{ current: password, new: good, user: "x" }, "/user"], [{ current: password, new: 7 }, "/new"]])
		assert.deepEqual(isProblem(await as(who, cookie)("POST", "password", wrong), 422, "invalid").errors.map((e) => e.pointer), [pointer]);
	assert.equal(await alive(who, cookie), true);
});

/** POST /api/v1/session from an address of one's own, without the patience of signIn. */
const knock = (who, secret = "wrong", from = "127.0.0.1") => ask(site, "POST", "/api/v1/session",
	{ host: who.host, from, headers: { ...json, ...sameOrigin }, body: JSON.stringify({ email: who.email, password: secret }) });
/** The last failures were so many seconds ago. */
const ago = (seconds) => site.sql(`UPDATE attempt SET last = UTC_TIMESTAMP() - INTERVAL ${seconds} SECOND`);
/** 1: of accounts from an address, 2: of accounts, 3: of addresses. */
const failures = (kind) => site.sql(`SELECT failures FROM attempt WHERE kind = ${kind}`).map((r) => Number(r.failures));
const waits = (answer) => (isProblem(answer, 429, "too_many"), Number(answer.headers["retry-after"]));

test("after five wrong passwords the sixth waits, longer each time but a minute at most, and is not even looked at", async () => {
	forgive(site);
	const who = own();
	for (let n = 0; n < 5; n++) isProblem(await knock(who), 401, "login_failed");
	for (const [n, longest] of [1, 2, 4, 8, 16, 32, 60, 60].entries()) {
		const from = Date.now() / 1000;
		site.sql(stillWaiting);
		const wait = waits(await knock(who)) - 3600, passed = Date.now() / 1000 - from;
		assert.ok(wait > longest - 1 - passed && wait <= longest, `after ${5 + n}: ${wait} s, not ${longest} s`);
		assert.ok(waits(await knock(who, password)) > 0, "the right password waits too");
		assert.deepEqual(failures(1), [5 + n], "what waits is no failure");
		ago(longest + 5);
		isProblem(await knock(who), 401, "login_failed");
	}
});

test("the right password after the wait lets in, and the count begins anew", async () => {
	forgive(site);
	const who = own();
	for (let n = 0; n < 5; n++) await knock(who);
	site.sql(stillWaiting);
	assert.ok(waits(await knock(who, password)) > 0);
	ago(3);
	assert.equal((await knock(who, password)).status, 200);
	assert.deepEqual(failures(1), []);
	for (let n = 0; n < 5; n++) isProblem(await knock(who), 401, "login_failed");
	site.sql(stillWaiting);
	assert.ok(waits(await knock(who)) > 0);
});

test("an account that there is and one that there is not wait alike, however the name is written", async () => {
	forgive(site);
	const known = own(), unknown = { host: known.host, email: "nobody-of-that-name@namudhaj.example" };
	const faces = (email) => [email, email.toUpperCase(), email.replace("o", "O"), email.replace("n", "ñ"), `${email} `];
	const answers = [];
	for (const who of [known, unknown]) {
		for (const email of faces(who.email)) isProblem(await knock({ ...who, email }), 401, "login_failed");
		site.sql(stillWaiting);
		answers.push(await knock(who));
		assert.ok(waits(answers.at(-1)) > 0, who.email);
	}
	const plain = (answer) => [answer.status, answer.text.replace(/"trace":"[0-9a-f]{16}"/, "").replace(/\d+ seconds/, ""), Object.keys(answer.headers).sort()];
	assert.deepEqual(plain(answers[0]), plain(answers[1]));
});

test("an address that tries many accounts waits, and others do not wait for it", async () => {
	forgive(site);
	const victim = own();
	isProblem(await knock(victim, "wrong", "127.1.0.1"), 401, "login_failed");
	site.sql("UPDATE attempt SET failures = 49 WHERE kind = 3"); // as if on 49 accounts
	isProblem(await knock(own(), "wrong", "127.1.0.1"), 401, "login_failed");
	site.sql(stillWaiting);
	assert.ok(waits(await knock(own(), "wrong", "127.1.0.1")) > 0, "an account that it has not tried yet");
	assert.equal((await knock(own(), password, "127.1.0.2")).status, 200);
});

test("an account that is attacked from many addresses lets its owner in from an address that it knows, and only from there", async () => {
	forgive(site);
	const owner = own(), home = "127.2.0.1";
	assert.equal((await knock(owner, password, home)).status, 200);
	for (let n = 0; n < 20; n++) isProblem(await knock(owner, "wrong", `127.3.0.${n + 1}`), 401, "login_failed");
	site.sql(stillWaiting);
	assert.ok(waits(await knock(owner, password, "127.3.1.1")) > 0, "an address that never was there");
	assert.equal((await knock(owner, password, home)).status, 200, "the owner's");
	ago(70);
	assert.equal((await knock(owner, password, "127.3.1.1")).status, 200, "nobody is locked out");
});

test("wrong passwords are forgotten, one in three minutes", async () => {
	forgive(site);
	const who = own();
	for (let n = 0; n < 4; n++) await knock(who);
	ago(3 * 180);
	await knock(who);
	assert.deepEqual(failures(1), [2]);
});

test("neither an address nor a name that was tried is kept in the clear", async () => {
	forgive(site);
	const who = own();
	assert.equal((await knock(who, password, "127.4.5.6")).status, 200);
	await knock({ ...who, email: "typed-in-the-wrong-field" }, "wrong", "127.4.5.6");
	const text = JSON.stringify(site.sql("SELECT HEX(hash) AS h, CONVERT(hash USING latin1) AS c FROM attempt UNION ALL SELECT HEX(hash), CONVERT(hash USING latin1) FROM known_address"));
	for (const part of ["127.4.5.6", Buffer.from("127.4.5.6").toString("hex").toUpperCase(), "7F040506", "typed-in"]) assert.equal(text.includes(part), false, part);
	const plain = createHash("sha256").update(Buffer.from([127, 4, 5, 6])).digest("hex").toUpperCase();
	assert.equal(text.includes(plain), false, "a hash without a key would be found by trying all addresses");
});

/** The text of a statement that portico-jobs runs, at this moment. */
const chore = (name) => new RegExp(`-- name: ${name}\n-- guard: admin\n([^]*?)(?=\n-- name|$)`).exec(fs.readFileSync(path.join(root, "schema/query/attempt.sql"), "utf8"))[1].replaceAll(":now", "UTC_TIMESTAMP()");

test("wrong passwords are swept after a day, known addresses after half a year", () => {
	const who = own(), id = site.value(`SELECT id FROM user WHERE email = '${who.email}'`);
	site.sql("INSERT INTO attempt VALUES (1, REPEAT('a', 32), 9, UTC_TIMESTAMP() - INTERVAL 25 HOUR), (1, REPEAT('b', 32), 9, UTC_TIMESTAMP() - INTERVAL 23 HOUR)");
	site.sql(`INSERT INTO known_address VALUES (${id}, REPEAT('a', 32), UTC_TIMESTAMP() - INTERVAL 181 DAY), (${id}, REPEAT('b', 32), UTC_TIMESTAMP() - INTERVAL 179 DAY)`);
	site.sql(chore("attempt_sweep"));
	site.sql(chore("known_sweep"));
	assert.deepEqual(site.sql("SELECT CONVERT(hash USING latin1) AS hash FROM attempt WHERE hash IN (REPEAT('a', 32), REPEAT('b', 32))"), [{ hash: "b".repeat(32) }]);
	assert.deepEqual(site.sql(`SELECT CONVERT(hash USING latin1) AS hash FROM known_address WHERE user_id = ${id}`), [{ hash: "b".repeat(32) }]);
	forgive(site);
});

clean(site);
