// Minimums over the API: who sells says what an account, or each under an agreement, is charged at least, from a day on that is not
// billed; a run charges what is missing on that edge alone, a bill's explanation says why to who sells, and it ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { book } from "../lib/book.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { as, user, writer } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true });
const { check } = await openapi(site), publicId = sealer(site, vocabulary());
const base = "/api/v1/minimums";
const who = { root: "admin@pneumuster.example", seller: "owner@nordmuster.example", dealer: "owner@musterplatz.example" };
const gets = {}, writes = {};
for (const [name, email] of Object.entries(who)) {
	gets[name] = await as(site, user(site, email));
	writes[name] = await writer(site, user(site, email));
}
const errors = (answer) => isProblem(answer, 422, "invalid").errors.map((e) => `${e.pointer} ${e.code}`);
const post = (at, body, as_ = "dealer") => writes[as_]("POST", at, body, {});
const minor = (money) => Math.round(Number(money.amount) * 100);
const { period, dealer } = book(site), last = period(), { period_start, period_end } = last;
// A new account that buys nothing: the demo has billed all others.
const old = site.value(`SELECT a.id FROM account a JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL AND c.state = 'active' WHERE a.tenant_id = ${dealer} AND a.state = 'active' ORDER BY a.id LIMIT 1`);
site.sql(`INSERT INTO account (tenant_id, customer_id, segment_id, group_id, agent_id, number, currency, cycle_day) SELECT tenant_id, customer_id, segment_id, group_id, agent_id, 'LEAST', 'EUR', 1 FROM account WHERE id = ${old}`);
const [account] = site.sql("SELECT id, customer_id FROM account WHERE number = 'LEAST'");
const offering = publicId("offering", site.value("SELECT MIN(id) FROM offering WHERE shared = 1 AND kind = 'recurring'"));
const agreement = publicId("agreement", site.value(`SELECT id FROM agreement WHERE seller_id = ${dealer} AND account_id IS NULL AND ends = '9999-12-31'`));
const least = { account: publicId("account", account.id), offering, amount: "50", starts: period_start };
const count = () => site.value("SELECT COUNT(*) FROM minimum WHERE user_id IS NOT NULL");

test("each fault of a minimum has its pointer", async () => {
	const foreign = publicId("account", site.value(`SELECT MIN(a.id) FROM account a WHERE a.tenant_id <> ${dealer}`)), others = publicId("agreement", site.value(`SELECT MIN(id) FROM agreement WHERE seller_id <> ${dealer}`));
	for (const [body, wanted] of [[{}, ["/account missing", "/offering missing", "/amount missing", "/starts missing"]], [{ ...least, amount: "0" }, ["/amount number"]], [{ ...least, amount: 50 }, ["/amount number"]],
		[{ ...least, amount: "0.001" }, ["/amount number"]], [{ ...least, starts: "soon" }, ["/starts date"]], [{ ...least, agreement }, ["/agreement needless"]], [{ ...least, account: foreign }, ["/account unknown"]],
		[{ ...least, account: offering }, ["/account id"]], [{ ...least, account: null, agreement: others }, ["/agreement unknown"]], [{ ...least, offering: publicId("offering", 9999) }, ["/offering unknown"]],
		[{ ...least, offering: publicId("offering", site.value("SELECT MIN(id) FROM offering WHERE kind = 'usage'")) }, ["/offering unknown"]], [{ ...least, ends: "2150-01-01" }, ["/ends not_writable"]], [{ ...least, tenant: "x" }, ["/tenant not_writable"]]])
		assert.deepEqual(errors(await post(base, body)), wanted, JSON.stringify(body));
	assert.equal(count(), "0");
});

let made;
test("who sells sets one of its accounts a minimum, which it and the provider see and nobody else", async () => {
	const answer = await post(base, least);
	assert.equal(answer.status, 201, answer.text);
	check("POST", base, answer);
	made = answer.json;
	assert.deepEqual([made.amount, made.starts, made.ends, made.agreement, made.topped_up.amount], [{ amount: "50.00", currency: "EUR" }, period_start, null, null, "0.00"]);
	assert.equal(site.value("SELECT COUNT(*) FROM audit WHERE action = 'minimum.create'"), "1");
	isProblem(await gets.seller("GET", `${base}/${made.id}`), 404, "not_found");
	assert.equal((await gets.root("GET", `${base}/${made.id}`)).json.tenant_name, site.value(`SELECT name FROM tenant WHERE id = ${dealer}`));
	assert.deepEqual(errors(await post(base, { ...least, amount: "60" })), ["/starts taken"], "of the very same there is one at a time");
	const list = await gets.dealer("GET", `${base}?customer=${publicId("customer", account.customer_id)}`);
	check("GET", base, list);
	assert.ok(list.json.data.some((row) => row.id === made.id));
	const all = await post(base, { agreement, offering, amount: "7.50", starts: "2150-01-01" });
	assert.equal(all.status, 201, all.text);
	assert.deepEqual([all.json.account, all.json.agreement, all.json.customer], [null, agreement, null]);
	assert.equal((await post(`${base}/${all.json.id}/end`, { ends: "2150-01-01" })).json.state, "ended");
});

test("a run charges what is missing on that edge alone, and who sells is told why", async () => {
	const run = await writes.root("POST", "/api/v1/bill-runs", { tenant: publicId("tenant", dealer), cycle_day: 1, ...last }, {});
	assert.equal(run.status, 201, run.text);
	await until("the run has its drafts", async () => ["checked", "held"].includes((await gets.root("GET", `/api/v1/bill-runs/${run.json.id}`)).json.state));
	assert.deepEqual(site.sql(`SELECT h.net, h.position = n.level AS last FROM charge h JOIN tenant n ON n.id = h.seller_id JOIN billable b ON b.id = h.billable_id WHERE b.account_id = ${account.id}`), [{ net: "5000", last: "1" }]);
	assert.equal(site.value("SELECT found FROM bill_run_check WHERE name = 'minimum' ORDER BY run_id DESC LIMIT 1"), "0");
	const id = publicId("draft", site.value(`SELECT id FROM draft WHERE account_id = ${account.id}`)), draft = (await gets.dealer("GET", `/api/v1/drafts/${id}`)).json;
	assert.deepEqual(draft.lines.map((line) => [minor(line.net), Number(line.quantity), line.period_start]), [[5000, 1, period_start]]);
	assert.equal(minor((await gets.dealer("GET", `${base}/${made.id}`)).json.topped_up), 5000);
	site.sql(`UPDATE draft SET state = 'draft', hold = NULL WHERE account_id = ${account.id}`);
	assert.equal((await writes.root("POST", `/api/v1/drafts/${id}/approve`, undefined, {})).status, 200);
	await until("it is issued", () => site.value(`SELECT COUNT(*) FROM document WHERE account_id = ${account.id}`) === "1");
	const bill = publicId("document", site.value(`SELECT id FROM document WHERE account_id = ${account.id}`)), why = await gets.dealer("GET", `/api/v1/documents/${bill}/explain`);
	assert.deepEqual(why.json.data.map((x) => [minor(x.at_least), minor(x.charged_before), minor(x.net), x.method, x.position]), [[5000, 0, 5000, null, 1]]);
	// Who buys sees the line and its amount, and nothing of what was agreed.
	const buyer = await as(site, user(site, site.value(`SELECT u.email FROM user u JOIN role r ON r.id = u.role_id AND r.code = 'customer_owner' WHERE u.customer_id = ${account.customer_id} AND u.state = 'active' LIMIT 1`)));
	const seen = (await buyer("GET", `/api/v1/documents/${bill}`)).json, told = (await buyer("GET", `/api/v1/documents/${bill}/explain`)).json;
	assert.deepEqual(seen.lines.map((line) => minor(line.net)), [5000]);
	assert.ok(!JSON.stringify([seen, told]).includes("at_least") && !JSON.stringify([seen, told]).includes("charged_before"));
	isProblem(await buyer("GET", base), 403, "forbidden");
});

test("in what was billed none begins or ends, and what was charged stays", async () => {
	const refused = await post(`${base}/${made.id}/end`, { ends: period_start });
	assert.deepEqual(errors(refused), ["/ends billed"]);
	assert.ok(refused.json.errors[0].detail.includes(period_end), "the first day that is possible is named");
	assert.deepEqual(errors(await post(base, { agreement, offering, amount: "5", starts: site.value(`SELECT '${period_end}' - INTERVAL 1 DAY`) })), ["/starts billed"]);
	const ended = await post(`${base}/${made.id}/end`, { ends: period_end });
	assert.equal(ended.status, 200, ended.text);
	assert.equal(ended.json.ends, period_end);
	isProblem(await post(`${base}/${made.id}/end`, { ends: "2160-01-01" }), 409, "conflict");
	assert.equal(site.value(`SELECT SUM(net) FROM document WHERE account_id = ${account.id}`), "5000");
	assert.equal(site.value("SELECT COUNT(*) FROM audit WHERE action = 'minimum.end'"), "2");
});

test("who may only read sets and ends nothing", async () => {
	const finance = site.sql("SELECT u.email FROM user u JOIN role r ON r.id = u.role_id WHERE r.code = 'reseller_finance' AND u.state = 'active' LIMIT 1")[0];
	if (finance) isProblem(await (await writer(site, user(site, finance.email)))("POST", base, least, {}), 403, "forbidden");
	isProblem(await writes.seller("POST", `${base}/${made.id}/end`, { ends: "2150-01-01" }, {}), 404, "not_found");
});

clean(site);
