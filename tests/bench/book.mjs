/** A book of a three-level chain, provider to distributor to dealer to accounts, and the bill runs over it. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The cycle of these accounts; those of the generated demo are billed on another day. */
const CYCLE = 28;

/** What a run writes, and what of it is the run's. */
const WRITTEN = {
	billable: "run_id = :run",
	charge: "run_id = :run",
	draft_tax: "run_id = :run",
	draft: "run_id = :run",
	document: "id IN (SELECT document_id FROM draft WHERE run_id = :run)",
	document_line: "document_id IN (SELECT document_id FROM draft WHERE run_id = :run)",
	document_tax: "document_id IN (SELECT document_id FROM draft WHERE run_id = :run)",
	settlement: "run_id = :run",
};

export class Book {
	/** @param stack a running one  @param accounts how many  @param charges of each, at most five */
	constructor(stack, accounts, charges = 5) {
		Object.assign(this, { stack, accounts, charges, cycle: CYCLE });
	}

	/** The edges, their prices and the accounts, where there are not so many yet. */
	async fill() {
		const [[there]] = await this.stack.sql(`SELECT COUNT(*) FROM account WHERE cycle_day = ${CYCLE}`);
		if (Number(there) === 0)
			await this.edges();
		await this.grow(Number(there));
		this.month = Number((await this.stack.sql("SELECT COALESCE(TIMESTAMPDIFF(MONTH, '2000-01-28', MAX(period_start)) + 1, 0) FROM bill_run"))[0][0]);
	}

	async edges() {
		await this.stack.sql(`
			SET @root = (SELECT id FROM tenant WHERE level = 0), @dealer = (SELECT id FROM tenant WHERE level = 2 AND currency = 'EUR' ORDER BY id LIMIT 1);
			SET @distributor = (SELECT a1 FROM tenant WHERE id = @dealer);
			INSERT INTO customer (tenant_id, a1, a2, segment_id, party_id, number, name, kind, language, since, buyer_id)
				SELECT p.id, p.a1, p.a2, (SELECT MIN(id) FROM segment WHERE tenant_id = p.id), n.party_id, CONCAT('BUYER-', n.id), n.name, 'reseller', n.language, '2000-01-01', n.id
				FROM tenant n JOIN tenant p ON p.id = n.parent_id WHERE n.id IN (@distributor, @dealer);
			INSERT INTO account (tenant_id, customer_id, segment_id, number, currency, cycle_day)
				SELECT tenant_id, id, segment_id, number, 'EUR', ${CYCLE} FROM customer WHERE buyer_id IN (@distributor, @dealer);
			INSERT INTO price_list (tenant_id, code, name, currency, is_default) SELECT id, 'bench', 'Bench', 'EUR', 1 FROM tenant WHERE id IN (@root, @distributor, @dealer);
			INSERT INTO price_version (list_id, starts, state) SELECT id, '2000-01-01', 'published' FROM price_list WHERE code = 'bench';
			INSERT INTO price_rule (version_id, method, value)
				SELECT v.id, CASE l.tenant_id WHEN @root THEN 'rrp_minus_pct' WHEN @distributor THEN 'cost_plus_pct' ELSE 'pass_through' END, 12.5
				FROM price_version v JOIN price_list l ON l.id = v.list_id WHERE l.code = 'bench';
			INSERT IGNORE INTO offering_price (offering_id, starts, currency, model) SELECT id, '2000-01-01', 'EUR', 'per_unit' FROM offering WHERE tenant_id = @root AND currency = 'EUR';
			INSERT IGNORE INTO offering_tier (price_id, tier, unit) SELECT p.id, 1, o.price FROM offering_price p JOIN offering o ON o.id = p.offering_id;
			INSERT INTO tax_rule (seller_id, starts, category, rate) SELECT id, '2000-01-01', 'S', 20 FROM tenant WHERE id IN (@root, @distributor, @dealer);
			INSERT INTO agreement (seller_id, buyer_id, account_id, starts, currency)
				SELECT c.tenant_id, c.buyer_id, a.id, '2000-01-01', 'EUR' FROM customer c JOIN account a ON a.customer_id = c.id WHERE c.buyer_id IN (@distributor, @dealer);
			INSERT INTO agreement (seller_id, starts, currency) VALUES (@dealer, '2000-01-01', 'EUR')`);
	}

	async grow(there) {
		const rows = 20000;
		for (let from = there + 1; from <= this.accounts; from += rows) {
			const upto = Math.min(this.accounts, from + rows - 1);
			await this.stack.sql(`
				SET @dealer = (SELECT seller_id FROM agreement WHERE account_id IS NULL AND starts = '2000-01-01' ORDER BY id LIMIT 1);
				INSERT INTO customer (tenant_id, a1, a2, segment_id, party_id, number, name, kind, language, since)
					SELECT n.id, n.a1, n.a2, (SELECT MIN(id) FROM segment WHERE tenant_id = n.id), n.party_id, CONCAT('BOOK-', s.seq), CONCAT('Book ', s.seq), 'person', 'en', '2000-01-01'
					FROM seq_${from}_to_${upto} s JOIN tenant n ON n.id = @dealer;
				INSERT INTO account (tenant_id, customer_id, segment_id, number, currency, cycle_day)
					SELECT c.tenant_id, c.id, c.segment_id, c.number, 'EUR', ${CYCLE} FROM seq_${from}_to_${upto} s JOIN customer c ON c.tenant_id = @dealer AND c.number = CONCAT('BOOK-', s.seq);
				INSERT INTO subscription (tenant_id, customer_id, segment_id, account_id, offering_id, product_id, quantity, unit_price, currency, starts)
					SELECT a.tenant_id, a.customer_id, a.segment_id, a.id, o.id, o.product_id, 1 + s.seq MOD 3, o.price, 'EUR', '2000-01-28'
					FROM seq_${from}_to_${upto} s JOIN account a ON a.tenant_id = @dealer AND a.number = CONCAT('BOOK-', s.seq)
					JOIN (SELECT * FROM offering WHERE kind = 'recurring' AND shared AND currency = 'EUR' ORDER BY id LIMIT ${this.charges}) o`);
		}
	}

	async command(...words) {
		const going = run("build/portico", ["-c", `${this.stack.var}/portico.conf`, "bill-run", ...words, "--json"], { maxBuffer: 1 << 24 });
		const looks = setInterval(() => this.look(going.child.pid), 100);
		const { stdout } = await going.finally(() => clearInterval(looks));
		return JSON.parse(stdout.trim().split("\n").at(-1));
	}

	/** What the job has taken at most, in MB. */
	look(pid) {
		const file = `/proc/${pid}/status`, peak = existsSync(file) && /VmHWM:\s+(\d+) kB/.exec(readFileSync(file, "latin1"));
		this.memory = Math.max(this.memory ?? 0, peak ? Number(peak[1]) / 1024 : 0);
	}

	/** The next month of all accounts, from opening the run to its settlement: rows a second. */
	async bill() {
		const month = this.month++, day = `${2000 + Math.floor((month + 1) / 12)}-${String((month + 1) % 12 + 1).padStart(2, "0")}-${CYCLE}`;
		const begin = process.hrtime.bigint();
		const { run: id } = await this.command("open", "--day", day, "--cycle", String(CYCLE));
		const done = await this.command("approve", String(id));
		const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
		if (done.phase !== "settled" || done.accounts < this.accounts)
			throw new Error(`run ${id}: ${JSON.stringify(done)}`);
		this.run = id;
		this.rows = 0;
		for (const [table, of] of Object.entries(WRITTEN))
			this.rows += Number((await this.stack.sql(`SELECT COUNT(*) FROM ${table} WHERE ${of.replace(":run", id)}`))[0][0]);
		return this.rows / seconds;
	}

	/** Tables like those, with their indexes, checks and foreign keys, and all rows of before: a run, too, writes beside what is there. */
	async twins() {
		for (const table of Object.keys(WRITTEN)) {
			const [[, definition]] = await this.stack.sql(`SHOW CREATE TABLE ${table}`);
			const text = definition.replaceAll("\\n", "\n").replace(`CREATE TABLE \`${table}\``, `CREATE TABLE bench_${table}`).replace(/CONSTRAINT `[^`]*` /g, "");
			await this.stack.sql(`DROP TABLE IF EXISTS bench_${table};\n${text}`);
			await this.again(table, "TRUE");
		}
	}

	async again(table, where) {
		const columns = (await this.stack.sql(`SELECT column_name FROM information_schema.columns WHERE table_schema = 'portico' AND table_name = '${table}' AND is_generated = 'NEVER' ORDER BY ordinal_position`)).flat().map((name) => `\`${name}\``).join();
		const begin = process.hrtime.bigint();
		await this.stack.sql(`INSERT INTO bench_${table} (${columns}) SELECT ${columns} FROM ${table} WHERE ${where}`);
		return Number(process.hrtime.bigint() - begin) / 1e9;
	}

	/** The rows of the last run once more, into the twins of their tables; rows a second. */
	async copy() {
		let seconds = 0;
		for (const [table, of] of Object.entries(WRITTEN))
			seconds += await this.again(table, of.replace(":run", this.run));
		return this.rows / seconds;
	}
}
