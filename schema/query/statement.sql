-- Statements and what they are made of, as people see them; trade/ledger.c writes them.

-- name: statement_list
-- guard: scope
-- sort: period_start t.period_start desc
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key, t.currency AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.period_start, t.period_end, t.state, t.opening, t.sold, t.channel, t.cost, t.commission,
       t.collected, t.paid_in, t.fees, t.paid_out, t.closing
  FROM statement t :index
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- What is withheld of it: commissions on it and on those before that are on no self-billed document by now.
-- name: statement_one
-- guard: scope
SELECT t.tenant_id AS _tenant, t.currency AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.period_start, t.period_end, t.state, t.opening, t.sold, t.channel, t.cost, t.commission,
       t.collected, t.paid_in, t.fees, t.paid_out, t.closing, t.closed,
       (SELECT CAST(GREATEST(COALESCE(SUM(r.net + r.tax), 0), 0) AS SIGNED)
          FROM earning r FORCE INDEX (waiting)
          JOIN entry e ON e.tenant_id = r.tenant_id AND e.kind = 'commission' AND e.currency = r.currency AND e.source = r.payment_id
          JOIN statement p ON p.id = e.statement_id AND p.period_start <= t.period_start
         WHERE r.self_bill_id IS NULL AND r.tenant_id = t.tenant_id AND r.currency = t.currency) AS withheld,
       (SELECT r.refused FROM earning r FORCE INDEX (waiting)
         WHERE r.self_bill_id IS NULL AND r.tenant_id = t.tenant_id AND r.currency = t.currency AND r.refused IS NOT NULL ORDER BY r.seller_id, r.id LIMIT 1) AS withheld_reason
  FROM statement t
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where AND t.id = :id

-- As it is printed: the provider's paper, in the language of whose it is.  The provider's own it gives itself.
-- name: statement_frozen
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id, 'statement' AS _kind, DATE_FORMAT(t.period_start, '%Y-%m') AS _number, DATE(t.closed) AS _issued, t.period_start, t.period_end,
       n.language AS _language, t.currency AS _currency, t.opening, t.sold, t.channel, t.cost, t.commission, t.collected, t.paid_in, t.fees, t.paid_out, t.closing,
       (SELECT COUNT(*) FROM entry e WHERE e.statement_id = t.id) AS _entries,
       b.id AS _brand_id, b.version AS _brand_version, b.name AS _brand_name, b.tagline AS _brand_tagline,
       b.theme AS _brand_theme, b.accent AS _brand_accent, b.accent_text AS _brand_accent_text, b.font AS _brand_font,
       b.logo AS _brand_logo, b.support_email AS _brand_email, b.footer AS _brand_footer,
       v.name AS `seller.party.name`, v.street AS `seller.party.street`, v.postcode AS `seller.party.postcode`, v.city AS `seller.party.city`,
       v.country AS `seller.party.country`, v.tax_id AS `seller.party.tax_id`, v.registration AS `seller.party.registration`, v.email AS `seller.party.email`,
       v.phone AS `seller.party.phone`,
       w.name AS `buyer.party.name`, w.street AS `buyer.party.street`, w.postcode AS `buyer.party.postcode`, w.city AS `buyer.party.city`,
       w.country AS `buyer.party.country`, w.tax_id AS `buyer.party.tax_id`, w.registration AS `buyer.party.registration`, w.email AS `buyer.party.email`,
       w.phone AS `buyer.party.phone`
  FROM statement t
  JOIN tenant n ON n.id = t.tenant_id
  JOIN tenant r ON r.level = 0
  JOIN brand b ON b.id = r.brand_id
  JOIN party v ON v.id = r.party_id
  JOIN party w ON w.id = n.party_id
 WHERE :where AND t.id = :id AND t.state = 'closed'

-- What stands on it; by day and kind alone where that is too much to print.
-- name: entry_paper
-- guard: open
SELECT :currency AS _currency, t.kind, t.day, IF(:many = 1, NULL, MAX(d.number)) AS document_number, CAST(SUM(t.amount) AS SIGNED) AS amount
  FROM entry t
  LEFT JOIN document d ON d.id = t.document_id
 WHERE t.statement_id = :id
 GROUP BY t.day, t.kind, IF(:many = 1, 0, t.id)
 ORDER BY t.day, t.kind, MIN(t.id)

-- Is there such a tenant to close a period of?
-- name: statement_tenant
-- guard: admin
SELECT n.id AS _id FROM tenant n WHERE n.id = :of_tenant

-- name: entry_list
-- guard: scope
-- sort: day t.day desc
-- filter: statement id.statement statement statement_ t.statement_id = :value
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key, t.currency AS _currency,
       t.id, t.statement_id AS statement, t.tenant_id AS tenant, n.name AS tenant_name, t.day, t.kind, t.amount, t.document_id AS document,
       d.number AS document_number, t.payment_id AS payment, t.payout_id AS payout
  FROM entry t :index
  JOIN tenant n ON n.id = t.tenant_id
  LEFT JOIN document d ON d.id = t.document_id
 WHERE :where
 ORDER BY :order LIMIT :page
