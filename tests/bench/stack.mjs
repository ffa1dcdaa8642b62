/** A whole Portico of its own for the bench: database, worker, nginx, with generated customers. */
import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const PASSWORD = "portico-demo";

export class Stack {
	/**
	 * @param {string} name of its folder in build/bench
	 * @param {number} port
	 * @param {{resellers: number, customers: number}} size
	 */
	constructor(name, port, size) {
		this.port = port;
		this.var = process.env[`BENCH_VAR_${name.toUpperCase()}`] ?? resolve("build/bench", name);
		this.size = size;
		this.env = {
			...process.env, PORT: String(port), VAR: this.var, DB: "", TLS: "", MAKE: "true",
			DEMO: `--resellers ${size.resellers} --customers ${size.customers} --months 1 --seed 1`,
		};
		this.cookies = new Map();
	}

	/** Starts it; the first time it is filled, which is shown where it takes long. */
	async start() {
		const child = spawn("tools/run.sh", ["start"], { env: this.env, stdio: ["ignore", "ignore", "inherit"] });
		const code = await new Promise((done) => child.once("exit", done));
		if (code !== 0)
			throw new Error(`tools/run.sh start: ${code}; see ${this.var}/log`);
		await this.stopJobs();
		this.users = JSON.parse((await run("build/portico", ["-c", `${this.var}/portico.conf`, "demo", "users", "--json"])).stdout);
	}

	/** Sealing bills would share the processors with what is measured. */
	async stopJobs() {
		const pid = this.pid("jobs");
		process.kill(pid);
		while (existsSync(`/proc/${pid}`))
			await sleep(50);
	}

	/** Seconds that a start takes where everything runs already. */
	async startAgain() {
		const begin = process.hrtime.bigint();
		await run("make", ["run"], { env: { ...this.env, MAKE: "make" } });
		return Number(process.hrtime.bigint() - begin) / 1e9;
	}

	async stop() {
		await run("tools/run.sh", ["stop"], { env: this.env });
	}

	pid(part) {
		return Number(readFileSync(`${this.var}/run/${part}.pid`, "latin1"));
	}

	/** The worker's processes, without their master. */
	workers() {
		const master = this.pid("worker");
		return readFileSync(`/proc/${master}/task/${master}/children`, "latin1").trim().split(" ").map(Number);
	}

	get socket() {
		return `${this.var}/run/db/db.sock`;
	}

	/** Rows of an SQL statement, run by the database's administrator, as arrays of text. */
	async sql(text) {
		const words = ["--no-defaults", `--socket=${this.socket}`, "--batch", "--skip-column-names", "portico", "-e", text];
		const { stdout } = await run("mariadb", words, { maxBuffer: 1 << 26, env: { ...process.env, LC_ALL: "C.UTF-8" } });
		return stdout.split("\n").filter((line) => line !== "").map((line) => line.split("\t"));
	}

	/** The public id of a row. */
	async seal(resource, id) {
		return (await run("build/portico", ["-c", `${this.var}/portico.conf`, "id", resource, id])).stdout.trim();
	}

	/** A request by hand. */
	request(method, host, path, { cookie, body, text = body && JSON.stringify(body), type = "application/json", port = this.port } = {}) {
		const headers = { Host: host, "Sec-Fetch-Site": "same-origin" };
		if (cookie)
			headers.Cookie = cookie;
		if (text)
			headers["Content-Type"] = type;
		return new Promise((done, failed) => {
			const request = http.request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
				const parts = [];
				answer.on("data", (part) => parts.push(part));
				answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
			});
			request.once("error", failed);
			request.end(text);
		});
	}

	/** A signed-in user as the target of a load: host and cookie. */
	async signIn(email, host) {
		if (!this.cookies.has(email)) {
			const answer = await this.request("POST", host, "/api/v1/session", { body: { email, password: PASSWORD } });
			if (answer.status >= 300)
				throw new Error(`${email} cannot sign in: ${answer.status} ${answer.body}`);
			this.cookies.set(email, answer.headers["set-cookie"][0].split(";")[0]);
		}
		return { port: this.port, host, cookie: this.cookies.get(email) };
	}

	/** The first demo user with a role, signed in. */
	async user(role) {
		const { email, host } = this.users.find((one) => one.role === role);
		return this.signIn(email, host);
	}

	/** What a target answers, which must be 200. */
	async body(target) {
		const answer = await this.request("GET", target.host, target.path, target);
		if (answer.status !== 200)
			throw new Error(`${target.path}: ${answer.status} ${answer.body}`);
		return answer.body;
	}
}
