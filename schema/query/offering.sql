-- name: offering_list
-- guard: scope
-- sort: name t.name asc
-- filter: q prefix name - t.name LIKE :value
-- arm: SELECT t.id, :key AS _key FROM offering t :index WHERE :where ORDER BY :order LIMIT :page
SELECT STRAIGHT_JOIN t.product_id AS _product, :key AS _key, t.currency AS _currency, t.id, t.product_id AS product, t.code,
       t.name, t.kind, t.unit, t.price, t.state
  FROM :rows
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: offering_one
-- guard: scope
SELECT t.product_id AS _product, t.currency AS _currency, t.id, t.product_id AS product, t.code, t.name, t.kind, t.unit,
       t.price, t.state
  FROM offering t
 WHERE :where AND t.id = :id
