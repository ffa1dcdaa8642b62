// Ways in: passwords, links that come by mail, passkeys and API keys.  Each round has people of its own, comes in as it may
// be done, and then whatever differs from that in one place must open nothing.
import { Authenticator, PRESENT, b64 } from "../../lib/passkey.mjs";
import { ask } from "../../lib/http.mjs";
import { code } from "../../lib/totp.mjs";
import { cookieOf, password, stillWaiting } from "../../lib/users.mjs";
import { People, rounds } from "./second.mjs";
import { Tally, keepHosts, random } from "./tools.mjs";

export const name = "enter", goal = 2000;

const host = "musterplatz.localhost", like = "owner@musterplatz.example", elsewhere = "nordmuster.localhost";
const raised = "UPDATE channel_version SET version = version + 1";
const dayIn = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);

class Enter extends People {
	originOf(on) {
		return `http://${on}:${this.site.port}`;
	}

	async options(who, secret = password) {
		await this.writer.run("DELETE FROM attempt");
		return this.ask(who, "POST", "passkey-options", { password: secret });
	}

	/** A sign-in, bent in places: the answer. */
	async sign(key, on, bent = {}, { challenge, body = {} } = {}) {
		await this.writer.run("DELETE FROM attempt");
		const nobody = { host: on }, options = challenge ? { challenge } : (await this.ask(nobody, "POST", "session/passkey/options", {})).json;
		return this.ask(nobody, "POST", "session/passkey", { ...key.get(options, bent), ...body });
	}

	/** A passkey opens for its person, on its host, with the authenticator's own word, once, and while both are there. */
	async passkeys() {
		const who = await this.somebody(like, host), key = new Authenticator({ origin: this.originOf(host) }), other = await this.somebody(like, host);
		const count = (wanted, what) => this.is(`SELECT COUNT(*) FROM passkey WHERE user_id = ${who.id}`, String(wanted), `passkeys, ${what}`);
		const wrong = (answer, what) => this.status(answer, 401, what);
		this.status(await this.options(who, "wrong password"), [403, 422], "a passkey is begun with a wrong password");
		const options = this.status(await this.options(who), 200, "a passkey is begun").json;
		const theirs = this.status(await this.options(other), 200, "another one's is begun").json;
		this.status(await this.ask(who, "POST", "passkeys", key.create(theirs)), 422, "a passkey is made with another one's challenge");
		for (const [what, bent] of [["of another origin", { client: { origin: "http://other.example" } }], ["of another host", { data: { host: "other.example" } }], ["without the person", { data: { flags: PRESENT | 64 } }]])
			this.status(await this.ask(who, "POST", "passkeys", key.create(options, bent)), 422, `a passkey is made ${what}`);
		count(0, "after what was wrong");
		const added = this.status(await this.ask(who, "POST", "passkeys", key.create(options)), 201, "a passkey is made");
		this.status(await this.ask(who, "POST", "passkeys", new Authenticator({ origin: this.originOf(host) }).create(options)), 422, "another one with the same challenge");
		count(1, "with the same challenge twice");
		const again = this.status(await this.sign(key, host), 200, "it signs in"), counted = key.count;
		this.tally.expect(again.headers["set-cookie"] !== undefined, "and gives a session");

		const stranger = new Authenticator({ origin: this.originOf(host), id: key.id });
		Object.assign(stranger, { handle: key.handle, count: 100 });
		wrong(await this.sign(stranger, host), "signed by another authenticator");
		wrong(await this.sign(key, host, {}, { body: { user_handle: theirs.user.id } }), "with the handle of somebody else");
		wrong(await this.sign(key, host, { client: { origin: this.originOf(elsewhere) } }), "of another origin");
		wrong(await this.sign(key, host, { client: { type: "webauthn.create" } }), "of another kind");
		wrong(await this.sign(key, host, { data: { host: elsewhere } }), "for another host");
		wrong(await this.sign(key, host, { data: { flags: PRESENT } }), "without the person");
		wrong(await this.sign(key, host, {}, { challenge: b64(Buffer.from(this.rng.hex(112), "hex")) }), "of a challenge that is none of the server's");
		wrong(await this.sign(key, host, {}, { challenge: (await this.options(who)).json.challenge }), "of a challenge for another purpose");
		wrong(await this.sign(key, host, { count: counted }), "with a count that stands still");
		const { challenge } = (await this.ask({ host }, "POST", "session/passkey/options", {})).json;
		this.status(await this.sign(key, host, {}, { challenge }), 200, "it signs in again");
		wrong(await this.sign(key, host, {}, { challenge }), "of a challenge that was answered");
		const there = new Authenticator({ origin: this.originOf(elsewhere), id: key.id });
		Object.assign(there, { key: key.key, cose: key.cose, handle: key.handle, count: key.count + 50 });
		wrong(await this.sign(there, elsewhere), "on another house's host");
		// The row says that host: the house that has it is another one.
		await this.writer.run(`UPDATE passkey SET host = '${elsewhere}' WHERE user_id = ${who.id}`);
		wrong(await this.sign(there, elsewhere), "on a host that its house has no more");
		await this.writer.run(`UPDATE passkey SET host = '${host}' WHERE user_id = ${who.id}`);
		for (const [what, change, back] of [["of who is only invited", `UPDATE user SET state = 'invited' WHERE id = ${who.id}`, `UPDATE user SET state = 'active' WHERE id = ${who.id}`],
			["of a house that is closed", `UPDATE tenant SET state = 'closed' WHERE id = ${who.tenant}`, `UPDATE tenant SET state = 'active' WHERE id = ${who.tenant}`]]) {
			const sessions = `SELECT COUNT(*) FROM session WHERE user_id = ${who.id}`, had = this.site.value(sessions);
			await this.writer.run(`${change}; ${raised}`);
			const got = await this.sign(key, host);
			this.tally.expect(got.status === 401, () => `${what}: ${got.status} ${got.text}; seed ${this.seed}`);
			this.is(sessions, had, `sessions ${what}`);
			await this.writer.run(`${back}; ${raised}`);
		}
		count(1, "after a house was closed for a while");
		this.status(await this.ask(other, "DELETE", `passkeys/${added.json?.id}`), 404, "somebody else removes it");
		await this.stepUp(who, key, other);
		await this.twenty(who, count);
		this.status(await this.ask(who, "DELETE", `passkeys/${added.json?.id}`), 204, "it is removed");
		wrong(await this.sign(key, host), "after it was removed");
		await this.writer.run(`UPDATE user SET state = 'closed' WHERE id = ${who.id}`);
		count(0, "of who was closed");
	}

	/** A passkey proves the second step of its own person. */
	async stepUp(who, key, other) {
		const own = new Authenticator({ origin: this.originOf(host) }), at = "session/step-up/passkey", proved = `SELECT COUNT(*) FROM session WHERE user_id = ${other.id} AND proved IS NOT NULL`;
		this.status(await this.ask(other, "POST", "passkeys", own.create((await this.options(other)).json)), 201, "another one's passkey is made");
		await this.writer.run(`UPDATE session SET proved = NULL WHERE user_id = ${other.id}`);
		const prove = async (by) => this.ask(other, "POST", at, by.get(this.status(await this.ask(other, "POST", `${at}/options`, {}), 200, "the second step, by a passkey").json));
		this.status(await prove(key), 422, "somebody else's passkey for the second step");
		this.is(proved, "0", "sessions that have proved it by somebody else's passkey");
		this.status(await prove(own), 204, "the own passkey for the second step");
		this.is(proved, "1", "sessions that have proved it by the own passkey");
	}

	/** Twenty of a person and no more. */
	async twenty(who, count) {
		const add = async () => this.ask(who, "POST", "passkeys", new Authenticator({ origin: this.originOf(host) }).create((await this.options(who)).json));
		await this.writer.run(`INSERT INTO passkey (user_id, credential_id, public_key, sign_count, host, name, created) SELECT ${who.id}, CONCAT('filled ', ${who.id}, ' ', seq), '-', 0, '${host}', 'Filled', UTC_TIMESTAMP() FROM seq_1_to_18`);
		this.status(await add(), 201, "the twentieth passkey");
		this.status(await add(), 409, "the twenty-first passkey");
		count(20, "at most");
	}

	/** A password opens for its person, on the hosts of its house, with the second step where there is one, and guessing it takes long. */
	async passwords() {
		const who = await this.somebody(like, host), forgive = () => this.writer.run("DELETE FROM attempt");
		const enter = async (secret, { on = host, more = {} } = {}) => this.ask({ host: on }, "POST", "session", { email: who.email, password: secret, ...more });
		const sessions_ = `SELECT COUNT(*) FROM session WHERE user_id = ${who.id}`;
		await forgive();
		this.status(await enter(password), 200, "a password");
		const had = this.site.value(sessions_);
		this.status(await enter("a wrong password"), 401, "a wrong password");
		this.status(await enter(password, { on: elsewhere }), 401, "a password on another house's host");
		for (const [what, change, back] of [["of who is only invited", `UPDATE user SET state = 'invited' WHERE id = ${who.id}`, `UPDATE user SET state = 'active' WHERE id = ${who.id}`],
			["of a house that is closed", `UPDATE tenant SET state = 'closed' WHERE id = ${who.tenant}`, `UPDATE tenant SET state = 'active' WHERE id = ${who.tenant}`]]) {
			await this.writer.run(`${change}; ${raised}`);
			const got = await enter(password);
			this.tally.expect(got.status === 401, () => `a password ${what}: ${got.status} ${got.text}; seed ${this.seed}`);
			await this.writer.run(`${back}; ${raised}`);
		}
		this.is(sessions_, had, "sessions of what was no way in");
		await forgive();
		const { secret } = this.status(await this.ask(who, "POST", "totp", { password }), 200, "a second step begins").json;
		this.status(await this.ask(who, "POST", "totp/confirm", { code: code(secret) }), 200, "and is switched on");
		await this.writer.run(`UPDATE totp SET last_step = 0 WHERE user_id = ${who.id}`);
		this.status(await enter(password), 401, "a password without its second step");
		this.status(await enter(password, { more: { code: "000000" } }), 401, "a password with a wrong code");
		const inside = { ...who, cookie: cookieOf(this.status(await enter(password, { more: { code: code(secret) } }), 200, "a password with its second step")) };
		const change = (current) => this.ask(inside, "POST", "password", { current, new: `${this.rng.hex(20)} changed` });
		this.status(await change("a wrong password"), 422, "another password, with a wrong one");
		const mailed = await this.link(who, "reset");
		this.status(await change(password), 200, "another password");
		this.is(sessions_, "1", "sessions after the password was changed");
		this.status(await this.ask(inside, "GET", "session"), 401, "the token of before the password was changed");
		this.status(await this.follow(mailed, "reset"), 410, "a link of before the password was changed");
		await forgive();
		for (let i = 0; i < 5; i++) this.status(await enter("a wrong password"), 401, "a wrong password");
		await this.writer.run(stillWaiting);
		this.status(await enter("a wrong password"), 429, "the sixth wrong password");
		await forgive();
	}

	/** Keys are not guessed at from one address; that of this machine itself may be everybody's. */
	async guessed() {
		const from = `127.${1 + this.rng.int(200)}.${this.rng.int(250)}.${1 + this.rng.int(200)}`;
		const wrong = () => ask(this.site, "GET", "/api/v1/customers?limit=1", { host, from, headers: { Authorization: `Bearer apk_${this.rng.hex(8)}_${this.rng.hex(64)}` } });
		this.status(await wrong(), 401, "a key that is none");
		await this.writer.run("UPDATE attempt SET failures = 200, last = UTC_TIMESTAMP() + INTERVAL 1 HOUR WHERE kind = 4");
		this.status(await wrong(), 429, "a key that is none, after many from there");
		await this.writer.run("DELETE FROM attempt");
	}

	/** A link as portico-jobs has sent it. @returns its token */
	async link(of, kind, ends = "+ INTERVAL 1 HOUR") {
		const token = this.rng.hex(52);
		await this.writer.run(`INSERT INTO credential (token_hash, user_id, kind, ends) VALUES (UNHEX(SHA2('${token}', 256)), ${of.id}, '${kind}', UTC_TIMESTAMP() ${ends})`);
		return token;
	}

	follow(token, kind, on = host) {
		return this.ask({ host: on }, "POST", kind === "reset" ? "password/reset/confirm" : "invitations/confirm", { token, password: `${this.rng.hex(20)} linked` });
	}

	/** A link sets a password for whom it was sent to, on the hosts of their house, in its time, once. */
	async links() {
		const who = await this.somebody(like, host), guest = await this.somebody(like, host);
		await this.writer.run(`UPDATE user SET state = 'invited', password = '' WHERE id = ${guest.id}`);
		const hash = (of) => this.site.value(`SELECT password FROM user WHERE id = ${of.id}`), was = hash(who);
		for (const [of, kind, other] of [[who, "reset", "invitation"], [guest, "invitation", "reset"]]) {
			const [first, second] = [await this.link(of, kind), await this.link(of, kind)], ended = async (what, answer) => this.status(await answer, 410, `a link ${what}, ${kind}`);
			await ended("of nobody's", this.follow(this.rng.hex(52), kind));
			await ended("whose time is over", this.follow(await this.link(of, kind, "- INTERVAL 1 SECOND"), kind));
			await ended("on another house's host", this.follow(first, kind, elsewhere));
			await ended("for something else", this.follow(first, other));
			await ended("that was sent for something else", this.follow(await this.link(of, other), kind));
			for (const [what, change, back] of [["of who was closed", `UPDATE user SET state = 'closed' WHERE id = ${of.id}`, `UPDATE user SET state = '${of === who ? "active" : "invited"}' WHERE id = ${of.id}`],
				["of a house that is closed", `UPDATE tenant SET state = 'closed' WHERE id = ${of.tenant}`, `UPDATE tenant SET state = 'active' WHERE id = ${of.tenant}`]]) {
				await this.writer.run(`${change}; ${raised}`);
				await ended(what, this.follow(await this.link(of, kind), kind));
				await this.writer.run(`${back}; ${raised}`);
			}
			this.tally.expect(hash(of) === (of === who ? was : ""), () => `a link that opens nothing has set a password, ${kind}; seed ${this.seed}`);
			this.status(await this.follow(first, kind), 200, `a link, ${kind}`);
			this.is(`SELECT COUNT(*) FROM session WHERE user_id = ${of.id}`, "0", `sessions after a link was followed, ${kind}`);
			await ended("that was followed", this.follow(first, kind));
			await ended("beside one that was followed", this.follow(second, kind));
		}
	}

	/** A key opens on the hosts of its house, while it, whom it acts as and its house are there, and gives nobody more. */
	async keys() {
		const owner = await this.somebody(like, host), role = (code) => this.seal("role", this.site.value(`SELECT id FROM role WHERE code = '${code}'`));
		const make = (who, more) => this.ask(who, "POST", "api-keys", { name: `Program ${++this.n}`, role: role("dealer_owner"), ...more });
		const made = this.status(await make(owner, { expires: dayIn(30) }), 201, "a key is made").json, { prefix, secret } = made;
		const use = (headers = {}, from) => this.ask({ host, ...from }, "GET", "customers?limit=1", undefined, { Authorization: `Bearer ${secret}`, ...headers });
		this.status(await use(), 200, "a key");
		const acts = `(SELECT user_id FROM api_key WHERE prefix = '${prefix}')`;
		for (const [what, change, back] of [["of a house that is closed", `UPDATE tenant SET state = 'closed' WHERE id = ${owner.tenant}`, `UPDATE tenant SET state = 'active' WHERE id = ${owner.tenant}`],
			["of whom it acts as no more", `UPDATE user SET state = 'closed' WHERE id = ${acts}`, `UPDATE user SET state = 'key' WHERE id = ${acts}`],
			["that expires today", `UPDATE api_key SET expires = UTC_DATE() WHERE prefix = '${prefix}'`, `UPDATE api_key SET expires = '${dayIn(30)}' WHERE prefix = '${prefix}'`],
			["whose role says nothing", `UPDATE user SET role_id = 999999999 WHERE id = ${acts}`, `UPDATE user SET role_id = (SELECT id FROM role WHERE code = 'dealer_owner') WHERE id = ${acts}`]]) {
			await this.writer.run(`SET foreign_key_checks = 0; ${change}; ${raised}; SET foreign_key_checks = 1`);
			this.tally.expect((await use()).status === 401, () => `a key ${what} opens; seed ${this.seed}`);
			await this.writer.run(`${back}; ${raised}`);
		}
		this.status(await use({}, { host: elsewhere }), 401, "a key on another house's host");
		const last = secret.at(-1) === "0" ? "1" : "0";
		this.status(await use({ Authorization: `Bearer ${secret.slice(0, -1)}${last}` }), 401, "a key with another last digit");
		this.status(await this.ask({ host }, "POST", "api-keys", { name: "x", role: role("dealer_owner") }, { Authorization: `Bearer ${secret}` }), 403, "a key makes a key");
		for (const [expires, what] of [[dayIn(0), "today"], [dayIn(740), "in more than two years"]]) this.status(await make(owner, { expires }), 422, `a key that expires ${what}`);
		await this.guessed();
		// Nobody gives a key what they have not.
		const little = await this.somebody("support@musterplatz.example", host), called = `keys ${++this.n} ${this.seed}`;
		await this.writer.run(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${owner.tenant}, NULL, '${called}', 'reseller', 0)`);
		const own = this.site.value(`SELECT id FROM role WHERE name = '${called}'`);
		await this.writer.run([...["api_key.read", "api_key.create"].map((action) => `INSERT INTO role_grant VALUES (${own}, '${action}', 'tenant')`),
			...["id", "name", "role", "expires"].map((field) => `INSERT INTO role_field VALUES (${own}, 'api_key.${field}', '${field === "id" ? "read" : "write"}')`), `UPDATE user SET role_id = ${own} WHERE id = ${little.id}`, raised].join(";\n"));
		this.status(await make(little), 422, "a key with a role that its maker does not hold");
		this.status(await make(little, { role: this.seal("role", own) }), 201, "a key with the own role");
		this.status(await make(owner, { role: role("provider_admin") }), 422, "a key with a role of the provider's");
		this.status(await this.ask(owner, "DELETE", `api-keys/${made.id}`), 204, "it is ended");
		this.status(await use(), 401, "a key that was ended");
	}
}

/** @param {{site: object, count: number, say: Function, seed?: number}} how  count: how many verdicts at least */
export async function run({ site, count, say, seed = 1, limit = 50, first }) {
	const proof = new Enter(site, new Tally(), random(seed + 2000003), seed, limit), release = await keepHosts(proof.writer);
	return rounds(proof, { count, say, limit, first }, ["passkeys", "keys", "passwords", "links"], [], release);
}
