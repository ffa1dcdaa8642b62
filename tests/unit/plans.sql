-- What the demo does not bring for test_plans.
INSERT INTO audit (at, trace, user_id, tenant_id, action)
SELECT '2026-01-01' + INTERVAL seq * 7 MINUTE, '0123456789abcdef', u.id, u.tenant_id, IF(seq % 997 = 0, 'user.rare', 'user.edit')
  FROM seq_1_to_30000 JOIN user u ON u.id = 1 + seq % 100;
INSERT INTO audit_seal (seq, audit_id, sealed, row_hash, link)
SELECT id, id, at, REPEAT('x', 32), REPEAT('x', 32) FROM audit;
INSERT INTO opening (tenant_id, customer_id, segment_id, group_id, kind, object_id, user_id, role_id, did, day, at)
SELECT t.tenant_id, t.customer_id, c.segment_id, c.group_id, IF(t.id % 9 = 0, 'payment', 'document'), t.id, 1 + t.id % 100, 1, 'opened', t.issue_date, t.issue_date
  FROM document t JOIN customer c ON c.id = t.customer_id;
