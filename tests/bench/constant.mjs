/** The worker with a list of customers in which nothing is asked: see constant.c. */
import { execFile, spawn } from "node:child_process";
import { chownSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { executed } from "./plan.mjs";
import { stopNginx, untilAnswers } from "./reference.mjs";

const run = promisify(execFile);

export class ConstantWorker {
	/** @param {import("./stack.mjs").Stack} stack whose database and sites it uses, with an nginx of its own on the port */
	constructor(stack, port) {
		this.stack = stack;
		this.port = port;
		this.folder = `${stack.var}/constant`;
	}

	/** @param {object} target whose list it answers: the SQL of its last statement becomes the constant */
	async start(target) {
		const { uid, gid } = statSync(`/proc/${this.stack.pid("worker")}`);
		const socket = `${this.folder}/run/fcgi.sock`, statements = await executed(this.stack, target);
		rmSync(this.folder, { recursive: true, force: true });
		for (const name of ["run", "log", "tmp/body", "tmp/fastcgi", "tmp/proxy", "tmp/uwsgi", "tmp/scgi"]) {
			mkdirSync(`${this.folder}/${name}`, { recursive: true });
			chownSync(`${this.folder}/${name}`, uid, gid);
		}
		this.fill("portico.conf", (text) => text.replace(/^socket = .*$/m, `socket = ${socket}`));
		this.fill("nginx.conf", (text) => text.replaceAll(`127.0.0.1:${this.stack.port}`, `127.0.0.1:${this.port}`)
			.replace(/unix:\S+fcgi\.sock/g, `unix:${socket}`));
		this.worker = spawn("build/bench/worker-constant", [`${this.folder}/portico.conf`],
			{ uid, gid, stdio: "ignore", env: { ...process.env, BENCH_SQL: statements.at(-1) } });
		await run("/usr/sbin/nginx", ["-e", `${this.folder}/log/nginx.log`, "-p", this.folder, "-c", `${this.folder}/nginx.conf`]);
		await untilAnswers({ ...target, port: this.port });
	}

	/** A file of the stack's folder, changed, into this one. */
	fill(name, change) {
		writeFileSync(`${this.folder}/${name}`, change(readFileSync(`${this.stack.var}/${name}`, "utf8")));
	}

	workers() {
		const { pid } = this.worker;
		return readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim().split(" ").map(Number);
	}

	async stop() {
		this.worker?.kill();
		await stopNginx(`${this.folder}/run/nginx.pid`);
	}
}
