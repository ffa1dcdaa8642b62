-- Usage on its way through a run: received, rated, billed.  An event is of one run at most: whoever has it in a range of
-- usage_total has it, and whatever does not get a charge goes back.
--
-- No event is missed.  Intake holds its accounts shared before it adds a row, until it commits.  A run locks the accounts of a chunk
-- for a moment (bill_usage_hold) and then reads the newest id: what is not there by then gets a higher one, so a range that ends there
-- never grows.  Of its own period a run looks at every event up to it.  An event of an earlier period that an earlier live run does not
-- have either came in when that run was there, which intake sees (it reads what is committed, behind its lock) and notes in usage_late; or
-- some run had it and gave it back, or passed its account over, which is noted too.  A note goes only once all that it can mean is in
-- ranges.

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

-- The accounts of a chunk: behind this lock all that came in of them is there.  In a transaction of its own, for whoever delivers waits.
-- name: bill_usage_hold
-- guard: admin
SELECT COUNT(a.number) AS _n
  FROM account a FORCE INDEX (PRIMARY)
 WHERE a.id > :after AND a.id <= :upto AND a.cycle_day = (SELECT r.cycle_day FROM bill_run r WHERE r.id = :run)
   FOR UPDATE

-- Up to where the chunk looks, and the first and the last month of the period.
-- name: bill_usage_newest
-- guard: admin
SELECT COALESCE((SELECT MAX(e.id) FROM usage_event e), 0) AS _newest, YEAR(r.period_start) * 12 + MONTH(r.period_start) AS _month,
       YEAR(r.period_end - INTERVAL 1 DAY) * 12 + MONTH(r.period_end - INTERVAL 1 DAY) AS _last_month
  FROM bill_run r
 WHERE r.id = :run

-- Event by event, what is in no range, of the period, where an account has some of an offering already, and of earlier periods that
-- are noted and of which a run is through with rating.  What no run had yet is left to that which will.  What lies between two ranges
-- becomes one.
-- name: bill_usage_again
-- guard: admin
INSERT INTO usage_total (run_id, account_id, offering_id, starts, ends, above, upto, quantity)
SELECT STRAIGHT_JOIN :run, z.account_id, z.offering_id, z.starts, z.ends, z.above, MAX(z.id), SUM(z.quantity)
  FROM (SELECT STRAIGHT_JOIN k.account_id, k.offering_id, k.starts, k.ends, e.id, e.quantity,
               COALESCE((SELECT MAX(t.upto) FROM usage_total t FORCE INDEX (PRIMARY) WHERE t.account_id = k.account_id AND t.offering_id = k.offering_id
                            AND t.starts = k.starts AND t.upto < e.id), 0) AS above
          FROM (SELECT t.account_id, t.offering_id, r.tenant_id, r.cycle_day, r.period_start AS starts, r.period_end AS ends
                  FROM bill_run r
                  JOIN usage_total t FORCE INDEX (PRIMARY) ON t.account_id > :after AND t.account_id <= :upto AND t.starts < r.period_end AND t.ends > r.period_start
                 WHERE r.id = :run
                UNION
                SELECT l.account_id, l.offering_id, r.tenant_id, r.cycle_day, p.period_start, p.period_end
                  FROM bill_run r
                  JOIN usage_late l FORCE INDEX (account) ON l.account_id > :after AND l.account_id <= :upto AND l.upto <= :newest
                  JOIN bill_run p ON p.live_of = r.tenant_id AND p.cycle_day = r.cycle_day AND p.phase <> 'open'
                   AND (p.account_id IS NULL OR p.account_id = l.account_id)
                   AND p.period_start < l.ends AND p.period_end > l.starts AND p.period_start < r.period_start
                 WHERE r.id = :run) k
          JOIN tenant top ON top.id = k.tenant_id
          JOIN account a ON a.id = k.account_id AND a.cycle_day = k.cycle_day
          JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL
          JOIN tenant n ON n.id = a.tenant_id AND (top.level = 0 OR top.id IN (n.a1, n.a2, n.a3, n.a4))
          JOIN (SELECT 0 AS later UNION ALL SELECT 1) m
            ON YEAR(k.starts) * 12 + MONTH(k.starts) + m.later <= YEAR(k.ends - INTERVAL 1 DAY) * 12 + MONTH(k.ends - INTERVAL 1 DAY)
          JOIN usage_event e FORCE INDEX (rating) ON e.month = YEAR(k.starts) * 12 + MONTH(k.starts) + m.later AND e.account_id = k.account_id
           AND e.offering_id = k.offering_id AND e.day >= k.starts AND e.day < k.ends AND e.id <= :newest
         WHERE NOT EXISTS (SELECT 1 FROM usage_total t FORCE INDEX (PRIMARY) WHERE t.account_id = e.account_id AND t.offering_id = e.offering_id
                              AND t.starts <= e.day AND t.ends > e.day AND t.above < e.id AND t.upto >= e.id)) z
 GROUP BY z.account_id, z.offering_id, z.starts, z.ends, z.above

-- All of the period, where no run has any of it: read in the order of the index, and summed as it comes.
-- name: bill_usage_take
-- guard: admin
INSERT INTO usage_total (run_id, account_id, offering_id, starts, ends, above, upto, quantity)
SELECT STRAIGHT_JOIN r.id, x.account_id, x.offering_id, r.period_start, r.period_end, 0, x.upto, x.quantity
  FROM bill_run r
  JOIN tenant top ON top.id = r.tenant_id
  JOIN (SELECT y.account_id, y.offering_id, SUM(y.quantity) AS quantity, MAX(y.upto) AS upto
          FROM (SELECT e.account_id, e.offering_id, SUM(e.quantity) AS quantity, MAX(e.id) AS upto
                  FROM bill_run w
                  JOIN usage_event e FORCE INDEX (rating) ON e.month IN (:month, :last_month) AND e.account_id > :after AND e.account_id <= :upto
                   AND e.day >= w.period_start AND e.day < w.period_end AND e.id <= :newest
                 WHERE w.id = :run
                 GROUP BY e.month, e.account_id, e.offering_id) y
         GROUP BY y.account_id, y.offering_id) x
  JOIN account a ON a.id = x.account_id AND a.cycle_day = r.cycle_day
  JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL
  JOIN tenant n ON n.id = a.tenant_id AND (top.level = 0 OR top.id IN (n.a1, n.a2, n.a3, n.a4))
 WHERE r.id = :run
   AND NOT EXISTS (SELECT 1 FROM usage_total t FORCE INDEX (PRIMARY) WHERE t.account_id = x.account_id AND t.offering_id = x.offering_id
                      AND t.starts < r.period_end AND t.ends > r.period_start)

-- The same account by account, where most between them are of other cycles.
-- name: bill_usage_take_apart
-- guard: admin
INSERT INTO usage_total (run_id, account_id, offering_id, starts, ends, above, upto, quantity)
SELECT STRAIGHT_JOIN r.id, x.account_id, x.offering_id, r.period_start, r.period_end, 0, x.upto, x.quantity
  FROM bill_run r
  JOIN tenant top ON top.id = r.tenant_id
  JOIN (SELECT STRAIGHT_JOIN e.account_id, e.offering_id, SUM(e.quantity) AS quantity, MAX(e.id) AS upto
          FROM bill_run w
          JOIN account k FORCE INDEX (PRIMARY) ON k.id > :after AND k.id <= :upto AND k.cycle_day = w.cycle_day
          JOIN (SELECT 0 AS later UNION ALL SELECT 1) m ON :month + m.later <= :last_month
          JOIN usage_event e FORCE INDEX (rating) ON e.month = :month + m.later AND e.account_id = k.id
           AND e.day >= w.period_start AND e.day < w.period_end AND e.id <= :newest
         WHERE w.id = :run
         GROUP BY e.account_id, e.offering_id) x
  JOIN account a ON a.id = x.account_id
  JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL
  JOIN tenant n ON n.id = a.tenant_id AND (top.level = 0 OR top.id IN (n.a1, n.a2, n.a3, n.a4))
 WHERE r.id = :run
   AND NOT EXISTS (SELECT 1 FROM usage_total t FORCE INDEX (PRIMARY) WHERE t.account_id = x.account_id AND t.offering_id = x.offering_id
                      AND t.starts < r.period_end AND t.ends > r.period_start)

-- Notes that say nothing any more: all that they could mean is in ranges.
-- name: bill_usage_noted
-- guard: admin
DELETE l FROM usage_late l
 WHERE l.account_id > :after AND l.account_id <= :upto AND l.upto <= :newest
   AND NOT EXISTS (SELECT STRAIGHT_JOIN 1
                     FROM (SELECT 0 AS later UNION ALL SELECT 1) m
                     JOIN usage_event e FORCE INDEX (rating) ON e.month = YEAR(l.starts) * 12 + MONTH(l.starts) + m.later AND e.account_id = l.account_id
                      AND e.offering_id = l.offering_id AND e.day >= l.starts AND e.day < l.ends AND e.id <= l.upto
                    WHERE NOT EXISTS (SELECT 1 FROM usage_total t FORCE INDEX (PRIMARY) WHERE t.account_id = e.account_id AND t.offering_id = e.offering_id
                                         AND t.starts <= e.day AND t.ends > e.day AND t.above < e.id AND t.upto >= e.id))

-- Of an account that is passed over all of the period.
-- name: bill_usage_passed
-- guard: admin
INSERT INTO usage_late (account_id, offering_id, starts, ends, upto)
SELECT STRAIGHT_JOIN e.account_id, e.offering_id, r.period_start, r.period_end, MAX(e.id)
  FROM bill_run r
  JOIN (SELECT 0 AS later UNION ALL SELECT 1) m ON :month + m.later <= :last_month
  JOIN usage_event e FORCE INDEX (rating) ON e.month = :month + m.later AND e.account_id = :account AND e.day >= r.period_start AND e.day < r.period_end
 WHERE r.id = :run
 GROUP BY e.offering_id

-- What was used in a period, less what is left of what is included: other runs took of it what they did not charge.  The agreement
-- is found as for subscriptions.  The price is a column, not a condition: as such it is looked up once for all accounts.
-- name: bill_usage_things
-- guard: admin
INSERT INTO billable (run_id, account_id, offering_id, subscription_id, usage_run, starts, ends, quantity, days, of_days, tenant_id, agreement_id, priced_for)
SELECT STRAIGHT_JOIN :run, y.account_id, y.offering_id, 0, :run, y.starts, y.ends, y.quantity - y.free, 1, 1, y.tenant_id,
       IF(COALESCE(own.currency, std.currency) = y.currency, COALESCE(own.id, std.id), 0),
       IF(EXISTS (SELECT 1 FROM price_rule p WHERE p.account_id = y.account_id), y.account_id, 0)
  FROM (SELECT x.account_id, x.offering_id, x.tenant_id, x.currency, x.starts, x.ends, x.quantity,
               IF(COALESCE(l.included, 0) = 0, 0, GREATEST(0, l.included
                 - (SELECT COALESCE(SUM(t.quantity), 0) FROM usage_total t FORCE INDEX (PRIMARY) JOIN bill_run p ON p.id = t.run_id AND p.phase <> 'cancelled'
                     WHERE t.account_id = x.account_id AND t.offering_id = x.offering_id AND t.starts = x.starts AND t.run_id <> :run)
                 + (SELECT COALESCE(SUM(b.quantity), 0) FROM billable b JOIN bill_run p ON p.id = b.run_id AND p.phase <> 'cancelled'
                     WHERE b.account_id = x.account_id AND b.offering_id = x.offering_id AND b.subscription_id = 0 AND b.starts = x.starts
                       AND b.run_id <> :run AND b.given_back = 0))) AS free
          FROM (SELECT u.account_id, u.offering_id, a.tenant_id, a.currency, u.starts, u.ends, SUM(u.quantity) AS quantity,
                       (SELECT p.id FROM offering_price p WHERE p.offering_id = u.offering_id AND p.starts <= u.starts
                         ORDER BY p.starts DESC, p.id LIMIT 1) AS price_id
                  FROM usage_total u FORCE INDEX (run)
                  JOIN account a ON a.id = u.account_id
                 WHERE u.run_id = :run AND u.account_id > :after AND u.account_id <= :upto
                 GROUP BY u.account_id, u.offering_id, u.starts, u.ends) x
          LEFT JOIN offering_price l ON l.id = x.price_id) y
  LEFT JOIN agreement own FORCE INDEX (one_at_a_time) ON own.seller_id = y.tenant_id AND own.of_account = y.account_id AND own.starts <= y.starts AND own.ends > y.starts
  LEFT JOIN agreement std FORCE INDEX (one_at_a_time) ON std.seller_id = y.tenant_id AND std.of_account = 0 AND std.starts <= y.starts AND std.ends > y.starts
 WHERE y.quantity > y.free

-- Back goes what got no charge, while its things are still there, and all of whoever is parked: a later run bills it.
-- name: bill_usage_return
-- guard: admin
INSERT INTO usage_late (account_id, offering_id, starts, ends, upto)
SELECT u.account_id, u.offering_id, u.starts, u.ends, u.upto
  FROM usage_total u FORCE INDEX (run)
  JOIN (SELECT b.account_id, b.offering_id, b.starts
          FROM billable b
          LEFT JOIN charge h ON h.billable_id = b.id
         WHERE b.run_id = :run AND b.account_id > :after AND b.account_id <= :upto AND b.subscription_id = 0 AND h.billable_id IS NULL
        UNION
        SELECT p.account_id, NULL, NULL FROM bill_run_parked p WHERE p.run_id = :run AND p.account_id > :after AND p.account_id <= :upto) x
    ON x.account_id = u.account_id AND COALESCE(x.offering_id, u.offering_id) = u.offering_id AND COALESCE(x.starts, u.starts) = u.starts
 WHERE u.run_id = :run AND u.account_id > :after AND u.account_id <= :upto

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
UPDATE usage_total u FORCE INDEX (run)
   SET u.billed = 1
 WHERE u.run_id = :run AND u.account_id > :after AND u.account_id <= :upto AND u.billed = 0
   AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.run_id = :run AND d.account_id = u.account_id AND d.state <> 'issued')

-- Of a cancelled run all goes back: nothing of it was issued.
-- name: bill_usage_give_back
-- guard: admin
INSERT INTO usage_late (account_id, offering_id, starts, ends, upto)
SELECT u.account_id, u.offering_id, u.starts, u.ends, u.upto
  FROM usage_total u FORCE INDEX (run)
 WHERE u.run_id = :run AND u.account_id > :after AND u.account_id <= :upto

-- name: bill_usage_give_back_sums
-- guard: admin
DELETE u FROM usage_total u WHERE u.run_id = :run AND u.account_id > :after AND u.account_id <= :upto
