// Agreements: another one takes the place of the one before from a day on, and each side knows what is its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { as, user, writer } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true });
const { check } = await openapi(site), publicId = sealer(site, vocabulary());
const base = "/api/v1/agreements";
const who = { seller: "owner@nordmuster.example", buyer: "owner@musterplatz.example", sibling: "owner@specimen-sleep.example", root: "admin@pneumuster.example" };
const gets = {}, writes = {};
for (const [name, email] of Object.entries(who)) {
	gets[name] = await as(site, user(site, email));
	writes[name] = await writer(site, user(site, email));
}
const tenant = (slug) => site.value(`SELECT id FROM tenant WHERE slug = '${slug}'`);
const nord = tenant("nordmuster"), must = tenant("musterplatz"), buyer = publicId("tenant", must);
const errors = (answer) => isProblem(answer, 422, "invalid").errors.map((e) => `${e.pointer} ${e.code}`);
const make = (body, as_ = "seller") => writes[as_]("POST", base, body, {});
// The buyer's account at the seller.
site.sql(`INSERT INTO customer (tenant_id, a1, a2, a3, a4, segment_id, group_id, party_id, number, name, kind, buyer_id, language, since)
	SELECT p.id, p.a1, p.a2, p.a3, p.a4, (SELECT MIN(s.id) FROM segment s WHERE s.tenant_id = p.id), NULL, n.party_id, 'NORDM-B1', n.name, 'reseller', n.id, n.language, '2020-01-01'
	  FROM tenant n JOIN tenant p ON p.id = n.parent_id WHERE n.id = ${must} AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.buyer_id = n.id)`);
site.sql(`UPDATE customer SET group_id = id WHERE buyer_id = ${must}`);
site.sql(`INSERT INTO account (tenant_id, customer_id, segment_id, group_id, number, currency) SELECT tenant_id, id, segment_id, group_id, CONCAT(number, '-1'), 'EUR' FROM customer c WHERE buyer_id = ${must}
	AND NOT EXISTS (SELECT 1 FROM account a WHERE a.customer_id = c.id)`);
site.sql(`DELETE g FROM agreement g WHERE g.seller_id = ${nord} AND (g.buyer_id = ${must} OR g.account_id IS NULL)`);
const account = site.value(`SELECT a.id FROM account a JOIN customer c ON c.id = a.customer_id WHERE c.buyer_id = ${must}`);
const ends = (id) => site.value(`SELECT CAST(ends AS CHAR) FROM agreement WHERE id = ${id}`);
const row = (json_) => site.sql("SELECT id FROM agreement").map((one) => one.id).find((id) => publicId("agreement", id) === json_.id);

let first, second;
test("a change of the way of selling is another agreement, and the one before ends on that day", async () => {
	const answer = await make({ buyer, starts: "2026-01-01", currency: "EUR", visibility: "quantity", floor_action: "deny" });
	assert.equal(answer.status, 201, answer.text);
	check("POST", base, answer);
	first = answer.json;
	assert.deepEqual([first.buyer, first.account, first.legal_model, first.document_mode, first.collector, first.ends, first.agents], [buyer, publicId("account", account), "resale", "none", "seller", null, []]);
	second = (await make({ buyer, starts: "2027-01-01", currency: "EUR", document_mode: "on_behalf", collector: "root", visibility: "price", legal_model: "agency",
		agents: [{ tenant: buyer, rate: "12.5", tax_rate: "19" }] })).json;
	assert.deepEqual(second.agents, [{ tenant: buyer, tenant_name: "Apotheke am Musterplatz", rate: "12.5", tax_rate: "19" }]);
	assert.equal(ends(row(first)), "2027-01-01");
	assert.equal((await gets.seller("GET", `${base}/${first.id}`)).json.ends, "2027-01-01");
	assert.deepEqual(errors(await make({ buyer, starts: "2027-01-01", currency: "EUR" })), ["/starts order"]);
	assert.deepEqual(errors(await make({ buyer, starts: "2026-06-01", currency: "EUR" })), ["/starts order"]);
	assert.equal(ends(row(first)), "2027-01-01", "what was refused changed nothing");
});

test("who buys knows its edge and nothing that only the seller may; nobody else knows of it", async () => {
	const { json: page } = await gets.buyer("GET", "/api/v1/purchases?limit=200");
	const mine = page.data.filter((one) => one.starts === "2026-01-01" || one.starts === "2027-01-01");
	assert.equal(mine.length, 2);
	for (const one of mine) {
		const alone = await gets.buyer("GET", `/api/v1/purchases/${one.id}`);
		check("GET", "/api/v1/purchases/{id}", alone);
		assert.deepEqual(alone.json, one);
		assert.deepEqual(Object.keys(one).filter((name) => ["visibility", "floor_action", "list", "list_name", "agents", "account", "buyer"].includes(name)), []);
	}
	for (const [name, at] of [["buyer", `${base}/${second.id}`], ["sibling", `${base}/${second.id}`], ["sibling", `/api/v1/purchases/${publicId("purchase", row(second))}`], ["seller", `/api/v1/purchases/${publicId("purchase", row(second))}`]])
		isProblem(await gets[name]("GET", at), 404, "not_found");
	assert.equal((await gets.root("GET", `${base}/${second.id}`)).json.visibility, "price");
});

test("none begins in a period that is on a bill already, of that edge", async () => {
	site.sql(`INSERT INTO bill_run (id, tenant_id, cycle_day, period_start, period_end, issue_date, last_account, opened, phase) VALUES (900, 1, 1, '2027-02-01', '2027-03-01', '2027-03-01', 1, '2027-03-01', 'settled');
		INSERT INTO draft (run_id, seller_id, account_id, agreement_id, net, tax, gross, state) VALUES (900, ${nord}, ${account}, ${row(second)}, 1, 0, 1, 'issued')`);
	assert.deepEqual(errors(await make({ buyer, starts: "2027-02-15", currency: "EUR" })), ["/starts billed"]);
	site.sql("UPDATE bill_run SET phase = 'cancelled' WHERE id = 900");
	const third = await make({ buyer, starts: "2027-02-15", currency: "EUR" });
	assert.equal(third.status, 201, third.text);
	site.sql("UPDATE bill_run SET phase = 'settled' WHERE id = 900");
	assert.equal((await make({ buyer, starts: "2027-03-01", currency: "EUR" })).status, 201);
});

test("each fault has its pointer, and what somebody may not name is as what there is not", async () => {
	const own = site.value(`SELECT MIN(a.id) FROM account a JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL WHERE a.tenant_id = ${nord} AND a.state = 'active'`), foreign = site.value(`SELECT MIN(id) FROM account WHERE tenant_id = ${must}`);
	const list = site.sql(`INSERT INTO price_list (tenant_id, code, name, currency) VALUES (${must}, 'their-own', 'Theirs', 'EUR'), (${nord}, 'in-yen', 'Yen', 'JPY') RETURNING id`).map((one) => publicId("price_list", one.id));
	const good = { starts: "2031-01-01", currency: "EUR" };
	const faults = [[{}, ["/starts missing", "/currency missing"]], [{ ...good, starts: "x" }, ["/starts date"]], [{ ...good, currency: "eur" }, ["/currency code"]],
		[{ ...good, buyer, account: publicId("account", own) }, ["/account both"]], [{ ...good, buyer: publicId("tenant", tenant("example-homecare")) }, ["/buyer unknown"]],
		[{ ...good, buyer: publicId("tenant", 1) }, ["/buyer unknown"]], 
		[{ ...good, account: publicId("account", foreign) }, ["/account unknown"]], [{ ...good, account: publicId("account", account) }, ["/account unknown"]],
		[{ ...good, currency: "JPY", account: publicId("account", own) }, ["/account currency"]],
		[{ ...good, list: list[0] }, ["/list unknown"]], [{ ...good, list: list[1] }, ["/list currency"]],
		[{ ...good, legal_model: "x", collector: "buyer", visibility: 1 }, ["/legal_model code", "/collector code", "/visibility code"]],
		[{ ...good, tax_category: "S" }, ["/tax_rate missing"]], [{ ...good, tax_rate: "100.5", tax_category: "S" }, ["/tax_rate code"]], [{ ...good, ends: "2032-01-01" }, ["/ends not_writable"]],
		[{ ...good, agents: [{ tenant: buyer, rate: "1", tax_rate: "0" }] }, ["/agents needless"]],
		[{ ...good, legal_model: "agency", agents: [{ tenant: buyer, rate: "101", tax_rate: "0" }] }, ["/agents/0/rate number"]],
		[{ ...good, legal_model: "agency", agents: [{ tenant: publicId("tenant", tenant("mihon-kokyu")), rate: "1", tax_rate: "0" }] }, ["/agents/0/tenant unknown"]],
		[{ ...good, legal_model: "agency", agents: [{ tenant: buyer, rate: "1", tax_rate: "0" }, { tenant: buyer, rate: "1", tax_rate: "0" }] }, ["/agents/1/tenant twice"]]];
	const n = site.value("SELECT COUNT(*) FROM agreement");
	for (const [body, wanted] of faults) assert.deepEqual(errors(await make(body)), wanted, JSON.stringify(body));
	assert.equal(site.value("SELECT COUNT(*) FROM agreement"), n);
	const one = await make({ ...good, account: publicId("account", own), tax_category: "S", tax_rate: "19", self_billing_until: "2033-01-01" });
	assert.equal(one.status, 201, one.text);
	assert.deepEqual([one.json.buyer, one.json.tax_rate, one.json.self_billing_until, one.json.state], [null, "19", "2033-01-01", "planned"]);
});

test("a reseller that has no account in the currency gets one with its agreement, once; nothing of it stays of what is refused", async () => {
	const homecare = tenant("example-homecare"), parent = site.sql(`SELECT p.slug FROM tenant n JOIN tenant p ON p.id = n.parent_id WHERE n.id = ${homecare}`)[0].slug;
	const send = await writer(site, user(site, `owner@${parent}.example`)), body = { buyer: publicId("tenant", homecare), starts: "2031-01-01", currency: "GBP" };
	const customers = () => site.sql(`SELECT c.number, c.kind, c.name = n.name AS named, (SELECT GROUP_CONCAT(a.number, a.currency ORDER BY a.id) FROM account a WHERE a.customer_id = c.id) AS accounts FROM customer c JOIN tenant n ON n.id = c.buyer_id WHERE c.buyer_id = ${homecare}`);
	// As if it had never bought: the demo lets it.
	for (const sql of [`DELETE FROM agreement WHERE buyer_id = ${homecare}`, `DELETE a FROM account a JOIN customer c ON c.id = a.customer_id WHERE c.buyer_id = ${homecare}`, `DELETE FROM customer WHERE buyer_id = ${homecare}`]) site.sql(sql);
	assert.deepEqual(customers(), []);
	assert.deepEqual(errors(await send("POST", base, { ...body, list: publicId("price_list", 999999) }, {})), ["/list unknown"]);
	assert.deepEqual(errors(await send("POST", base, { ...body, legal_model: "agency", agents: [{ tenant: publicId("tenant", 999999), rate: "1", tax_rate: "0" }] }, {})), ["/agents/0/tenant unknown"]);
	assert.deepEqual(customers(), [], "what was refused left nothing");
	const one = await send("POST", base, body, {});
	assert.equal(one.status, 201, one.text);
	assert.deepEqual(customers(), [{ number: "R-1", kind: "reseller", named: "1", accounts: "R-1-1GBP" }]);
	assert.equal(one.json.account_number, "R-1-1");
	assert.equal((await send("POST", base, { ...body, starts: "2032-01-01" }, {})).json.account, one.json.account);
	assert.notEqual((await send("POST", base, { ...body, starts: "2033-01-01", currency: "EUR" }, {})).json.account, one.json.account);
	assert.deepEqual(customers()[0].accounts, "R-1-1GBP,R-1-2EUR");
});

clean(site);
