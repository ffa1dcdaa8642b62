-- Passkeys: keys of WebAuthn that somebody signs in with instead of the password and the second step.
CREATE TABLE passkey (
  id            BIGINT          NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id       BIGINT          NOT NULL,
  credential_id VARBINARY(1023) NOT NULL, -- made by the authenticator
  public_key    VARBINARY(640)  NOT NULL, -- COSE, as it came
  sign_count    BIGINT          NOT NULL, -- the authenticator's own; 0 where it does not count
  host          VARCHAR(253) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- its relying party id: it works there alone
  name          VARCHAR(200)    NOT NULL, -- as its owner calls it
  created       DATETIME        NOT NULL,
  used          DATETIME        NULL,     -- signed in with for the last time
  UNIQUE KEY credential (credential_id),
  KEY own_created (user_id, created, id),
  KEY host (host),
  FOREIGN KEY (user_id) REFERENCES user (id),
  FOREIGN KEY (host) REFERENCES host (name)
);

-- Challenges that were answered rightly, so that each is answered once.  Those that were given out are kept nowhere.
CREATE TABLE passkey_challenge (
  hash BINARY(32) NOT NULL PRIMARY KEY,
  ends DATETIME   NOT NULL,
  KEY ends (ends)
);

DELIMITER //
-- Whoever is let in again later begins without the passkeys of before.
CREATE TRIGGER user_closed AFTER UPDATE ON user FOR EACH ROW
BEGIN
  IF NEW.state = 'closed' AND OLD.state <> 'closed' THEN
    DELETE FROM passkey WHERE user_id = NEW.id;
  END IF;
END //
DELIMITER ;

-- Own roles have it where they have sessions, as all built-in roles do: how one signs in is everybody's own.
INSERT INTO role_grant (role_id, action, scope)
SELECT g.role_id, v.action, 'own'
  FROM role_grant g
  JOIN (SELECT 'passkey.read' AS action UNION ALL SELECT 'passkey.create' UNION ALL SELECT 'passkey.edit' UNION ALL SELECT 'passkey.delete') v
 WHERE g.action = 'session.read';
INSERT INTO role_field (role_id, field, level)
SELECT g.role_id, v.field, IF(v.field = 'passkey.name', 'write', 'read')
  FROM role_grant g
  JOIN (SELECT 'passkey.id' AS field UNION ALL SELECT 'passkey.name' UNION ALL SELECT 'passkey.host' UNION ALL SELECT 'passkey.created'
        UNION ALL SELECT 'passkey.used') v
 WHERE g.action = 'session.read';
UPDATE channel_version SET version = version + 1;
