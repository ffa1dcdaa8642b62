-- Roles that people edit: what a tenant can use is found by one index, and who has a role by another.

-- Whose it is to use: 0 for everybody, else the tenant.
ALTER TABLE role
  ADD COLUMN reach BIGINT AS (IF(shared = 1, 0, tenant_id)) PERSISTENT,
  ADD KEY offered_name (reach, name, id);
ALTER TABLE user ADD KEY tenant_role_name (tenant_id, role_id, name, id);

-- Own roles are seen too where the shared ones were; the vocabulary has no other pair any more.
UPDATE role_grant SET scope = 'offered' WHERE action = 'role.read' AND scope = 'shared';
UPDATE channel_version SET version = version + 1;
