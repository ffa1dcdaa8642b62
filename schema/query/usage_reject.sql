-- name: usage_reject_list
-- guard: scope
-- sort: came t.came desc
-- filter: state code.open.received state +state_ t.state = :value
-- filter: reason text reason - t.reason = CONVERT(:value USING ascii) COLLATE ascii_bin
-- filter: batch id.usage_batch batch - t.batch_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key, t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.batch_id AS batch, t.line, t.came,
       t.text, t.reason, t.source, t.event, t.account, t.offering, t.quantity, t.at, t.class, t.time_of_day, t.zone, t.state,
       t.mender_id AS mender, u.name AS mender_name, t.mended
  FROM usage_reject t :index
  JOIN tenant n ON n.id = t.tenant_id
  LEFT JOIN user u ON u.id = t.mender_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: usage_reject_one
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.batch_id AS batch, t.line, t.came,
       t.text, t.reason, t.source, t.event, t.account, t.offering, t.quantity, t.at, t.class, t.time_of_day, t.zone, t.state,
       t.mender_id AS mender, u.name AS mender_name, t.mended
  FROM usage_reject t
  JOIN tenant n ON n.id = t.tenant_id
  LEFT JOIN user u ON u.id = t.mender_id
 WHERE :where AND t.id = :id

-- name: usage_reject_lock
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id, t.state AS _state FROM usage_reject t WHERE :where AND t.id = :id FOR UPDATE

-- What the body does not name stays.
-- name: usage_reject_mend
-- guard: scope
UPDATE usage_reject t
   SET t.source = COALESCE(:source, t.source), t.event = COALESCE(:event, t.event), t.account = COALESCE(:account, t.account),
       t.offering = COALESCE(:offering, t.offering), t.quantity = COALESCE(:quantity, t.quantity), t.at = COALESCE(:at, t.at),
       t.class = COALESCE(:class, t.class), t.time_of_day = COALESCE(:time_of_day, t.time_of_day), t.zone = COALESCE(:zone, t.zone),
       t.mender_id = :user, t.mended = :now
 WHERE :where AND t.id = :id AND t.state = 'open'

-- One that waits, or the next ones; of the own house alone: its sources are its own, and what another house may not
-- deliver would come in by the rights of who tries it again.
-- name: usage_reject_waiting
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id, t.source AS _source, t.event AS _event, t.account AS _account,
       t.offering AS _offering, t.quantity AS _quantity, t.at AS _at, t.class AS _class, t.time_of_day AS _time_of_day, t.zone AS _zone
  FROM usage_reject t FORCE INDEX (tenant_state)
 WHERE :where AND t.tenant_id = :tenant AND t.state = 'open' AND t.id BETWEEN :first AND :upto
 ORDER BY t.id LIMIT :most
 FOR UPDATE

-- IGNORE as in usage_add: usage_reject_there finds what was there.
-- name: usage_reject_add
-- guard: admin
INSERT IGNORE INTO usage_reject (tenant_id, batch_id, line, line_hash, came, text, reason, source, event, account, offering, quantity, at, class, time_of_day, zone)
SELECT :deliverer, :batch, x.line, UNHEX(x.hash), :now, x.text, x.reason, x.source, x.event, x.account, x.offering, x.quantity, x.at, x.class,
       x.time_of_day, x.zone
  FROM JSON_TABLE(:rejects, '$[*]' COLUMNS (line BIGINT PATH '$[0]', hash VARCHAR(64) PATH '$[1]', text VARCHAR(2000) PATH '$[2]', reason VARCHAR(20) PATH '$[3]',
         source VARCHAR(100) PATH '$[4]', event VARCHAR(100) PATH '$[5]', account VARCHAR(100) PATH '$[6]', offering VARCHAR(100) PATH '$[7]',
         quantity VARCHAR(100) PATH '$[8]', at VARCHAR(100) PATH '$[9]', class VARCHAR(100) PATH '$[10]', time_of_day VARCHAR(100) PATH '$[11]',
         zone VARCHAR(100) PATH '$[12]')) x

-- Each of these lines, and whether it came before, was mended and is in.
-- name: usage_reject_there
-- guard: admin
SELECT STRAIGHT_JOIN p.n AS _n, r.state = 'received' AS _received
  FROM JSON_TABLE(:rejects, '$[*]' COLUMNS (n FOR ORDINALITY, hash VARCHAR(64) PATH '$[1]')) p
  JOIN usage_reject r FORCE INDEX (once) ON r.tenant_id = :deliverer AND r.line_hash = UNHEX(p.hash)
 ORDER BY p.n
 LOCK IN SHARE MODE

-- What waited and came in by itself, or was tried again and is in.
-- name: usage_reject_received
-- guard: admin
UPDATE usage_reject r
  JOIN JSON_TABLE(:events, '$[*]' COLUMNS (source VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[0]',
         event VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[1]')) p
    ON r.source = p.source AND r.event = p.event
   SET r.state = 'received'
 WHERE r.tenant_id = :deliverer AND r.state = 'open'

-- name: usage_reject_reason
-- guard: admin
UPDATE usage_reject r
  JOIN JSON_TABLE(:rejects, '$[*]' COLUMNS (id BIGINT PATH '$[0]', reason VARCHAR(20) PATH '$[1]', state VARCHAR(10) PATH '$[2]')) p ON r.id = p.id
   SET r.reason = IF(p.reason = '', r.reason, p.reason), r.state = p.state
