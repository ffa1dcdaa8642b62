// Every parser of what comes from outside, under libFuzzer: a fixed number of runs from a small corpus.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const runs = process.env.FULL === "1" ? 20000000 : 100000;
const targets = fs.readdirSync(path.join(here, "corpus")).sort();
const found = fs.mkdtempSync(path.join(os.tmpdir(), "portico-fuzz-"));
after(() => fs.rmSync(found, { recursive: true }));

function run(file, args, env = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(file, args, { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
		let said = "";
		for (const out of [child.stdout, child.stderr]) out.on("data", (d) => { said = (said + d).slice(-6000); });
		child.on("error", reject);
		child.on("close", (code) => resolve({ code, said }));
	});
}

before(async () => {
	const { MAKEFLAGS, MAKELEVEL, ...env } = process.env; // not a part of the make that runs this
	const made = await run("make", [`-j${os.cpus().length}`, "fuzz"], env);
	assert.equal(made.code, 0, made.said);
});

for (const target of targets) {
	test(`fuzz ${target}: ${runs} runs break no rule`, async () => {
		const corpus = path.join(found, target);
		fs.mkdirSync(corpus); // what it finds on the way; the kept inputs are only read
		const r = await run(path.join(root, "build/fuzz", `fuzz_${target}`), [`-runs=${runs}`, "-seed=1", "-max_len=300", "-timeout=10",
			"-rss_limit_mb=1024", `-artifact_prefix=${path.join(os.tmpdir(), `portico-fuzz-${target}-`)}`, corpus, path.join(here, "corpus", target)]);
		assert.equal(r.code, 0, r.said);
		assert.match(r.said, new RegExp(`Done ${runs} runs`));
	});
}
