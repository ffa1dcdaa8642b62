// What the proofs share: one connection to the database that stays, numbers at random that can be had again,
// and several requests in flight.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import os from "node:os";
import readline from "node:readline";

/** Numbers at random from a seed (mulberry32): `int(n)` below n, `pick(list)`, `some(list, share)`, `hex(n)`. */
export function random(seed) {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	const int = (n) => Math.floor(next() * n);
	const pick = (list) => list[int(list.length)];
	return {
		next, int, pick,
		chance: (share) => next() < share,
		some: (list, share) => list.filter(() => next() < share),
		hex: (n) => Array.from({ length: n }, () => int(16).toString(16)).join(""),
		shuffled: (list) => list.map((item) => [next(), item]).sort((a, b) => a[0] - b[0]).map(([, item]) => item),
	};
}

/** One client of the database that stays connected: `await run(sql)` returns when all of it is committed, with the rows of
 * what was asked, each a list of texts. */
export class Writer {
	constructor(site) {
		const args = ["--no-defaults", `--socket=${site.setting("db_socket")}`, `--user=${os.userInfo().username}`, "--batch", "--skip-column-names",
			"--unbuffered", "--default-character-set=utf8mb4", site.setting("db_name")];
		this.child = spawn("mariadb", args, { stdio: ["pipe", "pipe", "pipe"] });
		this.count = 0;
		this.waiting = new Map();
		this.said = "";
		this.child.stderr.on("data", (part) => { this.said += part; });
		this.child.stdin.on("error", () => undefined); // its end is told below
		this.child.on("exit", () => {
			for (const { reject } of this.waiting.values()) reject(new Error(`the database client has ended: ${this.said.trim().slice(-300)}`));
		});
		let rows = [];
		readline.createInterface({ input: this.child.stdout }).on("line", (line) => {
			const one = this.waiting.get(line);
			if (one === undefined) return void rows.push(line.split("\t"));
			this.waiting.delete(line);
			one.resolve(rows);
			rows = [];
		});
	}

	run(sql) {
		const mark = `-- ${++this.count} --`;
		return new Promise((resolve, reject) => {
			if (this.child.exitCode !== null) throw new Error(`the database client has ended: ${this.said.trim().slice(-300)}`);
			this.waiting.set(mark, { resolve, reject });
			this.child.stdin.write(`${sql};\nSELECT '${mark}';\n`);
		});
	}

	async close() {
		this.child.stdin.end();
		await new Promise((resolve) => (this.child.exitCode === null ? this.child.on("exit", resolve) : resolve()));
		assert.equal(this.said, "");
	}
}

/** INSERTs of many rows, some thousand a statement. Values: numbers, null, texts. */
export function inserts(table, columns, rows) {
	const value = (v) => (v === null ? "NULL" : typeof v === "number" ? String(v) : `'${v}'`); // our own texts: no quote in them
	const statements = [];
	for (let i = 0; i < rows.length; i += 2000)
		statements.push(`INSERT INTO ${table} (${columns}) VALUES ${rows.slice(i, i + 2000).map((row) => `(${row.map(value).join(",")})`).join(",\n")}`);
	return statements;
}

/** Calls for each item, n at a time; the first failure ends it. */
export async function each(items, n, call) {
	let next = 0;
	const one = async () => {
		while (next < items.length) await call(items[next], next++);
	};
	await Promise.all(Array.from({ length: n }, one));
}

/** Sessions of users without signing in, which costs 0.2 s each: rows as the server writes them, with the second step proved. @returns cookies by user id */
export async function sessions(writer, rng, ids, host) {
	const tokens = new Map(ids.map((id) => [id, rng.hex(64)]));
	const rows = [...tokens].map(([id, token]) => `(UNHEX(SHA2('${token}', 256)), ${id}, '${host}', UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 10 HOUR, UTC_TIMESTAMP() + INTERVAL 10 HOUR)`);
	for (let i = 0; i < rows.length; i += 1000)
		await writer.run(`INSERT INTO session (token_hash, user_id, host, created, seen, ends, proved) VALUES ${rows.slice(i, i + 1000).join(",")}`);
	return new Map([...tokens].map(([id, token]) => [id, `session=${token}`]));
}

/** API keys: one of the provider's that is good, two that are over, and a reseller's. @returns {Record<string, string>} what a program sends, by kind */
export async function keys(writer, rng) {
	const kinds = { good: ["'pneumuster'", "'2199-01-01'", "NULL"], ended: ["'pneumuster'", "'2199-01-01'", "UTC_TIMESTAMP()"], expired: ["'pneumuster'", "UTC_DATE()", "NULL"], "another house's": ["'musterplatz'", "'2199-01-01'", "NULL"] };
	const secrets = {};
	for (const [kind, [slug, expires, ended]] of Object.entries(kinds)) {
		const prefix = `apk_${rng.hex(8)}`, secret = `${prefix}_${rng.hex(64)}`;
		await writer.run(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password, state) SELECT t.id, NULL, r.id, '${prefix}', 'Key', 'en', '', 'key'
			FROM tenant t JOIN role r ON r.code = IF(t.level = 0, 'provider_admin', 'dealer_owner') WHERE t.slug = ${slug}`);
		await writer.run(`INSERT INTO api_key (tenant_id, user_id, token_hash, prefix, created, author_id, expires, ended)
			SELECT tenant_id, id, UNHEX(SHA2('${secret}', 256)), email, UTC_TIMESTAMP(), id, ${expires}, ${ended} FROM user WHERE email = '${prefix}'`);
		secrets[kind] = `Bearer ${secret}`;
	}
	return secrets;
}

/** Hosts stay where they are while a house is closed for a moment, so what refuses is the server itself; with the undoing. */
export async function keepHosts(writer) {
	await writer.run("REPLACE INTO lease (name, owner, until) VALUES ('publish', 'proof', UTC_TIMESTAMP() + INTERVAL 1 DAY)");
	return () => writer.run("DELETE FROM lease WHERE name = 'publish' AND owner = 'proof'");
}

/** Wrong things that a proof has seen: all are counted, the first are kept to be told. */
export class Tally {
	constructor() {
		this.count = 0;
		this.bad = 0;
		this.examples = [];
	}

	/** n verdicts, all good unless `wrong` says otherwise. */
	add(n) {
		this.count += n;
	}

	wrong(what) {
		this.bad++;
		if (this.examples.length < 20) this.examples.push(what);
	}

	expect(good, what) {
		this.count++;
		if (!good) this.wrong(typeof what === "function" ? what() : what);
	}
}
