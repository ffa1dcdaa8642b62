// Subscriptions: ordered and changed from a day on that is on no bill, with what it comes to on both sides before anything is done.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { as, user, writer } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true });
const { check } = await openapi(site), publicId = sealer(site, vocabulary());
const base = "/api/v1/subscriptions";
const tenant = (slug) => site.value(`SELECT id FROM tenant WHERE slug = '${slug}'`);
const root = tenant("pneumuster"), nord = tenant("nordmuster"), must = tenant("musterplatz");

// A chain of its own: 100 in the catalogue, 80 to Nordmuster, 88 on to Musterplatz, 110 to its customers; BIG costs 200 in the catalogue.
const [small, big] = [9001, 9002];
site.sql(`INSERT INTO offering (id, tenant_id, product_id, code, name, kind, unit, price, currency, shared) VALUES (${small}, ${root}, 1, 'SMALL', 'Small', 'recurring', 'month', 100, 'EUR', 1), (${big}, ${root}, 1, 'BIG', 'Big', 'recurring', 'month', 200, 'EUR', 1);
	DELETE FROM agreement_agent; DELETE FROM agreement; UPDATE price_list SET is_default = 0;
	INSERT INTO offering_price (id, offering_id, starts, currency, model) VALUES (9001, ${small}, '2001-01-01', 'EUR', 'per_unit'), (9002, ${big}, '2001-01-01', 'EUR', 'per_unit'); INSERT INTO offering_tier (price_id, tier, unit) VALUES (9001, 1, 100), (9002, 1, 200);
	DELETE FROM subscription WHERE tenant_id IN (${must}, ${nord})`);
for (const [i, [seller, buyer, method, value]] of [[root, nord, "rrp_minus_pct", 20], [nord, must, "cost_plus_pct", 10], [must, null, "cost_plus_pct", 25]].entries()) {
	const list = 9001 + i;
	site.sql(`INSERT INTO price_list (id, tenant_id, code, name, currency) VALUES (${list}, ${seller}, 'chain', 'Chain', 'EUR'); INSERT INTO price_version (id, list_id, starts, state) VALUES (${list}, ${list}, '2001-01-01', 'published');
		INSERT INTO price_rule (version_id, method, value) VALUES (${list}, '${method}', ${value});
		INSERT INTO agreement (seller_id, buyer_id, account_id, starts, currency, list_id, floor_action) VALUES (${seller}, ${buyer ?? "NULL"}, ${buyer === null ? "NULL" : Number(site.value("SELECT MIN(id) FROM account")) + i}, '2001-01-01', 'EUR', ${list}, 'deny')`);
}
const own = site.sql(`SELECT a.id, a.customer_id FROM account a JOIN customer c ON c.id = a.customer_id AND c.buyer_id IS NULL WHERE a.tenant_id = ${must} AND a.state = 'active' AND c.state = 'active' ORDER BY a.id LIMIT 3`);
const account = publicId("account", own[0].id), offering = publicId("offering", small), other = publicId("offering", big);
const first = site.value(`SELECT CAST(MAX(period_end) AS CHAR) FROM document WHERE account_id = ${own[0].id}`);
const today = site.value("SELECT CAST(UTC_DATE() AS CHAR)");
const day = (n, from = month) => new Date(Date.parse(`${from}T00:00:00Z`) + n * 86400000).toISOString().slice(0, 10);
// A month that begins behind today, so that no day is over while the test runs.
const month = new Date(Date.UTC(Number(today.slice(0, 4)), Number(today.slice(5, 7)), 1)).toISOString().slice(0, 10);
const days = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate();

const who = { dealer: "owner@musterplatz.example", sales: "sales@musterplatz.example", support: "support@musterplatz.example", above: "owner@nordmuster.example", sibling: "owner@specimen-sleep.example", root: "admin@pneumuster.example", patient: null };
who.patient = site.value(`SELECT email FROM user WHERE customer_id IS NOT NULL AND tenant_id = ${must} AND state = 'active' ORDER BY id LIMIT 1`);
const gets = {}, writes = {};
for (const [name, email] of Object.entries(who)) {
	gets[name] = await as(site, user(site, email));
	writes[name] = await writer(site, user(site, email));
}
const errors = (answer) => isProblem(answer, 422, "invalid").errors.map((e) => `${e.pointer} ${e.code}`);
const order = (body, name = "dealer") => writes[name]("POST", base, { account, offering, quantity: "2", starts: month, ...body });
const to = (id, what, body, name = "dealer") => writes[name]("POST", `${base}/${id}/${what}`, body);
const patch = async (id, body) => writes.dealer("PATCH", `${base}/${id}`, body, { "If-Match": (await gets.dealer("GET", `${base}/${id}`)).headers.etag });
const rows = () => site.sql("SELECT (SELECT COUNT(*) FROM subscription) AS s, (SELECT COUNT(*) FROM subscription_quantity) AS q, (SELECT COUNT(*) FROM subscription_change) AS h, (SELECT COUNT(*) FROM bill_run) AS r, (SELECT COUNT(*) FROM billable) AS b, (SELECT COUNT(*) FROM charge) AS c, (SELECT COUNT(*) FROM audit WHERE action LIKE 'subscription.%') AS a");
const eur = (amount) => ({ amount, currency: "EUR" });

test("a preview says what both sides pay and leaves nothing; the order then says the price", async () => {
	const before = rows(), answer = await order({ preview: true }), { status, json, text } = answer;
	assert.equal(status, 200, text);
	check("POST", base, answer);
	assert.deepEqual(json.periods[0], { starts: month, ends: day(days), charged: { before: eur("0.00"), after: eur("220.00") }, cost: { before: eur("0.00"), after: eur("176.00") }, margin: { before: eur("0.00"), after: eur("44.00") } });
	assert.deepEqual([json.from, json.unpriced, json.periods.length], [month, false, 2]);
	assert.deepEqual(rows(), before, "nothing of a preview stays, in the audit neither");
	const made = await order({});
	assert.equal(made.status, 201, made.text);
	check("POST", base, made);
	assert.deepEqual([made.json.unit_price, made.json.quantity, made.json.state, made.json.quantities], [eur("110.00"), "2", "planned", []]);
	assert.deepEqual(made.json.history.map(({ kind, from, quantity, user_name }) => [kind, from, quantity, Boolean(user_name)]), [["ordered", month, "2", true]]);
	const after = rows();
	assert.deepEqual([after[0].r, after[0].b, after[0].c], [before[0].r, before[0].b, before[0].c], "an order leaves no trial");
	assert.equal(site.value("SELECT action FROM audit ORDER BY id DESC LIMIT 1"), "subscription.order");
});

test("nothing begins on a day that is on a bill, and the answer names the first that can be", async () => {
	const refused = await order({ starts: day(-1, first) });
	assert.deepEqual(errors(refused), ["/starts billed"]);
	assert.match(refused.json.errors[0].detail, new RegExp(first));
	site.sql(`INSERT INTO bill_run (id, tenant_id, cycle_day, period_start, period_end, issue_date, last_account, rated_to, opened, paused, phase) VALUES (900, ${root}, 1, '${month}', '${day(days)}', '${month}', ${own[0].id}, ${own[0].id}, '2026-01-01', 1, 'open')`);
	const later = await order({});
	assert.deepEqual(errors(later), ["/starts billed"], "a run that has rated the account has its period, also before it is through");
	assert.match(later.json.errors[0].detail, new RegExp(day(days)));
	site.sql(`UPDATE bill_run SET rated_to = ${own[0].id - 1} WHERE id = 900`);
	assert.equal((await order({ preview: true })).status, 200, "one that has not come to it will see the change");
	site.sql("UPDATE bill_run SET phase = 'cancelled', rated_to = last_account WHERE id = 900");
	assert.equal((await order({ preview: true })).status, 200, "a cancelled one has nothing");
	site.sql("DELETE FROM bill_run WHERE id = 900");
});

test("a quantity holds from its day on, and takes the place of what was planned behind it", async () => {
	const { id } = (await order({})).json;
	isProblem(await writes.dealer("PATCH", `${base}/${id}`, { quantity: "3" }), 428, "need_match");
	const half = await patch(id, { quantity: "4", from: day(days - 10) });
	assert.equal(half.status, 200, half.text);
	check("PATCH", `${base}/{id}`, half);
	assert.deepEqual(half.json.quantities, [{ starts: month, ends: day(days - 10), quantity: "2" }, { starts: day(days - 10), ends: null, quantity: "4" }]);
	assert.deepEqual((await patch(id, { quantity: "3", from: day(5) })).json.quantities, [{ starts: month, ends: day(5), quantity: "2" }, { starts: day(5), ends: null, quantity: "3" }]);
	assert.deepEqual((await patch(id, { quantity: "2", from: day(5) })).json.quantities, [{ starts: month, ends: null, quantity: "2" }], "as many as before is one stretch");
	assert.deepEqual(errors(await patch(id, { quantity: "0", from: day(5) })), ["/quantity number"]);
	assert.deepEqual(errors(await patch(id, { from: day(5) })), ["/quantity missing"]);
	assert.deepEqual(errors(await patch(id, { quantity: "5", from: day(-1) })), ["/from order"]);
	assert.deepEqual(errors(await patch(id, { quantity: "5", starts: day(1) })), ["/starts not_writable"]);
});

test("what is suspended is not charged until it is resumed with as many", async () => {
	const { id } = (await order({ quantity: "3" })).json;
	const preview = (await to(id, "suspend", { from: month, preview: true })).json;
	const rest = (p) => Number(p.charged.before.amount) - Number(p.charged.after.amount);
	assert.deepEqual([rest(preview.periods[0]), rest(preview.periods[1])], [330, 330]);
	assert.equal((await to(id, "suspend", { from: day(3) })).status, 200);
	isProblem(await to(id, "suspend", { from: day(4) }), 409, "conflict");
	assert.deepEqual(errors(await patch(id, { quantity: "5", from: day(4) })), ["/from suspended"]);
	isProblem(await to(id, "resume", { from: day(2) }), 409, "conflict");
	const resumed = await to(id, "resume", { from: day(6) });
	assert.deepEqual(resumed.json.quantities.map((q) => q.quantity), ["3", "0", "3"]);
	assert.deepEqual(resumed.json.history.map((h) => h.kind), ["ordered", "suspended", "resumed"]);
	site.sql(`SET @id = (SELECT MAX(id) FROM subscription); UPDATE subscription SET starts = '2024-01-01' WHERE id = @id; UPDATE subscription_quantity SET starts = '2024-01-01', ends = '${day(-2, today)}' WHERE subscription_id = @id AND starts = '${month}';
		UPDATE subscription_quantity SET starts = '${day(-2, today)}' WHERE subscription_id = @id AND quantity = 0`);
	const now = (await gets.dealer("GET", `${base}/${id}`)).json;
	assert.deepEqual([now.state, now.quantity], ["suspended", "3"]);
	site.sql("DELETE FROM subscription_quantity WHERE subscription_id = (SELECT MAX(id) FROM subscription)");
});

test("an end before the commitment tells what is owed for its rest on both sides, and it is owed once it is done", async () => {
	const { id } = (await order({ quantity: "2", committed_until: day(200) })).json;
	const free = (await to(id, "end", { ends: day(100), early: true, preview: true })).json;
	assert.equal(Number(free.early.charged.amount), 0, "the offering says nothing of it");
	site.sql(`UPDATE offering SET early_end = 100 WHERE id = (SELECT offering_id FROM subscription ORDER BY id DESC LIMIT 1)`);
	const preview = await to(id, "end", { ends: day(100), early: true, preview: true });
	check("POST", `${base}/{id}/end`, preview);
	const { early, periods } = preview.json, more = (side) => Number(periods[0][side].after.amount) - Number(free.periods[0][side].after.amount);
	assert.ok(Number(early.charged.amount) > Number(early.cost.amount) && Number(early.cost.amount) > 0, JSON.stringify(early));
	for (const side of ["charged", "cost"]) assert.ok(Math.abs(more(side) - Number(early[side].amount)) < 0.005, `${side} of the period has it`);
	assert.equal(site.value("SELECT COUNT(*) FROM early_end"), "0", "a preview leaves nothing");
	assert.equal((await to(id, "end", { ends: day(100), early: true })).status, 200);
	assert.equal(site.value(`SELECT CONCAT(day, ' ', until, ' ', CAST(quantity AS INT)) FROM early_end`), `${day(100)} ${day(200)} 2`);
	assert.equal((await to(id, "renew", { ends: null })).status, 200);
	assert.equal(site.value("SELECT COUNT(*) FROM early_end"), "0", "it goes on");
	site.sql(`UPDATE offering SET early_end = 0 WHERE early_end > 0; UPDATE subscription SET ends = starts, state = 'ended' WHERE id = (SELECT x.id FROM (SELECT MAX(id) AS id FROM subscription) x)`);
});

test("a commitment is not ended by mistake, add-ons end with what they are added to, and an end can be put off", async () => {
	const main = (await order({ committed_until: day(200) })).json;
	assert.deepEqual(errors(await order({ addon_of: main.id, starts: month, account: publicId("account", own[1].id) })), ["/addon_of unknown"]);
	const addon = (await order({ addon_of: main.id, offering: other })).json;
	assert.equal(addon.addon_of, main.id);
	assert.deepEqual(errors(await order({ addon_of: addon.id })), ["/addon_of unknown"], "an add-on has none itself");
	const refused = await to(main.id, "end", { ends: day(100) });
	assert.deepEqual(errors(refused), ["/ends committed"]);
	assert.match(refused.json.errors[0].detail, new RegExp(day(200)));
	const ended = await to(main.id, "end", { ends: day(100), early: true });
	assert.deepEqual([ended.json.ends, ended.json.history.at(-1).early], [day(100), true]);
	assert.equal((await gets.dealer("GET", `${base}/${addon.id}`)).json.ends, day(100));
	assert.deepEqual(errors(await to(addon.id, "renew", { ends: day(101) })), ["/ends addon"]);
	assert.deepEqual(errors(await to(main.id, "renew", { ends: day(100) })), ["/ends order"]);
	assert.equal((await to(main.id, "renew", { ends: null })).json.ends, null);
	isProblem(await to(main.id, "renew", { ends: day(300) }), 409, "conflict");
	const never = (await to(addon.id, "end", { ends: month })).json;
	assert.deepEqual([never.ends, never.state], [month, "ended"]);
});

test("another plan begins as the one before ends, with what holds it, and a trial is free", async () => {
	const old = (await order({ committed_until: day(90), free_until: day(days) })).json;
	const previewed = await to(old.id, "change", { offering: other, from: day(5), preview: true }), trial = previewed.json;
	check("POST", `${base}/{id}/change`, previewed);
	assert.deepEqual(trial.periods.map((p) => [Number(p.charged.after.amount) - Number(p.charged.before.amount)]), [[0], [220]], "free days stay free");
	const { json, status } = await to(old.id, "change", { offering: other, from: day(5), quantity: "1" });
	assert.deepEqual([status, json.replaces, json.starts, json.quantity, json.unit_price, json.committed_until, json.free_until], [200, old.id, day(5), "1", eur("220.00"), day(90), day(days)]);
	const was = (await gets.dealer("GET", `${base}/${old.id}`)).json;
	assert.deepEqual([was.ends, was.history.at(-1).kind], [day(5), "replaced"]);
	isProblem(await to(old.id, "renew", { ends: null }), 409, "conflict");
	assert.deepEqual(errors(await to(json.id, "change", { offering: other, from: day(9) })), ["/offering same"]);
	assert.deepEqual(errors(await order({ free_until: month })), ["/free_until order"]);
});

test("what comes with an offering is ordered along at its own price, and follows it from then on", async () => {
	const [pack, mask, fee] = [["PACK", "recurring", 10], ["MASK", "recurring", 4], ["FEE", "one_time", 7]].map(([code, kind, price]) => {
		const row = site.value(`INSERT INTO offering (tenant_id, product_id, code, name, kind, unit, price, currency, shared) VALUES (${root}, 1, '${code}', '${code}', '${kind}', 'month', ${price}, 'EUR', 1) RETURNING id`);
		site.sql(`INSERT INTO offering_price (offering_id, starts, currency, model) VALUES (${row}, '2001-01-01', 'EUR', 'per_unit'); INSERT INTO offering_tier (price_id, tier, unit) SELECT id, 1, ${price} FROM offering_price WHERE offering_id = ${row}`);
		return publicId("offering", row);
	});
	const at = (id) => `/api/v1/offerings/${id}/parts`, tag = async (id) => (await gets.root("GET", at(id))).headers.etag;
	const bundle = async (id, parts, name = "root") => writes[name]("PUT", at(id), { parts }, { "If-Match": await tag(id) });
	const set = await bundle(pack, [{ offering: mask, quantity: "2.5" }, { offering: fee, quantity: "1" }]);
	assert.equal(set.status, 200, set.text);
	check("PUT", "/api/v1/offerings/{id}/parts", set);
	assert.deepEqual((await gets.dealer("GET", at(pack))).json.parts.map((p) => [p.name, p.quantity]), [["FEE", "1"], ["MASK", "2.5"]]);
	for (const [id, parts, wanted] of [[mask, [{ offering: fee, quantity: "1" }], ["/parts/0/offering unlike"]], [other, [{ offering: pack, quantity: "1" }], ["/parts/0/offering unlike"]], [fee, [{ offering: offering, quantity: "1" }], ["/parts/0/offering unlike"]],
		[other, [{ offering: other, quantity: "1" }], ["/parts/0/offering unlike"]], [other, [{ offering: fee, quantity: "0" }], ["/parts/0/quantity number"]], [other, [{ offering: fee }], ["/parts/0/quantity missing"]],
		[other, [{ offering: fee, quantity: "1" }, { offering: fee, quantity: "2" }], ["/parts/1/offering twice"]], [other, [{ offering: "x", quantity: "1" }], ["/parts/0/offering id"]], [other, {}, ["/parts missing"]]])
		assert.deepEqual(errors(await bundle(id, parts)), wanted, JSON.stringify(parts));
	isProblem(await bundle(other, [], "dealer"), 403, "forbidden");
	isProblem(await writes.root("PUT", at(pack), { parts: [] }, { "If-Match": '"old"' }), 412, "changed");

	// 1.1 of the list price for customers: 2 of PACK, 5 of MASK, 2 of FEE once.
	assert.deepEqual((await order({ offering: pack, preview: true })).json.periods.map((p) => p.charged.after.amount - p.charged.before.amount).map(Math.round), [22 + 22 + 15, 44]);
	const made = await order({ offering: pack }), row = site.value("SELECT MAX(id) - 2 FROM subscription");
	assert.equal(made.status, 201, made.text);
	assert.equal(made.json.id, publicId("subscription", row));
	const parts = () => site.sql(`SELECT o.code, s.id, COALESCE((SELECT q.quantity FROM subscription_quantity q WHERE q.subscription_id = s.id ORDER BY q.starts DESC LIMIT 1), s.quantity) + 0 AS n, s.bundled + 0 AS each_, s.starts, s.ends, s.unit_price + 0 AS price
		FROM subscription s JOIN offering o ON o.id = s.offering_id WHERE s.parent_id = ${row} ORDER BY o.code`).map((p) => [p.code, Number(p.n), Number(p.each_), p.starts, p.ends, Number(p.price)]);
	assert.deepEqual(parts(), [["FEE", 2, 1, month, null, 7.7], ["MASK", 5, 2.5, month, null, 4.4]]);
	const masked = publicId("subscription", site.value(`SELECT s.id FROM subscription s JOIN offering o ON o.id = s.offering_id AND o.code = 'MASK' WHERE s.parent_id = ${row}`));
	for (const answer of [await to(masked, "suspend", { from: day(3) }), await to(masked, "end", { ends: day(3) }), await patch(masked, { quantity: "1", from: day(3) })]) isProblem(answer, 409, "conflict");
	assert.equal((await gets.dealer("GET", `${base}/${masked}`)).json.bundled, "2.5");
	assert.equal((await patch(made.json.id, { quantity: "4", from: day(3) })).status, 200);
	assert.deepEqual(parts().map((p) => p[1]), [2, 10], "what is bought once stays as many");
	assert.equal((await to(made.json.id, "suspend", { from: day(4) })).status, 200);
	assert.deepEqual(parts().map((p) => p[1]), [2, 0]);
	assert.equal((await to(made.json.id, "resume", { from: day(5) })).status, 200);
	assert.deepEqual(parts().map((p) => p[1]), [2, 10]);
	assert.deepEqual((await gets.dealer("GET", `${base}/${masked}`)).json.history.map((h) => h.kind), ["ordered", "quantity", "suspended", "resumed"]);
	assert.equal((await bundle(pack, [])).status, 200);
	assert.equal(parts().length, 2, "what is subscribed stays as it is");
	assert.equal((await to(made.json.id, "end", { ends: day(40) })).status, 200);
	assert.equal((await to(made.json.id, "renew", { ends: null })).status, 200);
	assert.deepEqual(parts().map((p) => p[4]), [null, null]);
	const plan = await to(made.json.id, "change", { offering, quantity: "1", from: day(50) });
	assert.equal(plan.status, 200, plan.text);
	assert.deepEqual(parts().map((p) => [p[0], p[4]]), [["FEE", day(50)], ["MASK", day(50)]], "another plan brings its own parts, and the old ones end");
});

test("only what the seller may sell at a price can be ordered, for its own customers, by who has the right", async () => {
	for (const name of ["support", "patient"]) isProblem(await order({}, name), 403, "forbidden");
	for (const name of ["sibling", "above"]) assert.deepEqual(errors(await order({}, name)), ["/account unknown"]);
	const id = (await gets.dealer("GET", base)).json.data[0].id;
	for (const name of ["sibling", "above"]) isProblem(await to(id, "suspend", {}, name), 404, "not_found");
	assert.equal((await order({ preview: true }, "root")).status, 200, "the provider does it for anybody");
	const sales = await writes.sales("POST", base, { customer: publicId("customer", own[0].customer_id), offering, quantity: "1", starts: month, preview: true });
	assert.equal(sales.status, 200, sales.text);
	assert.deepEqual(errors(await order({ offering: publicId("offering", 9999) })), ["/offering unknown"]);
	site.sql(`UPDATE offering SET shared = 0 WHERE id = ${big}`);
	for (const name of ["dealer", "root"]) assert.deepEqual(errors(await order({ offering: other }, name)), ["/offering unknown"], "what is the provider's own is not sold by others");
	site.sql(`UPDATE offering SET shared = 1 WHERE id = ${big}; INSERT INTO product_share (tenant_id, product_id) SELECT ${nord}, MAX(id) FROM product_segment WHERE level = 1`);
	assert.deepEqual(errors(await order({ offering: other }, "root")), ["/offering unknown"], "nor what a share above keeps from them, whoever asks");
	site.sql(`DELETE FROM product_share WHERE tenant_id = ${nord}; UPDATE price_rule SET method = 'fixed', value = 1, floor = 2 WHERE version_id = 9003`);
	assert.deepEqual(errors(await order({})), ["/offering no_price"]);
	site.sql("UPDATE price_rule SET method = 'cost_plus_pct', value = 25, floor = NULL WHERE version_id = 9003");
	assert.deepEqual(errors(await writes.dealer("POST", base, {})), ["/account missing", "/offering missing", "/quantity missing"]);
	assert.deepEqual(errors(await order({ starts: null })), ["/starts missing"], "only a preview finds the day itself");
	assert.ok((await order({ starts: null, preview: true })).json.from >= first);
	for (const [what, member] of [["suspend", "from"], ["resume", "from"], ["end", "ends"], ["renew", "ends"]]) assert.deepEqual(errors(await to(id, what, {})), [`/${member} missing`]);
	assert.deepEqual(errors(await order({ ends: month, quantity: 2, cost: "1" })), ["/quantity number", "/cost not_writable"]);
});

test("the customer sees its subscription and how many when, and never who changed it or what its seller pays", async () => {
	const mine = site.value(`SELECT customer_id FROM user WHERE email = '${who.patient}'`);
	const made = await writes.dealer("POST", base, { customer: publicId("customer", mine), offering, quantity: "1", starts: month });
	assert.equal(made.status, 201, made.text);
	const seen = (await gets.patient("GET", `${base}/${made.json.id}`)).json;
	assert.deepEqual([seen.state, seen.quantities, "history" in seen, "cost" in seen], ["planned", [], false, false]);
	assert.equal((await gets.root("GET", `${base}/${made.json.id}`)).json.history[0].user_name, made.json.history[0].user_name);
});
clean(site);
