-- name: user_session
-- guard: admin
SELECT u.id, u.tenant_id AS _tenant_id, COALESCE(u.customer_id, 0) AS _customer_id, u.role_id AS _role_id,
       u.more_roles AS _more_roles, t.level AS _level, v.version AS _version, s.seen < :now - INTERVAL 5 MINUTE AS _stale
  FROM session s
  JOIN user u ON u.id = s.user_id AND u.state = 'active'
  JOIN tenant t ON t.id = u.tenant_id AND t.state = 'active'
  JOIN channel_version v ON v.id = 1
 WHERE s.token_hash = :token_hash AND s.host = :host AND s.ends > :now AND s.seen > :now - INTERVAL 12 HOUR

-- name: user_login
-- guard: admin
SELECT u.id, u.password AS _password, u.tenant_id AS _tenant_id
  FROM host h
  JOIN tenant n ON n.id = h.tenant_id AND n.state = 'active'
  JOIN user u ON u.tenant_id = h.tenant_id AND u.email = :email AND u.state = 'active'
 WHERE h.name = :host

-- name: session_seen
-- guard: admin
UPDATE session SET seen = :now WHERE token_hash = :token_hash

-- name: session_insert
-- guard: admin
INSERT INTO session (token_hash, user_id, host, created, seen, ends)
VALUES (:token_hash, :user_id, :host, :now, :now, :now + INTERVAL 7 DAY)

-- name: session_delete
-- guard: admin
DELETE FROM session WHERE token_hash = :token_hash

-- name: session_sweep
-- guard: admin
DELETE FROM session WHERE ends < :now ORDER BY ends LIMIT 1000

-- name: audit_insert
-- guard: admin
INSERT INTO audit (trace, user_id, tenant_id, action, object_id, detail)
VALUES (:trace, :user_id, :tenant_id, :action, :object_id, :detail)

-- name: lease_take
-- guard: admin
INSERT INTO lease (name, owner, until) VALUES (:name, :owner, :now + INTERVAL 30 SECOND)
ON DUPLICATE KEY UPDATE owner = IF(until < :now OR owner = :owner, :owner, owner),
                        until = IF(owner = :owner, :now + INTERVAL 30 SECOND, until)

-- name: lease_mine
-- guard: admin
SELECT 1 AS _mine FROM lease WHERE name = :name AND owner = :owner AND until > :now
