// Discounts over the API: who sells grants its own accounts one, from a day on that is not billed; a bill tells what was taken; it
// ends, and what was billed with it stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { book } from "../lib/book.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { as, user, writer } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true });
const { check } = await openapi(site), publicId = sealer(site, vocabulary());
const base = "/api/v1/discounts";
const who = { root: "admin@pneumuster.example", seller: "owner@nordmuster.example", dealer: "owner@musterplatz.example" };
const gets = {}, writes = {};
for (const [name, email] of Object.entries(who)) {
	gets[name] = await as(site, user(site, email));
	writes[name] = await writer(site, user(site, email));
}
const errors = (answer) => isProblem(answer, 422, "invalid").errors.map((e) => `${e.pointer} ${e.code}`);
const post = (at, body, as_ = "dealer") => writes[as_]("POST", at, body, {});
const { period, dealer } = book(site), last = period(), { period_start, period_end } = last;
// A new account beside that of a customer, with the same subscription: the demo has billed all others.
const old = site.value(`SELECT s.id FROM subscription s JOIN account a ON a.id = s.account_id AND a.state = 'active' JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL AND c.state = 'active'
	JOIN offering o ON o.id = s.offering_id AND o.kind = 'recurring' WHERE a.tenant_id = ${dealer} AND s.state = 'active' AND s.ends IS NULL ORDER BY s.id LIMIT 1`);
site.sql(`INSERT INTO account (tenant_id, customer_id, segment_id, group_id, agent_id, number, currency, cycle_day) SELECT tenant_id, customer_id, segment_id, group_id, agent_id, 'SECOND', 'EUR', 1 FROM subscription WHERE id = ${old};
	INSERT INTO subscription (tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, quantity, unit_price, currency, starts, state)
	SELECT s.tenant_id, s.customer_id, s.segment_id, s.group_id, s.agent_id, a.id, s.offering_id, s.product_id, 2, s.unit_price, s.currency, '${period_start}', 'active' FROM subscription s JOIN account a ON a.number = 'SECOND' WHERE s.id = ${old}`);
const [account] = site.sql("SELECT a.id, a.customer_id, s.id AS subscription FROM account a JOIN subscription s ON s.account_id = a.id WHERE a.number = 'SECOND'");
const grant = { account: publicId("account", account.id), percent: "12.5", starts: period_start, name: "Welcome" };
const far = "2150-01-01";

test("each fault of a discount has its pointer", async () => {
	const foreign = publicId("account", site.value(`SELECT MIN(a.id) FROM account a WHERE a.tenant_id <> ${dealer}`)), offering = publicId("offering", site.value("SELECT MIN(id) FROM offering WHERE shared = 1"));
	for (const [body, wanted] of [[{}, ["/account missing", "/starts missing", "/percent missing"]], [{ ...grant, percent: "0" }, ["/percent number"]], [{ ...grant, percent: "100.5" }, ["/percent number"]],
		[{ ...grant, percent: 5 }, ["/percent number"]], [{ ...grant, amount: "5" }, ["/amount needless"]], [{ ...grant, percent: null, amount: "0.001" }, ["/amount number"]],
		[{ ...grant, periods: 0 }, ["/periods number"]], [{ ...grant, periods: 1.5 }, ["/periods number"]], [{ ...grant, starts: "soon" }, ["/starts date"]], [{ ...grant, name: "a\nb" }, ["/name length"]],
		[{ ...grant, account: foreign }, ["/account unknown"]], [{ ...grant, account: offering }, ["/account id"]], [{ ...grant, offering: publicId("offering", 9999) }, ["/offering unknown"]],
		[{ ...grant, subscription: publicId("subscription", 99999999) }, ["/subscription unknown"]], [{ ...grant, offering, subscription: publicId("subscription", account.subscription) }, ["/offering needless"]],
		[{ ...grant, ends: far }, ["/ends not_writable"]], [{ ...grant, tenant: "x" }, ["/tenant not_writable"]]])
		assert.deepEqual(errors(await post(base, body)), wanted, JSON.stringify(body));
	assert.equal(site.value("SELECT COUNT(*) FROM discount"), "0");
});

let made;
test("who sells grants one of its accounts a discount, which it and the provider see and nobody else", async () => {
	const answer = await post(base, grant);
	assert.equal(answer.status, 201, answer.text);
	check("POST", base, answer);
	made = answer.json;
	assert.deepEqual([made.percent, made.amount, made.starts, made.ends, made.periods, made.name, made.taken.amount], ["12.5", null, period_start, null, null, "Welcome", "0.00"]);
	assert.equal(site.value("SELECT COUNT(*) FROM audit WHERE action = 'discount.create'"), "1");
	isProblem(await gets.seller("GET", `${base}/${made.id}`), 404, "not_found");
	assert.equal((await gets.root("GET", `${base}/${made.id}`)).json.tenant_name, site.value(`SELECT name FROM tenant WHERE id = ${dealer}`));
	assert.deepEqual(errors(await post(base, { ...grant, percent: "5" })), ["/starts taken"], "of the very same there is one at a time");
	const list = await gets.dealer("GET", `${base}?customer=${publicId("customer", account.customer_id)}`);
	check("GET", base, list);
	assert.deepEqual(list.json.data.map((row) => row.id), [made.id]);
});

test("periods are those of the account, of which the one that it begins in is the first", async () => {
	const [year, month] = period_end.split("-").map(Number), day = (m, d) => new Date(Date.UTC(year, month - 1 + m, d)).toISOString().slice(0, 10);
	const answer = await post(base, { account: grant.account, amount: "5.50", starts: day(0, 15), periods: 3, subscription: publicId("subscription", account.subscription) });
	assert.equal(answer.status, 201, answer.text);
	assert.deepEqual([answer.json.amount, answer.json.ends, answer.json.periods], [{ amount: "5.50", currency: "EUR" }, day(3, 1), 3]);
	assert.equal((await post(`${base}/${answer.json.id}/end`, { ends: period_start })).json.state, "ended");
	isProblem(await post(`${base}/${answer.json.id}/end`, { ends: day(5, 1) }), 409, "conflict");
});

test("a run takes it off its own edge alone, the draft tells it, and in what was billed none begins or ends", async () => {
	const run = await writes.root("POST", "/api/v1/bill-runs", { tenant: publicId("tenant", dealer), cycle_day: 1, ...last }, {});
	assert.equal(run.status, 201, run.text);
	await until("the run has its drafts", async () => ["checked", "held"].includes((await gets.root("GET", `/api/v1/bill-runs/${run.json.id}`)).json.state));
	const [sum] = site.sql(`SELECT SUM(amount) AS amount, SUM(discount) AS discount, SUM(net) AS net, SUM(ROUND(amount * 0.125)) AS wanted FROM charge WHERE account_id = ${account.id}`);
	assert.ok(Number(sum.discount) > 0);
	assert.deepEqual([sum.discount, Number(sum.net)], [sum.wanted, sum.amount - sum.discount]);
	assert.equal(site.value(`SELECT COUNT(*) FROM charge WHERE account_id <> ${account.id} AND discount_id IS NOT NULL`), "0");
	const draft = (await gets.dealer("GET", `/api/v1/drafts/${publicId("draft", site.value(`SELECT id FROM draft WHERE account_id = ${account.id}`))}`)).json;
	const minor = (money) => Math.round(Number(money?.amount ?? 0) * 100);
	assert.equal(draft.lines.reduce((all, line) => all + minor(line.discount), 0), Number(sum.discount));
	assert.equal(draft.lines.reduce((all, line) => all + minor(line.net), 0), Number(sum.net));
	assert.ok(draft.lines.every((line) => line.discount === null || line.discount_name === "Welcome"));
	assert.equal(minor((await gets.dealer("GET", `${base}/${made.id}`)).json.taken), Number(sum.discount));
	const refused = await post(`${base}/${made.id}/end`, { ends: period_start });
	assert.deepEqual(errors(refused), ["/ends billed"]);
	assert.ok(refused.json.errors[0].detail.includes(period_end), "the first day that is possible is named");
	assert.deepEqual(errors(await post(base, { ...grant, subscription: publicId("subscription", account.subscription), starts: site.value(`SELECT '${period_end}' - INTERVAL 1 DAY`) })), ["/starts billed"]);
	const ended = await post(`${base}/${made.id}/end`, { ends: period_end });
	assert.equal(ended.status, 200, ended.text);
	assert.equal(ended.json.ends, period_end);
	assert.equal(site.value(`SELECT SUM(discount) FROM charge WHERE account_id = ${account.id}`), sum.discount, "what was charged stays");
	assert.equal(site.value("SELECT COUNT(*) FROM audit WHERE action = 'discount.end'"), "2");
	site.sql(`UPDATE bill_run SET phase = 'cancelled' WHERE period_start = '${period_start}'`);
	assert.equal((await post(base, { ...grant, offering: publicId("offering", site.value(`SELECT offering_id FROM subscription WHERE id = ${account.subscription}`)) })).status, 201, "what was cancelled is free again");
});

test("who may only read grants and ends nothing", async () => {
	const finance = site.sql("SELECT u.email FROM user u JOIN role r ON r.id = u.role_id WHERE r.code = 'reseller_finance' AND u.state = 'active' LIMIT 1")[0];
	if (finance) isProblem(await (await writer(site, user(site, finance.email)))("POST", base, grant, {}), 403, "forbidden");
	isProblem(await writes.seller("POST", `${base}/${made.id}/end`, { ends: far }, {}), 404, "not_found");
});

clean(site);
