// `portico usage load`: a file is in once however often it is loaded, and a load that was killed goes on where it stopped.
// An instance of its own, for it loads many events.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clean, instance, until } from "../lib/instance.mjs";

const site = await instance({ own: true, name: "usage-load" });
const tenant = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'"), day = new Date(Date.now() - 3 * 86400000).toISOString().slice(0, 10);
const sold = site.sql(`SELECT a.number AS account, o.code AS offering FROM subscription t JOIN account a ON a.id = t.account_id AND a.state = 'active' JOIN offering o ON o.id = t.offering_id
	WHERE t.tenant_id = ${tenant} AND t.ends IS NULL AND t.starts < CURRENT_DATE - INTERVAL 20 DAY ORDER BY t.id`);
const program = path.join(site.programs, "portico"), conf = path.join(site.var, "portico.conf");
const one = (prefix, i, more = {}) => ({ event: `${prefix}-${i}`, ...sold[i % sold.length], quantity: "1", at: `${day}T10:00:00Z`, ...more });

/** Writes the file, and loads it: status, what it says, and what it counted. */
function written(name, text) {
	const file = path.join(site.var, "tmp", name);
	fs.writeFileSync(file, text);
	return file;
}
function load(file, ...words) {
	const { status, stdout, stderr } = spawnSync(program, ["-c", conf, "usage", "load", file, "--json", ...words], { encoding: "utf8" });
	return { status, stderr, ...(stdout ? JSON.parse(stdout) : {}) };
}
const events = (prefix) => Number(site.value(`SELECT COUNT(*) FROM usage_event WHERE event LIKE '${prefix}-%'`));
const ndjson = (list) => list.map((line) => `${JSON.stringify(line)}\n`).join("");

test("NDJSON and CSV are loaded whole, the second run changes nothing, and what is not taken is told by reason", () => {
	const file = written("a.ndjson", ndjson([...Array.from({ length: 2500 }, (_, i) => one("a", i)), one("a", 9999, { quantity: "-1" })]));
	const first = load(file, "--tenant", "musterplatz", "--source", "cdr");
	assert.deepEqual([first.status, first.lines, first.received, first.rejected, first.reasons], [3, 2501, 2500, 1, { negative: 1 }], first.stderr);
	assert.equal(events("a"), 2500);
	assert.deepEqual(site.sql("SELECT way, name, `lines`, received, rejected, done FROM usage_batch").map(Object.values), [["file", "a.ndjson", "2501", "2500", "1", "1"]]);
	const again = load(file, "--tenant", "musterplatz", "--source", "cdr");
	assert.deepEqual([again.received, again.same, again.rejected, events("a")], [0, 2500, 1, 2500]);
	const csv = written("b.csv", `event,account,offering,quantity,at\n${Array.from({ length: 1200 }, (_, i) => Object.values(one("b", i)).map((cell) => `"${cell}"`).join(",")).join("\r\n")}`);
	const second = load(csv, "--tenant", "musterplatz");
	assert.deepEqual([second.status, second.lines, second.received, events("b")], [0, 1200, 1200, 1200], second.stderr);
	const byProvider = load(written("c.ndjson", ndjson([one("c", 1), { ...one("c", 2), account: "NO-SUCH" }])));
	assert.deepEqual([byProvider.status, byProvider.received, byProvider.reasons], [3, 1, { unknown_account: 1 }], byProvider.stderr);
});

test("a load that is killed goes on where it stopped, and all is in once", async () => {
	const n = 30000, file = written("killed.ndjson", ndjson(Array.from({ length: n }, (_, i) => one("k", i))));
	const words = ["-c", conf, "usage", "load", file, "--json", "--tenant", "musterplatz"];
	const child = spawn(program, words, { stdio: "ignore" }), ended = new Promise((done) => child.on("exit", done));
	await until("some of it is in", () => events("k") > 2000);
	child.kill("SIGKILL");
	await ended;
	const before = events("k"), [batch] = site.sql("SELECT id, `lines`, done FROM usage_batch ORDER BY id DESC LIMIT 1");
	assert.ok(before > 0 && before < n && before === Number(batch.lines) && batch.done === "0", `${before} of ${n}`);
	const rest = load(file, "--tenant", "musterplatz");
	assert.match(rest.stderr, /goes on behind line/);
	assert.deepEqual([rest.status, rest.received, rest.same, events("k")], [0, n - before, 0, n]);
	assert.deepEqual(site.sql(`SELECT \`lines\`, received, done FROM usage_batch WHERE id = ${batch.id}`).map(Object.values), [[String(n), String(n), "1"]]);
});

test("a file that is another one by now begins anew", () => {
	const list = Array.from({ length: 3000 }, (_, i) => one("m", i)), file = written("changed.ndjson", ndjson(list));
	load(file, "--tenant", "musterplatz");
	site.sql("UPDATE usage_batch SET done = 0, bytes = bytes - 1 ORDER BY id DESC LIMIT 1");
	const again = load(file, "--tenant", "musterplatz");
	assert.match(again.stderr, /begins anew/);
	assert.deepEqual([again.status, again.received, again.same], [0, 0, 3000]);
});

test("what cannot be read is said, and words that are not known are refused", () => {
	const run = (...words) => spawnSync(program, ["-c", conf, "usage", ...words], { encoding: "utf8" });
	for (const [words, status, said] of [[["load", "/nowhere"], 1, /No such file/], [["load"], 2, /needs a file/], [["x"], 2, /the word load/], [["load", "a", "--x"], 2, /not known/], [["load", conf, "--tenant", "nobody"], 1, /no tenant nobody/],
		[["load", site.var], 1, /no file/], [["load", written("empty.csv", "")], 1, /empty/]]) {
		const got = run(...words);
		assert.equal(got.status, status, got.stderr);
		assert.match(got.stderr, said);
	}
});

clean(site);
