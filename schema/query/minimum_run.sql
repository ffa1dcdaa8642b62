-- Minimums in a run (trade/bill_minimum.c): of end accounts behind the discounts of their chunk and before its sums; of resellers
-- behind the last chunk, for what they are charged is of all chunks.
--
-- What counts is all that the account is charged by live runs whose period ends within this one: of its own cycle those of the same
-- period, in whatever sequence; of a reseller those of all cycles that it got bills of meanwhile.  What comes later comes on top.  A run
-- of one account alone tops up nothing: that is left to the run of the cycle.

-- Does any concern the chunk?  Most runs end here.
-- name: minimum_any
-- guard: admin
SELECT EXISTS (SELECT 1 FROM bill_run r JOIN minimum t ON t.resold = 0 AND t.of_account > :after AND t.of_account <= :upto
                  AND t.starts <= r.period_start AND t.ends > r.period_start WHERE r.id = :run AND r.account_id IS NULL)
       OR EXISTS (SELECT 1 FROM bill_run r JOIN minimum t ON t.resold = 0 AND t.of_account = 0 AND t.starts <= r.period_start AND t.ends > r.period_start
                   WHERE r.id = :run AND r.account_id IS NULL) AS _any

-- Of resellers: held, so that runs of other cycles and tenants wait, and none is topped up by two.
-- name: minimum_hold
-- guard: admin
SELECT t.id AS _id FROM minimum t WHERE t.resold = 1 FOR UPDATE

-- Accounts of the chunk that are open and not parked, their agreement found as ever; without any charge all of it is missing.
-- name: minimum_take
-- guard: admin
INSERT INTO minimum_use (run_id, account_id, minimum_id, resold, agreement_id, charged, amount, tax_category, tax_rate, trouble)
SELECT x.run_id, x.account_id, x.minimum_id, 0, x.agreement_id, x.charged, x.amount - x.charged, COALESCE(x.category, t.category), COALESCE(x.rate, t.rate),
       IF(x.agreement_id IS NULL, 'agreement', IF(COALESCE(x.rate, t.rate) IS NULL, 'tax', NULL))
  FROM (SELECT STRAIGHT_JOIN r.id AS run_id, r.period_start, a.id AS account_id, a.tenant_id, g.id AS agreement_id, g.tax_category AS category, g.tax_rate AS rate,
               m.id AS minimum_id, m.offering_id, m.amount,
               (SELECT CAST(COALESCE(SUM(h.net), 0) AS SIGNED)
                  FROM bill_run p
                  JOIN tenant u ON u.id = p.tenant_id AND (u.level = 0 OR u.id IN (n.a1, n.a2, n.a3, n.a4))
                  JOIN charge h ON h.run_id = p.id AND h.account_id = a.id
                 WHERE p.period_end > r.period_start AND p.period_end <= r.period_end AND p.phase NOT IN ('cancelling', 'cancelled')) AS charged
          FROM bill_run r
          JOIN account a ON a.id > :after AND a.id <= :upto AND a.cycle_day = r.cycle_day AND a.state <> 'closed'
          JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL
          JOIN tenant n ON n.id = a.tenant_id AND n.state <> 'closed'
          JOIN tenant top ON top.id = r.tenant_id AND (top.level = 0 OR top.id IN (n.a1, n.a2, n.a3, n.a4))
          LEFT JOIN agreement own ON own.seller_id = a.tenant_id AND own.of_account = a.id AND own.starts <= r.period_start AND own.ends > r.period_start
          LEFT JOIN agreement std ON std.seller_id = a.tenant_id AND std.of_account = 0 AND std.starts <= r.period_start AND std.ends > r.period_start
          LEFT JOIN agreement g ON g.id = COALESCE(own.id, std.id) AND g.currency = a.currency
          JOIN minimum m ON m.id = COALESCE((SELECT o.id FROM minimum o WHERE o.resold = 0 AND o.of_account = a.id AND o.starts <= r.period_start AND o.ends > r.period_start LIMIT 1),
                                            (SELECT w.id FROM minimum w WHERE w.of_agreement = g.id AND w.of_account = 0 AND w.starts <= r.period_start AND w.ends > r.period_start LIMIT 1))
         WHERE r.id = :run AND r.account_id IS NULL
           AND NOT EXISTS (SELECT 1 FROM tenant u WHERE u.id IN (n.a1, n.a2, n.a3, n.a4) AND u.state = 'closed')
           AND NOT EXISTS (SELECT 1 FROM bill_run_parked k WHERE k.run_id = r.id AND k.account_id = a.id)
           AND NOT EXISTS (SELECT 1 FROM billable b WHERE b.account_id = a.id AND b.offering_id = m.offering_id AND b.subscription_id = 0 AND b.starts = r.period_start
                              AND b.given_back = 0 AND b.priced_for = -1)) x
  LEFT JOIN tax_rule t ON t.id = (SELECT v.id FROM tax_rule v WHERE v.seller_id = x.tenant_id AND v.of_offering IN (0, x.offering_id) AND v.starts <= x.period_start
                                   ORDER BY v.of_offering DESC, v.starts DESC LIMIT 1)
 WHERE x.charged < x.amount

-- The same of resellers, by the run of their account's cycle over all that they sell on.
-- name: minimum_take_above
-- guard: admin
INSERT INTO minimum_use (run_id, account_id, minimum_id, resold, agreement_id, charged, amount, tax_category, tax_rate, trouble)
SELECT x.run_id, x.account_id, x.minimum_id, 1, x.agreement_id, x.charged, x.amount - x.charged, COALESCE(x.category, t.category), COALESCE(x.rate, t.rate),
       IF(x.agreement_id IS NULL, 'agreement', IF(x.currency <> x.sold_in, 'currency', IF(COALESCE(x.rate, t.rate) IS NULL, 'tax', NULL)))
  FROM (SELECT STRAIGHT_JOIN r.id AS run_id, r.period_start, a.id AS account_id, a.tenant_id, a.currency, g.id AS agreement_id, g.currency AS sold_in, g.tax_category AS category, g.tax_rate AS rate,
               m.id AS minimum_id, m.offering_id, m.amount,
               (SELECT CAST(COALESCE(SUM(h.net), 0) AS SIGNED)
                  FROM bill_run p
                  JOIN charge h ON h.run_id = p.id AND h.account_id = a.id
                 WHERE p.period_end > r.period_start AND p.period_end <= r.period_end AND p.phase NOT IN ('cancelling', 'cancelled')) AS charged
          FROM bill_run r
          JOIN (SELECT DISTINCT COALESCE(y.account_id, z.account_id) AS id FROM minimum y LEFT JOIN agreement z ON z.id = y.agreement_id WHERE y.resold = 1) i
          JOIN account a ON a.id = i.id AND a.id <= r.last_account AND a.cycle_day = r.cycle_day AND a.state <> 'closed'
          JOIN customer c ON c.id = a.customer_id
          JOIN tenant n ON n.id = c.buyer_id AND n.state <> 'closed'
          JOIN tenant top ON top.id = r.tenant_id AND (top.level = 0 OR top.id IN (n.a1, n.a2, n.a3, n.a4))
          LEFT JOIN agreement g ON g.seller_id = a.tenant_id AND g.of_account = a.id AND g.starts <= r.period_start AND g.ends > r.period_start
          JOIN minimum m ON m.id = COALESCE((SELECT o.id FROM minimum o WHERE o.resold = 1 AND o.of_account = a.id AND o.starts <= r.period_start AND o.ends > r.period_start LIMIT 1),
                                            (SELECT w.id FROM minimum w WHERE w.of_agreement = g.id AND w.of_account = 0 AND w.starts <= r.period_start AND w.ends > r.period_start LIMIT 1))
         WHERE r.id = :run AND r.account_id IS NULL
           AND NOT EXISTS (SELECT 1 FROM tenant u WHERE u.id IN (n.a1, n.a2, n.a3, n.a4) AND u.state = 'closed')
           AND NOT EXISTS (SELECT 1 FROM bill_run_parked k WHERE k.run_id = r.id AND k.account_id = a.id)
           AND NOT EXISTS (SELECT 1 FROM billable b WHERE b.account_id = a.id AND b.offering_id = m.offering_id AND b.subscription_id = 0 AND b.starts = r.period_start
                              AND b.given_back = 0 AND b.priced_for = -1)) x
  LEFT JOIN tax_rule t ON t.id = (SELECT v.id FROM tax_rule v WHERE v.seller_id = x.tenant_id AND v.of_offering IN (0, x.offering_id) AND v.starts <= x.period_start
                                   ORDER BY v.of_offering DESC, v.starts DESC LIMIT 1)
 WHERE x.charged < x.amount

-- ---- what is missing as a thing of its own, on one edge ----

-- name: minimum_things
-- guard: admin
INSERT INTO billable (run_id, account_id, offering_id, subscription_id, starts, ends, quantity, days, of_days, tenant_id, agreement_id, priced_for)
SELECT u.run_id, u.account_id, m.offering_id, 0, r.period_start, r.period_end, 1, 1, 1, a.tenant_id, u.agreement_id, -1
  FROM minimum_use u
  JOIN bill_run r ON r.id = u.run_id
  JOIN minimum m ON m.id = u.minimum_id
  JOIN account a ON a.id = u.account_id
 WHERE u.run_id = :run AND u.account_id > :after AND u.account_id <= :upto AND u.resold = :above AND u.trouble IS NULL

-- A chain of that edge alone, for all who share it: no list says its price.
-- name: minimum_chains
-- guard: admin
INSERT INTO chain_price (run_id, tenant_id, agreement_id, priced_for, offering_id, day, state, covers)
SELECT DISTINCT b.run_id, b.tenant_id, b.agreement_id, b.priced_for, b.offering_id, b.starts, 'priced', 1
  FROM billable b
 WHERE b.run_id = :run AND b.account_id > :after AND b.account_id <= :upto AND b.priced_for = -1
   AND NOT EXISTS (SELECT 1 FROM chain_price c WHERE c.run_id = b.run_id AND c.tenant_id = b.tenant_id AND c.agreement_id = b.agreement_id
                     AND c.priced_for = b.priced_for AND c.offering_id = b.offering_id AND c.day = b.starts)

-- name: minimum_edges
-- guard: admin
INSERT INTO chain_edge (chain_id, position, seller_id, agreement_id, currency, decimals, tax_category, tax_rate, covers)
SELECT DISTINCT c.id, n.level, c.tenant_id, g.id, g.currency, k.decimals, u.tax_category, u.tax_rate, 1
  FROM minimum_use u
  JOIN billable b ON b.run_id = u.run_id AND b.account_id = u.account_id AND b.priced_for = -1
  JOIN chain_price c ON c.run_id = b.run_id AND c.tenant_id = b.tenant_id AND c.agreement_id = b.agreement_id
   AND c.priced_for = b.priced_for AND c.offering_id = b.offering_id AND c.day = b.starts
  JOIN tenant n ON n.id = c.tenant_id
  JOIN agreement g ON g.id = c.agreement_id
  JOIN currency k ON k.code = g.currency
 WHERE u.run_id = :run AND u.account_id > :after AND u.account_id <= :upto AND u.resold = :above AND u.trouble IS NULL
   AND NOT EXISTS (SELECT 1 FROM chain_edge e WHERE e.chain_id = c.id)

-- name: minimum_charges
-- guard: admin
INSERT INTO charge (billable_id, position, run_id, seller_id, account_id, agreement_id, chain_id, rule_id, unit, amount, tax_category, tax_rate)
SELECT b.id, e.position, u.run_id, e.seller_id, u.account_id, u.agreement_id, e.chain_id, 0,
       u.amount / CAST(CONCAT('1', REPEAT('0', e.decimals)) AS DECIMAL(5)), u.amount, e.tax_category, e.tax_rate
  FROM minimum_use u
  JOIN billable b ON b.run_id = u.run_id AND b.account_id = u.account_id AND b.priced_for = -1
  JOIN chain_price c ON c.run_id = b.run_id AND c.tenant_id = b.tenant_id AND c.agreement_id = b.agreement_id
   AND c.priced_for = b.priced_for AND c.offering_id = b.offering_id AND c.day = b.starts
  JOIN chain_edge e ON e.chain_id = c.id
 WHERE u.run_id = :run AND u.account_id > :after AND u.account_id <= :upto AND u.resold = :above AND u.trouble IS NULL

-- name: minimum_rejects
-- guard: admin
INSERT INTO reject (run_id, account_id, offering_id, position, reason, tenant_id, billed_id, product_id)
SELECT u.run_id, u.account_id, m.offering_id, n.level, CAST(u.trouble AS CHAR), a.tenant_id, a.id, o.product_id
  FROM minimum_use u
  JOIN minimum m ON m.id = u.minimum_id
  JOIN account a ON a.id = u.account_id
  JOIN tenant n ON n.id = a.tenant_id
  JOIN offering o ON o.id = m.offering_id
 WHERE u.run_id = :run AND u.account_id > :after AND u.account_id <= :upto AND u.resold = :above AND u.trouble IS NOT NULL
ON DUPLICATE KEY UPDATE reason = reject.reason

-- Of resellers: those of end accounts are in the sums of their chunk.
-- name: minimum_sums
-- guard: admin
INSERT INTO draft_tax (run_id, account_id, agreement_id, category, rate, base, charges)
SELECT h.run_id, h.account_id, h.agreement_id, h.tax_category, h.tax_rate, SUM(h.net) AS more, COUNT(h.billable_id) AS n
  FROM minimum_use u
  JOIN billable b ON b.run_id = u.run_id AND b.account_id = u.account_id AND b.priced_for = -1
  JOIN charge h ON h.billable_id = b.id
 WHERE u.run_id = :run AND u.resold = 1
 GROUP BY h.run_id, h.account_id, h.agreement_id, h.tax_category, h.tax_rate
ON DUPLICATE KEY UPDATE base = base + VALUES(base), charges = draft_tax.charges + VALUES(charges)

-- ---- for the second opinion in C (trade/minimum.c) ----

-- name: minimum_there_is
-- guard: admin
SELECT EXISTS (SELECT 1 FROM bill_run r JOIN minimum t ON t.starts <= r.period_start AND t.ends > r.period_start WHERE r.id = :run)
       OR EXISTS (SELECT 1 FROM minimum_use u WHERE u.run_id = :run) AS _any

-- Every account of the run that could have one, with each minimum of its or of its agreement, and each charge that counts: of this
-- run, or of another; _topped: it is itself what was missing.  _able: it is to be billed.
-- name: minimum_lines
-- guard: admin
SELECT STRAIGHT_JOIN x.account_id AS _account, m.id AS _minimum, m.of_account <> 0 AS _own, m.amount AS _amount, CAST(m.starts AS CHAR) AS _starts, CAST(m.ends AS CHAR) AS _ends,
       CAST(x.period_start AS CHAR) AS _day, x.able AS _able, COALESCE(h.net, 0) AS _net, COALESCE(p.id = x.run_id, 0) AS _of_run, COALESCE(b.priced_for = -1, 0) AS _topped,
       COALESCE(u.charged, -1) AS _charged, COALESCE(u.minimum_id, 0) AS _by, u.trouble IS NOT NULL AS _trouble
  FROM (SELECT r.id AS run_id, r.period_start, r.period_end, a.id AS account_id, c.buyer_id IS NOT NULL AS resold, COALESCE(own.id, std.id, 0) AS agreement_id,
               a.state <> 'closed' AND r.account_id IS NULL
               AND NOT EXISTS (SELECT 1 FROM tenant v WHERE v.id IN (n.id, n.a1, n.a2, n.a3, n.a4) AND v.state = 'closed')
               AND NOT EXISTS (SELECT 1 FROM bill_run_parked k WHERE k.run_id = r.id AND k.account_id = a.id) AS able
          FROM bill_run r
          JOIN account a ON a.cycle_day = r.cycle_day AND a.id <= r.last_account
          JOIN customer c ON c.id = a.customer_id
          JOIN tenant n ON n.id = COALESCE(c.buyer_id, a.tenant_id)
          JOIN tenant top ON top.id = r.tenant_id AND (top.level = 0 OR top.id IN (n.a1, n.a2, n.a3, n.a4))
          LEFT JOIN agreement own ON own.seller_id = a.tenant_id AND own.of_account = a.id AND own.starts <= r.period_start AND own.ends > r.period_start
          LEFT JOIN agreement std ON c.buyer_id IS NULL AND std.seller_id = a.tenant_id AND std.of_account = 0 AND std.starts <= r.period_start AND std.ends > r.period_start
         WHERE r.id = :run) x
  JOIN minimum m ON (m.of_account = x.account_id OR (m.of_account = 0 AND m.of_agreement = x.agreement_id))
  JOIN account q ON q.id = x.account_id
  LEFT JOIN agreement g ON g.id = m.agreement_id
  LEFT JOIN minimum_use u ON u.run_id = x.run_id AND u.account_id = x.account_id
  LEFT JOIN (bill_run p JOIN charge h ON h.run_id = p.id JOIN billable b ON b.id = h.billable_id)
    ON p.period_end > x.period_start AND p.period_end <= x.period_end AND p.phase NOT IN ('cancelling', 'cancelled') AND h.account_id = x.account_id
 WHERE g.id IS NULL OR x.resold = 1 OR g.currency = q.currency
 ORDER BY x.account_id, m.id, h.billable_id, h.position
