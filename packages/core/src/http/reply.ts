import { AnyfnError } from "../errors.ts";
import type { Cookie, HttpBody, HttpReply } from "../triggers/http.ts";
import { serializeCookie } from "./cookies.ts";
import type { StreamBody } from "./pieces.ts";
import { HEADER_VALUE, TOKEN } from "./syntax.ts";

/** Headers as a handler may give them; a list is joined by ", ", undefined leaves the header out. */
export type ReplyHeaders = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Options of {@link reply}. */
export interface ReplyOptions {
  /** 200 to 599; by default 200, or 204 without a body. */
  readonly status?: number;
  readonly headers?: ReplyHeaders;
  /** Cookies to set: objects, or finished `Set-Cookie` values. */
  readonly cookies?: ReadonlyArray<Cookie | string>;
}

/** Tells replies from JSON that merely looks like one, which a caller may have sent; copies keep it. */
const REPLY: unique symbol = Symbol.for("anyfn.reply");
type MadeReply = HttpReply & { readonly [REPLY]: true };

/** Belong to the connection between platform and caller, which the platform keeps. */
const HOP_BY_HOP = /^(?:(?:proxy-)?connection|keep-alive|transfer-encoding|upgrade|trailer|te)$/;

/**
 * An answer with a status, headers and cookies.
 *
 * Text becomes `text/plain`, bytes `application/octet-stream`, a stream is streamed where the target can, any other
 * value is JSON; a `content-type` header overrules.
 *
 * @example reply({ id }, { status: 201, headers: { location: `/orders/${id}` } })
 * @throws AnyfnError `invalid-answer` for a status, header or cookie that HTTP cannot carry.
 */
export function reply(body?: unknown, options: ReplyOptions = {}): HttpReply {
  const cookies = (options.cookies ?? []).map((cookie) =>
    checkHeader("set-cookie", typeof cookie === "string" ? cookie : serializeCookie(cookie)),
  );
  return makeReply(options.status ?? (body === undefined ? 204 : 200), options.headers, cookies, body);
}

/** Any value that a handler returned, as a reply. */
export function toReply(result: unknown): HttpReply | Promise<HttpReply> {
  if (typeof result === "object" && result !== null) {
    if (REPLY in result) return checkReply(result as MadeReply);
    // Nobody means an error to be an answer of 200.
    if (result instanceof Error) throw result;
    // Told by shape: the global `Response` must not be touched, since the first touch costs a cold start 25 ms.
    const tag = Object.prototype.toString.call(result);
    if (tag === "[object Response]" && "headers" in result) return fromResponse(result as Response);
    if (tag === "[object Blob]" || tag === "[object File]") return fromBlob(result as Blob);
  }
  return makeReply(result === undefined ? 204 : 200, undefined, [], result);
}

/** A copy, checked again: middleware may have changed the reply, and one reply may serve many requests. */
function checkReply({ status, headers, cookies, body }: HttpReply): HttpReply {
  const checked = cookies.map((cookie) => checkHeader("set-cookie", cookie));
  const made = makeReply(status, headers, checked, body);
  // What had no content type was meant so.
  if (headers["content-type"] === undefined) delete made.headers["content-type"];
  return made;
}

/** Checks the parts of an answer and puts them together; `cookies` becomes the reply's own. */
export function makeReply(
  status: number,
  given: ReplyHeaders | undefined,
  cookies: string[],
  value: unknown,
): HttpReply {
  checkStatus(status);
  const headers: Record<string, string> = {};
  for (const name in given) addHeader(headers, cookies, name.toLowerCase(), given[name]);
  const made: MadeReply = { kind: "anyfn.reply", [REPLY]: true, status, headers, cookies, body: undefined };
  if (value === undefined) return made;
  const body = toBody(value);
  if (isBodiless(status)) {
    discard(body);
    return made;
  }
  made.body = body;
  headers["content-type"] ??=
    typeof body !== "string"
      ? "application/octet-stream"
      : typeof value === "string"
        ? "text/plain; charset=utf-8"
        : "application/json";
  return made;
}

function addHeader(
  headers: Record<string, string>,
  cookies: string[],
  name: string,
  value: ReplyHeaders[string],
): void {
  if (value === undefined || HOP_BY_HOP.test(name)) return;
  if (!TOKEN.test(name)) throw invalidAnswer(`${JSON.stringify(name)} is not a header name`);
  if (name !== "set-cookie") {
    headers[name] = checkHeader(name, typeof value === "object" ? value.join(", ") : String(value));
    return;
  }
  for (const cookie of typeof value === "object" ? value : [String(value)]) {
    cookies.push(checkHeader(name, cookie));
  }
}

function toBody(value: unknown): HttpBody {
  if (typeof value === "string" || value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return isStream(value) ? value : toJson(value);
}

function toJson(value: unknown): string {
  try {
    const text = JSON.stringify(value);
    if (text !== undefined) return text;
  } catch (cause) {
    throw invalidAnswer(`it is not JSON (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
  throw invalidAnswer(`a ${typeof value} is not JSON`);
}

function isStream(value: unknown): value is ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

async function fromBlob(blob: Blob): Promise<HttpReply> {
  const headers = blob.type === "" ? undefined : { "content-type": blob.type };
  return makeReply(200, headers, [], new Uint8Array(await blob.arrayBuffer()));
}

function fromResponse(response: Response): HttpReply {
  const headers: Record<string, string> = {};
  // What fetch received has a URL, and a body that is no longer encoded as its headers say.
  const skipped = response.url === "" ? /^set-cookie$/ : /^(?:set-cookie|content-(?:encoding|length))$/;
  response.headers.forEach((value, name) => {
    if (!skipped.test(name)) headers[name] = value;
  });
  return makeReply(response.status, headers, response.headers.getSetCookie(), response.body ?? undefined);
}

function checkStatus(status: number): void {
  if (Number.isInteger(status) && status >= 200 && status <= 599) return;
  throw invalidAnswer(`the status ${status} is not one of 200 to 599`);
}

function checkHeader(name: string, value: string): string {
  if (!HEADER_VALUE.test(value)) throw invalidAnswer(`the header "${name}" has a control character in it`);
  return value;
}

/** The error for an answer that cannot be sent. */
export function invalidAnswer(problem: string, cause?: unknown): AnyfnError {
  return new AnyfnError("invalid-answer", `The handler's answer cannot be sent: ${problem}.`, { cause });
}

/** Whether a status never has a body. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** Whether a body arrives piece by piece. */
export function isStreaming(body: HttpBody): body is StreamBody {
  return typeof body === "object" && !(body instanceof Uint8Array);
}

/** Lets go of a body that is not sent, so that its source does not wait for a reader. */
export function discard(body: HttpBody): void {
  // How that goes concerns nobody any more.
  if (isStreaming(body)) cancel(body).catch(() => {});
}

async function cancel(body: StreamBody): Promise<void> {
  const source = body as { cancel?(): unknown; destroy?(): unknown };
  if (source.cancel) await source.cancel();
  else if (source.destroy) source.destroy();
  else await body[Symbol.asyncIterator]().return?.();
}
