-- What was used or subscribed, what its seller bought for it, and what its customer is billed for it, wherever these are not
-- the same: a gap a row, with what it is worth at the price that was charged or else by the list, in the currency of that price.
-- Of one run (:run) or, 0, of all.  A run counts once all of its accounts are rated; a cancelled one never does.

-- Came in, in a period that is closed, and no run has it: late, given back by a run, or forgotten.
-- name: reconcile_received
-- guard: admin
SELECT 'not_rated' AS _kind, c.number AS _customer, a.number AS _account, o.code AS _offering, CAST(x.starts AS CHAR) AS _starts, CAST(x.ends AS CHAR) AS _ends,
       x.used AS _used, CAST(0 AS DECIMAL(18,6)) AS _bought, CAST(0 AS DECIMAL(18,6)) AS _billed, CAST(ROUND(x.used * COALESCE(t.unit, o.price) * POW(10, m.decimals)) AS SIGNED) AS _minor,
       m.decimals AS _decimals, m.code AS _currency
  FROM (SELECT STRAIGHT_JOIN e.account_id, e.offering_id, r.period_start AS starts, r.period_end AS ends, SUM(e.quantity) AS used
          FROM bill_run r
          JOIN tenant top ON top.id = r.tenant_id
          JOIN account a ON a.cycle_day = r.cycle_day AND (r.account_id IS NULL OR r.account_id = a.id)
          JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL
          JOIN tenant n ON n.id = a.tenant_id AND (top.level = 0 OR top.id IN (n.a1, n.a2, n.a3, n.a4))
          JOIN (SELECT 0 AS later UNION ALL SELECT 1) m
          JOIN usage_event e FORCE INDEX (rating) ON e.month = YEAR(r.period_start) * 12 + MONTH(r.period_start) + m.later AND e.account_id = a.id
         WHERE (:run = 0 OR r.id = :run) AND r.phase NOT IN ('open', 'cancelling', 'cancelled') AND e.day >= r.period_start AND e.day < r.period_end
           AND NOT EXISTS (SELECT 1 FROM usage_total t FORCE INDEX (PRIMARY) WHERE t.account_id = e.account_id AND t.offering_id = e.offering_id
                              AND t.starts <= e.day AND t.ends > e.day AND t.above < e.id AND t.upto >= e.id)
           AND NOT EXISTS (SELECT 1 FROM bill_run q WHERE q.live_of = r.tenant_id AND q.cycle_day = r.cycle_day AND q.period_start = r.period_start
                              AND q.id > r.id AND q.phase <> 'open' AND (q.account_id IS NULL OR q.account_id = a.id))
         GROUP BY e.account_id, e.offering_id, r.period_start, r.period_end
        HAVING used > 0) x
  JOIN account a ON a.id = x.account_id
  JOIN customer c ON c.id = a.customer_id
  JOIN offering o ON o.id = x.offering_id
  LEFT JOIN offering_price l ON l.id = (SELECT p.id FROM offering_price p WHERE p.offering_id = x.offering_id AND p.starts <= x.starts
                                         ORDER BY p.starts DESC, p.id LIMIT 1)
  LEFT JOIN offering_tier t ON t.price_id = l.id AND t.tier = 1
  JOIN currency m ON m.code = COALESCE(l.currency, o.currency)
 ORDER BY x.starts, x.account_id, x.offering_id

-- Rated, and not what the charges of its period come to with what is included: no charge at all, or another quantity.  An
-- account's usage and charges come and go together, so the runs that are on their way count with what they have: of what is
-- included they have taken their part.  Each month that a period touches is looked up by itself: of two at once the index knows
-- the month alone.
-- name: reconcile_usage
-- guard: admin
SELECT IF(y.billed = 0, 'not_charged', 'differs') AS _kind, c.number AS _customer, a.number AS _account, o.code AS _offering, CAST(y.starts AS CHAR) AS _starts,
       CAST(y.ends AS CHAR) AS _ends, y.used AS _used, y.bought AS _bought, y.billed AS _billed,
       CAST(ROUND((y.wanted - y.billed) * COALESCE(y.unit, t.unit, o.price) * POW(10, m.decimals)) AS SIGNED) AS _minor, m.decimals AS _decimals,
       m.code AS _currency
  FROM (SELECT x.account_id, x.offering_id, x.starts, x.ends, x.used, x.used - LEAST(x.used, COALESCE(l.included, 0)) AS wanted, l.id AS price_id,
               (SELECT COALESCE(SUM(b.quantity), 0)
                  FROM billable b
                  JOIN bill_run p ON p.id = b.run_id AND p.phase <> 'cancelled'
                  JOIN tenant n ON n.id = b.tenant_id
                  JOIN charge h ON h.billable_id = b.id AND h.position = n.level
                 WHERE b.account_id = x.account_id AND b.offering_id = x.offering_id AND b.subscription_id = 0 AND b.starts = x.starts AND b.given_back = 0) AS billed,
               (SELECT COALESCE(SUM(b.quantity), 0)
                  FROM billable b
                  JOIN bill_run p ON p.id = b.run_id AND p.phase <> 'cancelled'
                  JOIN tenant n ON n.id = b.tenant_id
                  JOIN charge h ON h.billable_id = b.id AND h.position = GREATEST(n.level - 1, 0)
                 WHERE b.account_id = x.account_id AND b.offering_id = x.offering_id AND b.subscription_id = 0 AND b.starts = x.starts AND b.given_back = 0) AS bought,
               (SELECT MAX(h.unit)
                  FROM billable b
                  JOIN tenant n ON n.id = b.tenant_id
                  JOIN charge h ON h.billable_id = b.id AND h.position = n.level
                 WHERE b.account_id = x.account_id AND b.offering_id = x.offering_id AND b.subscription_id = 0 AND b.starts = x.starts AND b.given_back = 0) AS unit,
               (SELECT MAX(k.currency)
                  FROM billable b
                  JOIN tenant n ON n.id = b.tenant_id
                  JOIN charge h ON h.billable_id = b.id AND h.position = n.level
                  JOIN chain_edge k ON k.chain_id = h.chain_id AND k.position = h.position
                 WHERE b.account_id = x.account_id AND b.offering_id = x.offering_id AND b.subscription_id = 0 AND b.starts = x.starts AND b.given_back = 0) AS charged_in,
               l.currency AS listed_in
          FROM (SELECT STRAIGHT_JOIN u.account_id, u.offering_id, u.starts, u.ends,
                       SUM(COALESCE((SELECT SUM(e.quantity) FROM usage_event e FORCE INDEX (rating) WHERE e.month = YEAR(u.starts) * 12 + MONTH(u.starts)
                                        AND e.account_id = u.account_id AND e.offering_id = u.offering_id AND e.day >= u.starts AND e.day < u.ends
                                        AND e.id > u.above AND e.id <= u.upto), 0)
                         + COALESCE((SELECT SUM(e.quantity) FROM usage_event e FORCE INDEX (rating) WHERE e.month = YEAR(u.starts) * 12 + MONTH(u.starts) + 1
                                        AND e.account_id = u.account_id AND e.offering_id = u.offering_id AND e.day >= u.starts AND e.day < u.ends
                                        AND e.id > u.above AND e.id <= u.upto), 0)) AS used,
                       (SELECT p.id FROM offering_price p WHERE p.offering_id = u.offering_id AND p.starts <= u.starts
                         ORDER BY p.starts DESC, p.id LIMIT 1) AS price_id
                  FROM (SELECT DISTINCT w.account_id, w.offering_id, w.starts FROM usage_total w WHERE :run = 0 OR w.run_id = :run) g
                  JOIN usage_total u ON u.account_id = g.account_id AND u.offering_id = g.offering_id AND u.starts = g.starts
                  JOIN bill_run r ON r.id = u.run_id AND r.phase <> 'cancelled'
                 GROUP BY u.account_id, u.offering_id, u.starts, u.ends) x
          LEFT JOIN offering_price l ON l.id = x.price_id) y
  JOIN account a ON a.id = y.account_id
  JOIN customer c ON c.id = a.customer_id
  JOIN offering o ON o.id = y.offering_id
  JOIN currency m ON m.code = COALESCE(y.charged_in, y.listed_in, o.currency)
  LEFT JOIN offering_tier t ON t.price_id = y.price_id AND t.tier = 1
 WHERE y.billed <> y.wanted OR y.bought <> y.wanted
 ORDER BY y.starts, y.account_id, y.offering_id

-- What runs say that they took of a period, and the events of their ranges come to something else: one is in two of them, or was not
-- there when it was summed.  All of usage is looked through for that.
-- name: reconcile_ranges
-- guard: admin
SELECT 'differs' AS _kind, c.number AS _customer, a.number AS _account, o.code AS _offering, CAST(x.starts AS CHAR) AS _starts, CAST(x.ends AS CHAR) AS _ends,
       x.used AS _used, x.held AS _bought, x.held AS _billed, CAST(ROUND((x.used - x.held) * COALESCE(t.unit, o.price) * POW(10, m.decimals)) AS SIGNED) AS _minor,
       m.decimals AS _decimals, m.code AS _currency
  FROM (SELECT g.account_id, g.offering_id, g.starts, g.ends, g.held,
               COALESCE((SELECT SUM(e.quantity)
                           FROM (SELECT 0 AS later UNION ALL SELECT 1) d
                           JOIN usage_event e FORCE INDEX (rating) ON e.month = YEAR(g.starts) * 12 + MONTH(g.starts) + d.later AND e.account_id = g.account_id
                            AND e.offering_id = g.offering_id AND e.day >= g.starts AND e.day < g.ends
                          WHERE EXISTS (SELECT 1 FROM usage_total u FORCE INDEX (PRIMARY) WHERE u.account_id = e.account_id AND u.offering_id = e.offering_id
                                           AND u.starts = g.starts AND u.above < e.id AND u.upto >= e.id)), 0) AS used
          FROM (SELECT w.account_id, w.offering_id, w.starts, w.ends, SUM(w.quantity) AS held
                  FROM usage_total w
                 GROUP BY w.account_id, w.offering_id, w.starts, w.ends
                HAVING :run = 0 OR SUM(w.run_id = :run) > 0) g
        HAVING used <> g.held) x
  JOIN account a ON a.id = x.account_id
  JOIN customer c ON c.id = a.customer_id
  JOIN offering o ON o.id = x.offering_id
  LEFT JOIN offering_price l ON l.id = (SELECT p.id FROM offering_price p WHERE p.offering_id = x.offering_id AND p.starts <= x.starts
                                         ORDER BY p.starts DESC, p.id LIMIT 1)
  LEFT JOIN offering_tier t ON t.price_id = l.id AND t.tier = 1
  JOIN currency m ON m.code = COALESCE(l.currency, o.currency)
 ORDER BY x.starts, x.account_id, x.offering_id

-- Subscribed in a closed period, as bill_run_subscriptions sees it, and billed on no edge, on one alone, or another quantity.  A
-- thing is billed once at a time (once_live); HAVING, so that what is right is dropped before anything else is looked up for it.
-- name: reconcile_subscriptions
-- guard: admin
SELECT IF(y.billed = 0, 'not_billed', 'differs') AS _kind, c.number AS _customer, a.number AS _account, o.code AS _offering, CAST(y.starts AS CHAR) AS _starts,
       CAST(y.ends AS CHAR) AS _ends, y.quantity AS _used, y.bought AS _bought, y.billed AS _billed,
       CAST(ROUND(IF(l.model = 'flat', y.billed = 0, y.quantity - y.billed) * COALESCE(t.unit, o.price) * POW(10, m.decimals) * y.days / y.of_days) AS SIGNED) AS _minor,
       m.decimals AS _decimals, m.code AS _currency
  FROM (SELECT STRAIGHT_JOIN x.account_id, x.offering_id, x.starts, x.ends, x.quantity, IF(x.once, 1, DATEDIFF(x.ends, x.starts)) AS days,
               IF(x.once, 1, x.period_days) AS of_days,
               IF(h.billable_id IS NULL, 0, b.quantity) AS billed, IF(u.billable_id IS NULL, 0, b.quantity) AS bought
          FROM (SELECT STRAIGHT_JOIN s.account_id, s.offering_id, s.id AS subscription_id, o.kind = 'one_time' AS once, n.level,
                       GREATEST(s.starts, COALESCE(q.starts, s.starts), IF(o.kind = 'one_time', s.starts, GREATEST(COALESCE(s.free_until, s.starts), r.period_start))) AS starts,
                       LEAST(COALESCE(s.ends, '9999-12-31'), COALESCE(q.ends, '9999-12-31'), r.period_end) AS ends,
                       COALESCE(q.quantity, s.quantity) AS quantity, DATEDIFF(r.period_end, r.period_start) AS period_days
                  FROM bill_run r
                  JOIN tenant top ON top.id = r.tenant_id
                  JOIN account a ON a.cycle_day = r.cycle_day AND (r.account_id IS NULL OR r.account_id = a.id)
                  JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL
                  JOIN tenant n ON n.id = a.tenant_id AND (top.level = 0 OR top.id IN (n.a1, n.a2, n.a3, n.a4))
                  JOIN subscription s ON s.account_id = a.id AND s.starts < r.period_end
                  JOIN offering o ON o.id = s.offering_id AND o.kind <> 'usage'
                  LEFT JOIN subscription_quantity q ON q.subscription_id = s.id
                 WHERE (:run = 0 OR r.id = :run) AND r.phase NOT IN ('open', 'cancelling', 'cancelled')
                   AND (o.kind = 'recurring' OR (s.starts >= r.period_start AND COALESCE(q.starts, s.starts) <= s.starts))
                   AND NOT EXISTS (SELECT 1 FROM bill_run w WHERE w.live_of = r.tenant_id AND w.cycle_day = r.cycle_day
                                      AND w.period_start = r.period_start AND w.id > r.id AND w.phase <> 'open' AND (w.account_id IS NULL OR w.account_id = a.id))) x
          LEFT JOIN (billable b FORCE INDEX (once_live)
                     STRAIGHT_JOIN bill_run p ON p.id = b.run_id AND p.phase NOT IN ('open', 'cancelling', 'cancelled'))
            ON b.account_id = x.account_id AND b.offering_id = x.offering_id AND b.subscription_id = x.subscription_id AND b.starts = x.starts AND b.given_back = 0
          LEFT JOIN charge h ON h.billable_id = b.id AND h.position = x.level
          LEFT JOIN charge u ON u.billable_id = b.id AND u.position = GREATEST(x.level - 1, 0)
         WHERE x.starts < x.ends AND x.quantity > 0
        HAVING billed <> quantity OR bought <> quantity) y
  JOIN account a ON a.id = y.account_id
  JOIN customer c ON c.id = a.customer_id
  JOIN offering o ON o.id = y.offering_id
  LEFT JOIN offering_price l ON l.id = (SELECT p.id FROM offering_price p WHERE p.offering_id = y.offering_id AND p.starts <= y.starts
                                         ORDER BY p.starts DESC, p.id LIMIT 1)
  LEFT JOIN offering_tier t ON t.price_id = l.id AND t.tier = 1
  JOIN currency m ON m.code = COALESCE(l.currency, o.currency)
 ORDER BY y.starts, y.account_id, y.offering_id
