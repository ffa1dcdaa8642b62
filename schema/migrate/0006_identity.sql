-- Sessions can be named without their token, and listed for their user, newest first.
ALTER TABLE session
  ADD COLUMN id BIGINT NOT NULL AUTO_INCREMENT FIRST,
  ADD UNIQUE KEY id (id),
  ADD KEY own_created (user_id, created, id),
  DROP KEY user;

-- Wrong passwords, by keyed hashes: neither a name that was tried nor an address can be read back.
-- kind 1: an account from an address, 2: an account from anywhere, 3: an address on any account.
CREATE TABLE attempt (
  kind     TINYINT    NOT NULL,
  hash     BINARY(32) NOT NULL,
  failures INT        NOT NULL,
  last     DATETIME   NOT NULL,
  PRIMARY KEY (kind, hash),
  KEY last (last)
);

-- Where a user has signed in from, as a keyed hash: there the owner gets in while others attack the account.
CREATE TABLE known_address (
  user_id BIGINT     NOT NULL,
  hash    BINARY(32) NOT NULL,
  seen    DATETIME   NOT NULL,
  PRIMARY KEY (user_id, hash),
  KEY seen (seen),
  FOREIGN KEY (user_id) REFERENCES user (id)
);
