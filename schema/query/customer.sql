-- name: customer_list
-- guard: arms
-- sort: name t.name asc
-- sort: number t.number asc
-- filter: q prefix name - t.name LIKE :value
-- filter: number prefix number - t.number LIKE CONVERT(:value USING ascii) COLLATE ascii_bin
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
-- arm: SELECT t.id, :key AS _key FROM customer t :index WHERE :where ORDER BY :order LIMIT :page
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, t.segment_id AS _segment, COALESCE(t.parent_id, t.id) AS _group, t.agent_id AS _agent, :key AS _key,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.number, t.name, t.kind,
       t.parent_id AS parent, t.segment_id AS segment, s.name AS segment_name, t.segment_by, g.id AS agent, g.name AS agent_name, p.city,
       p.country, t.language, t.state, t.since
  FROM :rows
  JOIN tenant n ON n.id = t.tenant_id
  JOIN segment s ON s.id = t.segment_id
  JOIN party p ON p.id = t.party_id
  LEFT JOIN user g FORCE INDEX (PRIMARY) ON g.id = t.agent_id AND g.tenant_id = t.tenant_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: customer_one
-- guard: arms
SELECT t.tenant_id AS _tenant, t.segment_id AS _segment, COALESCE(t.parent_id, t.id) AS _group, t.agent_id AS _agent,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.number, t.name, t.kind,
       t.parent_id AS parent, t.segment_id AS segment, s.name AS segment_name, t.segment_by, g.id AS agent, g.name AS agent_name, p.email,
       p.phone, p.street, p.postcode, p.city, p.country, p.tax_id, t.language, t.state, t.since
  FROM customer t
  JOIN tenant n ON n.id = t.tenant_id
  JOIN segment s ON s.id = t.segment_id
  JOIN party p ON p.id = t.party_id
  LEFT JOIN user g FORCE INDEX (PRIMARY) ON g.id = t.agent_id AND g.tenant_id = t.tenant_id
 WHERE :where AND t.id = :id

-- name: account_list
-- guard: arms
-- sort: number t.number asc
-- filter: customer id.customer customer customer_ t.customer_id = :value
-- arm: SELECT t.id, :key AS _key FROM account t :index WHERE :where ORDER BY :order LIMIT :page
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, :key AS _key,
       t.id, t.customer_id AS customer, c.name AS customer_name, t.number, t.currency, t.cycle_day, t.terms_days,
       t.method, t.method_hint, t.state
  FROM :rows
  JOIN customer c ON c.id = t.customer_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: account_one
-- guard: arms
SELECT t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent,
       t.id, t.customer_id AS customer, c.name AS customer_name, t.number, t.currency, t.cycle_day, t.terms_days,
       t.method, t.method_hint, t.state
  FROM account t
  JOIN customer c ON c.id = t.customer_id
 WHERE :where AND t.id = :id

-- name: customer_lock
-- guard: arms
SELECT t.tenant_id AS _tenant, t.segment_id AS _segment, COALESCE(t.parent_id, t.id) AS _group, t.agent_id AS _agent, t.id AS _id
  FROM customer t WHERE :where AND t.id = :id FOR UPDATE

-- name: customer_tags
-- guard: open
SELECT g.tag AS _tag FROM customer_tag g WHERE g.customer_id = :id ORDER BY g.tag

-- A segment of the customer's own tenant.
-- name: customer_segment
-- guard: admin
SELECT s.id AS _id FROM customer c JOIN segment s ON s.tenant_id = c.tenant_id WHERE c.id = :id AND s.id = :segment

-- name: customer_put
-- guard: arms
UPDATE customer t SET t.segment_id = :segment, t.segment_by = 'hand' WHERE :where AND t.id = :id

-- name: customer_give_back
-- guard: arms
UPDATE customer t SET t.segment_by = 'rule' WHERE :where AND t.id = :id

-- name: customer_assign
-- guard: arms
UPDATE customer t SET t.agent_id = NULLIF(:agent, 0) WHERE :where AND t.id = :id

-- name: customer_tags_clear
-- guard: admin
DELETE FROM customer_tag WHERE customer_id = :id

-- name: customer_tag_add
-- guard: admin
INSERT IGNORE INTO customer_tag (customer_id, tag) VALUES (:id, :tag)
