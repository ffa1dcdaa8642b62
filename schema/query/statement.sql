-- Statements and what they are made of, as people see them; trade/ledger.c writes them.

-- name: statement_list
-- guard: scope
-- sort: period_start t.period_start desc
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key, t.currency AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.period_start, t.period_end, t.state, t.opening, t.sold, t.channel, t.cost, t.commission,
       t.collected, t.paid_in, t.fees, t.paid_out, t.closing
  FROM statement t :index
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- What is withheld of it: commissions on it and on those before that are on no self-billed document by now.
-- name: statement_one
-- guard: scope
SELECT t.tenant_id AS _tenant, t.currency AS _currency,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.period_start, t.period_end, t.state, t.opening, t.sold, t.channel, t.cost, t.commission,
       t.collected, t.paid_in, t.fees, t.paid_out, t.closing, t.closed,
       (SELECT CAST(GREATEST(COALESCE(SUM(r.net + r.tax), 0), 0) AS SIGNED)
          FROM earning r FORCE INDEX (waiting)
          JOIN entry e ON e.tenant_id = r.tenant_id AND e.kind = 'commission' AND e.currency = r.currency AND e.source = r.payment_id
          JOIN statement p ON p.id = e.statement_id AND p.period_start <= t.period_start
         WHERE r.self_bill_id IS NULL AND r.tenant_id = t.tenant_id AND r.currency = t.currency) AS withheld,
       (SELECT r.refused FROM earning r FORCE INDEX (waiting)
         WHERE r.self_bill_id IS NULL AND r.tenant_id = t.tenant_id AND r.currency = t.currency AND r.refused IS NOT NULL ORDER BY r.seller_id, r.id LIMIT 1) AS withheld_reason
  FROM statement t
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where AND t.id = :id

-- Is there such a tenant to close a period of?
-- name: statement_tenant
-- guard: admin
SELECT n.id AS _id FROM tenant n WHERE n.id = :of_tenant

-- name: entry_list
-- guard: scope
-- sort: day t.day desc
-- filter: statement id.statement statement statement_ t.statement_id = :value
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key, t.currency AS _currency,
       t.id, t.statement_id AS statement, t.tenant_id AS tenant, n.name AS tenant_name, t.day, t.kind, t.amount, t.document_id AS document,
       d.number AS document_number, t.payment_id AS payment, t.payout_id AS payout
  FROM entry t :index
  JOIN tenant n ON n.id = t.tenant_id
  LEFT JOIN document d ON d.id = t.document_id
 WHERE :where
 ORDER BY :order LIMIT :page
