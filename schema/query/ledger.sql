-- The ledger of the root with each tenant: trade/ledger.c.  What moves between tenants is written for both sides in one
-- statement, so the sum of all of it is nothing at any moment.

-- Entries are written, and statements closed, by one at a time.
-- name: ledger_turn
-- guard: admin
UPDATE ledger_turn SET turn = turn + 1 WHERE id = 1

-- ---- closings ----
-- name: ledger_closing_ask
-- guard: admin
INSERT INTO closing (tenant_id, period_start, period_end, asked) VALUES (NULLIF(:of_tenant, 0), :period_start, :period_end, :asked)
ON DUPLICATE KEY UPDATE state = 'waiting', asked = VALUES(asked)

-- name: ledger_closing_of
-- guard: admin
SELECT c.id AS _id FROM closing c WHERE c.of_tenant = :of_tenant AND c.period_start = :period_start

-- name: ledger_closing_due
-- guard: admin
SELECT c.id AS _id FROM closing c WHERE c.state = 'waiting' ORDER BY c.period_start, c.id LIMIT 1

-- name: ledger_closing_load
-- guard: admin
SELECT c.of_tenant AS _tenant, DATE_FORMAT(c.period_start, '%Y-%m-%d') AS _start, DATE_FORMAT(c.period_end, '%Y-%m-%d') AS _end FROM closing c WHERE c.id = :closing

-- name: ledger_closing_done
-- guard: admin
UPDATE closing SET state = 'done' WHERE id = :closing

-- ---- entries ----
-- Who sells what the root collects, the root first.
-- name: ledger_seller
-- guard: admin
SELECT n.id AS _id FROM tenant n
 WHERE n.id > :seller AND (n.level = 0 OR EXISTS (SELECT 1 FROM agreement g WHERE g.seller_id = n.id AND g.collector = 'root'))
 ORDER BY n.id LIMIT 1

-- name: ledger_documents_chunk
-- guard: admin
SELECT DATE_FORMAT(w.issue_date, '%Y-%m-%d') AS _day, w.id AS _id
  FROM (SELECT t.issue_date, t.id FROM document t FORCE INDEX (tenant_issue_date)
         WHERE t.tenant_id = :seller AND t.issue_date < :period_end AND (t.issue_date > :day OR (t.issue_date = :day AND t.id > :after))
         ORDER BY t.issue_date, t.id LIMIT :page) w
 ORDER BY w.issue_date DESC, w.id DESC LIMIT 1

-- Documents of the edges that the root collects on, for the seller, and for the buyer where that is a tenant.
-- name: ledger_documents
-- guard: admin
INSERT INTO entry (tenant_id, currency, day, kind, amount, document_id)
SELECT STRAIGHT_JOIN IF(y.side = 'seller', t.tenant_id, c.buyer_id), t.currency, t.issue_date,
       IF(y.side = 'buyer', 'cost', IF(c.buyer_id IS NULL, 'sale', 'channel')), IF(y.side = 'buyer', -t.gross, t.gross), t.id
  FROM document t FORCE INDEX (tenant_issue_date)
  JOIN tenant n ON n.id = t.tenant_id
  JOIN customer c ON c.id = t.customer_id
  LEFT JOIN draft d ON d.document_id = COALESCE(t.corrects_id, t.id)
  LEFT JOIN agreement g ON g.id = COALESCE(d.agreement_id,
       (SELECT x.id FROM agreement x WHERE x.seller_id = t.tenant_id AND x.of_account IN (0, t.account_id) AND x.starts <= t.period_start AND x.ends > t.period_start
         ORDER BY x.of_account DESC LIMIT 1))
  JOIN (SELECT 'seller' AS side UNION ALL SELECT 'buyer') y ON y.side = 'seller' OR c.buyer_id IS NOT NULL
 WHERE t.tenant_id = :seller AND (t.issue_date > :day OR (t.issue_date = :day AND t.id > :after))
   AND (t.issue_date < :upto_day OR (t.issue_date = :upto_day AND t.id <= :upto))
   AND t.kind IN ('invoice', 'credit_note') AND (g.collector = 'root' OR (n.level = 0 AND c.buyer_id IS NULL))
   AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.document_id = t.id AND e.kind IN ('sale', 'channel'))

-- name: ledger_payments_chunk
-- guard: admin
SELECT DATE_FORMAT(w.received, '%Y-%m-%d') AS _day, w.id AS _id
  FROM (SELECT p.received, p.id FROM payment p FORCE INDEX (tenant_received)
         WHERE p.tenant_id = :seller AND p.received < :period_end AND (p.received > :day OR (p.received = :day AND p.id > :after))
         ORDER BY p.received, p.id LIMIT :page) w
 ORDER BY w.received DESC, w.id DESC LIMIT 1

-- What end customers paid is the seller's; what a tenant paid on a document to it, its own.
-- name: ledger_payments
-- guard: admin
INSERT INTO entry (tenant_id, currency, day, kind, amount, document_id, payment_id)
SELECT STRAIGHT_JOIN COALESCE(c.buyer_id, p.tenant_id), p.currency, p.received, IF(c.buyer_id IS NULL, 'collected', 'paid_in'), p.amount, p.document_id, p.id
  FROM payment p FORCE INDEX (tenant_received)
  JOIN tenant n ON n.id = p.tenant_id
  JOIN customer c ON c.id = p.customer_id
  LEFT JOIN document t ON t.id = p.document_id
  LEFT JOIN draft d ON d.document_id = COALESCE(t.corrects_id, t.id)
  LEFT JOIN agreement g ON g.id = COALESCE(d.agreement_id,
       (SELECT x.id FROM agreement x WHERE x.seller_id = p.tenant_id AND x.of_account IN (0, p.account_id)
           AND x.starts <= COALESCE(t.period_start, p.received) AND x.ends > COALESCE(t.period_start, p.received)
         ORDER BY x.of_account DESC LIMIT 1))
 WHERE p.tenant_id = :seller AND (p.received > :day OR (p.received = :day AND p.id > :after))
   AND (p.received < :upto_day OR (p.received = :upto_day AND p.id <= :upto))
   AND (g.collector = 'root' OR (n.level = 0 AND c.buyer_id IS NULL))
   AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.payment_id = p.id AND e.kind IN ('collected', 'paid_in'))

-- What agents have earned on the documents of those payments by now, less what they had before: as settlement_commissions
-- computes it, whichever way the money goes.
-- name: ledger_earnings
-- guard: admin
INSERT INTO earning (tenant_id, seller_id, agreement_id, currency, day, document_id, payment_id, base, rate, net, tax_rate, tax)
SELECT g.agent_id, g.seller_id, g.agreement_id, g.currency, g.day, g.document_id, g.payment_id, g.base, g.rate, g.net, g.tax_rate, g.tax
  FROM (SELECT z.agent_id, z.seller_id, z.agreement_id, z.currency, z.day, z.document_id, z.payment_id, z.rate, z.tax_rate,
               z.base - (SELECT COALESCE(SUM(r.base), 0) FROM earning r WHERE r.document_id = z.document_id AND r.tenant_id = z.agent_id) AS base,
               z.net - (SELECT COALESCE(SUM(r.net), 0) FROM earning r WHERE r.document_id = z.document_id AND r.tenant_id = z.agent_id) AS net,
               ROUND(z.net * z.tax_rate * 0.01) - (SELECT COALESCE(SUM(r.tax), 0) FROM earning r WHERE r.document_id = z.document_id AND r.tenant_id = z.agent_id) AS tax
          FROM (SELECT y.document_id, y.payment_id, y.day, y.seller_id, y.currency, y.agreement_id, m.tenant_id AS agent_id, m.rate, m.tax_rate, y.base, ROUND(y.base * m.rate * 0.01) AS net
                  FROM (SELECT x.document_id, x.payment_id, x.day, t.tenant_id AS seller_id, t.currency, d.agreement_id,
                               SIGN(t.net) * ((2 * ABS(CAST(t.net AS DECIMAL(40))) * LEAST(GREATEST(x.received * SIGN(t.gross), 0), ABS(t.gross)) + ABS(t.gross)) DIV (2 * ABS(t.gross))) AS base
                          FROM (SELECT w.document_id, w.payment_id, w.day,
                                       (SELECT SUM(e.amount) FROM entry e WHERE e.document_id = w.document_id AND e.kind = 'collected') AS received
                                  FROM (SELECT p.document_id, MAX(p.id) AS payment_id, MAX(p.received) AS day FROM payment p FORCE INDEX (tenant_received)
                                         WHERE p.tenant_id = :seller AND (p.received > :day OR (p.received = :day AND p.id > :after))
                                           AND (p.received < :upto_day OR (p.received = :upto_day AND p.id <= :upto)) AND p.document_id IS NOT NULL
                                         GROUP BY p.document_id) w) x
                          JOIN document t ON t.id = x.document_id AND t.gross <> 0
                          JOIN draft d ON d.document_id = COALESCE(t.corrects_id, t.id)
                         WHERE x.received IS NOT NULL) y
                  JOIN agreement_agent m ON m.agreement_id = y.agreement_id) z) g
 WHERE g.net + g.tax <> 0

-- They, as entries of both sides: who sells bears it.
-- name: ledger_commissions
-- guard: admin
INSERT INTO entry (tenant_id, currency, day, kind, amount, document_id, payment_id)
SELECT IF(s.side = 'agent', r.tenant_id, r.seller_id), r.currency, r.day, 'commission', SUM(IF(s.side = 'agent', r.net + r.tax, -r.net - r.tax)), r.document_id, r.payment_id
  FROM payment p FORCE INDEX (tenant_received)
  JOIN earning r ON r.payment_id = p.id
  JOIN (SELECT 'agent' AS side UNION ALL SELECT 'seller') s
 WHERE p.tenant_id = :seller AND (p.received > :day OR (p.received = :day AND p.id > :after))
   AND (p.received < :upto_day OR (p.received = :upto_day AND p.id <= :upto))
   AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.tenant_id = r.tenant_id AND e.kind = 'commission' AND e.currency = r.currency AND e.source = r.payment_id)
 GROUP BY IF(s.side = 'agent', r.tenant_id, r.seller_id), r.currency, r.day, r.document_id, r.payment_id

-- ---- statements ----
-- Of who has entries that are on none, or had one before; never where a later one has begun with what it would change.
-- name: ledger_statements
-- guard: admin
INSERT INTO statement (tenant_id, currency, period_start, period_end)
SELECT x.tenant_id, x.currency, :period_start, :period_end
  FROM (SELECT e.tenant_id, e.currency FROM entry e WHERE e.statement_id IS NULL AND e.day < :period_end
        UNION
        SELECT s.tenant_id, s.currency FROM statement s WHERE s.period_start < :period_start) x
 WHERE (:of_tenant = 0 OR x.tenant_id = :of_tenant)
   AND NOT EXISTS (SELECT 1 FROM statement l WHERE l.tenant_id = x.tenant_id AND l.currency = x.currency AND l.period_start >= :period_start)

-- The root's behind those that it earns fees of.
-- name: ledger_open
-- guard: admin
SELECT s.id AS _id FROM statement s JOIN tenant n ON n.id = s.tenant_id WHERE s.state = 'open' AND (:of_tenant = 0 OR s.tenant_id = :of_tenant) ORDER BY s.period_start, n.level DESC, s.id LIMIT 1

-- name: ledger_state
-- guard: admin
SELECT s.id AS _id FROM statement s WHERE s.id = :statement AND s.state = 'open' FOR UPDATE

-- name: ledger_take
-- guard: admin
UPDATE entry
   SET statement_id = :statement
 WHERE statement_id IS NULL AND tenant_id = (SELECT s.tenant_id FROM statement s WHERE s.id = :statement) AND currency = (SELECT s.currency FROM statement s WHERE s.id = :statement)
   AND day < (SELECT s.period_end FROM statement s WHERE s.id = :statement)
 ORDER BY id LIMIT :page

-- Rounded once, on all that was collected.
-- name: ledger_fees
-- guard: admin
INSERT INTO entry (tenant_id, currency, day, kind, amount, fee_of)
SELECT IF(y.side = 'tenant', x.tenant_id, x.root_id), x.currency, x.day, 'fee', IF(y.side = 'tenant', -x.fee, x.fee), x.id
  FROM (SELECT s.id, s.tenant_id, s.currency, s.period_end - INTERVAL 1 DAY AS day, r.id AS root_id,
               f.fixed + ROUND((SELECT COALESCE(SUM(e.amount), 0) FROM entry e WHERE e.statement_id = s.id AND e.kind = 'collected') * f.rate * 0.01) AS fee
          FROM statement s
          JOIN tenant n ON n.id = s.tenant_id AND n.level > 0
          JOIN tenant r ON r.level = 0
          JOIN fee_rule f ON f.tenant_id = s.tenant_id AND f.currency = s.currency
           AND f.starts = (SELECT MAX(l.starts) FROM fee_rule l WHERE l.tenant_id = s.tenant_id AND l.currency = s.currency AND l.starts < s.period_end)
         WHERE s.id = :statement) x
  JOIN (SELECT 'tenant' AS side UNION ALL SELECT 'root') y
 WHERE x.fee <> 0 AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.fee_of = x.id AND e.kind = 'fee')

-- name: ledger_close
-- guard: admin
UPDATE statement s
  JOIN (SELECT z.id, COALESCE((SELECT p.closing FROM statement p WHERE p.tenant_id = z.tenant_id AND p.currency = z.currency AND p.period_start < z.period_start
                                ORDER BY p.period_start DESC LIMIT 1), 0) AS opening,
               COALESCE(SUM(IF(e.kind = 'sale', e.amount, 0)), 0) AS sold, COALESCE(SUM(IF(e.kind = 'channel', e.amount, 0)), 0) AS channel,
               COALESCE(SUM(IF(e.kind = 'cost', e.amount, 0)), 0) AS cost, COALESCE(SUM(IF(e.kind = 'commission', e.amount, 0)), 0) AS commission,
               COALESCE(SUM(IF(e.kind = 'collected', e.amount, 0)), 0) AS collected, COALESCE(SUM(IF(e.kind = 'paid_in', e.amount, 0)), 0) AS paid_in,
               COALESCE(SUM(IF(e.kind = 'fee', e.amount, 0)), 0) AS fees, COALESCE(SUM(IF(e.kind = 'paid_out', e.amount, 0)), 0) AS paid_out,
               COALESCE(SUM(IF(e.kind = 'sale', 0, e.amount)), 0) AS moved
          FROM statement z LEFT JOIN entry e ON e.statement_id = z.id
         WHERE z.id = :statement GROUP BY z.id) x ON x.id = s.id
   SET s.opening = x.opening, s.sold = x.sold, s.channel = x.channel, s.cost = x.cost, s.commission = x.commission, s.collected = x.collected,
       s.paid_in = x.paid_in, s.fees = x.fees, s.paid_out = x.paid_out, s.closing = x.opening + x.moved, s.state = 'closed', s.closed = :now
 WHERE s.id = :statement AND s.state = 'open'

-- ---- checks ----
-- What moves between tenants comes to nothing; each statement begins with what the one before closed with; and is the sum of its
-- entries.  How many times not.
-- name: ledger_check_sides
-- guard: admin
SELECT COUNT(*) AS _found
  FROM (SELECT e.currency FROM entry e WHERE e.kind IN ('channel', 'cost', 'commission', 'fee') GROUP BY e.currency HAVING SUM(e.amount) <> 0) x

-- name: ledger_check_chain
-- guard: admin
SELECT COUNT(*) AS _found
  FROM (SELECT s.opening, COALESCE(LAG(s.closing) OVER (PARTITION BY s.tenant_id, s.currency ORDER BY s.period_start), 0) AS before_it FROM statement s WHERE s.state = 'closed') x
 WHERE x.opening <> x.before_it

-- name: ledger_check_sums
-- guard: admin
SELECT COUNT(*) AS _found
  FROM (SELECT s.closing - s.opening AS moved, (SELECT COALESCE(SUM(e.amount), 0) FROM entry e WHERE e.statement_id = s.id AND e.kind <> 'sale') AS entries
          FROM statement s WHERE s.state = 'closed') x
 WHERE x.moved <> x.entries

-- A self-billed document comes to what its lines come to, and those to what was earned.
-- name: ledger_check_documents
-- guard: admin
SELECT COUNT(*) AS _found
  FROM self_bill b
 WHERE b.gross <> (SELECT COALESCE(SUM(l.net + l.tax), 0) FROM self_bill_line l WHERE l.self_bill_id = b.id)
    OR b.gross <> (SELECT COALESCE(SUM(r.net + r.tax), 0) FROM earning r WHERE r.self_bill_id = b.id)

-- What a period came to, for the command line.
-- name: ledger_show
-- guard: admin
SELECT n.slug AS _slug, s.currency AS _currency, k.decimals AS _decimals, s.opening AS _opening, s.sold AS _sold, s.channel AS _channel, s.cost AS _cost,
       s.commission AS _commission, s.collected AS _collected, s.paid_in AS _paid_in, s.fees AS _fees, s.paid_out AS _paid_out, s.closing AS _closing
  FROM statement s
  JOIN tenant n ON n.id = s.tenant_id
  JOIN currency k ON k.code = s.currency
 WHERE s.period_start = :period_start AND s.state = 'closed' AND (:of_tenant = 0 OR s.tenant_id = :of_tenant)
 ORDER BY n.level, n.slug, s.currency

-- name: ledger_tenant
-- guard: admin
SELECT n.id AS _id FROM tenant n WHERE n.slug = :slug

-- name: ledger_fee_rule
-- guard: admin
INSERT INTO fee_rule (tenant_id, currency, starts, rate, fixed)
SELECT n.id, :currency, :starts, :rate, :fixed FROM tenant n WHERE n.slug = :slug AND n.level > 0
ON DUPLICATE KEY UPDATE rate = VALUES(rate), fixed = VALUES(fixed)
