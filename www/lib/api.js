/**
 * The only module that fetches, and the only one that knows problem+json.
 * Everything else sees plain objects, or a Problem thrown.
 */

/** One field that the server did not accept. @typedef {{pointer: string, code: string, detail: string}} FieldError */

/** What went wrong, in the server's words (RFC 9457) or, where it could not answer, in ours. */
export class Problem extends Error {
  /**
   * @param {number} status of HTTP; 0 where no answer came
   * @param {string} code the end of the problem's type: "not_found"; a text of i18n has the same name
   * @param {{title?: string, detail?: string, trace?: string, errors?: FieldError[], retryAfter?: number, approval?: string}} more
   *   approval: the id of what waits for another person
   */
  constructor(status, code, more = {}) {
    super(more.title ?? code);
    this.status = status;
    this.code = code;
    this.detail = more.detail ?? "";
    this.trace = more.trace ?? "";
    this.errors = more.errors ?? [];
    this.retryAfter = more.retryAfter ?? 0;
    this.approval = more.approval ?? "";
  }
}

const API = "/api/v1/";

/** Largest page that is asked for where a whole list is needed. */
const PAGE = 100;

let signedOut = () => {};
let viewOver = () => {};
let stepUp = async () => false;

/** What signing in itself is refused with. */
const AT_THE_DOOR = ["login_failed", "second_factor", "passkey_refused"];

/** @param {() => void} listener is called on every 401 but that of a sign-in */
export function onSignedOut(listener) {
  signedOut = listener;
}

/** @param {() => void} listener is called where the reader looked as somebody else and that is over */
export function onViewOver(listener) {
  viewOver = listener;
}

/** @typedef {{code: boolean, passkey: boolean}} Ways what the reader can prove the second step with */

/** @param {(ways: Ways) => Promise<boolean>} asker proves the second step where it can */
export function onStepUp(asker) {
  stepUp = asker;
}

/** What is done only when another person agrees: for the screen that asked, a problem like any other. */
const APPROVALS = `${API}approvals/`;

/** @returns {Promise<Problem>} what a response that is not good says */
async function problemOf(response) {
  const retryAfter = Number(response.headers.get("Retry-After")) || 0;
  if ((response.headers.get("Content-Type") ?? "").startsWith("application/problem+json")) {
    try {
      const body = await response.json();
      const code = String(body.type ?? "").split("/").pop();
      return new Problem(response.status, code || "internal", { ...body, retryAfter });
    } catch {
      /* Cut off on the way: as good as no body, told below. */
    }
  }
  const code = response.status === 429 ? "busy" : response.status === 404 ? "not_found" : "gateway";
  return new Problem(response.status, code, { retryAfter });
}

/** Does a step that needs the network; what breaks on the way is one problem: no connection. */
async function reach(step) {
  try {
    return await step();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "offline");
  }
}

/** @returns {Ways} a code where nothing is said against it, a passkey where one is named */
const waysOf = ({ errors }) => ({ code: !errors.some((e) => e.pointer === "/code"), passkey: errors.some((e) => e.pointer === "/passkey") });

/** An answer that is good; else its problem is thrown, and told where it is everybody's. */
async function asked(path, wanted) {
  const response = await reach(() => fetch(API + path, wanted));
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.status === 401 && !AT_THE_DOOR.includes(problem.code)) signedOut();
  if (problem.code === "view_ended") viewOver();
  if (problem.code === "step_up_needed" && (await stepUp(waysOf(problem)))) return asked(path, wanted);
  throw problem;
}

async function ask(method, path, { body, headers = {}, signal } = {}) {
  const wanted = { method, headers: { Accept: "application/json", ...headers }, signal, cache: "no-store" };
  if (body !== undefined) {
    wanted.headers["Content-Type"] = "application/json";
    wanted.body = JSON.stringify(body);
  }
  const response = await asked(path, wanted);
  const answer = response.status === 204 ? null : await reach(() => response.json());
  if (response.status === 202 && (response.headers.get("Location") ?? "").startsWith(APPROVALS)) throw new Problem(202, "approval_asked", { approval: answer.id });
  return { body: answer, etag: response.headers.get("ETag") };
}

/** @param {Record<string, unknown>} params empty values are left out */
function query(path, params = {}) {
  const said = Object.entries(params).filter(([, v]) => v !== undefined && v !== null && v !== "");
  return said.length ? `${path}?${new URLSearchParams(said)}` : path;
}

/**
 * One object.
 * @param {string} path below /api/v1/
 * @returns {Promise<{body: object, etag: string | null}>} the tag is what `patch` wants back
 */
export const get = (path, { signal } = {}) => ask("GET", path, { signal });

/**
 * One page of a list.
 * @param {string} path "documents"
 * @param {Record<string, unknown>} params filters, sort, limit, cursor
 * @returns {Promise<{data: object[], next: string | null}>}
 */
export const list = async (path, params, { signal } = {}) => (await ask("GET", query(path, params), { signal })).body;

/**
 * A list to its end, at most `most` rows.
 * @returns {Promise<{data: object[], next: string | null}>} next is null unless the list was longer
 */
export async function all(path, params = {}, { most = 1000, signal } = {}) {
  const data = [];
  let next = null;
  do {
    const page = await list(path, { limit: PAGE, ...params, cursor: next }, { signal });
    data.push(...page.data);
    next = page.next;
  } while (next && data.length < most);
  return { data, next };
}

/** How the last line of an export begins that does not hold all rows. */
const CUT = '"# incomplete';

/**
 * A whole list as a CSV file.
 * @returns {Promise<{file: Blob, name: string, whole: boolean}>} whole: it holds all rows
 */
export async function exported(path, params, { signal } = {}) {
  const response = await asked(query(path, { ...params, format: "csv" }), { headers: { Accept: "text/csv" }, signal, cache: "no-store" });
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "list.csv";
  const file = await reach(() => response.blob());
  const tail = await file.slice(-4096).text();
  return { file, name, whole: !tail.slice(tail.lastIndexOf("\n", tail.length - 2) + 1).startsWith(CUT) };
}

/** @param {string | null} etag of the `get` that the change rests on; the server refuses another */
export const patch = (path, body, etag) => ask("PATCH", path, { body, headers: etag ? { "If-Match": etag } : {} });

/** The same, for what takes the place of the whole. */
export const put = (path, body, etag) => ask("PUT", path, { body, headers: etag ? { "If-Match": etag } : {} });

export const post = (path, body) => ask("POST", path, { body });

/**
 * Many lines at once, each answered by a line.
 * @param {string} path
 * @param {string} text the lines
 * @param {"text/csv" | "application/x-ndjson"} type
 * @returns {Promise<object[]>}
 */
export async function deliver(path, text, type, params = {}) {
  const wanted = { method: "POST", headers: { Accept: "application/x-ndjson", "Content-Type": type }, body: text, cache: "no-store" };
  const response = await asked(query(path, params), wanted);
  /* An answer that breaks off is as good as no connection: what was sent can be sent again. */
  return reach(async () => (await response.text()).split("\n").filter(Boolean).map((line) => JSON.parse(line)));
}

export const remove = (path, body) => ask("DELETE", path, { body });

/**
 * A published file: the brand's, the release's texts.
 * @param {string | URL} url
 * @returns {Promise<object>}
 */
export async function asset(url) {
  const response = await reach(() => fetch(url));
  if (!response.ok) throw await problemOf(response);
  return reach(() => response.json());
}

/** Addresses of the two renderings of a bill. */
export const billPage = (id) => `${API}documents/${encodeURIComponent(id)}/html`;
export const payoutFile = (id, kind) => `${API}payouts/${encodeURIComponent(id)}/${kind}`;
export const billPdf = (id) => `${API}documents/${encodeURIComponent(id)}/pdf`;
/** A self-billed document, from the side that its id is of. */
export const selfBillAt = (id) => `${id.startsWith("sbi_") ? "self-incoming" : "self-bills"}/${encodeURIComponent(id)}`;
export const selfBillPdf = (id) => `${API}${selfBillAt(id)}/pdf`;
export const statementPdf = (id) => `${API}statements/${encodeURIComponent(id)}/pdf`;
export const incomingPdf = (id) => `${API}incoming/${encodeURIComponent(id)}/pdf`;
