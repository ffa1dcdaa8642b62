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
