/** Load, processor time and medians: what every job measures with. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Threads of the worker, each with its own connection to the database; the references have as many. */
export const THREADS = 8;

/** Connections of every load: twice as many, so that no thread waits for a request. */
const CONNECTIONS = 2 * THREADS;

/** Seconds of one round of one load; rounds of a comparison (odd, so that one of them is the middle). */
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 2);
export const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);

/**
 * A load on 127.0.0.1 by wrk.
 * @param {{port: number, path?: string, host?: string, cookie?: string, paths?: string}} target
 *   paths: a file with a path a line, taken in turn
 * @param {number} [seconds]
 * @returns {Promise<{rate: number, requests: number, seconds: number}>}
 */
export async function load(target, seconds = SECONDS) {
	const url = `http://127.0.0.1:${target.port}${target.path ?? "/"}`;
	const words = ["-t", "2", "-c", String(CONNECTIONS), "-d", `${Math.ceil(seconds)}s`, "--timeout", "20s"];
	if (target.host)
		words.push("-H", `Host: ${target.host}`);
	if (target.cookie)
		words.push("-H", `Cookie: ${target.cookie}`);
	words.push("-s", target.paths ? "tests/bench/mixed.lua" : "tests/bench/report.lua", url);
	if (target.paths)
		words.push(target.paths);
	const { stdout } = await run("wrk", words, { timeout: (seconds + 60) * 1000 });
	const found = JSON.parse(/JSON(\{.*\})/.exec(stdout)[1]);
	if (found.failed > 0 || found.requests === 0)
		throw new Error(`${url}: ${found.failed} of ${found.requests} requests failed`);
	return { rate: found.requests / found.seconds, ...found };
}

/** @param {number[]} numbers an odd number of them */
export function median(numbers) {
	return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}

/**
 * Subject and references in turn, each round the other way round.
 * @param {() => Promise<number>} subject
 * @param {(() => Promise<number>)[]} references
 * @param {number} [rounds]
 * @returns {Promise<{subject: number, reference: number, ratio: number}[]>} for each reference, of the round with the median ratio
 */
export async function compareAll(subject, references, rounds = ROUNDS) {
	const measured = [subject, ...references], found = references.map(() => []);
	for (let i = 0; i < rounds; i++) {
		const round = [], order = measured.map((_, which) => which);
		for (const which of i % 2 === 0 ? order : order.reverse())
			round[which] = await measured[which]();
		references.forEach((_, j) => found[j].push({ subject: round[0], reference: round[j + 1], ratio: round[0] / round[j + 1] }));
	}
	return found.map((rounds) => {
		const middle = median(rounds.map((round) => round.ratio));
		return rounds.find((round) => round.ratio === middle);
	});
}

/** The same with one reference. */
export async function compare(subject, reference, rounds = ROUNDS) {
	return (await compareAll(subject, [reference], rounds))[0];
}

/** Subject and reference at the same time, as often. */
export async function compareTogether(subject, reference, rounds = ROUNDS) {
	const found = [];
	for (let i = 0; i < rounds; i++) {
		const [one, other] = await Promise.all([subject(), reference()]);
		found.push({ subject: one, reference: other, ratio: one / other });
	}
	const middle = median(found.map((round) => round.ratio));
	return found.find((round) => round.ratio === middle);
}

/** Nanoseconds on a processor of all threads of these processes. */
export function processorTime(pids) {
	let sum = 0n;
	for (const pid of pids)
		for (const task of readdirSync(`/proc/${pid}/task`))
			sum += BigInt(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "latin1").split(" ")[0]);
	return Number(sum);
}

/** Microseconds of processor time that these processes take for one request of the load. */
export async function processorTimeOf(pids, target, seconds = SECONDS) {
	const before = processorTime(pids);
	const { requests } = await load(target, seconds);
	return (processorTime(pids) - before) / 1000 / requests;
}

/** Resident bytes of a process. */
export function resident(pid) {
	return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))[1]) * 1024;
}

/** A row of the table. */
export const row = (job, found, goal, unit, at_most = false) =>
	({ job, subject: found.subject, reference: found.reference, ratio: found.ratio, goal, unit, ...(at_most ? { at_most } : {}) });
