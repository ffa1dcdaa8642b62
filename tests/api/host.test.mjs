// The front door: which host is whose, what every answer carries, and that no reseller's host tells of
// the provider.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, raw, statusOf } from "../lib/http.mjs";
import { clean, instance } from "../lib/instance.mjs";
import { isProblem } from "../lib/openapi.mjs";
import { as, json, sameOrigin, session, user, users } from "../lib/users.mjs";

const site = await instance();
const dealer = user(site, "owner@musterplatz.example");
const { host } = dealer;
const provider = "pneumuster.localhost";
const cookie = await session(site, dealer);
const resellers = site.sql("SELECT h.name FROM host h JOIN tenant t ON t.id = h.tenant_id WHERE t.level > 0 AND t.state = 'active' AND h.is_primary = 1").map((r) => r.name);
const get = (path, at = host, headers = {}) => ask(site, "GET", path, { host: at, headers });
const rawGet = (lines) => raw(site, `${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`);

/** A page for a name that is nobody's: it says nothing of what runs here. */
function neutral({ status, text, headers: { "content-type": type } }) {
	assert.equal(status, 421);
	assert.match(type, /^text\/html/); // whatever the address ends with
	assert.match(text, /There is nothing at this address/);
	assert.doesNotMatch(text, /portico|pneumuster|nginx|musterplatz/i);
}

test("a host that is nobody's is answered with a neutral page, on every address", async () => {
	for (const name of ["evil.example", "localhost.evil.example", "x.localhost", "altmuster.localhost", "musterplatz", "musterplatz.localhost.evil.example", "www.musterplatz.localhost"])
		for (const path of ["/", "/api/v1/session", "/admin/", "/reseller/", "/brand/theme.css", "/index.html", "/healthz", "/nothing", "/api/v1/openapi.json"]) {
			const answer = await get(path, name);
			neutral(answer);
		}
});

test("names that could be paths are nobody's", async () => {
	for (const name of ["..", ".", "../site", "a/b", "musterplatz.localhost/..", "%2e%2e", "-", "_", "musterplatz..localhost", ".musterplatz.localhost", "musterplatz_localhost", "a b", "\x00"]) {
		const status = statusOf(await rawGet([`GET / HTTP/1.1`, `Host: ${name}`]));
		assert.ok(status === 421 || status === 400, `${name}: ${status}`);
	}
	assert.equal(statusOf(await raw(site, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n")), 400);
	assert.ok([400, 421].includes(statusOf(await raw(site, "GET / HTTP/1.0\r\n\r\n"))));
	assert.ok([400, 421].includes(statusOf(await rawGet(["GET / HTTP/1.1", "Host:"]))));
});

test("capitals, a final dot and a port do not make another host", async () => {
	for (const name of [host, host.toUpperCase(), "MusterPlatz.LocalHost", `${host}.`, `${host}:${site.port}`, `${host}.:${site.port}`, `${host}:80`]) {
		const text = await rawGet(["GET /api/v1/session HTTP/1.1", `Host: ${name}`, `Cookie: ${cookie}`]);
		assert.equal(statusOf(text), 200, name);
		assert.match(text, /owner@musterplatz\.example/);
	}
	assert.equal(statusOf(await rawGet(["GET /api/v1/session HTTP/1.1", "Host: Specimen-Sleep.localhost", `Cookie: ${cookie}`])), 401);
});

test("an absolute request line must name the host of the Host header", async () => {
	const line = (name) => `GET http://${name}/api/v1/session HTTP/1.1`;
	assert.equal(statusOf(await rawGet([line(host), `Host: ${host}`, `Cookie: ${cookie}`])), 200);
	for (const [first, second] of [[host, provider], [provider, host], [host, "evil.example"], ["evil.example", host], [host, "localhost"], ["localhost", host]]) {
		const text = await rawGet([line(first), `Host: ${second}`, `Cookie: ${cookie}`]);
		assert.ok([400, 421].includes(statusOf(text)), `${first} ${second}: ${statusOf(text)}`);
		assert.doesNotMatch(text, /owner@/);
	}
});

test("two Host headers are no host", async () => {
	for (const [first, second] of [[host, provider], [provider, host], [host, host], [host, "evil.example"]]) {
		const text = await rawGet(["GET /api/v1/session HTTP/1.1", `Host: ${first}`, `Host: ${second}`, `Cookie: ${cookie}`]);
		assert.equal(statusOf(text), 400);
		assert.doesNotMatch(text, /owner@/);
	}
	const text = await rawGet(["GET /api/v1/session HTTP/1.1", `Host: ${host}, ${provider}`, `Cookie: ${cookie}`]);
	assert.ok([400, 421].includes(statusOf(text)));
});

test("headers that would name another host or client are not believed", async () => {
	const answer = await get("/api/v1/session", host, { Cookie: cookie, "X-Forwarded-Host": provider, Forwarded: `host=${provider};for=10.0.0.1`,
		"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https", "X-Original-URL": "/api/v1/tenants", "X-HTTP-Method-Override": "DELETE", "X-Host": provider });
	assert.equal(answer.status, 200);
	assert.equal(answer.json.user.email, dealer.email);
	isProblem(await get("/api/v1/session", provider, { Cookie: cookie, "X-Forwarded-Host": host }), 401, "not_signed_in");
});

test("the admin portal is on the provider's host only", async () => {
	for (const path of ["/admin", "/admin/", "/admin/resellers", "/admin/index.html", "/Admin/", "/_admin/admin/index.html", "/admin/../admin/", "/%61dmin/"]) {
		const at = await get(path, provider);
		if (["/admin", "/admin/", "/admin/resellers"].includes(path)) assert.equal(at.status, 200, path);
		const adminPage = (await get("/admin/", provider)).text;
		for (const name of resellers) {
			const answer = await get(path, name);
			assert.notEqual(answer.text, adminPage, `${name}${path}`);
			assert.ok(answer.status === 404 || path === "/Admin/", `${name}${path}: ${answer.status}`);
		}
	}
});

test("the admin portal's scripts are not on a reseller's host", async () => {
	const page = (await get("/admin/", provider)).text;
	const scripts = [...page.matchAll(/(?:src|href)="(\/r\/[^"]+)"/g)].map((m) => m[1]).filter((path) => path.includes("/admin/"));
	assert.ok(scripts.length > 0, page);
	for (const path of scripts) {
		assert.equal((await get(path, provider)).status, 200, path);
		assert.equal((await get(path, host)).status, 404, path);
	}
});

test("metrics and readiness are for this machine's own names", async () => {
	for (const path of ["/metrics", "/readyz"]) {
		for (const name of ["localhost", "127.0.0.1"]) assert.equal((await get(path, name)).status, 200, `${name}${path}`);
		for (const name of [host, provider]) assert.equal((await get(path, name)).status, 404, `${name}${path}`);
		neutral(await get(path, "evil.example"));
	}
	for (const path of ["/healthz", "/version"]) assert.equal((await get(path, host)).status, 200, path);
	for (const path of ["/", "/api/v1/session", "/api/v1/openapi.json", "/admin/"]) neutral(await get(path, "localhost"));
	const metrics = (await get("/metrics", "localhost")).text;
	assert.match(metrics, /^# TYPE /m);
	for (const line of metrics.trim().split("\n")) assert.match(line, /^(#.*|[a-z_]+(\{[^}]*\})? [0-9.e+-]+)$/);
});

test("folders behind the links, and dots, are no addresses", async () => {
	for (const path of ["/_www/index.html", "/_theme/tokens.css", "/_admin/", "/../portico.conf", "/..%2fportico.conf", "/brand/../../../../portico.conf",
		"/brand/%2e%2e/%2e%2e/portico.conf", "/r/x/../../_admin/admin/index.html", "/_www/errors/404.html", "/error/400"]) {
		const answer = await get(path);
		assert.ok([400, 404].includes(answer.status), `${path}: ${answer.status}`);
		assert.doesNotMatch(answer.text, /db_password|key_file/);
	}
	for (const path of ["/../portico.conf", "/brand/../../../portico.conf", "/..//..//etc/passwd", "/%2e%2e/%2e%2e/secret/key"])
		assert.ok([400, 404].includes(statusOf(await rawGet([`GET ${path} HTTP/1.1`, `Host: ${host}`]))), path);
});

// ---- what every answer carries -------------------------------------------------------------------------

const kinds = {
	"the shell": () => get("/"),
	"a portal": () => get("/reseller/"),
	"a brand's file": () => get("/brand/theme.css"),
	"an answer": () => get("/api/v1/session", host, { Cookie: cookie }),
	"an answer that did not change": async () => {
		const { etag } = (await get("/api/v1/session", host, { Cookie: cookie })).headers;
		return get("/api/v1/session", host, { Cookie: cookie, "If-None-Match": etag });
	},
	"a file that did not change": async () => get("/brand/theme.css", host, { "If-None-Match": (await get("/brand/theme.css")).headers.etag }),
	"a problem": () => get("/api/v1/session"),
	"a missing page": () => get("/nothing/here.txt"),
	"a missing API": () => get("/api/v1/nothing"),
	"a method": () => ask(site, "PUT", "/api/v1/session", { host, headers: { ...json, ...sameOrigin }, body: "{}" }),
	"a large body": () => ask(site, "POST", "/api/v1/session", { host, headers: { ...json, ...sameOrigin }, body: "x".repeat(1200000) }),
	"nobody's host": () => get("/", "evil.example"),
	"this machine": () => get("/healthz", "localhost"),
	"a sign-out": async () => ask(site, "DELETE", "/api/v1/session", { host, headers: { ...sameOrigin } }),
};
const once = ["content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy", "cross-origin-opener-policy", "cross-origin-resource-policy", "cache-control"];

for (const [kind, ask_] of Object.entries(kinds)) {
	test(`the headers of safety are on ${kind}, once each`, async () => {
		const answer = await ask_();
		const names = answer.rawHeaders.filter((_, i) => i % 2 === 0).map((n) => n.toLowerCase());
		for (const name of once) assert.equal(names.filter((n) => n === name).length, 1, `${answer.status} ${name}`);
		const policy = answer.headers["content-security-policy"];
		assert.match(policy, /default-src 'none'/);
		assert.match(policy, /frame-ancestors 'none'/);
		assert.match(policy, /require-trusted-types-for 'script'/);
		assert.doesNotMatch(policy, /unsafe|\*|https?:|data:/);
		assert.equal(answer.headers["x-content-type-options"], "nosniff");
		assert.equal(answer.headers["x-powered-by"], undefined);
		assert.doesNotMatch(answer.headers.server ?? "", /\d|portico/i);
		assert.ok(answer.status === 304 || answer.status === 204 || answer.headers["content-type"], "a type");
	});
}

test("a line that cannot be read is answered as a problem, with the headers", async () => {
	const text = await raw(site, `GET /${"a".repeat(40000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
	assert.ok([400, 414].includes(statusOf(text)), text.slice(0, 100));
	assert.match(text, /Content-Security-Policy: default-src 'none'/);
	const header = await raw(site, `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${"a".repeat(40000)}\r\n\r\n`);
	assert.ok([400, 431, 494].includes(statusOf(header)), header.slice(0, 100));
	for (const one of [text, header]) assert.doesNotMatch(one, /nginx\/|portico|pneumuster/i);
});

test("what is personal is kept by no cache, what never changes by all", async () => {
	for (const path of ["/api/v1/session", "/api/v1/customers", "/api/v1/meta"])
		assert.match((await get(path, host, { Cookie: cookie })).headers["cache-control"], /^(private, no-cache|no-store|private, no-store)/);
	const page = (await get("/")).text;
	const file = /(?:src|href)="(\/r\/[^"]+\.(?:js|css))"/.exec(page)[1];
	assert.equal((await get(file)).headers["cache-control"], "public, max-age=31536000, immutable");
	assert.match((await get("/")).headers["cache-control"], /no-cache/);
});

// ---- no word of the provider ---------------------------------------------------------------------------

const secret = /pneumuster|PNEUM-|pneumuster specimen/i;

/** All bytes of an answer, headers too. */
const everything = (answer) => `${answer.rawHeaders.join("\n")}\n${answer.text}`;

for (const name of resellers) {
	test(`${name} tells nobody of the provider`, async () => {
		const one = users(site).find((u) => u.host === name && u.portal === "reseller");
		const asOwner = await as(site, one);
		const asPatient = await as(site, users(site).find((u) => u.host === name && u.portal === "customer"));
		const page = (await get("/", name)).text;
		const files = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((m) => m[1]);
		for (const path of ["/", "/reseller/", "/nothing.txt", "/nothing", "/admin/", "/brand/theme.css", "/brand/brand.json", "/healthz", "/version", "/api/v1/nothing", "/favicon.ico", "/manifest.webmanifest", "/robots.txt", ...files]) {
			const answer = await get(path, name);
			assert.doesNotMatch(everything(answer), secret, path);
		}
		const lists = ["tenants", "brands", "customers", "accounts", "documents", "payments", "offerings", "subscriptions", "users", "roles"];
		for (const who of [asOwner, asPatient]) {
			for (const path of ["/api/v1/session", "/api/v1/meta", "/api/v1/openapi.json", ...lists.map((l) => `/api/v1/${l}?limit=200`)])
				assert.doesNotMatch(everything(await who("GET", path)), secret, path);
			for (const list of lists) {
				const first = (await who("GET", `/api/v1/${list}?limit=1`)).json.data?.[0];
				if (first) assert.doesNotMatch(everything(await who("GET", `/api/v1/${list}/${first.id}`)), secret, list);
			}
		}
	});
}

clean(site);
