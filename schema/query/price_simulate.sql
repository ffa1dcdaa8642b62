-- What the draft of a price list would change.  Computed by the statements of a bill run (chain.sql) under two runs that
-- nobody ever sees, as things are and with the draft published, in a transaction that is rolled back (trade/simulate.c).

-- name: price_list_trial_run
-- guard: admin
INSERT INTO bill_run (tenant_id, cycle_day, period_start, period_end, issue_date, phase, last_account, opened)
VALUES (:root, 1, :day, :day + INTERVAL 1 DAY, :day, 'cancelled', 0, :now)

-- name: price_list_trial
-- guard: admin
SELECT l.tenant_id AS _of, n.level AS _level, COALESCE((SELECT d.id FROM price_version d WHERE d.draft_of = l.id), 0) AS _draft,
       CAST(GREATEST(COALESCE(:starts, :today), :today, COALESCE((SELECT MAX(v.published) + INTERVAL 1 DAY FROM price_version v WHERE v.list_id = l.id), :today)) AS CHAR) AS _day
  FROM price_list l
  JOIN tenant n ON n.id = l.tenant_id
 WHERE l.id = :id

-- The edges of the seller (:of), and with :wide those of all below it too: how it sells to all, to an account of its
-- own agreement, to an account that a rule names, and to each reseller; with each offering that can be sold there.
-- name: price_list_trial_chains
-- guard: admin
INSERT INTO chain_price (run_id, tenant_id, agreement_id, priced_for, offering_id, day, price_id, model, size)
SELECT :run, x.tenant_id, x.agreement_id, x.priced_for, o.id, :day, p.id, p.model, COALESCE(p.size, 1)
  FROM (SELECT n.id AS tenant_id, g.id AS agreement_id, 0 AS priced_for
          FROM tenant n
          JOIN agreement g ON g.seller_id = n.id AND g.buyer_id IS NULL AND g.starts <= :day AND g.ends > :day
         WHERE (n.id = :of OR (:wide AND (:whole OR :of IN (n.a1, n.a2, n.a3, n.a4))))
           AND NOT EXISTS (SELECT 1 FROM price_rule r WHERE r.account_id = g.account_id)
        UNION ALL
        SELECT n.id, COALESCE(own.id, std.id), a.id
          FROM tenant n
          JOIN price_list l ON l.tenant_id = n.id
          JOIN (SELECT DISTINCT v.list_id, r.account_id FROM price_version v JOIN price_rule r ON r.version_id = v.id WHERE r.account_id IS NOT NULL) named ON named.list_id = l.id
          JOIN account a ON a.id = named.account_id
          LEFT JOIN agreement own ON own.seller_id = n.id AND own.of_account = a.id AND own.starts <= :day AND own.ends > :day
          LEFT JOIN agreement std ON std.seller_id = n.id AND std.of_account = 0 AND std.starts <= :day AND std.ends > :day
         WHERE (n.id = :of OR (:wide AND (:whole OR :of IN (n.a1, n.a2, n.a3, n.a4)))) AND COALESCE(own.id, std.id) IS NOT NULL
         GROUP BY n.id, a.id
        UNION ALL
        SELECT b.id, 0, 0
          FROM tenant n
          JOIN tenant b ON b.parent_id = n.id AND b.state = 'active'
         WHERE n.id = :of OR (:wide AND (:whole OR :of IN (n.a1, n.a2, n.a3, n.a4)))) x
  JOIN offering o ON o.state = 'active' AND (o.shared = 1 OR o.tenant_id = :of)
  LEFT JOIN offering_price p ON p.id = (SELECT q.id FROM offering_price q WHERE q.offering_id = o.id AND q.starts <= :day ORDER BY q.starts DESC, q.id LIMIT 1)
 ORDER BY x.tenant_id, x.agreement_id, x.priced_for, o.id LIMIT :page

-- What differs between both runs, by edge, offering and tier, with the price of the edge above as the cost: of another currency it is
-- converted at the rate that is told, and rounded; where there is no rate it is not known.
-- name: price_list_moved
-- guard: admin
SELECT f.seller_id AS _seller, s.name AS _seller_name, IF(p.agreement_id = 0, n.id, 0) AS _buyer, IF(p.agreement_id = 0, n.name, NULL) AS _buyer_name,
       IF(p.agreement_id = 0, 0, COALESCE(NULLIF(p.priced_for, 0), g.account_id, 0)) AS _account, a.number AS _account_number,
       o.id AS _offering, o.name AS _offering_name, o.product_id AS _product, COALESCE(f.currency, e.currency) AS _money, CAST(t.above AS CHAR) AS _above,
       CAST(w.unit AS CHAR) AS _old, CAST(t.unit AS CHAR) AS _new,
       CAST(IF(j.currency <> e.currency, ROUND(k.unit * e.cost_rate, 6), k.unit) AS CHAR) AS _old_cost,
       CAST(IF(h.currency <> f.currency, ROUND(c.unit * f.cost_rate, 6), c.unit) AS CHAR) AS _new_cost,
       CAST(w.unit - IF(j.currency <> e.currency, ROUND(k.unit * e.cost_rate, 6), k.unit) AS CHAR) AS _old_margin,
       CAST(t.unit - IF(h.currency <> f.currency, ROUND(c.unit * f.cost_rate, 6), c.unit) AS CHAR) AS _new_margin,
       CAST(r.floor AS CHAR) AS _floor, IF(f.below_floor, g.floor_action, NULL) AS _below_floor, f.trouble AS _trouble,
       IF(h.currency <> f.currency, h.currency, NULL) AS _cost_money, CAST(f.cost_rate AS CHAR) AS _cost_rate, CAST(x.day AS CHAR) AS _rate_day, x.source AS _rate_source
  FROM chain_price p
  JOIN chain_price q ON q.run_id = :after AND q.tenant_id = p.tenant_id AND q.agreement_id = p.agreement_id AND q.priced_for = p.priced_for
   AND q.offering_id = p.offering_id AND q.day = p.day
  JOIN tenant n ON n.id = p.tenant_id
  JOIN chain_edge e ON e.chain_id = p.id AND e.position = n.level - (p.agreement_id = 0)
  JOIN chain_edge f ON f.chain_id = q.id AND f.position = e.position AND f.agreement_id IS NOT NULL
  JOIN tenant s ON s.id = f.seller_id
  JOIN agreement g ON g.id = f.agreement_id
  JOIN offering o ON o.id = p.offering_id
  LEFT JOIN account a ON a.id = COALESCE(NULLIF(p.priced_for, 0), g.account_id) AND p.agreement_id <> 0
  LEFT JOIN price_rule r ON r.id = f.rule_id
  LEFT JOIN chain_edge j ON j.chain_id = e.chain_id AND j.position = e.position - 1
  LEFT JOIN chain_edge h ON h.chain_id = f.chain_id AND h.position = f.position - 1
  LEFT JOIN exchange_rate x ON x.id = f.cost_rate_id
  LEFT JOIN chain_tier t ON t.chain_id = f.chain_id AND t.position = f.position
  LEFT JOIN chain_tier w ON w.chain_id = e.chain_id AND w.position = e.position
   AND w.above = (SELECT MAX(z.above) FROM chain_tier z WHERE z.chain_id = e.chain_id AND z.position = e.position AND z.above <= COALESCE(t.above, 0))
  LEFT JOIN chain_tier k ON k.chain_id = e.chain_id AND k.position = e.position - 1
   AND k.above = (SELECT MAX(z.above) FROM chain_tier z WHERE z.chain_id = e.chain_id AND z.position = e.position - 1 AND z.above <= COALESCE(t.above, 0))
  LEFT JOIN chain_tier c ON c.chain_id = f.chain_id AND c.position = f.position - 1
   AND c.above = (SELECT MAX(z.above) FROM chain_tier z WHERE z.chain_id = f.chain_id AND z.position = f.position - 1 AND z.above <= COALESCE(t.above, 0))
 WHERE p.run_id = :run AND NOT (w.unit <=> t.unit AND w.flat <=> t.flat AND e.trouble <=> f.trouble AND e.below_floor >= f.below_floor)
 ORDER BY e.position, s.name, n.name, p.agreement_id, p.priced_for, o.name, t.above LIMIT :page
