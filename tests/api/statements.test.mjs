// What the provider settles over HTTP: a month is closed, statements and what they are made of are seen by whose they are,
// pay-outs are agreed to by two, sent once, and are files that a bank takes.  An instance of its own: it closes months.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { agree, colleague, person, prove } from "../lib/second.mjs";
import { as, user, writer } from "../lib/users.mjs";
import { markers, sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true, name: "statements" });
const { check } = await openapi(site);
const publicId = sealer(site, vocabulary());
const operator = await writer(site, "billing@pneumuster.example"), auditor = await writer(site, "auditor@pneumuster.example");
const a = await person(site, user(site, "admin@pneumuster.example")), b = await person(site, colleague(site, "second"));
/** The provider collects for this one (demo_agreements), and for nobody else. */
const seller = site.sql("SELECT t.id, t.party_id, t.name FROM tenant t JOIN agreement g ON g.seller_id = t.id AND g.collector = 'root'")[0];
const owner = await as(site, "owner@pharmacie-exemple.example"), stranger = await as(site, "owner@musterplatz.example");
const month = (back) => site.value(`SELECT DATE_FORMAT(UTC_DATE() - INTERVAL ${back} MONTH, '%Y-%m')`), end = (period) => site.value(`SELECT '${period}-01' + INTERVAL 1 MONTH`);
const minor = ({ amount }) => BigInt(amount.replace(".", ""));
const number = (sql) => BigInt(site.value(sql));

/** A statement of the seller, or of the tenant that is named, once the month is closed. */
async function closed(period, tenant = seller.id) {
	assert.equal((await operator("POST", "/api/v1/statements", { period })).status, 202);
	return until(`${period} is closed`, async () => {
		const { data } = (await operator("GET", `/api/v1/statements?tenant=${publicId("tenant", tenant)}`)).json;
		return site.value("SELECT COUNT(*) FROM closing WHERE state = 'waiting'") === "0" && data.find((one) => one.period_start === `${period}-01` && one.state === "closed");
	});
}

test("a month is closed once it is over, by who may", async () => {
	const wrong = async (body, pointer, code) => {
		const answer = await operator("POST", "/api/v1/statements", body);
		isProblem(answer, 422, "invalid");
		assert.deepEqual(answer.json.errors.map((one) => [one.pointer, one.code]), [[pointer, code]]);
	};
	await wrong({}, "/period", "missing");
	await wrong({ period: "2026-13" }, "/period", "period");
	await wrong({ period: month(0) }, "/period", "early");
	await wrong({ period: month(1), tenant: publicId("customer", 1) }, "/tenant", "id");
	await wrong({ period: month(1), tenant: publicId("tenant", 999999) }, "/tenant", "unknown");
	for (const asked of [auditor, await writer(site, "owner@pharmacie-exemple.example")]) isProblem(await asked("POST", "/api/v1/statements", { period: month(1) }), 403, "forbidden");
	assert.equal(site.value("SELECT COUNT(*) FROM closing"), "0");
});

test("the first statement is what was received by its end, and the next one begins with it", async () => {
	const first = await closed(month(2)), paid = (from, to) => number(`SELECT COALESCE(SUM(amount), 0) FROM payment WHERE tenant_id = ${seller.id} AND received >= '${from}' AND received < '${to}'`);
	assert.equal(minor(first.collected), paid("1000-01-01", end(month(2))));
	assert.equal(minor(first.sold), number(`SELECT SUM(gross) FROM document WHERE tenant_id = ${seller.id} AND issue_date < '${end(month(2))}'`));
	assert.ok(minor(first.closing) > 0n);
	// It was received in that month, and is known only by now.
	const { id, gross } = site.sql(`SELECT id, gross FROM document WHERE tenant_id = ${seller.id} AND paid = 0 AND gross > 0 ORDER BY id LIMIT 1`)[0];
	site.sql(`INSERT INTO payment (tenant_id, customer_id, segment_id, account_id, received, amount, currency, method, document_id)
		SELECT tenant_id, customer_id, segment_id, account_id, '${month(2)}-28', gross, currency, 'transfer', id FROM document WHERE id = ${id}`);
	const second = await closed(month(1)), again = await closed(month(2));
	assert.deepEqual(again, first, "closing it again changes nothing");
	assert.deepEqual(second.opening, first.closing);
	assert.equal(minor(second.collected), paid(end(month(2)), end(month(1))) + BigInt(gross));
	assert.equal(minor(second.closing), ["opening", "channel", "cost", "commission", "collected", "paid_in", "fees", "paid_out"].reduce((sum, name) => sum + minor(second[name]), 0n));
});

test("a house sees its own statements and entries, the provider all, and nobody anybody else's", async () => {
	const [mine, before] = (await owner("GET", "/api/v1/statements")).json.data;
	const one = await owner("GET", `/api/v1/statements/${mine.id}`);
	check("GET", "/api/v1/statements/{id}", one);
	assert.deepEqual((await owner("GET", "/api/v1/statements")).json.data.map((row) => row.tenant), [mine, before].map(() => publicId("tenant", seller.id)));
	assert.equal((await stranger("GET", `/api/v1/statements/${mine.id}`)).status, 404);
	assert.deepEqual((await stranger("GET", "/api/v1/statements")).json.data, []);
	const entries = [];
	for (let cursor = ""; cursor !== null; ) {
		const page = await owner("GET", `/api/v1/entries?statement=${mine.id}&limit=50${cursor && `&cursor=${cursor}`}`);
		check("GET", "/api/v1/entries", page);
		entries.push(...page.json.data);
		cursor = page.json.next;
	}
	assert.equal(entries.filter((row) => row.kind !== "sale").reduce((sum, row) => sum + minor(row.amount), minor(mine.opening)), minor(mine.closing));
	assert.ok(entries.every((row) => row.document && !("payout" in row)));
	assert.deepEqual((await stranger("GET", `/api/v1/entries?statement=${mine.id}`)).json.data, []);
	isProblem(await owner("GET", "/api/v1/payouts"), 403, "forbidden");
	assert.equal((await auditor("GET", `/api/v1/entries?statement=${mine.id}&limit=1`)).json.data.length, 1);
});

test("a closed statement is a paper in its tenant's language: the same bytes each time, its figures, and every entry", async () => {
	const [mine] = (await owner("GET", "/api/v1/statements")).json.data, at = `/api/v1/statements/${mine.id}/pdf`;
	const paper = await owner("GET", at), again = await auditor("GET", at), file = path.join(site.var, "tmp", "statement.pdf");
	assert.deepEqual([paper.status, paper.headers["content-type"], paper.bytes.equals(again.bytes)], [200, "application/pdf", true]);
	assert.equal((await stranger("GET", at)).status, 404);
	fs.writeFileSync(file, paper.bytes);
	const words = spawnSync("pdftotext", ["-layout", file, "-"]).stdout.toString("utf8").replace(/[\u00a0\u202f]/g, " ");
	const french = ({ amount }) => amount.replace("-", "−").replace(".", ",").replace(/\B(?=(\d{3})+,)/g, " ");
	for (const text of ["Relevé", "Solde initial", ...["opening", "collected", "cost", "sold", "closing"].map((name) => french(mine[name]))]) assert.ok(words.includes(text), `${text} in ${words}`);
	const numbers = site.sql(`SELECT DISTINCT d.number FROM entry e JOIN document d ON d.id = e.document_id JOIN statement s ON s.id = e.statement_id WHERE s.tenant_id = ${seller.id} AND s.period_start = '${mine.period_start}'`);
	assert.ok(numbers.length > 0);
	for (const { number: one } of numbers) assert.ok(words.includes(one), one);
	for (const [id, mark] of markers(site)) if (site.value(`SELECT level FROM tenant WHERE id = ${id}`) !== "0" && id !== seller.id) assert.equal(words.includes(mark), false, mark);
});

/** An element and what is in it, of a text that is well-formed; fails where it is not. */
function parsed(text) {
	const root = { name: "", kids: [], text: "" }, open = [root];
	const rest = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "").replace(/<(\/?)([A-Za-z]+)((?: [A-Za-z]+="[^"<&]*")*)>|([^<>]+)/g, (_, end, name, attributes, words) => {
		const top = open.at(-1);
		if (words !== undefined) {
			assert.match(words, /^(?:[^&]|&(?:amp|lt|gt|quot|apos);)*$/);
			top.text += words.replaceAll("&apos;", "'").replaceAll("&amp;", "&");
		} else if (end) {
			assert.equal(open.pop().name, name);
		} else {
			const kid = { name, kids: [], text: "", attributes: Object.fromEntries([...attributes.matchAll(/ ([A-Za-z]+)="([^"]*)"/g)].map((m) => m.slice(1))) };
			top.kids.push(kid);
			open.push(kid);
		}
		return "";
	});
	assert.deepEqual([rest, open.length, root.kids.length], ["", 1, 1]);
	return root.kids[0];
}
const all = (node, name) => node.kids.flatMap((kid) => [...(kid.name === name ? [kid] : []), ...all(kid, name)]);
const names = (node) => node.kids.map((kid) => kid.name);
const textOf = (node, ...path) => path.reduce((at, name) => at.kids.find((kid) => kid.name === name), node).text;
const iban = (party, value) => site.sql(`INSERT INTO party (name, street, postcode, city, country, tax_id, registration, email, phone, iban, bic) SELECT name, street, postcode, city, country, tax_id, registration, email, phone, '${value}', bic FROM party WHERE id = ${party};
	UPDATE tenant SET party_id = (SELECT MAX(id) FROM party) WHERE party_id = ${party}`);
const party = (slug) => site.value(`SELECT party_id FROM tenant WHERE slug = '${slug}'`);
let batch;

test("pay-outs need a proved second step and another person, and an account that a bank takes", async () => {
	isProblem(await a("POST", "/api/v1/payouts", {}), 403, "step_up_needed");
	prove(site);
	iban(party("pneumuster"), "GB82 WEST 1234 5698 7654 33"); // one digit wrong
	assert.match(isProblem(await a("POST", "/api/v1/payouts", {}), 409, "conflict").detail, /provider's own account/);
	iban(party("pneumuster"), "GB82 WEST 1234 5698 7654 32");
	iban(party("pharmacie-exemple"), "DE00 1234 5678 9012 3456 78");
	const none = isProblem(await a("POST", "/api/v1/payouts", {}), 409, "conflict");
	assert.match(none.detail, /no good IBAN/);
	iban(party("pharmacie-exemple"), "de89 3704 0044 0532 0130 00");
	const wrong = isProblem(await a("POST", "/api/v1/payouts", { minimum: "ten", execution: "soon", state: "sent" }), 422, "invalid");
	assert.deepEqual(wrong.errors.map((e) => [e.pointer, e.code]), [["/minimum", "number"], ["/execution", "date"], ["/state", "not_writable"]]);
	const asked = await a("POST", "/api/v1/payouts", { minimum: "1.00" });
	assert.equal(asked.status, 202, asked.text);
	check("POST", "/api/v1/payouts", asked);
	assert.equal(site.value("SELECT COUNT(*) FROM payout"), "0");
	isProblem(await a("POST", `${asked.headers.location}/approve`, {}), 409, "approval_self");
	assert.equal((await agree(b, asked)).state, "done");
	[batch] = (await auditor("GET", "/api/v1/payouts")).json.data;
	const answer = await auditor("GET", `/api/v1/payouts/${batch.id}`), [mine] = (await owner("GET", "/api/v1/statements")).json.data;
	check("GET", "/api/v1/payouts/{id}", answer);
	assert.deepEqual(answer.json.lines.map((l) => [l.statement, l.amount, l.iban]), [[mine.id, mine.closing, "DE89370400440532013000"]]);
	assert.deepEqual([answer.json.state, answer.json.payments, answer.json.left_out, answer.json.user_name], ["prepared", 1, [], site.value(`SELECT name FROM user WHERE email = '${a.who.email}'`)]);
	assert.match(isProblem(await a("POST", "/api/v1/payouts", {}), 409, "conflict").detail, /paid or on its way/);
});

test("the file for the bank is pain.001.001.09: its sums are right, its texts are of the letters that banks take", async () => {
	site.sql(`INSERT INTO payout_line (payout_id, statement_id, tenant_id, currency, amount, name, iban, bic, reference) SELECT p.id, (SELECT MIN(id) FROM statement WHERE tenant_id = ${seller.id}), ${seller.id}, 'JPY', 1234, 'Muller + Sohn''s', 'DE89370400440532013000', '', CONCAT('PO-', p.id, '-2') FROM payout p`);
	isProblem(await auditor("GET", `/api/v1/payouts/${batch.id}/xml`), 403, "forbidden");
	const answer = await operator("GET", `/api/v1/payouts/${batch.id}/xml`), document = parsed(answer.text), [header, ...infos] = document.kids[0].kids;
	assert.equal(answer.status, 200);
	assert.match(answer.headers["content-type"], /^application\/xml/);
	assert.equal(document.attributes.xmlns, "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09");
	assert.deepEqual([document.name, names(document), names(header)], ["Document", ["CstmrCdtTrfInitn"], ["MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty"]]);
	const lines = site.sql("SELECT currency, amount, name, reference FROM payout_line ORDER BY currency, id"), euros = (minor) => `${minor.slice(0, -2)}.${minor.slice(-2)}`;
	assert.deepEqual(lines.map((l) => l.currency), ["EUR", "JPY"]);
	assert.equal(textOf(header, "NbOfTxs"), "2");
	assert.equal(textOf(header, "CtrlSum"), euros(String(BigInt(lines[0].amount) + 123400n)));
	assert.deepEqual(infos.map((info) => [info.name, textOf(info, "NbOfTxs"), textOf(info, "CtrlSum"), textOf(info, "ReqdExctnDt", "Dt"), textOf(info, "DbtrAcct", "Id", "IBAN")]),
		[["PmtInf", "1", euros(lines[0].amount), batch.execution, "GB82WEST12345698765432"], ["PmtInf", "1", "1234", batch.execution, "GB82WEST12345698765432"]]);
	assert.deepEqual(infos.map((info) => names(info).filter((name) => name !== "CdtTrfTxInf").join()), ["PmtTpInf,", ""].map((more) => `PmtInfId,PmtMtd,NbOfTxs,CtrlSum,${more}ReqdExctnDt,Dbtr,DbtrAcct,DbtrAgt,ChrgBr`));
	for (const [i, transfer] of all(document, "CdtTrfTxInf").entries()) {
		assert.deepEqual(names(transfer).filter((name) => name !== "CdtrAgt"), ["PmtId", "Amt", "Cdtr", "CdtrAcct", "RmtInf"]);
		assert.deepEqual([textOf(transfer, "PmtId", "EndToEndId"), textOf(transfer, "Cdtr", "Nm")], [lines[i].reference, lines[i].name]);
		assert.equal(all(transfer, "InstdAmt")[0].attributes.Ccy, lines[i].currency);
	}
	for (const name of ["MsgId", "PmtInfId", "EndToEndId", "Nm", "Ustrd"]) for (const { text } of all(document, name)) assert.match(text, /^[A-Za-z0-9?:().,'+ -][A-Za-z0-9/?:().,'+ -]{0,69}$/);
	const csv = await operator("GET", `/api/v1/payouts/${batch.id}/csv`);
	assert.deepEqual(csv.text.replace(/^\ufeff/, "").split("\r\n").slice(0, 2).map((line) => line.split(",")[0]), ["reference", lines[0].reference]);
});

test("what is sent counts as paid from its day on, once; what is cancelled is free for the next batch", async () => {
	const at = `/api/v1/payouts/${batch.id}`;
	const gone = await operator("POST", `${at}/cancel`);
	assert.equal(gone.status, 200, gone.text);
	for (const verb of ["cancel", "send"]) isProblem(await operator("POST", `${at}/${verb}`, verb === "send" ? {} : undefined), 409, "conflict");
	isProblem(await operator("GET", `${at}/xml`), 409, "conflict");
	assert.equal((await agree(b, await a("POST", "/api/v1/payouts", {}))).state, "done");
	const [next] = (await operator("GET", "/api/v1/payouts?state=prepared")).json.data, there = `/api/v1/payouts/${next.id}`;
	assert.deepEqual((await operator("GET", there)).json.lines.length, 1);
	for (const sent of ["2199-01-01", "2020-01-01", "today"]) isProblem(await operator("POST", `${there}/send`, { sent }), 422, "invalid");
	const sent = await operator("POST", `${there}/send`, {});
	assert.deepEqual([sent.status, sent.json.state, sent.json.sent], [200, "sent", site.value("SELECT UTC_DATE()")]);
	isProblem(await operator("POST", `${there}/send`, {}), 409, "conflict");
	isProblem(await operator("POST", `${there}/cancel`), 409, "conflict");
	const [mine] = (await owner("GET", "/api/v1/statements")).json.data;
	const [entry] = (await owner("GET", "/api/v1/entries?limit=1")).json.data;
	assert.deepEqual([entry.kind, -minor(entry.amount), entry.statement], ["paid_out", minor(mine.closing), null]);
	assert.throws(() => site.sql("UPDATE payout SET state = 'prepared' WHERE state = 'sent'"), /never changes/);
	assert.match(isProblem(await a("POST", "/api/v1/payouts", {}), 409, "conflict").detail, /paid or on its way/);
});

test("the command line closes a month as well, says what all is owed, and sets what collecting costs", () => {
	site.portico("settle", "fee", "pharmacie-exemple", "--currency", "EUR", "--from", "2020-01-01", "--percent", "1.5", "--fixed", "9.90");
	assert.deepEqual(site.sql("SELECT rate, fixed FROM fee_rule"), [{ rate: "1.500000", fixed: "990" }]);
	const { statements, wrong } = JSON.parse(site.portico("settle", "--period", month(1), "--tenant", "pharmacie-exemple", "--json"));
	assert.equal(wrong, 0);
	assert.deepEqual(statements.map((one) => [one.tenant, one.closing.replace(".", "")]), [["pharmacie-exemple", site.value(`SELECT closing FROM statement WHERE tenant_id = ${seller.id} AND period_start = '${month(1)}-01'`)]]);
	for (const words of [["--period", month(0)], ["--period", "June"], ["--period", month(1), "--tenant", "nobody"], ["fee", "pharmacie-exemple", "--currency", "EUR", "--from", "2020-01-01", "--fixed", "0.001"]])
		assert.throws(() => site.portico("settle", ...words), words.join(" "));
});

clean(site);
