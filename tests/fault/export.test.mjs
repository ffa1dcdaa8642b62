// Exports and bulk changes when something goes wrong on their way: what was cut off looks cut off, and what was done
// of a file is whole lines.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { lines, table } from "../lib/csv.mjs";
import { Writer } from "../access/proof/tools.mjs";
import { assertProblem, beginDatabase, children, endDatabase, house, resident, until } from "./house.mjs";

let h, owner, admin;
before(async () => {
	h = await house("export", { bin: process.env.BIN_PLAIN ?? "build" });
	owner = await h.signIn();
	admin = await h.signIn("pneumuster", "admin@pneumuster.example");
});
after(() => h?.remove());

const one = async (text) => (await h.sql(text))[0][0];
const audited = async (action, from) => (await h.sql(`SELECT action, detail FROM audit WHERE id > ${from} AND action LIKE '${action}%' ORDER BY id`)).map(([name, detail]) => `${name}: ${detail}`);
const last = () => one("SELECT MAX(id) FROM audit");

test("more rows than one export may have are told by its last line, and by a cursor that goes on there", async () => {
	const all = lines((await admin("/api/v1/documents?format=ndjson")).text), from = await last();
	assert.ok(all.length > 2500);
	await h.beginWorker({ settings: { export_limit: 1500 } });
	const got = [];
	for (let cursor = ""; ;) {
		const { status, text } = await admin(`/api/v1/documents?format=ndjson${cursor}`), rows = lines(text);
		assert.equal(status, 200);
		if (rows.at(-1).incomplete === undefined) {
			got.push(...rows);
			break;
		}
		assert.deepEqual([rows.length, rows.at(-1).incomplete.limit], [1501, 1500]);
		got.push(...rows.slice(0, -1));
		cursor = `&cursor=${rows.at(-1).incomplete.next}`;
	}
	assert.deepEqual(got, all);
	const [, note] = /"(# incomplete: [^"]*)"\r\n$/.exec((await admin("/api/v1/documents?format=csv")).text);
	assert.match(note, /1500 rows.*cursor=inv_/);
	assert.equal(table((await admin(`/api/v1/documents?format=csv&cursor=${/cursor=(\S+)$/.exec(note)[1]}`)).text.replace(/"# incomplete[^"]*"\r\n$/, "")).length, Math.min(1500, all.length - 1500));
	assert.deepEqual((await audited("document.export", from)).slice(0, 4), ["document.export: ndjson", "document.export.cut: ndjson 1500", "document.export: ndjson by cursor", all.length > 3000 ? "document.export.cut: ndjson 1500" : `document.export.done: ndjson ${all.length - 1500}`]);
	// As many as there are is no rest.
	await h.beginWorker({ settings: { export_limit: all.length } });
	assert.deepEqual(lines((await admin("/api/v1/documents?format=ndjson")).text), all);
	await h.beginWorker();
});

test("an export that fails before it has sent anything is a problem, and one that fails later has no end", async () => {
	// An amount without a known currency cannot be written: of the row that comes last, or first.
	const [[id, was]] = await h.sql("SELECT id, currency FROM payment ORDER BY received, id LIMIT 1");
	assert.ok(Number(await one("SELECT COUNT(*) FROM payment")) > 500, "more than one piece");
	await h.sql(`UPDATE payment SET currency = 'XXX' WHERE id = ${id}`);
	try {
		for (const format of ["csv", "ndjson"]) {
			const from = await last();
			assertProblem(await admin(`/api/v1/payments?format=${format}&sort=received`), 500, "internal");
			const cut = await admin(`/api/v1/payments?format=${format}&sort=-received`);
			assert.equal(cut.status, 0, "the connection breaks");
			const told = await until("both ends are in the audit", async () => {
				const found = await audited("payment.export", from);
				return found.length === 4 && found;
			});
			assert.deepEqual(told.map((line) => line.split(":")[0]), ["payment.export", "payment.export.cut", "payment.export", "payment.export.cut"]);
			assert.ok(Number(told[3].split(" ").pop()) > 100);
		}
	} finally {
		await h.sql(`UPDATE payment SET currency = '${was}' WHERE id = ${id}`);
	}
	assert.equal((await admin("/api/v1/payments?format=csv")).status, 200);
});

test("exports never take the last threads: one too many is told to come back, and everything else is answered", async () => {
	await h.beginWorker({ settings: { processes: 1, threads: 4 } });
	const writer = new Writer({ setting: (key) => ({ db_socket: h.socket, db_name: "portico" })[key] });
	await writer.run("LOCK TABLES payment WRITE");
	const first = owner("/api/v1/payments?format=csv");
	try {
		await until("the first one waits", async () => Number((await h.sql("SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE '%lock%'"))[0][0]) > 0);
		for (const ask of [() => owner("/api/v1/customers?format=csv"), () => owner.write("/api/v1/customers/bulk", "POST", {}, { "Content-Type": "application/x-ndjson" })]) {
			const refused = await ask();
			assertProblem(refused, 503, "busy");
			assert.equal(refused.headers["retry-after"], "10");
		}
		for (let i = 0; i < 8; i++) assert.equal((await owner("/api/v1/customers")).status, 200);
	} finally {
		await writer.run("UNLOCK TABLES");
		await writer.close();
	}
	assert.equal((await first).status, 200);
	assert.equal((await owner("/api/v1/customers?format=csv")).status, 200);
	await h.beginWorker();
});

test("memory does not grow with the rows of an export", async (t) => {
	await h.beginWorker({ settings: { processes: 1 } });
	const [worker] = children(h.pid("worker")), size = async (n) => {
		for (let i = 0; i < 8; i++) assert.equal(lines((await admin(`/api/v1/audit?format=ndjson&action=test.${n}`)).text).length, n); // on each thread
		return resident(worker);
	};
	for (const n of [1000, 40000]) await h.sql(`INSERT INTO audit (at, trace, user_id, tenant_id, action, detail) SELECT '2020-01-01', '0123456789abcdef', u.id, u.tenant_id, 'test.${n}', '' FROM seq_1_to_${n} s JOIN user u ON u.email = 'admin@pneumuster.example'`);
	const small = await size(1000), large = await size(40000);
	t.diagnostic(`${small} kB after 1000 rows at a time, ${large} kB after 40000`);
	assert.ok(large - small < 2048, `${small} kB, then ${large} kB`);
	await h.beginWorker();
});

/** 1,500 lines for the customers of a tenant, each with two tags; the request under way, once some lines are done. */
async function bulk() {
	const dealer = await h.signIn("musterplatz");
	const ids = lines((await dealer("/api/v1/customers?format=ndjson")).text).map((row) => row.id);
	assert.ok(ids.length > 50);
	const body = Array.from({ length: 1500 }, (_, i) => `${JSON.stringify({ id: ids[i % ids.length], tags: [`first of two ${i}`, `second of two ${i}`] })}\n`).join("");
	const send = () => dealer("/api/v1/customers/bulk", { method: "POST", body, headers: { "Content-Type": "application/x-ndjson", "Sec-Fetch-Site": "same-origin" } });
	const from = await last(), sent = send();
	await until("some lines are done", async () => Number(await one(`SELECT COUNT(*) FROM audit WHERE id > ${from} AND action = 'customer.classify'`)) > 30);
	return { send, sent, from, customers: ids.length };
}

/** What is done is whole lines, as many as have their row in the audit. */
async function isWhole(from) {
	assert.deepEqual(await h.sql("SELECT customer_id FROM customer_tag WHERE tag LIKE '% of two %' GROUP BY customer_id HAVING COUNT(*) <> 2 OR COUNT(DISTINCT SUBSTRING_INDEX(tag, ' ', -1)) <> 1"), []);
	const tagged = (await h.sql("SELECT DISTINCT customer_id FROM customer_tag WHERE tag LIKE '% of two %' ORDER BY 1")).flat();
	assert.deepEqual(tagged, (await h.sql(`SELECT DISTINCT object_id FROM audit WHERE id > ${from} AND action = 'customer.classify' ORDER BY 1`)).flat());
}

test("a bulk change whose process is killed has done whole lines and no half ones, and sent again it does the rest", async () => {
	const { send, sent, from } = await bulk();
	for (const pid of children(h.pid("worker"))) process.kill(pid, "SIGKILL");
	assert.notEqual((await sent).status, 200, "what broke off is not taken for the whole");
	await until("it serves again", async () => (await h.ready()).status === 200);
	await isWhole(from);
	const answers = lines((await send()).text);
	assert.deepEqual(answers.map((line) => [line.line, line.status]), Array.from({ length: 1500 }, (_, i) => [i + 1, 200]));
	await isWhole(from);
});

test("where the database goes away, each line that was not done says so, and those that were done are", async () => {
	await h.sql("DELETE FROM customer_tag");
	const { sent, from } = await bulk(), command = await endDatabase(h, "SIGKILL"), answer = await sent;
	await beginDatabase(h, command);
	assert.equal(answer.status, 200);
	const answers = lines(answer.text), done = answers.filter((line) => line.status === 200).length;
	assert.equal(answers.length, 1500);
	assert.ok(done > 30 && done < 1500);
	assert.ok(answers.slice(done).every((line) => line.status === 503 && line.problem.type === "/problems/no_database"), "one by one, and none after it is done");
	assert.match(answers.at(-1).problem.detail, /send it again/);
	const rows = Number(await one(`SELECT COUNT(*) FROM audit WHERE id > ${from} AND action = 'customer.classify'`));
	assert.ok(rows === done || rows === done + 1, `${rows} rows for ${done} lines: of one the outcome may be unknown`);
	await isWhole(from);
});
