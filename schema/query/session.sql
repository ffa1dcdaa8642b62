-- How old it is, and how long it was idle, are held against the limits of the user's kind in core/session.c:
-- said here, they would cost each request more than all the rest of this statement.
-- name: user_session
-- guard: admin
SELECT u.id, u.tenant_id AS _tenant_id, COALESCE(u.customer_id, 0) AS _customer_id, u.role_id AS _role_id,
       u.customer_id IS NOT NULL AND EXISTS (SELECT 1 FROM customer m WHERE m.parent_id = u.customer_id) AS _group_head,
       u.more_roles AS _more_roles, COALESCE(s.view_id, 0) AS _view_id, t.level AS _level, v.version AS _version, TIMESTAMPDIFF(SECOND, :now, s.ends) AS _left,
       TIMESTAMPDIFF(SECOND, s.created, :now) AS _age, TIMESTAMPDIFF(SECOND, s.seen, :now) AS _idle,
       COALESCE(TIMESTAMPDIFF(SECOND, s.proved, :now), 2147483647) AS _proved
  FROM session s
  JOIN user u ON u.id = s.user_id AND u.state = 'active'
  JOIN tenant t ON t.id = u.tenant_id AND t.state = 'active'
  JOIN channel_version v ON v.id = 1
 WHERE s.token_hash = :token_hash AND s.host = :host

-- name: user_login
-- guard: admin
-- A row for a name that nobody has too; names that are equal for the index of users are equal in _account.
SELECT COALESCE(u.id, 0) AS id, COALESCE(u.password, '') AS _password, COALESCE(s.secret, '') AS _totp, n.id AS _tenant_id, COALESCE(k.user_id, 0) AS _known,
       SHA2(WEIGHT_STRING(RTRIM(CONVERT(:email USING utf8mb4)) COLLATE utf8mb4_uca1400_ai_ci), 256) AS _account
  FROM host h
  JOIN tenant n ON n.id = h.tenant_id AND n.state = 'active'
  LEFT JOIN user u ON u.tenant_id = h.tenant_id AND u.email = :email AND u.state = 'active'
  LEFT JOIN totp s ON s.user_id = u.id AND s.is_on = 1
  LEFT JOIN known_address k ON k.user_id = u.id AND k.hash = :address_hash
 WHERE h.name = :host

-- name: user_secret
-- guard: admin
SELECT u.email, u.password AS _password FROM user u WHERE u.id = :user_id

-- name: user_password
-- guard: admin
UPDATE user SET password = :password WHERE id = :user_id AND password = :old

-- name: session_seen
-- guard: admin
UPDATE session SET seen = :now WHERE token_hash = :token_hash

-- name: session_insert
-- guard: admin
INSERT INTO session (token_hash, user_id, host, created, seen, proved, ends)
SELECT :token_hash, u.id, :host, :now, :now, IF(:is_proved, :now, NULL),
       :now + INTERVAL CASE WHEN u.customer_id IS NOT NULL THEN :longest_customer
         WHEN t.level > 0 THEN :longest_reseller ELSE :longest_provider END SECOND
  FROM user u
  JOIN tenant t ON t.id = u.tenant_id
 WHERE u.id = :user_id AND u.state = 'active' AND u.password = :verified

-- name: session_prove
-- guard: admin
UPDATE session SET token_hash = :new_hash, proved = :now WHERE token_hash = :token_hash

-- name: session_delete
-- guard: admin
DELETE FROM session WHERE token_hash = :token_hash

-- name: session_list
-- guard: scope
-- sort: created t.created desc
SELECT STRAIGHT_JOIN u.tenant_id AS _tenant, :key AS _key,
       t.id, t.created, t.seen, t.token_hash = :token_hash AS current
  FROM session t :index
  JOIN user u ON u.id = t.user_id
 WHERE :where AND t.ends > :now
   AND t.seen > :now - INTERVAL :idle SECOND AND t.created > :now - INTERVAL :longest SECOND
 ORDER BY :order LIMIT :page

-- name: session_end
-- guard: scope
DELETE t FROM session t WHERE :where AND t.id = :id

-- name: session_end_others
-- guard: scope
DELETE t FROM session t WHERE :where AND t.token_hash <> :token_hash

-- name: session_end_all
-- guard: admin
DELETE FROM session WHERE user_id = :user_id

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
