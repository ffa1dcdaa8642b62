-- name: move_list
-- guard: scope
-- sort: day t.day desc
-- filter: state code.planned.moving.done.cancelled.refused state - t.state = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.from_id AS `from`, f.name AS from_name, t.parent_id AS parent,
       p.name AS parent_name, t.day, t.state
  FROM move t :index
  JOIN tenant n ON n.id = t.tenant_id
  JOIN tenant f ON f.id = t.from_id
  JOIN tenant p ON p.id = t.parent_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: move_one
-- guard: scope
SELECT t.tenant_id AS _tenant,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.from_id AS `from`, f.name AS from_name, t.parent_id AS parent,
       p.name AS parent_name, t.day, t.state
  FROM move t
  JOIN tenant n ON n.id = t.tenant_id
  JOIN tenant f ON f.id = t.from_id
  JOIN tenant p ON p.id = t.parent_id
 WHERE :where AND t.id = :id

-- What there is to say against a move, as the tree stands: depth is how far the tree reaches below the tenant.
-- name: move_check
-- guard: admin
SELECT n.level AS _level, COALESCE(n.parent_id, 0) AS _from, p.level AS _parent_level, p.state = 'active' AS _open,
       n.id IN (p.id, p.a1, p.a2, p.a3, p.a4) AS _below,
       (SELECT MAX(d.level) FROM tenant d WHERE n.id IN (d.a1, d.a2, d.a3, d.a4)) - n.level AS _depth,
       EXISTS (SELECT 1 FROM move m WHERE m.open_of = n.id AND m.id <> :move) AS _again
  FROM tenant n
  JOIN tenant p ON p.id = :parent
 WHERE n.id = :tenant_id
   FOR UPDATE

-- name: move_insert
-- guard: admin
INSERT INTO move (tenant_id, from_id, parent_id, day) VALUES (:tenant_id, :from, :parent, :day)

-- name: move_open
-- guard: admin
SELECT t.id FROM move t WHERE t.open_of = :tenant_id

-- name: move_lock
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id FROM move t WHERE :where AND t.id = :id FOR UPDATE

-- name: move_cancel
-- guard: scope
UPDATE move t SET t.state = 'cancelled' WHERE :where AND t.id = :id AND t.state = 'planned'

-- The next one to work on: what has begun goes on before another begins.
-- name: move_due
-- guard: admin
SELECT t.id, t.tenant_id AS _tenant_id, t.parent_id AS _parent, t.state = 'moving' AS _moving
  FROM move t WHERE t.state = 'moving' OR (t.state = 'planned' AND t.day <= UTC_DATE()) ORDER BY t.state = 'planned', t.day, t.id LIMIT 1

-- name: move_state
-- guard: admin
UPDATE move SET state = :state WHERE id = :id AND state = :before

-- name: move_tenants
-- guard: admin
SELECT t.id, t.level AS _level, t.a1 AS _a1, t.a2 AS _a2, t.a3 AS _a3, t.a4 AS _a4
  FROM tenant t WHERE :tenant_id IN (t.a1, t.a2, t.a3, t.a4) ORDER BY t.level, t.id FOR UPDATE

-- name: move_parent
-- guard: admin
SELECT t.id, t.level AS _level, t.a1 AS _a1, t.a2 AS _a2, t.a3 AS _a3, t.a4 AS _a4 FROM tenant t WHERE t.id = :parent

-- name: move_tenant
-- guard: admin
UPDATE tenant SET parent_id = IF(id = :moved, :parent, parent_id), level = :level, a1 = :a1, a2 = :a2, a3 = :a3, a4 = :a4 WHERE id = :id

-- name: move_version
-- guard: admin
UPDATE channel_version SET version = version + 1

-- The last number of the next thousand customers of a tenant; nothing where fewer are left.
-- name: move_customers_end
-- guard: admin
SELECT t.number AS _number FROM customer t FORCE INDEX (tenant_number) WHERE t.tenant_id = :id AND t.number > :after
 ORDER BY t.number LIMIT 999, 1

-- name: move_customers
-- guard: admin
UPDATE customer t JOIN tenant n ON n.id = t.tenant_id SET t.a1 = n.a1, t.a2 = n.a2, t.a3 = n.a3, t.a4 = n.a4
 WHERE t.tenant_id = :id AND t.number > :after AND t.number <= :upto

-- name: move_documents_end
-- guard: admin
SELECT t.number AS _number FROM document t FORCE INDEX (tenant_number) WHERE t.tenant_id = :id AND t.number > :after
 ORDER BY t.number LIMIT 999, 1

-- name: move_documents
-- guard: admin
UPDATE document t JOIN tenant n ON n.id = t.tenant_id SET t.a1 = n.a1, t.a2 = n.a2, t.a3 = n.a3, t.a4 = n.a4
 WHERE t.tenant_id = :id AND t.number > :after AND t.number <= :upto
