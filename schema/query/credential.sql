-- The same mail sent again lasts from then on, unless its link was used.
-- name: credential_insert
-- guard: admin
INSERT INTO credential (token_hash, user_id, kind, ends)
SELECT :token_hash, u.id, :kind, :now + INTERVAL :lasts SECOND FROM user u WHERE u.id = :user_id
ON DUPLICATE KEY UPDATE ends = IF(used IS NULL, :now + INTERVAL :lasts SECOND, ends)

-- Whose link it is, on this host; the state that the user must have is another for each kind.
-- name: credential_find
-- guard: admin
SELECT u.id, u.email, r.portal AS _portal
  FROM credential c
  JOIN user u ON u.id = c.user_id AND u.state = IF(c.kind = 'reset', 'active', 'invited')
  JOIN role r ON r.id = u.role_id
  JOIN tenant n ON n.id = u.tenant_id AND n.state = 'active'
  JOIN host h ON h.tenant_id = n.id AND h.name = :host
 WHERE c.token_hash = :token_hash AND c.kind = :kind AND c.used IS NULL AND c.ends > :now

-- name: credential_use
-- guard: admin
UPDATE credential SET used = :now WHERE token_hash = :token_hash AND used IS NULL AND ends > :now

-- name: credential_end_all
-- guard: admin
UPDATE credential SET used = :now WHERE user_id = :user_id AND ends > :now AND used IS NULL

-- name: credential_password
-- guard: admin
UPDATE user SET password = :password, state = 'active' WHERE id = :user_id AND state = :old

-- A day longer than mail is tried again.
-- name: credential_sweep
-- guard: admin
DELETE FROM credential WHERE ends < :now - INTERVAL 2 DAY ORDER BY ends LIMIT 1000
