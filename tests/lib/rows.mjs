// Rows of what the demo has none of, in every house, so that lists have something to show; none of them comes to pass.
import { askedEverywhere } from "./second.mjs";

/** Can be called again: what is there stays. */
export function rowsEverywhere(site) {
	// Moves of resellers and transfers of customers.
	site.sql("INSERT IGNORE INTO move (tenant_id, from_id, parent_id, day) SELECT id, parent_id, parent_id, '2199-01-01' + INTERVAL id DAY FROM tenant WHERE level > 0");
	site.sql("INSERT IGNORE INTO transfer (tenant_id, customer_id, to_id, day) SELECT tenant_id, id, tenant_id, '2199-01-01' + INTERVAL id DAY FROM customer WHERE id MOD 20 = 0");
	// Passkeys of everybody, of which nobody has the key.
	site.sql("INSERT IGNORE INTO passkey (user_id, credential_id, public_key, sign_count, host, name, created) SELECT u.id, CONCAT('unused ', u.id, ' ', n.seq), '-', 0, h.name, 'Unused', " +
		"UTC_TIMESTAMP() - INTERVAL n.seq DAY FROM user u JOIN host h ON h.tenant_id = u.tenant_id AND h.is_primary = 1 JOIN seq_1_to_3 n WHERE u.state <> 'key' AND u.email NOT LIKE '%@passkey.example'");
	// One opening of each fifth bill, by somebody of its reseller; none is so long ago that it is swept while it is looked at.
	site.sql("INSERT IGNORE INTO opening (tenant_id, customer_id, segment_id, group_id, kind, object_id, number, user_id, role_id, did, day, at) SELECT d.tenant_id, d.customer_id, d.segment_id, d.group_id, 'document', d.id, d.number, " +
		"MIN(u.id), MIN(u.role_id), 'opened', GREATEST(d.issue_date, UTC_DATE() - INTERVAL 300 DAY), GREATEST(d.issue_date, UTC_DATE() - INTERVAL 300 DAY) + INTERVAL d.id MOD 5 HOUR FROM document d JOIN user u ON u.tenant_id = d.tenant_id AND u.customer_id IS NULL AND u.state <> 'key' WHERE d.id MOD 5 = 0 GROUP BY d.id");
	// Keys of programs, each of which acts as a user that no list of users holds.
	site.sql("INSERT IGNORE INTO user (tenant_id, customer_id, role_id, email, name, language, password, state) SELECT t.id, NULL, r.id, CONCAT('apk_', LPAD(t.id, 7, '0'), n.seq), 'Key', 'en', '', 'key' FROM tenant t JOIN role r ON r.code = 'reseller_reader' JOIN seq_1_to_3 n");
	site.sql("INSERT IGNORE INTO api_key (tenant_id, user_id, token_hash, prefix, created, author_id, expires) SELECT u.tenant_id, u.id, UNHEX(SHA2(u.email, 256)), u.email, UTC_TIMESTAMP() - INTERVAL u.id MINUTE, u.id, '2199-01-01' FROM user u WHERE u.email LIKE 'apk\\_0000%'");
	// What was delivered, what of it was not taken, and one event of each fifth subscription.
	site.sql("INSERT IGNORE INTO usage_source (tenant_id, code) SELECT id, 'rows' FROM tenant");
	site.sql("INSERT INTO usage_batch (tenant_id, user_id, way, name, created, `lines`, received, rejected, done) SELECT t.id, NULL, 'file', 'rows.csv', UTC_TIMESTAMP() - INTERVAL n.seq HOUR, 2, 1, 1, 1 " +
		"FROM tenant t JOIN seq_1_to_3 n WHERE NOT EXISTS (SELECT 1 FROM usage_batch b WHERE b.name = 'rows.csv')");
	site.sql("INSERT IGNORE INTO usage_reject (tenant_id, batch_id, line, line_hash, came, text, reason, source, event, account, state) SELECT tenant_id, id, 2, UNHEX(SHA2(CONCAT('rows ', id), 256)), created, 'meter,,', 'event', 'rows', '', 'A-1', 'received' " +
		"FROM usage_batch WHERE name = 'rows.csv'");
	site.sql("INSERT IGNORE INTO usage_event (tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, source_id, event, quantity, at, day, batch_id, line) " +
		"SELECT s.tenant_id, s.customer_id, s.segment_id, s.group_id, s.agent_id, s.account_id, s.offering_id, s.product_id, u.id, CONCAT('rows-', s.id), 1.5, s.starts, s.starts, MIN(b.id), 1 " +
		"FROM subscription s JOIN usage_source u ON u.tenant_id = s.tenant_id AND u.code = 'rows' JOIN usage_batch b ON b.tenant_id = s.tenant_id AND b.name = 'rows.csv' WHERE s.id MOD 5 = 0 GROUP BY s.id");
	// One alert of each fifth subscription, of a period that is long over.
	site.sql("INSERT IGNORE INTO alert (tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, starts, ends, threshold, used, included, at, told) " +
		"SELECT s.tenant_id, s.customer_id, s.segment_id, s.group_id, s.agent_id, s.account_id, s.offering_id, s.product_id, '1999-01-01', '1999-02-01', 80, 9, 10, '1999-01-20' + INTERVAL s.id MOD 9 HOUR, 1 FROM subscription s WHERE s.id MOD 5 = 0");
	// One run that is over, of the first account of each house: its draft, its settlement, and one account that it left out.
	site.sql("INSERT IGNORE INTO bill_run (id, tenant_id, cycle_day, period_start, period_end, issue_date, phase, last_account, opened) SELECT 900000, id, 28, '1999-01-28', '1999-02-28', '1999-03-01', 'settled', 0, '1999-03-01' FROM tenant WHERE level = 0");
	site.sql("INSERT INTO agreement (seller_id, starts, ends, currency) SELECT id, '1999-01-01', '1999-12-31', 'EUR' FROM tenant t WHERE NOT EXISTS (SELECT 1 FROM agreement a WHERE a.seller_id = t.id AND a.ends = '1999-12-31')");
	site.sql("INSERT IGNORE INTO draft (run_id, seller_id, account_id, agreement_id, net, tax, gross, state) SELECT 900000, a.tenant_id, MIN(a.id), g.id, 100, 19, 119, 'cancelled' FROM account a JOIN agreement g ON g.seller_id = a.tenant_id AND g.ends = '1999-12-31' GROUP BY a.tenant_id");
	site.sql("INSERT IGNORE INTO bill_run_parked (run_id, account_id, reason) SELECT 900000, MAX(id), 'closed' FROM account GROUP BY tenant_id");
	site.sql("INSERT IGNORE INTO reject (run_id, account_id, offering_id, position, reason, tenant_id, billed_id, product_id) SELECT 900000, s.account_id, s.offering_id, n.level, 'rule', s.tenant_id, s.account_id, s.product_id " +
		"FROM subscription s JOIN tenant n ON n.id = s.tenant_id WHERE s.id MOD 5 = 0");
	site.sql("INSERT IGNORE INTO settlement (run_id, tenant_id, currency, sold, bought, collects, due, period_start) SELECT 900000, id, 'EUR', 100, 0, 0, 0, '1999-01-28' FROM tenant");
	// A closed statement of everybody with one entry, and pay-outs that were cancelled.
	site.sql("INSERT IGNORE INTO statement (tenant_id, currency, period_start, period_end) SELECT id, 'EUR', '1999-01-01', '1999-02-01' FROM tenant");
	site.sql("INSERT INTO entry (tenant_id, currency, day, kind, amount, document_id) SELECT d.tenant_id, 'EUR', '1999-01-15', 'sale', 100, MIN(d.id) FROM document d " +
		"WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.tenant_id = d.tenant_id AND e.day = '1999-01-15') GROUP BY d.tenant_id");
	site.sql("UPDATE entry e JOIN statement s ON s.tenant_id = e.tenant_id AND s.period_start = '1999-01-01' AND s.state = 'open' SET e.statement_id = s.id WHERE e.day = '1999-01-15' AND e.statement_id IS NULL");
	site.sql("UPDATE statement SET sold = 100, state = 'closed', closed = '1999-02-02' WHERE period_start = '1999-01-01' AND state = 'open'");
	site.sql("INSERT INTO payout (tenant_id, party_id, execution, minimum, state, created) SELECT n.id, n.party_id, '1999-02-10', 1, 'cancelled', '1999-02-09' + INTERVAL s.seq HOUR " +
		"FROM tenant n JOIN seq_1_to_3 s WHERE n.level = 0 AND NOT EXISTS (SELECT 1 FROM payout p WHERE p.execution = '1999-02-10')");
	// What each earned as an agent of who sells to it, on a bill of theirs.
	site.sql("INSERT IGNORE INTO self_bill (tenant_id, buyer_id, kind, number, issue_date, period_start, period_end, sequence, language, currency, net, tax, gross, seller_party_id, buyer_party_id, brand_id) " +
		"SELECT t.id, p.id, 'self_billed', CONCAT('ROWS-SB-', t.id), '1999-03-01' + INTERVAL t.id DAY, '1999-01-01', '1999-02-01', 1, t.language, 'EUR', 100, 19, 119, t.party_id, p.party_id, p.brand_id " +
		"FROM tenant t JOIN tenant p ON p.id = t.parent_id WHERE p.brand_id IS NOT NULL");
	site.sql("INSERT IGNORE INTO self_bill_line (self_bill_id, position, document_id, base, rate, net, tax_category, tax_rate, tax) SELECT b.id, 1, MIN(d.id), 1000, 10, 100, 'S', 19, 19 " +
		"FROM self_bill b JOIN document d ON d.tenant_id = b.buyer_id WHERE b.number LIKE 'ROWS-%' GROUP BY b.id");
	// A price list of everybody with a version and a draft.
	site.sql("INSERT IGNORE INTO price_list (tenant_id, code, name, currency) SELECT id, 'rows', 'Rows', 'EUR' FROM tenant");
	site.sql("INSERT INTO price_version (list_id, starts, state) SELECT l.id, '2020-01-01', 'published' FROM price_list l WHERE l.code = 'rows' AND NOT EXISTS (SELECT 1 FROM price_version v WHERE v.list_id = l.id)");
	site.sql("INSERT INTO price_version (list_id, starts, state) SELECT l.id, '2020-01-01', 'draft' FROM price_list l WHERE NOT EXISTS (SELECT 1 FROM price_version v WHERE v.draft_of = l.id)");
	// What each reseller buys by, as a customer of who sells to it; and a bill from there, with a line and a tax.
	site.sql("INSERT INTO customer (tenant_id, a1, a2, a3, a4, segment_id, party_id, number, name, kind, language, since, buyer_id) SELECT p.id, p.a1, p.a2, p.a3, p.a4, MIN(g.id), t.party_id, CONCAT('ROWS-', t.id), t.name, 'reseller', t.language, '2000-01-01', t.id " +
		"FROM tenant t JOIN tenant p ON p.id = t.parent_id JOIN segment g ON g.tenant_id = p.id WHERE NOT EXISTS (SELECT 1 FROM customer c WHERE c.buyer_id = t.id AND c.tenant_id = p.id) GROUP BY t.id");
	site.sql("INSERT INTO account (tenant_id, customer_id, segment_id, number, currency) SELECT c.tenant_id, c.id, c.segment_id, c.number, 'EUR' FROM customer c WHERE c.buyer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM account a WHERE a.customer_id = c.id)");
	site.sql("INSERT INTO agreement (seller_id, buyer_id, account_id, starts, ends, currency) SELECT c.tenant_id, c.buyer_id, MIN(a.id), '2100-01-01', '2100-02-01', a.currency " +
		"FROM customer c JOIN account a ON a.customer_id = c.id WHERE c.buyer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM agreement g WHERE g.buyer_id = c.buyer_id) GROUP BY c.id");
	site.sql("INSERT INTO document (tenant_id, a1, a2, a3, a4, customer_id, segment_id, account_id, kind, number, issue_date, due_date, period_start, period_end, language, currency, net, tax, gross, seller_party_id, buyer_party_id, brand_id) " +
		"SELECT c.tenant_id, c.a1, c.a2, c.a3, c.a4, c.id, c.segment_id, MIN(a.id), 'invoice', CONCAT('ROWS-', c.id), '1999-03-01' + INTERVAL c.buyer_id DAY, '1999-03-15', '1999-01-28', '1999-02-28', c.language, 'EUR', 100, 19, 119, p.party_id, t.party_id, p.brand_id " +
		"FROM customer c JOIN account a ON a.customer_id = c.id JOIN tenant t ON t.id = c.buyer_id JOIN tenant p ON p.id = c.tenant_id WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.customer_id = c.id) GROUP BY c.id");
	site.sql("INSERT IGNORE INTO document_line (document_id, account_id, position, code, description, period_start, period_end, quantity, unit, unit_price, net, tax_category, tax_rate) " +
		"SELECT d.id, d.account_id, 1, (SELECT MIN(o.code) FROM offering o), 'Rows', d.period_start, d.period_end, 1, 'piece', 1, 100, 'S', 19 FROM document d WHERE d.number LIKE 'ROWS-%'");
	site.sql("INSERT IGNORE INTO document_tax (document_id, category, rate, base, amount) SELECT d.id, 'S', 19, 100, 19 FROM document d WHERE d.number LIKE 'ROWS-%'");
	// What each takes as tax, from days on that are long over.
	site.sql("INSERT IGNORE INTO tax_rule (seller_id, starts, category, rate) SELECT t.id, '1999-01-01' + INTERVAL n.seq DAY, 'S', 19 FROM tenant t JOIN seq_1_to_3 n");
	// What each takes off what it charges three of its accounts.
	site.sql(`INSERT INTO discount (tenant_id, customer_id, account_id, resold, name, percent, starts, made)
		SELECT x.tenant_id, x.customer_id, x.id, 0, 'Welcome', 10, '2199-01-01', '2026-01-01'
		FROM (SELECT a.*, ROW_NUMBER() OVER (PARTITION BY a.tenant_id ORDER BY a.id) AS n FROM account a JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL) x WHERE x.n <= 3 AND NOT EXISTS (SELECT 1 FROM discount d WHERE d.account_id = x.id)`);
	// And what it charges them at least.
	site.sql(`INSERT INTO minimum (tenant_id, customer_id, account_id, resold, offering_id, amount, starts, made)
		SELECT x.tenant_id, x.customer_id, x.id, 0, (SELECT MIN(o.id) FROM offering o), 5000, '2199-01-01', '2026-01-01'
		FROM (SELECT a.*, ROW_NUMBER() OVER (PARTITION BY a.tenant_id ORDER BY a.id) AS n FROM account a JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL) x WHERE x.n <= 3 AND NOT EXISTS (SELECT 1 FROM minimum m WHERE m.account_id = x.id)`);
	askedEverywhere(site);
}
