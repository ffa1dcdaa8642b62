-- Minimums of an edge: what its seller charges an account at least for a period, as people see and set them.
-- As which one is billed is told to whom that part of the catalogue is shown: :shown has a 1 at the place of each product segment.

-- name: minimum_list
-- guard: scope
-- sort: starts t.starts desc
-- filter: customer id.customer customer customer_ t.customer_id = :value
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key, COALESCE(a.currency, g.currency) AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name, t.account_id AS account, a.number AS account_number,
       t.agreement_id AS agreement, b.name AS buyer_name, t.offering_id AS offering, IF(:shown IS NULL OR SUBSTRING(:shown, o.product_id, 1) = '1', o.name, NULL) AS offering_name, t.amount, t.starts, NULLIF(t.ends, '9999-12-31') AS ends,
       CASE WHEN t.ends <= GREATEST(t.starts, :today) THEN 'ended' WHEN t.starts > :today THEN 'planned' ELSE 'active' END AS state
  FROM minimum t :index
  JOIN tenant n ON n.id = t.tenant_id
  JOIN offering o ON o.id = t.offering_id
  LEFT JOIN customer c ON c.id = t.customer_id
  LEFT JOIN account a ON a.id = t.account_id
  LEFT JOIN agreement g ON g.id = t.agreement_id
  LEFT JOIN tenant b ON b.id = g.buyer_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: minimum_one
-- guard: scope
SELECT t.tenant_id AS _tenant, COALESCE(a.currency, g.currency) AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name, t.account_id AS account, a.number AS account_number,
       t.agreement_id AS agreement, b.name AS buyer_name, t.offering_id AS offering, IF(:shown IS NULL OR SUBSTRING(:shown, o.product_id, 1) = '1', o.name, NULL) AS offering_name, t.amount, t.starts, NULLIF(t.ends, '9999-12-31') AS ends,
       CASE WHEN t.ends <= GREATEST(t.starts, :today) THEN 'ended' WHEN t.starts > :today THEN 'planned' ELSE 'active' END AS state,
       (SELECT CAST(COALESCE(SUM(u.amount), 0) AS SIGNED) FROM minimum_use u JOIN bill_run r ON r.id = u.run_id AND r.phase NOT IN ('cancelling', 'cancelled')
         WHERE u.minimum_id = t.id AND u.trouble IS NULL) AS topped_up
  FROM minimum t
  JOIN tenant n ON n.id = t.tenant_id
  JOIN offering o ON o.id = t.offering_id
  LEFT JOIN customer c ON c.id = t.customer_id
  LEFT JOIN account a ON a.id = t.account_id
  LEFT JOIN agreement g ON g.id = t.agreement_id
  LEFT JOIN tenant b ON b.id = g.buyer_id
 WHERE :where AND t.id = :id

-- ---- setting one ----

-- An account of the own house that is open.
-- name: minimum_account
-- guard: admin
SELECT a.id AS _id, a.currency AS _currency
  FROM account a JOIN customer c ON c.id = a.customer_id
 WHERE a.id = :account AND a.tenant_id = :tenant AND a.state = 'active' AND c.state = 'active'

-- An agreement by which the own house sells, that goes on.
-- name: minimum_agreement
-- guard: admin
SELECT g.id AS _id, g.currency AS _currency FROM agreement g WHERE g.id = :agreement AND g.seller_id = :tenant AND g.ends > :starts

-- As which it can be billed: what is used has no bill line of its own.
-- name: minimum_offering
-- guard: admin
SELECT o.product_id AS _product FROM offering o WHERE o.id = :offering AND (o.shared = 1 OR o.tenant_id = :tenant) AND o.kind <> 'usage'

-- Another one of the very same at the same time.
-- name: minimum_there
-- guard: admin
SELECT MIN(t.id) AS _id FROM minimum t
 WHERE t.of_agreement = :agreement AND t.of_account = :account AND t.starts < t.ends AND t.starts < :ends AND t.ends > :starts
HAVING _id IS NOT NULL

-- The end of the last period that ends behind that day and that a run has looked at, for anybody under the agreement; one that is
-- rating is waited for, and as long as it goes on nobody knows.
-- name: minimum_charged
-- guard: admin
SELECT STRAIGHT_JOIN r.period_end AS _until
  FROM bill_run r FORCE INDEX (all_period_end)
 WHERE r.phase NOT IN ('cancelling', 'cancelled') AND r.period_end > :starts
   AND (r.phase IN ('open', 'rated') OR EXISTS (SELECT 1 FROM draft d WHERE d.agreement_id = :agreement AND d.run_id = r.id))
 ORDER BY r.period_end DESC LIMIT 1
  LOCK IN SHARE MODE

-- name: minimum_insert
-- guard: admin
INSERT INTO minimum (tenant_id, customer_id, account_id, agreement_id, resold, offering_id, amount, starts, ends, user_id, made)
SELECT n.id, COALESCE(a.customer_id, k.customer_id), a.id, g.id, COALESCE(c.buyer_id, g.buyer_id) IS NOT NULL, :offering, :amount, :starts, :ends, NULLIF(:user, 0), :now
  FROM tenant n
  LEFT JOIN account a ON a.id = :account
  LEFT JOIN customer c ON c.id = a.customer_id
  LEFT JOIN agreement g ON g.id = :agreement
  LEFT JOIN account k ON k.id = g.account_id
 WHERE n.id = :tenant

-- name: minimum_made
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- ---- its end ----

-- name: minimum_lock
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id FROM minimum t WHERE :where AND t.id = :id FOR UPDATE

-- name: minimum_subject
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id, t.of_account AS _account, t.of_agreement AS _agreement, t.starts AS _starts, t.ends AS _ends
  FROM minimum t WHERE :where AND t.id = :id FOR UPDATE

-- name: minimum_end
-- guard: admin
UPDATE minimum SET ends = GREATEST(starts, :ends) WHERE id = :id
