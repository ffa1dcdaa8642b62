-- Bundles: what comes with an offering when it is ordered, so many for each one.  What comes along is a subscription of its
-- own with its own price; it follows what it came with.
CREATE TABLE offering_part (
  offering_id BIGINT        NOT NULL,
  part_id     BIGINT        NOT NULL,
  quantity    DECIMAL(18,6) NOT NULL,
  PRIMARY KEY (offering_id, part_id),
  KEY part (part_id),
  FOREIGN KEY (offering_id) REFERENCES offering (id),
  FOREIGN KEY (part_id) REFERENCES offering (id),
  CHECK (quantity > 0 AND offering_id <> part_id)
);

-- bundled: so many for each one of parent_id.
ALTER TABLE subscription ADD COLUMN bundled DECIMAL(18,6) NULL, ALGORITHM=INSTANT;
