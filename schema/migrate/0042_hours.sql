-- What time of day an event has that does not say it: by the clock where its account is billed, in windows of the week.

-- All windows of an offering from a day on, until the next of the same offering; there may be none.
CREATE TABLE usage_hours (
  id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  offering_id BIGINT NOT NULL,              -- as it is metered
  starts      DATE   NOT NULL,
  UNIQUE KEY once (offering_id, starts),
  FOREIGN KEY (offering_id) REFERENCES offering (id)
);

CREATE TABLE usage_window (
  hours_id    BIGINT      NOT NULL,
  n           SMALLINT    NOT NULL,
  time_of_day VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- the word that variants go by
  weekdays    SMALLINT    NOT NULL,    -- on which it begins: 1 for Monday, 2 for Tuesday, 4 for Wednesday ...
  from_minute SMALLINT    NOT NULL,    -- of the day
  to_minute   SMALLINT    NOT NULL,    -- without it; below from_minute: of the next day
  PRIMARY KEY (hours_id, n),
  FOREIGN KEY (hours_id) REFERENCES usage_hours (id),
  CHECK (time_of_day <> '' AND weekdays BETWEEN 1 AND 127 AND from_minute BETWEEN 0 AND 1439 AND to_minute BETWEEN 1 AND 1440 AND to_minute <> from_minute)
);
