// Credits over HTTP: previewed, whole, by lines and by an amount, on one edge and on all above; by whom, how much at most, once
// for a key, and with a second person where it is much.  An instance of its own, with a chain that is billed (book.mjs).
import assert from "node:assert/strict";
import { test } from "node:test";
import { book } from "../lib/book.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { as, writer } from "../lib/users.mjs";
import { agree, colleague, person } from "../lib/second.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true, name: "credit" });
const { check } = await openapi(site);
const { root, distributor, dealer, period } = book(site);
const publicId = sealer(site, vocabulary());
const admin = await writer(site, "admin@pneumuster.example"), operator = await writer(site, "billing@pneumuster.example");
const owner = await writer(site, "owner@musterplatz.example"), above = await writer(site, "owner@nordmuster.example"), reader = await writer(site, "reader@musterplatz.example");
let keys = 0;

const at = (document) => `/api/v1/documents/${publicId("document", document)}/credits`;
const credit = (asked, document, body) => asked("POST", at(document), { reason: "a test", key: `k${++keys}`, ...body });
async function good(answer) {
	const { status, json, text } = await answer;
	assert.equal(status, 200, text);
	return json;
}
const cents = ({ amount }) => Math.round(Number(amount) * 100);
const left = (document) => Number(site.value(`SELECT d.gross + COALESCE((SELECT SUM(c.gross) FROM document c WHERE c.corrects_id = d.id), 0) FROM document d WHERE d.id = ${document}`));
const notes = () => Number(site.value("SELECT COUNT(*) FROM credit_note"));

/** A run of the dealer's customers is issued. Then the bills of end accounts, the smallest first, that nobody paid. */
const run = (await operator("POST", "/api/v1/bill-runs", { tenant: publicId("tenant", dealer), cycle_day: 1, ...period() })).json.id;
await until("it is checked", async () => (await admin("GET", `/api/v1/bill-runs/${run}`)).json.state === "checked");
site.sql("UPDATE draft SET state = 'draft', hold = NULL WHERE state = 'held'");
await operator("POST", `/api/v1/bill-runs/${run}/approve`, {});
await until("it is settled", async () => (await admin("GET", `/api/v1/bill-runs/${run}`)).json.state === "settled");
const bills = site.sql(`SELECT d.document_id AS id, d.gross, t.number FROM draft d JOIN document t ON t.id = d.document_id WHERE d.seller_id = ${dealer} AND d.gross BETWEEN 2000 AND 50000 ORDER BY d.gross, d.id LIMIT 12`);
assert.equal(bills.length, 12);

test("a preview says what it comes to and changes nothing", async () => {
	const [bill] = bills, answer = await owner("POST", at(bill.id), { whole: true, preview: true }), { credit_notes: [note, ...others] } = await good(answer);
	check("POST", "/api/v1/documents/{id}/credits", answer);
	assert.deepEqual(others, []);
	assert.deepEqual([cents(note.gross), cents(note.net) + cents(note.tax), cents(note.taken), cents(note.balance), note.document, note.corrects_number], [Number(bill.gross), Number(bill.gross), Number(bill.gross), 0, null, bill.number]);
	assert.equal(notes(), 0);
	assert.equal(left(bill.id), Number(bill.gross));
	const up = (await good(operator("POST", at(bill.id), { whole: true, preview: true, propagation: "full" }))).credit_notes;
	assert.deepEqual(up.map((one) => one.tenant), [dealer, distributor, root].map((one) => publicId("tenant", one)));
	assert.ok(cents(up[0].net) > cents(up[1].net) && cents(up[1].net) > cents(up[2].net) && cents(up[2].net) > 0, "each edge has its own price");
});

test("a seller credits its own bill, and less is open; the next one takes the rest", async () => {
	const [bill] = bills, first = await good(credit(owner, bill.id, { amount: "12.34" })), [note] = first.credit_notes;
	assert.deepEqual([first.preview, first.repeated, cents(note.gross), note.number.slice(-6), note.number.includes("-CN-")], [false, false, 1234, note.number.slice(-6), true]);
	const one = (await owner("GET", `/api/v1/documents/${publicId("document", bill.id)}`)).json, its = (await owner("GET", `/api/v1/documents/${note.document}`)).json;
	assert.deepEqual([cents(one.credited), cents(one.open), one.state], [1234, Number(bill.gross) - 1234, "open"]);
	assert.deepEqual([its.kind, its.corrects, cents(its.gross), cents(its.open), its.state], ["credit_note", bill.number, -1234, 0, "paid"]);
	assert.equal(its.lines.reduce((sum, line) => sum + cents(line.net), 0), cents(its.net));
	assert.equal((await owner("GET", `/api/v1/documents/${note.document}/pdf`)).headers["content-type"], "application/pdf");
	const line = one.lines.find(({ net }) => cents(net) > 200);
	await good(credit(owner, bill.id, { lines: [{ position: line.position, net: "1.00" }] }));
	await good(credit(owner, bill.id, { whole: true }));
	assert.equal(left(bill.id), 0);
	const list = await owner("GET", at(bill.id));
	check("GET", "/api/v1/documents/{id}/credits", list);
	assert.equal(list.json.data.reduce((sum, row) => sum + cents(row.gross), 0), -bill.gross);
	assert.deepEqual([list.json.data.length, list.json.data[0].reason, list.json.left.every((row) => cents(row.net) === 0)], [3, "a test", true]);
	assert.equal((await owner("GET", `/api/v1/documents/${publicId("document", bill.id)}`)).json.state, "paid");
	isProblem(await credit(owner, bill.id, { whole: true }), 409, "credit_nothing");
});

test("a credit goes up by the share of each edge, and only for who holds the right at every seller", async () => {
	const [, bill] = bills, before = notes();
	isProblem(await credit(owner, bill.id, { whole: true, propagation: "full" }), 403, "forbidden");
	isProblem(await owner("POST", at(bill.id), { whole: true, propagation: "full", preview: true }), 403, "forbidden");
	assert.equal(notes(), before);
	const half = (await good(credit(operator, bill.id, { amount: "10.00", propagation: "full" }))).credit_notes;
	const rest = (await good(credit(operator, bill.id, { whole: true, propagation: "full" }))).credit_notes;
	assert.deepEqual([half.length, rest.length], [3, 3]);
	assert.equal(site.value(`SELECT COUNT(*) FROM credited_charge WHERE begun + passed <> of_net`), "0");
	assert.equal(site.value("SELECT COUNT(*) FROM credited_charge"), site.value(`SELECT COUNT(*) FROM charge h JOIN charge x ON x.billable_id = h.billable_id JOIN draft d ON d.run_id = x.run_id AND d.account_id = x.account_id AND d.agreement_id = x.agreement_id WHERE d.document_id = ${bill.id}`));
	/* The reseller sees that its bill was corrected, and nothing of what the others are credited. */
	assert.equal((await above("GET", `/api/v1/documents/${rest[0].document}`)).status, 404);
	assert.equal((await owner("GET", `/api/v1/documents/${rest[1].document}`)).status, 404);
	assert.equal((await above("GET", `/api/v1/documents/${rest[1].document}`)).status, 200);
});

test("a key does nothing twice", async () => {
	const [, , bill] = bills, body = { amount: "1.00", reason: "once", key: "the same" };
	const first = await good(owner("POST", at(bill.id), body)), n = notes(), series = site.value(`SELECT next FROM series WHERE tenant_id = ${dealer} AND kind = 'credit_note'`);
	const again = await good(owner("POST", at(bill.id), body));
	assert.deepEqual([again.repeated, again.credit_notes], [true, first.credit_notes]);
	assert.deepEqual([notes(), site.value(`SELECT next FROM series WHERE tenant_id = ${dealer} AND kind = 'credit_note'`)], [n, series]);
	isProblem(await owner("POST", at(bill.id), { ...body, amount: "2.00" }), 422, "credit_key");
	const both = await Promise.all([1, 2, 3, 4].map(() => owner("POST", at(bill.id), { amount: "1.00", reason: "at once", key: "at once" })));
	assert.deepEqual([both.map((answer) => answer.status), notes()], [[200, 200, 200, 200], n + 1]);
	assert.equal(both.filter((answer) => !answer.json.repeated).length, 1);
});

test("many at once credit no more than there is, and numbers have no gap", async () => {
	const [, , , bill] = bills, part = ((Math.ceil(Number(bill.gross) / 4) + 1) / 100).toFixed(2);
	const answers = await Promise.all(Array.from({ length: 8 }, () => credit(owner, bill.id, { amount: part })));
	assert.equal(answers.filter((answer) => answer.status === 200).length, 3);
	for (const answer of answers.filter(({ status }) => status !== 200)) isProblem(answer, 409, "credit_more");
	assert.ok(left(bill.id) > 0);
	const numbers = site.sql(`SELECT RIGHT(d.number, 6) + 0 AS n FROM document d JOIN credit_note k ON k.document_id = d.id WHERE d.tenant_id = ${dealer} ORDER BY d.id`).map((row) => Number(row.n));
	assert.deepEqual(numbers, numbers.map((_, i) => numbers[0] + i));
});

test("what does not fit is refused in words", async () => {
	const [, , , , bill] = bills, wrong = async (body, pointer, code) => {
		const answer = await owner("POST", at(bill.id), { reason: "r", key: `w${++keys}`, ...body });
		isProblem(answer, 422, "invalid");
		assert.deepEqual(answer.json.errors.map((one) => [one.pointer, one.code]), [[pointer, code]], JSON.stringify(body));
	};
	await wrong({}, "", "what");
	await wrong({ whole: true, amount: "1.00" }, "", "what");
	await wrong({ whole: true, key: undefined }, "/key", "missing");
	await wrong({ whole: true, reason: undefined }, "/reason", "missing");
	await wrong({ whole: true, propagation: "half" }, "/propagation", "value");
	await wrong({ whole: true, price: "1" }, "/price", "not_writable");
	await wrong({ amount: 1 }, "/amount", "number");
	await wrong({ amount: "-1.00" }, "/amount", "number");
	await wrong({ amount: "1.001" }, "/amount", "places");
	await wrong({ lines: [{ position: 1 }] }, "/lines/0", "line");
	await wrong({ lines: [{ position: 1, net: "1.00", quantity: "1" }] }, "/lines/0", "line");
	await wrong({ lines: [{ position: 999, net: "1.00" }] }, "/lines", "unknown");
	await wrong({ lines: [{ position: 1, net: "0.01" }, { position: 1, net: "0.01" }] }, "/lines", "unknown");
	isProblem(await credit(owner, bill.id, { amount: "99999.00" }), 409, "credit_more");
	isProblem(await credit(owner, bill.id, { lines: [{ position: 1, net: "99999.00" }] }), 409, "credit_more");
	const [note] = (await good(credit(owner, bill.id, { amount: "1.00" }))).credit_notes;
	isProblem(await owner("POST", `/api/v1/documents/${note.document}/credits`, { whole: true, reason: "r", key: "k" }), 409, "credit_kind");
	isProblem(await credit(reader, bill.id, { whole: true }), 403, "forbidden");
	isProblem(await credit(above, bill.id, { whole: true }), 404, "not_found");
	// Of the demo: no bill run made it, and one that was corrected is corrected.
	const demo = site.value(`SELECT MIN(d.id) FROM document d LEFT JOIN draft w ON w.document_id = d.id WHERE d.tenant_id = ${dealer} AND d.kind = 'invoice' AND w.id IS NULL AND NOT EXISTS (SELECT 1 FROM document c WHERE c.corrects_id = d.id)`);
	isProblem(await credit(operator, demo, { amount: "1.00", propagation: "full" }), 409, "credit_alone");
	await good(credit(owner, demo, { amount: "1.00" }));
	isProblem(await credit(owner, site.value(`SELECT MIN(corrects_id) FROM document WHERE tenant_id = ${dealer} AND corrects_id IS NOT NULL AND id NOT IN (SELECT document_id FROM credit_note)`), { whole: true }), 409, "credit_nothing");
	site.sql(`UPDATE tenant SET state = 'closed' WHERE id = ${dealer}`);
	isProblem(await credit(operator, bill.id, { amount: "1.00" }), 409, "credit_closed");
	site.sql(`UPDATE tenant SET state = 'active' WHERE id = ${dealer}`);
});

test("what was paid stays in the buyer's favour, and is not overdue", async () => {
	const [, , , , , bill] = bills;
	site.sql(`UPDATE document SET paid = gross WHERE id = ${bill.id}`);
	const [note] = (await good(credit(owner, bill.id, { amount: "5.00" }))).credit_notes;
	assert.deepEqual([cents(note.taken), cents(note.balance)], [0, 500]);
	const its = (await owner("GET", `/api/v1/documents/${note.document}`)).json;
	assert.deepEqual([cents(its.open), its.state], [-500, "open"]);
	site.sql("SET FOREIGN_KEY_CHECKS = 1");
	assert.equal((await owner("GET", "/api/v1/documents?state=overdue&limit=200")).json.data.some((row) => row.id === note.document), false);
});

test("much needs a second person at the provider, who could do it too", async () => {
	const big = site.sql(`SELECT d.document_id AS id FROM draft d WHERE d.state = 'issued' AND d.gross > 100000 ORDER BY d.gross DESC LIMIT 1`)[0];
	const a = await person(site, colleague(site, "first", "billing@pneumuster.example")), b = await person(site, colleague(site, "other", "billing@pneumuster.example"));
	const before = notes(), body = { whole: true, reason: "much", key: "much" }, asked = await a("POST", at(big.id), body);
	assert.equal(asked.status, 202, asked.text);
	check("POST", "/api/v1/documents/{id}/credits", asked);
	assert.equal(notes(), before, "nothing is done before somebody agrees");
	const waiting = (await b("GET", asked.headers.location)).json;
	assert.deepEqual([waiting.action, waiting.object, waiting.object_name, waiting.mine], ["document.credit", publicId("document", big.id), site.value(`SELECT number FROM document WHERE id = ${big.id}`), false]);
	isProblem(await a("POST", `${asked.headers.location}/approve`, {}), 409, "approval_self");
	assert.equal((await agree(b, asked)).state, "done");
	assert.equal(left(big.id), 0);
	assert.equal((await good(a("POST", at(big.id), body))).repeated, true);
	const trail = site.sql("SELECT action FROM audit WHERE action LIKE 'document.credit%' ORDER BY id DESC LIMIT 1");
	assert.ok(trail.length === 1);
});

test("a customer sees its credit notes and not why", async () => {
	const [bill] = bills, who = site.value(`SELECT u.email FROM document d JOIN user u ON u.customer_id = d.customer_id AND u.state = 'active' WHERE d.id = ${bill.id} LIMIT 1`);
	const customer = await as(site, who), { json, status } = await customer("GET", at(bill.id));
	assert.equal(status, 200);
	assert.equal(json.data.length, 3);
	assert.deepEqual(["reason", "propagation"].filter((name) => name in json.data[0]), []);
});

// ---- refunds: what is owed to an account once a bill that was paid is credited ----

const refunds = (account) => `/api/v1/accounts/${publicId("account", account)}/refunds`;
const refund = (asked, account, body) => asked("POST", refunds(account), { reason: "overpaid", key: `k${++keys}`, ...body });
const owed = async (account, asked = owner) => cents((await good(asked("GET", refunds(account)))).owed);
/** A bill that is paid, of an account that has nothing else open. */
function paid(bill) {
	const { id, account } = site.sql(`SELECT t.id, t.account_id AS account FROM document t WHERE t.id = ${bill}`)[0];
	site.sql(`INSERT INTO payment (tenant_id, customer_id, segment_id, account_id, received, amount, currency, method, document_id)
		SELECT tenant_id, customer_id, segment_id, account_id, issue_date, gross - paid - credited, currency, 'transfer', id FROM document WHERE account_id = ${account} AND settled = 0 AND kind = 'invoice';
		UPDATE document SET paid = gross - credited WHERE account_id = ${account} AND settled = 0 AND kind = 'invoice'`);
	return { id, account };
}
/** All documents of an account and all its payments agree. */
const agrees = (account) => assert.deepEqual(site.sql(`SELECT d.id FROM document d LEFT JOIN payment p ON p.document_id = d.id WHERE d.account_id = ${account} GROUP BY d.id HAVING MAX(d.paid) <> COALESCE(SUM(p.amount), 0)`), []);

test("what is owed is paid back once, never more than it, and the payments of the customer say so", async () => {
	const { id, account } = paid(site.value(`SELECT t.id FROM draft d JOIN document t ON t.id = d.document_id JOIN user u ON u.customer_id = t.customer_id AND u.state = 'active' WHERE d.seller_id = ${dealer} AND t.gross BETWEEN 2000 AND 50000 AND NOT EXISTS (SELECT 1 FROM document o WHERE o.account_id = t.account_id AND o.kind = 'credit_note') AND t.id <> ${bills[9].id} ORDER BY t.gross DESC LIMIT 1`));
	assert.equal(await owed(account), 0);
	isProblem(await refund(owner, account, { amount: "0.01" }), 422, "invalid");
	await good(credit(owner, id, { amount: "15.00" }));
	assert.equal(await owed(account), 1500);
	const body = { amount: "9.99", key: "once" }, first = await refund(owner, account, body);
	check("POST", "/api/v1/accounts/{id}/refunds", first);
	assert.deepEqual([first.status, first.json.repeated, cents(first.json.refunded), cents(first.json.owed)], [200, false, 999, 501]);
	const again = await good(refund(owner, account, body));
	assert.deepEqual([again.repeated, cents(again.refunded), cents(again.owed)], [true, 999, 501]);
	isProblem(await refund(owner, account, { ...body, amount: "1.00" }), 422, "refund_key");
	for (const [wrong, pointer, code] of [[{ amount: "5.02" }, "/amount", "more"], [{ amount: "0.001" }, "/amount", "places"], [{ amount: "-1" }, "/amount", "number"], [{ amount: "0" }, "/amount", "number"], [{}, "/amount", "missing"],
		[{ amount: "1", reason: " " }, "/reason", "length"], [{ amount: "1", key: undefined }, "/key", "missing"], [{ amount: "1", document: 1 }, "/document", "not_writable"]]) {
		const answer = await refund(owner, account, wrong);
		isProblem(answer, 422, "invalid");
		assert.deepEqual(answer.json.errors.map((one) => [one.pointer, one.code]), [[pointer, code]]);
	}
	await good(refund(owner, account, { amount: "5.01" }));
	assert.deepEqual([await owed(account), site.value(`SELECT COUNT(*) FROM document WHERE account_id = ${account} AND settled = 0`)], [0, "0"]);
	agrees(account);
	const email = site.value(`SELECT u.email FROM account a JOIN user u ON u.customer_id = a.customer_id AND u.state = 'active' WHERE a.id = ${account} LIMIT 1`);
	const mine = (await good((await as(site, email))("GET", "/api/v1/payments?limit=200"))).data.filter((one) => one.kind === "refund");
	assert.deepEqual(mine.map((one) => [cents(one.amount), one.reference]).sort(), [[-501, "overpaid"], [-999, "overpaid"]].sort());
	assert.equal(site.value("SELECT COUNT(*) FROM audit WHERE action = 'account.refund'"), site.value("SELECT COUNT(*) + 1 FROM refund"), "a repeat is told too");
});

test("what is open is not owed, and of two refunds at once one is too much", async () => {
	const { id, account } = paid(bills[9].id);
	await good(credit(owner, id, { amount: "10.00" }));
	site.sql(`UPDATE document SET paid = paid - 400 WHERE id = ${id}; INSERT INTO payment (tenant_id, customer_id, segment_id, account_id, received, amount, currency, method, document_id)
		SELECT tenant_id, customer_id, segment_id, account_id, issue_date, -400, currency, 'debit', id FROM document WHERE id = ${id}`);
	assert.equal(await owed(account), 600, "a debit that came back is open again");
	const statuses = (await Promise.all([1, 2, 3].map(() => refund(owner, account, { amount: "6.00" })))).map((one) => one.status);
	assert.deepEqual(statuses.sort(), [200, 422, 422]);
	assert.equal(await owed(account), 0);
	agrees(account);
});

test("who pays back is the seller or the provider, and of the provider's people two where it is much", async () => {
	const { id, account } = paid(site.value(`SELECT d.document_id FROM draft d WHERE d.seller_id = ${dealer} AND d.state = 'issued' AND d.gross > 60000 ORDER BY d.gross, d.id LIMIT 1`));
	await good(credit(owner, id, { amount: "520.00" }));
	for (const asked of [above, await writer(site, "owner@specimen-sleep.example")]) for (const answer of [await asked("GET", refunds(account)), await refund(asked, account, { amount: "1.00" })]) isProblem(answer, 404, "not_found");
	for (const answer of [await reader("GET", refunds(account)), await refund(reader, account, { amount: "1.00" })]) isProblem(answer, 403, "forbidden");
	await good(refund(operator, account, { amount: "2.00" }));
	const asker = await person(site, colleague(site, "payer", "billing@pneumuster.example")), asked = await refund(asker, account, { amount: "510.00", key: "much pays" });
	assert.equal(asked.status, 202, asked.text);
	assert.equal(await owed(account), 51800, "nothing is paid before somebody else agrees");
	assert.equal((await agree(await person(site, colleague(site, "witness", "billing@pneumuster.example")), asked)).state, "done");
	assert.equal(await owed(account), 800);
	agrees(account);
});

clean(site);
