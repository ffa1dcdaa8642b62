// What each role may do and see, as text that is kept: a change of access is a change of these files.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { root } from "../lib/instance.mjs";
import { vocabulary } from "../lib/vocabulary.mjs";

const folder = path.join(root, "tests/access/golden");
const program = path.resolve(root, process.env.BIN || "build/asan", "portico");
const { roles } = vocabulary();

/** What was added and taken away, a line each. */
function difference(before, now) {
	const [a, b] = [before, now].map((text) => text.split("\n").filter((line) => line));
	return [...a.filter((line) => !b.includes(line)).map((line) => `- ${line}`), ...b.filter((line) => !a.includes(line)).map((line) => `+ ${line}`)].join("\n");
}

for (const role of Object.keys(roles)) {
	test(`${role} may do and see what is written down, and nothing else`, () => {
		const now = execFileSync(program, ["access", role], { encoding: "utf8" });
		const file = path.join(folder, `${role}.txt`);
		const kept = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
		assert.ok(now === kept, `The access of ${role} has changed:\n${difference(kept, now) || "(the order of lines)"}\n` +
			`If that is meant, accept it: build/portico access ${role} > tests/access/golden/${role}.txt`);
	});
}

test("there is no file of a role that is gone", () => {
	assert.deepEqual(fs.readdirSync(folder).sort(), Object.keys(roles).map((role) => `${role}.txt`).sort());
});
