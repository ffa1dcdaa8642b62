-- What is a customer's carries the customer's segment, so that a role that is kept to segments finds its
-- rows in an index, as it finds customers.  Where a customer has gone to another segment and a row has
-- not followed yet, nobody who is kept to either of them sees the row.
ALTER TABLE account      ADD COLUMN segment_id BIGINT NOT NULL DEFAULT 0 AFTER customer_id;
ALTER TABLE subscription ADD COLUMN segment_id BIGINT NOT NULL DEFAULT 0 AFTER customer_id;
ALTER TABLE document     ADD COLUMN segment_id BIGINT NOT NULL DEFAULT 0 AFTER customer_id;
ALTER TABLE payment      ADD COLUMN segment_id BIGINT NOT NULL DEFAULT 0 AFTER customer_id;

UPDATE account t      JOIN customer c ON c.id = t.customer_id SET t.segment_id = c.segment_id;
UPDATE subscription t JOIN customer c ON c.id = t.customer_id SET t.segment_id = c.segment_id;
UPDATE document t     JOIN customer c ON c.id = t.customer_id SET t.segment_id = c.segment_id;
UPDATE payment t      JOIN customer c ON c.id = t.customer_id SET t.segment_id = c.segment_id;

ALTER TABLE account ALTER COLUMN segment_id DROP DEFAULT,
  ADD KEY all_segment_number (segment_id, number, id),
  ADD KEY tenant_segment_number (tenant_id, segment_id, number, id),
  ADD CONSTRAINT account_segment FOREIGN KEY (segment_id) REFERENCES segment (id);
ALTER TABLE subscription ALTER COLUMN segment_id DROP DEFAULT,
  ADD KEY all_segment_starts (segment_id, starts, id),
  ADD KEY tenant_segment_starts (tenant_id, segment_id, starts, id),
  ADD CONSTRAINT subscription_segment FOREIGN KEY (segment_id) REFERENCES segment (id);
ALTER TABLE document ALTER COLUMN segment_id DROP DEFAULT,
  ADD KEY all_segment_issue_date (segment_id, issue_date, id),
  ADD KEY tenant_segment_issue_date (tenant_id, segment_id, issue_date, id),
  ADD KEY all_segment_settled_issue_date (segment_id, settled, issue_date, id),
  ADD KEY tenant_segment_settled_issue_date (tenant_id, segment_id, settled, issue_date, id),
  ADD CONSTRAINT document_segment FOREIGN KEY (segment_id) REFERENCES segment (id);
ALTER TABLE payment ALTER COLUMN segment_id DROP DEFAULT,
  ADD KEY all_segment_received (segment_id, received, id),
  ADD KEY tenant_segment_received (tenant_id, segment_id, received, id),
  ADD CONSTRAINT payment_segment FOREIGN KEY (segment_id) REFERENCES segment (id);
