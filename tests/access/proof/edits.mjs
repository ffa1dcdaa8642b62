// Roles that change: random resellers make, change, give and take away roles, and ceilings come and go meanwhile.
// After each edit that the server accepts the judge says whether who did it held all of it; what a user has by then is
// held against the judge's; and at the end of each world nobody of a tenant holds what nobody of it held before.
import { ask } from "../../lib/http.mjs";
import { json, sameOrigin } from "../../lib/users.mjs";
import { sealer, vocabulary } from "../../lib/vocabulary.mjs";
import { Judge, covers, levels } from "./judge.mjs";
import { Tally, Writer, random, sessions } from "./tools.mjs";
import { build, channel } from "./world.mjs";

export const name = "role-edits", goal = 100000;

const per_world = 500, at_once = 8, host = "pneumuster.localhost";
const manages = { "role.read": "offered", "role.create": "tenant", "role.edit": "tenant", "role.delete": "tenant", "user.read": "tenant", "user.assign": "tenant" };

const edits = { make: "role.create", copy: "role.create", change: "role.edit", drop: "role.delete", give: "user.assign" };

/** Do these roles together give all of that one, row by row?  A set of segments may be held in parts. */
function hold(judge, parts, given) {
	const kept = (own, one) => own === null || own.has(one);
	const held = (action, { scope, segments, products }, level) => {
		const able = parts.filter((part) => part.actions.has(action) && covers(part.actions.get(action).scope, scope) && level(part)).map((part) => part.actions.get(action));
		return [...(segments ?? [null])].every((segment) => [...(products ?? [null])].every((product) => able.some((own) => kept(own.segments, segment) && (kept(own.products, product) || !judge.sells(action, scope)))));
	};
	for (const [action, rows] of given.actions) if (!held(action, rows, () => true)) return false;
	for (const [field, level] of given.fields) {
		for (const action of judge.shown.get(field.split(".")[0]).filter((one) => given.actions.has(one)))
			if (!held(action, given.actions.get(action), (part) => levels[part.fields.get(field) ?? "none"] >= levels[level])) return false;
	}
	return true;
}

/** The channel as the edits that were accepted leave it. */
class Channel {
	constructor(site, words) {
		Object.assign(this, { site, words });
		this.facts = channel(site);
		this.judge = new Judge(words, this.facts);
	}

	/** Something is another now: what the judge had worked out counts no more. */
	changed(role) {
		this.judge.known.clear();
		if (role) this.judge.loaded.delete(role);
	}

	/** What each role of the user says, before any ceiling, and under those of now. */
	before(user) {
		return this.judge.parts(user);
	}

	now(user) {
		return this.judge.rights(user).each;
	}

	/** What of the role the user does not hold: something under the ceilings of now, something behind them, or nothing. */
	lacks(user, role) {
		const said = this.judge.load(role);
		if (said === null) return "";
		if (!hold(this.judge, this.now(user), this.judge.limited(said, user.tenant))) return "now";
		return hold(this.judge, this.before(user), said) ? "" : "behind the ceilings";
	}

	holds(user, role) {
		return this.lacks(user, role) === "";
	}

	users(tenant) {
		return [...this.facts.users.values()].filter((user) => user.tenant === tenant);
	}

	usedBy(role) {
		return [...this.facts.users.values()].filter((user) => user.role === role || user.roles.includes(role));
	}
}

/** One world, its users' sessions, and the edits in it. */
class World {
	constructor(proof, made) {
		Object.assign(this, proof);
		this.tenants = made.tenants.map((tenant) => String(tenant.id));
		this.channel = new Channel(this.site, this.words);
		this.facts = this.channel.facts;
		this.actors = made.users.map((id) => this.facts.users.get(id)).filter((user) => user.customer === null && user.state === "active");
		this.accepted = 0;
		/** Roles of the provider's that are ceilings in this world, and in no other. */
		this.ceilings = new Set(this.tenants.map((tenant) => this.facts.tenants.get(tenant).ceiling));
		/** Pairs of action and scope that mean something in a portal. */
		this.portals = Object.fromEntries(["admin", "reseller", "customer"].map((portal) => [portal, new Set(Object.entries(this.words.grants)
			.filter(([key]) => this.words.roles[key.split(" ")[0]].portal === portal).map(([key, scope]) => `${key.split(" ")[1]} ${scope}`))]));
	}

	async begin() {
		this.cookies = await sessions(this.writer, this.rng, [...this.facts.users.keys()], host);
		this.first = new Map(this.tenants.map((tenant) => [tenant, this.channel.users(tenant).flatMap((user) => this.channel.before(user))]));
	}

	async request(user, method, path, body, headers = {}) {
		return ask(this.site, method, `/api/v1/${path}`, { host, headers: { Cookie: this.cookies.get(user.id), ...json, ...sameOrigin, ...headers }, ...(body ? { body: JSON.stringify(body) } : {}) });
	}

	/** A write with the tag of what is there now. */
	async matched(user, method, path, body) {
		const { headers } = await this.request(user, "GET", path);
		return this.request(user, method, path, body, { "If-Match": headers.etag ?? '"none"' });
	}

	/** Mostly what the user has, at times a thing more; of either portal. */
	draft(user, portal) {
		const { rng, words, channel: { judge } } = this, { actions, each } = judge.rights(user);
		const grants = new Map(rng.some([...actions], 0.6).map(([action, { scope }]) => [action, scope]).filter(([action, scope]) => rng.chance(0.02) || this.portals[portal].has(`${action} ${scope}`)));
		const fields = new Map(rng.some(each.flatMap((part) => [...part.fields]), rng.next()).filter(([field]) => judge.shown.get(field.split(".")[0]).some((action) => grants.has(action))));
		if (rng.chance(0.25)) {
			const [action, scope] = rng.pick([...judge.pairs]).split(" ");
			grants.set(action, scope);
		}
		if (rng.chance(0.15)) {
			const field = rng.pick(words.fields);
			fields.set(`${field.resource}.${field.name}`, field.setBy === "none" ? "read" : rng.pick(["read", "write"]));
		}
		const kept = [...new Set(each.flatMap((part) => [...part.actions.values()].flatMap(({ segments }) => [...(segments ?? [])])))];
		const all = this.segments.get(user.tenant);
		const segments = kept.length > 0 ? (rng.chance(0.8) ? rng.some(kept, 0.7) : []) : rng.chance(0.2) ? rng.some(all, 0.5) : [];
		if (rng.chance(0.05)) segments.push(rng.pick(all));
		const sold = [...new Set(each.flatMap((part) => [...part.actions.values()].flatMap(({ products }) => [...(products ?? [])])))], catalogue = [...this.facts.products.keys()];
		const products = portal === "customer" || rng.chance(0.05) ? [] : sold.length > 0 ? rng.some(sold, 0.5) : rng.chance(0.15) ? rng.some(catalogue, 0.2) : [];
		return { grants, fields, segments: [...new Set(segments)].filter((segment) => all.includes(segment)), products };
	}

	body({ grants, fields, segments, products }) {
		return { grants: [...grants].map(([action, scope]) => ({ action, scope })), fields: [...fields].map(([field, level]) => ({ field, level })),
			segments: segments.map((id) => this.seal("segment", id)), products: products.map((id) => this.seal("product", id)) };
	}

	/** The database's id of a role that was just made; its maker may not see the public one. */
	async idOf(role) {
		const [[id]] = await this.writer.run(`SELECT id FROM role WHERE name = '${role}'`);
		return id;
	}

	/** An edit that the server let through.  `roles`: those that the user must hold for it. */
	accept(user, good, roles, what) {
		this.accepted++;
		for (const role of roles)
			if (!this.channel.holds(user, role)) this.tally.wrong(`user ${user.id} ${what}, and does not hold role ${role.id} ${this.channel.lacks(user, role)}; seed ${this.seed}`);
		if (!good) this.tally.wrong(`user ${user.id} ${what}; seed ${this.seed}`);
	}

	async make(user) {
		const portal = this.rng.chance(0.8) ? "reseller" : "customer", said = this.draft(user, portal), called = `edit ${++this.names.n}`;
		const { status } = await this.request(user, "POST", "roles", { name: called, portal, ...this.body(said) });
		if (status !== 200) return;
		const role = { id: await this.idOf(called), tenant: user.tenant, code: null, portal, shared: false, grants: said.grants, fields: said.fields, segments: new Set(said.segments), products: new Set(said.products) };
		this.accept(user, this.may(user, "role.create"), [role], "makes a role");
		this.facts.roles.set(role.id, role);
		this.channel.changed(role.id);
	}

	async copy(user) {
		const from = this.rng.pick([...this.facts.roles.values()].filter((role) => role.shared || role.tenant === user.tenant));
		const called = `edit ${++this.names.n}`;
		const { status } = await this.request(user, "POST", `roles/${this.seal("role", from.id)}/copy`, { name: called });
		if (status !== 200) return;
		const id = await this.idOf(called), rows = await this.writer.run(`SELECT 'grants', action, scope FROM role_grant WHERE role_id = ${id}
			UNION ALL SELECT 'fields', field, level FROM role_field WHERE role_id = ${id} UNION ALL SELECT 'segments', segment_id, '' FROM role_segment WHERE role_id = ${id} UNION ALL SELECT 'products', product_id, '' FROM role_product WHERE role_id = ${id}`);
		const of = (part) => rows.filter(([its]) => its === part).map(([, named, value]) => [named, value]);
		const role = { id, tenant: user.tenant, code: null, portal: from.portal, shared: false, grants: new Map(of("grants")), fields: new Map(of("fields")), segments: new Set(of("segments").map(([segment]) => segment)),
			products: new Set(of("products").map(([product]) => product)) };
		this.accept(user, this.may(user, "role.create"), [role], `copies role ${from.id}`);
		this.facts.roles.set(role.id, role);
		this.channel.changed(role.id);
	}

	may(user, action) {
		return this.channel.judge.rights(user).actions.has(action);
	}

	/** Mostly a role of the user's tenant that the user holds, at times any of it, at times any at all. */
	someRole(user) {
		const all = [...this.facts.roles.values()], near = all.filter((role) => role.tenant === user.tenant), some = this.rng.shuffled(near).slice(0, 8), held = some.filter((role) => this.channel.holds(user, role));
		return this.rng.pick(this.rng.chance(0.05) || near.length === 0 ? all : this.rng.chance(0.25) || held.length === 0 ? near : held);
	}

	async change(user) {
		const role = this.someRole(user), said = this.draft(user, role.portal), whole = this.body(said);
		const parts = this.rng.shuffled(["grants", "fields", "segments", "products"]).slice(0, 1 + this.rng.int(3));
		const { status } = await this.matched(user, "PATCH", `roles/${this.seal("role", role.id)}`, Object.fromEntries(parts.map((part) => [part, whole[part]])));
		if (status !== 200) return;
		const after = { ...role, ...Object.fromEntries(parts.map((part) => [part, ["segments", "products"].includes(part) ? new Set(said[part]) : said[part]])) };
		const good = role.tenant === user.tenant && role.code === null && this.may(user, "role.edit") && !this.channel.usedBy(role.id).includes(user);
		this.accept(user, good, [role, after], `changes ${parts} of role ${role.id} of tenant ${role.tenant}`);
		Object.assign(role, after);
		this.channel.changed(role.id);
	}

	async give(user) {
		const to = this.rng.pick(this.rng.chance(0.95) ? this.channel.users(user.tenant) : [...this.facts.users.values()]);
		const roles = [...new Set(Array.from({ length: 1 + this.rng.int(3) }, () => this.someRole(user)))];
		const { status } = await this.matched(user, "PUT", `users/${this.seal("user", to.id)}/roles`, { roles: roles.map((role) => this.seal("role", role.id)) });
		if (status !== 200) return;
		const counts = new Set(this.channel.before(to)), had = [to.role, ...(to.more ? to.roles : [])].filter((id) => counts.has(this.channel.judge.role(id))).map((id) => this.facts.roles.get(id));
		const good = to !== user && to.tenant === user.tenant && this.may(user, "user.assign") && roles.every((role) => role.shared || role.tenant === user.tenant);
		this.accept(user, good, [...had, ...roles], `gives roles ${roles.map((role) => role.id)} in place of ${had.map((role) => role.id)} to user ${to.id} of tenant ${to.tenant}`);
		Object.assign(to, { role: roles[0].id, more: roles.length > 1, roles: roles.slice(1).map((role) => role.id) });
		this.channel.changed();
		for (const [id, cookie] of await sessions(this.writer, this.rng, [to.id], host)) this.cookies.set(id, cookie);
	}

	async drop(user) {
		const role = this.someRole(user);
		const { status } = await this.request(user, "DELETE", `roles/${this.seal("role", role.id)}`);
		if (status !== 204 && status !== 200) return;
		const ceiling = [...this.facts.tenants.values()].some((tenant) => tenant.ceiling === role.id);
		const good = role.tenant === user.tenant && role.code === null && this.may(user, "role.delete") && this.channel.usedBy(role.id).length === 0 && !ceiling;
		this.accept(user, good, [], `takes role ${role.id} of tenant ${role.tenant} away`);
		this.facts.roles.delete(role.id);
		this.channel.changed(role.id);
	}

	/** What somebody above does meanwhile: a ceiling is set, shrinks, or is lifted. */
	async ceiling() {
		const tenant = this.facts.tenants.get(this.rng.pick(this.tenants)), statements = [];
		const now = tenant.ceiling === null ? undefined : this.facts.roles.get(tenant.ceiling);
		if (now !== undefined && now.code === null && this.rng.chance(0.6)) {
			for (const action of this.rng.some([...now.grants.keys()], 0.15)) {
				now.grants.delete(action);
				statements.push(`DELETE FROM role_grant WHERE role_id = ${now.id} AND action = '${action}'`);
			}
			for (const field of this.rng.some([...now.fields.keys()], 0.15)) {
				now.fields.delete(field);
				statements.push(`DELETE FROM role_field WHERE role_id = ${now.id} AND field = '${field}'`);
			}
			this.channel.changed(now.id);
		} else {
			const own = [...this.facts.roles.values()].filter((role) => role.tenant === tenant.parent && role.portal === "reseller" && role.code === null && (this.tenants.includes(role.tenant) || this.ceilings.has(role.id)));
			tenant.ceiling = tenant.ceiling === null && own.length > 0 ? this.rng.pick(own).id : null;
			statements.push(`UPDATE tenant SET ceiling_id = ${tenant.ceiling ?? "NULL"} WHERE id = ${tenant.id}`);
			this.channel.changed();
		}
		await this.writer.run(["BEGIN", ...statements, "UPDATE channel_version SET version = version + 1", "COMMIT"].join(";\n"));
	}

	/** What the server says that the user has, against what the judge says. */
	async has(user) {
		const { judge } = this.channel, { actions } = judge.rights(user), { status, json: meta } = await this.request(user, "GET", "meta");
		if (!judge.entered(user)) return this.tally.expect(status === 401, `user ${user.id} has nothing and asks what it has: ${status}; seed ${this.seed}`);
		if (status !== 200) return this.tally.expect(false, `user ${user.id} asks what it has: ${status}; seed ${this.seed}`);
		const more = meta.actions.filter((action) => !actions.has(action)), less = [...actions.keys()].filter((action) => !meta.actions.includes(action));
		this.tally.expect(more.length === 0 && less.length === 0, `user ${user.id} has ${more} too much and ${less} too little; seed ${this.seed}`);
		const most = (field) => Math.max(0, ...judge.rights(user).each.map((part) => levels[part.fields.get(field) ?? "none"]));
		for (const [list, level] of [["fields", "read"], ["masked", "mask"], ["writable", "write"]])
			for (const [resource, names] of Object.entries(meta[list]))
				for (const one of names.filter((field) => most(`${resource}.${field}`) < levels[level]))
					this.tally.wrong(`user ${user.id} has ${list} ${resource}.${one}, which no role gives; seed ${this.seed}`);
		return undefined;
	}

	/** A few edits of one user in a row, a ceiling that moves now and then, and what two users have by then. */
	async sequence() {
		const able = this.actors.filter((one) => this.channel.judge.entered(one) && Object.values(edits).some((action) => this.may(one, action)));
		const user = this.rng.pick(able.length > 0 && this.rng.chance(0.95) ? able : this.actors);
		for (let i = 1 + this.rng.int(4); i > 0; i--) {
			const edit = this.rng.pick(["make", "change", "change", "give", "give", "copy", "drop"]);
			if (this.may(user, edits[edit]) || this.rng.chance(0.1)) await this[edit](user);
			if (this.rng.chance(0.08)) await this.ceiling();
		}
		await this.has(user);
		await this.has(this.rng.pick(this.channel.users(user.tenant)));
		this.tally.count++;
	}

	/** The rows are what was accepted; and nobody of a tenant holds what nobody of it held at first. */
	end() {
		const { roles, users } = channel(this.site);
		const flat = (role) => role && JSON.stringify([role.tenant, role.portal, [...role.grants].sort(), [...role.fields].sort(), [...role.segments].sort(), [...(this.channel.judge.whole(role.products) ?? [])].sort()]);
		const own = (list) => [...list.values()].filter((one) => this.tenants.includes(one.tenant)).map((one) => one.id);
		for (const id of new Set([...own(roles), ...own(this.facts.roles)]))
			this.tally.expect(flat(roles.get(id)) === flat(this.facts.roles.get(id)), `role ${id} is ${flat(roles.get(id))} and was to be ${flat(this.facts.roles.get(id))}; seed ${this.seed}`);
		for (const id of own(this.facts.users)) {
			const user = this.facts.users.get(id), there = users.get(id), all = (one) => [one.role, ...(one.more ? [...one.roles].sort() : [])].join();
			this.tally.expect(all(there) === all(user), `user ${id} has roles ${all(there)} and was to have ${all(user)}; seed ${this.seed}`);
		}
		for (const tenant of this.tenants)
			for (const user of this.channel.users(tenant))
				for (const part of this.channel.before(user))
					this.tally.expect(hold(this.channel.judge, this.first.get(tenant), part), `user ${user.id} holds what nobody of tenant ${tenant} held before the edits; seed ${this.seed}`);
	}
}

/** Roles of every tenant that let roles be changed, and ceilings that let it through. */
async function managers(site, writer, { tenants }) {
	const ceilings = site.sql("SELECT ceiling_id AS id FROM tenant t JOIN role r ON r.id = t.ceiling_id WHERE r.code IS NULL").map((row) => row.id);
	const wanted = ["id", "code", "name", "portal", "own", "users", "grants", "fields", "segments", "ceiling"].map((field) => `role.${field}`).concat("user.id", "user.name");
	const of = [...tenants.flatMap((tenant) => tenant.roles.slice(0, 2)), ...ceilings];
	const statements = of.flatMap((role) => [...Object.entries(manages).map(([action, scope]) => `REPLACE INTO role_grant VALUES (${role}, '${action}', '${scope}')`),
		...wanted.map((field) => `REPLACE INTO role_field VALUES (${role}, '${field}', 'write')`)]);
	await writer.run(["BEGIN", ...statements, "UPDATE channel_version SET version = version + 1", "COMMIT"].join(";\n"));
}

/** A new world, with all that stands in the database. */
async function begun(proof) {
	const { site, writer, words, seed } = proof, rng = random(seed);
	const made = await build(site, writer, words, rng, { tenants: 6, customers: 2, users: 4 });
	await managers(site, writer, made);
	const segments = new Map();
	for (const row of site.sql("SELECT id, tenant_id FROM segment")) segments.set(row.tenant_id, [...(segments.get(row.tenant_id) ?? []), row.id]);
	return new World({ ...proof, rng, segments, seal: sealer(site, words) }, made);
}

/** @param {{site: object, count: number, say: Function, seed?: number}} how  count: how many sequences of edits, and more where too few of them are accepted */
export async function run({ site, count, say, seed = 1, limit = 50 }) {
	const tally = new Tally(), words = vocabulary(), writer = new Writer(site), names = { n: 0 };
	let accepted = 0, worlds = 0, sequences = 0, wanted = count;
	/** Sequences one after the other, until there are enough of all worlds. */
	const live = async (world) => {
		await world.begin();
		for (let i = 0; i < per_world && sequences < wanted && tally.bad < limit; i++) {
			sequences++;
			await world.sequence();
		}
	};
	while (sequences < wanted && tally.bad < limit) {
		const together = [];
		for (let i = 0; i < at_once && i * per_world < wanted - sequences; i++, worlds++) together.push(await begun({ site, writer, words, tally, names, seed: seed * 1000 + worlds }));
		await Promise.all(together.map(live));
		for (const world of together) {
			world.end();
			accepted += world.accepted;
		}
		say(`${sequences} sequences, ${accepted} edits accepted`);
		// A small world may have dice by which hardly anything is accepted: then another one, or some.
		if (sequences >= wanted && accepted <= count / 4 && wanted < 4 * count) wanted += count;
	}
	tally.expect(accepted > count / 4, `${accepted} edits of ${sequences} sequences were accepted: too few to prove anything`);
	tally.notes = [`${worlds} worlds; ${accepted} edits were accepted in ${sequences} sequences`];
	tally.count = sequences;
	await writer.close();
	return tally;
}
