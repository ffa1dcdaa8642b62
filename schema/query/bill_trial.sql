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
SELECT :run, a.id, o.id, 0, :run, :starts, :starts + INTERVAL 1 DAY, :quantity, 1, 1, a.tenant_id, COALESCE(own.id, std.id, 0),
       IF(EXISTS (SELECT 1 FROM price_rule p WHERE p.account_id = a.id), a.id, 0)
  FROM account a
  JOIN offering o ON o.id = :offering
  LEFT JOIN agreement own ON own.seller_id = a.tenant_id AND own.of_account = a.id AND own.starts <= :starts AND own.ends > :starts
  LEFT JOIN agreement std ON std.seller_id = a.tenant_id AND std.of_account = 0 AND std.starts <= :starts AND std.ends > :starts
 WHERE a.id = :account

-- On the customer's edge, and on that of who sells.
-- name: trial_sums
-- guard: admin
SELECT CAST(SUM(IF(h.position = n.level, h.net, 0)) AS SIGNED) AS _charged, CAST(SUM(IF(h.position = n.level - 1, h.net, 0)) AS SIGNED) AS _cost,
       MAX(IF(h.position = n.level, h.unit, NULL)) AS _unit, MAX(IF(h.position = n.level, g.currency, NULL)) AS _currency
  FROM billable b
  JOIN tenant n ON n.id = b.tenant_id
  JOIN charge h ON h.billable_id = b.id
  JOIN agreement g ON g.id = h.agreement_id
 WHERE b.run_id = :run

-- name: trial_rejects
-- guard: admin
SELECT COUNT(*) AS _n FROM reject j WHERE j.run_id = :run AND j.account_id = :account
