// portico-jobs carries bill runs on as the database's least user: what a run does it may do, and no more.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clean, instance, root } from "../lib/instance.mjs";

const site = await instance();

/** As workers and jobs: what the server says, "" where it says nothing against it. */
function asJobs(sql) {
	const { stderr } = spawnSync("mariadb", ["--no-defaults", `--socket=${site.setting("db_socket")}`, `--user=${site.setting("db_user")}`,
		site.setting("db_name")], { input: sql, encoding: "utf8", env: { ...process.env, MYSQL_PWD: fs.readFileSync(site.setting("db_password_file"), "utf8").trim() } });
	return stderr;
}

/** The statements of a run, with a number in the place of each parameter. */
function statements() {
	return ["bill_run", "bill_usage", "chain", "charge", "discount_run", "minimum_run", "draft", "settlement", "reconcile"].flatMap((file) =>
		fs.readFileSync(path.join(root, "schema/query", `${file}.sql`), "utf8").split(/^-- name: /m).slice(1).map((part) => {
			const [name, ...lines] = part.split("\n");
			const text = lines.filter((line) => !line.startsWith("--")).join("\n").replace(/'[^']*'|:([a-z_]+)/g, (all, word) => (word ? "1" : all));
			return { name, text: text.trim() };
		}));
}

test("every statement of a bill run is one that the jobs' user may run", () => {
	const all = statements();
	assert.ok(all.length > 40, String(all.length));
	for (const { name, text } of all) assert.equal(asJobs(`${text.startsWith("SET ") ? "" : "EXPLAIN "}${text};`), "", name);
});

test("the jobs' user changes nothing of the ledgers and of prices", () => {
	const refused = ["UPDATE charge SET net = 0", "UPDATE charge SET amount = 0", "UPDATE discount SET percent = 1", "DELETE FROM discount", "UPDATE minimum SET amount = 1", "DELETE FROM minimum", "UPDATE minimum_use SET amount = 1", "DELETE FROM minimum_use", "DELETE FROM charge", "UPDATE chain_tier SET unit = 0", "UPDATE billable SET quantity = 1",
		"UPDATE draft SET net = 0", "UPDATE document SET net = 0", "DELETE FROM document_line", "UPDATE series SET prefix = ''",
		"UPDATE usage_event SET quantity = 0", "UPDATE usage_event SET day = '2026-01-01'", "DELETE FROM usage_event", "UPDATE usage_event SET account_id = 1",
		"UPDATE usage_event SET offering_id = 1", "UPDATE usage_total SET quantity = 0", "UPDATE usage_total SET upto = 1", "UPDATE usage_late SET upto = 1",
		"UPDATE bill_run SET period_start = '2026-01-01'", "DELETE FROM settlement", "UPDATE entry SET amount = 0",
		"DELETE FROM entry", "DELETE FROM statement", "UPDATE payout_line SET amount = 1", "UPDATE payout SET execution = '2026-01-01'", "UPDATE fee_rule SET rate = 0",
		"UPDATE self_bill SET net = 0", "DELETE FROM self_bill", "UPDATE self_bill_line SET net = 0", "UPDATE earning SET net = 0", "DELETE FROM earning"];
	for (const sql of refused) assert.match(asJobs(`EXPLAIN ${sql};`), /denied/, sql);
});

clean(site);
