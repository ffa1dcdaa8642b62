/** Runs paper.c: a bill as PDF against the same glyphs by bare cairo. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ROUNDS } from "./measure.mjs";

const run = promisify(execFile);

/** @returns {Promise<{subject: number, reference: number, ratio: number}>} documents a second of processor time */
export async function paper(stack, bill) {
	const { stdout } = await run("build/bench/paper", [`${stack.var}/portico.conf`, bill, "0.4", String(ROUNDS)]);
	const found = JSON.parse(stdout);
	return { ...found, ratio: found.subject / found.reference };
}
