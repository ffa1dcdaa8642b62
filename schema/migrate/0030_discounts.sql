-- Discounts of an edge, and what is owed where a subscription ends early.
--
-- A discount is what its seller takes off what it charges one account of its, in per cent or as an amount a period.
--
-- Of one subscription, of one offering, or of all that is sold to the account; what is said more exactly counts, and one
-- discount alone counts for a charge.  A thing has the discounts of its first day.  Ended before its first day it never was.
CREATE TABLE discount (
  id              BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id       BIGINT        NOT NULL,             -- who sells, and grants it
  customer_id     BIGINT        NOT NULL,
  account_id      BIGINT        NOT NULL,
  offering_id     BIGINT        NULL,
  subscription_id BIGINT        NULL,
  resold          TINYINT       NOT NULL,             -- the account is a reseller's
  name            VARCHAR(100)  NOT NULL DEFAULT '',  -- as on the bill
  percent         DECIMAL(9,6)  NULL,
  amount          BIGINT        NULL,                 -- minor units, of all that it counts for in a period of the account
  starts          DATE          NOT NULL,
  periods         SMALLINT      NULL,                 -- as it was granted; NULL: without end
  ends            DATE          NOT NULL DEFAULT '9999-12-31',
  user_id         BIGINT        NULL,
  made            DATETIME      NOT NULL,
  of_offering     BIGINT AS (COALESCE(offering_id, 0)) PERSISTENT,
  of_subscription BIGINT AS (COALESCE(subscription_id, 0)) PERSISTENT,
  KEY all_starts (starts, id),
  KEY tenant_starts (tenant_id, starts, id),
  KEY customer_starts (customer_id, starts, id),
  KEY resold_account (resold, account_id, starts),
  FOREIGN KEY (account_id, customer_id, tenant_id) REFERENCES account (id, customer_id, tenant_id),
  FOREIGN KEY (offering_id) REFERENCES offering (id),
  FOREIGN KEY (subscription_id) REFERENCES subscription (id),
  FOREIGN KEY (user_id) REFERENCES user (id),
  CHECK ((percent IS NULL) <> (amount IS NULL)),
  CHECK (percent > 0 AND percent <= 100),
  CHECK (amount > 0),
  CHECK (offering_id IS NULL OR subscription_id IS NULL),
  CHECK (starts <= ends)
);

-- What a discount took in a run, of which period of its account: an amount is had once a period, in however many runs.
CREATE TABLE discount_use (
  discount_id BIGINT NOT NULL,
  period      DATE   NOT NULL,                        -- the first of the month that the period begins in
  run_id      BIGINT NOT NULL,
  taken       BIGINT NOT NULL,
  PRIMARY KEY (discount_id, period, run_id),
  FOREIGN KEY (discount_id) REFERENCES discount (id),
  FOREIGN KEY (run_id) REFERENCES bill_run (id)
);

-- amount: what it is before the discount; net: what is charged.  The ledger is only added to, but for the discount, which is
-- said once, before the charge is on a draft.  No key on discount_id: every charge would pay for it.
ALTER TABLE charge CHANGE COLUMN IF EXISTS net amount BIGINT NOT NULL;
ALTER TABLE charge
  ADD COLUMN discount_id BIGINT NULL,
  ADD COLUMN discount    BIGINT NULL,                 -- minor units, taken off
  ADD COLUMN net         BIGINT AS (amount - COALESCE(discount, 0)) VIRTUAL;

-- Of a line: what discounts took off, which is not in the net any more (EN 16931: BT-136), and the name where it is one.
ALTER TABLE document_line
  ADD COLUMN discount      BIGINT       NULL,
  ADD COLUMN discount_name VARCHAR(100) NULL, ALGORITHM=INSTANT;

-- What is still owed where a subscription ends before its commitment: so many per cent of the rest of it; 0: nothing.
ALTER TABLE offering ADD COLUMN early_end DECIMAL(5,2) NOT NULL DEFAULT 0 CHECK (early_end BETWEEN 0 AND 100);

-- One that ended early: billed once, in the period of the first day without it, as if it were of that day alone.  days of
-- of_days: the rest of the commitment in periods of the account, times the per cent.
CREATE TABLE early_end (
  subscription_id BIGINT        NOT NULL PRIMARY KEY,
  account_id      BIGINT        NOT NULL,
  offering_id     BIGINT        NOT NULL,
  day             DATE          NOT NULL,
  until           DATE          NOT NULL,             -- the end of the commitment
  quantity        DECIMAL(18,6) NOT NULL,             -- how many there were last
  days            INT           NOT NULL,
  of_days         INT           NOT NULL,
  KEY account_day (account_id, day),
  FOREIGN KEY (subscription_id) REFERENCES subscription (id),
  FOREIGN KEY (account_id) REFERENCES account (id),
  FOREIGN KEY (offering_id) REFERENCES offering (id),
  CHECK (day < until AND quantity > 0 AND days > 0 AND of_days > 0)
);

DELIMITER //
CREATE TRIGGER charge_discounted BEFORE UPDATE ON charge FOR EACH ROW
BEGIN
  IF OLD.discount_id IS NOT NULL OR NEW.amount <> OLD.amount OR NEW.discount_id IS NULL OR NEW.discount < 0 OR NEW.discount > OLD.amount
     OR EXISTS (SELECT 1 FROM draft d WHERE d.run_id = OLD.run_id AND d.account_id = OLD.account_id AND d.agreement_id = OLD.agreement_id) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a charge never changes';
  END IF;
END //
CREATE TRIGGER discount_frozen BEFORE UPDATE ON discount FOR EACH ROW
BEGIN
  IF (OLD.tenant_id, OLD.account_id, OLD.of_offering, OLD.of_subscription, OLD.name, COALESCE(OLD.percent, 0), COALESCE(OLD.amount, 0), OLD.starts)
     <> (NEW.tenant_id, NEW.account_id, NEW.of_offering, NEW.of_subscription, NEW.name, COALESCE(NEW.percent, 0), COALESCE(NEW.amount, 0), NEW.starts) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a discount never changes: it ends';
  END IF;
END //
DELIMITER ;
