// Things that a bill run billed, on every edge between the provider's next and the customer: whoever sells on an edge explains
// what is on its bill there, whoever buys reads in an annex for which of its customers.  And what comes with what is sold.
// Rows beside those of world.mjs, with dice of their own.
import { random } from "./tools.mjs";

export const tables = {
	billable: "id, run_id, account_id, offering_id, subscription_id, starts, ends, quantity, days, of_days, tenant_id, agreement_id, priced_for",
	chain_price: "id, run_id, tenant_id, agreement_id, priced_for, offering_id, day, model, state",
	chain_edge: "chain_id, position, seller_id, account_id, agreement_id, rule_id, currency",
	price_rule: "id, version_id, method, value",
	charge: "billable_id, position, run_id, seller_id, account_id, agreement_id, chain_id, rule_id, unit, amount, tax_category, tax_rate",
	offering_part: "offering_id, part_id, quantity",
	offering_name: "offering_id, language, name",
	usage_variant: "offering_id, class, starts, counts_as",
	usage_hours: "offering_id, starts",
};

/** One draft of the run, which became that bill. */
const draft = (id, run, seller, account, agreement, document, mark) => [id, run, seller, account, agreement, 100, 19, 119, "issued", 0, `${mark} thing`, document];

/** What one run billed: `billed` of each tenant are its customers' {account, document}, `bought` is what it is billed itself. */
export function things(t, new_, tenants, offerings, markOf) {
	const run = new_.bill_run(), byId = new Map(tenants.map((tenant) => [tenant.id, tenant])), drafted = new Set();
	t.bill_run.push([run, tenants[0].id, 28, "2026-04-01", "2026-05-01", 1, "2026-05-01", "settled", 0, "2026-05-01 10:00:00"]);
	const bill = (seller, account, document) => {
		if (!drafted.has(account)) t.draft.push(draft(new_.draft(), run, seller.id, account, seller.agreement, document, markOf(seller.id)));
		drafted.add(account);
	};
	for (const tenant of tenants) {
		tenant.rule = new_.price_rule();
		t.price_rule.push([tenant.rule, tenant.version, "fixed", 1]);
	}
	for (const tenant of tenants)
		for (const { account, document } of tenant.billed) {
			const dice = random(account + 3);
			if (dice.chance(0.4)) continue;
			for (const offering of dice.shuffled(offerings).slice(0, 1 + dice.int(3))) {
				const thing = new_.billable(), chain = new_.chain_price();
				t.billable.push([thing, run, account, offering.id, 0, "2026-04-01", "2026-05-01", 1, 30, 30, tenant.id, tenant.agreement, account]);
				t.chain_price.push([chain, run, tenant.id, tenant.agreement, account, offering.id, "2026-04-01", "per_unit", "priced"]);
				// From the customer upwards: each house is billed by the one above it, but for what the provider sells.
				let [at, billed] = [tenant, { account, document }];
				for (let position = tenant.path.length - 1; at !== undefined && billed !== undefined; position--) {
					bill(at, billed.account, billed.document);
					t.chain_edge.push([chain, position, at.id, billed.account, at.agreement, at.rule, "EUR"]);
					t.charge.push([thing, position, run, at.id, billed.account, at.agreement, chain, at.rule, 1, 100, "S", 0]);
					[at, billed] = [byId.get(at.parent.id), at.bought];
				}
			}
		}
}

/** What comes with offerings, what they are called, as which and in which hours their usage counts: of any segment, shared by now or not.
 * Returns the segments, deep in the tree, of what something comes with. */
export function catalogue(t, new_, tenants, products, markOf) {
	const deep = products.filter((one) => one.level > 1), packs = [];
	for (const { id } of tenants) {
		const dice = random(id + 5), mark = markOf(id), made = [];
		if (dice.chance(0.5)) continue;
		packs.push(dice.pick(deep).id);
		for (let i = 0; i < 3; i++) {
			made.push(new_.offering());
			t.offering.push([made[i], id, i === 0 ? packs.at(-1) : dice.pick(products).id, `c-${made[i]}`, `${mark} part ${made[i]}`, "usage", "hour", 1, "EUR", dice.chance(0.7) ? 1 : 0, "active"]);
			t.offering_name.push([made[i], "ja", `${mark} ja ${made[i]}`]);
		}
		t.usage_hours.push([made[0], "2026-01-01"]);
		for (const part of made.slice(1)) {
			t.offering_part.push([made[0], part, 1]);
			t.usage_variant.push([made[0], `${mark}${part}`, "2026-01-01", part]);
		}
	}
	return packs;
}

/** All of it, for who judges: of each bill its things, of each house's bill the things in its annex, of each offering its parts. */
export function read(site) {
	const by = (rows, key) => {
		const all = new Map();
		for (const { [key]: of, ...row } of rows) all.set(of, [...(all.get(of) ?? []), row]);
		return all;
	};
	const billed = `FROM draft d JOIN charge h ON h.run_id = d.run_id AND h.account_id = d.account_id AND h.agreement_id = d.agreement_id
		JOIN billable b ON b.id = h.billable_id JOIN offering o ON o.id = b.offering_id`;
	return {
		things: by(site.sql(`SELECT d.document_id AS document, o.code, o.tenant_id AS called_by, o.product_id AS product ${billed} WHERE d.document_id IS NOT NULL`), "document"),
		annex: by(site.sql(`SELECT DISTINCT d.document_id AS document, a.customer_id AS customer, a.number, o.id AS offering, o.tenant_id AS called_by, o.product_id AS product, h.unit, IF(b.subscription_id = 0, b.starts, 0) AS starts ${billed}
			JOIN incoming i ON i.id = d.document_id JOIN charge l ON l.billable_id = b.id AND l.seller_id = i.buyer_id JOIN account a ON a.id = l.account_id`), "document"),
		parts: by(site.sql("SELECT offering_id AS of, part_id AS part FROM offering_part"), "of"),
		named: by(site.sql("SELECT offering_id AS of FROM offering_name"), "of"),
		priced: by(site.sql("SELECT offering_id AS of FROM offering_price"), "of"),
		variants: by(site.sql("SELECT offering_id AS of, counts_as AS part FROM usage_variant"), "of"),
	};
}
