// What may happen while mail is sent: portico-jobs is killed at the worst moments, or the server of mail refuses.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parse, smtpServer } from "../lib/mail.mjs";
import { alive, assertProblem, house, until } from "./house.mjs";

let h, server;
/** What the server does with a message before it says that it has taken it; an answer of it is a refusal. */
let hold = async () => null;

before(async () => {
	server = await smtpServer((mail) => hold(mail));
	process.env.SMTP = server.url;
	h = await house("mail", { start: false, jobs: true });
	await h.start();
});
after(async () => {
	await h?.remove();
	await server?.close();
});

const brand = "namudhaj";
const number = async (text) => Number((await h.sql(text))[0][0]);
const waiting = () => number("SELECT COUNT(*) FROM outbox WHERE state = 'waiting'");
/** As later: what was claimed is due again. */
const later = () => h.sql("UPDATE outbox SET due = UTC_TIMESTAMP() WHERE state = 'waiting'");
const patients = async (n, from) => (await h.sql(`SELECT u.email FROM user u JOIN tenant t ON t.id = u.tenant_id WHERE t.slug = '${brand}' AND u.customer_id IS NOT NULL
	AND u.state = 'active' ORDER BY u.id LIMIT ${n} OFFSET ${from}`)).map(([email]) => email);

async function ask(email) {
	await h.sql("DELETE FROM attempt");
	const r = await h.write(brand, "/api/v1/password/reset", "POST", { email });
	assert.equal(r.status, 202, r.text ?? r.error);
}
async function kill() {
	const pid = h.pid("jobs");
	process.kill(pid, "SIGKILL");
	await until("it has ended", () => !alive(pid));
}
const takenFor = (email) => server.taken.filter((m) => m.to === `RCPT TO:<${email}>`).map((m) => parse(m.raw));

test("portico-jobs is killed while a message is on its way: each arrives all the same", async () => {
	const emails = await patients(3, 0);
	let release;
	const held = new Promise((done) => { release = done; });
	hold = () => held;
	for (const email of emails) await ask(email);
	await until("one is on its way", () => server.begun > 0);
	await kill();
	release("451 never mind");
	hold = async () => null;
	assert.equal(await waiting(), emails.length);
	await h.start();
	await until("all but the one that was claimed are sent", async () => await waiting() === 1);
	await later();
	await until("the outbox is empty", async () => await waiting() === 0);
	for (const email of emails) assert.equal(takenFor(email).length, 1, email);
});

test("portico-jobs is killed after a message was taken and before that is noted: it comes once more, as the same message, and a used link stays used", async () => {
	const [email] = await patients(1, 3);
	const jobs = h.pid("jobs");
	hold = async () => { process.kill(jobs, "SIGSTOP"); };
	await ask(email);
	await until("the server has taken it", () => takenFor(email).length === 1);
	hold = async () => null;
	await kill();
	const [first] = takenFor(email), confirm = () => h.write(brand, "/api/v1/password/reset/confirm", "POST", { token: first.token, password: "a lamp behind nine boats" });
	const r = await confirm();
	assert.equal(r.status, 200, r.text ?? r.error);
	await h.start();
	assert.equal(await waiting(), 1);
	await later();
	await until("the outbox is empty", async () => await waiting() === 0);
	const [, second, ...more] = takenFor(email);
	assert.equal(more.length, 0);
	assert.deepEqual([second.headers["Message-ID"], second.link], [first.headers["Message-ID"], first.link]);
	assertProblem(await confirm(), 410, "link_ended");
});

test("the server of mail refuses: it is tried again after longer and longer pauses, and after a day given up, aloud and counted", async () => {
	const [email] = await patients(1, 4), pauses = [];
	hold = async () => "451 later";
	await ask(email);
	for (let tries = 1; tries <= 3; tries++) {
		await until(`try ${tries}`, async () => server.begun && await number("SELECT MAX(tries) FROM outbox WHERE state = 'waiting'") === tries);
		pauses.push(await number("SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), due) FROM outbox WHERE state = 'waiting'"));
		await later();
	}
	assert.ok(pauses[0] > 40 && pauses[1] > 1.5 * pauses[0] && pauses[2] > 1.5 * pauses[1], pauses.join());
	assert.doesNotMatch(h.log("jobs"), /is given up/);
	await h.sql("UPDATE outbox SET created = created - INTERVAL 25 HOUR, due = UTC_TIMESTAMP() WHERE state = 'waiting'");
	await until("it is given up", async () => await waiting() === 0);
	// The row says so before the log does.
	await until("it is told", () => /"level":"error","what":"mail","detail":"message \d+ \(reset\) is given up after a day"/.test(h.log("jobs")));
	assert.equal(h.log("jobs").includes(email), false, "no address in the log");
	assert.deepEqual(await h.sql("SELECT CONCAT('[', email, ']') FROM outbox WHERE state = 'given_up'"), [["[]"]]);
	const metrics = await h.request("localhost", "/metrics", { headers: { Host: `localhost:${h.port}` } });
	assert.match(metrics.text, /^portico_mail\{state="given_up"\} 1$/m);
	assert.equal(takenFor(email).length, 0);
});

test("a server of mail is told the brand's host and address, and nothing of this machine", () => {
	for (const mail of server.taken) {
		assert.equal(mail.hello, `EHLO ${brand}.localhost`);
		assert.equal(mail.from.replace(/ SIZE=\d+$/, ""), `MAIL FROM:<${/<(.*)>/.exec(parse(mail.raw).from)[1]}>`);
	}
	assert.equal(server.taken.length, 5);
});
