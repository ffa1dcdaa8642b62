// Checks switched off in turn: of each check a worker is built that lacks it, in a folder of its own, and the other
// proofs must see that.  With nothing switched off they must see nothing, or what they see would prove nothing.
// All of them take half an hour and more, so each is written down when it is known (build/without.tsv).  CHECKS=passkeys,keys:
// takes those with one of these texts in their names, PART=2/4 the second quarter, RESUME=1 leaves out what is written
// down as seen and has the same line in checks.mjs as then.
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { root, start, stopAll, until } from "../../lib/instance.mjs";
import * as changes from "./changes.mjs";
import { checks } from "./checks.mjs";
import * as edits from "./edits.mjs";
import * as enter from "./enter.mjs";
import * as lists from "./lists.mjs";
import * as matrix from "./matrix.mjs";
import * as revoke from "./revoke.mjs";
import * as second from "./second.mjs";
import { Tally, random } from "./tools.mjs";

const proofs = { lists, matrix, revoke, "role-edits": edits, second, changes, enter };
const folder = path.join(root, "build/without"), programs = path.join(root, "build"), record = path.join(root, "build/without.tsv");
const run_ = promisify(execFile);

/** What is written down: a line a check that was tried, the last one counts.  As it was tried, so nobody goes by an old one. */
function written() {
	const lines = fs.existsSync(record) ? fs.readFileSync(record, "utf8").split("\n").slice(0, -1) : [];
	return new Map(lines.map((line) => line.split("\t")).map(([mark, seen, seconds, name, by]) => [mark, { seen: seen === "seen", seconds, name, by }]));
}

const markOf = (check) => createHash("sha256").update(JSON.stringify(check)).digest("hex").slice(0, 16);

/** The checks that CHECKS and PART name, in their order; `before`: those of them that RESUME leaves out.  Throws where that is no choice. */
export function choice({ CHECKS = "", PART = "1/1", RESUME = "" }) {
	const texts = CHECKS.split(",").map((text) => text.trim()).filter((text) => text !== "");
	const missed = texts.find((text) => !checks.some((check) => check.name.includes(text)));
	const [, part, of] = (/^([1-9]\d*)\/([1-9]\d*)$/.exec(PART) ?? []).map(Number);
	if (missed !== undefined) throw new Error(`CHECKS: no check has "${missed}" in its name`);
	if (!(part <= of)) throw new Error(`PART is the second of four as 2/4, not ${PART}`);
	const named = checks.filter((check) => texts.length === 0 || texts.some((text) => check.name.includes(text)));
	const mine = named.slice(Math.floor((named.length * (part - 1)) / of), Math.floor((named.length * part) / of));
	const known = RESUME === "" ? new Map() : written(), before = mine.filter((check) => known.get(markOf(check))?.seen);
	return { before, chosen: mine.filter((check) => !before.includes(check)) };
}

let { before, chosen } = choice({});
export const name = "without", own = true;
export let goal = chosen.length;

/** From here on these are tried. */
export function choose(how) {
	({ before, chosen } = choice(how));
	goal = chosen.length;
}

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

/** The statements as the build makes them of its sources, with those of `changed` from the folder in their places. */
export function statements(changed = new Map()) {
	const all = (at, end) => fs.readdirSync(path.join(root, at)).filter((file) => file.endsWith(end)).sort().map((file) => `${at}/${file}`);
	const files = [...all("schema", ".def"), ...all("schema/query", ".sql")].map((file) => (changed.has(file) ? path.join(folder, file) : file));
	const { status, stdout, stderr } = spawnSync("awk", ["-f", "tools/sqlgen.awk", ...files], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
	if (status !== 0) throw new Error(stderr);
	return stdout;
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
	if ([...changed.keys()].some((file) => file.endsWith(".def"))) again("fcgi/core/access.c");
	if ([...changed.keys()].some((file) => file.startsWith("schema/query/"))) {
		put("gen/query.def", statements(changed));
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

/** What a proof at a small size sees first with these programs, be it that they die; null: nothing wrong.  Throws where they do not even start. */
async function sees(proof, seed, { first, ...how }) {
	const site = await start("proof-without", how);
	try {
		const tally = await proofs[proof].run({ site, count: 200, say: () => undefined, seed, limit: 1, users: 20, first });
		return tally.bad > 0 ? tally.examples[0] : null;
	} catch (error) {
		return `it fails: ${error.message}`;
	} finally {
		await site.stop();
		site.remove();
	}
}

/** What sees first that this check is not there.  An edit that does not build, or does not start, proves nothing. */
async function seenBy({ name: what, edits, seen: order }, worlds, isSound, like) {
	const first = what.split(":")[0]; // where a part of a proof is called like that
	const told = (text) => text.replace(/\s+/g, " ").slice(0, 300);
	try {
		await buildWithout(edits);
		for (const world of worlds)
			for (const proof of order) {
				const wrong = await sees(proof, world, { programs: folder, like, first });
				if (wrong !== null && (await isSound(proof, world))) return { seen: true, by: told(`${proof}: ${wrong}`) };
			}
		return { seen: false, by: `not by ${order.join(", ")}` };
	} catch (error) {
		stopAll(); // what did not start
		return { seen: false, by: told(error.message) };
	}
}

/** count: how many checks at least; all that were chosen, or some of them at random and always the same. */
export async function run({ count, say, seed = 1 }) {
	const tally = new Tally(), all = count >= goal, tried = all ? chosen : random(seed).shuffled(chosen).slice(0, count);
	const worlds = all ? [seed, seed + 1, seed + 2] : [seed]; // a small world may not hold what it takes: others may
	// Each begins with a copy of this one, whose bills are rendered once and not by each again.
	const model = await start("proof-model"), like = model.var;
	await until("the bills of the model are sealed", () => model.value("SELECT COUNT(*) FROM document WHERE pdf_sha256 IS NULL") === "0", 600000);
	process.on("exit", () => model.remove());
	await model.stop();
	// With nothing switched off the same proof of the same world must see nothing.
	const sound = new Map();
	const isSound = async (proof, world) => {
		const key = `${proof} of world ${world}`;
		if (!sound.has(key)) {
			const wrong = await sees(proof, world, { like });
			if (wrong !== null) tally.wrong(`with nothing switched off, ${key}: ${wrong}`);
			sound.set(key, wrong === null);
		}
		return sound.get(key);
	};
	const unseen = [];
	for (const [i, check] of tried.entries()) {
		const started = Date.now(), { seen, by } = await seenBy(check, worlds, isSound, like), seconds = Math.round((Date.now() - started) / 1000);
		tally.expect(seen, `nobody sees that this is switched off: ${check.name}: ${by}`);
		if (!seen) unseen.push(`${check.name}: ${by}`);
		fs.appendFileSync(record, `${[markOf(check), seen ? "seen" : "NOT SEEN", seconds, check.name, by].join("\t")}\n`);
		say(`${i + 1 - unseen.length} of ${i + 1} seen, ${tried.length - i - 1} to go (${seen ? "" : "NOT SEEN: "}${check.name}, ${seconds} s)`);
	}
	fs.rmSync(folder, { recursive: true, force: true });
	const of = tried.length + before.length;
	tally.notes = [`${of - unseen.length} of ${of} seen${before.length > 0 ? `, ${before.length} of them before` : ""}; what saw them is in ${path.relative(root, record)}`,
		...unseen.map((what) => `NOT SEEN: ${what}`)];
	return tally;
}
