/** Usage by the API, and the very rows that it writes by LOAD DATA. */
import { rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const EVENTS = 1000;
/** Requests, or files, of one measurement. */
const TIMES = 10;

const COLUMNS = ["source_id", "event", "tenant_id", "customer_id", "segment_id", "group_id", "agent_id", "account_id", "offering_id", "product_id", "quantity", "at", "day", "class", "time_of_day", "zone", "batch_id", "line"];

export class Intake {
	/** @param {import("./stack.mjs").Stack} stack  @param {{host: string, cookie: string}} target who delivers */
	constructor(stack, target) {
		this.stack = stack;
		this.target = target;
		this.mark = Date.now().toString(36); // so that a later run has other events
		this.names = 0;
	}

	/** What the dealer's customers have. */
	async prepare() {
		const found = await this.stack.sql(`SELECT a.number, o.code FROM subscription t JOIN account a ON a.id = t.account_id AND a.state = 'active' JOIN offering o ON o.id = t.offering_id
			JOIN host h ON h.tenant_id = t.tenant_id AND h.name = '${this.target.host}' WHERE t.ends IS NULL AND t.starts < CURRENT_DATE - INTERVAL 10 DAY LIMIT 5000`);
		if (found.length < 20)
			throw new Error(`${this.target.host} has too few subscriptions`);
		this.sold = found.map(([account, offering]) => ({ account, offering }));
		this.folder = resolve(this.stack.var, "tmp/db"); // the only one that the database reads files from
	}

	body() {
		const at = new Date(Date.now() - 3 * 86400000).toISOString();
		return Array.from({ length: EVENTS }, () => JSON.stringify({ source: "bench", event: `b-${this.mark}-${++this.names}`, ...this.sold[this.names * 7919 % this.sold.length], quantity: "1.25", at, class: "data" })).join("\n");
	}

	/** Events a second by the API. */
	async deliver() {
		const bodies = Array.from({ length: TIMES }, () => this.body());
		const begin = process.hrtime.bigint();
		for (const body of bodies) {
			const answer = await this.stack.request("POST", this.target.host, "/api/v1/usage", { ...this.target, text: body, type: "application/x-ndjson" });
			if (answer.status !== 200 || !answer.body.includes(`"received":${EVENTS},`))
				throw new Error(`${answer.status} ${answer.body.subarray(-300)}`);
		}
		return EVENTS * TIMES / (Number(process.hrtime.bigint() - begin) / 1e9);
	}

	/** Events a second by LOAD DATA, as the server counts the time: rows like the newest, under other names. */
	async load() {
		const rows = await this.stack.sql(`SELECT ${COLUMNS.join()} FROM usage_event WHERE event LIKE 'b-%' ORDER BY id DESC LIMIT ${EVENTS * TIMES}`);
		const statements = ["SET @us = 0"], files = Array.from({ length: TIMES }, (_, i) => `${this.folder}/bench-usage-${i}.tsv`);
		for (let i = 0; i < TIMES; i++) {
			const file = files[i], part = rows.slice(i * EVENTS, (i + 1) * EVENTS);
			writeFileSync(file, part.map((row) => row.map((value, c) => (COLUMNS[c] === "event" ? `l-${this.mark}-${++this.names}` : value === "NULL" ? "\\N" : value)).join("\t")).join("\n") + "\n", { mode: 0o644 });
			statements.push("SET @t = SYSDATE(6)", `LOAD DATA INFILE '${file}' INTO TABLE usage_event (${COLUMNS.join()})`, "SET @us = @us + TIMESTAMPDIFF(MICROSECOND, @t, SYSDATE(6))");
		}
		const [[us]] = await this.stack.sql(`${statements.join("; ")}; SELECT @us`);
		files.forEach((file) => rmSync(file));
		return EVENTS * TIMES / (Number(us) / 1e6);
	}
}
