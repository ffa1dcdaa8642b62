-- A settlement case in a database of its own, and what came out of it.

-- name: rehearsal_currency
-- guard: admin
INSERT INTO currency (code, decimals) VALUES (:currency, :decimals) ON DUPLICATE KEY UPDATE decimals = VALUES(decimals)

-- On the account's document, where it has one.
-- name: rehearsal_payment
-- guard: admin
INSERT INTO payment (tenant_id, customer_id, segment_id, account_id, received, amount, currency, method, document_id)
SELECT a.tenant_id, a.customer_id, a.segment_id, a.id, :received, :amount, a.currency, 'transfer',
       (SELECT MIN(x.id) FROM document x WHERE x.account_id = a.id)
  FROM account a WHERE a.id = :account

-- name: rehearsal_paid
-- guard: admin
UPDATE document x
  JOIN (SELECT p.document_id, SUM(p.amount) AS amount FROM payment p WHERE p.document_id IS NOT NULL GROUP BY p.document_id) p ON p.document_id = x.id
   SET x.paid = LEAST(x.gross, p.amount)

-- name: rehearsal_documents
-- guard: admin
SELECT x.id, n.name AS _seller, c.name AS _buyer, x.net, x.tax, x.gross
  FROM document x
  JOIN tenant n ON n.id = x.tenant_id
  JOIN customer c ON c.id = x.customer_id
 ORDER BY CAST(n.name AS BINARY), CAST(c.name AS BINARY), x.id

-- The charges that a document is made of.
-- name: rehearsal_lines
-- guard: admin
SELECT d.document_id AS _document, e.name AS _account, o.code AS _offering, b.quantity, h.net
  FROM draft d
  JOIN charge h ON h.run_id = d.run_id AND h.account_id = d.account_id AND h.agreement_id = d.agreement_id
  JOIN billable b ON b.id = h.billable_id
  JOIN offering o ON o.id = b.offering_id
  JOIN account a ON a.id = b.account_id
  JOIN customer e ON e.id = a.customer_id
 WHERE d.run_id = :run AND d.document_id IS NOT NULL
 ORDER BY d.document_id, CAST(e.name AS BINARY), o.code, b.quantity, h.net

-- name: rehearsal_margins
-- guard: admin
SELECT n.name AS _tenant, CAST(SUM(s.sold - s.bought) AS SIGNED) AS _margin, CAST(SUM(s.due) AS SIGNED) AS _due, MAX(s.collects) AS _collects
  FROM settlement s
  JOIN tenant n ON n.id = s.tenant_id
 WHERE s.run_id = :run
 GROUP BY CAST(n.name AS BINARY)
 ORDER BY CAST(n.name AS BINARY)

-- name: rehearsal_commissions
-- guard: admin
SELECT n.name AS _tenant, CAST(SUM(m.net) AS SIGNED) AS _net, CAST(SUM(m.tax) AS SIGNED) AS _tax, CAST(SUM(m.gross) AS SIGNED) AS _gross
  FROM commission m
  JOIN tenant n ON n.id = m.tenant_id
 GROUP BY CAST(n.name AS BINARY)
 ORDER BY CAST(n.name AS BINARY)

-- name: rehearsal_rejects
-- guard: admin
SELECT e.name AS _account, o.code AS _offering, CONCAT(s.name, '>', IF(r.position = n.level, e.name, u.name)) AS _edge
  FROM reject r
  JOIN account a ON a.id = r.account_id
  JOIN customer e ON e.id = a.customer_id
  JOIN tenant n ON n.id = a.tenant_id
  JOIN offering o ON o.id = r.offering_id
  JOIN tenant s ON s.id = CASE r.position WHEN 0 THEN :root WHEN 1 THEN n.a1 WHEN 2 THEN n.a2 WHEN 3 THEN n.a3 ELSE n.a4 END
  LEFT JOIN tenant u ON u.id = CASE r.position WHEN 0 THEN n.a1 WHEN 1 THEN n.a2 WHEN 2 THEN n.a3 ELSE n.a4 END
 WHERE r.run_id = :run
 ORDER BY CAST(e.name AS BINARY), o.code, CAST(CONCAT(s.name, '>', IF(r.position = n.level, e.name, u.name)) AS BINARY)
