-- Agreements as who buys by them may know them.  What only the seller may know is no column here.

-- name: purchase_list
-- guard: scope
-- sort: starts t.starts desc
SELECT STRAIGHT_JOIN t.buyer_id AS _tenant, :key AS _key,
       t.id, t.buyer_id AS tenant, s.name AS seller_name, t.starts, NULLIF(t.ends, '9999-12-31') AS ends, t.legal_model, t.document_mode, t.collector, t.currency,
       t.self_billing_until, t.tax_category, t.tax_rate,
       CASE WHEN t.ends <= :today THEN 'ended' WHEN t.starts > :today THEN 'planned' ELSE 'active' END AS state
  FROM agreement t :index
  JOIN tenant s ON s.id = t.seller_id
 WHERE :where AND t.buyer_id IS NOT NULL
 ORDER BY :order LIMIT :page

-- name: purchase_one
-- guard: scope
SELECT t.buyer_id AS _tenant,
       t.id, t.buyer_id AS tenant, s.name AS seller_name, t.starts, NULLIF(t.ends, '9999-12-31') AS ends, t.legal_model, t.document_mode, t.collector, t.currency,
       t.self_billing_until, t.tax_category, t.tax_rate,
       CASE WHEN t.ends <= :today THEN 'ended' WHEN t.starts > :today THEN 'planned' ELSE 'active' END AS state
  FROM agreement t
  JOIN tenant s ON s.id = t.seller_id
 WHERE :where AND t.buyer_id IS NOT NULL AND t.id = :id
