// Who signs in.  A sign-in costs a quarter of a second and two can run at a time, so each user's
// session is kept for all files of a run.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { ask } from "./http.mjs";

export const password = "portico-demo";

/** @typedef {{email: string, password: string, host: string, portal: string, role: string, tenant: string}} User */

/** Everybody of the demo who can sign in, as the command line lists them. @returns {User[]} */
export function users(site) {
	site.users ??= JSON.parse(site.portico("demo", "users", "--json"));
	return site.users;
}

/** A user by address. @returns {User} */
export function user(site, email) {
	const found = users(site).find((u) => u.email === email);
	assert.ok(found, `the demo has no ${email}`);
	return found;
}

/** Of a site that the browser says is its own. */
export const sameOrigin = { "Sec-Fetch-Site": "same-origin" };
export const json = { "Content-Type": "application/json" };

/** Forgets all wrong passwords: tests sign in from one address far more often than people do. */
export const forgive = (site) => site.sql("DELETE FROM attempt");

/** SQL: the last failures lie an hour ahead, so that what has to wait still waits however slow the machine is: the first
 *  wait is of one second. */
export const stillWaiting = "UPDATE attempt SET last = UTC_TIMESTAMP() + INTERVAL 1 HOUR";

/** POST /api/v1/session; waits where the gate is full, and never because of what was wrong before. */
export async function signIn(site, { email, host }, secret = password, headers = {}) {
	for (let tries = 0; ; tries++) {
		const answer = await ask(site, "POST", "/api/v1/session",
			{ host, headers: { ...json, ...sameOrigin, ...headers }, body: JSON.stringify({ email, password: secret }) });
		if (answer.status === 429) forgive(site);
		else if (answer.status !== 503 || tries === 10) return answer;
		else await new Promise((done) => setTimeout(done, 500));
	}
}

/** "session=..." of an answer. */
export function cookieOf(answer) {
	const line = answer.headers["set-cookie"]?.[0];
	assert.ok(line, `no cookie with ${answer.status} ${answer.text}`);
	return line.split(";")[0];
}

/** A session of one's own, that a test may end. */
export async function fresh(site, who) {
	const answer = await signIn(site, who);
	assert.equal(answer.status, 200, answer.text);
	return cookieOf(answer);
}

function kept(site) {
	site.sessionsFile ??= path.join(site.var, "test-sessions.json");
	site.sessions ??= fs.existsSync(site.sessionsFile) ? JSON.parse(fs.readFileSync(site.sessionsFile, "utf8")) : {};
	return site.sessions;
}

/** The kept session of a user: nobody may sign it out. */
export async function session(site, who) {
	const sessions = kept(site);
	if (!sessions[who.email]) {
		sessions[who.email] = await fresh(site, who);
		fs.writeFileSync(site.sessionsFile, JSON.stringify(sessions));
	}
	return sessions[who.email];
}

/** A function that asks as that user, on the user's host. */
export async function as(site, who) {
	const one = typeof who === "string" ? user(site, who) : who;
	const cookie = await session(site, one);
	return (method, path_, { headers = {}, ...rest } = {}) =>
		ask(site, method, path_, { host: one.host, ...rest, headers: { Cookie: cookie, ...headers } });
}

/** The same with what a write needs. */
export async function writer(site, who) {
	const one = await as(site, who);
	return (method, path_, body, headers = {}) =>
		one(method, path_, { body: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
			headers: { ...json, ...sameOrigin, ...headers } });
}
