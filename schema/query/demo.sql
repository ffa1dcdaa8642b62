-- name: demo_state
-- guard: admin
SELECT d.state AS _state, d.options AS _options FROM demo_state d WHERE d.id = 1

-- The first day behind the month that the demo channel has left to a run, once that day is there and until the run is through.
-- name: demo_month
-- guard: admin
SELECT CAST(x.upto + INTERVAL 2 MONTH AS CHAR) AS _day
  FROM (SELECT DATE(SUBSTRING(d.options, LENGTH('standing, up to ') + 1)) AS upto FROM demo_state d
         WHERE d.id = 1 AND d.state = 'complete' AND d.options LIKE 'standing, up to ____-__-__') x
 WHERE x.upto + INTERVAL 2 MONTH <= UTC_DATE()
   AND NOT EXISTS (SELECT 1 FROM bill_run r WHERE r.period_start = x.upto + INTERVAL 1 MONTH AND r.phase IN ('settled', 'cancelling', 'cancelled'))

-- name: demo_start
-- guard: admin
REPLACE INTO demo_state (id, state, options, started) VALUES (1, 'loading', :options, UTC_TIMESTAMP())

-- As the migration says it: for tables that were emptied.
-- name: demo_catalogue
-- guard: admin
INSERT INTO product_segment (id, parent_id, level, code, name) VALUES (1, NULL, 0, 'all', 'All products')

-- name: demo_finish
-- guard: admin
UPDATE demo_state SET state = 'complete', finished = UTC_TIMESTAMP() WHERE id = 1

-- name: demo_lease_take
-- guard: admin
INSERT INTO lease (name, owner, until) VALUES ('demo', :owner, UTC_TIMESTAMP() + INTERVAL 15 SECOND)
ON DUPLICATE KEY UPDATE owner = IF(until < UTC_TIMESTAMP() OR owner = :owner, :owner, owner),
                        until = IF(owner = :owner, UTC_TIMESTAMP() + INTERVAL 15 SECOND, until)

-- name: demo_lease
-- guard: admin
SELECT l.owner AS _owner, UNIX_TIMESTAMP(l.until) DIV 1 AS _until FROM lease l WHERE l.name = 'demo'

-- name: demo_lease_give
-- guard: admin
DELETE FROM lease WHERE name = 'demo' AND owner = :owner

-- name: channel_changed
-- guard: admin
UPDATE channel_version SET version = version + 1 WHERE id = 1

-- name: role_put
-- guard: admin
INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (:tenant, :code, :name, :portal, :shared)
ON DUPLICATE KEY UPDATE name = VALUES(name), portal = VALUES(portal), shared = VALUES(shared)

-- name: role_code
-- guard: admin
SELECT r.id FROM role r WHERE r.tenant_id = :tenant AND r.code = :code

-- ---- prices and agreements of the standing demo, in the transaction that says it is complete ----

-- name: demo_prices
-- guard: admin
INSERT INTO offering_price (offering_id, starts, currency, model) SELECT o.id, '2000-01-01', o.currency, 'per_unit' FROM offering o ORDER BY o.id

-- name: demo_price_tiers
-- guard: admin
INSERT INTO offering_tier (price_id, tier, unit) SELECT p.id, 1, o.price FROM offering_price p JOIN offering o ON o.id = p.offering_id ORDER BY p.id

-- name: demo_taxes
-- guard: admin
INSERT INTO tax_rule (seller_id, starts, category, rate)
SELECT n.id, '2000-01-01', 'S', CASE p.country WHEN 'DE' THEN 19 WHEN 'JP' THEN 10 WHEN 'AE' THEN 5 ELSE 20 END FROM tenant n JOIN party p ON p.id = n.party_id ORDER BY n.id

-- The catalogue is in euro; who sells in another currency sells by these.
-- name: demo_rates
-- guard: admin
INSERT INTO exchange_rate (tenant_id, from_currency, to_currency, day, rate, source, set_at)
SELECT n.id, 'EUR', r.to_currency, r.day, r.rate, 'Demo rate (made up)', r.day
  FROM (SELECT 'GBP' AS to_currency, '2024-01-01' AS day, 0.86 AS rate UNION ALL SELECT 'GBP', '2025-01-01', 0.8425 UNION ALL SELECT 'GBP', '2026-01-01', 0.8612
        UNION ALL SELECT 'JPY', '2024-01-01', 162 UNION ALL SELECT 'JPY', '2025-01-01', 160.45 UNION ALL SELECT 'JPY', '2026-01-01', 163.2) r
  JOIN tenant n ON n.level = 0
 ORDER BY r.day, r.to_currency

-- All that are open sell by lists of their own, in their currency.
-- name: demo_lists
-- guard: admin
INSERT INTO price_list (tenant_id, code, name, currency, is_default)
SELECT n.id, 'standard', CASE n.language WHEN 'de' THEN 'Preise für alle' WHEN 'fr' THEN 'Prix pour tous' WHEN 'ja' THEN '標準価格' ELSE 'Prices for all' END, n.currency, 1
  FROM tenant n WHERE n.state = 'active' ORDER BY n.id

-- name: demo_versions
-- guard: admin
INSERT INTO price_version (list_id, starts, state)
SELECT l.id, v.starts, v.state
  FROM (SELECT '2024-01-01' AS starts, 'published' AS state, '' AS slug UNION ALL SELECT '2025-01-01', 'published', 'nordmuster' UNION ALL SELECT '2025-01-01', 'draft', 'musterplatz') v
  JOIN tenant n ON v.slug IN ('', n.slug)
  JOIN price_list l ON l.tenant_id = n.id
 ORDER BY l.id, v.starts

-- name: demo_rules
-- guard: admin
INSERT INTO price_rule (version_id, offering_id, product_id, method, value, floor)
SELECT v.id, (SELECT MIN(o.id) FROM offering o WHERE r.named = 'offering'), (SELECT MIN(p.id) FROM product_segment p WHERE r.named = 'product' AND p.level = 1), r.method, r.value, r.floor
  FROM price_version v
  JOIN price_list l ON l.id = v.list_id
  JOIN tenant n ON n.id = l.tenant_id
  JOIN (SELECT 0 AS level, 'published' AS state, '' AS named, 'rrp_minus_pct' AS method, 30 AS value, NULL AS floor
        UNION ALL SELECT 0, 'published', 'product', 'rrp_minus_pct', 35, NULL
        UNION ALL SELECT 1, 'published', '', 'cost_plus_pct', 8, NULL
        UNION ALL SELECT 2, 'published', '', 'rrp_plus_pct', 0, NULL
        UNION ALL SELECT 2, 'published', 'product', 'rrp_minus_pct', 3, 0.01
        UNION ALL SELECT 3, 'published', '', 'cost_plus_pct', 12, NULL
        UNION ALL SELECT 2, 'draft', '', 'rrp_plus_pct', 4, NULL
        UNION ALL SELECT 2, 'draft', 'offering', 'fixed', 49.9, 45) r ON r.level = n.level AND r.state = v.state
 ORDER BY v.id, r.named, r.method

-- Who buys in between is a customer of who sells to it, with an account and an agreement of its own in the seller's currency.
-- name: demo_buyers
-- guard: admin
INSERT INTO customer (tenant_id, a1, a2, a3, a4, segment_id, party_id, number, name, kind, buyer_id, language, since)
SELECT p.id, p.a1, p.a2, p.a3, p.a4, (SELECT MIN(s.id) FROM segment s WHERE s.tenant_id = p.id), n.party_id,
       CONCAT(COALESCE((SELECT MIN(SUBSTRING_INDEX(c.number, '-', 1)) FROM customer c WHERE c.tenant_id = p.id), LEFT(UPPER(p.slug), 5)), '-R', ROW_NUMBER() OVER (PARTITION BY p.id ORDER BY n.id)),
       n.name, 'reseller', n.id, n.language, '2024-01-01'
  FROM tenant n
  JOIN price_list l ON l.tenant_id = n.id
  JOIN tenant p ON p.id = n.parent_id
 ORDER BY n.id

-- name: demo_buyer_accounts
-- guard: admin
INSERT INTO account (tenant_id, customer_id, segment_id, number, currency)
SELECT c.tenant_id, c.id, c.segment_id, CONCAT(c.number, '-1'), n.currency FROM customer c JOIN tenant n ON n.id = c.tenant_id WHERE c.buyer_id IS NOT NULL ORDER BY c.id

-- name: demo_edges
-- guard: admin
INSERT INTO agreement (seller_id, buyer_id, account_id, starts, list_id, currency, floor_action)
SELECT c.tenant_id, c.buyer_id, a.id, '2024-01-01', l.id, l.currency, 'warn'
  FROM customer c
  JOIN account a ON a.customer_id = c.id
  JOIN price_list l ON l.tenant_id = c.tenant_id
 WHERE c.buyer_id IS NOT NULL ORDER BY c.id

-- How each of them sells to all that have no agreement of their own: the distributors' dealers in their own name, one of the
-- brands by bills that the provider writes for it.
-- name: demo_agreements
-- guard: admin
INSERT INTO agreement (seller_id, starts, list_id, currency, document_mode, collector, floor_action)
SELECT l.tenant_id, '2024-01-01', l.id, l.currency, IF(n.slug = 'pharmacie-exemple', 'on_behalf', 'none'), IF(n.slug = 'pharmacie-exemple', 'root', 'seller'), IF(n.level = 2, 'deny', 'warn')
  FROM price_list l JOIN tenant n ON n.id = l.tenant_id ORDER BY l.id

-- What one of the dealers charges its newest customer at least.
-- name: demo_minimums
-- guard: admin
INSERT INTO minimum (tenant_id, customer_id, account_id, resold, offering_id, amount, starts, made)
SELECT n.id, a.customer_id, a.id, 0, o.id, 15000, '2025-01-01', '2025-01-01'
  FROM tenant n
  JOIN account a ON a.id = (SELECT MAX(k.id) FROM account k JOIN customer c ON c.id = k.customer_id AND c.state = 'active' AND c.buyer_id IS NULL
                             WHERE k.tenant_id = n.id AND k.state = 'active')
  JOIN offering o ON o.code = 'ONE-SERVICE'
 WHERE n.slug = 'example-homecare'
