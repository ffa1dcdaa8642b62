-- Refunds: what is owed to an account is paid back.  Each is kept as it was asked for, and is a payment below 0 on every document
-- that something was owed on.

-- The same key asks for the same again and gets no other answer.
CREATE TABLE refund (
  id         BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  account_id BIGINT       NOT NULL,
  idem       VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  asked      BINARY(32)   NOT NULL,             -- SHA-256 of what was asked with it
  amount     BIGINT       NOT NULL,             -- minor units of the account's currency
  reason     VARCHAR(200) NOT NULL,
  user_id    BIGINT       NULL,
  made       DATETIME     NOT NULL,
  UNIQUE KEY once (account_id, idem),
  FOREIGN KEY (account_id) REFERENCES account (id),
  FOREIGN KEY (user_id) REFERENCES user (id),
  CHECK (amount > 0)
);

-- NULL: it was received.
ALTER TABLE payment ADD COLUMN IF NOT EXISTS refund_id BIGINT NULL, ALGORITHM=INSTANT;
