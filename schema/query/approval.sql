-- What waits for a second person: second.c and page/approval.c.  Shown are the own ones, and those of actions that who
-- looks holds too (:held; all of them for who sees the audit).

-- name: approval_list
-- guard: scope
-- sort: created t.created desc
-- filter: state code.waiting.done.failed.refused.withdrawn.expired state +state_ t.state = :value AND (t.state <> 'waiting' OR t.expires > :now)
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key, SUBSTRING_INDEX(t.action, '.', 1) AS _of,
       t.id, t.action, t.object_id AS object,
       CASE SUBSTRING_INDEX(t.action, '.', 1)
         WHEN 'role' THEN (SELECT r.name FROM role r WHERE r.id = t.object_id)
         WHEN 'user' THEN (SELECT p.name FROM user p WHERE p.id = t.object_id)
         WHEN 'tenant' THEN (SELECT n.name FROM tenant n WHERE n.id = t.object_id)
         WHEN 'document' THEN (SELECT x.number FROM document x WHERE x.id = t.object_id) END AS object_name,
       t.user_id AS user, u.name AS user_name, t.user_id = :user AS mine, t.created, t.expires,
       IF(t.state = 'waiting' AND t.expires <= :now, 'expired', t.state) AS state,
       t.decider_id AS decider, d.name AS decider_name, t.decided, NULLIF(t.reason, '') AS reason, NULLIF(t.problem, '') AS problem
  FROM approval t :index
  JOIN user u ON u.id = t.user_id
  LEFT JOIN user d ON d.id = t.decider_id
 WHERE :where AND (t.user_id = :user OR FIND_IN_SET(t.action, :held) > 0)
 ORDER BY :order LIMIT :page

-- name: approval_one
-- guard: scope
SELECT t.tenant_id AS _tenant, SUBSTRING_INDEX(t.action, '.', 1) AS _of,
       t.id, t.action, t.object_id AS object,
       CASE SUBSTRING_INDEX(t.action, '.', 1)
         WHEN 'role' THEN (SELECT r.name FROM role r WHERE r.id = t.object_id)
         WHEN 'user' THEN (SELECT p.name FROM user p WHERE p.id = t.object_id)
         WHEN 'tenant' THEN (SELECT n.name FROM tenant n WHERE n.id = t.object_id)
         WHEN 'document' THEN (SELECT x.number FROM document x WHERE x.id = t.object_id) END AS object_name,
       t.user_id AS user, u.name AS user_name, t.user_id = :user AS mine, t.created, t.expires,
       IF(t.state = 'waiting' AND t.expires <= :now, 'expired', t.state) AS state,
       t.decider_id AS decider, d.name AS decider_name, t.decided, NULLIF(t.reason, '') AS reason, NULLIF(t.problem, '') AS problem,
       t.body AS _body
  FROM approval t
  JOIN user u ON u.id = t.user_id
  LEFT JOIN user d ON d.id = t.decider_id
 WHERE :where AND t.id = :id AND (t.user_id = :user OR FIND_IN_SET(t.action, :held) > 0)

-- One that is in scope, for who decides or takes it back.
-- name: approval_load
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id, t.user_id AS _user_id, COALESCE(t.object_id, 0) AS _object_id, t.action AS _action,
       t.handler AS _handler, t.body AS _body, t.tag AS _tag,
       t.host AS _host, t.port AS _port, t.https AS _https, t.state = 'waiting' AND t.expires > :now AS _waits
  FROM approval t
 WHERE :where AND t.id = :id AND (t.user_id = :user OR FIND_IN_SET(t.action, :held) > 0)
   FOR UPDATE

-- The same that was asked by the same person and still waits.
-- name: approval_same
-- guard: admin
SELECT t.id AS _id, DATE_FORMAT(t.expires, '%Y-%m-%dT%TZ') AS _expires
  FROM approval t FORCE INDEX (own_state_created)
 WHERE t.user_id = :user AND t.state = 'waiting' AND t.expires > :now AND t.handler = :handler AND t.object_id <=> :object
   AND t.tag = :tag AND t.body = :asked_body
 ORDER BY t.id DESC LIMIT 1

-- name: approval_insert
-- guard: admin
INSERT INTO approval (tenant_id, user_id, action, handler, object_id, body, tag, host, port, https, created, expires)
VALUES (:tenant, :user, :asked_action, :handler, :object, :asked_body, :tag, :host, :port, :https, :now, :now + INTERVAL :lasts SECOND)

-- Once: whoever comes second changes no row.
-- name: approval_decide
-- guard: admin
UPDATE approval SET state = :becomes, decider_id = NULLIF(:user, 0), decided = :now, reason = :reason, problem = :why
 WHERE id = :id AND state = 'waiting' AND expires > :now

-- name: approval_expire
-- guard: admin
UPDATE approval SET state = 'expired' WHERE state = 'waiting' AND expires <= :now ORDER BY expires LIMIT 1000

-- In whose house a user is.
-- name: approval_house
-- guard: admin
SELECT n.level AS _level FROM user u JOIN tenant n ON n.id = u.tenant_id WHERE u.id = :of_user

-- Who asked, if that person can still sign in.
-- name: approval_asker
-- guard: admin
SELECT u.tenant_id AS _tenant_id, COALESCE(u.customer_id, 0) AS _customer_id, u.role_id AS _role_id, u.more_roles AS _more_roles,
       u.customer_id IS NOT NULL AND EXISTS (SELECT 1 FROM customer m WHERE m.parent_id = u.customer_id) AS _group_head, n.level AS _level
  FROM user u
  JOIN tenant n ON n.id = u.tenant_id AND n.state = 'active'
 WHERE u.id = :of_user AND u.state = 'active'

-- What the operator decides: the house that it was asked in, and the version of the channel.
-- name: approval_at
-- guard: admin
SELECT t.tenant_id AS _tenant_id, v.version AS _version FROM approval t JOIN channel_version v ON v.id = 1 WHERE t.id = :id
