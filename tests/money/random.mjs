// Random settlement cases: every price model and method, chains of one to five edges, currencies of every size,
// changes, usage at the edges of the period, prices that are missing.  The same seed gives the same case.
function generator(seed) {
	let s = (seed * 2654435761 + 12345) >>> 0;
	const next = () => {
		s = (s + 0x6d2b79f5) >>> 0;
		let t = Math.imul(s ^ (s >>> 15), 1 | s);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
	const below = (n) => Math.floor(next() * n);
	return { below, chance: (p) => next() < p, pick: (list) => list[below(list.length)] };
}

/** A decimal text up to most, with up to so many places. */
function decimal(r, most, places) {
	const n = r.below(places + 1);
	const scale = 10 ** n;
	const v = r.below(most * scale) + 1;
	return n === 0 ? String(v) : `${Math.floor(v / scale)}.${String(v % scale).padStart(n, "0")}`;
}

const date = (days) => new Date(days * 86_400_000).toISOString().slice(0, 10);

function price(r) {
	const model = r.pick(["per_unit", "per_unit", "flat", "package", "graduated", "volume"]);
	if (model === "package") return { model, unit: decimal(r, 50, 6), size: r.pick(["1", "10", "100", "0.5", "7.25"]) };
	if (model === "per_unit" || model === "flat") return { model, unit: decimal(r, 100, 6) };
	let upTo = 0;
	const tiers = Array.from({ length: 1 + r.below(4) }, (_, i, all) => {
		upTo += 1 + r.below(200);
		return { up_to: String(upTo), unit: decimal(r, 10, 6), ...(r.chance(0.3) ? { flat: decimal(r, 20, 2) } : {}) };
	});
	tiers.at(-1).up_to = null;
	return { model, tiers };
}

function rule(r, match) {
	const method = r.pick(["fixed", "rrp_minus_pct", "rrp_plus_pct", "cost_plus_pct", "cost_plus_abs", "pass_through"]);
	if (method === "pass_through") return { match, method };
	return { match, method, value: method === "fixed" ? decimal(r, 60, 6) : decimal(r, method === "cost_plus_abs" ? 3 : 60, 4) };
}

function rules(r, codes) {
	const list = codes.filter(() => r.chance(0.4)).map((code) => rule(r, code));
	if (r.chance(0.85)) list.push(rule(r, "*"));
	return list;
}

/** Sellers as a tree of up to five levels; each with the edge from its seller. */
function tree(r, codes, vat) {
	const nodes = [{ name: "P", level: 0, up: null }];
	for (let i = 1; i <= 8; i++) {
		const up = r.pick(nodes.filter((n) => n.level < 4));
		const edge = { seller: up.name, buyer: `T${i}`, prices: rules(r, codes), ...(r.chance(0.15) ? { vat: vat() } : {}) };
		nodes.push({ name: `T${i}`, level: up.level + 1, up, edge });
	}
	return nodes;
}

function chain(r, nodes, codes, name, vat) {
	const edges = [];
	const seller = r.pick(nodes);
	for (let n = seller; n.up; n = n.up) {
		// The same edge may have another price for this account.
		edges.unshift(r.chance(0.1) ? { ...n.edge, prices: rules(r, codes) } : n.edge);
	}
	edges.push({ seller: seller.name, buyer: name, prices: rules(r, codes), ...(r.chance(0.15) ? { vat: vat() } : {}),
		...(seller.level === 0 && r.chance(0.5) ? { legal_model: "agency", agents: [{ tenant: "Agent", commission_pct: decimal(r, 20, 3) }] } : {}) });
	return edges;
}

function subscription(r, c, account, start, length) {
	const from = start - 40 + r.below(40 + length);
	const s = { account, offering: r.pick(c.offerings).code, quantity: decimal(r, 300, r.below(7)), from: date(from) };
	if (r.chance(0.25)) s.to = date(from + r.below(70));
	if (r.chance(0.4)) {
		const on = new Set(Array.from({ length: 1 + r.below(3) }, () => from + 1 + r.below(60)));
		s.changes = [...on].map((day) => ({ on: date(day), quantity: r.chance(0.1) ? "0" : decimal(r, 300, 2) }));
	}
	return s;
}

function usage(r, c, account, start, length) {
	const second = (start - 2 + r.below(length + 4)) * 86_400 + r.pick([0, 1, 86_399, r.below(86_400)]);
	const ahead = r.chance(0.2) ? r.pick([-570, 60, 345]) : null;
	const text = new Date((second + (ahead ?? 0) * 60) * 1000).toISOString().slice(0, 19);
	const two = (n) => String(Math.floor(n)).padStart(2, "0");
	const zone = ahead === null ? "Z" : `${ahead < 0 ? "-" : "+"}${two(Math.abs(ahead) / 60)}:${two(Math.abs(ahead) % 60)}`;
	return { account, offering: r.pick(c.offerings).code, quantity: decimal(r, 400, r.below(7)), at: text + zone };
}

/** @param {number} seed  @param {number} accounts  @returns {object} a case without `expect` */
export function randomCase(seed, accounts = 12) {
	const r = generator(seed);
	const [currency, minor] = r.pick([["JPY", 0], ["EUR", 2], ["KWD", 3]]);
	const vat = () => r.pick(["0", "5.5", "7", "7.75", "19", "20", "21"]);
	const start = Math.floor(Date.UTC(2020 + r.below(12), r.below(12), 1 + r.below(31)) / 86_400_000);
	const length = r.pick([28, 29, 30, 31, 1, 7, 92, 365]);
	const c = { name: `random-${seed}`, currency, minor, vat: vat(), period: { start: date(start), end: date(start + length) },
		offerings: Array.from({ length: 8 }, (_, i) => ({ code: `O${i}`, kind: r.pick(["recurring", "recurring", "usage", "one_time"]), price: price(r),
			...(r.chance(0.3) ? { included: decimal(r, 50, 2) } : {}), ...(r.chance(0.2) ? { vat: vat() } : {}) })),
		...(r.chance(0.5) ? { collector: r.pick(["root", "root", "seller"]) } : {}), chains: {}, subscriptions: [], usage: [], payments: [] };
	const codes = c.offerings.map((o) => o.code);
	const nodes = tree(r, codes, vat);
	for (let i = 0; i < accounts; i++) {
		const name = `Acc ${i} ${r.pick(["Åsa", "b", "日", "Z"])}`;
		c.chains[name] = chain(r, nodes, codes, name, vat);
		for (let n = r.below(5); n > 0; n--) c.subscriptions.push(subscription(r, c, name, start, length));
		for (let n = r.below(8); n > 0; n--) c.usage.push(usage(r, c, name, start, length));
		if (r.chance(0.7)) c.payments.push({ from: name, amount: decimal(r, 5000, minor), at: `${date(start + length + 9)}T09:00:00Z` });
	}
	return c;
}
