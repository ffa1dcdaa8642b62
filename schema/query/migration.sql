-- name: migration_state
-- guard: admin
SELECT m.done AS _done, m.started AS _started FROM migration m WHERE m.name = :name

-- name: migration_start
-- guard: admin
INSERT INTO migration (name, done, started, at) VALUES (:name, 0, :n, :now)
ON DUPLICATE KEY UPDATE started = :n, at = :now

-- name: migration_done
-- guard: admin
UPDATE migration SET done = :n, at = :now WHERE name = :name
