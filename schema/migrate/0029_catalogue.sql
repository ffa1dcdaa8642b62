-- The catalogue is written by its owners, and taxes by who sells: the list price stands in offering_price alone from now on,
-- and rules of tax are listed.
-- The column price of an offering is what the demo began with; nobody is shown it any more.
ALTER TABLE offering ALTER COLUMN price SET DEFAULT 0;

ALTER TABLE tax_rule
  ADD COLUMN tenant_id BIGINT AS (seller_id) PERSISTENT, -- whose row it is
  ADD KEY tenant_starts (tenant_id, starts, id),
  ADD KEY all_starts (starts, id);

-- Which period was billed last, from the end.
ALTER TABLE bill_run ADD KEY all_period_end (period_end);
