-- name: role_list
-- guard: scope
-- sort: name t.name asc
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key,
       t.id, t.code, t.tenant_id AS tenant, n.name AS tenant_name, t.name, t.portal,
       t.code IS NULL AND t.tenant_id = :tenant AS own,
       (SELECT COUNT(*) FROM user u FORCE INDEX (tenant_role_name) WHERE u.tenant_id = :tenant AND u.role_id = t.id) +
       (SELECT COUNT(*) FROM user_role x JOIN user u ON u.id = x.user_id
         WHERE x.role_id = t.id AND u.tenant_id = :tenant) AS users
  FROM role t :index
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: role_one
-- guard: scope
SELECT t.tenant_id AS _tenant,
       t.id, t.code, t.tenant_id AS tenant, n.name AS tenant_name, t.name, t.portal,
       t.code IS NULL AND t.tenant_id = :tenant AS own,
       (SELECT COUNT(*) FROM user u FORCE INDEX (tenant_role_name) WHERE u.tenant_id = :tenant AND u.role_id = t.id) +
       (SELECT COUNT(*) FROM user_role x JOIN user u ON u.id = x.user_id
         WHERE x.role_id = t.id AND u.tenant_id = :tenant) AS users,
       t.id AS _id, t.portal AS _portal
  FROM role t
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where AND t.id = :id

-- name: role_lock
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id FROM role t WHERE :where AND t.id = :id FOR UPDATE

-- Does anybody have it, or is it anybody's ceiling?  And does who asks have it?
-- name: role_use
-- guard: admin
SELECT r.code IS NULL AND r.tenant_id = :tenant AS _own,
       EXISTS (SELECT 1 FROM user u WHERE u.role_id = r.id) OR EXISTS (SELECT 1 FROM user_role x WHERE x.role_id = r.id) AS _users,
       EXISTS (SELECT 1 FROM tenant c WHERE c.ceiling_id = r.id) AS _ceilings,
       EXISTS (SELECT 1 FROM user u WHERE u.id = :user AND u.role_id = r.id) OR
       EXISTS (SELECT 1 FROM user_role x WHERE x.user_id = :user AND x.role_id = r.id) AS _mine
  FROM role r
 WHERE r.id = :id

-- name: role_named
-- guard: admin
SELECT r.id AS _id FROM role r WHERE r.tenant_id = :tenant AND r.name = :name

-- name: role_segment_names
-- guard: admin
SELECT s.id AS _id, s.name AS _name FROM segment s WHERE s.tenant_id = :tenant ORDER BY s.name, s.id

-- name: role_insert
-- guard: admin
INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (:tenant, NULL, :name, :portal, 0)

-- What a built-in role is called and gives is no row: none of these touches one.
-- name: role_rename
-- guard: admin
UPDATE role SET name = COALESCE(:name, name), portal = :portal WHERE id = :role AND tenant_id = :tenant AND code IS NULL

-- name: role_grants_clear
-- guard: admin
DELETE FROM role_grant WHERE role_id = :role

-- name: role_grant_add
-- guard: admin
INSERT INTO role_grant (role_id, action, scope)
SELECT r.id, :granted, :as FROM role r WHERE r.id = :role AND r.tenant_id = :tenant AND r.code IS NULL

-- name: role_fields_clear
-- guard: admin
DELETE FROM role_field WHERE role_id = :role

-- name: role_field_add
-- guard: admin
INSERT INTO role_field (role_id, field, level)
SELECT r.id, :granted, :as FROM role r WHERE r.id = :role AND r.tenant_id = :tenant AND r.code IS NULL

-- name: role_segments_clear
-- guard: admin
DELETE FROM role_segment WHERE role_id = :role

-- name: role_segment_add
-- guard: admin
INSERT INTO role_segment (role_id, segment_id)
SELECT r.id, :segment FROM role r WHERE r.id = :role AND r.tenant_id = :tenant AND r.code IS NULL

-- name: role_products_clear
-- guard: admin
DELETE FROM role_product WHERE role_id = :role

-- name: role_product_add
-- guard: admin
INSERT INTO role_product (role_id, product_id)
SELECT r.id, :product FROM role r WHERE r.id = :role AND r.tenant_id = :tenant AND r.code IS NULL

-- name: role_delete
-- guard: admin
DELETE FROM role WHERE id = :role AND tenant_id = :tenant AND code IS NULL

-- name: role_load
-- guard: admin
SELECT r.tenant_id AS _tenant_id, COALESCE(r.code, '') AS _code, r.portal AS _portal, r.shared AS _shared
  FROM role r
 WHERE r.id = :role

-- name: role_grants
-- guard: admin
SELECT g.action AS _action, g.scope AS _scope FROM role_grant g WHERE g.role_id = :role ORDER BY g.action

-- name: role_fields
-- guard: admin
SELECT f.field AS _field, f.level AS _level FROM role_field f WHERE f.role_id = :role ORDER BY f.field

-- name: role_segments
-- guard: admin
SELECT g.segment_id AS _segment_id FROM role_segment g WHERE g.role_id = :role ORDER BY g.segment_id

-- name: role_products
-- guard: admin
SELECT g.product_id AS _product_id FROM role_product g WHERE g.role_id = :role ORDER BY g.product_id

-- name: role_name
-- guard: admin
SELECT r.name FROM role r WHERE r.id = :role
