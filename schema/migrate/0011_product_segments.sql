-- The catalogue is a tree of product segments.  A parent lets a tenant have some of them, a role is kept to some.
--
-- Ids stay below 512: a set of segments is that many bits (core/products.h).  A node stands one level below its
-- parent, and the keys say so: there is no circle, and nothing is deeper than four levels.
CREATE TABLE product_segment (
  id        SMALLINT     NOT NULL PRIMARY KEY,
  parent_id SMALLINT     NULL,
  level     TINYINT      NOT NULL,               -- 0: the whole catalogue
  above     TINYINT      AS (level - 1) PERSISTENT,
  code      VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name      VARCHAR(200) NOT NULL,
  shared    TINYINT      NOT NULL DEFAULT 1,     -- resellers may know of it
  UNIQUE KEY one_code (code),
  UNIQUE KEY place (id, level),
  KEY all_code (code, id),
  KEY shared_code (shared, code, id),
  FOREIGN KEY (parent_id, above) REFERENCES product_segment (id, level),
  CHECK (id BETWEEN 1 AND 511),
  CHECK (level BETWEEN 0 AND 3),
  CHECK ((parent_id IS NULL) = (level = 0))
);
INSERT INTO product_segment (id, parent_id, level, code, name) VALUES (1, NULL, 0, 'all', 'All products');

-- What is there already is of the whole catalogue, until somebody puts it elsewhere: a column with a default is
-- added at once, however many rows there are.  The new keys hold by that default; were they checked row by row, the
-- tables would be copied (a million subscriptions: two minutes, and twelve seconds without).
SET SESSION foreign_key_checks = 0;
ALTER TABLE offering ADD COLUMN product_id SMALLINT NOT NULL DEFAULT 1 AFTER tenant_id;
ALTER TABLE offering ALTER COLUMN product_id DROP DEFAULT,
  ADD KEY code (code),
  ADD KEY all_product_name (product_id, name, id),
  ADD KEY shared_product_name (shared, product_id, name, id),
  ADD CONSTRAINT offering_product FOREIGN KEY (product_id) REFERENCES product_segment (id);

-- A subscription carries its offering's, as it carries its customer's segment.
ALTER TABLE subscription ADD COLUMN product_id SMALLINT NOT NULL DEFAULT 1 AFTER offering_id;
ALTER TABLE subscription ALTER COLUMN product_id DROP DEFAULT,
  ADD KEY all_product_starts (product_id, starts, id),
  ADD KEY tenant_product_starts (tenant_id, product_id, starts, id),
  ADD CONSTRAINT subscription_product FOREIGN KEY (product_id) REFERENCES product_segment (id);

SET SESSION foreign_key_checks = 1;

-- What those above let a tenant have, each with all below it.  No row: what its parent has.
CREATE TABLE product_share (
  tenant_id  BIGINT   NOT NULL,
  product_id SMALLINT NOT NULL,
  PRIMARY KEY (tenant_id, product_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (product_id) REFERENCES product_segment (id)
);

-- What a role is kept to, each with all below it.  No row: all.
CREATE TABLE role_product (
  role_id    BIGINT   NOT NULL,
  product_id SMALLINT NOT NULL,
  PRIMARY KEY (role_id, product_id),
  FOREIGN KEY (role_id) REFERENCES role (id),
  FOREIGN KEY (product_id) REFERENCES product_segment (id)
);
