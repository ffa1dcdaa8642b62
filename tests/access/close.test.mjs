// A reseller is closed by two persons of the provider, and opened again by one: who is cut off, what stays.
// An instance of its own, since resellers close.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ask } from "../lib/http.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem } from "../lib/openapi.mjs";
import { agree, colleague, person, prove, provider } from "../lib/second.mjs";
import { as, signIn, user, users } from "../lib/users.mjs";

const site = await instance({ own: true, name: "close" });
const id = Object.fromEntries(site.sql("SELECT id, slug FROM tenant").map(({ id: key, slug }) => [slug, key]));
const at = (slug, verb) => `/api/v1/tenants/${site.portico("id", "tenant", id[slug]).trim()}/${verb}`;
const a = await person(site, user(site, "admin@pneumuster.example")), b = await person(site, colleague(site, "second"));
const state = (slug) => site.value(`SELECT state FROM tenant WHERE id = ${id[slug]}`);
const owner = user(site, "owner@musterplatz.example"), patient = users(site).find((one) => one.portal === "customer" && one.host === owner.host);

/** Asked by the one and agreed to by the other. */
async function close(slug) {
	const asked = await a("POST", at(slug, "close"));
	assert.equal(asked.status, 202, asked.text);
	return agree(b, asked);
}

test("it needs the second step of who asks and of who agrees, and two of them", async () => {
	isProblem(await a("POST", at("musterplatz", "close")), 403, "step_up_needed");
	prove(site);
	const asked = await a("POST", at("musterplatz", "close"));
	assert.equal(asked.status, 202, asked.text);
	assert.equal(state("musterplatz"), "active");
	isProblem(await a("POST", `${asked.headers.location}/approve`, {}), 409, "approval_self");
	site.sql(`UPDATE session SET proved = NULL WHERE user_id = ${b.who.id}`);
	isProblem(await b("POST", `${asked.headers.location}/approve`, {}), 403, "step_up_needed");
	assert.equal(state("musterplatz"), "active");
	assert.equal((await a("DELETE", asked.headers.location)).status, 204);
	prove(site);
});

test("nobody below the provider closes anybody, and nobody what cannot be closed", async () => {
	const distributor = await person(site, user(site, "owner@nordmuster.example"));
	prove(site);
	const closed = () => site.value("SELECT COUNT(*) FROM tenant WHERE state = 'closed'"), before = closed();
	isProblem(await distributor("POST", at("musterplatz", "close")), 403, "forbidden");
	isProblem(await distributor("POST", at("musterplatz", "reopen")), 403, "forbidden");
	isProblem(await a("POST", at("pneumuster", "close")), 409, "conflict");
	isProblem(await a("POST", at("nordmuster", "close")), 409, "conflict"); // dealers buy from it
	isProblem(await a("POST", at("musterplatz", "reopen")), 409, "conflict");
	isProblem(await a("POST", `/api/v1/tenants/tnt_x/close`), 404, "not_found");
	assert.equal(closed(), before);
});

test("its people and customers are out at their next request and cannot sign in; the provider sees what it saw", async () => {
	const ins = [await as(site, owner), await as(site, patient)];
	for (const one of ins) assert.equal((await one("GET", "/api/v1/documents?limit=1")).status, 200);
	const bills = async () => (await a("GET", `/api/v1/documents?limit=200&tenant=${at("musterplatz", "").split("/")[4]}`)).json.data.length, before = await bills();
	const done = await close("musterplatz");
	assert.equal(done.state, "done", JSON.stringify(done));
	assert.equal(state("musterplatz"), "closed");
	for (const one of ins) {
		const got = await one("GET", "/api/v1/documents?limit=1");
		if (got.status !== 421) isProblem(got, 401, "not_signed_in"); // 421: the host has gone, too, in this moment
	}
	const nobody = await signIn(site, { email: "nobody@musterplatz.example", host: owner.host });
	for (const one of [owner, patient]) assert.ok([nobody.status, 421].includes((await signIn(site, one)).status)); // or the host has gone since
	assert.ok(before > 0);
	assert.equal(await bills(), before);
	assert.equal((await a("GET", at("musterplatz", "").slice(0, -1))).json.state, "closed");
	assert.deepEqual(site.sql("SELECT action, user_id, object_id FROM audit WHERE action IN ('tenant.close', 'tenant.close.asked') ORDER BY id").map((row) => row.action), ["tenant.close.asked", "tenant.close.asked", "tenant.close"]);
	isProblem(await a("POST", at("musterplatz", "close")), 409, "conflict");
});

test("its host shows no brand any more, and no other's", async () => {
	const link = path.join(site.var, "site/hosts", owner.host);
	await until("portico-jobs takes the host off", () => !fs.existsSync(link));
	const page = await until("nginx sees that, too", async () => {
		const answer = await ask(site, "GET", "/", { host: owner.host });
		return answer.status === 421 && answer;
	});
	assert.equal(/muster/i.test(page.text), false, page.text);
});

test("opened again by one, with the second step, all is as before", async () => {
	site.sql("UPDATE session SET proved = NULL");
	isProblem(await a("POST", at("musterplatz", "reopen")), 403, "step_up_needed");
	prove(site);
	assert.equal((await a("POST", at("musterplatz", "reopen"))).status, 204);
	assert.equal(state("musterplatz"), "active");
	await until("the portal is there", async () => (await ask(site, "GET", "/", { host: owner.host })).status === 200);
	for (const one of [owner, patient]) assert.equal((await signIn(site, one)).status, 200);
	assert.equal(site.value("SELECT COUNT(*) FROM audit WHERE action = 'tenant.reopen'"), "1");
});

test("a tree is closed from below and opened from above; what does not fit any more by then fails", async () => {
	const below = site.sql(`SELECT slug FROM tenant WHERE ${id.nordmuster} IN (a1, a2, a3, a4) AND id <> ${id.nordmuster} AND state = 'active' ORDER BY level DESC`).map((row) => row.slug);
	const last = below.at(-1); // right below it
	for (const slug of below) assert.equal((await close(slug)).state, "done", slug);
	const early = await a("POST", at("nordmuster", "close"));
	assert.equal(early.status, 202, early.text);
	assert.equal((await a("POST", at(last, "reopen"))).status, 204);
	isProblem(await b("POST", `${early.headers.location}/approve`, {}), 409, "conflict"); // nor could who agrees
	assert.equal((await close(last)).state, "done");
	assert.equal((await agree(b, early)).state, "done");
	isProblem(await a("POST", at(last, "reopen")), 409, "conflict");
	assert.equal((await a("POST", at("nordmuster", "reopen"))).status, 204);
	assert.equal((await a("POST", at(last, "reopen"))).status, 204);
});

test("the provider's own host goes on", async () => assert.equal((await ask(site, "GET", "/admin/", { host: provider })).status, 200));

clean(site);
