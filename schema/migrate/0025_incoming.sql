-- Bills that one house of the channel gets from another, as who gets them sees them.  A row beside the document, so that
-- the many bills of end customers need neither a column nor an index for it; written with the document, whoever writes that.
CREATE TABLE incoming (
  id         BIGINT NOT NULL PRIMARY KEY,         -- the document
  buyer_id   BIGINT NOT NULL,
  issue_date DATE   NOT NULL,
  KEY all_issue_date (issue_date, id),
  KEY buyer_issue_date (buyer_id, issue_date, id),
  FOREIGN KEY (id) REFERENCES document (id),
  FOREIGN KEY (buyer_id) REFERENCES tenant (id)
);
INSERT INTO incoming (id, buyer_id, issue_date)
SELECT d.id, c.buyer_id, d.issue_date FROM customer c JOIN document d ON d.customer_id = c.id WHERE c.buyer_id IS NOT NULL;

DELIMITER //
CREATE TRIGGER document_incoming AFTER INSERT ON document FOR EACH ROW
  INSERT INTO incoming (id, buyer_id, issue_date)
  SELECT NEW.id, c.buyer_id, NEW.issue_date FROM customer c WHERE c.id = NEW.customer_id AND c.buyer_id IS NOT NULL //
CREATE TRIGGER incoming_frozen BEFORE UPDATE ON incoming FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document never changes' //
CREATE TRIGGER incoming_kept BEFORE DELETE ON incoming FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document is never deleted' //
DELIMITER ;
