#!/usr/bin/env node
/**
 * `make bench`: how fast it is, as ratios to references that are measured in turn with it.
 * Prints a table and writes build/bench.json; ends with 1 where a goal is missed.
 *
 *   SCALE=1            scale, houses and move in a database of a million customers, which takes minutes to fill
 *   JOBS=list,bill     only these
 *   FLOOD_SECONDS=60   of the flood of sign-ins
 *   BENCH_PORT=18080   the first of ten ports on 127.0.0.1
 *   BENCH_SECONDS, BENCH_ROUNDS   of each measurement
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import * as jobs from "./jobs.mjs";
import { Stack } from "./stack.mjs";

const PORT = Number(process.env.BENCH_PORT ?? 18080);
const SIZES = [
	{ name: "small", resellers: 30, customers: 10000 },
	{ name: "middle", resellers: 100, customers: 100000 },
	{ name: "large", resellers: 300, customers: 1000000 },
];
const NAMES = ["page", "list", "bill", "pdf", "rights", "usage", "rating", "run", "memory", "warm", "flood", "scale", "houses", "move"];

const asked = process.env.JOBS?.split(",") ?? NAMES;
for (const name of asked)
	if (!NAMES.includes(name))
		throw new Error(`JOBS: there is no ${name}; there are ${NAMES}`);

const reached = (one) => one.goal === null || (one.at_most ? one.ratio <= one.goal : one.ratio >= one.goal);
const number = (n) => n.toLocaleString("en", { maximumFractionDigits: n < 10 ? 3 : 0 });

function print(rows) {
	const cells = [["job", "subject", "reference", "unit", "ratio", "goal", ""], ...rows.map((one) => [one.job, number(one.subject),
		number(one.reference), one.unit, one.ratio.toFixed(3), one.goal === null ? "" : `${one.at_most ? "<=" : ">="} ${one.goal}`, reached(one) ? "" : "missed"])];
	const widths = cells[0].map((_, i) => Math.max(...cells.map((line) => line[i].length)));
	const right = [1, 2, 4];
	for (const line of cells)
		console.log(line.map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join("  ").trimEnd());
}

/** These ask for many customers: scale compares databases, the others take the largest. */
const LARGE = ["scale", "houses", "move"];
const sizes = asked.some((name) => LARGE.includes(name)) ? SIZES.slice(0, process.env.SCALE === "1" ? 3 : 2) : SIZES.slice(0, 1);
const stacks = sizes.map((size, i) => new Stack(size.name, PORT + i, size));
const rows = [];
mkdirSync("build/bench", { recursive: true });
try {
	for (const stack of stacks) {
		console.error(`bench: ${stack.size.customers} customers in ${stack.var}`);
		await stack.start();
	}
	for (const name of NAMES.filter((one) => asked.includes(one))) {
		console.error(`bench: ${name}`);
		rows.push(...(name === "scale" ? await jobs.scale(stacks) : await jobs[name](LARGE.includes(name) ? stacks.at(-1) : stacks[0], PORT + 5)));
	}
} finally {
	for (const stack of stacks)
		await stack.stop();
	writeFileSync("build/bench.json", `${JSON.stringify(rows, null, "\t")}\n`);
	console.log(`${availableParallelism()} processors; figures of the round with the median ratio\n`);
	print(rows);
}
process.exitCode = rows.every(reached) ? 0 : 1;
