/** What access costs others: houses of every level beside each other, a subtree that moves, a flood of wrong sign-ins. */
import { spawn } from "node:child_process";
import { compare, load, median, resident, row } from "./measure.mjs";
import { ask, p99, steadily } from "./steady.mjs";

/** Megabytes that a process of the worker may take while passwords are hashed: its own, and two hashings of 39. */
const ROOM = 120;

const CUSTOMERS = "/api/v1/customers";

/** The first user of the tenant, signed in, its first page of customers as a target. */
async function houseOf(stack, tenant) {
	const [[email, host]] = await stack.sql(`SELECT u.email, h.name FROM user u JOIN host h ON h.tenant_id = u.tenant_id JOIN role r ON r.id = u.role_id
		WHERE u.tenant_id = ${tenant} AND u.customer_id IS NULL AND r.code IN ('distributor_owner', 'dealer_owner') AND u.email <> 'eight-arms@bench.example' ORDER BY u.id LIMIT 1`);
	return { ...await stack.signIn(email, host), path: CUSTOMERS };
}

const time = (target) => async () => 1e6 / (await load(target)).rate;

/** The largest distributor and dealer, each to the provider: the list of whoever has more customers takes no longer. */
export async function houses(stack) {
	const provider = { ...await stack.user("provider_admin"), path: CUSTOMERS }, found = [];
	await load(provider, 1);
	for (const [name, column, level] of [["distributor", "a1", 1], ["dealer", "tenant_id", 2]]) {
		const [[tenant, n]] = await stack.sql(`SELECT t.id, COUNT(*) AS n FROM customer c JOIN tenant t ON t.id = c.${column} AND t.level = ${level} GROUP BY t.id ORDER BY n DESC LIMIT 1`);
		const target = await houseOf(stack, tenant);
		await load(target, 1);
		found.push(row(`list of a ${name} with ${n} customers, to that of the provider with ${stack.size.customers}`, await compare(time(target), time(provider)), 1.1, "us/request", true));
	}
	return found;
}

/** Runs portico-jobs until what is asked is so; the microseconds of a request of the load meanwhile. */
async function whileJobsRun(stack, target, over) {
	const child = spawn("build/portico-jobs", [`${stack.var}/portico.conf`], { stdio: "ignore" });
	const ended = new Promise((done) => child.once("exit", done)), times = [];
	try {
		while (!await over()) {
			if (child.exitCode !== null)
				throw new Error(`portico-jobs has ended: ${child.exitCode}`);
			times.push(1e6 / (await load(target, 1)).rate);
		}
	} finally {
		child.kill();
		await ended;
	}
	return times;
}

/**
 * The distributor with the most customers goes below another one, or back where it did so the last time.  To whom the
 * rows belong is decided at once; they follow in the background, and lists of a house that stays go on meanwhile.
 */
export async function move(stack) {
	const [[tenant, parent]] = await stack.sql(`SELECT t.id, t.parent_id FROM customer c JOIN tenant t ON t.id IN (c.a1, c.a2) AND t.id IN (SELECT id FROM tenant WHERE level = 1 UNION SELECT tenant_id FROM move)
		GROUP BY t.id ORDER BY t.id IN (SELECT tenant_id FROM move) DESC, COUNT(*) DESC LIMIT 1`);
	const [[n]] = await stack.sql(`SELECT COUNT(*) FROM customer WHERE ${tenant} IN (a1, a2)`);
	const [[other]] = await stack.sql(`SELECT id FROM tenant WHERE level = 1 AND id NOT IN (${tenant}, ${parent}) ORDER BY id LIMIT 1`);
	const [[root]] = await stack.sql("SELECT id FROM tenant WHERE level = 0");
	const target = await houseOf(stack, parent === root ? other : parent);
	await load(target, 1);
	const quiet = median([await time(target)(), await time(target)(), await time(target)()]);
	await stack.sql(`INSERT INTO move (tenant_id, from_id, parent_id, day) VALUES (${tenant}, ${parent}, ${parent === root ? other : root}, UTC_DATE())`);
	const begin = process.hrtime.bigint();
	const busy = await whileJobsRun(stack, target, async () => (await stack.sql(`SELECT COUNT(*) FROM move WHERE tenant_id = ${tenant} AND state IN ('planned', 'moving')`))[0][0] === "0");
	const seconds = Number(process.hrtime.bigint() - begin) / 1e9, subject = busy.sort((a, b) => a - b)[busy.length >> 1];
	return [row(`list while ${n} customers move, in ${seconds.toFixed(0)} s, to that before`, { subject, reference: quiet, ratio: subject / quiet }, 2, "us/request", true)];
}

/**
 * Two hundred wrong passwords a second from a thousand addresses against known and unknown names.  Meanwhile somebody
 * looks at lists, and owners sign in from where they have signed in before.
 */
export async function flood(stack) {
	const seconds = Number(process.env.FLOOD_SECONDS ?? 60);
	const owner = stack.users.find((one) => one.role === "dealer_owner"), { email, host } = owner;
	const list = { ...await stack.signIn(email, host), path: CUSTOMERS }, largest = () => Math.max(...stack.workers().map(resident)) / 2 ** 20;
	const right = { host, path: "/api/v1/session", body: { email, password: "portico-demo" } };
	const pids = stack.workers().join();
	let peak = 0;
	await stack.sql("DELETE FROM attempt");
	const wrong = (i) => ({ host, path: "/api/v1/session", body: { email: i % 4 === 0 ? email : `nobody${i}@flood.example`, password: "not the right one" } });
	const [flooded, lists, good] = await Promise.all([
		steadily(200, seconds, (i) => ask(stack, `127.1.${Math.floor(i / 250) % 4}.${1 + i % 250}`, wrong(i))),
		steadily(20, seconds, () => {
			peak = Math.max(peak, largest());
			return ask(stack, "127.0.0.1", list);
		}),
		steadily(0.5, seconds, () => ask(stack, "127.0.0.1", right)),
	]);
	if (stack.workers().join() !== pids)
		throw new Error("a process of the worker ended");
	const count = (of, status) => of.filter((one) => one.status === status).length;
	if (flooded.some(({ status }) => ![401, 429, 503].includes(status)) || count(lists, 200) !== lists.length)
		throw new Error(`the flood was answered by ${[...new Set(flooded.map(({ status }) => status))]}, lists by ${[...new Set(lists.map(({ status }) => status))]}`);
	const late = p99(lists);
	const told = `${flooded.length} wrong sign-ins in ${seconds} s: ${count(flooded, 401)} tried, ${count(flooded, 429)} had to wait, ${count(flooded, 503)} found it busy`;
	return [
		row(`p99 of a list meanwhile, to 250 ms (${told})`, { subject: late, reference: 250, ratio: late / 250 }, 1, "ms", true),
		row("good sign-ins meanwhile, from where one signed in before, to all", { subject: count(good, 200), reference: good.length, ratio: count(good, 200) / good.length }, 1, "sign-ins"),
		row(`resident size of a worker process at most, to ${ROOM} MB`, { subject: peak, reference: ROOM, ratio: peak / ROOM }, 1, "MB", true),
	];
}
