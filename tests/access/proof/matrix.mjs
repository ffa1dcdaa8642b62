// The matrix: every operation of the route table that takes an id, for users of every role at tenants everywhere in
// the tree, with ids of every kind (own, sibling's, parent's, child's, foreign, moved, of somebody closed, of nothing,
// malformed, of another type) in every place that takes one (path, query, filter, body, cursor), and with sessions
// that are none.  Each tenant's texts carry its mark, which may stand in no answer, header, page or PDF about rows
// that the asker may not see, and in no log.
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { ask } from "../../lib/http.mjs";
import { openapi } from "../../lib/openapi.mjs";
import { json, sameOrigin } from "../../lib/users.mjs";
import { markers, sealer, vocabulary } from "../../lib/vocabulary.mjs";
import { Judge } from "./judge.mjs";
import { Tally, Writer, each, keys, random, sessions } from "./tools.mjs";
import { build, markOf, move, read } from "./world.mjs";

export const name = "matrix", goal = 250000;

const host = "pneumuster.localhost", elsewhere = "musterplatz.localhost";
const run_ = promisify(execFile);
/** What is about a row and not the row itself, with the question that it needs. */
const about = { "/api/v1/users/{id}/explain": "?action=document.read&field=document.gross" };
/** What needs a question beside these. */
const questions = { ...about, "/api/v1/incoming/{id}/explain": "?line=1" };
/** What lists rows of another kind than it takes. */
const lists = { "/api/v1/roles/{id}/users": "user" };
const resourceOf = (operation) => operation["x-action"].split(".")[0];

/** The marks of a text. */
class Marks {
	constructor(site, tenants) {
		this.of = new Map([...tenants.keys()].map((id) => [id, markOf(id)]));
		for (const [id, mark] of markers(site, "t.slug NOT LIKE 'ZQ%'")) this.of.set(id, mark);
		this.pattern = new RegExp(`ZQ\\d+Q|${[...this.of.values()].filter((mark) => !mark.startsWith("ZQ")).join("|")}`, "g");
	}

	in(text) {
		return new Set(text.match(this.pattern));
	}
}

class Matrix {
	constructor(site, tally, rng, seed, limit) {
		Object.assign(this, { site, tally, rng, seed, limit, words: vocabulary(), tried: new Map(), pdf: 0, permitted: new Map() });
		this.seal = sealer(site, this.words);
	}

	async prepare(size) {
		const { site, rng, words } = this, writer = (this.writer = new Writer(site));
		const { tenants } = await build(site, writer, words, rng, size);
		await move(site, writer, rng, tenants, Math.ceil(tenants.length / 4));
		this.facts = read(site);
		// People of the demo and of the new tenants; each has a session.
		const people = [...this.facts.users.values()].filter((user) => user.customer === null || rng.chance(0.15));
		const admin = people.filter((user) => this.facts.roles.get(user.role).portal === "admin").slice(0, 1);
		this.actors = [...admin, ...rng.shuffled(people.filter((user) => !admin.includes(user))).slice(0, size.actors - 1)];
		this.cookies = await sessions(writer, rng, this.actors.map((user) => user.id), host);
		this.foreign = await sessions(writer, rng, this.actors.slice(0, 8).map((user) => user.id), elsewhere);
		this.ended = await sessions(writer, rng, this.actors.slice(0, 8).map((user) => user.id), host);
		this.keys = await keys(writer, rng);
		// Each asks from dice of their own, so that a seed gives the same questions whoever is quicker.
		this.dice = new Map(this.actors.map((user) => [user.id, random(rng.int(2 ** 31))]));
		this.look();
		this.marks = new Marks(site, this.facts.tenants);
	}

	/** Reads all that is there. */
	look() {
		this.facts = read(this.site);
		this.judge = new Judge(this.words, this.facts);
		this.permitted.clear();
		this.unsealed = new Map(Object.entries(this.facts.rows).flatMap(([resource, rows]) => rows.map((row) => [this.seal(resource, row.id), row.id])));
		this.byId = Object.fromEntries(Object.entries(this.facts.rows).map(([resource, rows]) => [resource, new Map(rows.map((row) => [row.id, row]))]));
	}

	/** How a row stands to who asks. */
	relation(user, row) {
		const { judge, facts } = this, mine = judge.ways.get(user.tenant), its = judge.ways.get(row.tenant);
		if (row.above?.[0] !== undefined && this.lags(row)) return "moved";
		if (row.state === "closed" || facts.tenants.get(row.tenant).state === "closed") return "closed";
		if (row.tenant === user.tenant) return user.customer === null || row.customer === user.customer ? "own" : "sibling customer's";
		if (mine.has(row.tenant)) return "parent's";
		if (its.has(user.tenant)) return "child's";
		return facts.tenants.get(row.tenant).parent === facts.tenants.get(user.tenant).parent ? "sibling's" : "foreign";
	}

	/** Do its columns not say where its tenant is? */
	lags(row) {
		const way = [...this.judge.ways.get(row.tenant)].reverse(); // from the root
		return row.above.some((id, i) => id !== (way[i + 1] ?? "0"));
	}

	/** Rows of every relation, at most n of each; and for this user other ones than for the next. */
	samples(user, resource, n) {
		const kinds = new Map();
		for (const row of this.dice.get(user.id).shuffled(this.facts.rows[resource])) {
			const kind = this.relation(user, row);
			if (!kinds.has(kind)) kinds.set(kind, []);
			if (kinds.get(kind).length < n) kinds.get(kind).push(row);
		}
		return [...kinds].flatMap(([kind, rows]) => rows.map((row) => [kind, this.seal(resource, row.id), row]));
	}

	/** Ids of nothing. */
	nothing(user, resource) {
		const good = this.seal(resource, 1), other = this.seal(resource === "document" ? "customer" : "document", this.dice.get(user.id).pick(this.facts.rows.document).id);
		return [["missing", this.seal(resource, 999999999)], ["missing", this.seal(resource, "9223372036854775807")],
			...["1", "x", good.slice(0, -1), `${good}a`, good.toUpperCase()].map((id) => ["malformed", id]),
			["another type's", other], ["another type's", `${good.slice(0, 4)}${other.slice(4)}`]].map(([kind, id]) => [kind, id, null]);
	}

	/** One request, and the marks of whatever comes back held against those that may be there. */
	async probe(user, place, kind, method, at, permitted, { cookie = this.cookies.get(user.id), headers = {}, body } = {}) {
		const write = method !== "GET";
		const once = () => ask(this.site, method, at, { host, body: body ?? (write && method !== "DELETE" ? "{}" : undefined),
			headers: { ...(cookie === null ? {} : { Cookie: cookie }), ...(write ? { ...json, ...sameOrigin, "If-Match": '"none"' } : {}), ...headers } });
		let answer = await once();
		// Few of these may run at a time, whoever asks.
		for (let tries = 0; answer.status === 503 && at.includes("/simulation") && tries < 500; tries++) answer = await once();
		const cell = `${place}, ${kind}`;
		this.tried.set(cell, (this.tried.get(cell) ?? 0) + 1);
		this.tally.count++;
		const allowed = answer.status < 300 ? permitted() : new Set();
		for (const mark of this.marks.in(await this.everything(answer)))
			if (!allowed.has(mark)) this.tally.wrong(`${method} ${at} (${place}, ${kind}) carries ${mark} to ${this.who(user)}`);
		return answer;
	}

	who(user) {
		return `user ${user.id} of tenant ${user.tenant}, seed ${this.seed}`;
	}

	/** All that can be read in an answer: headers, body, and the text and the properties of a PDF. */
	async everything(answer) {
		const text = `${answer.rawHeaders.join("\n")}\n${answer.text}`;
		if (answer.headers["content-type"] !== "application/pdf") return text;
		const file = path.join(this.site.var, "tmp", `proof-${++this.pdf}.pdf`);
		await fs.promises.writeFile(file, answer.bytes);
		const [words, facts] = await Promise.all([run_("pdftotext", ["-raw", file, "-"]), run_("pdfinfo", [file])]);
		await fs.promises.rm(file);
		return `${text}\n${words.stdout}\n${facts.stdout}`;
	}

	/** Marks of the rows of a resource that the user may see, and of what those rows name. */
	mayCarry(user, resource) {
		const key = `${user.id} ${resource}`;
		if (!this.permitted.has(key)) {
			const { judge, facts, byId, marks } = this, found = new Set();
			const add = (text) => [...marks.in(text)].forEach((mark) => found.add(mark));
			for (const row of facts.rows[resource]) {
				if (judge.row(user, resource, row) === "never") continue;
				found.add(marks.of.get(row.tenant));
				add(JSON.stringify(row));
				if (row.customer) add(JSON.stringify(byId.customer.get(row.customer) ?? ""));
				if (resource === "tenant" && judge.most(user, resource, row, "tenant.parent_name") !== "none") found.add(marks.of.get(facts.tenants.get(row.tenant).parent));
				if (["subscription", "usage", "alert", "reject"].includes(resource)) found.add(marks.of.get(byId.offering.get(row.offering).tenant));
				if (resource === "move") for (const id of [row.from, row.parent]) found.add(marks.of.get(id));
				if (resource === "agreement") for (const text of [marks.of.get(row.buyer) ?? "", JSON.stringify(byId.account.get(row.account) ?? "")]) add(text);
				if (resource === "purchase" || resource === "incoming") found.add(marks.of.get(row.seller));
				// Things are called by whose offerings they are, and an annex says for whom each was bought.
				if (["document", "incoming"].includes(resource))
					for (const thing of (resource === "document" ? facts.things : facts.annex).get(row.id) ?? []) add(JSON.stringify([marks.of.get(thing.called_by), byId.customer.get(thing.customer) ?? ""]));
				if (resource === "statement") for (const { id, level } of facts.tenants.values()) if (level === 0) found.add(marks.of.get(id)); // the provider's paper
				if (resource === "self_bill" || resource === "self_incoming") found.add(marks.of.get(row.other));
				if (resource === "transfer") found.add(marks.of.get(row.to));
				if (resource === "api_key") found.add(marks.of.get(facts.roles.get(row.role).tenant));
				if (resource === "opening" && facts.tenants.get(user.tenant).level === 0)
					for (const id of [row.opener, row.viewed].filter((one) => facts.users.has(one)))
						for (const tenant of [facts.users.get(id).tenant, facts.roles.get(facts.users.get(id).role).tenant]) found.add(marks.of.get(tenant));
				if (resource === "user") found.add(marks.of.get(facts.roles.get(facts.users.get(row.id).role).tenant));
			}
			this.permitted.set(key, found);
		}
		return this.permitted.get(key);
	}

	/** What the explanation of a user may name: the roles and ceilings of the tenants above, besides. */
	mayExplain(user, row) {
		return () => new Set([...this.mayCarry(user, "user"), ...[...this.judge.ways.get(row.tenant)].map((id) => this.marks.of.get(id))]);
	}

	/** What the ceiling of a tenant may name: roles of who sets it, at or below the user's own tenant and never above it. */
	mayLimit(user, row) {
		const { ways } = this.judge;
		const below = [...ways.get(row.tenant)].filter((id) => ways.get(id).has(user.tenant));
		// A ceiling of a house of the demo was made here, and carries the mark that it has here.
		return () => new Set([...this.mayCarry(user, "tenant"), ...below.flatMap((id) => [this.marks.of.get(id), markOf(id)])]);
	}

	given(user, operation) {
		return this.judge.rights(user).actions.get(operation["x-action"]);
	}

	/** The statuses that a probe of an id in the path may have. */
	expected(user, operation, row) {
		if (!this.judge.entered(user)) return [401];
		const given = this.given(user, operation);
		if (given === undefined) return [403];
		// Who copies a role needs to see it.
		const seen = operation.path.endsWith("/copy") ? this.judge.rights(user).actions.get("role.read") : given;
		if (seen === undefined) return row === null ? [403, 404] : [403];
		const verdict = row === null ? "never" : this.judge.row(user, resourceOf(operation), row, seen);
		if (verdict === "never") return [404];
		// A bill is printed whole or not at all; who may not see product segments reads no share, who may not see users none of a role.
		if (/(html|pdf)$/.test(operation.path) && this.judge.lines(user, row, operation["x-action"]).length < this.judge.allLines(row, operation["x-action"]).length) return [404];
		if (/\/payouts\/.*(xml|csv)$/.test(operation.path)) return [200, 409]; // what was cancelled is no file
		if (/(draft|simulation)$/.test(operation.path)) return operation.method === "POST" ? [row.draft === "1" ? 409 : 200] : row.draft !== "1" ? [404] : operation.method === "GET" ? [200] : [412];
		const needs = { "/api/v1/tenants/{id}/products": "product.read", "/api/v1/roles/{id}/users": "user.read" }[operation.path];
		if (needs !== undefined && !this.judge.rights(user).actions.has(needs)) return verdict === "must" ? [403] : [403, 404];
		// What is owed to an account is the sum of bills, of any product.
		const bills = this.judge.rights(user).actions.get("document.read");
		if (operation.path.endsWith("/refunds") && (bills === undefined || (bills.products ?? null) !== null)) return verdict === "must" ? [403] : [403, 404];
		const good = operation.method === "GET" ? [200] : operation.method === "PATCH" ? [412] : [200, 204];
		return verdict === "must" ? good : [...good, 404];
	}

	async inPath(user, operation, n) {
		const resource = resourceOf(operation);
		for (const [kind, id, row] of [...this.samples(user, resource, n), ...this.nothing(user, resource)]) {
			const expected = this.expected(user, operation, row);
			if (operation.method !== "GET" && operation.method !== "PATCH" && expected.some((status) => status < 400)) continue; // it would be done
			const permitted = operation.path.endsWith("/ceiling") && row ? this.mayLimit(user, row) : operation.path in about && row ? this.mayExplain(user, row)
				: () => new Set([...this.mayCarry(user, resource), ...this.mayCarry(user, lists[operation.path] ?? resource)]);
			const at = operation.path.replace("{id}", id) + (operation.method === "GET" ? questions[operation.path] ?? "" : "");
			const { status } = await this.probe(user, "path", kind, operation.method, at, permitted);
			if (!expected.includes(status))
				this.tally.wrong(`${operation.method} ${at} of ${kind} row ${row?.id} of tenant ${row?.tenant}: ${status}, not ${expected.join(" or ")}, for ${this.who(user)}`);
		}
	}

	/** ?object= of the explanation: a row that the asker may not see is none. */
	async inQuery(user, operation, n) {
		const own = this.facts.rows.user.find((row) => row.tenant === user.tenant);
		if (own === undefined || !this.judge.entered(user) || !this.given(user, operation)) return;
		for (const [kind, id, row] of [...this.samples(user, "document", n), ...this.nothing(user, "document")]) {
			const at = `${operation.path.replace("{id}", this.seal("user", own.id))}?action=document.read&object=${id}`;
			const { status } = await this.probe(user, "query", kind, "GET", at, this.mayExplain(user, own));
			const seen = row !== null && this.judge.row(user, "document", row) !== "never" && this.judge.row(user, "user", own, this.given(user, operation)) !== "never";
			if (!seen && status < 300) this.tally.wrong(`${at} of ${kind} row ${row?.id}: ${status} for ${this.who(user)}`);
		}
	}

	/** Holds what a list shows against what it may. */
	listed(user, operation, at, answer, holds) {
		// Who may read no ids gets rows without: those are told by their marks alone.
		const resource = resourceOf(operation), rows = answer.json.data.filter((row) => row.id !== undefined), got = new Set(rows.map((row) => this.unsealed.get(row.id)));
		for (const id of got) {
			const row = this.byId[resource].get(id);
			if (row === undefined || this.judge.row(user, resource, row) === "never" || !holds(row))
				this.tally.wrong(`${at} shows row ${id} of tenant ${row?.tenant} to ${this.who(user)}`);
		}
		if (answer.json.next !== null || at.includes("cursor=") || rows.length < answer.json.data.length) return;
		for (const row of this.facts.rows[resource])
			if (row.listed && holds(row) && !got.has(row.id) && this.judge.row(user, resource, row) === "must")
				this.tally.wrong(`${at} hides row ${row.id} of tenant ${row.tenant} from ${this.who(user)}`);
	}

	async inFilter(user, operation, parameter, n) {
		const resource = resourceOf(operation), permitted = () => this.mayCarry(user, resource);
		const least = this.judge.least(user, `${resource}.${parameter}`);
		for (const [kind, id, row] of [...this.samples(user, parameter, n), ...this.nothing(user, parameter)]) {
			const at = `${operation.path}?limit=200&${parameter}=${id}`;
			const answer = await this.probe(user, "filter", kind, "GET", at, permitted);
			const good = !this.judge.entered(user) ? [401] : !this.given(user, operation) ? [403]
				: row !== null || kind === "missing" ? (least === "read" ? [200, 403] : least === "none" ? [400, 403] : [200, 400, 403]) : [400, 403];
			if (!good.includes(answer.status)) this.tally.wrong(`${at} of ${kind}: ${answer.status}, not ${good.join(" or ")}, for ${this.who(user)}`);
			if (answer.status === 200) this.listed(user, operation, at, answer, (one) => row !== null && one[parameter] === row.id);
		}
	}

	/** A cursor that another user's list gave opens nothing: it is a place in an order and no right. */
	async inCursor(user, operation) {
		const resource = resourceOf(operation), permitted = () => this.mayCarry(user, resource);
		const { status, json: page } = await this.probe(user, "cursor", "own", "GET", `${operation.path}?limit=2`, permitted);
		const last = this.cursors.get(operation.path);
		if (last !== undefined) {
			const at = `${operation.path}?limit=50&cursor=${last}`;
			const answer = await this.probe(user, "cursor", "foreign", "GET", at, permitted);
			if (answer.status === 200) this.listed(user, operation, at, answer, () => true);
			else if (status === 200 && answer.status !== 400) this.tally.wrong(`${at}: ${answer.status} for ${this.who(user)}`);
		}
		if (status === 200 && page.next !== null) this.cursors.set(operation.path, page.next);
	}

	/** Ids of others in a body: what a user may not set is refused, on every row. */
	async inBody(user, operation, n) {
		const own = this.facts.rows[resourceOf(operation)].find((row) => row.user === user.id && row.id === user.id);
		for (const field of ["tenant", "customer", "role"])
			for (const [kind, id] of this.samples(user, field, n)) {
				const at = operation.path.replace("{id}", this.seal(resourceOf(operation), own?.id ?? 1));
				const { status } = await this.probe(user, "body", kind, operation.method, at, () => new Set(), { body: JSON.stringify({ [field]: id }) });
				if (status < 400 || status >= 500) this.tally.wrong(`${operation.method} ${at} with a foreign ${field}: ${status} for ${this.who(user)}`);
			}
	}

	/** The user's session that is over, in one of three ways; anew, for portico-jobs takes away what has ended. */
	async over(user) {
		const cookie = this.ended.get(user.id), hash = `UNHEX(SHA2('${cookie?.slice(8)}', 256))`;
		const [ends, seen, created] = [["- INTERVAL 1 SECOND", "", ""], ["+ INTERVAL 1 HOUR", "- INTERVAL 20 HOUR", ""], ["+ INTERVAL 1 HOUR", "", "- INTERVAL 20 DAY"]][this.actors.indexOf(user) % 3];
		if (cookie !== undefined)
			await this.writer.run(`REPLACE INTO session (token_hash, user_id, host, created, seen, ends) VALUES (${hash}, ${user.id}, '${host}', UTC_TIMESTAMP() ${created}, UTC_TIMESTAMP() ${seen}, UTC_TIMESTAMP() ${ends})`);
		return cookie;
	}

	/** Sessions that are none open nothing; and no write is taken from another site's page. */
	async withoutSession(user, operation) {
		const nobody = () => new Set(), id = this.seal(resourceOf(operation), this.dice.get(user.id).pick(this.facts.rows[resourceOf(operation)]).id);
		const at = operation.path.replace("{id}", id) + (questions[operation.path] ?? "");
		const cookies = { none: null, garbage: `session=${"0".repeat(64)}`, "another host's": this.foreign.get(user.id), ended: await this.over(user) };
		for (const [kind, cookie] of Object.entries(cookies).filter(([, one]) => one !== undefined)) {
			const { status } = await this.probe(user, "session", kind, operation.method, at, nobody, { cookie });
			if (status !== 401) this.tally.wrong(`${operation.method} ${at} with a session that is ${kind}: ${status}`);
		}
		if (operation.method === "GET" || !this.judge.entered(user)) return;
		for (const origin of ["cross-site", "same-site", "none"]) {
			const { status } = await this.probe(user, "origin", origin, operation.method, at, nobody, { headers: { "Sec-Fetch-Site": origin } });
			if (status !== 403) this.tally.wrong(`${operation.method} ${at} from a page that is ${origin}: ${status}`);
		}
	}

	/** Keys that are over, or another house's, open nothing; a good one nothing that a person has to do, and nothing beside a session. */
	async withKey(user, operation) {
		const nobody = () => new Set(), id = this.seal(resourceOf(operation), this.dice.get(user.id).pick(this.facts.rows[resourceOf(operation)]).id);
		const at = operation.path.replace("{id}", id) + (questions[operation.path] ?? ""), { good, ...bad } = this.keys;
		const expect = async (kind, status, Authorization, cookie) => {
			const got = await this.probe(user, "key", kind, operation.method, at, nobody, { cookie, headers: { Authorization } });
			if (got.status !== status) this.tally.wrong(`${operation.method} ${at} with a key that is ${kind}: ${got.status}, not ${status}`);
		};
		for (const [kind, key] of Object.entries(bad)) await expect(kind, 401, key, null);
		await expect("beside a session", 400, good, this.cookies.get(user.id));
		if (operation.security.length === 1) await expect("no person", 403, good, null);
	}

	async asUser(user, operations, n) {
		for (const operation of this.dice.get(user.id).shuffled(operations)) {
			const parameters = (operation.parameters ?? []).filter((p) => p.in === "query").map((p) => p.name);
			if (this.facts.rows[resourceOf(operation)] === undefined || this.tally.bad >= this.limit) continue;
			await this.withoutSession(user, operation);
			await this.withKey(user, operation);
			if (operation.path.includes("{id}")) await this.inPath(user, operation, operation.path.endsWith("/pdf") ? Math.min(n, 2) : n);
			if (operation.path in about) await this.inQuery(user, operation, n);
			if (operation.method !== "GET" && operation.method !== "DELETE" && operation.path.includes("{id}")) await this.inBody(user, operation, Math.ceil(n / 2));
			if (!parameters.includes("cursor")) continue;
			for (const parameter of parameters.filter((p) => this.facts.rows[p] !== undefined)) await this.inFilter(user, operation, parameter, n);
			await this.inCursor(user, operation);
		}
	}

	/** No mark in any log. */
	logs() {
		for (const log of ["worker.log", "jobs.log", "access.log", "nginx.log"]) {
			const file = path.join(this.site.var, "log", log);
			for (const line of fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n") : [])
				if (this.marks.in(line).size > 0) this.tally.wrong(`${log}: ${line}`);
		}
	}
}

/** @param {{site: object, count: number, say: Function, seed?: number}} how  count: how many probes at least;
 * `limit`: how many wrong ones are enough to end it; `users`: how many ask, below full size */
export async function run({ site, count, say, seed = 1, limit = 50, users = 40 }) {
	const tally = new Tally(), rng = random(seed), matrix = new Matrix(site, tally, rng, seed, limit);
	const whole = count >= goal;
	site.announce(/"what":"tripwire"/); // it is what hides the rows that lag behind
	await matrix.prepare(whole ? { tenants: 30, customers: 8, users: 3, actors: 120 } : { tenants: 14, customers: 4, users: 2, actors: users });
	const { operations } = await openapi(site);
	const asked = operations.filter((o) => o.path.includes("{id}") || (o.parameters ?? []).some((p) => p.name === "cursor"));
	matrix.cursors = new Map();
	const everybody = (of) => each(matrix.actors, 6, async (user, i) => {
		if (tally.bad >= limit) return;
		await matrix.asUser(user, of, whole ? 4 : 1);
		if (i % 10 === 9) say(`${tally.count} probes`);
	});
	const left = (operation) => ["audit", "opening"].includes(resourceOf(operation));
	do await everybody(asked.filter((o) => !left(o)));
	while (tally.count < count && tally.bad < limit);
	// Refused writes and what was opened have left rows there; from here on nothing is written.
	matrix.look();
	await everybody(asked.filter(left));
	matrix.logs();
	await matrix.writer.close();
	const pairs = new Set(matrix.actors.map((user) => `${user.role} ${user.tenant}`));
	tally.notes = [`${asked.length} operations, ${matrix.actors.length} users with ${pairs.size} pairs of role and tenant, ${matrix.pdf} PDFs read`,
		...[...matrix.tried].sort().map(([cell, n]) => `${cell}: ${n}`)];
	return tally;
}
