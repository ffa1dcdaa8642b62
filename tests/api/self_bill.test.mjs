// Self-billing over HTTP: a month that is closed writes what an agent earned as a document in the agent's name; who may not have
// one sees why and is not paid it; both sides see the same paper, and nobody else does.  An instance of its own: it closes months.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { agree, colleague, person, prove } from "../lib/second.mjs";
import { as, user, writer } from "../lib/users.mjs";
import { markers, sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true, name: "self-bill" });
const { check } = await openapi(site);
const publicId = sealer(site, vocabulary()), marks = markers(site);
const operator = await writer(site, "billing@pneumuster.example"), auditor = await writer(site, "auditor@pneumuster.example");
const month = (back) => site.value(`SELECT DATE_FORMAT(UTC_DATE() - INTERVAL ${back} MONTH, '%Y-%m')`);
const tenant = (slug) => site.sql(`SELECT id, party_id AS party, name, parent_id AS parent FROM tenant WHERE slug = '${slug}'`)[0];
/** The provider collects for this one, which is the seller; the other one gets it its customers, and is below somebody else. */
const seller = tenant("pharmacie-exemple"), agent = tenant("musterplatz");
const house = await as(site, "owner@pharmacie-exemple.example"), earner = await as(site, "owner@musterplatz.example"), stranger = await as(site, "owner@specimen-sleep.example");
const minor = ({ amount }) => Number(amount.replace(".", ""));

/** Three paid bills of the seller as a bill run made them, under an agreement that names the agent. */
const agreement = site.value(`SELECT id FROM agreement WHERE seller_id = ${seller.id} AND collector = 'root'`);
const sold = site.sql(`SELECT d.id, d.number, d.net, d.gross FROM document d JOIN payment p ON p.document_id = d.id WHERE d.tenant_id = ${seller.id} AND d.kind = 'invoice'
	AND d.paid = d.gross AND p.received < '${month(1)}-01' GROUP BY d.id ORDER BY d.id LIMIT 3`);
site.sql(`INSERT INTO bill_run (id, tenant_id, cycle_day, period_start, period_end, issue_date, phase, last_account, opened) SELECT 800000, id, 27, '1999-01-27', '1999-02-27', '1999-03-01', 'settled', 0, '1999-03-01' FROM tenant WHERE level = 0;
	INSERT INTO draft (run_id, seller_id, account_id, agreement_id, net, tax, gross, state, document_id) SELECT 800000, d.tenant_id, d.account_id, ${agreement}, d.net, d.tax, d.gross, 'issued', d.id FROM document d
		WHERE d.id IN (${sold.map(({ id }) => id)});
	INSERT INTO agreement_agent (agreement_id, tenant_id, rate, tax_rate) VALUES (${agreement}, ${agent.id}, 12.5, 19)`);
const party = (columns) => site.sql(`INSERT INTO party (name, street, postcode, city, country, tax_id, tax_id_until, registration, email, phone, iban, bic)
	SELECT name, street, postcode, city, country, ${columns}, registration, email, phone, 'DE89370400440532013000', bic FROM party WHERE id = ${agent.party}; UPDATE tenant SET party_id = (SELECT MAX(id) FROM party) WHERE id = ${agent.id}`);
const agreedUntil = (day) => site.sql(`UPDATE agreement SET self_billing_until = ${day} WHERE id = ${agreement}`);

/** Half away from zero, as the format of the cases says it. */
const rounded = (n) => Math.sign(n) * Math.floor(Math.abs(n) + 0.5 + 1e-9);
const lines = sold.map(({ number, net }) => ({ number, base: Number(net), net: rounded(Number(net) * 0.125), tax: rounded(rounded(Number(net) * 0.125) * 0.19) }));
const sum = (name) => lines.reduce((all, one) => all + one[name], 0);
const gross = sum("net") + sum("tax");

async function closed(period) {
	assert.equal((await operator("POST", "/api/v1/statements", { period })).status, 202);
	await until(`${period} is closed`, async () => site.value("SELECT COUNT(*) FROM closing WHERE state = 'waiting'") === "0");
}
const list = async (asked, at) => (await asked("GET", `/api/v1/${at}`)).json.data;
const newest = async (asked) => (await asked("GET", `/api/v1/statements/${(await list(asked, "statements"))[0].id}`)).json;

test("what may be no document is owed, withheld with its reason, and on no pay-out", async () => {
	assert.equal(sold.length, 3);
	agreedUntil("'2199-12-31'");
	party("'', NULL");
	await closed(month(2));
	const answer = await earner("GET", `/api/v1/statements/${(await list(earner, "statements"))[0].id}`), mine = answer.json;
	check("GET", "/api/v1/statements/{id}", answer);
	assert.deepEqual([minor(mine.commission), minor(mine.closing), minor(mine.withheld), mine.withheld_reason], [gross, gross, gross, "tax_id_missing"]);
	assert.deepEqual([minor((await newest(house)).withheld), (await newest(house)).withheld_reason], [0, null]);
	assert.deepEqual(await list(earner, "self-bills"), []);
	for (const slug of ["pneumuster", "pharmacie-exemple"])
		site.sql(`INSERT INTO party (name, street, postcode, city, country, tax_id, registration, email, phone, iban, bic) SELECT p.name, p.street, p.postcode, p.city, p.country, p.tax_id, p.registration, p.email, p.phone, 'DE89370400440532013000', p.bic
			FROM party p JOIN tenant t ON t.party_id = p.id WHERE t.slug = '${slug}'; UPDATE tenant SET party_id = (SELECT MAX(id) FROM party) WHERE slug = '${slug}'`);
	const a = await person(site, user(site, "admin@pneumuster.example")), b = await person(site, colleague(site, "second"));
	prove(site);
	assert.equal((await agree(b, await a("POST", "/api/v1/payouts", {}))).state, "done");
	assert.deepEqual(site.sql(`SELECT tenant_id FROM payout_line WHERE tenant_id = ${agent.id}`), []);
	// A day that is over is no better.
	party("'DE999999999', NULL");
	agreedUntil(`'${month(2)}-01'`);
	await closed(month(2));
	assert.equal((await newest(earner)).withheld_reason, "agreement_lapsed");
	agreedUntil("'2199-12-31'");
	await closed(month(1));
	assert.deepEqual([minor((await newest(earner)).withheld), (await newest(earner)).withheld_reason], [0, null]);
	assert.equal((await agree(b, await a("POST", "/api/v1/payouts", {}))).state, "done");
	assert.deepEqual(site.sql(`SELECT amount FROM payout_line WHERE tenant_id = ${agent.id}`), [{ amount: String(gross) }]);
});

test("a closed month is one document of the agent's, to the cent of the ledger, and closing it again is none", async () => {
	const [row, ...more] = await list(earner, "self-bills"), answer = await earner("GET", `/api/v1/self-bills/${row.id}`), one = answer.json;
	check("GET", "/api/v1/self-bills/{id}", answer);
	assert.deepEqual(more, []);
	assert.deepEqual([one.kind, one.period_start, one.buyer_name, one.seller.name, one.buyer.name, one.seller.tax_id], ["self_billed", `${month(1)}-01`, seller.name,
		...site.sql(`SELECT name FROM party WHERE id IN ((SELECT party_id FROM tenant WHERE id = ${agent.id}), ${seller.party}) ORDER BY id DESC`).map(({ name }) => name), "DE999999999"]);
	assert.match(one.number, /^MUSTERPL-SB-\d{4}-000001$/);
	assert.deepEqual(one.lines.map((l) => [l.document_number, minor(l.base), l.rate, minor(l.net), l.tax_rate, minor(l.tax), l.corrects]), lines.map((l) => [l.number, l.base, "12.5", l.net, "19", l.tax, null]));
	assert.deepEqual([minor(one.net), minor(one.tax), minor(one.gross)], [sum("net"), sum("tax"), gross]);
	assert.deepEqual(one.taxes.map((x) => [x.category, x.rate, minor(x.base), minor(x.amount)]), [["S", "19", sum("net"), sum("tax")]]);
	await closed(month(1));
	assert.deepEqual(await list(earner, "self-bills"), [row]);
});

test("what is given back is a credit that names the document that it was on", async () => {
	site.sql(`INSERT INTO payment (tenant_id, customer_id, segment_id, account_id, received, amount, currency, method, document_id)
		SELECT tenant_id, customer_id, segment_id, account_id, '${month(1)}-28', -gross, currency, 'transfer', id FROM document WHERE id = ${sold[0].id}`);
	site.sql(`INSERT INTO closing (tenant_id, period_start, period_end, asked) SELECT ${agent.id}, '${month(0)}-01', '${month(0)}-01' + INTERVAL 1 MONTH, UTC_TIMESTAMP()`);
	await until("the month that is not over is closed", async () => site.value("SELECT COUNT(*) FROM closing WHERE state = 'waiting'") === "0");
	const [credit, first] = await list(earner, "self-bills"), one = (await earner("GET", `/api/v1/self-bills/${credit.id}`)).json;
	assert.deepEqual([one.kind, one.corrects, minor(one.gross)], ["self_credit", first.number, -(lines[0].net + lines[0].tax)]);
	assert.match(one.number, /^MUSTERPL-SC-\d{4}-000001$/);
	assert.deepEqual(one.lines.map((l) => [l.document_number, minor(l.base), l.corrects]), [[lines[0].number, -lines[0].base, first.number]]);
	assert.deepEqual((await list(earner, "self-bills?kind=self_credit")).map((row) => row.id), [credit.id]);
});

function words(answer) {
	const file = path.join(site.var, "tmp", "self-bill.pdf");
	fs.writeFileSync(file, answer.bytes);
	const { status, stdout } = spawnSync("pdftotext", ["-layout", file, "-"]);
	assert.equal(status, 0);
	return stdout.toString("utf8");
}

test("both sides get the same paper, which says what the law asks for; nobody else gets anything", async () => {
	const above = await as(site, `owner@${site.value(`SELECT slug FROM tenant WHERE id = ${agent.parent}`)}.example`);
	for (const row of site.sql("SELECT id, number, buyer_id AS buyer, HEX(pdf_sha256) AS hash FROM self_bill ORDER BY id")) {
		const mine = publicId("self_bill", row.id), theirs = publicId("self_incoming", row.id);
		const paper = await earner("GET", `/api/v1/self-bills/${mine}/pdf`), same = await house("GET", `/api/v1/self-incoming/${theirs}/pdf`);
		assert.deepEqual([paper.status, paper.headers["content-type"], same.status], [200, "application/pdf", 200]);
		assert.ok(paper.bytes.equals(same.bytes));
		await until("it is sealed", async () => site.value(`SELECT HEX(pdf_sha256) FROM self_bill WHERE id = ${row.id}`) === createHash("sha256").update(paper.bytes).digest("hex").toUpperCase());
		const text = words(paper);
		for (const word of [row.number, "Gutschrift", "2006/112/EG", "DE999999999", site.value(`SELECT tax_id FROM party WHERE id = ${seller.party}`), "12,5"]) assert.ok(text.includes(word), `${row.number} says ${word}:\n${text}`);
		for (const [id, mark] of marks) if (![agent.id, seller.id].includes(id)) assert.equal(text.includes(mark), false, `${row.number} carries ${mark}`);
		const incoming = await house("GET", `/api/v1/self-incoming/${theirs}`);
		check("GET", "/api/v1/self-incoming/{id}", incoming);
		assert.equal(incoming.json.number, row.number);
		for (const asked of [stranger, above]) for (const at of [`self-bills/${mine}`, `self-bills/${mine}/pdf`, `self-incoming/${theirs}`, `self-incoming/${theirs}/pdf`]) assert.equal((await asked("GET", `/api/v1/${at}`)).status, 404, at);
		// Each from its own side alone.
		assert.equal((await earner("GET", `/api/v1/self-incoming/${theirs}`)).status, 404);
		assert.equal((await house("GET", `/api/v1/self-bills/${mine}`)).status, 404);
		assert.equal((await auditor("GET", `/api/v1/self-incoming/${theirs}`)).json.number, row.number);
	}
	for (const asked of [stranger, above]) for (const at of ["self-bills", "self-incoming"]) assert.deepEqual(await list(asked, at), []);
	assert.deepEqual([(await list(house, "self-bills")).length, (await list(house, "self-incoming")).length, (await list(earner, "self-incoming")).length], [0, 2, 0]);
});

test("the provider says a tax id and until when it is good; what was issued keeps the one that it names", async () => {
	const admin = await writer(site, "admin@pneumuster.example"), at = `/api/v1/tenants/${publicId("tenant", agent.id)}`, read = () => admin("GET", at);
	const say = async (body, asked = admin) => asked("PATCH", at, body, { "If-Match": (await read()).headers.etag });
	const issued = site.sql("SELECT seller_party_id AS party, COUNT(*) AS n FROM self_bill GROUP BY seller_party_id"), before = site.sql(`SELECT p.* FROM party p JOIN tenant t ON t.party_id = p.id WHERE t.id = ${agent.id}`)[0];
	site.sql(`UPDATE customer SET party_id = ${before.id} WHERE buyer_id = ${agent.id}`);
	assert.deepEqual([(await read()).json.tax_id, (await read()).json.tax_id_until], ["DE999999999", null]);
	const day = site.value("SELECT UTC_DATE() + INTERVAL 20 DAY"), said = await say({ tax_id_until: day });
	check("PATCH", "/api/v1/tenants/{id}", said);
	assert.deepEqual([said.status, said.json.tax_id, said.json.tax_id_until], [200, "DE999999999", day]);
	assert.equal((await earner("GET", at)).json.tax_id_until, day, "who it is of sees it");
	const after = site.sql(`SELECT p.* FROM party p JOIN tenant t ON t.party_id = p.id WHERE t.id = ${agent.id}`)[0];
	assert.deepEqual({ ...after, id: before.id, tax_id_until: before.tax_id_until }, before, "nothing else of the party is another one");
	assert.deepEqual(site.sql("SELECT seller_party_id AS party, COUNT(*) AS n FROM self_bill GROUP BY seller_party_id"), issued);
	assert.deepEqual(site.sql(`SELECT party_id FROM customer WHERE buyer_id = ${agent.id}`).map((row) => row.party_id), [after.id], "as a customer it is the same person");
	// A new number has an end of its own.
	assert.deepEqual([(await say({ tax_id: "DE888888888" })).json.tax_id_until, (await say({ tax_id_until: "2199-12-31" })).json.tax_id, (await say({ tax_id_until: null })).json.tax_id_until], [null, "DE888888888", null]);
	for (const [body, pointer, code] of [[{ tax_id_until: "soon" }, "/tax_id_until", "date"], [{ tax_id: " " }, "/tax_id", "length"], [{ tax_id: "x".repeat(41) }, "/tax_id", "length"], [{ tax_id: null }, "/tax_id", "type"], [{}, "/tax_id", "missing"], [{ name: "x" }, "/name", "not_writable"]]) {
		const refused = await say(body);
		isProblem(refused, 422, "invalid");
		assert.deepEqual(refused.json.errors.map((one) => [one.pointer, one.code]), [[pointer, code]]);
	}
	isProblem(await admin("PATCH", at, { tax_id: "DE1" }), 428, "need_match");
	for (const asked of [await writer(site, "owner@musterplatz.example"), operator]) isProblem(await say({ tax_id: "DE1" }, asked), 403, "forbidden");
	assert.equal(site.value("SELECT COUNT(*) FROM audit WHERE action = 'tenant.edit'"), "4");
});

clean(site);
