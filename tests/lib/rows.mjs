// Rows of what the demo has none of, in every house, so that lists have something to show; none of them comes to pass.
import { askedEverywhere } from "./second.mjs";

/** Can be called again: what is there stays. */
export function rowsEverywhere(site) {
	// Moves of resellers and transfers of customers.
	site.sql("INSERT IGNORE INTO move (tenant_id, from_id, parent_id, day) SELECT id, parent_id, parent_id, '2199-01-01' + INTERVAL id DAY FROM tenant WHERE level > 0");
	site.sql("INSERT IGNORE INTO transfer (tenant_id, customer_id, to_id, day) SELECT tenant_id, id, tenant_id, '2199-01-01' + INTERVAL id DAY FROM customer WHERE id MOD 20 = 0");
	// Passkeys of everybody, of which nobody has the key.
	site.sql("INSERT IGNORE INTO passkey (user_id, credential_id, public_key, sign_count, host, name, created) SELECT u.id, CONCAT('unused ', u.id, ' ', n.seq), '-', 0, h.name, 'Unused', " +
		"UTC_TIMESTAMP() - INTERVAL n.seq DAY FROM user u JOIN host h ON h.tenant_id = u.tenant_id AND h.is_primary = 1 JOIN seq_1_to_3 n WHERE u.state <> 'key' AND u.email NOT LIKE '%@passkey.example'");
	// One opening of each fifth bill, by somebody of its reseller.
	site.sql("INSERT IGNORE INTO opening (tenant_id, customer_id, segment_id, group_id, kind, object_id, number, user_id, role_id, did, day, at) SELECT d.tenant_id, d.customer_id, d.segment_id, d.group_id, 'document', d.id, d.number, " +
		"MIN(u.id), MIN(u.role_id), 'opened', d.issue_date, d.issue_date + INTERVAL d.id MOD 5 HOUR FROM document d JOIN user u ON u.tenant_id = d.tenant_id AND u.customer_id IS NULL AND u.state <> 'key' WHERE d.id MOD 5 = 0 GROUP BY d.id");
	// Keys of programs, each of which acts as a user that no list of users holds.
	site.sql("INSERT IGNORE INTO user (tenant_id, customer_id, role_id, email, name, language, password, state) SELECT t.id, NULL, r.id, CONCAT('apk_', LPAD(t.id, 7, '0'), n.seq), 'Key', 'en', '', 'key' FROM tenant t JOIN role r ON r.code = 'reseller_reader' JOIN seq_1_to_3 n");
	site.sql("INSERT IGNORE INTO api_key (tenant_id, user_id, token_hash, prefix, created, author_id, expires) SELECT u.tenant_id, u.id, UNHEX(SHA2(u.email, 256)), u.email, UTC_TIMESTAMP() - INTERVAL u.id MINUTE, u.id, '2199-01-01' FROM user u WHERE u.email LIKE 'apk\\_0000%'");
	askedEverywhere(site);
}
