// The proofs of `make proof`, at a size for every day: the same code, and fewer of everything.  Times are measured
// by `make proof` alone.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { instance, root } from "../lib/instance.mjs";
import * as changes from "./proof/changes.mjs";
import { checks } from "./proof/checks.mjs";
import * as edits from "./proof/edits.mjs";
import * as enter from "./proof/enter.mjs";
import * as lists from "./proof/lists.mjs";
import * as matrix from "./proof/matrix.mjs";
import * as revoke from "./proof/revoke.mjs";
import * as second from "./proof/second.mjs";
import { welch } from "./proof/timing.mjs";
import { random } from "./proof/tools.mjs";
import { choice, edited, statements } from "./proof/without.mjs";

// Of its own, since tenants, roles and users are made here that no other test knows.
const site = await instance({ own: true, name: "proof" });

/** Runs one, and fails with what it saw. */
async function proved(t, proof, count, users) {
	const tally = await proof.run({ site, count, users, say: () => undefined });
	assert.equal(tally.bad, 0, `${tally.bad} of ${tally.count}\n${tally.examples.join("\n")}`);
	assert.ok(tally.count >= count);
	t.diagnostic(`${tally.count}; ${tally.notes[0]}`);
}

test("what is taken away is gone from the moment of the commit, in every process", (t) => proved(t, revoke, 144));
test("every list of a random world holds exactly the rows that its roles, ceilings and segments allow", (t) => proved(t, lists, 50000, 20));
test("nobody comes to more than they were given, whatever roles they make, change and give, while ceilings move", (t) => proved(t, edits, 60));
test("no id of any kind in any place gives anybody what is not theirs", (t) => proved(t, matrix, 3000, 10));
test("what needs a code, a second person or a note is not done without, and who looks as somebody else does nothing", (t) => proved(t, second, 200));
test("nobody changes what they may only see, be it the right thing of somebody else's or the wrong thing of their own", (t) => proved(t, changes, 70));
test("passwords, links, passkeys and keys open to whom they are for, as long as they are for anybody", (t) => proved(t, enter, 50));

test("each check that `make proof` switches off stands where it is said to", () => {
	for (const { name, edits } of checks) assert.ok(edited(edits).size > 0, name);
	assert.equal(new Set(checks.map((check) => check.name)).size, checks.length);
});

test("a worker without a check has the statements that the build makes, but for that check", () => {
	assert.equal(statements(), fs.readFileSync(path.join(root, "build/gen/query.def"), "utf8"));
});

test("the parts of the checks that `make proof` switches off are all of them, each once", () => {
	const named = (how) => choice(how).chosen.map((check) => check.name);
	assert.deepEqual([1, 2, 3].flatMap((part) => named({ PART: `${part}/3` })), checks.map((check) => check.name));
	assert.deepEqual(named({ CHECKS: "its longest, tripwire: the level" }), ["session: its longest time", "tripwire: the level of the tree"]);
	assert.deepEqual(named({ CHECKS: "session: its", PART: "2/2" }), ["session: its longest time", "session: its host"]);
	for (const how of [{ CHECKS: "no such check" }, { PART: "4/3" }, { PART: "0/3" }, { PART: "half" }]) assert.throws(() => choice(how), /CHECKS|PART/);
});

test("Welch's t tells times apart that differ, and no others", () => {
	const rng = random(7), times = (shift) => Array.from({ length: 5000 }, () => 100 + 20 * (rng.next() + rng.next() + rng.next()) + shift);
	assert.ok(Math.abs(welch(times(0), times(0)).t) < 5);
	assert.ok(welch(times(3), times(0)).t > 5);
	assert.ok(welch(times(0), times(3)).t < -5);
});
