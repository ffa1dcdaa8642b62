-- Price lists of the channel's edges: seen by who sells by them, and by the provider.

-- name: price_list_list
-- guard: scope
-- sort: name t.name asc
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.code, t.name, t.currency, t.is_default,
       (SELECT v.published FROM price_version v FORCE INDEX (list_published) WHERE v.list_id = t.id AND v.published <= :today ORDER BY v.published DESC LIMIT 1) AS starts,
       EXISTS (SELECT 1 FROM price_version v WHERE v.draft_of = t.id) AS draft
  FROM price_list t :index
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: price_list_one
-- guard: scope
SELECT t.tenant_id AS _tenant,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.code, t.name, t.currency, t.is_default,
       (SELECT v.published FROM price_version v FORCE INDEX (list_published) WHERE v.list_id = t.id AND v.published <= :today ORDER BY v.published DESC LIMIT 1) AS starts,
       EXISTS (SELECT 1 FROM price_version v WHERE v.draft_of = t.id) AS draft
  FROM price_list t
  JOIN tenant n ON n.id = t.tenant_id
 WHERE :where AND t.id = :id

-- Whoever changes a list or its versions holds its row.
-- name: price_list_lock
-- guard: scope
SELECT t.tenant_id AS _tenant, t.id AS _id FROM price_list t WHERE :where AND t.id = :id FOR UPDATE

-- Whose it is, its draft (0: it has none), and the version of that first day (:starts; NULL: the one that holds today).
-- name: price_list_state
-- guard: scope
SELECT t.tenant_id AS _tenant, t.tenant_id AS _of_tenant, t.currency AS _currency, t.is_default AS _is_default,
       COALESCE((SELECT v.id FROM price_version v WHERE v.draft_of = t.id), 0) AS _draft,
       COALESCE(p.id, 0) AS _version, p.published AS _starts,
       (SELECT MAX(v.published) FROM price_version v WHERE v.list_id = t.id) AS _newest
  FROM price_list t
  LEFT JOIN price_version p ON p.list_id = t.id AND p.published =
       COALESCE(:starts, (SELECT MAX(v.published) FROM price_version v WHERE v.list_id = t.id AND v.published <= :today))
 WHERE :where AND t.id = :id

-- name: price_list_versions
-- guard: admin
SELECT v.published AS _starts FROM price_version v WHERE v.list_id = :id AND v.published IS NOT NULL ORDER BY v.published DESC

-- The rules of a version; an offering's segment stands beside it, for whoever is kept to some.
-- name: price_list_rules
-- guard: admin
SELECT r.id AS _id, COALESCE(r.account_id, 0) AS _account, a.number AS _account_number, c.name AS _customer_name,
       COALESCE(r.offering_id, 0) AS _offering, o.name AS _offering_name, COALESCE(r.product_id, 0) AS _product, p.name AS _product_name,
       COALESCE(o.product_id, r.product_id, 0) AS _sold, r.method AS _method, CAST(r.value AS CHAR) AS _value, CAST(r.floor AS CHAR) AS _floor,
       CAST(NULLIF(r.starts, '1000-01-01') AS CHAR) AS _starts, CAST(NULLIF(r.ends, '9999-12-31') AS CHAR) AS _ends
  FROM price_rule r
  LEFT JOIN account a ON a.id = r.account_id
  LEFT JOIN customer c ON c.id = a.customer_id
  LEFT JOIN offering o ON o.id = r.offering_id
  LEFT JOIN product_segment p ON p.id = r.product_id
 WHERE r.version_id = :version
 ORDER BY r.of_account, r.of_offering = 0, r.of_product = 0, o.name, p.level DESC, p.code, r.starts, r.id

-- name: price_list_tiers
-- guard: admin
SELECT t.rule_id AS _of, CAST(t.above AS CHAR) AS _above, CAST(NULLIF(t.up_to, 999999999999.999999) AS CHAR) AS _up_to,
       CAST(t.unit AS CHAR) AS _unit, CAST(t.flat AS CHAR) AS _flat
  FROM price_rule r
  JOIN price_rule_tier t ON t.rule_id = r.id
 WHERE r.version_id = :version
 ORDER BY t.rule_id, t.tier

-- ---- writing ----

-- name: price_list_insert
-- guard: admin
INSERT INTO price_list (tenant_id, code, name, currency, is_default) VALUES (:tenant, :code, :name, :currency, :is_default)

-- name: price_list_made
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- name: price_list_currency
-- guard: admin
SELECT 1 AS _id FROM currency m WHERE m.code = :currency

-- Another of the same code at the same seller.
-- name: price_list_taken
-- guard: admin
SELECT l.id AS _id FROM price_list l WHERE l.tenant_id = :tenant AND l.code = :code

-- One list at most is asked where an agreement's says nothing.
-- name: price_list_default_off
-- guard: admin
UPDATE price_list l SET l.is_default = 0 WHERE l.default_of = :tenant AND l.currency = :currency

-- name: price_list_edit
-- guard: scope
UPDATE price_list t SET t.name = COALESCE(:name, t.name), t.is_default = COALESCE(:is_default, t.is_default) WHERE :where AND t.id = :id

-- ---- the draft: all behind the lock of its list ----

-- name: price_list_draft_add
-- guard: admin
INSERT INTO price_version (list_id, starts, state) VALUES (:id, :today, 'draft')

-- As the newest that was published.
-- name: price_list_draft_copy
-- guard: admin
INSERT INTO price_rule (version_id, account_id, offering_id, product_id, method, value, floor, starts, ends)
SELECT d.id, r.account_id, r.offering_id, r.product_id, r.method, r.value, r.floor, r.starts, r.ends
  FROM price_version d
  JOIN price_version v ON v.list_id = d.list_id AND v.published = (SELECT MAX(w.published) FROM price_version w WHERE w.list_id = d.list_id)
  JOIN price_rule r ON r.version_id = v.id
 WHERE d.draft_of = :id

-- name: price_list_draft_copy_tiers
-- guard: admin
INSERT INTO price_rule_tier (rule_id, tier, above, up_to, unit, flat)
SELECT n.id, t.tier, t.above, t.up_to, t.unit, t.flat
  FROM price_version d
  JOIN price_version v ON v.list_id = d.list_id AND v.published = (SELECT MAX(w.published) FROM price_version w WHERE w.list_id = d.list_id)
  JOIN price_rule n ON n.version_id = d.id
  JOIN price_rule r ON r.version_id = v.id AND r.of_account = n.of_account AND r.of_offering = n.of_offering AND r.of_product = n.of_product
   AND r.starts = n.starts
  JOIN price_rule_tier t ON t.rule_id = r.id
 WHERE d.draft_of = :id

-- The rules that stand in :pairs, as [id] each, go; of a draft alone.
-- name: price_list_tiers_drop
-- guard: admin
DELETE t FROM price_rule_tier t
  JOIN price_rule r ON r.id = t.rule_id
  JOIN price_version d ON d.id = r.version_id AND d.draft_of = :id
  JOIN JSON_TABLE(:pairs, '$[*]' COLUMNS (id BIGINT PATH '$[0]')) x ON x.id = r.id

-- name: price_list_rules_drop
-- guard: admin
DELETE r FROM price_rule r
  JOIN price_version d ON d.id = r.version_id AND d.draft_of = :id
  JOIN JSON_TABLE(:pairs, '$[*]' COLUMNS (id BIGINT PATH '$[0]')) x ON x.id = r.id

-- name: price_list_rules_add
-- guard: admin
INSERT INTO price_rule (version_id, account_id, offering_id, product_id, method, value, floor, starts, ends)
SELECT d.id, NULLIF(x.account, 0), NULLIF(x.offering, 0), NULLIF(x.product, 0), x.method, x.value, x.floor, x.starts, x.ends
  FROM price_version d
  JOIN JSON_TABLE(:rules, '$[*]' COLUMNS (account BIGINT PATH '$[0]', offering BIGINT PATH '$[1]', product SMALLINT PATH '$[2]', method VARCHAR(20) PATH '$[3]',
         value DECIMAL(18,6) PATH '$[4]', floor DECIMAL(18,6) PATH '$[5]', starts DATE PATH '$[6]', ends DATE PATH '$[7]')) x
 WHERE d.draft_of = :id

-- name: price_list_tiers_add
-- guard: admin
INSERT INTO price_rule_tier (rule_id, tier, above, up_to, unit, flat)
SELECT r.id, x.tier, x.above, x.up_to, x.unit, x.flat
  FROM price_version d
  JOIN JSON_TABLE(:tiers, '$[*]' COLUMNS (account BIGINT PATH '$[0]', offering BIGINT PATH '$[1]', product SMALLINT PATH '$[2]', starts DATE PATH '$[3]',
         tier SMALLINT PATH '$[4]', above DECIMAL(18,6) PATH '$[5]', up_to DECIMAL(18,6) PATH '$[6]', unit DECIMAL(18,6) PATH '$[7]', flat DECIMAL(18,6) PATH '$[8]')) x
  JOIN price_rule r ON r.version_id = d.id AND r.of_account = x.account AND r.of_offering = x.offering AND r.of_product = x.product AND r.starts = x.starts
 WHERE d.draft_of = :id

-- name: price_list_publish
-- guard: admin
UPDATE price_version v SET v.state = 'published', v.starts = :starts WHERE v.draft_of = :id AND :starts >= :today

-- Offerings of these ids that the house may sell, each with its product segment.
-- name: price_list_offerings
-- guard: admin
SELECT STRAIGHT_JOIN p.n AS _n, o.product_id AS _product
  FROM JSON_TABLE(:pairs, '$[*]' COLUMNS (n BIGINT PATH '$[0]', id BIGINT PATH '$[1]')) p
  JOIN offering o ON o.id = p.id
 WHERE o.shared = 1 OR o.tenant_id = :tenant

-- Accounts of these ids of end customers of the house; a reseller's own price is in the list of its agreement.
-- name: price_list_accounts
-- guard: admin
SELECT STRAIGHT_JOIN p.n AS _n, a.id AS _product
  FROM JSON_TABLE(:pairs, '$[*]' COLUMNS (n BIGINT PATH '$[0]', id BIGINT PATH '$[1]')) p
  JOIN account a ON a.id = p.id AND a.tenant_id = :tenant
  JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL
