-- name: tenant_list
-- guard: scope
-- sort: name t.name asc
-- filter: q prefix name - t.name LIKE :value
-- filter: kind code.provider.distributor.dealer kind - t.kind = :value
SELECT STRAIGHT_JOIN t.id AS _tenant, :key AS _key,
       t.id, t.parent_id AS parent, u.name AS parent_name, t.kind, t.level, t.name, p.name AS legal_name, p.country,
       p.tax_id, p.tax_id_until, t.currency, t.language, t.state, h.name AS host
  FROM tenant t :index
  JOIN party p ON p.id = t.party_id
  LEFT JOIN tenant u ON u.id = t.parent_id
  LEFT JOIN host h ON h.tenant_id = t.id AND h.is_primary = 1
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: tenant_one
-- guard: scope
SELECT t.id AS _tenant,
       t.id, t.parent_id AS parent, u.name AS parent_name, t.kind, t.level, t.name, p.name AS legal_name, p.country,
       p.tax_id, p.tax_id_until, t.currency, t.language, t.state, h.name AS host
  FROM tenant t
  JOIN party p ON p.id = t.party_id
  LEFT JOIN tenant u ON u.id = t.parent_id
  LEFT JOIN host h ON h.tenant_id = t.id AND h.is_primary = 1
 WHERE :where AND t.id = :id

-- name: tenant_lock
-- guard: scope
SELECT t.id AS _tenant, t.id AS _id FROM tenant t WHERE :where AND t.id = :id FOR UPDATE

-- A party never changes, so another one takes its place: what was issued keeps the one that it was issued with.  A new number
-- has no end until somebody says one.
-- name: tenant_party_insert
-- guard: admin
INSERT INTO party (name, street, postcode, city, country, tax_id, tax_id_until, registration, email, phone, iban, bic)
SELECT p.name, p.street, p.postcode, p.city, p.country, COALESCE(:tax_id, p.tax_id),
       IF(:says_until = 1, :tax_id_until, IF(COALESCE(:tax_id, p.tax_id) = p.tax_id, p.tax_id_until, NULL)), p.registration, p.email, p.phone, p.iban, p.bic
  FROM tenant t JOIN party p ON p.id = t.party_id WHERE t.id = :id

-- name: tenant_party_made
-- guard: admin
SELECT LAST_INSERT_ID() AS _id

-- It is the same person as a customer of who sells to it.
-- name: tenant_party_bought
-- guard: admin
UPDATE tenant t JOIN customer c ON c.buyer_id = t.id AND c.party_id = t.party_id SET c.party_id = :party WHERE t.id = :id

-- name: tenant_party_set
-- guard: admin
UPDATE tenant t SET t.party_id = :party WHERE t.id = :id

-- The product segments that the tenant and all above it get; none below the provider: what the parent has.
-- name: tenant_shares
-- guard: admin
SELECT s.tenant_id AS _sharer_id, s.product_id AS _product_id
  FROM tenant t
  JOIN product_share s ON s.tenant_id IN (t.a1, t.a2, t.a3, t.a4)
 WHERE t.id = :tenant
 ORDER BY s.tenant_id, s.product_id

-- name: tenant_share
-- guard: admin
SELECT s.product_id AS _product_id FROM product_share s WHERE s.tenant_id = :id ORDER BY s.product_id

-- name: tenant_above
-- guard: admin
SELECT p.id AS _id, p.level AS _level FROM tenant t JOIN tenant p ON p.id = t.parent_id WHERE t.id = :id

-- What stands right above it, and the ceiling that was set for it; how it is called is for who set it and who stands
-- above that one.  A tenant that moved keeps the ceiling of the house it came from.
-- name: tenant_limited
-- guard: admin
SELECT COALESCE(t.parent_id, 0) AS _parent, t.level AS _level, COALESCE(t.ceiling_id, 0) AS _role, COALESCE(r.name, '') AS _name,
       COALESCE(r.tenant_id, 0) AS _owner
  FROM tenant t LEFT JOIN role r ON r.id = t.ceiling_id WHERE t.id = :id

-- name: tenant_set_ceiling
-- guard: admin
UPDATE tenant SET ceiling_id = NULLIF(:role, 0) WHERE id = :id

-- Who it is, and what stands against its end or its return.
-- name: tenant_standing
-- guard: scope
SELECT t.id AS _tenant, t.id AS _id, t.level AS _level, t.state = 'active' AS _open,
       EXISTS (SELECT 1 FROM tenant c WHERE c.parent_id = t.id AND c.state = 'active') AS _sellers,
       EXISTS (SELECT 1 FROM tenant p WHERE p.id = t.parent_id AND p.state = 'active') AS _parent_open
  FROM tenant t WHERE :where AND t.id = :id FOR UPDATE

-- name: tenant_set_state
-- guard: admin
UPDATE tenant SET state = :becomes WHERE id = :id

-- name: tenant_share_clear
-- guard: admin
DELETE FROM product_share WHERE tenant_id = :id

-- name: tenant_share_add
-- guard: admin
INSERT INTO product_share (tenant_id, product_id) VALUES (:id, :product)

-- name: tenant_tree
-- guard: admin
SELECT t.id, COALESCE(t.parent_id, 0) AS _parent_id, t.level AS _level, t.a1 AS _a1, t.a2 AS _a2, t.a3 AS _a3, t.a4 AS _a4
  FROM tenant t ORDER BY t.id

-- name: tenant_root
-- guard: admin
SELECT t.id FROM tenant t WHERE t.level = 0

-- By its short name; '' is the provider.
-- name: tenant_of_slug
-- guard: admin
SELECT t.id AS _id, t.level AS _level, v.version AS _version
  FROM tenant t JOIN channel_version v
 WHERE t.slug = IF(:slug = '', (SELECT r.slug FROM tenant r WHERE r.parent_id IS NULL), :slug)

-- name: tenant_version
-- guard: admin
SELECT v.version AS _version FROM channel_version v WHERE v.id = 1

-- Of all that changes who may what, one at a time.
-- name: tenant_version_raise
-- guard: admin
UPDATE channel_version SET version = version + 1 WHERE id = 1

-- name: brand_list
-- guard: scope
-- sort: name t.name asc
-- filter: tenant id.tenant tenant tenant_ t.tenant_id = :value
SELECT STRAIGHT_JOIN t.tenant_id AS _tenant, :key AS _key,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.version, t.name, t.tagline, t.theme, t.accent,
       t.accent_text, t.font, t.logo, t.language, t.support_email, t.footer, h.name AS host
  FROM brand t :index
  JOIN tenant n ON n.brand_id = t.id
  LEFT JOIN host h ON h.tenant_id = n.id AND h.is_primary = 1
 WHERE :where
 ORDER BY :order LIMIT :page

-- name: brand_one
-- guard: scope
SELECT t.tenant_id AS _tenant,
       t.id, t.tenant_id AS tenant, n.name AS tenant_name, t.version, t.name, t.tagline, t.theme, t.accent,
       t.accent_text, t.font, t.logo, t.language, t.support_email, t.footer, h.name AS host
  FROM brand t
  JOIN tenant n ON n.id = t.tenant_id
  LEFT JOIN host h ON h.tenant_id = n.id AND h.is_primary = 1
 WHERE :where AND t.id = :id

-- name: brand_publish
-- guard: admin
SELECT t.id, t.tenant_id AS _tenant_id, n.slug AS _slug, n.kind AS _kind, t.id = n.brand_id AS _current, t.version, t.name,
       t.tagline, t.theme, t.accent, t.accent_text, t.font, t.logo, t.language, t.support_email, t.footer
  FROM brand t JOIN tenant n ON n.id = t.tenant_id
 ORDER BY t.tenant_id, t.version

-- name: host_publish
-- guard: admin
SELECT h.name AS _name, n.slug AS _slug, n.kind AS _kind FROM host h JOIN tenant n ON n.id = h.tenant_id AND n.state = 'active'
 ORDER BY h.name
