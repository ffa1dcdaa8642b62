-- Keys of programs, which call the API without a browser.  A key acts as a user of a state of its own, so that
-- rights, ceilings and audit know no second kind of who asks: state `key` has no password, and everything that
-- signs in, resets, invites or looks as somebody asks for another state.
ALTER TABLE user MODIFY state ENUM('active','closed','invited','key') NOT NULL DEFAULT 'active';

-- A row stays when the key is over: the audit names it.
CREATE TABLE api_key (
  id         BIGINT     NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id  BIGINT     NOT NULL,   -- that of the user, for the lists
  user_id    BIGINT     NOT NULL,
  token_hash BINARY(32) NOT NULL,   -- of the whole secret, which is kept nowhere
  prefix     CHAR(12)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created    DATETIME   NOT NULL,
  author_id  BIGINT     NOT NULL,   -- who made it
  seen       DATETIME   NULL,
  expires    DATE       NOT NULL,   -- the first day on which it is good no more
  ended      DATETIME   NULL,
  UNIQUE KEY token_hash (token_hash),
  UNIQUE KEY user (user_id),
  KEY all_created (created, id),
  KEY tenant_created (tenant_id, created, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (author_id) REFERENCES user (id)
);
