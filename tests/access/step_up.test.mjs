// What reaches far needs a code of the second step, given in this session a moment ago.
// An instance of its own, since shares change and people switch second steps on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { person } from "../lib/second.mjs";
import { cookieOf, forgive, json, password, sameOrigin, stillWaiting, user } from "../lib/users.mjs";
import { ask } from "../lib/http.mjs";
import { code } from "../lib/totp.mjs";

const site = await instance({ own: true, name: "step-up" });
const { operations } = await openapi(site);
const tenant = site.portico("id", "tenant", site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'")).trim();
const at = `/api/v1/tenants/${tenant}/products`;
const owner = user(site, "owner@nordmuster.example"), id = site.value(`SELECT id FROM user WHERE email = '${owner.email}'`);
const a = await person(site, owner);
let secret, recovery;

const share = async (who) => who("PUT", at, { products: null }, { "If-Match": (await who("GET", at)).headers.etag });
const stepUp = async (who, text) => {
	const answer = await who("POST", "/api/v1/session/step-up", { code: text });
	if (answer.status === 204) who.use(cookieOf(answer));
	return answer;
};
/** Codes can be tried again, and sessions have proved nothing. */
const anew = () => site.sql(`UPDATE totp SET last_step = 0; UPDATE session SET proved = NULL`);
const sessionOf = () => site.sql(`SELECT created, ends, proved FROM session WHERE user_id = ${id} ORDER BY proved DESC LIMIT 1`)[0];

const shares = () => site.value("SELECT COUNT(*) FROM product_share");
test("who has no second step is told to switch one on; reading needs none", async () => {
	const before = shares();
	assert.equal((await a("GET", at)).status, 200);
	const told = isProblem(await share(a), 403, "step_up_needed");
	assert.deepEqual(told.errors.map((e) => [e.pointer, e.code]), [["/code", "off"]]);
	isProblem(await stepUp(a, "123456"), 409, "conflict");
	assert.equal(shares(), before);
});

test("the document and the portals are told beforehand what needs it", async () => {
	assert.deepEqual(operations.filter((o) => o["x-step-up"]).map((o) => `${o.method} ${o.path}`),
		["DELETE /api/v1/totp", "POST /api/v1/payouts", "PUT /api/v1/tenants/{id}/products", "PUT /api/v1/tenants/{id}/ceiling", "POST /api/v1/tenants/{id}/close", "POST /api/v1/tenants/{id}/reopen"]);
	assert.deepEqual((await a("GET", "/api/v1/meta")).json.step_up, ["tenant.share", "tenant.limit"]);
});

test("switching it on proves it, and so does a sign-in with a code, but no password alone", async () => {
	({ secret } = (await a("POST", "/api/v1/totp", { password })).json);
	const on = await a("POST", "/api/v1/totp/confirm", { code: code(secret) });
	assert.equal(on.status, 200, on.text);
	({ recovery } = on.json);
	a.use(cookieOf(on));
	assert.equal((await share(a)).status, 200);
	anew();
	const login = await ask(site, "POST", "/api/v1/session", { host: owner.host, headers: { ...json, ...sameOrigin }, body: JSON.stringify({ email: owner.email, password, code: code(secret) }) });
	a.use(cookieOf(login));
	assert.equal((await share(a)).status, 200);
	const changed = await a("POST", "/api/v1/password", { current: password, new: "seven quiet rivers turn" });
	assert.equal(changed.status, 200, changed.text);
	a.use(cookieOf(changed));
	isProblem(await share(a), 403, "step_up_needed");
	const back = await a("POST", "/api/v1/password", { current: "seven quiet rivers turn", new: "nine loud rivers turn" });
	a.use(cookieOf(back));
});

test("a code proves it for a while, with another token and no longer a session", async () => {
	anew();
	const told = isProblem(await share(a), 403, "step_up_needed"), before = a.cookie(), was = sessionOf();
	assert.equal(told.errors, undefined);
	const answer = await stepUp(a, code(secret));
	assert.equal(answer.status, 204, answer.text);
	assert.notEqual(a.cookie(), before);
	assert.match(answer.headers["set-cookie"][0], /HttpOnly; SameSite=Strict/);
	isProblem(await ask(site, "GET", at, { host: owner.host, headers: { Cookie: before } }), 401, "not_signed_in");
	assert.equal((await share(a)).status, 200);
	assert.equal((await share(a)).status, 200);
	const now = sessionOf();
	assert.deepEqual([now.created, now.ends], [was.created, was.ends]);
	site.sql(`UPDATE session SET proved = UTC_TIMESTAMP() - INTERVAL 599 SECOND WHERE user_id = ${id}`);
	assert.equal((await share(a)).status, 200);
	site.sql(`UPDATE session SET proved = UTC_TIMESTAMP() - INTERVAL 601 SECOND WHERE user_id = ${id}`);
	isProblem(await share(a), 403, "step_up_needed");
	assert.deepEqual(site.sql(`SELECT action FROM audit WHERE user_id = ${id} ORDER BY id DESC LIMIT 3`).map((row) => row.action), ["tenant.share", "tenant.share", "tenant.share"]);
	assert.equal(site.value(`SELECT COUNT(*) FROM audit WHERE user_id = ${id} AND action = 'session_step_up'`), "1");
});

test("it is this session's and no other's", async () => {
	anew();
	const token = (cookie) => `UNHEX(SHA2('${cookie.slice(8)}', 256))`, other = "0123456789abcdef".repeat(4);
	site.sql(`INSERT INTO session (token_hash, user_id, host, created, seen, ends) SELECT UNHEX(SHA2('${other}', 256)), user_id, host, created, seen, ends FROM session WHERE token_hash = ${token(a.cookie())}`);
	assert.equal((await stepUp(a, code(secret))).status, 204);
	const mine = a.cookie();
	a.use(`session=${other}`);
	isProblem(await share(a), 403, "step_up_needed");
	a.use(mine);
	assert.equal((await share(a)).status, 200);
});

test("each code is good once and none before it any more, recovery codes too", async () => {
	anew();
	const now = code(secret);
	assert.equal((await stepUp(a, now)).status, 204);
	assert.deepEqual(isProblem(await stepUp(a, now), 422, "invalid").errors.map((e) => [e.pointer, e.code]), [["/code", "wrong"]]);
	isProblem(await stepUp(a, code(secret, -1)), 422, "invalid");
	assert.equal((await stepUp(a, recovery[0])).status, 204);
	isProblem(await stepUp(a, recovery[0]), 422, "invalid");
	for (const body of [{}, { code: "" }, { code: 5 }, { code: "1", more: "x" }]) isProblem(await a("POST", "/api/v1/session/step-up", body), 422, "invalid");
});

test("wrong codes are counted as at the door: the sixth waits, and who is signed in stays so", async () => {
	anew();
	forgive(site);
	for (let n = 0; n < 5; n++) isProblem(await stepUp(a, "000000"), 422, "invalid");
	site.sql(stillWaiting);
	const waits = await stepUp(a, code(secret));
	isProblem(waits, 429, "too_many");
	assert.ok(Number(waits.headers["retry-after"]) > 0);
	assert.equal((await a("GET", "/api/v1/session")).status, 200);
	assert.ok(Number(site.value(`SELECT COUNT(*) FROM audit WHERE user_id = ${id} AND action = 'session_step_up.refused'`)) >= 5);
	forgive(site);
	assert.equal((await stepUp(a, code(secret))).status, 204);
});

test("who looks as somebody else proves nothing, and another page cannot ask for it", async () => {
	const admin = await person(site, user(site, "admin@pneumuster.example"));
	const of = site.portico("id", "user", id).trim();
	assert.equal((await admin("POST", "/api/v1/views", { user: of, reason: "to see it as they do" })).status, 200);
	isProblem(await admin("POST", "/api/v1/session/step-up", { code: code(secret) }), 403, "view_only");
	isProblem(await a("POST", "/api/v1/session/step-up", { code: code(secret) }, { "Sec-Fetch-Site": "cross-site" }), 403, "not_same_origin");
	isProblem(await ask(site, "POST", "/api/v1/session/step-up", { host: owner.host, headers: { ...json, ...sameOrigin }, body: "{}" }), 401, "not_signed_in");
});

test("the right is asked for before the code: who may not do it learns nothing of it", async () => {
	const sales = await person(site, user(site, "sales@musterplatz.example"));
	isProblem(await sales("PUT", at, { products: null }, { "If-Match": '"none"' }), 403, "forbidden");
});

clean(site);
