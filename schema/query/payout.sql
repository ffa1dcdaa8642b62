-- Pay-outs: what closed statements owe, in batches that a bank takes.

-- name: payout_list
-- guard: scope
-- sort: created t.created desc
-- filter: state code.prepared.sent.cancelled state +state_ t.state = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key,
       t.id, t.execution, t.minimum, t.state, t.created, t.sent, t.user_id AS user, u.name AS user_name,
       (SELECT COUNT(*) FROM payout_line l WHERE l.payout_id = t.id) AS payments
  FROM payout t :index
  LEFT JOIN user u ON u.id = t.user_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: payout_one
-- guard: scope
SELECT t.tenant_id AS _tenant,
       t.id, t.execution, t.minimum, t.state, t.created, t.sent, t.user_id AS user, u.name AS user_name,
       (SELECT COUNT(*) FROM payout_line l WHERE l.payout_id = t.id) AS payments
  FROM payout t
  LEFT JOIN user u ON u.id = t.user_id
 WHERE :where AND t.id = :id

-- name: payout_state
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id, t.state AS _state, DATE_FORMAT(t.created, '%Y-%m-%d') AS _created FROM payout t WHERE :where AND t.id = :id FOR UPDATE

-- Who pays: with what is asked for, and when.
-- name: payout_head
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id, t.state AS _state, p.name AS _name, p.iban AS _iban, p.bic AS _bic, DATE_FORMAT(t.execution, '%Y-%m-%d') AS _execution,
       DATE_FORMAT(t.created, '%Y-%m-%dT%TZ') AS _created
  FROM payout t JOIN party p ON p.id = t.party_id
 WHERE :where AND t.id = :id

-- name: payout_lines
-- guard: admin
SELECT l.statement_id AS _statement, l.tenant_id AS _tenant, n.name AS _tenant_name, l.currency AS _currency, l.amount AS _amount, l.name AS _name, l.iban AS _iban,
       l.bic AS _bic, l.reference AS _reference, DATE_FORMAT(s.period_start, '%Y-%m') AS _period
  FROM payout_line l
  JOIN tenant n ON n.id = l.tenant_id
  JOIN statement s ON s.id = l.statement_id
 WHERE l.payout_id = :id
 ORDER BY l.currency, l.id

-- name: payout_left
-- guard: admin
SELECT f.statement_id AS _statement, s.tenant_id AS _tenant, n.name AS _tenant_name, s.currency AS _currency, f.amount AS _amount, f.reason AS _reason
  FROM payout_left f
  JOIN statement s ON s.id = f.statement_id
  JOIN tenant n ON n.id = s.tenant_id
 WHERE f.payout_id = :id
 ORDER BY n.name, s.id

-- ---- preparing one ----
-- name: payout_payer
-- guard: admin
SELECT n.id AS _tenant, p.id AS _party, p.name AS _name, p.iban AS _iban FROM tenant n JOIN party p ON p.id = n.party_id WHERE n.level = 0

-- What the last statement of each owes, less what is on its way and on no statement yet, and less commissions that are on no
-- self-billed document.
-- name: payout_due
-- guard: admin
SELECT x.id AS _statement, x.tenant_id AS _tenant, x.currency AS _currency, x.decimals AS _decimals, x.name AS _name, x.iban AS _iban, x.bic AS _bic, x.owed AS _amount
  FROM (SELECT s.id, s.tenant_id, s.currency, k.decimals, p.name, p.iban, p.bic,
               s.closing - (SELECT CAST(COALESCE(SUM(l.amount), 0) AS SIGNED) FROM payout_line l
                             WHERE l.tenant_id = s.tenant_id AND l.currency = s.currency AND l.given_back = 0
                               AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.tenant_id = l.tenant_id AND e.kind = 'paid_out' AND e.currency = l.currency
                                                AND e.source = l.payout_id AND e.statement_id IS NOT NULL))
               - COALESCE(w.withheld, 0) AS owed
          FROM statement s
          JOIN tenant n ON n.id = s.tenant_id AND n.level > 0
          JOIN party p ON p.id = n.party_id
          JOIN currency k ON k.code = s.currency
          LEFT JOIN (SELECT r.tenant_id, r.currency, CAST(GREATEST(SUM(r.net + r.tax), 0) AS SIGNED) AS withheld
                       FROM earning r FORCE INDEX (waiting)
                       JOIN entry e ON e.tenant_id = r.tenant_id AND e.kind = 'commission' AND e.currency = r.currency AND e.source = r.payment_id AND e.statement_id IS NOT NULL
                      WHERE r.self_bill_id IS NULL GROUP BY r.tenant_id, r.currency) w ON w.tenant_id = s.tenant_id AND w.currency = s.currency
         WHERE s.state = 'closed' AND s.closing > 0
           AND NOT EXISTS (SELECT 1 FROM statement r WHERE r.tenant_id = s.tenant_id AND r.currency = s.currency AND r.period_start > s.period_start)
           AND NOT EXISTS (SELECT 1 FROM payout_line o WHERE o.statement_id = s.id AND o.given_back = 0)) x
 WHERE x.owed > 0
 ORDER BY x.currency, x.name, x.id

-- name: payout_insert
-- guard: admin
INSERT INTO payout (tenant_id, party_id, user_id, execution, minimum, created) VALUES (:of_tenant, :party, :user, :execution, :minimum, :now)

-- name: payout_new
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- name: payout_line_insert
-- guard: admin
INSERT INTO payout_line (payout_id, statement_id, tenant_id, currency, amount, name, iban, bic, reference)
VALUES (:payout, :statement, :of_tenant, :currency, :amount, :name, :iban, :bic, :reference)

-- name: payout_left_insert
-- guard: admin
INSERT INTO payout_left (payout_id, statement_id, amount, reason) VALUES (:payout, :statement, :amount, :reason)

-- ---- moving one ----
-- name: payout_cancel
-- guard: scope
UPDATE payout t JOIN payout_line l ON l.payout_id = t.id SET t.state = 'cancelled', l.given_back = t.id WHERE :where AND t.id = :id AND t.state = 'prepared'

-- name: payout_send
-- guard: scope
UPDATE payout t SET t.state = 'sent', t.sent = :sent WHERE :where AND t.id = :id AND t.state = 'prepared'

-- name: payout_entries
-- guard: admin
INSERT INTO entry (tenant_id, currency, day, kind, amount, payout_id)
SELECT l.tenant_id, l.currency, :sent, 'paid_out', -l.amount, l.payout_id FROM payout_line l WHERE l.payout_id = :id
