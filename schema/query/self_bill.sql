-- Self-billed documents: trade/self_bill.c writes them behind the turn of the ledger; the agent sees them as what it sold, and
-- who wrote them (self_incoming.sql) as what it bought.

-- ---- writing them ----
-- The next agent, house and currency with something that is on no document.
-- name: self_bill_group
-- guard: admin
SELECT r.tenant_id AS _agent, r.seller_id AS _house, r.currency AS _currency
  FROM earning r FORCE INDEX (waiting)
 WHERE r.self_bill_id IS NULL AND (:of_tenant = 0 OR r.tenant_id = :of_tenant)
   AND (r.tenant_id > :agent OR (r.tenant_id = :agent AND (r.seller_id > :house OR (r.seller_id = :house AND r.currency > :currency))))
 ORDER BY r.tenant_id, r.seller_id, r.currency LIMIT 1

-- Why it cannot be on one, of each that stands on a closed statement by now.  The agreement is the newest that took the place of
-- the one that it was earned under, and still names the agent; both it and the tax id must be good on the period's last day.
-- name: self_bill_judge
-- guard: admin
UPDATE earning r
  JOIN entry e ON e.tenant_id = r.tenant_id AND e.kind = 'commission' AND e.currency = r.currency AND e.source = r.payment_id
  JOIN statement s ON s.id = e.statement_id AND s.state = 'closed' AND s.period_end <= :period_end
  JOIN tenant n ON n.id = r.tenant_id
  JOIN party v ON v.id = n.party_id
  LEFT JOIN agreement g ON g.id = (SELECT x.id FROM agreement m JOIN agreement x ON x.seller_id = m.seller_id AND x.of_account = m.of_account AND x.starts <= :today
                                     JOIN agreement_agent q ON q.agreement_id = x.id AND q.tenant_id = r.tenant_id
                                    WHERE m.id = r.agreement_id ORDER BY x.starts DESC LIMIT 1)
   SET r.refused = CASE WHEN TRIM(v.tax_id) = '' THEN 'tax_id_missing' WHEN v.tax_id_until < :period_end - INTERVAL 1 DAY THEN 'tax_id_lapsed'
                        WHEN g.self_billing_until IS NULL THEN 'agreement_missing' WHEN g.self_billing_until < :period_end - INTERVAL 1 DAY THEN 'agreement_lapsed' END
 WHERE r.self_bill_id IS NULL AND r.tenant_id = :agent AND r.seller_id = :house AND r.currency = :currency

-- So many bills of what can be: up to which, and what it comes to.  What was given back before it was on a document is nothing.
-- name: self_bill_due
-- guard: admin
SELECT MAX(x.document_id) AS _upto, CAST(SUM(x.net) AS SIGNED) AS _net, CAST(SUM(x.tax) AS SIGNED) AS _tax
  FROM (SELECT r.document_id, SUM(r.net) AS net, SUM(r.tax) AS tax
          FROM earning r FORCE INDEX (waiting)
          JOIN entry e ON e.tenant_id = r.tenant_id AND e.kind = 'commission' AND e.currency = r.currency AND e.source = r.payment_id
          JOIN statement s ON s.id = e.statement_id AND s.state = 'closed' AND s.period_end <= :period_end
         WHERE r.self_bill_id IS NULL AND r.tenant_id = :agent AND r.seller_id = :house AND r.currency = :currency AND r.refused IS NULL
         GROUP BY r.document_id HAVING SUM(r.net) <> 0 OR SUM(r.tax) <> 0
         ORDER BY r.document_id LIMIT :page) x

-- name: self_bill_take
-- guard: admin
UPDATE series SET next = next + 1 WHERE tenant_id = :agent AND kind = :kind AND year = YEAR(:today)

-- name: self_bill_series
-- guard: admin
INSERT IGNORE INTO series (tenant_id, kind, year, prefix) SELECT n.id, :kind, YEAR(:today), LEFT(UPPER(n.slug), 8) FROM tenant n WHERE n.id = :agent

-- The newest that something was earned on which is given back now.
-- name: self_bill_corrects
-- guard: admin
SELECT COALESCE(MAX(b.id), 0) AS _corrects
  FROM earning r FORCE INDEX (waiting)
  JOIN document t ON t.id = r.document_id
  JOIN self_bill_line l ON l.document_id IN (t.id, COALESCE(t.corrects_id, t.id))
  JOIN self_bill b ON b.id = l.self_bill_id AND b.tenant_id = r.tenant_id AND b.buyer_id = r.seller_id AND b.kind = 'self_billed'
 WHERE r.self_bill_id IS NULL AND r.tenant_id = :agent AND r.seller_id = :house AND r.currency = :currency AND r.document_id <= :upto AND r.refused IS NULL AND r.net < 0

-- name: self_bill_insert
-- guard: admin
INSERT INTO self_bill (tenant_id, buyer_id, kind, number, corrects_id, issue_date, period_start, period_end, sequence, language, currency, net, tax, gross,
                       seller_party_id, buyer_party_id, brand_id)
SELECT n.id, h.id, :kind,
       CONCAT(IF(s.prefix = '', LEFT(UPPER(n.slug), 8), s.prefix), IF(:kind = 'self_billed', '-SB-', '-SC-'), s.year, '-', REPEAT('0', GREATEST(0, 6 - LENGTH(s.next - 1))), s.next - 1),
       NULLIF(:corrects, 0), :today, :period_start, :period_end,
       (SELECT COUNT(*) + 1 FROM self_bill p WHERE p.tenant_id = n.id AND p.buyer_id = h.id AND p.currency = :currency AND p.period_start = :period_start),
       n.language, :currency, :net, :tax, :net + :tax, n.party_id, h.party_id, COALESCE(h.brand_id, n.brand_id, o.brand_id)
  FROM tenant n
  JOIN tenant h ON h.id = :house
  JOIN tenant o ON o.level = 0
  JOIN series s ON s.tenant_id = n.id AND s.kind = :kind AND s.year = YEAR(:today)
 WHERE n.id = :agent

-- name: self_bill_new
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- name: self_bill_mark
-- guard: admin
UPDATE earning r
  JOIN entry e ON e.tenant_id = r.tenant_id AND e.kind = 'commission' AND e.currency = r.currency AND e.source = r.payment_id
  JOIN statement s ON s.id = e.statement_id AND s.state = 'closed' AND s.period_end <= :period_end
   SET r.self_bill_id = :self_bill
 WHERE r.self_bill_id IS NULL AND r.tenant_id = :agent AND r.seller_id = :house AND r.currency = :currency AND r.refused IS NULL AND r.document_id <= :upto

-- A service to another country is taxed where it is received; what else has no tax is no supply that we know a reason for.
-- name: self_bill_lines
-- guard: admin
INSERT INTO self_bill_line (self_bill_id, position, document_id, base, rate, net, tax_category, tax_rate, tax, corrects_id)
SELECT b.id, ROW_NUMBER() OVER (ORDER BY x.document_id, x.rate, x.tax_rate), x.document_id, x.base, x.rate, x.net,
       IF(x.tax_rate > 0, 'S', IF(v.country <> w.country, 'AE', 'O')), x.tax_rate, x.tax,
       IF(x.net >= 0, NULL, (SELECT MAX(p.id) FROM self_bill_line l JOIN self_bill p ON p.id = l.self_bill_id AND p.tenant_id = b.tenant_id AND p.buyer_id = b.buyer_id
                              WHERE l.document_id IN (x.document_id, x.credited_id) AND p.kind = 'self_billed' AND p.id < b.id))
  FROM self_bill b
  JOIN party v ON v.id = b.seller_party_id
  JOIN party w ON w.id = b.buyer_party_id
  JOIN (SELECT r.document_id, COALESCE(t.corrects_id, t.id) AS credited_id, r.rate, r.tax_rate, SUM(r.base) AS base, SUM(r.net) AS net, SUM(r.tax) AS tax
          FROM earning r
          JOIN document t ON t.id = r.document_id
         WHERE r.self_bill_id = :self_bill
         GROUP BY r.document_id, t.corrects_id, t.id, r.rate, r.tax_rate
        HAVING SUM(r.net) <> 0 OR SUM(r.tax) <> 0) x
 WHERE b.id = :self_bill

-- ---- as the agent sees them ----
-- name: self_bill_list
-- guard: scope
-- sort: issue_date t.issue_date desc
-- filter: kind code.self_billed.self_credit kind - t.kind = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key, t.currency AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, o.name AS buyer_name, t.kind, t.number, t.issue_date, t.period_start, t.period_end, t.net, t.tax, t.gross
  FROM self_bill t :index
  JOIN tenant n ON n.id = t.tenant_id
  JOIN tenant o ON o.id = t.buyer_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: self_bill_one
-- guard: scope
SELECT t.tenant_id AS _tenant, t.currency AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, o.name AS buyer_name, t.kind, t.number, x.number AS corrects, t.issue_date, t.period_start, t.period_end,
       t.language, t.net, t.tax, t.gross,
       v.name AS `seller.party.name`, v.street AS `seller.party.street`, v.postcode AS `seller.party.postcode`, v.city AS `seller.party.city`,
       v.country AS `seller.party.country`, v.tax_id AS `seller.party.tax_id`, v.registration AS `seller.party.registration`, v.email AS `seller.party.email`,
       v.phone AS `seller.party.phone`, v.iban AS `seller.party.iban`, v.bic AS `seller.party.bic`,
       w.name AS `buyer.party.name`, w.street AS `buyer.party.street`, w.postcode AS `buyer.party.postcode`, w.city AS `buyer.party.city`,
       w.country AS `buyer.party.country`, w.tax_id AS `buyer.party.tax_id`, w.registration AS `buyer.party.registration`, w.email AS `buyer.party.email`,
       w.phone AS `buyer.party.phone`, w.iban AS `buyer.party.iban`, w.bic AS `buyer.party.bic`
  FROM self_bill t
  JOIN tenant n ON n.id = t.tenant_id
  JOIN tenant o ON o.id = t.buyer_id
  JOIN party v ON v.id = t.seller_party_id
  JOIN party w ON w.id = t.buyer_party_id
  LEFT JOIN self_bill x ON x.id = t.corrects_id
 WHERE :where AND t.id = :id

-- name: self_bill_frozen
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id, t.currency AS _currency, t.kind, t.number, x.number AS corrects, x.issue_date AS _corrects_date, t.issue_date, t.period_start,
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

-- ---- what comes with both ----
-- name: self_line_list
-- guard: open
SELECT :currency AS _currency, l.position, d.number AS document_number, l.base, l.rate, l.net, l.tax_rate, l.tax, x.number AS corrects
  FROM self_bill_line l
  JOIN document d ON d.id = l.document_id
  LEFT JOIN self_bill x ON x.id = l.corrects_id
 WHERE l.self_bill_id = :id ORDER BY l.position

-- The sums of lines: each commission is taxed by itself, as it was in the ledger.
-- name: tax_self_list
-- guard: open
SELECT :currency AS _currency, l.tax_category AS category, l.tax_rate AS rate, CAST(SUM(l.net) AS SIGNED) AS base, CAST(SUM(l.tax) AS SIGNED) AS amount
  FROM self_bill_line l WHERE l.self_bill_id = :id GROUP BY l.tax_category, l.tax_rate ORDER BY l.tax_category, l.tax_rate DESC

-- ---- their paper ----
-- name: self_bill_unsealed
-- guard: admin
SELECT t.id FROM self_bill t WHERE t.id > :after AND t.pdf_sha256 IS NULL ORDER BY t.id LIMIT 50

-- name: self_bill_seal
-- guard: admin
UPDATE self_bill SET pdf_sha256 = :pdf_sha256 WHERE id = :id AND pdf_sha256 IS NULL
