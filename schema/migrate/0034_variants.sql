-- What an event says of itself (class, time of day, zone) selects what it costs: it is counted as another offering, which has
-- prices, taxes and an allowance of its own on every edge.

-- Counted up with each row below: intake reads it from the offering that it holds, so it misses none.
ALTER TABLE offering ADD COLUMN varies INT NOT NULL DEFAULT 0, ALGORITHM=INSTANT;

-- From a day on, until the next of the same three.
CREATE TABLE usage_variant (
  id          BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  offering_id BIGINT      NOT NULL,              -- as it is metered
  class       VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '', -- '': whatever the event says
  time_of_day VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  zone        VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  starts      DATE        NOT NULL,
  counts_as   BIGINT      NOT NULL,              -- itself: nothing is selected any more
  exactness   TINYINT AS (4 * (class <> '') + 2 * (time_of_day <> '') + (zone <> '')) PERSISTENT,
  UNIQUE KEY once (offering_id, class, time_of_day, zone, starts),
  KEY counts_as (counts_as),
  FOREIGN KEY (offering_id) REFERENCES offering (id),
  FOREIGN KEY (counts_as) REFERENCES offering (id),
  CHECK (exactness > 0)
);
