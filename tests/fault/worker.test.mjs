// What may happen to the worker's processes, and to nginx in front of them.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { alive, assertProblem, children, house, load, more, resetting, tally, until } from "./house.mjs";

let h, ask;

before(async () => {
	h = await house("worker");
	ask = await h.signIn();
});
after(() => h?.remove());

const processes = () => children(h.pid("worker"));
const well = () => until("two processes serve", async () => processes().length === 2 && (await h.ready()).status === 200);
const restarts = async () => Number(/^portico_restarts_total (\d+)$/m.exec((await h.request("localhost", "/metrics",
	{ headers: { Host: `localhost:${h.port}` } })).text)[1]);

/** The process that hashes a password at this moment: it holds a lock of the gate. */
async function hashing() {
	const slots = ["hash.0", "hash.1"].map((name) => path.join(h.var, "run", "worker", name)).filter((f) => fs.existsSync(f));
	const inodes = slots.map((f) => fs.statSync(f).ino);
	const held = fs.readFileSync("/proc/locks", "utf8").split("\n").map((l) => l.split(/\s+/))
		.filter((w) => w[1] === "FLOCK" && inodes.includes(Number(w[5]?.split(":")[2])));
	return held.map((w) => Number(w[4])).find((pid) => processes().includes(pid));
}

test("a killed process costs only its own requests in flight, and another one takes its place", async () => {
	await well();
	const running = load(8, (i, turn) => ask(turn % 5 === 0 ? "/api/v1/documents" : "/api/v1/session"));
	await more(running, 50);
	for (let kill = 0; kill < 2; kill++) {
		const [victim] = processes();
		process.kill(victim, "SIGKILL");
		await until("a process in its place", () => processes().length === 2 && !processes().includes(victim));
		await more(running, 50);
	}
	const answers = await running.stop();
	const bad = answers.filter((r) => r.status !== 200);
	assert.ok(bad.length <= 2 * 4, `more than the threads of two processes failed: ${tally(answers)}`);
	for (const r of bad) assertProblem(r, 503, "busy");
});

test("no write is done twice when its process is killed", async () => {
	await well();
	const count = async () => Number((await h.sql("SELECT COUNT(*) FROM audit WHERE action = 'user.edit'"))[0][0]);
	const audited = await count();
	const tag = async () => (await until("read", async () => {
		const r = await ask(`/api/v1/users/${ask.user}`);
		return r.status === 200 && r;
	})).headers.etag;
	const running = load(1, async (i, turn) => ask.write(`/api/v1/users/${ask.user}`, "PATCH",
		{ name: `Name ${turn}`, language: "de" }, { "If-Match": await tag() }));
	for (let kill = 0; kill < 4; kill++) {
		await more(running, 5);
		const victim = processes()[kill % 2];
		process.kill(victim, "SIGKILL");
		await until("it is gone", () => !processes().includes(victim));
		await well();
	}
	const answers = await running.stop();
	const good = answers.filter((r) => r.status === 200).length;
	const unknown = answers.filter((r) => r.status === 503).length;
	assert.equal(good + unknown, answers.length, tally(answers));
	const done = await count() - audited;
	assert.ok(done >= good && done <= good + unknown, `${done} writes for ${tally(answers)}`);
});

test("a request that kills its process kills one, and is not tried on another", async () => {
	await well();
	const from = await restarts();
	const poison = h.login("nordmuster", "owner@nordmuster.example");
	process.kill(await until("a password is hashed", hashing), "SIGABRT"); // as a broken assertion does
	assertProblem(await poison, 503, "busy");
	await well();
	assert.equal(await restarts(), from + 1);
	assert.equal((await h.login("nordmuster", "owner@nordmuster.example")).status, 200);
});

test("a process that ends at once again and again is started ever later, while the other serves", async () => {
	await h.beginWorker(); // none of these has ended before
	await well();
	const [keeps, first] = processes();
	const running = load(2, () => ask("/api/v1/session"));
	let victim = first;
	const waits = [];
	for (let i = 0; i < 5; i++) {
		const at = performance.now(), gone = victim;
		process.kill(gone, "SIGKILL");
		victim = await until("the next one", () => processes().find((pid) => pid !== keeps && pid !== gone));
		waits.push(performance.now() - at);
	}
	// The first one may have lived long enough to count as well; from then on 100 ms, and twice as long each time.
	for (let i = 1; i < 5; i++)
		assert.ok(waits[i] >= 100 * 2 ** (i - 1) - 20, `waits in ms: ${waits.map(Math.round).join(", ")}`);
	await more(running, 20);
	const answers = await running.stop();
	assert.ok(answers.filter((r) => r.status !== 200).length <= 5 * 2, tally(answers));
	assert.ok(processes().includes(keeps));
});

test("a killed master takes its processes along, and run.sh starts it again", async () => {
	await well();
	const old = [h.pid("worker"), ...processes()];
	process.kill(old[0], "SIGKILL");
	await until("its processes have ended", () => !old.some(alive));
	assertProblem(await ask("/api/v1/session"), 503, "busy");
	await h.start();
	assert.equal((await ask("/api/v1/session")).status, 200);
});

test("a stop lets the requests in flight end, and logs no error", async () => {
	await well();
	const master = h.pid("worker");
	const errors = h.lines("worker", "error").length;
	const slow = h.login("nordmuster", "owner@nordmuster.example");
	await until("a password is hashed", hashing);
	process.kill(master, "SIGTERM");
	assert.equal((await slow).status, 200);
	await until("the master has ended", () => !alive(master));
	assert.equal(h.lines("worker", "error").length, errors);
	assert.equal(h.lines("worker", "info").at(-1).what, "stop");
	assertProblem(await ask("/api/v1/session"), 503, "busy");
	await h.start();
});

test("make stop under load cuts no answer", async () => {
	await well();
	const errors = h.lines("worker", "error").length;
	const agent = new http.Agent({ keepAlive: false });
	const running = load(8, () => ask("/api/v1/session", { agent }));
	await more(running, 30);
	const stopped = await h.sh("stop");
	assert.equal(stopped.code, 0, stopped.err);
	const answers = await running.stop();
	// Who had not been let in yet is sent away; who was in has a whole answer.
	const odd = answers.filter((r) => r.status !== 200 && !["ECONNREFUSED", "ECONNRESET"].includes(r.error));
	assert.deepEqual(odd, [], tally(answers));
	assert.equal(h.lines("worker", "error").length, errors);
	assert.deepEqual(h.lines("worker", "info").filter((l) => l.what === "answer"), []);
	await h.start();
});

/** A connection that sends a text and then nothing. */
function connection(text) {
	return new Promise((resolve, reject) => {
		const s = net.connect(h.port, "127.0.0.1", () => s.write(text, () => resolve(s)));
		s.on("error", reject);
	});
}

test("a thousand idle connections, half-sent requests and broken-off downloads keep nobody else waiting", async () => {
	await well();
	const host = `Host: nordmuster.localhost:${h.port}\r\n`;
	const errors = h.lines("worker", "error").length, pids = processes();
	const bill = JSON.parse((await ask("/api/v1/documents")).text).data[0].id;
	const open = [];
	for (let i = 0; i < 10; i++)
		open.push(...await Promise.all(Array.from({ length: 100 }, () => connection(""))));
	for (let i = 0; i < 50; i++) {
		open.push(await connection(`GET /api/v1/session HTTP/1.1\r\n${host}X-Slow: `));
		open.push(await connection(`POST /api/v1/session HTTP/1.1\r\n${host}Content-Type: application/json\r\n` +
			"Sec-Fetch-Site: same-origin\r\nContent-Length: 500\r\n\r\n{\"email\":"));
	}
	for (let i = 0; i < 20; i++) {
		const s = await connection(`GET /api/v1/documents/${bill}/pdf HTTP/1.1\r\n${host}Cookie: ${ask.headers.Cookie}\r\n\r\n`);
		resetting(s);
	}
	const answers = [];
	for (let i = 0; i < 50; i++) answers.push(await ask("/api/v1/documents"));
	assert.ok(answers.every((r) => r.status === 200), tally(answers));
	const slowest = Math.max(...answers.map((r) => r.ms));
	assert.ok(slowest < 5000, `one waited ${slowest} ms`); // far below the 10 s after which nginx sends the slow ones away
	for (const s of open) resetting(s);
	assert.deepEqual(processes(), pids);
	assert.deepEqual(h.lines("worker", "error").slice(errors), []);
});

test("where the log cannot be written, requests are answered all the same", async () => {
	const master = await h.beginWorker({ log: "/dev/full" });
	await well();
	for (let i = 0; i < 20; i++) assert.equal((await ask("/api/v1/session")).status, 200);
	assert.ok(alive(master));
	await h.beginWorker();
});
