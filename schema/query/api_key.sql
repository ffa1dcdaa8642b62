-- name: api_key_list
-- guard: scope
-- sort: created t.created desc
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, u.name, t.user_id AS user, u.role_id AS role, r.code AS role_code,
       r.name AS role_name, t.prefix, t.created, t.author_id AS author, a.name AS author_name, t.seen, t.expires,
       CASE WHEN t.ended IS NOT NULL THEN 'ended' WHEN t.expires <= :now THEN 'expired' ELSE 'active' END AS state
  FROM api_key t :index
  JOIN tenant n ON n.id = t.tenant_id
  JOIN user u ON u.id = t.user_id
  JOIN role r FORCE INDEX (PRIMARY) ON r.id = u.role_id
  JOIN user a ON a.id = t.author_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: api_key_one
-- guard: scope
SELECT t.tenant_id AS _tenant,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, u.name, t.user_id AS user, u.role_id AS role, r.code AS role_code,
       r.name AS role_name, t.prefix, t.created, t.author_id AS author, a.name AS author_name, t.seen, t.expires,
       CASE WHEN t.ended IS NOT NULL THEN 'ended' WHEN t.expires <= :now THEN 'expired' ELSE 'active' END AS state
  FROM api_key t
  JOIN tenant n ON n.id = t.tenant_id
  JOIN user u ON u.id = t.user_id
  JOIN role r ON r.id = u.role_id
  JOIN user a ON a.id = t.author_id
 WHERE :where AND t.id = :id

-- name: api_key_lock
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id FROM api_key t WHERE :where AND t.id = :id FOR UPDATE

-- name: api_key_end
-- guard: scope
UPDATE api_key t SET t.ended = :now WHERE :where AND t.id = :id AND t.ended IS NULL

-- Whom it is for: a user that no sign-in, reset, invitation or view finds.  Its address is none, for no mail can go to it.
-- name: api_key_user
-- guard: admin
INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, state)
SELECT u.tenant_id, NULL, :role_id, :prefix, :name, u.language, '', 'key' FROM user u WHERE u.id = :author

-- name: api_key_insert
-- guard: admin
INSERT INTO api_key (tenant_id, user_id, token_hash, prefix, created, author_id, expires)
SELECT u.tenant_id, u.id, :token_hash, :prefix, :now, :author, :expires
  FROM user u
 WHERE u.tenant_id = :tenant AND u.email = :prefix AND u.state = 'key'

-- name: api_key_made
-- guard: admin
SELECT t.id FROM api_key t WHERE t.token_hash = :token_hash

-- Whose key it is, on a host of its tenant.  What has ended, has expired or was never there is no row.
-- name: api_key_asker
-- guard: admin
SELECT k.id AS _key_id, u.id AS _id, u.tenant_id AS _tenant_id, u.role_id AS _role_id, u.more_roles AS _more_roles,
       n.level AS _level, v.version AS _version, COALESCE(k.seen < :now - INTERVAL :fresh SECOND, 1) AS _stale
  FROM api_key k
  JOIN user u ON u.id = k.user_id AND u.state = 'key'
  JOIN tenant n ON n.id = u.tenant_id AND n.state = 'active'
  JOIN host h ON h.tenant_id = n.id AND h.name = :host
  JOIN channel_version v ON v.id = 1
 WHERE k.token_hash = :token_hash AND k.ended IS NULL AND k.expires > :now

-- name: api_key_seen
-- guard: admin
UPDATE api_key SET seen = :now WHERE id = :key_id
