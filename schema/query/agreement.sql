-- Agreements of the channel's edges, as who sells by them sees them.

-- name: agreement_list
-- guard: scope
-- sort: starts t.starts desc
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.seller_id AS _tenant, :key AS _key,
       t.id, t.seller_id AS tenant, n.name AS tenant_name, t.buyer_id AS buyer, b.name AS buyer_name, t.account_id AS account, a.number AS account_number,
       t.starts, NULLIF(t.ends, '9999-12-31') AS ends, t.legal_model, t.document_mode, t.collector, t.list_id AS list, l.name AS list_name, t.currency,
       t.floor_action, t.visibility, t.self_billing_until, t.tax_category, t.tax_rate,
       CASE WHEN t.ends <= :today THEN 'ended' WHEN t.starts > :today THEN 'planned' ELSE 'active' END AS state
  FROM agreement t :index
  JOIN tenant n ON n.id = t.seller_id
  LEFT JOIN tenant b ON b.id = t.buyer_id
  LEFT JOIN account a ON a.id = t.account_id
  LEFT JOIN price_list l ON l.id = t.list_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: agreement_one
-- guard: scope
SELECT t.seller_id AS _tenant,
       t.id, t.seller_id AS tenant, n.name AS tenant_name, t.buyer_id AS buyer, b.name AS buyer_name, t.account_id AS account, a.number AS account_number,
       t.starts, NULLIF(t.ends, '9999-12-31') AS ends, t.legal_model, t.document_mode, t.collector, t.list_id AS list, l.name AS list_name, t.currency,
       t.floor_action, t.visibility, t.self_billing_until, t.tax_category, t.tax_rate,
       CASE WHEN t.ends <= :today THEN 'ended' WHEN t.starts > :today THEN 'planned' ELSE 'active' END AS state
  FROM agreement t
  JOIN tenant n ON n.id = t.seller_id
  LEFT JOIN tenant b ON b.id = t.buyer_id
  LEFT JOIN account a ON a.id = t.account_id
  LEFT JOIN price_list l ON l.id = t.list_id
 WHERE :where AND t.id = :id

-- name: agreement_agents
-- guard: admin
SELECT g.tenant_id AS _tenant_id, n.name AS _name, CAST(g.rate AS CHAR) AS _rate, CAST(g.tax_rate AS CHAR) AS _tax_rate
  FROM agreement_agent g JOIN tenant n ON n.id = g.tenant_id WHERE g.agreement_id = :id ORDER BY n.name, g.tenant_id

-- ---- a new one ----

-- Who sells, held: agreements of one seller are made one after the other.
-- name: agreement_seller
-- guard: admin
SELECT n.id AS _id, n.level AS _level FROM tenant n WHERE n.id = :tenant FOR UPDATE

-- The account of a reseller at who sells to it.
-- name: agreement_buyer
-- guard: admin
SELECT n.id AS _id, COALESCE((SELECT MIN(a.id) FROM customer c JOIN account a ON a.customer_id = c.id AND a.state = 'active'
                               WHERE c.buyer_id = n.id AND c.tenant_id = :tenant AND a.currency = :currency), 0) AS _account
  FROM tenant n WHERE n.id = :buyer AND n.parent_id = :tenant

-- Where it has none yet, the agreement makes it: a customer of who sells, once, and an account in the currency.  Who sells is
-- held, so its numbers follow each other; nothing else makes numbers that begin so.
-- name: agreement_customer
-- guard: admin
INSERT INTO customer (tenant_id, a1, a2, a3, a4, segment_id, party_id, number, name, kind, buyer_id, language, since)
SELECT p.id, p.a1, p.a2, p.a3, p.a4, COALESCE((SELECT r.id FROM segment r WHERE r.rest_of = p.id), (SELECT MIN(s.id) FROM segment s WHERE s.tenant_id = p.id)),
       n.party_id, CONCAT('R-', 1 + (SELECT COUNT(*) FROM customer o WHERE o.tenant_id = p.id AND o.number LIKE 'R-%')), n.name, 'reseller', n.id, n.language, :today
  FROM tenant n
  JOIN tenant p ON p.id = n.parent_id
 WHERE n.id = :buyer AND p.id = :tenant AND EXISTS (SELECT 1 FROM segment s WHERE s.tenant_id = p.id)
   AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.buyer_id = n.id AND c.tenant_id = p.id)

-- name: agreement_account_add
-- guard: admin
INSERT INTO account (tenant_id, customer_id, segment_id, group_id, agent_id, number, currency)
SELECT c.tenant_id, c.id, c.segment_id, c.group_id, c.agent_id, CONCAT(c.number, '-', 1 + (SELECT COUNT(*) FROM account a WHERE a.customer_id = c.id)), :currency
  FROM customer c WHERE c.buyer_id = :buyer AND c.tenant_id = :tenant

-- An account of an end customer of who sells.
-- name: agreement_account
-- guard: admin
SELECT a.id AS _id, a.currency = :currency AS _account
  FROM account a JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL
 WHERE a.id = :account AND a.tenant_id = :tenant AND a.state = 'active'

-- name: agreement_price_list
-- guard: admin
SELECT l.id AS _id, l.currency = :currency AS _account FROM price_list l WHERE l.id = :list AND l.tenant_id = :tenant

-- Houses that can earn a commission: any of the channel but who sells, as far as who asks may know it.
-- name: agreement_agent
-- guard: admin
SELECT n.id AS _id, 1 AS _account FROM tenant n WHERE n.id = :agent AND n.id <> :tenant AND n.state = 'active'
   AND (EXISTS (SELECT 1 FROM tenant u WHERE u.id = :tenant AND u.level = 0) OR :tenant IN (n.a1, n.a2, n.a3, n.a4))

-- What there is of that edge: the day from which the one holds that the new one ends, and the last first day.
-- name: agreement_there
-- guard: admin
SELECT COALESCE((SELECT g.id FROM agreement g WHERE g.seller_id = :tenant AND g.of_account = :of AND g.starts < :starts AND g.ends > :starts), 0) AS _before,
       EXISTS (SELECT 1 FROM agreement g WHERE g.seller_id = :tenant AND g.of_account = :of AND g.ends > :starts AND g.starts >= :starts) AS _later

-- Is anything of that edge on a bill of a period that ends behind that day?  Also before it is issued: a run that has
-- looked at the old agreement goes on with it.
-- name: agreement_billed
-- guard: admin
SELECT MAX(r.period_end) AS _until
  FROM bill_run r
  JOIN draft d ON d.run_id = r.id AND d.state IN ('draft', 'held', 'approved', 'issued') AND d.seller_id = :tenant AND (:of = 0 OR d.account_id = :of)
 WHERE r.phase <> 'cancelled' AND r.period_end > :starts

-- name: agreement_end
-- guard: admin
UPDATE agreement g SET g.ends = :starts WHERE g.id = :before

-- name: agreement_insert
-- guard: admin
INSERT INTO agreement (seller_id, buyer_id, account_id, starts, legal_model, document_mode, collector, list_id, currency, floor_action, visibility,
                       self_billing_until, tax_category, tax_rate)
VALUES (:tenant, :buyer, NULLIF(:of, 0), :starts, :legal_model, :document_mode, :collector, :list, :currency, :floor_action, :visibility,
        :self_billing_until, :tax_category, :tax_rate)

-- name: agreement_made
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- name: agreement_agent_add
-- guard: admin
INSERT INTO agreement_agent (agreement_id, tenant_id, rate, tax_rate) VALUES (:id, :agent, :rate, :agent_tax)
