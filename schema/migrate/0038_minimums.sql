-- Minimums of an edge: what a seller charges an account at least for a period.
--
-- Of one account, or of all accounts under an agreement; the account's own one wins.  An account has the minimum of the first day
-- of its period, and the whole of it: nothing is prorated.  Ended before its first day it never was.
CREATE TABLE minimum (
  id           BIGINT   NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id    BIGINT   NOT NULL,                     -- who sells, and sets it
  customer_id  BIGINT   NULL,                         -- of the account; of an agreement with one account that one's
  account_id   BIGINT   NULL,
  agreement_id BIGINT   NULL,
  resold       TINYINT  NOT NULL,                     -- of the account of a reseller, over all that is sold on
  offering_id  BIGINT   NOT NULL,                     -- as which the difference is billed: its name, its tax, its product
  amount       BIGINT   NOT NULL,                     -- minor units of the edge's currency, net
  starts       DATE     NOT NULL,
  ends         DATE     NOT NULL DEFAULT '9999-12-31',
  user_id      BIGINT   NULL,
  made         DATETIME NOT NULL,
  of_account   BIGINT AS (COALESCE(account_id, 0)) PERSISTENT,
  of_agreement BIGINT AS (COALESCE(agreement_id, 0)) PERSISTENT,
  KEY all_starts (starts, id),
  KEY tenant_starts (tenant_id, starts, id),
  KEY customer_starts (customer_id, starts, id),
  KEY resold_account (resold, of_account, starts),
  KEY of_agreement (of_agreement, of_account, starts),
  FOREIGN KEY (account_id, customer_id, tenant_id) REFERENCES account (id, customer_id, tenant_id),
  FOREIGN KEY (agreement_id) REFERENCES agreement (id),
  FOREIGN KEY (offering_id) REFERENCES offering (id),
  FOREIGN KEY (user_id) REFERENCES user (id),
  CHECK ((account_id IS NULL) <> (agreement_id IS NULL)),
  CHECK (amount > 0),
  CHECK (starts <= ends)
);

-- What a run topped up: the account was charged so much for the period, and so much is missing.  The thing is the billable of that
-- run and account with priced_for -1, for no rule prices it: on the edge of its seller alone.  trouble: why it is none.
CREATE TABLE minimum_use (
  run_id       BIGINT       NOT NULL,
  account_id   BIGINT       NOT NULL,
  minimum_id   BIGINT       NOT NULL,
  resold       TINYINT      NOT NULL,
  agreement_id BIGINT       NULL,
  charged      BIGINT       NOT NULL,
  amount       BIGINT       NOT NULL,
  tax_category VARCHAR(2)   CHARACTER SET ascii COLLATE ascii_bin NULL,
  tax_rate     DECIMAL(5,2) NULL,
  trouble      ENUM('agreement','currency','tax') NULL,
  PRIMARY KEY (run_id, account_id),
  FOREIGN KEY (run_id) REFERENCES bill_run (id),
  FOREIGN KEY (account_id) REFERENCES account (id),
  FOREIGN KEY (minimum_id) REFERENCES minimum (id),
  CHECK (amount > 0)
);

ALTER TABLE draft MODIFY reason ENUM('price','quantity','new','ended','tax','minimum') NULL;

DELIMITER //
CREATE TRIGGER minimum_frozen BEFORE UPDATE ON minimum FOR EACH ROW
BEGIN
  IF (OLD.tenant_id, OLD.of_account, OLD.of_agreement, OLD.offering_id, OLD.amount, OLD.starts)
     <> (NEW.tenant_id, NEW.of_account, NEW.of_agreement, NEW.offering_id, NEW.amount, NEW.starts) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a minimum never changes: it ends';
  END IF;
END //
DELIMITER ;
