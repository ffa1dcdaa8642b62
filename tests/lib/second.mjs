// People of the provider who ask and agree, and sessions that have proved their second step.
import { fresh, json, sameOrigin } from "./users.mjs";
import { ask } from "./http.mjs";

export const provider = "pneumuster.localhost";

/** One more of the provider, with the password of the demo and the role of somebody who is there. */
export function colleague(site, name, like = "admin@pneumuster.example") {
	const email = `${name}@pneumuster.example`;
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password)
		SELECT tenant_id, NULL, role_id, '${email}', '${name}', 'en', password FROM user WHERE email = '${like}'`);
	return { email, host: provider, id: site.value(`SELECT id FROM user WHERE email = '${email}'`) };
}

/** Some that were asked for in every house, by one of its people, at different times and with every end; none comes to pass. */
export const askedEverywhere = (site) => site.sql(`INSERT INTO approval (tenant_id, user_id, action, handler, body, tag, host, port, https, created, expires, state)
	SELECT u.tenant_id, u.id, k.action, 'none', '{}', '', 'pneumuster.localhost', '80', 0, '2026-01-01' + INTERVAL u.id * 10 + k.n MINUTE, '2199-01-01', k.state
	FROM (SELECT tenant_id, MIN(id) AS id FROM user WHERE customer_id IS NULL GROUP BY tenant_id) u
	JOIN (SELECT 1 AS n, 'role.edit' AS action, 'waiting' AS state UNION SELECT 2, 'user.assign', 'done' UNION SELECT 3, 'tenant.close', 'refused' UNION SELECT 4, 'role.create', 'waiting') k
	WHERE NOT EXISTS (SELECT 1 FROM approval a WHERE a.user_id = u.id AND a.handler = 'none')`);

/** All sessions of now have proved their second step, and do not cease to while a test runs. */
export const prove = (site) => site.sql("UPDATE session SET proved = UTC_TIMESTAMP() + INTERVAL 1 HOUR");

/** Somebody with a session of its own: a function that asks. */
export async function person(site, who) {
	let cookie = await fresh(site, who);
	const call = (method, path, body, headers = {}) => ask(site, method, path, { host: who.host, body: body === undefined ? undefined : JSON.stringify(body),
		headers: { Cookie: cookie, ...(method === "GET" ? {} : { ...json, ...sameOrigin }), ...headers } });
	return Object.assign(call, { who, cookie: () => cookie, use: (other) => (cookie = other), again: async () => (cookie = await fresh(site, who)) });
}

/** What was asked for is agreed to by somebody else: the approval as it is then. */
export async function agree(other, asked) {
	const { json: done } = await other("POST", `${asked.headers.location}/approve`, {});
	return done;
}
