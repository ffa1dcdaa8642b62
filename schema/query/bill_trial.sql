-- What an account would be charged for its subscriptions in a period, computed by the statements of a bill run under a run that
-- nobody ever sees (trade/bill_trial.c): its transaction is rolled back, or goes back to the mark.

-- name: trial_mark
-- guard: admin
SAVEPOINT trial

-- name: trial_undo
-- guard: admin
ROLLBACK TO SAVEPOINT trial

-- name: trial_run
-- guard: admin
INSERT INTO bill_run (tenant_id, cycle_day, period_start, period_end, issue_date, phase, last_account, opened)
SELECT :root, a.cycle_day, :starts, IF(:starts = :ends, :starts + INTERVAL 1 DAY, :ends), :starts, 'cancelled', a.id, :now FROM account a WHERE a.id = :account

-- name: trial_made
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- One thing alone, on its first day, as much as a whole period of it: for its price.
-- name: trial_thing
-- guard: admin
INSERT INTO billable (run_id, account_id, offering_id, subscription_id, usage_run, starts, ends, quantity, days, of_days, tenant_id, agreement_id, priced_for)
SELECT :run, a.id, o.id, 0, :run, :starts, :starts + INTERVAL 1 DAY, :quantity, 1, 1, a.tenant_id,
       IF(COALESCE(own.currency, std.currency) = a.currency, COALESCE(own.id, std.id), 0), IF(EXISTS (SELECT 1 FROM price_rule p WHERE p.account_id = a.id), a.id, 0)
  FROM account a
  JOIN offering o ON o.id = :offering
  LEFT JOIN agreement own ON own.seller_id = a.tenant_id AND own.of_account = a.id AND own.starts <= :starts AND own.ends > :starts
  LEFT JOIN agreement std ON std.seller_id = a.tenant_id AND std.of_account = 0 AND std.starts <= :starts AND std.ends > :starts
 WHERE a.id = :account

-- On the customer's edge, and on that of who sells.  What who sells buys in another currency is converted at the rate of its price
-- and rounded once; _unconverted is how many things there is no rate for.
-- name: trial_sums
-- guard: admin
SELECT CAST(SUM(IF(x.of = 'sold', x.net, 0)) AS SIGNED) AS _charged,
       CAST(ROUND(SUM(IF(x.of = 'bought', x.net * COALESCE(x.rate * CAST(CONCAT('1E', x.decimals - x.cost_decimals) AS DECIMAL(9,4)), 1), 0))) AS SIGNED) AS _cost,
       MAX(x.unit) AS _unit, MAX(IF(x.of = 'sold', x.currency, NULL)) AS _currency,
       CAST(SUM(x.of = 'bought' AND x.rate IS NULL AND x.cost_currency <> x.currency) AS SIGNED) AS _unconverted
  FROM (SELECT IF(h.position = n.level, 'sold', 'bought') AS of, h.net, IF(h.position = n.level, h.unit, NULL) AS unit, e.currency, e.decimals,
               u.currency AS cost_currency, u.decimals AS cost_decimals, e.cost_rate AS rate
          FROM billable b
          JOIN tenant n ON n.id = b.tenant_id
          JOIN charge h ON h.billable_id = b.id AND h.position IN (n.level, n.level - 1)
          JOIN chain_edge e ON e.chain_id = h.chain_id AND e.position = n.level
          JOIN chain_edge u ON u.chain_id = h.chain_id AND u.position = h.position
         WHERE b.run_id = :run) x

-- The rates that it was converted at.
-- name: trial_rates
-- guard: admin
SELECT DISTINCT s.from_currency AS _from_currency, s.to_currency AS _to_currency, CAST(s.rate AS CHAR) AS _rate, CAST(s.day AS CHAR) AS _day, s.source AS _source
  FROM billable b
  JOIN tenant n ON n.id = b.tenant_id
  JOIN charge h ON h.billable_id = b.id AND h.position = n.level
  JOIN chain_edge e ON e.chain_id = h.chain_id AND e.position = h.position
  JOIN exchange_rate s ON s.id = e.cost_rate_id
 WHERE b.run_id = :run ORDER BY s.day, s.id LIMIT :page

-- name: trial_rejects
-- guard: admin
SELECT COUNT(*) AS _n FROM reject j WHERE j.run_id = :run AND j.account_id = :account
