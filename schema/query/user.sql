-- name: user_list
-- guard: scope
-- sort: name t.name asc
-- filter: customer id.customer customer customer_ t.customer_id = :value
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name, t.email,
       t.name, t.language, r.code AS role, r.name AS role_name, t.state
  FROM user t :index
  JOIN tenant n ON n.id = t.tenant_id
  JOIN role r FORCE INDEX (PRIMARY) ON r.id = t.role_id -- so few that a scan would seem cheaper, and cost the order
  LEFT JOIN customer c ON c.id = t.customer_id
 WHERE :where AND t.state <> 'key' -- those are listed as keys
 ORDER BY :order LIMIT :page

-- name: user_one
-- guard: scope
SELECT t.tenant_id AS _tenant,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name, t.email,
       t.name, t.language, r.code AS role, r.name AS role_name, t.state
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

-- A user of who invites: of its tenant and, where it acts for one, of its customer.
-- name: user_invite
-- guard: admin
INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, state)
SELECT n.id, NULLIF(:customer, 0), :role_id, :email, :name, :language, '', 'invited'
  FROM tenant n
 WHERE n.id = :tenant AND NOT EXISTS (SELECT 1 FROM user x WHERE x.tenant_id = n.id AND x.email = :email)

-- name: user_new
-- guard: admin
SELECT u.id FROM user u WHERE u.tenant_id = :tenant AND u.email = :email

-- name: user_invited
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id, t.tenant_id = :tenant AND t.state = 'invited' AS _waits
  FROM user t WHERE :where AND t.id = :id FOR UPDATE

-- name: user_demo
-- guard: admin
-- A few of each role at each tenant.
SELECT k.email, k.host AS _host, k.portal AS _portal, k.role, k.tenant_name
  FROM (SELECT u.id, u.email, h.name AS host, r.portal, r.code AS role, n.name AS tenant_name, n.level, n.id AS tenant_id,
               u.customer_id IS NOT NULL AS of_customer, ROW_NUMBER() OVER (PARTITION BY n.id, r.id ORDER BY u.id) AS place
          FROM user u
          JOIN tenant n ON n.id = u.tenant_id
          JOIN role r ON r.id = u.role_id AND r.code IS NOT NULL
          JOIN host h ON h.tenant_id = n.id AND h.is_primary = 1
         WHERE u.state = 'active' AND n.state = 'active') k
 WHERE k.place <= 6
 ORDER BY k.level, k.tenant_id, k.of_customer, k.place, k.id LIMIT 100

-- name: user_roles
-- guard: admin
SELECT x.role_id AS _role_id FROM user_role x WHERE x.user_id = :user ORDER BY x.role_id

-- The tenant's own ceiling and those of all above it but the provider, which has none.
-- name: tenant_ceilings
-- guard: admin
SELECT COALESCE(c.ceiling_id, 0) AS _ceiling_id, COALESCE(c.parent_id, 0) AS _parent_id
  FROM tenant t
  JOIN tenant c ON c.id IN (t.a1, t.a2, t.a3, t.a4) AND c.level > 0
 WHERE t.id = :tenant
 ORDER BY c.level

-- The first one first.
-- name: user_role_names
-- guard: admin
SELECT r.id AS _id, r.name AS _name, COALESCE(r.code, '') AS _code
  FROM user u
  JOIN (SELECT 0 AS more, k.role_id FROM user k WHERE k.id = :id
        UNION ALL SELECT 1, x.role_id FROM user_role x WHERE x.user_id = :id) h
  JOIN role r ON r.id = h.role_id
 WHERE u.id = :id
 ORDER BY h.more, r.id

-- name: user_first_role
-- guard: admin
UPDATE user SET role_id = :role, more_roles = :more WHERE id = :id

-- name: user_roles_clear
-- guard: admin
DELETE FROM user_role WHERE user_id = :id

-- name: user_role_add
-- guard: admin
INSERT INTO user_role (user_id, role_id) SELECT u.id, r.id FROM user u JOIN role r ON r.id = :role WHERE u.id = :id

-- Who has a role, of the asker's own tenant: the first ones, for each way to have it in the order of an index.
-- name: user_with_role
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id, t.name, t.email, t.state
  FROM ((SELECT u.id FROM user u FORCE INDEX (tenant_role_name)
          WHERE u.tenant_id = :tenant AND u.role_id = :role ORDER BY u.name, u.id LIMIT 100)
        UNION
        (SELECT u.id FROM user_role x JOIN user u ON u.id = x.user_id
          WHERE x.role_id = :role AND u.tenant_id = :tenant ORDER BY u.name, u.id LIMIT 100)) k
  JOIN user t ON t.id = k.id
 WHERE :where
 ORDER BY t.name, t.id LIMIT 100

-- name: user_self
-- guard: admin
SELECT u.email, u.name, u.language, COALESCE(r.code, '') AS role, r.name AS role_name, n.name AS _tenant_name, COALESCE(c.name, '') AS _customer_name
  FROM user u
  JOIN tenant n ON n.id = u.tenant_id
  JOIN role r ON r.id = u.role_id
  LEFT JOIN customer c ON c.id = u.customer_id
 WHERE u.id = :id

-- Who it is that rights are asked for; in the scope of who asks.
-- name: user_asker
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id, t.role_id AS _role_id, t.tenant_id AS _tenant_id,
       COALESCE(t.customer_id, 0) AS _customer_id, t.more_roles AS _more_roles,
       t.customer_id IS NOT NULL AND EXISTS (SELECT 1 FROM customer m WHERE m.parent_id = t.customer_id) AS _group_head, n.level AS _level,
       t.state = 'active' AND n.state = 'active' AS _signs_in,
       (t.state = 'active' OR EXISTS (SELECT 1 FROM api_key k WHERE k.user_id = t.id AND k.ended IS NULL AND k.expires > :now)) AND n.state = 'active' AS _active
  FROM user t
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where AND t.id = :id

-- Who signs in with that address on that host, for the operator.
-- name: user_at
-- guard: admin
SELECT u.id AS _id, u.tenant_id AS _tenant_id, v.version AS _version
  FROM host h
  JOIN user u ON u.tenant_id = h.tenant_id AND u.email = :email
  JOIN channel_version v ON v.id = 1
 WHERE h.name = :host

-- name: role_builtin
-- guard: admin
SELECT r.id FROM role r WHERE r.code = :role_code AND r.shared = 1 ORDER BY r.id LIMIT 1

-- Somebody of a customer's tenant who can look after it.
-- name: user_agent
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id
  FROM user t
  JOIN customer c ON c.id = :id AND c.tenant_id = t.tenant_id
 WHERE :where AND t.id = :agent AND t.customer_id IS NULL AND t.state IN ('active', 'invited')
