-- name: totp_state
-- guard: admin
SELECT COALESCE((SELECT t.is_on FROM totp t WHERE t.user_id = :user_id), 0) AS _is_on,
       (SELECT COUNT(*) FROM recovery_code c WHERE c.user_id = :user_id) AS _codes

-- What the second step can be proved with at this host.
-- name: totp_ways
-- guard: admin
SELECT EXISTS (SELECT 1 FROM totp t WHERE t.user_id = :user_id AND t.is_on = 1) AS _code,
       EXISTS (SELECT 1 FROM passkey p WHERE p.user_id = :user_id AND p.host = :host) AS _passkey

-- name: totp_secret
-- guard: admin
SELECT t.secret AS _secret, t.is_on AS _is_on FROM totp t WHERE t.user_id = :user_id

-- Another try before it is on takes the place of the one before; one that is on stays.
-- name: totp_begin
-- guard: admin
INSERT INTO totp (user_id, secret) VALUES (:user_id, :secret)
ON DUPLICATE KEY UPDATE secret = IF(is_on = 1, secret, :secret)

-- name: totp_confirm
-- guard: admin
UPDATE totp SET is_on = 1, last_step = :step WHERE user_id = :user_id AND is_on = 0 AND secret = :secret

-- Once each, and none that is older than the newest.
-- name: totp_use
-- guard: admin
UPDATE totp SET last_step = :step WHERE user_id = :user_id AND is_on = 1 AND last_step < :step

-- name: totp_end
-- guard: admin
DELETE FROM totp WHERE user_id = :user_id

-- name: recovery_insert
-- guard: admin
INSERT INTO recovery_code (user_id, hash) VALUES (:user_id, :code_hash)

-- name: recovery_use
-- guard: admin
DELETE FROM recovery_code WHERE user_id = :user_id AND hash = :code_hash

-- name: recovery_end
-- guard: admin
DELETE FROM recovery_code WHERE user_id = :user_id

-- What an authenticator calls the account.
-- name: totp_brand
-- guard: admin
SELECT b.name AS _brand FROM host h JOIN tenant n ON n.id = h.tenant_id JOIN brand b ON b.id = n.brand_id WHERE h.name = :host
