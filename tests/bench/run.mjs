/** What a bill run costs, and whom it disturbs. */
import { Book } from "./book.mjs";
import { median, row } from "./measure.mjs";
import { Stack } from "./stack.mjs";
import { ask, p99, steadily } from "./steady.mjs";

const ROUNDS = 3;
/** Lists a second of a house that has nothing to do with the run. */
const RATE = 20;

/** All accounts of a three-level chain, five charges each, against INSERT..SELECT of the rows that it wrote; and one more beside lists of another house. */
export async function run(_, port) {
	const accounts = process.env.SCALE === "1" ? 100000 : 10000, stack = new Stack("book", port, { resellers: 30, customers: 100 });
	await stack.start();
	try {
		const book = new Book(stack, accounts);
		await book.fill();
		await book.bill();
		await book.twins();
		const rounds = [];
		for (let i = 0; i < ROUNDS; i++) {
			const subject = await book.bill(), reference = await book.copy();
			rounds.push({ subject, reference, ratio: subject / reference });
		}
		const middle = median(rounds.map(({ ratio }) => ratio));
		return [
			row(`bill run, ${accounts} accounts x 5 charges, three levels, to INSERT..SELECT of its rows`, rounds.find(({ ratio }) => ratio === middle), 0.5, "rows/s"),
			...await beside(stack, book),
		];
	} finally {
		await stack.stop();
	}
}

/** A run while another house looks at its customers as often as before. */
async function beside(stack, book) {
	const concerned = (await stack.sql("SELECT h.name FROM host h WHERE h.tenant_id IN (SELECT seller_id FROM agreement UNION SELECT buyer_id FROM agreement)")).flat();
	const { email, host } = stack.users.find((one) => one.portal === "reseller" && !concerned.includes(one.host));
	const list = { ...await stack.signIn(email, host), path: "/api/v1/customers?limit=50" };
	const look = () => ask(stack, "127.0.0.1", list), quiet = await steadily(RATE, 15, look);
	let over = false;
	const lists = steadily(RATE, 600, look, () => over);
	await book.bill();
	over = true;
	const busy = await lists;
	if ([...quiet, ...busy].some(({ status }) => status !== 200))
		throw new Error("a list failed beside a bill run");
	const subject = p99(busy), reference = p99(quiet);
	return [
		row(`p99 of ${busy.length} lists of another house while a run bills, to ${quiet.length} before`, { subject, reference, ratio: subject / reference }, 2, "ms", true),
		row("memory of a bill run, to 100 MB", { subject: book.memory, reference: 100, ratio: book.memory / 100 }, 1, "MB", true),
	];
}
