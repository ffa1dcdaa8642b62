-- The money of the channel: agreements and prices of its edges, the edge ledger, bill runs and what they come to.
--
-- An edge is a seller and who is billed by it: always an account.  A reseller that buys has an account at its
-- seller, as a customer there (customer.buyer_id), so that documents, payments and lists know one kind of buyer.
-- Days are civil and periods half-open: [starts, ends).  What never ends, ends on 9999-12-31.

-- ---- who buys ----
ALTER TABLE customer
  MODIFY kind ENUM('person','clinic','care_home','reseller') NOT NULL,
  ADD COLUMN buyer_id BIGINT NULL,              -- the tenant that this customer is
  ALGORITHM=INSTANT;
ALTER TABLE customer ADD UNIQUE KEY one_buyer (buyer_id, tenant_id), ALGORITHM=INPLACE, LOCK=NONE;
SET STATEMENT foreign_key_checks = 0 FOR
  ALTER TABLE customer ADD CONSTRAINT customer_buyer FOREIGN KEY (buyer_id) REFERENCES tenant (id), ALGORITHM=INPLACE;

-- Decimals of a currency, as in base/currency.def.
CREATE TABLE currency (
  code     CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  decimals TINYINT NOT NULL,
  CHECK (decimals BETWEEN 0 AND 4)
);
INSERT INTO currency (code, decimals) VALUES
  ('AED', 2), ('AUD', 2), ('BHD', 3), ('BRL', 2), ('CAD', 2), ('CHF', 2), ('CLP', 0), ('CNY', 2), ('CZK', 2), ('DKK', 2),
  ('EGP', 2), ('EUR', 2), ('GBP', 2), ('HKD', 2), ('HUF', 2), ('INR', 2), ('JOD', 3), ('JPY', 0), ('KRW', 0), ('KWD', 3),
  ('MAD', 2), ('MXN', 2), ('NOK', 2), ('NZD', 2), ('OMR', 3), ('PLN', 2), ('QAR', 2), ('RON', 2), ('SAR', 2), ('SEK', 2),
  ('SGD', 2), ('TND', 3), ('TRY', 2), ('UAH', 2), ('USD', 2), ('VND', 0), ('ZAR', 2);

-- ---- list prices ----
-- The price of an offering from a day on; a change is a new row.
CREATE TABLE offering_price (
  id          BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  offering_id BIGINT        NOT NULL,
  starts      DATE          NOT NULL,
  currency    CHAR(3)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  model       ENUM('per_unit','flat','package','graduated','volume') NOT NULL,
  size        DECIMAL(18,6) NOT NULL DEFAULT 1, -- of a package
  included    DECIMAL(18,6) NOT NULL DEFAULT 0, -- of usage, free for an account and period
  UNIQUE KEY offering_starts (offering_id, currency, starts),
  FOREIGN KEY (offering_id) REFERENCES offering (id),
  FOREIGN KEY (currency) REFERENCES currency (code),
  CHECK (size > 0 AND included >= 0)
);

-- What a unit costs between two quantities: more than `above`, up to `up_to`.  One row where there are no tiers.
CREATE TABLE offering_tier (
  price_id BIGINT        NOT NULL,
  tier     SMALLINT      NOT NULL,
  above    DECIMAL(18,6) NOT NULL DEFAULT 0,
  up_to    DECIMAL(18,6) NOT NULL DEFAULT 999999999999.999999,
  unit     DECIMAL(18,6) NOT NULL,
  flat     DECIMAL(18,6) NOT NULL DEFAULT 0,
  PRIMARY KEY (price_id, tier),
  FOREIGN KEY (price_id) REFERENCES offering_price (id),
  CHECK (above < up_to)
);
INSERT INTO offering_price (offering_id, starts, currency, model) SELECT id, '2000-01-01', currency, 'per_unit' FROM offering;
INSERT INTO offering_tier (price_id, tier, unit) SELECT p.id, 1, o.price FROM offering_price p JOIN offering o ON o.id = p.offering_id;

-- ---- prices of an edge ----
CREATE TABLE price_list (
  id         BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id  BIGINT       NOT NULL,             -- who sells by it
  code       VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name       VARCHAR(200) NOT NULL,
  currency   CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  is_default TINYINT      NOT NULL DEFAULT 0,   -- asked where the list of the agreement says nothing
  default_of BIGINT AS (IF(is_default, tenant_id, NULL)) PERSISTENT,
  UNIQUE KEY tenant_code (tenant_id, code),
  UNIQUE KEY one_default (default_of, currency),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (currency) REFERENCES currency (code)
);

-- A list as it holds from a day on, until its next published version.  A draft holds for nobody.
CREATE TABLE price_version (
  id        BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  list_id   BIGINT NOT NULL,
  starts    DATE   NOT NULL,
  state     ENUM('draft','published') NOT NULL DEFAULT 'draft',
  published DATE AS (IF(state = 'published', starts, NULL)) PERSISTENT,
  UNIQUE KEY list_published (list_id, published),
  FOREIGN KEY (list_id) REFERENCES price_list (id)
);

-- One line of a version: for an offering, for all of a product segment, or for everything; for one end account, or
-- for all.  What is said more exactly wins; the account comes first.
CREATE TABLE price_rule (
  id          BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  version_id  BIGINT        NOT NULL,
  account_id  BIGINT        NULL,
  offering_id BIGINT        NULL,
  product_id  SMALLINT      NULL,
  method      ENUM('fixed','rrp_minus_pct','rrp_plus_pct','cost_plus_pct','cost_plus_abs','pass_through','tiers') NOT NULL,
  value       DECIMAL(18,6) NOT NULL DEFAULT 0,
  floor       DECIMAL(18,6) NULL,               -- the least that a unit may cost
  starts      DATE          NOT NULL DEFAULT '1000-01-01',
  ends        DATE          NOT NULL DEFAULT '9999-12-31',
  of_account  BIGINT   AS (COALESCE(account_id, 0)) PERSISTENT,
  of_offering BIGINT   AS (COALESCE(offering_id, 0)) PERSISTENT,
  of_product  SMALLINT AS (COALESCE(product_id, 0)) PERSISTENT,
  PERIOD FOR valid (starts, ends),
  UNIQUE KEY one_at_a_time (version_id, of_account, of_offering, of_product, valid WITHOUT OVERLAPS),
  KEY account (account_id),
  FOREIGN KEY (version_id) REFERENCES price_version (id),
  FOREIGN KEY (account_id) REFERENCES account (id),
  FOREIGN KEY (offering_id) REFERENCES offering (id),
  FOREIGN KEY (product_id) REFERENCES product_segment (id),
  CHECK (offering_id IS NULL OR product_id IS NULL)
);
CREATE TABLE price_rule_tier (
  rule_id BIGINT        NOT NULL,
  tier    SMALLINT      NOT NULL,
  above   DECIMAL(18,6) NOT NULL DEFAULT 0,
  up_to   DECIMAL(18,6) NOT NULL DEFAULT 999999999999.999999,
  unit    DECIMAL(18,6) NOT NULL,
  flat    DECIMAL(18,6) NOT NULL DEFAULT 0,
  PRIMARY KEY (rule_id, tier),
  FOREIGN KEY (rule_id) REFERENCES price_rule (id),
  CHECK (above < up_to)
);

-- ---- agreements ----
-- The contract of an edge, dated.  Of seller and buyer (a tenant, with its account at the seller), of seller and one
-- account, or with neither: how the seller sells to all its accounts that have none of their own.
CREATE TABLE agreement (
  id                 BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  seller_id          BIGINT       NOT NULL,
  buyer_id           BIGINT       NULL,
  account_id         BIGINT       NULL,
  starts             DATE         NOT NULL,
  ends               DATE         NOT NULL DEFAULT '9999-12-31',
  legal_model        ENUM('resale','agency') NOT NULL DEFAULT 'resale',
  document_mode      ENUM('none','on_behalf') NOT NULL DEFAULT 'none',
  collector          ENUM('seller','root') NOT NULL DEFAULT 'seller',
  list_id            BIGINT       NULL,
  currency           CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  floor_action       ENUM('allow','warn','deny') NOT NULL DEFAULT 'warn',
  visibility         ENUM('none','quantity','price') NOT NULL DEFAULT 'none', -- what the seller sees of what is sold on
  self_billing_until DATE         NULL,
  tax_category       VARCHAR(2)   CHARACTER SET ascii COLLATE ascii_bin NULL,  -- of this edge, whatever is sold
  tax_rate           DECIMAL(5,2) NULL,
  of_account         BIGINT AS (COALESCE(account_id, 0)) PERSISTENT,
  PERIOD FOR valid (starts, ends),
  UNIQUE KEY one_at_a_time (seller_id, of_account, valid WITHOUT OVERLAPS),
  KEY buyer_seller (buyer_id, seller_id, starts),
  FOREIGN KEY (seller_id) REFERENCES tenant (id),
  FOREIGN KEY (buyer_id) REFERENCES tenant (id),
  FOREIGN KEY (account_id) REFERENCES account (id),
  FOREIGN KEY (list_id) REFERENCES price_list (id),
  FOREIGN KEY (currency) REFERENCES currency (code),
  CHECK (buyer_id IS NULL OR account_id IS NOT NULL),
  CHECK ((tax_category IS NULL) = (tax_rate IS NULL))
);

-- Who earns a commission on what is sold under it (agency); never a seller.
CREATE TABLE agreement_agent (
  agreement_id BIGINT        NOT NULL,
  tenant_id    BIGINT        NOT NULL,
  rate         DECIMAL(9,6)  NOT NULL,           -- per cent of the net received
  tax_rate     DECIMAL(5,2)  NOT NULL,           -- on the commission
  PRIMARY KEY (agreement_id, tenant_id),
  FOREIGN KEY (agreement_id) REFERENCES agreement (id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- What who legally sells takes as tax, on one offering or (NULL) on all, from a day on.
CREATE TABLE tax_rule (
  id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  seller_id   BIGINT       NOT NULL,
  offering_id BIGINT       NULL,
  starts      DATE         NOT NULL,
  category    VARCHAR(2)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  rate        DECIMAL(5,2) NOT NULL,
  of_offering BIGINT AS (COALESCE(offering_id, 0)) PERSISTENT,
  UNIQUE KEY seller_offering (seller_id, of_offering, starts),
  FOREIGN KEY (seller_id) REFERENCES tenant (id),
  FOREIGN KEY (offering_id) REFERENCES offering (id)
);

-- ---- what there is to bill ----
-- How many of a subscription, from a day to a day.  No row: what the subscription says, all the time.
CREATE TABLE subscription_quantity (
  subscription_id BIGINT        NOT NULL,
  starts          DATE          NOT NULL,
  ends            DATE          NOT NULL DEFAULT '9999-12-31',
  quantity        DECIMAL(18,6) NOT NULL,
  PERIOD FOR valid (starts, ends),
  PRIMARY KEY (subscription_id, starts),
  UNIQUE KEY one_at_a_time (subscription_id, valid WITHOUT OVERLAPS),
  FOREIGN KEY (subscription_id) REFERENCES subscription (id),
  CHECK (quantity >= 0)
);

-- What an account used of an offering on a civil day.  All that the bill run knows of usage; run_id is the run that
-- took it (0: none yet), so that what comes later is a row of its own.
CREATE TABLE usage_total (
  account_id  BIGINT        NOT NULL,
  run_id      BIGINT        NOT NULL DEFAULT 0,
  offering_id BIGINT        NOT NULL,
  day         DATE          NOT NULL,
  quantity    DECIMAL(18,6) NOT NULL,
  PRIMARY KEY (account_id, run_id, offering_id, day),
  FOREIGN KEY (account_id) REFERENCES account (id),
  FOREIGN KEY (offering_id) REFERENCES offering (id)
);

-- ---- a run ----
-- One billing of a period, for all accounts of a cycle below a tenant and all edges of their chains.  Each step is a
-- transaction that moves rated_to or drafted_to, so that a run that was cut goes on where it was.
CREATE TABLE bill_run (
  id           BIGINT   NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id    BIGINT   NOT NULL,
  cycle_day    TINYINT  NOT NULL,
  period_start DATE     NOT NULL,
  period_end   DATE     NOT NULL,
  sequence     SMALLINT NOT NULL DEFAULT 1,      -- a later one of the same period bills what was missed and mended
  issue_date   DATE     NOT NULL,
  phase        ENUM('open','rated','checked','held','approved','issued','settled','cancelled') NOT NULL DEFAULT 'open',
  chunk        INT      NOT NULL DEFAULT 500,    -- accounts of a step
  last_account BIGINT   NOT NULL,                -- the newest when it was opened: later ones are not of this run
  rated_to     BIGINT   NOT NULL DEFAULT 0,
  drafted_to   BIGINT   NOT NULL DEFAULT 0,
  accounts     BIGINT   NOT NULL DEFAULT 0,      -- rated so far
  opened       DATETIME NOT NULL,
  live_of      BIGINT AS (IF(phase = 'cancelled', NULL, tenant_id)) PERSISTENT,
  UNIQUE KEY one_live (live_of, cycle_day, period_start, sequence),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CHECK (period_start < period_end)
);

-- What a check of a run found; nothing is 0.
CREATE TABLE bill_run_check (
  run_id BIGINT      NOT NULL,
  name   VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  found  BIGINT      NOT NULL,
  PRIMARY KEY (run_id, name),
  FOREIGN KEY (run_id) REFERENCES bill_run (id)
);

-- An account in trouble: nothing of it is billed in that run, and the run goes on.
CREATE TABLE bill_run_parked (
  run_id     BIGINT       NOT NULL,
  account_id BIGINT       NOT NULL,
  reason     ENUM('closed','seller_closed','error') NOT NULL,
  detail     VARCHAR(200) NOT NULL DEFAULT '',
  PRIMARY KEY (run_id, account_id),
  FOREIGN KEY (run_id) REFERENCES bill_run (id),
  FOREIGN KEY (account_id) REFERENCES account (id)
);

-- One billable thing: quantity and share of the period are computed here, once for all edges of the chain.  The unique
-- key makes it impossible to bill it twice, in whatever run.
CREATE TABLE billable (
  id              BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  run_id          BIGINT        NOT NULL,
  account_id      BIGINT        NOT NULL,
  offering_id     BIGINT        NOT NULL,
  subscription_id BIGINT        NOT NULL,        -- 0: usage of the period
  starts          DATE          NOT NULL,
  ends            DATE          NOT NULL,
  quantity        DECIMAL(18,6) NOT NULL,
  days            INT           NOT NULL,        -- active, of so many: its share of the period
  of_days         INT           NOT NULL,
  tenant_id       BIGINT        NOT NULL,        -- the seller at the end of the chain
  agreement_id    BIGINT        NOT NULL,        -- of its edge; 0: there is none
  priced_for      BIGINT        NOT NULL,        -- the account where a rule names it, or 0
  UNIQUE KEY once (account_id, offering_id, subscription_id, starts),
  KEY run_account (run_id, account_id),
  FOREIGN KEY (run_id) REFERENCES bill_run (id),
  FOREIGN KEY (account_id) REFERENCES account (id),
  FOREIGN KEY (offering_id) REFERENCES offering (id),
  CHECK (quantity > 0 AND days > 0 AND of_days > 0)
);

-- The price of an offering down one chain on a day, found once a run: for all accounts that share the chain.
CREATE TABLE chain_price (
  id           BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  run_id       BIGINT        NOT NULL,
  tenant_id    BIGINT        NOT NULL,
  agreement_id BIGINT        NOT NULL,
  priced_for   BIGINT        NOT NULL,
  offering_id  BIGINT        NOT NULL,
  day          DATE          NOT NULL,
  price_id     BIGINT        NULL,               -- the list price; NULL: it has none
  model        ENUM('per_unit','flat','package','graduated','volume') NULL,
  size         DECIMAL(18,6) NOT NULL DEFAULT 1,
  covers       DECIMAL(18,6) NOT NULL DEFAULT 0, -- the least of its edges
  state        ENUM('new','priced','unpriced') NOT NULL DEFAULT 'new',
  UNIQUE KEY once (run_id, tenant_id, agreement_id, priced_for, offering_id, day),
  KEY run_state (run_id, state),
  FOREIGN KEY (run_id) REFERENCES bill_run (id)
);
CREATE TABLE chain_edge (
  chain_id     BIGINT       NOT NULL,
  position     TINYINT      NOT NULL,            -- 0: the root sells
  seller_id    BIGINT       NOT NULL,
  account_id   BIGINT       NULL,                -- who is billed; NULL: the account at the end
  agreement_id BIGINT       NULL,
  rule_id      BIGINT       NULL,
  currency     CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NULL,
  decimals     TINYINT      NULL,
  tax_category VARCHAR(2)   CHARACTER SET ascii COLLATE ascii_bin NULL,
  tax_rate     DECIMAL(5,2) NULL,
  trouble      ENUM('agreement','list_price','rule','currency','tax','floor','too_much') NULL, -- why it has no price
  below_floor  TINYINT      NOT NULL DEFAULT 0,
  covers       DECIMAL(18,6) NOT NULL DEFAULT 0, -- up to this quantity there is a price
  PRIMARY KEY (chain_id, position),
  FOREIGN KEY (chain_id) REFERENCES chain_price (id)
);
CREATE TABLE chain_tier (
  chain_id BIGINT        NOT NULL,
  position TINYINT       NOT NULL,
  tier     SMALLINT      NOT NULL,
  above    DECIMAL(18,6) NOT NULL,
  up_to    DECIMAL(18,6) NOT NULL,
  unit     DECIMAL(18,6) NOT NULL,
  flat     DECIMAL(18,6) NOT NULL,
  PRIMARY KEY (chain_id, position, tier),
  FOREIGN KEY (chain_id, position) REFERENCES chain_edge (chain_id, position)
);

-- The edge ledger: one billable thing on one edge.  Seen by the seller and the buyer of the edge, and by the root.
CREATE TABLE charge (
  billable_id  BIGINT        NOT NULL,
  position     TINYINT       NOT NULL,
  run_id       BIGINT        NOT NULL,
  seller_id    BIGINT        NOT NULL,
  account_id   BIGINT        NOT NULL,           -- who is billed on this edge
  agreement_id BIGINT        NOT NULL,
  chain_id     BIGINT        NOT NULL,
  rule_id      BIGINT        NOT NULL,
  unit         DECIMAL(18,6) NOT NULL,           -- of one for the whole period; what tiers and flat parts come to by one
  net          BIGINT        NOT NULL,           -- minor units
  tax_category VARCHAR(2)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tax_rate     DECIMAL(5,2)  NOT NULL,
  PRIMARY KEY (billable_id, position),
  KEY run_account (run_id, account_id, agreement_id),
  FOREIGN KEY (billable_id) REFERENCES billable (id),
  FOREIGN KEY (chain_id, position) REFERENCES chain_edge (chain_id, position),
  FOREIGN KEY (account_id) REFERENCES account (id)
);

-- What could not be billed, on no edge of its chain, and which edge is to blame.  Nothing else is kept of it, so that
-- once it is mended a later run can bill it.
CREATE TABLE reject (
  run_id      BIGINT  NOT NULL,
  account_id  BIGINT  NOT NULL,
  offering_id BIGINT  NOT NULL,
  position    TINYINT NOT NULL,
  reason      ENUM('agreement','list_price','rule','currency','tax','floor','too_much') NOT NULL,
  PRIMARY KEY (run_id, account_id, offering_id, position),
  FOREIGN KEY (run_id) REFERENCES bill_run (id),
  FOREIGN KEY (account_id) REFERENCES account (id),
  FOREIGN KEY (offering_id) REFERENCES offering (id)
);

-- A document before it has a number: the sums of its charges by tax rate, and then its face.
CREATE TABLE draft_tax (
  run_id       BIGINT       NOT NULL,
  account_id   BIGINT       NOT NULL,
  agreement_id BIGINT       NOT NULL,
  category     VARCHAR(2)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  rate         DECIMAL(5,2) NOT NULL,
  base         BIGINT       NOT NULL,
  charges      BIGINT       NOT NULL,
  PRIMARY KEY (run_id, account_id, agreement_id, category, rate),
  FOREIGN KEY (run_id) REFERENCES bill_run (id),
  FOREIGN KEY (account_id) REFERENCES account (id)
);
CREATE TABLE draft (
  id           BIGINT  NOT NULL AUTO_INCREMENT PRIMARY KEY,
  run_id       BIGINT  NOT NULL,
  seller_id    BIGINT  NOT NULL,
  account_id   BIGINT  NOT NULL,
  agreement_id BIGINT  NOT NULL,
  net          BIGINT  NOT NULL,
  tax          BIGINT  NOT NULL,
  gross        BIGINT  NOT NULL,
  state        ENUM('draft','held','approved','numbered','issued') NOT NULL DEFAULT 'draft', -- numbered: only while it is issued
  number       VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NULL, -- once it is issued
  document_id  BIGINT  NULL,
  UNIQUE KEY once (run_id, account_id, agreement_id),
  UNIQUE KEY document (document_id),
  KEY run_state (run_id, state, seller_id, id),
  FOREIGN KEY (run_id) REFERENCES bill_run (id),
  FOREIGN KEY (seller_id) REFERENCES tenant (id),
  FOREIGN KEY (account_id) REFERENCES account (id),
  FOREIGN KEY (agreement_id) REFERENCES agreement (id),
  FOREIGN KEY (document_id) REFERENCES document (id),
  CHECK (net + tax = gross)
);

-- How the numbers of a series begin; '': like the name of the house (bill_issue_documents).
ALTER TABLE series ADD COLUMN prefix VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';

-- ---- what the channel owes ----
-- Of one tenant in one run.  Where the root collects, due is what the end accounts paid on its documents and its buyers
-- owe it, less what it owes its seller; the sum over all is what was collected.
CREATE TABLE settlement (
  run_id     BIGINT  NOT NULL,
  tenant_id  BIGINT  NOT NULL,
  currency   CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sold       BIGINT  NOT NULL,                   -- net of its documents
  bought     BIGINT  NOT NULL,                   -- net of those addressed to it
  collects   TINYINT NOT NULL,                   -- does the root collect anything of it?
  due        BIGINT  NOT NULL,                   -- gross, where the root collects
  PRIMARY KEY (run_id, tenant_id, currency),
  FOREIGN KEY (run_id) REFERENCES bill_run (id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (currency) REFERENCES currency (code)
);

-- What an agent earned on what was received on a document by now.
CREATE TABLE commission (
  document_id BIGINT NOT NULL,
  tenant_id   BIGINT NOT NULL,
  received    BIGINT NOT NULL,                   -- net share of what was paid
  net         BIGINT NOT NULL,
  tax         BIGINT NOT NULL,
  gross       BIGINT NOT NULL,
  PRIMARY KEY (document_id, tenant_id),
  FOREIGN KEY (document_id) REFERENCES document (id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CHECK (net + tax = gross)
);
