-- Subscriptions as they are ordered and changed: what holds them, what they follow, and who changed what from which day.
-- A suspended stretch is a stretch of subscription_quantity with 0.
--
-- free_until: days before it are not billed.  committed_until: whoever ends it earlier says so.  parent_id: it is an add-on
-- of that one, and ends with it.  replaces_id: the one that ended on the day that this one begins.
ALTER TABLE subscription
  ADD COLUMN free_until      DATE   NULL,
  ADD COLUMN committed_until DATE   NULL,
  ADD COLUMN parent_id       BIGINT NULL,
  ADD COLUMN replaces_id     BIGINT NULL, ALGORITHM=INSTANT;
SET STATEMENT foreign_key_checks = 0 FOR
  ALTER TABLE subscription
    ADD CONSTRAINT subscription_parent FOREIGN KEY (parent_id) REFERENCES subscription (id),
    ADD CONSTRAINT subscription_replaces FOREIGN KEY (replaces_id) REFERENCES subscription (id), ALGORITHM=INPLACE;

-- Only added to.  effective: from which day.  quantity: how many since, where that changed.  until: the new end of what is
-- ended or renewed; NULL: none.  early: before the commitment is over.
CREATE TABLE subscription_change (
  id              BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  subscription_id BIGINT        NOT NULL,
  user_id         BIGINT        NULL,                -- NULL: the operator
  at              DATETIME      NOT NULL,
  kind            ENUM('ordered','quantity','replaced','suspended','resumed','ended','renewed') NOT NULL,
  effective       DATE          NOT NULL,
  quantity        DECIMAL(18,6) NULL,
  until           DATE          NULL,
  early           TINYINT       NOT NULL DEFAULT 0,
  KEY of_subscription (subscription_id, id),
  FOREIGN KEY (subscription_id) REFERENCES subscription (id),
  FOREIGN KEY (user_id) REFERENCES user (id)
);
