-- Roles of a tenant's own, several roles a user, and ceilings.
--
-- A role is built in, and then code names it in the vocabulary and the vocabulary says what it may;
-- or it is a tenant's own, and then the rows below say it, in names of the same vocabulary.
-- An absent row is a no.
ALTER TABLE role MODIFY code VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL;
ALTER TABLE role ADD UNIQUE KEY own_name (tenant_id, name);
ALTER TABLE role ADD KEY all_name (name, id);
ALTER TABLE role ADD KEY tenant_name (tenant_id, name, id);
ALTER TABLE role ADD KEY shared_name (shared, name, id);
ALTER TABLE role DROP KEY all_code;
ALTER TABLE role DROP KEY shared_code;

CREATE TABLE role_grant (
  role_id BIGINT      NOT NULL,
  action  VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scope   VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (role_id, action),
  FOREIGN KEY (role_id) REFERENCES role (id)
);

CREATE TABLE role_field (
  role_id BIGINT      NOT NULL,
  field   VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  level   ENUM('mask','read','write') NOT NULL,
  PRIMARY KEY (role_id, field),
  FOREIGN KEY (role_id) REFERENCES role (id)
);

-- Roles beside user.role_id; more_roles spares everybody else the look.
CREATE TABLE user_role (
  user_id BIGINT NOT NULL,
  role_id BIGINT NOT NULL,
  PRIMARY KEY (user_id, role_id),
  KEY role (role_id),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (role_id) REFERENCES role (id)
);
ALTER TABLE user ADD COLUMN more_roles TINYINT NOT NULL DEFAULT 0;

-- What its parent lets a tenant have at most, said by a role of the parent's.
-- NULL: what the built-in roles of resellers and customers have together.
ALTER TABLE tenant ADD COLUMN ceiling_id BIGINT NULL;
ALTER TABLE tenant ADD CONSTRAINT tenant_ceiling FOREIGN KEY (ceiling_id) REFERENCES role (id);
