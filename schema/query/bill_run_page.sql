-- Bill runs as people see and run them.  Each move says from which states it goes: where it does nothing, the run is in
-- another one by now.

-- name: bill_run_list
-- guard: scope
-- sort: opened t.opened desc
-- filter: state code.open.rated.checked.held.approved.issued.settled.cancelled state - t.phase = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.account_id AS account, a.number AS account_number, t.cycle_day, t.period_start,
       t.period_end, t.sequence, t.issue_date, t.phase AS state, t.paused, t.opened
  FROM bill_run t :index
  JOIN tenant n ON n.id = t.tenant_id
  LEFT JOIN account a ON a.id = t.account_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- How far it is, is told while it goes on: accounts as they are rated, documents as they are issued.
-- name: bill_run_one
-- guard: scope
SELECT x._tenant, x.id, x.tenant, x.tenant_name, x.account, x.account_number, x.cycle_day, x.period_start, x.period_end, x.sequence, x.issue_date,
       x.state, x.paused, x.opened, x.done, x.total, CAST(x._rate AS DECIMAL(18,6)) AS rate,
       CAST(CEIL((x.total - x.done) / x._rate) AS SIGNED) AS `left`
  FROM (SELECT y._tenant, y.id, y.tenant, y.tenant_name, y.account, y.account_number, y.cycle_day, y.period_start, y.period_end, y.sequence,
               y.issue_date, y.state, y.paused, y.opened, y.done, GREATEST(y.total, y.done) AS total,
               IF(y.paused, NULL, NULLIF(y.done - y._before, 0) / NULLIF(y._seconds, 0)) AS _rate
          FROM (SELECT t.tenant_id AS _tenant, t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.account_id AS account, a.number AS account_number,
                       t.cycle_day, t.period_start, t.period_end, t.sequence, t.issue_date, t.phase AS state, t.paused, t.opened,
                       t.moved_done AS _before, TIMESTAMPDIFF(SECOND, t.moved, :now) AS _seconds,
                       CASE WHEN t.phase = 'open' THEN t.accounts
                            WHEN t.phase = 'approved' THEN (SELECT COUNT(*) FROM draft d WHERE d.run_id = t.id AND d.state = 'issued') END AS done,
                       CASE WHEN t.phase = 'open' THEN t.of_accounts
                            WHEN t.phase = 'approved' THEN (SELECT COUNT(*) FROM draft d WHERE d.run_id = t.id AND d.state IN ('approved', 'issued')) END AS total
                  FROM bill_run t
                  JOIN tenant n ON n.id = t.tenant_id
                  LEFT JOIN account a ON a.id = t.account_id
                 WHERE :where AND t.id = :id) y) x

-- name: bill_run_found
-- guard: admin
SELECT k.name AS _name, k.found AS _found FROM bill_run_check k WHERE k.run_id = :id ORDER BY k.name

-- name: bill_run_sums
-- guard: admin
SELECT d.state AS _state, g.currency AS _currency, COUNT(*) AS _n, CAST(SUM(d.net) AS SIGNED) AS _net, CAST(SUM(d.tax) AS SIGNED) AS _tax,
       CAST(SUM(d.gross) AS SIGNED) AS _gross
  FROM draft d JOIN agreement g ON g.id = d.agreement_id
 WHERE d.run_id = :id GROUP BY d.state, g.currency ORDER BY g.currency, d.state

-- ---- opening one ----
-- Whose it is to be: the tenant, and the account where it is for one alone, with whether that is below the tenant.
-- name: bill_run_wanted
-- guard: admin
SELECT n.id AS _id, a.id AS _account, a.cycle_day AS _cycle_day,
       COALESCE(n.level = 0 OR n.id = s.id OR n.id IN (s.a1, s.a2, s.a3, s.a4), 0) AS _below, c.buyer_id IS NOT NULL AS _reseller
  FROM tenant n
  LEFT JOIN account a ON a.id = :of_account
  LEFT JOIN tenant s ON s.id = a.tenant_id
  LEFT JOIN customer c ON c.id = a.customer_id
 WHERE n.id = :of_tenant

-- name: bill_run_same
-- guard: admin
SELECT r.id AS _id, r.phase AS _phase FROM bill_run r
 WHERE r.live_of = :of_tenant AND r.cycle_day = :cycle_day AND r.period_start = :period_start AND r.sequence = :sequence

-- Of one account: it begins right before it and ends with it, and has a sequence of its own.
-- name: bill_run_add
-- guard: admin
INSERT INTO bill_run (tenant_id, cycle_day, period_start, period_end, sequence, issue_date, chunk, last_account, rated_to, cancelled_to,
                      of_accounts, account_id, paused, opened, moved)
SELECT :of_tenant, :cycle_day, :period_start, :period_end,
       IF(:of_account = 0, :sequence, (SELECT GREATEST(99, COALESCE(MAX(r.sequence), 0)) + 1 FROM bill_run r
                                        WHERE r.tenant_id = :of_tenant AND r.cycle_day = :cycle_day AND r.period_start = :period_start)),
       :issue_date, 500, IF(:of_account = 0, COALESCE(MAX(a.id), 0), :of_account), GREATEST(:of_account - 1, 0), GREATEST(:of_account - 1, 0),
       IF(:of_account = 0, COUNT(a.id), 1), NULLIF(:of_account, 0), :paused, :now, :now
  FROM account a WHERE a.cycle_day = :cycle_day

-- name: bill_run_new
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- ---- moving one ----
-- name: bill_run_state
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id, t.phase AS _phase, t.paused AS _paused FROM bill_run t WHERE :where AND t.id = :id FOR UPDATE

-- name: bill_run_pause
-- guard: scope
UPDATE bill_run t SET t.paused = 1
 WHERE :where AND t.id = :id AND t.paused = 0 AND t.phase IN ('open', 'rated', 'approved', 'issued', 'cancelling')

-- name: bill_run_resume
-- guard: scope
UPDATE bill_run t
   SET t.paused = 0, t.moved = :now,
       t.moved_done = IF(t.phase = 'approved', (SELECT COUNT(*) FROM draft d WHERE d.run_id = :id AND d.state = 'issued'), t.accounts)
 WHERE :where AND t.id = :id AND t.paused = 1

-- Before anything of it has a number.
-- name: bill_run_call_off
-- guard: scope
UPDATE bill_run t
   SET t.phase = 'cancelling', t.paused = 0, t.moved = :now, t.moved_done = 0
 WHERE :where AND t.id = :id AND t.phase IN ('open', 'rated', 'checked', 'held', 'approved')
   AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.run_id = :id AND d.state = 'issued')

-- name: bill_run_approve_drafts
-- guard: scope
UPDATE draft d JOIN bill_run t ON t.id = d.run_id SET d.state = 'approved'
 WHERE :where AND t.id = :id AND t.phase IN ('checked', 'approved', 'issued', 'settled') AND d.state = 'draft'

-- name: bill_run_approve_one
-- guard: scope
UPDATE draft d JOIN bill_run t ON t.id = d.run_id SET d.state = 'approved'
 WHERE :where AND t.id = :id AND t.phase IN ('checked', 'approved', 'issued', 'settled') AND d.state = 'draft' AND d.id = :draft

-- What is issued goes on with what is approved now.  A run without a draft goes on as well, and is done.
-- name: bill_run_approved
-- guard: scope
UPDATE bill_run t
   SET t.phase = 'approved', t.moved = :now, t.moved_done = (SELECT COUNT(*) FROM draft d WHERE d.run_id = :id AND d.state = 'issued')
 WHERE :where AND t.id = :id AND t.phase IN ('checked', 'issued', 'settled')

-- ---- leaving accounts out ----
-- name: bill_run_park_by_hand
-- guard: scope
INSERT INTO bill_run_parked (run_id, account_id, reason, detail)
SELECT t.id, a.id, 'hand', :detail
  FROM bill_run t
  JOIN account a ON a.id = :account AND a.cycle_day = t.cycle_day AND a.id > t.rated_to AND a.id <= t.last_account
 WHERE :where AND t.id = :id AND t.phase = 'open'
   AND NOT EXISTS (SELECT 1 FROM bill_run_parked p WHERE p.run_id = t.id AND p.account_id = a.id)

-- name: bill_run_unpark
-- guard: scope
DELETE p FROM bill_run_parked p
  JOIN bill_run t ON t.id = p.run_id
 WHERE :where AND t.id = :id AND t.phase = 'open' AND p.account_id = :account AND p.account_id > t.rated_to AND p.reason = 'hand'

-- name: parked_list
-- guard: scope
-- sort: run t.run_id desc
-- filter: run id.bill_run run - t.run_id = :value
SELECT STRAIGHT_JOIN a.tenant_id AS _tenant, CAST(:key AS CHAR) AS _key,
       t.id, t.run_id AS run, a.tenant_id AS tenant, n.name AS tenant_name, a.customer_id AS customer, c.name AS customer_name,
       t.account_id AS account, a.number AS account_number, t.reason, t.detail
  FROM bill_run_parked t :index
  JOIN account a ON a.id = t.account_id
  JOIN tenant n ON n.id = a.tenant_id
  JOIN customer c ON c.id = a.customer_id
 WHERE :where
 ORDER BY :order LIMIT :page
