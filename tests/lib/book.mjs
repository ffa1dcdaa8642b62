// Agreements, lists and taxes down one chain in place of those of the demo, from the provider through a distributor to a
// dealer, so that a bill run bills the dealer's customers on all three edges.

/** Once an instance. The dealer is musterplatz, below nordmuster. */
export function book(site) {
	const chain = ["pneumuster", "nordmuster", "musterplatz"].map((slug) => site.sql(`SELECT * FROM tenant WHERE slug = '${slug}'`)[0]);
	const [root] = chain, sql = (text) => site.sql(text);
	sql("INSERT INTO offering_price (offering_id, starts, currency, model) SELECT id, '2000-01-01', 'EUR', 'per_unit' FROM offering o WHERE NOT EXISTS (SELECT 1 FROM offering_price p WHERE p.offering_id = o.id)");
	sql("INSERT INTO offering_tier (price_id, tier, unit) SELECT p.id, 1, o.price FROM offering_price p JOIN offering o ON o.id = p.offering_id WHERE NOT EXISTS (SELECT 1 FROM offering_tier t WHERE t.price_id = p.id)");
	for (const [i, seller] of chain.entries()) {
		const method = seller === root ? ["rrp_minus_pct", 30] : i === 1 ? ["cost_plus_pct", 10] : ["rrp_plus_pct", 0];
		sql(`UPDATE price_list SET is_default = 0 WHERE tenant_id = ${seller.id};
			DELETE FROM agreement WHERE seller_id = ${seller.id} AND (account_id IS NULL OR buyer_id IS NOT NULL);
			INSERT INTO price_list (tenant_id, code, name, currency, is_default) VALUES (${seller.id}, 'book', 'Book', 'EUR', 1);
			INSERT INTO price_version (list_id, starts, state) SELECT id, '2000-01-01', 'published' FROM price_list WHERE tenant_id = ${seller.id} AND code = 'book';
			INSERT INTO price_rule (version_id, method, value) SELECT v.id, '${method[0]}', ${method[1]} FROM price_version v JOIN price_list l ON l.id = v.list_id WHERE l.tenant_id = ${seller.id} AND l.code = 'book';
			INSERT INTO tax_rule (seller_id, starts, category, rate) VALUES (${seller.id}, '2000-01-01', 'S', 19) ON DUPLICATE KEY UPDATE category = 'S', rate = 19`);
		const buyer = chain[i + 1];
		if (buyer === undefined) {
			sql(`INSERT INTO agreement (seller_id, starts, currency, collector) VALUES (${seller.id}, '2000-01-01', 'EUR', 'root')`);
			continue;
		}
		sql(`INSERT INTO agreement (seller_id, buyer_id, account_id, starts, currency, collector)
			SELECT a.tenant_id, c.buyer_id, a.id, '2000-01-01', 'EUR', 'root' FROM account a JOIN customer c ON c.id = a.customer_id WHERE c.buyer_id = ${buyer.id}`);
	}
	const [{ ends }] = sql("SELECT MAX(period_end) AS ends FROM document");
	/** The period that is `back` months before the last one that the demo billed. */
	const period = (back = 0) => ({ period_start: site.value(`SELECT '${ends}' - INTERVAL ${back + 1} MONTH`), period_end: site.value(`SELECT '${ends}' - INTERVAL ${back} MONTH`) });
	return { root: chain[0].id, distributor: chain[1].id, dealer: chain[2].id, period };
}
