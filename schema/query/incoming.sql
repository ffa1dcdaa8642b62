-- Bills that the own house gets from who sells to it, in the figures of that edge alone.  What is shown of such a document
-- is what stands on it.

-- name: incoming_list
-- guard: scope
-- sort: issue_date t.issue_date desc
-- filter: kind code.invoice.credit_note kind - d.kind = :value
-- filter: state code.open.overdue.paid state - IF(d.settled, 'paid', IF(d.due_date < :today, 'overdue', 'open')) = :value
SELECT STRAIGHT_JOIN t.buyer_id AS _tenant, :key AS _key, d.currency AS _currency,
       t.id, t.buyer_id AS tenant, b.name AS tenant_name, n.name AS seller_name, d.kind, d.number, t.issue_date, d.due_date, d.period_start, d.period_end, d.gross,
       d.paid, d.gross - d.paid - d.credited AS `open`, IF(d.settled, 'paid', IF(d.due_date < :today, 'overdue', 'open')) AS state
  FROM incoming t :index
  JOIN document d ON d.id = t.id
  JOIN tenant n ON n.id = d.tenant_id
  JOIN tenant b ON b.id = t.buyer_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: incoming_one
-- guard: scope
SELECT t.buyer_id AS _tenant, d.currency AS _currency,
       t.id, t.buyer_id AS tenant, b.name AS tenant_name, n.name AS seller_name, d.kind, d.number, x.number AS corrects, t.issue_date, d.due_date, d.period_start,
       d.period_end, d.language, d.net, d.tax, d.gross, d.paid, d.credited, d.gross - d.paid - d.credited AS `open`,
       IF(d.settled, 'paid', IF(d.due_date < :today, 'overdue', 'open')) AS state,
       v.name AS `seller.party.name`, v.street AS `seller.party.street`, v.postcode AS `seller.party.postcode`, v.city AS `seller.party.city`,
       v.country AS `seller.party.country`, v.tax_id AS `seller.party.tax_id`, v.registration AS `seller.party.registration`, v.email AS `seller.party.email`,
       v.phone AS `seller.party.phone`, v.iban AS `seller.party.iban`, v.bic AS `seller.party.bic`,
       w.name AS `buyer.party.name`, w.street AS `buyer.party.street`, w.postcode AS `buyer.party.postcode`, w.city AS `buyer.party.city`,
       w.country AS `buyer.party.country`, w.tax_id AS `buyer.party.tax_id`, w.registration AS `buyer.party.registration`, w.email AS `buyer.party.email`,
       w.phone AS `buyer.party.phone`, w.iban AS `buyer.party.iban`, w.bic AS `buyer.party.bic`
  FROM incoming t
  JOIN document d ON d.id = t.id
  JOIN tenant n ON n.id = d.tenant_id
  JOIN tenant b ON b.id = t.buyer_id
  JOIN party v ON v.id = d.seller_party_id
  JOIN party w ON w.id = d.buyer_party_id
  LEFT JOIN document x ON x.id = d.corrects_id
 WHERE :where AND t.id = :id

-- As document_frozen says it to who sells: the same paper.
-- name: incoming_frozen
-- guard: scope
SELECT t.buyer_id AS _tenant, t.id AS _id, d.currency AS _currency, d.kind, d.number, x.number AS corrects,
       x.issue_date AS _corrects_date, d.issue_date, d.due_date, d.period_start, d.period_end, d.language, d.net, d.tax,
       d.gross, c.number AS _customer_number, a.number AS _account_number, d.pdf_sha256 AS _pdf_sha256,
       b.id AS _brand_id, b.version AS _brand_version, b.name AS _brand_name, b.tagline AS _brand_tagline,
       b.theme AS _brand_theme, b.accent AS _brand_accent, b.accent_text AS _brand_accent_text, b.font AS _brand_font,
       b.logo AS _brand_logo, b.support_email AS _brand_email, b.footer AS _brand_footer, s.slug AS _tenant_slug,
       v.name AS `seller.party.name`, v.street AS `seller.party.street`, v.postcode AS `seller.party.postcode`, v.city AS `seller.party.city`,
       v.country AS `seller.party.country`, v.tax_id AS `seller.party.tax_id`, v.registration AS `seller.party.registration`, v.email AS `seller.party.email`,
       v.phone AS `seller.party.phone`, v.iban AS `seller.party.iban`, v.bic AS `seller.party.bic`,
       w.name AS `buyer.party.name`, w.street AS `buyer.party.street`, w.postcode AS `buyer.party.postcode`, w.city AS `buyer.party.city`,
       w.country AS `buyer.party.country`, w.tax_id AS `buyer.party.tax_id`, w.registration AS `buyer.party.registration`, w.email AS `buyer.party.email`,
       w.phone AS `buyer.party.phone`, w.iban AS `buyer.party.iban`, w.bic AS `buyer.party.bic`
  FROM incoming t
  JOIN document d ON d.id = t.id
  JOIN customer c ON c.id = d.customer_id
  JOIN account a ON a.id = d.account_id
  JOIN brand b ON b.id = d.brand_id
  JOIN tenant s ON s.id = d.tenant_id
  JOIN party v ON v.id = d.seller_party_id
  JOIN party w ON w.id = d.buyer_party_id
  LEFT JOIN document x ON x.id = d.corrects_id
 WHERE :where AND t.id = :id

-- name: incoming_money
-- guard: scope
SELECT t.buyer_id AS _tenant, d.currency AS _currency FROM incoming t JOIN document d ON d.id = t.id WHERE :where AND t.id = :id

-- ---- the annex: which of the own customers each thing was bought for ----
-- The same things one edge further down are who they were sold on to: customers of who gets the bill, and nobody's below.

-- The next of their accounts behind :after.
-- name: annex_accounts
-- guard: admin
SELECT MAX(x.account_id) AS _upto, COUNT(x.account_id) AS _n
  FROM (SELECT DISTINCT STRAIGHT_JOIN l.account_id
          FROM draft f
          JOIN charge h ON h.run_id = f.run_id AND h.account_id = f.account_id AND h.agreement_id = f.agreement_id
          JOIN charge l ON l.billable_id = h.billable_id AND l.position = h.position + 1
         WHERE f.document_id = :id AND l.account_id > :after
         ORDER BY l.account_id LIMIT :accounts) x

-- name: annex_list
-- guard: open
SELECT STRAIGHT_JOIN o.product_id AS _product, :currency AS _currency, c.id AS customer, c.name AS customer_name, a.number AS account_number, o.code, o.name AS description,
       MIN(i.starts) AS period_start, MAX(i.ends) AS period_end, CAST(SUM(i.quantity) AS DECIMAL(24,6)) AS quantity, o.unit, h.unit AS unit_price,
       CAST(SUM(h.net) AS SIGNED) AS net
  FROM draft f
  JOIN charge h ON h.run_id = f.run_id AND h.account_id = f.account_id AND h.agreement_id = f.agreement_id
  JOIN charge l ON l.billable_id = h.billable_id AND l.position = h.position + 1 AND l.account_id > :after AND l.account_id <= :upto
  JOIN billable i ON i.id = h.billable_id
  JOIN offering o ON o.id = i.offering_id
  JOIN account a ON a.id = l.account_id
  JOIN customer c ON c.id = a.customer_id
 WHERE f.document_id = :id
 GROUP BY l.account_id, o.id, h.unit, IF(i.subscription_id = 0, i.starts, NULL)
 ORDER BY l.account_id, o.code, period_start
