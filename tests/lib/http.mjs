// Requests as a client may make them, odd ones too: every header, Host included, is the caller's.
import http from "node:http";
import net from "node:net";

const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });

/** How long an answer is waited for; what runs for hours beside other things waits longer. */
export const patience = { seconds: 30 };

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {http.IncomingHttpHeaders} headers
 * @property {string[]} rawHeaders
 * @property {Buffer} bytes
 * @property {string} text
 * @property {any} json of a body whose type is JSON, else undefined
 */

/** `from`: the own address, one of 127.0.0.0/8. @returns {Promise<Answer>} */
export async function ask(site, method, path, options = {}) {
	try {
		return await once(site, method, path, options);
	} catch (error) {
		// The server closes a connection that was idle for long, be it in the moment of the next request on it.
		if (error.code !== "ECONNRESET" || !error.reused) throw error;
		return once(site, method, path, options);
	}
}

function once(site, method, path, { host = "localhost", headers = {}, body, from } = {}) {
	const sent = { Host: `${host}:${site.port}`, ...headers };
	if (body !== undefined && sent["Content-Length"] === undefined) sent["Content-Length"] = Buffer.byteLength(body);
	let answered = false;
	return new Promise((resolve, reject) => {
		const request = http.request({ host: "127.0.0.1", port: site.port, method, path, headers: sent, agent, setHost: false, localAddress: from }, (answer) => {
			answered = true;
			const parts = [];
			answer.on("data", (part) => parts.push(part));
			answer.on("error", reject);
			answer.on("end", () => resolve(packed(answer, Buffer.concat(parts))));
		});
		request.on("error", (error) => reject(Object.assign(error, { reused: request.reusedSocket && !answered })));
		const { seconds } = patience;
		request.setTimeout(seconds * 1000, () => request.destroy(new Error(`${method} ${path}: no answer in ${seconds} s`)));
		request.end(body);
	});
}

function packed(answer, bytes) {
	const text = bytes.toString("utf8");
	const json = /^application\/(problem\+)?json\b/.test(answer.headers["content-type"] ?? "") && text !== "" ? JSON.parse(text) : undefined;
	return { status: answer.statusCode, headers: answer.headers, rawHeaders: answer.rawHeaders, bytes, text, json };
}

/** Sends these very bytes and returns all that comes until the server closes, or falls silent. */
export function raw(site, bytes, { quiet = 2000 } = {}) {
	return new Promise((resolve, reject) => {
		const socket = net.connect(site.port, "127.0.0.1");
		const parts = [];
		const done = () => {
			socket.destroy();
			resolve(Buffer.concat(parts).toString("latin1"));
		};
		socket.on("error", reject);
		socket.on("data", (part) => parts.push(part));
		socket.on("close", done);
		socket.setTimeout(quiet, done);
		socket.write(bytes);
	});
}

/** The status of a raw answer. */
export const statusOf = (text) => Number(/^HTTP\/1\.\d (\d{3})/.exec(text)?.[1]);
