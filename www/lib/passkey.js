/** Passkeys between the browser and the server: its JSON on one side, buffers on the other. */

/** Can this browser make and use passkeys here? */
export const canPasskey = () => isSecureContext && "PublicKeyCredential" in window && navigator.credentials !== undefined;

/** @param {string} text base64url */
export function bytesOf(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer @returns {string} base64url without padding */
export function textOf(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Why there is no passkey: "held" where the device has one already, else "cancelled": browsers do not say more. */
export const whyNot = (error) => (error.name === "InvalidStateError" ? "held" : "cancelled");

/** Lets the device make one. @param {object} options of POST passkey-options @returns what POST passkeys takes */
export async function makePasskey(options) {
  const held = options.excludeCredentials.map((one) => ({ ...one, id: bytesOf(one.id) }));
  const publicKey = { ...options, challenge: bytesOf(options.challenge), user: { ...options.user, id: bytesOf(options.user.id) }, excludeCredentials: held };
  const { response } = await navigator.credentials.create({ publicKey });
  return { client_data: textOf(response.clientDataJSON), attestation: textOf(response.attestationObject) };
}

/** Lets the device sign. @param {object} options of POST session/passkey/options @returns what POST session/passkey takes */
export async function usePasskey(options) {
  const known = options.allowCredentials.map((one) => ({ ...one, id: bytesOf(one.id) }));
  const { rawId, response } = await navigator.credentials.get({ publicKey: { ...options, challenge: bytesOf(options.challenge), allowCredentials: known } });
  return {
    credential: textOf(rawId),
    user_handle: textOf(response.userHandle ?? new ArrayBuffer(0)),
    client_data: textOf(response.clientDataJSON),
    authenticator_data: textOf(response.authenticatorData),
    signature: textOf(response.signature),
  };
}
