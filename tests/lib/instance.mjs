// A Portico to test: nginx, worker, jobs and MariaDB in a scratch folder on a free port, started by
// tools/run.sh with the programs of build/asan.  tests/run.mjs starts one for all files of a folder;
// a file that is run alone, or that breaks things, starts its own.
import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const bin = path.resolve(root, process.env.BIN || "build/asan");

/** @returns {Promise<number>} a port of 127.0.0.1 that nobody listens on */
function freePort() {
	return new Promise((resolve, reject) => {
		const server = net.createServer();
		server.on("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

/** Waits until `look` answers something true, and returns it. */
export async function until(what, look, ms = 20000) {
	for (const end = Date.now() + ms; ;) {
		const seen = await look();
		if (seen) return seen;
		if (Date.now() > end) assert.fail(`waited ${ms} ms in vain: ${what}`);
		await new Promise((done) => setTimeout(done, 30));
	}
}

/** One field of `mariadb --batch`: NULL is NULL, the rest is escaped. */
function field(text) {
	return text === "NULL" ? null : text.replace(/\\(.)/g, (_, c) => ({ n: "\n", t: "\t", 0: "\0" })[c] ?? c);
}

/** What a sanitizer, the tripwire or an error leaves in a log. */
const alarming = /AddressSanitizer|LeakSanitizer|UndefinedBehavior|runtime error:|"what":"tripwire"|"level":"error"|Assertion|Aborted|core dumped/;

class Instance {
	/** @param {string} folder VAR  @param {number} port  @param {boolean} shared somebody else stops it */
	constructor(folder, port, shared, programs = bin) {
		this.programs = programs;
		this.var = folder;
		this.port = port;
		this.shared = shared;
		this.announced = [];
		/** What is done when the file is at its end, as long as the instance still runs. */
		this.undo = [];
		this.read = new Map();
		this.settings = fs.readFileSync(path.join(folder, "portico.conf"), "utf8");
		for (const log of ["worker", "jobs"]) this.read.set(log, shared ? this.log(log).length : 0);
	}

	setting(key) {
		return new RegExp(`^${key} = (.*)$`, "m").exec(this.settings)[1];
	}

	log(name) {
		return fs.readFileSync(path.join(this.var, "log", `${name}.log`), "utf8");
	}

	/** Rows as objects; for a statement without rows, []. */
	sql(text) {
		const args = ["--no-defaults", `--socket=${this.setting("db_socket")}`, `--user=${os.userInfo().username}`, "--batch",
			"--default-character-set=utf8mb4", this.setting("db_name")];
		const { status, stdout, stderr } = spawnSync("mariadb", args, { input: text, encoding: "utf8", maxBuffer: 1 << 30 });
		assert.equal(status, 0, `${stderr} ${text}`);
		const [names, ...rows] = stdout.split("\n").slice(0, -1).map((line) => line.split("\t"));
		return rows.map((row) => Object.fromEntries(row.map((value, i) => [names[i], field(value)])));
	}

	/** The only value of the only row. */
	value(text) {
		const rows = this.sql(text);
		assert.equal(rows.length, 1, text);
		return Object.values(rows[0])[0];
	}

	/** Standard output of the command line tool. */
	portico(...args) {
		const { status, stdout, stderr } = spawnSync(path.join(this.programs, "portico"), ["-c", path.join(this.var, "portico.conf"), ...args],
			{ encoding: "utf8", maxBuffer: 1 << 26 });
		assert.equal(status, 0, stderr);
		return stdout;
	}

	/** From here on a line of the logs may match this. */
	announce(pattern) {
		this.announced.push(pattern);
	}

	/** Lines of worker and jobs since the last look that nobody announced. */
	alarms() {
		const found = [];
		for (const [name, seen] of this.read) {
			const text = this.log(name);
			this.read.set(name, text.length);
			const lines = text.slice(seen).split("\n");
			lines.forEach((line, i) => {
				// A report of a sanitizer says where in the lines that follow.
				if (alarming.test(line)) found.push(/Sanitizer:/.test(line) ? lines.slice(i, i + 20).join("\n") : line);
			});
		}
		return found.filter((line) => !this.announced.some((pattern) => pattern.test(line)));
	}

	run(verb) {
		return promisify(execFile)(path.join(root, "tools/run.sh"), [verb], { cwd: root, maxBuffer: 1 << 26, env: this.env() });
	}

	env() {
		return environment(this.var, this.port, this.programs);
	}

	async stop() {
		await this.run("stop");
		started.delete(this.var);
	}

	remove() {
		fs.rmSync(this.var, { recursive: true, force: true });
	}
}

function environment(folder, port, programs) {
	const env = { ...process.env, MAKE: "true", VAR: folder, PORT: String(port), BIN: programs,
		LSAN_OPTIONS: `suppressions=${path.join(root, "tests/lib/lsan.supp")}:print_suppressions=0` };
	delete env.DB;
	delete env.TLS;
	return env;
}

/** What this process has started and not stopped: folder -> port. */
const started = new Map();

/** Whoever is interrupted leaves nothing running. */
export function stopAll() {
	for (const [folder, port] of started) {
		spawnSync(path.join(root, "tools/run.sh"), ["stop"], { cwd: root, env: environment(folder, port, bin) });
		fs.rmSync(folder, { recursive: true, force: true });
	}
}

/** Starts one, with the standing demo; `programs`: a folder of others than those under test; `like`: the folder of one that
 * was stopped, and whose copy takes a moment where a new one takes seconds. */
export async function start(name = "test", { programs = bin, like } = {}) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), `portico-${name}-`));
	if (like !== undefined) await promisify(execFile)("cp", ["-a", "--sparse=always", `${like}/.`, folder]);
	const port = await freePort();
	started.set(folder, port);
	fs.chmodSync(folder, 0o755);
	const log = fs.openSync(path.join(os.tmpdir(), `${path.basename(folder)}.log`), "w+");
	// To a file, not a pipe: what it leaves running would hold the pipe open.
	const child = spawn(path.join(root, "tools/run.sh"), ["start"], { cwd: root, stdio: ["ignore", log, log], env: environment(folder, port, programs) });
	const code = await new Promise((resolve, reject) => child.on("exit", resolve).on("error", reject));
	const said = fs.readFileSync(path.join(os.tmpdir(), `${path.basename(folder)}.log`), "utf8");
	fs.closeSync(log);
	fs.rmSync(path.join(os.tmpdir(), `${path.basename(folder)}.log`));
	assert.equal(code, 0, `it does not start:\n${said}`);
	return new Instance(folder, port, false, programs);
}

/** The one that tests/run.mjs started, or one of this file's own; its end is the file's last test. */
export async function instance({ own = false, name = "test" } = {}) {
	const { PORTICO_TEST_VAR: folder, PORTICO_TEST_PORT: port } = process.env;
	const site = folder && !own ? new Instance(folder, Number(port), true) : await start(name);
	after(async () => {
		for (const undo of site.undo) await undo();
		if (site.shared) return;
		await site.stop();
		const alarms = site.alarms();
		site.remove();
		assert.deepEqual(alarms, [], "the logs, after the end");
	});
	return site;
}

/** The last test of a file. */
export function clean(site) {
	test("the logs hold no error, no tripwire and no report of a sanitizer", () => assert.deepEqual(site.alarms(), []));
}
