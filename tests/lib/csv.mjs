// Reads CSV as RFC 4180 has it, written from the RFC and not from the server; null is an empty cell, "" an empty text.
import assert from "node:assert/strict";

/** @returns {(string | null)[][]} records; the BOM is asked for and left out */
export function records(text) {
	assert.equal(text[0], "\ufeff", "a byte order mark, for spreadsheets");
	const all = [];
	let record = [], at = 1;
	while (at < text.length) {
		if (text[at] === '"') {
			const cell = /"((?:[^"]|"")*)"/y;
			cell.lastIndex = at;
			const [whole, inside] = cell.exec(text);
			record.push(inside.replaceAll('""', '"'));
			at += whole.length;
		} else {
			const cell = /[^",\r\n]*/y;
			cell.lastIndex = at;
			const [whole] = cell.exec(text);
			record.push(whole === "" ? null : whole);
			at += whole.length;
		}
		if (text[at] === ",") {
			at++;
			continue;
		}
		assert.equal(text.slice(at, at + 2), "\r\n", `behind ${JSON.stringify(text.slice(at - 30, at))}`);
		at += 2;
		all.push(record);
		record = [];
	}
	return all;
}

/**
 * The cells that a row of the API is to become, by the names of the columns; money that is null has a currency that is.
 * @returns {Record<string, string | null>}
 */
export function cells(row, head = []) {
	return Object.fromEntries(Object.entries(row).flatMap(([name, value]) => {
		if (value === null && head.includes(`${name}_currency`)) return [[name, null], [`${name}_currency`, null]];
		if (value !== null && typeof value === "object") return [[name, value.amount], [`${name}_currency`, value.currency]];
		return [[name, value === null ? null : typeof value === "string" ? value.replace(/^[=+\-@\t\r＝＋－＠]/, "'$&") : String(value)]];
	}));
}

/** The rows of an export as objects of cells. */
export function table(text) {
	const [head, ...rows] = records(text);
	for (const row of rows) assert.equal(row.length, head.length, row.join());
	return rows.map((row) => Object.fromEntries(row.map((cell, i) => [head[i], cell])));
}

/** The rows of NDJSON. */
export function lines(text) {
	assert.ok(text === "" || text.endsWith("\n"), "the last line has an end");
	return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}
