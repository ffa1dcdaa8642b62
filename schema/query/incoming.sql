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

-- ---- why a line of such a bill costs what it does, thing by thing: on this edge alone ----
-- The first thing of line :line (as draft_lines numbers them): the others of it have the same offering, price and tax.
-- name: bought_first
-- guard: admin
SELECT y.first AS _first
  FROM (SELECT x.first, ROW_NUMBER() OVER (ORDER BY x.code, x.starts, x.first) AS position
          FROM (SELECT STRAIGHT_JOIN o.code, MIN(b.starts) AS starts, MIN(b.id) AS first
                  FROM draft f
                  JOIN charge h ON h.run_id = f.run_id AND h.account_id = f.account_id AND h.agreement_id = f.agreement_id
                  JOIN billable b ON b.id = h.billable_id
                  JOIN offering o ON o.id = b.offering_id
                 WHERE f.document_id = :id
                 GROUP BY o.id, h.unit, h.tax_category, h.tax_rate, IF(b.subscription_id = 0, b.starts, NULL)) x) y
 WHERE y.position = :line

-- The next things of its line behind :after.
-- name: bought_page
-- guard: admin
SELECT MAX(x.id) AS _upto, COUNT(x.id) AS _n
  FROM (SELECT STRAIGHT_JOIN h.billable_id AS id
          FROM draft f
          JOIN charge g ON g.billable_id = :first AND g.run_id = f.run_id AND g.account_id = f.account_id AND g.agreement_id = f.agreement_id
          JOIN billable i ON i.id = g.billable_id
          JOIN charge h ON h.run_id = f.run_id AND h.account_id = f.account_id AND h.agreement_id = f.agreement_id AND h.billable_id > :after
           AND h.unit = g.unit AND h.tax_category = g.tax_category AND h.tax_rate = g.tax_rate
          JOIN billable b ON b.id = h.billable_id AND b.offering_id = i.offering_id
           AND IF(b.subscription_id = 0, b.starts, '') = IF(i.subscription_id = 0, i.starts, '')
         WHERE f.document_id = :id
         ORDER BY h.billable_id LIMIT :things) x

-- `l` is who it was sold on to, and `n` who that one sold it on to: then what was metered is of nobody's here.  A rule by what
-- the seller pays would tell that.
-- name: bought_list
-- guard: open
SELECT STRAIGHT_JOIN o.product_id AS _product, :currency AS _currency, c.id AS customer, c.name AS customer_name, a.number AS account_number,
       o.code, COALESCE(w.name, o.name) AS description, b.starts AS period_start, b.ends AS period_end,
       IF(b.subscription_id <> 0 OR b.priced_for = -1 OR n.billable_id IS NOT NULL, NULL, (SELECT COUNT(*) FROM usage_total u
          JOIN (SELECT 0 AS later UNION ALL SELECT 1) m
          JOIN usage_event v FORCE INDEX (rating) ON v.month = YEAR(u.starts) * 12 + MONTH(u.starts) + m.later AND v.account_id = u.account_id
           AND v.offering_id = u.offering_id AND v.day >= u.starts AND v.day < u.ends AND v.id > u.above AND v.id <= u.upto
         WHERE u.run_id = b.run_id AND u.account_id = b.account_id AND u.offering_id = b.offering_id AND u.starts = b.starts)) AS events,
       IF(b.subscription_id <> 0 OR b.priced_for = -1 OR n.billable_id IS NOT NULL, NULL, (SELECT SUM(u.quantity) FROM usage_total u WHERE u.run_id = b.run_id
          AND u.account_id = b.account_id AND u.offering_id = b.offering_id AND u.starts = b.starts)) AS metered,
       IF(o.kind = 'usage' AND n.billable_id IS NULL, (SELECT q.included FROM offering_price q WHERE q.id = p.price_id), NULL) AS included,
       b.quantity, o.unit, p.model, IF(p.model = 'package', p.size, NULL) AS size, y.tier, y.unit AS tier_price, h.unit AS unit_price, b.days, b.of_days,
       h.amount, h.discount, NULLIF(d.name, '') AS discount_name, d.percent AS discount_percent, h.net, h.tax_category, h.tax_rate,
       IF(r.method IN ('fixed', 'tiers', 'rrp_minus_pct', 'rrp_plus_pct'), r.method, NULL) AS method,
       IF(r.method IN ('fixed', 'tiers', 'rrp_minus_pct', 'rrp_plus_pct'), r.value, NULL) AS value,
       IF(r.method IN ('rrp_minus_pct', 'rrp_plus_pct'), e.priced_in, NULL) AS priced_in,
       IF(r.method IN ('rrp_minus_pct', 'rrp_plus_pct'), e.rate, NULL) AS exchange_rate,
       IF(r.method IN ('rrp_minus_pct', 'rrp_plus_pct'), e.rate_day, NULL) AS rate_day,
       IF(r.method IN ('rrp_minus_pct', 'rrp_plus_pct'), s.source, NULL) AS rate_source, t.amount AS at_least, z.charged AS charged_before
  FROM draft f
  JOIN account fa ON fa.id = f.account_id
  JOIN customer k ON k.id = fa.customer_id
  JOIN charge g ON g.billable_id = :first AND g.run_id = f.run_id AND g.account_id = f.account_id AND g.agreement_id = f.agreement_id
  JOIN billable i ON i.id = g.billable_id
  JOIN charge h ON h.run_id = f.run_id AND h.account_id = f.account_id AND h.agreement_id = f.agreement_id AND h.billable_id > :after AND h.billable_id <= :upto
   AND h.unit = g.unit AND h.tax_category = g.tax_category AND h.tax_rate = g.tax_rate
  JOIN billable b ON b.id = h.billable_id AND b.offering_id = i.offering_id AND IF(b.subscription_id = 0, b.starts, '') = IF(i.subscription_id = 0, i.starts, '')
  JOIN offering o ON o.id = b.offering_id
  JOIN chain_price p ON p.id = h.chain_id
  JOIN chain_edge e ON e.chain_id = h.chain_id AND e.position = h.position
  LEFT JOIN price_rule r ON r.id = h.rule_id
  LEFT JOIN offering_name w ON w.offering_id = o.id AND w.language = k.language
  LEFT JOIN exchange_rate s ON s.id = e.rate_id
  LEFT JOIN discount d ON d.id = h.discount_id
  LEFT JOIN minimum_use z ON b.priced_for = -1 AND z.run_id = b.run_id AND z.account_id = b.account_id
  LEFT JOIN minimum t ON t.id = z.minimum_id
  LEFT JOIN chain_tier y ON y.chain_id = h.chain_id AND y.position = h.position AND b.quantity > y.above AND b.quantity <= y.up_to
  LEFT JOIN charge l ON l.billable_id = h.billable_id AND l.position = h.position + 1
  LEFT JOIN charge n ON n.billable_id = h.billable_id AND n.position = h.position + 2
  LEFT JOIN account a ON a.id = l.account_id
  LEFT JOIN customer c ON c.id = a.customer_id
 WHERE f.document_id = :id
 ORDER BY h.billable_id
