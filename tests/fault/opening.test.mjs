// Nothing of a customer is opened unseen, whatever becomes of the database: what was answered was noted, and what
// could not be noted was not answered.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertProblem, beginDatabase, endDatabase, house, load, more } from "./house.mjs";

let h, ask, bills;

before(async () => {
	h = await house("opening");
	ask = await h.signIn("musterplatz", "owner@musterplatz.example");
	bills = JSON.parse((await ask("/api/v1/documents?limit=200&sort=number")).text).data.map((bill) => [bill.id, bill.number]);
});
after(() => h?.remove());

test("MariaDB is killed while bills are opened: each that was answered is noted, and no other answer holds one", async () => {
	const shown = new Set();
	let at = 0;
	const running = load(4, async () => {
		const [id, number] = bills[at++ % bills.length], answer = await ask(`/api/v1/documents/${id}`);
		if (answer.status === 200) shown.add(number);
		else assert.ok(!answer.text.includes(number), answer.text);
		return answer;
	});
	await more(running, 20);
	const begin = await endDatabase(h, "SIGKILL");
	await more(running, 10, (r) => r.status === 503);
	await beginDatabase(h, begin);
	await more(running, 40);
	for (const r of await running.stop()) if (r.status !== 200) assertProblem(r, 503, "no_database");
	const noted = new Set((await h.sql("SELECT number FROM opening WHERE kind = 'document'")).map(([number]) => number));
	assert.deepEqual([...shown].filter((number) => !noted.has(number)), []);
	assert.ok(shown.size > 20, `${shown.size}`);
});
