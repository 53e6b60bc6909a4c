import { bareObject, type InvocationContext } from "@anyfn/core/adapter";
import type { Endpoint } from "./endpoint.ts";
import type { NodeRequest, NodeResponse } from "./native.ts";
import type { ServerSettings } from "./options.ts";

/** One request on its way through the server; its headers are read when first asked for. */
export interface Exchange {
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  readonly settings: ServerSettings;
  /** Upper case, as HTTP wants it. */
  readonly method: string;
  /** Percent-encoded, as it was sent. */
  readonly path: string;
  /** Percent-encoded, without its "?". */
  readonly query: string;
  readonly framing: Framing;
  headers: Record<string, string> | undefined;
  body: Uint8Array<ArrayBuffer> | undefined;
  /** The function that answers, and its context; undefined before. */
  endpoint: Endpoint | undefined;
  ctx: InvocationContext | undefined;
  /** What ended the process while the function ran, and may be its doing; its answer is not to be trusted then. */
  crash: Error | undefined;
}

/** The headers that are needed before a function is chosen. */
interface Framing {
  /** Bytes that the caller announced; undefined for a body in chunks. */
  readonly length: number | undefined;
  readonly hasBody: boolean;
  readonly expectsContinue: boolean;
  readonly requestId: string | undefined;
}

/** Opens the exchange of a request. */
export function openExchange(
  request: NodeRequest,
  response: NodeResponse,
  settings: ServerSettings,
): Exchange {
  const target = pathOf(request.url ?? "/");
  const mark = target.indexOf("?");
  return {
    request,
    response,
    settings,
    method: request.method ?? "GET",
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? "" : target.slice(mark + 1),
    framing: readFraming(request.rawHeaders),
    headers: undefined,
    body: undefined,
    endpoint: undefined,
    ctx: undefined,
    crash: undefined,
  };
}

/** What log lines call the invocation that answers an exchange. */
export function idsOf({ ctx }: Exchange): Readonly<Record<string, string | undefined>> {
  return { function: ctx?.functionName, invocationId: ctx?.invocationId, requestId: ctx?.requestId };
}

/** The request's headers by lower-case name. */
export function headersOf(exchange: Exchange): Record<string, string> {
  exchange.headers ??= readHeaders(exchange.request.rawHeaders);
  return exchange.headers;
}

/** Path and query of a request target, which a proxy's client sends as a whole URL (RFC 9112, section 3.2.2). */
function pathOf(target: string): string {
  const path = target.startsWith("/") ? target : afterAuthority(target);
  return NOT_LITERAL.test(path) ? escapeBytes(path) : path;
}

function afterAuthority(target: string): string {
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/i.exec(target)?.[1];
  // What is asked of the server as a whole, `OPTIONS *`, has an empty path (RFC 9112, section 3.2.4).
  if (path === undefined) return target === "*" ? "/" : `/${target}`;
  return path.startsWith("/") ? path : `/${path}`;
}

/** What cannot stand in a path or query: Node lets a fragment through, and bytes beyond ASCII. */
const NOT_LITERAL = /[^\x21\x22\x24-\x7e]/;

/** Node hands bytes beyond ASCII over as Latin-1 characters; in a URL they are percent-encoded. */
function escapeBytes(path: string): string {
  return path.replace(
    /[^\x21\x22\x24-\x7e]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** Told apart by length first: this runs for every header of every request. */
function readFraming(raw: readonly string[]): Framing {
  let length: number | undefined;
  let hasBody = false;
  let expectsContinue = false;
  let requestId: string | undefined;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const value = raw[index + 1] ?? "";
    if (name.length === 14 && name.toLowerCase() === "content-length") {
      length = Number(value);
      hasBody ||= length > 0;
    } else if (name.length === 17 && name.toLowerCase() === "transfer-encoding") hasBody = true;
    else if (name.length === 6 && name.toLowerCase() === "expect")
      expectsContinue = /^100-continue$/i.test(value);
    else if (name.length === 12 && name.toLowerCase() === "x-request-id") requestId = value;
  }
  return { length, hasBody, expectsContinue, requestId };
}

/** Repeated headers are joined: cookies by "; ", others by ", ". Without a prototype, so that any name is a key. */
function readHeaders(raw: readonly string[]): Record<string, string> {
  const headers = bareObject<string>();
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? "").toLowerCase();
    const value = raw[index + 1] ?? "";
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}${name === "cookie" ? "; " : ", "}${value}`;
  }
  return headers;
}
