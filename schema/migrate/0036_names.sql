-- What an offering is called in the language of who gets the bill; where nothing is said, by its own name.
CREATE TABLE offering_name (
  offering_id BIGINT       NOT NULL,
  language    VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name        VARCHAR(200) NOT NULL,
  PRIMARY KEY (offering_id, language),
  FOREIGN KEY (offering_id) REFERENCES offering (id)
);
