-- A host that nobody has gets no row, and no other answer.
-- name: outbox_insert
-- guard: admin
INSERT INTO outbox (kind, host, origin, email, user_id, nonce, created, due)
SELECT :kind, h.name, :origin, :email, :user_id, :nonce, :now, :now FROM host h WHERE h.name = :host

-- name: outbox_due
-- guard: admin
SELECT o.id, o.kind AS _kind, o.tries AS _tries
  FROM outbox o
 WHERE o.state = 'waiting' AND o.due <= :now
 ORDER BY o.bulk, o.due, o.id LIMIT 1

-- Who changes the row sends it; if that one is killed, it is due again.  The first pause is longer than a sending lasts.
-- name: outbox_claim
-- guard: admin
UPDATE outbox SET due = :now + INTERVAL LEAST(3600, 60 << LEAST(tries, 6)) SECOND, tries = tries + 1
 WHERE id = :id AND tries = :tries AND state = 'waiting'

-- name: outbox_reset
-- guard: admin
SELECT o.host, o.origin AS _origin, o.nonce AS _nonce, b.name AS _brand, b.support_email AS _support, u.id AS _user_id,
       u.email, u.name, u.language,
       (SELECT COUNT(*) FROM credential c WHERE c.user_id = u.id AND c.ends > :now AND c.kind = 'reset') AS _live, 0 AS _alert
  FROM outbox o
  JOIN host h ON h.name = o.host
  JOIN tenant n ON n.id = h.tenant_id AND n.state = 'active'
  JOIN brand b ON b.id = n.brand_id
  JOIN user u ON u.tenant_id = n.id AND u.email = o.email AND u.state = 'active'
 WHERE o.id = :id

-- name: outbox_invitation
-- guard: admin
SELECT o.host, o.origin AS _origin, o.nonce AS _nonce, b.name AS _brand, b.support_email AS _support, u.id AS _user_id,
       u.email, u.name, u.language, 0 AS _live, 0 AS _alert
  FROM outbox o
  JOIN host h ON h.name = o.host
  JOIN tenant n ON n.id = h.tenant_id AND n.state = 'active'
  JOIN brand b ON b.id = n.brand_id
  JOIN user u ON u.id = o.user_id AND u.tenant_id = n.id AND u.state = 'invited'
 WHERE o.id = :id

-- name: outbox_alert
-- guard: admin
SELECT o.host, o.origin AS _origin, o.nonce AS _nonce, b.name AS _brand, b.support_email AS _support, u.id AS _user_id,
       u.email, u.name, u.language, 0 AS _live, o.alert_id AS _alert
  FROM outbox o
  JOIN host h ON h.name = o.host
  JOIN tenant n ON n.id = h.tenant_id AND n.state = 'active'
  JOIN brand b ON b.id = n.brand_id
  JOIN user u ON u.id = o.user_id AND u.tenant_id = n.id AND u.state = 'active'
 WHERE o.id = :id

-- Whom the mail is for, with what its rights are made of.
-- name: outbox_reader
-- guard: admin
SELECT u.tenant_id AS _tenant_id, COALESCE(u.customer_id, 0) AS _customer_id, u.role_id AS _role_id, u.more_roles AS _more_roles,
       u.customer_id IS NOT NULL AND EXISTS (SELECT 1 FROM customer m WHERE m.parent_id = u.customer_id) AS _group_head, n.level AS _level,
       v.version AS _version
  FROM user u
  JOIN tenant n ON n.id = u.tenant_id
  JOIN channel_version v ON v.id = 1
 WHERE u.id = :reader

-- name: outbox_done
-- guard: admin
UPDATE outbox SET state = 'done', email = '', nonce = '' WHERE id = :id AND state = 'waiting'

-- name: outbox_give_up
-- guard: admin
UPDATE outbox SET state = 'given_up', email = '', nonce = ''
 WHERE id = :id AND state = 'waiting' AND created <= :now - INTERVAL 1 DAY

-- name: outbox_recent
-- guard: admin
SELECT COUNT(*) AS _n FROM outbox o
 WHERE o.user_id = :invited AND (o.state = 'waiting' OR o.created > :now - INTERVAL 1 MINUTE)

-- name: outbox_metrics
-- guard: admin
SELECT (SELECT COUNT(*) FROM outbox w WHERE w.state = 'waiting') AS _waiting,
       (SELECT COUNT(*) FROM outbox g WHERE g.state = 'given_up') AS _given_up

-- name: outbox_sweep
-- guard: admin
DELETE FROM outbox WHERE state <> 'waiting' AND created < :now - INTERVAL 30 DAY ORDER BY created LIMIT 1000
