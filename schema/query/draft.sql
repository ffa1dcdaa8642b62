-- Documents before they have a number, and how they get one.

-- name: draft_chunk
-- guard: admin
SELECT MAX(x.account_id) AS _upto, COUNT(x.account_id) AS _n
  FROM (SELECT DISTINCT t.account_id FROM draft_tax t WHERE t.run_id = :run AND t.account_id > :after ORDER BY t.account_id LIMIT :page) x

-- Tax is computed by document and rate on the sum of the lines, and rounded once.  Beside it stands what the account was billed
-- by the same seller for the period right before.
-- name: draft_insert
-- guard: admin
INSERT INTO draft (run_id, seller_id, account_id, agreement_id, net, tax, gross, previous, deviation)
SELECT x.run_id, x.tenant_id, x.account_id, x.agreement_id, x.net, x.tax, x.gross, x.previous,
       IF(COALESCE(x.previous, x.gross) = x.gross, 0, IF(x.previous = 0, 999999, LEAST(999999, ROUND(ABS(x.gross - x.previous) * 100 / ABS(x.previous)))))
  FROM (SELECT STRAIGHT_JOIN t.run_id, a.tenant_id, t.account_id, t.agreement_id, SUM(t.base) AS net, SUM(ROUND(t.base * t.rate * 0.01)) AS tax,
               SUM(t.base + ROUND(t.base * t.rate * 0.01)) AS gross,
               (SELECT SUM(p.gross) FROM document p
                 WHERE p.account_id = a.id AND p.customer_id = a.customer_id AND p.tenant_id = a.tenant_id AND p.period_end = r.period_start
                   AND p.kind = 'invoice' AND p.currency = g.currency) AS previous
          FROM bill_run r
          JOIN draft_tax t ON t.run_id = r.id AND t.account_id > :after AND t.account_id <= :upto
          JOIN account a ON a.id = t.account_id
          JOIN agreement g ON g.id = t.agreement_id
         WHERE r.id = :run
         GROUP BY t.run_id, t.account_id, t.agreement_id) x

-- name: draft_drafted
-- guard: admin
UPDATE bill_run SET drafted_to = :upto WHERE id = :run

-- ---- what drafts are held against: found first and then written by id, so that drafts of other runs are not locked ----
-- Why it differs: of the offering whose amount differs most; where none does, the tax does.  What was or is missing to a minimum
-- differs by that.
-- name: draft_reason
-- guard: admin
UPDATE (SELECT y.id, y.reason, ROW_NUMBER() OVER (PARTITION BY y.id ORDER BY y.more DESC, y.code) AS place
       FROM (SELECT x.id, x.code, ABS(SUM(x.now_net) - SUM(x.net)) AS more,
                    CASE WHEN SUM(x.now_net) = SUM(x.net) THEN 'tax' WHEN MAX(x.topped) THEN 'minimum' WHEN SUM(x.old) = 0 THEN 'new' WHEN SUM(x.new) = 0 THEN 'ended'
                         WHEN MAX(x.now_unit) <> MAX(x.unit) THEN 'price' ELSE 'quantity' END AS reason
               FROM (SELECT w.id, o.code, 1 AS new, 0 AS old, h.net AS now_net, 0 AS net, h.unit AS now_unit, NULL AS unit, b.priced_for = -1 AS topped
                       FROM draft w
                       JOIN charge h ON h.run_id = w.run_id AND h.account_id = w.account_id AND h.agreement_id = w.agreement_id
                       JOIN billable b ON b.id = h.billable_id
                       JOIN offering o ON o.id = b.offering_id
                      WHERE w.run_id = :run AND w.account_id > :after AND w.account_id <= :upto AND w.previous <> w.gross
                     UNION ALL
                     SELECT w.id, l.code, 0, 1, 0, l.net, NULL, l.unit_price,
                            EXISTS (SELECT 1 FROM minimum m JOIN offering q ON q.id = m.offering_id WHERE m.tenant_id = p.tenant_id AND m.starts <= p.period_start AND m.ends > p.period_start AND q.code = l.code)
                       FROM draft w
                       JOIN bill_run r ON r.id = w.run_id
                       JOIN document p ON p.account_id = w.account_id AND p.tenant_id = w.seller_id AND p.kind = 'invoice' AND p.period_end = r.period_start
                       JOIN document_line l ON l.document_id = p.id
                      WHERE w.run_id = :run AND w.account_id > :after AND w.account_id <= :upto AND w.previous <> w.gross) x
              GROUP BY x.id, x.code) y) z
  STRAIGHT_JOIN draft d ON d.id = z.id AND z.place = 1
   SET d.reason = z.reason

-- Far from what it was: held until somebody releases it.
-- name: draft_outliers
-- guard: admin
UPDATE draft d SET d.state = 'held', d.hold = 'outlier'
 WHERE d.run_id = :run AND d.account_id > :after AND d.account_id <= :upto AND d.state = 'draft' AND d.previous > 0
   AND (d.gross > d.previous * :factor OR d.gross * :factor < d.previous)

-- A cancelled run keeps what it drafted, as drafts that come to nothing.
-- name: draft_cancel
-- guard: admin
UPDATE draft d SET d.state = 'cancelled' WHERE d.run_id = :run AND d.state IN ('draft', 'held', 'approved') ORDER BY d.id LIMIT :page

-- name: draft_state
-- guard: admin
UPDATE draft SET state = :state WHERE run_id = :run AND state = :before AND (:account = 0 OR account_id = :account)

-- What is issued next: the seller, and of how many drafts up to which id.
-- name: draft_seller
-- guard: admin
SELECT d.seller_id AS _seller, YEAR(r.issue_date) AS _year
  FROM draft d JOIN bill_run r ON r.id = d.run_id
 WHERE d.run_id = :run AND d.state = 'approved' ORDER BY d.seller_id, d.id LIMIT 1

-- name: draft_batch
-- guard: admin
SELECT MAX(x.id) AS _upto, COUNT(x.id) AS _n
  FROM (SELECT d.id FROM draft d WHERE d.run_id = :run AND d.state = 'approved' AND d.seller_id = :seller ORDER BY d.id LIMIT :page) x

-- A series has a row before anything is issued, so that the first statement of the issuing transaction finds it.
-- name: draft_series
-- guard: admin
INSERT IGNORE INTO series (tenant_id, kind, year, prefix)
SELECT n.id, 'invoice', :year, LEFT(UPPER(n.slug), 8) FROM tenant n WHERE n.id = :seller

-- name: draft_take
-- guard: admin
UPDATE series SET next = next + :n WHERE tenant_id = :seller AND kind = 'invoice' AND year = :year

-- Approved with a number is only what this transaction issues.
-- name: draft_number
-- guard: admin
UPDATE draft d
  JOIN (SELECT w.id, ROW_NUMBER() OVER (ORDER BY w.id) AS place FROM draft w
         WHERE w.run_id = :run AND w.state = 'approved' AND w.seller_id = :seller AND w.id <= :upto) x ON x.id = d.id
  JOIN series s ON s.tenant_id = d.seller_id AND s.kind = 'invoice' AND s.year = :year
  JOIN tenant n ON n.id = d.seller_id
   SET d.number = CONCAT(IF(s.prefix = '', LEFT(UPPER(n.slug), 8), s.prefix), '-', s.year, '-',
                         REPEAT('0', GREATEST(0, 6 - LENGTH(s.next - :n - 1 + x.place))), s.next - :n - 1 + x.place)

-- name: draft_documents
-- guard: admin
INSERT INTO document (tenant_id, a1, a2, a3, a4, customer_id, segment_id, group_id, agent_id, account_id, kind, number, issue_date, due_date,
                      period_start, period_end, language, currency, net, tax, gross, seller_party_id, buyer_party_id, brand_id)
SELECT STRAIGHT_JOIN d.seller_id, n.a1, n.a2, n.a3, n.a4, c.id, c.segment_id, c.group_id, c.agent_id, a.id, 'invoice', d.number, r.issue_date,
       r.issue_date + INTERVAL a.terms_days DAY, r.period_start, r.period_end, c.language, g.currency, d.net, d.tax, d.gross,
       n.party_id, COALESCE(u.party_id, c.party_id), n.brand_id
  FROM draft d FORCE INDEX (run_state)
  JOIN bill_run r ON r.id = d.run_id
  JOIN account a ON a.id = d.account_id
  JOIN customer c ON c.id = a.customer_id
  JOIN tenant n ON n.id = d.seller_id
  JOIN agreement g ON g.id = d.agreement_id
  LEFT JOIN tenant u ON u.id = c.buyer_id
 WHERE d.run_id = :run AND d.state = 'approved' AND d.seller_id = :seller AND d.id <= :upto AND d.number IS NOT NULL
 ORDER BY d.id

-- The first of the documents that this connection has just made.
-- name: draft_first
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- name: draft_issued
-- guard: admin
UPDATE draft d FORCE INDEX (run_state) JOIN document x ON x.tenant_id = d.seller_id AND x.number = d.number
   SET d.document_id = x.id, d.state = 'issued'
 WHERE d.run_id = :run AND d.state = 'approved' AND d.seller_id = :seller AND d.id <= :upto AND d.number IS NOT NULL

-- A line is a charge; on a document to a reseller, all charges of one offering at one price (the annex is the ledger), of
-- usage those of one period: what came late says when it was used.  What discounts took is not in its net, and is told.  In the language of who gets it.
-- name: draft_lines
-- guard: admin
INSERT INTO document_line (document_id, account_id, position, code, description, period_start, period_end, quantity, unit, unit_price, net,
                           tax_category, tax_rate, discount, discount_name)
SELECT x.document_id, x.account_id, ROW_NUMBER() OVER (PARTITION BY x.document_id ORDER BY x.code, x.starts, x.first), x.code,
       COALESCE((SELECT w.name FROM offering_name w WHERE w.offering_id = x.offering_id AND w.language = x.language), x.name), x.starts, x.ends,
       x.quantity, x.unit, x.unit_price, x.net, x.tax_category, x.tax_rate, x.discount,
       IF(x.discount_id IS NULL, NULL, (SELECT NULLIF(t.name, '') FROM discount t WHERE t.id = x.discount_id))
  FROM (SELECT STRAIGHT_JOIN d.document_id, d.account_id, o.code, o.name, o.id AS offering_id, c.language, MIN(b.starts) AS starts, MAX(b.ends) AS ends, MIN(b.id) AS first,
               SUM(b.quantity) AS quantity, o.unit, h.unit AS unit_price, SUM(h.net) AS net, h.tax_category, h.tax_rate,
               SUM(h.discount) AS discount, IF(MIN(h.discount_id) = MAX(h.discount_id), MIN(h.discount_id), NULL) AS discount_id
          FROM draft d FORCE INDEX (document)
          JOIN account a ON a.id = d.account_id
          JOIN customer c ON c.id = a.customer_id
          JOIN charge h ON h.run_id = d.run_id AND h.account_id = d.account_id AND h.agreement_id = d.agreement_id
          JOIN billable b ON b.id = h.billable_id
          JOIN offering o ON o.id = b.offering_id
         WHERE d.document_id >= :first AND d.run_id = :run AND d.seller_id = :seller
         GROUP BY d.document_id, d.account_id, o.id, h.unit, h.tax_category, h.tax_rate, IF(c.buyer_id IS NULL, b.id, 0),
                  IF(b.subscription_id = 0, b.starts, NULL)
         ORDER BY NULL) x

-- name: draft_taxes
-- guard: admin
INSERT INTO document_tax (document_id, category, rate, base, amount)
SELECT d.document_id, t.category, t.rate, t.base, ROUND(t.base * t.rate * 0.01)
  FROM draft d FORCE INDEX (document)
  JOIN draft_tax t ON t.run_id = d.run_id AND t.account_id = d.account_id AND t.agreement_id = d.agreement_id
 WHERE d.document_id >= :first AND d.run_id = :run AND d.seller_id = :seller
