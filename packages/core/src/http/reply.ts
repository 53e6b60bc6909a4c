import { encodeText } from "../bytes.ts";
import { AnyfnError } from "../errors.ts";
import type { Cookie, HttpBody, HttpReply } from "../triggers/http.ts";
import { serializeCookie } from "./cookies.ts";

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

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\uffff]*$/;
/** Belong to the connection between platform and caller, which the platform keeps. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
  "trailer",
  "te",
]);
const BODILESS = new Set([204, 205, 304]);

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
  const headers: Record<string, string> = {};
  const cookies = (options.cookies ?? []).map((cookie) => checkCookie(cookie));
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    if (key === "set-cookie") {
      for (const cookie of Array.isArray(value) ? value : [String(value)]) cookies.push(checkCookie(cookie));
    } else {
      headers[key] = Array.isArray(value) ? value.join(", ") : String(value);
    }
  }
  return finish(options.status ?? (body === undefined ? 204 : 200), headers, cookies, body);
}

/** Any value that a handler returned, as a reply. */
export function toReply(result: unknown): HttpReply | Promise<HttpReply> {
  if (typeof result === "object" && result !== null) {
    if ((result as { kind?: unknown }).kind === "anyfn.reply") return checkReply(result as HttpReply);
    if (isResponse(result)) return fromResponse(result);
    if (isBlob(result)) return fromBlob(result);
  }
  return finish(result === undefined ? 204 : 200, {}, [], result);
}

/** Middleware may have changed a reply in place: what it holds is checked again. */
function checkReply(given: HttpReply): HttpReply {
  checkStatus(given.status);
  for (const name in given.headers) given.headers[name] = checkHeader(name, String(given.headers[name]));
  return given;
}

function finish(status: number, given: Record<string, string>, cookies: string[], value: unknown): HttpReply {
  checkStatus(status);
  const headers: Record<string, string> = {};
  for (const name in given) {
    if (!HOP_BY_HOP.has(name)) headers[name] = checkHeader(name, given[name] ?? "");
  }
  if (BODILESS.has(status)) return { kind: "anyfn.reply", status, headers, cookies, body: undefined };
  const [body, contentType] = toBody(value);
  if (contentType !== undefined && headers["content-type"] === undefined)
    headers["content-type"] = contentType;
  return { kind: "anyfn.reply", status, headers, cookies, body };
}

function toBody(value: unknown): readonly [HttpBody, string | undefined] {
  if (value === undefined) return [undefined, undefined];
  if (typeof value === "string") return [value, "text/plain; charset=utf-8"];
  if (value instanceof Uint8Array) return [value, "application/octet-stream"];
  if (value instanceof ArrayBuffer) return [new Uint8Array(value), "application/octet-stream"];
  if (ArrayBuffer.isView(value)) {
    return [new Uint8Array(value.buffer, value.byteOffset, value.byteLength), "application/octet-stream"];
  }
  if (isStream(value)) return [value, "application/octet-stream"];
  return [toJson(value), "application/json"];
}

function toJson(value: unknown): string {
  try {
    const text = JSON.stringify(value);
    if (text !== undefined) return text;
  } catch (cause) {
    throw invalid(`it is not JSON (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
  throw invalid(`a ${typeof value} is not JSON`);
}

function isStream(value: unknown): value is ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** Told by shape: the global `Response` must not be touched, since the first touch costs a cold start 25 ms. */
function isResponse(value: object): value is Response {
  const tag = Object.prototype.toString.call(value);
  return tag === "[object Response]" && "headers" in value && "status" in value;
}

function isBlob(value: object): value is Blob {
  const tag = Object.prototype.toString.call(value);
  return (tag === "[object Blob]" || tag === "[object File]") && "arrayBuffer" in value;
}

async function fromBlob(blob: Blob): Promise<HttpReply> {
  const headers: Record<string, string> = blob.type === "" ? {} : { "content-type": blob.type };
  return finish(200, headers, [], new Uint8Array(await blob.arrayBuffer()));
}

function fromResponse(response: Response): HttpReply {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    if (name !== "set-cookie") headers[name] = value;
  });
  return finish(response.status, headers, response.headers.getSetCookie(), response.body ?? undefined);
}

function checkStatus(status: number): void {
  if (Number.isInteger(status) && status >= 200 && status <= 599) return;
  throw invalid(`the status ${status} is not a whole number from 200 to 599`);
}

function checkHeader(name: string, value: string): string {
  if (!HEADER_NAME.test(name)) throw invalid(`${JSON.stringify(name)} is not a header name`);
  if (!HEADER_VALUE.test(value))
    throw invalid(`the header "${name}" has a line break or control character in it`);
  return value;
}

function checkCookie(cookie: Cookie | string): string {
  return checkHeader("set-cookie", typeof cookie === "string" ? cookie : serializeCookie(cookie));
}

function invalid(problem: string, cause?: unknown): AnyfnError {
  return new AnyfnError("invalid-answer", `The handler's answer cannot be sent: ${problem}.`, { cause });
}

/** Whether a status never has a body. */
export function isBodiless(status: number): boolean {
  return BODILESS.has(status);
}

/** Whether a body arrives piece by piece. */
export function isStreaming(
  body: HttpBody,
): body is ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string> {
  return typeof body === "object" && !(body instanceof Uint8Array);
}

/** Pieces of a streamed body as bytes; text is UTF-8. Ending the iteration early cancels the source. */
export async function* chunksOf(
  body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body as AsyncIterable<unknown>) {
    if (chunk instanceof Uint8Array) yield chunk;
    else if (typeof chunk === "string") yield encodeText(chunk);
    else throw invalid("a streamed body gave a piece that is neither bytes nor text");
  }
}

/** A streamed body as one piece, for targets that cannot stream. */
export async function collect(
  body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunksOf(body)) {
    chunks.push(chunk);
    length += chunk.byteLength;
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
