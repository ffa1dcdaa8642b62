/** Requests at a steady pace, whatever became of those before: how late each is. */
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** One request on a connection of its own from an address of this machine: {status, ms}. */
export function ask(stack, localAddress, { host, cookie, path, body }) {
	const begin = process.hrtime.bigint(), headers = { Host: host, "Sec-Fetch-Site": "same-origin", ...(cookie && { Cookie: cookie }), ...(body && { "Content-Type": "application/json" }) };
	return new Promise((done, failed) => {
		const request = http.request({ host: "127.0.0.1", port: stack.port, method: body ? "POST" : "GET", path, headers, localAddress, agent: false }, (answer) => {
			answer.resume().once("end", () => done({ status: answer.statusCode, ms: Number(process.hrtime.bigint() - begin) / 1e6 }));
		});
		request.once("error", failed);
		request.end(body && JSON.stringify(body));
	});
}

/** Does it so often a second for so long, or until it is over, whether the one before has ended or not; all that came of it. */
export async function steadily(rate, seconds, once, over = () => false) {
	const going = [], begin = performance.now();
	for (let i = 0; i < rate * seconds && !over(); i++) {
		await sleep(Math.max(0, begin + i * 1000 / rate - performance.now()));
		going.push(once(i));
	}
	return Promise.all(going);
}

/** The time within which 99 of 100 answers came, in ms. */
export const p99 = (answers) => answers.map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor(answers.length * 0.99)];
