-- Credits: what is left of a bill to be credited, and the credit notes.  They run in the order of trade/credit.c; the
-- bill and then the series are locked before anything is read, so that all credits of a seller and year wait for each other.

-- ---- numbers ----
-- With propagation the series of all sellers above are locked with it; a number is taken of the bill's own seller.
-- name: credit_take
-- guard: admin
UPDATE document d
  JOIN tenant n ON n.id = d.tenant_id
  JOIN tenant r ON r.level = 0
  JOIN series s ON s.kind = 'credit_note' AND s.year = YEAR(:today)
   AND (s.tenant_id = n.id OR (:full = 1 AND s.tenant_id IN (r.id, n.a1, n.a2, n.a3, n.a4)))
   SET s.next = s.next + IF(s.tenant_id = n.id, 1, 0)
 WHERE d.id = :document

-- name: credit_series
-- guard: admin
INSERT IGNORE INTO series (tenant_id, kind, year, prefix)
SELECT d.tenant_id, 'credit_note', YEAR(:today), LEFT(UPPER(n.slug), 8) FROM document d JOIN tenant n ON n.id = d.tenant_id WHERE d.id = :document

-- One more of a bill above, or the one taken back where the same was done before: `by` is 1 or -1.
-- name: credit_number
-- guard: admin
UPDATE series s JOIN document d ON d.id = :document AND s.tenant_id = d.tenant_id
   SET s.next = s.next + :by
 WHERE s.kind = 'credit_note' AND s.year = YEAR(:today)

-- ---- what there is ----
-- name: credit_same
-- guard: admin
SELECT c.id AS _id, c.asked = :asked AS _same FROM credit c WHERE c.document_id = :document AND c.idem = :idem

-- name: credit_lock
-- guard: admin
SELECT d.id FROM document d WHERE d.id = :document FOR UPDATE

-- _of_run: does the edge ledger know its things?
-- name: credit_bill
-- guard: admin
SELECT d.tenant_id AS _seller, d.account_id AS _account, d.kind AS _kind, d.number AS _number, d.currency AS _currency,
       n.state = 'closed' AS _closed, d.gross AS _gross, d.gross - d.paid - d.credited AS _open,
       (SELECT COUNT(*) FROM draft w WHERE w.document_id = d.id) AS _of_run,
       (SELECT COUNT(*) FROM document_line l WHERE l.document_id = d.id) AS _lines
  FROM document d JOIN tenant n ON n.id = d.tenant_id
 WHERE d.id = :document

-- What is left of a line is what stands on it and on all its credit notes, whoever wrote them: a line of a credit note
-- has the position of the line that it corrects.
-- name: credit_lines
-- guard: admin
SELECT l.position AS _position, l.net AS _net, CAST(l.quantity AS CHAR) AS _quantity, l.net + COALESCE(x.net, 0) AS _left,
       CAST(l.quantity - COALESCE(c.quantity, 0) AS CHAR) AS _left_quantity, COALESCE(c.by_amount, x.net IS NOT NULL) AS _by_amount,
       l.tax_category AS _category, CAST(l.tax_rate AS CHAR) AS _rate
  FROM document_line l
  LEFT JOIN (SELECT y.position, CAST(SUM(y.net) AS SIGNED) AS net FROM document k JOIN document_line y ON y.document_id = k.id
              WHERE k.corrects_id = :document GROUP BY y.position) x ON x.position = l.position
  LEFT JOIN credited_line c ON c.document_id = l.document_id AND c.account_id = l.account_id AND c.position = l.position
 WHERE l.document_id = :document ORDER BY l.position

-- name: credit_taxes
-- guard: admin
SELECT t.category AS _category, CAST(t.rate AS CHAR) AS _rate, t.base AS _base, t.amount AS _amount, t.base + COALESCE(x.base, 0) AS _left_base,
       t.amount + COALESCE(x.amount, 0) AS _left_amount
  FROM document_tax t
  LEFT JOIN (SELECT y.category, y.rate, CAST(SUM(y.base) AS SIGNED) AS base, CAST(SUM(y.amount) AS SIGNED) AS amount
               FROM document k JOIN document_tax y ON y.document_id = k.id
              WHERE k.corrects_id = :document GROUP BY y.category, y.rate) x ON x.category = t.category AND x.rate = t.rate
 WHERE t.document_id = :document ORDER BY t.category, t.rate DESC

-- ---- the edge ledger ----
-- The things of a bill, each with its line: of an end account each has one, on a bill to a reseller all of an offering
-- at one price share one.  Grouped and numbered as draft_lines does it.
-- name: credit_things
-- guard: admin
SELECT z.id AS _billable, DENSE_RANK() OVER (ORDER BY z.code, z.starts, z.first) AS _line, z.position AS _position, z.net AS _net,
       CAST(z.quantity AS CHAR) AS _quantity, COALESCE(k.begun, 0) AS _begun, COALESCE(k.passed, 0) AS _passed, COALESCE(k.free, 0) AS _free
  FROM (SELECT b.id, o.code, h.position, h.net, b.quantity,
               MIN(b.starts) OVER (PARTITION BY o.id, h.unit, h.tax_category, h.tax_rate, IF(c.buyer_id IS NULL, b.id, 0),
                                                IF(b.subscription_id = 0, b.starts, NULL)) AS starts,
               MIN(b.id) OVER (PARTITION BY o.id, h.unit, h.tax_category, h.tax_rate, IF(c.buyer_id IS NULL, b.id, 0),
                                            IF(b.subscription_id = 0, b.starts, NULL)) AS first
          FROM draft d
          JOIN account a ON a.id = d.account_id
          JOIN customer c ON c.id = a.customer_id
          JOIN charge h ON h.run_id = d.run_id AND h.account_id = d.account_id AND h.agreement_id = d.agreement_id
          JOIN billable b ON b.id = h.billable_id
          JOIN offering o ON o.id = b.offering_id
         WHERE d.document_id = :document) z
  LEFT JOIN credited_charge k ON k.billable_id = z.id AND k.position = z.position
 ORDER BY _line, z.id LIMIT :page

-- The same things on all their edges, the last one first, each with the bill that it stands on there; above also with its
-- line, which is that of the offering at that price, since who is billed there is a reseller.  _lines is how many there are.
-- name: credit_edges
-- guard: admin
SELECT h.billable_id AS _billable, h.position AS _position, h.net AS _net, COALESCE(k.begun, 0) AS _begun, COALESCE(k.passed, 0) AS _passed,
       COALESCE(k.free, 0) AS _free, COALESCE(w.document_id, 0) AS _document,
       IF(h.position < x.position,
          (SELECT COUNT(*) FROM document_line l
            WHERE l.document_id = w.document_id AND l.code = o.code AND l.unit_price = h.unit AND l.tax_category = h.tax_category
              AND l.tax_rate = h.tax_rate AND (b.subscription_id <> 0 OR l.period_start = b.starts)), 0) AS _lines,
       IF(h.position < x.position,
          (SELECT COALESCE(MIN(l.position), 0) FROM document_line l
            WHERE l.document_id = w.document_id AND l.code = o.code AND l.unit_price = h.unit AND l.tax_category = h.tax_category
              AND l.tax_rate = h.tax_rate AND (b.subscription_id <> 0 OR l.period_start = b.starts)), 0) AS _line
  FROM draft d
  JOIN charge x ON x.run_id = d.run_id AND x.account_id = d.account_id AND x.agreement_id = d.agreement_id
  JOIN charge h ON h.billable_id = x.billable_id
  JOIN billable b ON b.id = h.billable_id
  JOIN offering o ON o.id = b.offering_id
  LEFT JOIN draft w ON w.run_id = h.run_id AND w.account_id = h.account_id AND w.agreement_id = h.agreement_id
  LEFT JOIN credited_charge k ON k.billable_id = h.billable_id AND k.position = h.position
 WHERE d.document_id = :document
 ORDER BY h.billable_id, h.position DESC

-- ---- what is written ----
-- name: credit_insert
-- guard: admin
INSERT INTO credit (document_id, idem, asked, propagation, reason, user_id, made)
VALUES (:document, :idem, :asked, IF(:full = 1, 'full', 'none'), :reason, NULLIF(:user, 0), :now)

-- name: credit_made
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- With the number that was taken last, and everybody as they are today.
-- name: credit_document
-- guard: admin
INSERT INTO document (tenant_id, a1, a2, a3, a4, customer_id, segment_id, group_id, agent_id, account_id, kind, number, corrects_id, issue_date,
                      due_date, period_start, period_end, language, currency, net, tax, gross, credited, seller_party_id, buyer_party_id, brand_id)
SELECT d.tenant_id, n.a1, n.a2, n.a3, n.a4, c.id, c.segment_id, c.group_id, c.agent_id, d.account_id, 'credit_note',
       CONCAT(IF(s.prefix = '', LEFT(UPPER(n.slug), 8), s.prefix), '-CN-', s.year, '-', REPEAT('0', GREATEST(0, 6 - LENGTH(s.next - 1))), s.next - 1),
       d.id, :today, :today, d.period_start, d.period_end, c.language, d.currency, -:net, -:tax, -:gross, -:taken,
       n.party_id, COALESCE(u.party_id, c.party_id), n.brand_id
  FROM document d
  JOIN tenant n ON n.id = d.tenant_id
  JOIN customer c ON c.id = d.customer_id
  JOIN series s ON s.tenant_id = n.id AND s.kind = 'credit_note' AND s.year = YEAR(:today)
  LEFT JOIN tenant u ON u.id = c.buyer_id
 WHERE d.id = :document

-- name: credit_note_insert
-- guard: admin
INSERT INTO credit_note (document_id, credit_id, corrects_id, issued) VALUES (:note, :credit, :document, :today)

-- Less is to be paid, and nothing else of an issued bill changes.
-- name: credit_open
-- guard: admin
UPDATE document SET credited = credited + :taken WHERE id = :document

-- By amount it is one piece of that price; by quantity it has its part of the line's discount.
-- name: credit_line_insert
-- guard: admin
INSERT INTO document_line (document_id, account_id, position, code, description, period_start, period_end, quantity, unit, unit_price, net,
                           tax_category, tax_rate, discount, discount_name)
SELECT :note, l.account_id, l.position, l.code, l.description, l.period_start, l.period_end,
       IF(:by_amount = 1, -1, -CAST(:quantity AS DECIMAL(18,6))), IF(:by_amount = 1, 'piece', l.unit),
       IF(:by_amount = 1, CAST(:price AS DECIMAL(18,6)), l.unit_price), -:net, l.tax_category, l.tax_rate,
       IF(:by_amount = 1, NULL, -ROUND(l.discount * CAST(:net AS DECIMAL(20)) / NULLIF(l.net, 0))), IF(:by_amount = 1, NULL, l.discount_name)
  FROM document_line l WHERE l.document_id = :document AND l.position = :position

-- name: credit_line_count
-- guard: admin
INSERT INTO credited_line (document_id, account_id, position, of_net, net, of_quantity, quantity, by_amount)
SELECT l.document_id, l.account_id, l.position, l.net, :net, l.quantity, CAST(:quantity AS DECIMAL(18,6)), :by_amount
  FROM document_line l WHERE l.document_id = :document AND l.position = :position
ON DUPLICATE KEY UPDATE net = credited_line.net + VALUES(net), quantity = credited_line.quantity + VALUES(quantity),
   by_amount = GREATEST(credited_line.by_amount, VALUES(by_amount))

-- name: credit_tax_insert
-- guard: admin
INSERT INTO document_tax (document_id, category, rate, base, amount) VALUES (:note, :category, CAST(:rate AS DECIMAL(5,2)), -:base, -:amount)

-- name: credit_charge_count
-- guard: admin
INSERT INTO credited_charge (billable_id, position, of_net, begun, passed, free)
SELECT h.billable_id, h.position, h.net, :begun, :passed, :free FROM charge h WHERE h.billable_id = :billable AND h.position = :position
ON DUPLICATE KEY UPDATE begun = credited_charge.begun + VALUES(begun), passed = credited_charge.passed + VALUES(passed),
   free = GREATEST(credited_charge.free, VALUES(free))

-- ---- what is shown ----
-- The credit notes of one credit, the bill's own first.
-- name: credit_notes
-- guard: admin
SELECT k.document_id AS _id, x.number AS _number, d.id AS _corrects, d.number AS _corrects_number, n.id AS _tenant_id, n.name AS _tenant_name,
       d.currency AS _currency, -x.net AS _net, -x.tax AS _tax, -x.gross AS _gross, -x.credited AS _taken
  FROM credit_note k
  JOIN document x ON x.id = k.document_id
  JOIN document d ON d.id = k.corrects_id
  JOIN tenant n ON n.id = d.tenant_id
 WHERE k.credit_id = :credit ORDER BY k.document_id

-- name: credit_names
-- guard: admin
SELECT d.number AS _corrects_number, n.id AS _tenant_id, n.name AS _tenant_name FROM document d JOIN tenant n ON n.id = d.tenant_id WHERE d.id = :document

-- Those of one bill, whoever wrote them; with the bill in scope they are, as they are of the same seller and account.
-- name: credit_list
-- guard: open
SELECT x.currency AS _currency, x.id AS document, x.number, x.issue_date, x.net, x.tax, x.gross, x.gross - x.paid - x.credited AS `open`,
       c.reason, c.propagation
  FROM document x
  LEFT JOIN credit_note k ON k.document_id = x.id
  LEFT JOIN credit c ON c.id = k.credit_id
 WHERE x.corrects_id = :id ORDER BY x.id

-- What is left of each line to be credited.
-- name: credit_rest
-- guard: open
SELECT :currency AS _currency, l.position, l.net + COALESCE(x.net, 0) AS net, l.quantity - COALESCE(c.quantity, 0) AS quantity, COALESCE(c.by_amount, x.net IS NOT NULL) AS by_amount
  FROM document_line l
  LEFT JOIN (SELECT y.position, CAST(SUM(y.net) AS SIGNED) AS net FROM document k JOIN document_line y ON y.document_id = k.id
              WHERE k.corrects_id = :id GROUP BY y.position) x ON x.position = l.position
  LEFT JOIN credited_line c ON c.document_id = l.document_id AND c.account_id = l.account_id AND c.position = l.position
 WHERE l.document_id = :id ORDER BY l.position
