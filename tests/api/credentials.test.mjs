// Who has forgotten the password, is invited, or signs in with a second step.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { ask } from "../lib/http.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { mails } from "../lib/mail.mjs";
import { isProblem, openapi, traceless } from "../lib/openapi.mjs";
import { base32, code } from "../lib/totp.mjs";
import { cookieOf, forgive, fresh, json, password, sameOrigin, signIn, stillWaiting, user, users } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance();
const { check } = await openapi(site);
const seal = sealer(site, vocabulary());
const reseller = user(site, "owner@namudhaj.example");
const [patient, other] = users(site).filter((u) => u.portal === "customer" && u.host === reseller.host);
const admin = user(site, "admin@pneumuster.example");
const good = "a lamp behind nine boats", better = "the tenth boat has no lamp";

const send = (host, path, body, { method = "POST", cookie, from, headers = {} } = {}) => ask(site, method, `/api/v1/${path}`,
	{ host, from, headers: { ...(cookie ? { Cookie: cookie } : {}), ...sameOrigin, ...(body ? json : {}), ...headers }, body: body && JSON.stringify(body) });
const alive = async (who, cookie) => (await send(who.host, "session", undefined, { method: "GET", cookie })).status === 200;
const idle = () => until("the outbox is empty", () => site.value("SELECT COUNT(*) FROM outbox WHERE state = 'waiting'") === "0");
const lastAudit = () => site.sql("SELECT * FROM audit ORDER BY id DESC LIMIT 1")[0];

/** A user that only this file has, with the demo's password. */
let made = 0;
function own({ of = patient, language = "en", name = `Own ${++made}`, email = `cred${++made}-${Date.now()}@namudhaj.example` } = {}) {
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, state)
		SELECT tenant_id, customer_id, role_id, '${email}', '${name}', '${language}', password, 'active' FROM user WHERE email = '${of.email}'`);
	return { email, host: of.host, name };
}
site.undo.push(() => site.sql("UPDATE user SET state = 'closed' WHERE email LIKE 'cred%' OR email LIKE 'new%'"));
const idOf = (who) => site.value(`SELECT id FROM user WHERE email = '${who.email}'`);

/** Asks for a reset and waits for what comes of it. @returns the newest mail to that address, if any */
async function reset(who, email = who.email) {
	forgive(site);
	const answer = await send(who.host, "password/reset", { email });
	assert.equal(answer.status, 202, answer.text);
	check("POST", "/api/v1/password/reset", answer);
	await idle();
	return mails(site).filter((m) => m.to === `<${who.email}>`).at(-1);
}

test("a forgotten password: the mail's link sets another one, and all sessions end", async () => {
	const who = own(), cookie = await fresh(site, who), mail = await reset(who);
	assert.match(mail.link, new RegExp(`^http://${who.host}:${site.port}/reset#[a-z2-7]{52}$`));
	const answer = await send(who.host, "password/reset/confirm", { token: mail.token, password: good });
	assert.equal(answer.status, 200, answer.text);
	check("POST", "/api/v1/password/reset/confirm", answer);
	assert.deepEqual(answer.json, { email: who.email, portal: "customer" });
	assert.deepEqual([lastAudit().action, lastAudit().object_id], ["password_reset_confirm", idOf(who)]);
	assert.equal(await alive(who, cookie), false);
	isProblem(await signIn(site, who), 401, "login_failed");
	assert.equal((await signIn(site, who, good)).status, 200);
});

test("a link works once, and the newest use ends all other links of that user", async () => {
	const who = own(), first = await reset(who), second = await reset(who);
	assert.notEqual(first.token, second.token);
	assert.equal((await send(who.host, "password/reset/confirm", { token: second.token, password: good })).status, 200);
	for (const mail of [first, second])
		isProblem(await send(who.host, "password/reset/confirm", { token: mail.token, password: better }), 410, "link_ended");
	assert.equal((await signIn(site, who, good)).status, 200);
});

test("of many uses of one link at the same moment one succeeds", async () => {
	const who = own(), { token } = await reset(who);
	const answers = await Promise.all([1, 2, 3].map((n) => send(who.host, "password/reset/confirm", { token, password: `${good} ${n}` })));
	assert.equal(answers.filter((a) => a.status === 200).length, 1, answers.map((a) => a.text).join());
	for (const a of answers) assert.ok([200, 410, 503].includes(a.status), a.text);
});

test("a link ends after 30 minutes, and by a change of the password", async () => {
	const old = own(), mail = await reset(old);
	const left = Number(site.value(`SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), ends) FROM credential WHERE user_id = ${idOf(old)}`));
	assert.ok(left > 1700 && left <= 1800, `${left}`);
	site.sql(`UPDATE credential SET ends = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE user_id = ${idOf(old)}`);
	isProblem(await send(old.host, "password/reset/confirm", { token: mail.token, password: good }), 410, "link_ended");
	const who = own(), { token } = await reset(who);
	assert.equal((await send(who.host, "password", { current: password, new: good }, { cookie: await fresh(site, who) })).status, 200);
	isProblem(await send(who.host, "password/reset/confirm", { token, password: better }), 410, "link_ended");
});

test("a link works on the host it was made for, as its own kind, with the rules for passwords", async () => {
	const who = own(), { token } = await reset(who);
	isProblem(await send(admin.host, "password/reset/confirm", { token, password: good }), 410, "link_ended");
	isProblem(await send(who.host, "invitations/confirm", { token, password: good }), 410, "link_ended");
	for (const [secret, code] of [["elevenchars", "length"], [who.email, "email"], ["password1234", "listed"]])
		assert.deepEqual(isProblem(await send(who.host, "password/reset/confirm", { token, password: secret }), 422, "invalid").errors.map((e) => [e.pointer, e.code]), [["/password", code]]);
	isProblem(await send(who.host, "password/reset/confirm", { token, password: good }, { headers: { "Sec-Fetch-Site": "cross-site" } }), 403, "not_same_origin");
	for (const wrong of ["a".repeat(52), "x", token.toUpperCase()])
		isProblem(await send(who.host, "password/reset/confirm", { token: wrong, password: good }), 410, "link_ended");
	assert.equal((await send(who.host, "password/reset/confirm", { token, password: good })).status, 200);
});

test("asking for a reset tells nothing of who is known, and nobody unknown gets mail", async () => {
	const who = own(), closed = own();
	site.sql(`UPDATE user SET state = 'closed' WHERE email = '${closed.email}'`);
	const before = mails(site).length, answers = [];
	for (const email of [closed.email, "nobody@namudhaj.example", admin.email, "no address", "x\r\nBcc: y@z.example"]) {
		forgive(site);
		answers.push(await send(who.host, "password/reset", { email }));
	}
	await idle();
	assert.equal(mails(site).length, before);
	await reset(who);
	assert.equal(mails(site).length, before + 1);
	answers.push(await send(who.host, "password/reset", { email: who.email }));
	assert.deepEqual(new Set(answers.map((a) => `${a.status} ${a.text}`)), new Set(["202 {}"]));
	const rows = (email) => site.sql(`SELECT action, object_id, detail FROM audit WHERE action = 'password_reset' ORDER BY id DESC LIMIT 6`);
	assert.equal(new Set(rows().map((r) => JSON.stringify(r))).size, 1, "nor does the audit");
	await idle();
});

test("one user has at most three links at a time, and who asks too often waits", async () => {
	const who = own(), n = () => mails(site).filter((m) => m.to === `<${who.email}>`).length;
	for (let i = 0; i < 5; i++) await reset(who);
	assert.equal(n(), 3);
	forgive(site);
	const asked = [];
	for (let i = 0; i < 6; i++) {
		if (i === 5) site.sql(stillWaiting);
		asked.push((await send(who.host, "password/reset", { email: "nobody@namudhaj.example" })).status);
	}
	assert.deepEqual(asked, [202, 202, 202, 202, 202, 429]);
	assert.equal((await send(who.host, "session", { email: who.email, password })).status, 200, "signing in is counted by itself");
	forgive(site);
	await idle();
});

test("mail is the reseller's own, in the user's language; the provider is nowhere in it", async () => {
	const provider = site.value("SELECT b.name FROM brand b JOIN tenant t ON t.brand_id = b.id WHERE t.level = 0");
	const [brand] = site.sql(`SELECT b.name, b.support_email FROM brand b JOIN tenant t ON t.brand_id = b.id JOIN host h ON h.tenant_id = t.id WHERE h.name = '${reseller.host}'`);
	const said = new Set();
	for (const language of ["en", "de", "fr", "ja", "ar"]) {
		const who = own({ language, name: "Zoë 見本" }), mail = await reset(who);
		assert.equal(mail.from, `${brand.name} <${brand.support_email}>`);
		assert.equal(mail.headers["Message-ID"].split("@")[1], `${who.host}>`);
		assert.ok(Math.abs(new Date(mail.headers.Date) - Date.now()) < 60000, mail.headers.Date);
		for (const part of [who.email, who.name, brand.name, brand.support_email]) assert.ok(mail.text.includes(part), `${language}: ${part}`);
		assert.doesNotMatch(mail.text + mail.subject, /[{}]/);
		assert.equal(`${mail.raw} ${mail.text} ${mail.subject} ${mail.from}`.toLowerCase().includes(provider.toLowerCase()), false);
		assert.doesNotMatch(mail.raw, /portico|pneumuster/i);
		said.add(mail.subject);
	}
	assert.equal(said.size, 5);
});

test("a name with signs of its own adds nothing to a mail, and the token is kept nowhere", async () => {
	const who = own({ name: "Bcc: x@y.example {link} {brand}" }), mail = await reset(who);
	assert.ok(mail.text.includes("Bcc: x@y.example {link} {brand}"), mail.text);
	assert.deepEqual(Object.keys(mail.headers), ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]);
	const kept = JSON.stringify([site.sql("SELECT * FROM outbox"), site.sql("SELECT HEX(token_hash), user_id, kind FROM credential"), site.sql("SELECT * FROM audit ORDER BY id DESC LIMIT 20")]);
	assert.equal(kept.includes(mail.token), false);
	for (const log of ["worker", "jobs", "nginx", "access"]) if (log !== "access") assert.equal(site.log(log).includes(mail.token), false, log);
	assert.equal(site.value(`SELECT COUNT(*) FROM outbox WHERE state <> 'waiting' AND (email <> '' OR HEX(nonce) <> REPEAT('0', 32))`), "0", "what is done is wiped");
	assert.equal(site.value(`SELECT COUNT(*) FROM credential WHERE token_hash = UNHEX('${createHash("sha256").update(mail.token).digest("hex")}')`), "1");
});

// ---- invitations ----

const roleId = (code) => seal("role", site.value(`SELECT id FROM role WHERE code = '${code}'`));
const invite = (who, cookie, body) => send(who.host, "users", { name: "New 1", language: "en", ...body }, { cookie });
const address = () => `new${++made}-${Date.now()}@namudhaj.example`;
const mailTo = async (email) => (await idle(), mails(site).filter((m) => m.to === `<${email}>`));

test("an invitation makes a user who cannot sign in, until the mail's link sets a password", async () => {
	forgive(site);
	const cookie = await fresh(site, reseller), email = address();
	const answer = await invite(reseller, cookie, { email, role: roleId("dealer_owner") });
	assert.equal(answer.status, 200, answer.text);
	check("POST", "/api/v1/users", answer);
	assert.deepEqual([answer.json.email, answer.json.state, answer.json.role], [email, "invited", "dealer_owner"]);
	assert.deepEqual([lastAudit().action, lastAudit().object_id], ["user.invite", idOf({ email })]);
	const unknown = await signIn(site, { email: "nobody@namudhaj.example", host: reseller.host });
	for (const secret of [password, "", good].filter(Boolean))
		assert.equal(traceless(await signIn(site, { email, host: reseller.host }, secret)), traceless(unknown));
	const [mail, ...more] = await mailTo(email);
	assert.equal(more.length, 0);
	assert.match(mail.link, new RegExp(`^http://${reseller.host}:${site.port}/invitation#`));
	const days = Number(site.value(`SELECT TIMESTAMPDIFF(HOUR, UTC_TIMESTAMP(), ends) FROM credential WHERE user_id = ${idOf({ email })}`));
	assert.ok(days >= 166 && days <= 168, `${days} h`);
	assert.equal((await reset({ email, host: reseller.host }))?.link, mail.link, "who is invited gets no reset");
	isProblem(await send(reseller.host, "password/reset/confirm", { token: mail.token, password: good }), 410, "link_ended");
	const done = await send(reseller.host, "invitations/confirm", { token: mail.token, password: good });
	assert.equal(done.status, 200, done.text);
	check("POST", "/api/v1/invitations/confirm", done);
	assert.deepEqual(done.json, { email, portal: "reseller" });
	assert.equal((await signIn(site, { email, host: reseller.host }, good)).status, 200);
	isProblem(await send(reseller.host, "invitations/confirm", { token: mail.token, password: better }), 410, "link_ended");
});

test("who invites gives no role that it does not hold in full, none of another portal and none that is foreign", async () => {
	const cookie = await fresh(site, reseller), refused = async (role, who = reseller, at = cookie) => {
		const answer = await invite(who, at, { email: address(), role });
		assert.deepEqual(isProblem(answer, 422, "invalid").errors.map((e) => [e.pointer, e.code]), [["/role", "role"]], role);
	};
	for (const code of ["provider_admin", "customer_owner"]) {
		await refused(code);
		await refused(roleId(code));
	}
	await refused("nothing");
	await refused(seal("role", 999999999));
	await refused(seal("user", 1));
	const admins = await fresh(site, admin);
	await refused("dealer_owner", admin, admins);
	// Roles of a tenant's own: one within the inviter's, one beyond it, one of another tenant.
	const tenant = site.value(`SELECT tenant_id FROM user WHERE email = '${reseller.email}'`);
	const foreign = site.value(`SELECT id FROM tenant WHERE id <> ${tenant} AND level > 0 ORDER BY id LIMIT 1`);
	const role = (of, name, grants) => {
		site.sql(`INSERT INTO role (tenant_id, name, portal) VALUES (${of}, '${name}', 'reseller');
			SET @r = LAST_INSERT_ID(); ${grants.map(([a, s]) => `INSERT INTO role_grant VALUES (@r, '${a}', '${s}');`).join(" ")}`);
		return [site.value(`SELECT id FROM role WHERE tenant_id = ${of} AND name = '${name}'`)].map((id) => seal("role", id))[0];
	};
	const stamp = Date.now();
	const narrow = role(tenant, `Narrow ${stamp}`, [["user.read", "tenant"], ["user.invite", "tenant"]]);
	const wide = role(tenant, `Wide ${stamp}`, [["user.read", "tenant"], ["customer.read", "subtree"]]);
	const theirs = role(foreign, `Theirs ${stamp}`, [["user.read", "tenant"]]);
	await refused(theirs);
	const email = address();
	assert.equal((await invite(reseller, cookie, { email, role: narrow })).status, 200);
	const [mail] = await mailTo(email);
	assert.equal((await send(reseller.host, "invitations/confirm", { token: mail.token, password: good })).status, 200);
	const narrowed = { email, host: reseller.host }, at = cookieOf(await signIn(site, narrowed, good));
	await refused(wide, narrowed, at);
	await refused("dealer_owner", narrowed, at);
	const next = address();
	assert.equal((await invite(narrowed, at, { email: next, role: narrow })).status, 200, "the own role can be given");
	await idle();
	site.sql(`UPDATE user SET state = 'closed' WHERE email IN ('${email}', '${next}')`);
});

test("a customer's owner invites only for its own customer", async () => {
	const cookie = await fresh(site, patient), email = address();
	const answer = await invite(patient, cookie, { email, role: "customer_owner" });
	assert.equal(answer.status, 200, answer.text);
	const [of] = site.sql(`SELECT tenant_id, customer_id FROM user WHERE email = '${patient.email}'`);
	assert.deepEqual(site.sql(`SELECT tenant_id, customer_id FROM user WHERE email = '${email}'`), [of]);
	for (const more of [{ customer: seal("customer", 1) }, { tenant: seal("tenant", 1) }])
		assert.equal((await invite(patient, cookie, { email: address(), role: "customer_owner", ...more })).status, 422);
	const again = (who, at) => send(who.host, `users/${seal("user", idOf({ email }))}/invite`, undefined, { cookie: at });
	isProblem(await again(other, await fresh(site, other)), 404, "not_found");
	await idle();
	isProblem(await again(patient, cookie), 409, "conflict"); // one a minute
	site.sql("UPDATE outbox SET created = created - INTERVAL 2 MINUTE");
	const second = await again(patient, cookie);
	assert.equal(second.status, 200, second.text);
	check("POST", "/api/v1/users/{id}/invite", second);
	const sent = await mailTo(email);
	assert.equal(sent.length, 2);
	site.sql("UPDATE outbox SET created = created - INTERVAL 2 MINUTE");
	isProblem(await again(admin, await fresh(site, admin)), 409, "conflict"); // a brand's mail comes from its own host
	assert.equal((await send(patient.host, "invitations/confirm", { token: sent[1].token, password: good })).status, 200);
	isProblem(await send(patient.host, "invitations/confirm", { token: sent[0].token, password: better }), 410, "link_ended");
	isProblem(await again(patient, cookie), 409, "conflict"); // nobody is invited twice
	site.sql(`UPDATE user SET state = 'closed' WHERE email = '${email}'`);
});

test("an address that cannot get mail, a taken one, a blank name and an unknown language are refused at their place", async () => {
	const cookie = await fresh(site, reseller), role = "dealer_owner", email = address();
	for (const [body, pointer, code] of [[{ email: "x" }, "/email", "email"], [{ email: "a b@c.example" }, "/email", "email"], [{ email: "a@b@c.example" }, "/email", "email"],
		[{ email: "a@c.example\r\nBcc: x" }, "/email", "email"], [{ email: "a@c.example>,<x@y.example" }, "/email", "email"], [{ email: patient.email }, "/email", "taken"], [{ email: patient.email.toUpperCase() }, "/email", "taken"],
		[{ name: "  " }, "/name", "text"], [{ name: "a\nb" }, "/name", "text"], [{ name: "a\u001bb" }, "/name", "text"], [{ language: "xx" }, "/language", "code"]])
		assert.deepEqual(isProblem(await invite(reseller, cookie, { email, role, ...body }), 422, "invalid").errors.map((e) => [e.pointer, e.code]), [[pointer, code]], JSON.stringify(body));
	assert.equal(site.value(`SELECT COUNT(*) FROM user WHERE email = '${email}'`), "0");
});

// ---- the second step ----

/** As if no code had been used yet. */
const unused = (who) => site.sql(`UPDATE totp SET last_step = 0 WHERE user_id = ${idOf(who)}`);
const enter = (who, more = {}) => (forgive(site), send(who.host, "session", { email: who.email, password, ...more }));

/** A user with the second step on. */
async function stepped() {
	const who = own(), cookie = await fresh(site, who);
	const begun = await send(who.host, "totp", { password }, { cookie });
	assert.equal(begun.status, 200, begun.text);
	const first = code(begun.json.secret), on = await send(who.host, "totp/confirm", { code: first }, { cookie });
	assert.equal(on.status, 200, on.text);
	return { ...who, secret: begun.json.secret, first, recovery: on.json.recovery, cookie: cookieOf(on) };
}

test("the second step is switched on with the password and a first code; the session is another from then on", async () => {
	const who = own(), cookie = await fresh(site, who), there = await fresh(site, who);
	const state = async (at) => (await send(who.host, "totp", undefined, { method: "GET", cookie: at })).json;
	assert.deepEqual(await state(cookie), { on: false, recovery: 0 });
	assert.deepEqual(isProblem(await send(who.host, "totp", { password: "wrong" }, { cookie }), 422, "invalid").errors.map((e) => [e.pointer, e.code]), [["/password", "wrong"]]);
	isProblem(await send(who.host, "totp/confirm", { code: "000000" }, { cookie }), 409, "conflict");
	const begun = await send(who.host, "totp", { password }, { cookie });
	check("POST", "/api/v1/totp", begun);
	assert.match(begun.json.secret, /^[A-Z2-7]{32}$/);
	const brand = site.value(`SELECT b.name FROM brand b JOIN tenant t ON t.brand_id = b.id JOIN host h ON h.tenant_id = t.id WHERE h.name = '${who.host}'`);
	assert.equal(decodeURIComponent(begun.json.uri), `otpauth://totp/${brand}:${who.email}?secret=${begun.json.secret}&issuer=${brand}&algorithm=SHA1&digits=6&period=30`);
	assert.match(begun.json.qr.path, /^(M\d+ \d+h\d+v1h-\d+z)+$/);
	assert.ok(begun.json.qr.side > 20 && begun.json.qr.side < 178);
	assert.deepEqual(await state(cookie), { on: false, recovery: 0 });
	assert.equal((await enter(who)).status, 200, "nothing is asked for before the first code");
	const wrong = code(begun.json.secret, 5);
	assert.deepEqual(isProblem(await send(who.host, "totp/confirm", { code: wrong }, { cookie }), 422, "invalid").errors.map((e) => [e.pointer, e.code]), [["/code", "wrong"]]);
	const on = await send(who.host, "totp/confirm", { code: code(begun.json.secret) }, { cookie });
	assert.equal(on.status, 200, on.text);
	check("POST", "/api/v1/totp/confirm", on);
	assert.equal(new Set(on.json.recovery).size, 10);
	for (const one of on.json.recovery) assert.match(one, /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
	assert.deepEqual([await alive(who, cookie), await alive(who, there), await alive(who, cookieOf(on))], [false, false, true]);
	assert.deepEqual(await state(cookieOf(on)), { on: true, recovery: 10 });
	assert.equal(lastAudit().action, "totp_confirm");
	isProblem(await send(who.host, "totp", { password }, { cookie: cookieOf(on) }), 409, "conflict");
	const kept = JSON.stringify([site.sql("SELECT HEX(secret) FROM totp"), site.sql("SELECT HEX(hash) FROM recovery_code")]).toLowerCase();
	assert.equal(kept.includes(base32(begun.json.secret).toString("hex")), false, "the secret is sealed");
	for (const one of on.json.recovery) assert.equal(kept.includes(base32(one.replaceAll("-", "")).toString("hex")), false, "recovery codes are hashed");
});

// A step may end at any moment of a test, so what is tried here is right or wrong on either side of that; the edges are in tests/unit.
test("signing in then needs a code of about now, and each once", async () => {
	const who = await stepped();
	isProblem(await enter(who), 401, "second_factor");
	isProblem(await enter(who, { password: "wrong", code: code(who.secret) }), 401, "login_failed");
	assert.deepEqual(isProblem(await enter(who, { code: who.first }), 401, "second_factor").errors.map((e) => [e.pointer, e.code]), [["/code", "wrong"]], "used when it was switched on");
	for (const away of [0, 1]) {
		unused(who);
		const digits = code(who.secret, away);
		assert.equal((await enter(who, { code: digits })).status, 200, `${away}`);
		isProblem(await enter(who, { code: digits }), 401, "second_factor");
	}
	isProblem(await enter(who, { code: code(who.secret) }), 401, "second_factor"); // older than the newest that was used
	unused(who);
	for (const wrong of [code(who.secret, -3), code(who.secret, 3), "12345", "abcdef", "1234567"]) isProblem(await enter(who, { code: wrong }), 401, "second_factor");
});

test("a recovery code works once, as people type it", async () => {
	const who = await stepped();
	assert.equal((await enter(who, { code: who.recovery[3].toUpperCase().replaceAll("-", " ") })).status, 200);
	isProblem(await enter(who, { code: who.recovery[3] }), 401, "second_factor");
	assert.equal((await enter(who, { code: who.recovery[4].replaceAll("-", "") })).status, 200);
	const two = await stepped();
	isProblem(await enter(two, { code: who.recovery[5] }), 401, "second_factor"); // nobody else's
	assert.deepEqual((await send(who.host, "totp", undefined, { method: "GET", cookie: cookieOf(await enter(who, { code: who.recovery[6] })) })).json, { on: true, recovery: 7 });
});

test("wrong codes count as wrong passwords do, and asking for the code does not", async () => {
	const who = await stepped();
	const knock = (more) => send(who.host, "session", { email: who.email, password, ...more });
	forgive(site);
	for (let n = 0; n < 7; n++) isProblem(await knock(), 401, "second_factor");
	for (let n = 0; n < 5; n++) {
		isProblem(await knock({ code: code(who.secret, 7) }), 401, "second_factor");
		assert.equal(lastAudit().action, "session_create.refused");
	}
	site.sql(stillWaiting);
	unused(who);
	isProblem(await knock({ code: code(who.secret) }), 429, "too_many");
	forgive(site);
	assert.equal((await knock({ code: code(who.secret) })).status, 200);
});

test("the second step is switched off with the password, and a secret is of no use to another user", async () => {
	const who = await stepped(), two = await stepped();
	isProblem(await send(who.host, "totp", { password: "wrong" }, { method: "DELETE", cookie: who.cookie }), 422, "invalid");
	const kept = site.value(`SELECT HEX(secret) FROM totp WHERE user_id = ${idOf(who)}`);
	const off = await send(who.host, "totp", { password }, { method: "DELETE", cookie: who.cookie });
	assert.equal(off.status, 204, off.text);
	assert.equal(lastAudit().action, "totp_end");
	assert.equal((await enter(who)).status, 200);
	assert.equal(site.value(`SELECT COUNT(*) FROM recovery_code WHERE user_id = ${idOf(who)}`), "0");
	site.announce(/"what":"totp"/);
	site.sql(`UPDATE totp SET secret = UNHEX('${kept}'), last_step = 0 WHERE user_id = ${idOf(two)}`);
	isProblem(await enter(two, { code: code(who.secret) }), 500, "internal");
});

test("a reset of the password does not switch off the second step", async () => {
	const who = await stepped(), { token } = await reset(who);
	assert.equal((await send(who.host, "password/reset/confirm", { token, password: good })).status, 200);
	isProblem(await enter(who, { password: good }), 401, "second_factor");
	unused(who);
	assert.equal((await enter(who, { password: good, code: code(who.secret) })).status, 200);
});

clean(site);
