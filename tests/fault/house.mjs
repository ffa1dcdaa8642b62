// A Portico of its own for a fault test: started by tools/run.sh in a scratch folder on a free port,
// looked at from outside, hurt through the process ids that it noted itself, and removed at the end.
// Refuses to touch any process that is not named in this folder's run/*.pid or a child of one.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { root, until as untilThen } from "../lib/instance.mjs";
import { password } from "../lib/users.mjs";


export const full = process.env.FULL === "1"; // the long versions

export { root };

// What the libraries for PDFs keep to the end is no fault of ours.
process.env.LSAN_OPTIONS ??= `suppressions=${path.join(root, "tests/lib/lsan.supp")}:print_suppressions=0`;

/** Waits for a condition, never for a time; patient, since a machine may be busy. */
export const until = (what, look, ms = 60000) => untilThen(what, look, ms);

/** Runs a program to its end: {code, signal, out, err}.  `begun` gets the child. */
export function run(file, args, { env = {}, begun = null, cwd = root, detached = false } = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(file, args, { cwd, detached, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
		let out = "", err = "";
		child.stdout.on("data", (d) => { out += d; });
		child.stderr.on("data", (d) => { err += d; });
		child.on("error", reject);
		// "exit", not "close": what it leaves running may hold its output open.
		child.on("exit", (code, signal) => resolve({ code, signal, out, err }));
		if (begun) begun(child);
	});
}

/** Is there such a process, and is it no zombie? */
export function alive(pid) {
	try {
		return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
	} catch {
		return false;
	}
}

/** The children of a process. */
export function children(pid) {
	try {
		return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/).filter(Boolean).map(Number);
	} catch {
		return [];
	}
}

/** Kilobytes of a process that are in memory. */
export function resident(pid) {
	return Number(/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
}

export async function freePort() {
	const server = net.createServer();
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address();
	await new Promise((done) => server.close(done));
	return port;
}

export function scratch(name) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), `portico-fault-${name}-`));
	fs.chmodSync(folder, 0o755); // other users' processes must get in
	return folder;
}

class House {
	constructor(name, bin, jobs) {
		this.jobs = jobs;
		this.folder = scratch(name);
		this.var = path.join(this.folder, "var");
		this.bin = bin;
		this.agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
	}

	/** tools/run.sh WORD; the build has been made before the tests. */
	sh(word, options = {}) {
		const env = { MAKE: "true", PORT: String(this.port), VAR: this.var, BIN: this.bin, DB: "", TLS: "" };
		return run("tools/run.sh", [word], { ...options, env: { ...env, ...options.env } });
	}

	async start() {
		this.port ??= await freePort();
		const r = await this.sh("start");
		assert.equal(r.code, 0, `run.sh start: ${r.out}${r.err}`);
		if (!this.jobs) {
			const pid = this.pid("jobs");
			process.kill(pid, "SIGTERM");
			await until("portico-jobs has ended", () => !alive(pid)); // or the next start would find it, and then not
		}
		return this;
	}

	/** Stops and removes all; fails where a sanitizer has said something. */
	async remove() {
		this.agent.destroy();
		await this.sh("stop");
		const said = ["worker", "jobs"].filter((part) => fs.existsSync(path.join(this.var, "log", `${part}.log`)))
			.flatMap((part) => this.log(part).split("\n")).filter((line) => line !== "" && !line.startsWith("{"));
		const r = await this.sh("reset");
		fs.rmSync(this.folder, { recursive: true, force: true });
		assert.equal(r.code, 0, `run.sh reset: ${r.out}${r.err}`);
		assert.deepEqual(said, [], "lines of a log that are no log lines");
	}

	/** The process id of a part: mariadb, worker, jobs or nginx. */
	pid(part) {
		return Number(fs.readFileSync(path.join(this.var, "run", `${part}.pid`), "utf8"));
	}

	get conf() { return path.join(this.var, "portico.conf"); }
	log(part) { return fs.readFileSync(path.join(this.var, "log", `${part}.log`), "utf8"); }

	/** The log lines of worker or jobs with one level, newer than `from` characters. */
	lines(part, level, from = 0) {
		return this.log(part).slice(from).split("\n").filter((l) => l.includes(`"level":"${level}"`)).map((l) => JSON.parse(l));
	}

	cli(...words) { return run(path.resolve(root, this.bin, "portico"), ["-c", this.conf, ...words]); }

	/** One statement as the database's administrator: its rows as arrays of text. */
	async sql(text, database = "portico") {
		const r = await run("mariadb", ["--no-defaults", `--socket=${this.socket}`, `--user=${os.userInfo().username}`, "-N", "-B",
			...(database ? [database] : []), "-e", text]);
		assert.equal(r.code, 0, r.err);
		return r.out.split("\n").filter(Boolean).map((l) => l.split("\t"));
	}

	get socket() { return /^db_socket = (.*)$/m.exec(fs.readFileSync(this.conf, "utf8"))[1]; }

	/** One request: {status, headers, text, ms}, or {status: 0, error} where the connection broke. */
	request(brand, target, { method = "GET", headers = {}, body = null, timeout = 90000, agent = this.agent, encoding = "utf8" } = {}) {
		const began = performance.now();
		return new Promise((resolve) => {
			const over = (answer) => resolve({ ...answer, ms: performance.now() - began });
			const rq = http.request({ host: "127.0.0.1", port: this.port, path: target, method, agent, timeout,
				headers: { Host: `${brand}.localhost:${this.port}`, ...headers } }, (rs) => {
				let text = "";
				rs.setEncoding(encoding);
				rs.on("data", (d) => { text += d; });
				rs.on("end", () => over({ status: rs.statusCode, headers: rs.headers, text }));
				rs.on("error", (e) => over({ status: 0, error: e.code ?? e.message }));
			});
			rq.on("timeout", () => rq.destroy(new Error("timeout")));
			rq.on("error", (e) => over({ status: 0, error: e.code ?? e.message }));
			rq.end(body);
		});
	}

	write(brand, target, method, value, headers = {}) {
		return this.request(brand, target, { method, body: JSON.stringify(value),
			headers: { "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", ...headers } });
	}

	login(brand, email) { return this.write(brand, "/api/v1/session", "POST", { email, password }); }

	/** Signs in: a function that requests with that session. */
	async signIn(brand = "nordmuster", email = `owner@${brand}.example`) {
		const r = await this.login(brand, email);
		assert.equal(r.status, 200, r.text ?? r.error);
		const headers = { Cookie: r.headers["set-cookie"][0].split(";")[0] };
		const ask = (target, options = {}) => this.request(brand, target, { ...options, headers: { ...headers, ...options.headers } });
		ask.write = (target, method, value, more = {}) => this.write(brand, target, method, value, { ...headers, ...more });
		ask.user = JSON.parse(r.text).user.id;
		ask.headers = headers;
		ask.brand = brand;
		return ask;
	}

	/** Ends the worker and starts it again with further settings, or with its log somewhere else. */
	async beginWorker({ settings = {}, log = path.join(this.var, "log", "worker.log") } = {}) {
		const old = this.pid("worker");
		const file = fs.readlinkSync(`/proc/${old}/exe`);
		const [, uid] = /^Uid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${old}/status`, "utf8"));
		const [, gid] = /^Gid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${old}/status`, "utf8"));
		process.kill(old, "SIGTERM");
		await until("the worker has ended", () => !alive(old));
		const conf = path.join(this.var, "worker.conf");
		fs.writeFileSync(conf, fs.readFileSync(this.conf, "utf8") +
			Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`).join(""));
		const out = fs.openSync(log, "a");
		const child = spawn(file, [conf], { detached: true, stdio: ["ignore", out, out], uid: Number(uid), gid: Number(gid) });
		fs.closeSync(out);
		child.unref();
		fs.writeFileSync(path.join(this.var, "run", "worker.pid"), `${child.pid}\n`);
		await until("the worker is ready", async () => {
			assert.ok(alive(child.pid), `the worker ended: ${this.log("worker").slice(-2000)}`);
			return (await this.ready()).status === 200;
		});
		return child.pid;
	}

	ready() { return this.request("localhost", "/readyz", { headers: { Host: `localhost:${this.port}` }, timeout: 5000 }); }
}

/** A started house; `after` of the test file removes it.  Without jobs nothing else is at work in it. */
export async function house(name, { bin = process.env.BIN ?? "build/asan", start = true, jobs = false } = {}) {
	const h = new House(name, bin, jobs);
	if (start) {
		try {
			await h.start();
		} catch (e) {
			await h.remove();
			throw e;
		}
	} else {
		h.port = await freePort();
	}
	return h;
}

/** Asks over and over from `n` sides until stop(), which returns all answers. */
export function load(n, ask) {
	const answers = [];
	let going = true;
	const side = async (i) => {
		for (let turn = 0; going; turn++) {
			const at = performance.now();
			const r = await ask(i, turn);
			answers.push({ ...r, at });
			if (r.status === 0 || r.status >= 500) await pause(10); // a client that is told to come back does not spin
		}
	};
	const sides = Array.from({ length: n }, (_, i) => side(i));
	return { answers, stop: async () => { going = false; await Promise.all(sides); return answers; } };
}

/** Waits until `n` more answers have come that pass `good`. */
export function more(running, n, good = (r) => r.status === 200, ms = 60000) {
	const from = running.answers.length;
	return until(`${n} more answers`, () => running.answers.slice(from).filter(good).length >= n, ms);
}

/** A problem of RFC 9457 with that status and, where it is given, that code, and a Retry-After with 503. */
export function assertProblem(r, status, code = null) {
	assert.equal(r.status, status, r.text ?? r.error);
	assert.match(r.headers["content-type"], /^application\/problem\+json/);
	const body = JSON.parse(r.text);
	assert.equal(body.status, status);
	assert.match(body.type, /^\/problems\/[a-z_]+$/);
	if (code) assert.equal(body.type, `/problems/${code}`);
	if (status === 503) assert.match(r.headers["retry-after"] ?? "", /^\d+$/);
	return body;
}

/** Breaks a connection off, from its side of it. */
export function resetting(socket) {
	socket.on("error", () => {}); // what the other side says to that is of no interest
	socket.resetAndDestroy();
}

// In a changed root the propagation of "/" cannot be set; such a root has nobody to share mounts with.
const own = process.getuid() === 0 ? "-m" : "-Urm";
const propagation = spawnSync("unshare", [own, "true"]).status === 0 ? "private" : "unchanged";

/** In front of a command: a view of the disks of its own.  As root, or where users may make namespaces. */
export const unshare = ["unshare", own, "--propagation", propagation];

/** How often each outcome came, for the message of a failed assertion. */
export function tally(answers) {
	const n = {};
	for (const r of answers) {
		let key = r.status === 0 ? r.error : String(r.status);
		if (r.status >= 400) {
			try { key += ` ${JSON.parse(r.text).type}`; } catch { key += " (no problem)"; }
		}
		n[key] = (n[key] ?? 0) + 1;
	}
	return JSON.stringify(n);
}

/** Ends the house's MariaDB with a signal and waits until it is gone; answers what starts it again. */
export async function endDatabase(h, signal) {
	const pid = h.pid("mariadb");
	const command = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean);
	process.kill(pid, signal);
	await until("mariadbd has ended", () => !alive(pid), 60000);
	return command;
}

/** Starts the house's MariaDB again, with further options or in front of it a program that becomes it. */
export async function beginDatabase(h, command, { before = [], more = [] } = {}) {
	const [file, ...args] = [...before, ...command, ...more];
	const out = fs.openSync(path.join(h.var, "log", "mariadb.log"), "a");
	const child = spawn(file, args, { detached: true, stdio: ["ignore", out, out] });
	fs.closeSync(out);
	child.unref();
	fs.writeFileSync(path.join(h.var, "run", "mariadb.pid"), `${child.pid}\n`);
	await until("the database answers", async () => {
		assert.ok(alive(child.pid), `mariadbd ended: ${h.log("mariadb").slice(-2000)}`);
		const r = await run("mariadb", ["--no-defaults", `--socket=${h.socket}`, `--user=${os.userInfo().username}`, "-e", "DO 0"]);
		return r.code === 0;
	}, 60000);
	return child.pid;
}
