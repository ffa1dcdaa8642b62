-- What the demo does not bring for test_plans.
INSERT INTO audit (at, trace, user_id, tenant_id, action)
SELECT '2026-01-01' + INTERVAL seq * 7 MINUTE, '0123456789abcdef', u.id, u.tenant_id, IF(seq % 997 = 0, 'user.rare', 'user.edit')
  FROM seq_1_to_30000 JOIN user u ON u.id = 1 + seq % 100;
INSERT INTO audit_seal (seq, audit_id, sealed, row_hash, link)
SELECT id, id, at, REPEAT('x', 32), REPEAT('x', 32) FROM audit;
INSERT INTO opening (tenant_id, customer_id, segment_id, group_id, kind, object_id, user_id, role_id, did, day, at)
SELECT t.tenant_id, t.customer_id, c.segment_id, c.group_id, IF(t.id % 9 = 0, 'payment', 'document'), t.id, 1 + t.id % 100, 1, 'opened', t.issue_date, t.issue_date
  FROM document t JOIN customer c ON c.id = t.customer_id;
INSERT INTO usage_source (id, tenant_id, code) VALUES (1, 1, 'meter');
INSERT INTO usage_batch (id, tenant_id, way, created) SELECT seq, 1 + seq % 30, 'file', '2026-01-01' + INTERVAL seq HOUR FROM seq_1_to_3000;
INSERT INTO usage_event (tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, source_id, event, quantity, at, day, batch_id, line)
SELECT t.tenant_id, t.customer_id, c.segment_id, c.group_id, c.agent_id, t.account_id, t.offering_id, t.product_id, 1, CONCAT('e', t.id, '-', s.seq), 1,
       '2026-03-01' + INTERVAL (t.id + s.seq) % 60 DAY, '2026-03-01' + INTERVAL (t.id + s.seq) % 60 DAY, 1, s.seq
  FROM subscription t JOIN customer c ON c.id = t.customer_id JOIN seq_1_to_3 s;
INSERT IGNORE INTO alert (tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, starts, ends, threshold, used, included, at, told)
SELECT t.tenant_id, t.customer_id, c.segment_id, c.group_id, c.agent_id, t.account_id, t.offering_id, t.product_id, '2026-01-01' + INTERVAL t.id % 900 DAY, '2100-01-01',
       IF(s.seq = 1, 80, 100), 90, 100, '2026-03-01' + INTERVAL t.id % 60 DAY, 1
  FROM subscription t JOIN customer c ON c.id = t.customer_id JOIN seq_1_to_2 s;
INSERT INTO usage_reject (tenant_id, batch_id, line, line_hash, came, text, reason, state)
SELECT 1 + seq % 30, 1, seq, RPAD(seq, 32, 'x'), '2026-01-01' + INTERVAL seq MINUTE, 'line', IF(seq % 100 = 0, 'user.rare', 'negative'), IF(seq % 3 = 0, 'open', 'received') FROM seq_1_to_20000;
INSERT INTO statement (tenant_id, currency, period_start, period_end)
SELECT 1 + seq % 30, 'EUR', '2000-01-01' + INTERVAL seq DIV 30 DAY, '2000-02-01' + INTERVAL seq DIV 30 DAY FROM seq_0_to_5999;
INSERT INTO entry (tenant_id, currency, day, kind, amount) SELECT 1 + seq % 30, 'EUR', '2000-01-01' + INTERVAL seq % 900 DAY, 'sale', 1 FROM seq_1_to_20000;
UPDATE entry e JOIN statement s ON s.tenant_id = e.tenant_id AND s.period_start = '2000-01-01' + INTERVAL e.id % 200 DAY SET e.statement_id = s.id;
INSERT INTO payout (tenant_id, party_id, execution, minimum, state, created)
SELECT 1, 1, '2026-01-01', 1, IF(seq % 100 = 0, 'prepared', IF(seq % 3 = 0, 'sent', 'cancelled')), '2026-01-01' + INTERVAL seq HOUR FROM seq_1_to_5000;
INSERT INTO price_list (tenant_id, code, name, currency) SELECT 1 + seq % 30, CONCAT('l', seq), CONCAT('List ', seq), 'EUR' FROM seq_1_to_3000;
INSERT INTO price_version (list_id, starts, state) SELECT l.id, '2026-01-01' + INTERVAL s.seq MONTH, IF(s.seq = 3, 'draft', 'published') FROM price_list l JOIN seq_1_to_3 s;
INSERT INTO price_rule (version_id, method) SELECT id, 'pass_through' FROM price_version;
INSERT INTO agreement (seller_id, buyer_id, account_id, starts, currency)
SELECT a.tenant_id, 1 + a.id % 30, a.id, '2026-01-01' + INTERVAL a.id % 300 DAY, 'EUR' FROM account a WHERE a.id <= 6000;
INSERT INTO discount (tenant_id, customer_id, account_id, resold, name, percent, starts, made)
SELECT a.tenant_id, a.customer_id, a.id, a.id % 10 = 0, 'Welcome', 10, '2026-01-01' + INTERVAL a.id % 300 DAY, '2026-01-01' FROM account a WHERE a.id <= 6000;
INSERT INTO minimum (tenant_id, customer_id, account_id, resold, offering_id, amount, starts, made)
SELECT a.tenant_id, a.customer_id, a.id, a.id % 10 = 0, 1, 5000, '2026-01-01' + INTERVAL a.id % 300 DAY, '2026-01-01' FROM account a WHERE a.id <= 6000;
INSERT IGNORE INTO tax_rule (seller_id, starts, category, rate) SELECT 1 + seq % 30, '2026-01-01' + INTERVAL seq DAY, 'S', 19 FROM seq_1_to_3000;
INSERT INTO exchange_rate (tenant_id, from_currency, to_currency, day, rate, source, set_at)
SELECT 1, 'EUR', IF(seq % 2, 'GBP', 'JPY'), '2000-01-01' + INTERVAL seq DIV 2 DAY, 1, 'plans', '2026-01-01' FROM seq_1_to_10000;
INSERT INTO self_bill (tenant_id, buyer_id, kind, number, issue_date, period_start, period_end, sequence, language, currency, net, tax, gross, seller_party_id, buyer_party_id, brand_id, pdf_sha256)
SELECT 1 + seq % 30, 1 + (seq + 1) % 30, IF(seq % 50 = 0, 'self_credit', 'self_billed'), CONCAT('SB-', seq), '2000-01-01' + INTERVAL seq % 900 DAY, '2000-01-01', '2000-02-01', seq DIV 30, 'en', 'EUR',
       100, 0, 100, 1, 1, (SELECT MIN(id) FROM brand), REPEAT('x', 32) FROM seq_1_to_6000;
INSERT INTO self_bill_line (self_bill_id, position, document_id, base, rate, net, tax_category, tax_rate, tax)
SELECT b.id, s.seq, 1 + (b.id * 7 + s.seq) % 5000, 1000, 10, 50, 'O', 0, 0 FROM self_bill b JOIN seq_1_to_2 s;
INSERT IGNORE INTO earning (tenant_id, seller_id, agreement_id, currency, day, document_id, payment_id, base, rate, net, tax_rate, tax, self_bill_id)
SELECT b.tenant_id, b.buyer_id, (SELECT MIN(id) FROM agreement), 'EUR', b.issue_date, l.document_id, 1 + (l.self_bill_id * 2 + l.position) % 9000, 1000, 10, 50, 0, 0, IF(b.id % 20 = 0, NULL, b.id)
  FROM self_bill b JOIN self_bill_line l ON l.self_bill_id = b.id;
