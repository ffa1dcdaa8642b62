// What a draft would change is said before it is published: by the statements of a bill run, on the asker's own edges, and nothing stays of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem } from "../lib/openapi.mjs";
import { as, user } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true });
const publicId = sealer(site, vocabulary());
const tenant = (slug) => site.value(`SELECT id FROM tenant WHERE slug = '${slug}'`);
const root = tenant("pneumuster"), nord = tenant("nordmuster"), must = tenant("musterplatz");
const [offering] = site.sql("SELECT o.id, o.name, p.id AS price FROM offering o LEFT JOIN offering_price p ON p.offering_id = o.id AND p.currency = 'EUR' WHERE o.shared = 1 AND o.state = 'active' ORDER BY o.id LIMIT 1");

// A chain of its own: 100 in the catalogue, 80 to Nordmuster, 88 on to Musterplatz, 110 to all its customers; no other agreement stands.
site.sql(`DELETE FROM agreement_agent; DELETE FROM agreement; UPDATE price_list SET is_default = 0; DELETE FROM offering_tier WHERE price_id = COALESCE(${offering.price}, 0);
	INSERT INTO offering_price (id, offering_id, starts, currency, model) VALUES (9001, ${offering.id}, '2001-01-01', 'EUR', 'per_unit'); INSERT INTO offering_tier (price_id, tier, unit) VALUES (9001, 1, 100);
	INSERT INTO tax_rule (seller_id, starts, category, rate) SELECT id, '2001-01-01', 'S', 19 FROM tenant t WHERE NOT EXISTS (SELECT 1 FROM tax_rule r WHERE r.seller_id = t.id AND r.starts = '2001-01-01' AND r.of_offering = 0)`);
const accounts = [];
for (const [i, [seller, buyer, method, value]] of [[root, nord, "rrp_minus_pct", 20], [nord, must, "cost_plus_pct", 10], [must, null, "cost_plus_pct", 25]].entries()) {
	const list = 9001 + i;
	site.sql(`INSERT INTO price_list (id, tenant_id, code, name, currency) VALUES (${list}, ${seller}, 'chain', 'Chain', 'EUR'); INSERT INTO price_version (id, list_id, starts, state) VALUES (${list}, ${list}, '2001-01-01', 'published');
		INSERT INTO price_rule (version_id, method, value) VALUES (${list}, '${method}', ${value})`);
	accounts[i] = site.value("SELECT MIN(id) FROM account") - -i;
	site.sql(`INSERT INTO agreement (seller_id, buyer_id, account_id, starts, currency, list_id, floor_action) VALUES (${seller}, ${buyer ?? "NULL"}, ${buyer === null ? "NULL" : accounts[i]}, '2001-01-01', 'EUR', ${list}, 'deny')`);
}
// The draft: Nordmuster sells at its cost plus half of it, and for less than 130 nothing.
site.sql("INSERT INTO price_version (id, list_id, starts, state) VALUES (9010, 9002, '2001-01-01', 'draft'); INSERT INTO price_rule (version_id, method, value, floor) VALUES (9010, 'cost_plus_pct', 50, 130)");
const at = `/api/v1/price-lists/${publicId("price_list", 9002)}/simulation`;
const ask = async (email, path = at) => (await as(site, user(site, email)))("GET", path);
const of = (moved) => moved.filter((one) => one.offering === publicId("offering", offering.id)).map(({ seller, buyer, old, new: now, old_cost, new_cost, old_margin, new_margin, below_floor }) => ({ seller, buyer, old, now, old_cost, new_cost, old_margin, new_margin, below_floor }));
const edge = { seller: publicId("tenant", nord), buyer: publicId("tenant", must), old: "88", now: "120", old_cost: "80", new_cost: "80", old_margin: "8", new_margin: "40", below_floor: "deny" };
const below = { seller: publicId("tenant", must), buyer: null, old: "110", now: "150", old_cost: "88", new_cost: "120", old_margin: "22", new_margin: "30", below_floor: null };
const counts = () => site.sql("SELECT (SELECT COUNT(*) FROM bill_run) AS runs, (SELECT COUNT(*) FROM chain_price) AS chains, (SELECT COUNT(*) FROM chain_edge) AS edges, (SELECT COUNT(*) FROM chain_tier) AS tiers, (SELECT state FROM price_version WHERE id = 9010) AS state");

test("who sells sees its own edges: old and new price, cost, margin, and what falls below a floor; nothing stays", async () => {
	const before = counts(), answer = await ask("owner@nordmuster.example");
	assert.equal(answer.status, 200, answer.text);
	assert.deepEqual(of(answer.json.moved), [edge]);
	assert.ok(answer.json.moved.every((one) => one.seller === publicId("tenant", nord)), answer.text);
	assert.ok(!answer.text.includes("150"), "what a dealer sells at is nothing to who it buys from");
	assert.deepEqual(counts(), before);
});

test("the provider sees the edges below too, by the API and by the command line", async () => {
	assert.deepEqual(of((await ask("admin@pneumuster.example")).json.moved), [edge, below]);
	const said = JSON.parse(site.portico("price", "simulate", "9002", "--json"));
	assert.deepEqual(said.moved.filter((one) => String(one.offering_id) === offering.id).map((one) => [String(one.seller_id), Number(one.old), Number(one.new), one.below_floor]), [[nord, 88, 120, "deny"], [must, 110, 150, null]]);
	assert.match(site.portico("price", "simulate", publicId("price_list", 9002)), /Nordmuster Medizin -> Apotheke am Musterplatz: .*88\.000000 -> 120\.000000 EUR/);
});

test("a list without a draft, and one of somebody else, have nothing to simulate", async () => {
	isProblem(await ask("owner@musterplatz.example"), 404, "not_found");
	isProblem(await ask("owner@musterplatz.example", `/api/v1/price-lists/${publicId("price_list", 9003)}/simulation`), 404, "not_found");
	isProblem(await ask("owner@nordmuster.example", `${at}?starts=x`), 400, "bad_parameter");
});

clean(site);
