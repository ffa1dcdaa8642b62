// The product level: what a parent shares, what a role is kept to, and what of both can be said by whom.
// An instance of its own, since shares, users and roles are made here that no other test knows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { prove } from "../lib/second.mjs";
import { as, users, writer } from "../lib/users.mjs";
import { sealer, vocabulary } from "../lib/vocabulary.mjs";

const site = await instance({ own: true, name: "products" });
const { check } = await openapi(site);
const host = "musterplatz.localhost", parentHost = "nordmuster.localhost";
const tenantOf = (slug) => site.value(`SELECT id FROM tenant WHERE slug = '${slug}'`);
const tenant = tenantOf("musterplatz"), parent = tenantOf("nordmuster");
const publicId = sealer(site, vocabulary());
const numberOf = (code) => site.value(`SELECT id FROM product_segment WHERE code = '${code}'`);
const product = (code) => publicId("product", numberOf(code));
const changed = () => site.sql("UPDATE channel_version SET version = version + 1");
let names = 0;

const owner = await writer(site, "owner@musterplatz.example");
const distributor = await writer(site, { email: "owner@nordmuster.example", host: parentHost });
const admin = await writer(site, "admin@pneumuster.example");

const get = async (ask, path) => {
	const answer = await ask("GET", `/api/v1/${path}`);
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
};
const codes = async (ask) => (await get(ask, "offerings?limit=200")).data.map((row) => row.code).sort();
const segments = async (ask) => (await get(ask, "product-segments?limit=200")).data.map((row) => row.code);

/** What the tenant gets, said by who asks, with the second step just proved (step_up.test.mjs): the answer. */
async function share(ask, at, products) {
	prove(site);
	const path = `/api/v1/tenants/${publicId("tenant", at)}/products`, before = await ask("GET", path);
	return ask("PUT", path, { products }, { "If-Match": before.headers.etag ?? '"none"' });
}

/** A dealer's own role that names what a built-in one gives, kept to these segments; and somebody who has it. */
async function somebody(products, { of = "dealer_owner", at = tenant, on = host } = {}) {
	const name = `kept ${++names}`, email = `kept${names}@musterplatz.example`;
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) VALUES (${at}, NULL, '${name}', 'reseller', 0)`);
	const role = site.value(`SELECT id FROM role WHERE name = '${name}'`);
	const given = site.portico("access", of).split("\n").map((line) => line.split(" ")), rows = (kind) => given.filter((words) => words[0] === kind).map(([, what, how]) => `(${role}, '${what}', '${how}')`);
	site.sql(`INSERT INTO role_grant VALUES ${rows("action")}; INSERT INTO role_field VALUES ${rows("field")}`);
	site.sql(`INSERT INTO role_product SELECT ${role}, id FROM product_segment WHERE code IN ('${products.join("', '")}')`);
	site.sql(`INSERT INTO user (tenant_id, customer_id, role_id, email, name, language, password)
		SELECT ${at}, NULL, ${role}, '${email}', 'Staff', 'de', password FROM user WHERE email = 'owner@musterplatz.example'`);
	changed();
	return { ask: await writer(site, { email, host: on }), role, user: site.value(`SELECT id FROM user WHERE email = '${email}'`) };
}

const everything = await codes(admin);

test("a share holds in lists, in search, by id and in prices, from the next request on, and ends likewise", async () => {
	assert.deepEqual(await codes(owner), everything);
	const service = (await get(owner, "offerings?q=Service")).data[0];
	const said = await share(distributor, tenant, [product("devices"), product("masks-nasal")]);
	assert.equal(said.status, 200, said.text);
	assert.deepEqual(said.json.products.sort(), [product("devices"), product("masks-nasal")].sort());
	assert.deepEqual(await codes(owner), ["DEV-CPAP", "DEV-O2", "DEV-VENT", "SUB-MASK", "USE-O2"]);
	assert.deepEqual(await segments(owner), ["devices", "devices-oxygen", "devices-therapy", "devices-ventilation", "masks-nasal"]);
	assert.deepEqual((await get(owner, "offerings?q=Service")).data, []);
	isProblem(await owner("GET", `/api/v1/offerings/${service.id}`), 404, "not_found");
	isProblem(await owner("GET", `/api/v1/product-segments/${product("all")}`), 404, "not_found");
	const { data } = await get(owner, "subscriptions?limit=200");
	assert.ok(data.length > 20);
	const rows = site.sql(`SELECT s.id, o.code FROM subscription s JOIN offering o ON o.id = s.offering_id WHERE s.tenant_id = ${tenant} AND o.code IN ('DEV-CPAP', 'DEV-O2', 'DEV-VENT', 'SUB-MASK', 'USE-O2')`);
	assert.equal(data.length, Math.min(200, rows.length));
	const hidden = site.value(`SELECT s.id FROM subscription s JOIN offering o ON o.id = s.offering_id WHERE s.tenant_id = ${tenant} AND o.code = 'SUB-FILTER' LIMIT 1`);
	isProblem(await owner("GET", `/api/v1/subscriptions/${publicId("subscription", hidden)}`), 404, "not_found");
	assert.deepEqual((await get(owner, `tenants/${publicId("tenant", tenant)}/products`)).products.sort(), [product("devices"), product("masks-nasal")].sort());
	assert.equal((await share(distributor, tenant, null)).json.products, null);
	assert.deepEqual(await codes(owner), everything);
});

test("what is above a tenant is shared first: no more comes through than everybody above has", async () => {
	assert.equal((await share(admin, parent, [product("devices"), product("services")])).status, 200);
	assert.deepEqual(await codes(owner), ["DEV-CPAP", "DEV-O2", "DEV-VENT", "ONE-SERVICE", "USE-O2"]);
	const more = await share(distributor, tenant, [product("devices-oxygen"), product("masks")]);
	isProblem(more, 422, "invalid");
	assert.deepEqual(more.json.errors.map((e) => [e.pointer, e.code]), [["/products/1", "unknown"]]);
	assert.equal((await share(distributor, tenant, [product("devices-oxygen"), product("services")])).status, 200);
	assert.equal((await share(admin, parent, [product("devices"), product("masks")])).status, 200);
	assert.deepEqual(await codes(owner), ["DEV-O2", "USE-O2"]);
	assert.deepEqual((await get(distributor, `tenants/${publicId("tenant", tenant)}/products`)).products, [product("devices-oxygen")], "what the distributor has not it does not read");
	assert.equal((await share(admin, tenant, null)).status, 200);
	assert.equal((await share(admin, parent, null)).status, 200);
	assert.deepEqual(await codes(owner), everything);
});

test("who is above says it: not the tenant itself, nobody beside it, nobody by a list of nothing", async () => {
	isProblem(await share(owner, tenant, null), 403, "forbidden");
	isProblem(await share(distributor, parent, null), 403, "forbidden");
	const beside = await writer(site, "owner@mihon-kokyu.example");
	prove(site);
	const path = `/api/v1/tenants/${publicId("tenant", tenant)}/products`;
	isProblem(await beside("PUT", path, { products: null }, { "If-Match": '"none"' }), 404, "not_found");
	isProblem(await distributor("PUT", path, { products: null }), 428, "need_match");
	isProblem(await distributor("PUT", path, { products: null }, { "If-Match": '"old"' }), 412, "changed");
	for (const [products, pointer, code] of [[[], "/products", "length"], ["masks", "/products", "type"], [[product("masks"), product("masks")], "/products/1", "twice"],
		[["prd_x"], "/products/0", "unknown"], [[publicId("tenant", parent)], "/products/0", "unknown"]]) {
		const answer = await share(distributor, tenant, products);
		isProblem(answer, 422, "invalid");
		assert.deepEqual(answer.json.errors.map((e) => [e.pointer, e.code]), [[pointer, code]]);
	}
	assert.deepEqual(site.sql(`SELECT product_id FROM product_share WHERE tenant_id = ${tenant}`), []);
});

test("who is kept to product segments shares these only, and never by saying nothing", async () => {
	const { ask } = await somebody(["masks"], { of: "distributor_owner", at: parent, on: parentHost });
	const own = await share(ask, tenant, null);
	isProblem(own, 422, "invalid");
	assert.deepEqual(own.json.errors.map((e) => [e.pointer, e.code]), [["/products", "own"]]);
	isProblem(await share(ask, tenant, [product("devices")]), 422, "invalid");
	assert.equal((await share(ask, tenant, [product("masks-nasal")])).status, 200);
	assert.equal((await share(distributor, tenant, null)).status, 200);
});

test("a role is kept to its product segments, beside its customer segments too", async () => {
	const { ask, role } = await somebody(["masks", "services"]);
	assert.deepEqual(await codes(ask), ["ONE-SERVICE", "SUB-MASK"]);
	const of = (customers) => site.sql(`SELECT s.id FROM subscription s JOIN offering o ON o.id = s.offering_id JOIN customer c ON c.id = s.customer_id
		WHERE s.tenant_id = ${tenant} AND o.code IN ('SUB-MASK', 'ONE-SERVICE') AND ${customers}`).map((row) => publicId("subscription", row.id)).sort();
	const seen = async () => (await get(ask, "subscriptions?limit=200")).data.map((row) => row.id).sort();
	assert.deepEqual(await seen(), of("TRUE"));
	const segment = site.value(`SELECT id FROM segment WHERE tenant_id = ${tenant} AND code = 'patients'`);
	site.sql(`INSERT INTO role_segment VALUES (${role}, ${segment})`);
	changed();
	assert.deepEqual(await seen(), of(`c.segment_id = ${segment}`));
	assert.ok((await seen()).length > 3);
});

test("a ceiling keeps all below it to its product segments", async () => {
	const { role } = await somebody(["services"], { of: "dealer_owner", at: parent, on: parentHost });
	site.sql(`UPDATE tenant SET ceiling_id = ${role} WHERE id = ${tenant}`);
	changed();
	assert.deepEqual(await codes(owner), ["ONE-SERVICE"]);
	site.sql(`UPDATE tenant SET ceiling_id = NULL WHERE id = ${tenant}`);
	changed();
	assert.deepEqual(await codes(owner), everything);
});

test("staff sees the lines of a bill that are its products', and the printed bill whole or not at all; its customer sees all", async () => {
	const { ask } = await somebody(["devices"]);
	const bill = site.sql(`SELECT d.id, d.customer_id AS customer, COUNT(*) AS n, SUM(l.code LIKE 'DEV-%' OR l.code = 'USE-O2') AS mine FROM document d JOIN document_line l ON l.document_id = d.id
		WHERE d.tenant_id = ${tenant} AND d.customer_id IN (SELECT customer_id FROM user WHERE customer_id IS NOT NULL) GROUP BY d.id HAVING mine > 0 AND mine < n ORDER BY d.id LIMIT 1`)[0];
	const path = `/api/v1/documents/${publicId("document", bill.id)}`;
	const seen = await ask("GET", path);
	check("GET", "/api/v1/documents/{id}", seen);
	assert.equal(seen.json.lines.length, Number(bill.mine));
	assert.equal(seen.json.lines_hidden, bill.n - bill.mine);
	for (const line of seen.json.lines) assert.match(line.code, /^(DEV-|USE-O2)/);
	for (const form of ["html", "pdf"]) isProblem(await ask("GET", `${path}/${form}`), 404, "not_found");
	const whole = await owner("GET", path);
	assert.equal(whole.json.lines.length, Number(bill.n));
	assert.equal("lines_hidden" in whole.json, false);
	// The distributor shares nothing of it with the dealer any more: who bought it still reads the bill.
	assert.equal((await share(distributor, tenant, [product("telemetry")])).status, 200);
	const email = site.value(`SELECT email FROM user WHERE customer_id = ${bill.customer} AND state = 'active' LIMIT 1`);
	const customer = await as(site, users(site).find((one) => one.email === email));
	assert.equal((await get(customer, `documents/${publicId("document", bill.id)}`)).lines.length, Number(bill.n));
	assert.equal((await customer("GET", `${path}/pdf`)).status, 200);
	assert.equal((await owner("GET", `${path}/pdf`)).status, 200, "and its seller still has what it issued, whole");
	assert.equal((await owner("GET", path)).json.lines.length, Number(bill.n));
	assert.equal((await share(distributor, tenant, null)).status, 200);
});

test("a bill with all its lines among the role's products is printed", async () => {
	const { ask } = await somebody(["devices", "masks", "accessories", "telemetry", "services"]);
	const id = publicId("document", site.value(`SELECT MAX(id) FROM document WHERE tenant_id = ${tenant}`));
	assert.equal((await get(ask, `documents/${id}`)).lines_hidden, undefined);
	assert.equal((await ask("GET", `/api/v1/documents/${id}/html`)).status, 200);
});

test("what comes with an offering, what a discount is of, and what a minimum is billed as, is named to whom that part of the catalogue is shown", async () => {
	const [pack, mine, other, hidden] = [["PACK", "masks", 1], ["MINE", "masks", 1], ["OTHER", "devices", 1], ["HIDDEN", "masks", 0]].map(([code, segment, shared]) =>
		site.value(`INSERT INTO offering (tenant_id, product_id, code, name, kind, unit, price, currency, shared) SELECT id, ${numberOf(segment)}, '${code}', '${code}', 'recurring', 'month', 1, 'EUR', ${shared} FROM tenant WHERE level = 0 RETURNING id`));
	site.sql(`INSERT INTO offering_part (offering_id, part_id, quantity) VALUES (${pack}, ${mine}, 1), (${pack}, ${other}, 1), (${pack}, ${hidden}, 1)`);
	const { ask } = await somebody(["masks"]), parts = async (who) => (await get(who, `offerings/${publicId("offering", pack)}/parts`)).parts.map((part) => part.name);
	assert.deepEqual(await parts(admin), ["HIDDEN", "MINE", "OTHER"]);
	assert.deepEqual(await parts(owner), ["MINE", "OTHER"], "what is shared with nobody any more");
	assert.deepEqual(await parts(ask), ["MINE"], "what is of another segment");
	const [account] = site.sql(`SELECT a.id, a.customer_id AS customer FROM account a WHERE a.tenant_id = ${tenant} ORDER BY a.id LIMIT 1`);
	const bought = site.value(`SELECT id FROM subscription WHERE tenant_id = ${tenant} AND offering_id = (SELECT id FROM offering WHERE code = 'DEV-CPAP') ORDER BY id LIMIT 1`);
	const discount = (offering, subscription, percent) => site.value(`INSERT INTO discount (tenant_id, customer_id, account_id, offering_id, subscription_id, resold, percent, starts, made)
		VALUES (${tenant}, ${account.customer}, ${account.id}, ${offering}, ${subscription}, 0, ${percent}, '2150-01-01', '2026-01-01') RETURNING id`);
	const made = [discount(mine, "NULL", 1), discount(other, "NULL", 2), discount("NULL", bought, 3), discount("NULL", "NULL", 4)];
	const device = site.value("SELECT name FROM offering WHERE code = 'DEV-CPAP'"), wanted = { all: ["MINE", "OTHER", device, null], kept: ["MINE", null, null, null] };
	for (const [who, names] of [[owner, wanted.all], [admin, wanted.all], [ask, wanted.kept]]) {
		const list = (await get(who, `discounts?customer=${publicId("customer", account.customer)}`)).data.sort((a, b) => a.percent - b.percent);
		assert.deepEqual(list.map((row) => row.offering_name), names);
		const { text } = await who("GET", "/api/v1/discounts?format=ndjson");
		assert.deepEqual(text.trim().split("\n").map((line) => JSON.parse(line)).sort((a, b) => a.percent - b.percent).map((row) => row.offering_name), names, "nor as a file");
		for (const [i, id] of made.entries()) assert.equal((await get(who, `discounts/${publicId("discount", id)}`)).offering_name, names[i]);
	}
	const least = [mine, other].map((offering) => site.value(`INSERT INTO minimum (tenant_id, customer_id, account_id, resold, offering_id, amount, starts, made)
		VALUES (${tenant}, ${account.customer}, ${account.id}, 0, ${offering}, 100, '2150-01-01', '2026-01-01') RETURNING id`));
	for (const [who, names] of [[owner, ["MINE", "OTHER"]], [ask, ["MINE", null]]]) {
		for (const [i, id] of least.entries()) assert.equal((await get(who, `minimums/${publicId("minimum", id)}`)).offering_name, names[i]);
		const { text } = await who("GET", "/api/v1/minimums?format=ndjson"), rows = text.trim().split("\n").map((line) => JSON.parse(line));
		assert.deepEqual(least.map((id) => rows.find((row) => row.id === publicId("minimum", id)).offering_name), names, "nor as a file");
	}
	site.sql(`DELETE FROM minimum WHERE id IN (${least}); DELETE FROM discount WHERE id IN (${made}); DELETE FROM offering_part WHERE offering_id = ${pack}; DELETE FROM offering WHERE id IN (${[pack, mine, other, hidden]})`);
});

test("the role editor gives product segments within what the asker holds, and a copy keeps to them", async () => {
	const { ask, role } = await somebody(["masks"]);
	const grants = [{ action: "offering.read", scope: "shared" }, { action: "product.read", scope: "shared" }], fields = [{ field: "offering.id", level: "read" }, { field: "offering.name", level: "read" }];
	const make = (products, more = {}) => ask("POST", "/api/v1/roles", { name: `made ${++names}`, portal: "reseller", grants, fields, products, ...more });
	const good = await make([product("masks"), product("masks-nasal")]);
	assert.equal(good.status, 200, good.text);
	assert.deepEqual(good.json.products, [product("masks")], "a node says all below it");
	assert.deepEqual(good.json.ceiling.products.map((p) => [p.id, p.parent]), [[product("masks"), undefined], [product("masks-full-face"), product("masks")], [product("masks-nasal"), product("masks")]]);
	for (const [products, errors] of [[[product("devices")], [["/products/0", "unknown"]]], [[], [["/products", "own"]]], ["x", [["/products", "type"]]]]) {
		const bad = await make(products);
		isProblem(bad, 422, "invalid");
		assert.deepEqual(bad.json.errors.map((e) => [e.pointer, e.code]), errors);
	}
	const copied = await ask("POST", `/api/v1/roles/${publicId("role", site.value("SELECT id FROM role WHERE code = 'reseller_sales'"))}/copy`, { name: `copy ${++names}` });
	assert.equal(copied.status, 200, copied.text);
	assert.deepEqual(copied.json.products, [product("masks")]);
	// Somebody who holds all changes it, and takes the limit away.
	const of = `/api/v1/roles/${copied.json.id}`, now = await owner("GET", of);
	const wider = await owner("PATCH", of, { products: [] }, { "If-Match": now.headers.etag });
	assert.equal(wider.status, 200, wider.text);
	assert.deepEqual(wider.json.products, []);
	isProblem(await ask("PATCH", of, { name: "mine" }, { "If-Match": (await ask("GET", of)).headers.etag }), 403, "role_more");
	assert.equal((await owner("DELETE", `/api/v1/roles/${good.json.id}`)).status, 204);
	const customers = await owner("POST", "/api/v1/roles", { name: `made ${++names}`, portal: "customer", grants: [], fields: [], products: [product("masks")] });
	assert.deepEqual(customers.json.errors.map((e) => [e.pointer, e.code]), [["/products", "portal"]]);
	// Nobody gives a role that sells more than their own.
	const other = await somebody(["masks-nasal"]);
	const at = `/api/v1/users/${publicId("user", other.user)}/roles`, tag = (await ask("GET", at)).headers.etag;
	const given = await ask("PUT", at, { roles: [publicId("role", site.value("SELECT id FROM role WHERE code = 'reseller_sales'"))] }, { "If-Match": tag });
	isProblem(given, 422, "invalid");
	const invite = (who, code) => who("POST", "/api/v1/users", { email: `new${++names}@musterplatz.example`, name: "New", language: "de", role: code });
	isProblem(await invite(ask, "reseller_sales"), 422, "invalid");
	assert.equal((await share(distributor, tenant, [product("devices")])).status, 200);
	assert.equal((await invite(owner, "reseller_sales")).status, 200, "a share holds for whoever is invited too");
	assert.equal((await share(distributor, tenant, null)).status, 200);
	assert.ok(role);
});

test("explain names the role's product segments and the share where they decide", async () => {
	const { user, ask } = await somebody(["masks"]);
	const masks = publicId("offering", site.value("SELECT id FROM offering WHERE code = 'SUB-MASK'")), device = publicId("offering", site.value("SELECT id FROM offering WHERE code = 'DEV-O2'"));
	const why = (object) => get(owner, `users/${publicId("user", user)}/explain?action=offering.read&object=${object}`);
	assert.equal((await why(masks)).why, "allowed");
	const refused = await why(device);
	assert.deepEqual([refused.allowed, refused.why], [false, "product"]);
	assert.deepEqual(refused.steps[0].products, [product("masks")]);
	assert.equal(refused.steps.some((step) => step.kind === "share"), false);
	assert.equal((await share(distributor, tenant, [product("devices")])).status, 200);
	const shared = await why(device);
	assert.equal(shared.why, "product");
	assert.deepEqual(shared.steps.filter((step) => step.kind === "share"), [{ kind: "share", products: [product("devices")] }]);
	assert.deepEqual(await codes(ask), []);
	assert.equal((await share(distributor, tenant, null)).status, 200);
});

test("one dealer of the demo gets not the whole catalogue", async () => {
	const ask = await as(site, "owner@namudhaj.example");
	assert.deepEqual(await codes(ask), ["DEV-CPAP", "DEV-O2", "DEV-VENT", "SUB-MASK", "USE-O2", "USE-TELE"]);
});

clean(site);
