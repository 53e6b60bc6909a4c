import { bareObject } from "@anyfn/core/adapter";
import type { Env } from "../context.ts";
import type { CloudRequest } from "../native.ts";

/** What the framework was kept from acting on, to be put back before the function runs. */
interface Sent {
  readonly url: string | undefined;
  readonly type: string | string[] | undefined;
  readonly encoding: string | string[] | undefined;
}

const SENT: unique symbol = Symbol("anyfn.sent");
type MarkedRequest = CloudRequest & { [SENT]?: Sent };

interface RequestStart {
  readonly request: MarkedRequest;
  readonly socket: { readonly localPort?: number };
}

/**
 * Lets requests through functions-framework 5 untouched.
 *
 * Before any function runs, its body parsers answer 400, 413 or 415 to JSON that is malformed or a bare value, unknown
 * charsets and encodings, and long forms; they leave a body without content type unread; its router answers 400 to a
 * malformed escape in the path, and 404 to `/favicon.ico` and `/robots.txt`. The same requests are the function's own
 * business on every other target. The framework has no option against the first, and reads `IGNORED_ROUTES` before it
 * loads a function. So each request of the server shows it a plain path and bytes of no particular type.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#http
 */
export function keepRequests(env: Env): void {
  const port = Number(env.PORT ?? 0);
  process.getBuiltinModule("node:diagnostics_channel").subscribe("http.server.request.start", (message) => {
    const { request, socket } = message as RequestStart;
    // Another server of the same process is none of our business.
    if (port === 0 || socket.localPort === port) disguise(request);
  });
}

function disguise(request: MarkedRequest): void {
  if (request[SENT] !== undefined) return;
  const { url, headers } = request;
  request[SENT] = { url, type: headers["content-type"], encoding: headers["content-encoding"] };
  if (url !== undefined) request.originalUrl = url;
  request.url = "/";
  headers["content-type"] = "application/octet-stream";
  delete headers["content-encoding"];
}

/** Puts back what {@link keepRequests} hid. */
function restore(request: MarkedRequest): boolean {
  const sent = request[SENT];
  if (sent === undefined) return false;
  const { headers } = request;
  if (sent.url !== undefined) request.url = sent.url;
  if (sent.type === undefined) delete headers["content-type"];
  else headers["content-type"] = sent.type;
  if (sent.encoding !== undefined) headers["content-encoding"] = sent.encoding;
  return true;
}

/** A request that was read to its end. */
export interface ReadRequest {
  readonly request: CloudRequest;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array<ArrayBuffer> | undefined;
}

/** The whole of a request, at once where the framework has read it; rejects when the caller goes away while it sends. */
export function readRequest(first: object): ReadRequest | Promise<ReadRequest> {
  const request = first as CloudRequest;
  const untouched = restore(request);
  const headers = headersOf(request);
  const { rawBody } = request;
  if (!rawBody) {
    if (!awaitsBody(request)) return { request, headers, body: undefined };
    return readBody(request).then((body) => ({ request, headers, body: unlessEmpty(body) }));
  }
  // The framework's parsers inflate the body; both headers would describe bytes that are gone.
  if (!untouched && headers["content-encoding"] !== undefined) {
    delete headers["content-encoding"];
    headers["content-length"] = String(rawBody.byteLength);
  }
  return { request, headers, body: unlessEmpty(rawBody) };
}

function unlessEmpty(body: Uint8Array): ReadRequest["body"] {
  return body.byteLength === 0 ? undefined : (body as Uint8Array<ArrayBuffer>);
}

/** The framework's parsers leave a body alone that has no content type. */
function awaitsBody({ headers, readableEnded }: CloudRequest): boolean {
  if (readableEnded === true) return false;
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

async function readBody(request: CloudRequest): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}

function headersOf(request: CloudRequest): Record<string, string> {
  const headers = bareObject<string>();
  const given = request.headers;
  for (const name in given) {
    const value = given[name];
    // Node joins repeated headers already, cookies by "; ", except for set-cookie.
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  return headers;
}
