-- The audit as a chain: one link a row, in the order of the rows' ids, made by portico-jobs.  seq has no
-- hole; row_hash is over the row, link over the link before and all of this row.  fcgi/core/chain.h says
-- what exactly is hashed, and when a row may be sealed.

CREATE TABLE audit_seal (
  seq      BIGINT      NOT NULL PRIMARY KEY,
  audit_id BIGINT      NOT NULL,
  sealed   DATETIME(3) NOT NULL,
  row_hash BINARY(32)  NOT NULL,
  link     BINARY(32)  NOT NULL,
  UNIQUE KEY audit (audit_id)
);

-- When the next refusal of an action to a user is worth a row in the audit again.
CREATE TABLE audit_refusal (
  user_id BIGINT      NOT NULL,
  action  VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  until   DATETIME    NOT NULL,
  PRIMARY KEY (user_id, action)
);

-- The orders that the list can have; tenant_at is there.
ALTER TABLE audit
  ADD KEY all_at (at, id),
  ADD KEY user_at (user_id, at, id),
  ADD KEY all_action_at (action, at, id),
  ADD KEY tenant_action_at (tenant_id, action, at, id),
  ADD KEY user_action_at (user_id, action, at, id);
