// Checks switched off in turn: of each check a worker is built that lacks it, in a folder of its own, and the other
// proofs must see that.  With nothing switched off they must see nothing, or what they see would prove nothing.
import { execFile, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { root, start } from "../../lib/instance.mjs";
import { checks } from "./checks.mjs";
import * as edits from "./edits.mjs";
import * as enter from "./enter.mjs";
import * as lists from "./lists.mjs";
import * as matrix from "./matrix.mjs";
import * as revoke from "./revoke.mjs";
import * as second from "./second.mjs";
import { Tally, random } from "./tools.mjs";

export const name = "without", goal = checks.length + 1, own = true;

const proofs = { lists, matrix, revoke, "role-edits": edits, second, enter };
const folder = path.join(root, "build/without"), programs = path.join(root, "build");
const run_ = promisify(execFile);

/** The sources with these edits, by file. Throws where one has not exactly one place for its edit. */
export function edited(edits) {
	const changed = new Map();
	for (const [file, there, instead] of edits) {
		const text = changed.get(file) ?? fs.readFileSync(path.join(root, file), "utf8");
		if (text.split(there).length !== 2) throw new Error(`${file} has not exactly one place with: ${there}`);
		changed.set(file, text.replace(there, () => instead));
	}
	return changed;
}

/** Puts the changed sources, and those that are made of them, where the build looks first. */
function change(edits) {
	const changed = edited(edits);
	fs.rmSync(folder, { recursive: true, force: true });
	const put = (file, text) => {
		fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
		fs.writeFileSync(path.join(folder, file), text);
	};
	for (const [file, text] of changed) put(file, text);
	const again = (file) => changed.has(file) || put(file, fs.readFileSync(path.join(root, file), "utf8"));
	if (changed.has("schema/access.def")) again("fcgi/core/access.c");
	const queries = [...changed.keys()].filter((file) => file.startsWith("schema/query/"));
	if (queries.length > 0) {
		const all = fs.readdirSync(path.join(root, "schema/query")).filter((file) => file.endsWith(".sql")).sort().map((file) => `schema/query/${file}`);
		const { status, stdout, stderr } = spawnSync("awk", ["-f", "tools/sqlgen.awk", ...all.map((file) => (changed.has(file) ? path.join(folder, file) : file))], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
		if (status !== 0) throw new Error(stderr);
		put("gen/query.def", stdout);
		again("fcgi/core/statement.c");
	}
}

/** The worker as the product is, but for these edits, between the other programs as they are. */
async function buildWithout(edits) {
	change(edits);
	fs.mkdirSync(path.join(folder, "fcgi"), { recursive: true });
	await run_("make", ["-s", `WITHOUT=build/without`, "build/without/portico-worker"], { cwd: root, maxBuffer: 1 << 26, env: { ...process.env, MAKEFLAGS: "" } });
	for (const program of ["portico", "portico-jobs"]) fs.copyFileSync(path.join(programs, program), path.join(folder, program));
}

/** What a proof at a small size sees first with these programs, be it that they die; null: nothing wrong. */
async function sees(proof, seed, how) {
	const site = await start("proof-without", how);
	try {
		const tally = await proofs[proof].run({ site, count: 200, say: () => undefined, seed, limit: 1, users: 20 });
		return tally.bad > 0 ? tally.examples[0] : null;
	} catch (error) {
		return `it fails: ${error.message}`;
	} finally {
		await site.stop();
		site.remove();
	}
}

/** count: how many checks at least; all, or some at random and always the same. */
export async function run({ count, say, seed = 1 }) {
	const tally = new Tally(), all = count >= goal, tries = all ? 3 : 1; // a small world may not hold what it takes: others may
	const chosen = all ? checks : random(seed).shuffled(checks).slice(0, Math.max(1, count - 1));
	tally.notes = [];
	// With nothing switched off the same proof of the same world must see nothing.
	const sound = new Map();
	const isSound = async (proof, world) => {
		const key = `${proof} of world ${world}`;
		if (!sound.has(key)) {
			const wrong = await sees(proof, world, {});
			tally.expect(wrong === null, `with nothing switched off, ${key}: ${wrong}`);
			sound.set(key, wrong === null);
		}
		return sound.get(key);
	};
	let found = 0;
	for (const { name: what, edits, seen: order } of chosen) {
		await buildWithout(edits);
		let by = null;
		for (let world = seed; by === null && world < seed + tries; world++)
			for (const proof of order) {
				const wrong = by === null ? await sees(proof, world, { programs: folder }) : null;
				if (wrong !== null && (await isSound(proof, world))) by = `${proof}: ${wrong}`;
			}
		tally.expect(by !== null, `nobody sees that this is switched off: ${what}`);
		found += by === null ? 0 : 1;
		tally.notes.push(`without ${what}: ${by ?? "NOT SEEN"}`);
		say(`${found} of ${tally.notes.length} seen (${what}${by === null ? ": NOT SEEN" : ""})`);
	}
	fs.rmSync(folder, { recursive: true, force: true });
	tally.notes.push(`${found} of ${chosen.length} checks switched off were seen`);
	return tally;
}
