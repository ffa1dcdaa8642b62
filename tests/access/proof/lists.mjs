// "List = check": in random worlds the rows of every list, in every order and with every filter, are exactly those
// that the judge allows row by row; one row by its id is shown if and only if the list holds it; and no field shows
// more than some role of the user gives of that very row.
import { lines, table } from "../../lib/csv.mjs";
import { ask } from "../../lib/http.mjs";
import { openapi } from "../../lib/openapi.mjs";
import { sealer, vocabulary } from "../../lib/vocabulary.mjs";
import { Judge } from "./judge.mjs";
import { Tally, Writer, each, random, sessions } from "./tools.mjs";
import { build, move, read } from "./world.mjs";

export const name = "lists", goal = 10000000;

const same = (parameter, field = parameter) => ({ field, values: (rows, rng, seal) => {
	const value = rng.pick(rows)[field];
	return value === null ? null : { text: seal ? seal(parameter, value) : value, holds: (row) => row[field] === value };
} });
const id = (parameter) => ({ ...same(parameter), sealed: true });
const day = (holds, field = "day", column = field) => ({ field, values: (rows, rng) => {
	const asked = rng.pick(rows)[column].slice(0, 10);
	return { text: asked, holds: (row) => holds(row[column], asked) };
} });
/** An id of a resource that is called otherwise than the parameter. */
const of = (resource, parameter) => ({ field: parameter, sealed: true, values: (rows, rng, seal) => {
	const value = rng.pick(rows)[parameter];
	return { text: seal(resource, value), holds: (row) => row[parameter] === value };
} });
const batch = of("usage_batch", "batch");
const starts = (field) => ({ field, values: (rows, rng) => {
	const text = rng.pick(rows)[field].match(/^[ -~]*/)[0].slice(0, 3 + rng.int(12)).trim();
	// What is equal for the database's order of letters and not for ours is left out: only plain beginnings.
	return /^[a-z0-9][a-z0-9 -]*[a-z0-9]$/i.test(text) ? { text, holds: (row) => row[field].toLowerCase().startsWith(text.toLowerCase()) } : null;
} });

/** What can be asked of each list. By resource. */
const lists = {
	customer: { path: "customers", sorts: ["name", "number"], filters: { q: starts("name"), tenant: id("tenant") } },
	account: { path: "accounts", sorts: ["number"], filters: { customer: id("customer") } },
	document: { path: "documents", sorts: ["issue_date", "number"], filters: { customer: id("customer"), tenant: id("tenant"), kind: same("kind"), state: same("state") } },
	payment: { path: "payments", sorts: ["received"], filters: { customer: id("customer"), tenant: id("tenant") } },
	subscription: { path: "subscriptions", sorts: ["starts"], filters: { customer: id("customer") } },
	usage: { path: "usage", sorts: ["day"], filters: { customer: id("customer"), account: id("account"), offering: id("offering"), state: same("state"), from: day((has, asked) => has >= asked), to: day((has, asked) => has < asked) }, one: false },
	alert: { path: "alerts", sorts: ["at"], filters: { customer: id("customer"), account: id("account"), threshold: same("threshold"), from: day((has, asked) => has >= asked, "at"),
		to: day((has, asked) => has < asked, "at") }, one: false },
	usage_reject: { path: "usage/rejects", sorts: ["came"], filters: { state: same("state"), reason: same("reason"), batch } },
	usage_batch: { path: "usage/batches", sorts: ["created"], filters: {}, one: false },
	bill_run: { path: "bill-runs", sorts: ["opened"], filters: { state: same("state") } },
	draft: { path: "drafts", sorts: ["deviation", "gross"], filters: { run: of("bill_run", "run"), tenant: id("tenant"), state: same("state") } },
	parked: { path: "parked", sorts: ["run"], filters: { run: of("bill_run", "run") }, one: false },
	reject: { path: "rejects", sorts: ["run"], filters: { run: of("bill_run", "run"), reason: same("reason") }, one: false },
	settlement: { path: "settlements", sorts: ["period_start"], filters: { run: of("bill_run", "run"), tenant: id("tenant") } },
	statement: { path: "statements", sorts: ["period_start"], filters: { tenant: id("tenant") } },
	entry: { path: "entries", sorts: ["day"], filters: { statement: id("statement"), tenant: id("tenant") }, one: false },
	self_bill: { path: "self-bills", sorts: ["issue_date"], filters: { kind: same("kind") } },
	self_incoming: { path: "self-incoming", sorts: ["issue_date"], filters: { kind: same("kind") } },
	payout: { path: "payouts", sorts: ["created"], filters: { state: same("state") } },
	opening: { path: "openings", sorts: ["at"], filters: { customer: id("customer"), tenant: id("tenant"), kind: same("kind") }, one: false },
	offering: { path: "offerings", sorts: ["name"], filters: { q: starts("name") } },
	product: { path: "product-segments", sorts: ["code"], filters: {} },
	tenant: { path: "tenants", sorts: ["name"], filters: { q: starts("name"), kind: same("kind") } },
	brand: { path: "brands", sorts: ["name"], filters: { tenant: id("tenant") } },
	user: { path: "users", sorts: ["name"], filters: { customer: id("customer"), tenant: id("tenant") } },
	role: { path: "roles", sorts: ["name"], filters: {} },
	segment: { path: "segments", sorts: ["name"], filters: { tenant: id("tenant") } },
	price_list: { path: "price-lists", sorts: ["name"], filters: { tenant: id("tenant") } },
	agreement: { path: "agreements", sorts: ["starts"], filters: { tenant: id("tenant") } },
	tax_rule: { path: "tax-rules", sorts: ["starts"], filters: { tenant: id("tenant") } },
	exchange_rate: { path: "exchange-rates", sorts: ["day"], filters: {} },
	discount: { path: "discounts", sorts: ["starts"], filters: { tenant: id("tenant"), customer: id("customer") } },
	minimum: { path: "minimums", sorts: ["starts"], filters: { tenant: id("tenant"), customer: id("customer") } },
	purchase: { path: "purchases", sorts: ["starts"], filters: {} },
	incoming: { path: "incoming", sorts: ["issue_date"], filters: { kind: same("kind"), state: same("state") } },
	move: { path: "moves", sorts: ["day"], filters: { state: same("state") } },
	transfer: { path: "transfers", sorts: ["day"], filters: { state: same("state") } },
	api_key: { path: "api-keys", sorts: ["created"], filters: {} },
	approval: { path: "approvals", sorts: ["created"], filters: { state: same("state") } },
	audit: { path: "audit", sorts: ["at"], filters: { action: same("action"), user: id("user") }, one: false },
	session: { path: "sessions", sorts: ["created"], filters: {}, one: false },
	passkey: { path: "passkeys", sorts: ["created"], filters: {} },
};
/** Lists of what has lines. */
const bills = new Set(["document", "incoming", "self_bill", "self_incoming"]);
/** Prefixes of numbers and spans of days are in tests/api/list.test.mjs. */
const elsewhere = new Set(["customer number", "document number", "audit from", "audit to", "opening since"]);

/** One user's look at one list, with dice of its own, so that a seed asks the same whoever is quicker. */
class Look {
	constructor(proof, user, resource, rng) {
		Object.assign(this, { proof, user, resource, rng, list: lists[resource] });
		this.rows = proof.facts.rows[resource];
		this.what = `user ${user.id} of tenant ${user.tenant}, seed ${proof.seed}`;
		this.verdicts = new Map(this.rows.map((row) => [row.id, proof.judge.row(user, resource, row)]));
	}

	get(path) {
		return ask(this.proof.site, "GET", `/api/v1/${path}`, { host: this.proof.host, headers: { Cookie: this.proof.cookies.get(this.user.id) } });
	}

	/** All rows of the list, or the status that refused it. */
	async pages(query) {
		const { tally } = this.proof, found = [];
		const limit = this.rng.pick([7, 50, 200, 200]);
		for (let cursor = ""; ;) {
			const answer = await this.get(`${this.list.path}?limit=${found.length > 600 ? 200 : limit}${query}${cursor}`);
			if (answer.status !== 200) {
				if (cursor !== "") tally.wrong(`${this.list.path}?${query}: page after ${found.length} rows: ${answer.status} for ${this.what}`);
				return answer.status;
			}
			found.push(...answer.json.data);
			if (answer.json.next === null) return found;
			cursor = `&cursor=${answer.json.next}`;
		}
	}

	/** May the list be ordered by, or asked for, this field? true, false, or undefined: less than the truth is allowed. */
	known(field) {
		const least = this.proof.judge.least(this.user, `${this.resource}.${field}`);
		return least === "read" ? true : least === "none" ? false : undefined;
	}

	/** Does the row still say, or say already, that it is below the user's tenant? */
	strays(row) {
		const { level } = this.proof.facts.tenants.get(this.user.tenant);
		return level > 0 && row.above[level - 1] === this.user.tenant && !this.proof.judge.ways.get(row.tenant).has(this.user.tenant);
	}

	/** Holds the rows of an answer against the verdicts. */
	compare(found, holds, what, verdicts = this.verdicts) {
		const { tally, unsealed } = this.proof;
		const got = new Set(found.map((row) => unsealed.get(row.id)));
		if (got.size !== found.length) tally.wrong(`${what} gives a row twice, or one that is none, to ${this.what}`);
		tally.add(this.rows.length);
		this.proof.shown += got.size;
		for (const row of this.rows) {
			const verdict = verdicts.get(row.id), shown = got.has(row.id);
			if (verdict === "may" || (verdict === "never" && this.strays(row))) this.proof.behind++;
			if (shown && (verdict === "never" || !holds(row) || !row.listed)) tally.wrong(`${what} shows row ${row.id} of tenant ${row.tenant} to ${this.what}`);
			else if (!shown && verdict === "must" && holds(row) && row.listed) tally.wrong(`${what} hides row ${row.id} of tenant ${row.tenant} from ${this.what}`);
		}
		for (const row of found) this.fields(row, what);
		return got;
	}

	/** No member that no role of the user shows of this row, and no value where only its shape may be seen. */
	fields(object, what) {
		const { judge, tally, byId, unsealed } = this.proof;
		const row = byId[this.resource].get(unsealed.get(object.id));
		if (row === undefined) return;
		for (const column of Object.keys(object)) {
			const field = column.replace(/_currency$/, ""); // of an amount in CSV
			if (bills.has(this.resource) && ["seller", "buyer", "lines", "lines_hidden", "taxes"].includes(field)) continue;
			if (this.resource === "draft" && ["lines", "lines_hidden", "taxes"].includes(field)) continue;
			const most = judge.most(this.user, this.resource, row, `${this.resource}.${field}`);
			tally.count++;
			if (most === "none") tally.wrong(`${what} shows ${this.resource}.${field} of row ${row.id} to ${this.what}`);
			else if (most === "mask" && typeof row[field] === "string" && object[field] === row[field]) tally.wrong(`${what} shows ${this.resource}.${field} of row ${row.id} unmasked to ${this.what}`);
		}
		if (["discount", "minimum"].includes(this.resource)) this.named(row, object, what);
		if (this.resource === "reject") tally.expect((object.customer ?? null) === null || unsealed.get(object.customer) === row.customer, () => `${what} names the customer of row ${row.id} that is another house's to ${this.what}`);
	}

	/** What a discount is of, or what a minimum is billed as, by its name: to who is shown that part of the catalogue. */
	named(row, object, what) {
		if (row.offering === null || object.offering_name === undefined) return;
		const given = this.proof.judge.rights(this.user).actions.get("offering.read"), may = given !== undefined && (given.products === null || given.products.has(row.of_product));
		if (!may) this.proof.withheld++;
		this.proof.tally.expect(may || object.offering_name === null, () => `${what} names what row ${row.id} is of to ${this.what}`);
		const known = this.known("offering_name");
		this.proof.tally.expect(!may || known !== true || object.offering_name === row.offering_name, () => `${what} does not name what row ${row.id} is of to ${this.what}`);
	}

	/** A list in one order or with one filter on a field that may be unreadable. */
	async asked(query, field, holds) {
		const { tally, judge } = this.proof, what = `${this.list.path}?${query}`;
		const found = await this.pages(query), known = this.known(field);
		if (!Array.isArray(found)) {
			tally.expect(found === 400 && known !== true, `${what}: ${found} for ${this.what}`);
			return;
		}
		tally.expect(known !== false, `${what} goes by a field that ${this.what} may not read`);
		const blind = this.rows.find((row) => row.listed && this.verdicts.get(row.id) !== "never" && judge.most(this.user, this.resource, row, `${this.resource}.${field}`) !== "read");
		tally.expect(blind === undefined, () => `${what} goes by a field that ${this.what} may not read of row ${blind.id}`);
		this.compare(found, holds, what);
	}

	/** The whole list in one answer: the same rows, as far as they may be exported too, and the same fields. */
	async whole() {
		const { rng } = this, { judge, tally, unsealed } = this.proof, { path, sorts, filters } = this.list;
		const given = judge.exported(this.user, this.resource), format = rng.pick(["csv", "ndjson"]);
		const parameter = rng.chance(0.3) ? rng.pick(Object.keys(filters)) : undefined, filter = filters[parameter];
		const asked = filter?.values(this.rows, rng, filter.sealed ? this.proof.seal : undefined) ?? null, query = asked === null ? "" : `&${parameter}=${encodeURIComponent(asked.text)}`;
		const answer = await this.get(`${path}?format=${format}${query}`), what = `${path}?format=${format}${query}`;
		if (given === undefined || !judge.entered(this.user)) {
			tally.expect(answer.status === (judge.entered(this.user) ? 403 : 401), `${what}: ${answer.status} for ${this.what}`);
			return;
		}
		if (answer.status !== 200) {
			const blind = asked !== null && this.known(["name", "day", "at"].includes(filter.field) ? filter.field : parameter) !== true;
			tally.expect((answer.status === 400 && blind) || (answer.status === 403 && sorts.every((field) => this.known(field) !== true)), `${what}: ${answer.status} for ${this.what}`);
			return;
		}
		const found = format === "csv" ? table(answer.text) : lines(answer.text);
		// What is exported is written down, so the audit grows meanwhile.
		const old = this.resource === "audit" ? found.filter((row) => unsealed.has(row.id)) : found;
		this.compare(old, asked === null ? () => true : asked.holds, what, new Map(this.rows.map((row) => [row.id, judge.row(this.user, this.resource, row, given)])));
		this.proof.exported += old.length;
	}

	/** Sums of usage are those of the rows of the list, as far as they have followed their customer. */
	async totals() {
		const { tally, judge, unsealed } = this.proof, at = "usage/totals?from=2026-05-01&to=2026-06-01", { status, json } = await this.get(at);
		tally.expect(status === 200, `${at}: ${status} for ${this.what}`);
		if (status !== 200 || this.known("offering") !== true || this.known("events") !== true) return;
		const counted = new Map(json.data.map((row) => [unsealed.get(row.offering), Number(row.events)])), wanted = new Map();
		for (const row of this.rows)
			if (row.followed === "1" && row.day >= "2026-05-01" && row.day < "2026-06-01" && judge.row(this.user, this.resource, row) === "must") wanted.set(row.offering, (wanted.get(row.offering) ?? 0) + 1);
		for (const offering of new Set([...counted.keys(), ...wanted.keys()]))
			tally.expect(counted.get(offering) === wanted.get(offering), () => `${at} counts ${counted.get(offering)} and not ${wanted.get(offering)} of offering ${offering} for ${this.what}`);
	}

	async run() {
		const { rng } = this, { judge, tally } = this.proof, { path, sorts, filters, one } = this.list;
		const answer = await this.pages("");
		if (!judge.entered(this.user) || !judge.rights(this.user).actions.has(judge.shownBy(this.resource))) {
			const status = judge.entered(this.user) ? 403 : 401;
			tally.expect(answer === status, `${path}: ${Array.isArray(answer) ? answer.length + " rows" : answer}, not ${status}, for ${this.what}`);
			if (one !== false) await this.each(rng.shuffled(this.rows).slice(0, 2), status);
			return;
		}
		// Without a field to order by there is no list, but each row by its id.
		if (answer === 403) {
			tally.expect(sorts.every((field) => this.known(field) !== true), `${path}: 403 for ${this.what}`);
		} else if (!Array.isArray(answer)) {
			tally.wrong(`${path}: ${answer} for ${this.what}`);
		} else {
			this.compare(answer, () => true, path);
			const field = rng.pick(sorts);
			await this.asked(`&sort=${rng.pick(["", "-"])}${field}`, field, () => true);
			for (const parameter of Object.keys(filters)) await this.filtered(parameter);
		}
		if (this.resource === "usage") await this.totals();
		if (one === false) return;
		const seen = this.rows.filter((row) => this.verdicts.get(row.id) !== "never"), hidden = this.rows.filter((row) => this.verdicts.get(row.id) === "never");
		await this.each([...this.rare(seen), ...rng.shuffled(seen).slice(0, this.proof.singles), ...rng.shuffled(hidden).slice(0, this.proof.singles)], null);
	}

	/** What chance might leave out: a bill of which not all lines or things are shown, and an offering of which not all parts. */
	rare(seen) {
		const { judge, facts } = this.proof, action = `${this.resource}.read`, one = (holds) => this.rng.shuffled(seen).filter(holds).slice(0, 1);
		if (this.resource === "offering") // and one of those that have something that may be no field of the user's
			return [...new Set([...one((row) => (facts.parts.get(row.id) ?? []).some(({ part }) => !this.shown(part))), ...one((row) => facts.parts.has(row.id)), ...one((row) => facts.named.has(row.id)), ...one((row) => facts.priced.has(row.id))])];
		if (!bills.has(this.resource)) return [];
		const cut = one((row) => judge.lines(this.user, row, action).length < judge.allLines(row, action).length);
		return [...cut, ...one((row) => this.things(row).length > this.billed(row).length && !cut.includes(row))];
	}

	/** The things of a bill: on its own edge, or who they were bought for. */
	things(row) {
		return (this.resource === "document" ? this.proof.facts.things : this.proof.facts.annex).get(row.id) ?? [];
	}

	/** Those of them that are of products of the user. */
	billed(row) {
		const { products } = this.proof.judge.rights(this.user).actions.get(`${this.resource}.read`);
		return this.things(row).filter(({ product }) => products === null || products.has(product));
	}

	/** Is that offering one of the user's? */
	shown(id_) {
		const { judge, byId } = this.proof;
		return judge.rights(this.user).actions.has("offering.read") && judge.row(this.user, "offering", byId.offering.get(id_)) !== "never";
	}

	/** How each thing of a bill came to its amount, and which customers it was bought for: as far as it is of products of the user. */
	async told(row, at) {
		const { tally } = this.proof, path = `${at}/${this.resource === "document" ? "explain" : "annex"}`, wanted = this.billed(row).length, { status, json } = await this.get(path);
		this.proof.withheld += this.things(row).length - wanted;
		tally.expect(status === 200 && json.data.length === wanted, () => `${path}: ${status}, ${json?.data?.length} things and not ${wanted} of ${this.things(row).length}, for ${this.what}`);
	}

	/** What comes with an offering, and the name of what its usage counts as, are told as far as these are the user's. */
	async parts(row, at) {
		const { tally, judge, facts, unsealed } = this.proof, all = (facts.parts.get(row.id) ?? []).map(({ part }) => part), may = all.filter((part) => this.shown(part));
		const most = judge.most(this.user, "offering", row, "offering.parts"), least = judge.least(this.user, "offering.parts"), { status, json } = await this.get(`${at}/parts`);
		const got = (json?.parts ?? []).map((one) => unsealed.get(one.offering));
		this.proof.withheld += all.length - may.length;
		tally.expect(status === 200 && got.every((part) => may.includes(part)) && (most !== "none" || got.length === 0) && (least !== "read" || got.length === may.length),
			() => `${at}/parts: ${status}, ${got} and not ${may} of ${all}, for ${this.what}`);
		const variants = await this.get(`${at}/variants`);
		for (const one of variants.json?.variants ?? [])
			tally.expect(one.name === null || this.shown(unsealed.get(one.counts_as)), () => `${at}/variants names ${unsealed.get(one.counts_as)} to ${this.what}`);
		for (const part of ["names", "variants", "hours", "prices"]) {
			if (judge.most(this.user, "offering", row, `offering.${part}`) !== "none") continue;
			const said = (await this.get(`${at}/${part}`)).json?.[part] ?? [];
			tally.expect(Object.keys(said).length === 0, () => `${at}/${part} tells offering.${part} to ${this.what}`);
		}
	}

	async filtered(parameter) {
		const { rng } = this, { seal } = this.proof, filter = this.list.filters[parameter];
		// By turns what the user has, and what nobody said that it is there.
		const own = this.rows.filter((row) => this.verdicts.get(row.id) !== "never"), from = own.length > 0 && rng.chance(0.6) ? own : this.rows;
		const asked = filter.values(from, rng, filter.sealed ? seal : undefined);
		if (asked !== null) await this.asked(`&${parameter}=${encodeURIComponent(asked.text)}`, ["name", "day", "at"].includes(filter.field) ? filter.field : parameter, asked.holds);
	}

	/** Rows by their ids: 200 for those who may, or the same refusal for all. */
	async each(rows, refusal) {
		const { tally, seal } = this.proof;
		for (const row of rows) {
			const at = `${this.list.path}/${seal(this.resource, row.id)}`, { status, json } = await this.get(at);
			const verdict = this.verdicts.get(row.id);
			const good = refusal !== null ? [refusal] : verdict === "must" ? [200] : verdict === "may" ? [200, 404] : [404];
			tally.expect(good.includes(status), `${at}, row ${row.id} of tenant ${row.tenant}: ${status}, not ${good.join(" or ")}, for ${this.what}`);
			if (status === 200) this.fields(json, at);
			if (status === 200 && bills.has(this.resource)) await this.lines(row, json, at);
			if (status === 200 && ["document", "incoming"].includes(this.resource)) await this.told(row, at);
			if (status === 200 && this.resource === "offering") await this.parts(row, at);
		}
	}

	/** The lines of a bill are those of products of the user, the others are counted; and it is printed whole or not at all. */
	async lines(row, json, at) {
		const { judge, tally } = this.proof, action = `${this.resource}.read`, may = judge.lines(this.user, row, action), all = judge.allLines(row, action).length;
		const got = json.lines.map((line) => line.position), hidden = json.lines_hidden ?? 0;
		tally.expect(hidden === all - may.length && got.length === may.length && (got.includes(undefined) || got.join() === may.join()),
			() => `${at}: lines ${got.join()} and ${hidden} hidden, not ${may.join()} of ${all}, for ${this.what}`);
		if (may.length === all) return;
		this.proof.cut++;
		for (const form of this.resource === "document" ? ["html", "pdf"] : ["pdf"]) {
			const { status } = await this.get(`${at}/${form}`);
			tally.expect(status === 404, `${at}/${form} with a hidden line: ${status} for ${this.what}`);
		}
	}
}

/** Reads the world as it stands, and looks at it with the eyes of these users. */
async function judged(proof, ids, say) {
	const { site, words } = proof;
	proof.facts = read(site);
	proof.judge = new Judge(words, proof.facts);
	proof.byId = Object.fromEntries(Object.entries(proof.facts.rows).map(([resource, rows]) => [resource, new Map(rows.map((row) => [row.id, row]))]));
	proof.unsealed = new Map(Object.entries(proof.facts.rows).flatMap(([resource, rows]) => rows.map((row) => [proof.seal(resource, row.id), row.id])));
	const eyes = (resources) => ids.flatMap((id_) => resources.map((resource) => [id_, resource, random(proof.rng.int(2 ** 31))]));
	const looks = (resources) => each(eyes(resources), 6, async ([id_, resource, rng], i) => {
		if (proof.tally.bad >= proof.limit) return;
		await new Look(proof, proof.facts.users.get(id_), resource, rng).run();
		if (i % 240 === 239) say(`${proof.tally.count} verdicts`);
	});
	// Whoever exports leaves a row in the audit, and whoever opens one an opening: those that are known are looked at before.
	// Exports one by one, for few may run at a time.
	const others = Object.keys(lists).filter((resource) => resource !== "opening" && resource !== "audit");
	const wholes = (resources) => each(eyes(resources.filter((one) => words.actions.includes(`${one}.export`))), 1, async ([id_, resource, rng]) => {
		if (proof.tally.bad < proof.limit) await new Look(proof, proof.facts.users.get(id_), resource, rng).whole();
	});
	await looks(["opening", "audit"]);
	await wholes(["opening", "audit"]);
	await looks(others);
	await wholes(others);
}

/** Every list of the server and every filter is one that is judged. */
async function complete(site, tally) {
	const { operations } = await openapi(site);
	for (const operation of operations.filter((o) => o.method === "GET" && o.parameters?.some((p) => p.name === "cursor"))) {
		const [resource] = operation["x-action"].split("."), list = lists[resource];
		tally.expect(list !== undefined && operation.path === `/api/v1/${list.path}`, `no judge knows the list ${operation.path}`);
		for (const { name: parameter } of operation.parameters.filter((p) => p.in === "query" && !["cursor", "limit", "sort", "format"].includes(p.name)))
			tally.expect(list?.filters[parameter] !== undefined || elsewhere.has(`${resource} ${parameter}`), `no judge knows ${operation.path}?${parameter}=`);
	}
}

/** What the tripwire first hid since the log was that long: nothing, until something moves, or the scope of a statement is too wide. */
const wired = (site, began) => /.*"what":"tripwire".*/.exec(site.log("worker").slice(began))?.[0];

/** @param {{site: object, count: number, say: Function, seed?: number}} how  count: how many verdicts at least;
 * `limit`: how many wrong ones are enough to end it; `users`: how many of a world look at most */
export async function run({ site, count, say, seed = 1, limit = 50, users: eyesAtMost = Infinity }) {
	const tally = new Tally(), words = vocabulary(), writer = new Writer(site), began = site.log("worker").length;
	site.announce(/"what":"tripwire"/); // it is what hides the rows that lag behind
	await complete(site, tally);
	const size = count >= goal ? { tenants: 50, customers: 16, users: 3 } : { tenants: 16, customers: 6, users: 2 };
	let shown = 0, exported = 0, behind = 0, cut = 0, withheld = 0;
	for (let world = 0; tally.count < count && tally.bad < limit; world++) {
		const rng = random(seed * 1000 + world);
		const proof = { site, tally, words, rng, seed: seed * 1000 + world, limit, host: "pneumuster.localhost", seal: sealer(site, words), singles: 3, shown: 0, exported: 0, behind: 0, cut: 0, withheld: 0 };
		const { users, tenants, few, bound, keeper, strangers } = await build(site, writer, words, rng, size);
		const provider = site.sql("SELECT id FROM user WHERE email = 'admin@pneumuster.example'").map((row) => row.id);
		proof.cookies = await sessions(writer, rng, [...users, keeper, ...strangers, ...provider], proof.host);
		// Where not all look, a third are of those whose few rows are easily missed, and a quarter are kept to customer segments.
		const keen = [...new Set([...rng.shuffled(few).slice(0, Math.ceil(eyesAtMost / 3)), ...rng.shuffled(bound).slice(0, Math.ceil(eyesAtMost / 4))])], others = rng.shuffled(users.filter((id_) => !keen.includes(id_)));
		const eyes = rng.shuffled([...keen, ...others].slice(0, eyesAtMost)), half = Math.ceil(eyes.length / 2);
		say(`world ${world}: ${tenants.length} tenants, ${users.length} users`);
		await judged(proof, [...eyes.slice(0, half), keeper, ...strangers, ...provider], say);
		const hidden = world === 0 ? wired(site, began) : undefined;
		tally.expect(hidden === undefined, () => `rows that nothing has moved are hidden by the tripwire, and not by the scope of the statement: ${hidden}; seed ${proof.seed}`);
		await move(site, writer, rng, tenants, Math.ceil(tenants.length / 3));
		await judged(proof, [...eyes.slice(half), ...provider], say);
		shown += proof.shown;
		exported += proof.exported;
		behind += proof.behind;
		cut += proof.cut;
		withheld += proof.withheld;
	}
	if (tally.bad < limit) tally.expect(cut > 0, "no bill with a hidden line was asked for");
	if (tally.bad < limit) tally.expect(withheld > 0, "no thing, part or name that is hidden was asked for");
	if (tally.bad < limit) tally.expect(shown > count / 1000 && exported > 0 && behind > 0, `${shown} rows were shown, ${exported} exported and ${behind} lagged behind a move: too few to prove anything`);
	tally.notes = [`${shown} rows shown, ${exported} of them exported; ${behind} verdicts on rows that lagged behind a move; ${cut} bills with hidden lines; ${withheld} things, parts and names that are hidden`];
	await writer.close();
	return tally;
}
