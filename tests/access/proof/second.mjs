// What stands behind the right: a code of the second step, a second person, the note of who opened what, and that who
// looks as somebody else changes nothing.  Each round has people of its own, does what is allowed, so that it is known
// to be possible, and whatever must not be; what a refusal must leave as it was is looked up in the database.
import { ask } from "../../lib/http.mjs";
import { code } from "../../lib/totp.mjs";
import { json, password, sameOrigin, stillWaiting } from "../../lib/users.mjs";
import { sealer, vocabulary } from "../../lib/vocabulary.mjs";
import { Tally, Writer, random, sessions } from "./tools.mjs";

export const name = "second", goal = 5000;

const provider = "pneumuster.localhost", dealer = "musterplatz.localhost";
const raised = "UPDATE channel_version SET version = version + 1";

/** People that only one round has, each with a session that has proved its second step. */
export class People {
	constructor(site, tally, rng, seed, limit) {
		Object.assign(this, { site, tally, rng, seed, limit, words: vocabulary(), n: 0 });
		this.seal = sealer(site, this.words);
		this.writer = new Writer(site);
	}

	/** Somebody like a user of the demo, with another role where one is said (its id). */
	async somebody(like, host, role = null) {
		const email = `p${++this.n}-${this.rng.hex(6)}@proof.example`;
		await this.writer.run(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password)
			SELECT tenant_id, customer_id, COALESCE(${role}, role_id), '${email}', 'Proof ${this.n}', 'en', password FROM user WHERE email = '${like}'`);
		const [{ id, tenant }] = this.site.sql(`SELECT id, tenant_id AS tenant FROM user WHERE email = '${email}'`);
		const cookies = await sessions(this.writer, this.rng, [id], host);
		return { id, tenant, email, host, name: `Proof ${this.n}`, cookie: cookies.get(id) };
	}

	/** A role of the provider's with these grants and all fields of what they are about, but for some. */
	async role(grants, less = []) {
		const called = `proof role ${++this.n}`, of = new Set(Object.keys(grants).map((action) => action.split(".")[0]));
		await this.writer.run(`INSERT INTO role (tenant_id, code, name, portal, shared) SELECT id, NULL, '${called}', 'admin', 0 FROM tenant WHERE level = 0`);
		const id = this.site.value(`SELECT id FROM role WHERE name = '${called}'`);
		const fields = this.words.fields.filter((f) => of.has(f.resource) && !less.includes(`${f.resource}.${f.name}`));
		await this.writer.run([...Object.entries(grants).map(([action, scope]) => `INSERT INTO role_grant VALUES (${id}, '${action}', '${scope}')`),
			...fields.map((f) => `INSERT INTO role_field VALUES (${id}, '${f.resource}.${f.name}', 'read')`), raised].join(";\n"));
		return id;
	}

	/** A reseller's own role: grants with their scopes, fields with their levels, and what it is kept to. */
	async ownRole(tenant, grants, fields = {}, { segments = [], products = [], portal = "reseller" } = {}) {
		const called = `own role ${++this.n} ${this.seed}`;
		const id = this.site.value(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${tenant}, NULL, '${called}', '${portal}', 0) RETURNING id`);
		await this.writer.run([...Object.entries(grants).map(([action, scope]) => `INSERT INTO role_grant VALUES (${id}, '${action}', '${scope}')`),
			...Object.entries(fields).map(([field, level]) => `INSERT INTO role_field VALUES (${id}, '${field}', '${level}')`),
			...segments.map((segment) => `INSERT INTO role_segment VALUES (${id}, ${segment})`), ...products.map((product) => `INSERT INTO role_product VALUES (${id}, ${product})`), raised].join(";\n"));
		return id;
	}

	ask(who, method, path, body, headers = {}) {
		return ask(this.site, method, `/api/v1/${path}`, { host: who.host, body: body === undefined ? undefined : JSON.stringify(body),
			headers: { ...(who.cookie ? { Cookie: who.cookie } : {}), ...(method === "GET" ? {} : { ...json, ...sameOrigin }), ...headers } });
	}

	/** With the tag of what is there now. */
	async matched(who, method, path, body) {
		const { headers } = await this.ask(who, "GET", path);
		return this.ask(who, method, path, body, { "If-Match": headers.etag ?? '"none"' });
	}

	/** The answer has one of these statuses, or what was asked is told. */
	status(answer, good, what) {
		this.tally.expect([].concat(good).includes(answer.status), () => `${what}: ${answer.status} ${answer.text.slice(0, 200)}, not ${good}; seed ${this.seed}`);
		return answer;
	}

	/** Something of the database, as a text. */
	is(sql, wanted, what) {
		const found = this.site.value(sql);
		this.tally.expect(found === wanted, () => `${what}: ${found}, not ${wanted}; seed ${this.seed}`);
	}
}

class Second extends People {
	/** A code of this session, right and a moment old. */
	async stepUp() {
		const who = await this.somebody("owner@nordmuster.example", "nordmuster.localhost"), id = this.seal("tenant", this.site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'"));
		const share = () => this.matched(who, "PUT", `tenants/${id}/products`, { products: null }), limit = () => this.matched(who, "PUT", `tenants/${id}/ceiling`, { role: null });
		const proved = (when) => this.writer.run(`UPDATE session SET proved = ${when} WHERE user_id = ${who.id}`);
		const token = async (answer) => { who.cookie = answer.headers["set-cookie"]?.[0].split(";")[0] ?? who.cookie; return answer; };
		const prove = async (text) => token(await this.ask(who, "POST", "session/step-up", { code: text }));
		for (const [when, good] of [["NULL", 403], ["UTC_TIMESTAMP() - INTERVAL 601 SECOND", 403], ["UTC_TIMESTAMP() - INTERVAL 500 SECOND", 200]]) {
			await proved(when);
			for (const call of [share, limit]) this.status(await call(), good, `a session that proved its second step at ${when}`);
		}
		await this.writer.run("DELETE FROM attempt");
		const { secret } = this.status(await this.ask(who, "POST", "totp", { password }), 200, "a second step begins").json;
		await token(this.status(await this.ask(who, "POST", "totp/confirm", { code: code(secret) }), 200, "and is switched on"));
		const other = (await sessions(this.writer, this.rng, [who.id], who.host)).get(who.id), mine = () => who.cookie;
		await proved("NULL");
		await this.writer.run(`UPDATE totp SET last_step = 0 WHERE user_id = ${who.id}`);
		this.status(await prove("000000"), 422, "a wrong code");
		this.status(await share(), 403, "after a wrong code");
		this.status(await this.ask(who, "DELETE", "totp", { password }), 403, "the second step is switched off without it");
		this.status(await this.ask(who, "POST", "passkey-options", { password }), 403, "a passkey, which takes its place, is begun without it");
		const now = code(secret), before = mine();
		this.status(await prove(now), 204, "a right code");
		this.status(await share(), 200, "after a right code");
		this.status(await this.ask({ ...who, cookie: before }, "GET", "session"), 401, "the token of before");
		this.status(await this.matched({ ...who, cookie: other }, "PUT", `tenants/${id}/products`, { products: null }), 403, "another session of the same person");
		this.status(await prove(now), 422, "the same code again");
		this.status(await prove(code(secret, -1)), 422, "the code before it");
		await this.writer.run("DELETE FROM attempt");
		for (let i = 0; i < 5; i++) this.status(await prove("000000"), 422, "a wrong code");
		await this.writer.run(stillWaiting);
		this.status(await prove("000000"), 429, "the sixth wrong code");
		await this.writer.run("DELETE FROM attempt");
	}

	draft(called) {
		return { name: called, portal: "admin", grants: [{ action: "customer.read", scope: "all" }], fields: [] };
	}

	made(called, wanted, what) {
		this.is(`SELECT COUNT(*) FROM role WHERE name = '${called}'`, String(wanted), `roles that were made ${what}`);
	}

	/** What needs two is done by two, both of whom could, and once. */
	async secondPerson() {
		const admin = "admin@pneumuster.example", [a, b, c] = [await this.somebody(admin, provider), await this.somebody(admin, provider), await this.somebody(admin, provider)];
		const sees = await this.somebody(admin, provider, await this.role({ "approval.read": "tenant", "approval.decide": "tenant", "audit.read": "all" }));
		const blind = await this.somebody(admin, provider, await this.role({ "approval.read": "tenant", "approval.decide": "tenant" }));
		const begin = async (what) => {
			const called = `second ${++this.n} ${this.seed}`, asked = this.status(await this.ask(a, "POST", "roles", this.draft(called)), 202, `a role is asked for, ${what}`);
			this.made(called, 0, `before anybody agreed, ${what}`);
			return { called, at: `approvals/${asked.json.id}`, id: this.site.value(`SELECT MAX(id) FROM approval WHERE user_id = ${a.id}`) };
		};
		const agree = (who, one) => this.ask(who, "POST", `${one.at}/approve`, {});
		let one = await begin("to be refused by others");
		this.status(await agree(a, one), 409, "who asked agrees");
		this.status(await agree(sees, one), 403, "who has no right to it agrees");
		for (const [method, at, body] of [["GET", one.at], ["POST", `${one.at}/approve`, {}], ["POST", `${one.at}/refuse`, { reason: "no" }]]) this.status(await this.ask(blind, method, at, body), 404, "to who has no right to it nothing is there");
		this.tally.expect((await this.ask(blind, "GET", "approvals?limit=200")).json.data?.length === 0, "who has no right to it sees what waits in a list");
		this.status(await this.ask(b, "DELETE", one.at), 404, "somebody else takes it back");
		this.made(one.called, 0, "though nobody could agree");
		this.status(await agree(b, one), 200, "who could do it agrees");
		this.made(one.called, 1, "when somebody agreed");
		this.status(await agree(c, one), 409, "a third person agrees");

		one = await begin("and two agree at once");
		const answers = await Promise.all([b, c, b, c].map((who) => agree(who, one)));
		this.tally.expect(answers.filter((answer) => answer.status === 200).length === 1, `it is agreed to ${answers.map((answer) => answer.status)}`);
		this.made(one.called, 1, "by two at once");

		one = await begin("and lapses");
		await this.writer.run(`UPDATE approval SET expires = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE id = ${one.id}`);
		this.status(await agree(b, one), 409, "what lapsed is agreed to");
		this.made(one.called, 0, "after it lapsed");

		for (const [what, sql, back] of [["who asked is closed", `UPDATE user SET state = 'closed' WHERE id = ${a.id}`, `UPDATE user SET state = 'active' WHERE id = ${a.id}`],
			["who asked may do it no more", `UPDATE user SET role_id = (SELECT id FROM role WHERE code = 'auditor') WHERE id = ${a.id}`, `UPDATE user SET role_id = (SELECT role_id FROM (SELECT role_id FROM user WHERE id = ${b.id}) x) WHERE id = ${a.id}`]]) {
			one = await begin(what);
			await this.writer.run(`${sql}; ${raised}`);
			const done = this.status(await agree(b, one), 200, what);
			this.tally.expect(done.json?.state === "failed", () => `${what}: ${done.text}; seed ${this.seed}`);
			this.made(one.called, 0, `though ${what}`);
			await this.writer.run(`${back}; ${raised}`);
		}

		// Nobody gets more by their own word, or by what somebody who has it asked for.
		const own = this.site.value(`SELECT id FROM role WHERE name = '${(one = await this.done(a, b)).called}'`);
		const roles = await this.matched(a, "PUT", `users/${this.seal("user", c.id)}/roles`, { roles: [this.seal("role", this.site.value(`SELECT role_id FROM user WHERE id = ${c.id}`)), this.seal("role", own)] });
		this.status(roles, 202, "a role for somebody of the provider's");
		this.is(`SELECT COUNT(*) FROM user_role WHERE user_id = ${c.id}`, "0", "roles that were given before anybody agreed");
		this.status(await this.ask(c, "POST", `approvals/${roles.json.id}/approve`, {}), 409, "who gets the role agrees");
		this.is(`SELECT COUNT(*) FROM user_role WHERE user_id = ${c.id}`, "0", "roles that were given by who gets them");
		this.status(await this.ask(b, "POST", `approvals/${roles.json.id}/approve`, {}), 200, "another one agrees");
		this.is(`SELECT COUNT(*) FROM user_role WHERE user_id = ${c.id}`, "1", "roles that were given by two");

		const called = `u${++this.n}-${this.seed}@proof.example`;
		this.status(await this.ask(a, "POST", "users", { email: called, name: "New", language: "en", role: this.seal("role", this.site.value("SELECT id FROM role WHERE code = 'auditor'")) }), 202, "somebody is invited to the provider");
		this.is(`SELECT COUNT(*) FROM user WHERE email = '${called}'`, "0", "who was invited by one alone");
	}

	async done(a, b) {
		const called = `second ${++this.n} ${this.seed}`, asked = await this.ask(a, "POST", "roles", this.draft(called));
		this.status(await this.ask(b, "POST", `approvals/${asked.json?.id}/approve`, {}), 200, "a role is made by two");
		return { called };
	}

	/** A reseller is closed by two who proved their second step both, and changes of what was read before fail. */
	async closing() {
		const admin = "admin@pneumuster.example", [a, b] = [await this.somebody(admin, provider), await this.somebody(admin, provider)];
		const [{ id }] = this.site.sql("SELECT t.id FROM tenant t WHERE t.kind = 'dealer' AND t.state = 'active' AND NOT EXISTS (SELECT 1 FROM tenant b WHERE b.parent_id = t.id) ORDER BY t.id LIMIT 1"), at = `tenants/${this.seal("tenant", id)}`;
		const proved = (who, when) => this.writer.run(`UPDATE session SET proved = ${when} WHERE user_id = ${who.id}`), open = (what) => this.is(`SELECT state FROM tenant WHERE id = ${id}`, "active", `the reseller, ${what}`);
		await proved(a, "NULL");
		this.status(await this.ask(a, "POST", `${at}/close`), 403, "a reseller is closed without the second step");
		open("closed without the second step");
		await proved(a, "UTC_TIMESTAMP()");
		const asked = this.status(await this.ask(a, "POST", `${at}/close`), 202, "a reseller is closed");
		open("closed by one");
		await proved(b, "NULL");
		this.status(await this.ask(b, "POST", `approvals/${asked.json?.id}/approve`, {}), 403, "who agrees without the second step");
		open("closed by a second person without the second step");
		this.status(await this.ask(a, "DELETE", `approvals/${asked.json?.id}`), 204, "it is taken back");
		await proved(b, "UTC_TIMESTAMP()");
		this.status(await this.ask(b, "POST", `approvals/${asked.json?.id}/approve`, {}), 409, "what was taken back is agreed to");
		open("after it was taken back");
		await proved(a, "NULL");
		this.status(await this.ask(a, "POST", `${at}/reopen`), 403, "a reseller is opened again without the second step");
	}

	/** Whoever looks as somebody else changes nothing, sees nothing of the other's ways in, and no more than both. */
	async views() {
		const admin = await this.somebody("admin@pneumuster.example", provider), owner = await this.somebody("owner@musterplatz.example", dealer), as = { user: this.seal("user", owner.id), reason: "proof" };
		const little = await this.somebody("admin@pneumuster.example", provider, await this.role({ "user.view_as": "all", "customer.read": "all", "user.read": "all" }, ["customer.number"]));
		const numbers = async (who) => (await this.ask(who, "GET", "customers?limit=5")).json?.data?.filter((row) => row.number !== undefined).length;
		this.tally.expect((await numbers(owner)) === 5, `numbers of one's own customers; seed ${this.seed}`);
		this.status(await this.ask(owner, "GET", "documents?limit=1"), 200, "bills of one's own");
		for (const who of [admin, little]) this.status(await this.ask(who, "POST", "views", as), 200, "a view begins");
		this.status(await this.ask(little, "GET", "customers?limit=1"), 200, "customers in a view");
		this.status(await this.ask(little, "GET", "documents?limit=1"), 403, "bills in a view of who may see none");
		this.tally.expect((await numbers(little)) === 0, `numbers of customers in a view of who may not read them; seed ${this.seed}`);
		// Of one house: what who looks sees less of is not there at all, be it of customers alone.
		const grants = { "user.view_as": "tenant", "user.read": "tenant", "document.read": "tenant", "customer.read": "assigned" }, fields = ["customer.id", "customer.name", "document.id", "document.number", "document.issue_date"];
		const colleague = await this.somebody("owner@musterplatz.example", dealer, await this.ownRole(owner.tenant, grants, Object.fromEntries(fields.map((field) => [field, "read"]))));
		this.status(await this.ask(colleague, "GET", "customers?limit=1"), 200, "customers that one looks after");
		this.status(await this.ask(colleague, "POST", "views", as), 200, "a view of a colleague begins");
		this.status(await this.ask(colleague, "GET", "documents?limit=1"), 200, "bills that both see");
		this.status(await this.ask(colleague, "GET", "customers?limit=1"), 403, "all customers, in a view of who sees those that they look after");
		for (const [method, path, body] of [["GET", "totp"], ["GET", "passkeys"], ["GET", `passkeys/${this.seal("passkey", 1)}`], ["POST", "segments", { name: "viewed", way: "hand" }],
			["POST", "session/step-up", { code: "000000" }], ["POST", "api-keys", { name: "viewed", role: this.seal("role", 1) }], ["DELETE", "sessions"], ["POST", "views", as]])
			this.status(await this.ask(admin, method, path, body), 403, `${method} ${path} in a view`);
		this.is("SELECT COUNT(*) FROM segment WHERE name = 'viewed'", "0", "what was made in a view");
		await this.writer.run(`UPDATE view_as SET ends = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE viewer_id = ${admin.id}`);
		for (const path of ["customers?limit=1", "documents?limit=1"]) this.status(await this.ask(admin, "GET", path), [401, 403, 409], `${path} in a view that is over`);
		await this.writer.run(`UPDATE user SET role_id = (SELECT id FROM role WHERE code = 'auditor') WHERE id = ${little.id}; ${raised}`);
		this.status(await this.ask(little, "GET", "customers?limit=1"), [401, 403, 409], "a view of who may look no more");
	}

	/** What is opened or changed of somebody else's customer is noted, and who it was is told in the own house and to the provider alone. */
	async openings() {
		const owner = await this.somebody("owner@musterplatz.example", dealer), above = await this.somebody("admin@pneumuster.example", provider);
		const [{ id, customer }] = this.site.sql(`SELECT d.id, d.customer_id AS customer FROM document d WHERE d.tenant_id = ${owner.tenant} ORDER BY d.id LIMIT ${this.rng.int(5)}, 1`);
		const noted = (who, kind, did, object) => this.is(`SELECT COUNT(*) FROM opening WHERE user_id = ${who.id} AND kind = '${kind}' AND did = '${did}' AND object_id = ${object}`, "1", `${kind} ${did}: noted`);
		const bill = `documents/${this.seal("document", id)}`, at = `customers/${this.seal("customer", customer)}`;
		for (const path of [bill, `${bill}/html`, `${bill}/pdf`]) {
			const who = await this.somebody("owner@musterplatz.example", dealer);
			this.status(await this.ask(who, "GET", path), 200, path);
			noted(who, "document", "opened", id);
		}
		this.status(await this.ask(above, "GET", bill), 200, "a bill, from above");
		noted(above, "document", "opened", id);
		this.status(await this.ask(owner, "GET", at), 200, "a customer");
		noted(owner, "customer", "opened", customer);
		this.status(await this.matched(owner, "PATCH", at, { tags: [`t${this.n}`] }), 200, "a customer is changed");
		noted(owner, "customer", "changed", customer);
		this.status(await this.ask(owner, "GET", "customers?format=csv"), 200, "a list leaves as a whole");
		for (const end of ["", ".done"]) this.is(`SELECT COUNT(*) FROM audit WHERE user_id = ${owner.id} AND action = 'customer.export${end}'`, "1", `customer.export${end} in the audit`);
		const list = this.status(await this.ask(owner, "GET", `openings?limit=200&customer=${this.seal("customer", customer)}`), 200, "who opened it");
		this.tally.expect(list.text.includes(owner.name), () => `who opened it is not told in the own house: ${list.text.slice(0, 300)}; seed ${this.seed}`);
		this.tally.expect(!list.text.includes(`"${above.name}"`), () => `who opened it above is told by name: ${list.text.slice(0, 300)}; seed ${this.seed}`);
	}

	/** What must be noted and cannot be is not answered, and not done.  Once: the table is away meanwhile. */
	async unnoted() {
		this.site.announce(/opening_\w+: 1146/);
		const owner = await this.somebody("owner@musterplatz.example", dealer), [{ id, number, customer }] = this.site.sql(`SELECT id, number, customer_id AS customer FROM document WHERE tenant_id = ${owner.tenant} ORDER BY id LIMIT 1`);
		const bill = `documents/${this.seal("document", id)}`, at = `customers/${this.seal("customer", customer)}`, { headers } = await this.ask(owner, "GET", at);
		await this.writer.run("RENAME TABLE opening TO opening_away");
		for (const path of [bill, `${bill}/html`, `${bill}/pdf`]) {
			const got = this.status(await this.ask(owner, "GET", path), 503, `${path}, not noted`);
			this.tally.expect(!got.text.includes(number), `${path}, not noted, holds its number`);
		}
		this.status(await this.ask(owner, "PATCH", at, { tags: ["unnoted"] }, { "If-Match": headers.etag }), 503, "a change that is not noted");
		await this.writer.run("RENAME TABLE opening_away TO opening");
		this.is("SELECT COUNT(*) FROM customer_tag WHERE tag = 'unnoted'", "0", "changes that were not noted");
	}
}

/** Rounds of these, `first` before all others, until there are enough; what goes wrong in one, and is no verdict, is told with its name. */
export async function rounds(proof, { count, say, limit, first }, all, once = [], end = () => undefined) {
	const { tally } = proof, parts = [...all.filter((part) => part === first), ...all.filter((part) => part !== first)];
	for (let round = 0; tally.count < count && tally.bad < limit; round++) {
		for (const part of [...parts, ...(round === 0 ? once : [])]) {
			if (tally.bad >= limit) break;
			try {
				await proof[part]();
			} catch (error) {
				tally.wrong(`${part}, round ${round}, seed ${proof.seed}: ${error.stack}`);
			}
		}
		say(`${tally.count} verdicts`);
	}
	await end();
	await proof.writer.close();
	tally.notes = [`${[...parts, ...once].join(", ")}: ${proof.n} people and things`];
	return tally;
}

/** @param {{site: object, count: number, say: Function, seed?: number}} how  count: how many verdicts at least */
export async function run({ site, count, say, seed = 1, limit = 50, first }) {
	const tally = new Tally();
	return rounds(new Second(site, tally, random(seed + 1000003), seed, limit), { count, say, limit, first }, ["stepUp", "secondPerson", "closing", "views", "openings"], ["unnoted"]);
}
