-- The price of an offering down a chain, edge by edge from the root, found once a run for all who share the chain.

-- Those that the chunk needs and no chunk before it did.
-- name: chain_insert
-- guard: admin
INSERT INTO chain_price (run_id, tenant_id, agreement_id, priced_for, offering_id, day, price_id, model, size)
SELECT x.run_id, x.tenant_id, x.agreement_id, x.priced_for, x.offering_id, x.starts, l.id, l.model, COALESCE(l.size, 1)
  FROM (SELECT DISTINCT b.run_id, b.tenant_id, b.agreement_id, b.priced_for, b.offering_id, b.starts
          FROM billable b
         WHERE b.run_id = :run AND b.account_id > :after AND b.account_id <= :upto) x
  LEFT JOIN offering_price l ON l.id = (SELECT p.id FROM offering_price p WHERE p.offering_id = x.offering_id AND p.starts <= x.starts
                                         ORDER BY p.starts DESC, p.id LIMIT 1)
 WHERE NOT EXISTS (SELECT 1 FROM chain_price c WHERE c.run_id = x.run_id AND c.tenant_id = x.tenant_id AND c.agreement_id = x.agreement_id
                     AND c.priced_for = x.priced_for AND c.offering_id = x.offering_id AND c.day = x.starts)

-- Its edges, with the agreement and the tax of each.  The buyer of an edge is the next tenant of the chain, or the
-- account at its end.
-- name: chain_edges
-- guard: admin
INSERT INTO chain_edge (chain_id, position, seller_id, account_id, agreement_id, currency, decimals, tax_category, tax_rate)
SELECT x.id, x.k, x.seller_id, up.account_id, g.id, g.currency, m.decimals,
       COALESCE(g.tax_category, t.category), COALESCE(g.tax_rate, t.rate)
  FROM (SELECT c.id, c.day, c.offering_id, c.agreement_id, k.k, n.level,
               CASE k.k WHEN 0 THEN :root WHEN 1 THEN n.a1 WHEN 2 THEN n.a2 WHEN 3 THEN n.a3 ELSE n.a4 END AS seller_id,
               CASE k.k WHEN 0 THEN n.a1 WHEN 1 THEN n.a2 WHEN 2 THEN n.a3 WHEN 3 THEN n.a4 END AS buyer_id
          FROM chain_price c
          JOIN tenant n ON n.id = c.tenant_id
          JOIN (SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) k ON k.k <= n.level
         WHERE c.run_id = :run AND c.state = 'new') x
  LEFT JOIN agreement up ON x.k < x.level AND up.buyer_id = x.buyer_id AND up.seller_id = x.seller_id AND up.starts <= x.day AND up.ends > x.day
  LEFT JOIN agreement g ON g.id = IF(x.k < x.level, up.id, x.agreement_id)
  LEFT JOIN currency m ON m.code = g.currency
  LEFT JOIN tax_rule t ON t.id = (SELECT r.id FROM tax_rule r
                                   WHERE r.seller_id = x.seller_id AND r.of_offering IN (0, x.offering_id) AND r.starts <= x.day
                                   ORDER BY r.of_offering DESC, r.starts DESC LIMIT 1)

-- The rule of each edge.  What names the account wins, then the agreement's list before the seller's own, an offering
-- before its product segment before everything.
-- name: chain_rules
-- guard: admin
UPDATE chain_edge e
  JOIN chain_price c ON c.id = e.chain_id
  JOIN agreement g ON g.id = e.agreement_id
  JOIN offering o ON o.id = c.offering_id
  LEFT JOIN product_segment p0 ON p0.id = o.product_id
  LEFT JOIN product_segment p1 ON p1.id = p0.parent_id
  LEFT JOIN product_segment p2 ON p2.id = p1.parent_id
  LEFT JOIN price_list d ON d.default_of = e.seller_id AND d.currency = g.currency
   SET e.rule_id = (SELECT STRAIGHT_JOIN r.id
                      FROM (SELECT 0 AS k UNION ALL SELECT 1) k
                      JOIN price_list l ON l.id = IF(k.k = 0, g.list_id, d.id) AND l.currency = g.currency
                      JOIN price_version v ON v.list_id = l.id
                       AND v.published = (SELECT MAX(w.published) FROM price_version w WHERE w.list_id = l.id AND w.published <= c.day)
                      JOIN price_rule r ON r.version_id = v.id AND r.of_account IN (0, c.priced_for) AND r.starts <= c.day AND r.ends > c.day
                      LEFT JOIN product_segment s ON s.id = r.product_id
                     WHERE (r.offering_id = c.offering_id
                            OR (r.offering_id IS NULL AND (r.product_id IS NULL OR r.product_id IN (p0.id, p1.id, p2.id, p2.parent_id))))
                     ORDER BY r.of_account DESC, k.k, r.of_offering DESC, s.level DESC, r.id LIMIT 1)
 WHERE c.run_id = :run AND c.state = 'new'

-- Edges of another currency than what their price is made of, or than the edge above: the newest rate on or before the day, in
-- the direction that is asked for alone.  `fixed` says its price itself, but what tiers cost once (flat) is the list's.  Where there
-- is no such edge this finds none.
-- name: chain_rates
-- guard: admin
UPDATE (SELECT y.chain_id, y.position, y.priced_in,
               (SELECT s.id FROM exchange_rate s WHERE s.from_currency = y.priced_in AND s.to_currency = y.currency AND s.day <= y.day
                 ORDER BY s.day DESC, s.id DESC LIMIT 1) AS rate_id,
               (SELECT s.id FROM exchange_rate s WHERE s.from_currency = y.cost_in AND s.to_currency = y.currency AND s.day <= y.day
                 ORDER BY s.day DESC, s.id DESC LIMIT 1) AS cost_rate_id
          FROM (SELECT e.chain_id, e.position, e.currency, c.day, NULLIF(u.currency, e.currency) AS cost_in,
                       NULLIF(CASE WHEN r.method = 'tiers' THEN NULL
                                   WHEN r.method = 'fixed' THEN IF(EXISTS (SELECT 1 FROM offering_tier t WHERE t.price_id = c.price_id AND t.flat <> 0), l.currency, NULL)
                                   WHEN e.position = 0 OR r.method IN ('rrp_minus_pct', 'rrp_plus_pct') THEN l.currency
                                   ELSE u.currency END, e.currency) AS priced_in
                  FROM chain_price c
                  JOIN chain_edge e ON e.chain_id = c.id
                  JOIN price_rule r ON r.id = e.rule_id
                  JOIN offering_price l ON l.id = c.price_id
                  LEFT JOIN chain_edge u ON u.chain_id = e.chain_id AND u.position = e.position - 1
                 WHERE c.run_id = :run AND c.state = 'new' AND (e.currency <> l.currency OR e.currency <> u.currency)) y) x
  STRAIGHT_JOIN chain_edge e ON e.chain_id = x.chain_id AND e.position = x.position
  LEFT JOIN exchange_rate p ON p.id = x.rate_id
  LEFT JOIN exchange_rate k ON k.id = x.cost_rate_id
   SET e.priced_in = x.priced_in, e.rate_id = p.id, e.rate = p.rate, e.rate_day = p.day, e.cost_rate_id = k.id, e.cost_rate = k.rate

-- Tiers of the edge at :position by what the root's list says.  On the first edge the price above is the list price.  What is of
-- another currency is converted first and rounded, then the rule has its say; without a rate there is no price.
-- name: chain_tiers_list
-- guard: admin
INSERT INTO chain_tier (chain_id, position, tier, above, up_to, unit, flat)
SELECT x.chain_id, x.position, x.tier, x.above, x.up_to,
       CASE x.method WHEN 'fixed' THEN x.value
         WHEN 'rrp_minus_pct' THEN ROUND(x.unit * (100 - x.value) * 0.01, 6)
         WHEN 'rrp_plus_pct' THEN ROUND(x.unit * (100 + x.value) * 0.01, 6)
         WHEN 'cost_plus_pct' THEN ROUND(x.unit * (100 + x.value) * 0.01, 6)
         WHEN 'cost_plus_abs' THEN x.unit + x.value
         ELSE x.unit END, x.flat
  FROM (SELECT e.chain_id, e.position, t.tier, t.above, t.up_to, r.method, r.value,
               IF(e.rate IS NULL, t.unit, ROUND(t.unit * e.rate, 6)) AS unit, IF(e.rate IS NULL, t.flat, ROUND(t.flat * e.rate, 6)) AS flat
          FROM chain_price c
          JOIN chain_edge e ON e.chain_id = c.id AND e.position = :position AND (e.priced_in IS NULL OR e.rate IS NOT NULL)
          JOIN price_rule r ON r.id = e.rule_id AND (r.method IN ('fixed', 'rrp_minus_pct', 'rrp_plus_pct')
                                                     OR (e.position = 0 AND r.method IN ('cost_plus_pct', 'cost_plus_abs', 'pass_through')))
          JOIN offering_tier t ON t.price_id = c.price_id
         WHERE c.run_id = :run AND c.state = 'new') x

-- And by the price of the edge above.
-- name: chain_tiers_cost
-- guard: admin
INSERT INTO chain_tier (chain_id, position, tier, above, up_to, unit, flat)
SELECT x.chain_id, x.position, x.tier, x.above, x.up_to,
       CASE x.method WHEN 'cost_plus_pct' THEN ROUND(x.unit * (100 + x.value) * 0.01, 6)
         WHEN 'cost_plus_abs' THEN x.unit + x.value
         ELSE x.unit END, x.flat
  FROM (SELECT e.chain_id, e.position, t.tier, t.above, t.up_to, r.method, r.value,
               IF(e.rate IS NULL, t.unit, ROUND(t.unit * e.rate, 6)) AS unit, IF(e.rate IS NULL, t.flat, ROUND(t.flat * e.rate, 6)) AS flat
          FROM chain_price c
          JOIN chain_edge e ON e.chain_id = c.id AND e.position = :position AND e.position > 0 AND (e.priced_in IS NULL OR e.rate IS NOT NULL)
          JOIN price_rule r ON r.id = e.rule_id AND r.method IN ('cost_plus_pct', 'cost_plus_abs', 'pass_through')
          JOIN chain_tier t ON t.chain_id = e.chain_id AND t.position = e.position - 1
         WHERE c.run_id = :run AND c.state = 'new') x

-- And by tiers of the rule's own.
-- name: chain_tiers_own
-- guard: admin
INSERT INTO chain_tier (chain_id, position, tier, above, up_to, unit, flat)
SELECT e.chain_id, e.position, t.tier, t.above, t.up_to, t.unit, t.flat
  FROM chain_price c
  JOIN chain_edge e ON e.chain_id = c.id AND e.position = :position
  JOIN price_rule r ON r.id = e.rule_id AND r.method = 'tiers'
  JOIN price_rule_tier t ON t.rule_id = r.id
 WHERE c.run_id = :run AND c.state = 'new'

-- name: chain_reach
-- guard: admin
UPDATE chain_price c
  JOIN chain_edge e ON e.chain_id = c.id
  JOIN price_rule r ON r.id = e.rule_id
   SET e.covers = COALESCE((SELECT MAX(t.up_to) FROM chain_tier t WHERE t.chain_id = e.chain_id AND t.position = e.position), 0),
       e.below_floor = COALESCE(r.floor > (SELECT MIN(t.unit) FROM chain_tier t WHERE t.chain_id = e.chain_id AND t.position = e.position), 0)
 WHERE c.run_id = :run AND c.state = 'new'

-- Why an edge cannot be billed.  The currency of an agreement is that of its account, here of the reseller that buys; an agreement
-- with an account that is closed is none.
-- name: chain_troubles
-- guard: admin
UPDATE chain_edge e
  JOIN chain_price c ON c.id = e.chain_id
  LEFT JOIN offering_price l ON l.id = c.price_id
  LEFT JOIN agreement g ON g.id = e.agreement_id
  LEFT JOIN account k ON k.id = e.account_id
   SET e.trouble = CASE WHEN g.id IS NULL OR k.state = 'closed' THEN 'agreement'
                        WHEN e.rule_id IS NULL THEN 'rule'
                        WHEN l.id IS NULL THEN 'list_price'
                        WHEN e.currency <> k.currency THEN 'currency'
                        WHEN e.priced_in IS NOT NULL AND e.rate IS NULL THEN 'rate'
                        WHEN e.tax_rate IS NULL THEN 'tax'
                        WHEN e.below_floor AND g.floor_action = 'deny' THEN 'floor' END
 WHERE c.run_id = :run AND c.state = 'new'

-- name: chain_priced
-- guard: admin
UPDATE chain_price c
   SET c.state = IF(EXISTS (SELECT 1 FROM chain_edge e WHERE e.chain_id = c.id AND e.trouble IS NOT NULL), 'unpriced', 'priced'),
       c.covers = (SELECT MIN(e.covers) FROM chain_edge e WHERE e.chain_id = c.id)
 WHERE c.run_id = :run AND c.state = 'new'
