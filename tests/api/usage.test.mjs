// Usage from its coming in to "received" or "rejected": each line has its verdict, an event is in once whoever sends it and
// however often, and what is not taken waits with its reason until it is mended.  An instance of its own, for accounts
// and subscriptions end here.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ask } from "../lib/http.mjs";
import { lines } from "../lib/csv.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { as, fresh, json, sameOrigin, session, user, writer } from "../lib/users.mjs";
import { stateOf } from "../lib/usage.mjs";

const site = await instance({ own: true, name: "usage" });
const { check } = await openapi(site);
const host = "musterplatz.localhost", at = "/api/v1/usage", types = { ndjson: "application/x-ndjson", csv: "text/csv" };
const tenant = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'");
const publicId = (resource, id) => site.portico("id", resource, id).trim();
const cookie = await session(site, user(site, "owner@musterplatz.example"));
const owner = await as(site, "owner@musterplatz.example"), mender = await writer(site, "owner@musterplatz.example");
const keeper = await writer(site, user(site, "admin@pneumuster.example"));
const day = (back) => new Date(Date.now() - back * 86400000).toISOString().slice(0, 10);

/** What customers of the dealer have: account's number, offering's code, and their ids. */
const sold = site.sql(`SELECT a.number AS account, o.code AS offering, t.account_id, t.offering_id, t.customer_id, t.id FROM subscription t
	JOIN account a ON a.id = t.account_id AND a.state = 'active' JOIN offering o ON o.id = t.offering_id
	WHERE t.tenant_id = ${tenant} AND t.ends IS NULL AND t.starts < CURRENT_DATE - INTERVAL 20 DAY ORDER BY t.id`);
assert.ok(sold.length > 20);
let names = 0;
const fresh_ = (prefix = "e") => `${prefix}-${++names}`;
/** A good event of the i-th of these, with other members. */
const event = (i, more = {}) => ({ source: "meter", event: fresh_(), account: sold[i].account, offering: sold[i].offering, quantity: "1.5", at: `${day(3)}T12:00:00Z`, ...more });

const send = (body, { type = types.ndjson, on = host, headers = { Cookie: cookie, ...sameOrigin }, query = "" } = {}) =>
	ask(site, "POST", `${at}${query}`, { host: on, body, headers: { "Content-Type": type, ...headers } });
const ndjson = (...objects) => objects.map((one) => `${typeof one === "string" ? one : JSON.stringify(one)}\n`).join("");

/** The verdicts of all lines, and the sum behind them. */
async function deliver(body, options) {
	const answer = await send(body, options);
	assert.equal(answer.status, 200, answer.text);
	assert.equal(answer.headers["content-type"], types.ndjson);
	const got = lines(answer.text);
	return { verdicts: got.slice(0, -1), sum: got.at(-1), said: got.slice(0, -1).map((one) => one.reason ?? one.verdict) };
}
const stored = (name, source = "meter") => site.sql(`SELECT e.*, ${stateOf("e")} AS state FROM usage_event e JOIN usage_source s ON s.id = e.source_id WHERE s.code = '${source}' AND e.event = '${name}'`);
const rejects = (where = "TRUE") => site.sql(`SELECT * FROM usage_reject WHERE ${where} ORDER BY id`);

test("each line has its verdict, in NDJSON and in CSV alike, and what is received says whose it is and what it came with", async () => {
	const [a, b] = [event(0, { class: "data", time_of_day: "peak", zone: "eu-1" }), event(1, { quantity: 2 })];
	const { verdicts, sum } = await deliver(ndjson(a, "", b));
	assert.deepEqual(verdicts, [{ line: 1, event: a.event, verdict: "received" }, { line: 3, event: b.event, verdict: "received" }]);
	assert.deepEqual({ ...sum, batch: undefined }, { batch: undefined, lines: 2, received: 2, same: 0, rejected: 0 });
	const [row] = stored(a.event), [other] = stored(b.event);
	assert.deepEqual([row.tenant_id, row.customer_id, row.account_id, row.offering_id, row.quantity, row.class, row.time_of_day, row.zone, row.state, row.line, row.at],
		[tenant, sold[0].customer_id, sold[0].account_id, sold[0].offering_id, "1.500000", "data", "peak", "eu-1", "received", "1", `${day(3)} 12:00:00.000000`]);
	assert.deepEqual([other.quantity, other.line], ["2.000000", "3"]);
	assert.equal(publicId("usage_batch", row.batch_id), sum.batch);
	assert.deepEqual((await deliver(ndjson(event(0)), { headers: { Cookie: cookie, ...sameOrigin, Accept: "application/x-ndjson" } })).said, ["received"], "who accepts NDJSON alone gets it");
	site.sql("DELETE e FROM usage_event e JOIN usage_batch b ON b.id = e.batch_id WHERE b.id > 1; DELETE FROM usage_batch WHERE id > 1");
	const c = event(0), text = `event,account,offering,quantity,at,class\r\n${c.event},${c.account},${c.offering},"0.000001",${c.at},\r\n`;
	const csv = await deliver(text, { type: types.csv, query: "?source=sheet" });
	assert.deepEqual(csv.verdicts, [{ line: 2, event: c.event, verdict: "received" }]);
	assert.equal(stored(c.event, "sheet")[0].quantity, "0.000001");
	assert.deepEqual(site.sql("SELECT way, `lines`, received, same, rejected, done FROM usage_batch ORDER BY id").map(Object.values),
		[["ndjson", "2", "2", "0", "0", "1"], ["csv", "1", "1", "0", "0", "1"]]);
});

test("an event is one by source and event: the same again changes nothing, another content is refused and told", async () => {
	const a = event(2);
	assert.deepEqual((await deliver(ndjson(a))).said, ["received"]);
	const before = stored(a.event);
	assert.deepEqual((await deliver(ndjson(a, { ...a, quantity: "1.500" }, { ...a, at: `${day(3)}T13:00:00+01:00` }))).said, ["same", "same", "same"]);
	for (const other of [{ quantity: "1.6" }, { account: sold[3].account, offering: sold[3].offering }, { at: `${day(4)}T12:00:00Z` }, { class: "x" }])
		assert.deepEqual((await deliver(ndjson({ ...a, ...other }))).said, ["differs"], JSON.stringify(other));
	assert.deepEqual(stored(a.event), before);
	assert.deepEqual((await deliver(ndjson({ ...a, source: "another" }))).said, ["received"], "another source is another event");
	const b = event(2);
	assert.deepEqual((await deliver(ndjson(b, b, { ...b, quantity: "9" }))).said, ["received", "same", "differs"], "within one request the first counts");
	assert.equal(stored(b.event)[0].quantity, "1.500000");
	assert.deepEqual((await deliver(ndjson({ ...b, event: b.event.toUpperCase() }))).said, ["received"], "an id in capitals is another id");
});

/** Usage that the dealer's customers have, and another offering that is like it. */
const metered = site.sql(`SELECT a.number AS account, o.code AS offering, o.id, o.product_id, o.unit, o.currency FROM subscription t JOIN account a ON a.id = t.account_id AND a.state = 'active'
	JOIN offering o ON o.id = t.offering_id AND o.kind = 'usage' WHERE t.tenant_id = ${tenant} AND t.ends IS NULL AND t.starts < CURRENT_DATE - INTERVAL 20 DAY ORDER BY t.id LIMIT 1`)[0];
const vary = (id, body) => keeper("POST", `/api/v1/offerings/${publicId("offering", id)}/variants`, body, {});
const pointers = (answer) => isProblem(answer, 422, "invalid").errors.map((e) => `${e.pointer} ${e.code}`);

test("what an event says of itself decides as which offering it counts, by the rule of its day that says most", async () => {
	const like = async (code, more = {}) => {
		const made = await keeper("POST", "/api/v1/offerings", { code, name: code, kind: "usage", unit: metered.unit, product: publicId("product", metered.product_id), currency: metered.currency, shared: true, ...more }, {});
		assert.equal(made.status, 201, made.text);
		return { id: made.json.id, row: site.value(`SELECT id FROM offering WHERE code = '${code}'`) };
	};
	const [night, roaming] = [await like("USE-NIGHT"), await like("USE-ROAM")];
	const counts = async (more, name = fresh_()) => {
		const { said } = await deliver(ndjson({ source: "vary", event: name, account: metered.account, offering: metered.offering, quantity: "1", at: `${day(3)}T12:00:00Z`, ...more }));
		return [said[0], stored(name, "vary")[0]?.offering_id];
	};
	assert.deepEqual(await counts({ time_of_day: "night" }), ["received", metered.id]);
	const rule = { time_of_day: "night", starts: day(5), counts_as: night.id };
	assert.deepEqual(pointers(await vary(metered.id, rule)), ["/starts used"], "what came in counts as it did when it came");
	site.sql("DELETE e FROM usage_event e JOIN usage_source s ON s.id = e.source_id WHERE s.code IN ('vary', 'meter', 'sheet', 'another') AND e.offering_id = " + metered.id);
	const answer = await vary(metered.id, rule);
	assert.equal(answer.status, 200, answer.text);
	check("POST", "/api/v1/offerings/{id}/variants", answer);
	assert.equal((await vary(metered.id, { zone: "abroad", starts: day(4), counts_as: roaming.id })).status, 200);
	assert.equal((await vary(metered.id, { time_of_day: "night", zone: "abroad", starts: day(4), counts_as: publicId("offering", metered.id) })).status, 200);
	assert.deepEqual((await owner("GET", `/api/v1/offerings/${publicId("offering", metered.id)}/variants`)).json.variants.map((v) => [v.class, v.time_of_day, v.zone, v.starts, v.name]),
		[[null, "night", "abroad", day(4), site.value(`SELECT name FROM offering WHERE id = ${metered.id}`)], [null, "night", null, day(5), "USE-NIGHT"], [null, null, "abroad", day(4), "USE-ROAM"]]);
	const name = fresh_();
	assert.deepEqual(await counts({ time_of_day: "night" }, name), ["received", night.row]);
	assert.deepEqual(await counts({ time_of_day: "night" }, name), ["same", night.row], "it is the same event, whatever it counts as");
	assert.deepEqual(await counts({ time_of_day: "day" }, name), ["differs", night.row]);
	assert.deepEqual(await counts({ class: "x", zone: "abroad" }), ["received", roaming.row]);
	assert.deepEqual(await counts({ time_of_day: "night", zone: "abroad" }), ["received", metered.id], "what says most of an event wins");
	assert.deepEqual(await counts({ time_of_day: "day" }), ["received", metered.id]);
	assert.deepEqual(await counts({ zone: "abroad", at: `${day(5)}T12:00:00Z` }), ["received", metered.id], "a rule begins on its day");
	assert.deepEqual(pointers(await vary(metered.id, { time_of_day: "night", starts: day(3), counts_as: roaming.id })), ["/starts used"]);
	assert.equal((await vary(metered.id, { time_of_day: "night", starts: day(1), counts_as: publicId("offering", metered.id) })).status, 200);
	assert.deepEqual(await counts({ time_of_day: "night", at: `${day(0)}T00:00:00Z` }), ["received", metered.id], "and ends where the offering itself is named");
	for (const [body, wanted] of [[{ ...rule, time_of_day: "a b" }, ["/time_of_day code"]], [{ starts: day(0), counts_as: night.id }, ["/class missing"]], [{ ...rule, starts: "x" }, ["/starts date"]],
		[{ ...rule, counts_as: "x" }, ["/counts_as id"]], [{ ...rule, starts: day(-30), counts_as: (await like("USE-OTHER", { unit: "month" })).id }, ["/counts_as unlike"]]])
		assert.deepEqual(pointers(await vary(metered.id, body)), wanted, JSON.stringify(body));
	isProblem(await mender("POST", `/api/v1/offerings/${publicId("offering", metered.id)}/variants`, rule, {}), 403, "forbidden");
});

/** Usage of its own that the first of these accounts has had for long, by the clock of Berlin, and what its events may count as. */
const timed = (() => {
	const like = (code) => site.value(`INSERT INTO offering (tenant_id, product_id, code, name, kind, unit, currency, shared) SELECT tenant_id, product_id, '${code}', '${code}', kind, unit, currency, 1 FROM offering WHERE id = ${metered.id} RETURNING id`);
	const [id, peak, more] = ["USE-CLOCK", "USE-PEAK", "USE-MORE"].map(like);
	const bought = () => site.sql(`INSERT INTO subscription (tenant_id, customer_id, segment_id, group_id, agent_id, account_id, offering_id, product_id, quantity, unit_price, currency, starts) SELECT a.tenant_id, a.customer_id, a.segment_id, a.group_id, a.agent_id, a.id, o.id, o.product_id, 1, 1, o.currency, '2020-01-01'
		FROM account a JOIN offering o ON o.id IN (${id}, ${more}) WHERE a.number = '${metered.account}' AND a.tenant_id = ${tenant}`);
	return { id, peak, more, bought, path: `/api/v1/offerings/${publicId("offering", id)}/hours`, event: (at, members = {}) => ({ source: "clock", event: fresh_("t"), account: metered.account, offering: "USE-CLOCK", quantity: "1", at, ...members }) };
})();
const week = [{ time_of_day: "peak", weekdays: [1, 2, 3, 4, 5], from: "08:00", to: "20:00" }, { time_of_day: "late", weekdays: [5, 6, 7], from: "22:00", to: "06:00" }];

test("an event that does not say its time of day has that of the window it is in, by the clock of where it is billed", async () => {
	timed.bought();
	site.sql(`UPDATE tenant SET time_zone = 'Europe/Berlin' WHERE id = ${tenant}`);
	const set = async (starts, windows) => keeper("POST", timed.path, { starts, windows }, {}), answer = await set("2025-01-01", week);
	assert.equal(answer.status, 200, answer.text);
	check("POST", "/api/v1/offerings/{id}/hours", answer);
	assert.equal((await set("2025-07-01", [{ time_of_day: "all", weekdays: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "00:00" }])).status, 200);
	assert.equal((await set("2025-08-01", [])).status, 200);
	assert.deepEqual((await owner("GET", timed.path)).json.hours, [{ starts: "2025-08-01", windows: [] }, { starts: "2025-07-01", windows: [{ time_of_day: "all", weekdays: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "00:00" }] }, { starts: "2025-01-01", windows: week }]);
	assert.equal((await vary(timed.id, { time_of_day: "peak", starts: "2025-01-01", counts_as: publicId("offering", timed.peak) })).status, 200);
	const cases = [["2025-06-02T05:59:59.999999Z", ""], ["2025-06-02T06:00:00Z", "peak"], ["2025-06-02T17:59:59Z", "peak"], ["2025-06-02T20:00:00+02:00", ""], // Monday, in summer
		["2025-01-06T06:59:59Z", ""], ["2025-01-06T07:00:00Z", "peak"], ["2025-06-07T10:00:00Z", ""], // in winter; on a Saturday
		["2025-06-06T20:00:00Z", "late"], ["2025-06-07T03:59:59Z", "late"], ["2025-06-07T04:00:00Z", ""], ["2025-06-06T01:00:00Z", ""], ["2025-06-09T03:59:59Z", "late"], // over midnight, also into Monday; not out of Thursday
		["2025-03-30T03:59:59Z", "late"], ["2025-03-30T04:00:00Z", ""], ["2025-10-26T04:59:59Z", ""], // clocks are put forward; by then there are no windows
		["2024-12-30T10:00:00Z", ""], ["2025-06-30T21:59:59Z", ""], ["2025-06-30T22:00:00Z", "all"], ["2025-07-31T21:59:59Z", "all"], ["2025-07-31T22:00:00Z", ""]]; // each from its day on, there
	const all = cases.map(([at]) => timed.event(at)), got = await deliver(ndjson(...all));
	assert.deepEqual(got.said, all.map(() => "received"));
	assert.deepEqual(all.map((one, i) => [cases[i][0], stored(one.event, "clock")[0].time_of_day]), cases);
	assert.deepEqual(all.map((one) => stored(one.event, "clock")[0].offering_id), cases.map(([, time]) => (time === "peak" ? timed.peak : timed.id)), "and counts by it");
	assert.deepEqual((await deliver(ndjson(...all))).said, all.map(() => "same"));
	const said = timed.event("2025-06-03T10:00:00Z", { time_of_day: "off" });
	assert.deepEqual((await deliver(ndjson(said, { ...said, time_of_day: undefined }, { ...all[1], time_of_day: "peak" }, { ...all[1], time_of_day: "off" }))).said, ["received", "differs", "same", "differs"]);
	assert.deepEqual([stored(said.event, "clock")[0].time_of_day, stored(said.event, "clock")[0].offering_id], ["off", timed.id], "what the event says wins");
	assert.deepEqual(pointers(await set("2025-06-09", week)), ["/starts used"], "what came in keeps its time of day");
	site.sql(`DELETE FROM subscription WHERE offering_id IN (${timed.id}, ${timed.more})`);
	assert.deepEqual((await deliver(ndjson(all[1], { ...all[1], time_of_day: "off" }, timed.event("2025-06-03T10:00:00Z")))).said, ["same", "no_subscription", "no_subscription"], "an event that is there stays the same, though its hours are not found any more");
	site.sql("DELETE FROM usage_reject");
});

test("every way in takes the time of day alike: a CSV, a file of the operator, and what waited and was mended", async () => {
	timed.bought();
	const noon = "2025-06-04T10:00:00Z", csv = timed.event(noon), file = timed.event(noon), bad = timed.event(noon, { quantity: "x" });
	const head = Object.keys(csv).join(), row = (one) => Object.values(one).join();
	assert.deepEqual((await deliver(`${head}\n${row(csv)}\n`, { type: types.csv })).said, ["received"]);
	fs.writeFileSync(path.join(site.var, "tmp", "clock.csv"), `${head}\n${row(file)}\n`);
	site.portico("usage", "load", path.join(site.var, "tmp", "clock.csv"), "--tenant", "musterplatz");
	assert.deepEqual((await deliver(ndjson(bad))).said, ["quantity"]);
	const [reject] = rejects(`event = '${bad.event}'`), there = `${at}/rejects/${publicId("usage_reject", reject.id)}`;
	assert.equal(reject.time_of_day, "", "a line waits as it came");
	await mender("PATCH", there, { quantity: "1" }, { "If-Match": (await owner("GET", there)).headers.etag });
	assert.equal((await mender("POST", `${there}/recycle`, "")).status, 200);
	assert.deepEqual([csv, file, bad].map((one) => [stored(one.event, "clock")[0].time_of_day, stored(one.event, "clock")[0].offering_id]), Array(3).fill(["peak", timed.peak]));
	site.sql("DELETE FROM usage_reject");
});

test("windows are whole: each has days, a beginning and an end, and none of its time is another's", async () => {
	const set = (windows, more = {}) => keeper("POST", timed.path, { starts: "2199-01-01", windows, ...more }, {}), one = week[0];
	for (const [windows, wanted] of [[[{ ...one, time_of_day: "a b" }], ["/windows/0/time_of_day code"]], [[{ ...one, weekdays: [] }], ["/windows/0/weekdays weekdays"]], [[{ ...one, weekdays: [1, 8] }], ["/windows/0/weekdays weekdays"]],
		[[{ ...one, from: "8:00" }], ["/windows/0/from clock"]], [[{ ...one, to: "24:00" }], ["/windows/0/to clock"]], [[{ ...one, to: one.from }], ["/windows/0/to empty"]], [[{ ...one, more: 1 }], ["/windows/0/more not_writable"]], [["x"], ["/windows/0/time_of_day code", "/windows/0/weekdays weekdays", "/windows/0/from clock", "/windows/0/to clock"]],
		[[one, { ...one, weekdays: [5], from: "19:59", to: "21:00" }], ["/windows/1/from overlap"]], [[{ ...one, weekdays: [7], from: "23:00", to: "08:01" }, one], ["/windows/1/from overlap"]], [Array.from({ length: 51 }, (_, i) => ({ ...one, from: `08:${10 + (i % 49)}`, to: `08:${11 + (i % 49)}`, weekdays: [1 + Math.floor(i / 49)] })), ["/windows length"]],
		[{}, ["/windows not_writable", "/windows missing"]]])
		assert.deepEqual(pointers(await set(windows)), wanted, JSON.stringify(windows));
	assert.deepEqual(pointers(await set([], { starts: "x" })), ["/starts date"]);
	const flat = site.value("SELECT id FROM offering WHERE kind = 'recurring' ORDER BY id LIMIT 1");
	assert.deepEqual(pointers(await keeper("POST", `/api/v1/offerings/${publicId("offering", flat)}/hours`, { starts: "2199-01-01", windows: [] }, {})), ["/windows kind"]);
	assert.equal((await set([one, { ...one, from: "20:00", to: "08:00" }])).status, 200, "one ends where another begins");
	isProblem(await mender("POST", timed.path, { starts: "2199-02-01", windows: [] }, {}), 403, "forbidden");
	assert.equal(site.value("SELECT detail FROM audit WHERE action = 'offering.price' AND detail LIKE '%windows%' ORDER BY id DESC LIMIT 1"), "2 windows from 2199-01-01");
});

test("however the lines of a set alternate, what varies is read once for each that is sold", async () => {
	timed.bought();
	const rules = (of) => Array.from({ length: 25 }, (_, i) => `(${of}, 'c${i}', '2020-01-01', ${timed.peak})`).join();
	site.sql(`INSERT INTO usage_variant (offering_id, class, starts, counts_as) VALUES ${rules(timed.id)},${rules(timed.more)}; UPDATE offering SET varies = 1 WHERE id IN (${timed.id}, ${timed.more})`);
	const all = Array.from({ length: 1000 }, (_, i) => timed.event("2025-06-05T10:00:00Z", { class: "c24", offering: i % 2 ? "USE-CLOCK" : "USE-MORE" }));
	assert.equal((await deliver(ndjson(...all))).sum.received, 1000);
	assert.equal(site.value(`SELECT COUNT(*) FROM usage_event e JOIN usage_source s ON s.id = e.source_id WHERE s.code = 'clock' AND e.class = 'c24' AND e.offering_id = ${timed.peak}`), "1000");
});

test("sources of two houses are not one, and nobody learns of those of another", async () => {
	const a = event(4), elsewhere = await session(site, user(site, "owner@namudhaj.example"));
	assert.deepEqual((await deliver(ndjson(a))).said, ["received"]);
	const [theirs] = site.sql(`SELECT a.number AS account, o.code AS offering FROM subscription t JOIN account a ON a.id = t.account_id JOIN offering o ON o.id = t.offering_id
		JOIN tenant n ON n.id = t.tenant_id WHERE n.slug = 'namudhaj' AND t.ends IS NULL AND a.state = 'active' AND t.starts < CURRENT_DATE - INTERVAL 20 DAY LIMIT 1`);
	const there = { on: "namudhaj.localhost", headers: { Cookie: elsewhere, ...sameOrigin } };
	assert.deepEqual((await deliver(ndjson({ ...a, ...theirs }), there)).said, ["received"]);
	assert.deepEqual((await deliver(ndjson(event(4)), there)).said, ["unknown_account"], "an account of another house is none");
});

test("what is wrong with a line is said of it, keeps no other from coming in, and waits with the line as it came", async () => {
	const good = event(5), bad = [
		["malformed", "{"], ["malformed", "[1]"], ["member", { ...event(5), qty: 1 }], ["source", { ...event(5), source: "a b" }], ["event", { ...event(5), event: "" }], ["event", { ...event(5), event: "x".repeat(65) }],
		["account", { ...event(5), account: "" }], ["unknown_account", { ...event(5), account: "NO-SUCH" }], ["offering", { ...event(5), offering: null }], ["unknown_offering", { ...event(5), offering: "NO-SUCH" }],
		["quantity", { ...event(5), quantity: "1,5" }], ["quantity", { ...event(5), quantity: "1.0000001" }], ["quantity", { ...event(5), quantity: 12345678901.5 }], ["quantity", { ...event(5), quantity: "1000000000000" }],
		["negative", { ...event(5), quantity: "-0.000001" }], ["negative", { ...event(5), quantity: -1 }], ["time", { ...event(5), at: "2026-02-30T00:00:00Z" }], ["time", { ...event(5), at: "2026-02-03T00:00:00" }],
		["time", { ...event(5), at: 5 }], ["future", { ...event(5), at: new Date(Date.now() + 25 * 3600000).toISOString() }], ["attribute", { ...event(5), class: "a b" }], ["no_subscription", { ...event(5), at: "1999-01-01T00:00:00Z" }],
	].map(([reason, one]) => [typeof one === "object" && one.at === 5 ? "malformed" : reason, one]);
	const soon = event(5, { at: new Date(Date.now() + 23 * 3600000).toISOString() });
	const { said, verdicts, sum } = await deliver(ndjson(...bad.map(([, one]) => one), good, soon));
	assert.deepEqual(said, [...bad.map(([reason]) => reason), "received", "received"]);
	assert.ok(verdicts.slice(0, -2).every((one) => one.verdict === "rejected" && one.detail.length > 10));
	assert.deepEqual([sum.received, sum.rejected], [2, bad.length]);
	const kept = rejects(`reason <> 'differs' AND tenant_id = ${tenant}`);
	assert.deepEqual(kept.map((row) => [row.reason, row.text]), bad.map(([reason, one]) => [reason, ndjson(one).trimEnd()]));
	assert.deepEqual(kept[7].account, "NO-SUCH");
	const again = await deliver(ndjson(...bad.map(([, one]) => one)));
	assert.deepEqual(again.said, bad.map(([reason]) => reason));
	assert.equal(rejects(`reason <> 'differs' AND tenant_id = ${tenant}`).length, bad.length, "the same line is the same reject");
});

test("a line that is no text, and one of a quarter of a megabyte, are refused and kept as far as they can be", async () => {
	const long = JSON.stringify({ ...event(5), account: "é".repeat(50000) });
	assert.deepEqual((await deliver(Buffer.concat([Buffer.from([0xff, 0x22, 0x0a]), Buffer.from(`${long}\n`)]))).said, ["malformed", "unknown_account"]);
	const [odd, cut] = rejects().slice(-2);
	assert.equal(odd.text, '?"');
	assert.deepEqual([cut.text.length, cut.account], [2000, "é".repeat(100)]);
});

test("an event of an account that is closed, or of what ended before that day, is refused; what came in before is the same", async () => {
	const [a, b, c] = [event(6), event(7), event(7, { at: `${day(1)}T12:00:00Z` })];
	assert.deepEqual((await deliver(ndjson(a, b))).said, ["received", "received"]);
	site.sql(`UPDATE account SET state = 'closed' WHERE id = ${sold[6].account_id}; UPDATE subscription SET ends = '${day(2)}', state = 'ended' WHERE account_id = ${sold[7].account_id} AND offering_id = ${sold[7].offering_id}`);
	const other = { ...event(6), offering: site.value(`SELECT code FROM offering WHERE id NOT IN (SELECT offering_id FROM subscription WHERE account_id = ${sold[6].account_id}) LIMIT 1`) };
	assert.deepEqual((await deliver(ndjson(event(6), other, c, a, b, { ...a, quantity: 2 }))).said, ["closed_account", "closed_account", "no_subscription", "same", "same", "closed_account"]);
	assert.deepEqual((await deliver(ndjson(event(7)))).said, ["received"], "a late event of a day on which it ran");
});

test("the civil day is that of the account's zone, also where the clock is put", async () => {
	const moments = { "Europe/Berlin": [[`2026-03-28T23:30:00Z`, "2026-03-29"], ["2026-03-29T21:59:59.999999Z", "2026-03-29"], ["2026-03-29T22:00:00Z", "2026-03-30"], ["2026-10-25T22:30:00Z", "2026-10-25"], ["2026-10-25T23:00:00Z", "2026-10-26"]],
		"Asia/Kathmandu": [["2026-05-31T18:14:59Z", "2026-05-31"], ["2026-05-31T18:15:00Z", "2026-06-01"]], "America/New_York": [["2026-11-01T04:30:00Z", "2026-11-01"], ["2026-11-02T04:59:59Z", "2026-11-01"], ["2026-11-02T05:00:00Z", "2026-11-02"]] };
	site.sql(`UPDATE subscription SET starts = '2026-01-01' WHERE id = ${sold[8].id}`);
	for (const [zone, pairs] of Object.entries(moments)) {
		site.sql(`UPDATE tenant SET time_zone = '${zone}' WHERE id = ${tenant}`);
		const sent = pairs.map(([moment]) => event(8, { at: moment }));
		assert.deepEqual(new Set((await deliver(ndjson(...sent))).said), new Set(["received"]));
		assert.deepEqual(sent.map((one) => stored(one.event)[0].day), pairs.map(([, civil]) => civil), zone);
	}
	site.sql(`UPDATE tenant SET time_zone = 'Europe/Berlin' WHERE id = ${tenant}`);
});

test("more lines than a set are taken in sets, each with its verdict in order", async () => {
	const many = Array.from({ length: 1500 }, (_, i) => ({ ...event(10 + (i % 8)), quantity: 1 }));
	const { verdicts, sum } = await deliver(ndjson(...many));
	assert.deepEqual(verdicts.map((one) => one.line), many.map((_, i) => i + 1));
	assert.deepEqual(verdicts.map((one) => one.event), many.map((one) => one.event));
	assert.deepEqual([sum.lines, sum.received], [1500, 1500]);
	assert.equal(site.value(`SELECT \`lines\` FROM usage_batch ORDER BY id DESC LIMIT 1`), "1500");
	assert.equal(site.value(`SELECT COUNT(*) FROM audit WHERE action = 'usage_batch.create' AND object_id = (SELECT MAX(id) FROM usage_batch)`), "2", "each set is in the audit");
});

test("two requests with the same events at once end with each event once", async () => {
	const many = Array.from({ length: 400 }, () => event(11)), shuffled = [...many].reverse();
	site.announce(/usage_there: 1020 |usage_add: 1213 |usage_sold: 1213 /); // the one that is late begins again
	// A thread of the pool is busy with the one: the other asks again until it is let in.
	const insist = async (body) => {
		for (let tries = 0; tries < 500; tries++) {
			const answer = await send(body);
			if (answer.status !== 503) return answer;
		}
		return assert.fail("busy for too long");
	};
	const answers = await Promise.all([many, shuffled, many, shuffled].map((one) => insist(ndjson(...one))));
	assert.deepEqual(answers.map((one) => one.status), [200, 200, 200, 200], answers.map((one) => one.text.slice(0, 200)).join());
	const good = answers.map((one) => lines(one.text).at(-1));
	assert.equal(good.reduce((n, one) => n + one.received, 0), 400);
	assert.ok(good.every((one) => one.rejected === 0));
	assert.equal(site.value(`SELECT COUNT(*) FROM usage_event WHERE event IN (${many.map((one) => `'${one.event}'`).join()})`), "400");
});

test("who may not deliver delivers nothing, and a body that is neither NDJSON nor CSV is refused", async () => {
	const reader = await session(site, user(site, "support@musterplatz.example"));
	isProblem(await send(ndjson(event(12)), { headers: { Cookie: reader, ...sameOrigin } }), 403, "forbidden");
	isProblem(await send(ndjson(event(12)), { headers: {} }), 401, "not_signed_in");
	isProblem(await send(ndjson(event(12)), { headers: { Cookie: cookie } }), 403, "not_same_origin");
	isProblem(await send(ndjson(event(12)), { type: "text/plain" }), 415, "media_type");
	isProblem(await send("\n \n"), 400, "bad_body");
	isProblem(await send(ndjson(event(12)), { query: "?batch=1" }), 400, "unknown_parameter");
});

test("a key whose role may deliver and nothing else delivers, and reads nothing", async () => {
	const got = await mender("POST", "/api/v1/roles", { name: "Meter", portal: "reseller", grants: [{ action: "usage.create", scope: "tenant" }], fields: [] });
	assert.equal(got.status, 200, got.text);
	const key = await mender("POST", "/api/v1/api-keys", { name: "Meter", role: got.json.id });
	assert.equal(key.status, 201, key.text);
	const headers = { Authorization: `Bearer ${key.json.secret}` };
	assert.deepEqual((await deliver(ndjson(event(12), { ...event(12), quantity: -1 }), { headers })).said, ["received", "negative"]);
	for (const path_ of [at, `${at}/rejects`, `${at}/batches`, `${at}/totals?from=${day(9)}&to=${day(0)}`]) isProblem(await ask(site, "GET", path_, { host, headers }), 403, "forbidden");
});

test("who is kept to customer segments or to products delivers for those alone", async () => {
	const [inside, outside] = [sold[13], sold.find((one) => one.offering_id !== sold[13].offering_id)];
	site.sql(`INSERT INTO product_segment (id, parent_id, level, code, name) VALUES (400, 1, 1, 'kept', 'Kept'); UPDATE offering SET product_id = 400 WHERE id = ${inside.offering_id}; UPDATE subscription SET product_id = 400 WHERE offering_id = ${inside.offering_id};
		INSERT INTO segment (tenant_id, name) VALUES (${tenant}, 'kept'); SET @s = LAST_INSERT_ID(); UPDATE customer SET segment_id = @s, segment_by = 'hand' WHERE id = ${inside.customer_id}; UPDATE account SET segment_id = @s WHERE customer_id = ${inside.customer_id}; UPDATE subscription SET segment_id = @s WHERE customer_id = ${inside.customer_id}`);
	const segment = site.value("SELECT id FROM segment WHERE name = 'kept'");
	for (const [name, rows] of [["segments", `INSERT INTO role_segment VALUES (@r, ${segment})`], ["products", "INSERT INTO role_product VALUES (@r, 400)"]]) {
		site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${tenant}, NULL, 'u ${name}', 'reseller', 0); SET @r = LAST_INSERT_ID(); INSERT INTO role_grant VALUES (@r, 'usage.create', 'tenant'), (@r, 'usage.read', 'tenant'); ${rows};
			INSERT INTO role_field VALUES ${["id", "day", "event", "customer", "offering", "quantity"].map((field) => `(@r, 'usage.${field}', 'read')`).join()};
			INSERT INTO user (tenant_id, role_id, email, name, language, password) SELECT ${tenant}, @r, '${name}@musterplatz.example', 'Staff', 'de', password FROM user WHERE email = 'owner@musterplatz.example'; UPDATE channel_version SET version = version + 1`);
		const headers = { Cookie: await fresh(site, { email: `${name}@musterplatz.example`, host }), ...sameOrigin };
		const mine = { ...event(0), account: inside.account, offering: inside.offering }, other = { ...event(0), account: outside.account, offering: outside.offering };
		const { said } = await deliver(ndjson(mine, other), { headers });
		assert.equal(said[0], "received", name);
		assert.ok(["unknown_account", "no_subscription"].includes(said[1]), said[1]);
		assert.deepEqual((await deliver(ndjson(other))).said, ["received"], "and the owner for the other one too");
		const list = await ask(site, "GET", `${at}?limit=200`, { host, headers });
		assert.equal(list.status, 200, list.text);
		const seen = list.json.data.map((row) => row.event);
		assert.ok(seen.includes(mine.event) && !seen.includes(other.event), name);
		const totals = await ask(site, "GET", `${at}/totals?from=${day(9)}&to=${day(0)}`, { host, headers });
		assert.deepEqual(totals.json.data.map((row) => row.offering).includes(publicId("offering", outside.offering_id)), false, name);
	}
});

test("lists are by customer, account, offering, state and day, and the contract holds", async () => {
	const a = event(15, { at: `${day(5)}T12:00:00Z` });
	await deliver(ndjson(a));
	const [row] = stored(a.event), ids = { customer: publicId("customer", row.customer_id), account: publicId("account", row.account_id), offering: publicId("offering", row.offering_id) };
	const all = await owner("GET", `${at}?limit=200`);
	check("GET", at, all);
	assert.deepEqual(all.json.data.map((one) => one.day), all.json.data.map((one) => one.day).sort().reverse());
	for (const [name, value] of [...Object.entries(ids), ["state", "received"], ["from", day(5)], ["to", day(4)]]) {
		const got = await owner("GET", `${at}?limit=200&${name}=${value}`);
		assert.equal(got.status, 200, got.text);
		const field = name === "from" || name === "to" ? "day" : name;
		assert.ok(got.json.data.length > 0 && got.json.data.every((one) => (name === "from" ? one.day >= value : name === "to" ? one.day < value : one[field] === value)), name);
	}
	const shown = (await owner("GET", `${at}?account=${ids.account}&from=${day(5)}&to=${day(4)}`)).json.data.find((one) => one.event === a.event);
	assert.deepEqual([shown.quantity, shown.at, shown.day, shown.account_number, shown.source, shown.state], ["1.5", `${day(5)}T12:00:00.000000Z`, day(5), a.account, "meter", "received"]);
	check("GET", `${at}/batches`, await owner("GET", `${at}/batches`));
	check("GET", `${at}/rejects`, await owner("GET", `${at}/rejects?state=open`));
});

test("a customer sees the own usage, and its sums by offering and day, and nobody else's", async () => {
	const people = site.sql(`SELECT u.email, u.customer_id FROM user u JOIN role r ON r.id = u.role_id AND r.code = 'customer_owner' JOIN subscription t ON t.customer_id = u.customer_id AND t.ends IS NULL AND t.starts < CURRENT_DATE - INTERVAL 20 DAY
		WHERE u.tenant_id = ${tenant} AND u.state = 'active' LIMIT 1`)[0];
	site.sql(`DELETE FROM usage_event WHERE customer_id = ${people.customer_id}`);
	const [own] = site.sql(`SELECT a.number AS account, o.code AS offering FROM subscription t JOIN account a ON a.id = t.account_id JOIN offering o ON o.id = t.offering_id WHERE t.customer_id = ${people.customer_id} AND t.ends IS NULL AND t.starts < CURRENT_DATE - INTERVAL 20 DAY LIMIT 1`);
	const sent = [["1.25", day(3)], ["2.5", day(3)], ["4", day(2)]].map(([quantity, on]) => ({ ...event(0), ...own, quantity, at: `${on}T12:00:00Z` }));
	assert.deepEqual((await deliver(ndjson(...sent, event(16)))).said, ["received", "received", "received", "received"]);
	const customer = await as(site, people.email);
	const list = await customer("GET", `${at}?limit=200`);
	assert.deepEqual(new Set(list.json.data.map((one) => one.customer)), new Set([publicId("customer", people.customer_id)]));
	assert.ok(list.json.data.every((one) => !("event" in one) && !("batch" in one)));
	const daily = await customer("GET", `${at}/totals?from=${day(5)}&to=${day(0)}&by=day`);
	assert.deepEqual(daily.json.data.map((one) => [one.day, one.quantity, one.events]), [[day(2), "4", 1], [day(3), "3.75", 2]]);
	const sums = await customer("GET", `${at}/totals?from=${day(5)}&to=${day(0)}`);
	assert.deepEqual(sums.json.data.map((one) => [one.day, one.quantity, one.events]), [[null, "7.75", 3]]);
	const byOwner = await owner("GET", `${at}/totals?from=${day(5)}&to=${day(0)}&customer=${publicId("customer", people.customer_id)}`);
	assert.deepEqual(byOwner.json.data, sums.json.data);
	isProblem(await owner("GET", `${at}/totals?from=${day(40)}&to=${day(0)}`), 400, "bad_parameter");
	isProblem(await owner("GET", `${at}/totals?to=${day(0)}`), 400, "bad_parameter");
	isProblem(await owner("GET", `${at}/totals?from=${day(4)}&to=${day(0)}&other=1`), 400, "unknown_parameter");
});

test("what waits is mended and tried again, by itself and all at once, and the line as it came is then the same", async () => {
	const bad = [event(17, { account: "TYPO-1" }), event(17, { account: "TYPO-2" }), event(17, { quantity: "x" })];
	assert.deepEqual((await deliver(ndjson(...bad))).said, ["unknown_account", "unknown_account", "quantity"]);
	const of = (one) => rejects(`event = '${one.event}'`)[0], pathOf = (one) => `${at}/rejects/${publicId("usage_reject", of(one).id)}`;
	const one = await owner("GET", pathOf(bad[0]));
	check("GET", `${at}/rejects/{id}`, one);
	isProblem(await mender("PATCH", pathOf(bad[0]), { account: sold[17].account }), 428, "need_match");
	isProblem(await mender("PATCH", pathOf(bad[0]), { state: "received" }, { "If-Match": one.headers.etag }), 422, "invalid");
	const still = await mender("POST", `${pathOf(bad[0])}/recycle`, "");
	assert.deepEqual([still.status, still.json.state, still.json.reason], [200, "open", "unknown_account"]);
	const mended = await mender("PATCH", pathOf(bad[0]), { account: sold[17].account }, { "If-Match": one.headers.etag });
	assert.deepEqual([mended.status, mended.json.account, mended.json.text, mended.json.mender_name], [200, sold[17].account, JSON.stringify(bad[0]), site.value("SELECT name FROM user WHERE email = 'owner@musterplatz.example'")], mended.text);
	const done = await mender("POST", `${pathOf(bad[0])}/recycle`, "");
	assert.deepEqual([done.status, done.json.state], [200, "received"], done.text);
	assert.deepEqual([stored(bad[0].event)[0].account_id, site.value(`SELECT way FROM usage_batch WHERE id = ${stored(bad[0].event)[0].batch_id}`)], [sold[17].account_id, "mended"]);
	isProblem(await mender("POST", `${pathOf(bad[0])}/recycle`, ""), 409, "conflict");
	assert.deepEqual((await deliver(ndjson(bad[0]))).said, ["same"], "the file can be sent again");
	site.sql(`UPDATE usage_reject SET account = '${sold[17].account}' WHERE event = '${bad[1].event}'`);
	const open = Number(site.value(`SELECT COUNT(*) FROM usage_reject WHERE tenant_id = ${tenant} AND state = 'open'`));
	const all = await mender("POST", `/api/v1/usage/recycle`, {});
	assert.deepEqual([all.status, all.json.tried, all.json.next], [200, open, null], all.text);
	assert.ok(all.json.received >= 1);
	assert.equal(of(bad[1]).state, "received");
	assert.deepEqual([of(bad[2]).state, of(bad[2]).reason], ["open", "quantity"]);
	assert.deepEqual((await deliver(ndjson({ ...bad[2], quantity: 1 }))).said, ["received"]);
	assert.equal(of(bad[2]).state, "received", "what comes in by itself waits no more");
});

test("what comes in for days that a run has is noted for a later run, and nothing else is", async () => {
	const cycle = site.value(`SELECT cycle_day FROM account WHERE id = ${sold[14].account_id}`), more = { at: `${day(3)}T12:00:00Z` };
	const noted = () => site.sql("SELECT account_id, offering_id, starts, upto FROM usage_late ORDER BY id").map((row) => [row.account_id, row.offering_id, row.starts, row.upto]);
	assert.deepEqual((await deliver(ndjson(event(14, more)))).said, ["received"]);
	assert.deepEqual(noted(), [], "no run has the day");
	site.sql(`INSERT INTO bill_run (id, tenant_id, cycle_day, period_start, period_end, issue_date, last_account, opened, paused) VALUES (7000, 1, ${cycle}, '${day(10)}', '${day(2)}', '${day(2)}', 1, '2026-01-01', 1)`);
	const late = event(14, more);
	assert.deepEqual((await deliver(ndjson(late, event(14, { at: `${day(1)}T12:00:00Z` })))).said, ["received", "received"]);
	const wanted = [[sold[14].account_id, sold[14].offering_id, day(3), stored(late.event)[0].id]];
	assert.deepEqual(noted(), wanted, "also of a run that is not through with rating: its account may be");
	site.sql("UPDATE bill_run SET phase = 'cancelled' WHERE id = 7000");
	assert.deepEqual((await deliver(ndjson(event(14, more)))).said, ["received"]);
	assert.deepEqual(noted(), wanted, "a cancelled run has no day");
	site.sql("DELETE FROM usage_late; DELETE FROM bill_run WHERE id = 7000");
});

test("of several accounts with one number the provider has to say which it means", async () => {
	const admin = { on: "pneumuster.localhost", headers: { Cookie: await session(site, user(site, "admin@pneumuster.example")), ...sameOrigin } };
	site.sql(`UPDATE account a JOIN tenant n ON n.id = a.tenant_id SET a.number = '${sold[18].account}' WHERE n.slug = 'namudhaj' ORDER BY a.id LIMIT 1`.replace("UPDATE account a JOIN tenant n ON n.id = a.tenant_id SET a.number", "UPDATE account SET number").replace(/WHERE .*/, "WHERE tenant_id = (SELECT id FROM tenant WHERE slug = 'namudhaj') ORDER BY id LIMIT 1"));
	const byId = { account: publicId("account", sold[18].account_id) };
	assert.deepEqual((await deliver(ndjson(event(18), event(18, byId), event(19)), admin)).said, ["ambiguous_account", "received", "received"]);
	assert.deepEqual((await deliver(ndjson(event(18)))).said, ["received"], "the dealer has one of them");
});

clean(site);
