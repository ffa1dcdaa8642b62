-- name: demo_state
-- guard: admin
SELECT d.state AS _state, d.options AS _options FROM demo_state d WHERE d.id = 1

-- name: demo_start
-- guard: admin
REPLACE INTO demo_state (id, state, options, started) VALUES (1, 'loading', :options, UTC_TIMESTAMP())

-- As the migration says it: for tables that were emptied.
-- name: demo_catalogue
-- guard: admin
INSERT INTO product_segment (id, parent_id, level, code, name) VALUES (1, NULL, 0, 'all', 'All products')

-- name: demo_finish
-- guard: admin
UPDATE demo_state SET state = 'complete', finished = UTC_TIMESTAMP() WHERE id = 1

-- name: demo_lease_take
-- guard: admin
INSERT INTO lease (name, owner, until) VALUES ('demo', :owner, UTC_TIMESTAMP() + INTERVAL 15 SECOND)
ON DUPLICATE KEY UPDATE owner = IF(until < UTC_TIMESTAMP() OR owner = :owner, :owner, owner),
                        until = IF(owner = :owner, UTC_TIMESTAMP() + INTERVAL 15 SECOND, until)

-- name: demo_lease
-- guard: admin
SELECT l.owner AS _owner, UNIX_TIMESTAMP(l.until) DIV 1 AS _until FROM lease l WHERE l.name = 'demo'

-- name: demo_lease_give
-- guard: admin
DELETE FROM lease WHERE name = 'demo' AND owner = :owner

-- name: channel_changed
-- guard: admin
UPDATE channel_version SET version = version + 1 WHERE id = 1

-- name: role_put
-- guard: admin
INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (:tenant, :code, :name, :portal, :shared)
ON DUPLICATE KEY UPDATE name = VALUES(name), portal = VALUES(portal), shared = VALUES(shared)

-- name: role_code
-- guard: admin
SELECT r.id FROM role r WHERE r.tenant_id = :tenant AND r.code = :code
