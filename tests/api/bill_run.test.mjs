// Bill runs over HTTP: opened, parked, paused, looked through, held, approved, issued, settled and cancelled, each move only
// from the states that it goes from.  An instance of its own, for it bills a chain that the demo has not (book.mjs).
import assert from "node:assert/strict";
import { test } from "node:test";
import { book } from "../lib/book.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { as, writer } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true, name: "bill-run" });
const { check } = await openapi(site);
const { root, dealer, period } = book(site);
const publicId = sealer(site, vocabulary());
const admin = await writer(site, "admin@pneumuster.example"), operator = await writer(site, "billing@pneumuster.example");
const auditor = await writer(site, "auditor@pneumuster.example"), owner = await writer(site, "owner@musterplatz.example"), above = await as(site, "owner@nordmuster.example");
const at = "/api/v1/bill-runs";

/** Good answers are as the description says. */
async function good(asked, method, path, body, status = 200) {
	const answer = await asked(method, path, body);
	assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
	return answer.json;
}
const get = (path, asked = admin) => good(asked, "GET", path);
const settledOr = (...states) => (id) => until(`run ${id} is ${states}`, async () => {
	const run = await get(`${at}/${id}`);
	return states.includes(run.state) && run;
});
const open = (more = {}) => good(operator, "POST", at, { tenant: publicId("tenant", dealer), cycle_day: 1, ...period(), ...more }, 201);
const drafts = async (run, query = "", asked = admin) => (await get(`/api/v1/drafts?run=${run}&limit=200${query}`, asked)).data;
const money = ({ amount }) => Math.round(Number(amount) * 100);

/** Accounts of the dealer that are billed for one recurring offering and were billed the period before. */
const billed = site.sql(`SELECT a.id, a.number, MIN(s.id) AS subscription, d.gross FROM account a JOIN subscription s ON s.account_id = a.id AND s.ends IS NULL AND s.quantity = 1
	AND s.starts < '${period().period_start}' JOIN offering o ON o.id = s.offering_id AND o.kind = 'recurring'
	JOIN document d ON d.account_id = a.id AND d.kind = 'invoice' AND d.period_end = '${period().period_start}' AND d.gross > 2000
	WHERE a.tenant_id = ${dealer} AND a.state = 'active' GROUP BY a.id HAVING COUNT(*) = 1 ORDER BY a.id LIMIT 6`);
assert.equal(billed.length, 6);
const [tenfold, more, parked, kept] = billed;

test("a run is opened for a period of its cycle that is over, and once", async () => {
	const wrong = async (body, pointer, code) => {
		const answer = await admin("POST", at, { cycle_day: 1, ...period(), ...body });
		isProblem(answer, 422, "invalid");
		assert.deepEqual(answer.json.errors.map((one) => [one.pointer, one.code]), [[pointer, code]]);
	};
	await wrong({ period_start: undefined }, "/period_start", "missing");
	await wrong({ cycle_day: 32 }, "/cycle_day", "number");
	await wrong({ cycle_day: 2 }, "/period_start", "period");
	await wrong({ period_end: period().period_start }, "/period_end", "period");
	await wrong({ period_start: "2199-01-01", period_end: undefined }, "/period_start", "early");
	await wrong({ tenant: publicId("customer", 1) }, "/tenant", "id");
	await wrong({ tenant: publicId("tenant", 999999) }, "/tenant", "unknown");
	await wrong({ state: "issued" }, "/state", "not_writable");
	await wrong({ paused: 1 }, "/paused", "type");
	for (const asked of [auditor, owner]) isProblem(await asked("POST", at, { cycle_day: 1, ...period() }), 403, "forbidden");
	const run = await open({ paused: true });
	assert.deepEqual([run.state, run.paused, run.done, run.total > 100, run.checks, run.sums], ["open", true, 0, true, [], []]);
	assert.equal(run.tenant_name, site.value(`SELECT name FROM tenant WHERE id = ${dealer}`));
	const second = await operator("POST", at, { tenant: run.tenant, cycle_day: 1, ...period() });
	isProblem(second, 409, "conflict");
	assert.match(second.json.detail, new RegExp(`${run.id} is open`));
	assert.equal((await get(at)).data.length, 1);
	assert.equal(site.value("SELECT COUNT(*) FROM audit WHERE action = 'bill_run.open'"), "1");
});

const run = async () => (await get(at)).data.at(-1).id;

test("an account is left out with a reason before it is rated, and taken in again", async () => {
	const id = await run(), account = publicId("account", parked.id);
	isProblem(await operator("POST", `${at}/${id}/park`, { account }), 422, "invalid");
	await good(operator, "POST", `${at}/${id}/park`, { account, reason: "in dispute" });
	isProblem(await operator("POST", `${at}/${id}/park`, { account, reason: "again" }), 409, "conflict");
	await good(operator, "POST", `${at}/${id}/unpark`, { account });
	isProblem(await operator("POST", `${at}/${id}/unpark`, { account }), 409, "conflict");
	await good(operator, "POST", `${at}/${id}/park`, { account, reason: "in dispute" });
	const { data } = await get(`/api/v1/parked?run=${id}`, auditor);
	assert.deepEqual(data.map((row) => [row.account, row.reason, row.detail]), [[account, "hand", "in dispute"]]);
});

test("a paused run stands still until it is resumed, and a repeat is told what it is", async () => {
	const id = await run();
	isProblem(await operator("POST", `${at}/${id}/pause`), 409, "conflict");
	assert.equal(site.value("SELECT rated_to FROM bill_run"), "0");
	// What makes the drafts differ: ten times as many, and one thing more.
	site.sql(`UPDATE subscription SET quantity = 10 WHERE id = ${tenfold.subscription}`);
	site.sql(`INSERT INTO subscription (tenant_id, customer_id, segment_id, account_id, offering_id, product_id, quantity, unit_price, currency, starts)
		SELECT s.tenant_id, s.customer_id, s.segment_id, s.account_id, o.id, o.product_id, 1, o.price, 'EUR', s.starts FROM subscription s JOIN offering o ON o.code = 'SUB-FILTER' WHERE s.id = ${more.subscription}`);
	await good(operator, "POST", `${at}/${id}/resume`);
	isProblem(await operator("POST", `${at}/${id}/resume`), 409, "conflict");
	const checked = await settledOr("checked")(id);
	const found = new Map(checked.checks.map((one) => [one.name, one.found]));
	assert.deepEqual(["edges", "sums", "parked", "outliers"].map((name) => found.get(name)), [0, 0, Number(site.value("SELECT COUNT(*) FROM bill_run_parked")), Number(site.value("SELECT COUNT(*) FROM draft WHERE hold = 'outlier'"))]);
	isProblem(await operator("POST", `${at}/${id}/pause`), 409, "conflict");
});

test("drafts stand beside the bill before, with why they differ; those far from it are held and come first", async () => {
	const id = await run(), all = await drafts(id);
	const { previous, of } = site.sql(`SELECT d.gross AS previous, COUNT(*) AS of FROM document d WHERE d.account_id = ${tenfold.id} AND d.period_end = '${period().period_start}'`)[0];
	assert.equal(of, "1");
	const first = all.find((row) => row.account === publicId("account", tenfold.id));
	assert.equal(money(first.previous), Number(previous));
	assert.equal(money(first.difference), money(first.gross) - Number(previous));
	assert.equal(first.deviation, Math.round(Math.abs(money(first.difference)) * 100 / Number(previous)));
	assert.deepEqual([first.state, first.hold, first.reason], ["held", "outlier", "quantity"]);
	assert.equal(all.find((row) => row.account === publicId("account", more.id)).reason, "new");
	assert.equal(all.some((row) => row.account === publicId("account", parked.id)), false, "what is parked has a draft");
	assert.deepEqual(all.map((row) => row.deviation), all.map((row) => row.deviation).sort((a, b) => b - a));
	const gross = (await drafts(id, "&sort=gross")).map((row) => money(row.gross));
	assert.deepEqual(gross, [...gross].sort((a, b) => a - b));
	assert.deepEqual((await drafts(id, "&state=held")).map((row) => row.id).sort(), all.filter((row) => row.state === "held").map((row) => row.id).sort());
	const pages = [];
	for (let cursor = ""; cursor !== null; ) {
		const page = await get(`/api/v1/drafts?run=${id}&limit=7&sort=-gross${cursor && `&cursor=${cursor}`}`);
		pages.push(...page.data.map((row) => row.id));
		cursor = page.next;
	}
	assert.deepEqual([...pages].sort(), all.map((row) => row.id).sort());
});

test("a draft shows its lines and taxes, which come to its sums", async () => {
	const [row] = await drafts(await run(), "&state=held"), answer = await admin("GET", `/api/v1/drafts/${row.id}`), draft = answer.json;
	check("GET", "/api/v1/drafts/{id}", answer);
	assert.equal(draft.lines.reduce((sum, line) => sum + money(line.net), 0), money(draft.net));
	assert.equal(draft.taxes.reduce((sum, tax) => sum + money(tax.amount), 0), money(draft.tax));
	assert.equal(money(draft.net) + money(draft.tax), money(draft.gross));
});

test("a house sees the drafts of its own edge, and neither those of the dealers below it nor what runs are", async () => {
	const id = await run(), own = await drafts(id, "", owner), all = await drafts(id);
	const mine = all.filter((row) => row.tenant === publicId("tenant", dealer));
	assert.ok(mine.length > 20 && mine.length < all.length);
	assert.deepEqual(own.map((row) => row.id).sort(), mine.map((row) => row.id).sort());
	const his = await drafts(id, "", above);
	assert.equal(his.length, 1, "what it bills the dealer");
	assert.equal((await above("GET", `/api/v1/drafts/${mine[0].id}`)).status, 404);
	isProblem(await owner("GET", at), 403, "forbidden");
	isProblem(await owner("POST", `/api/v1/drafts/${mine[0].id}/hold`, { reason: "mine" }), 403, "forbidden");
});

test("held is not approved: what is released, and what is named, is", async () => {
	const id = await run(), [held] = await drafts(id, "&state=held"), waiting = (await drafts(id, "&state=draft")).find((row) => row.account === publicId("account", kept.id));
	const move = (draft, verb, body, status) => operator("POST", `/api/v1/drafts/${draft.id}/${verb}`, body).then((answer) => (assert.equal(answer.status, status, answer.text), answer.json));
	await move(held, "approve", {}, 409);
	await move(waiting, "release", {}, 409);
	await move(waiting, "hold", {}, 422);
	const now = await move(waiting, "hold", { reason: "asks about it" }, 200);
	assert.deepEqual([now.state, now.hold, now.hold_text], ["held", "hand", "asks about it"]);
	assert.match((await move(waiting, "hold", { reason: "again" }, 409)).detail, /it is held/);
	assert.equal((await move(held, "release", {}, 200)).state, "draft");
	isProblem(await operator("POST", `${at}/${id}/approve`, { drafts: [] }), 422, "invalid");
	const other = (await drafts(id, "&state=draft"))[0], foreign = publicId("draft", 999999);
	const refused = await operator("POST", `${at}/${id}/approve`, { drafts: [other.id, foreign] });
	assert.equal(refused.status, 409);
	assert.deepEqual(refused.json.errors.map((one) => one.pointer), ["/drafts/1"]);
	assert.equal((await get(`/api/v1/drafts/${other.id}`)).state, "draft", "a list is approved whole or not at all");
	await good(operator, "POST", `${at}/${id}/approve`, { drafts: [other.id] });
	await settledOr("settled")(id);
	assert.equal((await get(`/api/v1/drafts/${other.id}`)).state, "issued");
	assert.equal((await drafts(id, "&state=issued")).length, 1);
	isProblem(await operator("POST", `${at}/${id}/cancel`), 409, "conflict");
	await good(operator, "POST", `${at}/${id}/approve`, {});
	const done = await until("all is issued", async () => {
		const one = await get(`${at}/${id}`);
		return one.state === "settled" && !one.sums.some((sum) => sum.state === "draft" || sum.state === "approved") && one;
	});
	assert.deepEqual(done.sums.map((sum) => [sum.state, sum.documents]).sort(), [["held", 1], ["issued", (await drafts(id)).length - 1]]);
	assert.deepEqual(["proof_margins", "proof_collected"].map((name) => done.checks.find((one) => one.name === name).found), [0, 0]);
	isProblem(await operator("POST", `${at}/${id}/approve`, {}), 409, "conflict");
	const bill = await get(`/api/v1/drafts/${waiting.id}`);
	assert.deepEqual([bill.state, bill.document], ["held", null]);
});

test("what a run comes to is seen by the house that it is of, and by the provider", async () => {
	const id = await run(), all = (await get(`/api/v1/settlements?run=${id}`)).data, [mine, ...others] = (await get("/api/v1/settlements", owner)).data;
	assert.deepEqual(others, []);
	assert.equal(mine.tenant, publicId("tenant", dealer));
	assert.equal(money(mine.margin), money(mine.sold) - money(mine.bought));
	assert.deepEqual(all.map((row) => row.tenant).sort(), [root, site.value("SELECT id FROM tenant WHERE slug = 'nordmuster'"), dealer].map((one) => publicId("tenant", one)).sort());
	const [its] = (await get("/api/v1/settlements", above)).data;
	assert.equal((await above("GET", `/api/v1/settlements/${mine.id}`)).status, 404);
	assert.equal((await above("GET", `/api/v1/settlements/${its.id}`)).status, 200);
	const one = await owner("GET", `/api/v1/settlements/${mine.id}`);
	check("GET", "/api/v1/settlements/{id}", one);
	assert.equal(money(one.json.commission), 0);
});

test("a bill explains its amounts on its own edge: who buys learns no rule, and nobody a cost of the edges above", async () => {
	const { document, account } = site.sql(`SELECT d.document_id AS document, d.account_id AS account FROM draft d WHERE d.state = 'issued' AND d.seller_id = ${dealer} AND d.gross > 0 ORDER BY d.id LIMIT 1`)[0];
	const path = `/api/v1/documents/${publicId("document", document)}/explain`, mine = (await get(path, owner)).data, bill = await get(path.replace("/explain", ""), owner);
	assert.equal(mine.reduce((sum, one) => sum + money(one.net), 0), money(bill.net));
	check("GET", "/api/v1/documents/{id}/explain", await owner("GET", path));
	assert.deepEqual(mine.map((one) => [one.position, one.code, one.net]), bill.lines.map((line) => [line.position, line.code, line.net]), "one thing a line");
	for (const one of mine) {
		assert.deepEqual([one.model, one.method, one.rule_of, one.list_name, one.tier], ["per_unit", "rrp_plus_pct", "all", "Book", 1]);
		assert.equal(money(one.net), Math.round(Number(one.unit_price.amount) * Number(one.quantity) * one.days / one.of_days * 100));
	}
	const customer = site.sql(`SELECT c.id, u.email FROM account a JOIN customer c ON c.id = a.customer_id JOIN user u ON u.customer_id = c.id AND u.state = 'active' WHERE a.id = ${account} LIMIT 1`)[0];
	if (customer) for (const one of (await get(path, await as(site, customer.email))).data) assert.deepEqual(["method", "value", "rule_of", "list_name"].filter((name) => name in one), []);
	assert.ok(customer, "the customer has somebody who signs in");
	assert.equal((await above("GET", path)).status, 404);
	assert.deepEqual((await get(path, auditor)).data.map((one) => one.net), mine.map((one) => one.net));
	// A line of a bill to a house sums things up: what they come to is the line, to the cent.
	const house = site.value(`SELECT d.document_id FROM draft d JOIN account a ON a.id = d.account_id JOIN customer c ON c.id = a.customer_id AND c.buyer_id = ${dealer} WHERE d.state = 'issued' LIMIT 1`);
	const whole = `/api/v1/documents/${publicId("document", house)}`, { lines } = await get(whole, above), things = (await get(`${whole}/explain`, above)).data;
	assert.ok(things.length > lines.length);
	for (const line of lines) {
		const on = things.filter((one) => one.position === line.position);
		assert.ok(on.length > 0 && on.every((one) => one.code === line.code && one.unit_price.amount === line.unit_price.amount), line.code);
		assert.equal(on.reduce((sum, one) => sum + money(one.net), 0), money(line.net));
	}
});

test("a house gets the bills that are addressed to it, in its own edge's figures, down to its own customers and no further", async () => {
	const nord = site.value("SELECT id FROM tenant WHERE slug = 'nordmuster'"), sibling = await as(site, "owner@specimen-sleep.example");
	for (const [house, asked, seller] of [[dealer, owner, nord], [nord, above, root]]) {
		const [{ id, number, account }, ...more] = site.sql(`SELECT x.id, x.number, x.account_id AS account FROM document x JOIN customer c ON c.id = x.customer_id WHERE c.buyer_id = ${house} AND x.tenant_id = ${seller}`);
		assert.deepEqual(more, []);
		const path = `/api/v1/incoming/${publicId("incoming", id)}`, { data: [row, ...rest] } = await get("/api/v1/incoming", asked), bill = await asked("GET", path), sold = await get(`/api/v1/documents/${publicId("document", id)}`);
		assert.deepEqual(rest, []);
		check("GET", "/api/v1/incoming/{id}", bill);
		assert.deepEqual([row.number, row.gross, bill.json.number, bill.json.gross, bill.json.lines, bill.json.taxes], [number, sold.gross, number, sold.gross, sold.lines, sold.taxes]);
		assert.equal((await asked("GET", `/api/v1/documents/${publicId("document", id)}`)).status, 404, "it is nothing that the house sold");
		// The paper is the seller's, to the byte.
		const paper = await asked("GET", `${path}/pdf`);
		assert.equal(paper.status, 200);
		assert.deepEqual(paper.bytes, (await admin("GET", `/api/v1/documents/${publicId("document", id)}/pdf`)).bytes);
		// Its annex comes to its net, at its own prices, and names customers of the house alone.
		const annex = await get(`${path}/annex`, asked);
		assert.equal(annex.next, null);
		assert.equal(annex.data.reduce((sum, one) => sum + money(one.net), 0), money(bill.json.net));
		const own = new Set(site.sql(`SELECT id FROM customer WHERE tenant_id = ${house}`).map((one) => publicId("customer", one.id)));
		assert.ok(annex.data.length > 1 && annex.data.every((one) => own.has(one.customer)));
		const billed = site.sql(`SELECT SUM(net) AS net FROM charge WHERE account_id = ${account}`)[0].net;
		assert.equal(annex.data.reduce((sum, one) => sum + money(one.net), 0), Number(billed));
		for (const [other, status] of [[house === dealer ? above : owner, 404], [sibling, 404], [await as(site, "support@musterplatz.example"), 403]])
			for (const part of ["", "/pdf", "/annex"]) assert.equal((await other("GET", `${path}${part}`)).status, status, `${path}${part}`);
	}
	const bought = site.sql("SELECT d.id FROM document d JOIN customer c ON c.id = d.customer_id WHERE c.buyer_id IS NOT NULL").map((row) => publicId("incoming", row.id));
	assert.deepEqual((await get("/api/v1/incoming?limit=200", auditor)).data.map((row) => row.id).sort(), bought.sort());
	isProblem(await owner("GET", `/api/v1/incoming/${bought[0]}/annex?cursor=x`), 400, "bad_parameter");
});

test("an annex goes on page by page, an account never on two", async () => {
	const [{ id, run, account }] = site.sql(`SELECT d.document_id AS id, d.run_id AS run, d.account_id AS account FROM draft d JOIN account a ON a.id = d.account_id JOIN customer c ON c.id = a.customer_id AND c.buyer_id = ${dealer} WHERE d.document_id IS NOT NULL`);
	const path = `/api/v1/incoming/${publicId("incoming", id)}/annex`, whole = (await get(path, owner)).data;
	// As many more accounts as a page has, each with the charge of one of them.
	const [{ billable }] = site.sql(`SELECT billable_id AS billable FROM charge WHERE run_id = ${run} AND account_id = ${account} LIMIT 1`);
	site.sql(`INSERT INTO account (tenant_id, customer_id, segment_id, number, currency) SELECT a.tenant_id, a.customer_id, a.segment_id, CONCAT('PAGE-', n.seq), 'EUR' FROM seq_1_to_100 n JOIN billable b ON b.id = ${billable} JOIN account a ON a.id = b.account_id;
		INSERT INTO billable (run_id, account_id, offering_id, subscription_id, usage_run, starts, ends, quantity, days, of_days, tenant_id, agreement_id, priced_for)
			SELECT b.run_id, a.id, b.offering_id, b.subscription_id, b.usage_run, b.starts, b.ends, b.quantity, b.days, b.of_days, b.tenant_id, b.agreement_id, b.priced_for FROM billable b JOIN account a ON a.number LIKE 'PAGE-%' WHERE b.id = ${billable};
		INSERT INTO charge (billable_id, position, run_id, seller_id, account_id, agreement_id, chain_id, rule_id, unit, amount, tax_category, tax_rate)
			SELECT n.id, h.position, h.run_id, h.seller_id, IF(h.account_id = b.account_id, n.account_id, h.account_id), h.agreement_id, h.chain_id, h.rule_id, h.unit, h.net, h.tax_category, h.tax_rate
			FROM charge h JOIN billable b ON b.id = h.billable_id JOIN billable n JOIN account a ON a.id = n.account_id AND a.number LIKE 'PAGE-%' WHERE h.billable_id = ${billable}`);
	const pages = [];
	for (let cursor = ""; cursor !== null; ) {
		const page = await get(`${path}${cursor && `?cursor=${cursor}`}`, owner);
		pages.push(page.data);
		cursor = page.next;
	}
	assert.ok(pages.length > 1, `${pages.length}`);
	assert.equal(pages.flat().length, whole.length + 100);
	const accounts = pages.map((page) => new Set(page.map((one) => one.account_number)));
	assert.equal(accounts.reduce((sum, one) => sum + one.size, 0), new Set(pages.flat().map((one) => one.account_number)).size);
});

/** All things of a line of a bill that a house gets. */
async function bought(path, line, asked, limit = 200) {
	const pages = [];
	for (let query = `line=${line}&limit=${limit}`; ; query = `cursor=${pages.at(-1).next}&limit=${limit}`) {
		pages.push(await get(`${path}/explain?${query}`, asked));
		if (pages.at(-1).next === null) return pages.map((page) => page.data);
	}
}

/** Price times quantity times share in cents, half away from zero. */
function rounded(one) {
	const of = (text) => { const [whole, parts = ""] = text.split("."); return BigInt(whole + parts.padEnd(6, "0")); };
	const above = of(one.unit_price.amount) * of(one.quantity) * BigInt(one.days), below = 10n ** 10n * BigInt(one.of_days);
	return Number((2n * above + below) / (2n * below));
}

test("a line of a bill to a house explains what it comes to on its own edge, for own customers alone", async () => {
	const nord = site.value("SELECT id FROM tenant WHERE slug = 'nordmuster'");
	for (const [house, asked, seller] of [[dealer, owner, nord], [nord, above, root]]) {
		const [{ id }] = site.sql(`SELECT x.id FROM document x JOIN customer c ON c.id = x.customer_id WHERE c.buyer_id = ${house} AND x.tenant_id = ${seller}`), path = `/api/v1/incoming/${publicId("incoming", id)}`;
		const { lines } = await get(path, asked), own = new Set(site.sql(`SELECT id FROM customer WHERE tenant_id = ${house}`).map((one) => publicId("customer", one.id)));
		const told = [];
		for (const line of lines.slice(0, 40)) {
			const things = (await bought(path, line.position, asked)).flat();
			told.push(...things);
			assert.ok(things.length > 0 && things.every((one) => one.code === line.code && one.unit_price.amount === line.unit_price.amount && own.has(one.customer)), line.code);
			// A hundred things were added above, behind one line of each bill.
			assert.ok(things.length > 100 || things.reduce((sum, one) => sum + money(one.net), 0) === money(line.net), `line ${line.position}`);
			for (const one of things) assert.equal(money(one.amount), rounded(one));
		}
		// The distributor sells at its cost and 10 per cent, and says neither; the provider by the list price, which all know.
		const rules = new Set(told.map((one) => `${one.method} ${one.value}`));
		assert.deepEqual([...rules], house === dealer ? ["null null"] : ["rrp_minus_pct 30"]);
		for (const name of ["list_name", "rule_of"]) assert.ok(told.every((one) => !(name in one)), name);
		for (const [other, status] of [[house === dealer ? above : owner, 404], [await as(site, "owner@specimen-sleep.example"), 404], [await as(site, "support@musterplatz.example"), 403]])
			assert.equal((await other("GET", `${path}/explain?line=1`)).status, status);
		assert.deepEqual((await bought(path, 999999, asked)).flat(), []);
	}
});

test("things of a line go on page by page, none left out and none of another bill", async () => {
	const bill = site.value(`SELECT x.id FROM document x JOIN customer c ON c.id = x.customer_id AND c.buyer_id = ${dealer} ORDER BY x.id LIMIT 1`);
	const path = `/api/v1/incoming/${publicId("incoming", bill)}`, { lines } = await get(path, owner), of = [];
	for (const line of lines) of.push({ line, whole: (await bought(path, line.position, owner)).flat() });
	const { line, whole } = of.find((one) => one.whole.length > 100), pages = await bought(path, line.position, owner, 30);
	assert.ok(pages.length > 1 && pages.slice(0, -1).every((page) => page.length === 30), `${pages.map((page) => page.length)}`);
	assert.deepEqual(pages.flat(), whole);
	const nowhere = publicId("bought", 999999999);
	assert.deepEqual((await get(`${path}/explain?cursor=${nowhere}${nowhere}`, owner)).data, [], "what is not on the bill begins no line of it");
	for (const [query, code] of [["", "bad_parameter"], ["line=0", "bad_parameter"], ["line=x", "bad_parameter"], ["cursor=x", "bad_parameter"], ["line=1&limit=201", "bad_parameter"], ["line=1&sort=net", "unknown_parameter"]])
		isProblem(await owner("GET", `${path}/explain?${query}`), 400, code);
});

test("a cancelled run gives back what it had taken, and the next one bills the same", async () => {
	const of = period(1), first = await open(of), { sums } = await settledOr("checked")(first.id);
	await good(operator, "POST", `${at}/${first.id}/cancel`);
	const gone = await settledOr("cancelled")(first.id);
	assert.deepEqual(gone.sums.map((sum) => sum.state), ["cancelled"]);
	isProblem(await operator("POST", `${at}/${first.id}/cancel`), 409, "conflict");
	isProblem(await operator("POST", `${at}/${first.id}/approve`, {}), 409, "conflict");
	isProblem(await operator("POST", `/api/v1/drafts/${(await drafts(first.id))[0].id}/hold`, { reason: "late" }), 409, "conflict");
	const second = await open(of);
	assert.notEqual(second.id, first.id);
	const again = await settledOr("checked")(second.id);
	assert.deepEqual(again.sums, sums);
});

test("one account is billed on demand, beside the run of its period", async () => {
	const account = publicId("account", parked.id);
	isProblem(await operator("POST", at, { tenant: publicId("tenant", root), cycle_day: 1, ...period(), account: publicId("account", 999999) }), 422, "invalid");
	const id = (await open({ account })).id, done = await settledOr("checked")(id);
	assert.equal(done.sequence, 100);
	const all = await drafts(id);
	assert.deepEqual(all.filter((row) => row.tenant === publicId("tenant", dealer)).map((row) => row.account), [account]);
	assert.equal((await open({ account })).sequence, 101, "another one finds nothing more to bill");
});

test("what could not be billed is told to the house whose edge is to blame, and to the provider, until a later run bills it", async () => {
	const nord = site.value("SELECT id FROM tenant WHERE slug = 'nordmuster'"), of = period(2), sibling = await as(site, "owner@specimen-sleep.example");
	const rules = `price_rule p JOIN price_version v ON v.id = p.version_id JOIN price_list l ON l.id = v.list_id AND l.code = 'book' AND l.tenant_id = ${nord}`;
	site.sql(`UPDATE ${rules} SET p.floor = 99999; UPDATE agreement SET floor_action = 'deny' WHERE seller_id = ${nord}; UPDATE tax_rule SET starts = '2150-01-01' WHERE seller_id = ${dealer} AND starts = '2000-01-01'`);
	const first = await open(of);
	await settledOr("checked", "held")(first.id);
	const rejects = (asked, query = `?run=${first.id}&limit=200`) => get(`/api/v1/rejects${query}`, asked);
	check("GET", "/api/v1/rejects", await owner("GET", `/api/v1/rejects?run=${first.id}`));
	const mine = (await rejects(owner)).data, theirs = (await rejects(above)).data, all = (await rejects(admin)).data;
	assert.ok(mine.length > 1 && theirs.length === mine.length && all.length === Math.min(200, 2 * mine.length), "one an edge");
	const customers = new Set(site.sql(`SELECT id FROM customer WHERE tenant_id = ${dealer}`).map((one) => publicId("customer", one.id)));
	assert.ok(mine.every((one) => one.reason === "tax" && one.state === "open" && one.tenant === publicId("tenant", dealer) && customers.has(one.customer)));
	const name = site.value(`SELECT name FROM tenant WHERE id = ${dealer}`), buyer = site.sql(`SELECT a.id, c.name FROM account a JOIN customer c ON c.id = a.customer_id WHERE c.tenant_id = ${nord} AND c.buyer_id = ${dealer}`)[0];
	assert.ok(theirs.every((one) => one.reason === "floor" && one.account === publicId("account", buyer.id) && one.customer_name === buyer.name), `who is above sees ${name} and none of its customers`);
	assert.ok(!JSON.stringify(mine).includes(publicId("tenant", nord)), "and a dealer nothing of the edge above");
	assert.deepEqual((await rejects(sibling, "?limit=200")).data, []);
	isProblem(await (await as(site, "support@musterplatz.example"))("GET", "/api/v1/rejects"), 403, "forbidden");
	assert.deepEqual((await rejects(admin, `?run=${first.id}&reason=rule`)).data, []);
	const file = await owner("GET", `/api/v1/rejects?run=${first.id}&format=csv`);
	assert.ok(file.text.split("\r\n").length > mine.length, "it is taken out whole");
	// Mended, a later run of the period bills it.
	site.sql(`UPDATE ${rules} SET p.floor = NULL; UPDATE agreement SET floor_action = 'warn' WHERE seller_id = ${nord}; UPDATE tax_rule SET starts = '2000-01-01' WHERE seller_id = ${dealer} AND starts = '2150-01-01'`);
	const [used] = site.sql(`SELECT t.tenant_id, t.customer_id, t.account_id, t.offering_id, t.product_id, o.code FROM subscription t JOIN offering o ON o.id = t.offering_id AND o.kind = 'usage' JOIN account a ON a.id = t.account_id AND a.state = 'active' AND a.cycle_day = 1
		WHERE t.tenant_id = ${dealer} AND t.starts < '${of.period_start}' AND t.ends IS NULL ORDER BY t.id LIMIT 1`);
	site.sql(`UPDATE offering_price SET included = 5 WHERE offering_id = ${used.offering_id}; INSERT INTO usage_source (tenant_id, code) VALUES (${dealer}, 'why'); SET @source = LAST_INSERT_ID();
		INSERT INTO usage_batch (tenant_id, way, created, done) VALUES (${dealer}, 'file', UTC_TIMESTAMP(), 1); SET @batch = LAST_INSERT_ID();
		INSERT INTO usage_event (tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, source_id, event, quantity, at, day, batch_id, line)
			SELECT c.tenant_id, c.id, c.segment_id, c.group_id, c.agent_id, ${used.account_id}, ${used.offering_id}, ${used.product_id}, @source, CONCAT('why-', n.seq), 4, '${of.period_start}', '${of.period_start}', @batch, n.seq FROM customer c JOIN seq_1_to_2 n WHERE c.id = ${used.customer_id}`);
	const second = await open({ ...of, sequence: 2 });
	await settledOr("checked")(second.id);
	assert.ok((await rejects(owner)).data.every((one) => one.state === "billed"));
	assert.deepEqual((await rejects(owner, `?run=${second.id}`)).data, []);
	await good(operator, "POST", `${at}/${second.id}/approve`, {});
	await settledOr("settled")(second.id);
	const bill = site.value(`SELECT d.document_id FROM draft d JOIN bill_run r ON r.id = d.run_id AND r.sequence = 2 WHERE d.account_id = ${used.account_id} AND d.state = 'issued'`);
	const thing = (await get(`/api/v1/documents/${publicId("document", bill)}/explain`, owner)).data.find((one) => one.code === used.code);
	assert.deepEqual([thing.events, Number(thing.metered), Number(thing.included), Number(thing.quantity)], [2, 8, 5, 3], "from the events to what is charged");
	// Who bought it for an own customer is told the same; who is above sees the quantity that it is charged, and nothing of what was metered.
	for (const [house, asked, known] of [[dealer, owner, [2, 8, 5, 3]], [nord, above, [null, 0, 0, 3]]]) {
		const paid = site.value(`SELECT d.document_id FROM draft d JOIN bill_run r ON r.id = d.run_id AND r.sequence = 2 JOIN account a ON a.id = d.account_id JOIN customer c ON c.id = a.customer_id AND c.buyer_id = ${house} WHERE d.state = 'issued'`);
		const path = `/api/v1/incoming/${publicId("incoming", paid)}`, { lines } = await get(path, asked), [one] = (await bought(path, lines.find((line) => line.code === used.code).position, asked)).flat();
		assert.deepEqual([one.events, Number(one.metered), Number(one.included), Number(one.quantity)], known);
		assert.equal(one.customer_name, house === dealer ? site.value(`SELECT name FROM customer WHERE id = ${used.customer_id}`) : buyer.name);
	}
});

clean(site);
