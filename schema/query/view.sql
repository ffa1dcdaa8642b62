-- Looking as somebody else: core/view.c.  Whether it is allowed is decided there, at each request.

-- First of all: who only read the row before would not see what another request of the session did meanwhile, or
-- would wait for that one while it waits for this.
-- name: view_alone
-- guard: admin
SELECT s.view_id AS _view FROM session s WHERE s.token_hash = :token_hash FOR UPDATE

-- name: view_insert
-- guard: admin
INSERT INTO view_as (session_id, viewer_id, user_id, reason, begun, ends)
SELECT s.id, s.user_id, :as_user, :reason, :now, :now + INTERVAL :seconds SECOND
  FROM session s
 WHERE s.token_hash = :token_hash AND s.view_id IS NULL

-- Behind view_insert, on the same connection.
-- name: view_bind
-- guard: admin
UPDATE session SET view_id = LAST_INSERT_ID() WHERE token_hash = :token_hash AND view_id IS NULL

-- name: view_bound
-- guard: admin
SELECT s.view_id AS _view FROM session s WHERE s.token_hash = :token_hash

-- name: view_target
-- guard: admin
SELECT u.id AS _id, u.tenant_id AS _tenant_id, COALESCE(u.customer_id, 0) AS _customer_id,
       u.customer_id IS NOT NULL AND EXISTS (SELECT 1 FROM customer m WHERE m.parent_id = u.customer_id) AS _group_head, u.role_id AS _role_id,
       u.more_roles AS _more_roles, n.level AS _level, TIMESTAMPDIFF(SECOND, :now, w.ends) AS _left,
       w.ended IS NULL AND u.state = 'active' AND n.state = 'active' AS _open,
       w.ended IS NOT NULL AS _told, DATE_FORMAT(w.ends, '%Y-%m-%dT%TZ') AS _ends
  FROM view_as w
  JOIN user u ON u.id = w.user_id
  JOIN tenant n ON n.id = u.tenant_id
 WHERE w.id = :view

-- name: view_end
-- guard: admin
UPDATE view_as SET ended = LEAST(:now, ends) WHERE id = :view AND ended IS NULL

-- name: view_leave
-- guard: admin
UPDATE session SET view_id = NULL WHERE token_hash = :token_hash

-- Nobody asked any more: the time is over, or the session is gone.
-- name: view_due
-- guard: admin
SELECT w.id AS _id
  FROM view_as w FORCE INDEX (due)
  LEFT JOIN session s ON s.id = w.session_id AND s.view_id = w.id
 WHERE w.ended IS NULL AND (w.ends <= :now OR s.id IS NULL)
 ORDER BY w.ends LIMIT 100

-- In the book of who looked and, where that is another one, of whom it concerns.
-- name: view_ended
-- guard: admin
INSERT INTO audit (trace, user_id, tenant_id, action, object_id, detail)
SELECT :trace, w.viewer_id, n.id, 'view_end', w.user_id, 'by itself'
  FROM view_as w
  JOIN user v ON v.id = w.viewer_id
  JOIN user u ON u.id = w.user_id
  JOIN tenant n ON n.id IN (v.tenant_id, u.tenant_id)
 WHERE w.id = :view
