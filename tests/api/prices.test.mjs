// Price lists: their drafts, what was published, and who may see them.  Nobody but who sells by a list knows of it, and the provider.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { as, user, writer } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true });
const { check } = await openapi(site), publicId = sealer(site, vocabulary());
const base = "/api/v1/price-lists";
const who = { dealer: "owner@specimen-sleep.example", parent: "owner@nordmuster.example", child: "owner@example-homecare.example", sibling: "owner@musterplatz.example", root: "admin@pneumuster.example" };
const gets = {}, writes = {};
for (const [name, email] of Object.entries(who)) {
	gets[name] = await as(site, user(site, email));
	writes[name] = await writer(site, user(site, email));
}
const today = site.value("SELECT CAST(UTC_DATE() AS CHAR)"), inDays = (n) => new Date(Date.parse(`${today}T00:00:00Z`) + n * 86400000).toISOString().slice(0, 10);
const dealer = site.value("SELECT id FROM tenant WHERE slug = 'specimen-sleep'");
const offerings = site.sql("SELECT id, product_id AS product FROM offering WHERE shared = 1 ORDER BY id LIMIT 3").map((row) => ({ id: publicId("offering", row.id), row: row.id, product: publicId("product", row.product) }));
const account = site.value(`SELECT MIN(id) FROM account WHERE tenant_id = ${dealer}`), foreign = site.value("SELECT MIN(a.id) FROM account a JOIN tenant t ON t.id = a.tenant_id WHERE t.slug = 'musterplatz'");
const errors = (answer) => isProblem(answer, 422, "invalid").errors.map((e) => `${e.pointer} ${e.code}`);

const made = await writes.dealer("POST", base, { code: "spring", name: "Spring <b>prices</b>", currency: "GBP" }, {});
assert.equal(made.status, 201, made.text);
const list = `${base}/${made.json.id}`;
const draft = () => gets.dealer("GET", `${list}/draft`);
const write = async (rules) => writes.dealer("PATCH", `${list}/draft`, { rules }, { "If-Match": (await draft()).headers.etag });
/** The members of a rule that say something. */
const said = (rules) => rules.map((rule) => Object.fromEntries(Object.entries(rule).filter(([name, value]) => value !== null && !/_(name|number)$/.test(name) && !(name === "tiers" && value.length === 0))));

test("a new list has no version, its code is one at its seller, and each fault has its pointer", async () => {
	check("POST", base, made);
	assert.deepEqual([made.json.versions, made.json.draft, made.json.starts, made.json.is_default], [[], false, null, false]);
	assert.deepEqual(errors(await writes.dealer("POST", base, { code: "spring", name: "Again", currency: "GBP" }, {})), ["/code taken"]);
	assert.deepEqual(errors(await writes.dealer("POST", base, { code: "A b", name: "", currency: "XXX1", tenant: "x", is_default: 1 }, {})),
		["/code code", "/name length", "/currency code", "/tenant not_writable", "/is_default type"]);
	assert.deepEqual(errors(await writes.dealer("POST", base, {}, {})), ["/code missing", "/name missing", "/currency missing"]);
	assert.deepEqual(errors(await writes.dealer("POST", base, { code: "x", name: "X", currency: "XXX" }, {})), ["/currency code"]);
});

test("a list is nothing to who its seller buys from, to who buys from it and to anybody beside it", async () => {
	for (const name of ["parent", "child", "sibling"]) {
		for (const at of [list, `${list}/rules`, `${list}/draft`]) isProblem(await gets[name]("GET", at), 404, "not_found");
		assert.ok(!(await gets[name]("GET", `${base}?limit=200`)).text.includes(made.json.id));
		isProblem(await writes[name]("POST", `${list}/draft`, {}, {}), 404, "not_found");
		isProblem(await writes[name]("POST", `${list}/publish`, { starts: inDays(1) }, {}), 404, "not_found");
	}
	assert.equal((await gets.root("GET", list)).status, 200);
	isProblem(await writes.root("POST", `${list}/draft`, {}, {}), 409, "conflict"); // it sees all and writes its own alone
});

test("a draft is begun once, and all its rules are written anew with the state that was read", async () => {
	isProblem(await draft(), 404, "not_found");
	const begun = await writes.dealer("POST", `${list}/draft`, {}, {});
	assert.equal(begun.status, 200, begun.text);
	assert.deepEqual(begun.json, { state: "draft", starts: null, rules: [] });
	isProblem(await writes.dealer("POST", `${list}/draft`, {}, {}), 409, "conflict");
	isProblem(await writes.dealer("PATCH", `${list}/draft`, { rules: [] }, {}), 428, "need_match");
	isProblem(await writes.dealer("PATCH", `${list}/draft`, { rules: [] }, { "If-Match": '"old"' }), 412, "changed");
	const rules = [
		{ account: publicId("account", account), offering: offerings[0].id, method: "fixed", value: "9.9", starts: inDays(1), ends: inDays(20) },
		{ offering: offerings[0].id, method: "tiers", tiers: [{ unit: "3", flat: "1", above: "0", up_to: "10" }, { unit: "2.5", flat: "0", above: "10" }] },
		{ offering: offerings[1].id, method: "cost_plus_abs", value: "0.000001", floor: "1" },
		{ product: offerings[2].product, method: "rrp_minus_pct", value: "12.5" },
		{ method: "pass_through" },
	];
	const answer = await write(rules);
	assert.equal(answer.status, 200, answer.text);
	const closed = (rule) => ({ ...rule, ...(rule.tiers ? { tiers: rule.tiers.map((tier) => ({ up_to: null, ...tier })).map((tier) => Object.entries(tier).sort()) } : {}) });
	const sorted = (list_) => said(list_).map(closed).map((rule) => JSON.stringify(Object.entries(rule).sort())).sort();
	assert.deepEqual(sorted(answer.json.rules), sorted(rules));
	assert.deepEqual((await draft()).json, answer.json);
	// What was read can be sent back as it is, but for the names that stand beside the ids.
	const again = await write(said(answer.json.rules));
	assert.deepEqual(again.json, answer.json, again.text);
});

test("each fault of a rule is told where it is, and nothing is written", async () => {
	const before = (await draft()).json, [one] = offerings;
	const faults = [
		[{ method: "fixed" }, "/rules/0/value missing"], [{ method: "fixed", value: 3 }, "/rules/0/value number"], [{ method: "fixed", value: "-1" }, "/rules/0/value number"],
		[{ method: "fixed", value: "1.0000001" }, "/rules/0/value number"], [{ method: "fixed", value: "1000000000000" }, "/rules/0/value number"],
		[{ method: "rrp_minus_pct", value: "100.1" }, "/rules/0/value number"], [{ method: "pass_through", value: "1" }, "/rules/0/value needless"],
		[{ method: "gift" }, "/rules/0/method code"], [{}, "/rules/0/method missing"], [{ method: "pass_through", offering: one.id, product: one.product }, "/rules/0/product both"],
		[{ method: "pass_through", offering: "off_x" }, "/rules/0/offering id"], [{ method: "pass_through", offering: publicId("offering", 999999) }, "/rules/0/offering unknown"],
		[{ method: "pass_through", product: publicId("product", 400) }, "/rules/0/product unknown"],
		[{ method: "pass_through", account: publicId("account", foreign) }, "/rules/0/account unknown"],
		[{ method: "pass_through", starts: "2026-13-01" }, "/rules/0/starts date"], [{ method: "pass_through", starts: inDays(3), ends: inDays(3) }, "/rules/0/ends order"],
		[{ method: "tiers" }, "/rules/0/tiers missing"], [{ method: "tiers", tiers: [] }, "/rules/0/tiers length"], [{ method: "pass_through", tiers: [{ unit: "1" }] }, "/rules/0/tiers needless"],
		[{ method: "tiers", tiers: [{ unit: "1", up_to: "5" }, { unit: "1", above: "6" }] }, "/rules/0/tiers/1/above gap"],
		[{ method: "tiers", tiers: [{ unit: "1", up_to: "5" }] }, "/rules/0/tiers open"], [{ method: "tiers", tiers: [{}] }, "/rules/0/tiers/0/unit missing"],
		[{ method: "pass_through", floor: "x" }, "/rules/0/floor number"], [{ method: "pass_through", price: "1" }, "/rules/0/price unknown"], ["x", "/rules/0 type"],
	];
	for (const [rule, fault] of faults) assert.deepEqual(errors(await write([rule])), [fault], JSON.stringify(rule));
	assert.deepEqual(errors(await write([{ method: "pass_through" }, { method: "fixed", value: "1" }])), ["/rules/1 twice"]);
	assert.deepEqual(errors(await write([{ method: "pass_through", ends: inDays(3) }, { method: "fixed", value: "1", starts: inDays(2) }])), ["/rules/1 twice"]);
	assert.deepEqual(errors(await write(Array.from({ length: 1001 }, () => ({ method: "pass_through" })))), ["/rules length"]);
	const nothing = await writes.dealer("PATCH", `${list}/draft`, { starts: today }, { "If-Match": (await draft()).headers.etag });
	assert.deepEqual(errors(nothing), ["/starts not_writable", "/rules missing"]);
	assert.deepEqual((await draft()).json, before);
});

test("what the parent does not share cannot be named, and what is hidden stays in the draft", async () => {
	const before = (await draft()).json, other = site.value(`SELECT p.id FROM product_segment p JOIN offering o ON o.product_id = p.id WHERE o.id <> ${offerings[0].row} AND p.id <> (SELECT product_id FROM offering WHERE id = ${offerings[0].row}) AND p.level > 0 LIMIT 1`);
	site.sql(`INSERT INTO product_share (tenant_id, product_id) VALUES (${dealer}, ${other}); UPDATE channel_version SET version = version + 1`);
	assert.deepEqual(errors(await write([{ method: "pass_through", offering: offerings[0].id }, { method: "pass_through", product: offerings[0].product }])), ["/rules/0/offering unknown", "/rules/1/product unknown"]);
	const seen = (await draft()).json;
	assert.ok(seen.rules_hidden > 0 && seen.rules.length + seen.rules_hidden === before.rules.length, JSON.stringify(seen));
	assert.equal((await write(said(seen.rules))).json.rules_hidden, seen.rules_hidden);
	site.sql(`DELETE FROM product_share WHERE tenant_id = ${dealer}; UPDATE channel_version SET version = version + 1`);
	assert.deepEqual((await draft()).json, before);
});

test("a draft is published from a day on that is neither over nor before the newest, and never changes again", async () => {
	const publish = (starts) => writes.dealer("POST", `${list}/publish`, { starts }, {});
	assert.deepEqual(errors(await publish(inDays(-1))), ["/starts order"]);
	assert.deepEqual(errors(await publish("2026-02-30")), ["/starts date"]);
	assert.deepEqual(errors(await writes.dealer("POST", `${list}/publish`, {}, {})), ["/starts missing"]);
	const rules = (await draft()).json.rules, done = await publish(today);
	assert.equal(done.status, 200, done.text);
	assert.deepEqual([done.json.starts, done.json.draft, done.json.versions], [today, false, [{ starts: today }]]);
	isProblem(await publish(inDays(1)), 409, "conflict");
	isProblem(await draft(), 404, "not_found");
	const shown = (await gets.dealer("GET", `${list}/rules`)).json;
	assert.deepEqual(shown, { state: "published", starts: today, rules });
	assert.deepEqual((await gets.dealer("GET", `${list}/rules?starts=${today}`)).json, shown);
	isProblem(await gets.dealer("GET", `${list}/rules?starts=${inDays(1)}`), 404, "not_found");
	isProblem(await gets.dealer("GET", `${list}/rules?starts=x`), 400, "bad_parameter");
	isProblem(await gets.dealer("GET", `${list}/rules?start=${today}`), 400, "unknown_parameter");

	// The next one begins as the newest is, tiers too, and not on the same day.
	assert.deepEqual((await writes.dealer("POST", `${list}/draft`, {}, {})).json.rules, rules);
	assert.deepEqual(errors(await publish(today)), ["/starts order"]);
	assert.equal((await write([])).status, 200);
	isProblem(await publish(inDays(5)), 409, "conflict"); // without a rule nothing would have a price
	await write([{ method: "rrp_plus_pct", value: "3" }]);
	assert.deepEqual((await publish(inDays(5))).json.versions, [{ starts: inDays(5) }, { starts: today }]);
	assert.equal((await gets.dealer("GET", `${list}/rules`)).json.starts, today);

	for (const sql of ["UPDATE price_version SET starts = '2030-01-01'", "UPDATE price_version SET state = 'draft'", "DELETE FROM price_rule_tier", "DELETE FROM price_rule"])
		assert.throws(() => site.sql(`${sql} WHERE ${/tier/.test(sql) ? "rule_id IN (SELECT id FROM price_rule)" : "id > 0"}`), /a published version never changes/, sql);
});

test("a list is renamed, and one is the default of its currency at its seller", async () => {
	const second = (await writes.dealer("POST", base, { code: "second", name: "Second", currency: "GBP", is_default: true }, {})).json;
	assert.equal(second.is_default, true);
	const patch = async (body) => writes.dealer("PATCH", list, body, { "If-Match": (await gets.dealer("GET", list)).headers.etag });
	const answer = await patch({ name: "Another name", is_default: true });
	assert.equal(answer.status, 200, answer.text);
	check("PATCH", `${base}/{id}`, answer);
	assert.deepEqual([answer.json.name, answer.json.is_default, (await gets.dealer("GET", `${base}/${second.id}`)).json.is_default], ["Another name", true, false]);
	assert.deepEqual(errors(await patch({ currency: "EUR", code: "x" })), ["/currency not_writable", "/code not_writable"]);
	assert.equal(site.value(`SELECT COUNT(*) FROM audit WHERE action LIKE 'price\\_list.%' AND object_id = (SELECT id FROM price_list WHERE code = 'spring')`) > 5, true);
});

clean(site);
