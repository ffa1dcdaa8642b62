-- Discounts in a run (trade/bill_discount.c): behind the charges of a chunk, and before their sums.

-- Does any concern the chunk?  1: of its accounts; 2: of a reseller, whoever that is.  Most chunks end here.
-- name: discount_any
-- guard: admin
SELECT EXISTS (SELECT 1 FROM discount t WHERE t.resold = 0 AND t.account_id > :after AND t.account_id <= :upto)
       + 2 * EXISTS (SELECT 1 FROM discount t WHERE t.resold = 1) AS _any

-- Runs of other cycles wait for what is left of an amount of a reseller's.
-- name: discount_hold
-- guard: admin
SELECT t.id AS _id FROM discount t WHERE t.resold = 1 AND t.amount IS NOT NULL FOR UPDATE

-- Of each charge above 0 the discount that says most exactly what it is of.  Of a per cent each takes its part, rounded once.  An
-- amount is for all that it counts for in a period: it goes to the end accounts in their order, as far as it reaches, and within
-- one to all its charges in proportion, as differences of rounded sums, so that the parts are the whole to the cent and none is
-- beyond its charge.  So chunks make no difference.
-- name: discount_apply
-- guard: admin
UPDATE (SELECT z.billable_id, z.position, z.id,
               CAST(IF(z.percent IS NOT NULL, ROUND(z.amount * z.percent * 0.01),
                       (2 * z.takes * z.upto + z.whole) DIV (2 * z.whole) - (2 * z.takes * (z.upto - z.amount) + z.whole) DIV (2 * z.whole)) AS SIGNED) AS taken
          FROM (SELECT y.billable_id, y.position, y.id, y.percent, y.amount, y.whole, y.upto,
                       LEAST(y.whole, GREATEST(0, y.gives - (y.before_it - y.whole)
                         - IF(y.gives IS NULL, 0, (SELECT COALESCE(SUM(u.taken), 0) FROM discount_use u JOIN bill_run p ON p.id = u.run_id AND p.phase NOT IN ('cancelling', 'cancelled')
                                                    WHERE u.discount_id = y.id AND u.period = y.period)))) AS takes
                  FROM (SELECT x.billable_id, x.position, x.id, x.percent, x.gives, x.amount, x.period,
                               SUM(x.amount) OVER (PARTITION BY x.id, x.account_id) AS whole,
                               SUM(x.amount) OVER (PARTITION BY x.id ORDER BY x.account_id RANGE UNBOUNDED PRECEDING) AS before_it,
                               SUM(x.amount) OVER (PARTITION BY x.id, x.account_id ORDER BY x.offering_id, x.subscription_id, x.starts, x.billable_id
                                                   ROWS UNBOUNDED PRECEDING) AS upto
                          FROM (SELECT w.billable_id, w.position, w.amount, w.account_id, w.offering_id, w.subscription_id, w.starts, w.id, w.percent, w.gives, w.period,
                                       ROW_NUMBER() OVER (PARTITION BY w.billable_id, w.position ORDER BY w.of_subscription DESC, w.of_offering DESC, w.id) AS place
                                  FROM (SELECT STRAIGHT_JOIN b.id AS billable_id, h.position, CAST(h.amount AS DECIMAL(40)) AS amount, b.account_id, b.offering_id, b.subscription_id,
                                               b.starts, t.id, t.percent, t.amount AS gives, t.of_offering, t.of_subscription,
                                               r.period_start - INTERVAL DAY(r.period_start) - 1 DAY - INTERVAL IF(DAY(r.period_start) < LEAST(k.cycle_day, DAY(LAST_DAY(r.period_start))), 1, 0) MONTH AS period
                                          FROM bill_run r
                                          JOIN discount t ON t.resold = 0 AND t.account_id > :after AND t.account_id <= :upto
                                          JOIN account k ON k.id = t.account_id
                                          JOIN billable b ON b.run_id = r.id AND b.account_id = t.account_id AND b.starts >= t.starts AND b.starts < t.ends
                                           AND t.of_offering IN (0, b.offering_id) AND t.of_subscription IN (0, b.subscription_id)
                                          JOIN charge h ON h.billable_id = b.id AND h.account_id = t.account_id AND h.amount > 0
                                         WHERE r.id = :run AND :own = 1
                                        UNION ALL
                                        SELECT STRAIGHT_JOIN b.id, h.position, CAST(h.amount AS DECIMAL(40)), b.account_id, b.offering_id, b.subscription_id,
                                               b.starts, t.id, t.percent, t.amount, t.of_offering, t.of_subscription,
                                               r.period_start - INTERVAL DAY(r.period_start) - 1 DAY - INTERVAL IF(DAY(r.period_start) < LEAST(k.cycle_day, DAY(LAST_DAY(r.period_start))), 1, 0) MONTH
                                          FROM bill_run r
                                          JOIN billable b ON b.run_id = r.id AND b.account_id > :after AND b.account_id <= :upto
                                          JOIN charge h ON h.billable_id = b.id AND h.account_id <> b.account_id AND h.amount > 0
                                          JOIN discount t ON t.resold = 1 AND t.account_id = h.account_id AND b.starts >= t.starts AND b.starts < t.ends
                                           AND t.of_offering IN (0, b.offering_id) AND t.of_subscription IN (0, b.subscription_id)
                                          JOIN account k ON k.id = t.account_id
                                         WHERE r.id = :run AND :above = 1) w) x
                         WHERE x.place = 1) y) z) v
  STRAIGHT_JOIN charge h ON h.billable_id = v.billable_id AND h.position = v.position
   SET h.discount_id = v.id, h.discount = v.taken
 WHERE v.taken > 0

-- name: discount_count
-- guard: admin
INSERT INTO discount_use (discount_id, period, run_id, taken)
SELECT STRAIGHT_JOIN h.discount_id, r.period_start - INTERVAL DAY(r.period_start) - 1 DAY - INTERVAL IF(DAY(r.period_start) < LEAST(k.cycle_day, DAY(LAST_DAY(r.period_start))), 1, 0) MONTH AS period, r.id, SUM(h.discount) AS taken
  FROM bill_run r
  JOIN billable b ON b.run_id = r.id AND b.account_id > :after AND b.account_id <= :upto
  JOIN charge h ON h.billable_id = b.id AND h.discount_id IS NOT NULL
  JOIN account k ON k.id = h.account_id
 WHERE r.id = :run
 GROUP BY h.discount_id, period
ON DUPLICATE KEY UPDATE taken = discount_use.taken + VALUES(taken)

-- ---- for the second opinion in C (trade/discount.c) ----

-- Every charge of an account that has discounts, with each of them; _others: what other runs took of its amount in the period.
-- name: discount_lines
-- guard: admin
SELECT h.account_id AS _account, b.account_id AS _end, b.id AS _billable, h.position AS _position, h.amount AS _amount, COALESCE(h.discount, 0) AS _taken,
       COALESCE(h.discount_id, 0) AS _by, b.offering_id AS _offering, b.subscription_id AS _subscription, CAST(b.starts AS CHAR) AS _day,
       t.id AS _discount, t.of_offering AS _of_offering, t.of_subscription AS _of_subscription, CAST(t.starts AS CHAR) AS _starts, CAST(t.ends AS CHAR) AS _ends,
       COALESCE(CAST(t.percent AS CHAR), '') AS _percent, COALESCE(t.amount, 0) AS _gives,
       (SELECT CAST(COALESCE(SUM(u.taken), 0) AS SIGNED) FROM discount_use u JOIN bill_run p ON p.id = u.run_id AND p.phase NOT IN ('cancelling', 'cancelled')
         WHERE u.discount_id = t.id AND u.run_id <> h.run_id
           AND u.period = r.period_start - INTERVAL DAY(r.period_start) - 1 DAY - INTERVAL IF(DAY(r.period_start) < LEAST(k.cycle_day, DAY(LAST_DAY(r.period_start))), 1, 0) MONTH) AS _others
  FROM (SELECT DISTINCT d.account_id FROM discount d) i
  JOIN bill_run r ON r.id = :run
  JOIN account k ON k.id = i.account_id
  JOIN charge h ON h.run_id = r.id AND h.account_id = i.account_id
  JOIN billable b ON b.id = h.billable_id AND b.priced_for <> -1
  JOIN discount t ON t.resold IN (0, 1) AND t.account_id = h.account_id
 ORDER BY h.account_id, b.account_id, b.offering_id, b.subscription_id, b.starts, b.id, h.position, t.id
