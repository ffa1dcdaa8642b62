-- name: usage_list
-- guard: arms
-- sort: day t.day desc
-- filter: customer id.customer customer customer_ t.customer_id = :value
-- filter: account id.account account account_ t.account_id = :value AND t.customer_id = (SELECT a.customer_id FROM account a WHERE a.id = :value) AND t.tenant_id = (SELECT a.tenant_id FROM account a WHERE a.id = :value)
-- filter: offering id.offering offering - t.offering_id = :value
-- filter: state code.received.rejected.rated.billed state - COALESCE((SELECT MAX(IF(u.billed, 'billed', 'rated')) FROM usage_total u FORCE INDEX (PRIMARY) WHERE u.account_id = t.account_id AND u.offering_id = t.offering_id AND u.starts <= t.day AND u.ends > t.day AND u.above < t.id AND u.upto >= t.id), 'received') = :value
-- filter: from date day - t.day >= :value
-- filter: to date day - t.day < :value
-- arm: SELECT t.id, :key AS _key FROM usage_event t :index WHERE :where ORDER BY :order LIMIT :page
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, o.product_id AS _product, :key AS _key,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name,
       t.account_id AS account, a.number AS account_number, t.offering_id AS offering, :called AS offering_name, o.unit,
       t.quantity, t.at, t.day, t.class, t.time_of_day, t.zone, s.code AS source, t.event,
       COALESCE((SELECT MAX(IF(u.billed, 'billed', 'rated')) FROM usage_total u FORCE INDEX (PRIMARY) WHERE u.account_id = t.account_id AND u.offering_id = t.offering_id AND u.starts <= t.day AND u.ends > t.day AND u.above < t.id AND u.upto >= t.id), 'received') AS state,
       t.batch_id AS batch, t.line
  FROM :rows
  JOIN tenant n ON n.id = t.tenant_id
  JOIN customer c ON c.id = t.customer_id
  JOIN account a ON a.id = t.account_id
  JOIN offering o ON o.id = t.offering_id
  JOIN usage_source s ON s.id = t.source_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- What was used, by offering and day or by offering alone (:daily).  Of rows that have followed their customer: what is
-- summed is held against the tree and the role as one row.
-- name: usage_totals
-- guard: arms
SELECT MIN(t.tenant_id) AS _tenant, MIN(c.segment_id) AS _segment, MIN(COALESCE(c.parent_id, c.id)) AS _group, MIN(c.agent_id) AS _agent, MIN(o.product_id) AS _product,
       t.offering_id AS offering, :called_all AS offering_name, MIN(o.unit) AS unit, IF(:daily, t.day, NULL) AS day,
       SUM(t.quantity) AS quantity, COUNT(*) AS events
  FROM usage_event t
  JOIN customer c ON c.id = t.customer_id AND c.segment_id = t.segment_id AND c.group_id <=> t.group_id AND c.agent_id <=> t.agent_id
  JOIN offering o ON o.id = t.offering_id AND o.product_id = t.product_id
 WHERE :where AND t.day >= :from AND t.day < :to
 GROUP BY IF(:daily, t.day, NULL) DESC, t.offering_id
 ORDER BY IF(:daily, t.day, NULL) DESC, offering_name, t.offering_id LIMIT 1000

-- name: usage_totals_customer
-- guard: arms
SELECT MIN(t.tenant_id) AS _tenant, MIN(c.segment_id) AS _segment, MIN(COALESCE(c.parent_id, c.id)) AS _group, MIN(c.agent_id) AS _agent, MIN(o.product_id) AS _product,
       t.offering_id AS offering, :called_all AS offering_name, MIN(o.unit) AS unit, IF(:daily, t.day, NULL) AS day,
       SUM(t.quantity) AS quantity, COUNT(*) AS events
  FROM usage_event t FORCE INDEX (customer_day)
  JOIN customer c ON c.id = t.customer_id AND c.segment_id = t.segment_id AND c.group_id <=> t.group_id AND c.agent_id <=> t.agent_id
  JOIN offering o ON o.id = t.offering_id AND o.product_id = t.product_id
 WHERE :where AND t.customer_id = :of AND t.day >= :from AND t.day < :to
 GROUP BY IF(:daily, t.day, NULL) DESC, t.offering_id
 ORDER BY IF(:daily, t.day, NULL) DESC, offering_name, t.offering_id LIMIT 1000

-- ---- intake: all of it in sets, which come as JSON ----

-- What accounts have of offerings, by [account's number, or NULL, its id, or NULL, offering's code, or NULL, its id, or NULL]; held
-- until the events are in, so that none goes to what was closed or ended meanwhile, or misses a change that rows follow.
-- name: usage_sold
-- guard: arms
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, o.product_id AS _product,
       p.n AS _n, t.account_id AS _account, t.offering_id AS _offering, t.customer_id AS _customer, c.group_id AS _family,
       a.state = 'closed' AS _closed, o.varies AS _varies, n.time_zone AS _zone, t.starts AS _starts, t.ends AS _ends
  FROM JSON_TABLE(:pairs, '$[*]' COLUMNS (n FOR ORDINALITY, number VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin PATH '$[0]',
         code VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin PATH '$[1]')) p
  JOIN account a FORCE INDEX (all_number) ON a.number = p.number
  JOIN offering o FORCE INDEX (code) ON o.code = p.code
  JOIN subscription t FORCE INDEX (account_offering) ON t.account_id = a.id AND t.offering_id = o.id
  JOIN customer c ON c.id = t.customer_id
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where
 ORDER BY p.n, t.starts, t.id
 LOCK IN SHARE MODE

-- The same by the ids of accounts.
-- name: usage_sold_id
-- guard: arms
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, o.product_id AS _product,
       p.n AS _n, t.account_id AS _account, t.offering_id AS _offering, t.customer_id AS _customer, c.group_id AS _family,
       a.state = 'closed' AS _closed, o.varies AS _varies, n.time_zone AS _zone, t.starts AS _starts, t.ends AS _ends
  FROM JSON_TABLE(:pairs, '$[*]' COLUMNS (n FOR ORDINALITY, id BIGINT PATH '$[0]',
         code VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin PATH '$[1]')) p
  JOIN account a ON a.id = p.id
  JOIN offering o FORCE INDEX (code) ON o.code = p.code
  JOIN subscription t FORCE INDEX (account_offering) ON t.account_id = a.id AND t.offering_id = o.id
  JOIN customer c ON c.id = t.customer_id
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where
 ORDER BY p.n, t.starts, t.id
 LOCK IN SHARE MODE

-- Why the above found nothing: the accounts of these numbers in scope.
-- name: account_known
-- guard: arms
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent,
       p.n AS _n, t.state = 'closed' AS _closed
  FROM JSON_TABLE(:pairs, '$[*]' COLUMNS (n FOR ORDINALITY, number VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin PATH '$[0]')) p
  JOIN account t FORCE INDEX (all_number) ON t.number = p.number
  JOIN customer c ON c.id = t.customer_id
 WHERE :where
 ORDER BY p.n, t.id

-- name: account_known_id
-- guard: arms
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent,
       p.n AS _n, t.state = 'closed' AS _closed
  FROM JSON_TABLE(:pairs, '$[*]' COLUMNS (n FOR ORDINALITY, id BIGINT PATH '$[0]')) p
  JOIN account t ON t.id = p.id
  JOIN customer c ON c.id = t.customer_id
 WHERE :where
 ORDER BY p.n, t.id

-- Offerings of these codes that the asker's house may know of.
-- name: usage_offered
-- guard: admin
SELECT DISTINCT p.n AS _n
  FROM JSON_TABLE(:pairs, '$[*]' COLUMNS (n FOR ORDINALITY, code VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin PATH '$[1]')) p
  JOIN offering o FORCE INDEX (code) ON o.code = p.code
 WHERE o.shared = 1 OR o.tenant_id = :tenant OR EXISTS (SELECT 1 FROM tenant u WHERE u.id = :tenant AND u.level = 0)
 ORDER BY p.n

-- What decides as which offering events of these count, what says most of an event first and then the newest.
-- name: usage_variants
-- guard: admin
SELECT STRAIGHT_JOIN v.offering_id AS _offering, v.class AS _class, v.time_of_day AS _time_of_day, v.zone AS _zone, v.starts AS _starts, v.counts_as AS _counts_as,
       o.product_id AS _product
  FROM JSON_TABLE(:offerings, '$[*]' COLUMNS (id BIGINT PATH '$')) p
  JOIN usage_variant v ON v.offering_id = p.id
  JOIN offering o ON o.id = v.counts_as
 ORDER BY v.offering_id, v.exactness DESC, v.starts DESC, v.id
 LOCK IN SHARE MODE

-- Which time of day events of these have that do not say it, the newest first.  A day that has no window is there too, for it ends
-- those before it.
-- name: usage_hours
-- guard: admin
SELECT STRAIGHT_JOIN h.offering_id AS _offering, h.starts AS _starts, COALESCE(w.time_of_day, '') AS _time_of_day, COALESCE(w.weekdays, 0) AS _weekdays,
       COALESCE(w.from_minute, 0) AS _from, COALESCE(w.to_minute, 0) AS _to
  FROM JSON_TABLE(:offerings, '$[*]' COLUMNS (id BIGINT PATH '$')) p
  JOIN usage_hours h ON h.offering_id = p.id
  LEFT JOIN usage_window w ON w.hours_id = h.id
 ORDER BY h.offering_id, h.starts DESC, w.n
 LOCK IN SHARE MODE

-- A source of who delivers, and whether any line of that house waits to be mended.
-- name: usage_source
-- guard: admin
SELECT s.id AS _id, EXISTS (SELECT 1 FROM usage_reject r WHERE r.tenant_id = s.tenant_id AND r.state = 'open' AND r.source = s.code) AS _waiting
  FROM usage_source s WHERE s.tenant_id = :deliverer AND s.code = :code

-- name: usage_source_add
-- guard: admin
INSERT IGNORE INTO usage_source (tenant_id, code) VALUES (:deliverer, :code)

-- For all events of a set at once.  IGNORE, since what says ON DUPLICATE KEY needs the right to change all of an event, which nobody has.  What it passes
-- over must be found by usage_there, or the set fails (trade/usage.c).
-- name: usage_add
-- guard: admin
INSERT IGNORE INTO usage_event (source_id, event, tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id,
       quantity, at, day, class, time_of_day, zone, line, batch_id)
VALUES (:source, :event, :tenant, :customer, :segment, :family, :agent, :account, :offering, :product,
        :quantity, :at, :day, :class, :time_of_day, :zone, :line, :batch)

-- Has any run days from :first on, or may have until :last?  Behind the events: what a run has not seen of them, this sees of the run.
-- name: usage_closed
-- guard: admin
SELECT EXISTS (SELECT 1 FROM bill_run r WHERE r.period_end > :first AND r.period_start <= :last AND r.live_of IS NOT NULL) AS _any

-- Of these events those of which a run has the day, for a later one (bill_usage.sql).
-- name: usage_late
-- guard: admin
INSERT INTO usage_late (account_id, offering_id, starts, ends, upto)
SELECT STRAIGHT_JOIN e.account_id, e.offering_id, e.day, e.day + INTERVAL 1 DAY, MAX(e.id)
  FROM JSON_TABLE(:events, '$[*]' COLUMNS (source BIGINT PATH '$[0]', event VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin PATH '$[1]')) p
  JOIN usage_event e FORCE INDEX (once) ON e.source_id = p.source AND e.event = p.event
  JOIN account a ON a.id = e.account_id
 WHERE EXISTS (SELECT 1 FROM bill_run r WHERE r.period_end > e.day AND r.period_start <= e.day AND r.live_of IS NOT NULL AND r.cycle_day = a.cycle_day)
 GROUP BY e.account_id, e.offering_id, e.day

-- What is there of these (source, event), with all codes that it may have come by; also where it came in after this transaction began to read.
-- name: usage_there
-- guard: admin
SELECT STRAIGHT_JOIN p.n AS _n, e.account_id AS _account, e.offering_id AS _offering, CAST(e.quantity * 1000000 AS SIGNED) AS _quantity, e.at AS _at,
       e.class AS _class, e.time_of_day AS _time_of_day, e.zone AS _zone, e.batch_id AS _batch, e.line AS _line, a.number AS _number,
       CONCAT_WS(' ', o.code, (SELECT GROUP_CONCAT(DISTINCT m.code SEPARATOR ' ') FROM usage_variant v JOIN offering m ON m.id = v.offering_id WHERE v.counts_as = o.id)) AS _codes
  FROM JSON_TABLE(:events, '$[*]' COLUMNS (n FOR ORDINALITY, source BIGINT PATH '$[0]', event VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin PATH '$[1]')) p
  JOIN usage_event e FORCE INDEX (once) ON e.source_id = p.source AND e.event = p.event
  JOIN account a ON a.id = e.account_id
  JOIN offering o ON o.id = e.offering_id
 ORDER BY p.n
 LOCK IN SHARE MODE
