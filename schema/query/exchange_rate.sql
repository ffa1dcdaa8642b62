-- The provider's exchange rates.  They are only added to: of one day the last that was set counts.

-- name: exchange_rate_list
-- guard: scope
-- sort: day t.day desc
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key, t.id, t.from_currency AS currency, t.to_currency AS worth_in, t.day, t.rate, t.source, u.name AS set_by, t.set_at
  FROM exchange_rate t :index
  LEFT JOIN user u ON u.id = t.user_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: exchange_rate_one
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id, t.from_currency AS currency, t.to_currency AS worth_in, t.day, t.rate, t.source, u.name AS set_by, t.set_at
  FROM exchange_rate t
  LEFT JOIN user u ON u.id = t.user_id
 WHERE :where AND t.id = :id

-- ---- setting one (trade/rate.c) ----

-- The one that counts on that very day, if it says the same: nothing is set twice.
-- name: exchange_rate_same
-- guard: admin
SELECT s.id AS _id
  FROM exchange_rate s
 WHERE s.id = (SELECT x.id FROM exchange_rate x WHERE x.from_currency = :currency AND x.to_currency = :worth_in AND x.day = :day ORDER BY x.id DESC LIMIT 1)
   AND s.rate = CAST(:rate AS DECIMAL(18,12)) AND s.source = :source

-- The last day from that one on for which a run has converted these by an earlier rate; a run that is rating is waited for, and the
-- next step of any waits for who sets one.
-- name: exchange_rate_billed
-- guard: admin
SELECT STRAIGHT_JOIN CAST(c.day AS CHAR) AS _until
  FROM bill_run r FORCE INDEX (all_period_end)
  JOIN chain_price c ON c.run_id = r.id AND c.state = 'priced' AND c.day >= :day
  JOIN chain_edge e ON e.chain_id = c.id AND e.currency = :worth_in
  JOIN exchange_rate s ON s.id IN (e.rate_id, e.cost_rate_id) AND s.from_currency = :currency AND s.to_currency = :worth_in
 WHERE r.phase <> 'cancelled' AND r.period_end > :day
 ORDER BY c.day DESC LIMIT 1
  LOCK IN SHARE MODE

-- name: exchange_rate_insert
-- guard: admin
INSERT INTO exchange_rate (tenant_id, from_currency, to_currency, day, rate, source, user_id, set_at)
SELECT n.id, :currency, :worth_in, :day, CAST(:rate AS DECIMAL(18,12)), :source, NULLIF(:by_user, 0), :now FROM tenant n WHERE n.level = 0

-- name: exchange_rate_made
-- guard: admin
SELECT LAST_INSERT_ID() AS _id
