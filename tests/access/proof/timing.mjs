// Times tell nothing: a foreign id and one of nothing, and at sign-in a name that is known and one that nobody has,
// take the same time.  Pairs in random order, one request after the other on one connection; Welch's t on the times
// without the slowest hundredth of each; below 5 they cannot be told apart.
import http from "node:http";
import { json, sameOrigin } from "../../lib/users.mjs";
import { sealer, vocabulary } from "../../lib/vocabulary.mjs";
import { Tally, Writer, random, sessions } from "./tools.mjs";

const host = "musterplatz.localhost", most = 5;

/** Status and microseconds of one request. */
function timed(site, agent, method, path, headers, body) {
	return new Promise((resolve, reject) => {
		const request = http.request({ host: "127.0.0.1", port: site.port, method, path, agent, setHost: false,
			headers: { Host: `${host}:${site.port}`, ...headers, ...(body ? { "Content-Length": Buffer.byteLength(body) } : {}) } }, (answer) => {
			answer.resume();
			answer.on("end", () => resolve({ status: answer.statusCode, us: Number(process.hrtime.bigint() - begun) / 1000 }));
		});
		request.on("error", reject);
		const begun = process.hrtime.bigint();
		request.end(body);
	});
}

function moments(times) {
	const kept = [...times].sort((a, b) => a - b).slice(0, Math.ceil(times.length * 0.99));
	const mean = kept.reduce((sum, x) => sum + x, 0) / kept.length;
	const variance = kept.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (kept.length - 1);
	return { mean, error: variance / kept.length };
}

/** Welch's t of two lists of times, and how far their means are apart. */
export function welch(one, other) {
	const a = moments(one), b = moments(other);
	return { t: (a.mean - b.mean) / Math.sqrt(a.error + b.error), apart: a.mean - b.mean, mean: b.mean };
}

/** Measures pairs; `request(kind, i)` answers {status, us}, and `status` is what each must be. */
async function pairs({ count, say, rng, kinds, status, request, tally }) {
	const times = { [kinds[0]]: [], [kinds[1]]: [] };
	for (let i = -20; i < count; i++) // the first ones prepare statements and connections
		for (const kind of rng.shuffled(kinds)) {
			const got = await request(kind, i);
			if (got.status !== status) tally.wrong(`${kind}: ${got.status}, not ${status}`);
			if (i >= 0) times[kind].push(got.us);
			if (i > 0 && i % 10000 === 0) say(`${i} pairs`);
		}
	const { t, apart, mean } = welch(times[kinds[0]], times[kinds[1]]);
	const said = `${kinds[0]} against ${kinds[1]}: t = ${t.toFixed(2)}, ${apart.toFixed(2)} us apart of ${mean.toFixed(0)} us`;
	tally.add(count);
	tally.notes = [said];
	if (!(Math.abs(t) < most)) tally.wrong(`they can be told apart: ${said}`);
	return tally;
}

export const ids = {
	name: "timing-ids", goal: 100000,
	/** A bill of another tenant and an id of nothing. */
	async run({ site, count, say, seed = 1 }) {
		const rng = random(seed), seal = sealer(site, vocabulary()), writer = new Writer(site), agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
		const user = site.value("SELECT id FROM user WHERE email = 'owner@musterplatz.example'");
		const foreign = site.sql("SELECT d.id FROM document d JOIN tenant t ON t.id = d.tenant_id WHERE t.slug <> 'musterplatz' ORDER BY d.id").map((row) => seal("document", row.id));
		const last = Number(site.value("SELECT MAX(id) FROM document"));
		const missing = foreign.map((_, i) => seal("document", last + 1 + i));
		const headers = { Cookie: (await sessions(writer, rng, [user], host)).get(user) };
		await writer.close();
		const request = (kind) => timed(site, agent, "GET", `/api/v1/documents/${rng.pick(kind === "foreign" ? foreign : missing)}`, headers);
		const tally = await pairs({ count, say, rng, kinds: ["foreign", "missing"], status: 404, request, tally: new Tally() });
		agent.destroy();
		return tally;
	},
};

export const signIn = {
	name: "timing-sign-in", goal: 400, // a sign-in costs a quarter of a second
	/** Wrong passwords of somebody and of nobody; what was wrong before is forgotten, or they would have to wait. */
	async run({ site, count, say, seed = 1 }) {
		const rng = random(seed), writer = new Writer(site), agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
		const known = site.sql("SELECT u.email FROM user u JOIN tenant t ON t.id = u.tenant_id WHERE t.slug = 'musterplatz' AND u.state = 'active' ORDER BY u.id").map((row) => row.email);
		const request = async (kind, i) => {
			const email = rng.pick(known), at = email.indexOf("@");
			const asked = kind === "known" ? email : `${rng.hex(at)}${email.slice(at)}`;
			await writer.run("DELETE FROM attempt");
			if (i % 50 === 49) say(`${i + 1} pairs`);
			return timed(site, agent, "POST", "/api/v1/session", { ...json, ...sameOrigin }, JSON.stringify({ email: asked, password: "wrong password" }));
		};
		const tally = await pairs({ count, say, rng, kinds: ["known", "unknown"], status: 401, request, tally: new Tally() });
		await writer.close();
		agent.destroy();
		return tally;
	},
};
