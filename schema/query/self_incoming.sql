-- Self-billed documents as the house that owes the commissions sees them: what it bought, and wrote itself (self_bill.sql).

-- name: self_incoming_list
-- guard: scope
-- sort: issue_date t.issue_date desc
-- filter: kind code.self_billed.self_credit kind - t.kind = :value
SELECT STRAIGHT_JOIN t.buyer_id AS _tenant, :key AS _key, t.currency AS _currency,
       t.id, t.buyer_id AS tenant, n.name AS tenant_name, o.name AS seller_name, t.kind, t.number, t.issue_date, t.period_start, t.period_end, t.net, t.tax, t.gross
  FROM self_bill t :index
  JOIN tenant n ON n.id = t.buyer_id
  JOIN tenant o ON o.id = t.tenant_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: self_incoming_one
-- guard: scope
SELECT t.buyer_id AS _tenant, t.currency AS _currency,
       t.id, t.buyer_id AS tenant, n.name AS tenant_name, o.name AS seller_name, t.kind, t.number, x.number AS corrects, t.issue_date, t.period_start, t.period_end,
       t.language, t.net, t.tax, t.gross,
       v.name AS `seller.party.name`, v.street AS `seller.party.street`, v.postcode AS `seller.party.postcode`, v.city AS `seller.party.city`,
       v.country AS `seller.party.country`, v.tax_id AS `seller.party.tax_id`, v.registration AS `seller.party.registration`, v.email AS `seller.party.email`,
       v.phone AS `seller.party.phone`, v.iban AS `seller.party.iban`, v.bic AS `seller.party.bic`,
       w.name AS `buyer.party.name`, w.street AS `buyer.party.street`, w.postcode AS `buyer.party.postcode`, w.city AS `buyer.party.city`,
       w.country AS `buyer.party.country`, w.tax_id AS `buyer.party.tax_id`, w.registration AS `buyer.party.registration`, w.email AS `buyer.party.email`,
       w.phone AS `buyer.party.phone`, w.iban AS `buyer.party.iban`, w.bic AS `buyer.party.bic`
  FROM self_bill t
  JOIN tenant n ON n.id = t.buyer_id
  JOIN tenant o ON o.id = t.tenant_id
  JOIN party v ON v.id = t.seller_party_id
  JOIN party w ON w.id = t.buyer_party_id
  LEFT JOIN self_bill x ON x.id = t.corrects_id
 WHERE :where AND t.id = :id

-- name: self_incoming_frozen
-- guard: scope
SELECT t.buyer_id AS _tenant, t.id AS _id, t.currency AS _currency, t.kind, t.number, x.number AS corrects, x.issue_date AS _corrects_date, t.issue_date, t.period_start,
       t.period_end, t.language, t.net, t.tax, t.gross, t.pdf_sha256 AS _pdf_sha256,
       b.id AS _brand_id, b.version AS _brand_version, b.name AS _brand_name, b.tagline AS _brand_tagline,
       b.theme AS _brand_theme, b.accent AS _brand_accent, b.accent_text AS _brand_accent_text, b.font AS _brand_font,
       b.logo AS _brand_logo, b.support_email AS _brand_email, b.footer AS _brand_footer, s.slug AS _tenant_slug,
       v.name AS `seller.party.name`, v.street AS `seller.party.street`, v.postcode AS `seller.party.postcode`, v.city AS `seller.party.city`,
       v.country AS `seller.party.country`, v.tax_id AS `seller.party.tax_id`, v.registration AS `seller.party.registration`, v.email AS `seller.party.email`,
       v.phone AS `seller.party.phone`, v.iban AS `seller.party.iban`, v.bic AS `seller.party.bic`,
       w.name AS `buyer.party.name`, w.street AS `buyer.party.street`, w.postcode AS `buyer.party.postcode`, w.city AS `buyer.party.city`,
       w.country AS `buyer.party.country`, w.tax_id AS `buyer.party.tax_id`, w.registration AS `buyer.party.registration`, w.email AS `buyer.party.email`,
       w.phone AS `buyer.party.phone`, w.iban AS `buyer.party.iban`, w.bic AS `buyer.party.bic`
  FROM self_bill t
  JOIN brand b ON b.id = t.brand_id
  JOIN tenant s ON s.id = t.buyer_id
  JOIN party v ON v.id = t.seller_party_id
  JOIN party w ON w.id = t.buyer_party_id
  LEFT JOIN self_bill x ON x.id = t.corrects_id
 WHERE :where AND t.id = :id
