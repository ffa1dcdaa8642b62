-- Run by `portico migrate` behind the migrations: what workers and jobs may do, and nothing more.
-- No DDL; audit rows can be added and never changed; an issued document can only be paid and sealed, and follow its seller in the tree.
CREATE USER IF NOT EXISTS '@user@'@'@from@' IDENTIFIED BY '@password@';
ALTER USER '@user@'@'@from@' IDENTIFIED BY '@password@';
REVOKE ALL PRIVILEGES, GRANT OPTION FROM '@user@'@'@from@';
GRANT SELECT ON `@database@`.* TO '@user@'@'@from@';
GRANT INSERT, UPDATE (seen), DELETE ON `@database@`.session TO '@user@'@'@from@';
GRANT INSERT, UPDATE, DELETE ON `@database@`.attempt TO '@user@'@'@from@';
GRANT INSERT, UPDATE, DELETE ON `@database@`.known_address TO '@user@'@'@from@';
GRANT INSERT ON `@database@`.audit TO '@user@'@'@from@';
GRANT INSERT, UPDATE, DELETE ON `@database@`.lease TO '@user@'@'@from@';
GRANT INSERT, UPDATE (name, language, password, role_id, more_roles, state) ON `@database@`.user TO '@user@'@'@from@';
GRANT UPDATE (parent_id, level, a1, a2, a3, a4) ON `@database@`.tenant TO '@user@'@'@from@';
GRANT UPDATE (a1, a2, a3, a4) ON `@database@`.customer TO '@user@'@'@from@';
GRANT INSERT, UPDATE (state) ON `@database@`.move TO '@user@'@'@from@';
GRANT UPDATE (paid, pdf_sha256, a1, a2, a3, a4) ON `@database@`.document TO '@user@'@'@from@';
GRANT INSERT, UPDATE (due, tries, state, email, nonce), DELETE ON `@database@`.outbox TO '@user@'@'@from@';
GRANT INSERT, UPDATE, DELETE ON `@database@`.credential TO '@user@'@'@from@';
GRANT INSERT, UPDATE, DELETE ON `@database@`.totp TO '@user@'@'@from@';
GRANT INSERT, DELETE ON `@database@`.recovery_code TO '@user@'@'@from@';
GRANT INSERT ON `@database@`.audit_seal TO '@user@'@'@from@';
GRANT INSERT, UPDATE ON `@database@`.audit_refusal TO '@user@'@'@from@';
GRANT INSERT, UPDATE (name, portal), DELETE ON `@database@`.role TO '@user@'@'@from@';
GRANT INSERT, DELETE ON `@database@`.role_grant TO '@user@'@'@from@';
GRANT INSERT, DELETE ON `@database@`.role_field TO '@user@'@'@from@';
GRANT INSERT, DELETE ON `@database@`.role_segment TO '@user@'@'@from@';
GRANT INSERT, DELETE ON `@database@`.user_role TO '@user@'@'@from@';
GRANT UPDATE (version) ON `@database@`.channel_version TO '@user@'@'@from@';
