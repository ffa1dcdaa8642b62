-- name: document_list
-- guard: arms
-- sort: issue_date t.issue_date desc
-- sort: number t.number desc
-- filter: customer id.customer customer customer_ t.customer_id = :value
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
-- filter: number prefix number - t.number LIKE CONVERT(:value USING ascii) COLLATE ascii_bin
-- filter: kind code.invoice.credit_note kind - t.kind = :value
-- filter: state code.open.overdue.paid state +settled_ t.settled = IF(:value = 'paid', 1, 0) AND IF(t.settled, 'paid', IF(t.due_date < :today AND t.gross > 0, 'overdue', 'open')) = :value
-- arm: SELECT t.id, :key AS _key FROM document t :index WHERE :where ORDER BY :order LIMIT :page
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, :key AS _key, t.currency AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name,
       t.kind, t.number, t.issue_date, t.due_date, t.period_start, t.period_end, t.gross, t.paid,
       t.gross - t.paid - t.credited AS `open`,
       IF(t.settled, 'paid', IF(t.due_date < :today AND t.gross > 0, 'overdue', 'open')) AS state
  FROM :rows
  JOIN tenant n ON n.id = t.tenant_id
  JOIN customer c ON c.id = t.customer_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: document_one
-- guard: arms
SELECT t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, t.currency AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name,
       t.account_id AS account, t.kind, t.number, x.number AS corrects, t.issue_date, t.due_date, t.period_start,
       t.period_end, t.language, t.net, t.tax, t.gross, t.paid, t.credited, t.gross - t.paid - t.credited AS `open`,
       IF(t.settled, 'paid', IF(t.due_date < :today AND t.gross > 0, 'overdue', 'open')) AS state,
       v.name AS `seller.party.name`, v.street AS `seller.party.street`, v.postcode AS `seller.party.postcode`, v.city AS `seller.party.city`,
       v.country AS `seller.party.country`, v.tax_id AS `seller.party.tax_id`, v.registration AS `seller.party.registration`, v.email AS `seller.party.email`,
       v.phone AS `seller.party.phone`, v.iban AS `seller.party.iban`, v.bic AS `seller.party.bic`,
       w.name AS `buyer.party.name`, w.street AS `buyer.party.street`, w.postcode AS `buyer.party.postcode`, w.city AS `buyer.party.city`,
       w.country AS `buyer.party.country`, w.tax_id AS `buyer.party.tax_id`, w.registration AS `buyer.party.registration`, w.email AS `buyer.party.email`,
       w.phone AS `buyer.party.phone`, w.iban AS `buyer.party.iban`, w.bic AS `buyer.party.bic`
  FROM document t
  JOIN tenant n ON n.id = t.tenant_id
  JOIN customer c ON c.id = t.customer_id
  JOIN party v ON v.id = t.seller_party_id
  JOIN party w ON w.id = t.buyer_party_id
  LEFT JOIN document x ON x.id = t.corrects_id
 WHERE :where AND t.id = :id

-- name: document_money
-- guard: arms
SELECT t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, t.currency AS _currency
  FROM document t
  JOIN customer c ON c.id = t.customer_id
 WHERE :where AND t.id = :id

-- name: document_frozen
-- guard: arms
SELECT t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, t.id AS _id, t.currency AS _currency, t.kind, t.number, x.number AS corrects,
       x.issue_date AS _corrects_date, t.issue_date, t.due_date, t.period_start, t.period_end, t.language, t.net, t.tax,
       t.gross, c.number AS _customer_number, a.number AS _account_number, t.pdf_sha256 AS _pdf_sha256,
       b.id AS _brand_id, b.version AS _brand_version, b.name AS _brand_name, b.tagline AS _brand_tagline,
       b.theme AS _brand_theme, b.accent AS _brand_accent, b.accent_text AS _brand_accent_text, b.font AS _brand_font,
       b.logo AS _brand_logo, b.support_email AS _brand_email, b.footer AS _brand_footer, s.slug AS _tenant_slug,
       v.name AS `seller.party.name`, v.street AS `seller.party.street`, v.postcode AS `seller.party.postcode`, v.city AS `seller.party.city`,
       v.country AS `seller.party.country`, v.tax_id AS `seller.party.tax_id`, v.registration AS `seller.party.registration`, v.email AS `seller.party.email`,
       v.phone AS `seller.party.phone`, v.iban AS `seller.party.iban`, v.bic AS `seller.party.bic`,
       w.name AS `buyer.party.name`, w.street AS `buyer.party.street`, w.postcode AS `buyer.party.postcode`, w.city AS `buyer.party.city`,
       w.country AS `buyer.party.country`, w.tax_id AS `buyer.party.tax_id`, w.registration AS `buyer.party.registration`, w.email AS `buyer.party.email`,
       w.phone AS `buyer.party.phone`, w.iban AS `buyer.party.iban`, w.bic AS `buyer.party.bic`
  FROM document t
  JOIN customer c ON c.id = t.customer_id
  JOIN account a ON a.id = t.account_id
  JOIN brand b ON b.id = t.brand_id
  JOIN tenant s ON s.id = t.tenant_id
  JOIN party v ON v.id = t.seller_party_id
  JOIN party w ON w.id = t.buyer_party_id
  LEFT JOIN document x ON x.id = t.corrects_id
 WHERE :where AND t.id = :id

-- Seller and buyer of a bill, in this order.
-- name: line_list
-- guard: open
SELECT :currency AS _currency, l.position, l.code, l.description, l.period_start, l.period_end, l.quantity, l.unit,
       l.unit_price, l.net, l.tax_rate, l.discount, l.discount_name
  FROM document_line l WHERE l.document_id = :id ORDER BY l.account_id, l.position

-- The same for who is kept to product segments: those of the offering with that code, the seller's own before those
-- of who is above it.
-- name: line_kept
-- guard: open
SELECT (SELECT o.product_id FROM offering o JOIN tenant u ON u.id = o.tenant_id
         WHERE o.code = l.code AND (u.level = 0 OR u.id IN (n.a1, n.a2, n.a3, n.a4)) ORDER BY u.level DESC LIMIT 1) AS _product,
       :currency AS _currency, l.position, l.code, l.description, l.period_start, l.period_end, l.quantity, l.unit,
       l.unit_price, l.net, l.tax_rate, l.discount, l.discount_name
  FROM document_line l
  JOIN document d ON d.id = l.document_id
  JOIN tenant n ON n.id = d.tenant_id
 WHERE l.document_id = :id ORDER BY l.account_id, l.position

-- name: tax_list
-- guard: open
SELECT :currency AS _currency, x.category, x.rate, x.base, x.amount
  FROM document_tax x WHERE x.document_id = :id ORDER BY x.category, x.rate DESC

-- name: document_unsealed
-- guard: admin
SELECT t.id FROM document t WHERE t.id > :after AND t.pdf_sha256 IS NULL ORDER BY t.id LIMIT 50

-- name: document_seal
-- guard: admin
UPDATE document SET pdf_sha256 = :pdf_sha256 WHERE id = :id AND pdf_sha256 IS NULL

-- name: payment_list
-- guard: arms
-- sort: received t.received desc
-- filter: customer id.customer customer customer_ t.customer_id = :value
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
-- arm: SELECT t.id, :key AS _key FROM payment t :index WHERE :where ORDER BY :order LIMIT :page
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, :key AS _key, t.currency AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name,
       t.account_id AS account, IF(t.refund_id IS NULL, 'payment', 'refund') AS kind, t.received, t.amount, t.method, t.method_hint, t.reference, t.document_id AS document,
       d.number AS document_number
  FROM :rows
  JOIN tenant n ON n.id = t.tenant_id
  JOIN customer c ON c.id = t.customer_id
  LEFT JOIN document d ON d.id = t.document_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: payment_one
-- guard: arms
SELECT t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, t.currency AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name,
       t.account_id AS account, IF(t.refund_id IS NULL, 'payment', 'refund') AS kind, t.received, t.amount, t.method, t.method_hint, t.reference, t.document_id AS document,
       d.number AS document_number
  FROM payment t
  JOIN tenant n ON n.id = t.tenant_id
  JOIN customer c ON c.id = t.customer_id
  LEFT JOIN document d ON d.id = t.document_id
 WHERE :where AND t.id = :id
