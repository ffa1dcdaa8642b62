-- What was metered, from its coming in to its bill.

-- Who delivers names its sources itself: an event is one by (source, event), and no house learns of those of another.
CREATE TABLE usage_source (
  id        BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id BIGINT      NOT NULL,
  code      VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  UNIQUE KEY tenant_code (tenant_id, code),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- One request or file, or what was tried again at once.  Each thousand of its lines is one transaction that counts here, so `bytes` and `digest` say up
-- to where a file is in: what was cut off goes on there, if the file is still the same up to there.
CREATE TABLE usage_batch (
  id        BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id BIGINT       NOT NULL,             -- who delivers
  user_id   BIGINT       NULL,                 -- NULL: the operator
  way       ENUM('ndjson','csv','file','mended') NOT NULL,
  name      VARCHAR(200) NOT NULL DEFAULT '',  -- of a file
  size      BIGINT       NOT NULL DEFAULT 0,   -- of a file, in bytes
  created   DATETIME     NOT NULL,
  `lines`   BIGINT       NOT NULL DEFAULT 0,
  received  BIGINT       NOT NULL DEFAULT 0,
  same      BIGINT       NOT NULL DEFAULT 0,
  rejected  BIGINT       NOT NULL DEFAULT 0,
  bytes     BIGINT       NOT NULL DEFAULT 0,
  digest    BINARY(32)   NULL,                 -- over the bytes that are in
  done      TINYINT      NOT NULL DEFAULT 0,
  KEY all_created (created, id),
  KEY tenant_created (tenant_id, created, id),
  KEY begun (tenant_id, done, name, size),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (user_id) REFERENCES user (id)
);

-- One metered fact.  What it carries of its customer follows the customer, as a subscription's does.
-- The account's key makes an event of another customer's account impossible.  The other ids have no foreign keys: they
-- come from rows that intake holds locked and nothing ever deletes, and each would be looked up once an event.
CREATE TABLE usage_event (
  id          BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id   BIGINT        NOT NULL,           -- who sells
  customer_id BIGINT        NOT NULL,
  segment_id  BIGINT        NOT NULL,
  group_id    BIGINT        NULL,
  agent_id    BIGINT        NULL,
  account_id  BIGINT        NOT NULL,
  offering_id BIGINT        NOT NULL,
  product_id  SMALLINT      NOT NULL,
  source_id   BIGINT        NOT NULL,
  event       VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  quantity    DECIMAL(18,6) NOT NULL,
  at          DATETIME(6)   NOT NULL,           -- UTC
  day         DATE          NOT NULL,           -- the account's civil day, found once
  class       VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  time_of_day VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  zone        VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  state       ENUM('received','rejected','rated','billed') NOT NULL DEFAULT 'received',
  batch_id    BIGINT        NOT NULL,
  line        BIGINT        NOT NULL,           -- of the batch
  UNIQUE KEY once (source_id, event),
  -- All that rating reads, in the order in which it sums: what is not rated yet, however old, by account and offering.
  KEY rating (state, account_id, offering_id, day, class, time_of_day, zone, quantity),
  KEY account_day (account_id, customer_id, tenant_id, day, id),
  KEY all_day (day, id),
  KEY tenant_day (tenant_id, day, id),
  KEY customer_day (customer_id, day, id),
  KEY family_day (group_id, day, id),
  KEY assigned_day (agent_id, day, id),
  KEY all_segment_day (segment_id, day, id),
  KEY tenant_segment_day (tenant_id, segment_id, day, id),
  KEY all_product_day (product_id, day, id),
  KEY tenant_product_day (tenant_id, product_id, day, id),
  FOREIGN KEY (account_id, customer_id, tenant_id) REFERENCES account (id, customer_id, tenant_id),
  CHECK (quantity >= 0)
);

-- A line that was not taken, as it came and as it was mended.  The same line again is the same row.
CREATE TABLE usage_reject (
  id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id   BIGINT       NOT NULL,            -- who delivered it
  batch_id    BIGINT       NOT NULL,
  line        BIGINT       NOT NULL,
  line_hash   BINARY(32)   NOT NULL,
  came        DATETIME     NOT NULL,
  text        VARCHAR(2000) NOT NULL,           -- the line; of a longer one its beginning
  reason      VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source      VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '', -- its members, of which each can be mended
  event       VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  account     VARCHAR(100) NOT NULL DEFAULT '',
  offering    VARCHAR(100) NOT NULL DEFAULT '',
  quantity    VARCHAR(100) NOT NULL DEFAULT '',
  at          VARCHAR(100) NOT NULL DEFAULT '',
  class       VARCHAR(100) NOT NULL DEFAULT '',
  time_of_day VARCHAR(100) NOT NULL DEFAULT '',
  zone        VARCHAR(100) NOT NULL DEFAULT '',
  state       ENUM('open','received') NOT NULL DEFAULT 'open',
  mender_id   BIGINT       NULL,
  mended      DATETIME     NULL,
  UNIQUE KEY once (tenant_id, line_hash),
  KEY waiting (tenant_id, state, source, event),
  KEY tenant_state (tenant_id, state, id),
  KEY all_came (came, id),
  KEY tenant_came (tenant_id, came, id),
  KEY all_state_came (state, came, id),
  KEY tenant_state_came (tenant_id, state, came, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (batch_id) REFERENCES usage_batch (id),
  FOREIGN KEY (mender_id) REFERENCES user (id)
);

-- Intake and rating look for what an account has of an offering.
ALTER TABLE subscription ADD KEY account_offering (account_id, offering_id, starts), ALGORITHM=INPLACE, LOCK=NONE;
