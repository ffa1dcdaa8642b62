-- What bill runs could not bill, told to the house whose edge is to blame: the account is the one that it bills there, its own
-- customer or the next house.  Whatever is below that is not said.

-- name: reject_list
-- guard: scope
-- sort: run t.run_id desc
-- filter: run id.bill_run run - t.run_id = :value
-- filter: reason code.agreement.list_price.rule.currency.rate.tax.floor.too_much reason - t.reason = :value
-- arm: SELECT t.id, :key AS _key FROM reject t :index WHERE :where ORDER BY :order LIMIT :page
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, o.product_id AS _product, CAST(:key AS CHAR) AS _key,
       t.id, t.run_id AS run, r.period_start, r.period_end, t.tenant_id AS tenant, n.name AS tenant_name, a.customer_id AS customer, c.name AS customer_name,
       a.id AS account, a.number AS account_number, t.offering_id AS offering, o.name AS offering_name, t.reason,
       IF(r.phase IN ('cancelling', 'cancelled'), 'cancelled',
          IF(EXISTS (SELECT 1 FROM billable b JOIN bill_run p ON p.id = b.run_id AND p.phase NOT IN ('cancelling', 'cancelled')
                      WHERE b.account_id = t.account_id AND b.offering_id = t.offering_id AND b.starts >= r.period_start AND b.starts < r.period_end
                        AND b.run_id > t.run_id AND b.given_back = 0), 'billed', 'open')) AS state
  FROM :rows
  JOIN bill_run r ON r.id = t.run_id
  JOIN tenant n ON n.id = t.tenant_id
  JOIN offering o ON o.id = t.offering_id
  LEFT JOIN account a ON a.id = t.billed_id AND a.tenant_id = t.tenant_id
  LEFT JOIN customer c ON c.id = a.customer_id
 WHERE :where
 ORDER BY :order LIMIT :page
