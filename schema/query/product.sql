-- name: product_list
-- guard: scope
-- sort: code t.code asc
SELECT t.id AS _product, :key AS _key, t.id, t.parent_id AS parent, t.code, t.name
  FROM product_segment t :index
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: product_one
-- guard: scope
SELECT t.id AS _product, t.id, t.parent_id AS parent, t.code, t.name
  FROM product_segment t
 WHERE :where AND t.id = :id

-- Parents stand before their children.
-- name: product_tree
-- guard: admin
SELECT p.id AS _id, COALESCE(p.parent_id, 0) AS _parent_id, p.name AS _name FROM product_segment p ORDER BY p.level, p.code
