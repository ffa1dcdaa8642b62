// Signing in and out, and what a session is worth: where, for whom and for how long.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ask } from "../lib/http.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem, openapi, traceless } from "../lib/openapi.mjs";
import { cookieOf, forgive, fresh, json, password, sameOrigin, signIn, user, users } from "../lib/users.mjs";

const site = await instance();
const dealer = user(site, "owner@musterplatz.example");
const patient = users(site).find((u) => u.portal === "customer" && u.host === dealer.host);
const admin = user(site, "admin@pneumuster.example");

const who = (cookie, host) => ask(site, "GET", "/api/v1/session", { host, headers: { Cookie: cookie } });
const signOut = (cookie, host, headers = sameOrigin) => ask(site, "DELETE", "/api/v1/session", { host, headers: { Cookie: cookie, ...headers } });
const hashOf = (cookie) => createHash("sha256").update(cookie.split("=")[1]).digest("hex");

test("signing in says who one is, and so does GET", async () => {
	for (const one of [admin, dealer, patient]) {
		const answer = await signIn(site, one);
		assert.equal(answer.status, 200, answer.text);
		assert.equal(answer.json.user.email, one.email);
		assert.equal(answer.json.user.role, one.role);
		assert.equal(answer.json.portal, one.portal);
		assert.equal(answer.json.tenant.name, one.tenant);
		assert.equal("customer" in answer.json, one.portal === "customer");
		const again = await who(cookieOf(answer), one.host);
		assert.equal(again.status, 200);
		assert.deepEqual(again.json, answer.json);
	}
});

test("the cookie is for this host, for HTTP alone and for this site alone", async () => {
	const answer = await signIn(site, dealer);
	assert.equal(answer.headers["set-cookie"].length, 1);
	const [pair, ...attributes] = answer.headers["set-cookie"][0].split("; ");
	assert.match(pair, /^session=[0-9a-f]{64}$/);
	assert.deepEqual(attributes.sort(), ["HttpOnly", "Max-Age=86400", "Path=/", "SameSite=Strict"]);
	assert.equal(answer.headers["cache-control"]?.includes("no-cache") || answer.headers["cache-control"]?.includes("no-store"), true);
});

test("only the hash of a token is kept", async () => {
	const cookie = await fresh(site, dealer);
	const token = cookie.split("=")[1];
	assert.equal(site.value(`SELECT COUNT(*) FROM session WHERE token_hash = UNHEX('${hashOf(cookie)}') AND host = '${dealer.host}'`), "1");
	assert.equal(site.value(`SELECT COUNT(*) FROM session WHERE HEX(token_hash) LIKE '%${token.slice(0, 32)}%'`), "0");
	assert.equal(site.log("worker").includes(token), false);
});

test("a wrong password and an unknown user get the same answer", async () => {
	const host = dealer.host;
	const answers = [
		await signIn(site, dealer, "wrong"),
		await signIn(site, { host, email: "nobody@musterplatz.example" }),
		await signIn(site, { host, email: admin.email }), // of another tenant, with the right password
		await signIn(site, { host, email: "x".repeat(200) }),
		await signIn(site, { host, email: "' OR 1=1 -- " }),
		await signIn(site, { host: "specimen-sleep.localhost", email: dealer.email }),
	];
	for (const answer of answers) {
		isProblem(answer, 401, "login_failed");
		assert.equal(traceless(answer), traceless(answers[0]));
		assert.equal(answer.headers["set-cookie"], undefined);
		assert.deepEqual(Object.keys(answer.headers).sort(), Object.keys(answers[0].headers).sort());
	}
});

/** Takes all slots for hashing passwords; ends when the function has. */
async function withoutSlots(slots, work) {
	const holders = slots.map((slot) => spawn("flock", [slot, "cat"], { stdio: ["pipe", "ignore", "inherit"] }));
	try {
		await until("the slots are taken", () => slots.every((slot) => spawnSync("flock", ["-n", slot, "true"]).status === 1));
		return await work();
	} finally {
		for (const holder of holders) holder.stdin.end();
		await Promise.all(holders.map((holder) => holder.exitCode ?? new Promise((done) => holder.on("exit", done))));
	}
}

test("a password is hashed for an unknown user too, and no more than two at a time", async () => {
	const slots = ["hash.0", "hash.1"].map((slot) => path.join(site.var, "run/worker", slot));
	await until("both slots were used once", async () => {
		await Promise.all([1, 2, 3].map(() => signIn(site, dealer, "wrong")));
		return slots.every((slot) => fs.existsSync(slot));
	});
	const tries = [dealer, { host: dealer.host, email: "nobody@musterplatz.example" }];
	const post = ({ email, host }, secret) => ask(site, "POST", "/api/v1/session",
		{ host, headers: { ...json, ...sameOrigin }, body: JSON.stringify({ email, password: secret }) });
	forgive(site);
	const answers = await withoutSlots(slots, () => Promise.all(tries.map((one) => post(one, "wrong"))));
	for (const answer of answers) {
		isProblem(answer, 503, "busy_sign_in");
		assert.ok(Number(answer.headers["retry-after"]) > 0);
	}
	for (const one of tries) isProblem(await signIn(site, one, "wrong"), 401, "login_failed");
});

test("guesses of strangers fill a queue of their own: who signs in from where they signed in before is let in", async () => {
	const slots = ["hash.0", "hash.1"].map((slot) => path.join(site.var, "run/worker", slot)), { host } = dealer;
	forgive(site);
	assert.equal((await signIn(site, dealer)).status, 200);
	let turned_away = 0, known;
	const guess = async (email) => {
		const answer = await signIn(site, { host, email }, "wrong");
		turned_away += answer.status === 503;
		return answer;
	};
	const strangers = await withoutSlots(slots, async () => {
		const guesses = Array.from({ length: 12 }, (_, i) => guess(`stranger${i}@musterplatz.example`));
		await until("all but a few are told to come back", () => turned_away >= 8);
		known = signIn(site, dealer);
		await until("who is known waits, and before strangers", () => spawnSync("flock", ["-n", path.join(site.var, "run/worker/known.0"), "true"]).status === 1);
		return guesses;
	});
	assert.equal((await known).status, 200);
	for (const answer of await Promise.all(strangers)) isProblem(answer, answer.status, answer.status === 401 ? "login_failed" : "busy_sign_in");
	forgive(site);
});

test("a wrong password and an unknown user take about the same time", async () => {
	const best = { wrong: Infinity, unknown: Infinity };
	const time = async (one) => {
		const start = process.hrtime.bigint();
		isProblem(await signIn(site, one, "wrong"), 401, "login_failed");
		return Number(process.hrtime.bigint() - start) / 1e6;
	};
	for (let i = 0; i < 5; i++) {
		best.wrong = Math.min(best.wrong, await time(dealer));
		best.unknown = Math.min(best.unknown, await time({ host: dealer.host, email: `nobody${i}@musterplatz.example` }));
	}
	// Other work on the machine makes one of them slower now and then; what hashes nothing takes a hundredth.
	assert.ok(best.unknown > best.wrong / 2 && best.wrong > best.unknown / 2, JSON.stringify(best));
});

test("a refused sign-in is written down without the name that was tried", async () => {
	const before = Number(site.value("SELECT COUNT(*) FROM audit"));
	await signIn(site, { host: dealer.host, email: "typed-my-password-here" }, "wrong");
	const rows = site.sql("SELECT * FROM audit ORDER BY id DESC LIMIT 1");
	assert.equal(Number(site.value("SELECT COUNT(*) FROM audit")), before + 1);
	assert.equal(rows[0].action.startsWith("session"), true, JSON.stringify(rows));
	assert.equal(JSON.stringify(rows).includes("typed-my-password-here"), false);
	assert.equal(site.log("worker").includes("typed-my-password-here"), false);
});

test("a session is nobody on another host", async () => {
	const cookie = await fresh(site, dealer);
	for (const host of ["pneumuster.localhost", "nordmuster.localhost", "specimen-sleep.localhost"]) {
		isProblem(await who(cookie, host), 401, "not_signed_in");
		isProblem(await ask(site, "GET", "/api/v1/customers", { host, headers: { Cookie: cookie } }), 401, "not_signed_in");
	}
	assert.equal((await who(cookie, dealer.host)).status, 200);
});

test("an admin cannot be signed in on a reseller's host", async () => {
	const cookie = await fresh(site, admin);
	isProblem(await who(cookie, dealer.host), 401, "not_signed_in");
	isProblem(await signIn(site, { ...admin, host: dealer.host }), 401, "login_failed");
});

test("signing out ends the token, not only the cookie", async () => {
	const cookie = await fresh(site, dealer);
	const other = await fresh(site, dealer);
	const out = await signOut(cookie, dealer.host);
	assert.equal(out.status, 204);
	assert.equal(out.bytes.length, 0);
	assert.match(out.headers["set-cookie"][0], /^session=; .*Max-Age=0/);
	isProblem(await who(cookie, dealer.host), 401, "not_signed_in");
	isProblem(await signOut(cookie, dealer.host), 401, "not_signed_in");
	assert.equal((await who(other, dealer.host)).status, 200);
	assert.equal(site.value(`SELECT COUNT(*) FROM session WHERE token_hash = UNHEX('${hashOf(cookie)}')`), "0");
});

test("signing in again gives another token and ends the old one", async () => {
	const old = await fresh(site, dealer);
	const answer = await signIn(site, dealer, password, { Cookie: old });
	assert.equal(answer.status, 200);
	const renewed = cookieOf(answer);
	assert.notEqual(renewed, old);
	isProblem(await who(old, dealer.host), 401, "not_signed_in");
	assert.equal((await who(renewed, dealer.host)).status, 200);
});

test("a token that was planted is not taken over", async () => {
	const planted = `session=${"ab".repeat(32)}`;
	const answer = await signIn(site, dealer, password, { Cookie: planted });
	assert.equal(answer.status, 200);
	assert.notEqual(cookieOf(answer), planted);
	isProblem(await who(planted, dealer.host), 401, "not_signed_in");
});

test("a session ends at its time, and when it was not used for long", async () => {
	for (const past of ["ends = UTC_TIMESTAMP() - INTERVAL 1 SECOND", "seen = UTC_TIMESTAMP() - INTERVAL 2 HOUR - INTERVAL 1 SECOND"]) {
		const cookie = await fresh(site, dealer);
		assert.equal((await who(cookie, dealer.host)).status, 200);
		site.sql(`UPDATE session SET ${past} WHERE token_hash = UNHEX('${hashOf(cookie)}')`);
		isProblem(await who(cookie, dealer.host), 401, "not_signed_in");
	}
});

test("use keeps a session alive, but not beyond its end", async () => {
	const cookie = await fresh(site, dealer);
	const where = `WHERE token_hash = UNHEX('${hashOf(cookie)}')`;
	site.sql(`UPDATE session SET seen = UTC_TIMESTAMP() - INTERVAL 115 MINUTE ${where}`);
	const ends = site.value(`SELECT ends FROM session ${where}`);
	assert.equal((await who(cookie, dealer.host)).status, 200);
	assert.equal(site.value(`SELECT seen > UTC_TIMESTAMP() - INTERVAL 1 MINUTE FROM session ${where}`), "1");
	assert.equal(site.value(`SELECT ends FROM session ${where}`), ends);
});

test("a closed user is out at once and cannot come in", async () => {
	const cookie = await fresh(site, dealer);
	const wrong = await signIn(site, dealer, "wrong");
	const where = `WHERE email = '${dealer.email}'`;
	site.sql(`UPDATE user SET state = 'closed' ${where}`);
	try {
		isProblem(await who(cookie, dealer.host), 401, "not_signed_in");
		const closed = await signIn(site, dealer);
		isProblem(closed, 401, "login_failed");
		assert.equal(traceless(closed), traceless(wrong));
	} finally {
		site.sql(`UPDATE user SET state = 'active' ${where}`);
	}
});

test("nobody is signed in at a closed tenant", async () => {
	const cookie = await fresh(site, dealer);
	// Nobody publishes meanwhile, or the host would be gone for a while, too.
	site.sql("REPLACE INTO lease VALUES ('publish', 'test', UTC_TIMESTAMP() + INTERVAL 1 MINUTE)");
	site.sql("UPDATE tenant SET state = 'closed' WHERE slug = 'musterplatz'");
	try {
		isProblem(await who(cookie, dealer.host), 401, "not_signed_in");
		isProblem(await signIn(site, dealer), 401, "login_failed");
	} finally {
		site.sql("UPDATE tenant SET state = 'active' WHERE slug = 'musterplatz'");
		site.sql("DELETE FROM lease WHERE name = 'publish'");
	}
	await until("the host is there", async () => (await who("", dealer.host)).status !== 421);
	const gone = await signIn(site, { host: "altmuster.localhost", email: "owner@altmuster.example" });
	assert.equal(gone.status, 421); // a closed tenant's host is nobody's
});

test("a change of role counts from the next request on", async () => {
	const cookie = await fresh(site, dealer);
	const role = site.value(`SELECT role_id FROM user WHERE email = '${dealer.email}'`);
	const customers = () => ask(site, "GET", "/api/v1/customers?limit=1", { host: dealer.host, headers: { Cookie: cookie } });
	assert.ok("segment" in (await customers()).json.data[0]);
	site.sql(`UPDATE user SET role_id = (SELECT id FROM role WHERE code = 'customer_owner') WHERE email = '${dealer.email}'`);
	try {
		assert.deepEqual((await customers()).json.data, []); // the user acts for no customer
	} finally {
		site.sql(`UPDATE user SET role_id = ${role} WHERE email = '${dealer.email}'`);
	}
	assert.equal((await customers()).json.data.length, 1);
});

test("a cookie that is no token is nobody", async () => {
	const good = (await fresh(site, dealer)).split("=")[1];
	for (const cookie of ["session=", "session", "session=" + "0".repeat(64), `session=${good.toUpperCase()}`, `Session=${good}`,
		`xsession=${good}`, `session=${good}0`, `session=${good.slice(1)}`, `session="${good}"`, "a=b; ; =; session==", "=".repeat(4000)])
		isProblem(await who(cookie, dealer.host), 401, "not_signed_in");
	assert.equal((await who(`a=b; session=${good}; c=d`, dealer.host)).status, 200);
});

test("the body of a sign-in is exactly e-mail and password", async () => {
	const { check } = await openapi(site);
	const post = (body, headers = {}) => ask(site, "POST", "/api/v1/session", { host: dealer.host, body, headers: { ...json, ...sameOrigin, ...headers } });
	for (const [body, pointer] of [['{"email":"a"}', "/password"], ['{"password":"a"}', "/email"], ["{}", "/email"],
		['{"email":"a","password":"b","role":"admin"}', "/role"], ['{"email":1,"password":"b"}', "/email"],
		['{"email":["a"],"password":"b"}', "/email"], ['{"email":"","password":"b"}', "/email"],
		[JSON.stringify({ email: "a".repeat(201), password: "b" }), "/email"]]) {
		const answer = await post(body);
		const problem = isProblem(answer, 422, "invalid");
		assert.ok(problem.errors.some((e) => e.pointer === pointer), answer.text);
		check("POST", "/api/v1/session", answer);
	}
	isProblem(await post("[]"), 400, "bad_body");
	isProblem(await post(""), 400, "bad_body");
});

clean(site);
