-- name: transfer_list
-- guard: scope
-- sort: day t.day desc
-- filter: state code.planned.done.cancelled.refused state - t.state = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name,
       t.to_id AS `to`, o.name AS to_name, t.day, t.state, t.became_id AS became
  FROM transfer t :index
  JOIN tenant n ON n.id = t.tenant_id
  JOIN customer c ON c.id = t.customer_id
  JOIN tenant o ON o.id = t.to_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: transfer_one
-- guard: scope
SELECT t.tenant_id AS _tenant,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name,
       t.to_id AS `to`, o.name AS to_name, t.day, t.state, t.became_id AS became
  FROM transfer t
  JOIN tenant n ON n.id = t.tenant_id
  JOIN customer c ON c.id = t.customer_id
  JOIN tenant o ON o.id = t.to_id
 WHERE :where AND t.id = :id

-- What there is to say against it: where the customer is, and what stands at the new reseller.
-- name: transfer_check
-- guard: admin
SELECT c.tenant_id AS _from, c.state = 'active' AS _active, o.state = 'active' AS _open,
       COALESCE((SELECT r.id FROM segment r WHERE r.rest_of = o.id), (SELECT MIN(s.id) FROM segment s WHERE s.tenant_id = o.id), 0) AS _place,
       EXISTS (SELECT 1 FROM customer m WHERE m.parent_id = c.id) AS _head,
       EXISTS (SELECT 1 FROM transfer x WHERE x.open_of = c.id AND x.id <> :transfer) AS _again
  FROM customer c
  JOIN tenant o ON o.id = :to
 WHERE c.id = :of_customer
   FOR UPDATE

-- name: transfer_insert
-- guard: admin
INSERT INTO transfer (tenant_id, customer_id, to_id, day) VALUES (:from, :of_customer, :to, :day)

-- name: transfer_open
-- guard: admin
SELECT t.id FROM transfer t WHERE t.open_of = :of_customer

-- name: transfer_lock
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id FROM transfer t WHERE :where AND t.id = :id FOR UPDATE

-- name: transfer_cancel
-- guard: scope
UPDATE transfer t SET t.state = 'cancelled' WHERE :where AND t.id = :id AND t.state = 'planned'

-- name: transfer_due
-- guard: admin
SELECT t.id, t.customer_id AS _customer, t.to_id AS _to FROM transfer t
 WHERE t.state = 'planned' AND t.day <= UTC_DATE() ORDER BY t.day, t.id LIMIT 1

-- name: transfer_state
-- guard: admin
UPDATE transfer SET state = :state, became_id = NULLIF(:became, 0) WHERE id = :transfer AND state = 'planned'

-- Nothing else makes numbers that begin so, and each transfer has its own.
-- name: transfer_customer
-- guard: admin
INSERT INTO customer (tenant_id, a1, a2, a3, a4, segment_id, party_id, number, name, kind, language, since)
SELECT o.id, o.a1, o.a2, o.a3, o.a4, :place, c.party_id, CONCAT('T-', x.id), c.name, c.kind, c.language, x.day
  FROM transfer x
  JOIN customer c ON c.id = x.customer_id
  JOIN tenant o ON o.id = x.to_id
 WHERE x.id = :transfer

-- name: transfer_became
-- guard: admin
SELECT c.id FROM customer c JOIN transfer x ON x.id = :transfer AND c.tenant_id = x.to_id AND c.number = CONCAT('T-', x.id)

-- name: transfer_accounts
-- guard: admin
SELECT a.id FROM account a JOIN transfer x ON x.id = :transfer AND a.customer_id = x.customer_id AND a.tenant_id = x.tenant_id
 WHERE a.state = 'active' ORDER BY a.id

-- name: transfer_account
-- guard: admin
INSERT INTO account (tenant_id, customer_id, segment_id, number, currency, cycle_day, terms_days, method, method_hint)
SELECT c.tenant_id, c.id, c.segment_id, CONCAT('T-', :transfer, '-', :place), a.currency, a.cycle_day, a.terms_days, a.method, a.method_hint
  FROM account a
  JOIN customer c ON c.id = :became
 WHERE a.id = :account

-- name: transfer_account_end
-- guard: admin
UPDATE account SET state = 'closed' WHERE id = :account

-- Another account, from the day on: what ends before stays as it is.
-- name: transfer_subscriptions
-- guard: admin
INSERT INTO subscription (tenant_id, customer_id, segment_id, account_id, offering_id, product_id, quantity, unit_price, currency, starts, ends,
                          free_until, committed_until, replaces_id)
SELECT b.tenant_id, b.customer_id, b.segment_id, b.id, t.offering_id, t.product_id, t.quantity, t.unit_price, t.currency, GREATEST(t.starts, x.day), t.ends,
       t.free_until, t.committed_until, t.id
  FROM subscription t
  JOIN transfer x ON x.id = :transfer
  JOIN account b ON b.customer_id = :became AND b.number = CONCAT('T-', x.id, '-', :place)
 WHERE t.account_id = :account AND t.state = 'active' AND (t.ends IS NULL OR t.ends > x.day)

-- How many there are from the day on, and which is an add-on of which.
-- name: transfer_quantities
-- guard: admin
INSERT INTO subscription_quantity (subscription_id, starts, ends, quantity)
SELECT s.id, GREATEST(q.starts, s.starts), q.ends, q.quantity
  FROM subscription t
  JOIN subscription s ON s.replaces_id = t.id AND s.customer_id = :became
  JOIN subscription_quantity q ON q.subscription_id = t.id AND q.ends > s.starts
 WHERE t.account_id = :account

-- name: transfer_parents
-- guard: admin
UPDATE subscription t
  JOIN subscription s ON s.replaces_id = t.id AND s.customer_id = :became
  JOIN subscription p ON p.replaces_id = t.parent_id AND p.customer_id = :became
   SET s.parent_id = p.id
 WHERE t.account_id = :account

-- name: transfer_subscriptions_end
-- guard: admin
UPDATE subscription t
  JOIN transfer x ON x.id = :transfer
   SET t.ends = GREATEST(t.starts, x.day), t.state = 'ended'
 WHERE t.account_id = :account AND t.state = 'active' AND (t.ends IS NULL OR t.ends > x.day)

-- Its segment there is what the rules there say.
-- name: transfer_rules
-- guard: admin
INSERT INTO customer_due (task, of_id) VALUES ('rules', :became)

-- name: transfer_customer_end
-- guard: admin
UPDATE customer c JOIN transfer x ON x.id = :transfer AND c.id = x.customer_id SET c.state = 'closed'
