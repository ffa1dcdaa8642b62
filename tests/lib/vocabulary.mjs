// schema/access.def and its parts read a second time, and who may see what by it: an evaluator of its own, which
// shares no line with the server's.
import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { root } from "./instance.mjs";

const classes = ["open", "partner", "staff", "secret"];

/** The facts of one kind, as lists of words. */
function facts(text, kind) {
	return [...text.matchAll(new RegExp(`^${kind}\\((.*)\\)$`, "gm"))].map(([, inside]) =>
		inside.match(/"[^"]*"|[^,\s][^,]*/g).map((word) => word.trim().replace(/^"|"$/g, "")));
}

/** A file of the vocabulary with the parts that it includes, in their places. */
function whole(name) {
	return fs.readFileSync(path.join(root, name), "utf8").replace(/^#include "(schema\/\w+\.def)"$/gm, (_, part) => whole(part));
}

export function vocabulary() {
	const text = whole("schema/access.def").replace(/\/\*[\s\S]*?\*\//g, "");
	const resources = facts(text, "RESOURCE").map(([name, prefix]) => ({ name, prefix }));
	const roles = Object.fromEntries(facts(text, "ROLE").map(([name, portal, top]) => [name, { portal, top }]));
	const grants = Object.fromEntries(facts(text, "GRANT").map(([role, resource, verb, scope]) => [`${role} ${resource}.${verb}`, scope]));
	const fields = facts(text, "FIELD").map(([resource, name, type, of, setBy]) => ({ resource, name, type, of, setBy }));
	assert.ok(resources.length > 10 && Object.keys(roles).length > 3 && Object.keys(grants).length > 30 && fields.length > 100);
	return {
		resources, roles, fields, grants,
		actions: facts(text, "ACTION").map(([resource, verb]) => `${resource}.${verb}`),
		/** Resources whose rows are customers', and whether the rows say the customer's segment. */
		customers: Object.fromEntries(facts(text, "CUSTOMERS").map(([name, segmented]) => [name, segmented === "true"])),
		/** Resources whose rows are of a product segment. */
		products: new Set(facts(text, "PRODUCTS").map(([name]) => name)),
		/** What has no read of its own: with the rows of which others it comes. */
		comes: facts(text, "COMES"),
		/** Built-in roles that show customers only by segments that a role made after them names. */
		segmented: new Set(facts(text, "SEGMENTED").map(([role]) => role)),
		/** "tenant", or undefined: nothing. */
		scope: (role, action) => grants[`${role} ${action}`],
		/** Names of the fields that a role may read. */
		readable: (role, resource) => new Set(fields.filter((f) => f.resource === resource &&
			classes.indexOf(f.of) <= classes.indexOf(roles[role].top)).map((f) => f.name)),
	};
}

/** Public ids, made here from the key of the installation. */
export function sealer(site, { resources }) {
	const key = Buffer.from(fs.readFileSync(site.setting("key_file"), "utf8").trim(), "hex");
	const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
	return (resource, id) => {
		const at = resources.findIndex((r) => r.name === resource);
		const block = Buffer.alloc(16);
		block[0] = at + 1;
		block.writeBigInt64BE(BigInt(id), 8);
		const cipher = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
		const bits = [...cipher.update(block)].map((b) => b.toString(2).padStart(8, "0")).join("");
		return `${resources[at].prefix}_${bits.padEnd(130, "0").match(/.{5}/g).map((five) => alphabet[parseInt(five, 2)]).join("")}`;
	};
}

/**
 * All rows of the demo that anybody can ask for, by resource: id, tenant, customer, shared.
 * @returns {{rows: Record<string, {id: string, tenant: string, customer: string|null, shared: boolean}[]>, tenants: Map, chain: Function}}
 */
export function model(site) {
	const tables = {
		tenant: "SELECT id, id AS tenant, NULL AS customer, 0 AS shared FROM tenant",
		brand: "SELECT b.id, b.tenant_id AS tenant, NULL AS customer, 0 AS shared, b.id = t.brand_id AS listed FROM brand b JOIN tenant t ON t.id = b.tenant_id",
		customer: "SELECT id, tenant_id AS tenant, id AS customer, 0 AS shared, agent_id AS agent, COALESCE(parent_id, id) AS head FROM customer",
		account: "SELECT id, tenant_id AS tenant, customer_id AS customer, 0 AS shared FROM account",
		document: "SELECT id, tenant_id AS tenant, customer_id AS customer, 0 AS shared FROM document",
		payment: "SELECT id, tenant_id AS tenant, customer_id AS customer, 0 AS shared FROM payment",
		subscription: "SELECT id, tenant_id AS tenant, customer_id AS customer, 0 AS shared FROM subscription",
		usage: "SELECT id, tenant_id AS tenant, customer_id AS customer, 0 AS shared FROM usage_event",
		alert: "SELECT id, tenant_id AS tenant, customer_id AS customer, 0 AS shared FROM alert",
		usage_reject: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM usage_reject",
		usage_batch: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM usage_batch",
		bill_run: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM bill_run",
		draft: "SELECT d.id, d.seller_id AS tenant, NULL AS customer, 0 AS shared FROM draft d",
		parked: "SELECT p.id, a.tenant_id AS tenant, NULL AS customer, 0 AS shared FROM bill_run_parked p JOIN account a ON a.id = p.account_id",
		reject: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM reject",
		settlement: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM settlement",
		statement: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM statement",
		entry: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM entry",
		self_bill: "SELECT id, tenant_id AS tenant, buyer_id AS other, NULL AS customer, 0 AS shared FROM self_bill",
		self_incoming: "SELECT id, buyer_id AS tenant, tenant_id AS other, NULL AS customer, 0 AS shared FROM self_bill",
		payout: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM payout",
		user: "SELECT id, tenant_id AS tenant, customer_id AS customer, 0 AS shared, state <> 'key' AS listed FROM user",
		offering: "SELECT id, tenant_id AS tenant, NULL AS customer, shared FROM offering",
		segment: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared, EXISTS (SELECT 1 FROM customer c WHERE c.segment_id = segment.id) AS used FROM segment",
		role: "SELECT id, tenant_id AS tenant, NULL AS customer, shared, code IS NULL AS own FROM role",
		api_key: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM api_key",
		move: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM move",
		transfer: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM transfer",
		product: "SELECT id, (SELECT id FROM tenant WHERE level = 0) AS tenant, NULL AS customer, shared FROM product_segment",
		price_list: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM price_list",
		agreement: "SELECT id, seller_id AS tenant, NULL AS customer, 0 AS shared FROM agreement",
		tax_rule: "SELECT id, seller_id AS tenant, NULL AS customer, 0 AS shared FROM tax_rule",
		exchange_rate: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM exchange_rate",
		discount: "SELECT id, tenant_id AS tenant, customer_id AS customer, 0 AS shared FROM discount",
		minimum: "SELECT id, tenant_id AS tenant, customer_id AS customer, 0 AS shared FROM minimum",
		purchase: "SELECT id, buyer_id AS tenant, NULL AS customer, 0 AS shared FROM agreement WHERE buyer_id IS NOT NULL",
		incoming: "SELECT id, buyer_id AS tenant, NULL AS customer, 0 AS shared FROM incoming",
		passkey: "SELECT p.id, u.tenant_id AS tenant, u.customer_id AS customer, 0 AS shared, p.user_id AS user FROM passkey p JOIN user u ON u.id = p.user_id",
		session: "SELECT s.id, u.tenant_id AS tenant, u.customer_id AS customer, 0 AS shared, s.user_id AS user FROM session s JOIN user u ON u.id = s.user_id",
	};
	const read = (sql) => site.sql(sql).map((row) => ({ ...row, shared: row.shared === "1", listed: row.listed !== "0", own: row.own === "1", used: row.used === "1", waits: row.waits === "1" }));
	const rows = Object.fromEntries(Object.entries(tables).map(([resource, sql]) => [resource, read(sql)]));
	// They grow while the tests sign in, open things, or ask and agree, so they are read whenever they are asked for.
	const growing = { audit: "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared FROM audit", opening: "SELECT id, tenant_id AS tenant, customer_id AS customer, 0 AS shared FROM opening" };
	growing.approval = "SELECT id, tenant_id AS tenant, NULL AS customer, 0 AS shared, user_id AS user, action, state = 'waiting' AS waits FROM approval";
	for (const [resource, sql] of Object.entries(growing)) Object.defineProperty(rows, resource, { get: () => read(sql), set: () => undefined });
	const tenants = new Map(site.sql("SELECT id, parent_id AS parent, level, slug FROM tenant").map((t) => [t.id, t]));
	/** The tenant and all above it, by its parents alone. */
	const chain = (id) => (id === null ? [] : [id, ...chain(tenants.get(id).parent)]);
	/** Of each customer: the head of its group, and who looks after it. */
	const heads = new Map(rows.customer.map((row) => [row.id, row.head])), agents = new Map(rows.customer.map((row) => [row.id, row.agent]));
	return { rows, tenants, chain, heads, agents };
}

/** May this user do that to this row?  user: {id, tenant, customer, role}. */
export function allows({ scope }, { tenants, chain, heads, agents }, user, action, row) {
	const resource = action.split(".")[0];
	// What somebody else asked for is shown to who could do it, and to who sees the audit, which tells it anyway.
	if (resource === "approval" && row.user !== user.id && !scope(user.role, row.action) && !scope(user.role, "audit.read")) return false;
	switch (scope(user.role, action)) {
	case undefined: return false;
	case "own": return (resource === "user" ? row.id : row.user) === user.id;
	case "customer": return user.customer !== null && row.customer === user.customer;
	case "family": return user.customer !== null && (row.customer === user.customer || heads.get(row.customer) === user.customer);
	case "assigned": return row.customer !== null && row.tenant === user.tenant && agents.get(row.customer) === user.id;
	case "tenant": return row.tenant === user.tenant;
	case "subtree": return chain(row.tenant).includes(user.tenant);
	case "shared": return row.shared;
	case "offered": return row.shared || row.tenant === user.tenant;
	case "buyer": return row.tenant === user.tenant; // the tenant of what is bought is who buys
	case "all": return tenants.get(user.tenant).level === "0";
	default: return assert.fail(`a scope that the tests do not know: ${scope(user.role, action)}`);
	}
}

/** How the tenant of a row stands to the user's: for telling what was tried. */
export function relation({ chain, tenants }, user, row) {
	if (row.tenant === user.tenant) return user.customer === null ? "own" : row.customer === user.customer ? "own" : "sibling customer's";
	if (chain(user.tenant).includes(row.tenant)) return "parent's";
	if (chain(row.tenant).includes(user.tenant)) return "child's";
	return tenants.get(row.tenant).parent === tenants.get(user.tenant).parent ? "sibling's" : "foreign";
}

/** What marks each tenant's data: what stands before the first hyphen of its customers' numbers, or of its register entry;
 * `of`: a condition on t, for a database that holds other tenants too. */
export function markers(site, of = "TRUE") {
	const rows = site.sql(`SELECT t.id, COALESCE((SELECT MIN(SUBSTRING_INDEX(c.number, '-', 1)) FROM customer c WHERE c.tenant_id = t.id),
		REGEXP_SUBSTR(p.registration, '[A-Z]{5}(?=-[0-9]{4})')) AS marker FROM tenant t JOIN party p ON p.id = t.party_id WHERE ${of}`);
	for (const row of rows) assert.match(row.marker ?? "", /^[A-Z]{5}$/, JSON.stringify(row));
	return new Map(rows.map((row) => [row.id, `${row.marker}-`]));
}
