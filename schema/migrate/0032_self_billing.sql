-- Self-billing: what an agent earned becomes a document that the house which owes it writes in the agent's name.
--
-- A document of its own and no row of `document`: that is of an account of who sells, and a house that pays commissions is no
-- customer of its agents; nor is it open, overdue or dunned, for it is settled by a statement.

-- Its numbers are the agent's, in series of their own.
ALTER TABLE series MODIFY kind ENUM('invoice','credit_note','self_billed','self_credit') NOT NULL;

-- The last day that the tax id is good on; NULL: no end is known.
ALTER TABLE party ADD COLUMN tax_id_until DATE NULL, ALGORITHM=INSTANT;

-- One, frozen when it is written.  The agent sells the service, so it is the tenant; who bought it writes the document.
CREATE TABLE self_bill (
  id              BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id       BIGINT      NOT NULL,
  buyer_id        BIGINT      NOT NULL,
  kind            ENUM('self_billed','self_credit') NOT NULL, -- UNTDID 1001: 389, 261
  number          VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  corrects_id     BIGINT      NULL,
  issue_date      DATE        NOT NULL,
  period_start    DATE        NOT NULL,
  period_end      DATE        NOT NULL,
  sequence        SMALLINT    NOT NULL,         -- a further one of the period: of very many bills, or of what was refused first
  language        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency        CHAR(3)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  net             BIGINT      NOT NULL,
  tax             BIGINT      NOT NULL,
  gross           BIGINT      NOT NULL,
  seller_party_id BIGINT      NOT NULL,
  buyer_party_id  BIGINT      NOT NULL,
  brand_id        BIGINT      NOT NULL,
  pdf_sha256      BINARY(32)  NULL,
  UNIQUE KEY seller_number (tenant_id, number),
  UNIQUE KEY once (tenant_id, buyer_id, currency, period_start, sequence),
  KEY all_issue_date (issue_date, id),
  KEY tenant_issue_date (tenant_id, issue_date, id),
  KEY buyer_issue_date (buyer_id, issue_date, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (buyer_id) REFERENCES tenant (id),
  FOREIGN KEY (currency) REFERENCES currency (code),
  FOREIGN KEY (corrects_id) REFERENCES self_bill (id),
  FOREIGN KEY (seller_party_id) REFERENCES party (id),
  FOREIGN KEY (buyer_party_id) REFERENCES party (id),
  FOREIGN KEY (brand_id) REFERENCES brand (id),
  CHECK (net + tax = gross),
  CHECK (tenant_id <> buyer_id)
);

-- What was earned on one bill to a customer, or given back.
CREATE TABLE self_bill_line (
  self_bill_id BIGINT       NOT NULL,
  position     INT          NOT NULL,
  document_id  BIGINT       NOT NULL,
  base         BIGINT       NOT NULL,            -- net share of what was received
  rate         DECIMAL(9,6) NOT NULL,
  net          BIGINT       NOT NULL,
  tax_category VARCHAR(2)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tax_rate     DECIMAL(5,2) NOT NULL,
  tax          BIGINT       NOT NULL,
  corrects_id  BIGINT       NULL,                -- where something is given back: the one that it was on
  PRIMARY KEY (self_bill_id, position),
  KEY document (document_id, self_bill_id),
  FOREIGN KEY (self_bill_id) REFERENCES self_bill (id),
  FOREIGN KEY (document_id) REFERENCES document (id),
  FOREIGN KEY (corrects_id) REFERENCES self_bill (id)
);

-- How an entry of a commission came to its amount: what an agent earned, or gave back, by one payment.  Written with the
-- entry; self_bill_id is the document that it is on, and refused why the last closing could not put it on one.
CREATE TABLE earning (
  id           BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id    BIGINT       NOT NULL,            -- the agent
  seller_id    BIGINT       NOT NULL,            -- who sold, and owes it
  agreement_id BIGINT       NOT NULL,
  currency     CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day          DATE         NOT NULL,
  document_id  BIGINT       NOT NULL,
  payment_id   BIGINT       NOT NULL,
  base         BIGINT       NOT NULL,
  rate         DECIMAL(9,6) NOT NULL,
  net          BIGINT       NOT NULL,
  tax_rate     DECIMAL(5,2) NOT NULL,
  tax          BIGINT       NOT NULL,
  self_bill_id BIGINT       NULL,
  refused      ENUM('agreement_missing','agreement_lapsed','tax_id_missing','tax_id_lapsed') NULL,
  UNIQUE KEY once (tenant_id, payment_id),
  KEY document (document_id, tenant_id),
  KEY waiting (self_bill_id, tenant_id, seller_id, currency, document_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (seller_id) REFERENCES tenant (id),
  FOREIGN KEY (agreement_id) REFERENCES agreement (id),
  FOREIGN KEY (currency) REFERENCES currency (code),
  FOREIGN KEY (document_id) REFERENCES document (id),
  FOREIGN KEY (payment_id) REFERENCES payment (id),
  FOREIGN KEY (self_bill_id) REFERENCES self_bill (id)
);

-- What was earned before there were documents: of their entries the gross is known, so that tax is taken out of it.
INSERT INTO earning (tenant_id, seller_id, agreement_id, currency, day, document_id, payment_id, base, rate, net, tax_rate, tax)
SELECT x.tenant_id, x.seller_id, x.agreement_id, x.currency, x.day, x.document_id, x.payment_id, COALESCE(ROUND(x.net * 100 / NULLIF(x.rate, 0)), 0), x.rate, x.net,
       x.tax_rate, x.amount - x.net
  FROM (SELECT e.tenant_id, t.tenant_id AS seller_id, d.agreement_id, e.currency, e.day, e.document_id, e.payment_id, m.rate, m.tax_rate, e.amount,
               ROUND(e.amount * 100 / (100 + m.tax_rate)) AS net
          FROM entry e
          JOIN document t ON t.id = e.document_id AND t.tenant_id <> e.tenant_id
          JOIN draft d ON d.document_id = COALESCE(t.corrects_id, t.id)
          JOIN agreement_agent m ON m.agreement_id = d.agreement_id AND m.tenant_id = e.tenant_id
         WHERE e.kind = 'commission') x;

DELIMITER //
CREATE TRIGGER self_bill_frozen BEFORE UPDATE ON self_bill FOR EACH ROW
BEGIN
  IF (OLD.tenant_id, OLD.buyer_id, OLD.kind, OLD.number, OLD.issue_date, OLD.period_start, OLD.period_end, OLD.sequence, OLD.language, OLD.currency,
      OLD.net, OLD.tax, OLD.gross, OLD.seller_party_id, OLD.buyer_party_id, OLD.brand_id)
     <> (NEW.tenant_id, NEW.buyer_id, NEW.kind, NEW.number, NEW.issue_date, NEW.period_start, NEW.period_end, NEW.sequence, NEW.language, NEW.currency,
      NEW.net, NEW.tax, NEW.gross, NEW.seller_party_id, NEW.buyer_party_id, NEW.brand_id)
     OR NOT (OLD.corrects_id <=> NEW.corrects_id)
     OR (OLD.pdf_sha256 IS NOT NULL AND NOT (OLD.pdf_sha256 <=> NEW.pdf_sha256)) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document never changes';
  END IF;
END //
CREATE TRIGGER self_bill_kept BEFORE DELETE ON self_bill FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document is never deleted' //
CREATE TRIGGER self_bill_line_frozen BEFORE UPDATE ON self_bill_line FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document never changes' //
CREATE TRIGGER self_bill_line_kept BEFORE DELETE ON self_bill_line FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document never changes' //
CREATE TRIGGER earning_frozen BEFORE UPDATE ON earning FOR EACH ROW
BEGIN
  IF (OLD.tenant_id, OLD.seller_id, OLD.agreement_id, OLD.currency, OLD.day, OLD.document_id, OLD.payment_id, OLD.base, OLD.rate, OLD.net, OLD.tax_rate, OLD.tax)
     <> (NEW.tenant_id, NEW.seller_id, NEW.agreement_id, NEW.currency, NEW.day, NEW.document_id, NEW.payment_id, NEW.base, NEW.rate, NEW.net, NEW.tax_rate, NEW.tax)
     OR OLD.self_bill_id IS NOT NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'what was earned never changes, and is on one document';
  END IF;
END //
CREATE TRIGGER earning_kept BEFORE DELETE ON earning FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'what was earned is never deleted' //
DELIMITER ;
