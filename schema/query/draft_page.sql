-- Drafts as people look through them, and what a run comes to for a tenant.

-- name: draft_list
-- guard: scope
-- sort: deviation t.deviation desc
-- sort: gross t.gross desc
-- filter: run id.bill_run run run_ t.run_id = :value
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
-- filter: state code.draft.held.approved.issued.cancelled state - t.state = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, CAST(:key AS CHAR) AS _key, g.currency AS _currency,
       t.id, t.run_id AS run, r.period_start, r.period_end, t.tenant_id AS tenant, n.name AS tenant_name, a.customer_id AS customer,
       c.name AS customer_name, t.account_id AS account, a.number AS account_number, t.gross, t.previous, t.gross - t.previous AS difference,
       t.deviation, t.reason, t.state, t.hold, t.document_id AS document, t.number AS document_number
  FROM draft t :index
  JOIN bill_run r ON r.id = t.run_id
  JOIN agreement g ON g.id = t.agreement_id
  JOIN tenant n ON n.id = t.tenant_id
  JOIN account a ON a.id = t.account_id
  JOIN customer c ON c.id = a.customer_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: draft_one
-- guard: scope
SELECT t.tenant_id AS _tenant, g.currency AS _currency,
       t.id, t.run_id AS run, r.period_start, r.period_end, t.tenant_id AS tenant, n.name AS tenant_name, a.customer_id AS customer,
       c.name AS customer_name, t.account_id AS account, a.number AS account_number, t.net, t.tax, t.gross, t.previous,
       t.gross - t.previous AS difference, t.deviation, t.reason, t.state, t.hold, t.hold_text, t.document_id AS document, t.number AS document_number
  FROM draft t
  JOIN bill_run r ON r.id = t.run_id
  JOIN agreement g ON g.id = t.agreement_id
  JOIN tenant n ON n.id = t.tenant_id
  JOIN account a ON a.id = t.account_id
  JOIN customer c ON c.id = a.customer_id
 WHERE :where AND t.id = :id

-- Its lines as its document will have them (draft_lines).
-- name: line_draft
-- guard: open
SELECT :currency AS _currency, x.product_id AS _product, ROW_NUMBER() OVER (ORDER BY x.code, x.starts, x.first) AS position, x.code,
       COALESCE((SELECT w.name FROM offering_name w WHERE w.offering_id = x.offering_id AND w.language = x.language), x.name) AS description, x.starts AS period_start, x.ends AS period_end, x.quantity, x.unit, x.unit_price, CAST(x.net AS SIGNED) AS net, x.tax_rate, CAST(x.discount AS SIGNED) AS discount,
       IF(x.discount_id IS NULL, NULL, (SELECT NULLIF(t.name, '') FROM discount t WHERE t.id = x.discount_id)) AS discount_name
  FROM (SELECT STRAIGHT_JOIN o.product_id, o.code, o.name, o.id AS offering_id, c.language, MIN(b.starts) AS starts, MAX(b.ends) AS ends, MIN(b.id) AS first, SUM(b.quantity) AS quantity,
               o.unit, h.unit AS unit_price, SUM(h.net) AS net, h.tax_rate, SUM(h.discount) AS discount,
               IF(MIN(h.discount_id) = MAX(h.discount_id), MIN(h.discount_id), NULL) AS discount_id
          FROM draft d
          JOIN account a ON a.id = d.account_id
          JOIN customer c ON c.id = a.customer_id
          JOIN charge h ON h.run_id = d.run_id AND h.account_id = d.account_id AND h.agreement_id = d.agreement_id
          JOIN billable b ON b.id = h.billable_id
          JOIN offering o ON o.id = b.offering_id
         WHERE d.id = :id
         GROUP BY o.id, h.unit, h.tax_category, h.tax_rate, IF(c.buyer_id IS NULL, b.id, 0)) x
 ORDER BY x.code, x.starts, x.first

-- name: tax_draft
-- guard: open
SELECT :currency AS _currency, t.category, t.rate, t.base, CAST(ROUND(t.base * t.rate * 0.01) AS SIGNED) AS amount
  FROM draft d
  JOIN draft_tax t ON t.run_id = d.run_id AND t.account_id = d.account_id AND t.agreement_id = d.agreement_id
 WHERE d.id = :id ORDER BY t.category, t.rate DESC

-- The things of a bill, each with how it came to its amount on this bill's edge, and the line that it is on (draft_lines).  What
-- was not made by a run has none; what is missing to a minimum says how much that is and what was charged.  Usage is as the run had it: what came before that took of the allowance too.
-- name: explanation_list
-- guard: open
SELECT :currency AS _currency, x.product_id AS _product, DENSE_RANK() OVER (ORDER BY x.code, x.line_starts, x.line_first) AS position, x.code, x.description,
       x.period_start, x.period_end, x.events, x.metered, x.included, x.quantity, x.unit, x.model, x.size, x.tier, x.tier_price, x.unit_price, x.days, x.of_days,
       x.amount, x.discount, x.discount_name, x.discount_percent, x.net, x.tax_category, x.tax_rate, x.method, x.value, x.rule_of, x.list_name, x.priced_in, x.exchange_rate, x.rate_day, x.rate_source,
       x.at_least, x.charged_before
  FROM (SELECT STRAIGHT_JOIN o.product_id, o.code, COALESCE(w.name, o.name) AS description, b.id AS thing, b.starts AS period_start, b.ends AS period_end,
               MIN(b.starts) OVER line AS line_starts, MIN(b.id) OVER line AS line_first,
               IF(b.subscription_id <> 0 OR b.priced_for = -1, NULL, (SELECT COUNT(*) FROM usage_total u
                  JOIN (SELECT 0 AS later UNION ALL SELECT 1) m
                  JOIN usage_event e FORCE INDEX (rating) ON e.month = YEAR(u.starts) * 12 + MONTH(u.starts) + m.later AND e.account_id = u.account_id
                   AND e.offering_id = u.offering_id AND e.day >= u.starts AND e.day < u.ends AND e.id > u.above AND e.id <= u.upto
                 WHERE u.run_id = b.run_id AND u.account_id = b.account_id AND u.offering_id = b.offering_id AND u.starts = b.starts)) AS events,
               IF(b.subscription_id <> 0 OR b.priced_for = -1, NULL, (SELECT SUM(u.quantity) FROM usage_total u WHERE u.run_id = b.run_id AND u.account_id = b.account_id
                  AND u.offering_id = b.offering_id AND u.starts = b.starts)) AS metered,
               IF(o.kind = 'usage', (SELECT p.included FROM offering_price p WHERE p.id = c.price_id), NULL) AS included, b.quantity, o.unit, c.model,
               IF(c.model = 'package', c.size, NULL) AS size, y.tier, y.unit AS tier_price, h.unit AS unit_price, b.days, b.of_days,
               h.amount, h.discount, NULLIF(g.name, '') AS discount_name, g.percent AS discount_percent, h.net, h.tax_category, h.tax_rate,
               r.method, r.value, IF(r.id IS NULL, NULL, IF(r.account_id IS NOT NULL, 'account', IF(r.offering_id IS NOT NULL, 'offering', IF(r.product_id IS NOT NULL, 'segment', 'all')))) AS rule_of,
               l.name AS list_name, e.priced_in, e.rate AS exchange_rate, e.rate_day, s.source AS rate_source,
               m.amount AS at_least, q.charged AS charged_before
          FROM draft d
          JOIN account a ON a.id = d.account_id
          JOIN customer k ON k.id = a.customer_id
          JOIN charge h ON h.run_id = d.run_id AND h.account_id = d.account_id AND h.agreement_id = d.agreement_id
          JOIN billable b ON b.id = h.billable_id
          JOIN offering o ON o.id = b.offering_id
          LEFT JOIN offering_name w ON w.offering_id = o.id AND w.language = k.language
          JOIN chain_price c ON c.id = h.chain_id
          JOIN chain_edge e ON e.chain_id = h.chain_id AND e.position = h.position
          LEFT JOIN exchange_rate s ON s.id = e.rate_id
          LEFT JOIN price_rule r ON r.id = h.rule_id
          LEFT JOIN price_version v ON v.id = r.version_id
          LEFT JOIN price_list l ON l.id = v.list_id
          LEFT JOIN discount g ON g.id = h.discount_id
          LEFT JOIN minimum_use q ON b.priced_for = -1 AND q.run_id = b.run_id AND q.account_id = b.account_id
          LEFT JOIN minimum m ON m.id = q.minimum_id
          LEFT JOIN chain_tier y ON y.chain_id = h.chain_id AND y.position = h.position AND b.quantity > y.above AND b.quantity <= y.up_to
         WHERE d.document_id = :id
        WINDOW line AS (PARTITION BY o.id, h.unit, h.tax_category, h.tax_rate, IF(k.buyer_id IS NULL, b.id, 0), IF(b.subscription_id = 0, b.starts, NULL))) x
 ORDER BY x.code, x.period_start, x.thing

-- name: draft_now
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id, t.run_id AS _run, t.state AS _state FROM draft t WHERE :where AND t.id = :id

-- The run's row is locked first, as its steps do.
-- name: draft_run
-- guard: admin
SELECT r.id AS _id, r.phase AS _phase FROM bill_run r WHERE r.id = :run FOR UPDATE

-- name: draft_hold
-- guard: scope
UPDATE draft t JOIN bill_run r ON r.id = t.run_id
   SET t.state = 'held', t.hold = 'hand', t.hold_text = :hold_text
 WHERE :where AND t.id = :id AND t.state IN ('draft', 'approved') AND r.phase IN ('rated', 'checked', 'approved', 'issued', 'settled')

-- name: draft_release
-- guard: scope
UPDATE draft t JOIN bill_run r ON r.id = t.run_id
   SET t.state = 'draft', t.hold = NULL, t.hold_text = ''
 WHERE :where AND t.id = :id AND t.state = 'held' AND r.phase IN ('rated', 'checked', 'approved', 'issued', 'settled')

-- name: draft_approve
-- guard: scope
UPDATE draft t JOIN bill_run r ON r.id = t.run_id
   SET t.state = 'approved'
 WHERE :where AND t.id = :id AND t.state = 'draft' AND r.phase IN ('checked', 'approved', 'issued', 'settled')

-- name: draft_go_on
-- guard: admin
UPDATE bill_run r
   SET r.phase = 'approved', r.moved = :now, r.moved_done = (SELECT COUNT(*) FROM draft d WHERE d.run_id = :run AND d.state = 'issued')
 WHERE r.id = :run AND r.phase IN ('checked', 'issued', 'settled')

-- name: settlement_list
-- guard: scope
-- sort: period_start t.period_start desc
-- filter: run id.bill_run run run_ t.run_id = :value
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key, t.currency AS _currency,
       t.id, t.run_id AS run, t.period_start, r.period_end, t.tenant_id AS tenant, n.name AS tenant_name, t.sold, t.bought,
       t.cost_out, t.cost_in, t.sold - t.bought + t.cost_out - t.cost_in AS margin, t.collects AS root_collects, t.due
  FROM settlement t :index
  JOIN bill_run r ON r.id = t.run_id
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: settlement_one
-- guard: scope
SELECT t.tenant_id AS _tenant, t.currency AS _currency,
       t.id, t.run_id AS run, r.period_start, r.period_end, t.tenant_id AS tenant, n.name AS tenant_name, t.sold, t.bought,
       t.cost_out, t.cost_in, t.sold - t.bought + t.cost_out - t.cost_in AS margin,
       (SELECT CAST(COALESCE(SUM(m.gross), 0) AS SIGNED) FROM draft d JOIN commission m ON m.document_id = d.document_id AND m.tenant_id = t.tenant_id
         JOIN agreement g ON g.id = d.agreement_id AND g.currency = t.currency WHERE d.run_id = t.run_id AND d.state = 'issued') AS commission,
       t.collects AS root_collects, t.due
  FROM settlement t
  JOIN bill_run r ON r.id = t.run_id
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where AND t.id = :id

-- At which rates what a tenant bought in a run was converted: into this currency, or out of it.
-- name: settlement_rates
-- guard: admin
SELECT v.from_currency AS _from_currency, v.to_currency AS _to_currency, CAST(s.rate AS CHAR) AS _rate, CAST(s.day AS CHAR) AS _day, s.source AS _source, v.cost AS _cost, v.converted AS _converted
  FROM settlement t
  JOIN settlement_conversion v ON v.run_id = t.run_id AND v.tenant_id = t.tenant_id AND t.currency IN (v.from_currency, v.to_currency)
  JOIN exchange_rate s ON s.id = v.rate_id
 WHERE t.id = :id ORDER BY s.day, s.id
