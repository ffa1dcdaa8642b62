-- Offerings and their list prices as they are written, and what who sells takes as tax.

-- Whoever changes an offering or its prices holds its row; so does, in part, a bill run that bills it.
-- name: offering_lock
-- guard: scope
SELECT t.product_id AS _product, t.id AS _id FROM offering t WHERE :where AND t.id = :id FOR UPDATE

-- name: offering_state
-- guard: scope
SELECT t.product_id AS _product, t.id AS _id, t.tenant_id AS _of_tenant, t.product_id AS _segment_of, t.kind AS _kind, t.currency AS _currency_of
  FROM offering t WHERE :where AND t.id = :id

-- Another of the same code of the same tenant.
-- name: offering_taken
-- guard: admin
SELECT o.id AS _id FROM offering o WHERE o.tenant_id = :tenant AND o.code = :code

-- name: offering_insert
-- guard: admin
INSERT INTO offering (tenant_id, product_id, code, name, kind, unit, currency, shared, early_end)
VALUES (:tenant, :product, :code, :name, :kind, :unit, :currency, :shared, COALESCE(:early_end, 0))

-- name: offering_made
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- name: offering_edit
-- guard: scope
UPDATE offering t SET t.name = COALESCE(:name, t.name), t.product_id = COALESCE(:product, t.product_id), t.shared = COALESCE(:shared, t.shared),
       t.early_end = COALESCE(:early_end, t.early_end), t.state = COALESCE(:state, t.state)
 WHERE :where AND t.id = :id

-- What was bought and used, or is billed for what is missing to a minimum, carries the product segment, so it stays where it is from then on.
-- name: offering_sold
-- guard: admin
SELECT (EXISTS (SELECT 1 FROM subscription s WHERE s.offering_id = :id) OR EXISTS (SELECT 1 FROM usage_event u WHERE u.offering_id = :id)
        OR EXISTS (SELECT 1 FROM minimum m WHERE m.offering_id = :id)) AS _id

-- ---- list prices ----

-- name: offering_prices
-- guard: admin
SELECT p.id AS _id, CAST(p.starts AS CHAR) AS _starts, p.currency AS _currency, p.model AS _model, CAST(p.size AS CHAR) AS _size, CAST(p.included AS CHAR) AS _included
  FROM offering_price p WHERE p.offering_id = :id ORDER BY p.starts DESC, p.currency

-- name: offering_tiers
-- guard: admin
SELECT p.id AS _of, CAST(l.above AS CHAR) AS _above, CAST(NULLIF(l.up_to, 999999999999.999999) AS CHAR) AS _up_to, CAST(l.unit AS CHAR) AS _unit, CAST(l.flat AS CHAR) AS _flat
  FROM offering_price p JOIN offering_tier l ON l.price_id = p.id
 WHERE p.offering_id = :id ORDER BY p.id, l.tier

-- The end of the last period in which a run has found its price.
-- name: offering_billed_until
-- guard: admin
SELECT STRAIGHT_JOIN CAST(r.period_end AS CHAR) AS _until
  FROM bill_run r FORCE INDEX (all_period_end)
  JOIN chain_price c ON c.run_id = r.id AND c.offering_id = :id AND c.state = 'priced'
 WHERE r.phase <> 'cancelled' AND r.period_end > '1000-01-01'
 ORDER BY r.period_end DESC LIMIT 1

-- The same where it ends behind that day; a run that is rating is waited for, and the next step of any waits for who asks.
-- name: offering_billed
-- guard: admin
SELECT STRAIGHT_JOIN CAST(r.period_end AS CHAR) AS _until
  FROM bill_run r FORCE INDEX (all_period_end)
  JOIN chain_price c ON c.run_id = r.id AND c.offering_id = :id AND c.state = 'priced'
 WHERE r.phase <> 'cancelled' AND r.period_end > :starts
 ORDER BY r.period_end DESC LIMIT 1
  LOCK IN SHARE MODE

-- name: offering_tiers_drop
-- guard: admin
DELETE l FROM offering_price p JOIN offering_tier l ON l.price_id = p.id WHERE p.offering_id = :id AND p.currency = :currency AND p.starts = :starts

-- name: offering_price_drop
-- guard: admin
DELETE FROM offering_price WHERE offering_id = :id AND currency = :currency AND starts = :starts

-- name: offering_price_add
-- guard: admin
INSERT INTO offering_price (offering_id, starts, currency, model, size, included) VALUES (:id, :starts, :currency, :model, :size, :included)

-- name: offering_tiers_add
-- guard: admin
INSERT INTO offering_tier (price_id, tier, above, up_to, unit, flat)
SELECT p.id, x.tier, x.above, x.up_to, x.unit, x.flat
  FROM offering_price p
  JOIN JSON_TABLE(:tiers, '$[*]' COLUMNS (tier SMALLINT PATH '$[0]', above DECIMAL(18,6) PATH '$[1]', up_to DECIMAL(18,6) PATH '$[2]', unit DECIMAL(18,6) PATH '$[3]',
         flat DECIMAL(18,6) PATH '$[4]')) x
 WHERE p.offering_id = :id AND p.currency = :currency AND p.starts = :starts

-- ---- as which offering usage counts by what its events say ----

-- What the other is called is told to who is shown the one.
-- name: offering_variants
-- guard: admin
SELECT NULLIF(v.class, '') AS _class, NULLIF(v.time_of_day, '') AS _time_of_day, NULLIF(v.zone, '') AS _zone, CAST(v.starts AS CHAR) AS _starts, v.counts_as AS _counts_as,
       IF(c.product_id = o.product_id AND c.shared >= o.shared, c.name, NULL) AS _name
  FROM usage_variant v
  JOIN offering o ON o.id = v.offering_id
  JOIN offering c ON c.id = v.counts_as
 WHERE v.offering_id = :id
 ORDER BY v.exactness DESC, v.class, v.time_of_day, v.zone, v.starts DESC

-- May it count as that one?  They are sold alike: by the same house, to the same, in the same segment, by the same unit.
-- name: offering_counts_as
-- guard: admin
SELECT c.id AS _id
  FROM offering o
  JOIN offering c ON c.id = :counts_as AND c.tenant_id = o.tenant_id AND c.product_id = o.product_id AND c.kind = o.kind AND c.unit = o.unit
   AND c.currency = o.currency AND c.shared >= o.shared
 WHERE o.id = :id

-- The last day of what came in and counts as it; whoever brings more is waited for.
-- name: offering_used
-- guard: admin
SELECT CAST(e.day AS CHAR) AS _until
  FROM usage_event e FORCE INDEX (all_product_day)
 WHERE e.product_id = :product AND e.day >= :starts
   AND (e.offering_id = :id OR e.offering_id IN (SELECT v.counts_as FROM usage_variant v WHERE v.offering_id = :id))
 ORDER BY e.day DESC LIMIT 1
  LOCK IN SHARE MODE

-- What was said of the same for that day, and nothing came in by, gives way.
-- name: offering_variant_set
-- guard: admin
INSERT INTO usage_variant (offering_id, class, time_of_day, zone, starts, counts_as) VALUES (:id, :class, :time_of_day, :zone, :starts, :counts_as)
ON DUPLICATE KEY UPDATE counts_as = VALUES(counts_as)

-- name: offering_varies
-- guard: admin
UPDATE offering SET varies = varies + 1 WHERE id = :id

-- ---- which time of day its events have that do not say it ----

-- name: offering_hours
-- guard: admin
SELECT CAST(h.starts AS CHAR) AS _starts, w.time_of_day AS _time_of_day, COALESCE(w.weekdays, 0) AS _weekdays, COALESCE(w.from_minute, 0) AS _from, COALESCE(w.to_minute, 0) AS _to
  FROM usage_hours h
  LEFT JOIN usage_window w ON w.hours_id = h.id
 WHERE h.offering_id = :id
 ORDER BY h.starts DESC, w.n

-- name: offering_windows_drop
-- guard: admin
DELETE w FROM usage_hours h JOIN usage_window w ON w.hours_id = h.id WHERE h.offering_id = :id AND h.starts = :starts

-- name: offering_hours_drop
-- guard: admin
DELETE FROM usage_hours WHERE offering_id = :id AND starts = :starts

-- name: offering_hours_add
-- guard: admin
INSERT INTO usage_hours (offering_id, starts) VALUES (:id, :starts)

-- name: offering_windows_add
-- guard: admin
INSERT INTO usage_window (hours_id, n, time_of_day, weekdays, from_minute, to_minute)
SELECT h.id, x.n, x.time_of_day, x.weekdays, x.from_minute, x.to_minute
  FROM usage_hours h
  JOIN JSON_TABLE(:windows, '$[*]' COLUMNS (n FOR ORDINALITY, time_of_day VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin PATH '$[0]', weekdays SMALLINT PATH '$[1]',
         from_minute SMALLINT PATH '$[2]', to_minute SMALLINT PATH '$[3]')) x
 WHERE h.offering_id = :id AND h.starts = :starts

-- ---- what it is called in other languages ----

-- name: offering_names
-- guard: admin
SELECT w.language AS _language, w.name AS _name FROM offering_name w WHERE w.offering_id = :id ORDER BY w.language

-- name: offering_names_drop
-- guard: admin
DELETE FROM offering_name WHERE offering_id = :id

-- name: offering_names_add
-- guard: admin
INSERT INTO offering_name (offering_id, language, name)
SELECT :id, x.language, x.name
  FROM JSON_TABLE(:names, '$[*]' COLUMNS (language VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin PATH '$[0]', name VARCHAR(200) PATH '$[1]')) x

-- ---- what comes with an offering ----

-- name: offering_parts
-- guard: admin
SELECT p.part_id AS _part, CAST(p.quantity AS CHAR) AS _quantity, c.name AS _name, c.product_id AS _segment_of, c.shared AS _shared
  FROM offering_part p
  JOIN offering c ON c.id = p.part_id
 WHERE p.offering_id = :id ORDER BY c.name, c.id

-- Those of :parts that can come with it, by their places: sold by the same house to the same in the same currency, and no
-- bundle within a bundle.  What recurs does not come with what is bought once.
-- name: offering_parts_fit
-- guard: admin
SELECT x.n AS _n, c.product_id AS _segment_of
  FROM JSON_TABLE(:parts, '$[*]' COLUMNS (n FOR ORDINALITY, id BIGINT PATH '$[0]')) x
  JOIN offering o ON o.id = :id
  JOIN offering c ON c.id = x.id AND c.id <> o.id AND c.tenant_id = o.tenant_id AND c.currency = o.currency AND c.shared >= o.shared AND c.state = 'active'
 WHERE (o.kind = 'recurring' OR (o.kind = 'one_time' AND c.kind = 'one_time'))
   AND NOT EXISTS (SELECT 1 FROM offering_part p WHERE p.offering_id = c.id)
   AND NOT EXISTS (SELECT 1 FROM offering_part p WHERE p.part_id = o.id)
 ORDER BY x.n

-- name: offering_parts_drop
-- guard: admin
DELETE FROM offering_part WHERE offering_id = :id

-- name: offering_parts_add
-- guard: admin
INSERT INTO offering_part (offering_id, part_id, quantity)
SELECT :id, x.id, x.quantity FROM JSON_TABLE(:parts, '$[*]' COLUMNS (id BIGINT PATH '$[0]', quantity DECIMAL(18,6) PATH '$[1]')) x

-- ---- taxes ----

-- name: tax_rule_list
-- guard: scope
-- sort: starts t.starts desc
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key, t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.offering_id AS offering, t.starts, t.category, t.rate
  FROM tax_rule t :index
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: tax_rule_one
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.offering_id AS offering, t.starts, t.category, t.rate
  FROM tax_rule t
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where AND t.id = :id

-- The end of the last period that ends behind that day and in which a run has found what the house takes; runs are waited for
-- as above.
-- name: tax_rule_billed
-- guard: admin
SELECT STRAIGHT_JOIN CAST(r.period_end AS CHAR) AS _until
  FROM bill_run r FORCE INDEX (all_period_end)
  JOIN chain_price c ON c.run_id = r.id AND c.state = 'priced'
  JOIN chain_edge e ON e.chain_id = c.id AND e.seller_id = :tenant
 WHERE r.phase <> 'cancelled' AND r.period_end > :starts
 ORDER BY r.period_end DESC LIMIT 1
  LOCK IN SHARE MODE

-- What was said of the same for that day, and nobody was billed by, gives way.
-- name: tax_rule_set
-- guard: admin
INSERT INTO tax_rule (seller_id, offering_id, starts, category, rate) VALUES (:tenant, NULLIF(:of, 0), :starts, :category, :rate)
ON DUPLICATE KEY UPDATE category = VALUES(category), rate = VALUES(rate)

-- name: tax_rule_made
-- guard: admin
SELECT r.id AS _id FROM tax_rule r WHERE r.seller_id = :tenant AND r.of_offering = :of AND r.starts = :starts
