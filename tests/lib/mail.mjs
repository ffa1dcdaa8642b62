// Mail as portico-jobs puts it into the folder of an instance, and a server of mail that tests can hold up.
import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";

/** @typedef {{headers: Record<string, string>, rawHeaders: string, from: string, to: string, subject: string, text: string, link: string, token: string, raw: string}} Mail */

/** Encoded words (RFC 2047) as text; what is folded is one line again. */
function words(value) {
	return value.replace(/\r\n[ \t]+/g, " ").replace(/\?= =\?/g, "?==?")
		.replace(/(?:=\?UTF-8\?B\?[A-Za-z0-9+/=]*\?=)+/g, (run) =>
			Buffer.concat([...run.matchAll(/=\?UTF-8\?B\?([^?]*)\?=/g)].map(([, part]) => Buffer.from(part, "base64"))).toString("utf8"));
}

/** Takes a message apart as a reader of mail would. @returns {Mail} */
export function parse(raw) {
	const end = raw.indexOf("\r\n\r\n");
	const rawHeaders = raw.slice(0, end);
	const headers = {};
	for (const line of rawHeaders.replace(/\r\n[ \t]+/g, "\0").split("\r\n")) {
		const [, name, value] = /^([A-Za-z-]+): (.*)$/.exec(line) ?? assert.fail(`no header: ${line}`);
		assert.ok(!(name in headers), `${name} stands twice`);
		headers[name] = words(value.replaceAll("\0", "\r\n "));
	}
	assert.equal(headers["Content-Type"], "text/plain; charset=utf-8");
	assert.equal(headers["Content-Transfer-Encoding"], "base64");
	const body = raw.slice(end + 4);
	for (const line of `${rawHeaders}\r\n${body}`.split("\r\n")) assert.ok(line.length <= 78, `a line of ${line.length}`);
	const text = Buffer.from(body, "base64").toString("utf8").replaceAll("\r\n", "\n");
	const link = /^https?:\/\/\S+$/m.exec(text)?.[0];
	return { headers, rawHeaders, raw, from: headers.From, to: headers.To, subject: headers.Subject, text, link, token: link?.split("#")[1] };
}

/** All mail in the folder, oldest first. @returns {Mail[]} */
export function mails(site) {
	const folder = path.join(site.var, "mail");
	return fs.readdirSync(folder).filter((name) => name.endsWith(".eml")).map((name) => path.join(folder, name))
		.sort((a, b) => fs.statSync(a).mtimeMs - fs.statSync(b).mtimeMs).map((file) => parse(fs.readFileSync(file, "utf8")));
}

/** A server of mail on a free port; `hold` decides before the last answer of each message: a promise to wait for. */
export async function smtpServer(hold = async () => {}) {
	const taken = [], sockets = new Set();
	let begun = 0;
	const server = net.createServer((socket) => {
		let input = "", data = null, mail = {};
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket)).on("error", () => {}); // who is killed says no good-bye
		const say = (line) => socket.writable && socket.write(`${line}\r\n`);
		const line = async (text) => {
			if (data !== null) {
				if (text !== ".") return data.push(text.replace(/^\./, ""));
				const whole = { ...mail, raw: data.join("\r\n") };
				data = null;
				begun++;
				const refusal = await hold(whole, begun);
				if (!refusal) taken.push(whole);
				return say(refusal ?? "250 taken");
			}
			if (/^EHLO/i.test(text)) return say(`250 mail.example`) && (mail.hello = text);
			if (/^MAIL FROM:/i.test(text)) mail.from = text;
			if (/^RCPT TO:/i.test(text)) mail.to = text;
			if (/^DATA/i.test(text)) data = [];
			say(data ? "354 go on" : /^QUIT/i.test(text) ? "221 bye" : "250 good");
		};
		let queue = Promise.resolve();
		socket.on("data", (bytes) => {
			input += bytes.toString("utf8");
			for (let end; (end = input.indexOf("\r\n")) !== -1; input = input.slice(end + 2)) {
				const one = input.slice(0, end);
				queue = queue.then(() => line(one));
			}
		});
		say("220 mail.example");
	});
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	return { taken, url: `smtp://127.0.0.1:${server.address().port}`, get begun() { return begun; },
		close: () => new Promise((done) => { for (const s of sockets) s.destroy(); server.close(done); }) };
}
