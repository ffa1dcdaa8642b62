// The second step once more by a passkey, for who has one and perhaps nothing else; and what the password alone does no
// more.  An instance of its own, since shares change.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../lib/http.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { Authenticator } from "../lib/passkey.mjs";
import { person } from "../lib/second.mjs";
import { code } from "../lib/totp.mjs";
import { cookieOf, forgive, json, password, sameOrigin, stillWaiting, user } from "../lib/users.mjs";

const site = await instance({ own: true, name: "step-up-passkey" });
const { check, operations } = await openapi(site);
const tenant = site.portico("id", "tenant", site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'")).trim();
const at = `/api/v1/tenants/${tenant}/products`, door = "/api/v1/session/step-up/passkey";
const owner = user(site, "owner@nordmuster.example"), host = owner.host;
let made = 0;

/** A user that only one test has, signed in by password alone. */
async function own() {
	const email = `own${++made}@nordmuster.example`;
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password)
		SELECT tenant_id, NULL, role_id, '${email}', 'Own', language, password FROM user WHERE email = '${owner.email}'`);
	return person(site, { email, host, id: site.value(`SELECT id FROM user WHERE email = '${email}'`) });
}
async function added(who) {
	forgive(site);
	const key = new Authenticator({ origin: `http://${host}:${site.port}` });
	const answer = await who("POST", "/api/v1/passkeys", key.create((await who("POST", "/api/v1/passkey-options", { password })).json));
	assert.equal(answer.status, 201, answer.text);
	return key;
}
/** Switches the second step on: the secret and the recovery codes. */
async function stepped(who) {
	forgive(site);
	const { json: { secret } } = await who("POST", "/api/v1/totp", { password }), on = await who("POST", "/api/v1/totp/confirm", { code: code(secret) });
	assert.equal(on.status, 200, on.text);
	who.use(cookieOf(on));
	unproved(who);
	site.sql(`UPDATE totp SET last_step = 0 WHERE user_id = ${who.who.id}`);
	return { secret, recovery: on.json.recovery };
}
const unproved = (who) => site.sql(`UPDATE session SET proved = NULL WHERE user_id = ${who.who.id}`);
const share = async (who) => who("PUT", at, { products: null }, { "If-Match": (await who("GET", at)).headers.etag });
const options = async (who) => {
	const answer = await who("POST", `${door}/options`);
	assert.equal(answer.status, 200, answer.text);
	check("POST", `${door}/options`, answer);
	return answer.json;
};
const prove = async (who, key, bent) => {
	const answer = await who("POST", door, key.get(await options(who), bent));
	if (answer.status === 204) who.use(cookieOf(answer));
	return answer;
};
const needs = (answer) => (isProblem(answer, 403, "step_up_needed").errors ?? []).map((e) => [e.pointer, e.code]);
const refused = (answer) => assert.deepEqual(isProblem(answer, 422, "invalid").errors.map((e) => [e.pointer, e.code]), [["/credential", "refused"]]);
const isOn = (who) => site.value(`SELECT COUNT(*) FROM totp WHERE user_id = ${who.who.id} AND is_on = 1`) === "1";
const audit = (who) => site.sql(`SELECT action, object_id FROM audit WHERE user_id = ${who.who.id} ORDER BY id DESC LIMIT 1`)[0];

test("a passkey proves it for a while, with another token; who has no code is told so", async () => {
	const who = await own(), key = await added(who), before = who.cookie();
	assert.deepEqual(needs(await share(who)), [["/passkey", "held"], ["/code", "off"]]);
	const answer = await prove(who, key);
	assert.equal(answer.status, 204, answer.text);
	check("POST", door, answer);
	assert.deepEqual(audit(who), { action: "session_step_up_passkey", object_id: who.who.id });
	assert.notEqual(who.cookie(), before);
	isProblem(await ask(site, "GET", at, { host, headers: { Cookie: before } }), 401, "not_signed_in");
	assert.equal((await share(who)).status, 200);
	site.sql(`UPDATE session SET proved = UTC_TIMESTAMP() - INTERVAL 601 SECOND WHERE user_id = ${who.who.id}`);
	assert.deepEqual(needs(await share(who)), [["/passkey", "held"], ["/code", "off"]]);
});

test("who has both is told of both, and a passkey of another host is none here", async () => {
	const who = await own();
	await added(who);
	await prove(who, await added(who));
	await stepped(who);
	assert.deepEqual(needs(await share(who)), [["/passkey", "held"]]);
	site.sql(`UPDATE passkey SET host = 'musterplatz.localhost' WHERE user_id = ${who.who.id}`);
	assert.deepEqual(needs(await share(who)), []);
	isProblem(await who("POST", `${door}/options`), 409, "conflict");
});

test("the device is asked for the own passkeys of this host alone", async () => {
	const who = await own(), key = await added(who), other = await own();
	await added(other);
	const said = await options(who);
	assert.deepEqual([said.allowCredentials, said.rpId, said.userVerification], [[{ type: "public-key", id: key.id.toString("base64url") }], host, "required"]);
	isProblem(await (await own())("POST", `${door}/options`), 409, "conflict");
});

test("a challenge is this session's, for this, and good once", async () => {
	const who = await own(), key = await added(who), first = await options(who);
	const elsewhere = await person(site, who.who);
	refused(await elsewhere("POST", door, key.get(first)));
	const signIn = await ask(site, "POST", "/api/v1/session/passkey/options", { host, headers: { ...json, ...sameOrigin } });
	refused(await who("POST", door, key.get(signIn.json)));
	refused(await who("POST", door, key.get((await who("POST", "/api/v1/passkey-options", { password })).json)));
	isProblem(await ask(site, "POST", "/api/v1/session/passkey", { host, headers: { ...json, ...sameOrigin }, body: JSON.stringify(key.get(first)) }), 401, "passkey_refused");
	forgive(site);
	assert.deepEqual(needs(await share(who)), [["/passkey", "held"], ["/code", "off"]]);
	const answer = await who("POST", door, key.get(first));
	assert.equal(answer.status, 204, answer.text);
	const token = (cookie) => `UNHEX(SHA2('${cookie.split("=")[1]}', 256))`;
	site.sql(`UPDATE session SET token_hash = ${token(who.cookie())}, proved = NULL WHERE token_hash = ${token(cookieOf(answer))}`); // the same session as when it was asked for
	refused(await who("POST", door, key.get(first)));
	assert.deepEqual([audit(who).action, site.value(`SELECT detail FROM audit WHERE user_id = ${who.who.id} ORDER BY id DESC LIMIT 1`)], ["session_step_up_passkey.refused", "challenge"]);
});

test("another's passkey proves nothing, nor what is bent, nor a count that goes back", async () => {
	const who = await own(), key = await added(who), other = await own(), theirs = await added(other);
	forgive(site);
	refused(await prove(who, theirs));
	refused(await prove(who, theirs, { said: { user_handle: key.handle } }));
	refused(await prove(who, key, { data: { flags: 1 } }));
	forgive(site);
	refused(await prove(who, key, { client: { origin: "http://elsewhere.localhost" } }));
	refused(await prove(who, key, { count: 0 }));
	for (const body of [{}, { credential: "x" }, { ...key.get(await options(who)), more: "x" }]) isProblem(await who("POST", door, body), 422, "invalid");
	assert.deepEqual(needs(await share(who)), [["/passkey", "held"], ["/code", "off"]]);
	forgive(site);
	assert.equal((await prove(who, key)).status, 204);
});

test("wrong ones are counted as at the door, and who is signed in stays so", async () => {
	const who = await own(), key = await added(who);
	forgive(site);
	for (let n = 0; n < 5; n++) refused(await prove(who, key, { data: { flags: 1 } }));
	assert.equal(site.value("SELECT MAX(failures) FROM attempt"), "5");
	const right = key.get(await options(who));
	site.sql(stillWaiting);
	const waits = await who("POST", door, right);
	isProblem(waits, 429, "too_many");
	assert.ok(Number(waits.headers["retry-after"]) > 0);
	assert.equal((await who("GET", "/api/v1/session")).status, 200);
	forgive(site);
});

test("nobody else asks for it: not who looks as somebody, another page, or nobody", async () => {
	const who = await own(), key = await added(who), body = key.get(await options(who));
	const admin = await person(site, user(site, "admin@pneumuster.example"));
	assert.equal((await admin("POST", "/api/v1/views", { user: site.portico("id", "user", who.who.id).trim(), reason: "to see it as they do" })).status, 200);
	isProblem(await admin("POST", `${door}/options`), 403, "forbidden");
	isProblem(await admin("POST", door, body), 403, "view_only");
	isProblem(await who("POST", door, body, { "Sec-Fetch-Site": "cross-site" }), 403, "not_same_origin");
	for (const path of [door, `${door}/options`]) isProblem(await ask(site, "POST", path, { host, headers: { ...json, ...sameOrigin }, body: "{}" }), 401, "not_signed_in");
});

test("the password alone switches no second step off: a code, a recovery code or a passkey comes before it", async () => {
	const who = await own(), key = await added(who);
	await prove(who, key);
	for (const way of ["code", "recovery", "passkey"]) {
		const { secret, recovery } = await stepped(who);
		assert.deepEqual(needs(await who("DELETE", "/api/v1/totp", { password })), [["/passkey", "held"]]);
		assert.ok(isOn(who), way);
		const answer = way === "passkey" ? await prove(who, key) : await who("POST", "/api/v1/session/step-up", { code: way === "code" ? code(secret) : recovery[0] });
		assert.equal(answer.status, 204, answer.text);
		who.use(cookieOf(answer));
		isProblem(await who("DELETE", "/api/v1/totp", { password: "wrong" }), 422, "invalid");
		assert.ok(isOn(who), "nor the second step without the password");
		forgive(site);
		assert.equal((await who("DELETE", "/api/v1/totp", { password })).status, 204);
		assert.ok(!isOn(who));
		unproved(who);
	}
	assert.equal(operations.find((o) => o.method === "DELETE" && o.path === "/api/v1/totp")["x-step-up"], true);
});

test("where the second step is on the password alone adds no passkey, which would take its place", async () => {
	const who = await own(), { secret } = await stepped(who);
	assert.deepEqual(needs(await who("POST", "/api/v1/passkey-options", { password })), []);
	who.use(cookieOf(await who("POST", "/api/v1/session/step-up", { code: code(secret) })));
	await added(who);
});

clean(site);
