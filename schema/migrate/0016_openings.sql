-- Who opened or changed what is a customer's: one row a person, thing and day, at its first time.  No foreign keys:
-- each would lock the row of the customer, the tenant and the person when somebody does no more than read, and
-- nothing of these is ever deleted; a role may be, and then the row says none.
CREATE TABLE opening (
  id          BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id   BIGINT      NOT NULL,             -- whose customer it is
  customer_id BIGINT      NOT NULL,
  segment_id  BIGINT      NOT NULL,             -- the customer's, as all that is a customer's has it
  group_id    BIGINT      NULL,
  kind        VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- the resource
  object_id   BIGINT      NOT NULL,
  number      VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,     -- where it has one; no number ever changes
  user_id     BIGINT      NOT NULL,             -- who
  role_id     BIGINT      NOT NULL,             -- in which role then
  as_id       BIGINT      NOT NULL DEFAULT 0,   -- looking as whom; 0: as nobody else
  did         ENUM('opened','changed') NOT NULL,
  day         DATE        NOT NULL,             -- UTC
  at          DATETIME    NOT NULL,             -- the first time on that day
  UNIQUE KEY once (user_id, day, object_id, kind, as_id, did),
  KEY all_at (at, id),
  KEY tenant_at (tenant_id, at, id),
  KEY customer_at (customer_id, at, id),
  KEY family_at (group_id, at, id),
  KEY all_segment_at (segment_id, at, id),
  KEY tenant_segment_at (tenant_id, segment_id, at, id)
);
