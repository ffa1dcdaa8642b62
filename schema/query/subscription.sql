-- Subscriptions: what there is as of today, and how they are ordered and changed.  How many there are on a day says the
-- stretch of subscription_quantity that has the day, or else the subscription.

-- name: subscription_list
-- guard: arms
-- sort: starts t.starts desc
-- filter: customer id.customer customer customer_ t.customer_id = :value
-- arm: SELECT t.id, :key AS _key FROM subscription t :index WHERE :where ORDER BY :order LIMIT :page
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, o.product_id AS _product, :key AS _key, t.currency AS _currency,
       t.id, t.tenant_id AS tenant, t.customer_id AS customer, c.name AS customer_name, t.account_id AS account,
       t.offering_id AS offering, :called AS offering_name, o.kind, o.unit,
       COALESCE((SELECT q.quantity FROM subscription_quantity q WHERE q.subscription_id = t.id AND q.starts <= :today AND q.quantity > 0
                  ORDER BY q.starts DESC LIMIT 1), t.quantity) AS quantity,
       t.unit_price, t.starts, t.ends, t.free_until, t.committed_until, t.parent_id AS addon_of,
       CASE WHEN t.state = 'ended' OR t.ends <= GREATEST(t.starts, :today) THEN 'ended' WHEN t.starts > :today THEN 'planned'
            WHEN EXISTS (SELECT 1 FROM subscription_quantity q WHERE q.subscription_id = t.id AND q.starts <= :today AND q.ends > :today AND q.quantity = 0) THEN 'suspended'
            WHEN t.free_until > :today THEN 'trial' ELSE 'active' END AS state
  FROM :rows
  JOIN customer c ON c.id = t.customer_id
  JOIN offering o ON o.id = t.offering_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- The one that it replaces is told where it is of the same account: a customer that went to another reseller began anew there.
-- name: subscription_one
-- guard: arms
SELECT t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, o.product_id AS _product, t.currency AS _currency,
       t.id, t.tenant_id AS tenant, t.customer_id AS customer, c.name AS customer_name, t.account_id AS account,
       t.offering_id AS offering, :called AS offering_name, o.kind, o.unit,
       COALESCE((SELECT q.quantity FROM subscription_quantity q WHERE q.subscription_id = t.id AND q.starts <= :today AND q.quantity > 0
                  ORDER BY q.starts DESC LIMIT 1), t.quantity) AS quantity,
       t.unit_price, t.starts, t.ends, t.free_until, t.committed_until, t.parent_id AS addon_of,
       CASE WHEN t.state = 'ended' OR t.ends <= GREATEST(t.starts, :today) THEN 'ended' WHEN t.starts > :today THEN 'planned'
            WHEN EXISTS (SELECT 1 FROM subscription_quantity q WHERE q.subscription_id = t.id AND q.starts <= :today AND q.ends > :today AND q.quantity = 0) THEN 'suspended'
            WHEN t.free_until > :today THEN 'trial' ELSE 'active' END AS state,
       (SELECT p.id FROM subscription p WHERE p.id = t.replaces_id AND p.account_id = t.account_id) AS replaces, t.bundled
  FROM subscription t
  JOIN customer c ON c.id = t.customer_id
  JOIN offering o ON o.id = t.offering_id
 WHERE :where AND t.id = :id

-- name: subscription_quantities
-- guard: admin
SELECT CAST(q.starts AS CHAR) AS _starts, CAST(NULLIF(q.ends, '9999-12-31') AS CHAR) AS _ends, CAST(q.quantity AS CHAR) AS _quantity
  FROM subscription_quantity q WHERE q.subscription_id = :id ORDER BY q.starts

-- Persons are named in their own house and to the provider alone.
-- name: subscription_history
-- guard: admin
SELECT DATE_FORMAT(h.at, '%Y-%m-%dT%H:%i:%sZ') AS _at, h.kind AS _kind, CAST(h.effective AS CHAR) AS _effective, CAST(h.quantity AS CHAR) AS _quantity,
       CAST(h.until AS CHAR) AS _until, h.early AS _early, IF(:whole OR u.tenant_id = :tenant, u.name, NULL) AS _user_name, n.name AS _house
  FROM subscription_change h
  LEFT JOIN user u ON u.id = h.user_id
  LEFT JOIN tenant n ON n.id = u.tenant_id
 WHERE h.subscription_id = :id ORDER BY h.id

-- ---- changing one ----

-- name: subscription_lock
-- guard: arms
SELECT t.tenant_id AS _tenant, t.segment_id AS _segment, t.group_id AS _group, t.agent_id AS _agent, t.product_id AS _product, t.id AS _id
  FROM subscription t WHERE :where AND t.id = :id FOR UPDATE

-- The one that is to be changed.
-- name: subscription_subject
-- guard: arms
SELECT t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, o.product_id AS _product,
       t.id AS _id, t.account_id AS _account, t.offering_id AS _offering, t.starts AS _starts, t.ends AS _ends, t.free_until AS _free_until,
       t.committed_until AS _committed_until, COALESCE(t.parent_id, 0) AS _parent, t.bundled IS NOT NULL AS _bundled, p.ends AS _parent_ends, o.kind AS _kind,
       EXISTS (SELECT 1 FROM subscription r WHERE r.replaces_id = t.id AND (r.ends IS NULL OR r.ends > r.starts)) AS _replaced
  FROM subscription t
  JOIN customer c ON c.id = t.customer_id
  JOIN offering o ON o.id = t.offering_id
  LEFT JOIN subscription p ON p.id = t.parent_id
 WHERE :where AND t.id = :id FOR UPDATE

-- The account, or the active ones of the customer.
-- name: account_to_order
-- guard: arms
SELECT t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent,
       t.id AS _id, t.tenant_id AS _seller, t.cycle_day AS _cycle_day, t.currency AS _currency, n.level AS _level, n.a1 AS _a1, n.a2 AS _a2, n.a3 AS _a3,
       n.a4 AS _a4, t.state = 'active' AND n.state = 'active' AND c.state = 'active' AS _open, c.buyer_id IS NULL AS _buys
  FROM account t
  JOIN customer c ON c.id = t.customer_id
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where AND (t.id = :account OR (t.customer_id = :of_customer AND t.state = 'active'))
 ORDER BY t.id LIMIT 2

-- What who asks may know of the catalogue.
-- name: offering_to_order
-- guard: scope
SELECT t.product_id AS _product, t.id AS _id, t.kind AS _kind, t.product_id AS _segment_of
  FROM offering t WHERE :where AND t.id = :offering AND t.state = 'active'

-- And what the seller may sell: its own or everybody's, and of each share above it or on it.
-- name: subscription_sold
-- guard: admin
SELECT COUNT(o.id) AS _sold
  FROM offering o
  JOIN tenant n ON n.id = :seller
  LEFT JOIN product_segment p0 ON p0.id = o.product_id
  LEFT JOIN product_segment p1 ON p1.id = p0.parent_id
  LEFT JOIN product_segment p2 ON p2.id = p1.parent_id
 WHERE o.id = :offering AND (o.shared = 1 OR o.tenant_id = n.id)
   AND NOT EXISTS (SELECT 1 FROM product_share k
                    WHERE k.tenant_id IN (n.id, n.a1, n.a2, n.a3, n.a4)
                      AND NOT EXISTS (SELECT 1 FROM product_share h WHERE h.tenant_id = k.tenant_id AND h.product_id IN (p0.id, p1.id, p2.id, p2.parent_id)))

-- The runs that could bill it stand still until the transaction ends.
-- name: subscription_runs_lock
-- guard: admin
SELECT r.id AS _id FROM bill_run r WHERE r.live_of IN (:root, :a1, :a2, :a3, :a4) AND r.cycle_day = :cycle_day ORDER BY r.period_start, r.sequence FOR UPDATE

-- The first day that is on no bill of the account and through no run.
-- name: subscription_billed
-- guard: admin
SELECT CAST(GREATEST(COALESCE((SELECT MAX(r.period_end) FROM bill_run r
                                WHERE r.live_of IN (:root, :a1, :a2, :a3, :a4) AND r.cycle_day = :cycle_day AND (r.account_id IS NULL OR r.account_id = :account)
                                  AND r.last_account >= :account AND (r.phase <> 'open' OR r.rated_to >= :account)), '1000-01-01'),
                     COALESCE((SELECT MAX(d.period_end) FROM document d WHERE d.account_id = :account AND d.kind = 'invoice'), '1000-01-01')) AS DATE) AS _until

-- name: subscription_insert
-- guard: admin
INSERT INTO subscription (tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, quantity, unit_price, currency, starts, ends,
                          free_until, committed_until, parent_id, replaces_id, bundled)
SELECT a.tenant_id, a.customer_id, a.segment_id, a.group_id, a.agent_id, a.id, o.id, o.product_id, :quantity, :unit_price, a.currency, :starts, :ends,
       :free_until, :committed_until, :parent, :replaces, :bundled
  FROM account a JOIN offering o ON o.id = :offering
 WHERE a.id = :account

-- name: subscription_made
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- How many on a day, and how many there were last before it that were not suspended.
-- name: subscription_on
-- guard: admin
SELECT CAST(COALESCE(q.quantity, s.quantity) AS CHAR) AS _quantity, COALESCE(q.quantity, s.quantity) = 0 AS _suspended,
       CAST(COALESCE((SELECT r.quantity FROM subscription_quantity r WHERE r.subscription_id = s.id AND r.starts < :from AND r.quantity > 0
                       ORDER BY r.starts DESC LIMIT 1), s.quantity) AS CHAR) AS _resumes
  FROM subscription s
  LEFT JOIN subscription_quantity q ON q.subscription_id = s.id AND q.starts <= :from AND q.ends > :from
 WHERE s.id = :subscription

-- From a day on: what the subscription says becomes its first stretch; what was planned behind the day goes; the stretch
-- before ends, or goes on where it is as many.
-- name: subscription_stretch_first
-- guard: admin
INSERT INTO subscription_quantity (subscription_id, starts, quantity)
SELECT s.id, s.starts, s.quantity FROM subscription s
 WHERE s.id = :subscription AND NOT EXISTS (SELECT 1 FROM subscription_quantity q WHERE q.subscription_id = s.id)

-- name: subscription_stretch_drop
-- guard: admin
DELETE FROM subscription_quantity WHERE subscription_id = :subscription AND starts >= :from

-- name: subscription_stretch_cut
-- guard: admin
UPDATE subscription_quantity SET ends = :from WHERE subscription_id = :subscription AND starts < :from AND ends > :from

-- name: subscription_stretch_on
-- guard: admin
UPDATE subscription_quantity SET ends = '9999-12-31' WHERE subscription_id = :subscription AND ends = :from AND quantity = :quantity

-- name: subscription_stretch_add
-- guard: admin
INSERT INTO subscription_quantity (subscription_id, starts, quantity) VALUES (:subscription, :from, :quantity)

-- It and its add-ons, those that would go on longer.
-- name: subscription_end
-- guard: admin
UPDATE subscription s
   SET s.ends = GREATEST(s.starts, :ends), s.state = IF(GREATEST(s.starts, :ends) <= :today, 'ended', 'active')
 WHERE (s.id = :subscription OR s.parent_id = :subscription) AND (s.ends IS NULL OR s.ends > GREATEST(s.starts, :ends))

-- Whose commitment goes on behind that day: it, or an add-on of it.
-- name: subscription_committed
-- guard: admin
SELECT CAST(MAX(s.committed_until) AS CHAR) AS _until FROM subscription s
 WHERE (s.id = :subscription OR s.parent_id = :subscription) AND s.committed_until > :ends AND (s.ends IS NULL OR s.ends > :ends)

-- Where it ends at another day by now, or never was, it does not owe what was said of its commitment.
-- name: subscription_early_drop
-- guard: admin
DELETE e FROM early_end e
  JOIN subscription s ON s.id = e.subscription_id
 WHERE (s.id = :subscription OR s.parent_id = :subscription) AND (s.ends IS NULL OR s.ends <> e.day OR s.ends <= s.starts)

-- It and its add-ons, those that end on that day, before their commitment, and owe something of its rest.
-- name: subscription_early
-- guard: admin
SELECT s.id AS _id, GREATEST(s.ends, COALESCE(s.free_until, s.ends)) AS _from, s.committed_until AS _until, CAST(o.early_end * 100 AS SIGNED) AS _share
  FROM subscription s
  JOIN offering o ON o.id = s.offering_id AND o.kind = 'recurring' AND o.early_end > 0
 WHERE (s.id = :subscription OR s.parent_id = :subscription) AND s.ends = :ends AND s.starts < s.ends AND s.committed_until > GREATEST(s.ends, COALESCE(s.free_until, s.ends))

-- name: subscription_early_put
-- guard: admin
INSERT INTO early_end (subscription_id, account_id, offering_id, day, until, quantity, days, of_days)
SELECT s.id, s.account_id, s.offering_id, s.ends, s.committed_until,
       COALESCE((SELECT q.quantity FROM subscription_quantity q WHERE q.subscription_id = s.id AND q.starts < s.ends AND q.quantity > 0 ORDER BY q.starts DESC LIMIT 1), s.quantity),
       :days, :of_days
  FROM subscription s WHERE s.id = :of
ON DUPLICATE KEY UPDATE day = VALUES(day), until = VALUES(until), quantity = VALUES(quantity), days = VALUES(days), of_days = VALUES(of_days)

-- name: subscription_renew
-- guard: admin
UPDATE subscription s SET s.ends = :ends, s.state = 'active' WHERE s.id = :subscription

-- What came with it and ended with it.
-- name: subscription_renew_parts
-- guard: admin
UPDATE subscription s SET s.ends = :ends, s.state = 'active' WHERE s.parent_id = :subscription AND s.bundled IS NOT NULL AND s.ends = :was

-- Its add-ons go on with the one that takes its place; what came with it does not.
-- name: subscription_adopt
-- guard: admin
UPDATE subscription s SET s.parent_id = :id WHERE s.parent_id = :subscription AND s.bundled IS NULL AND (s.ends IS NULL OR s.ends > :from)

-- name: subscription_parent
-- guard: admin
SELECT p.id AS _id, p.starts AS _starts, p.ends AS _ends FROM subscription p
 WHERE p.id = :parent AND p.account_id = :account AND p.parent_id IS NULL AND p.state = 'active'

-- What comes along with :quantity of an offering.
-- name: subscription_parts
-- guard: admin
SELECT p.part_id AS _offering, c.kind AS _kind, CAST(p.quantity AS CHAR) AS _bundled, CAST(ROUND(p.quantity * :quantity, 6) AS CHAR) AS _quantity,
       p.quantity * :quantity BETWEEN 0.000001 AND 999999999999.999999 AS _fits
  FROM offering_part p
  JOIN offering c ON c.id = p.part_id
 WHERE p.offering_id = :offering ORDER BY p.part_id

-- And of a subscription, what came along with it and is still there on a day.
-- name: subscription_bundled
-- guard: admin
SELECT s.id AS _id, CAST(ROUND(s.bundled * :quantity, 6) AS CHAR) AS _quantity, s.bundled * :quantity <= 999999999999.999999 AS _fits
  FROM subscription s
  JOIN offering o ON o.id = s.offering_id AND o.kind = 'recurring'
 WHERE s.parent_id = :subscription AND s.bundled IS NOT NULL AND (s.ends IS NULL OR s.ends > :from) ORDER BY s.id

-- name: subscription_note
-- guard: admin
INSERT INTO subscription_change (subscription_id, user_id, at, kind, effective, quantity, until, early)
VALUES (:subscription, NULLIF(:user, 0), :now, :change, :from, :quantity, :until, :early)
