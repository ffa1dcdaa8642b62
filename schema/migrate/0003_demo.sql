-- What is known of the demo in this database: no row, none; `loading`, a load that is under
-- way or was interrupted; `complete`, all of it is there.
CREATE TABLE demo_state (
  id       TINYINT      NOT NULL PRIMARY KEY,
  state    ENUM('loading','complete') NOT NULL,
  options  VARCHAR(200) NOT NULL,
  started  DATETIME     NOT NULL,
  finished DATETIME     NULL,
  CHECK (id = 1)
);
