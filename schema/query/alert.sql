-- Alerts: that much of what is included was used.

-- name: alert_list
-- guard: arms
-- sort: at t.at desc
-- filter: customer id.customer customer customer_ t.customer_id = :value
-- filter: account id.account account account_ t.account_id = :value AND t.customer_id = (SELECT a.customer_id FROM account a WHERE a.id = :value) AND t.tenant_id = (SELECT a.tenant_id FROM account a WHERE a.id = :value)
-- filter: threshold code.80.100 threshold - t.threshold = :value
-- filter: from date at - t.at >= :value
-- filter: to date at - t.at < :value
-- arm: SELECT t.id, :key AS _key FROM alert t :index WHERE :where ORDER BY :order LIMIT :page
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, o.product_id AS _product, :key AS _key,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.customer_id AS customer, c.name AS customer_name,
       t.account_id AS account, a.number AS account_number, t.offering_id AS offering, :called AS offering_name, o.unit,
       t.threshold, t.used AS quantity, t.included, CAST(FLOOR(t.used * 100 / t.included) AS SIGNED) AS percent,
       t.starts AS period_start, t.ends AS period_end, t.at
  FROM :rows
  JOIN tenant n ON n.id = t.tenant_id
  JOIN customer c ON c.id = t.customer_id
  JOIN account a ON a.id = t.account_id
  JOIN offering o ON o.id = t.offering_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- What its mail says, for a user who may see it.
-- name: alert_letter
-- guard: arms
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, o.product_id AS _product,
       :called AS _offering, o.unit AS _unit, a.number AS _number, CAST(t.threshold AS CHAR) AS _threshold, CAST(t.used AS CHAR) AS _used,
       CAST(t.included AS CHAR) AS _included, t.starts AS _starts, t.ends AS _ends
  FROM alert t
  JOIN customer c ON c.id = t.customer_id
  JOIN account a ON a.id = t.account_id
  JOIN offering o ON o.id = t.offering_id
 WHERE :where AND t.id = :alert

-- ---- looking: by portico-jobs alone ----

-- name: alert_look
-- guard: admin
SELECT l.seen AS _seen, l.late AS _late, l.upto AS _upto, l.noted < UTC_TIMESTAMP() - INTERVAL 120 SECOND AS _over,
       COALESCE((SELECT MAX(e.id) FROM usage_event e), 0) AS _newest
  FROM alert_look l WHERE l.id = 1

-- Whoever moves it first has these events.
-- name: alert_seen
-- guard: admin
UPDATE alert_look SET seen = :upto WHERE id = 1 AND seen = :after

-- name: alert_late
-- guard: admin
UPDATE alert_look SET late = :upto WHERE id = 1 AND late = :after

-- No transaction of ours is open for that long (wire/db.c): what is behind `upto` by then is all that there will be.
-- name: alert_note
-- guard: admin
UPDATE alert_look SET upto = seen, noted = UTC_TIMESTAMP() WHERE id = 1 AND late = upto AND seen > upto

-- Whose usage it was, of what something is included.
-- name: alert_days
-- guard: admin
SELECT DISTINCT e.account_id AS _account, e.offering_id AS _offering, e.day AS _day, a.cycle_day AS _cycle_day
  FROM usage_event e FORCE INDEX (PRIMARY)
  JOIN account a ON a.id = e.account_id
 WHERE e.id > :after AND e.id <= :upto
   AND EXISTS (SELECT 1 FROM offering_price p WHERE p.offering_id = e.offering_id AND p.included > 0)

-- What these come to in these periods, as a run will see it (bill_usage_things).  Each of the two months that a period touches is
-- looked up by itself: of two at once the index knows the month alone.  Behind the lock of the mark: what is there stays as it is, and the key forbids the rest.
-- name: alert_add
-- guard: admin
INSERT INTO alert (tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, starts, ends, threshold, used, included, at)
SELECT STRAIGHT_JOIN a.tenant_id, a.customer_id, c.segment_id, c.group_id, c.agent_id, y.account, y.offering, o.product_id, y.starts, y.ends, h.threshold, y.used, y.included, :now
  FROM (SELECT x.account, x.offering, x.starts, x.ends, l.included,
               COALESCE((SELECT SUM(e.quantity) FROM usage_event e FORCE INDEX (rating) WHERE e.month = YEAR(x.starts) * 12 + MONTH(x.starts)
                            AND e.account_id = x.account AND e.offering_id = x.offering AND e.day >= x.starts AND e.day < x.ends), 0)
             + COALESCE((SELECT SUM(e.quantity) FROM usage_event e FORCE INDEX (rating) WHERE e.month = YEAR(x.starts) * 12 + MONTH(x.starts) + 1
                            AND e.account_id = x.account AND e.offering_id = x.offering AND e.day >= x.starts AND e.day < x.ends), 0) AS used
          FROM JSON_TABLE(:things, '$[*]' COLUMNS (account BIGINT PATH '$[0]', offering BIGINT PATH '$[1]', starts DATE PATH '$[2]', ends DATE PATH '$[3]')) x
          JOIN offering_price l ON l.id = (SELECT p.id FROM offering_price p WHERE p.offering_id = x.offering AND p.starts <= x.starts
                                            ORDER BY p.starts DESC, p.id LIMIT 1) AND l.included > 0
         WHERE NOT EXISTS (SELECT 1 FROM alert d WHERE d.account_id = x.account AND d.offering_id = x.offering AND d.starts = x.starts AND d.threshold = 100)) y
  JOIN (SELECT 80 AS threshold UNION ALL SELECT 100) h ON y.used * 100 >= y.included * h.threshold
  JOIN account a ON a.id = y.account
  JOIN customer c ON c.id = a.customer_id
  JOIN offering o ON o.id = y.offering
 WHERE NOT EXISTS (SELECT 1 FROM alert d WHERE d.account_id = y.account AND d.offering_id = y.offering AND d.starts = y.starts AND d.threshold = h.threshold)

-- To each user of the customer; whether one may read it is asked when the mail is written.  Of two thresholds that were seen
-- at once the higher one says it all.
-- name: outbox_alerts
-- guard: admin
INSERT INTO outbox (kind, host, origin, email, user_id, alert_id, nonce, created, due)
SELECT 'alert', h.name, REPLACE(:origin, '{host}', h.name), '', u.id, t.id, RANDOM_BYTES(16), :now, :now
  FROM alert t FORCE INDEX (untold)
  JOIN host h ON h.tenant_id = t.tenant_id AND h.is_primary = 1
  JOIN user u ON u.customer_id = t.customer_id AND u.state = 'active'
 WHERE t.told = 0
   AND NOT EXISTS (SELECT 1 FROM alert m WHERE m.account_id = t.account_id AND m.offering_id = t.offering_id AND m.starts = t.starts AND m.threshold > t.threshold)

-- name: alert_told
-- guard: admin
UPDATE alert SET told = 1 WHERE told = 0
