// An authenticator in software, by a second reading of W3C Web Authentication and CTAP2 that shares no line with the
// server's. Every part of what it says can be bent.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
export const b64 = (bytes) => Buffer.from(bytes).toString("base64url");
export const unb64 = (text) => Buffer.from(text, "base64url");

/** The head of a CBOR item, in the fewest bytes. */
function head(major, n) {
	if (n < 24) return Buffer.from([(major << 5) | n]);
	if (n < 256) return Buffer.from([(major << 5) | 24, n]);
	const bytes = Buffer.alloc(3);
	bytes[0] = (major << 5) | 25;
	bytes.writeUInt16BE(n, 1);
	return bytes;
}

/** Numbers, texts, bytes, lists, and maps as lists of pairs within a Map. */
export function cbor(value) {
	if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
	if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
	if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
	if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
	if (value instanceof Raw) return value.bytes;
	return Buffer.concat([head(5, value.size), ...[...value].flatMap(([k, v]) => [cbor(k), cbor(v)])]);
}

/** Bytes that stand in CBOR as they are. */
export class Raw {
	constructor(...parts) {
		this.bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
	}
}

const kinds = {
	ES256: { alg: -7, make: () => generateKeyPairSync("ec", { namedCurve: "P-256" }), cose: ({ x, y }) => [[1, 2], [3, -7], [-1, 1], [-2, unb64(x)], [-3, unb64(y)]] },
	EdDSA: { alg: -8, make: () => generateKeyPairSync("ed25519"), cose: ({ x }) => [[1, 1], [3, -8], [-1, 6], [-2, unb64(x)]] },
	RS256: { alg: -257, make: (bits = 2048) => generateKeyPairSync("rsa", { modulusLength: bits }), cose: ({ n, e }) => [[1, 3], [3, -257], [-1, unb64(n)], [-2, unb64(e)]] },
};

export const PRESENT = 1, VERIFIED = 4, ATTESTED = 64, EXTENDED = 128;

export class Authenticator {
	/** One credential on a host. `counts`: false is one whose count stays 0, as that of synced passkeys. */
	constructor({ origin, host = new URL(origin).hostname, kind = "ES256", bits, counts = true, id = randomBytes(32) }) {
		Object.assign(this, { origin, host, kind, id, counts, count: 0 });
		const { publicKey, privateKey } = kinds[kind].make(bits);
		this.key = privateKey;
		this.cose = new Map(kinds[kind].cose(publicKey.export({ format: "jwk" })));
	}

	client(type, challenge, bent = {}) {
		return Buffer.from(bent.json ?? JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false, ...bent }));
	}

	data({ flags, host = this.host, count, credential = Buffer.alloc(0), extensions = Buffer.alloc(0) }) {
		const counter = Buffer.alloc(4);
		counter.writeUInt32BE(count);
		return Buffer.concat([sha256(host), Buffer.from([flags]), counter, credential, extensions]);
	}

	next() {
		return this.counts ? ++this.count : 0;
	}

	/** What POST /api/v1/passkeys takes, of the options' challenge. */
	create(options, bent = {}) {
		this.handle = options.user.id;
		const { id = this.id, cose = this.cose, length = id.length } = bent;
		const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([length >> 8, length & 255]), id, cbor(cose), bent.behind ?? Buffer.alloc(0)]);
		const authData = this.data({ flags: PRESENT | VERIFIED | ATTESTED, count: this.next(), credential, ...bent.data });
		const object = bent.object?.(authData) ?? new Map([["fmt", bent.format ?? "none"], ["attStmt", bent.statement ?? new Map()], ["authData", authData]]);
		return { name: bent.name ?? "Test", client_data: b64(this.client("webauthn.create", options.challenge, bent.client)),
			attestation: b64(Buffer.concat([cbor(object), bent.after ?? Buffer.alloc(0)])) };
	}

	/** What POST /api/v1/session/passkey takes. */
	get(options, bent = {}) {
		const client = this.client("webauthn.get", options.challenge, bent.client);
		const data = Buffer.concat([this.data({ flags: PRESENT | VERIFIED, count: bent.count ?? this.next(), ...bent.data }), bent.after ?? Buffer.alloc(0)]);
		const message = Buffer.concat([data, sha256(client)]);
		const signature = sign(this.kind === "EdDSA" ? null : "sha256", message, this.key);
		return { credential: b64(this.id), user_handle: this.handle, client_data: b64(client), authenticator_data: b64(data), signature: b64(signature), ...bent.said };
	}
}
