-- Edges of other currencies than what their prices are made of: the provider's rates, and which one each edge went by.

-- What one of a currency is worth in another one from a civil day on, in that direction alone.  Only added to: what corrects a
-- rate is a later row, of the same day or another, and never of a day that something was billed by (exchange_rate_billed).
CREATE TABLE exchange_rate (
  id            BIGINT         NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id     BIGINT         NOT NULL,         -- whose it is: the root
  from_currency CHAR(3)        CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_currency   CHAR(3)        CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day           DATE           NOT NULL,
  rate          DECIMAL(18,12) NOT NULL,
  source        VARCHAR(100)   NOT NULL,         -- who says so: "ECB reference rate"
  user_id       BIGINT         NULL,             -- who set it; NULL: the operator, or the demo
  set_at        DATETIME       NOT NULL,
  KEY pair (from_currency, to_currency, day, id),
  KEY all_day (day, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (from_currency) REFERENCES currency (code),
  FOREIGN KEY (to_currency) REFERENCES currency (code),
  FOREIGN KEY (user_id) REFERENCES user (id),
  CHECK (rate > 0 AND from_currency <> to_currency)
);

-- priced_in: the currency of what the price is made of (the list price, or the price of the edge above) where it is another
-- one; then rate is what it was converted at.  cost_rate: what the edge above is converted at for the margin of who sells
-- here, where that one is of another currency; NULL as well where there is no rate, and the margin is not known.
ALTER TABLE chain_edge
  MODIFY trouble ENUM('agreement','list_price','rule','currency','tax','floor','too_much','rate') NULL,
  ADD COLUMN priced_in    CHAR(3)        CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN rate_id      BIGINT         NULL,
  ADD COLUMN rate         DECIMAL(18,12) NULL,
  ADD COLUMN rate_day     DATE           NULL,
  ADD COLUMN cost_rate_id BIGINT         NULL,
  ADD COLUMN cost_rate    DECIMAL(18,12) NULL,
  ALGORITHM=INSTANT;
ALTER TABLE reject
  MODIFY reason ENUM('agreement','list_price','rule','currency','tax','floor','too_much','rate') NOT NULL,
  ALGORITHM=INSTANT;

-- What a tenant bought in one currency and sold on in another, in a run: how much of `bought` that is, and what it comes to
-- at one rate, rounded once.  It goes from the margin in the one currency to that in the other.
CREATE TABLE settlement_conversion (
  run_id        BIGINT  NOT NULL,
  tenant_id     BIGINT  NOT NULL,
  rate_id       BIGINT  NOT NULL,
  from_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_currency   CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  cost          BIGINT  NOT NULL,                -- minor units of from_currency
  converted     BIGINT  NOT NULL,                -- minor units of to_currency
  PRIMARY KEY (run_id, tenant_id, rate_id),
  FOREIGN KEY (run_id) REFERENCES bill_run (id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (rate_id) REFERENCES exchange_rate (id)
);

-- Of these, in the currency of the row: bought here and sold on in another one, and bought in another one, at the rates.
ALTER TABLE settlement
  ADD COLUMN cost_out BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN cost_in  BIGINT NOT NULL DEFAULT 0,
  ALGORITHM=INSTANT;

DELIMITER //
CREATE TRIGGER exchange_rate_frozen BEFORE UPDATE ON exchange_rate FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an exchange rate never changes' //
CREATE TRIGGER exchange_rate_kept BEFORE DELETE ON exchange_rate FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an exchange rate is never deleted' //
DELIMITER ;
