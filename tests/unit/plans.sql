-- What the demo does not bring for test_plans.
INSERT INTO audit (at, trace, user_id, tenant_id, action)
SELECT '2026-01-01' + INTERVAL seq * 7 MINUTE, '0123456789abcdef', u.id, u.tenant_id, IF(seq % 997 = 0, 'user.rare', 'user.edit')
  FROM seq_1_to_30000 JOIN user u ON u.id = 1 + seq % 100;
INSERT INTO audit_seal (seq, audit_id, sealed, row_hash, link)
SELECT id, id, at, REPEAT('x', 32), REPEAT('x', 32) FROM audit;
