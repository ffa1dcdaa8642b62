// What may happen to MariaDB while requests come in.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { alive, assertProblem, beginDatabase, children, endDatabase, house, load, more, run, tally, unshare, until } from "./house.mjs";

const customer = ["nordmuster", "patient0001@nordmuster.example"];
let h, ask;

before(async () => {
	h = await house("database");
	ask = await h.signIn();
});
after(() => h?.remove());

const self = () => `/api/v1/users/${ask.user}`;
const audited = async () => Number((await h.sql(`SELECT COUNT(*) FROM audit WHERE action = 'user.edit'`))[0][0]);
const processes = () => children(h.pid("worker"));

/** Gives the signed-in user another name, as a client does that read it first. */
async function rename(name) {
	const r = await ask(self());
	return r.status === 200 ? ask.write(self(), "PATCH", { name, language: "de" }, { "If-Match": r.headers.etag }) : { ...r, reading: true };
}
const nameNow = async () => JSON.parse((await ask(self())).text).name;

/** Renames without a pause until one fails; then holds against the database what became of each. */
async function renameUntilItFails(prefix, begun) {
	const before = await audited();
	let done = 0, r;
	for (;;) {
		r = await rename(`${prefix} ${done + 1}`);
		if (r.status !== 200) break;
		if (++done === 5) begun();
	}
	assertProblem(r, 503, "no_database");
	return async () => {
		const name = await nameNow(), written = await audited() - before;
		assert.ok(written === done || (!r.reading && written === done + 1), `${done} answered, ${written} written`);
		assert.equal(name, `${prefix} ${written}`, "the row and its audit are there both, or neither");
	};
}

for (const [signal, how] of [["SIGTERM", "stopped"], ["SIGKILL", "killed"]]) {
	test(`MariaDB is ${how} under load: 503 no_database meanwhile, nothing half done, then well again without help`, async () => {
		const pids = processes();
		const running = load(6, (i, turn) => (i === 0 && turn % 8 === 0 ? h.login(...customer) : ask(i < 3 ? "/api/v1/documents" : "/api/v1/session")));
		let begin, ended;
		const writing = renameUntilItFails(how, () => { ended = endDatabase(h, signal); });
		await more(running, 20);
		const check = await writing;
		begin = await ended;
		await more(running, 20, (r) => r.status === 503);
		await beginDatabase(h, begin);
		const from = running.answers.length;
		await more(running, 60);
		const answers = await running.stop();
		for (const r of answers) if (r.status !== 200) assertProblem(r, 503, /busy_sign_in/.test(r.text) ? "busy_sign_in" : "no_database");
		// Well again means: once one was answered on each thread, no more is refused.
		assert.ok(answers.slice(from).filter((r) => r.status === 200).length >= 60, tally(answers.slice(from)));
		await check();
		assert.equal((await rename("afterwards")).status, 200);
		assert.deepEqual(processes(), pids, "no process of the worker was lost");
	});
}

test("after a restart that nobody noticed, each thread makes its connection and statements anew: no request fails, no sign-in", async () => {
	const all = async () => [
		...await Promise.all(Array.from({ length: 24 }, () => ask("/api/v1/documents"))),
		...await Promise.all([rename("noticed")]),
	];
	await all(); // every thread has its connection
	await beginDatabase(h, await endDatabase(h, "SIGTERM"));
	const answers = [];
	for (let i = 0; i < 8; i++) answers.push(await h.login(...customer));
	answers.push(...await all());
	assert.ok(answers.every((r) => r.status === 200), tally(answers));
});

test("a connection that is killed in a transaction takes all of it along; the request is done once", async () => {
	const before = await audited();
	const id = (await h.sql(`SELECT id FROM user WHERE email = 'owner@nordmuster.example'`))[0][0];
	// Somebody else holds the row; the request waits for it inside its transaction.
	const holder = spawn("mariadb", ["--no-defaults", "-N", "--unbuffered", `--socket=${h.socket}`, `--user=${os.userInfo().username}`, "portico"],
		{ stdio: ["pipe", "pipe", "inherit"] });
	let said = "";
	holder.stdout.on("data", (d) => { said += d; });
	holder.stdin.write(`BEGIN; SELECT 'held', id FROM user WHERE id = ${id} FOR UPDATE;\n`);
	try {
		await until("the row is held", () => said.includes("held"));
		const waiting = rename("only once");
		// Not asked of innodb_trx: that is made anew only for who has not looked for 100 ms.
		const [[victim]] = await until("the request waits", async () => {
			const rows = await h.sql("SELECT id FROM information_schema.processlist WHERE command = 'Execute' AND info LIKE '%FOR UPDATE%'");
			return rows.length > 0 && rows;
		});
		await h.sql(`KILL ${victim}`);
		await until("its connection is gone", async () =>
			(await h.sql(`SELECT 1 FROM information_schema.processlist WHERE id = ${victim}`)).length === 0);
		holder.stdin.end("ROLLBACK;\n");
		assert.equal((await waiting).status, 200);
	} finally {
		holder.kill();
	}
	assert.equal(await nameNow(), "only once");
	assert.equal(await audited(), before + 1);
});

test("MariaDB hangs and goes on: requests and sign-ins wait and are answered", async () => {
	const pids = processes(), db = h.pid("mariadb");
	process.kill(db, "SIGSTOP");
	const waiting = Promise.all([...Array.from({ length: 6 }, () => ask("/api/v1/session")), h.login(...customer)]);
	try {
		await pause(1000); // how long it hangs, not a wait for something
	} finally {
		process.kill(db, "SIGCONT");
	}
	const answers = await waiting;
	assert.ok(answers.every((r) => r.status === 200), tally(answers));
	assert.deepEqual(processes(), pids);
});

test("MariaDB hangs for long: every request is refused within a bounded time, sign-ins too, and the worker survives", async () => {
	await h.beginWorker({ settings: { db_wait: 1 } });
	await Promise.all(Array.from({ length: 24 }, () => ask("/api/v1/session"))); // the threads have connections
	const pids = processes(), db = h.pid("mariadb");
	process.kill(db, "SIGSTOP");
	let answers;
	try {
		answers = await Promise.all([...Array.from({ length: 8 }, () => ask("/api/v1/session")), h.login(...customer), rename("never")]);
	} finally {
		process.kill(db, "SIGCONT");
	}
	for (const r of answers) assertProblem(r, 503, "no_database");
	// db_wait, and 3 s for a new connection; what stood behind another one waits for that one too.
	for (const r of answers) assert.ok(r.ms < 2 * (1000 + 3000) + 4000, `one waited ${r.ms} ms`);
	assert.deepEqual(processes(), pids);
	await until("it is well again", async () => (await ask("/api/v1/session")).status === 200);
	assert.equal((await h.login(...customer)).status, 200);
	assert.notEqual(await nameNow(), "never");
	await h.beginWorker();
});

/** Where MariaDB writes is a small memory disk that only it sees; needs root or namespaces of one's own. */
const onSmallDisk = `mount -t tmpfs -o size="$3"k,mode=700 tmpfs "$1"
	chown --reference="$2" "$1"
	cp -a "$2/." "$1/"
	shift 3
	exec "$@"`;

test("the disk of MariaDB is full: reads go on, writes and sign-ins answer no_room and leave nothing; with room all is well again", async () => {
	const data = path.join(h.var, "db"), small = path.join(h.var, "small");
	fs.mkdirSync(small);
	const begin = await endDatabase(h, "SIGTERM");
	await beginDatabase(h, begin, { more: ["--innodb-log-file-size=8M"] }); // the log is the largest file
	await endDatabase(h, "SIGTERM");
	const kb = Number((await run("du", ["-sk", data])).out.split("\t")[0]) + 24 * 1024;
	const pid = await beginDatabase(h, begin, { before: [...unshare, "sh", "-ec", onSmallDisk, "-", small, data, String(kb)],
		more: ["--innodb-log-file-size=8M", `--datadir=${small}`] });
	const ballast = `/proc/${pid}/root${small}/ballast`;
	const fd = fs.openSync(ballast, "w");
	assert.throws(() => { for (;;) fs.writeSync(fd, Buffer.alloc(65536)); }, { code: "ENOSPC" });
	fs.closeSync(fd);

	// Until the pages at hand are used up there is still room for some rows.
	const before = await audited();
	let done = 0, r;
	const end = Date.now() + 60000;
	while ((r = await rename(`full ${done + 1}`)).status === 200 && Date.now() < end) done++;
	assertProblem(r, 503, "no_room");
	assert.equal(await audited(), before + done);
	assert.equal(await nameNow(), done === 0 ? "only once" : `full ${done}`);

	const sessions = async () => (await h.sql("SELECT COUNT(*) FROM session"))[0][0], kept = await sessions();
	for (const secret of ["portico-demo", "wrong"]) {
		r = await h.write(customer[0], "/api/v1/session", "POST", { email: customer[1], password: secret });
		assertProblem(r, 503, "no_room");
		assert.equal(r.headers["set-cookie"], undefined, "no cookie for a session that is not there");
	}
	assert.equal(await sessions(), kept);
	for (const target of ["/api/v1/session", "/api/v1/documents", "/api/v1/customers"]) assert.equal((await ask(target)).status, 200);

	fs.unlinkSync(ballast);
	assert.equal((await rename("with room")).status, 200);
	assert.equal((await h.login(...customer)).status, 200);
	await endDatabase(h, "SIGTERM");
	await beginDatabase(h, begin, { more: ["--innodb-log-file-size=8M"] });
	assert.ok(alive(h.pid("mariadb")));
});
