// Writes come from the site itself: the browser says so with each request, or it is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../lib/http.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem } from "../lib/openapi.mjs";
import { as, json, password, session, user } from "../lib/users.mjs";

const site = await instance();
const dealer = user(site, "owner@specimen-sleep.example");
const host = dealer.host;
const body = JSON.stringify({ email: dealer.email, password });
const post = (headers, sent = body) => ask(site, "POST", "/api/v1/session", { host, body: sent, headers: { ...json, ...headers } });

const refused = {
	"without any proof": {},
	"from another site": { "Sec-Fetch-Site": "cross-site" },
	"from a sister host": { "Sec-Fetch-Site": "same-site" },
	"typed by hand": { "Sec-Fetch-Site": "none" },
	"with a made-up word": { "Sec-Fetch-Site": "same-origin2" },
	"from another origin": { Origin: "http://evil.example" },
	"from no origin": { Origin: "null" },
	"from another port": { Origin: `http://${host}:1` },
	"from another scheme": { Origin: `https://${host}:${site.port}` },
	"from another reseller": { Origin: `http://musterplatz.localhost:${site.port}` },
	"from a longer name": { Origin: `http://${host}.evil.example:${site.port}` },
	"from a name in front": { Origin: `http://evil.${host}:${site.port}` },
	"with an origin of its own, but said to be foreign": { Origin: `http://${host}:${site.port}`, "Sec-Fetch-Site": "cross-site" },
};
for (const [name, headers] of Object.entries(refused)) {
	test(`a sign-in ${name} is refused`, async () => {
		const answer = await post(headers);
		isProblem(answer, 403, "not_same_origin");
		assert.equal(answer.headers["set-cookie"], undefined);
	});
}

for (const [name, headers] of Object.entries({
	"Sec-Fetch-Site": { "Sec-Fetch-Site": "same-origin" },
	"Origin of an older browser": { Origin: `http://${host}:${site.port}` },
})) test(`a sign-in is taken with ${name}`, async () => assert.equal((await post(headers)).status, 200));

test("every write asks for the proof, and a read does not", async () => {
	const cookie = await session(site, dealer);
	const me = await (await as(site, dealer))("GET", "/api/v1/session");
	for (const [method, path] of [["DELETE", "/api/v1/session"], ["PATCH", `/api/v1/users/${me.json.user.id}`]])
		isProblem(await ask(site, method, path, { host, body: "{}", headers: { ...json, Cookie: cookie, "If-Match": '"x"', "Sec-Fetch-Site": "cross-site" } }),
			403, "not_same_origin");
	const read = await ask(site, "GET", "/api/v1/session", { host, headers: { Cookie: cookie, "Sec-Fetch-Site": "cross-site" } });
	assert.equal(read.status, 200);
});

test("a form of another site cannot pose as JSON", async () => {
	for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonx", "text/json"])
		isProblem(await post({ "Sec-Fetch-Site": "same-origin", "Content-Type": type }), 415, "media_type");
	for (const type of ["application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=utf-8"])
		assert.equal((await post({ "Sec-Fetch-Site": "same-origin", "Content-Type": type })).status, 200, type);
});

test("no answer opens itself to other origins", async () => {
	const cookie = await session(site, dealer);
	for (const [method, path] of [["GET", "/api/v1/session"], ["OPTIONS", "/api/v1/session"], ["GET", "/api/v1/openapi.json"]]) {
		const answer = await ask(site, method, path, { host, headers: { Cookie: cookie, Origin: "http://evil.example", "Access-Control-Request-Method": "POST" } });
		for (const name of Object.keys(answer.headers)) assert.equal(name.startsWith("access-control-"), false, name);
	}
});

clean(site);
