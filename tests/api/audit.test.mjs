// The audit as a list: newest first, each row for those who may, and nothing that cannot be found by its filters.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { as, user, users, writer } from "../lib/users.mjs";

const site = await instance();
const { check } = await openapi(site);
const base = "/api/v1/audit";
const owner = user(site, "owner@musterplatz.example"), other = user(site, "owner@pharmacie-exemple.example");
const get = await as(site, owner), write = await writer(site, owner);
await as(site, other);
const admin = await as(site, user(site, "admin@pneumuster.example"));
const self = (await get("GET", "/api/v1/session")).json;

/** All rows of a query, page by page. */
async function all(ask, query = "", limit = 7) {
	const rows = [];
	for (let cursor = ""; ;) {
		const answer = await ask("GET", `${base}?limit=${limit}${query}${cursor}`);
		assert.equal(answer.status, 200, answer.text);
		check("GET", base, answer);
		rows.push(...answer.json.data);
		if (answer.json.next === null) return rows;
		cursor = `&cursor=${answer.json.next}`;
	}
}

async function rename(name) {
	const path = `/api/v1/users/${self.user.id}`;
	const answer = await write("PATCH", path, { name }, { "If-Match": (await get("GET", path)).headers.etag });
	assert.equal(answer.status, 200, answer.text);
}

test("what was done is the first row, with who, when and what; the name is the one of today", async () => {
	const before = self.user.name;
	await rename("Before the change");
	await rename("見本 <b>");
	const [newest, older] = await all(get, "", 200);
	const { id, at, trace, ...rest } = newest;
	assert.deepEqual(rest, { action: "user.edit", user: self.user.id, user_name: "見本 <b>", tenant: self.tenant.id, object: self.user.id });
	assert.match(id, /^aud_[a-z2-7]{26}$/);
	assert.match(trace, /^[0-9a-f]{16}$/);
	const [row] = site.sql("SELECT id, at FROM audit ORDER BY id DESC LIMIT 1");
	assert.equal(at, `${row.at.replace(" ", "T")}Z`);
	assert.equal(site.portico("id", id).trim(), `audit ${row.id}`);
	assert.equal(older.user_name, "見本 <b>");
	assert.ok(older.at <= at);
	await rename(before);
});

test("the object of a sign-in is the user; of an action that is not ours it is a number", async () => {
	const [row] = await all(get, "&action=session_create", 200);
	assert.equal(row.object, row.user);
	site.sql(`INSERT INTO audit (trace, action, tenant_id, object_id) SELECT '0123456789abcdef', 'moon.land', tenant_id, 77 FROM user WHERE email = '${owner.email}'`);
	const [odd] = await all(get, "&action=moon.land", 200);
	assert.equal(odd.object, "77");
	assert.equal(odd.user, null);
	assert.equal(odd.user_name, null);
});

test("each tenant's owner sees its own rows, the provider all, a customer none", async () => {
	const count = (where) => Number(site.value(`SELECT COUNT(*) FROM audit WHERE ${where}`));
	const mine = await all(get, "", 200);
	assert.equal(mine.length, count(`tenant_id = (SELECT tenant_id FROM user WHERE email = '${owner.email}')`));
	assert.deepEqual([...new Set(mine.map((row) => row.tenant))], [self.tenant.id]);
	const seen = await all(admin, "", 200);
	assert.equal(seen.length, count("TRUE"));
	assert.ok(new Set(seen.map((row) => row.tenant)).size > 2);
	const patient = await as(site, users(site).find((u) => u.host === owner.host && u.portal === "customer"));
	isProblem(await patient("GET", base), 403, "forbidden");
});

test("both orders, in pages of any size, give the same rows", async () => {
	const down = (await all(admin, "", 200)).map((row) => row.id);
	assert.deepEqual((await all(admin, "", 3)).map((row) => row.id), down);
	assert.deepEqual((await all(admin, "&sort=at", 5)).map((row) => row.id), down.slice().reverse());
});

test("filters find exactly their rows", async () => {
	const rows = await all(admin, "", 200);
	const found = async (query) => (await all(admin, query, 200)).map((row) => row.id);
	for (const action of ["user.edit", "session_create"])
		assert.deepEqual(await found(`&action=${action}`), rows.filter((row) => row.action === action).map((row) => row.id));
	assert.deepEqual(await found(`&user=${self.user.id}`), rows.filter((row) => row.user === self.user.id).map((row) => row.id));
	assert.deepEqual(await found(`&user=${self.user.id}&action=user.edit`),
		rows.filter((row) => row.user === self.user.id && row.action === "user.edit").map((row) => row.id));
	assert.deepEqual(await found("&action=user"), []);
	const day = rows[0].at.slice(0, 10), next = new Date(Date.parse(day) + 86400000).toJSON().slice(0, 10);
	assert.deepEqual(await found(`&from=${day}&to=${next}`), rows.filter((row) => row.at.startsWith(day)).map((row) => row.id));
	assert.deepEqual(await found(`&from=${next}`), []);
	assert.deepEqual(await found(`&to=${day}`), rows.filter((row) => row.at < day).map((row) => row.id));
	for (const query of ["from=2026-02-30", "to=yesterday", "from=", "user=usr_x", "action=", `action=${"x".repeat(101)}`])
		isProblem(await admin("GET", `${base}?${query}`), 400, "bad_parameter");
});

clean(site);
