// Answers held against the server's own OpenAPI document.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { ask } from "./http.mjs";

const Ajv = createRequire(import.meta.url)("ajv/dist/2020.js").default;

/** The document, its operations, and a checker of answers. */
export async function openapi(site) {
	const answer = await ask(site, "GET", "/api/v1/openapi.json", { host: "pneumuster.localhost" });
	assert.equal(answer.status, 200, answer.text);
	const document = answer.json;
	const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true, formats: { date: isDate, "date-time": isTime } });
	ajv.addSchema({ $id: "openapi", ...document });
	const operations = Object.entries(document.paths).flatMap(([path, verbs]) =>
		Object.entries(verbs).map(([verb, operation]) => ({ path, method: verb.toUpperCase(), ...operation })));

	/** Fails where the answer is not what the document says of that operation. */
	function check(method, path, got) {
		const responses = document.paths[path]?.[method.toLowerCase()]?.responses;
		assert.ok(responses, `${method} ${path} is not in the document`);
		const name = responses[got.status] ? String(got.status) : "default";
		const type = (got.headers["content-type"] ?? "").split(";")[0];
		const content = responses[name].content;
		if (content === undefined) return;
		assert.ok(content[type], `${method} ${path} answered ${got.status} as ${type}, not as ${Object.keys(content)}`);
		if (!content[type].schema) return;
		const pointer = ["paths", path, method.toLowerCase(), "responses", name, "content", type, "schema"]
			.map((part) => part.replace(/~/g, "~0").replace(/\//g, "~1")).map(encodeURIComponent).join("/");
		const validate = ajv.getSchema(`openapi#/${pointer}`);
		assert.ok(validate, pointer);
		assert.ok(validate(got.json), `${method} ${path}: ${ajv.errorsText(validate.errors)}\n${got.text.slice(0, 2000)}`);
	}
	return { document, operations, check };
}

/** A moment to the second, the millisecond or the microsecond, UTC. */
function isTime(text) {
	return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}(\d{3})?)?Z$/.test(text) &&
		new Date(text).toJSON() === text.replace(/:(\d\d)Z$/, ":$1.000Z").replace(/(\.\d{3})\d{3}Z$/, "$1Z");
}

function isDate(text) {
	const day = new Date(`${text}T00:00:00Z`);
	return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

const members = ["type", "title", "status", "detail", "trace", "errors"];

/** Fails where the answer is not this problem, in its one form. */
export function isProblem(got, status, code) {
	assert.equal(got.status, status, got.text);
	assert.match(got.headers["content-type"] ?? "", /^application\/problem\+json/);
	assert.equal(got.json.type, `/problems/${code}`, got.text);
	assert.equal(got.json.status, status);
	assert.ok(got.json.title.length > 0);
	assert.match(got.json.trace, /^[0-9a-f]{16}$/);
	assert.deepEqual(Object.keys(got.json).filter((name) => !members.includes(name)), []);
	for (const error of got.json.errors ?? []) assert.deepEqual(Object.keys(error), ["pointer", "code", "detail"]);
	return got.json;
}

/** A problem without the one member that differs each time. */
export const traceless = (got) => got.text.replace(/"trace":"[0-9a-f]{16}"/, "");
