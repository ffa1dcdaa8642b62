-- name: attempt_wait
-- guard: admin
SELECT COALESCE(MAX(TIMESTAMPDIFF(SECOND, :now, f.last + INTERVAL LEAST(60, 1 << LEAST(6, f.failures - CASE f.kind
         WHEN 1 THEN :free_pair WHEN 2 THEN :free_account ELSE :free_address END)) SECOND)), 0) AS _wait
  FROM attempt f
 WHERE ((f.kind = 1 AND f.hash = :pair_hash) OR (f.kind = 2 AND f.hash = :account_hash AND :known = 0) OR
        (f.kind = 3 AND f.hash = :address_hash))
   AND f.failures >= CASE f.kind WHEN 1 THEN :free_pair WHEN 2 THEN :free_account ELSE :free_address END

-- name: attempt_wrong
-- guard: admin
INSERT INTO attempt (kind, hash, failures, last)
VALUES (1, :pair_hash, 1, :now), (2, :account_hash, 1, :now), (3, :address_hash, 1, :now)
ON DUPLICATE KEY UPDATE
  failures = LEAST(200, 1 + GREATEST(0, failures - TIMESTAMPDIFF(SECOND, last, :now) DIV :forget)), last = :now

-- name: attempt_right
-- guard: admin
DELETE FROM attempt WHERE kind = 1 AND hash = :pair_hash

-- name: attempt_sweep
-- guard: admin
DELETE FROM attempt WHERE last < :now - INTERVAL 1 DAY ORDER BY last LIMIT 1000

-- name: known_insert
-- guard: admin
INSERT INTO known_address (user_id, hash, seen) VALUES (:user_id, :address_hash, :now)
ON DUPLICATE KEY UPDATE seen = :now

-- name: known_sweep
-- guard: admin
DELETE FROM known_address WHERE seen < :now - INTERVAL 180 DAY ORDER BY seen LIMIT 1000

-- Of wrong keys from an address: apart from passwords, or a program would lock the people of its house out.
-- name: attempt_wait_key
-- guard: admin
SELECT COALESCE(MAX(TIMESTAMPDIFF(SECOND, :now, f.last + INTERVAL LEAST(60, 1 << LEAST(6, f.failures - :free_address)) SECOND)), 0) AS _wait
  FROM attempt f
 WHERE f.kind = 4 AND f.hash = :address_hash AND f.failures >= :free_address

-- name: attempt_wrong_key
-- guard: admin
INSERT INTO attempt (kind, hash, failures, last) VALUES (4, :address_hash, 1, :now)
ON DUPLICATE KEY UPDATE
  failures = LEAST(200, 1 + GREATEST(0, failures - TIMESTAMPDIFF(SECOND, last, :now) DIV :forget)), last = :now
