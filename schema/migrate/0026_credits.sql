-- Credits: what an issued invoice is corrected by, and how much of it that was so far.

-- What credit notes took off what is to be paid on an invoice; on a credit note, with the sign turned, what of it that
-- took.  Apart from `paid`, which is what was received and what settlements go by.
ALTER TABLE document
  ADD COLUMN credited BIGINT NOT NULL DEFAULT 0 AFTER paid,
  MODIFY settled TINYINT AS (paid + credited = gross) PERSISTENT;

-- One correction, as it was asked for.  The same key asks for the same again and gets no other answer.
CREATE TABLE credit (
  id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  document_id BIGINT       NOT NULL,             -- what was to be credited
  idem        VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  asked       BINARY(32)   NOT NULL,             -- SHA-256 of what was asked with it
  propagation ENUM('none','full') NOT NULL,
  reason      VARCHAR(200) NOT NULL DEFAULT '',
  user_id     BIGINT       NULL,
  made        DATETIME     NOT NULL,
  UNIQUE KEY once (document_id, idem),
  FOREIGN KEY (document_id) REFERENCES document (id),
  FOREIGN KEY (user_id) REFERENCES user (id)
);

-- The credit notes that it came to: its own, and with propagation those of the edges above.
CREATE TABLE credit_note (
  document_id BIGINT NOT NULL PRIMARY KEY,
  credit_id   BIGINT NOT NULL,
  corrects_id BIGINT NOT NULL,
  issued      DATE   NOT NULL,
  UNIQUE KEY once (credit_id, corrects_id),
  KEY issued (issued),
  FOREIGN KEY (document_id) REFERENCES document (id),
  FOREIGN KEY (credit_id) REFERENCES credit (id),
  FOREIGN KEY (corrects_id) REFERENCES document (id)
);

-- How much of a line is credited: never more than there is of it.  by_amount: not by quantities alone, so that what is
-- left of it has no quantity.
CREATE TABLE credited_line (
  document_id BIGINT        NOT NULL,
  account_id  BIGINT        NOT NULL,
  position    INT           NOT NULL,
  of_net      BIGINT        NOT NULL,
  net         BIGINT        NOT NULL,
  of_quantity DECIMAL(18,6) NOT NULL,
  quantity    DECIMAL(18,6) NOT NULL,
  by_amount   TINYINT       NOT NULL,
  PRIMARY KEY (document_id, account_id, position),
  FOREIGN KEY (document_id, account_id, position) REFERENCES document_line (document_id, account_id, position),
  CHECK (net BETWEEN LEAST(0, of_net) AND GREATEST(0, of_net)),
  CHECK (quantity BETWEEN LEAST(0, of_quantity) AND GREATEST(0, of_quantity))
);

-- The same of the edge ledger, by credits that go up the chain: begun on this edge, or passed on by the one below.
-- free: one that costs nothing here is credited, and so all of it above.
CREATE TABLE credited_charge (
  billable_id BIGINT  NOT NULL,
  position    TINYINT NOT NULL,
  of_net      BIGINT  NOT NULL,
  begun       BIGINT  NOT NULL DEFAULT 0,
  passed      BIGINT  NOT NULL DEFAULT 0,
  free        TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (billable_id, position),
  FOREIGN KEY (billable_id, position) REFERENCES charge (billable_id, position),
  CHECK (begun + passed BETWEEN LEAST(0, of_net) AND GREATEST(0, of_net))
);
