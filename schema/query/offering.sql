-- name: offering_list
-- guard: scope
-- sort: name t.name asc
-- filter: q prefix name - t.name LIKE :value
-- arm: SELECT t.id, :key AS _key FROM offering t :index WHERE :where ORDER BY :order LIMIT :page
SELECT STRAIGHT_JOIN t.product_id AS _product, :key AS _key, t.currency AS _currency, t.id, t.product_id AS product, t.code,
       t.name, t.kind, t.unit,
       (SELECT l.unit FROM offering_price p FORCE INDEX (offering_starts) JOIN offering_tier l ON l.price_id = p.id AND l.tier = 1
         WHERE p.offering_id = t.id AND p.currency = t.currency AND p.starts <= :today ORDER BY p.starts DESC LIMIT 1) AS price, t.currency, t.shared, t.early_end, t.state
  FROM :rows
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: offering_one
-- guard: scope
SELECT t.product_id AS _product, t.currency AS _currency, t.id, t.product_id AS product, t.code, t.name, t.kind, t.unit,
       (SELECT l.unit FROM offering_price p FORCE INDEX (offering_starts) JOIN offering_tier l ON l.price_id = p.id AND l.tier = 1
         WHERE p.offering_id = t.id AND p.currency = t.currency AND p.starts <= :today ORDER BY p.starts DESC LIMIT 1) AS price, t.currency, t.shared, t.early_end, t.state
  FROM offering t
 WHERE :where AND t.id = :id
