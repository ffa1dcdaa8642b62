-- What a run comes to for each tenant, its agents, and what proves that nothing is missing.
--
-- Credit notes that were issued in the period are in the settlement of its first run, for accounts of its cycle; so what
-- is credited later changes no settlement of before.  Of a credit note to an end account nothing is due until it is paid out.

--
-- A house that buys in one currency and sells on in another has a row of each.  What of its cost was sold on in the other one goes
-- from the one margin to the other at the rate of its price, rounded once a rate; what has no rate, and what is credited, stays.

-- Of the things whose cost is on a document by now.
-- name: settlement_conversions
-- guard: admin
INSERT INTO settlement_conversion (run_id, tenant_id, rate_id, from_currency, to_currency, cost, converted)
SELECT :run, x.seller_id, x.rate_id, x.from_currency, x.to_currency, x.cost,
       CAST(ROUND(x.cost * x.rate * CAST(CONCAT('1E', x.to_decimals - x.decimals) AS DECIMAL(9,4))) AS SIGNED)
  FROM (SELECT STRAIGHT_JOIN e.seller_id, e.cost_rate_id AS rate_id, u.currency AS from_currency, e.currency AS to_currency, u.decimals, e.decimals AS to_decimals,
               e.cost_rate AS rate, SUM(h.net) AS cost
          FROM chain_price c
          JOIN chain_edge e ON e.chain_id = c.id AND e.cost_rate_id IS NOT NULL
          JOIN chain_edge u ON u.chain_id = e.chain_id AND u.position = e.position - 1
          JOIN charge h ON h.chain_id = u.chain_id AND h.position = u.position
          JOIN draft d ON d.run_id = h.run_id AND d.account_id = h.account_id AND d.agreement_id = h.agreement_id AND d.state = 'issued'
         WHERE c.run_id = :run AND c.state = 'priced'
         GROUP BY e.seller_id, e.cost_rate_id, u.currency, e.currency, u.decimals, e.decimals, e.cost_rate) x
ON DUPLICATE KEY UPDATE cost = VALUES(cost), converted = VALUES(converted)

-- Drafts are found by their run: by their agreement they would be those of all months.
-- name: settlement_sums
-- guard: admin
INSERT INTO settlement (run_id, tenant_id, currency, sold, bought, collects, due, cost_out, cost_in, period_start)
SELECT :run, x.tenant_id, x.currency, SUM(x.sold), SUM(x.bought), MAX(x.collects), SUM(x.due), SUM(x.cost_out), SUM(x.cost_in),
       (SELECT r.period_start FROM bill_run r WHERE r.id = :run)
  FROM (SELECT d.seller_id AS tenant_id, g.currency, d.net AS sold, 0 AS bought, g.collector = 'root' AS collects,
               IF(g.collector <> 'root', 0, IF(g.buyer_id IS NULL, LEAST(t.paid, d.gross), d.gross)) AS due, 0 AS cost_out, 0 AS cost_in
          FROM draft d FORCE INDEX (run_state)
          STRAIGHT_JOIN agreement g ON g.id = d.agreement_id
          JOIN document t ON t.id = d.document_id
         WHERE d.run_id = :run AND d.state = 'issued'
        UNION ALL
        SELECT g.buyer_id, g.currency, 0, d.net, g.collector = 'root', IF(g.collector <> 'root', 0, -d.gross), 0, 0
          FROM draft d FORCE INDEX (run_state)
          STRAIGHT_JOIN agreement g ON g.id = d.agreement_id AND g.buyer_id IS NOT NULL
         WHERE d.run_id = :run AND d.state = 'issued'
        UNION ALL
        SELECT d.seller_id, g.currency, t.net, 0, g.collector = 'root',
               IF(g.collector <> 'root', 0, IF(g.buyer_id IS NULL, GREATEST(t.paid, t.gross), t.gross)), 0, 0
          FROM bill_run r
          JOIN credit_note k ON k.issued >= r.period_start AND k.issued < r.period_end
          JOIN draft d ON d.document_id = k.corrects_id
          JOIN bill_run o ON o.id = d.run_id AND o.tenant_id = r.tenant_id AND o.cycle_day = r.cycle_day
          JOIN agreement g ON g.id = d.agreement_id
          JOIN document t ON t.id = k.document_id
         WHERE r.id = :run AND r.sequence = 1 AND r.account_id IS NULL
        UNION ALL
        SELECT g.buyer_id, g.currency, 0, t.net, g.collector = 'root', IF(g.collector <> 'root', 0, -t.gross), 0, 0
          FROM bill_run r
          JOIN credit_note k ON k.issued >= r.period_start AND k.issued < r.period_end
          JOIN draft d ON d.document_id = k.corrects_id
          JOIN bill_run o ON o.id = d.run_id AND o.tenant_id = r.tenant_id AND o.cycle_day = r.cycle_day
          JOIN agreement g ON g.id = d.agreement_id AND g.buyer_id IS NOT NULL
          JOIN document t ON t.id = k.document_id
         WHERE r.id = :run AND r.sequence = 1 AND r.account_id IS NULL
        UNION ALL
        SELECT v.tenant_id, v.from_currency, 0, 0, 0, 0, v.cost, 0 FROM settlement_conversion v WHERE v.run_id = :run
        UNION ALL
        SELECT v.tenant_id, v.to_currency, 0, 0, 0, 0, 0, v.converted FROM settlement_conversion v WHERE v.run_id = :run) x
 GROUP BY x.tenant_id, x.currency
ON DUPLICATE KEY UPDATE sold = VALUES(sold), bought = VALUES(bought), collects = VALUES(collects), due = VALUES(due), cost_out = VALUES(cost_out),
   cost_in = VALUES(cost_in)

-- On the net share of what was received, then the rate, then the tax, each rounded.
-- name: settlement_commissions
-- guard: admin
INSERT INTO commission (document_id, tenant_id, received, net, tax, gross)
SELECT y.id, y.tenant_id, y.received, y.net, ROUND(y.net * y.tax_rate * 0.01), y.net + ROUND(y.net * y.tax_rate * 0.01)
  FROM (SELECT x.id, x.tenant_id, x.received, ROUND(x.received * x.rate * 0.01) AS net, x.tax_rate
          FROM (SELECT t.id, m.tenant_id, m.rate, m.tax_rate,
                       IF(t.gross <= 0, 0, (2 * CAST(t.net AS DECIMAL(40)) * LEAST(t.paid, t.gross) + t.gross) DIV (2 * t.gross)) AS received
                  FROM draft d
                  JOIN agreement_agent m ON m.agreement_id = d.agreement_id
                  JOIN document t ON t.id = d.document_id
                 WHERE d.run_id = :run AND d.state = 'issued') x) y
ON DUPLICATE KEY UPDATE received = VALUES(received), net = VALUES(net), tax = VALUES(tax), gross = VALUES(gross)

-- ---- checks ----
-- Things that are not on every edge of their chain; what is missing to a minimum is on that one.
-- name: settlement_check_edges
-- guard: admin
SELECT COUNT(*) AS _found
  FROM (SELECT b.id, IF(b.priced_for = -1, 1, n.level + 1) AS wanted, COUNT(h.position) AS got
          FROM billable b
          JOIN tenant n ON n.id = b.tenant_id
          LEFT JOIN charge h ON h.billable_id = b.id
         WHERE b.run_id = :run
         GROUP BY b.id
        HAVING got <> wanted) x

-- Documents whose net is not the sum of their charges.
-- name: settlement_check_sums
-- guard: admin
SELECT COUNT(*) AS _found
  FROM draft d
  LEFT JOIN (SELECT h.account_id, h.agreement_id, SUM(h.net) AS net FROM charge h WHERE h.run_id = :run GROUP BY h.account_id, h.agreement_id) x
    ON x.account_id = d.account_id AND x.agreement_id = d.agreement_id
 WHERE d.run_id = :run AND NOT (x.net <=> d.net)

-- Accounts with something that has no price.
-- name: settlement_check_rejects
-- guard: admin
SELECT COUNT(DISTINCT r.account_id) AS _found FROM reject r WHERE r.run_id = :run

-- name: settlement_check_parked
-- guard: admin
SELECT COUNT(*) AS _found FROM bill_run_parked p WHERE p.run_id = :run

-- Documents of nothing.
-- name: settlement_check_zero
-- guard: admin
SELECT COUNT(*) AS _found FROM draft d WHERE d.run_id = :run AND d.gross = 0

-- Bills that wait for somebody, as they are far from the ones before.
-- name: settlement_check_outliers
-- guard: admin
SELECT COUNT(*) AS _found FROM draft d WHERE d.run_id = :run AND d.hold = 'outlier'

-- name: settlement_check_note
-- guard: admin
INSERT INTO bill_run_check (run_id, name, found) VALUES (:run, :name, :found) ON DUPLICATE KEY UPDATE found = VALUES(found)

-- The chain proof, of each currency by itself, and then by how much the currencies are out: margins, with what was converted out of
-- the currency and into it, against what end accounts are charged; and what came in against what is kept and paid out.
-- name: settlement_proof
-- guard: admin
SELECT CAST(COALESCE(SUM(ABS(y.margin)), 0) AS SIGNED) AS _margins, CAST(COALESCE(SUM(ABS(y.collected)), 0) AS SIGNED) AS _collected
  FROM (SELECT x.currency, SUM(x.margin) AS margin, SUM(x.collected) AS collected
          FROM (SELECT s.currency, s.sold - s.bought + s.cost_out - s.cost_in AS margin, s.due AS collected FROM settlement s WHERE s.run_id = :run
                UNION ALL
                SELECT v.from_currency, -v.cost, 0 FROM settlement_conversion v WHERE v.run_id = :run
                UNION ALL
                SELECT v.to_currency, v.converted, 0 FROM settlement_conversion v WHERE v.run_id = :run
                UNION ALL
                SELECT g.currency, -d.net, IF(g.collector = 'root', -LEAST(t.paid, t.gross), 0)
                  FROM draft d FORCE INDEX (run_state)
                  STRAIGHT_JOIN agreement g ON g.id = d.agreement_id
                  JOIN document t ON t.id = d.document_id
                 WHERE d.run_id = :run AND d.state = 'issued' AND g.buyer_id IS NULL
                UNION ALL
                SELECT g.currency, -t.net, IF(g.collector = 'root', -GREATEST(t.paid, t.gross), 0)
                  FROM bill_run r
                  JOIN credit_note k ON k.issued >= r.period_start AND k.issued < r.period_end
                  JOIN draft d ON d.document_id = k.corrects_id
                  JOIN bill_run o ON o.id = d.run_id AND o.tenant_id = r.tenant_id AND o.cycle_day = r.cycle_day
                  JOIN agreement g ON g.id = d.agreement_id
                  JOIN document t ON t.id = k.document_id
                 WHERE r.id = :run AND r.sequence = 1 AND r.account_id IS NULL AND g.buyer_id IS NULL) x
         GROUP BY x.currency) y

-- What was converted, for the second opinion in C.
-- name: settlement_converted
-- guard: admin
SELECT v.tenant_id AS _tenant, v.cost AS _cost, b.decimals AS _decimals, CAST(s.rate AS CHAR) AS _rate, q.decimals AS _to_decimals, v.converted AS _converted
  FROM settlement_conversion v
  JOIN exchange_rate s ON s.id = v.rate_id
  JOIN currency b ON b.code = v.from_currency
  JOIN currency q ON q.code = v.to_currency
 WHERE v.run_id = :run
