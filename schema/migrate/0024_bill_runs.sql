-- Bill runs as people run them: paused, cancelled, of one account alone; drafts beside the bill before; settlements as a list.
ALTER TABLE bill_run
  MODIFY phase ENUM('open','rated','checked','held','approved','issued','settled','cancelled','cancelling') NOT NULL DEFAULT 'open',
  ADD COLUMN paused       TINYINT  NOT NULL DEFAULT 0, -- no step of it is done until somebody resumes it
  ADD COLUMN account_id   BIGINT   NULL,              -- on demand: of this account alone
  ADD COLUMN of_accounts  BIGINT   NOT NULL DEFAULT 0, -- how many there are to rate
  ADD COLUMN cancelled_to BIGINT   NOT NULL DEFAULT 0,
  ADD COLUMN moved        DATETIME NULL,              -- since when it is in its phase, or goes on after a pause
  ADD COLUMN moved_done   BIGINT   NOT NULL DEFAULT 0, -- how many were done by then
  ADD KEY all_opened (opened, id),
  ADD FOREIGN KEY (account_id) REFERENCES account (id);

-- What a cancelled run had taken is free for the next run: its id stands in the key then, and nothing is deleted.
ALTER TABLE billable
  ADD COLUMN given_back BIGINT NOT NULL DEFAULT 0,
  ADD UNIQUE KEY once_live (account_id, offering_id, subscription_id, starts, usage_run, given_back),
  DROP KEY once;

-- By hand only before it is rated: from then on its draft is held.
ALTER TABLE bill_run_parked
  MODIFY reason ENUM('closed','seller_closed','error','hand') NOT NULL,
  ADD COLUMN id BIGINT NOT NULL AUTO_INCREMENT,
  ADD UNIQUE KEY id (id),
  ADD KEY all_run (run_id, id);

-- deviation: by how many per cent of it the gross differs from `previous`, the bills of the same account for the period
-- right before.  reason: of what differs most.
ALTER TABLE draft
  MODIFY state ENUM('draft','held','approved','numbered','issued','cancelled') NOT NULL DEFAULT 'draft',
  ADD COLUMN tenant_id BIGINT AS (seller_id) PERSISTENT,
  ADD COLUMN previous  BIGINT NULL,
  ADD COLUMN deviation INT    NOT NULL DEFAULT 0,
  ADD COLUMN reason    ENUM('price','quantity','new','ended','tax') NULL,
  ADD COLUMN hold      ENUM('outlier','hand') NULL,
  ADD COLUMN hold_text VARCHAR(200) NOT NULL DEFAULT '',
  ADD KEY all_deviation (deviation, id),
  ADD KEY tenant_deviation (tenant_id, deviation, id),
  ADD KEY run_deviation (run_id, deviation, id, tenant_id, state),
  ADD KEY all_gross (gross, id),
  ADD KEY tenant_gross (tenant_id, gross, id),
  ADD KEY run_gross (run_id, gross, id, tenant_id, state);

-- period_start: of the run, for lists by it.
ALTER TABLE settlement
  ADD COLUMN id BIGINT NOT NULL AUTO_INCREMENT,
  ADD COLUMN period_start DATE NOT NULL DEFAULT '1000-01-01',
  ADD UNIQUE KEY id (id),
  ADD KEY all_period_start (period_start, id),
  ADD KEY run_period_start (run_id, period_start, id),
  ADD KEY tenant_period_start (tenant_id, period_start, id),
  DROP KEY tenant_id;
UPDATE settlement t JOIN bill_run r ON r.id = t.run_id SET t.period_start = r.period_start;
