-- name: customer_list
-- guard: arms
-- sort: name t.name asc
-- sort: number t.number asc
-- filter: q prefix name - t.name LIKE :value
-- filter: number prefix number - t.number LIKE CONVERT(:value USING ascii) COLLATE ascii_bin
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
-- arm: SELECT t.id, :key AS _key FROM customer t :index WHERE :where ORDER BY :order LIMIT :page
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, t.segment_id AS _segment, :key AS _key,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.number, t.name, t.kind, s.name AS segment, p.city,
       p.country, t.language, t.state, t.since
  FROM :rows
  JOIN tenant n ON n.id = t.tenant_id
  JOIN segment s ON s.id = t.segment_id
  JOIN party p ON p.id = t.party_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: customer_one
-- guard: arms
SELECT t.tenant_id AS _tenant, t.segment_id AS _segment,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.number, t.name, t.kind, s.name AS segment, p.email,
       p.phone, p.street, p.postcode, p.city, p.country, p.tax_id, t.language, t.state, t.since
  FROM customer t
  JOIN tenant n ON n.id = t.tenant_id
  JOIN segment s ON s.id = t.segment_id
  JOIN party p ON p.id = t.party_id
 WHERE :where AND t.id = :id

-- name: account_list
-- guard: arms
-- sort: number t.number asc
-- filter: customer id.customer customer customer_ t.customer_id = :value
-- arm: SELECT t.id, :key AS _key FROM account t :index WHERE :where ORDER BY :order LIMIT :page
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, c.segment_id AS _segment, :key AS _key,
       t.id, t.customer_id AS customer, c.name AS customer_name, t.number, t.currency, t.cycle_day, t.terms_days,
       t.method, t.method_hint, t.state
  FROM :rows
  JOIN customer c ON c.id = t.customer_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: account_one
-- guard: arms
SELECT t.tenant_id AS _tenant, c.segment_id AS _segment,
       t.id, t.customer_id AS customer, c.name AS customer_name, t.number, t.currency, t.cycle_day, t.terms_days,
       t.method, t.method_hint, t.state
  FROM account t
  JOIN customer c ON c.id = t.customer_id
 WHERE :where AND t.id = :id
