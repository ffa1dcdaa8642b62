// Bodies and methods: what is too large, too deep, twice, no text, or asked in the wrong way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, raw, statusOf } from "../lib/http.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem, openapi } from "../lib/openapi.mjs";
import { json, sameOrigin, session, user } from "../lib/users.mjs";

const site = await instance();
const { operations } = await openapi(site);
const dealer = user(site, "owner@namudhaj.example");
const { host } = dealer;
const cookie = await session(site, dealer);
const post = (body, headers = {}) => ask(site, "POST", "/api/v1/session", { host, body, headers: { ...json, ...sameOrigin, ...headers } });

test("a body that is too large is refused, by the worker and by the front door", async () => {
	const body = (n) => JSON.stringify({ email: "a", password: "b".repeat(n - 27) });
	isProblem(await post(body(262145)), 413, "too_large");
	isProblem(await post(body(300000)), 413, "too_large");
	assert.equal((await post(body(262144))).status, 422); // it is read, and its password is too long
	const huge = await post(body(1100000));
	assert.equal(huge.status, 413);
	assert.equal(huge.json.type, "/problems/too_large");
	assert.match(huge.headers["content-type"], /^application\/problem\+json/);
});

test("a body whose length is not told is read all the same, and has the same end", async () => {
	const head = (extra) => `POST /api/v1/session HTTP/1.1\r\nHost: ${host}:${site.port}\r\nContent-Type: application/json\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n${extra}\r\n\r\n`;
	assert.equal(statusOf(await raw(site, `${head("Transfer-Encoding: chunked")}2\r\n{}\r\n0\r\n\r\n`)), 422);
	const chunk = "a".repeat(0x8000);
	assert.equal(statusOf(await raw(site, `${head("Transfer-Encoding: chunked")}${`8000\r\n${chunk}\r\n`.repeat(10)}0\r\n\r\n`)), 413);
	assert.equal(statusOf(await raw(site, `${head("Content-Length: 5\r\nTransfer-Encoding: chunked")}0\r\n\r\n`)), 400);
	assert.equal(statusOf(await raw(site, `${head("Content-Length: 5\r\nContent-Length: 6")}hello!`)), 400);
	assert.equal(statusOf(await raw(site, `${head("Content-Length: -1")}`)), 400);
});

test("a body that is no JSON object of text is refused", async () => {
	const wrong = { "cut short": '{"email":"a"', "with a tail": '{"email":"a","password":"b"} x', "two of them": "{}{}",
		"a key twice": '{"email":"a","password":"b","email":"c"}', "a key twice, escaped": '{"email":"a","password":"b","\\u0065mail":"c"}',
		"too deep": `{"email":${"[".repeat(40)}${"]".repeat(40)}}`, "far too deep": "[".repeat(200000), "a NUL": '{"email":"a\\u0000b","password":"c"}',
		"a bare NUL": '{"email":"a\0b"}', "not UTF-8": Buffer.from('{"email":"\xff","password":"b"}', "latin1"),
		"overlong UTF-8": Buffer.from('{"email":"\xc0\x80","password":"b"}', "latin1"), "UTF-16": Buffer.from("\ufeff{}", "utf16le"),
		"half a pair": '{"email":"\\ud800","password":"b"}', "a control character": '{"email":"a\u0001","password":"b"}', "a list": "[]",
		"a text": '"x"', nothing: "", "a number with a zero in front": '{"email":01}', "many members": JSON.stringify(Object.fromEntries(Array.from({ length: 20000 }, (_, i) => [i, 0]))) };
	for (const [name, body] of Object.entries(wrong)) {
		const start = Date.now();
		const answer = await post(body);
		assert.ok(Date.now() - start < 2000, `${name} took ${Date.now() - start} ms`);
		isProblem(answer, 400, "bad_body");
	}
});

test("a method that an address does not know is answered with those it knows", async () => {
	const paths = [...new Set(operations.map((o) => o.path))];
	const known = (path) => operations.filter((o) => o.path === path).flatMap((o) => (o.method === "GET" ? ["GET", "HEAD"] : [o.method]));
	for (const path of paths.filter((p) => !/^\/(readyz|metrics)$/.test(p)))
		for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
			if (known(path).includes(method)) continue;
			const answer = await ask(site, method, path.replace("{id}", "x"), { host, headers: { Cookie: cookie, ...json, ...sameOrigin }, body: method === "GET" ? undefined : "{}" });
			isProblem(answer, 405, "method");
			assert.deepEqual(answer.headers.allow.split(", ").sort(), known(path).sort(), `${method} ${path}`);
		}
});

test("methods that no address knows are refused", async () => {
	for (const method of ["OPTIONS", "PROPFIND", "PURGE", "LOCK"]) {
		const answer = await ask(site, method, "/api/v1/session", { host });
		assert.ok([400, 405].includes(answer.status), `${method} ${answer.status}`);
		assert.match(answer.headers["content-type"], /^application\/problem\+json/);
	}
	for (const line of ["TRACE /api/v1/session HTTP/1.1", "CONNECT example.org:443 HTTP/1.1", "get /api/v1/session HTTP/1.1", "GET /api/v1/session HTTP/9.9", "\x01\x02"])
		assert.ok([400, 404, 405, 505].includes(statusOf(await raw(site, `${line}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, { quiet: 1000 }))), line);
});

test("an address below the API that nobody knows is a problem too", async () => {
	for (const path of ["/api/v1/", "/api/v1", "/api/", "/api/v2/session", "/api/v1/session/", "/api/v1/sessionss", "/api/v1/documents/x/y/z", "/api/v1/documents//pdf", "/api/v1/Documents"])
		isProblem(await ask(site, "GET", path, { host, headers: { Cookie: cookie } }), 404, "not_found");
});

test("a path is what it says, after decoding", async () => {
	assert.equal((await ask(site, "GET", "/api/v1/../v1/session", { host, headers: { Cookie: cookie } })).status, 200);
	assert.equal((await ask(site, "GET", "/api//v1/session", { host, headers: { Cookie: cookie } })).status, 200);
	for (const path of ["/api/v1/session%00", "/api/v1/sess%ffion", "/api/v1/session;x=1", "/api/v1/session%3fx=1", "/api/v1/session%0a"])
		assert.ok([400, 404].includes((await ask(site, "GET", path, { host, headers: { Cookie: cookie } })).status), path);
});

clean(site);
