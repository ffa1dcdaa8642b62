-- Refunds: what is owed to an account, and how it is paid back.  They run in the order of page/refund.c; the account and its open
-- documents are locked before they are read, so that two of an account wait for each other.

-- What all its open documents come to; below 0 it is owed to the account.
-- name: account_balance
-- guard: arms
SELECT t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, t.currency AS _currency, t.id AS _id,
       (SELECT CAST(COALESCE(SUM(d.gross - d.paid - d.credited), 0) AS SIGNED) FROM document d WHERE d.account_id = t.id AND d.settled = 0 AND d.currency = t.currency) AS _balance
  FROM account t
  JOIN customer c ON c.id = t.customer_id
 WHERE :where AND t.id = :id

-- name: account_refund_lock
-- guard: arms
SELECT t.tenant_id AS _tenant, c.segment_id AS _segment, COALESCE(c.parent_id, c.id) AS _group, c.agent_id AS _agent, t.currency AS _currency, t.id AS _id, 0 AS _balance
  FROM account t
  JOIN customer c ON c.id = t.customer_id
 WHERE :where AND t.id = :id FOR UPDATE

-- name: account_refund_same
-- guard: admin
SELECT r.id AS _id, r.asked = :asked AS _same, r.amount AS _amount FROM refund r WHERE r.account_id = :id AND r.idem = :idem

-- The oldest first.
-- name: account_open
-- guard: admin
SELECT d.id AS _id, d.gross - d.paid - d.credited AS _open
  FROM document d
 WHERE d.account_id = :id AND d.settled = 0 AND d.currency = :currency
 ORDER BY d.issue_date, d.id FOR UPDATE

-- name: account_refund_insert
-- guard: admin
INSERT INTO refund (account_id, idem, asked, amount, reason, user_id, made) VALUES (:id, :idem, :asked, :amount, :reason, NULLIF(:user, 0), :now)

-- name: account_refund_made
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- On the document that it was owed on, so that settlements and commissions find the bill behind it as they do of what was received.
-- name: payment_refund
-- guard: admin
INSERT INTO payment (tenant_id, customer_id, segment_id, group_id, agent_id, account_id, received, amount, currency, method, reference, document_id, refund_id)
SELECT d.tenant_id, c.id, c.segment_id, c.group_id, c.agent_id, a.id, :today, -:part, d.currency, a.method, LEFT(:reason, 140), d.id, :refund
  FROM document d
  JOIN account a ON a.id = d.account_id
  JOIN customer c ON c.id = d.customer_id
 WHERE d.id = :document

-- name: document_refunded
-- guard: admin
UPDATE document SET paid = paid - :part WHERE id = :document
