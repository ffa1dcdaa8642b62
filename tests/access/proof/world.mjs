// Random worlds beside the demo: tenants in a tree of any shape, customers and what is theirs, roles of any
// grants, several roles a user, ceilings, and moves that leave rows behind.  Written by SQL, in whole statements;
// and read again, so that whoever judges them knows nothing of how they were made.
import { catalogue, read as billed, tables, things } from "./things.mjs";
import { inserts, random } from "./tools.mjs";
import { stateOf } from "../../lib/usage.mjs";

const days = (rng) => `2026-${String(1 + rng.int(9)).padStart(2, "0")}-${String(1 + rng.int(28)).padStart(2, "0")}`;
/** The columns a1..a4 of what is at a tenant. */
const columns = (tenant) => [1, 2, 3, 4].map((level) => tenant.path[level] ?? 0);

/** What stands in all texts of a tenant's rows; in capitals, as no public id is. */
export const markOf = (id) => `ZQ${id}Q`;

/** New ids above all that are there. */
function ids(site, table) {
	let next = Number(site.value(`SELECT COALESCE(MAX(id), 0) FROM ${table}`));
	return () => ++next;
}

/** A tree of n tenants under the provider, which is none of them; deep, broad or neither. */
function tree(rng, n, root, newId) {
	const tenants = [], shape = rng.pick(["deep", "broad", "any"]);
	for (let i = 0; i < n; i++) {
		const open = tenants.filter((t) => t.path.length < 5);
		const under = open.length === 0 || (shape === "broad" && rng.chance(0.6)) || rng.chance(0.15) ? root : shape === "deep" ? open[open.length - 1] : rng.pick(open);
		const id = newId();
		tenants.push({ id, parent: under, path: [...under.path, id], state: rng.chance(0.06) ? "closed" : "active" });
	}
	return tenants;
}

/** Grants, fields and segments of a tenant's own role, at random from the vocabulary. */
function roleRows(rng, words, pairs, id, { segments, generous, products }) {
	const grants = pairs.filter(() => rng.chance(generous ? 0.85 : 0.55));
	const chosen = new Map(rng.shuffled(grants).map(([action, scope]) => [action, scope]));
	// Often a list is exported as it is seen, or rows of both would be rare.
	for (const [action, scope] of pairs)
		if (action.endsWith(".export") && chosen.get(action.replace("export", "read")) === scope && rng.chance(0.5)) chosen.set(action, scope);
	const one = [...chosen];
	const share = generous ? 0.9 : rng.next();
	// Without its own id a row could not be told from another, and without an order there is no list.
	const always = new Set(["id", "name", "number", "received", "starts", "at", "created", "issue_date", "day", "code", "opened", "deviation"]);
	const fields = words.fields.filter((f) => (f.name === "id" ? true : always.has(f.name) ? rng.chance(0.9) : rng.chance(share)))
		.map((f) => [id, `${f.resource}.${f.name}`, f.name === "id" ? "read" : rng.pick(["mask", "read", "read", "write"])]);
	return { grants: one.map(([action, scope]) => [id, action, scope]), fields, segments: segments.map((segment) => [id, segment]), products: products.map((product) => [id, product]) };
}

/** Something that waits for a second person, or did. */
const asks = (rng) => [rng.pick(["role.create", "role.edit", "user.assign", "user.invite", "tenant.close"]), "none", "{}", "", "pneumuster.localhost", "80", 0, "2026-01-01", "2199-01-01",
	rng.pick(["waiting", "done", "failed", "refused", "withdrawn"])];

/** Inserts a world and returns the ids of its users; `few`: of those who see a group or an agent's customers and no more;
 * `bound`: of those who are kept to customer segments;
 * `keeper`: of one who sees bills and not all of their lines; `strangers`: of those with a role that is not their house's, and of three of one house: kept to a segment that a customer has left, to too many, and to none. */
export async function build(site, writer, words, rng, { tenants: n, customers: each, users: staff }) {
	site.announce(/has more than \d+ segments and grants nothing/); // some have
	site.announce(/a slug that cannot be a folder/); // their marks are in capitals, and nobody visits them
	const new_ = Object.fromEntries(["party", "tenant", "brand", "segment", "customer", "account", "role", "user", "document", "payment", "subscription", "offering", "audit", "move", "transfer", "api_key", "opening", "approval", "usage_source", "usage_batch", "usage_event", "usage_reject", "alert", "price_list", "agreement", "tax_rule", "discount", "minimum", "exchange_rate", "bill_run", "draft", "bill_run_parked", "reject", "settlement", "statement", "entry", "self_bill", "payout", "price_version", "price_rule", "billable", "chain_price"]
		.map((table) => [table, ids(site, table)]));
	const root = { id: Number(site.value("SELECT id FROM tenant WHERE level = 0")), path: [0] };
	root.path = [root.id];
	const tenants = tree(rng, n, root, new_.tenant);
	const pairs = [...new Set(Object.entries(words.grants).map(([key, scope]) => `${key.split(" ")[1]} ${scope}`))].map((pair) => pair.split(" "));
	const builtIn = Object.fromEntries(site.sql("SELECT id, code FROM role WHERE code IS NOT NULL").map((row) => [row.code, Number(row.id)]));
	const t = Object.fromEntries(["party", "tenant", "segment", "customer", "account", "role", "role_grant", "role_field", "role_segment", "role_product", "product_share", "document_line", "user", "user_role",
		"document", "payment", "subscription", "offering", "brand", "audit", "move", "transfer", "passkey", "api_key", "opening", "approval", "usage_source", "usage_batch", "usage_event", "usage_total", "usage_reject", "alert", "price_list", "price_version", "agreement", "tax_rule", "discount", "minimum", "exchange_rate", "bill_run", "draft", "bill_run_parked", "reject", "settlement", "statement", "entry", "self_bill", "self_bill_line", "payout", ...Object.keys(tables)].map((name) => [name, []]));
	const late = [], made = [], members = new Set(), /* the heads that have some */ products = site.sql("SELECT id, level FROM product_segment").map((row) => ({ id: Number(row.id), level: Number(row.level) }));
	t.product_segment = [];
	while (products.length < 34) { // more than there are arms, in the first world; the others have them too
		const id = Math.max(...products.map((one) => one.id)) + 1, above = rng.pick(products.filter((one) => one.level < 3));
		products.push({ id, level: above.level + 1 });
		t.product_segment.push([id, above.id, above.level + 1, `p-${id}`, `Segment ${id}`, rng.chance(0.8) ? 1 : 0]);
	}
	const account = Number(site.value("SELECT MIN(id) FROM account")), dayOf = (n) => new Date(Date.UTC(2100, 0, 1) + n * 86400000).toISOString().slice(0, 10);
	const segment_ = () => rng.pick(products).id;
	/** None, some, or nearly all of the catalogue. */
	const some = (chance) => (rng.chance(chance) ? [...new Set(Array.from({ length: rng.chance(0.3) ? 20 : 1 + rng.int(3) }, segment_))] : []);

	for (const tenant of tenants) {
		const { id, parent, path, state } = tenant, above = columns(tenant), mark = markOf(id), name = `${mark} tenant`;
		const party = new_.party(), brand = new_.brand();
		Object.assign(tenant, { party, brand });
		t.party.push([party, name, "DE"]);
		t.tenant.push([id, parent.id, path.length - 1, ...above, path.length === 2 ? "distributor" : "dealer", mark, name, party, null, "EUR", "de", "Europe/Berlin", state]);
		t.brand.push([brand, id, 1, name, "plain", "#204060", "#ffffff", "de", "help@brand.example"]);
		late.push(`UPDATE tenant SET brand_id = ${brand} WHERE id = ${id}`);
		tenant.segments = Array.from({ length: 2 + rng.int(4) }, (_, i) => {
			const segment = new_.segment();
			t.segment.push([segment, id, `s${i}`, `${mark} segment ${i}`]);
			return segment;
		});
		// A list of its own, with a draft or without; and how it buys, on a day that is its own, for any account will do.
		const list = new_.price_list();
		t.price_list.push([list, id, `l-${list}`, `${mark} list`, "EUR"]);
		tenant.version = new_.price_version();
		t.price_version.push([tenant.version, list, "2026-01-01", "published"], ...(list % 2 === 0 ? [[new_.price_version(), list, "2026-01-01", "draft"]] : []));
		t.agreement.push([new_.agreement(), parent.id, id, account, dayOf(id), dayOf(id + 1), "EUR", list % 3 === 0 ? list : null]);
		t.tax_rule.push([new_.tax_rule(), id, dayOf(id), "S", 19]);
		t.product_share.push(...some(0.3).map((product) => [id, product]));
		if (rng.chance(0.4)) t.offering.push([new_.offering(), id, segment_(), rng.chance(0.3) ? "DEV-CPAP" : `o-${id}`, `${mark} offering`, "usage", "hour", 1, "EUR", rng.chance(0.5) ? 1 : 0, "active"]);
	}

	// Roles of each tenant, one more for ceilings that it sets, and users of any of them.
	for (const tenant of tenants) {
		const { id, path } = tenant, mark = markOf(id);
		const reach = tenants.filter((other) => other.path.includes(id)).flatMap((other) => other.segments);
		tenant.roles = Array.from({ length: 3 }, (_, i) => {
			const role = new_.role();
			t.role.push([role, id, null, `${mark} role ${i}`, i === 2 ? "customer" : "reseller", 0]);
			const segments = i < 2 && rng.chance(0.35) ? rng.shuffled(reach).slice(0, rng.chance(0.15) ? 17 : 1 + rng.int(5)) : [];
			const rows = roleRows(rng, words, pairs, role, { segments, generous: rng.chance(0.5), products: some(0.4) });
			t.role_grant.push(...rows.grants);
			t.role_field.push(...rows.fields);
			t.role_segment.push(...rows.segments);
			t.role_product.push(...rows.products);
			return role;
		});
		if (rng.chance(0.35) && path.length > 1) {
			const role = new_.role();
			const owner = rng.chance(0.9) ? tenant.parent.id : id; // a ceiling of one's own lets nothing through
			t.role.push([role, owner, null, `${markOf(owner)} ceiling ${id}`, "reseller", 0]);
			const rows = roleRows(rng, words, pairs, role, { segments: [], generous: true, products: some(0.3) });
			t.role_grant.push(...rows.grants);
			t.role_field.push(...rows.fields);
			t.role_product.push(...rows.products);
			tenant.limited = true;
			late.push(`UPDATE tenant SET ceiling_id = ${role} WHERE id = ${id}`);
		}
	}

	const packs = catalogue(t, new_, tenants, products, markOf);
	const offerings = [...t.offering.map(([id, , product, code]) => ({ id, product, code })),
		...site.sql("SELECT id, product_id AS product, code FROM offering").map((row) => ({ id: Number(row.id), product: Number(row.product), code: row.code, everybodys: true }))];
	for (const tenant of tenants) {
		const { id, brand, party } = tenant, mark = markOf(id);
		const above = columns(tenant), heads = [];
		tenant.billed = [];
		tenant.staff = Array.from({ length: staff }, () => new_.user());
		Object.assign(tenant, { source: new_.usage_source(), batch: new_.usage_batch() });
		t.usage_source.push([tenant.source, id, "meter"]);
		t.usage_batch.push([tenant.batch, id, tenant.staff[0], "file", `${mark} file`, "2026-05-09 10:00:00", 3, 1, 0, 2, 1]);
		for (const [i, reason] of ["unknown_account", "negative"].entries())
			t.usage_reject.push([new_.usage_reject(), id, tenant.batch, i + 2, `${id}-${i}`.padEnd(32, "x"), "2026-05-09 10:00:00", `${mark} line`, reason, "meter", `${mark}R${i}`, `${mark}A0`, i === 0 ? "open" : "received", tenant.staff[0]]);
		Object.assign(tenant, { run: new_.bill_run(), agreement: new_.agreement() });
		t.bill_run.push([tenant.run, id, 1 + rng.int(28), "2026-05-01", "2026-06-01", 1, "2026-06-01", rng.pick(["checked", "settled", "cancelled"]), 0, "2026-06-01 10:00:00"]);
		t.agreement.push([tenant.agreement, id, null, null, "2000-01-01", "9999-12-31", "EUR", null]);
		t.settlement.push([new_.settlement(), tenant.run, id, "EUR", 100, 50, 1, 50], [new_.settlement(), tenants[0].run, id, "GBP", 100, 50, 1, 50]);
		tenant.statements = ["EUR", "GBP"].map(() => new_.statement());
		for (const [i, statement] of tenant.statements.entries()) t.statement.push([statement, id, ["EUR", "GBP"][i], "2026-05-01", "2026-06-01", 100, 100]);
		for (let i = 0; i < 3; i++) {
			const entry = new_.entry();
			t.entry.push([entry, id, "EUR", `2026-05-0${1 + rng.int(9)}`, rng.pick(["cost", "fee", "paid_in"]), 10 + i]);
			if (i > 0) late.push(`UPDATE entry SET statement_id = ${tenant.statements[0]} WHERE id = ${entry}`);
		}
		t.exchange_rate.push([new_.exchange_rate(), id, "EUR", rng.pick(["GBP", "JPY"]), dayOf(id), 2, `${mark} rate`, "2026-06-09 10:00:00"]);
		t.payout.push([new_.payout(), id, party, "2026-06-10", 1, rng.pick(["prepared", "sent", "cancelled"]), "2026-06-09 10:00:00"]);
		for (let i = 0; i < each; i++) {
			const customer = new_.customer(), account = new_.account();
			if (rng.chance(0.5)) t.draft.push([new_.draft(), rng.pick([tenant, tenants[0]]).run, id, account, tenant.agreement, 100 + i, 19, 119 + i, rng.pick(["draft", "held", "issued"]), rng.int(500), `${mark} hold`, null]);
			if (account % 2 === 0) t.discount.push([new_.discount(), id, customer, account, account % 4 === 0 ? offerings[account % offerings.length].id : null, 0, `${mark} discount`, 10, dayOf(account), "2026-01-01 00:00:00"]);
			if (account % 2 === 1) t.minimum.push(account % 3 ? [new_.minimum(), id, customer, account, null, 0, offerings[account % offerings.length].id, 5000, dayOf(account), "2026-01-01 00:00:00"] : [new_.minimum(), id, null, null, tenant.agreement, 0, offerings[account % offerings.length].id, 5000, dayOf(account), "2026-01-01 00:00:00"]);
			if (rng.chance(0.3)) t.bill_run_parked.push([new_.bill_run_parked(), tenant.run, account, "hand", `${mark} parked`]);
			// Some are members of a group, or are looked after; and some rows have not followed in one of these.
			const segment = rng.pick(tenant.segments), head = heads.length > 0 && rng.chance(0.4) ? rng.pick(heads) : null, agent = rng.chance(0.8) ? rng.pick(tenant.staff) : null;
			if (head === null) heads.push(customer);
			else members.add(head);
			const said = () => [rng.chance(0.25) ? rng.pick(tenant.segments) : segment, rng.chance(0.3) ? rng.pick([...heads, null]) : head ?? customer,
				rng.chance(0.3) ? rng.pick([...tenant.staff, null]) : agent];
			t.customer.push([customer, id, ...above, segment, head, rng.chance(0.3) ? rng.pick(heads) : head ?? customer, agent, party, `${mark}-${customer}`, `${mark} customer ${rng.int(1000)}`, "clinic", "de", "active", days(rng), null]);
			t.account.push([account, id, customer, ...said(), `${mark}A${account}`, "EUR"]);
			for (let d = rng.int(3); d >= 0; d--) {
				const document = new_.document(), net = rng.int(100000), paid = rng.chance(0.5) ? net : 0;
				const kind = rng.chance(0.8) ? "invoice" : "credit_note";
				t.document.push([document, id, ...above, customer, ...said(), account, kind, `${mark}-D${document}`, days(rng), rng.chance(0.5) ? "2026-01-02" : "2099-01-02",
					"2026-01-01", "2026-02-01", "de", "EUR", net, 0, net, paid, party, party, brand]);
				for (let line = rng.int(4); line > 0; line--)
					t.document_line.push([document, account, line, rng.chance(0.9) ? rng.pick(offerings).code : "NO-SUCH", `${mark} line`, "2026-01-01", "2026-02-01", 1, "piece", 1, 100, "S", 0]);
				if (kind === "invoice" && tenant.billed.at(-1)?.account !== account) tenant.billed.push({ account, document });
				if (paid > 0) t.payment.push([new_.payment(), id, customer, ...said(), account, days(rng), net, "EUR", "transfer", `${mark} thanks`, document]);
			}
			const dice = random(customer);
			for (let o = dice.int(4); o > 0; o--) {
				const opening = new_.opening(), saidGroup = dice.chance(0.3) ? dice.pick([...heads, null]) : head ?? customer;
				t.opening.push([opening, id, customer, dice.chance(0.1) ? dice.pick(tenant.segments) : segment, saidGroup, ...dice.pick([["customer", customer], ["account", account]]), `${mark}O${opening}`,
					dice.pick(tenant.staff), builtIn.dealer_owner, dice.chance(0.3) ? dice.pick(tenant.staff) : 0, dice.pick(["opened", "changed"]), `2026-05-0${o}`, `2026-05-0${o} 10:00:00`]);
			}
			const sold = rng.pick(offerings);
			t.subscription.push([new_.subscription(), id, customer, ...said(), account, sold.id, rng.chance(0.9) ? sold.product : segment_(), 1, 1, "EUR", days(rng), "active"]);
			const meter = random(customer + 1); // dice of its own: what else is made stays as it was
			for (let e = meter.int(4); e > 0; e--) {
				const usage = new_.usage_event(), used = meter.pick(offerings), group = meter.chance(0.3) ? meter.pick([...heads, null]) : head ?? customer;
				t.usage_event.push([usage, id, customer, meter.chance(0.1) ? meter.pick(tenant.segments) : segment, group, meter.chance(0.3) ? meter.pick([...tenant.staff, null]) : agent, account, used.id,
					meter.chance(0.9) ? used.product : meter.pick(products).id, tenant.source, `${mark}E${usage}`, meter.int(1000) / 8, `2026-05-0${e} 10:00:00`, `2026-05-0${e}`,
					tenant.batch, e]);
				const state = meter.pick(["received", "received", "rated", "billed"]);
				if (state !== "received") t.usage_total.push([tenant.run, account, used.id, "2026-05-01", "2026-06-01", usage - 1, usage, 1, state === "billed" ? 1 : 0]);
			}
			const alarm = random(customer + 2); // likewise
			for (let e = alarm.int(4); e > 0; e--) {
				const used = alarm.pick(offerings), group = alarm.chance(0.3) ? alarm.pick([...heads, null]) : head ?? customer;
				t.alert.push([new_.alert(), id, customer, alarm.chance(0.1) ? alarm.pick(tenant.segments) : segment, group, alarm.chance(0.3) ? alarm.pick([...tenant.staff, null]) : agent, account, used.id,
					alarm.chance(0.9) ? used.product : alarm.pick(products).id, `2026-0${e}-01`, `2026-0${e + 1}-01`, alarm.pick([80, 100]), 80 + alarm.int(1000) / 8, 64, `2026-0${e}-20 10:00:00`, 1]);
			}
			if (alarm.chance(0.4)) {
				const missed = alarm.pick(offerings);
				t.reject.push([new_.reject(), alarm.pick([tenant, tenants[0]]).run, account, missed.id, tenant.path.length - 1, alarm.pick(["rule", "tax", "too_much"]), id, alarm.chance(0.9) ? account : 1 + alarm.int(account), alarm.chance(0.9) ? missed.product : alarm.pick(products).id]);
			}
			if (rng.chance(0.15) || (head === null && rng.chance(0.6))) made.push({ tenant, customer });
			if (rng.chance(0.1)) t.transfer.push([new_.transfer(), id, customer, rng.pick(tenants).id, "2199-01-01", rng.pick(["planned", "done", "cancelled", "refused"])]);
		}
		// What it is billed by who is above it, as a customer there.
		const { parent } = tenant;
		if (parent.segments !== undefined) {
			const customer = new_.customer(), account = new_.account(), dice = random(customer), there = markOf(parent.id), of = [dice.pick(parent.segments), customer, null];
			t.customer.push([customer, parent.id, ...columns(parent), of[0], null, ...of.slice(1), party, `${there}-${customer}`, `${mark} buys`, "reseller", "de", "active", "2026-01-01", id]);
			t.account.push([account, parent.id, customer, ...of, `${there}A${account}`, "EUR"]);
			for (let d = 1 + dice.int(3); d > 0; d--) {
				const document = new_.document(), net = dice.int(100000);
				t.document.push([document, parent.id, ...columns(parent), customer, ...of, account, dice.pick(["invoice", "credit_note"]), `${there}-D${document}`, days(dice), dice.pick(["2026-01-02", "2099-01-02"]),
					"2026-01-01", "2026-02-01", "de", "EUR", net, 0, net, dice.pick([0, net]), parent.party, party, parent.brand]);
				t.document_line.push([document, account, 1, dice.pick(offerings).code, `${there} line`, "2026-01-01", "2026-02-01", 1, "piece", 1, 100, "S", 0]);
				tenant.bought ??= { account, document };
				// And what it earned there as an agent.
				const earned = new_.self_bill(), kind = dice.pick(["self_billed", "self_credit"]), amount = kind === "self_billed" ? net : -net;
				t.self_bill.push([earned, id, parent.id, kind, `${mark}-SB${earned}`, days(dice), "2026-01-01", "2026-02-01", d, "de", "EUR", amount, 0, amount, party, parent.party, parent.brand]);
				t.self_bill_line.push([earned, 1, document, 0, 0, amount, "O", 0, 0]);
			}
		}
		if (rng.chance(0.5)) t.move.push([new_.move(), id, tenant.parent.id, tenant.parent.id, "2199-01-01", rng.pick(["planned", "done", "cancelled", "refused"])]);
		for (const user of tenant.staff) made.push({ tenant, customer: null, user });
		// A key acts as a user whom no session is good for.
		for (let keys = rng.int(3); keys > 0; keys--) {
			const user = new_.user(), key = new_.api_key(), prefix = `apk_${String(user).padStart(8, "0")}`;
			t.user.push([user, id, null, tenant.roles[0], prefix, `${mark} key`, "de", "", "key", 0]);
			t.api_key.push([key, id, user, prefix.padEnd(32, "x"), prefix, "2026-01-01 10:00:00", rng.pick(tenant.staff), rng.chance(0.5) ? "2199-01-01" : "2026-02-01", rng.chance(0.3) ? "2026-01-02 10:00:00" : null]);
		}
	}
	things(t, new_, tenants, offerings.filter((one) => one.everybodys), markOf);
	const users = [], few = [], bound = [], segmented = new Set(t.role_segment.map(([role]) => role));
	for (const { tenant, customer, user = new_.user() } of made) {
		const other = rng.pick(tenants), mark = markOf(tenant.id);
		// Many have a group or an agent's customers and no wider role beside it, which would hide what lags.
		const narrow = rng.chance(0.4) ? (customer !== null ? builtIn.customer_group : builtIn.reseller_agent) : null;
		const builtInRole = narrow ?? (customer !== null ? builtIn.customer_owner : tenant.path.length === 2 ? builtIn.distributor_owner : builtIn.dealer_owner);
		// Once in a while a role that is not the tenant's: it must give nothing.
		const role = narrow ?? (rng.chance(0.04) ? other.roles[0] : rng.chance(0.25) ? builtInRole : customer !== null ? tenant.roles[2] : rng.pick(tenant.roles.slice(0, 2)));
		const good = role === builtInRole || tenant.roles.includes(role);
		const more = good && narrow === null && rng.chance(0.4) ? [...new Set([rng.pick(tenant.roles), rng.pick(tenant.roles), rng.chance(0.2) ? builtIn.provider_admin : builtInRole])] : [];
		t.user.push([user, tenant.id, customer, role, `u${user}@${mark}.example`, `${mark} user`, "de", "-", rng.chance(0.05) ? "closed" : "active", more.length > 0 ? 1 : 0]);
		t.user_role.push(...more.filter((one) => one !== role).map((one) => [user, one]));
		if (rng.chance(0.5)) t.audit.push([new_.audit(), "0123456789abcdef", user, tenant.id, rng.pick(["session.create", "user.edit"]), user]);
		if (user % 2 === 0) t.passkey.push([user, `key of ${user}`, "-", 0, "pneumuster.localhost", `${mark} key`, "2026-01-01"]);
		if (customer === null && rng.chance(0.5)) t.approval.push([new_.approval(), tenant.id, user, ...asks(rng), `${mark} reason`]);
		users.push(String(user));
		if (narrow !== null && (customer === null || members.has(customer))) few.push(String(user));
		if (segmented.has(role) && more.length === 0) bound.push(String(user));
	}
	// One of the provider's who sees all bills and few products: bills with hidden lines are rare otherwise.
	const keeper = new_.user(), keepersRole = new_.role(), kept = random(keeper);
	t.role.push([keepersRole, root.id, null, `keeper ${keepersRole}`, "admin", 0]);
	for (const resource of ["document", "incoming", "offering", "discount"]) {
		t.role_grant.push([keepersRole, `${resource}.read`, "all"]);
		t.role_field.push(...words.fields.filter((f) => f.resource === resource).map((f) => [keepersRole, `${resource}.${f.name}`, "read"]));
	}
	t.role_product.push(...[...new Set([...packs.slice(0, 1), ...Array.from({ length: 3 }, () => kept.pick(products.filter((one) => one.level > 1)).id)])].map((product) => [keepersRole, product]));
	t.user.push([keeper, root.id, null, keepersRole, `u${keeper}@keeper.example`, "Keeper", "de", "-", "active", 0]);
	// One with another house's role alone, and one with the provider's beside the own: of both kinds chance may give none.
	const [own, other] = [tenants[0], tenants.at(-1)], strangers = [[other.roles[0]], [own.roles[0], builtIn.provider_admin]].map(([role, more]) => {
		const user = new_.user();
		t.user.push([user, own.id, null, role, `u${user}@stranger.example`, "Stranger", "de", "-", "active", more === undefined ? 0 : 1]);
		if (more !== undefined) t.user_role.push([user, more]);
		return String(user);
	});
	// One who is kept to the segment that an account still says, and its customer says no more; one to more than there may be; and one who sees
	// what the house has, whose sums would be missing if they were of more, and nothing of the catalogue, which discounts and minimums name.
	const segmentOf = new Map(t.customer.map((row) => [row[0], row[6]])), open = new Map(tenants.filter((one) => one.state === "active" && !tenants.some((up) => up.limited && one.path.includes(up.id))).map((one) => [one.id, one]));
	const all = tenants.flatMap((tenant) => tenant.segments), left = t.account.filter((row) => open.has(row[1]) && row[3] !== segmentOf.get(row[2])).slice(0, 1);
	for (const [tenant, segments] of left.flatMap(([, of, , said]) => [[of, [said]], [of, all.slice(0, 17)], [of, []]])) {
		const user = new_.user(), role = new_.role();
		t.role.push([role, tenant, null, `${markOf(tenant)} bound ${role}`, "reseller", 0]);
		for (const resource of ["account", "usage", "discount", "minimum"]) {
			t.role_grant.push([role, `${resource}.read`, "tenant"]);
			t.role_field.push(...words.fields.filter((f) => f.resource === resource).map((f) => [role, `${resource}.${f.name}`, "read"]));
		}
		t.role_segment.push(...segments.map((segment) => [role, segment]));
		t.user.push([user, tenant, null, role, `u${user}@bound.example`, "Bound", "de", "-", "active", 0]);
		strangers.push(String(user));
	}
	const provider = Number(site.value("SELECT id FROM user WHERE email = 'admin@pneumuster.example'"));
	for (let i = 4; i > 0; i--) t.approval.push([new_.approval(), root.id, provider, ...asks(rng), ""]);

	const written = {
		party: "id, name, country", tenant: "id, parent_id, level, a1, a2, a3, a4, kind, slug, name, party_id, brand_id, currency, language, time_zone, state",
		segment: "id, tenant_id, code, name", brand: "id, tenant_id, version, name, theme, accent, accent_text, language, support_email",
		product_segment: "id, parent_id, level, code, name, shared", product_share: "tenant_id, product_id",
		offering: "id, tenant_id, product_id, code, name, kind, unit, price, currency, shared, state",
		customer: "id, tenant_id, a1, a2, a3, a4, segment_id, parent_id, group_id, agent_id, party_id, number, name, kind, language, state, since, buyer_id",
		account: "id, tenant_id, customer_id, segment_id, group_id, agent_id, number, currency", role: "id, tenant_id, code, name, portal, shared", role_grant: "role_id, action, scope",
		role_field: "role_id, field, level", role_segment: "role_id, segment_id", role_product: "role_id, product_id",
		user: "id, tenant_id, customer_id, role_id, email, name, language, password, state, more_roles", user_role: "user_id, role_id",
		document: "id, tenant_id, a1, a2, a3, a4, customer_id, segment_id, group_id, agent_id, account_id, kind, number, issue_date, due_date, period_start, period_end, language, currency, " +
			"net, tax, gross, paid, seller_party_id, buyer_party_id, brand_id",
		payment: "id, tenant_id, customer_id, segment_id, group_id, agent_id, account_id, received, amount, currency, method, reference, document_id",
		subscription: "id, tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, quantity, unit_price, currency, starts, state",
		document_line: "document_id, account_id, position, code, description, period_start, period_end, quantity, unit, unit_price, net, tax_category, tax_rate",
		audit: "id, trace, user_id, tenant_id, action, object_id", move: "id, tenant_id, from_id, parent_id, day, state",
		passkey: "user_id, credential_id, public_key, sign_count, host, name, created",
		transfer: "id, tenant_id, customer_id, to_id, day, state", api_key: "id, tenant_id, user_id, token_hash, prefix, created, author_id, expires, ended",
		opening: "id, tenant_id, customer_id, segment_id, group_id, kind, object_id, number, user_id, role_id, as_id, did, day, at",
		price_list: "id, tenant_id, code, name, currency", price_version: "id, list_id, starts, state", agreement: "id, seller_id, buyer_id, account_id, starts, ends, currency, list_id", tax_rule: "id, seller_id, starts, category, rate",
		discount: "id, tenant_id, customer_id, account_id, offering_id, resold, name, percent, starts, made",
		minimum: "id, tenant_id, customer_id, account_id, agreement_id, resold, offering_id, amount, starts, made",
		usage_source: "id, tenant_id, code", usage_batch: "id, tenant_id, user_id, way, name, created, `lines`, received, same, rejected, done",
		usage_event: "id, tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, source_id, event, quantity, at, day, batch_id, line", usage_total: "run_id, account_id, offering_id, starts, ends, above, upto, quantity, billed",
		alert: "id, tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, starts, ends, threshold, used, included, at, told",
		usage_reject: "id, tenant_id, batch_id, line, line_hash, came, text, reason, source, event, account, state, mender_id",
		bill_run: "id, tenant_id, cycle_day, period_start, period_end, sequence, issue_date, phase, last_account, opened",
		draft: "id, run_id, seller_id, account_id, agreement_id, net, tax, gross, state, deviation, hold_text, document_id", bill_run_parked: "id, run_id, account_id, reason, detail",
		reject: "id, run_id, account_id, offering_id, position, reason, tenant_id, billed_id, product_id",
		settlement: "id, run_id, tenant_id, currency, sold, bought, collects, due",
		statement: "id, tenant_id, currency, period_start, period_end, opening, closing", entry: "id, tenant_id, currency, day, kind, amount",
		self_bill: "id, tenant_id, buyer_id, kind, number, issue_date, period_start, period_end, sequence, language, currency, net, tax, gross, seller_party_id, buyer_party_id, brand_id",
		self_bill_line: "self_bill_id, position, document_id, base, rate, net, tax_category, tax_rate, tax",
		payout: "id, tenant_id, party_id, execution, minimum, state, created",
		exchange_rate: "id, tenant_id, from_currency, to_currency, day, rate, source, set_at",
		approval: "id, tenant_id, user_id, action, handler, body, tag, host, port, https, created, expires, state, reason",
		...tables,
	};
	// Users and customers point at each other.
	await writer.run(["SET foreign_key_checks = 0", "BEGIN", ...Object.entries(written).flatMap(([table, names]) => inserts(table, names, t[table])), ...late, "UPDATE statement SET state = 'closed', closed = '2026-06-01' WHERE state = 'open'",
		"UPDATE channel_version SET version = version + 1", "COMMIT", "SET foreign_key_checks = 1"].join(";\n"));
	return { users, tenants, few, bound, keeper: String(keeper), strangers };
}

/**
 * Moves some subtrees and customers.  A tenant's own row moves in one transaction with the version; the rows of its
 * customers follow for one half, at random, and the others still say where they were.
 */
export async function move(site, writer, rng, tenants, n) {
	const root = { id: Number(site.value("SELECT id FROM tenant WHERE level = 0")) };
	root.path = [root.id];
	const depth = (tenant) => Math.max(...tenants.filter((t) => t.path.includes(tenant.id)).map((t) => t.path.length)) - tenant.path.length;
	const statements = ["BEGIN"];
	for (let i = 0; i < n; i++) {
		const moved = rng.pick(tenants);
		const to = rng.pick([root, ...tenants.filter((t) => !t.path.includes(moved.id) && t.path.length + depth(moved) < 5)]);
		const old = moved.path.length - 1;
		moved.parent = to;
		statements.push(`UPDATE tenant SET parent_id = ${to.id} WHERE id = ${moved.id}`);
		for (const below of tenants.filter((t) => t.path.includes(moved.id))) {
			below.path = [...to.path, ...below.path.slice(old)];
			const set = columns(below).map((id, k) => `a${k + 1} = ${id}`).join(", ");
			statements.push(`UPDATE tenant SET level = ${below.path.length - 1}, ${set} WHERE id = ${below.id}`,
				`UPDATE customer SET ${set} WHERE tenant_id = ${below.id} AND id % 2 = ${rng.int(2)}`);
		}
		// One customer to another dealer: its row says so, its columns do not always; its bills stay.
		const from = rng.pick(tenants), other = rng.pick(tenants);
		const set = rng.chance(0.5) ? columns(other).map((id, k) => `, a${k + 1} = ${id}`).join("") : "";
		statements.push(`UPDATE customer SET tenant_id = ${other.id}${set} WHERE tenant_id = ${from.id} AND number LIKE 'ZQ%' ORDER BY id LIMIT 2`);
	}
	await writer.run([...statements, "UPDATE channel_version SET version = version + 1", "COMMIT"].join(";\n"));
}

/** Tenants, roles and users, read from the database.  Ids are texts. */
export function channel(site) {
	const tenants = new Map(site.sql("SELECT id, parent_id AS parent, level, ceiling_id AS ceiling, state FROM tenant")
		.map((row) => [row.id, { ...row, level: Number(row.level) }]));
	const roles = new Map(site.sql("SELECT id, tenant_id AS tenant, code, portal, shared FROM role")
		.map((row) => [row.id, { ...row, shared: row.shared === "1", grants: new Map(), fields: new Map(), segments: new Set(), products: new Set() }]));
	for (const row of site.sql("SELECT role_id, action, scope FROM role_grant")) roles.get(row.role_id).grants.set(row.action, row.scope);
	for (const row of site.sql("SELECT role_id, field, level FROM role_field")) roles.get(row.role_id).fields.set(row.field, row.level);
	for (const row of site.sql("SELECT role_id, segment_id FROM role_segment")) roles.get(row.role_id).segments.add(row.segment_id);
	for (const row of site.sql("SELECT role_id, product_id FROM role_product")) roles.get(row.role_id).products.add(row.product_id);
	const products = new Map(site.sql("SELECT id, parent_id AS parent FROM product_segment").map((row) => [row.id, row.parent])), shares = new Map();
	for (const row of site.sql("SELECT tenant_id, product_id FROM product_share")) shares.set(row.tenant_id, (shares.get(row.tenant_id) ?? new Set()).add(row.product_id));
	const users = new Map(site.sql("SELECT id, tenant_id AS tenant, customer_id AS customer, role_id AS role, state, more_roles AS more FROM user")
		.map((row) => [row.id, { ...row, more: row.more === "1", roles: [] }]));
	for (const row of site.sql("SELECT user_id, role_id FROM user_role")) users.get(row.user_id).roles.push(row.role_id);
	const heads = new Set(site.sql("SELECT DISTINCT parent_id AS id FROM customer WHERE parent_id IS NOT NULL").map((row) => row.id));
	return { tenants, roles, users, products, shares, heads };
}

/** All that the judge needs, the rows of all resources too. */
export function read(site) {
	const bonds = "COALESCE(c.parent_id, c.id) AS head, c.agent_id AS agent, t.group_id AS saidGroup, t.agent_id AS saidAgent";
	const follows = `c.segment_id AS segment, t.segment_id AS said, ${bonds}`, joined = "JOIN customer c ON c.id = t.customer_id";
	const tables = {
		tenant: "SELECT id, id AS tenant, a1, a2, a3, a4, name, kind FROM tenant",
		brand: "SELECT b.id, b.tenant_id AS tenant, b.name, b.id = t.brand_id AS listed FROM brand b JOIN tenant t ON t.id = b.tenant_id",
		customer: `SELECT t.id, t.tenant_id AS tenant, t.id AS customer, t.segment_id AS segment, ${bonds}, t.state, t.a1, t.a2, t.a3, t.a4, t.number, t.name
			FROM customer t JOIN customer c ON c.id = t.id`,
		segment: "SELECT id, tenant_id AS tenant, name FROM segment",
		account: `SELECT t.id, t.tenant_id AS tenant, t.customer_id AS customer, ${follows}, t.number FROM account t ${joined}`,
		document: `SELECT t.id, t.tenant_id AS tenant, t.customer_id AS customer, ${follows}, t.a1, t.a2, t.a3, t.a4, t.number, t.kind,
			IF(t.paid + t.credited = t.gross, 'paid', IF(t.due_date < UTC_DATE() AND t.gross > 0, 'overdue', 'open')) AS state FROM document t ${joined}`,
		payment: `SELECT t.id, t.tenant_id AS tenant, t.customer_id AS customer, ${follows}, t.reference FROM payment t ${joined}`,
		subscription: `SELECT t.id, t.tenant_id AS tenant, t.customer_id AS customer, ${follows}, t.offering_id AS offering, o.product_id AS product, t.product_id AS said_product
			FROM subscription t ${joined} JOIN offering o ON o.id = t.offering_id`,
		offering: "SELECT id, tenant_id AS tenant, shared, name, code, product_id AS product FROM offering",
		product: "SELECT id, (SELECT id FROM tenant WHERE level = 0) AS tenant, shared, name, code, id AS product FROM product_segment",
		user: "SELECT id, tenant_id AS tenant, customer_id AS customer, id AS user, name, email, state <> 'key' AS listed FROM user",
		role: "SELECT id, tenant_id AS tenant, shared, name FROM role",
		move: "SELECT id, tenant_id AS tenant, from_id AS `from`, parent_id AS parent, state FROM move",
		transfer: "SELECT id, tenant_id AS tenant, customer_id AS customer, to_id AS `to`, state FROM transfer",
		price_list: "SELECT id, tenant_id AS tenant, name, EXISTS (SELECT 1 FROM price_version v WHERE v.draft_of = price_list.id) AS draft FROM price_list",
		agreement: "SELECT id, seller_id AS tenant, buyer_id AS buyer, account_id AS account, list_id AS list, starts FROM agreement",
		tax_rule: "SELECT id, seller_id AS tenant, offering_id AS offering, starts FROM tax_rule",
		discount: `SELECT t.id, t.tenant_id AS tenant, t.customer_id AS customer, t.name, t.starts, o.id AS offering, o.product_id AS of_product, o.name AS offering_name FROM discount t
			LEFT JOIN subscription s ON s.id = t.subscription_id LEFT JOIN offering o ON o.id = COALESCE(t.offering_id, s.offering_id)`,
		minimum: `SELECT t.id, t.tenant_id AS tenant, t.customer_id AS customer, t.starts, o.id AS offering, o.product_id AS of_product, o.name AS offering_name FROM minimum t
			JOIN offering o ON o.id = t.offering_id`,
		incoming: `SELECT t.id, t.buyer_id AS tenant, d.tenant_id AS seller, d.number, d.kind, IF(d.paid = d.gross, 'paid', IF(d.due_date < UTC_DATE(), 'overdue', 'open')) AS state
			FROM incoming t JOIN document d ON d.id = t.id`,
		purchase: "SELECT id, buyer_id AS tenant, seller_id AS seller, starts FROM agreement WHERE buyer_id IS NOT NULL",
		api_key: "SELECT k.id, k.tenant_id AS tenant, k.user_id AS user, u.name, u.role_id AS role FROM api_key k JOIN user u ON u.id = k.user_id",
		approval: "SELECT id, tenant_id AS tenant, user_id AS user, action, state FROM approval",
		audit: "SELECT id, tenant_id AS tenant, user_id AS user, action FROM audit",
		opening: `SELECT t.id, t.tenant_id AS tenant, t.customer_id AS customer, c.segment_id AS segment, t.segment_id AS said, COALESCE(c.parent_id, c.id) AS head,
			t.group_id AS saidGroup, t.kind, t.number, t.user_id AS opener, t.as_id AS viewed FROM opening t ${joined}`,
		usage: `SELECT t.id, t.tenant_id AS tenant, t.customer_id AS customer, ${follows}, t.account_id AS account, t.offering_id AS offering, t.event, t.day, ${stateOf("t")} AS state, o.product_id AS product, t.product_id AS said_product,
			c.segment_id = t.segment_id AND c.group_id <=> t.group_id AND c.agent_id <=> t.agent_id AND o.product_id = t.product_id AS followed
			FROM usage_event t ${joined} JOIN offering o ON o.id = t.offering_id`,
		alert: `SELECT t.id, t.tenant_id AS tenant, t.customer_id AS customer, ${follows}, t.account_id AS account, t.offering_id AS offering, t.threshold, t.at, o.product_id AS product,
			t.product_id AS said_product FROM alert t ${joined} JOIN offering o ON o.id = t.offering_id`,
		usage_reject: "SELECT id, tenant_id AS tenant, batch_id AS batch, state, reason, text FROM usage_reject",
		usage_batch: "SELECT id, tenant_id AS tenant, name FROM usage_batch",
		bill_run: "SELECT id, tenant_id AS tenant, phase AS state FROM bill_run",
		draft: "SELECT d.id, d.seller_id AS tenant, a.customer_id AS customer, d.run_id AS run, d.state, d.hold_text FROM draft d JOIN account a ON a.id = d.account_id",
		parked: "SELECT p.id, a.tenant_id AS tenant, p.run_id AS run, p.detail FROM bill_run_parked p JOIN account a ON a.id = p.account_id",
		reject: "SELECT t.id, t.tenant_id AS tenant, t.run_id AS run, t.reason, t.offering_id AS offering, a.customer_id AS customer, o.product_id AS product, t.product_id AS said_product FROM reject t JOIN offering o ON o.id = t.offering_id LEFT JOIN account a ON a.id = t.billed_id AND a.tenant_id = t.tenant_id",
		settlement: "SELECT id, tenant_id AS tenant, run_id AS run FROM settlement",
		statement: "SELECT id, tenant_id AS tenant FROM statement",
		entry: "SELECT id, tenant_id AS tenant, statement_id AS statement FROM entry",
		self_bill: "SELECT id, tenant_id AS tenant, buyer_id AS other, number, kind FROM self_bill",
		self_incoming: "SELECT id, buyer_id AS tenant, tenant_id AS other, number, kind FROM self_bill",
		payout: "SELECT id, tenant_id AS tenant, state FROM payout",
		exchange_rate: "SELECT id, tenant_id AS tenant, day FROM exchange_rate",
		session: "SELECT s.id, u.tenant_id AS tenant, s.user_id AS user FROM session s JOIN user u ON u.id = s.user_id",
		passkey: "SELECT p.id, u.tenant_id AS tenant, p.user_id AS user, p.name FROM passkey p JOIN user u ON u.id = p.user_id",
	};
	const rows = Object.fromEntries(Object.entries(tables).map(([resource, sql]) => [resource,
		site.sql(sql).map(({ a1, a2, a3, a4, ...row }) => ({ ...row, above: [a1, a2, a3, a4], shared: row.shared === "1", listed: row.listed !== "0" }))]));
	const lines = new Map();
	for (const row of site.sql("SELECT document_id, position, code FROM document_line ORDER BY document_id, position"))
		lines.set(row.document_id, [...(lines.get(row.document_id) ?? []), { position: Number(row.position), code: row.code }]);
	const earned = new Map();
	for (const row of site.sql("SELECT self_bill_id, position FROM self_bill_line ORDER BY self_bill_id, position"))
		earned.set(row.self_bill_id, [...(earned.get(row.self_bill_id) ?? []), { position: Number(row.position) }]);
	return { ...channel(site), ...billed(site), rows, lines, earned };
}
