-- The edge ledger, what could not get into it, and the sums of documents.

-- All edges of all things of the chunk.  An amount is the price times the share of the period, rounded once, half away
-- from zero: (2x + d) DIV 2d is exact where a division would not be.
-- name: charge_insert
-- guard: admin
INSERT INTO charge (billable_id, position, run_id, seller_id, account_id, agreement_id, chain_id, rule_id, unit, amount, tax_category, tax_rate)
SELECT x.id, x.position, :run, x.seller_id, x.billed_id, x.agreement_id, x.chain_id, x.rule_id, ROUND(x.base / x.quantity, 6),
       SIGN(x.base) * ((2 * ABS(x.base) * x.days * x.minor + x.of_days) DIV (2 * x.of_days)), x.tax_category, x.tax_rate
  FROM (SELECT STRAIGHT_JOIN b.id, e.position, e.seller_id, COALESCE(e.account_id, b.account_id) AS billed_id, e.agreement_id, e.chain_id, e.rule_id,
               b.quantity, b.days, b.of_days, CAST(CONCAT('1', REPEAT('0', e.decimals)) AS DECIMAL(5)) AS minor, e.tax_category, e.tax_rate,
               SUM(CASE WHEN c.model IN ('per_unit', 'graduated') THEN
                          IF(b.quantity > t.above, (LEAST(b.quantity, t.up_to) - t.above) * t.unit + t.flat, 0)
                        WHEN b.quantity <= t.above OR b.quantity > t.up_to THEN 0
                        WHEN c.model = 'flat' THEN t.unit + t.flat
                        WHEN c.model = 'package' THEN (b.quantity DIV c.size + (b.quantity MOD c.size > 0)) * t.unit + t.flat
                        ELSE b.quantity * t.unit + t.flat END) AS base
          FROM billable b
          JOIN chain_price c ON c.run_id = b.run_id AND c.tenant_id = b.tenant_id AND c.agreement_id = b.agreement_id
           AND c.priced_for = b.priced_for AND c.offering_id = b.offering_id AND c.day = b.starts
          JOIN chain_edge e ON e.chain_id = c.id
          JOIN chain_tier t ON t.chain_id = e.chain_id AND t.position = e.position
         WHERE b.run_id = :run AND b.account_id > :after AND b.account_id <= :upto AND c.state = 'priced' AND b.quantity <= c.covers
         GROUP BY b.id, e.position) x

-- Each account, offering and edge to blame once.
-- name: charge_reject
-- guard: admin
INSERT INTO reject (run_id, account_id, offering_id, position, reason, tenant_id, billed_id, product_id)
SELECT DISTINCT STRAIGHT_JOIN b.run_id, b.account_id, b.offering_id, e.position, COALESCE(e.trouble, 'too_much'), e.seller_id, COALESCE(e.account_id, b.account_id), o.product_id
  FROM billable b
  JOIN chain_price c ON c.run_id = b.run_id AND c.tenant_id = b.tenant_id AND c.agreement_id = b.agreement_id
   AND c.priced_for = b.priced_for AND c.offering_id = b.offering_id AND c.day = b.starts AND (c.state = 'unpriced' OR b.quantity > c.covers)
  JOIN chain_edge e ON e.chain_id = c.id AND (e.trouble IS NOT NULL OR (c.state = 'priced' AND b.quantity > e.covers))
  JOIN offering o ON o.id = b.offering_id
 WHERE b.run_id = :run AND b.account_id > :after AND b.account_id <= :upto
ON DUPLICATE KEY UPDATE reason = reject.reason

-- The chunk's part of each document: of the accounts themselves, and of the resellers above, chunk by chunk.
-- name: charge_sums
-- guard: admin
INSERT INTO draft_tax (run_id, account_id, agreement_id, category, rate, base, charges)
SELECT h.run_id, h.account_id, h.agreement_id, h.tax_category, h.tax_rate, SUM(h.net) AS more, COUNT(h.billable_id) AS n
  FROM billable b
  JOIN charge h ON h.billable_id = b.id
 WHERE b.run_id = :run AND b.account_id > :after AND b.account_id <= :upto
 GROUP BY h.run_id, h.account_id, h.agreement_id, h.tax_category, h.tax_rate
ON DUPLICATE KEY UPDATE base = base + VALUES(base), charges = draft_tax.charges + VALUES(charges)

-- ---- for the second opinion in C ----
-- Every price of an edge beside what it was made of: the list's tier and that of the edge above, and at which rate.
-- name: charge_prices
-- guard: admin
SELECT t.chain_id AS _chain, t.position AS _position, r.method AS _method, r.value AS _value, COALESCE(l.unit, t.unit) AS _list,
       COALESCE(u.unit, l.unit, t.unit) AS _above, t.unit AS _unit, COALESCE(l.flat, t.flat) AS _list_flat, COALESCE(u.flat, l.flat, t.flat) AS _above_flat,
       t.flat AS _flat, CAST(e.rate AS CHAR) AS _rate
  FROM chain_price c
  JOIN chain_tier t ON t.chain_id = c.id
  JOIN chain_edge e ON e.chain_id = t.chain_id AND e.position = t.position
  JOIN price_rule r ON r.id = e.rule_id
  LEFT JOIN offering_tier l ON l.price_id = c.price_id AND l.tier = t.tier
  LEFT JOIN chain_tier u ON u.chain_id = t.chain_id AND u.position = t.position - 1 AND u.tier = t.tier
 WHERE c.run_id = :run

-- Every charge with the tiers of its edge, one a row.
-- name: charge_lines
-- guard: admin
SELECT h.billable_id AS _billable, h.position AS _position, c.model AS _model, c.size AS _size, b.quantity AS _quantity, b.days AS _days,
       b.of_days AS _of_days, e.decimals AS _decimals, h.amount AS _net, h.unit AS _unit, t.above AS _above, t.up_to AS _up_to,
       t.unit AS _tier_unit, t.flat AS _flat
  FROM charge h
  JOIN billable b ON b.id = h.billable_id
  JOIN chain_price c ON c.id = h.chain_id
  JOIN chain_edge e ON e.chain_id = h.chain_id AND e.position = h.position
  JOIN chain_tier t ON t.chain_id = h.chain_id AND t.position = h.position
 WHERE h.run_id = :run
 ORDER BY h.billable_id, h.position, t.tier
