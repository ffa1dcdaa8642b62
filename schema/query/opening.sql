-- Persons and roles are named within their own house, and to the provider: a customer learns which house it was, and
-- nobody below the names of those above (a tenant's id in :tenant is that of who asks).
-- name: opening_list
-- guard: arms
-- sort: at t.at desc
-- filter: customer id.customer customer customer_ t.customer_id = :value
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
-- filter: kind code.customer.account.document.payment.subscription kind - t.kind = :value
-- filter: since date at - t.at >= :value
-- arm: SELECT t.id, :key AS _key FROM opening t :index WHERE :where ORDER BY :order LIMIT :page
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, t.kind AS _of, :key AS _key,
       t.id, t.at, t.did, t.kind, t.object_id AS object, t.number,
       CASE WHEN v.customer_id IS NOT NULL THEN 'group' WHEN v.tenant_id = t.tenant_id THEN 'seller' WHEN h.level = 0 THEN 'provider'
         ELSE 'above' END AS house,
       h.name AS house_name, r.code AS role, IF(a.level = 0 OR a.id = v.tenant_id, r.name, NULL) AS role_name,
       IF(a.level = 0 OR a.id = v.tenant_id, v.id, NULL) AS user, IF(a.level = 0 OR a.id = v.tenant_id, v.name, NULL) AS user_name,
       t.as_id <> 0 AS viewing, IF(a.level = 0 OR a.id = w.tenant_id, w.id, NULL) AS as_user,
       IF(a.level = 0 OR a.id = w.tenant_id, w.name, NULL) AS as_name,
       t.customer_id AS customer, c.name AS customer_name, t.tenant_id AS tenant, n.name AS tenant_name
  FROM :rows
  JOIN tenant a ON a.id = :tenant
  JOIN customer c ON c.id = t.customer_id
  JOIN tenant n ON n.id = t.tenant_id
  JOIN user v ON v.id = t.user_id
  JOIN tenant h ON h.id = v.tenant_id
  LEFT JOIN role r ON r.id = t.role_id
  LEFT JOIN user w ON w.id = t.as_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- What is noted of each kind (core/opening.c): nothing where who opens is of the customer itself, and nothing where
-- it is noted already.  Not IGNORE, which would pass over what else can be wrong.
-- name: opening_customer
-- guard: admin
INSERT INTO opening (tenant_id, customer_id, segment_id, group_id, kind, object_id, number, user_id, role_id, as_id, did, day, at)
SELECT t.tenant_id, t.id, t.segment_id, t.group_id, 'customer', t.id, t.number, v.id, v.role_id, :as_user, :did, :today, :now
  FROM customer t
  JOIN user v ON v.id = :viewer AND NOT (v.customer_id <=> t.id)
 WHERE t.id = :object
ON DUPLICATE KEY UPDATE group_id = opening.group_id

-- name: opening_account
-- guard: admin
INSERT INTO opening (tenant_id, customer_id, segment_id, group_id, kind, object_id, number, user_id, role_id, as_id, did, day, at)
SELECT t.tenant_id, c.id, c.segment_id, c.group_id, 'account', t.id, t.number, v.id, v.role_id, :as_user, :did, :today, :now
  FROM account t
  JOIN customer c ON c.id = t.customer_id
  JOIN user v ON v.id = :viewer AND NOT (v.customer_id <=> c.id)
 WHERE t.id = :object
ON DUPLICATE KEY UPDATE group_id = opening.group_id

-- name: opening_document
-- guard: admin
INSERT INTO opening (tenant_id, customer_id, segment_id, group_id, kind, object_id, number, user_id, role_id, as_id, did, day, at)
SELECT t.tenant_id, c.id, c.segment_id, c.group_id, 'document', t.id, t.number, v.id, v.role_id, :as_user, :did, :today, :now
  FROM document t
  JOIN customer c ON c.id = t.customer_id
  JOIN user v ON v.id = :viewer AND NOT (v.customer_id <=> c.id)
 WHERE t.id = :object
ON DUPLICATE KEY UPDATE group_id = opening.group_id

-- name: opening_payment
-- guard: admin
INSERT INTO opening (tenant_id, customer_id, segment_id, group_id, kind, object_id, number, user_id, role_id, as_id, did, day, at)
SELECT t.tenant_id, c.id, c.segment_id, c.group_id, 'payment', t.id, NULL, v.id, v.role_id, :as_user, :did, :today, :now
  FROM payment t
  JOIN customer c ON c.id = t.customer_id
  JOIN user v ON v.id = :viewer AND NOT (v.customer_id <=> c.id)
 WHERE t.id = :object
ON DUPLICATE KEY UPDATE group_id = opening.group_id

-- name: opening_subscription
-- guard: admin
INSERT INTO opening (tenant_id, customer_id, segment_id, group_id, kind, object_id, number, user_id, role_id, as_id, did, day, at)
SELECT t.tenant_id, c.id, c.segment_id, c.group_id, 'subscription', t.id, NULL, v.id, v.role_id, :as_user, :did, :today, :now
  FROM subscription t
  JOIN customer c ON c.id = t.customer_id
  JOIN user v ON v.id = :viewer AND NOT (v.customer_id <=> c.id)
 WHERE t.id = :object
ON DUPLICATE KEY UPDATE group_id = opening.group_id

-- name: opening_sweep
-- guard: admin
DELETE FROM opening WHERE at < :now - INTERVAL :days DAY ORDER BY at LIMIT 1000
