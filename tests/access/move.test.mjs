// A reseller goes to another parent with all below it: who sees what before, meanwhile and afterwards.
// An instance of its own, since the tree is another one afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { instance, until } from "../lib/instance.mjs";
import { isProblem } from "../lib/openapi.mjs";
import { as, writer } from "../lib/users.mjs";

const site = await instance({ own: true, name: "move" });
const tenant = Object.fromEntries(site.sql("SELECT id, slug FROM tenant").map(({ id, slug }) => [slug, id]));
const sealed = (slug) => site.portico("id", "tenant", tenant[slug]).trim();
const today = site.value("SELECT UTC_DATE()"), tomorrow = site.value("SELECT UTC_DATE() + INTERVAL 1 DAY");
const admin = await writer(site, "admin@pneumuster.example");
const [from, to] = [await as(site, "owner@nordmuster.example"), await as(site, "owner@sante-exemple.example")];

const plan = (who, parent, day = today) => admin("POST", "/api/v1/moves", { tenant: sealed(who), parent: sealed(parent), day });

/** Numbers of all customers that a user's list has. */
async function customers(ask) {
	const found = [];
	for (let cursor = ""; cursor !== null;) {
		const { json } = await ask("GET", `/api/v1/customers?limit=200&sort=number${cursor && `&cursor=${cursor}`}`);
		found.push(...json.data.map((row) => row.number));
		cursor = json.next;
	}
	return found;
}
const movers = (numbers) => numbers.filter((number) => /^(SPECI|EXHOM)-/.test(number)).length;

const becomes = (wanted, ask) => until(wanted, async () => (await ask()) === wanted);
const state = (move) => site.value(`SELECT state FROM move WHERE id = ${move}`);
const lag = () => Number(site.value(`SELECT COUNT(*) FROM customer c JOIN tenant n ON n.id = c.tenant_id WHERE (c.a1, c.a2, c.a3, c.a4) <> (n.a1, n.a2, n.a3, n.a4)`)) +
	Number(site.value(`SELECT COUNT(*) FROM document c JOIN tenant n ON n.id = c.tenant_id WHERE (c.a1, c.a2, c.a3, c.a4) <> (n.a1, n.a2, n.a3, n.a4)`));

test("a move that the tree does not allow is refused with its pointer", async () => {
	for (const [who, parent, day, pointer] of [
		["nordmuster", "specimen-sleep", today, "/parent"], // below itself
		["nordmuster", "nordmuster", today, "/parent"],
		["specimen-sleep", "nordmuster", today, "/parent"], // there already
		["pneumuster", "nordmuster", today, "/tenant"],
		["specimen-sleep", "sante-exemple", "2020-01-01", "/day"],
		["specimen-sleep", "sante-exemple", "2020-02-30", "/day"],
	]) {
		const answer = await plan(who, parent, day);
		isProblem(answer, 422, "invalid");
		assert.deepEqual(answer.json.errors.map((e) => e.pointer), [pointer], `${who} to ${parent}`);
	}
	site.sql(`UPDATE tenant SET state = 'closed' WHERE id = ${tenant["mihon-kokyu"]}`);
	isProblem(await plan("specimen-sleep", "mihon-kokyu"), 422, "invalid");
	site.sql(`UPDATE tenant SET state = 'active' WHERE id = ${tenant["mihon-kokyu"]}`);
	const customer = site.portico("id", "customer", 1).trim();
	for (const [body, pointers] of [[{}, ["/tenant", "/parent", "/day"]], [{ tenant: customer, parent: sealed("sante-exemple"), day: today }, ["/tenant"]],
		[{ tenant: sealed("specimen-sleep"), parent: sealed("sante-exemple"), day: today, state: "done" }, ["/state"]]]) {
		const answer = await admin("POST", "/api/v1/moves", body);
		isProblem(answer, 422, "invalid");
		assert.deepEqual(answer.json.errors.map((e) => e.pointer), pointers);
	}
	assert.equal(site.value("SELECT COUNT(*) FROM move"), "0");
});

test("the tree never gets more than five levels", async () => {
	// Four levels below the provider: nordmuster, specimen-sleep, example-homecare, and one more.
	site.sql(`UPDATE tenant SET parent_id = ${tenant["example-homecare"]}, level = 4, a1 = ${tenant.nordmuster}, a2 = ${tenant["specimen-sleep"]}, a3 = ${tenant["example-homecare"]}, a4 = id WHERE slug = 'mihon-kokyu'`);
	const before = site.sql("SELECT parent_id, level FROM tenant WHERE slug = 'sante-exemple'");
	isProblem(await plan("specimen-sleep", "musterplatz"), 422, "invalid");
	isProblem(await plan("sante-exemple", "mihon-kokyu"), 422, "invalid");
	assert.deepEqual(site.sql("SELECT parent_id, level FROM tenant WHERE slug = 'sante-exemple'"), before);
	site.sql(`UPDATE tenant t JOIN tenant p ON p.slug = 'sante-exemple' SET t.parent_id = p.id, t.level = 2, t.a1 = p.id, t.a2 = t.id, t.a3 = 0, t.a4 = 0 WHERE t.slug = 'mihon-kokyu'`);
	site.sql(`UPDATE customer c JOIN tenant n ON n.id = c.tenant_id SET c.a1 = n.a1, c.a2 = n.a2, c.a3 = n.a3, c.a4 = n.a4`);
	site.sql(`UPDATE document c JOIN tenant n ON n.id = c.tenant_id SET c.a1 = n.a1, c.a2 = n.a2, c.a3 = n.a3, c.a4 = n.a4`);
	site.sql("UPDATE channel_version SET version = version + 1");
});

test("a move of tomorrow is shown, can be called off until it begins, and there is one at a time", async () => {
	const answer = await plan("specimen-sleep", "sante-exemple", tomorrow);
	assert.equal(answer.status, 201, answer.text);
	const { id } = answer.json;
	assert.deepEqual([answer.json.tenant, answer.json.from, answer.json.parent, answer.json.day, answer.json.state], [sealed("specimen-sleep"), sealed("nordmuster"), sealed("sante-exemple"), tomorrow, "planned"]);
	isProblem(await plan("specimen-sleep", "sante-exemple"), 409, "conflict");
	assert.deepEqual((await admin("GET", "/api/v1/moves?state=planned")).json.data.map((row) => row.id), [id]);
	assert.equal((await admin("DELETE", `/api/v1/moves/${id}`)).status, 204);
	assert.equal((await admin("GET", `/api/v1/moves/${id}`)).json.state, "cancelled");
	isProblem(await admin("DELETE", `/api/v1/moves/${id}`), 409, "conflict");
	const auditor = await writer(site, "auditor@pneumuster.example");
	assert.equal((await auditor("GET", "/api/v1/moves")).json.data.length, 1);
	isProblem(await auditor("POST", "/api/v1/moves", { tenant: sealed("specimen-sleep"), parent: sealed("sante-exemple"), day: today }), 403, "forbidden");
});

test("once the new parent sees a customer the old one sees none any more, and then it sees all", async () => {
	const before = await customers(from), others = await customers(to), n = movers(before);
	assert.ok(n > 100 && movers(others) === 0);
	const { json } = await plan("specimen-sleep", "sante-exemple"), move = site.value(`SELECT MAX(id) FROM move`);
	site.announce(/tripwire/); // rows that have not followed yet
	let arrived = false;
	await becomes("done", async () => {
		const now = movers(await customers(to)), then = movers(await customers(from));
		arrived ||= now > 0;
		assert.ok(!arrived || then === 0, `the old parent still sees ${then} of ${now} that have arrived`);
		return state(move);
	});
	assert.equal(lag(), 0);
	assert.equal(movers(await customers(to)), n);
	assert.deepEqual(await customers(from), before.filter((number) => movers([number]) === 0));
	assert.deepEqual(site.sql(`SELECT level, a1, a2, a3 FROM tenant WHERE slug = 'example-homecare'`), [{ level: "3", a1: tenant["sante-exemple"], a2: tenant["specimen-sleep"], a3: tenant["example-homecare"] }]);
	assert.equal((await admin("GET", `/api/v1/moves/${json.id}`)).json.state, "done");
	const bills = await as(site, "owner@specimen-sleep.example");
	assert.ok((await bills("GET", "/api/v1/documents")).json.data.length > 0, "past bills stay with who issued them");
});

test("rows that have not followed are hidden from the old parent and from the new one, and a cut move goes on", async () => {
	const all = movers(await customers(to)), move = site.value("SELECT MAX(id) FROM move WHERE state = 'done'");
	const third = `tenant_id IN (${tenant["specimen-sleep"]}, ${tenant["example-homecare"]}) AND id MOD 3 = 0`;
	const n = Number(site.value(`SELECT COUNT(*) FROM customer WHERE ${third}`));
	site.announce(/tripwire/);
	site.sql(`UPDATE customer SET a1 = ${tenant.nordmuster} WHERE ${third}`);
	assert.equal(movers(await customers(from)), 0);
	assert.equal(movers(await customers(to)), all - n);
	const one = site.portico("id", "customer", site.value(`SELECT MIN(id) FROM customer WHERE ${third}`)).trim();
	for (const ask of [from, to]) isProblem(await ask("GET", `/api/v1/customers/${one}`), 404, "not_found");
	site.sql(`UPDATE move SET state = 'moving' WHERE id = ${move}`); // as a killed process leaves it
	await becomes("done", async () => state(move));
	assert.equal(lag(), 0);
	assert.equal(movers(await customers(to)), all);
});

test("a planned move that the tree does not allow any more on its day is refused, and says so", async () => {
	const answer = await plan("example-homecare", "musterplatz", tomorrow);
	assert.equal(answer.status, 201, answer.text);
	const move = site.value("SELECT MAX(id) FROM move");
	site.sql(`UPDATE tenant SET state = 'closed' WHERE id = ${tenant.musterplatz}`);
	site.announce(/is refused: its new parent: it is closed/);
	site.sql(`UPDATE move SET day = UTC_DATE() WHERE id = ${move}`);
	await becomes("refused", async () => state(move));
	assert.equal(site.value("SELECT parent_id FROM tenant WHERE slug = 'example-homecare'"), tenant["specimen-sleep"]);
});
