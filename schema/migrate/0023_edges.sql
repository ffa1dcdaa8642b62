-- Price lists and agreements as they are seen and changed by who sells: orders of their lists, one draft a list, and
-- what was published stays as it was.
ALTER TABLE price_list
  ADD KEY tenant_name (tenant_id, name, id),
  ADD KEY all_name (name, id),
  ALGORITHM=INPLACE, LOCK=NONE;

ALTER TABLE price_version
  ADD COLUMN draft_of BIGINT AS (IF(state = 'draft', list_id, NULL)) PERSISTENT,
  ADD UNIQUE KEY one_draft (draft_of);

ALTER TABLE agreement
  ADD COLUMN tenant_id BIGINT AS (seller_id) PERSISTENT, -- whose row it is
  ADD KEY tenant_starts (tenant_id, starts, id),
  ADD KEY all_starts (starts, id),
  ADD KEY buyer_starts (buyer_id, starts, id);

-- Rules come into a draft by statements that ask for one (schema/query/price_list.sql); out of what was published none goes.
DELIMITER //
CREATE TRIGGER price_version_frozen BEFORE UPDATE ON price_version FOR EACH ROW
BEGIN
  IF OLD.state = 'published' THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a published version never changes';
  END IF;
END //
CREATE TRIGGER price_version_kept BEFORE DELETE ON price_version FOR EACH ROW
BEGIN
  IF OLD.state = 'published' THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a published version never changes';
  END IF;
END //
CREATE TRIGGER price_rule_kept BEFORE DELETE ON price_rule FOR EACH ROW
BEGIN
  IF EXISTS (SELECT 1 FROM price_version v WHERE v.id = OLD.version_id AND v.state = 'published') THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a published version never changes';
  END IF;
END //
CREATE TRIGGER price_rule_tier_kept BEFORE DELETE ON price_rule_tier FOR EACH ROW
BEGIN
  IF EXISTS (SELECT 1 FROM price_rule r JOIN price_version v ON v.id = r.version_id WHERE r.id = OLD.rule_id AND v.state = 'published') THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a published version never changes';
  END IF;
END //
DELIMITER ;
