-- Usage events never change as to money: what a run took of them is said by ranges of their ids.

-- A range holds the events of that account and offering whose day is in [starts, ends) and above < id <= upto.  Of one
-- account, offering and period no two overlap, so above is a range's name: whoever takes the same twice is refused.
-- Nothing but what an account used leads here, so the offering has no key of its own.
DROP TABLE IF EXISTS usage_range;
CREATE TABLE usage_range (
  run_id      BIGINT        NOT NULL,
  account_id  BIGINT        NOT NULL,
  offering_id BIGINT        NOT NULL,
  starts      DATE          NOT NULL,            -- the period in which it was used: an earlier one than the run's where it came late
  ends        DATE          NOT NULL,
  above       BIGINT        NOT NULL,
  upto        BIGINT        NOT NULL,
  quantity    DECIMAL(18,6) NOT NULL,
  billed      TINYINT       NOT NULL DEFAULT 0,  -- it is on an issued document, or included and nothing waits to be issued
  PRIMARY KEY (account_id, offering_id, starts, above),
  KEY run (run_id, account_id, offering_id, starts, ends, quantity),
  FOREIGN KEY (run_id) REFERENCES bill_run (id),
  FOREIGN KEY (account_id) REFERENCES account (id),
  CHECK (starts < ends),
  CHECK (above < upto)
);

-- Of each period in which a run took something: events that follow each other by id and were taken by the same run are a range.
INSERT IGNORE INTO usage_range (run_id, account_id, offering_id, starts, ends, above, upto, quantity, billed)
SELECT y.run_id, y.account_id, y.offering_id, y.starts, y.ends, MIN(y.id) - 1, MAX(y.id), SUM(y.quantity), y.billed
  FROM (SELECT x.*, ROW_NUMBER() OVER (PARTITION BY x.account_id, x.offering_id, x.starts ORDER BY x.id)
                  - ROW_NUMBER() OVER (PARTITION BY x.account_id, x.offering_id, x.starts, x.run_id, x.billed ORDER BY x.id) AS island
          FROM (SELECT e.id, e.account_id, e.offering_id, e.quantity, IF(e.state IN ('rated', 'billed'), e.run_id, NULL) AS run_id, e.state = 'billed' AS billed, k.starts, k.ends
                  FROM (SELECT DISTINCT t.account_id, t.offering_id, t.starts, t.ends FROM usage_total t) k
                  JOIN usage_event e ON e.account_id = k.account_id AND e.offering_id = k.offering_id AND e.day >= k.starts AND e.day < k.ends) x) y
 WHERE y.run_id IS NOT NULL
 GROUP BY y.account_id, y.offering_id, y.starts, y.ends, y.run_id, y.billed, y.island;

-- Where a later run has to look for what no run has: events of that account and offering of these days, none newer than upto.
-- That something is in here says no more than that, and it may be in here twice.
DROP TABLE IF EXISTS usage_late;
CREATE TABLE usage_late (
  id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  account_id  BIGINT NOT NULL,
  offering_id BIGINT NOT NULL,
  starts      DATE   NOT NULL,
  ends        DATE   NOT NULL,
  upto        BIGINT NOT NULL,
  KEY account (account_id, upto),
  FOREIGN KEY (account_id) REFERENCES account (id),
  CHECK (starts < ends)
);
INSERT INTO usage_late (account_id, offering_id, starts, ends, upto)
SELECT e.account_id, e.offering_id, e.day, e.day + INTERVAL 1 DAY, MAX(e.id)
  FROM usage_event e
 WHERE e.state NOT IN ('rated', 'billed') AND e.day < (SELECT MAX(r.period_end) FROM bill_run r WHERE r.live_of IS NOT NULL)
 GROUP BY e.account_id, e.offering_id, e.day;

DROP TABLE IF EXISTS usage_total;
RENAME TABLE IF EXISTS usage_range TO usage_total;

-- A period touches two months at most, so what is new of one is two ranges of the index and nothing of other months, and what an account used
-- of an offering in a period is read from it alone.
ALTER TABLE usage_event
  DROP KEY IF EXISTS rating,
  DROP COLUMN IF EXISTS state,
  DROP COLUMN IF EXISTS run_id,
  ADD COLUMN IF NOT EXISTS month MEDIUMINT AS (YEAR(day) * 12 + MONTH(day)) PERSISTENT;
ALTER TABLE usage_event ADD KEY IF NOT EXISTS rating (month, account_id, offering_id, day, quantity), ALGORITHM=INPLACE, LOCK=NONE;

-- Has any run a day?  Asked of each set that comes in.
ALTER TABLE bill_run ADD KEY live_period (period_end, period_start, live_of), ALGORITHM=INPLACE, LOCK=NONE;
