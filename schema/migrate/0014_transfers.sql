-- A customer goes to another reseller on a day.  Who sells is a legal person, and what it issued stays its own:
-- at the new reseller the customer begins anew, with accounts and subscriptions like the old ones, which end.
CREATE TABLE transfer (
  id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id   BIGINT NOT NULL,                      -- whose customer it is until then
  customer_id BIGINT NOT NULL,
  to_id       BIGINT NOT NULL,
  day         DATE   NOT NULL,
  became_id   BIGINT NULL,                          -- the customer at the new reseller
  state       ENUM('planned','done','cancelled','refused') NOT NULL DEFAULT 'planned',
  open_of     BIGINT AS (IF(state = 'planned', customer_id, NULL)) PERSISTENT,
  UNIQUE KEY one_open (open_of),
  UNIQUE KEY became (became_id),
  KEY all_day (day, id),
  KEY due (state, day, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (customer_id) REFERENCES customer (id),
  FOREIGN KEY (to_id) REFERENCES tenant (id),
  FOREIGN KEY (became_id) REFERENCES customer (id)
);
