-- Who sells to whom, how they look, and who signs in.
-- Rows of party and brand never change: an edit is a new row, so whatever was issued
-- keeps the row that it was issued with.

CREATE TABLE party (
  id           BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name         VARCHAR(200) NOT NULL,
  street       VARCHAR(200) NOT NULL DEFAULT '',
  postcode     VARCHAR(20)  NOT NULL DEFAULT '',
  city         VARCHAR(100) NOT NULL DEFAULT '',
  country      CHAR(2)      NOT NULL,
  tax_id       VARCHAR(40)  NOT NULL DEFAULT '',
  registration VARCHAR(100) NOT NULL DEFAULT '',
  email        VARCHAR(200) NOT NULL DEFAULT '',
  phone        VARCHAR(40)  NOT NULL DEFAULT '',
  iban         VARCHAR(40)  NOT NULL DEFAULT '',
  bic          VARCHAR(20)  NOT NULL DEFAULT ''
);

-- a1..a4 are the tenant's ancestors at level 1..4, its own id at its own level, 0 below.
CREATE TABLE tenant (
  id        BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  parent_id BIGINT       NULL,
  level     TINYINT      NOT NULL,
  a1        BIGINT       NOT NULL DEFAULT 0,
  a2        BIGINT       NOT NULL DEFAULT 0,
  a3        BIGINT       NOT NULL DEFAULT 0,
  a4        BIGINT       NOT NULL DEFAULT 0,
  kind      ENUM('provider','distributor','dealer') NOT NULL,
  slug      VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name      VARCHAR(200) NOT NULL,
  party_id  BIGINT       NOT NULL,
  brand_id  BIGINT       NULL,                  -- the published one
  currency  CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  language  VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  time_zone VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state     ENUM('active','closed') NOT NULL DEFAULT 'active',
  UNIQUE KEY slug (slug),
  KEY all_name (name, id),
  KEY a1_name (a1, name, id),
  KEY a2_name (a2, name, id),
  KEY a3_name (a3, name, id),
  KEY a4_name (a4, name, id),
  FOREIGN KEY (parent_id) REFERENCES tenant (id),
  FOREIGN KEY (party_id) REFERENCES party (id)
);

CREATE TABLE brand (
  id            BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id     BIGINT       NOT NULL,
  version       INT          NOT NULL,
  name          VARCHAR(100) NOT NULL,
  tagline       VARCHAR(200) NOT NULL DEFAULT '',
  theme         VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  accent        CHAR(7)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  accent_text   CHAR(7)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  font          VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'sans',
  logo          VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  language      VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  support_email VARCHAR(200) NOT NULL,
  footer        VARCHAR(400) NOT NULL DEFAULT '',
  UNIQUE KEY tenant_version (tenant_id, version),
  KEY all_name (name, id),
  KEY tenant_name (tenant_id, name, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

ALTER TABLE tenant ADD CONSTRAINT tenant_brand FOREIGN KEY (brand_id) REFERENCES brand (id);

CREATE TABLE host (
  name       VARCHAR(253) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  tenant_id  BIGINT       NOT NULL,
  is_primary TINYINT      NOT NULL DEFAULT 0,
  KEY tenant (tenant_id, is_primary),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- Counts up whenever the tree, a role or a segment changes; workers reload what they hold in memory.
CREATE TABLE channel_version (
  id      TINYINT NOT NULL PRIMARY KEY,
  version BIGINT  NOT NULL
);
INSERT INTO channel_version VALUES (1, 1);

CREATE TABLE segment (
  id        BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id BIGINT       NOT NULL,
  code      VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name      VARCHAR(100) NOT NULL,
  UNIQUE KEY tenant_code (tenant_id, code),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

CREATE TABLE customer (
  id         BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id  BIGINT       NOT NULL,
  a1         BIGINT       NOT NULL DEFAULT 0,
  a2         BIGINT       NOT NULL DEFAULT 0,
  a3         BIGINT       NOT NULL DEFAULT 0,
  a4         BIGINT       NOT NULL DEFAULT 0,
  segment_id BIGINT       NOT NULL,
  parent_id  BIGINT       NULL,
  party_id   BIGINT       NOT NULL,
  number     VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name       VARCHAR(200) NOT NULL,
  kind       ENUM('person','clinic','care_home') NOT NULL,
  language   VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state      ENUM('active','closed') NOT NULL DEFAULT 'active',
  since      DATE         NOT NULL,
  UNIQUE KEY own_number (tenant_id, number),
  KEY all_number (number, id),
  KEY tenant_number (tenant_id, number, id),
  KEY a1_number (a1, number, id),
  KEY a2_number (a2, number, id),
  KEY a3_number (a3, number, id),
  KEY a4_number (a4, number, id),
  KEY all_name (name, id),
  KEY tenant_name (tenant_id, name, id),
  KEY a1_name (a1, name, id),
  KEY a2_name (a2, name, id),
  KEY a3_name (a3, name, id),
  KEY a4_name (a4, name, id),
  KEY all_segment_name (segment_id, name, id),
  KEY tenant_segment_name (tenant_id, segment_id, name, id),
  KEY a1_segment_name (a1, segment_id, name, id),
  KEY a2_segment_name (a2, segment_id, name, id),
  KEY a3_segment_name (a3, segment_id, name, id),
  KEY a4_segment_name (a4, segment_id, name, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (segment_id) REFERENCES segment (id),
  FOREIGN KEY (parent_id) REFERENCES customer (id),
  FOREIGN KEY (party_id) REFERENCES party (id)
);

CREATE TABLE account (
  id          BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id   BIGINT      NOT NULL,
  customer_id BIGINT      NOT NULL,
  number      VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency    CHAR(3)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  cycle_day   TINYINT     NOT NULL DEFAULT 1,
  terms_days  SMALLINT    NOT NULL DEFAULT 14,
  method      ENUM('transfer','debit','card') NOT NULL DEFAULT 'transfer',
  method_hint VARCHAR(8)  NOT NULL DEFAULT '',
  state       ENUM('active','closed') NOT NULL DEFAULT 'active',
  UNIQUE KEY owner (id, customer_id, tenant_id),
  KEY all_number (number, id),
  KEY tenant_number (tenant_id, number, id),
  KEY customer_number (customer_id, number, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (customer_id) REFERENCES customer (id)
);

CREATE TABLE role (
  id        BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id BIGINT       NOT NULL,
  code      VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name      VARCHAR(100) NOT NULL,
  portal    ENUM('admin','reseller','customer') NOT NULL,
  shared    TINYINT      NOT NULL DEFAULT 0,
  UNIQUE KEY tenant_code (tenant_id, code),
  KEY all_code (code, id),
  KEY shared_code (shared, code, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- No row: all customers within the scope.  Rows: only customers of these segments.
CREATE TABLE role_segment (
  role_id    BIGINT NOT NULL,
  segment_id BIGINT NOT NULL,
  PRIMARY KEY (role_id, segment_id),
  FOREIGN KEY (role_id) REFERENCES role (id),
  FOREIGN KEY (segment_id) REFERENCES segment (id)
);

CREATE TABLE user (
  id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id   BIGINT       NOT NULL,
  customer_id BIGINT       NULL,
  role_id     BIGINT       NOT NULL,
  email       VARCHAR(200) NOT NULL,
  name        VARCHAR(200) NOT NULL,
  language    VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  password    VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state       ENUM('active','closed') NOT NULL DEFAULT 'active',
  UNIQUE KEY tenant_email (tenant_id, email),
  KEY all_name (name, id),
  KEY tenant_name (tenant_id, name, id),
  KEY customer_name (customer_id, name, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (customer_id) REFERENCES customer (id),
  FOREIGN KEY (role_id) REFERENCES role (id)
);

-- Only the hash of a token is kept; a session is bound to its user and the host that it began on.
CREATE TABLE session (
  token_hash BINARY(32)   NOT NULL PRIMARY KEY,
  user_id    BIGINT       NOT NULL,
  host       VARCHAR(253) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created    DATETIME     NOT NULL,
  seen       DATETIME     NOT NULL,
  ends       DATETIME     NOT NULL,
  KEY user (user_id),
  KEY ends (ends),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (host) REFERENCES host (name)
);

-- Insert-only: the worker's database user may add rows here and do nothing else.
CREATE TABLE audit (
  id        BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at        DATETIME(3) NOT NULL DEFAULT UTC_TIMESTAMP(3),
  trace     CHAR(16)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id   BIGINT      NULL,
  tenant_id BIGINT      NULL,
  action    VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object_id BIGINT      NULL,
  detail    VARCHAR(1000) NOT NULL DEFAULT '',
  KEY tenant_at (tenant_id, at)
);

-- Work that only one process of all machines may do at a time.
CREATE TABLE lease (
  name  VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  owner VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  until DATETIME    NOT NULL
);
