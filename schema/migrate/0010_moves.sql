-- A tenant goes to another parent on a day, with all below it.  The tree changes in one transaction; the
-- rows of customers and documents, which carry their ancestors, follow in the background.
CREATE TABLE move (
  id        BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id BIGINT NOT NULL,
  from_id   BIGINT NOT NULL,                      -- its parent when the move was asked for
  parent_id BIGINT NOT NULL,
  day       DATE   NOT NULL,
  state     ENUM('planned','moving','done','cancelled','refused') NOT NULL DEFAULT 'planned',
  open_of   BIGINT AS (IF(state IN ('planned','moving'), tenant_id, NULL)) PERSISTENT,
  UNIQUE KEY one_open (open_of),
  KEY all_day (day, id),
  KEY due (state, day, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (from_id) REFERENCES tenant (id),
  FOREIGN KEY (parent_id) REFERENCES tenant (id)
);
