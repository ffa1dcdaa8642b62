// Who changes what: that somebody sees a thing, or may change such things, is not yet that this one may become that.
// Customers line by line, ceilings and shares of those below, invitations, what everybody writes of themselves, usage of others, what is
// sold (sold.mjs); and rights that are taken away while what they were for waits for a lock.  Each round has people of its own, does what is
// allowed, and what is refused must have left the rows as they were.
import { lines } from "../../lib/csv.mjs";
import { until } from "../../lib/instance.mjs";
import { ask } from "../../lib/http.mjs";
import { sameOrigin } from "../../lib/users.mjs";
import { rounds } from "./second.mjs";
import { Sold } from "./sold.mjs";
import { Tally, random } from "./tools.mjs";

export const name = "changes", goal = 5000;

const host = "musterplatz.localhost", above = "nordmuster.localhost", elsewhere = "namudhaj.localhost", provider = "pneumuster.localhost";
const raised = "UPDATE channel_version SET version = version + 1";
/** What somebody writes of a customer. */
const classified = { "customer.id": "read", "customer.name": "read", "customer.segment": "write", "customer.tags": "write", "customer.agent": "write" };

class Changes extends Sold {
	tenant(slug) {
		return this.site.value(`SELECT id FROM tenant WHERE slug = '${slug}'`);
	}

	/** What every line of a bulk change came to. */
	async bulk(who, path, objects) {
		const answer = await ask(this.site, "POST", `/api/v1/${path}`, { host: who.host, body: objects.map((one) => `${JSON.stringify(one)}\n`).join(""),
			headers: { Cookie: who.cookie, ...sameOrigin, "Content-Type": "application/x-ndjson" } });
		return answer.status === 200 ? lines(answer.text) : [{ status: answer.status, text: answer.text }];
	}

	/** A line of its own: its status, and what must have come of it. */
	async line(who, object, wanted, what) {
		const [got] = await this.bulk(who, "customers/bulk", [object]);
		this.tally.expect(got.status === wanted, () => `a line, ${what}: ${JSON.stringify(got)}, not ${wanted}; seed ${this.seed}`);
	}

	classOf(id) {
		return this.site.value(`SELECT CONCAT_WS(' ', c.segment_id, c.segment_by, COALESCE(c.agent_id, 'nobody'), (SELECT GROUP_CONCAT(g.tag ORDER BY g.tag) FROM customer_tag g WHERE g.customer_id = c.id)) FROM customer c WHERE c.id = ${id}`);
	}

	/** A line changes what its sender may change: of these customers, into these segments, these members. */
	async customers() {
		const owner = await this.somebody("owner@musterplatz.example", host), admin = await this.somebody("admin@pneumuster.example", provider), there = this.tenant("namudhaj");
		const [a, b] = this.site.sql(`SELECT id FROM customer WHERE tenant_id = ${owner.tenant} AND kind = 'person' ORDER BY id LIMIT ${this.rng.int(20)}, 2`).map((row) => row.id);
		const foreign = this.site.value(`SELECT id FROM customer WHERE tenant_id = ${there} ORDER BY id LIMIT 1`), sealed = (kind, id) => this.seal(kind, id);
		const segment = (tenant, code) => this.site.value(`SELECT id FROM segment WHERE tenant_id = ${tenant} AND code = '${code}'`);
		const [clinics, homes, theirs] = [segment(owner.tenant, "clinics"), segment(owner.tenant, "care_homes"), segment(there, "clinics")];
		const [agent, stranger] = ["agent@musterplatz.example", "owner@namudhaj.example"].map((email) => this.site.value(`SELECT id FROM user WHERE email = '${email}'`));
		const good = { id: sealed("customer", a), segment: sealed("segment", clinics), tags: [`t${this.n}`], agent: sealed("user", agent) };
		await this.line(owner, good, 200, "of one's own customer");
		await this.line(owner, { ...good, id: sealed("customer", b), segment: sealed("segment", homes) }, 200, "of another one");
		const was = new Map([a, b, foreign].map((id) => [id, this.classOf(id)]));
		for (const body of [{ tags: ["taken"] }, { segment: sealed("segment", theirs) }, { agent: null }]) await this.line(owner, { id: sealed("customer", foreign), ...body }, 404, `of somebody else's customer, ${Object.keys(body)}`);
		await this.line(owner, { id: sealed("customer", a), segment: sealed("segment", theirs) }, 422, "into another house's segment");
		for (const who of [owner, admin]) await this.line(who, { id: sealed("customer", a), agent: sealed("user", stranger) }, 422, "to somebody of another house");
		const grants = { "customer.read": "subtree", "customer.classify": "tenant", "user.read": "tenant", "segment.read": "tenant" };
		const kept = await this.somebody("owner@musterplatz.example", host, await this.ownRole(owner.tenant, grants, classified, { segments: [clinics] }));
		for (const body of [{ segment: sealed("segment", homes) }, { segment: null }, { tags: ["moved"] }]) await this.line(kept, { id: sealed("customer", a), ...body }, 422, `of who is kept to a segment, ${JSON.stringify(Object.keys(body))}`);
		await this.line(kept, { id: sealed("customer", b), agent: null }, 404, "of a customer in another segment");
		const reads = await this.somebody("owner@musterplatz.example", host, await this.ownRole(owner.tenant, grants, { ...classified, "customer.tags": "read" }));
		await this.line(reads, { id: sealed("customer", a), tags: ["read"] }, 422, "of a member that may be read alone");
		for (const [id, state] of was) this.tally.expect(this.classOf(id) === state, () => `customer ${id} is ${this.classOf(id)} and was to stay ${state}; seed ${this.seed}`);
		await this.line(kept, { id: sealed("customer", a), agent: null }, 200, "of who is kept to a segment, in it");
	}

	/** A right that is taken away counts for what waits behind it: for the lines to come, and for what needs the channel's lock. */
	async raced() {
		try {
			await this.race();
		} finally {
			await this.writer.run("ROLLBACK"); // whatever went wrong, nothing waits for it any more
		}
	}

	async race() {
		const owner = await this.somebody("owner@musterplatz.example", host);
		const role = await this.ownRole(owner.tenant, { "customer.read": "subtree", "customer.classify": "tenant", "role.read": "offered", "role.create": "tenant" }, { ...classified, "role.id": "read", "role.name": "write", "role.portal": "write", "role.grants": "write", "role.fields": "write" });
		const who = await this.somebody("owner@musterplatz.example", host, role), tag = `raced ${++this.n}`, called = `raced ${this.n} ${this.seed}`;
		const three = this.site.sql(`SELECT id FROM customer WHERE tenant_id = ${owner.tenant} AND kind = 'person' ORDER BY id DESC LIMIT 3`).map((row) => row.id), tagged = (id) => `SELECT COUNT(*) FROM customer_tag WHERE customer_id = ${id} AND tag = '${tag}'`;
		const waits = () => this.site.value("SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'INNODB_ROW_LOCK_CURRENT_WAITS'") !== "0";
		const gone = (action) => this.writer.run(`DELETE FROM role_grant WHERE role_id = ${role} AND action = '${action}'; ${raised}; COMMIT`);
		await this.writer.run(`BEGIN; SELECT id FROM customer WHERE id = ${three[1]} FOR UPDATE`);
		const bulk = this.bulk(who, "customers/bulk", three.map((id) => ({ id: this.seal("customer", id), tags: [tag] })));
		await until("the second line waits", () => this.site.value(tagged(three[0])) === "1" && waits());
		await gone("customer.classify");
		const got = (await bulk).map((line) => line.status).join();
		this.tally.expect(got === "200,200,403", () => `lines before and after the right was taken away: ${got}; seed ${this.seed}`);
		this.is(tagged(three[2]), "0", "tags of the line behind");
		await this.writer.run(`BEGIN; ${raised}`);
		const asked = this.ask(who, "POST", "roles", { name: called, portal: "reseller", grants: [{ action: "customer.read", scope: "tenant" }], fields: [] });
		await until("it waits for the channel", waits);
		await gone("role.create");
		this.status(await asked, 403, "a role is made by a right that was taken away meanwhile");
		this.is(`SELECT COUNT(*) FROM role WHERE name = '${called}'`, "0", "roles that were made by it");
	}

	ceiling(id, wanted, what) {
		this.is(`SELECT COALESCE(ceiling_id, 0) FROM tenant WHERE id = ${id}`, String(wanted), `the ceiling of tenant ${id}, ${what}`);
	}

	/** A ceiling is set by who stands right above, with a role of that house, and gives nobody more than who sets it holds. */
	async limits() {
		const owner = await this.somebody("owner@nordmuster.example", above), admin = await this.somebody("admin@pneumuster.example", provider);
		const [own, below, further] = [owner.tenant, this.tenant("musterplatz"), this.tenant("example-homecare")], at = (id) => `tenants/${this.seal("tenant", id)}/ceiling`;
		const put = (who, id, role) => this.matched(who, "PUT", at(id), { role: role === null ? null : this.seal("role", role) });
		const fields = { "customer.id": "read", "customer.name": "read" }, few = await this.ownRole(own, { "customer.read": "subtree" }, fields), more = await this.ownRole(own, { "customer.read": "subtree", "document.read": "tenant" }, fields);
		const theirs = await this.ownRole(this.tenant("namudhaj"), { "customer.read": "subtree" }, fields), built = this.site.value("SELECT id FROM role WHERE code = 'dealer_owner'");
		this.status(await put(owner, below, few), 200, "a ceiling of who is right below");
		this.status(await put(owner, further, few), [403, 404], "a ceiling of who is further below");
		this.ceiling(further, 0, "by who is not right above");
		for (const [role, what] of [[theirs, "another house's role"], [built, "a role that all have"]]) this.status(await put(owner, below, role), 422, `a ceiling that is ${what}`);
		this.status(await put(admin, own, few), 422, "a ceiling that is a role of who is below it");
		this.ceiling(own, 0, "by a role of its own");
		const little = await this.somebody("owner@nordmuster.example", above, await this.ownRole(own, { "tenant.read": "subtree", "tenant.limit": "subtree", "customer.read": "subtree", "role.read": "offered" }, { ...fields, "role.id": "read", "role.name": "read", "tenant.id": "read", "tenant.name": "read" }));
		for (const role of [more, null]) this.status(await put(little, below, role), 403, "a ceiling that lets through more than who sets it holds");
		this.ceiling(below, few, "after all that");
		this.status(await put(owner, below, more), 200, "a ceiling that lets through more, of who holds it");
		this.status(await put(little, below, few), 200, "a ceiling is lowered by who may set it");
		this.status(await put(owner, below, null), 200, "a ceiling is lifted");
		// How somebody above calls it is theirs.
		const wide = await this.ownRole(this.site.value("SELECT id FROM tenant WHERE level = 0"), { "tenant.read": "subtree", "tenant.limit": "subtree" }, { "tenant.id": "read", "tenant.name": "read" });
		await this.writer.run(`UPDATE tenant SET ceiling_id = ${wide} WHERE id = ${own}; ${raised}`);
		const got = this.status(await this.ask(owner, "GET", at(own)), 200, "the own ceiling");
		this.tally.expect(got.json?.role?.id === null && got.json.role.name === null, () => `the own ceiling says ${got.text}; seed ${this.seed}`);
		await this.writer.run(`UPDATE tenant SET ceiling_id = NULL WHERE id = ${own}; ${raised}`);
	}

	/** Products are shared with who is below, and by who has them. */
	async shares() {
		const owner = await this.somebody("owner@nordmuster.example", above), below = this.tenant("musterplatz"), product = (code) => this.site.value(`SELECT id FROM product_segment WHERE code = '${code}'`);
		const [masks, nasal, devices] = ["masks", "masks-nasal", "devices"].map(product);
		const put = (who, id, products) => this.matched(who, "PUT", `tenants/${this.seal("tenant", id)}/products`, { products: products?.map((one) => this.seal("product", one)) ?? null });
		const has = (id, wanted, what) => this.is(`SELECT COALESCE(GROUP_CONCAT(product_id ORDER BY product_id), '') FROM product_share WHERE tenant_id = ${id}`, wanted, `what tenant ${id} gets, ${what}`);
		this.status(await put(owner, below, [masks]), 200, "masks for who is below");
		has(below, masks, "by who is above");
		this.status(await put(owner, owner.tenant, [masks]), 403, "what the own house gets");
		has(owner.tenant, "", "by itself");
		const some = await this.somebody("owner@nordmuster.example", above, await this.ownRole(owner.tenant, { "tenant.read": "subtree", "tenant.share": "subtree", "product.read": "shared" }, { "product.id": "read", "product.code": "read", "tenant.id": "read", "tenant.name": "read" }, { products: [masks] }));
		for (const [products, what] of [[[devices], "what who shares it has not"], [[masks, devices], "more than who shares it has"], [null, "all that the parent has, of who has less"]]) this.status(await put(some, below, products), 422, what);
		has(below, masks, "by who has less");
		this.status(await put(some, below, [nasal]), 200, "a part of what one has");
		this.status(await put(owner, below, null), 200, "all again");
		has(below, "", "after all that");
	}

	/** Nobody invites with a role that gives more than they hold, or somebody of another house, or gives another house's role. */
	async invited() {
		const owner = await this.somebody("owner@musterplatz.example", host), admin = await this.somebody("admin@pneumuster.example", provider);
		const little = await this.ownRole(owner.tenant, { "user.read": "tenant", "user.invite": "tenant" }, { "user.id": "read", "user.email": "read", "user.name": "read" }), theirs = await this.ownRole(this.tenant("namudhaj"), { "user.read": "tenant" }, { "user.id": "read" });
		const who = await this.somebody("owner@musterplatz.example", host, little), email = () => `i${++this.n}-${this.rng.hex(6)}@proof.example`;
		const invite = async (by, role, wanted, what) => {
			const address = email();
			this.status(await this.ask(by, "POST", "users", { email: address, name: "New", language: "en", role }), wanted, `an invitation ${what}`);
			this.is(`SELECT COUNT(*) FROM user WHERE email = '${address}'`, wanted === 200 ? "1" : "0", `users who were invited ${what}`);
		};
		await invite(who, this.seal("role", little), 200, "with the own role");
		await invite(who, "dealer_owner", 422, "with more than one holds");
		for (const by of [who, owner]) await invite(by, this.seal("role", theirs), 422, "with another house's role");
		await invite(owner, "provider_admin", 422, "with a role of the provider's");
		const address = email();
		await this.writer.run(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, state) VALUES (${owner.tenant}, NULL, ${little}, '${address}', 'New', 'en', '', 'invited')`);
		const one = this.site.value(`SELECT id FROM user WHERE email = '${address}'`), at = `users/${this.seal("user", one)}`;
		this.status(await this.ask(admin, "POST", `${at}/invite`), 409, "another link for somebody of another house");
		this.status(await this.ask(owner, "POST", `${at}/invite`), 200, "another link for somebody of one's own");
		const colleague = await this.somebody("owner@musterplatz.example", host, little), give = (role) => this.matched(owner, "PUT", `users/${this.seal("user", colleague.id)}/roles`, { roles: [this.seal("role", role)] });
		this.status(await give(theirs), 422, "another house's role is given");
		this.is(`SELECT role_id FROM user WHERE id = ${colleague.id}`, little, "the role of who was to get another house's");
		this.status(await give(await this.ownRole(owner.tenant, { "user.read": "tenant" }, { "user.id": "read" })), 200, "a role is given");
		this.is(`SELECT COUNT(*) FROM session WHERE user_id = ${colleague.id}`, "0", "sessions of who got another role");
	}

	/** Roles are changed and copied in their own house; what another house calls one is told to the provider alone. */
	async roles() {
		const owner = await this.somebody("owner@musterplatz.example", host), admin = await this.somebody("admin@pneumuster.example", provider), fields = { "user.id": "read", "user.name": "read" };
		const [own, theirs] = [await this.ownRole(owner.tenant, { "user.read": "tenant" }, fields), await this.ownRole(this.tenant("namudhaj"), { "user.read": "tenant" }, fields)], at = (id) => `roles/${this.seal("role", id)}`;
		const called = (what) => `${what} ${++this.n} ${this.seed}`, named = (name_, wanted, what) => this.is(`SELECT COUNT(*) FROM role WHERE name = '${name_}'`, wanted, what);
		let new_ = called("changed");
		this.status(await this.matched(admin, "PATCH", at(own), { name: new_ }), 409, "the provider changes a reseller's role");
		this.status(await this.ask(admin, "POST", `${at(own)}/copy`, { name: new_ }), 409, "the provider copies a reseller's role");
		for (const [method, path, body] of [["PATCH", at(theirs), { name: new_ }], ["POST", `${at(theirs)}/copy`, { name: new_ }], ["DELETE", at(theirs)]])
			this.status(await (method === "PATCH" ? this.matched(owner, method, path, body) : this.ask(owner, method, path, body)), 404, `${method} of another house's role`);
		this.is(`SELECT COUNT(*) FROM approval WHERE user_id = ${admin.id}`, "0", "approvals that were asked for by the provider");
		named(new_, "0", "roles that were changed or made in another house");
		this.status(await this.matched(owner, "PATCH", at(own), { name: new_ }), 200, "an own role is changed");
		new_ = called("copied");
		this.status(await this.ask(owner, "POST", `${at(own)}/copy`, { name: new_ }), [200, 201], "an own role is copied");
		named(new_, "1", "copies");
		const odd = await this.somebody("owner@musterplatz.example", host, theirs), path = `users/${this.seal("user", odd.id)}/explain?action=user.read`;
		for (const [who, name_] of [[owner, null], [admin, this.site.value(`SELECT name FROM role WHERE id = ${theirs}`)]]) {
			const step = this.status(await this.ask(who, "GET", path), 200, "why somebody may nothing").json?.steps?.find((one) => one.role === this.seal("role", theirs));
			this.tally.expect(step?.name === name_, () => `another house's role is called ${JSON.stringify(step)}, not ${name_}; seed ${this.seed}`);
		}
		this.status(await this.ask(odd, "GET", "users?limit=1"), 401, "who has another house's role alone");
	}

	/** Everybody changes of themselves what they may write, and nothing that this does not set. */
	async profile() {
		const { tenant } = await this.somebody("owner@musterplatz.example", host), fields = { "user.id": "read", "user.name": "read", "user.language": "write", "user.email": "write" };
		const who = await this.somebody("owner@musterplatz.example", host, await this.ownRole(tenant, { "user.read": "tenant", "user.edit": "own" }, fields)), change = (body) => this.matched(who, "PATCH", `users/${this.seal("user", who.id)}`, body);
		this.status(await change({ name: "read" }), 422, "the own name is changed by who may read it alone");
		this.status(await change({ email: `changed-${who.email}` }), 422, "the own address is changed as if it were a name");
		this.is(`SELECT CONCAT(name, ' ', email) FROM user WHERE id = ${who.id}`, `${who.name} ${who.email}`, "name and address after that");
		this.status(await change({ language: "de" }), 200, "the own language is changed");
		this.is(`SELECT language FROM user WHERE id = ${who.id}`, "de", "the language");
	}

	/** Usage comes in for customers of who delivers it, and what another house's sender could not deliver nobody lets in for it. */
	async usage() {
		const there = await this.somebody("owner@namudhaj.example", elsewhere), admin = await this.somebody("admin@pneumuster.example", provider), owner = await this.somebody("owner@musterplatz.example", host);
		const sold = (tenant) => this.site.sql(`SELECT a.number AS account, o.code AS offering FROM subscription t JOIN account a ON a.id = t.account_id AND a.state = 'active' JOIN offering o ON o.id = t.offering_id
			WHERE t.tenant_id = ${tenant} AND t.ends IS NULL AND t.starts < CURRENT_DATE - INTERVAL 20 DAY ORDER BY t.id LIMIT 1`)[0];
		const at = new Date(Date.now() - 3 * 86400000).toISOString().replace(/\.\d+/, ""), event = (what) => ({ source: "proof", event: `${this.rng.hex(10)}-${++this.n}`, quantity: "1", at, ...sold(what) });
		const deliver = async (who, line, wanted, what) => {
			const [got] = await this.bulk(who, "usage", [line]);
			this.tally.expect((got.reason ?? got.verdict) === wanted, () => `usage ${what}: ${JSON.stringify(got)}, not ${wanted}; seed ${this.seed}`);
		};
		const mine = event(there.tenant), foreign = event(owner.tenant), there_ = (line, wanted, what) => this.is(`SELECT COUNT(*) FROM usage_event WHERE event = '${line.event}'`, wanted, `events ${what}`);
		await deliver(there, mine, "received", "of one's own customer");
		there_(mine, "1", "of one's own customer");
		await deliver(there, foreign, "unknown_account", "of somebody else's customer");
		there_(foreign, "0", "of somebody else's customer");
		const reject = this.site.value(`SELECT id FROM usage_reject WHERE event = '${foreign.event}'`), path = `usage/rejects/${this.seal("usage_reject", reject)}`;
		this.status(await this.ask(there, "POST", `${path}/recycle`), 200, "what waits is tried again by its house");
		there_(foreign, "0", "that were tried again by their house");
		for (const [who, what] of [[admin, "who may do everything"], [owner, "whose customer it is"]]) {
			this.status(await this.ask(who, "POST", `${path}/recycle`), [404, 409], `what waits is tried again by ${what}`);
			there_(foreign, "0", `that were tried again by ${what}`);
		}
		await this.ask(admin, "POST", "usage/recycle", {});
		there_(foreign, "0", "that were tried again with all others");
		const fields = Object.fromEntries(["id", "quantity", "account", "state", "text"].map((field) => [`usage_reject.${field}`, field === "account" ? "write" : "read"]));
		const mends = await this.somebody("owner@namudhaj.example", elsewhere, await this.ownRole(there.tenant, { "usage_reject.read": "tenant", "usage_reject.mend": "tenant" }, fields));
		const mend = (who, body) => this.matched(who, "PATCH", path, body);
		this.status(await mend(mends, { quantity: "7" }), 422, "a member that may be read alone is mended");
		this.status(await mend(owner, { quantity: "7" }), [404, 412], "what another house delivered is mended");
		this.is(`SELECT quantity FROM usage_reject WHERE id = ${reject}`, "1", "the quantity of what waits");
		this.status(await mend(mends, { account: mine.account }), 200, "a member that may be written is mended");
	}
}

/** @param {{site: object, count: number, say: Function, seed?: number}} how  count: how many verdicts at least */
export async function run({ site, count, say, seed = 1, limit = 50, first }) {
	return rounds(new Changes(site, new Tally(), random(seed + 3000003), seed, limit), { count, say, limit, first }, ["customers", "raced", "limits", "shares", "invited", "roles", "profile", "usage", "catalogue", "discounts", "minimums", "refunds", "fees", "history"]);
}
