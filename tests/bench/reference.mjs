/** What the worker is held against: the same SQL in a bare loop, the same bytes from a bare
 * FastCGI program behind a bare nginx, the same file from a bare nginx. */
import { execFile, spawn } from "node:child_process";
import { mkdirSync, rmSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { SECONDS, THREADS, load } from "./measure.mjs";

const run = promisify(execFile);

/** nginx with nothing but what the two references need; as many processes and connections kept as ours has. */
const conf = (folder, port, locations) => `
${process.getuid() === 0 ? "user root;" : ""}
daemon on;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx.log warn;
worker_processes 2;
events { worker_connections 2048; }
http {
	include /etc/nginx/mime.types;
	access_log off;
	sendfile on;
	tcp_nopush on;
	keepalive_requests 10000;
	${["client_body", "fastcgi", "proxy", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/tmp;`).join(" ")}
	fastcgi_buffer_size 32k;
	fastcgi_buffers 32 32k;
	fastcgi_busy_buffers_size 128k;
	server {
		listen 127.0.0.1:${port};
		root ${folder}/files;
		${locations}
	}
}
`;

/** Ends an nginx that this program started, and waits for its end. */
export async function stopNginx(file) {
	if (existsSync(file))
		process.kill(Number(readFileSync(file, "latin1")), "SIGTERM");
	for (let i = 0; i < 100 && existsSync(file); i++)
		await sleep(50);
}

/** Waits until a target answers 200. */
export async function untilAnswers(target) {
	const headers = { ...(target.host && { Host: target.host }), ...(target.cookie && { Cookie: target.cookie }) };
	for (let i = 0; i < 100; i++) {
		const status = await new Promise((done) => http.get({ host: "127.0.0.1", port: target.port, path: target.path, headers },
			(answer) => answer.resume().once("end", () => done(answer.statusCode))).once("error", () => done(0)));
		if (status === 200)
			return;
		await sleep(50);
	}
	throw new Error(`127.0.0.1:${target.port}${target.path} does not answer`);
}

/** A bare nginx, with one location a constant. */
export class Bare {
	constructor(name, port) {
		this.folder = resolve("build/bench", name);
		this.port = port;
		this.children = [];
		this.locations = [];
		rmSync(`${this.folder}/files`, { recursive: true, force: true });
		mkdirSync(`${this.folder}/files`, { recursive: true });
		mkdirSync(`${this.folder}/tmp`, { recursive: true });
	}

	/** These bytes as a file; the target that answers them. */
	file(name, bytes) {
		writeFileSync(`${this.folder}/files/${name}`, bytes);
		return { port: this.port, path: `/${name}` };
	}

	/** These bytes from a bare FastCGI program, which runs a plan before it answers where one is given; the target that answers. */
	fastcgi(name, bytes, type, stack, plan) {
		const socket = `${this.folder}/${name}.sock`;
		rmSync(socket, { force: true });
		writeFileSync(`${this.folder}/${name}.bytes`, bytes);
		this.children.push(spawn("build/bench/ref_fcgi", [socket, `${this.folder}/${name}.bytes`, type, String(THREADS),
			...(plan ? [stack.socket, userInfo().username, "portico", plan] : [])],
			{ stdio: "inherit" }));
		this.locations.push(`location = /${name} { include /etc/nginx/fastcgi_params; fastcgi_pass unix:${socket}; }`);
		return { port: this.port, path: `/${name}` };
	}

	async start() {
		const file = `${this.folder}/nginx.conf`;
		writeFileSync(file, conf(this.folder, this.port, this.locations.join("\n\t\t")));
		await run("/usr/sbin/nginx", ["-e", `${this.folder}/nginx.log`, "-p", this.folder, "-c", file]);
	}

	async stop() {
		for (const child of this.children)
			child.kill("SIGKILL"); // libfcgi only notes a SIGTERM
		await stopNginx(`${this.folder}/nginx.pid`);
	}
}

/** Plans a second of the bare SQL loop, on as many connections as the load has. */
export async function sqlRate(stack, plan, seconds = SECONDS) {
	const { stdout } = await run("build/bench/ref_sql",
		[stack.socket, userInfo().username, "portico", plan, String(THREADS), String(seconds)]);
	const found = JSON.parse(stdout);
	return found.requests / found.seconds;
}

/** Requests a second that nobody can beat who runs this SQL and answers these bytes. */
export async function floor(stack, plan, target) {
	const sql = await sqlRate(stack, plan), fcgi = (await load(target)).rate;
	return 1 / (1 / sql + 1 / fcgi);
}
