// The proofs of money of `make proof` (tests/access/proof/main.mjs): unit tests at full size, each of which `make test` runs in
// small.  They start their own database and say on lines "# proof NAME COUNT BAD" how far they are.
import { spawn } from "node:child_process";
import readline from "node:readline";
import { root } from "../lib/instance.mjs";
import { Tally } from "../access/proof/tools.mjs";

/** Ends with its status; `line` gets each line of what it writes. */
function run(command, args, env, line) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd: root, env: { ...process.env, MAKEFLAGS: "", ...env }, stdio: ["ignore", "pipe", "pipe"] });
		for (const stream of [child.stdout, child.stderr]) readline.createInterface({ input: stream }).on("line", line);
		child.on("error", reject);
		child.on("close", (status, signal) => resolve(status ?? signal));
	});
}

/** A unit test at that size.  @returns {Promise<Map<string, number>>} what it has counted, by name */
async function unit(program, env, tally, say) {
	const counted = new Map(), last = [];
	const file = `build/asan/unit/${program}`, line = (text) => {
		const [, name, count, bad] = /^# proof (\S+) (\d+) (-?\d+)$/.exec(text) ?? [];
		last.push(text);
		if (last.length > 12) last.shift();
		if (name === undefined) return;
		counted.set(name, Number(count));
		say(`${name} ${count}`);
		if (Number(bad) !== 0) tally.wrong(`${program}: ${name}: ${bad} of ${count}`);
	};
	if ((await run("make", ["-s", file], {}, line)) !== 0) throw new Error(`${file} does not build: ${last.join("\n")}`);
	const status = await run(file, [], env, line);
	if (status !== 0) tally.wrong(`${program} ends with ${status}: ${last.join("\n")}`);
	return counted;
}

/** Prices and charges, in C and in Python as in SQL: two programs at once, of half the cases each. */
export const price = {
	name: "price", goal: 1_000_000, own: true,
	async run({ count, say, seed }) {
		const tally = new Tally(), half = Math.ceil(count / 2);
		const counts = await Promise.all([0, 1].map((i) => unit("test_second", { PORTICO_CASES: String(half), SEED: String(seed + 1000 * i) }, tally, say)));
		for (const counted of counts) tally.add(counted.get("price") ?? 0);
		tally.notes = [`price: ${["discounts", "minimums"].map((name) => `${counts.reduce((all, counted) => all + (counted.get(name) ?? 0), 0)} ${name}`).join(", ")} among them`];
		return tally;
	},
};

/** Civil days of all zones, and bill runs over days 28 to 31 and February. */
export const calendar = {
	name: "calendar", goal: 15_000_000, own: true,
	async run({ count, say }) {
		const tally = new Tally(), share = count / this.goal;
		const counted = await unit("test_calendar", { PORTICO_ZONES: String(share < 1 ? Math.ceil(count / 35_000) : 2000), PORTICO_CYCLES: String(share < 1 ? 1 : 5) }, tally, say);
		tally.add(counted.get("calendar") ?? 0);
		return tally;
	},
};

/** Of ten killed runs nine are killed themselves, and one loses its database; a fifth more are killed while usage comes in. */
export const kills = {
	name: "kills", goal: 1000, own: true,
	async run({ count, say }) {
		const tally = new Tally();
		const counted = await unit("test_bill_run", { PORTICO_KILLS: String(Math.ceil(count * 0.9)), PORTICO_CRASHES: String(Math.ceil(count * 0.1)) }, tally, say);
		const usage = await unit("test_bill_usage", { PORTICO_KILLS: String(Math.ceil(count / 5)) }, tally, say);
		tally.add((counted.get("kills") ?? 0) + (counted.get("crashes") ?? 0) + (usage.get("kills") ?? 0));
		tally.notes = [`kills: ${counted.get("kills")} runs, ${counted.get("crashes")} databases (${counted.get("midway")} of them midway in a run), ${usage.get("kills")} runs while usage came in`];
		return tally;
	},
};
