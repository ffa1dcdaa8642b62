-- Groups of customers, who looks after a customer, and segments by rule.
--
-- What is a customer's carries its group and its agent, as it carries its segment, so that lists find their rows
-- in an index.  What counts is what the customer itself says; a row that says otherwise is hidden until it has
-- followed.  Only customers in groups get a value here: of ten million bills few are touched.

-- group_id: the head of the group, for the head as for its members; NULL where it has neither.
-- agent_id: a user of the customer's tenant.
ALTER TABLE customer
  ADD COLUMN group_id   BIGINT NULL,
  ADD COLUMN agent_id   BIGINT NULL,
  ADD COLUMN segment_by ENUM('rule','hand') NOT NULL DEFAULT 'rule',
  ALGORITHM=INSTANT;
ALTER TABLE account      ADD COLUMN group_id BIGINT NULL, ADD COLUMN agent_id BIGINT NULL, ALGORITHM=INSTANT;
ALTER TABLE subscription ADD COLUMN group_id BIGINT NULL, ADD COLUMN agent_id BIGINT NULL, ALGORITHM=INSTANT;
ALTER TABLE document     ADD COLUMN group_id BIGINT NULL, ADD COLUMN agent_id BIGINT NULL, ALGORITHM=INSTANT;
ALTER TABLE payment      ADD COLUMN group_id BIGINT NULL, ADD COLUMN agent_id BIGINT NULL, ALGORITHM=INSTANT;

UPDATE customer SET group_id = parent_id WHERE parent_id IS NOT NULL;
UPDATE customer c JOIN (SELECT DISTINCT parent_id FROM customer WHERE parent_id IS NOT NULL) h ON h.parent_id = c.id
  SET c.group_id = c.id WHERE c.parent_id IS NULL;
ALTER TABLE customer
  ADD KEY family_name (group_id, name, id),
  ADD KEY family_number (group_id, number, id),
  ADD KEY assigned_name (agent_id, name, id),
  ADD KEY assigned_number (agent_id, number, id),
  ALGORITHM=INPLACE, LOCK=NONE;
SET STATEMENT foreign_key_checks = 0 FOR
  ALTER TABLE customer ADD CONSTRAINT customer_agent FOREIGN KEY (agent_id) REFERENCES user (id), ALGORITHM=INPLACE;

UPDATE customer c JOIN account t      ON t.customer_id = c.id SET t.group_id = c.group_id WHERE c.group_id > 0;
UPDATE customer c JOIN subscription t ON t.customer_id = c.id SET t.group_id = c.group_id WHERE c.group_id > 0;
UPDATE customer c JOIN document t     ON t.customer_id = c.id SET t.group_id = c.group_id WHERE c.group_id > 0;
UPDATE customer c JOIN payment t      ON t.customer_id = c.id SET t.group_id = c.group_id WHERE c.group_id > 0;

ALTER TABLE account
  ADD KEY family_number (group_id, number, id),
  ADD KEY assigned_number (agent_id, number, id),
  ALGORITHM=INPLACE, LOCK=NONE;
ALTER TABLE subscription
  ADD KEY family_starts (group_id, starts, id),
  ADD KEY assigned_starts (agent_id, starts, id),
  ALGORITHM=INPLACE, LOCK=NONE;
ALTER TABLE document
  ADD KEY family_issue_date (group_id, issue_date, id),
  ADD KEY family_settled_issue_date (group_id, settled, issue_date, id),
  ADD KEY family_number (group_id, number, id),
  ADD KEY assigned_issue_date (agent_id, issue_date, id),
  ADD KEY assigned_settled_issue_date (agent_id, settled, issue_date, id),
  ADD KEY assigned_number (agent_id, number, id),
  ALGORITHM=INPLACE, LOCK=NONE;
ALTER TABLE payment
  ADD KEY family_received (group_id, received, id),
  ADD KEY assigned_received (agent_id, received, id),
  ALGORITHM=INPLACE, LOCK=NONE;

-- How customers come into a segment: by hand; by its rule, all of whose conditions that are not NULL hold; or as
-- the rest, which takes whom no rule does.  Of two rules that fit the one with the lower place takes the customer.
-- A customer that no segment takes stays where it is, and so do all of a tenant that has no rules.
ALTER TABLE segment
  MODIFY code VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN way      ENUM('hand','rule','rest') NOT NULL DEFAULT 'hand',
  ADD COLUMN place    INT         NOT NULL DEFAULT 0,
  ADD COLUMN kind     ENUM('person','clinic','care_home') NULL,
  ADD COLUMN country  CHAR(2)     CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN postcode VARCHAR(20) NULL,         -- how it begins
  ADD COLUMN tag      VARCHAR(40) NULL,
  ADD COLUMN size     INT         NULL,         -- so many active subscriptions at least
  ADD COLUMN rest_of  BIGINT AS (IF(way = 'rest', tenant_id, NULL)) PERSISTENT,
  ADD UNIQUE KEY one_rest (rest_of),
  ADD KEY tenant_place (tenant_id, way, place, id),
  ADD KEY tenant_name (tenant_id, name, id),
  ADD KEY all_name (name, id);
ALTER TABLE segment ADD CONSTRAINT segment_rule
  CHECK ((way = 'rule') =
    (kind IS NOT NULL OR country IS NOT NULL OR postcode IS NOT NULL OR tag IS NOT NULL OR size IS NOT NULL));

CREATE TABLE customer_tag (
  customer_id BIGINT      NOT NULL,
  tag         VARCHAR(40) NOT NULL,
  PRIMARY KEY (customer_id, tag),
  FOREIGN KEY (customer_id) REFERENCES customer (id)
);

-- What portico-jobs has to do: all customers of a tenant by its rules, one customer by the rules, or the rows of a
-- customer, which follow it.  Who changes a customer writes here in the same transaction (triggers below); who
-- adds one, or what else a rule goes by, writes `rules`.  Only rows are added, so nobody waits for another;
-- what is done twice does no harm.
CREATE TABLE customer_due (
  id    BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  task  ENUM('tenant','rules','rows') NOT NULL,
  of_id BIGINT NOT NULL,                        -- the tenant or the customer
  KEY task_id (task, id)
);

-- A group is a head and its members, of one tenant: two levels and no more.
DELIMITER //
CREATE TRIGGER customer_group_added BEFORE INSERT ON customer FOR EACH ROW
BEGIN
  DECLARE n INT DEFAULT 0;
  IF NEW.parent_id IS NOT NULL THEN
    SELECT COUNT(*) INTO n FROM customer p
     WHERE p.id = NEW.parent_id AND (p.parent_id IS NOT NULL OR p.tenant_id <> NEW.tenant_id) LOCK IN SHARE MODE;
    IF n > 0 THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a group is a head and its members, of one tenant';
    END IF;
  END IF;
END //
CREATE TRIGGER customer_group_changed BEFORE UPDATE ON customer FOR EACH ROW
BEGIN
  DECLARE n INT DEFAULT 0;
  IF NEW.parent_id IS NOT NULL AND NOT (NEW.parent_id <=> OLD.parent_id) THEN
    SELECT COUNT(*) INTO n FROM customer p
     WHERE (p.id = NEW.parent_id AND (p.parent_id IS NOT NULL OR p.tenant_id <> NEW.tenant_id OR p.id = NEW.id))
        OR p.parent_id = NEW.id LOCK IN SHARE MODE;
    IF n > 0 THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a group is a head and its members, of one tenant';
    END IF;
  END IF;
END //
CREATE TRIGGER customer_followed AFTER UPDATE ON customer FOR EACH ROW
BEGIN
  IF NOT (OLD.segment_id = NEW.segment_id AND OLD.agent_id <=> NEW.agent_id AND OLD.parent_id <=> NEW.parent_id) THEN
    INSERT INTO customer_due (task, of_id) VALUES ('rows', NEW.id);
  END IF;
  IF NOT (OLD.parent_id <=> NEW.parent_id) THEN -- a head is one while it has members
    INSERT INTO customer_due (task, of_id) SELECT 'rows', h.id FROM (SELECT OLD.parent_id AS id UNION SELECT NEW.parent_id) h
     WHERE h.id IS NOT NULL;
  END IF;
  IF NOT (OLD.kind = NEW.kind AND OLD.party_id = NEW.party_id AND OLD.segment_by = NEW.segment_by) THEN
    INSERT INTO customer_due (task, of_id) VALUES ('rules', NEW.id);
  END IF;
END //
DELIMITER ;
