-- name: passkey_list
-- guard: scope
-- sort: created t.created desc
SELECT STRAIGHT_JOIN u.tenant_id AS _tenant, :key AS _key, t.id, t.name, t.host, t.created, t.used
  FROM passkey t :index
  JOIN user u ON u.id = t.user_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: passkey_one
-- guard: scope
SELECT u.tenant_id AS _tenant, t.id, t.name, t.host, t.created, t.used
  FROM passkey t
  JOIN user u ON u.id = t.user_id
 WHERE :where AND t.id = :id

-- name: passkey_lock
-- guard: scope
SELECT u.tenant_id AS _tenant, t.id AS _id
  FROM passkey t
  JOIN user u ON u.id = t.user_id
 WHERE :where AND t.id = :id FOR UPDATE

-- name: passkey_edit
-- guard: scope
UPDATE passkey t SET t.name = COALESCE(:name, t.name) WHERE :where AND t.id = :id

-- name: passkey_delete
-- guard: scope
DELETE t FROM passkey t WHERE :where AND t.id = :id

-- The user's at this host: an authenticator that holds one makes no second.
-- name: passkey_held
-- guard: admin
SELECT p.credential_id AS _credential_id FROM passkey p WHERE p.user_id = :user_id AND p.host = :host ORDER BY p.id LIMIT 100

-- At most twenty of a user.
-- name: passkey_add
-- guard: admin
INSERT INTO passkey (user_id, credential_id, public_key, sign_count, host, name, created)
SELECT u.id, :credential_id, :public_key, :count, :host, :name, :now
  FROM user u
 WHERE u.id = :user_id AND (SELECT COUNT(*) FROM passkey p WHERE p.user_id = u.id) < 20

-- name: passkey_known
-- guard: admin
SELECT p.id AS _id FROM passkey p WHERE p.credential_id = :credential_id

-- Whose passkey it is, if that user can sign in on this host.
-- name: passkey_login
-- guard: admin
SELECT p.id AS _id, p.user_id AS _user_id, p.public_key AS _public_key, u.password AS _password
  FROM passkey p
  JOIN user u ON u.id = p.user_id AND u.state = 'active'
  JOIN tenant n ON n.id = u.tenant_id AND n.state = 'active'
  JOIN host h ON h.tenant_id = n.id AND h.name = p.host
 WHERE p.credential_id = :credential_id AND p.host = :host

-- name: passkey_count
-- guard: admin
SELECT p.sign_count AS _count FROM passkey p WHERE p.id = :passkey_id FOR UPDATE

-- name: passkey_used
-- guard: admin
UPDATE passkey SET sign_count = :count, used = :now WHERE id = :passkey_id

-- No row where it was answered before.
-- name: passkey_challenge_use
-- guard: admin
INSERT IGNORE INTO passkey_challenge (hash, ends) VALUES (:challenge_hash, :now + INTERVAL 10 MINUTE)

-- name: passkey_challenge_sweep
-- guard: admin
DELETE FROM passkey_challenge WHERE ends < :now ORDER BY ends LIMIT 1000
