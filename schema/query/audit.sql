-- What an object is of follows from the action's name; an id alone would not say it.
-- name: audit_list
-- guard: scope
-- sort: at t.at desc
-- filter: action text action +action_ t.action = :value
-- filter: user id.user user user_ t.user_id = :value
-- filter: from date at - t.at >= :value
-- filter: to date at - t.at < :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key,
       IF(t.action LIKE 'session%' OR t.action LIKE 'view%', 'user', SUBSTRING_INDEX(t.action, '.', 1)) AS _of,
       t.id, t.at, t.action, t.user_id AS user, u.name AS user_name, t.tenant_id AS tenant, t.object_id AS object, t.trace
  FROM audit t :index
  LEFT JOIN user u ON u.id = t.user_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- Changes a row only where the last one is a minute old.
-- name: audit_refusal
-- guard: admin
INSERT INTO audit_refusal (user_id, action, until) VALUES (:user_id, :action, UTC_TIMESTAMP() + INTERVAL 1 MINUTE)
ON DUPLICATE KEY UPDATE until = IF(until <= UTC_TIMESTAMP(), VALUES(until), until)

-- name: audit_head
-- guard: admin
SELECT s.seq AS _seq, s.audit_id AS _audit_id, s.link AS _link FROM audit_seal s ORDER BY s.seq DESC LIMIT 1

-- name: audit_link
-- guard: admin
SELECT s.link AS _link FROM audit_seal s WHERE s.seq = :seq

-- Old: no transaction of ours is open for that long, on no node of a cluster (wire/db.c).
-- name: audit_next
-- guard: admin
SELECT a.id, CAST(a.at AS CHAR) AS _at, a.trace, a.user_id, a.tenant_id, a.action, a.object_id, a.detail,
       a.at < UTC_TIMESTAMP(3) - INTERVAL 120 SECOND AS _old, CAST(UTC_TIMESTAMP(3) AS CHAR) AS _now
  FROM audit a
 WHERE a.id > :after
 ORDER BY a.id LIMIT 1000

-- name: audit_see_all
-- guard: admin
SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED

-- Rows between two ids that are committed or may still be; 0 only if the connection sees those too.
-- name: audit_between
-- guard: admin
SELECT (SELECT COUNT(*) FROM audit a WHERE a.id > :after AND a.id < :before) AS _rows,
       (SELECT COUNT(*) FROM information_schema.SESSION_VARIABLES v
         WHERE v.VARIABLE_NAME = 'TX_ISOLATION' AND v.VARIABLE_VALUE = 'READ-UNCOMMITTED') AS _sees

-- name: audit_seal
-- guard: admin
INSERT INTO audit_seal (seq, audit_id, sealed, row_hash, link) VALUES (:seq, :audit_id, :sealed, :row_hash, :link)

-- name: audit_walk
-- guard: admin
SELECT a.id, CAST(a.at AS CHAR) AS _at, a.trace, a.user_id, a.tenant_id, a.action, a.object_id, a.detail,
       s.seq AS _seq, s.audit_id AS _audit_id, CAST(s.sealed AS CHAR) AS _sealed, s.row_hash AS _row_hash, s.link AS _link
  FROM audit_seal s FORCE INDEX (PRIMARY)
  LEFT JOIN audit a ON a.id = s.audit_id
 ORDER BY s.seq

-- name: audit_count
-- guard: admin
SELECT COUNT(*) AS _rows FROM audit a WHERE a.id <= :id

-- name: audit_unsealed
-- guard: admin
SELECT a.id, CAST(a.at AS CHAR) AS _at
  FROM audit a FORCE INDEX (PRIMARY)
  LEFT JOIN audit_seal s ON s.audit_id = a.id
 WHERE a.id > :after AND s.seq IS NULL
 ORDER BY a.id
