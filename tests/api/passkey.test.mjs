// Signing in with a passkey, and the own passkeys, against an authenticator in software: what is right gets in, and
// whatever is bent in one place does not.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { ask } from "../lib/http.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem, openapi, traceless } from "../lib/openapi.mjs";
import { ATTESTED, Authenticator, EXTENDED, PRESENT, Raw, VERIFIED, b64, cbor, unb64 } from "../lib/passkey.mjs";
import { cookieOf, forgive, fresh, json, password, sameOrigin, signIn, user } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance();
const { check } = await openapi(site);
const seal = sealer(site, vocabulary());
const reseller = user(site, "owner@namudhaj.example"), other = user(site, "owner@musterplatz.example");
const originOf = (host) => `http://${host}:${site.port}`;

const send = (host, method, path, body, { cookie, headers = {}, from } = {}) => ask(site, method, `/api/v1/${path}`,
	{ host, from, headers: { ...(cookie ? { Cookie: cookie } : {}), ...sameOrigin, ...(body === undefined ? {} : json), ...headers }, body: body && JSON.stringify(body) });
const lastAudit = () => site.sql("SELECT * FROM audit ORDER BY id DESC LIMIT 1")[0];

/** A user that only this file has, signed in. */
let made = 0;
async function own(like = reseller) {
	const email = `key${++made}-${Date.now()}@passkey.example`;
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, state)
		SELECT tenant_id, customer_id, role_id, '${email}', 'Own', language, password, 'active' FROM user WHERE email = '${like.email}'`);
	const who = { ...like, email, id: site.value(`SELECT id FROM user WHERE email = '${email}'`) };
	who.cookie = await fresh(site, who);
	return who;
}
site.undo.push(() => site.sql("UPDATE user SET state = 'closed' WHERE email LIKE 'key%@passkey.example'"));

async function toCreate(who, secret = password) {
	forgive(site);
	const answer = await send(who.host, "POST", "passkey-options", { password: secret }, { cookie: who.cookie });
	assert.equal(answer.status, 200, answer.text);
	check("POST", "/api/v1/passkey-options", answer);
	return answer.json;
}
const create = (who, body) => send(who.host, "POST", "passkeys", body, { cookie: who.cookie });

/** A passkey that the user has. */
async function added(who, how = {}, bent = {}) {
	const key = new Authenticator({ origin: originOf(who.host), ...how });
	const answer = await create(who, key.create(await toCreate(who), bent));
	assert.equal(answer.status, 201, answer.text);
	key.public = answer.json.id;
	return key;
}

async function toGet(host) {
	const answer = await send(host, "POST", "session/passkey/options");
	assert.equal(answer.status, 200, answer.text);
	check("POST", "/api/v1/session/passkey/options", answer);
	return answer.json;
}
const enter = (host, body, more) => send(host, "POST", "session/passkey", body, more);
async function entered(who, key, bent) {
	forgive(site);
	return enter(who.host, key.get(await toGet(who.host), bent));
}

for (const kind of ["ES256", "EdDSA", "RS256"])
	test(`${kind}: a passkey is added and signs in as its user, as a password does`, async () => {
		const who = await own(), options = await toCreate(who), key = new Authenticator({ origin: originOf(who.host), kind });
		assert.deepEqual([options.rp.id, options.user.name, options.attestation, unb64(options.user.id).length, unb64(options.challenge).length], [who.host, who.email, "none", 32, 56]);
		assert.deepEqual(options.authenticatorSelection, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
		assert.deepEqual(options.pubKeyCredParams.map((p) => p.alg), [-7, -8, -257]);
		const answer = await create(who, key.create(options, { name: "Lamp" }));
		assert.equal(answer.status, 201, answer.text);
		assert.deepEqual(Object.keys(answer.json), ["id", "name", "host", "created", "used"]);
		assert.deepEqual([answer.json.name, answer.json.host, answer.json.used], ["Lamp", who.host, null]);
		const row = lastAudit();
		assert.deepEqual([row.action, row.user_id, seal("passkey", row.object_id)], ["passkey.create", who.id, answer.json.id]);
		for (let n = 0; n < 2; n++) {
			const got = await entered(who, key);
			assert.equal(got.status, 200, got.text);
			check("POST", "/api/v1/session/passkey", got);
			const told = lastAudit();
			assert.deepEqual([told.action, told.user_id, told.object_id], ["session_passkey", who.id, who.id]);
			const self = await send(who.host, "GET", "session", undefined, { cookie: cookieOf(got) });
			assert.deepEqual([self.json, self.json.user.email], [got.json, who.email]);
		}
		const [listed] = (await send(who.host, "GET", "passkeys", undefined, { cookie: who.cookie })).json.data;
		assert.ok(listed.used >= listed.created, "when it was used is noted");
	});

test("a sign-in renews the session: the one that came with it ends", async () => {
	const who = await own(), key = await added(who), before = await fresh(site, who);
	const got = await enter(who.host, key.get(await toGet(who.host)), { cookie: before });
	assert.equal(got.status, 200, got.text);
	assert.notEqual(cookieOf(got), before);
	assert.match(got.headers["set-cookie"][0], /HttpOnly; SameSite=Strict/);
	isProblem(await send(who.host, "GET", "session", undefined, { cookie: before }), 401, "not_signed_in");
});

test("a passkey takes the place of the second step too", async () => {
	const who = await own(), key = await added(who);
	site.sql(`INSERT INTO totp (user_id, secret, is_on) VALUES (${who.id}, REPEAT('x', 48), 1)`);
	isProblem(await signIn(site, who), 401, "second_factor");
	assert.equal((await entered(who, key)).status, 200);
});

/** Everything that may be wrong with a sign-in, one at a time: what to bend of the authenticator's answer. */
const bent = {
	"the type": { client: { type: "webauthn.create" } },
	"the origin's port": { client: { origin: "http://namudhaj.localhost:1" } },
	"the origin's scheme": { client: { origin: `https://namudhaj.localhost:${site.port}` } },
	"the origin's host": { client: { origin: originOf("evil.namudhaj.localhost") } },
	"no origin": { client: { origin: undefined } },
	"an origin that is no text": { client: { origin: [originOf("namudhaj.localhost")] } },
	"from a frame": { client: { crossOrigin: true } },
	"from a frame, in another form": { client: { crossOrigin: "true" } },
	"from a frame below somebody": { client: { topOrigin: "https://example.com" } },
	"no challenge": { client: { challenge: undefined } },
	"another challenge": { client: { challenge: b64(randomBytes(56)) } },
	"a short challenge": { client: { challenge: b64(randomBytes(16)) } },
	"client data that is no JSON": { client: { json: "{" } },
	"client data that is a list": { client: { json: "[]" } },
	"another rp id": { data: { host: "localhost" } },
	"nobody present": { data: { flags: VERIFIED } },
	"nobody verified": { data: { flags: PRESENT } },
	"attested data that is not there": { data: { flags: PRESENT | VERIFIED | ATTESTED } },
	"extensions that are not there": { data: { flags: PRESENT | VERIFIED | EXTENDED } },
	"extensions that are no map": { data: { flags: PRESENT | VERIFIED | EXTENDED, extensions: cbor([1]) } },
	"extensions without a length": { data: { flags: PRESENT | VERIFIED | EXTENDED, extensions: Buffer.from([0xbf, 0xff]) } },
	"bytes behind the data": { after: Buffer.from([0]) },
	"no handle of the user": { said: { user_handle: b64("x") } },
	"an unknown credential": { said: { credential: b64(randomBytes(32)) } },
	"an empty credential": { said: { credential: "A" } },
	"a signature of nothing": { said: { signature: b64(randomBytes(70)) } },
	"a text that is no base64url": { said: { signature: "a+b/" } },
	"base64url with padding": { said: { credential: "AAA=" } },
};
// Each is signed again, so that nothing but what is bent is wrong.
test("a sign-in that is wrong in one place is refused, with the one answer there is, and leaves its row", async () => {
	const who = await own(), key = await added(who), answers = new Set();
	for (const [what, how] of Object.entries(bent)) {
		const got = await entered(who, key, how);
		isProblem(got, 401, "passkey_refused");
		assert.equal(got.headers["set-cookie"], undefined, what);
		answers.add(traceless(got));
		const row = lastAudit();
		assert.deepEqual([row.action, row.user_id, row.object_id, row.detail], ["session_passkey.refused", null, null, ""], what);
	}
	assert.equal(answers.size, 1, [...answers].join("\n"));
	assert.equal((await entered(who, key)).status, 200, "the same without any of that");
	assert.equal((await entered(who, key, { data: { flags: PRESENT | VERIFIED | EXTENDED, extensions: cbor(new Map([["x", 1]])) } })).status, 200, "extensions are ignored");
});

test("every bit of a signature, of what was signed and of the handle counts", async () => {
	const who = await own(), key = await added(who, { kind: "EdDSA", counts: false });
	for (const member of ["signature", "authenticator_data", "user_handle"]) {
		const said = key.get(await toGet(who.host)), bytes = unb64(said[member]);
		for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
			const changed = Buffer.from(bytes);
			changed[at] ^= 1;
			forgive(site);
			isProblem(await enter(who.host, { ...said, [member]: b64(changed) }), 401, "passkey_refused");
		}
		forgive(site);
		assert.equal((await enter(who.host, said)).status, 200, "unchanged, and not used up by what was wrong");
	}
});

test("the handle of another user is refused, and so is another's key under one's own handle", async () => {
	const who = await own(), friend = await own(), key = await added(who), theirs = await added(friend);
	isProblem(await entered(who, key, { said: { user_handle: theirs.handle } }), 401, "passkey_refused");
	isProblem(await entered(who, theirs, { said: { credential: b64(key.id), user_handle: key.handle } }), 401, "passkey_refused");
});

test("a challenge is answered once", async () => {
	for (const counts of [true, false]) {
		const who = await own(), key = await added(who, { counts }), options = await toGet(who.host), said = key.get(options);
		assert.equal((await enter(who.host, said)).status, 200);
		isProblem(await enter(who.host, said), 401, "passkey_refused");
		assert.deepEqual([lastAudit().object_id, lastAudit().detail], [who.id, "challenge"]);
		isProblem(await enter(who.host, key.get(options)), 401, "passkey_refused");
	}
});

test("of many answers to one challenge at the same moment one signs in", async () => {
	const who = await own(), key = await added(who, { counts: false }), said = key.get(await toGet(who.host));
	const answers = await Promise.all([1, 2, 3, 4].map(() => enter(who.host, said)));
	assert.equal(answers.filter((a) => a.status === 200).length, 1, answers.map((a) => a.text).join());
	for (const a of answers) assert.ok([200, 401, 503].includes(a.status), a.text);
});

test("a challenge is good for five minutes, by the server's own word", async () => {
	const who = await own(), key = await added(who), options = await toGet(who.host), bytes = unb64(options.challenge);
	const at = bytes.readBigInt64BE();
	assert.ok(Math.abs(Number(at) - Date.now() / 1000) < 60);
	// Nobody but the server makes one of another time, so this one is made as it makes them, with its key.
	const { createHmac } = await import("node:crypto");
	const { readFileSync } = await import("node:fs");
	const hmac = (secret, text) => createHmac("sha256", secret).update(text).digest();
	const secret = hmac(Buffer.from(readFileSync(site.setting("key_file"), "utf8").trim(), "hex"), "passkey challenge");
	const aged = (seconds) => {
		const begins = Buffer.from(bytes.subarray(0, 24));
		begins.writeBigInt64BE(BigInt(Math.floor(Date.now() / 1000) - seconds));
		return { challenge: b64(Buffer.concat([begins, hmac(secret, Buffer.concat([begins, Buffer.from(`sign in\n${who.host}`)]))])) };
	};
	for (const seconds of [301, 1000000, -120]) {
		forgive(site);
		isProblem(await enter(who.host, key.get(aged(seconds))), 401, "passkey_refused");
	}
	assert.equal((await enter(who.host, key.get(aged(280)))).status, 200);
});

test("challenges are kept nowhere until they are answered rightly, and these are swept", async () => {
	const who = await own(), key = await added(who), n = () => Number(site.value("SELECT COUNT(*) FROM passkey_challenge")), rows = () => site.value("SELECT COUNT(*) FROM audit");
	const before = [n(), rows()];
	for (let i = 0; i < 5; i++) await toGet(who.host);
	assert.deepEqual([n(), rows()], before);
	isProblem(await entered(who, key, bent["a signature of nothing"]), 401, "passkey_refused");
	assert.equal(n(), before[0]);
	assert.equal((await entered(who, key)).status, 200);
	assert.equal(n(), before[0] + 1);
	const hash = site.value("SELECT HEX(hash) FROM passkey_challenge ORDER BY ends DESC LIMIT 1");
	site.sql("UPDATE passkey_challenge SET ends = UTC_TIMESTAMP() - INTERVAL 1 SECOND");
	await until("the sweep", () => site.value(`SELECT COUNT(*) FROM passkey_challenge WHERE hash = UNHEX('${hash}')`) === "0", 90000);
});

test("a count that goes back, or stands still, is refused and told; one that is always 0 is none", async () => {
	const who = await own(), key = await added(who);
	assert.equal((await entered(who, key, { count: 7 })).status, 200);
	for (const count of [7, 6, 0]) {
		isProblem(await entered(who, key, { count }), 401, "passkey_refused");
		assert.deepEqual([lastAudit().action, lastAudit().object_id, lastAudit().detail], ["session_passkey.refused", who.id, "count"]);
	}
	assert.equal(site.value(`SELECT sign_count FROM passkey WHERE user_id = ${who.id}`), "7");
	assert.equal((await entered(who, key, { count: 4294967295 })).status, 200);
	const none = await own(), zero = await added(none, { counts: false });
	for (let n = 0; n < 3; n++) assert.equal((await entered(none, zero)).status, 200);
});

test("a passkey belongs to its host: another brand refuses it, whatever it says of itself", async () => {
	const who = await own(), key = await added(who);
	for (const host of [other.host, "pneumuster.localhost"]) {
		forgive(site);
		isProblem(await enter(host, key.get(await toGet(host))), 401, "passkey_refused");
		isProblem(await enter(host, key.get(await toGet(host), { client: { origin: originOf(host) }, data: { host } })), 401, "passkey_refused");
		isProblem(await enter(host, key.get(await toGet(who.host), { client: { origin: originOf(host) }, data: { host } })), 401, "passkey_refused");
	}
	forgive(site);
	isProblem(await enter(who.host, key.get(await toGet(other.host))), 401, "passkey_refused"); // that host's challenge
	assert.equal((await entered(who, key)).status, 200);
});

test("who is closed, invited or of a closed tenant does not get in; closing a user ends the passkeys", async () => {
	const who = await own(), key = await added(who);
	site.sql(`UPDATE user SET state = 'invited' WHERE id = ${who.id}`);
	isProblem(await entered(who, key), 401, "passkey_refused");
	site.sql(`UPDATE user SET state = 'active' WHERE id = ${who.id}`);
	assert.equal((await entered(who, key)).status, 200);
	const slug = who.host.split(".")[0];
	site.sql(`UPDATE tenant SET state = 'closed' WHERE slug = '${slug}'`);
	try {
		isProblem(await entered(who, key), 401, "passkey_refused");
	} finally {
		site.sql(`UPDATE tenant SET state = 'active' WHERE slug = '${slug}'`);
	}
	site.sql(`UPDATE user SET state = 'closed' WHERE id = ${who.id}`);
	assert.equal(site.value(`SELECT COUNT(*) FROM passkey WHERE user_id = ${who.id}`), "0");
	site.sql(`UPDATE user SET state = 'active' WHERE id = ${who.id}`);
	isProblem(await entered(who, key), 401, "passkey_refused");
});

test("another password ends the sessions and leaves the passkeys", async () => {
	const who = await own(), key = await added(who), before = cookieOf(await entered(who, key)), good = "a lamp behind nine boats";
	const answer = await send(who.host, "POST", "password", { current: password, new: good }, { cookie: who.cookie });
	assert.equal(answer.status, 200, answer.text);
	isProblem(await send(who.host, "GET", "session", undefined, { cookie: before }), 401, "not_signed_in");
	assert.equal((await entered(who, key)).status, 200);
});

test("signing in needs the same origin, a JSON body with these members, and tries are slowed down by the address", async () => {
	const who = await own(), key = await added(who), said = key.get(await toGet(who.host));
	forgive(site);
	isProblem(await enter(who.host, said, { headers: { "Sec-Fetch-Site": "cross-site" } }), 403, "not_same_origin");
	for (const member of Object.keys(said)) {
		const { [member]: _, ...rest } = said;
		assert.deepEqual(isProblem(await enter(who.host, rest), 422, "invalid").errors.map((e) => e.pointer), [`/${member}`]);
		isProblem(await enter(who.host, { ...said, [member]: 7 }), 422, "invalid");
		isProblem(await enter(who.host, { ...said, [member]: "A".repeat(100000) }), 422, "invalid");
	}
	isProblem(await enter(who.host, { ...said, more: "x" }), 422, "invalid");
	const from = "127.9.9.9";
	for (let n = 0; n < 5; n++) isProblem(await enter(who.host, { ...said, signature: "AAAA" }, { from }), 401, "passkey_refused");
	const late = await enter(who.host, { ...said, signature: "AAAA" }, { from });
	isProblem(late, 429, "too_many");
	assert.ok(Number(late.headers["retry-after"]) > 0);
	assert.equal((await enter(who.host, said)).status, 200, "elsewhere the owner gets in");
	forgive(site);
});

/** The same for what is added: attestation objects and keys. */
const without = (map, key) => new Map([...map].filter(([k]) => k !== key));
const instead = (map, key, value) => new Map([...map].map(([k, v]) => [k, k === key ? value : v]));
const point = Buffer.alloc(32, 1);
const broken = {
	"the type": [{ client: { type: "webauthn.get" } }, "type"],
	"the origin": [{ client: { origin: "https://evil.example" } }, "origin"],
	"from a frame": [{ client: { crossOrigin: true } }, "frame"],
	"another challenge": [{ client: { challenge: b64(randomBytes(56)) } }, "challenge"],
	"another rp id": [{ data: { host: "localhost" } }, "rp"],
	"nobody present": [{ data: { flags: VERIFIED | ATTESTED } }, "present"],
	"nobody verified": [{ data: { flags: PRESENT | ATTESTED } }, "verified"],
	"nothing attested": [{ data: { flags: PRESENT | VERIFIED } }, "data"],
	"an id that ends too soon": [{ length: 1023 }, "data"],
	"a short id": [{ id: randomBytes(15) }, "data"],
	"a long id": [{ id: randomBytes(1024) }, "data"],
	"bytes behind the key": [{ behind: Buffer.from([0xa0]) }, "data"],
	"bytes behind the object": [{ after: Buffer.from([0]) }, "attestation"],
	"a statement with format none": [{ statement: new Map([["x", 1]]) }, "attestation"],
	"an object that is a list": [{ object: (data) => ["none", new Map(), data] }, "attestation"],
	"a member too many": [{ object: (data) => new Map([["fmt", "none"], ["attStmt", new Map()], ["authData", data], ["x", 1]]) }, "attestation"],
	"a member twice": [{ object: (data) => new Raw([0xa4], cbor("fmt"), cbor("none"), cbor("fmt"), cbor("none"), cbor("attStmt"), [0xa0], cbor("authData"), cbor(data)) }, "attestation"],
	"a map without a length": [{ object: (data) => new Raw([0xbf], cbor("fmt"), cbor("none"), cbor("attStmt"), [0xa0], cbor("authData"), cbor(data), [0xff]) }, "attestation"],
	"a text without a length": [{ object: (data) => new Raw([0xa3], cbor("fmt"), [0x7f], cbor("none"), [0xff], cbor("attStmt"), [0xa0], cbor("authData"), cbor(data)) }, "attestation"],
	"a length in too many bytes": [{ object: (data) => new Raw([0xa3], cbor("fmt"), [0x78, 4], Buffer.from("none"), cbor("attStmt"), [0xa0], cbor("authData"), cbor(data)) }, "attestation"],
	"a tag": [{ format: "packed", statement: new Map([["x", new Raw([0xc0, 0x61, 0x61])]]) }, "attestation"],
	"a float": [{ format: "packed", statement: new Map([["x", new Raw([0xf9, 0, 0])]]) }, "attestation"],
	"too deep": [{ format: "packed", statement: new Map([["x", [[[[[[1]]]]]]]]) }, "attestation"],
	"too many members": [{ format: "packed", statement: new Map([["x", Array(33).fill(1)]]) }, "attestation"],
	"a length beyond the end": [{ object: () => new Raw([0xa1, 0x5a, 0xff, 0xff, 0xff, 0xff]) }, "attestation"],
	"no object": [{ object: () => new Raw([0xf6]) }, "attestation"],
	"a key without its algorithm": [{ cose: (c) => without(c, 3) }, "key"],
	"an algorithm that was not offered": [{ cose: (c) => instead(c, 3, -35) }, "algorithm"],
	"algorithm none": [{ cose: (c) => instead(c, 3, 0) }, "algorithm"],
	"another curve": [{ cose: (c) => instead(c, -1, 2) }, "key"],
	"another kind of key": [{ cose: (c) => instead(c, 1, 3) }, "key"],
	"a key of another algorithm's": [{ cose: (c) => instead(c, 3, -257) }, "key"],
	"a point that is not on the curve": [{ cose: (c) => instead(c, -2, point) }, "key"],
	"a short coordinate": [{ cose: (c) => instead(c, -2, point.subarray(1)) }, "key"],
	"a coordinate that is a text": [{ cose: (c) => instead(c, -2, "a".repeat(32)) }, "key"],
	"a compressed point": [{ cose: (c) => instead(c, -3, new Raw([0xf5])) }, "key"],
	"a key with more in it": [{ cose: (c) => new Map([...c, [-4, Buffer.alloc(32)]]) }, "key"],
	"a key with a member twice": [{ cose: (c) => new Raw([0xa6], ...[...c, [3, -7]].flatMap(([k, v]) => [cbor(k), cbor(v)])) }, "data"],
	"a key that is no map": [{ cose: () => cbor([1]) }, "data"],
	"a huge key": [{ cose: (c) => instead(c, -2, Buffer.alloc(2000)) }, "key"],
};

test("what an authenticator made is refused where it is wrong in one place, and nothing is kept", async () => {
	const who = await own();
	for (const [what, [how, why]] of Object.entries(broken)) {
		const key = new Authenticator({ origin: originOf(who.host) }), options = await toCreate(who);
		const answer = await create(who, key.create(options, { ...how, ...(how.cose ? { cose: how.cose(key.cose) } : {}) }));
		assert.deepEqual(isProblem(answer, 422, "invalid").errors.map((e) => [e.pointer, e.code]), [["/attestation", why]], what);
	}
	assert.equal(site.value(`SELECT COUNT(*) FROM passkey WHERE user_id = ${who.id}`), "0");
});

test("RSA keys have 2048 to 4096 bits", async () => {
	const who = await own();
	for (const bits of [1024, 2040, 4104]) {
		const key = new Authenticator({ origin: originOf(who.host), kind: "RS256", bits });
		assert.equal(isProblem(await create(who, key.create(await toCreate(who))), 422, "invalid").errors[0].code, "key");
	}
	assert.equal((await entered(who, await added(who, { kind: "RS256", bits: 4096 }))).status, 200);
});

test("a statement of another format is read and not trusted", async () => {
	const who = await own(), key = await added(who, {}, { format: "packed", statement: new Map([["alg", -7], ["sig", randomBytes(70)], ["x5c", [randomBytes(300)]]]) });
	assert.equal((await entered(who, key)).status, 200);
});

test("options to add one are for the password, and their challenge is the session's, once", async () => {
	const who = await own(), friend = await own(), key = new Authenticator({ origin: originOf(who.host) });
	forgive(site);
	assert.deepEqual(isProblem(await send(who.host, "POST", "passkey-options", { password: "wrong" }, { cookie: who.cookie }), 422, "invalid").errors.map((e) => [e.pointer, e.code]), [["/password", "wrong"]]);
	assert.equal(lastAudit().action, "passkey_options.refused");
	isProblem(await send(who.host, "POST", "passkey-options", {}, { cookie: who.cookie }), 422, "invalid");
	const options = await toCreate(who), said = key.create(options), code = async (by, body) => isProblem(await create(by, body), 422, "invalid").errors[0].code;
	assert.equal(await code(friend, said), "challenge", "another user");
	assert.equal(await code({ ...who, cookie: await fresh(site, who) }, said), "challenge", "another session");
	assert.equal(await code(who, key.create(await toGet(who.host).then((o) => ({ ...o, user: options.user })))), "challenge", "made for signing in");
	assert.equal((await create(who, said)).status, 201);
	assert.equal(await code(who, new Authenticator({ origin: originOf(who.host) }).create(options)), "challenge", "answered before");
	forgive(site);
	isProblem(await enter(who.host, key.get(await toCreate(who))), 401, "passkey_refused"); // made for adding
});

test("a credential is one user's, and one user has at most twenty", async () => {
	const who = await own(), friend = await own(), key = await added(who);
	const twin = new Authenticator({ origin: originOf(who.host), id: key.id });
	isProblem(await create(friend, twin.create(await toCreate(friend))), 409, "conflict");
	assert.deepEqual((await toCreate(who)).excludeCredentials, [{ type: "public-key", id: b64(key.id) }]);
	assert.deepEqual((await toCreate(friend)).excludeCredentials, []);
	site.sql(`INSERT INTO passkey (user_id, credential_id, public_key, sign_count, host, name, created)
		SELECT user_id, CONCAT(credential_id, n.seq), public_key, 0, host, name, created FROM passkey JOIN seq_1_to_19 n WHERE user_id = ${who.id}`);
	isProblem(await create(who, new Authenticator({ origin: originOf(who.host) }).create(await toCreate(who))), 409, "conflict");
});

test("the own passkeys are listed, renamed and removed, each with its row of audit, and nobody else's", async () => {
	const who = await own(), friend = await own(), key = await added(who, {}, { name: "First" });
	const at = `passkeys/${key.public}`, by = (one, method, path = at, body, headers) => send(one.host, method, path, body, { cookie: one.cookie, headers });
	const list = await by(who, "GET", "passkeys");
	check("GET", "/api/v1/passkeys", list);
	assert.deepEqual(list.json.data.map((p) => [p.id, p.name]), [[key.public, "First"]]);
	assert.deepEqual((await by(friend, "GET", "passkeys")).json.data, []);
	const one = await by(who, "GET"), tag = { "If-Match": one.headers.etag };
	check("GET", "/api/v1/passkeys/{id}", one);
	assert.deepEqual(one.json, list.json.data[0]);
	isProblem(await by(friend, "GET"), 404, "not_found");
	isProblem(await by(friend, "PATCH", at, { name: "Mine" }, tag), 404, "not_found");
	isProblem(await by(friend, "DELETE"), 404, "not_found");
	isProblem(await by(who, "PATCH", at, { name: "Second" }), 428, "need_match");
	for (const name of ["", " ", "x".repeat(201), "a\nb", 7]) isProblem(await by(who, "PATCH", at, { name }, tag), 422, "invalid");
	isProblem(await by(who, "PATCH", at, { host: "x" }, tag), 422, "invalid");
	const renamed = await by(who, "PATCH", at, { name: "Second" }, tag);
	assert.equal(renamed.json.name, "Second", renamed.text);
	assert.equal(lastAudit().action, "passkey.edit");
	isProblem(await by(who, "PATCH", at, { name: "Third" }, tag), 412, "changed");
	for (const name of [" ", "a\nb", "a\u0007b"])
		isProblem(await create(who, { ...key.create(await toCreate(who)), name }), 422, "invalid");
	assert.equal((await by(who, "DELETE")).status, 204);
	assert.deepEqual([lastAudit().action, seal("passkey", lastAudit().object_id)], ["passkey.delete", key.public]);
	isProblem(await by(who, "DELETE"), 404, "not_found");
	isProblem(await entered(who, key), 401, "passkey_refused");
});

test("whoever looks as somebody else sees and changes no passkey, and signs in with none", async () => {
	const admin = await own(user(site, "admin@pneumuster.example")), who = await own(), key = await added(who);
	const token = createHash("sha256").update(admin.email).digest("hex"), host = admin.host;
	site.sql(`INSERT INTO session (token_hash, user_id, host, created, seen, ends) VALUES (UNHEX(SHA2('${token}', 256)), ${admin.id}, '${host}', UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 1 HOUR)`);
	const looks = (method, path, body) => send(host, method, path, body, { cookie: `session=${token}` });
	const view = await looks("POST", "views", { user: seal("user", who.id), reason: "a test" });
	assert.ok(view.status < 300, view.text);
	isProblem(await looks("GET", "passkeys"), 403, "forbidden");
	isProblem(await looks("GET", `passkeys/${key.public}`), 403, "forbidden");
	isProblem(await looks("POST", "passkey-options", { password }), 403, "view_only");
	isProblem(await looks("DELETE", `passkeys/${key.public}`), 403, "view_only");
	isProblem(await looks("POST", "session/passkey", key.get(await toGet(host))), 403, "view_only");
});

clean(site);
