-- name: segment_list
-- guard: scope
-- sort: name t.name asc
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.name, t.way, t.place, t.kind, t.country, t.postcode, t.tag, t.size
  FROM segment t :index
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: segment_one
-- guard: scope
SELECT t.tenant_id AS _tenant,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.name, t.way, t.place, t.kind, t.country, t.postcode, t.tag, t.size
  FROM segment t
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where AND t.id = :id

-- name: segment_lock
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id FROM segment t WHERE :where AND t.id = :id FOR UPDATE

-- What it is, for a change of some of it.
-- name: segment_state
-- guard: scope
SELECT t.tenant_id AS _tenant, t.tenant_id AS _of_tenant, t.name AS _name, t.way AS _way, t.place AS _place, t.kind AS _kind,
       t.country AS _country, t.postcode AS _postcode, t.tag AS _tag, t.size AS _size
  FROM segment t WHERE :where AND t.id = :id

-- Another that takes the rest of the same tenant.
-- name: segment_rest
-- guard: admin
SELECT s.id AS _id FROM segment s WHERE s.rest_of = :of

-- name: segment_add
-- guard: admin
INSERT INTO segment (tenant_id, name, way, place, kind, country, postcode, tag, size)
VALUES (:tenant, :name, :way, :place, NULLIF(:kind, ''), NULLIF(:country, ''), NULLIF(:postcode, ''), NULLIF(:tag, ''), NULLIF(:size, 0))

-- name: segment_added
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- name: segment_edit
-- guard: scope
UPDATE segment t
   SET t.name = :name, t.way = :way, t.place = :place, t.kind = NULLIF(:kind, ''), t.country = NULLIF(:country, ''),
       t.postcode = NULLIF(:postcode, ''), t.tag = NULLIF(:tag, ''), t.size = NULLIF(:size, 0)
 WHERE :where AND t.id = :id

-- What uses it: customers, roles, and what has not followed its customer elsewhere yet.
-- name: segment_use
-- guard: admin
SELECT EXISTS (SELECT 1 FROM customer t WHERE t.segment_id = s.id) AS _customers,
       EXISTS (SELECT 1 FROM role_segment t WHERE t.segment_id = s.id) AS _roles,
       EXISTS (SELECT 1 FROM account t WHERE t.segment_id = s.id) OR EXISTS (SELECT 1 FROM subscription t WHERE t.segment_id = s.id) OR
       EXISTS (SELECT 1 FROM document t WHERE t.segment_id = s.id) OR EXISTS (SELECT 1 FROM payment t WHERE t.segment_id = s.id) OR
       EXISTS (SELECT 1 FROM usage_event t WHERE t.segment_id = s.id) OR EXISTS (SELECT 1 FROM opening t WHERE t.segment_id = s.id) OR
       EXISTS (SELECT 1 FROM alert t WHERE t.segment_id = s.id) AS _followers
  FROM segment s WHERE s.id = :id

-- name: segment_delete
-- guard: scope
DELETE t FROM segment t WHERE :where AND t.id = :id

-- name: due_tenant
-- guard: admin
INSERT INTO customer_due (task, of_id) VALUES ('tenant', :of)

-- name: due_rules
-- guard: admin
INSERT INTO customer_due (task, of_id) VALUES ('rules', :id)

-- Is there anything to do?
-- name: due_first
-- guard: admin
SELECT d.id FROM customer_due d ORDER BY d.id LIMIT 1

-- name: due_next_tenant
-- guard: admin
SELECT d.id, d.of_id AS _of_id FROM customer_due d WHERE d.task = 'tenant' ORDER BY d.id LIMIT 1

-- All of a tenant, a thousand at a time, as rows follow in a move: move_customers_end says where a thousand ends.
-- name: due_customers
-- guard: admin
INSERT INTO customer_due (task, of_id)
SELECT 'rules', t.id FROM customer t FORCE INDEX (tenant_number)
 WHERE t.tenant_id = :id AND t.number > :after AND t.number <= :upto AND t.segment_by = 'rule'

-- Where the rules of their tenants put customers: the first that fits, else the rest, else where they are.
-- name: due_judged
-- guard: admin
SELECT d.id, c.id AS _customer_id, c.segment_id AS _from,
       IF(c.segment_by = 'hand', c.segment_id, COALESCE(
         (SELECT s.id FROM segment s FORCE INDEX (tenant_place)
           WHERE s.tenant_id = c.tenant_id AND s.way = 'rule'
             AND (s.kind IS NULL OR s.kind = c.kind)
             AND (s.country IS NULL OR s.country = p.country)
             AND (s.postcode IS NULL OR LEFT(p.postcode, CHAR_LENGTH(s.postcode)) = s.postcode)
             AND (s.tag IS NULL OR EXISTS (SELECT 1 FROM customer_tag g WHERE g.customer_id = c.id AND g.tag = s.tag))
             AND (s.size IS NULL OR s.size <= (SELECT COUNT(*) FROM subscription b WHERE b.customer_id = c.id AND b.state = 'active'))
           ORDER BY s.place, s.id LIMIT 1),
         (SELECT r.id FROM segment r WHERE r.rest_of = c.tenant_id), c.segment_id)) AS _to
  FROM (SELECT k.id, k.of_id FROM customer_due k WHERE k.task = 'rules' ORDER BY k.id LIMIT 1000) d
  STRAIGHT_JOIN customer c ON c.id = d.of_id
  STRAIGHT_JOIN party p ON p.id = c.party_id

-- name: due_put
-- guard: admin
UPDATE customer SET segment_id = :to WHERE id = :customer_id AND segment_by = 'rule' AND segment_id <> :to

-- name: due_lagging
-- guard: admin
SELECT d.id, d.of_id AS _of_id FROM customer_due d WHERE d.task = 'rows' ORDER BY d.id LIMIT 100

-- name: due_done
-- guard: admin
DELETE FROM customer_due WHERE id = :id

-- The group that a customer is in as head or member.
-- name: follow_customer
-- guard: admin
UPDATE customer t SET t.group_id = IF(t.parent_id IS NOT NULL, t.parent_id,
         IF(EXISTS (SELECT 1 FROM customer m WHERE m.parent_id = t.id), t.id, NULL))
 WHERE t.id = :id

-- name: follow_account
-- guard: admin
UPDATE account t JOIN customer c ON c.id = t.customer_id
   SET t.segment_id = c.segment_id, t.group_id = c.group_id, t.agent_id = c.agent_id
 WHERE t.customer_id = :id AND NOT (t.segment_id = c.segment_id AND t.group_id <=> c.group_id AND t.agent_id <=> c.agent_id)
 ORDER BY t.id LIMIT :step

-- name: follow_subscription
-- guard: admin
UPDATE subscription t JOIN customer c ON c.id = t.customer_id
   SET t.segment_id = c.segment_id, t.group_id = c.group_id, t.agent_id = c.agent_id
 WHERE t.customer_id = :id AND NOT (t.segment_id = c.segment_id AND t.group_id <=> c.group_id AND t.agent_id <=> c.agent_id)
 ORDER BY t.id LIMIT :step

-- name: follow_document
-- guard: admin
UPDATE document t JOIN customer c ON c.id = t.customer_id
   SET t.segment_id = c.segment_id, t.group_id = c.group_id, t.agent_id = c.agent_id
 WHERE t.customer_id = :id AND NOT (t.segment_id = c.segment_id AND t.group_id <=> c.group_id AND t.agent_id <=> c.agent_id)
 ORDER BY t.id LIMIT :step

-- name: follow_payment
-- guard: admin
UPDATE payment t JOIN customer c ON c.id = t.customer_id
   SET t.segment_id = c.segment_id, t.group_id = c.group_id, t.agent_id = c.agent_id
 WHERE t.customer_id = :id AND NOT (t.segment_id = c.segment_id AND t.group_id <=> c.group_id AND t.agent_id <=> c.agent_id)
 ORDER BY t.id LIMIT :step

-- name: follow_usage
-- guard: admin
UPDATE usage_event t FORCE INDEX (customer_day) JOIN customer c ON c.id = t.customer_id
   SET t.segment_id = c.segment_id, t.group_id = c.group_id, t.agent_id = c.agent_id
 WHERE t.customer_id = :id AND NOT (t.segment_id = c.segment_id AND t.group_id <=> c.group_id AND t.agent_id <=> c.agent_id)
 ORDER BY t.day, t.id LIMIT :step

-- name: follow_alert
-- guard: admin
UPDATE alert t FORCE INDEX (customer_at) JOIN customer c ON c.id = t.customer_id
   SET t.segment_id = c.segment_id, t.group_id = c.group_id, t.agent_id = c.agent_id
 WHERE t.customer_id = :id AND NOT (t.segment_id = c.segment_id AND t.group_id <=> c.group_id AND t.agent_id <=> c.agent_id)
 ORDER BY t.at, t.id LIMIT :step

-- No scope of openings asks for who looks after the customer.
-- name: follow_opening
-- guard: admin
UPDATE opening t JOIN customer c ON c.id = t.customer_id
   SET t.segment_id = c.segment_id, t.group_id = c.group_id
 WHERE t.customer_id = :id AND NOT (t.segment_id = c.segment_id AND t.group_id <=> c.group_id)
 ORDER BY t.id LIMIT :step
