// What a settlement case must come to, computed from the words of its format alone: exact, with BigInt, and with
// nothing in common with the engine.  Decimal numbers are BigInt millionths, money is minor units.
const ONE = 1_000_000n;

/** "12.5" -> 12500000n */
export function millionths(text) {
	const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(String(text));
	const v = BigInt(whole) * ONE + BigInt(fraction.padEnd(6, "0"));
	return sign ? -v : v;
}

/** Half away from zero. */
function divide(x, d) {
	const q = (2n * (x < 0n ? -x : x) + d) / (2n * d);
	return x < 0n ? -q : q;
}

/** Without trailing zeros. */
export function plain(v) {
	const digits = String(v < 0n ? -v : v).padStart(7, "0");
	const fraction = digits.slice(-6).replace(/0+$/, "");
	return (v < 0n ? "-" : "") + digits.slice(0, -6) + (fraction ? `.${fraction}` : "");
}

function money(v, minor) {
	if (minor === 0) return String(v);
	const digits = String(v < 0n ? -v : v).padStart(minor + 1, "0");
	return `${v < 0n ? "-" : ""}${digits.slice(0, -minor)}.${digits.slice(-minor)}`;
}

const day = (text) => Math.floor(Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text) / 86_400_000);

/** The tiers of a list price, with no end as null. */
function tiersOf(price) {
	if (!price.tiers) return [{ above: 0n, upTo: null, unit: millionths(price.unit), flat: 0n }];
	let above = 0n;
	return price.tiers.map((t) => {
		const tier = { above, upTo: t.up_to === null ? null : millionths(t.up_to), unit: millionths(t.unit), flat: millionths(t.flat ?? "0") };
		above = tier.upTo;
		return tier;
	});
}

function unitOf({ method, value }, list, cost) {
	const v = value === undefined ? 0n : millionths(value);
	switch (method) {
	case "fixed": return v;
	case "rrp_minus_pct": return divide(list * (100n * ONE - v), 100n * ONE);
	case "rrp_plus_pct": return divide(list * (100n * ONE + v), 100n * ONE);
	case "cost_plus_pct": return divide(cost * (100n * ONE + v), 100n * ONE);
	case "cost_plus_abs": return cost + v;
	case "pass_through": return cost;
	default: throw new Error(method);
	}
}

/** Quantity at these tiers, in 10^-12. */
function worth(price, tiers, q) {
	const flatPart = (t) => t.flat * ONE;
	if (price.model === "graduated")
		return tiers.filter((t) => q > t.above).reduce((sum, t) => sum + ((t.upTo === null || q < t.upTo ? q : t.upTo) - t.above) * t.unit + flatPart(t), 0n);
	const t = tiers.find((one) => one.upTo === null || q <= one.upTo);
	if (price.model === "flat") return ONE * t.unit;
	if (price.model === "package") {
		const size = millionths(price.size);
		return (q / size + (q % size > 0n ? 1n : 0n)) * ONE * t.unit;
	}
	return q * t.unit + flatPart(t);
}

/** What is to be billed of all chains: account, offering, quantity, days of ofDays. */
function things(c) {
	const [start, end] = [day(c.period.start), day(c.period.end)];
	const offering = new Map(c.offerings.map((o) => [o.code, o]));
	const found = [];
	for (const s of c.subscriptions ?? []) {
		const o = offering.get(s.offering);
		const from = day(s.from);
		if (o.kind === "usage") continue;
		if (o.kind === "one_time") {
			// What ends before it has begun was never there.
			if (from >= start && from < end && (!s.to || day(s.to) > from) && millionths(s.quantity) > 0n) found.push({ account: s.account, o, q: millionths(s.quantity), days: 1n, of: 1n });
			continue;
		}
		const changes = [...(s.changes ?? [])].sort((a, b) => day(a.on) - day(b.on));
		const stretches = [{ on: s.from, quantity: s.quantity }, ...changes];
		stretches.forEach((stretch, i) => {
			const a = Math.max(day(stretch.on), start);
			const b = Math.min(i + 1 < stretches.length ? day(stretches[i + 1].on) : Infinity, s.to ? day(s.to) : Infinity, end);
			if (b > a && millionths(stretch.quantity) > 0n)
				found.push({ account: s.account, o, q: millionths(stretch.quantity), days: BigInt(b - a), of: BigInt(end - start) });
		});
	}
	const used = new Map();
	for (const u of c.usage ?? []) {
		const at = day(u.at);
		if (at < start || at >= end) continue;
		const key = JSON.stringify([u.account, u.offering]);
		used.set(key, (used.get(key) ?? 0n) + millionths(u.quantity));
	}
	for (const [key, total] of used) {
		const [account, code] = JSON.parse(key);
		const o = offering.get(code);
		const q = total - millionths(o.included ?? "0");
		if (q > 0n) found.push({ account, o, q, days: 1n, of: 1n });
	}
	return found;
}

const before = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => before(a, b)));

/** The lines of every edge, and what has no price. */
function ledger(c) {
	const lines = [];
	const rejects = new Map();
	for (const thing of things(c)) {
		const chain = c.chains[thing.account];
		const list = tiersOf(thing.o.price);
		const rules = chain.map((e) => e.prices.find((p) => p.match === thing.o.code) ?? e.prices.find((p) => p.match === "*"));
		chain.forEach((e, i) => {
			if (!rules[i]) rejects.set(JSON.stringify([thing.account, thing.o.code, i]), { account: thing.account, offering: thing.o.code, edge: `${e.seller}>${e.buyer}` });
		});
		if (rules.some((r) => !r)) continue;
		let tiers = list;
		chain.forEach((e, i) => {
			tiers = list.map((t, k) => ({ ...t, unit: unitOf(rules[i], t.unit, tiers[k].unit) }));
			const exact = worth(thing.o.price, tiers, thing.q) * thing.days * 10n ** BigInt(c.minor);
			lines.push({ edge: e, account: thing.account, offering: thing.o.code, quantity: plain(thing.q),
				amount: divide(exact, ONE * ONE * thing.of), rate: String(e.vat ?? thing.o.vat ?? c.vat) });
		});
	}
	return { lines, rejects: [...rejects.values()] };
}

function documents(c, lines) {
	const found = new Map();
	for (const line of lines) {
		const key = JSON.stringify([line.edge.seller, line.edge.buyer]);
		if (!found.has(key)) found.set(key, { edge: line.edge, end: line.edge.buyer in c.chains && c.chains[line.edge.buyer].at(-1) === line.edge, lines: [] });
		found.get(key).lines.push(line);
	}
	for (const d of found.values()) {
		const bases = new Map();
		for (const l of d.lines) bases.set(Number(l.rate), (bases.get(Number(l.rate)) ?? 0n) + l.amount);
		d.net = d.lines.reduce((sum, l) => sum + l.amount, 0n);
		d.tax = [...bases].reduce((sum, [rate, base]) => sum + divide(base * millionths(rate), 100n * ONE), 0n);
		d.gross = d.net + d.tax;
		const paid = (c.payments ?? []).filter((p) => d.end && p.from === d.edge.buyer)
			.reduce((sum, p) => sum + millionths(p.amount) / 10n ** BigInt(6 - c.minor), 0n);
		d.paid = paid < d.gross ? paid : d.gross;
	}
	return [...found.values()];
}

/** @returns {object} in the shape of `expect` */
export function evaluate(c) {
	const { lines, rejects } = ledger(c);
	const all = documents(c, lines);
	const margins = {};
	const due = {};
	const commissions = {};
	const add = (to, name, v) => { to[name] = (to[name] ?? 0n) + v; };
	for (const d of all) {
		add(margins, d.edge.seller, d.net);
		add(due, d.edge.seller, d.end ? d.paid : d.gross);
		if (!d.end) {
			add(margins, d.edge.buyer, -d.net);
			add(due, d.edge.buyer, -d.gross);
		}
		for (const agent of d.edge.agents ?? []) {
			const received = d.gross > 0n ? divide(d.net * d.paid, d.gross) : 0n;
			const net = divide(received * millionths(agent.commission_pct), 100n * ONE);
			const tax = divide(net * millionths(d.edge.vat ?? c.vat), 100n * ONE);
			const sum = commissions[agent.tenant] ??= { net: 0n, tax: 0n, gross: 0n };
			sum.net += net;
			sum.tax += tax;
			sum.gross += net + tax;
		}
	}
	const shown = (v) => money(v, c.minor);
	const figures = (object) => sorted(Object.fromEntries(Object.entries(object).map(([k, v]) => [k, shown(v)])));
	const out = {
		documents: all.sort((a, b) => before(a.edge.seller, b.edge.seller) || before(a.edge.buyer, b.edge.buyer)).map((d) => ({
			seller: d.edge.seller, buyer: d.edge.buyer, net: shown(d.net), tax: shown(d.tax), gross: shown(d.gross),
			lines: d.lines.sort((a, b) => before(a.account, b.account) || before(a.offering, b.offering) || before(a.quantity, b.quantity) ||
				Number(a.amount - b.amount)).map((l) => ({ account: l.account, offering: l.offering, quantity: l.quantity, amount: shown(l.amount) })) })),
		margins: figures(margins),
		rejects: rejects.sort((a, b) => before(a.account, b.account) || before(a.offering, b.offering) || before(a.edge, b.edge)),
	};
	if (c.collector === "root") out.settlement = figures(due);
	if (Object.values(c.chains).flat().some((e) => e.agents?.length))
		out.commissions = sorted(Object.fromEntries(Object.entries(commissions).map(([k, v]) => [k, { net: shown(v.net), tax: shown(v.tax), gross: shown(v.gross) }])));
	return out;
}
