-- Discounts of an edge: what its seller takes off what it charges one account, as people see and grant them.

-- What it is of is called so to whom that part of the catalogue is shown: :shown has a 1 at the place of each product segment.
-- name: discount_list
-- guard: scope
-- sort: starts t.starts desc
-- filter: customer id.customer customer customer_ t.customer_id = :value
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key, a.currency AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name, t.account_id AS account, a.number AS account_number,
       t.offering_id AS offering, t.subscription_id AS subscription, IF(:shown IS NULL OR SUBSTRING(:shown, o.product_id, 1) = '1', o.name, NULL) AS offering_name, t.name, t.percent, t.amount, t.starts, t.periods, NULLIF(t.ends, '9999-12-31') AS ends,
       CASE WHEN t.ends <= GREATEST(t.starts, :today) THEN 'ended' WHEN t.starts > :today THEN 'planned' ELSE 'active' END AS state
  FROM discount t :index
  JOIN tenant n ON n.id = t.tenant_id
  JOIN customer c ON c.id = t.customer_id
  JOIN account a ON a.id = t.account_id
  LEFT JOIN subscription s ON s.id = t.subscription_id
  LEFT JOIN offering o ON o.id = COALESCE(t.offering_id, s.offering_id)
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: discount_one
-- guard: scope
SELECT t.tenant_id AS _tenant, a.currency AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name, t.account_id AS account, a.number AS account_number,
       t.offering_id AS offering, t.subscription_id AS subscription, IF(:shown IS NULL OR SUBSTRING(:shown, o.product_id, 1) = '1', o.name, NULL) AS offering_name, t.name, t.percent, t.amount, t.starts, t.periods, NULLIF(t.ends, '9999-12-31') AS ends,
       CASE WHEN t.ends <= GREATEST(t.starts, :today) THEN 'ended' WHEN t.starts > :today THEN 'planned' ELSE 'active' END AS state,
       (SELECT CAST(COALESCE(SUM(u.taken), 0) AS SIGNED) FROM discount_use u JOIN bill_run r ON r.id = u.run_id AND r.phase NOT IN ('cancelling', 'cancelled')
         WHERE u.discount_id = t.id) AS taken
  FROM discount t
  JOIN tenant n ON n.id = t.tenant_id
  JOIN customer c ON c.id = t.customer_id
  JOIN account a ON a.id = t.account_id
  LEFT JOIN subscription s ON s.id = t.subscription_id
  LEFT JOIN offering o ON o.id = COALESCE(t.offering_id, s.offering_id)
 WHERE :where AND t.id = :id

-- ---- granting one ----

-- An account of the own house that is open.
-- name: discount_account
-- guard: admin
SELECT a.id AS _id, a.cycle_day AS _cycle_day, a.currency AS _currency
  FROM account a JOIN customer c ON c.id = a.customer_id
 WHERE a.id = :account AND a.tenant_id = :tenant AND a.state = 'active' AND c.state = 'active'

-- name: discount_subscription
-- guard: admin
SELECT s.id AS _id, s.product_id AS _product FROM subscription s WHERE s.id = :subscription AND s.account_id = :account

-- Another one of the very same at the same time.
-- name: discount_there
-- guard: admin
SELECT MIN(t.id) AS _id FROM discount t
 WHERE t.resold IN (0, 1) AND t.account_id = :account AND t.of_offering = :of_offering AND t.of_subscription = :of_subscription AND t.starts < t.ends AND t.starts < :ends
   AND t.ends > :starts
HAVING _id IS NOT NULL

-- The end of the last period that ends behind that day, and in which a run has charged the account; one that is rating is waited
-- for.
-- name: discount_charged
-- guard: admin
SELECT STRAIGHT_JOIN r.period_end AS _until
  FROM bill_run r FORCE INDEX (all_period_end)
  JOIN charge h ON h.run_id = r.id AND h.account_id = :account
 WHERE r.phase NOT IN ('cancelling', 'cancelled') AND r.period_end > :starts
 ORDER BY r.period_end DESC LIMIT 1
  LOCK IN SHARE MODE

-- And of the last one that a bill was written for.
-- name: discount_billed
-- guard: admin
SELECT MAX(d.period_end) AS _until FROM document d WHERE d.account_id = :account AND d.kind = 'invoice' AND d.period_end > :starts

-- name: discount_insert
-- guard: admin
INSERT INTO discount (tenant_id, customer_id, account_id, offering_id, subscription_id, resold, name, percent, amount, starts, periods, ends, user_id, made)
SELECT a.tenant_id, a.customer_id, a.id, NULLIF(:of_offering, 0), NULLIF(:of_subscription, 0), c.buyer_id IS NOT NULL, :name, :percent, :amount, :starts, :periods, :ends,
       NULLIF(:user, 0), :now
  FROM account a JOIN customer c ON c.id = a.customer_id WHERE a.id = :account

-- name: discount_made
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- ---- its end ----

-- name: discount_lock
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id FROM discount t WHERE :where AND t.id = :id FOR UPDATE

-- name: discount_subject
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id, t.account_id AS _account, t.starts AS _starts, t.ends AS _ends FROM discount t WHERE :where AND t.id = :id FOR UPDATE

-- name: discount_end
-- guard: admin
UPDATE discount SET ends = GREATEST(starts, :ends) WHERE id = :id
