// What may happen to portico-jobs, and to the publishing of brands.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { alive, beginDatabase, endDatabase, house, run, unshare, until } from "./house.mjs";

let h, ask;
const others = [];

/** Starts what does not run; portico-jobs stands still until a test lets it go on, or all bills were sealed too soon. */
async function begin() {
	await h.start();
	process.kill(h.pid("jobs"), "SIGSTOP");
}
const goOn = () => process.kill(h.pid("jobs"), "SIGCONT");

before(async () => {
	h = await house("jobs", { start: false, jobs: true });
	await begin();
	ask = await h.signIn("pneumuster", "admin@pneumuster.example"); // sees every bill whole
});
after(async () => {
	for (const pid of others) if (alive(pid)) process.kill(pid, "SIGKILL");
	await h?.remove();
});

const number = async (text) => Number((await h.sql(text))[0][0]);
const sealed = () => number("SELECT COUNT(*) FROM document WHERE pdf_sha256 IS NOT NULL");
const lease = async () => (await h.sql("SELECT owner FROM lease WHERE name = 'seal' AND until > UTC_TIMESTAMP()"))[0]?.[0];

/** One more portico-jobs on the same settings, with a log of its own. */
function beginJobs(name) {
	const log = path.join(h.var, "log", `${name}.log`);
	const out = fs.openSync(log, "a");
	const child = spawn(path.resolve(h.bin, "portico-jobs"), [h.conf], { stdio: ["ignore", out, out] });
	fs.closeSync(out);
	others.push(child.pid);
	return { pid: child.pid, log: () => fs.readFileSync(log, "utf8") };
}

/** Some sealed bills are fetched and held against their hash. */
async function assertSealsAreRight() {
	const rows = await h.sql("SELECT id, LOWER(HEX(pdf_sha256)) FROM document WHERE pdf_sha256 IS NOT NULL ORDER BY id DESC LIMIT 8");
	assert.ok(rows.length > 0);
	for (const [id, hash] of rows) {
		const name = (await h.cli("id", "document", id)).out.trim();
		const pdf = await ask(`/api/v1/documents/${name}/pdf`, { encoding: "latin1" });
		assert.equal(pdf.status, 200, pdf.text);
		assert.equal(createHash("sha256").update(pdf.text, "latin1").digest("hex"), hash, `document ${id}`);
	}
}

test("portico-jobs is killed while it seals bills: the next one goes on, and every hash is right", async () => {
	for (let kill = 0; kill < 2; kill++) {
		const from = await sealed();
		goOn();
		await until("it seals", async () => await sealed() > from + 5, 60000);
		process.kill(h.pid("jobs"), "SIGKILL");
		await until("it has ended", () => !alive(h.pid("jobs")));
		await h.sql("UPDATE lease SET until = UTC_TIMESTAMP() - INTERVAL 1 SECOND"); // as half a minute later
		await begin();
	}
	const from = await sealed();
	goOn();
	await until("it seals", async () => await sealed() > from, 60000);
	await assertSealsAreRight();
});

test("of two portico-jobs only the one with the lease seals; when it is gone the other goes on", async () => {
	const first = h.pid("jobs");
	goOn();
	await until("the first one has the lease", async () => (await lease())?.endsWith(`:${first}`), 60000);
	const second = beginJobs("second");
	await until("the second one is at work", () => second.log().includes('"what":"start"'));
	const from = await sealed();
	await until("the first one seals on", async () => await sealed() > from + 20, 60000);
	assert.doesNotMatch(second.log(), /"what":"seal"/);
	assert.ok((await lease()).endsWith(`:${first}`));
	process.kill(first, "SIGKILL");
	await until("it has ended", () => !alive(first));
	await h.sql("UPDATE lease SET until = UTC_TIMESTAMP() - INTERVAL 1 SECOND");
	await until("the second one has the lease", async () => (await lease())?.endsWith(`:${second.pid}`), 60000);
	const left = await sealed();
	await until("it seals", async () => await sealed() > left + 5, 60000);
	process.kill(second.pid, "SIGTERM");
	await until("it ends when it is told", () => !alive(second.pid));
	assert.match(second.log(), /"what":"stop"/);
	assert.doesNotMatch(second.log(), /"level":"error"/);
	await begin();
});

test("MariaDB is restarted while portico-jobs works: it goes on without help", async () => {
	const jobs = h.pid("jobs");
	goOn();
	await beginDatabase(h, await endDatabase(h, "SIGKILL"));
	await h.sql("UPDATE lease SET until = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE name = 'sweep'");
	await until("it has taken a lease anew", async () => (await h.sql(
		`SELECT 1 FROM lease WHERE name = 'sweep' AND owner LIKE '%:${jobs}' AND until > UTC_TIMESTAMP()`)).length === 1, 60000);
	assert.ok(alive(jobs));
});

test("the disk of the site is full: publishing says so, the published files stay, and with room it goes on", async () => {
	const site = path.join(h.folder, "site"), conf = path.join(h.folder, "publish.conf");
	fs.mkdirSync(site);
	fs.writeFileSync(conf, fs.readFileSync(h.conf, "utf8").replace(/^site_dir = .*$/m, `site_dir = ${site}`));
	// A small memory disk that only this shell and what it starts can see.
	const script = `mount -t tmpfs -o size=8m,nr_inodes=20k tmpfs "$1"
		"$2" -c "$3" publish
		cp -rL "$1/tenants/." "$4/before"
		dd if=/dev/zero of="$1/ballast" bs=64k status=none 2>/dev/null || :
		: >"$4/full"
		until [ -e "$4/changed" ]; do sleep 0.05; done
		"$2" -c "$3" publish && echo "exit 0" || echo "exit $?"
		cp -rL "$1/tenants/." "$4/between"
		rm "$1/ballast"
		"$2" -c "$3" publish && echo "exit 0" || echo "exit $?"
		cp -rL "$1/tenants/." "$4/behind"
		ls "$1/versions" | wc -l
		ls "$1/tenants" | wc -l`;
	for (const copy of ["before", "between", "behind"]) fs.mkdirSync(path.join(h.folder, copy));
	const published = run(unshare[0], [...unshare.slice(1), "sh", "-ec", script, "-", site, path.resolve(h.bin, "portico"), conf, h.folder]);
	await until("it is full", () => fs.existsSync(path.join(h.folder, "full")));
	const [[tenant, version, brand]] = await h.sql(`SELECT b.tenant_id, b.version, b.id FROM brand b JOIN tenant t ON t.brand_id = b.id
		WHERE t.slug = 'nordmuster'`);
	const columns = (await h.sql("SELECT column_name FROM information_schema.columns WHERE table_schema = 'portico' AND table_name = 'brand'"))
		.map(([c]) => c).filter((c) => !["id", "version", "tagline"].includes(c)).join(", ");
	await h.sql(`INSERT INTO brand (version, tagline, ${columns}) SELECT version + 1, 'After the flood', ${columns} FROM brand WHERE id = ${brand};
		UPDATE tenant SET brand_id = (SELECT id FROM brand WHERE tenant_id = ${tenant} AND version = ${version} + 1) WHERE id = ${tenant}`);
	fs.writeFileSync(path.join(h.folder, "changed"), "");
	const r = await published;
	assert.equal(r.code, 0, r.out + r.err);
	const [first, second, versions, tenants] = r.out.trim().split("\n").slice(-4);
	assert.equal(first, "exit 1", r.out + r.err);
	assert.match(r.err, /No space left on device/);
	assert.equal(second, "exit 0", r.err);
	assert.equal(versions, tenants, "one version a tenant, and nothing half made");
	const same = await run("diff", ["-r", path.join(h.folder, "before"), path.join(h.folder, "between")]);
	assert.equal(same.out, "");
	const brandOf = (copy) => JSON.parse(fs.readFileSync(path.join(h.folder, copy, "nordmuster/brand/brand.json"), "utf8")).tagline;
	assert.notEqual(brandOf("between"), "After the flood");
	assert.equal(brandOf("behind"), "After the flood");
});
