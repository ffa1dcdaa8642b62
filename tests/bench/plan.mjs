/** The statements that one request runs, with the values of their parameters, as a plan for ref_sql. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";

/** A plan needs every statement's text before and after its values were put in; both are in the general log. */
async function record(stack, target) {
	const file = `${stack.var}/db/bench.log`;
	rmSync(file, { force: true });
	await stack.sql("SET GLOBAL log_output = 'FILE', GLOBAL general_log_file = 'bench.log', GLOBAL general_log = 1");
	// New connections prepare anew.
	for (const [id] of await stack.sql("SELECT id FROM information_schema.processlist WHERE user = 'portico'"))
		await stack.sql(`KILL ${id}`);
	for (let i = 0; i < 60; i++)
		await stack.body(target);
	await stack.sql("SET GLOBAL general_log = 0");
	const text = readFileSync(file, "latin1");
	rmSync(file, { force: true });
	return text;
}

/** Entries of the log as {id, what, text}. */
function entries(log) {
	const found = [];
	for (const part of log.split(/\n(?=(?:\d{6} [ \d]\d:\d\d:\d\d)?\t+ *\d+ [A-Z])/)) {
		const m = /^(?:\d{6} [ \d]\d:\d\d:\d\d)?\t+ *(\d+) (\w+)(?: \w+)?\t([^]*)$/.exec(part);
		if (m)
			found.push({ id: m[1], what: m[2], text: m[3].replace(/\n$/, "") });
	}
	return found;
}

const ESCAPES = { 0: "\0", n: "\n", r: "\r", Z: "\x1a" };

/** The value at `at` of an executed text: its line in the plan and where it ends, or null. */
function value(text, at) {
	if (text[at] !== "'") {
		const word = /^(NULL|-?\d+)/.exec(text.slice(at))?.[1];
		return word ? { line: word === "NULL" ? "N" : `I ${word}`, end: at + word.length } : null;
	}
	let bytes = "", i = at + 1;
	for (; text[i] !== "'"; i++) {
		if (text[i] === "\\")
			bytes += ESCAPES[text[++i]] ?? text[i];
		else
			bytes += text[i];
	}
	return { line: `T ${Buffer.from(bytes, "latin1").toString("hex")}`, end: i + 1 };
}

/** The values of an executed statement, or null where it is not this prepared one. */
function valuesOf(prepared, executed) {
	const parts = prepared.split("?"), lines = [];
	let at = parts[0].length;
	if (!executed.startsWith(parts[0]))
		return null;
	for (const part of parts.slice(1)) {
		const found = value(executed, at);
		if (!found || !executed.startsWith(part, found.end))
			return null;
		lines.push(found.line);
		at = found.end + part.length;
	}
	return at === executed.length ? lines : null;
}

/** What the log tells of the last request: all texts prepared, and those executed with their values. */
async function lastRequest(stack, target) {
	const log = entries(await record(stack, target));
	const prepared = [...new Set(log.filter((entry) => entry.what === "Prepare").map((entry) => entry.text))];
	const { id } = log.findLast((entry) => entry.what === "Execute");
	const executed = log.filter((entry) => entry.id === id && entry.what === "Execute").map((entry) => entry.text);
	// Every request begins with the session; the last one is a warm one.
	return { prepared, executed: executed.slice(executed.findLastIndex((text) => text.includes(" FROM session s "))) };
}

/** The statements of one request, with their values in their texts. */
export async function executed(stack, target) {
	const found = await lastRequest(stack, target);
	return found.executed.map((text) => Buffer.from(text, "latin1").toString("utf8"));
}

/**
 * Writes the plan of a target to a file.
 * @returns {Promise<number>} how many statements one request runs
 */
export async function writePlan(stack, target, file) {
	const found = await lastRequest(stack, target), lines = [];
	for (const text of found.executed) {
		const match = found.prepared.map((one) => [one, valuesOf(one, text)]).find(([, values]) => values !== null);
		if (!match)
			throw new Error(`executed but never prepared: ${text}`);
		lines.push(`S ${Buffer.from(match[0], "latin1").toString("hex")}`, ...match[1]);
	}
	writeFileSync(file, `${lines.join("\n")}\n`);
	return found.executed.length;
}
