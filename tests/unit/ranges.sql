-- Usage as it was before 0037_usage_ranges.sql: each event with the run that has it, and sums by day.  Two runs of May that came
-- one after the other, one of June that is not through, and what no run has; ids of all of these lie among each other.
SET foreign_key_checks = 0;
INSERT INTO bill_run (id, tenant_id, cycle_day, period_start, period_end, sequence, issue_date, phase, last_account, opened) VALUES
  (1, 1, 1, '2026-05-01', '2026-06-01', 1, '2026-06-01', 'settled', 999, '2026-06-01'),
  (2, 1, 1, '2026-05-01', '2026-06-01', 2, '2026-06-01', 'issued', 999, '2026-06-01'),
  (3, 1, 1, '2026-06-01', '2026-07-01', 1, '2026-07-01', 'checked', 999, '2026-07-01');
INSERT INTO usage_event (id, tenant_id, customer_id, segment_id, account_id, offering_id, product_id, source_id, event, quantity, at, day, batch_id, line, run_id)
SELECT seq, 1, 1, 1, 100 + seq * 7 % 13, 1 + seq % 3, 1, 1, CONCAT('e', seq), 1 + seq % 5, '2026-05-01', '2026-05-01' + INTERVAL seq * 17 % 75 DAY, 1, 1,
       CASE WHEN seq % 11 = 0 OR seq * 17 % 75 >= 61 THEN NULL WHEN seq * 17 % 75 < 31 THEN ELT(1 + FLOOR(RAND(5) * 4), 1, 1, 2, 3) ELSE 3 END
  FROM seq_1_to_5000;
UPDATE usage_event SET state = IF(run_id < 3, 'billed', 'rated') WHERE run_id IS NOT NULL;
INSERT INTO usage_total (run_id, account_id, offering_id, day, quantity, starts, ends)
SELECT e.run_id, e.account_id, e.offering_id, e.day, SUM(e.quantity), IF(e.day < '2026-06-01', '2026-05-01', '2026-06-01'), IF(e.day < '2026-06-01', '2026-06-01', '2026-07-01')
  FROM usage_event e WHERE e.run_id IS NOT NULL GROUP BY e.run_id, e.account_id, e.offering_id, e.day;
CREATE TABLE was AS SELECT id, account_id, offering_id, day, quantity, run_id, state FROM usage_event;
CREATE TABLE was_total AS SELECT run_id, account_id, offering_id, starts, ends, SUM(quantity) AS quantity FROM usage_total GROUP BY run_id, account_id, offering_id, starts, ends;
