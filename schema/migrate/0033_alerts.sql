-- Alerts: how much an account has used of what is included of an offering, in a period.

-- One an account, offering, period and threshold, as it was when it was seen: what comes or goes later changes nothing of it.
-- What it carries of its customer follows the customer, as usage's does.
CREATE TABLE alert (
  id          BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id   BIGINT        NOT NULL,           -- who sells
  customer_id BIGINT        NOT NULL,
  segment_id  BIGINT        NOT NULL,
  group_id    BIGINT        NULL,
  agent_id    BIGINT        NULL,
  account_id  BIGINT        NOT NULL,
  offering_id BIGINT        NOT NULL,
  product_id  SMALLINT      NOT NULL,
  starts      DATE          NOT NULL,           -- the account's period
  ends        DATE          NOT NULL,
  threshold   TINYINT       NOT NULL,           -- per cent of what is included
  used        DECIMAL(18,6) NOT NULL,
  included    DECIMAL(18,6) NOT NULL,
  at          DATETIME      NOT NULL,           -- when it was seen
  told        TINYINT       NOT NULL DEFAULT 0, -- its mail is in the outbox
  UNIQUE KEY once (account_id, offering_id, starts, threshold),
  KEY untold (told, id),
  KEY all_at (at, id),
  KEY tenant_at (tenant_id, at, id),
  KEY customer_at (customer_id, at, id),
  KEY family_at (group_id, at, id),
  KEY assigned_at (agent_id, at, id),
  KEY account_at (account_id, customer_id, tenant_id, at, id),
  KEY all_segment_at (segment_id, at, id),
  KEY tenant_segment_at (tenant_id, segment_id, at, id),
  KEY all_product_at (product_id, at, id),
  KEY tenant_product_at (tenant_id, product_id, at, id),
  FOREIGN KEY (account_id, customer_id, tenant_id) REFERENCES account (id, customer_id, tenant_id),
  FOREIGN KEY (offering_id) REFERENCES offering (id),
  CHECK (threshold IN (80, 100) AND starts < ends AND included > 0)
);

-- Up to which event usage was looked through.  An event can get its id before another and be committed after it, so each is
-- looked at twice: once when it is new (seen), and once when nothing that was open then is open any more (late, up to `upto`,
-- which was the newest at `noted`).
CREATE TABLE alert_look (
  id    TINYINT  NOT NULL PRIMARY KEY,
  seen  BIGINT   NOT NULL,
  late  BIGINT   NOT NULL,
  upto  BIGINT   NOT NULL,
  noted DATETIME NOT NULL
);
-- What was used before there were alerts is told of once something is added to it.
INSERT IGNORE INTO alert_look (id, seen, late, upto, noted)
SELECT 1, COALESCE(MAX(id), 0), COALESCE(MAX(id), 0), COALESCE(MAX(id), 0), UTC_TIMESTAMP() FROM usage_event;

-- Mail of an alert, at most one a user.  Thousands may be written at once, and whoever waits for a new password is not behind
-- them.
ALTER TABLE outbox
  MODIFY kind ENUM('reset','invitation','alert') NOT NULL,
  ADD COLUMN alert_id BIGINT NULL,
  ADD COLUMN bulk TINYINT AS (IF(kind = 'alert', 1, 0)) PERSISTENT,
  ADD UNIQUE KEY alert_user (alert_id, user_id),
  DROP KEY state_due,
  ADD KEY state_due (state, bulk, due, id);
SET STATEMENT foreign_key_checks = 0 FOR
  ALTER TABLE outbox ADD CONSTRAINT outbox_alert FOREIGN KEY (alert_id) REFERENCES alert (id), ALGORITHM=INPLACE;

-- What could not be billed, as people see it: whose edge is to blame, and which account would be billed there.
ALTER TABLE reject
  ADD COLUMN id         BIGINT   NOT NULL AUTO_INCREMENT,
  ADD COLUMN tenant_id  BIGINT   NOT NULL DEFAULT 0,
  ADD COLUMN billed_id  BIGINT   NULL,
  ADD COLUMN product_id SMALLINT NOT NULL DEFAULT 0,
  ADD UNIQUE KEY id (id),
  ADD KEY all_run (run_id, id),
  ADD KEY tenant_run (tenant_id, run_id, id),
  ADD KEY all_product_run (product_id, run_id, id),
  ADD KEY tenant_product_run (tenant_id, product_id, run_id, id);
UPDATE reject j
  JOIN account a ON a.id = j.account_id
  JOIN tenant n ON n.id = a.tenant_id
  JOIN offering o ON o.id = j.offering_id
   SET j.tenant_id = CASE j.position WHEN n.level THEN n.id WHEN 0 THEN (SELECT r.id FROM tenant r WHERE r.level = 0) WHEN 1 THEN n.a1 WHEN 2 THEN n.a2 WHEN 3 THEN n.a3 ELSE n.a4 END,
       j.billed_id = IF(j.position = n.level, j.account_id, NULL), j.product_id = o.product_id
 WHERE j.tenant_id = 0;
