-- A bill run, its chunks of accounts, and what is to be billed of them.  A chunk is one transaction, in which
-- bill_run_lock comes first, then the statements of trade/bill_rate.c in their order, then bill_run_rated.

-- name: bill_run_insert
-- guard: admin
INSERT INTO bill_run (tenant_id, cycle_day, period_start, period_end, sequence, issue_date, chunk, last_account, opened, moved)
SELECT :tenant, :cycle_day, :period_start, :period_end, :sequence, :issue_date, :chunk, COALESCE(MAX(a.id), 0), :now, :now FROM account a

-- name: bill_run_live
-- guard: admin
SELECT r.id FROM bill_run r WHERE r.live_of = :tenant AND r.cycle_day = :cycle_day AND r.period_start = :period_start AND r.sequence = :sequence

-- The next run that goes on without anybody.
-- name: bill_run_due
-- guard: admin
SELECT r.id FROM bill_run r WHERE r.phase IN ('open', 'rated', 'approved', 'issued', 'cancelling') AND r.paused = 0 ORDER BY r.id LIMIT 1

-- name: bill_run_show
-- guard: admin
SELECT r.id, r.phase AS _phase, r.cycle_day AS _cycle_day, CAST(r.period_start AS CHAR) AS _period_start, CAST(r.period_end AS CHAR) AS _period_end,
       r.accounts AS _accounts, (SELECT COUNT(*) FROM draft d WHERE d.run_id = r.id) AS _drafts,
       (SELECT COUNT(*) FROM draft d WHERE d.run_id = r.id AND d.state = 'issued') AS _issued
  FROM bill_run r WHERE r.id = :run

-- name: bill_run_checks
-- guard: admin
SELECT k.name AS _name, k.found AS _found FROM bill_run_check k WHERE k.run_id = :run ORDER BY k.name

-- What it leaves out and why: an account as a whole, or an offering, with who cannot sell it.
-- name: bill_run_left
-- guard: admin
SELECT a.number AS _account, c.name AS _customer, COALESCE(o.code, '') AS _offering, COALESCE(s.name, '') AS _seller, x.reason AS _reason, x.detail AS _detail
  FROM (SELECT p.account_id, 0 AS offering_id, 0 AS position, CAST(p.reason AS CHAR) AS reason, p.detail FROM bill_run_parked p WHERE p.run_id = :run
        UNION ALL
        SELECT r.account_id, r.offering_id, r.position, CAST(r.reason AS CHAR), '' FROM reject r WHERE r.run_id = :run) x
  JOIN account a ON a.id = x.account_id
  JOIN customer c ON c.id = a.customer_id
  JOIN tenant n ON n.id = a.tenant_id
  LEFT JOIN offering o ON o.id = x.offering_id
  LEFT JOIN tenant s ON x.offering_id <> 0
   AND s.id = CASE x.position WHEN 0 THEN (SELECT t.id FROM tenant t WHERE t.level = 0) WHEN 1 THEN n.a1 WHEN 2 THEN n.a2 WHEN 3 THEN n.a3 ELSE n.a4 END
 ORDER BY x.account_id, x.offering_id, x.position LIMIT :page

-- Whoever works on the run holds its row until the end of the step.
-- name: bill_run_lock
-- guard: admin
SELECT r.phase AS _phase, r.chunk AS _chunk, r.rated_to AS _rated_to, r.drafted_to AS _drafted_to,
       r.last_account AS _last_account, r.accounts AS _accounts, r.paused AS _paused, r.cancelled_to AS _cancelled_to
  FROM bill_run r WHERE r.id = :run FOR UPDATE

-- name: bill_run_phase
-- guard: admin
UPDATE bill_run r
   SET r.phase = :phase, r.moved = :now,
       r.moved_done = IF(:phase = 'approved', (SELECT COUNT(*) FROM draft d WHERE d.run_id = :run AND d.state = 'issued'), 0)
 WHERE r.id = :run AND r.phase = :before

-- The last account of the next chunk; nothing where none is left.
-- name: bill_run_chunk
-- guard: admin
SELECT MAX(x.id) AS _upto, COUNT(x.id) AS _n
  FROM (SELECT a.id
          FROM bill_run r
          JOIN account a ON a.id > :after AND a.id <= r.last_account AND a.cycle_day = r.cycle_day
         WHERE r.id = :run
         ORDER BY a.id LIMIT :page) x

-- name: bill_run_rated
-- guard: admin
UPDATE bill_run SET rated_to = :upto, accounts = accounts + :n WHERE id = :run

-- What is subscribed: each stretch of one quantity within the period, and what is paid once in the period of its start.
-- The agreement of the last edge is the account's own or else how its seller sells to all, in the account's currency: in another
-- one there is none.  By name of the index, since of few agreements the optimizer weighs anew for each row how to read them.
-- name: bill_run_subscriptions
-- guard: admin
INSERT INTO billable (run_id, account_id, offering_id, subscription_id, starts, ends, quantity, days, of_days, tenant_id, agreement_id, priced_for)
SELECT STRAIGHT_JOIN :run, x.account_id, x.offering_id, x.subscription_id, x.starts, x.ends, x.quantity,
       IF(x.once, 1, DATEDIFF(x.ends, x.starts)), IF(x.once, 1, x.period_days), x.tenant_id,
       IF(COALESCE(own.currency, std.currency) = x.currency, COALESCE(own.id, std.id), 0),
       IF(EXISTS (SELECT 1 FROM price_rule p WHERE p.account_id = x.account_id), x.account_id, 0)
  FROM (SELECT s.account_id, s.offering_id, s.id AS subscription_id, s.tenant_id, o.kind = 'one_time' AS once,
               GREATEST(s.starts, COALESCE(q.starts, s.starts), IF(o.kind = 'one_time', s.starts, GREATEST(COALESCE(s.free_until, s.starts), r.period_start))) AS starts,
               LEAST(COALESCE(s.ends, '9999-12-31'), COALESCE(q.ends, '9999-12-31'), r.period_end) AS ends,
               COALESCE(q.quantity, s.quantity) AS quantity, DATEDIFF(r.period_end, r.period_start) AS period_days, a.currency
          FROM bill_run r
          JOIN account a ON a.id > :after AND a.id <= :upto AND a.cycle_day = r.cycle_day
          JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL
          JOIN tenant n ON n.id = a.tenant_id
          JOIN tenant top ON top.id = r.tenant_id AND (top.level = 0 OR top.id IN (n.a1, n.a2, n.a3, n.a4))
          JOIN subscription s ON s.account_id = a.id AND s.starts < r.period_end
          JOIN offering o ON o.id = s.offering_id AND o.kind <> 'usage'
          LEFT JOIN subscription_quantity q ON q.subscription_id = s.id
         WHERE r.id = :run AND (o.kind = 'recurring' OR (s.starts >= r.period_start AND COALESCE(q.starts, s.starts) <= s.starts))) x
  LEFT JOIN agreement own FORCE INDEX (one_at_a_time) ON own.seller_id = x.tenant_id AND own.of_account = x.account_id AND own.starts <= x.starts AND own.ends > x.starts
  LEFT JOIN agreement std FORCE INDEX (one_at_a_time) ON std.seller_id = x.tenant_id AND std.of_account = 0 AND std.starts <= x.starts AND std.ends > x.starts
 WHERE x.starts < x.ends AND x.quantity > 0
   AND NOT EXISTS (SELECT 1 FROM billable b WHERE b.account_id = x.account_id AND b.offering_id = x.offering_id
                     AND b.subscription_id = x.subscription_id AND b.starts = x.starts AND b.given_back = 0)

-- What is owed of commitments that ended early, in the period of that day; the agreement is found as above.
-- name: bill_run_early
-- guard: admin
INSERT INTO billable (run_id, account_id, offering_id, subscription_id, starts, ends, quantity, days, of_days, tenant_id, agreement_id, priced_for)
SELECT STRAIGHT_JOIN r.id, e.account_id, e.offering_id, e.subscription_id, e.day, e.until, e.quantity, e.days, e.of_days, a.tenant_id,
       IF(COALESCE(own.currency, std.currency) = a.currency, COALESCE(own.id, std.id), 0),
       IF(EXISTS (SELECT 1 FROM price_rule p WHERE p.account_id = a.id), a.id, 0)
  FROM bill_run r
  JOIN early_end e ON e.account_id > :after AND e.account_id <= :upto AND e.day >= r.period_start AND e.day < r.period_end
  JOIN subscription s ON s.id = e.subscription_id AND s.ends = e.day
  JOIN account a ON a.id = e.account_id AND a.cycle_day = r.cycle_day
  JOIN tenant n ON n.id = a.tenant_id
  JOIN tenant top ON top.id = r.tenant_id AND (top.level = 0 OR top.id IN (n.a1, n.a2, n.a3, n.a4))
  LEFT JOIN agreement own FORCE INDEX (one_at_a_time) ON own.seller_id = a.tenant_id AND own.of_account = a.id AND own.starts <= e.day AND own.ends > e.day
  LEFT JOIN agreement std FORCE INDEX (one_at_a_time) ON std.seller_id = a.tenant_id AND std.of_account = 0 AND std.starts <= e.day AND std.ends > e.day
 WHERE r.id = :run
   AND NOT EXISTS (SELECT 1 FROM billable b WHERE b.account_id = e.account_id AND b.offering_id = e.offering_id
                     AND b.subscription_id = e.subscription_id AND b.starts = e.day AND b.given_back = 0)

-- Accounts that have something to bill and must not be billed: who is closed, or whoever sells to it on any edge.
-- name: bill_run_park
-- guard: admin
INSERT INTO bill_run_parked (run_id, account_id, reason)
SELECT DISTINCT b.run_id, b.account_id, IF(a.state = 'closed', 'closed', 'seller_closed')
  FROM billable b
  JOIN account a ON a.id = b.account_id
  JOIN tenant n ON n.id = a.tenant_id
 WHERE b.run_id = :run AND b.account_id > :after AND b.account_id <= :upto
   AND (a.state = 'closed' OR n.state = 'closed'
        OR EXISTS (SELECT 1 FROM tenant u WHERE u.id IN (n.a1, n.a2, n.a3, n.a4) AND u.state = 'closed'))
ON DUPLICATE KEY UPDATE reason = bill_run_parked.reason

-- name: bill_run_park_one
-- guard: admin
INSERT INTO bill_run_parked (run_id, account_id, reason, detail) VALUES (:run, :account, 'error', :detail)
ON DUPLICATE KEY UPDATE reason = 'error', detail = :detail

-- What is parked or has no price is not taken: whoever mends it bills it in a later run.
-- name: bill_run_park_drop
-- guard: admin
DELETE b FROM billable b
  JOIN bill_run_parked p ON p.run_id = b.run_id AND p.account_id = b.account_id
 WHERE b.run_id = :run AND b.account_id > :after AND b.account_id <= :upto

-- Whether any thing of the chunk got no charge.  A charge on the first edge is one on all.
-- name: bill_run_uncharged
-- guard: admin
SELECT EXISTS (SELECT 1 FROM billable b
                 LEFT JOIN charge h ON h.billable_id = b.id AND h.position = 0
                WHERE b.run_id = :run AND b.account_id > :after AND b.account_id <= :upto AND h.billable_id IS NULL) AS _found

-- name: bill_run_drop
-- guard: admin
DELETE b FROM billable b
  LEFT JOIN charge h ON h.billable_id = b.id
 WHERE b.run_id = :run AND b.account_id > :after AND b.account_id <= :upto AND h.billable_id IS NULL

-- ---- what a cancelled run gives back, account by account, so that the next run can bill it ----
-- The last account of the next chunk, of whatever cycle it is by now; nothing where none is left.
-- name: bill_run_cancel_chunk
-- guard: admin
SELECT MAX(x.id) AS _upto, COUNT(x.id) AS _n
  FROM (SELECT a.id FROM bill_run r JOIN account a ON a.id > :after AND a.id <= r.rated_to WHERE r.id = :run ORDER BY a.id LIMIT :page) x

-- name: bill_run_cancel_things
-- guard: admin
UPDATE billable b SET b.given_back = b.id WHERE b.run_id = :run AND b.account_id > :after AND b.account_id <= :upto AND b.given_back = 0

-- name: bill_run_cancelled
-- guard: admin
UPDATE bill_run SET cancelled_to = :upto WHERE id = :run
