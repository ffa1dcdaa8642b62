// A worker's processes stay small.  With the programs as they are run: a sanitizer keeps memory back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { children, full, house, resident, tally } from "./house.mjs";

const requests = full ? 100000 : 8000;
const limitKb = 40 * 1024;
const growthKb = 2 * 1024;

let h;
before(async () => { h = await house("memory", { bin: process.env.BIN_PLAIN ?? "build" }); });
after(() => h?.remove());

test(`${requests} mixed requests: at most 40 MB a process in memory, and flat`, async (t) => {
	const customer = await h.signIn("nordmuster", "patient0001@nordmuster.example");
	const reseller = await h.signIn("nordmuster");
	const admin = await h.signIn("pneumuster", "admin@pneumuster.example");
	const bills = JSON.parse((await reseller("/api/v1/documents")).text).data.map((d) => d.id);
	const one = JSON.parse((await reseller("/api/v1/customers")).text).data[0].id;
	const asks = [
		() => customer("/api/v1/session"), () => customer("/api/v1/documents"), () => reseller("/api/v1/customers?q=a"),
		() => reseller(`/api/v1/customers/${one}`), () => admin("/api/v1/tenants"), () => admin("/api/v1/documents"),
		() => reseller("/api/v1/payments"), () => customer("/api/v1/meta"), () => customer("/api/v1/documents?nonsense=1"),
		() => customer("/api/v1/documents/doc_none"), () => h.request("nordmuster", "/api/v1/session"),
		(i) => reseller(`/api/v1/documents/${bills[i % bills.length]}`),
		(i) => (i % 10 === 0 ? reseller(`/api/v1/documents/${bills[i % bills.length]}/html`) : customer("/api/v1/offerings")),
		(i) => (i % 20 === 0 ? reseller(`/api/v1/documents/${bills[i % bills.length]}/pdf`) : reseller("/api/v1/subscriptions")),
		(i) => (i % 100 === 0 ? h.login("nordmuster", "patient0001@nordmuster.example") : reseller("/api/v1/users")),
	];
	const sizes = () => children(h.pid("worker")).map(resident);
	const pids = children(h.pid("worker"));
	const answers = [];
	let next = 0;
	const side = async (end) => {
		while (next < end) {
			const i = next++;
			const r = await asks[i % asks.length](Math.floor(i / asks.length));
			answers.push({ status: r.status, error: r.error, text: r.status >= 500 ? r.text : '{"type":""}' });
		}
	};
	// Each thread opens its fonts at its first PDF.
	for (let round = 0; round < 30; round++)
		await Promise.all(Array.from({ length: 6 }, (_, i) => reseller(`/api/v1/documents/${bills[(6 * round + i) % bills.length]}/pdf`)));
	// Sizes are taken where nobody is at work: a password takes 32 MB while it is hashed.
	const twelve = (end) => Promise.all(Array.from({ length: 12 }, () => side(end)));
	await twelve(requests / 2);
	const early = sizes();
	await twelve(requests);
	const late = sizes();
	const said = `kB half-way ${early.join(", ")}, at the end ${late.join(", ")}; ${tally(answers)}`;
	assert.deepEqual(children(h.pid("worker")), pids);
	assert.ok(answers.every((r) => r.status > 0 && r.status < 500), said);
	assert.ok(late.every((kb) => kb <= limitKb), said);
	assert.ok(late.every((kb, i) => kb - early[i] <= growthKb), said);
	t.diagnostic(said);
});
