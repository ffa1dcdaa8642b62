-- What a bill run pays for each of its documents.

-- Bills of an account's period before are found without reading all that it ever had.
ALTER TABLE document
  DROP KEY account_id,
  ADD KEY account_id (account_id, customer_id, tenant_id, period_end),
  ALGORITHM=INPLACE, LOCK=NONE;

-- Most documents are of end customers: these cost a look-up, and not a statement that inserts nothing.
DROP TRIGGER IF EXISTS document_incoming;
DELIMITER //
CREATE TRIGGER document_incoming AFTER INSERT ON document FOR EACH ROW
  IF (SELECT c.buyer_id FROM customer c WHERE c.id = NEW.customer_id) IS NOT NULL THEN
    INSERT INTO incoming (id, buyer_id, issue_date)
    SELECT NEW.id, c.buyer_id, NEW.issue_date FROM customer c WHERE c.id = NEW.customer_id;
  END IF //
DELIMITER ;
