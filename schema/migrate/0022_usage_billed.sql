-- Usage from its event to its charge.

-- Which run has it: of what is rated or billed.
ALTER TABLE usage_event ADD COLUMN run_id BIGINT NULL, ALGORITHM=INSTANT;
-- Runs sum what is received, and hold what they rated against it: both are in the index alone.
ALTER TABLE usage_event
  DROP KEY rating,
  ADD KEY rating (state, account_id, offering_id, day, class, time_of_day, zone, quantity, run_id),
  ALGORITHM=INPLACE, LOCK=NONE;

-- What a run took of an account's usage of an offering on a civil day: the sum of its events.  Nothing but rehearsals, each
-- in a database of its own, has ever filled the one before it.
-- A repeat finds it gone.
DROP TABLE IF EXISTS usage_total;
CREATE TABLE usage_total (
  run_id      BIGINT        NOT NULL,
  account_id  BIGINT        NOT NULL,
  offering_id BIGINT        NOT NULL,
  day         DATE          NOT NULL,
  quantity    DECIMAL(18,6) NOT NULL,
  starts      DATE          NOT NULL,            -- the period in which it was used: an earlier one than the run's where it came late
  ends        DATE          NOT NULL,
  PRIMARY KEY (run_id, account_id, offering_id, day),
  KEY period (account_id, offering_id, starts, run_id, quantity),
  FOREIGN KEY (run_id) REFERENCES bill_run (id),
  FOREIGN KEY (account_id) REFERENCES account (id),
  FOREIGN KEY (offering_id) REFERENCES offering (id),
  CHECK (starts <= day AND day < ends)
);

-- What came late is a thing of its own: of usage one a run, and a run takes an event that none has.
ALTER TABLE billable
  ADD COLUMN usage_run BIGINT NOT NULL DEFAULT 0,  -- of usage the run; 0: it is none
  ALGORITHM=INSTANT;
UPDATE billable SET usage_run = run_id WHERE subscription_id = 0;
ALTER TABLE billable
  DROP KEY once,
  ADD UNIQUE KEY once (account_id, offering_id, subscription_id, starts, usage_run),
  ALGORITHM=INPLACE, LOCK=NONE;
