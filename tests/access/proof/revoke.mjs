// What is taken away is gone: a right, a role, a user, a tenant, a session, a ceiling, a field or a segment is taken
// away by turns, and requests on all connections at once, which the worker's processes share, find it gone from the
// moment of the commit on.  Before each turn the same requests succeed, so that every process holds the old rights.
import { ask } from "../../lib/http.mjs";
import { sealer, vocabulary } from "../../lib/vocabulary.mjs";
import { Tally, Writer, keepHosts, random, sessions } from "./tools.mjs";

export const name = "revoke", goal = 10000;

const at_once = 8, host = "musterplatz.localhost";
const raised = "UPDATE channel_version SET version = version + 1";

/** A dealer's user with two roles of the dealer's own, and the ids that the turns need. */
async function somebody(site, writer) {
	const tenant = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'"), parent = site.value(`SELECT parent_id FROM tenant WHERE id = ${tenant}`);
	const role = async (name_, owner, grants, fields) => {
		await writer.run(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${owner}, NULL, '${name_}', 'reseller', 0)`);
		const id = site.value(`SELECT id FROM role WHERE name = '${name_}'`);
		for (const [action, scope] of grants) await writer.run(`INSERT INTO role_grant VALUES (${id}, '${action}', '${scope}')`);
		for (const field of fields) await writer.run(`INSERT INTO role_field VALUES (${id}, '${field}', 'read')`);
		return id;
	};
	const first = await role("proof first", tenant, [["customer.read", "subtree"], ["offering.read", "shared"]], ["customer.id", "customer.number", "customer.name", "offering.id", "offering.name"]);
	const second = await role("proof second", tenant, [["document.read", "tenant"]], ["document.id", "document.number", "document.issue_date"]);
	const empty = await role("proof empty", tenant, [["offering.read", "shared"]], ["offering.id", "offering.name"]);
	const ceiling = await role("proof ceiling", parent, [["offering.read", "shared"]], ["offering.id", "offering.name"]);
	await writer.run(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, more_roles)
		VALUES (${tenant}, NULL, ${first}, 'proof@musterplatz.example', 'Proof', 'de', '-', 1)`);
	const user = site.value("SELECT id FROM user WHERE email = 'proof@musterplatz.example'");
	await writer.run(`INSERT INTO user_role VALUES (${user}, ${second})`);
	await writer.run(raised);
	const [{ id: customer, segment }] = site.sql(`SELECT id, segment_id AS segment FROM customer WHERE tenant_id = ${tenant} ORDER BY id LIMIT 1`);
	const other = site.value(`SELECT id FROM segment WHERE tenant_id = ${tenant} AND id <> ${segment} ORDER BY id LIMIT 1`);
	const [{ id: offering }] = site.sql("SELECT id FROM offering WHERE code = 'ONE-SERVICE'"), masks = site.value("SELECT id FROM product_segment WHERE code = 'masks'");
	return { tenant, first, second, empty, ceiling, user, customer, other, offering, masks };
}

/** What is taken, given back, asked, and answered when it is gone. */
function turns({ tenant, first, second, empty, ceiling, user, other, masks }, customer, offering) {
	const customers = "customers?limit=1", documents = "documents?limit=1";
	return {
		"a grant of a role": { take: [`DELETE FROM role_grant WHERE role_id = ${first} AND action = 'customer.read'`, raised],
			give: [`INSERT INTO role_grant VALUES (${first}, 'customer.read', 'subtree')`, raised], path: customers, gone: 403 },
		"one of several roles": { take: [`DELETE FROM user_role WHERE user_id = ${user} AND role_id = ${second}`, `UPDATE user SET more_roles = 0 WHERE id = ${user}`, raised],
			give: [`INSERT INTO user_role VALUES (${user}, ${second})`, `UPDATE user SET more_roles = 1 WHERE id = ${user}`, raised], path: documents, gone: 403 },
		"the role for a lesser one": { take: [`UPDATE user SET role_id = ${empty} WHERE id = ${user}`, raised], give: [`UPDATE user SET role_id = ${first} WHERE id = ${user}`, raised], path: customers, gone: 403 },
		"the user": { take: [`UPDATE user SET state = 'closed' WHERE id = ${user}`], give: [`UPDATE user SET state = 'active' WHERE id = ${user}`], path: customers, gone: 401 },
		"the tenant": { take: [`UPDATE tenant SET state = 'closed' WHERE id = ${tenant}`, raised], give: [`UPDATE tenant SET state = 'active' WHERE id = ${tenant}`, raised], path: customers, gone: 401 },
		"the session": { take: [`DELETE FROM session WHERE user_id = ${user}`], give: null, path: customers, gone: 401 },
		"by a ceiling of the parent": { take: [`UPDATE tenant SET ceiling_id = ${ceiling} WHERE id = ${tenant}`, raised], give: [`UPDATE tenant SET ceiling_id = NULL WHERE id = ${tenant}`, raised],
			path: documents, gone: 403 },
		"a field": { take: [`DELETE FROM role_field WHERE role_id = ${first} AND field = 'customer.number'`, raised], give: [`INSERT INTO role_field VALUES (${first}, 'customer.number', 'read')`, raised],
			path: "customers?limit=1&sort=number", gone: 400 },
		"a segment": { take: [`INSERT INTO role_segment VALUES (${first}, ${other})`, raised], give: [`DELETE FROM role_segment WHERE role_id = ${first}`, raised], path: `customers/${customer}`, gone: 404 },
		"a product segment by the role": { take: [`INSERT INTO role_product VALUES (${first}, ${masks})`, raised], give: [`DELETE FROM role_product WHERE role_id = ${first}`, raised], path: `offerings/${offering}`, gone: 404 },
		"a product segment by the share": { take: [`INSERT INTO product_share VALUES (${tenant}, ${masks})`, raised], give: [`DELETE FROM product_share WHERE tenant_id = ${tenant}`, raised],
			path: `offerings/${offering}`, gone: 404 },
	};
}

/** @param {{site: object, count: number, say: Function, seed?: number}} how  count: how many requests after a commit at least */
export async function run({ site, count, say, seed = 1, limit = 50 }) {
	const tally = new Tally(), writer = new Writer(site), rng = random(seed), ids = await somebody(site, writer), release = await keepHosts(writer), seal = sealer(site, vocabulary());
	const all = Object.entries(turns(ids, seal("customer", ids.customer), seal("offering", ids.offering)));
	const transaction = (statements) => writer.run(["BEGIN", ...statements, "COMMIT"].join(";\n"));
	const before = site.log("worker").length;
	let cookies = await sessions(writer, rng, [ids.user], host);
	const pids = new Set();
	for (let turn = 0; tally.count < count && tally.bad < limit; turn++) {
		const [what, { take, give, path, gone }] = all[turn % all.length];
		const together = () => Promise.all(Array.from({ length: at_once }, () => ask(site, "GET", `/api/v1/${path}`, { host, headers: { Cookie: cookies.get(ids.user) } })));
		for (const answer of await together())
			if (answer.status !== 200) tally.wrong(`before ${what} is taken away: ${answer.status} ${answer.text}`);
		await transaction(take);
		for (const answer of await together()) tally.expect(answer.status === gone, `${what} is taken away, and ${path} answers ${answer.status}, not ${gone}`);
		if (give === null) cookies = await sessions(writer, rng, [ids.user], host);
		else await transaction(give);
		if (turn % 200 === 199) say(`${tally.count} requests after a commit`);
	}
	const log = site.log("worker").slice(before);
	for (const [, pid] of log.matchAll(new RegExp(`"user":${ids.user},.*"pid":(\\d+)`, "g"))) pids.add(pid);
	tally.expect(pids.size >= 2, `${pids.size} processes of the worker have answered: another one was never asked`);
	tally.notes = [`${all.length} ways to take something away; ${pids.size} processes of the worker answered`];
	await release();
	await writer.close();
	return tally;
}
