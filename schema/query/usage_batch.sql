-- name: usage_batch_list
-- guard: scope
-- sort: created t.created desc
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key, t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.user_id AS user, u.name AS user_name,
       t.way, t.name, t.created, t.`lines`, t.received, t.same, t.rejected, IF(t.done, 'done', 'running') AS state
  FROM usage_batch t :index
  JOIN tenant n ON n.id = t.tenant_id
  LEFT JOIN user u ON u.id = t.user_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: usage_batch_begin
-- guard: admin
INSERT INTO usage_batch (tenant_id, user_id, way, name, size, created, done) VALUES (:deliverer, :sender, :way, :name, :size, :now, :done)

-- name: usage_batch_last
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- name: usage_batch_count
-- guard: admin
UPDATE usage_batch
   SET `lines` = `lines` + :n, received = received + :n_received, same = same + :n_same, rejected = rejected + :n_rejected,
       bytes = :bytes, digest = :digest, done = :done
 WHERE id = :batch

-- A file of that name and size that is not through.
-- name: usage_batch_begun
-- guard: admin
SELECT t.id AS _id, t.bytes AS _bytes, t.digest AS _digest
  FROM usage_batch t
 WHERE t.tenant_id = :deliverer AND t.done = 0 AND t.name = :name AND t.size = :size
 ORDER BY t.id DESC LIMIT 1
