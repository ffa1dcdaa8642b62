-- Mail, links that come by mail, and the second step of signing in.
ALTER TABLE user MODIFY state ENUM('active','closed','invited') NOT NULL DEFAULT 'active';

-- Mail that is to be sent: written in the transaction of the request, sent by portico-jobs.  A row holds no
-- secret: the token of a link is a keyed hash of the nonce, made while the mail is written and kept nowhere.
-- The address is what somebody typed, known or not; it and the nonce are wiped once the row is done.
-- done: sent, or there was nobody to send it to.
CREATE TABLE outbox (
  id      BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  kind    ENUM('reset','invitation') NOT NULL,
  host    VARCHAR(253) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- whose brand it is
  origin  VARCHAR(300) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- how links begin
  email   VARCHAR(200) NOT NULL,  -- of a reset
  user_id BIGINT       NULL,      -- of an invitation
  nonce   BINARY(16)   NOT NULL,
  created DATETIME     NOT NULL,
  due     DATETIME     NOT NULL,  -- not tried again before
  tries   INT          NOT NULL DEFAULT 0,
  state   ENUM('waiting','done','given_up') NOT NULL DEFAULT 'waiting',
  KEY state_due (state, due, id),
  KEY created (created),
  KEY user (user_id),
  KEY host (host),
  FOREIGN KEY (host) REFERENCES host (name),
  FOREIGN KEY (user_id) REFERENCES user (id)
);

-- Links that were sent, by the hash of their token.  A used one stays a while: the same mail may be sent
-- twice, and the second one must not make the link good again.
CREATE TABLE credential (
  token_hash BINARY(32) NOT NULL PRIMARY KEY,
  user_id    BIGINT     NOT NULL,
  kind       ENUM('reset','invitation') NOT NULL,
  ends       DATETIME   NOT NULL,
  used       DATETIME   NULL,
  KEY user_ends (user_id, ends),
  KEY ends (ends),
  FOREIGN KEY (user_id) REFERENCES user (id)
);

-- The second step of signing in.  The secret is sealed under the deployment's key and bound to the user.
CREATE TABLE totp (
  user_id   BIGINT        NOT NULL PRIMARY KEY,
  secret    VARBINARY(64) NOT NULL,
  is_on     TINYINT       NOT NULL DEFAULT 0, -- 0 until the first right code
  last_step BIGINT        NOT NULL DEFAULT 0, -- of the newest code that was used
  FOREIGN KEY (user_id) REFERENCES user (id)
);

-- Codes for when the device is lost, by keyed hash; one that was used is deleted.
CREATE TABLE recovery_code (
  user_id BIGINT     NOT NULL,
  hash    BINARY(32) NOT NULL,
  PRIMARY KEY (user_id, hash),
  FOREIGN KEY (user_id) REFERENCES user (id)
);
