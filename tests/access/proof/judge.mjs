// Who may see which rows and fields, worked out a second time: from schema/access.def, from the rows of the
// database and from the words of ARCHITECTURE (Access), and from no line of the server.
//
// Rows are judged exactly.  Of fields two bounds are known, since several roles come to less than the truth
// where it cannot be told row by row: `most` is what some role shows of that very row, `least` what all show.

const narrower = ["own", "customer", "family", "tenant", "subtree", "all"];
export const covers = (wide, narrow) => wide === narrow || wide === "all" || (wide === "offered" && ["shared", "tenant"].includes(narrow)) || (narrow === "assigned" && ["tenant", "subtree"].includes(wide)) || (narrower.includes(wide) && narrower.includes(narrow) && narrower.indexOf(wide) > narrower.indexOf(narrow));
/** How much of a field is shown, or more: changed. */
export const levels = { none: 0, mask: 1, read: 2, write: 3 };
const classes = ["open", "partner", "staff", "secret"];
const most_segments = 16, most_roles = 16;

export class Judge {
	/**
	 * @param words the vocabulary
	 * @param facts {products: Map, shares: Map, lines: Map, tenants: Map, roles: Map, users: Map, rows: Record<string, object[]>} as world.mjs reads them
	 */
	constructor(words, facts) {
		this.words = words;
		this.facts = facts;
		this.pairs = new Set(Object.entries(words.grants).map(([key, scope]) => `${key.split(" ")[1]} ${scope}`));
		this.shown = new Map(words.resources.map(({ name }) => [name, [name, ...words.comes.filter(([of]) => of === name).map(([, other]) => other)].map((one) => `${one}.read`).filter((action) => words.actions.includes(action))]));
		this.fields = new Map(words.fields.map((f) => [`${f.resource}.${f.name}`, { type: f.type, shownBy: this.shown.get(f.resource), writtenBy: f.setBy === "none" ? null : `${f.resource}.${f.setBy}` }]));
		this.highest = this.resellers();
		this.known = new Map();
		this.loaded = new Map();
		this.ways = new Map();
		for (const id of facts.tenants.keys()) this.ways.set(id, this.way(id));
		this.codes = new Map();
		for (const one of facts.rows?.offering ?? []) this.codes.set(one.code, [...(this.codes.get(one.code) ?? []), one]);
	}

	/** These product segments with all below them; null: none is named, or it is the whole catalogue. */
	whole(named) {
		if (named === undefined || named.size === 0) return null;
		const all = new Set();
		for (const id of this.facts.products.keys())
			for (let at = id; at !== null; at = this.facts.products.get(at)) if (named.has(at)) all.add(id);
		return all.size === this.facts.products.size ? null : all;
	}

	/** Is it about what is sold: rows of a product segment, a document for its lines, or the sharing of segments?  What is
	 * the own customer's never is. */
	sells(action, scope) {
		const [resource] = action.split(".");
		return !["own", "customer", "family"].includes(scope) && (action === "tenant.share" || resource === "draft" || [...this.words.products].some((name) => this.shown.get(name).some((one) => one.split(".")[0] === resource)));
	}

	/** Both sets; null is any. */
	met(one, other) {
		return one === null ? other : other === null ? one : new Set([...one].filter((id) => other.has(id)));
	}

	/** A tenant and all above it, by its parents alone. */
	way(id) {
		const all = new Set();
		for (let at = id; at !== null && at !== undefined; at = this.facts.tenants.get(at).parent) all.add(at);
		return all;
	}

	/** The read that shows rows of the resource, of those that are asked for by themselves; else the first that they come with. */
	shownBy(resource) {
		return this.shown.get(resource)[0];
	}

	/** What is left when nothing without meaning stays: {actions: Map, fields: Map}. */
	settled({ actions, fields }) {
		const kept = new Map();
		for (const [name, said] of fields) {
			const field = this.fields.get(name), level = said === "write" && !actions.has(field?.writtenBy) ? "read" : said;
			if (field === undefined || level === "none" || !field.shownBy.some((action) => actions.has(action))) continue;
			if (level === "mask" && field.type !== "TEXT") continue;
			kept.set(name, level);
		}
		return { actions, fields: kept };
	}

	builtIn(code) {
		const { roles, fields, grants, actions } = this.words;
		const given = new Map(actions.filter((action) => grants[`${code} ${action}`]).map((action) => [action, { scope: grants[`${code} ${action}`], segments: null, products: null }]));
		const readable = fields.filter((f) => classes.indexOf(f.of) <= classes.indexOf(roles[code].top));
		return { actions: given, fields: new Map(readable.map((f) => [`${f.resource}.${f.name}`, "write"])) };
	}

	/** What one role says; null: nothing. */
	role(id) {
		if (!this.loaded.has(id)) this.loaded.set(id, this.load(this.facts.roles.get(id)));
		return this.loaded.get(id);
	}

	load(role) {
		if (role === undefined || role.segments.size > most_segments || (role.code !== null && !this.words.roles[role.code])) return null;
		let said;
		if (role.code !== null) {
			said = this.builtIn(role.code);
		} else {
			const good = [...role.grants].filter(([action, scope]) => this.pairs.has(`${action} ${scope}`));
			said = { actions: new Map(good.map(([action, scope]) => [action, { scope, segments: null, products: null }])),
				fields: role.fields };
		}
		if (role.segments.size > 0 || this.words.segmented.has(role.code))
			for (const [action, given] of said.actions) {
				const segmented = this.words.customers[action.split(".")[0]];
				if (segmented === true && role.segments.size > 0) given.segments = role.segments;
				else if (segmented !== undefined && given.scope !== "own") said.actions.delete(action);
			}
		const kept = this.whole(role.products);
		if (kept !== null)
			for (const [action, given] of said.actions) if (this.sells(action, given.scope)) given.products = kept;
		return this.settled(said);
	}

	/** Both have it: scopes meet in the narrower where the vocabulary has such a pair, fields in the lesser. */
	meet(one, limit) {
		const actions = new Map();
		for (const [action, { scope, segments, products }] of one.actions) {
			const other = limit.actions.get(action)?.scope;
			if (other === undefined) continue;
			const both = covers(scope, other) ? other : covers(other, scope) ? scope : null;
			if (both !== null && this.pairs.has(`${action} ${both}`))
				actions.set(action, { scope: both, segments, products: this.sells(action, both) ? this.met(products, limit.actions.get(action).products) : null });
		}
		const fields = new Map();
		for (const [name, level] of one.fields) {
			const other = limit.fields.get(name) ?? "none";
			fields.set(name, levels[level] < levels[other] ? level : other);
		}
		return this.settled({ actions, fields });
	}

	/** The most that any reseller or customer has. */
	resellers() {
		const actions = new Map(), fields = new Map();
		for (const code of Object.keys(this.words.roles).filter((name) => this.words.roles[name].portal !== "admin")) {
			const one = this.settled(this.builtIn(code));
			for (const [action, given] of one.actions)
				if (!actions.has(action) || covers(given.scope, actions.get(action).scope)) actions.set(action, given);
			for (const [name, level] of one.fields) if (levels[level] > levels[fields.get(name) ?? "none"]) fields.set(name, level);
		}
		return { actions, fields };
	}

	/** Below the provider: all ceilings of the way up, each a role of the tenant that sets it. */
	limited(rights, tenant) {
		let limited = rights;
		if (this.facts.tenants.get(tenant).level === 0) return limited;
		limited = this.meet(limited, this.highest);
		for (const id of this.ways.get(tenant)) {
			const { ceiling, parent, level } = this.facts.tenants.get(id);
			if (level === 0 || ceiling === null) continue;
			const said = this.role(ceiling);
			limited = said === null || this.facts.roles.get(ceiling).tenant !== parent ? { actions: new Map(), fields: new Map() } : this.meet(limited, said);
		}
		for (const id of this.ways.get(tenant)) {
			const share = this.facts.tenants.get(id).level === 0 ? null : this.whole(this.facts.shares.get(id));
			if (share === null) continue;
			const actions = new Map([...limited.actions].map(([action, given]) => [action, this.sells(action, given.scope) && !/^(document|incoming|draft)\./.test(action) ? { ...given, products: this.met(given.products, share) } : given]));
			limited = { actions, fields: limited.fields };
		}
		return limited;
	}

	/** What two roles give of one action with the same scope: the one that has all of the other; the customers of both
	 * where the products are the same, the products of both where the customers are; else the first one. */
	either(old, more) {
		const within = (a, b) => b === null || (a !== null && [...a].every((id) => b.has(id)));
		const both = (a, b) => (a === null || b === null ? null : new Set([...a, ...b]));
		const fewer = within(more.segments, old.segments), wider = within(old.segments, more.segments);
		const less = within(more.products, old.products), also = within(old.products, more.products);
		if (fewer && less) return old;
		if (wider && also) return more;
		if (less && also) return { ...old, segments: both(old.segments, more.segments) };
		if (fewer && wider) return { ...old, products: both(old.products, more.products) };
		return old;
	}

	/** The roles of a user that count, before any ceiling. */
	parts(user) {
		const ids = [user.role, ...(user.more ? [...user.roles].sort((a, b) => a - b) : [])];
		if (ids.length > most_roles) return [];
		let portal = null;
		const counting = [];
		ids.forEach((id, i) => {
			const role = this.facts.roles.get(id), said = this.role(id);
			if (said === null || (role.tenant !== user.tenant && !role.shared)) return;
			if (role.portal === "admin" && this.facts.tenants.get(user.tenant).level !== 0) return;
			if (i === 0) portal = role.portal;
			if (role.portal === portal) counting.push(said);
		});
		return counting;
	}

	/** {actions, each: [rights of each role that counts, under all ceilings]}; actions: of these the wider scope with its own
	 * segments. */
	rights(user) {
		if (this.known.has(user.id)) return this.known.get(user.id);
		const each = this.parts(user).map((one) => this.limited(one, user.tenant)), actions = new Map();
		for (const { actions: more } of each)
			for (const [action, given] of more) {
				const old = actions.get(action);
				if (old === undefined || (old.scope !== given.scope && covers(given.scope, old.scope))) actions.set(action, given);
				else if (old.scope === given.scope) actions.set(action, this.either(old, given));
			}
		const rights = { actions, each };
		this.known.set(user.id, rights);
		return rights;
	}

	/** Can the user's session do anything at all? */
	entered(user) {
		return user.state === "active" && this.facts.tenants.get(user.tenant).state === "active" && this.rights(user).actions.size > 0;
	}

	/** "must": the row is the user's to see; "may": it is, but its columns lag behind a move; "never". */
	row(user, resource, row, given = this.rights(user).actions.get(this.shownBy(resource))) {
		if (given === undefined) return "never";
		// What was asked for is seen by who asked, by who holds it, and by who sees the audit.
		if (resource === "approval" && String(row.user) !== String(user.id) && ![row.action, "audit.read"].some((action) => this.rights(user).actions.has(action))) return "never";
		const where = this.inScope(user, row, given), sold = this.words.products.has(resource) && given.products !== null;
		if (sold && !given.products.has(row.product)) return "never";
		// The segment of the offering itself counts, and what a subscription says of it may lag behind.
		const inScope = sold && where === "must" && !given.products.has(row.said_product ?? row.product) ? "may" : where;
		if (given.segments === null || inScope === "never") return inScope;
		// The segment of the customer itself counts, and what the row says of it may lag behind.
		return !given.segments.has(row.segment) ? "never" : given.segments.has(row.said ?? row.segment) ? inScope : "may";
	}

	/** What of a list leaves as a whole: rows that both seeing and exporting give. As `rights` has it; undefined: none. */
	exported(user, resource) {
		const { actions } = this.rights(user), read = actions.get(this.shownBy(resource)), out = actions.get(`${resource}.export`);
		if (read === undefined || out === undefined) return undefined;
		const scope = covers(read.scope, out.scope) ? out.scope : covers(out.scope, read.scope) ? read.scope : null;
		const segments = this.met(read.segments, out.segments), products = this.met(read.products, out.products);
		if (!this.pairs.has(`${this.shownBy(resource)} ${scope}`) || segments?.size === 0) return undefined;
		// What is one's own customer's is kept to no products, so the two cannot be said at once.
		return products !== null && ["own", "customer", "family"].includes(scope) ? undefined : { scope, segments, products };
	}

	/** All lines of what has lines: only those of bills are about what is sold. */
	allLines(row, action) {
		const resource = action.split(".")[0];
		return (["document", "incoming"].includes(resource) ? this.facts.lines : resource.startsWith("self_") ? this.facts.earned : new Map()).get(row.id) ?? [];
	}

	/** Of a document that the user sees: which of its lines, by position. */
	lines(user, row, action) {
		const { products } = this.rights(user).actions.get(action), way = this.ways.get(row.seller ?? row.tenant);
		return this.allLines(row, action).filter(({ code }) => {
			if (products === null || code === undefined) return true;
			// The seller's own offering of that code, before those of who is above it.
			const [nearest] = (this.codes.get(code) ?? []).filter((one) => way.has(one.tenant)).sort((a, b) => this.facts.tenants.get(b.tenant).level - this.facts.tenants.get(a.tenant).level);
			return nearest !== undefined && products.has(nearest.product);
		}).map(({ position }) => position);
	}

	inScope(user, row, given) {
		const level = this.facts.tenants.get(user.tenant).level;
		switch (given.scope) {
		case "own": return row.user === user.id ? (row.tenant === user.tenant ? "must" : "may") : "never";
		case "customer": return user.customer !== null && row.customer === user.customer ? (row.tenant === user.tenant ? "must" : "may") : "never";
		case "family": { // who acts for no head of a group sees as `customer` does
			if (user.customer === null || row.customer === null || row.tenant !== user.tenant) return row.customer === user.customer && row.customer !== null ? "may" : "never";
			if (!this.facts.heads.has(user.customer)) return row.customer === user.customer ? "must" : "never";
			return row.head !== user.customer ? "never" : row.saidGroup === user.customer ? "must" : "may";
		}
		case "assigned": // what the customer itself says counts, and what the row says may lag behind
			return row.agent !== user.id || row.tenant !== user.tenant ? "never" : row.saidAgent === user.id ? "must" : "may";
		case "tenant": return row.tenant === user.tenant ? "must" : "never";
		case "subtree": return !this.ways.get(row.tenant).has(user.tenant) ? "never" : level === 0 || row.above[level - 1] === user.tenant ? "must" : "may";
		case "offered": return row.shared || row.tenant === user.tenant ? "must" : "never";
		case "buyer": return row.tenant === user.tenant ? "must" : "never"; // of what is bought the tenant is who buys
		case "shared": return row.shared ? "must" : "never";
		case "all": return level === 0 ? "must" : "never";
		default: throw new Error(`a scope that the judge does not know: ${given.scope}`);
		}
	}

	/** Of a field of one row: the most that some role shows of it, none, mask or read. */
	most(user, resource, row, field) {
		let best = "none";
		for (const one of this.rights(user).each) {
			const given = one.actions.get(this.shownBy(resource)), level = one.fields.get(field) ?? "none";
			if (given !== undefined && levels[level] > levels[best] && this.row(user, resource, row, given) !== "never") best = level;
		}
		return best === "write" ? "read" : best;
	}

	/** "read": all roles that show rows of the resource show the field; "none": none; else "partly".  One that loses all its
	 * rows to a ceiling has no say. */
	least(user, field) {
		const action = this.shownBy(field.split(".")[0]);
		const shown = this.rights(user).each.filter((one) => one.actions.has(action)).map((one) => levels[one.fields.get(field) ?? "none"] >= levels.read);
		return shown.every((is) => is) ? "read" : shown.some((is) => is) ? "partly" : "none";
	}
}
