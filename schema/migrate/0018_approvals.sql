-- What somebody asked for and somebody else has to agree to, as it was asked: the address, the members of the body, and
-- the tag of what the asker saw.  It is done as the asker, by the handler of that address, when somebody else agrees.
-- No action with a password in its body can be here.
CREATE TABLE approval (
  id         BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id  BIGINT       NOT NULL,               -- of who asked
  user_id    BIGINT       NOT NULL,               -- who asked
  action     VARCHAR(60)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  handler    VARCHAR(60)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- of the route
  object_id  BIGINT       NULL,                   -- the :id of the address
  body       MEDIUMTEXT   NOT NULL,
  tag        VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- If-Match; '' where none is needed
  host       VARCHAR(253) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- that it was asked at: links of mails lead there
  port       VARCHAR(5)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  https      BOOLEAN      NOT NULL,
  created    DATETIME     NOT NULL,
  expires    DATETIME     NOT NULL,
  state      ENUM('waiting','done','failed','refused','withdrawn','expired') NOT NULL DEFAULT 'waiting',
  decider_id BIGINT       NULL,                   -- NULL where the operator decided
  decided    DATETIME     NULL,
  reason     VARCHAR(200) NOT NULL DEFAULT '',
  problem    VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '', -- why it failed
  KEY tenant_created (tenant_id, created, id),
  KEY tenant_state_created (tenant_id, state, created, id),
  KEY own_created (user_id, created, id),
  KEY own_state_created (user_id, state, created, id),
  KEY due (state, expires),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (decider_id) REFERENCES user (id)
);

-- When a code of the second step was given in it; NULL: not since the sign-in.
ALTER TABLE session ADD COLUMN proved DATETIME NULL;
