-- What the provider settles with each tenant: a ledger of entries, a statement a period, pay-outs.
--
-- An entry is written once for each side and never changes, so that over all tenants what moves between them comes to
-- nothing.  A statement takes the entries of its period, and what came late for an earlier one; once it is closed
-- neither changes, and the next one begins with what it closed with.  Amounts are minor units, signed as they move what
-- the root owes the tenant.

-- What a tenant pays the root for collecting: per cent of what was collected in a period, and so much a period.
CREATE TABLE fee_rule (
  tenant_id BIGINT       NOT NULL,
  currency  CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  starts    DATE         NOT NULL,                -- for periods that end behind it
  rate      DECIMAL(9,6) NOT NULL DEFAULT 0,
  fixed     BIGINT       NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, currency, starts),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (currency) REFERENCES currency (code),
  CHECK (rate BETWEEN 0 AND 100 AND fixed >= 0)
);

-- A period that somebody closes, for all tenants or one.  Done again it finds what it missed and harms nothing.
CREATE TABLE closing (
  id           BIGINT   NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id    BIGINT   NULL,
  period_start DATE     NOT NULL,
  period_end   DATE     NOT NULL,
  asked        DATETIME NOT NULL,
  state        ENUM('waiting','done') NOT NULL DEFAULT 'waiting',
  of_tenant    BIGINT AS (COALESCE(tenant_id, 0)) PERSISTENT,
  UNIQUE KEY once (of_tenant, period_start),
  KEY due (state, period_start, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CHECK (period_start < period_end)
);

-- Who writes entries or closes statements counts this up first, so they wait for each other.
CREATE TABLE ledger_turn (
  id   TINYINT NOT NULL PRIMARY KEY,
  turn BIGINT  NOT NULL
);
INSERT IGNORE INTO ledger_turn (id, turn) VALUES (1, 0);

CREATE TABLE statement (
  id           BIGINT   NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id    BIGINT   NOT NULL,
  currency     CHAR(3)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  period_start DATE     NOT NULL,
  period_end   DATE     NOT NULL,
  state        ENUM('open','closed') NOT NULL DEFAULT 'open', -- open: only while it takes its entries
  opening      BIGINT   NOT NULL DEFAULT 0,
  sold         BIGINT   NOT NULL DEFAULT 0,     -- gross of its documents to end customers; tells, and moves nothing
  channel      BIGINT   NOT NULL DEFAULT 0,     -- gross of its documents to tenants below it
  cost         BIGINT   NOT NULL DEFAULT 0,     -- gross of the documents addressed to it
  commission   BIGINT   NOT NULL DEFAULT 0,
  collected    BIGINT   NOT NULL DEFAULT 0,     -- what the root received for it
  paid_in      BIGINT   NOT NULL DEFAULT 0,     -- what it paid the root itself
  fees         BIGINT   NOT NULL DEFAULT 0,
  paid_out     BIGINT   NOT NULL DEFAULT 0,
  closing      BIGINT   NOT NULL DEFAULT 0,     -- what the root owes it, or below zero it the root
  closed       DATETIME NULL,
  UNIQUE KEY once (tenant_id, currency, period_start),
  KEY open (state, period_start),
  KEY all_period_start (period_start, id),
  KEY tenant_period_start (tenant_id, period_start, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (currency) REFERENCES currency (code),
  CHECK (period_start < period_end),
  CHECK (closing = opening + channel + cost + commission + collected + paid_in + fees + paid_out)
);

-- A batch of pay-outs.  Prepared ones can be cancelled: what they would have paid is free for the next one, and nothing is deleted.
CREATE TABLE payout (
  id        BIGINT   NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id BIGINT   NOT NULL,                  -- who pays: the root
  party_id  BIGINT   NOT NULL,                  -- as it stood then: name and account that are charged
  user_id   BIGINT   NULL,
  execution DATE     NOT NULL,                  -- day that the bank is asked to pay on
  minimum   DECIMAL(18,6) NOT NULL,
  state     ENUM('prepared','sent','cancelled') NOT NULL DEFAULT 'prepared',
  created   DATETIME NOT NULL,
  sent      DATE     NULL,
  KEY all_created (created, id),
  KEY all_state_created (state, created, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (party_id) REFERENCES party (id),
  FOREIGN KEY (user_id) REFERENCES user (id)
);

-- A statement is paid out once: given_back is the pay-out itself where that was cancelled.
CREATE TABLE payout_line (
  id           BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  payout_id    BIGINT       NOT NULL,
  statement_id BIGINT       NOT NULL,
  tenant_id    BIGINT       NOT NULL,
  currency     CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount       BIGINT       NOT NULL,
  name         VARCHAR(70)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- as banks take it
  iban         VARCHAR(34)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bic          VARCHAR(11)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reference    VARCHAR(35)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- end to end
  given_back   BIGINT       NOT NULL DEFAULT 0,
  UNIQUE KEY once (statement_id, given_back),
  UNIQUE KEY reference (reference),
  KEY payout (payout_id, currency, id),
  KEY tenant (tenant_id, currency, given_back),
  FOREIGN KEY (payout_id) REFERENCES payout (id),
  FOREIGN KEY (statement_id) REFERENCES statement (id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CHECK (amount > 0)
);

-- What a batch could not pay, and why.
CREATE TABLE payout_left (
  payout_id    BIGINT NOT NULL,
  statement_id BIGINT NOT NULL,
  amount       BIGINT NOT NULL,
  reason       ENUM('minimum','iban_missing','iban_wrong','name') NOT NULL,
  PRIMARY KEY (payout_id, statement_id),
  FOREIGN KEY (payout_id) REFERENCES payout (id),
  FOREIGN KEY (statement_id) REFERENCES statement (id)
);

-- source: what it comes from, once a tenant and kind.  A commission comes from the payment that it was earned, or lost, by.
CREATE TABLE entry (
  id           BIGINT  NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id    BIGINT  NOT NULL,
  currency     CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day          DATE    NOT NULL,
  kind         ENUM('sale','channel','cost','commission','collected','paid_in','fee','paid_out') NOT NULL,
  amount       BIGINT  NOT NULL,
  document_id  BIGINT  NULL,
  payment_id   BIGINT  NULL,
  payout_id    BIGINT  NULL,
  fee_of       BIGINT  NULL,                    -- the statement that the fee is for
  statement_id BIGINT  NULL,                    -- NULL: none yet
  source       BIGINT AS (COALESCE(payment_id, payout_id, fee_of, document_id)) PERSISTENT,
  UNIQUE KEY once (tenant_id, kind, currency, source),
  KEY waiting (statement_id, tenant_id, currency, day),
  KEY all_day (day, id),
  KEY tenant_day (tenant_id, day, id),
  KEY statement_day (statement_id, day, id, tenant_id),
  KEY document_kind (document_id, kind, tenant_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (currency) REFERENCES currency (code),
  FOREIGN KEY (document_id) REFERENCES document (id),
  FOREIGN KEY (payment_id) REFERENCES payment (id),
  FOREIGN KEY (payout_id) REFERENCES payout (id),
  FOREIGN KEY (fee_of) REFERENCES statement (id),
  FOREIGN KEY (statement_id) REFERENCES statement (id)
);

DELIMITER //
CREATE TRIGGER statement_frozen BEFORE UPDATE ON statement FOR EACH ROW
BEGIN
  IF OLD.state = 'closed' THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a closed statement never changes';
  END IF;
END //
CREATE TRIGGER statement_kept BEFORE DELETE ON statement FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a statement is never deleted' //
CREATE TRIGGER entry_new BEFORE INSERT ON entry FOR EACH ROW
BEGIN
  IF NEW.statement_id IS NOT NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a statement takes its entries itself';
  END IF;
END //
CREATE TRIGGER entry_frozen BEFORE UPDATE ON entry FOR EACH ROW
BEGIN
  IF (OLD.tenant_id, OLD.currency, OLD.day, OLD.kind, OLD.amount) <> (NEW.tenant_id, NEW.currency, NEW.day, NEW.kind, NEW.amount)
     OR NOT (OLD.document_id <=> NEW.document_id) OR NOT (OLD.payment_id <=> NEW.payment_id) OR NOT (OLD.payout_id <=> NEW.payout_id)
     OR NOT (OLD.fee_of <=> NEW.fee_of) OR OLD.statement_id IS NOT NULL
     OR NOT EXISTS (SELECT 1 FROM statement s WHERE s.id = NEW.statement_id AND s.state = 'open') THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an entry never changes, and a closed statement takes none';
  END IF;
END //
CREATE TRIGGER entry_kept BEFORE DELETE ON entry FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an entry is never deleted' //
CREATE TRIGGER payout_frozen BEFORE UPDATE ON payout FOR EACH ROW
BEGIN
  IF OLD.state <> 'prepared' OR (OLD.tenant_id, OLD.party_id, OLD.execution, OLD.minimum) <> (NEW.tenant_id, NEW.party_id, NEW.execution, NEW.minimum) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a pay-out that was sent or cancelled never changes';
  END IF;
END //
CREATE TRIGGER payout_line_frozen BEFORE UPDATE ON payout_line FOR EACH ROW
BEGIN
  IF (OLD.payout_id, OLD.statement_id, OLD.tenant_id, OLD.currency, OLD.amount, OLD.name, OLD.iban, OLD.bic, OLD.reference)
     <> (NEW.payout_id, NEW.statement_id, NEW.tenant_id, NEW.currency, NEW.amount, NEW.name, NEW.iban, NEW.bic, NEW.reference) OR OLD.given_back <> 0 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a pay-out never changes';
  END IF;
END //
DELIMITER ;
