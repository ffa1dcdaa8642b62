// The catalogue is written: offerings, their list prices from a day on, and what who sells takes as tax; what was billed stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { book } from "../lib/book.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { as, user, writer } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true });
const { check } = await openapi(site), publicId = sealer(site, vocabulary());
const base = "/api/v1/offerings", taxes = "/api/v1/tax-rules";
const who = { root: "admin@pneumuster.example", seller: "owner@nordmuster.example", dealer: "owner@musterplatz.example" };
const gets = {}, writes = {};
for (const [name, email] of Object.entries(who)) {
	gets[name] = await as(site, user(site, email));
	writes[name] = await writer(site, user(site, email));
}
/** The product segment of that offering. */
const segment = (code) => publicId("product", site.value(`SELECT product_id FROM offering WHERE code = '${code}'`));
const errors = (answer) => isProblem(answer, 422, "invalid").errors.map((e) => `${e.pointer} ${e.code}`);
const post = (at, body, as_ = "root") => writes[as_]("POST", at, body, {});
const good = { code: "NEW-1", name: "Nebuliser, rental", kind: "recurring", unit: "month", product: segment("DEV-CPAP"), currency: "EUR" };
const patch = async (id, body) => writes.root("PATCH", `${base}/${id}`, body, { "If-Match": (await gets.root("GET", `${base}/${id}`)).headers.etag });
const row = (code) => site.value(`SELECT id FROM offering WHERE code = '${code}'`);

let made;
test("who keeps the catalogue puts something into it; it is seen in the channel once it is shared", async () => {
	const answer = await post(base, good);
	assert.equal(answer.status, 201, answer.text);
	check("POST", base, answer);
	made = answer.json;
	assert.deepEqual({ ...made, id: null }, { id: null, ...good, price: null, shared: false, early_end: "0", state: "active" });
	isProblem(await gets.seller("GET", `${base}/${made.id}`), 404, "not_found");
	assert.equal((await patch(made.id, { shared: true, name: "Nebuliser" })).status, 200);
	const { json } = await gets.seller("GET", `${base}/${made.id}`);
	assert.deepEqual([json.name, json.shared, json.currency], ["Nebuliser", true, "EUR"]);
	assert.equal(site.value(`SELECT COUNT(*) FROM audit WHERE action IN ('offering.create', 'offering.edit') AND object_id = ${row("NEW-1")}`), "2");
	isProblem(await post(base, { ...good, code: "NEW-2" }, "seller"), 403, "forbidden");
	isProblem(await writes.root("PATCH", `${base}/${made.id}`, { name: "Late" }, { "If-Match": answer.headers.etag ?? '"old"' }), 412, "changed");
});

test("each fault of an offering has its pointer, and what never changes is not taken", async () => {
	const n = site.value("SELECT COUNT(*) FROM offering");
	for (const [body, wanted] of [[{}, ["/product missing", "/code missing", "/name missing", "/kind missing", "/unit missing", "/currency missing"]], [{ ...good }, ["/code taken"]],
		[{ ...good, code: "a b" }, ["/code code"]], [{ ...good, code: "N", name: " " }, ["/name length"]], [{ ...good, code: "N", kind: "x", unit: "parsec", currency: "XXX", shared: 1 }, ["/kind code", "/unit code", "/currency code", "/shared type"]],
		[{ ...good, code: "N", product: made.id }, ["/product id"]], [{ ...good, code: "N", product: publicId("product", 9999) }, ["/product unknown"]], [{ ...good, code: "N", price: "1" }, ["/price not_writable"]], [{ ...good, code: "N", early_end: "100.5" }, ["/early_end number"]], [{ ...good, code: "N", early_end: 5 }, ["/early_end number"]], [{ ...good, code: "N", state: "ended" }, ["/state not_writable"]]])
		assert.deepEqual(errors(await post(base, body)), wanted, JSON.stringify(body));
	assert.equal(site.value("SELECT COUNT(*) FROM offering"), n);
	for (const body of [{ code: "N" }, { kind: "usage" }, { unit: "hour" }, { currency: "JPY" }]) assert.deepEqual(errors(await patch(made.id, body)), [`/${Object.keys(body)[0]} not_writable`]);
	assert.deepEqual(errors(await patch(made.id, { state: "gone" })), ["/state code"]);
});

test("an offering goes to another segment until something of it is bought, and ends without ending what is subscribed", async () => {
	const moved = await patch(made.id, { product: segment("DEV-O2") });
	assert.equal(moved.json.product, segment("DEV-O2"));
	const sold = publicId("offering", row("DEV-CPAP")), active = () => site.value(`SELECT COUNT(*) FROM subscription WHERE offering_id = ${row("DEV-CPAP")} AND state = 'active'`), before = active();
	assert.deepEqual(errors(await patch(sold, { product: segment("DEV-O2") })), ["/product sold"]);
	assert.equal((await patch(sold, { product: segment("DEV-CPAP"), state: "ended" })).json.state, "ended");
	assert.equal(active(), before);
	assert.equal((await patch(sold, { state: "active" })).json.state, "active");
});

test("a role that is kept to product segments writes these alone", async () => {
	const [keeper] = site.sql("SELECT u.id, u.email, u.role_id FROM user u JOIN role r ON r.id = u.role_id WHERE r.code = 'catalogue_manager' ORDER BY u.id LIMIT 1"), had = keeper.role_id;
	const [{ id: role }] = site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) SELECT id, NULL, 'Kept', 'admin', 0 FROM tenant WHERE level = 0 RETURNING id`);
	for (const verb of ["read", "create", "edit", "price"]) site.sql(`INSERT INTO role_grant (role_id, action, scope) VALUES (${role}, 'offering.${verb}', 'all')`);
	for (const field of ["id", "product", "code", "name"]) site.sql(`INSERT INTO role_field (role_id, field, level) VALUES (${role}, 'offering.${field}', 'write')`);
	site.sql(`INSERT INTO role_product VALUES (${role}, (SELECT product_id FROM offering WHERE code = 'DEV-O2')); UPDATE user SET role_id = ${role} WHERE id = ${keeper.id}; UPDATE channel_version SET version = version + 1`);
	const send = await writer(site, user(site, keeper.email));
	assert.deepEqual(errors(await send("POST", base, { ...good, code: "NEW-3" }, {})), ["/product unknown"]);
	const own = await send("POST", base, { ...good, code: "NEW-3", product: segment("DEV-O2") }, {});
	assert.equal(own.status, 201, own.text);
	const foreign = publicId("offering", row("DEV-CPAP"));
	isProblem(await send("PATCH", `${base}/${foreign}`, { name: "x" }, { "If-Match": '"x"' }), 404, "not_found");
	isProblem(await send("POST", `${base}/${foreign}/prices`, {}, {}), 404, "not_found");
	site.sql(`UPDATE user SET role_id = ${had} WHERE id = ${keeper.id}; UPDATE channel_version SET version = version + 1`);
});

const prices = async (id, as_ = "root") => (await gets[as_]("GET", `${base}/${id}/prices`)).json;
test("a price holds from its day on, with its tiers; the same day takes the place of what was not billed", async () => {
	const at = `${base}/${made.id}/prices`, first = { starts: "2020-01-01", currency: "EUR", model: "per_unit", tiers: [{ unit: "12.5" }] };
	assert.deepEqual(await prices(made.id), { prices: [], billed_until: null });
	const answer = await post(at, first);
	assert.equal(answer.status, 200, answer.text);
	check("POST", `${base}/{id}/prices`, answer);
	assert.deepEqual((await gets.root("GET", `${base}/${made.id}`)).json.price, { amount: "12.50", currency: "EUR" });
	await post(at, { ...first, starts: "2199-01-01", tiers: [{ unit: "99" }] });
	assert.equal((await gets.root("GET", `${base}?q=Nebul`)).json.data[0].price.amount, "12.50", "what begins later does not hold yet");
	const graduated = { ...first, model: "graduated", tiers: [{ unit: "9", up_to: "10" }, { unit: "8", up_to: "100", flat: "1" }, { unit: "7.123456" }] };
	assert.equal((await post(at, graduated)).status, 200);
	const tiers = [{ unit: "9", flat: "0", above: "0", up_to: "10" }, { unit: "8", flat: "1", above: "10", up_to: "100" }, { unit: "7.123456", flat: "0", above: "100", up_to: null }];
	const all = await prices(made.id, "seller");
	assert.deepEqual(all.prices.map((one) => [one.starts, one.model, one.size, one.included]), [["2199-01-01", "per_unit", "1", "0"], ["2020-01-01", "graduated", "1", "0"]]);
	assert.deepEqual(all.prices[1].tiers, tiers);
	assert.equal("billed_until" in all, false, "who does not set prices is not told when they were billed");
	assert.equal((await gets.root("GET", `${base}/${made.id}`)).json.price.amount, "9.00");
});

test("a bill shows what an offering is called in the language of who gets it, and the portal what it is called itself", async () => {
	const at = `${base}/${made.id}/names`, tag = async () => (await gets.root("GET", at)).headers.etag, put = async (names, as_ = "root") => writes[as_]("PUT", at, { names }, { "If-Match": await tag() });
	const answer = await put({ de: "Vernebler", ja: "ネブライザー" });
	assert.equal(answer.status, 200, answer.text);
	check("PUT", `${base}/{id}/names`, answer);
	assert.deepEqual((await gets.seller("GET", at)).json, { names: { de: "Vernebler", ja: "ネブライザー" } });
	for (const [names, wanted] of [[{ xx: "x" }, ["/names/xx code"]], [{ de: " " }, ["/names/de length"]], [{ de: 5, fr: "x".repeat(101) }, ["/names/de length", "/names/fr length"]], [null, ["/names missing"]]])
		assert.deepEqual(errors(await put(names)), wanted, JSON.stringify(names));
	isProblem(await put({}, "seller"), 403, "forbidden");
	assert.deepEqual((await put({})).json, { names: {} });
});

test("the customer's portal calls an offering as its reader does, or by its own name; whoever sells goes by its own name", async () => {
	const [reader] = site.sql(`SELECT u.id, u.email, u.customer_id AS customer FROM user u JOIN role r ON r.id = u.role_id AND r.code = 'customer_owner' JOIN tenant n ON n.id = u.tenant_id AND n.slug = 'musterplatz'
		WHERE u.state = 'active' AND EXISTS (SELECT 1 FROM subscription s WHERE s.customer_id = u.customer_id) ORDER BY u.id LIMIT 1`);
	const [sub_] = site.sql(`SELECT s.id, s.offering_id AS offering, o.name FROM subscription s JOIN offering o ON o.id = s.offering_id WHERE s.customer_id = ${reader.customer} ORDER BY o.name DESC LIMIT 1`), own = sub_.name;
	/* Another one whose own name comes first, and its German name last. */
	const other = site.value(`SELECT MIN(id) FROM offering WHERE shared = 1 AND name < '${own}'`), span = "from=2026-01-01&to=2026-02-01";
	site.sql(`INSERT INTO usage_source (id, tenant_id, code) SELECT 900, tenant_id, 'called' FROM subscription WHERE id = ${sub_.id}; INSERT INTO usage_batch (id, tenant_id, way, created, \`lines\`, received, done) SELECT 900, tenant_id, 'file', '2026-01-01', 2, 2, 1 FROM subscription WHERE id = ${sub_.id};
		INSERT INTO usage_event (source_id, event, tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, quantity, at, day, batch_id, line) SELECT 900, o.id, s.tenant_id, s.customer_id, s.segment_id, s.group_id, s.agent_id, s.account_id, o.id, o.product_id, 1, '2026-01-05', '2026-01-05', 900, o.id
		FROM subscription s JOIN offering o ON o.id IN (${sub_.offering}, ${other}) WHERE s.id = ${sub_.id}`);
	site.sql(`INSERT INTO alert (tenant_id, customer_id, segment_id, account_id, offering_id, product_id, starts, ends, threshold, used, included, at, told) SELECT tenant_id, customer_id, segment_id, account_id, offering_id, product_id, '2026-01-01', '2026-02-01', 80, 9, 10, '2026-01-20', 1 FROM subscription WHERE id = ${sub_.id};
		REPLACE INTO offering_name VALUES (${sub_.offering}, 'de', 'Äußerst genau'), (${other}, 'de', 'Zuletzt'), (${other}, 'fr', 'Aussi'); DELETE FROM offering_name WHERE offering_id = ${sub_.offering} AND language = 'fr'`);
	const ask = await as(site, reader.email), of = (rows) => rows.filter((one) => one.offering === publicId("offering", sub_.offering)).map((one) => one.offering_name);
	const lists = ["subscriptions?limit=200", "usage?limit=200", `usage/totals?${span}`, `usage/totals?${span}&by=day`, "alerts?limit=200"];
	const called = async (who, more = "") => {
		const all = [];
		for (const path of lists) all.push(...of((await gets_(who, `/api/v1/${path}${more}`)).json.data));
		all.push((await gets_(who, `/api/v1/subscriptions/${publicId("subscription", sub_.id)}`)).json.offering_name);
		assert.ok(all.length > lists.length, `${all}`);
		return [...new Set(all)];
	};
	const gets_ = async (who, path) => {
		const answer = await who("GET", path);
		assert.equal(answer.status, 200, `${path}: ${answer.text}`);
		return answer;
	};
	const speaks = (language) => site.sql(`UPDATE user SET language = '${language}' WHERE id = ${reader.id}`);
	const order = async () => (await gets_(ask, `/api/v1/usage/totals?${span}`)).json.data.map((one) => one.offering_name).filter((name) => ["Äußerst genau", "Zuletzt", "Aussi", own].includes(name));
	speaks("de");
	assert.deepEqual(await called(ask), ["Äußerst genau"], "at once in the language of the session");
	assert.deepEqual(await order(), ["Äußerst genau", "Zuletzt"], "sums are sorted by what is shown");
	assert.deepEqual((await gets_(ask, "/api/v1/subscriptions?format=csv")).text.includes("Äußerst genau"), true, "a file says the same");
	speaks("fr");
	assert.deepEqual(await called(ask), [own], "in a language that it has no name in it goes by its own");
	assert.deepEqual(await order(), ["Aussi", own].sort());
	site.sql(`UPDATE user SET language = 'de' WHERE email IN ('${who.dealer}', '${who.root}')`);
	for (const seller of ["dealer", "root"]) assert.deepEqual(await called(gets[seller], `&customer=${publicId("customer", reader.customer)}`), [own], seller);
});

test("each fault of a price has its pointer, and what was refused changed nothing", async () => {
	const at = `${base}/${made.id}/prices`, body = { starts: "2021-01-01", currency: "EUR", model: "per_unit", tiers: [{ unit: "1" }] }, before = await prices(made.id);
	for (const [more, wanted] of [[{ starts: undefined, currency: undefined, model: undefined, tiers: undefined }, ["/starts missing", "/currency missing", "/model missing", "/tiers missing"]], [{ starts: "1.1.2021" }, ["/starts date"]],
		[{ currency: "JPY" }, ["/currency currency"]], [{ model: "x" }, ["/model code"]], [{ size: "2" }, ["/size needless"]], [{ model: "package", size: "0" }, ["/size number"]], [{ included: "5" }, ["/included needless"]],
		[{ tiers: [] }, ["/tiers length"]], [{ tiers: [{ unit: "1", up_to: "5" }] }, ["/tiers open"]], [{ tiers: [{ unit: "1", up_to: "5" }, { unit: "1" }] }, ["/tiers needless"]], [{ tiers: [{ unit: "-1" }] }, ["/tiers/0/unit number"]],
		[{ model: "volume", tiers: [{ unit: "1", up_to: "5" }, { unit: "1", up_to: "4" }, { unit: "1" }] }, ["/tiers/1/up_to order"]], [{ tiers: [{ flat: "1" }] }, ["/tiers/0/unit missing"]], [{ ends: "2022-01-01" }, ["/ends not_writable"]]])
		assert.deepEqual(errors(await post(at, { ...body, ...more })), wanted, JSON.stringify(more));
	assert.deepEqual(await prices(made.id), before);
	isProblem(await post(at, body, "seller"), 403, "forbidden");
});

test("what a run has billed keeps its price and its tax; from its end on both can change, and so can all where it is cancelled", async () => {
	const { period, root, dealer } = book(site), { period_start, period_end } = period();
	const run = await post("/api/v1/bill-runs", { tenant: publicId("tenant", dealer), cycle_day: 1, ...period() });
	assert.equal(run.status, 201, run.text);
	await until("the run has its drafts", async () => ["checked", "held"].includes((await gets.root("GET", `/api/v1/bill-runs/${run.json.id}`)).json.state));
	const live = site.value("SELECT MAX(run_id) FROM chain_price"), billed = site.value(`SELECT MIN(offering_id) FROM chain_price WHERE run_id = ${live} AND state = 'priced'`), id = publicId("offering", billed);
	for (const [language, name] of [["de", "Masken-Abonnement"], ["en", "Mask subscription"]]) {
		const draft = site.value(`SELECT MIN(d.id) FROM draft d JOIN account a ON a.id = d.account_id JOIN customer c ON c.id = a.customer_id AND c.language = '${language}' AND c.buyer_id IS NULL
			JOIN billable b ON b.account_id = a.id AND b.run_id = d.run_id JOIN offering o ON o.id = b.offering_id AND o.code = 'SUB-MASK' WHERE d.run_id = ${live}`);
		if (draft !== null) assert.ok((await gets.root("GET", `/api/v1/drafts/${publicId("draft", draft)}`)).json.lines.some((line) => line.description === name), `${language} ${draft}`);
		else assert.equal(language, "en", "somebody reads German");
	}
	const lines = () => site.sql(`SELECT h.billable_id, h.position, h.unit, h.net, h.tax_rate FROM charge h ORDER BY 1, 2`), before = lines(), had = await prices(id);
	assert.ok(before.length > 0);
	assert.equal(had.billed_until, period_end);
	const body = { starts: period_start, currency: "EUR", model: "per_unit", tiers: [{ unit: "0.5" }] }, at = `${base}/${id}/prices`;
	for (const starts of ["2000-01-01", period_start, site.value(`SELECT '${period_end}' - INTERVAL 1 DAY`)]) {
		const refused = await post(at, { ...body, starts });
		assert.deepEqual(errors(refused), ["/starts billed"]);
		assert.ok(refused.json.errors[0].detail.includes(period_end), "the first day that is possible is named");
		assert.deepEqual(errors(await post(taxes, { starts, category: "S", rate: "7" }, "dealer")), ["/starts billed"]);
	}
	assert.deepEqual((await prices(id)).prices, had.prices);
	assert.equal((await post(at, { ...body, starts: period_end })).status, 200);
	const tax = await post(taxes, { starts: period_end, category: "S", rate: "7" }, "dealer");
	assert.equal(tax.status, 201, tax.text);
	assert.deepEqual(lines(), before, "nothing that was billed changed");
	assert.deepEqual((await prices(id)).prices.slice(1), had.prices);
	assert.equal(site.value(`SELECT COUNT(*) FROM tax_rule WHERE seller_id = ${root} AND starts = '${period_end}'`), "0", `of ${dealer} alone`);
	site.sql(`UPDATE bill_run SET phase = 'cancelled' WHERE id = ${live}`);
	assert.equal((await post(at, body)).status, 200);
	assert.equal((await post(taxes, { starts: period_start, category: "S", rate: "7" }, "dealer")).status, 201);
});

test("a tax is its seller's own: seen by that house and the provider, for one offering or for all", async () => {
	const offering = publicId("offering", row("DEV-CPAP")), body = { offering, starts: "2150-01-01", category: "Z", rate: "0" };
	const one = await post(taxes, body, "seller");
	assert.equal(one.status, 201, one.text);
	check("POST", taxes, one);
	assert.deepEqual([one.json.offering, one.json.category, one.json.rate, one.json.tenant_name], [offering, "Z", "0", site.value("SELECT name FROM tenant WHERE slug = 'nordmuster'")]);
	const again = await post(taxes, { ...body, category: "S", rate: "7.25" }, "seller");
	assert.deepEqual([again.json.id, again.json.rate], [one.json.id, "7.25"], "the same day takes the place of what was not billed");
	isProblem(await gets.dealer("GET", `${taxes}/${one.json.id}`), 404, "not_found");
	assert.equal((await gets.root("GET", `${taxes}/${one.json.id}`)).json.rate, "7.25");
	for (const [more, wanted] of [[{ rate: "101" }, ["/rate number"]], [{ rate: "1.123" }, ["/rate number"]], [{ rate: "5" }, ["/rate needless"]], [{ category: "K" }, ["/category code"]], [{ starts: "x" }, ["/starts date"]],
		[{ offering: "x" }, ["/offering id"]], [{ offering: publicId("offering", row("NEW-3")) }, ["/offering unknown"]], [{ tenant: "x" }, ["/tenant not_writable"]]])
		assert.deepEqual(errors(await post(taxes, { ...body, ...more }, "seller")), wanted, JSON.stringify(more));
	assert.deepEqual(errors(await post(taxes, {}, "seller")), ["/starts missing", "/category missing", "/rate missing"]);
	const finance = site.sql("SELECT u.email FROM user u JOIN role r ON r.id = u.role_id WHERE r.code = 'reseller_finance' LIMIT 1")[0];
	if (finance) isProblem(await (await writer(site, user(site, finance.email)))("POST", taxes, body, {}), 403, "forbidden");
});

clean(site);
