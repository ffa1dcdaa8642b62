// The audit's chain, as portico-jobs makes it and `portico audit verify` reads it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { alive, house, run, until } from "./house.mjs";

let h, anchor;
const others = [];

before(async () => {
	h = await house("audit", { jobs: true });
	anchor = path.join(h.var, "audit", "anchor");
});
after(async () => {
	for (const child of others) if (alive(child.pid)) process.kill(child.pid, "SIGKILL");
	await h?.remove();
});

const number = async (text) => Number((await h.sql(text))[0][0]);
const rows = () => number("SELECT COUNT(*) FROM audit"), links = () => number("SELECT COUNT(*) FROM audit_seal");
const allSealed = () => until("all rows are sealed", async () => await links() === await rows());
const noted = () => Number(/(?:^|\n)(\d+) [0-9a-f]{64} [^\n]*\n$/.exec(fs.readFileSync(anchor, "utf8"))[1]);
const freeLeases = () => h.sql("UPDATE lease SET until = UTC_TIMESTAMP() - INTERVAL 1 SECOND"); // as half a minute later

async function verify(...words) {
	const r = await h.cli("audit", "verify", "--json", ...words);
	const report = JSON.parse(r.out);
	assert.equal(r.code, report.whole ? 0 : 1, r.err);
	return report;
}

test("what is done is sealed and noted by itself", async () => {
	await h.signIn();
	await allSealed();
	await until("the newest link is noted", async () => noted() === await links());
	const report = await verify();
	assert.deepEqual(report.problems, []);
	assert.equal(report.rows, await rows());
	assert.equal(report.unsealed, 0);
	assert.deepEqual((await verify("--anchor", report.link)).problems, []);
	assert.deepEqual((await verify("--anchor", "0".repeat(64))).problems.map((p) => p.kind), ["unknown_anchor"]);
	assert.equal((await h.cli("audit", "verify", "--anchor", "x")).code, 2);
	const text = await h.cli("audit", "verify");
	assert.match(text.out, /The audit is whole\.\n$/);
});

test("portico-jobs is killed between the sealing and the note: nothing is wrong, and the next one catches up", async () => {
	// Whoever holds the file's lock stops portico-jobs right there.
	const holder = spawn("flock", [anchor, "sh", "-c", "echo held; read -r end"], { stdio: ["pipe", "pipe", "inherit"] });
	others.push(holder);
	await new Promise((resolve, reject) => holder.stdout.once("data", resolve).once("error", reject));
	await h.signIn();
	await allSealed();
	assert.ok(noted() < await links());
	const jobs = h.pid("jobs");
	process.kill(jobs, "SIGKILL");
	await until("it has ended", () => !alive(jobs));
	assert.deepEqual((await verify()).problems, []);
	holder.stdin.end("\n");
	await until("the lock is free", () => !alive(holder.pid));
	await freeLeases();
	await h.start();
	await until("the newest link is noted", async () => noted() === await links());
	assert.deepEqual((await verify()).problems, []);
});

test("two portico-jobs make one chain, and when one is killed the other goes on", async () => {
	const out = fs.openSync(path.join(h.var, "log", "second.log"), "a");
	const second = spawn(path.resolve(h.bin, "portico-jobs"), [h.conf], { stdio: ["ignore", out, out] });
	fs.closeSync(out);
	others.push(second);
	const first = h.pid("jobs");
	for (let round = 0; round < 4; round++) {
		for (let i = 0; i < 3; i++) await h.signIn();
		if (round === 1) {
			process.kill(first, "SIGKILL");
			await until("it has ended", () => !alive(first));
		}
		if (round > 0) await freeLeases(); // whoever comes first has it
		await allSealed();
	}
	await until("the newest link is noted", async () => noted() === await links());
	const report = await verify();
	assert.deepEqual(report.problems, []);
	assert.equal(report.rows, await rows());
	assert.doesNotMatch(fs.readFileSync(path.join(h.var, "log", "second.log"), "utf8"), /"level":"error"/);
	process.kill(second.pid, "SIGTERM");
	await until("it ends when it is told", () => !alive(second.pid));
	await freeLeases();
	await h.start();
});

test("the worker's database user can neither change nor remove a row or a link", async () => {
	const grants = (await h.sql("SHOW GRANTS FOR 'portico'@'localhost'")).flat().join("\n");
	for (const table of ["audit", "audit_seal"]) {
		const of = grants.split("\n").filter((line) => line.includes(`\`${table}\``));
		assert.deepEqual(of.map((line) => line.replace(/ ON .*/, "")), ["GRANT INSERT"], table);
	}
	// What bounds refusals it must be able to write, in the words of the statement.
	const password = fs.readFileSync(path.join(h.var, "secret", "db_password"), "utf8").trim();
	const text = fs.readFileSync("schema/query/audit.sql", "utf8").split(/-- name: /).find((part) => part.startsWith("audit_refusal"))
		.replace(/^[\s\S]*?-- guard: admin\n/, "").replace(":user_id", "1").replace(":action", "'test.refused'");
	for (let i = 0; i < 2; i++) {
		const r = await run("mariadb", ["--no-defaults", `--socket=${h.socket}`, "--user=portico", `--password=${password}`, "portico", "-e", text]);
		assert.equal(r.code, 0, r.err);
	}
	assert.equal(await number("SELECT COUNT(*) FROM audit_refusal WHERE action = 'test.refused'"), 1);
});

test("rows and links that were cut off are missed by jobs and by verify", async () => {
	await h.signIn();
	await allSealed();
	await until("the newest link is noted", async () => noted() === await links());
	const last = await links(), from = h.log("jobs").length;
	await h.sql(`DELETE FROM audit WHERE id IN (SELECT audit_id FROM audit_seal WHERE seq > ${last - 2})`);
	await h.sql(`DELETE FROM audit_seal WHERE seq > ${last - 2}`);
	const report = await verify();
	assert.deepEqual(report.problems.map((p) => [p.kind, p.link]), [["cut_tail", last]]);
	await until("jobs says so", () => h.lines("jobs", "error", from).some((line) => line.what === "audit" && line.detail.includes("portico audit verify")));
	const text = await h.cli("audit", "verify");
	assert.equal(text.code, 1);
	assert.match(text.out, /its tail was cut/);
});
