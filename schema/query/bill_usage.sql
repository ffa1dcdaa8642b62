-- Usage on its way through a run: received, rated, billed.  An event is of one run at most: whoever marks it has it, and
-- whatever does not get a charge goes back.

-- Runs of one cycle rate one after the other, so that none misses what another has just taken of an allowance.
-- name: bill_usage_lock
-- guard: admin
SELECT r.id
  FROM bill_run r
 WHERE r.live_of = (SELECT m.tenant_id FROM bill_run m WHERE m.id = :run) AND r.cycle_day = (SELECT m.cycle_day FROM bill_run m WHERE m.id = :run)
 ORDER BY r.period_start, r.sequence
   FOR UPDATE

-- Of the next transaction: whoever delivers usage does not wait for a run, and no event that is not there yet is waited for.
-- name: bill_usage_isolate
-- guard: admin
SET TRANSACTION ISOLATION LEVEL READ COMMITTED

-- Events of the period, and those of before that came too late: a run that is through with rating had their day.  What no
-- run had yet is left to that which will.
-- name: bill_usage_take
-- guard: admin
UPDATE bill_run r
  JOIN tenant top ON top.id = r.tenant_id
  JOIN account a ON a.id > :after AND a.id <= :upto AND a.cycle_day = r.cycle_day
  JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL
  JOIN tenant n ON n.id = a.tenant_id AND (top.level = 0 OR top.id IN (n.a1, n.a2, n.a3, n.a4))
  STRAIGHT_JOIN usage_event e FORCE INDEX (rating) ON e.state = 'received' AND e.account_id = a.id
   SET e.state = 'rated', e.run_id = r.id
 WHERE r.id = :run AND e.day < r.period_end
   AND (e.day >= r.period_start
        OR EXISTS (SELECT 1 FROM bill_run p WHERE p.live_of = r.tenant_id AND p.cycle_day = r.cycle_day AND p.phase <> 'open'
                      AND (p.account_id IS NULL OR p.account_id = a.id) AND p.period_start <= e.day AND p.period_end > e.day))

-- name: bill_usage_sum
-- guard: admin
INSERT INTO usage_total (run_id, account_id, offering_id, day, quantity, starts, ends)
SELECT r.id, x.account_id, x.offering_id, x.day, x.quantity, COALESCE(p.period_start, r.period_start), COALESCE(p.period_end, r.period_end)
  FROM (SELECT e.account_id, e.offering_id, e.day, SUM(e.quantity) AS quantity
          FROM usage_event e FORCE INDEX (rating)
         WHERE e.state = 'rated' AND e.account_id > :after AND e.account_id <= :upto AND e.run_id = :run
         GROUP BY e.account_id, e.offering_id, e.day) x
  JOIN bill_run r ON r.id = :run
  LEFT JOIN bill_run p ON x.day < r.period_start
   AND p.id = (SELECT q.id FROM bill_run q WHERE q.tenant_id = r.tenant_id AND q.cycle_day = r.cycle_day AND q.period_start <= x.day AND q.period_end > x.day
                ORDER BY q.period_start DESC, q.id LIMIT 1)

-- What was used in a period, less what is left of what is included: other runs took of it what they did not charge.  The agreement
-- is found as for subscriptions.
-- name: bill_usage_things
-- guard: admin
INSERT INTO billable (run_id, account_id, offering_id, subscription_id, usage_run, starts, ends, quantity, days, of_days, tenant_id, agreement_id, priced_for)
SELECT STRAIGHT_JOIN :run, y.account_id, y.offering_id, 0, :run, y.starts, y.ends, y.quantity - y.free, 1, 1, y.tenant_id,
       IF(COALESCE(own.currency, std.currency) = y.currency, COALESCE(own.id, std.id), 0),
       IF(EXISTS (SELECT 1 FROM price_rule p WHERE p.account_id = y.account_id), y.account_id, 0)
  FROM (SELECT x.account_id, x.offering_id, x.tenant_id, x.currency, x.starts, x.ends, x.quantity,
               IF(COALESCE(l.included, 0) = 0, 0, GREATEST(0, l.included
                 - (SELECT COALESCE(SUM(t.quantity), 0) FROM usage_total t JOIN bill_run p ON p.id = t.run_id AND p.phase <> 'cancelled'
                     WHERE t.account_id = x.account_id AND t.offering_id = x.offering_id AND t.starts = x.starts AND t.run_id <> :run)
                 + (SELECT COALESCE(SUM(b.quantity), 0) FROM billable b JOIN bill_run p ON p.id = b.run_id AND p.phase <> 'cancelled'
                     WHERE b.account_id = x.account_id AND b.offering_id = x.offering_id AND b.subscription_id = 0 AND b.starts = x.starts
                       AND b.run_id <> :run AND b.given_back = 0))) AS free
          FROM (SELECT u.account_id, u.offering_id, a.tenant_id, a.currency, u.starts, u.ends, SUM(u.quantity) AS quantity
                  FROM usage_total u
                  JOIN account a ON a.id = u.account_id
                 WHERE u.run_id = :run AND u.account_id > :after AND u.account_id <= :upto
                 GROUP BY u.account_id, u.offering_id, u.starts, u.ends) x
          LEFT JOIN offering_price l ON l.id = (SELECT p.id FROM offering_price p WHERE p.offering_id = x.offering_id AND p.starts <= x.starts
                                                 ORDER BY p.starts DESC, p.id LIMIT 1)) y
  LEFT JOIN agreement own ON own.seller_id = y.tenant_id AND own.of_account = y.account_id AND own.starts <= y.starts AND own.ends > y.starts
  LEFT JOIN agreement std ON std.seller_id = y.tenant_id AND std.of_account = 0 AND std.starts <= y.starts AND std.ends > y.starts
 WHERE y.quantity > y.free

-- Back goes what got no charge, while its things are still there, and all of whoever is parked: a later run bills it.
-- name: bill_usage_return
-- guard: admin
UPDATE (SELECT b.account_id, b.offering_id, b.starts
          FROM billable b
          LEFT JOIN charge h ON h.billable_id = b.id
         WHERE b.run_id = :run AND b.account_id > :after AND b.account_id <= :upto AND b.subscription_id = 0 AND h.billable_id IS NULL
        UNION
        SELECT t.account_id, t.offering_id, t.starts
          FROM bill_run_parked p
          JOIN usage_total t ON t.run_id = p.run_id AND t.account_id = p.account_id
         WHERE p.run_id = :run AND p.account_id > :after AND p.account_id <= :upto) x
  JOIN usage_total u ON u.run_id = :run AND u.account_id = x.account_id AND u.offering_id = x.offering_id AND u.starts = x.starts
  JOIN usage_event e FORCE INDEX (rating) ON e.state = 'rated' AND e.account_id = u.account_id AND e.offering_id = u.offering_id AND e.day = u.day
   AND e.run_id = u.run_id
   SET e.state = 'received', e.run_id = NULL

-- name: bill_usage_return_sums
-- guard: admin
DELETE u FROM usage_total u
  JOIN (SELECT b.account_id, b.offering_id, b.starts
          FROM billable b
          LEFT JOIN charge h ON h.billable_id = b.id
         WHERE b.run_id = :run AND b.account_id > :after AND b.account_id <= :upto AND b.subscription_id = 0 AND h.billable_id IS NULL
        UNION
        SELECT p.account_id, NULL, NULL FROM bill_run_parked p WHERE p.run_id = :run AND p.account_id > :after AND p.account_id <= :upto) x
    ON x.account_id = u.account_id AND COALESCE(x.offering_id, u.offering_id) = u.offering_id AND COALESCE(x.starts, u.starts) = u.starts
 WHERE u.run_id = :run AND u.account_id > :after AND u.account_id <= :upto

-- ---- what a run took, account by account ----
-- name: bill_usage_accounts
-- guard: admin
SELECT MAX(x.account_id) AS _upto, COUNT(x.account_id) AS _n
  FROM (SELECT DISTINCT u.account_id FROM usage_total u WHERE u.run_id = :run AND u.account_id > :after ORDER BY u.account_id LIMIT :page) x

-- Billed is what is on an issued document, and what was included where nothing waits to be issued.  One table and no join, or
-- drafts would be locked behind the run, and whoever approves has them before it.
-- name: bill_usage_billed
-- guard: admin
UPDATE usage_event e FORCE INDEX (rating)
   SET e.state = 'billed'
 WHERE e.state = 'rated' AND e.account_id > :after AND e.account_id <= :upto AND e.run_id = :run
   AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.run_id = :run AND d.account_id = e.account_id AND d.state <> 'issued')

-- Of a cancelled run all goes back: nothing of it was issued.
-- name: bill_usage_give_back
-- guard: admin
UPDATE usage_event e FORCE INDEX (rating)
   SET e.state = 'received', e.run_id = NULL
 WHERE e.state = 'rated' AND e.account_id > :after AND e.account_id <= :upto AND e.run_id = :run

-- name: bill_usage_give_back_sums
-- guard: admin
DELETE u FROM usage_total u WHERE u.run_id = :run AND u.account_id > :after AND u.account_id <= :upto
