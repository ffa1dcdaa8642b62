/** The jobs: what is measured, against what, and what is to be reached.  Each gives rows of the table. */
import { writeFileSync } from "node:fs";
import { ROUNDS, compare, compareAll, compareTogether, load, median, processorTimeOf, resident, row } from "./measure.mjs";
import { Bare, floor } from "./reference.mjs";
import { writePlan } from "./plan.mjs";
import { ConstantWorker } from "./constant.mjs";
import { paper } from "./paper.mjs";
import { Intake } from "./usage.mjs";
import { Book } from "./book.mjs";
import { Rating } from "./rating.mjs";
import { Stack } from "./stack.mjs";

export { flood, houses, move } from "./access.mjs";
export { run } from "./run.mjs";

/** What the worker should reach of the least program that runs the same SQL and answers the same bytes. */
const OF_LEAST = 0.85;

/** Requests a second of targets that the worker answers, each against its floor and against the least program. */
async function againstFloor(stack, port, jobs) {
	const bare = new Bare(`bare-${port}`, port), rows = [];
	for (const job of jobs) {
		const body = await stack.body(job.target);
		job.plan = `${bare.folder}/${job.name}.plan`;
		job.statements = await writePlan(stack, job.target, job.plan);
		job.constant = bare.fastcgi(job.name, body, job.type ?? "application/json");
		job.least = bare.fastcgi(`${job.name}-least`, body, job.type ?? "application/json", stack, job.plan);
		job.bytes = body.length;
	}
	try {
		await bare.start();
		for (const job of jobs) {
			const rate = (target) => async () => (await load(target)).rate;
			await load(job.target, 1); // every thread prepares its statements
			const [floored, least] = await compareAll(rate(job.target), [() => floor(stack, job.plan, job.constant), rate(job.least)]);
			rows.push(row(`${job.title} (${job.statements} statements, ${job.bytes} bytes)`, floored, job.goal, "requests/s"));
			rows.push(row(`${job.title}, to the least program`, least, OF_LEAST, "requests/s"));
		}
	} finally {
		await bare.stop();
	}
	return rows;
}

/** A branded host's page against the same bytes from a bare location. */
export async function page(stack, port) {
	const { host } = await stack.user("distributor_owner"), target = { port: stack.port, host, path: "/" };
	const bare = new Bare("bare-page", port), bytes = await stack.body(target);
	const reference = bare.file("page.html", bytes);
	try {
		await bare.start();
		const found = await compare(async () => (await load(target)).rate, async () => (await load(reference)).rate);
		return [row(`static page of a branded host (${bytes.length} bytes)`, found, 0.9, "requests/s")];
	} finally {
		await bare.stop();
	}
}

/** A role of the first distributor that may see eight segments, and a user that has it. */
async function eightArms(stack) {
	const user = stack.users.find((one) => one.role === "distributor_owner");
	const [[id, tenant]] = await stack.sql(`SELECT u.id, u.tenant_id FROM user u JOIN host h ON h.tenant_id = u.tenant_id
		WHERE u.email = '${user.email}' AND h.name = '${user.host}'`);
	const email = "eight-arms@bench.example";
	await stack.sql(`
		INSERT IGNORE INTO segment (tenant_id, code, name) VALUES
			${[1, 2, 3, 4, 5, 6, 7, 8].map((i) => `(${tenant}, 'bench-${i}', 'Bench ${i}')`).join(", ")};
		SET @first = (SELECT MIN(id) FROM segment WHERE tenant_id = ${tenant} AND code LIKE 'bench-%');
		UPDATE customer SET segment_id = @first + id MOD 8 WHERE ${tenant} IN (tenant_id, a1, a2, a3, a4);
		INSERT IGNORE INTO role (tenant_id, code, name, portal)
			SELECT ${tenant}, r.code, 'Bench', r.portal FROM user u JOIN role r ON r.id = u.role_id WHERE u.id = ${id};
		INSERT IGNORE INTO user (tenant_id, role_id, email, name, language, password)
			SELECT ${tenant}, r.id, '${email}', 'Bench', u.language, u.password FROM user u JOIN role r ON r.tenant_id = ${tenant}
			WHERE u.id = ${id} AND r.name = 'Bench';
		INSERT IGNORE INTO role_segment (role_id, segment_id)
			SELECT r.id, s.id FROM role r JOIN segment s ON s.tenant_id = ${tenant} AND s.code LIKE 'bench-%'
			WHERE r.tenant_id = ${tenant} AND r.name = 'Bench';
		UPDATE channel_version SET version = version + 1`);
	return stack.signIn(email, user.host);
}

/** A list of 50 customers, of all segments and of eight, against its floor. */
export async function list(stack, port) {
	const path = "/api/v1/customers";
	const eight = { ...await eightArms(stack), path }, one = { ...await stack.user("distributor_owner"), path };
	return againstFloor(stack, port, [
		{ name: "list-1", title: "list of 50 customers, 1 arm", target: one, goal: 0.8 },
		{ name: "list-8", title: "list of 50 customers, 8 arms", target: eight, goal: 0.8 },
	]);
}

/** The bill that the bill jobs show: the newest of the first dealer, as the dealer sees it. */
export async function aBill(stack) {
	const target = await stack.user("dealer_owner");
	const [bill] = JSON.parse(await stack.body({ ...target, path: "/api/v1/documents?kind=invoice" })).data;
	return { ...target, path: `/api/v1/documents/${bill.id}` };
}

/** A bill as JSON and as a page, against their floors. */
export async function bill(stack, port) {
	const target = await aBill(stack);
	return againstFloor(stack, port, [
		{ name: "bill-json", title: "bill as JSON", target, goal: 0.8 },
		{ name: "bill-html", title: "bill as HTML", target: { ...target, path: `${target.path}/html` }, goal: 0.75, type: "text/html" },
	]);
}

/** A bill as PDF against a cairo page with the same glyphs; in one process, without a server. */
export async function pdf(stack) {
	const { path } = await aBill(stack);
	return [row("bill as PDF", await paper(stack, path.split("/").at(-1)), 0.8, "documents/s")];
}

/** What rights, scope and the field filter cost: the list against one with everything constant. */
export async function rights(stack, port) {
	const target = { ...await stack.user("distributor_owner"), path: "/api/v1/customers" };
	const constant = new ConstantWorker(stack, port);
	try {
		await constant.start(target);
		const reference = { ...target, port }, [real, bare] = await Promise.all([stack.body(target), stack.body(reference)]);
		if (!real.equals(bare))
			throw new Error("the constant list is another one than the real list");
		await load(target, 1);
		await load(reference, 1);
		// Both at the same time: what disturbs the one disturbs the other.
		const found = await compareTogether(() => processorTimeOf(stack.workers(), target),
			() => processorTimeOf(constant.workers(), reference), 2 * ROUNDS + 1);
		return [row("rights and scope: a list, to the same with constants", found, 1.03, "us of processor/request", true)];
	} finally {
		await constant.stop();
	}
}

/** Usage, 1,000 events a request, against LOAD DATA of the very rows that it writes, a thousand at a time too. */
export async function usage(stack) {
	const intake = new Intake(stack, await stack.user("dealer_owner"));
	await intake.prepare();
	await intake.deliver(); // the statements are prepared, and the tables are warm
	return [row("usage, 1,000 events a request, to LOAD DATA of the same rows", await compare(() => intake.deliver(), () => intake.load()), 0.6, "events/s")];
}

/** Usage as a run takes it, against the plain sum over the same rows. */
export async function rating(_, port) {
	const stack = new Stack("book", port, { resellers: 30, customers: 100 });
	await stack.start();
	try {
		const book = new Book(stack, 10000);
		await book.fill();
		const rows = [];
		for (const accounts of [10000, 1000]) {
			const events = new Rating(stack, book, accounts);
			await events.fill();
			await events.rate(); // what is read is in memory
			const [sum, twin] = await compareAll(() => events.rate(), [() => events.sum(), () => events.sumOfTwin()]);
			await events.end();
			const title = `rating of 1,000,000 events of ${accounts} accounts, the statements of a run from the locks to what is to be billed`;
			rows.push(row(`${title}, to the plain sum`, sum, 0.6, "events/s"), row(`${title}, to that of a twin with an index for just that`, twin, null, "events/s"));
		}
		return rows;
	} finally {
		await stack.stop();
	}
}

/** The alphabet of public ids. */
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

const base32 = (bytes) => {
	let bits = "";
	for (const byte of bytes)
		bits += byte.toString(2).padStart(8, "0");
	return bits.match(/.{1,5}/g).map((five) => ALPHABET[parseInt(five.padEnd(5, "0"), 2)]).join("");
};

/** The cursor behind the middle of the provider's list: the id, then sort 0, not reversed, and the name. */
async function middle(stack, n) {
	const [[id, name]] = await stack.sql(`SELECT id, name FROM customer ORDER BY name, id LIMIT ${Math.floor(n / 2)}, 1`);
	return `${await stack.seal("customer", id)}${base32(Buffer.from(`00${name}`))}`;
}

/** The provider's list of all customers in databases of several sizes, and its deep pages. */
export async function scale(stacks) {
	const path = "/api/v1/customers", rows = [], targets = [];
	const time = (target) => async () => 1e6 / (await load(target)).rate;
	for (const stack of stacks) {
		const first = { ...await stack.user("provider_admin"), path }, n = stack.size.customers;
		const deep = { ...first, path: `${path}?cursor=${await middle(stack, n)}` };
		for (const target of [first, deep])
			await load(target, 1);
		rows.push(row(`page in the middle of ${n} customers, to the first page`, await compare(time(deep), time(first)), 1.1, "us/request", true));
		targets.push({ first, n });
	}
	for (const { first, n } of targets.slice(1))
		rows.push(row(`list of ${n} customers, to that of ${targets[0].n}`, await compare(time(first), time(targets[0].first)), 1.3, "us/request", true));
	return rows;
}

/** Resident size of the worker's processes while 100,000 requests of all kinds pass. */
export async function memory(stack) {
	const target = await aBill(stack), file = `${stack.var}/bench.paths`, { path } = target;
	const paths = ["/api/v1/customers", path, `${path}/html`, "/api/v1/documents"];
	writeFileSync(file, [...paths, ...paths, ...paths, "/api/v1/payments", `${path}/pdf`].join("\n"));
	const largest = () => Math.max(...stack.workers().map(resident)) / 2 ** 20, pids = stack.workers().join();
	const until = async (n) => {
		for (let done = 0; done < n;)
			done += (await load({ ...target, paths: file }, 5)).requests;
		return largest();
	};
	const half = await until(50000), whole = await until(50000);
	if (stack.workers().join() !== pids)
		throw new Error("a process of the worker ended");
	return [
		row("resident size of a worker process after 100,000 requests, to 40 MB", { subject: whole, reference: 40, ratio: whole / 40 }, 1, "MB", true),
		row("the same, to that after 50,000", { subject: whole, reference: half, ratio: whole / half }, 1.02, "MB", true),
	];
}

/** `make run` where everything runs already. */
export async function warm(stack) {
	await stack.startAgain();
	const subject = median([await stack.startAgain(), await stack.startAgain(), await stack.startAgain()]);
	await stack.stopJobs();
	return [row("make run on a warm tree, to 5 s", { subject, reference: 5, ratio: subject / 5 }, 1, "s", true)];
}
