// `portico explain` for the operator: the same answer as the API's, from the same function.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { as, user } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance();
const words = vocabulary(), seal = sealer(site, words);

function explain(...args) {
	const { status, stdout, stderr } = spawnSync(path.join(site.programs, "portico"), ["-c", path.join(site.var, "portico.conf"), "explain", ...args], { encoding: "utf8" });
	return { status, stdout, stderr };
}

test("portico explain answers what the API answers to who may see all", async () => {
	const admin = await as(site, "admin@pneumuster.example");
	const asked = ["tenant.read", "customer.read", "user.invite", "role.create", "move.cancel"].map((action) => [action]); // a start of the program each
	let no = 0;
	for (const email of ["owner@musterplatz.example", "owner@nordmuster.example", "patient0001@musterplatz.example", "sales@musterplatz.example", "auditor@pneumuster.example"]) {
		const who = user(site, email), id = seal("user", site.value(`SELECT id FROM user WHERE email = '${email}'`));
		const bill = seal("document", site.value("SELECT MIN(d.id) FROM document d JOIN tenant t ON t.id = d.tenant_id WHERE t.slug = 'musterplatz'"));
		for (const [action, field, object] of [...asked, ["document.read", "document.gross"], ["customer.read", "customer.email"], ["document.read", "document.gross", bill], ["document.read", undefined, bill]]) {
			const query = new URLSearchParams({ action, ...(field && { field }), ...(object && { object }) });
			const told = await admin("GET", `/api/v1/users/${id}/explain?${query}`);
			assert.equal(told.status, 200, told.text);
			const { status, stdout } = explain("--user", email, "--host", who.host, ...(field ? ["--field", field] : []), action, ...(object ? [object] : []), "--json");
			assert.equal(stdout, `${told.text}\n`);
			assert.equal(status, told.json.allowed ? 0 : 3);
			no += told.json.allowed ? 0 : 1;
			if (!object) continue;
			const plain = explain("--user", email, "--host", who.host, ...(field ? ["--field", field] : []), action, ...(object ? [object] : [])).stdout;
			assert.match(plain, told.json.allowed ? /^yes: \w/ : /^no: \w/);
			assert.equal(plain.trim().split("\n").length, 1 + told.json.steps.length);
		}
	}
	assert.ok(no > 10, `${no}`);
});

test("portico explain says what it cannot answer", () => {
	const host = ["--host", "musterplatz.localhost"], owner = ["--user", "owner@musterplatz.example", ...host];
	for (const [code, args, said] of [[2, [], /needs --user/], [2, owner, /needs --user/], [2, [...owner, "document.read", "--nix"], /--nix is not known/], [2, [...owner, "--field"], /--field is not known/],
		[1, ["--user", "owner@nordmuster.example", ...host, "document.read"], /nobody has that address/], [1, ["--user", "owner@musterplatz.example", "--host", "nowhere.localhost", "document.read"], /nobody has that address/],
		[1, [...owner, "document.shred"], /action: /], [1, [...owner, "document.read", "inv_x"], /object: /], [1, [...owner, "--field", "gross", "document.read"], /field: /]]) {
		const { status, stdout, stderr } = explain(...args);
		assert.equal(status, code, `${args}: ${stderr}`);
		assert.match(stderr, said);
		assert.equal(stdout, "");
	}
});

test("a role of another house that somebody has gives nothing, and is named to the provider alone", async () => {
	const tenant = (slug) => site.value(`SELECT id FROM tenant WHERE slug = '${slug}'`), called = "Night desk of another house", email = "stray@musterplatz.example";
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${tenant("nordmuster")}, NULL, '${called}', 'reseller', 0)`);
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password) SELECT ${tenant("musterplatz")}, NULL, id, '${email}', 'Stray', 'en', '-' FROM role WHERE name = '${called}'`);
	const at = `/api/v1/users/${seal("user", site.value(`SELECT id FROM user WHERE email = '${email}'`))}/explain?action=document.read`;
	const [own, above] = await Promise.all(["owner@musterplatz.example", "admin@pneumuster.example"].map(async (who) => (await as(site, who))("GET", at)));
	for (const [answer, name] of [[own, null], [above, called]]) {
		assert.equal(answer.status, 200, answer.text);
		const { name: told, ignored } = answer.json.steps[0];
		assert.deepEqual([answer.json.allowed, ignored, told], [false, "foreign", name]);
	}
	site.sql(`DELETE FROM user WHERE email = '${email}'; DELETE FROM role WHERE name = '${called}'`);
});

clean(site);
