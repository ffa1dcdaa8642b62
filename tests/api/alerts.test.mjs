// Alerts at 80 and 100 per cent of what is included: each once, whoever looks and however often; read by whom usage is read,
// and said by mail to the people of the customer who may read it.  An instance of its own, for prices and users change here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../lib/http.mjs";
import { clean, instance, until } from "../lib/instance.mjs";
import { mails } from "../lib/mail.mjs";
import { as, sameOrigin, session, user } from "../lib/users.mjs";

const site = await instance({ own: true, name: "alerts" });
const host = "musterplatz.localhost", email = "owner@musterplatz.example";
const cookie = await session(site, user(site, email)), owner = await as(site, email);
const publicId = (resource, id) => site.portico("id", resource, id).trim();
/** A day of this month, of the one before, and of the one before that. */
const days = [3, 34, 65].map((back) => new Date(Date.now() - back * 86400000).toISOString().slice(0, 10));

/** What a customer with three people has: an account and an offering. */
const [mine] = site.sql(`SELECT a.id AS account, a.number, a.cycle_day, t.offering_id AS offering, o.code, o.name, t.customer_id AS customer, t.id AS subscription
	FROM subscription t JOIN account a ON a.id = t.account_id AND a.state = 'active' JOIN offering o ON o.id = t.offering_id JOIN tenant n ON n.id = t.tenant_id
	WHERE n.slug = 'musterplatz' AND t.ends IS NULL AND t.starts < CURRENT_DATE - INTERVAL 70 DAY
	AND (SELECT COUNT(*) FROM user u WHERE u.customer_id = t.customer_id AND u.state = 'active') >= 3 ORDER BY t.id LIMIT 1`);
const people = site.sql(`SELECT u.email, u.language, r.code AS role FROM user u JOIN role r ON r.id = u.role_id WHERE u.customer_id = ${mine.customer} AND u.state = 'active' ORDER BY u.id`);
site.sql(`INSERT IGNORE INTO offering_price (offering_id, starts, currency, model) SELECT id, '2000-01-01', currency, 'per_unit' FROM offering WHERE id = ${mine.offering};
	UPDATE offering_price SET included = 10 WHERE offering_id = ${mine.offering}`);

/** What the offering is called in the language of that person of the customer; to whoever sells by its own name. */
const called = (email) => {
	const { language } = people.find((one) => one.email === email) ?? {};
	return (language && site.value(`SELECT MAX(name) FROM offering_name WHERE offering_id = ${mine.offering} AND language = '${language}'`)) || mine.name;
};

let names = 0;
async function used(quantity, more = {}) {
	const line = { source: "meter", event: `a-${++names}`, account: mine.number, offering: mine.code, quantity: String(quantity), ...more };
	const answer = await ask(site, "POST", "/api/v1/usage", { host, body: `${JSON.stringify(line)}\n`, headers: { "Content-Type": "application/x-ndjson", Cookie: cookie, ...sameOrigin } });
	assert.match(answer.text, /"verdict":"received"/, answer.text);
}
const newest = () => site.value("SELECT COALESCE(MAX(id), 0) FROM usage_event");
/** The look is through with all that there is. */
const looked = () => until("the look", () => site.value("SELECT seen FROM alert_look") === newest());
const alerts = (where = "TRUE") => site.sql(`SELECT * FROM alert WHERE ${where} ORDER BY id`);
const sent = () => until("the mail", () => site.value("SELECT COUNT(*) FROM outbox WHERE kind = 'alert' AND state = 'waiting'") === "0");
const posted = () => mails(site).filter((mail) => mail.text.includes(mine.number));

/** Alerts of the period in which that day is. */
const of = (on) => alerts(`starts <= '${on}' AND ends > '${on}'`).map((one) => [one.threshold, one.used, one.included]);
const to = (mail) => mail.to.match(/[^<\s]+@[^>\s]+/)[0], all = people.map((one) => one.email).sort();
const when = (on) => ({ at: `${on}T12:00:00Z` });

test("80 and 100 per cent of what is included are one alert each, in the period of each event, and what is less is none", async () => {
	await used(3, when(days[0]));
	await used(5, when(days[0]));
	await used(7.999999, when(days[1]));
	await used(11, when(days[2]));
	await looked();
	assert.deepEqual(of(days[0]), [["80", "8.000000", "10.000000"]]);
	assert.deepEqual(of(days[1]), []);
	assert.deepEqual(of(days[2]), [["80", "11.000000", "10.000000"], ["100", "11.000000", "10.000000"]]);
	assert.deepEqual(new Set(alerts().map((one) => [one.account_id, one.offering_id, one.customer_id].join())), new Set([[mine.account, mine.offering, mine.customer].join()]));
	assert.ok(alerts().every((one) => one.starts.slice(8) === mine.cycle_day.padStart(2, "0")), "periods are the account's");
});

test("the mail goes once to each of the customer's people, in the brand and language of each, and of two at once says the higher", async () => {
	await sent();
	assert.ok(people.length >= 3);
	const [eighty, hundred] = ["80", "100"].map((threshold) => posted().filter((mail) => new RegExp(`${threshold}\\s?[%٪]`).test(mail.subject)));
	assert.deepEqual([eighty.map(to).sort(), hundred.map(to).sort(), posted().length], [all, all, 2 * all.length]);
	const brand = site.value("SELECT b.name FROM brand b JOIN tenant n ON n.brand_id = b.id WHERE n.slug = 'musterplatz'"), provider = site.value("SELECT name FROM tenant WHERE level = 0");
	for (const mail of posted()) {
		assert.ok(mail.from.includes(brand) && mail.text.includes(called(to(mail))), mail.text);
		assert.equal(mail.link, `http://${host}:${site.port}/usage`);
		assert.ok(!mail.raw.includes(provider) && !mail.text.includes(provider), "nothing names the provider");
		assert.doesNotMatch(`${mail.subject}${mail.text}`, /[{}]/);
	}
	const german = people.find((one) => one.language.startsWith("de"));
	assert.notEqual(called(german.email), mine.name);
	assert.match(eighty.find((mail) => to(mail) === german.email).text, /waren 8 verbraucht: mindestens 80 %/);
});

test("who may not read alerts by the time of the mail gets none", async () => {
	const before = posted().length, [first] = people;
	site.sql(`INSERT INTO role (tenant_id, code, name, portal, shared) SELECT tenant_id, NULL, 'Bills alone', 'customer', 0 FROM user WHERE email = '${first.email}';
		SET @role = LAST_INSERT_ID(); INSERT INTO role_grant (role_id, action, scope) VALUES (@role, 'document.read', 'customer');
		UPDATE user SET role_id = @role WHERE email = '${first.email}'; UPDATE channel_version SET version = version + 1`);
	await used(0.000001, when(days[1]));
	await looked();
	assert.deepEqual(of(days[1]), [["80", "8.000000", "10.000000"]]);
	await sent();
	assert.deepEqual(posted().slice(before).map(to).sort(), all.filter((one) => one !== first.email));
	site.sql(`UPDATE user SET role_id = (SELECT id FROM role WHERE code = '${first.role}') WHERE email = '${first.email}'; UPDATE channel_version SET version = version + 1`);
});

test("an event that was committed behind the mark is found at the later look, and no look adds what is there or takes it back", async () => {
	const before = posted().length, late = newest();
	site.sql(`UPDATE alert_look SET seen = 999999999, late = ${late}, upto = 999999999, noted = UTC_TIMESTAMP()`);
	await used(2, when(days[0]));
	await used(50, when(days[2]));
	site.sql("DELETE FROM usage_event WHERE quantity = 11"); // nothing does so
	const upto = newest();
	site.sql(`UPDATE alert_look SET late = 0, upto = ${upto}, noted = UTC_TIMESTAMP() - INTERVAL 3 MINUTE`);
	await until("the later look", () => site.value("SELECT late FROM alert_look") === upto);
	assert.deepEqual(of(days[0]), [["80", "8.000000", "10.000000"], ["100", "10.000000", "10.000000"]]);
	assert.deepEqual(of(days[2]), [["80", "11.000000", "10.000000"], ["100", "11.000000", "10.000000"]]);
	await sent();
	assert.deepEqual(posted().slice(before).map(to).sort(), all, "of the new one alone");
});

test("the customer sees its own, its reseller those of all its customers, the provider all, and others none; by account and threshold", async () => {
	const own = await as(site, people[1].email), at = "/api/v1/alerts";
	for (const [who, name] of [[own, called(people[1].email)], [owner, mine.name], [await as(site, "admin@pneumuster.example"), mine.name]]) {
		const { status, json: { data } } = await who("GET", `${at}?account=${publicId("account", mine.account)}`);
		assert.equal(status, 200);
		assert.deepEqual(data.map((one) => one.threshold).sort(), [100, 100, 80, 80, 80]);
		assert.ok(data.every((one) => one.account_number === mine.number && one.offering_name === name && Number(one.included) === 10));
		assert.ok(data.every((one) => one.percent === Math.floor(Number(one.quantity) * 10)));
		assert.deepEqual((await who("GET", `${at}?threshold=100`)).json.data.map((one) => one.threshold), [100, 100]);
	}
	const [stranger] = site.sql(`SELECT u.email FROM user u JOIN tenant n ON n.id = u.tenant_id WHERE n.slug = 'musterplatz' AND u.customer_id IS NOT NULL AND u.customer_id <> ${mine.customer} AND u.state = 'active' LIMIT 1`);
	for (const email_ of [stranger?.email, "owner@specimen-sleep.example"].filter(Boolean)) assert.deepEqual((await (await as(site, email_))("GET", at)).json.data, []);
	assert.equal((await owner("GET", `${at}?threshold=90`)).status, 400);
	assert.ok(!("tenant" in (await own("GET", at)).json.data[0]), "a customer is not told of houses");
});

clean(site);
