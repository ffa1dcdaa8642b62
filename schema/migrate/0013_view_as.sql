-- Somebody looks as another user does: read-only, for a while, and with a reason.  A row stays when the view is
-- over: what was typed as a reason is here, and not in the audit, which can never be erased.
CREATE TABLE view_as (
  id         BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  session_id BIGINT       NOT NULL,             -- of who looks; sessions go, this row stays
  viewer_id  BIGINT       NOT NULL,
  user_id    BIGINT       NOT NULL,             -- as whom
  reason     VARCHAR(200) NOT NULL,
  begun      DATETIME     NOT NULL,
  ends       DATETIME     NOT NULL,             -- at the latest
  ended      DATETIME     NULL,
  KEY due (ended, ends),
  FOREIGN KEY (viewer_id) REFERENCES user (id),
  FOREIGN KEY (user_id) REFERENCES user (id)
);

-- The view that the session's requests are answered in, also when it is over and who looks has not left it yet.
ALTER TABLE session ADD COLUMN view_id BIGINT NULL;
