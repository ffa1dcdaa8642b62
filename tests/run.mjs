// node tests/run.mjs FOLDER [OPTION...]: node --test on the files of tests/FOLDER, one after the other.
// Where the files of a folder only look, one instance serves them all; its logs are judged at the end.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root, start } from "./lib/instance.mjs";

const sharing = ["api", "access", "browser", "money"];
const [folder, ...options] = process.argv.slice(2);

function testFiles(dir) {
	return fs.readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
		const name = path.join(dir, entry.name);
		return entry.isDirectory() ? testFiles(name) : entry.name.endsWith(".test.mjs") ? [name] : [];
	});
}

function nodeTest(env) {
	const args = ["--test", "--test-concurrency=1", ...options, ...testFiles(path.join(root, "tests", folder))];
	const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
	// Whoever ends this ends the tests; what was started is stopped all the same.
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill("SIGTERM"));
	return new Promise((resolve, reject) => child.on("exit", (code) => resolve(code ?? 1)).on("error", reject));
}

if (!sharing.includes(folder)) {
	process.exitCode = await nodeTest({});
} else {
	const site = await start(folder);
	let code = 1;
	try {
		code = await nodeTest({ PORTICO_TEST_VAR: site.var, PORTICO_TEST_PORT: String(site.port) });
	} finally {
		// Each file has judged the lines of its own time; what stopping brings is judged here.
		site.alarms();
		await site.stop();
		const alarms = site.alarms();
		for (const line of alarms) console.log(`FAILED  at the end: ${line}`);
		process.exitCode = alarms.length > 0 ? 1 : code;
		site.remove();
	}
}
