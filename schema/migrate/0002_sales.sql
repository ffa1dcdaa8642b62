-- What is sold, what was billed, what was paid.

CREATE TABLE offering (
  id        BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id BIGINT        NOT NULL,
  code      VARCHAR(40)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name      VARCHAR(200)  NOT NULL,
  kind      ENUM('one_time','recurring','usage') NOT NULL,
  unit      VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  price     DECIMAL(18,6) NOT NULL,
  currency  CHAR(3)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  shared    TINYINT       NOT NULL DEFAULT 0,
  state     ENUM('active','ended') NOT NULL DEFAULT 'active',
  UNIQUE KEY tenant_code (tenant_id, code),
  KEY all_name (name, id),
  KEY shared_name (shared, name, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

CREATE TABLE subscription (
  id          BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id   BIGINT        NOT NULL,
  customer_id BIGINT        NOT NULL,
  account_id  BIGINT        NOT NULL,
  offering_id BIGINT        NOT NULL,
  quantity    DECIMAL(18,6) NOT NULL,
  unit_price  DECIMAL(18,6) NOT NULL,
  currency    CHAR(3)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  starts      DATE          NOT NULL,
  ends        DATE          NULL,
  state       ENUM('active','ended') NOT NULL DEFAULT 'active',
  KEY all_starts (starts, id),
  KEY tenant_starts (tenant_id, starts, id),
  KEY customer_starts (customer_id, starts, id),
  FOREIGN KEY (account_id, customer_id, tenant_id) REFERENCES account (id, customer_id, tenant_id),
  FOREIGN KEY (offering_id) REFERENCES offering (id)
);

-- The next number of a legal seller x kind x year; taken by one relative UPDATE in the issuing transaction.
CREATE TABLE series (
  tenant_id BIGINT   NOT NULL,
  kind      ENUM('invoice','credit_note') NOT NULL,
  year      SMALLINT NOT NULL,
  next      BIGINT   NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, kind, year),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- An issued document.  Everything on its face is frozen (trigger below); only what was
-- paid on it, and the hash of its first rendering, are filled in later.
CREATE TABLE document (
  id              BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id       BIGINT      NOT NULL,         -- the legal seller
  a1              BIGINT      NOT NULL DEFAULT 0,
  a2              BIGINT      NOT NULL DEFAULT 0,
  a3              BIGINT      NOT NULL DEFAULT 0,
  a4              BIGINT      NOT NULL DEFAULT 0,
  customer_id     BIGINT      NOT NULL,
  account_id      BIGINT      NOT NULL,
  kind            ENUM('invoice','credit_note') NOT NULL,
  number          VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  corrects_id     BIGINT      NULL,
  issue_date      DATE        NOT NULL,
  due_date        DATE        NOT NULL,
  period_start    DATE        NOT NULL,
  period_end      DATE        NOT NULL,
  language        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency        CHAR(3)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  net             BIGINT      NOT NULL,         -- minor units, negative on a credit note
  tax             BIGINT      NOT NULL,
  gross           BIGINT      NOT NULL,
  paid            BIGINT      NOT NULL DEFAULT 0,
  settled         TINYINT     AS (paid = gross) PERSISTENT,
  seller_party_id BIGINT      NOT NULL,
  buyer_party_id  BIGINT      NOT NULL,
  brand_id        BIGINT      NOT NULL,
  pdf_sha256      BINARY(32)  NULL,
  UNIQUE KEY seller_number (tenant_id, number),
  UNIQUE KEY owner (id, account_id),
  KEY all_issue_date (issue_date, id),
  KEY tenant_issue_date (tenant_id, issue_date, id),
  KEY customer_issue_date (customer_id, issue_date, id),
  KEY all_settled_issue_date (settled, issue_date, id),
  KEY tenant_settled_issue_date (tenant_id, settled, issue_date, id),
  KEY customer_settled_issue_date (customer_id, settled, issue_date, id),
  KEY all_number (number, id),
  KEY tenant_number (tenant_id, number, id),
  KEY customer_number (customer_id, number, id),
  FOREIGN KEY (account_id, customer_id, tenant_id) REFERENCES account (id, customer_id, tenant_id),
  FOREIGN KEY (corrects_id) REFERENCES document (id),
  FOREIGN KEY (seller_party_id) REFERENCES party (id),
  FOREIGN KEY (buyer_party_id) REFERENCES party (id),
  FOREIGN KEY (brand_id) REFERENCES brand (id),
  CHECK (net + tax = gross)
);

-- The account in the key makes a line on another account's document impossible.
CREATE TABLE document_line (
  document_id  BIGINT        NOT NULL,
  account_id   BIGINT        NOT NULL,
  position     INT           NOT NULL,
  code         VARCHAR(40)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  description  VARCHAR(300)  NOT NULL,
  period_start DATE          NOT NULL,
  period_end   DATE          NOT NULL,
  quantity     DECIMAL(18,6) NOT NULL,
  unit         VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  unit_price   DECIMAL(18,6) NOT NULL,
  net          BIGINT        NOT NULL,
  tax_category VARCHAR(2)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tax_rate     DECIMAL(5,2)  NOT NULL,
  PRIMARY KEY (document_id, account_id, position),
  FOREIGN KEY (document_id, account_id) REFERENCES document (id, account_id)
);

CREATE TABLE document_tax (
  document_id BIGINT       NOT NULL,
  category    VARCHAR(2)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  rate        DECIMAL(5,2) NOT NULL,
  base        BIGINT       NOT NULL,
  amount      BIGINT       NOT NULL,
  PRIMARY KEY (document_id, category, rate),
  FOREIGN KEY (document_id) REFERENCES document (id)
);

CREATE TABLE payment (
  id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id   BIGINT       NOT NULL,
  customer_id BIGINT       NOT NULL,
  account_id  BIGINT       NOT NULL,
  received    DATE         NOT NULL,
  amount      BIGINT       NOT NULL,
  currency    CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  method      ENUM('transfer','debit','card') NOT NULL,
  method_hint VARCHAR(8)   NOT NULL DEFAULT '',
  reference   VARCHAR(140) NOT NULL DEFAULT '',
  document_id BIGINT       NULL,
  KEY all_received (received, id),
  KEY tenant_received (tenant_id, received, id),
  KEY customer_received (customer_id, received, id),
  FOREIGN KEY (account_id, customer_id, tenant_id) REFERENCES account (id, customer_id, tenant_id),
  FOREIGN KEY (document_id, account_id) REFERENCES document (id, account_id)
);

DELIMITER //
CREATE TRIGGER document_frozen BEFORE UPDATE ON document FOR EACH ROW
BEGIN
  IF (OLD.tenant_id, OLD.customer_id, OLD.account_id, OLD.kind, OLD.number, OLD.issue_date, OLD.due_date,
      OLD.period_start, OLD.period_end, OLD.language, OLD.currency, OLD.net, OLD.tax, OLD.gross,
      OLD.seller_party_id, OLD.buyer_party_id, OLD.brand_id)
     <> (NEW.tenant_id, NEW.customer_id, NEW.account_id, NEW.kind, NEW.number, NEW.issue_date, NEW.due_date,
      NEW.period_start, NEW.period_end, NEW.language, NEW.currency, NEW.net, NEW.tax, NEW.gross,
      NEW.seller_party_id, NEW.buyer_party_id, NEW.brand_id)
     OR NOT (OLD.corrects_id <=> NEW.corrects_id)
     OR (OLD.pdf_sha256 IS NOT NULL AND NOT (OLD.pdf_sha256 <=> NEW.pdf_sha256)) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document never changes';
  END IF;
END //
CREATE TRIGGER document_kept BEFORE DELETE ON document FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document is never deleted' //
CREATE TRIGGER document_line_frozen BEFORE UPDATE ON document_line FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document never changes' //
CREATE TRIGGER document_line_kept BEFORE DELETE ON document_line FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document never changes' //
CREATE TRIGGER document_tax_frozen BEFORE UPDATE ON document_tax FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document never changes' //
CREATE TRIGGER document_tax_kept BEFORE DELETE ON document_tax FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document never changes' //
CREATE TRIGGER party_frozen BEFORE UPDATE ON party FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a party row never changes: add a new one' //
CREATE TRIGGER brand_frozen BEFORE UPDATE ON brand FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a brand version never changes: add a new one' //
DELIMITER ;
