/** What a bill run does with usage, by its own statements, and the plain sum over the same rows. */
import { readFileSync } from "node:fs";

/** Events, all in one period of the accounts of the book, and offerings that an account uses. */
const EVENTS = 1000000, OFFERINGS = 2;
/** By how many accounts use: the beginning of their events' names, and a period that no run of the book comes to. */
const SHAPES = { 10000: { mark: "r", period: ["2039-03-28", "2039-04-28"] }, 1000: { mark: "h", period: ["2039-05-28", "2039-06-28"] } };
const CHUNK = 500;

/** The statements of a run that are about usage, in their order, each chunk of accounts a transaction behind its lock. */
const HELD = ["bill_usage_hold", "bill_usage_newest"], RATED = ["bill_usage_again", "bill_usage_take", "bill_usage_noted", "bill_usage_things"];
const BACK = ["bill_usage_give_back_sums"];

export class Rating {
	/** @param {import("./stack.mjs").Stack} stack  @param {import("./book.mjs").Book} book whose accounts use it  @param accounts so many of them, as in SHAPES */
	constructor(stack, book, accounts) {
		Object.assign(this, { stack, book, accounts, ...SHAPES[accounts] });
		this.texts = new Map(readFileSync("schema/query/bill_usage.sql", "utf8").split(/^-- name: /m).slice(1).map((part) => {
			const [name, ...lines] = part.split("\n");
			return [name, lines.filter((line) => !line.startsWith("--")).join("\n").trim()];
		}));
	}

	/** The events, where they are not there yet, and the run that takes them. */
	async fill() {
		const [[there]] = await this.stack.sql(`SELECT COUNT(*) FROM usage_event WHERE event LIKE '${this.mark}-%'`);
		if (Number(there) !== EVENTS)
			await this.events();
		[[this.run, this.month, this.last]] = await this.stack.sql(`
			INSERT IGNORE INTO bill_run (tenant_id, cycle_day, period_start, period_end, sequence, issue_date, last_account, opened)
				SELECT n.id, ${this.book.cycle}, '${this.period[0]}', '${this.period[1]}', 99, '${this.period[1]}', (SELECT MAX(id) FROM account), '2026-01-01' FROM tenant n WHERE n.level = 0;
			SELECT id, YEAR(period_start) * 12 + MONTH(period_start), YEAR(period_end) * 12 + MONTH(period_end) FROM bill_run WHERE period_start = '${this.period[0]}' AND sequence = 99`);
		this.chunks = await this.stack.sql(`SELECT MIN(x.id) - 1, MAX(x.id) FROM (SELECT a.id, FLOOR((ROW_NUMBER() OVER (ORDER BY a.id) - 1) / ${CHUNK}) AS chunk FROM account a
			WHERE a.cycle_day = ${this.book.cycle}) x GROUP BY x.chunk ORDER BY 1`);
		await this.stack.sql(`DROP TABLE IF EXISTS bench_usage;
			CREATE TABLE bench_usage (id BIGINT NOT NULL PRIMARY KEY, account_id BIGINT NOT NULL, offering_id BIGINT NOT NULL, day DATE NOT NULL, quantity DECIMAL(18,6) NOT NULL,
				KEY sums (account_id, offering_id, day, quantity)) SELECT id, account_id, offering_id, day, quantity FROM usage_event WHERE event LIKE '${this.mark}-%';
			ANALYZE TABLE usage_event, usage_total, usage_late, account, bench_usage`);
	}

	async events() {
		const step = 100000;
		await this.stack.sql(`
			INSERT IGNORE INTO usage_source (tenant_id, code) SELECT id, 'rating' FROM tenant WHERE level = 0;
			INSERT INTO usage_batch (tenant_id, way, created) SELECT id, 'file', '2026-01-01' FROM tenant WHERE level = 0`);
		for (let from = 1; from <= EVENTS; from += step)
			await this.stack.sql(`
				INSERT IGNORE INTO usage_event (tenant_id, customer_id, segment_id, account_id, offering_id, product_id, source_id, event, quantity, at, day, batch_id, line)
				SELECT a.tenant_id, a.customer_id, a.segment_id, a.id, o.id, o.product_id, s.id, CONCAT('${this.mark}-', q.seq), 1 + q.seq MOD 7 / 4, d.day, d.day, (SELECT MAX(id) FROM usage_batch), q.seq
				FROM seq_${from}_to_${from + step - 1} q
				JOIN (SELECT *, ROW_NUMBER() OVER (ORDER BY id) - 1 AS n FROM account WHERE number LIKE 'BOOK-%') a ON a.n = q.seq * 7919 MOD ${this.accounts}
				JOIN (SELECT *, ROW_NUMBER() OVER (ORDER BY id) - 1 AS n FROM offering WHERE kind = 'usage' AND currency = 'EUR' ORDER BY id LIMIT ${OFFERINGS}) o ON o.n = FLOOR(q.seq / ${this.accounts}) MOD ${OFFERINGS}
				JOIN usage_source s ON s.code = 'rating'
				JOIN (SELECT seq, '${this.period[0]}' + INTERVAL seq DAY AS day FROM seq_0_to_30) d ON d.seq = q.seq * 17 MOD 31`);
	}

	text(name, after, upto) {
		const values = { run: this.run, after, upto, newest: "@newest", month: this.month, last_month: this.last };
		return this.texts.get(name).replace(/:([a-z_]+)/g, (all, word) => values[word] ?? all);
	}

	/** Events a second from the locks to the things to bill, as the server counts the time; then all of it goes back. */
	async rate() {
		let us = 0;
		for (const [after, upto] of this.chunks) {
			const part = (names) => names.map((name) => this.text(name, after, upto)).join(";\n");
			const answers = await this.stack.sql(`SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; SET @t = SYSDATE(6); BEGIN; ${part(HELD)}; COMMIT;
				SET @newest = (SELECT MAX(id) FROM usage_event); BEGIN; ${part(RATED)}; COMMIT; SELECT TIMESTAMPDIFF(MICROSECOND, @t, SYSDATE(6))`);
			us += Number(answers.at(-1)[0]);
		}
		const [[sum, things]] = await this.stack.sql(`SELECT (SELECT SUM(quantity) FROM usage_total WHERE run_id = ${this.run}), (SELECT COUNT(*) FROM billable WHERE run_id = ${this.run})`);
		await this.stack.sql(`${BACK.map((name) => this.text(name, 0, 1e15)).join("; ")}; DELETE FROM billable WHERE run_id = ${this.run}`);
		const [[all]] = await this.stack.sql(`SELECT SUM(quantity) FROM usage_event WHERE event LIKE '${this.mark}-%'`);
		if (Number(sum) !== Number(all) || Number(things) !== OFFERINGS * this.accounts)
			throw new Error(`the run took ${sum} of ${all}, as ${things} things`);
		return EVENTS / (us / 1e6);
	}

	/** Events a second of the plain sum of these rows. */
	sum() {
		return this.plain("usage_event", `month IN (${this.month}, ${this.last}) AND`);
	}

	/** The same of a twin that has the index that suits it best, and nothing else. */
	sumOfTwin() {
		return this.plain("bench_usage FORCE INDEX (sums)", "");
	}

	async plain(table, where) {
		const [[us]] = await this.stack.sql(`SET @t = SYSDATE(6);
			SELECT account_id, offering_id, SUM(quantity) FROM ${table} WHERE ${where} day >= '${this.period[0]}' AND day < '${this.period[1]}' GROUP BY account_id, offering_id HAVING SUM(quantity) < 0;
			SELECT TIMESTAMPDIFF(MICROSECOND, @t, SYSDATE(6))`);
		return EVENTS / (Number(us) / 1e6);
	}

	/** The run is gone, so that those of the book come to no other month for it. */
	async end() {
		await this.stack.sql(`DELETE FROM bill_run WHERE id = ${this.run}; DROP TABLE bench_usage`);
	}
}
