-- name: user_list
-- guard: scope
-- sort: name t.name asc
-- filter: customer id.customer customer customer_ t.customer_id = :value
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name, t.email,
       t.name, t.language, r.code AS role, t.state
  FROM user t :index
  JOIN tenant n ON n.id = t.tenant_id
  JOIN role r ON r.id = t.role_id
  LEFT JOIN customer c ON c.id = t.customer_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: user_one
-- guard: scope
SELECT t.tenant_id AS _tenant,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name, t.email,
       t.name, t.language, r.code AS role, t.state
  FROM user t
  JOIN tenant n ON n.id = t.tenant_id
  JOIN role r ON r.id = t.role_id
  LEFT JOIN customer c ON c.id = t.customer_id
 WHERE :where AND t.id = :id

-- name: user_lock
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id FROM user t WHERE :where AND t.id = :id FOR UPDATE

-- name: user_edit
-- guard: scope
UPDATE user t SET t.name = COALESCE(:name, t.name), t.language = COALESCE(:language, t.language)
 WHERE :where AND t.id = :id

-- name: user_demo
-- guard: admin
SELECT u.email, h.name AS _host, r.portal AS _portal, r.code AS role, n.name AS tenant_name
  FROM user u
  JOIN tenant n ON n.id = u.tenant_id
  JOIN role r ON r.id = u.role_id
  JOIN host h ON h.tenant_id = n.id AND h.is_primary = 1
 WHERE (u.customer_id IS NULL OR u.email LIKE 'patient%') AND u.state = 'active' AND n.state = 'active'
 ORDER BY n.level, n.id, u.customer_id IS NOT NULL, u.id LIMIT 60

-- name: role_list
-- guard: scope
-- sort: code t.code asc
SELECT :key AS _key, t.id, t.code, t.name, t.portal
  FROM role t :index
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: role_one
-- guard: scope
SELECT t.id, t.code, t.name, t.portal
  FROM role t
 WHERE :where AND t.id = :id

-- name: role_all
-- guard: admin
SELECT t.id, t.code FROM role t ORDER BY t.id

-- name: role_segment_all
-- guard: admin
SELECT g.role_id AS _role_id, g.segment_id AS _segment_id FROM role_segment g ORDER BY g.role_id, g.segment_id

-- name: user_self
-- guard: admin
SELECT u.email, u.name, u.language, r.code AS role, n.name AS _tenant_name, COALESCE(c.name, '') AS _customer_name
  FROM user u
  JOIN tenant n ON n.id = u.tenant_id
  JOIN role r ON r.id = u.role_id
  LEFT JOIN customer c ON c.id = u.customer_id
 WHERE u.id = :id
