// `make proof`: the proofs of access and of money at full size, each in an instance of its own.  PROOF=lists,matrix
// chooses, PROOF=money those of money, SIZE=0.1 makes them smaller, SEED= makes other worlds; CHECKS=, PART= and RESUME= say which checks are switched off
// (without.mjs).  Writes build/proof.json and ends with 1 where a proof saw something wrong or did less than its goal.
import fs from "node:fs";
import path from "node:path";
import { patience } from "../../lib/http.mjs";
import { root, start, stopAll } from "../../lib/instance.mjs";
import * as money from "../../money/proof.mjs";
import * as changes from "./changes.mjs";
import * as edits from "./edits.mjs";
import * as enter from "./enter.mjs";
import * as lists from "./lists.mjs";
import * as matrix from "./matrix.mjs";
import * as revoke from "./revoke.mjs";
import * as second from "./second.mjs";
import * as timing from "./timing.mjs";
import * as without from "./without.mjs";

const groups = { access: [lists, edits, revoke, matrix, second, changes, enter, without, timing.ids, timing.signIn], money: [money.price, money.calendar, money.kills] };
const proofs = Object.values(groups).flat();
patience.seconds = 600; // a machine that is shared may stand still for minutes
const wanted = (process.env.PROOF || Object.keys(groups).join(",")).split(",").flatMap((name) => groups[name]?.map((proof) => proof.name) ?? name);
const size = Number(process.env.SIZE || 1), seed = Number(process.env.SEED || 1);
const unknown = wanted.filter((name) => !proofs.some((proof) => proof.name === name));
if (unknown.length > 0 || !(size > 0) || !Number.isInteger(seed)) {
	console.error(`PROOF is some of ${Object.keys(groups)} or ${proofs.map((proof) => proof.name)}, SIZE a number above 0, SEED a whole number`);
	process.exit(2);
}
try {
	without.choose(process.env);
} catch (error) {
	console.error(error.message);
	process.exit(2);
}

/** A line that says how far it is; on a terminal over the last one. */
function progress(name, started) {
	return (text) => process.stderr.write(`${process.stderr.isTTY ? "\r\x1b[K" : ""}${name}, ${Math.round((Date.now() - started) / 1000)} s: ${text}${process.stderr.isTTY ? "" : "\n"}`);
}

/** One proof in an instance of its own, unless it starts its own itself; what its logs hold counts too. */
async function prove(proof) {
	const started = Date.now(), count = Math.ceil(proof.goal * size), site = proof.own ? null : await start(`proof-${proof.name}`);
	try {
		const tally = await proof.run({ site, count, say: progress(proof.name, started), seed });
		await site?.stop();
		for (const line of site?.alarms() ?? []) tally.wrong(`the log: ${line}`);
		if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
		return { row: { name: proof.name, count: tally.count, bad: tally.bad, goal: count }, tally, seconds: Math.round((Date.now() - started) / 1000) };
	} finally {
		await site?.stop();
		site?.remove();
	}
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
	process.on(signal, () => {
		stopAll();
		process.exit(1);
	});

const done = [];
for (const proof of proofs.filter((one) => wanted.includes(one.name))) done.push(await prove(proof));
const table = [["proof", "count", "bad", "goal", "seconds"], ...done.map(({ row, seconds }) => [row.name, row.count, row.bad, row.goal, seconds])];
for (const line of table) console.log(line.map((cell, i) => (i === 0 ? String(cell).padEnd(16) : String(cell).padStart(10))).join(""));
for (const { tally } of done) {
	for (const example of tally.examples) console.log(`  ${example}`);
	for (const line of tally.notes ?? []) console.log(`  ${line}`);
}
fs.mkdirSync(path.join(root, "build"), { recursive: true });
fs.writeFileSync(path.join(root, "build/proof.json"), `${JSON.stringify(done.map(({ row }) => row), null, "\t")}\n`);
process.exitCode = done.every(({ row }) => row.bad === 0 && row.count >= row.goal) ? 0 : 1;
