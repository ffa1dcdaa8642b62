-- A draft gets its number and becomes a document in one transaction: a state between the two was never seen by anybody, and
-- cost three entries of its indexes each.
ALTER TABLE draft
  MODIFY state ENUM('draft','held','approved','issued','cancelled') NOT NULL DEFAULT 'draft';
