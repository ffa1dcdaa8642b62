// Lists: every row once, in order, whatever the page; and what a list does not know it refuses.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { rowsEverywhere } from "../lib/rows.mjs";
import { as, user, users } from "../lib/users.mjs";

const site = await instance();
const { operations, check } = await openapi(site);
rowsEverywhere(site);
const admin = await as(site, "admin@pneumuster.example");
const dealer = await as(site, "owner@musterplatz.example");
const distributor = await as(site, "owner@nordmuster.example");
const deep = await as(site, "owner@example-homecare.example");
const patientUser = users(site).find((u) => u.portal === "customer" && u.host === "musterplatz.localhost");
const patient = await as(site, patientUser);

const lists = operations.filter((o) => o.method === "GET" && o.parameters.some((p) => p.name === "cursor"));
const base = "/api/v1";

/** All rows of a list, page by page; each page is checked. */
async function rows(ask, path, query, limit) {
	const all = [];
	let cursor = "", pages = 0;
	do {
		const answer = await ask("GET", `${path}?limit=${limit}${query}${cursor}`);
		assert.equal(answer.status, 200, answer.text);
		check("GET", path, answer);
		assert.ok(answer.json.data.length <= limit);
		all.push(...answer.json.data);
		if (answer.json.next !== null) assert.equal(answer.json.data.length, limit, "only the last page is short");
		cursor = `&cursor=${encodeURIComponent(answer.json.next)}`;
		if (answer.json.next === null) return { all, pages: pages + 1 };
	} while (++pages < 1000);
	assert.fail("the pages have no end");
}

const ids = (list) => list.map((row) => row.id);

/** Two who have the list, the second with fewer rows; only the provider's people have those of moves, transfers, approvals and bill runs. */
const auditor = await as(site, "auditor@pneumuster.example");
const eyes = (path) => (/\/(moves|transfers|approvals|bill-runs|parked|payouts|exchange-rates|self-incoming)$/.test(path) ? [admin, auditor] : path.endsWith("/tenants") || path.endsWith("/roles") ? [admin, distributor] : [admin, dealer]);

test("there are lists to try", () => assert.ok(lists.length >= 9, lists.map((l) => l.path).join(" ")));

for (const { path } of lists) {
	test(`${path}: every row once, in pages of any size, both ways`, async () => {
		for (const ask of eyes(path)) {
			const { all: whole } = await rows(ask, path, "", 200);
			assert.equal(new Set(ids(whole)).size, whole.length, "a row stands twice");
			const some = whole.length > 2000 ? 200 : whole.length > 300 ? 37 : 7;
			assert.deepEqual(ids((await rows(ask, path, "", some)).all), ids(whole));
		}
	});
}

/** The orders that a list takes: those of the fields it shows. */
async function orders(ask, path) {
	const names = Object.keys((await ask("GET", `${path}?limit=1`)).json.data[0]);
	const taken = [];
	for (const name of names)
		if ((await ask("GET", `${path}?limit=1&sort=${name}`)).status === 200) taken.push(name);
	return taken;
}

for (const { path } of lists) {
	test(`${path}: in each order, upwards is downwards reversed`, async () => {
		const ask = /\/(moves|transfers|approvals|bill-runs|parked|payouts|exchange-rates|self-incoming)$/.test(path) ? auditor : dealer, taken = await orders(ask, path);
		assert.ok(taken.length >= 1, "it has an order");
		for (const sort of taken) {
			const up = await rows(ask, path, `&sort=${sort}`, 40);
			const down = await rows(ask, path, `&sort=-${sort}`, 33);
			assert.deepEqual(ids(up.all).reverse(), ids(down.all), sort);
			assert.deepEqual(new Set(ids(up.all)), new Set(ids((await rows(ask, path, "", 200)).all)), sort);
			const keys = up.all.map((row) => row[sort]);
			if (keys.every((key) => /^[\x20-\x7e]*$/.test(key)))
				for (let i = 1; i < keys.length; i++)
					assert.ok(keys[i - 1].localeCompare(keys[i], "en", { sensitivity: "base" }) <= 0 || keys[i - 1] <= keys[i], `${keys[i - 1]} before ${keys[i]}`);
		}
	});
}

test("a dealer three levels below the provider can order its customers too", async () => {
	for (const sort of ["name", "-name", "number", "-number"]) {
		const { all } = await rows(deep, "/api/v1/customers", `&sort=${sort}`, 15);
		assert.equal(all.length, Number(site.value("SELECT COUNT(*) FROM customer c JOIN tenant t ON t.id = c.a3 WHERE t.slug = 'example-homecare'")));
	}
});

test("rows with equal keys keep their place from page to page", async () => {
	const { all, pages } = await rows(admin, `${base}/documents`, "&sort=issue_date", 50);
	assert.ok(pages > 20);
	assert.ok(new Set(all.map((d) => d.issue_date)).size < all.length / 10, "many bills of one day");
	assert.equal(all.length, Number(site.value("SELECT COUNT(*) FROM document")));
});

for (const { path } of lists) {
	test(`${path}: limit is from 1 to 200`, async () => {
		assert.ok((await admin("GET", `${path}?limit=1`)).json.data.length <= 1);
		assert.equal((await admin("GET", `${path}?limit=200`)).status, 200);
		assert.ok((await admin("GET", path)).json.data.length <= 50);
		for (const limit of ["0", "201", "-1", "", "1.5", "1e2", "x", "9223372036854775808", "%31%00"]) {
			const answer = await admin("GET", `${path}?limit=${limit}`);
			assert.equal(answer.status, 400, limit);
			assert.match(answer.json.type, /bad_(parameter|request)$/);
		}
	});

	test(`${path}: what it does not know it refuses`, async () => {
		const unknown = isProblem(await admin("GET", `${path}?colour=red`), 400, "unknown_parameter");
		assert.deepEqual(unknown.errors.map((e) => e.pointer), ["colour"]);
		for (const query of ["Limit=1", "limit%00=1", "a1=1", "tenant_id=1", "segment=1", "id=1", "=1", "limit[]=1"])
			assert.equal((await admin("GET", `${path}?${query}`)).status, 400, query);
		isProblem(await admin("GET", `${path}?limit=1&limit=1`), 400, "bad_parameter");
		isProblem(await admin("GET", `${path}?limit=1&limit=2`), 400, "bad_parameter");
		for (const sort of ["", "-", "nothing", "id", "--name", "name,id", "name desc", "NAME", "1", "t.name", "(SELECT 1)"])
			isProblem(await admin("GET", `${path}?sort=${encodeURIComponent(sort)}`), 400, "bad_parameter");
	});
}

test("more than 16 parameters, or ones that are no text, are a bad request", async () => {
	const many = Array.from({ length: 17 }, (_, i) => `a${i}=1`).join("&");
	isProblem(await admin("GET", `${base}/customers?${many}`), 400, "bad_request");
	for (const query of ["q=%ff", "q=%", "q=%4", "q=%zz", "q=%00", "q=%c0%80", "q=%ed%a0%80", "q=%1b"])
		isProblem(await admin("GET", `${base}/customers?${query}`), 400, "bad_request");
});

test("a cursor works only in the list and order that gave it", async () => {
	const page = async (path, query = "") => (await dealer("GET", `${base}/${path}?limit=2${query}`)).json.next;
	const cursor = await page("customers");
	assert.match(cursor, /^cus_[a-z2-7]+$/);
	assert.equal((await dealer("GET", `${base}/customers?cursor=${cursor}`)).status, 200);
	const other = (at) => at.slice(0, -1) + (at.endsWith("a") ? "b" : "a");
	for (const [path, wrong] of [["customers", await page("documents")], ["documents", cursor], ["customers", await page("customers", "&sort=number")],
		["customers", await page("customers", "&sort=-name")], ["customers", ""], ["customers", "x"], ["customers", cursor.slice(0, 30)],
		["customers", cursor.slice(0, 31)], ["customers", `${cursor}a`], ["customers", cursor.toUpperCase()], ["customers", cursor.slice(1)],
		["customers", cursor.replace(/^(.{10})./, (_, s) => other(`${s}a`))], ["customers", `${cursor.slice(0, 30)}!!!!`], ["customers", "a".repeat(5000)]]) {
		const answer = await dealer("GET", `${base}/${path}?cursor=${encodeURIComponent(wrong)}`);
		assert.equal(answer.status, 400, `${path} ${wrong.slice(0, 60)}`);
		if (wrong.length < 4000) isProblem(answer, 400, "bad_parameter");
	}
	isProblem(await dealer("GET", `${base}/customers?sort=-name&cursor=${cursor}`), 400, "bad_parameter");
});

test("a cursor of somebody else opens nobody's rows", async () => {
	const foreign = (await as(site, "owner@pharmacie-exemple.example"));
	const cursor = (await foreign("GET", `${base}/customers?limit=2`)).json.next;
	const own = new Set(ids((await rows(dealer, `${base}/customers`, "", 200)).all));
	const answer = await dealer("GET", `${base}/customers?limit=200&cursor=${cursor}`);
	assert.equal(answer.status, 200);
	for (const id of ids(answer.json.data)) assert.ok(own.has(id));
});

test("a filter by id takes an id of its kind and nothing else", async () => {
	const customer = (await dealer("GET", `${base}/customers?limit=1`)).json.data[0].id;
	const document = (await dealer("GET", `${base}/documents?limit=1`)).json.data[0].id;
	assert.equal((await dealer("GET", `${base}/documents?customer=${customer}`)).status, 200);
	for (const wrong of [document, "1", "", customer.slice(0, -1), `${customer}a`, customer.toUpperCase(), customer.replace("cus", "inv"),
		document.replace("inv", "cus"), `${customer},${customer}`, "cus_", "0 OR 1=1"])
		isProblem(await dealer("GET", `${base}/documents?customer=${encodeURIComponent(wrong)}`), 400, "bad_parameter");
});

test("filters find what the database finds", async () => {
	const tenant = site.value("SELECT id FROM tenant WHERE slug = 'musterplatz'");
	const count = (sql) => Number(site.value(`SELECT COUNT(*) FROM ${sql}`));
	const found = async (ask, path, query) => (await rows(ask, `${base}/${path}`, `&${query}`, 60)).all.length;
	const state = "IF(paid + credited = gross, 'paid', IF(due_date < UTC_DATE() AND gross > 0, 'overdue', 'open'))";
	for (const one of ["open", "overdue", "paid"])
		assert.equal(await found(dealer, "documents", `state=${one}`), count(`document WHERE tenant_id = ${tenant} AND ${state} = '${one}'`), one);
	for (const one of ["invoice", "credit_note"])
		assert.equal(await found(dealer, "documents", `kind=${one}`), count(`document WHERE tenant_id = ${tenant} AND kind = '${one}'`), one);
	const number = site.value(`SELECT MAX(number) FROM document WHERE tenant_id = ${tenant}`);
	assert.equal(await found(dealer, "documents", `number=${number}`), 1);
	assert.equal(await found(dealer, "documents", `number=${number.slice(0, -2)}`), count(`document WHERE tenant_id = ${tenant} AND number LIKE '${number.slice(0, -2)}%'`));
	assert.equal(await found(dealer, "documents", `number=${number.slice(0, -2)}&sort=-issue_date`), await found(dealer, "documents", `number=${number.slice(0, -2)}`));
	const name = site.value(`SELECT name FROM customer WHERE tenant_id = ${tenant} ORDER BY name LIMIT 1 OFFSET 20`);
	assert.equal(await found(dealer, "customers", `q=${encodeURIComponent(name.slice(0, 3).toUpperCase())}`),
		count(`customer WHERE tenant_id = ${tenant} AND name LIKE '${name.slice(0, 3)}%'`));
	assert.equal(await found(admin, "tenants", "kind=distributor"), count("tenant WHERE kind = 'distributor'"));
});

test("signs of LIKE in a search mean themselves", async () => {
	for (const q of ["%", "_", "\\", "%25", "a%b", "\\%", "'", "\"", "''", "' OR '1'='1", "\u{1F600}"]) {
		const answer = await admin("GET", `${base}/customers?q=${encodeURIComponent(q)}`);
		assert.equal(answer.status, 200, q);
		for (const row of answer.json.data) assert.ok(row.name.startsWith(q), `${q} found ${row.name}`);
	}
	for (const q of ["", "x".repeat(101)])
		isProblem(await admin("GET", `${base}/customers?q=${q}`), 400, "bad_parameter");
});

test("a code that is not in the list is refused", async () => {
	for (const query of ["state=Paid", "state=", "state=closed", "kind=invoice.credit_note", "kind=invoice%20"])
		isProblem(await admin("GET", `${base}/documents?${query}`), 400, "bad_parameter");
});

test("a filter or an order by a field that the role may not read is not known", async () => {
	const tenant = (await dealer("GET", `${base}/customers?limit=1`)).json.data[0].tenant;
	isProblem(await patient("GET", `${base}/documents?tenant=${tenant}`), 400, "unknown_parameter");
	assert.equal((await dealer("GET", `${base}/documents?tenant=${tenant}`)).status, 200);
});

test("a customer's lists hold its own rows and no partner's field", async () => {
	const account = site.sql(`SELECT u.customer_id FROM user u JOIN tenant t ON t.id = u.tenant_id WHERE u.email = '${user(site, patientUser.email).email}'`)[0];
	for (const [path, table] of [["documents", "document"], ["payments", "payment"], ["accounts", "account"], ["subscriptions", "subscription"], ["users", "user"]]) {
		const { all } = await rows(patient, `${base}/${path}`, "", 20);
		assert.equal(all.length, Number(site.value(`SELECT COUNT(*) FROM ${table} WHERE customer_id = ${account.customer_id}`)), path);
		for (const row of all) for (const name of ["tenant", "tenant_name", "segment", "price"]) assert.equal(name in row, false, `${path} ${name}`);
	}
});

clean(site);
