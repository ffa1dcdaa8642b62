// make run and make stop, cut off at any point; migrations, cut off at any statement.
import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { alive, full, house, load, more, root, run, tally } from "./house.mjs";

const there = (h, ...name) => fs.existsSync(path.join(h.var, ...name));
const homes = [];
after(async () => { for (const h of homes) await h.remove(); });

async function home(name) {
	const h = await house(name, { start: false });
	homes.push(h);
	return h;
}

test("a port that is in use is said clearly, and nothing is started", async () => {
	const h = await home("port");
	const other = net.createServer();
	await new Promise((done) => other.listen(h.port, "127.0.0.1", done));
	try {
		const r = await h.sh("start");
		assert.notEqual(r.code, 0);
		assert.match(r.err, new RegExp(`port ${h.port} .*in use.*make run PORT=\\d+`));
		assert.doesNotMatch(r.out + r.err, /ready/);
		for (const left of ["run/mariadb.pid", "run/worker.pid", "run/jobs.pid", "run/nginx.pid", "db", "db.new"])
			assert.ok(!there(h, left), left);
	} finally {
		await new Promise((done) => other.close(done));
	}
});

/** Is a process at work whose command line fits? */
function atWork(fits) {
	return fs.readdirSync("/proc").some((pid) => {
		try {
			return /^\d+$/.test(pid) && fits(fs.readFileSync(`/proc/${pid}/cmdline`, "utf8"));
		} catch {
			return false; // it has ended since
		}
	});
}
const works = (h, ...words) => atWork((line) => line.endsWith(`\0${h.conf}\0${words.join("\0")}\0`));
const installs = (h) => atWork((line) => line.includes("--bootstrap") && line.includes(path.join(h.var, "db.new")));

/** Are there rows of the demo, and not all? */
async function loading(h) {
	return works(h, "demo") && (await h.sql(`SELECT 1 FROM demo_state WHERE state = 'loading' AND EXISTS (SELECT 1 FROM customer)
		AND EXISTS (SELECT 1 FROM document)`)).length === 1;
}

/** A load that was killed keeps others out for a while, in case it lives; the long version waits for that. */
const expire = (h) => (full ? null : h.sql("UPDATE lease SET until = UTC_TIMESTAMP() - INTERVAL 1 SECOND"));

const points = [
	{ name: "while the database's folder is made", reached: (h) => installs(h), signal: "SIGINT" },
	{ name: "while the database's folder is made, without run.sh", reached: (h) => installs(h), signal: "SIGKILL" },
	{ name: "before the database answers", reached: (h) => there(h, "run", "mariadb.pid"), signal: "SIGKILL" },
	{ name: "while it migrates", reached: (h) => works(h, "migrate"), signal: "SIGINT" },
	{ name: "while it migrates, without run.sh", reached: (h) => works(h, "migrate"), signal: "SIGKILL" },
	{ name: "while the demo is loaded", reached: loading, signal: "SIGINT", then: expire },
	{ name: "while the demo is loaded, without run.sh", reached: loading, signal: "SIGKILL" },
	{ name: "while the brands are published", reached: (h) => works(h, "publish"), signal: "SIGINT" },
	{ name: "when the worker has been started", reached: (h) => there(h, "run", "worker.pid"), signal: "SIGINT" },
	{ name: "before nginx", reached: (h) => there(h, "run", "jobs.pid"), signal: "SIGKILL" },
	{ name: "when nginx has been started", reached: (h) => there(h, "run", "nginx.pid"), signal: "SIGINT" },
];

/** Starts it and cuts run.sh off at a point: SIGINT goes to all that a terminal's ^C reaches, SIGKILL to run.sh alone. */
async function cutOff(h, { reached, signal, then }) {
	let child, over = false;
	const ended = h.sh("start", { detached: true, begun: (c) => { child = c; } }).then((r) => { over = true; return r; });
	while (!over && !(await reached(h))) await pause(2);
	if (!over) process.kill(signal === "SIGINT" ? -child.pid : child.pid, signal);
	const r = await ended;
	await then?.(h);
	return r;
}

test("make run, cut off at every point of a first run and run again, ends ready and whole", async (t) => {
	const h = await home("cut");
	for (const point of points) {
		await t.test(`cut off ${point.name}`, async () => {
			const r = await cutOff(h, point);
			assert.notEqual(r.code, 0, `the point was passed before it was seen: ${r.out}${r.err}`);
		});
	}
	await t.test("run again", async () => {
		await h.start();
		assert.equal((await h.ready()).status, 200);
		const check = await h.cli("demo", "check");
		assert.equal(check.code, 0, check.out + check.err);
		const ask = await h.signIn();
		assert.equal((await ask("/api/v1/documents")).status, 200);
		assert.equal((await ask("/")).status, 200);
		assert.ok(!there(h, "db.new"));
	});
});

test("two make run at once: one waits for the other, both end ready", async () => {
	const [h] = homes.slice(-1);
	await h.sh("stop");
	const both = await Promise.all([h.sh("start"), h.sh("start")]);
	for (const r of both) assert.equal(r.code, 0, r.out + r.err);
	assert.equal((await h.ready()).status, 200);
});

test("migrations while the server is at work take no right away from it, not for a moment", async () => {
	const [h] = homes.slice(-1);
	const ask = await h.signIn();
	const running = load(4, async (i, turn) => {
		const r = await ask(`/api/v1/users/${ask.user}`);
		return r.status !== 200 ? r : ask.write(`/api/v1/users/${ask.user}`, "PATCH", { name: `N ${i} ${turn}`, language: "de" },
			{ "If-Match": r.headers.etag });
	});
	await more(running, 5);
	for (let i = 0; i < 5; i++) assert.equal((await h.cli("migrate")).code, 0);
	const answers = await running.stop();
	assert.ok(answers.every((r) => r.status === 200 || r.status === 412), tally(answers)); // 412: another side was first
});

/** All that a schema is, as text. */
async function schema(h, name) {
	const parts = [
		["columns", "table_name, column_name, ordinal_position, column_default, is_nullable, column_type, collation_name, extra, generation_expression"],
		["statistics", "table_name, index_name, seq_in_index, column_name, non_unique"],
		["table_constraints", "table_name, constraint_name, constraint_type"],
		["key_column_usage", "table_name, constraint_name, ordinal_position, column_name, referenced_table_name, referenced_column_name"],
		["check_constraints", "table_name, constraint_name, check_clause"],
		["triggers", "trigger_name, event_manipulation, event_object_table, action_timing, action_statement"],
	];
	let all = "";
	for (const [table, columns] of parts) {
		const by = { triggers: "trigger_schema", check_constraints: "constraint_schema", key_column_usage: "table_schema" }[table] ?? "table_schema";
		const rows = await h.sql(`SELECT ${columns} FROM information_schema.${table} WHERE ${by} = '${name}' ORDER BY ${columns}`, null);
		all += `${table}\n${rows.map((r) => r.join(" ")).join("\n")}\n`;
	}
	const done = await h.sql("SELECT name, done, started FROM migration WHERE name LIKE '%.sql' ORDER BY name", name);
	return all + done.map((r) => r.join(" ")).join("\n");
}

test("portico migrate, killed at any moment, goes on where it was the next time", async () => {
	const [h] = homes.slice(-1);
	const name = "scratch", conf = path.join(h.folder, "scratch.conf");
	fs.writeFileSync(conf, `${fs.readFileSync(h.conf, "utf8").replace(/^db_(name|user) = .*$/mg, "db_$1 = scratch")}`);
	const wanted = await schema(h, "portico");
	const migrate = (ms) => run(path.resolve(h.bin, "portico"), ["-c", conf, "migrate"],
		{ begun: (child) => { if (ms !== undefined) setTimeout(() => child.kill("SIGKILL"), ms); } });
	let seed = full ? Date.now() % 2147483647 : 20261122;
	const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;

	// How long a whole one takes here decides when to kill.
	let began = performance.now();
	assert.equal((await migrate()).code, 0);
	const whole = performance.now() - began;
	assert.equal(await schema(h, name), wanted);
	await h.sql(`DROP DATABASE ${name}`, null);
	for (let kills = 0, since = 0; kills < (full ? 200 : 10);) {
		const r = await migrate(random() * whole / 2);
		if (r.signal === "SIGKILL") {
			kills++;
			since++;
			continue;
		}
		assert.equal(r.code, 0, `seed ${seed}, after ${since} kills: ${r.err}`);
		assert.equal(await schema(h, name), wanted);
		await h.sql(`DROP DATABASE ${name}`, null);
		since = 0;
	}
	const last = await migrate();
	assert.equal(last.code, 0, `seed ${seed}: ${last.err}`);
	assert.equal(await schema(h, name), wanted);
});

/** The statements of a migration, as the last line of each. */
function statements(text) {
	const ends = [];
	let delimiter = ";";
	for (const [i, line] of text.split("\n").entries()) {
		if (/^DELIMITER /.test(line)) delimiter = line.slice(10).trim();
		else if (!line.startsWith("--") && line.trimEnd().endsWith(delimiter)) ends.push(i + 1);
	}
	return ends;
}

test("portico migrate, killed behind any statement before it is noted as done, knows that it is done", async () => {
	const [h] = homes.slice(-1);
	const dir = path.join(h.folder, "migrate"), from = path.join(root, "schema/migrate"), conf = path.join(h.folder, "step.conf");
	fs.cpSync(path.join(from, "setup"), path.join(dir, "setup"), { recursive: true });
	fs.writeFileSync(conf, fs.readFileSync(h.conf, "utf8").replace(/^db_(name|user) = .*$/mg, "db_$1 = step").replace(/^migrate_dir = .*$/m, `migrate_dir = ${dir}`));
	fs.writeFileSync(path.join(dir, "setup/grants.sql"), "DO 0;\n"); // rights on tables that are not all there yet
	const migrate = () => run(path.resolve(root, h.bin, "portico"), ["-c", conf, "migrate"]);
	for (const file of fs.readdirSync(from).filter((f) => f.endsWith(".sql")).sort()) {
		const lines = fs.readFileSync(path.join(from, file), "utf8").split("\n");
		const ends = statements(lines.join("\n"));
		for (const [n, end] of ends.entries()) {
			fs.writeFileSync(path.join(dir, file), lines.slice(0, end).join("\n") + "\n");
			const first = await migrate(); // the later steps need tables that may not be there yet
			assert.deepEqual(await h.sql(`SELECT done, started FROM migration WHERE name = '${file}'`, "step"), [[String(n + 1), String(n + 1)]], `${file}: ${first.err}`);
			await h.sql(`UPDATE migration SET done = ${n} WHERE name = '${file}'`, "step");
			const again = await migrate();
			assert.deepEqual(await h.sql(`SELECT done FROM migration WHERE name = '${file}'`, "step"), [[String(n + 1)]], `${file}: ${again.err}`);
		}
	}
	assert.equal(await schema(h, "step"), await schema(h, "portico"));
});

test("make stop, cut off, leaves nothing that a second one does not stop", async () => {
	const [h] = homes.slice(-1);
	const pids = ["mariadb", "worker", "jobs", "nginx"].map((part) => h.pid(part));
	let child, over = false;
	const ended = h.sh("stop", { detached: true, begun: (c) => { child = c; } }).then(() => { over = true; });
	while (!over && alive(pids[3])) await pause(2);
	if (!over) process.kill(-child.pid, "SIGINT");
	await ended;
	assert.equal((await h.sh("stop")).code, 0);
	assert.deepEqual(pids.filter(alive), []);
});
