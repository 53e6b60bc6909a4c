import type { Trace } from "@anyfn/core";
import { bareObject, parseTraceparent, stripBasePath, toBasePath, unknownPayload } from "@anyfn/core/adapter";
import type { AzureRequest } from "../native.ts";
import type { AzureSettings } from "../settings.ts";

/** A request with its URL in parts and its body read. */
export interface ReadRequest {
  readonly request: AzureRequest;
  readonly origin: string;
  readonly path: string;
  readonly query: string;
  readonly body: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * Takes a request apart and reads its body, which the library hands over once and as a promise; at once without one.
 *
 * @throws AnyfnError `unknown-payload` when it is no request.
 */
export function readRequest(
  request: AzureRequest,
  settings: AzureSettings,
  trigger = "http",
): ReadRequest | Promise<ReadRequest> {
  if (typeof request?.url !== "string" || typeof request.arrayBuffer !== "function") {
    throw unknownPayload(request, "azure", trigger, "the HTTP requests of @azure/functions");
  }
  const original = settings.originalUrl ? request.headers.get("x-ms-original-url") : null;
  const url = original !== null && /^https?:\/\/[^/?#]+/i.test(original) ? original : request.url;
  const { origin, path: sent, query } = splitUrl(url);
  const path = stripBasePath(sent, toBasePath(settings.routePrefix));
  const { method } = request;
  if (method === "GET" || method === "HEAD" || request.body === null)
    return { request, origin, path, query, body: undefined };
  return request.arrayBuffer().then((buffer) => {
    const body = buffer.byteLength === 0 ? undefined : new Uint8Array(buffer);
    return { request, origin, path, query, body };
  });
}

/** Parts of an absolute URL, as they stand in it. */
function splitUrl(url: string): { origin: string; path: string; query: string } {
  const hash = url.indexOf("#");
  const whole = hash === -1 ? url : url.slice(0, hash);
  const mark = whole.indexOf("?");
  const end = mark === -1 ? whole.length : mark;
  const slash = whole.indexOf("/", whole.indexOf("//") + 2);
  const start = slash === -1 || slash > end ? end : slash;
  return {
    origin: whole.slice(0, start),
    path: start === end ? "/" : whole.slice(start, end),
    query: mark === -1 ? "" : whole.slice(mark + 1),
  };
}

/** The caller's trace, for a host that names none. */
export function traceOfHeaders({ headers }: AzureRequest): Trace | undefined {
  return parseTraceparent(headers.get("traceparent") ?? undefined, headers.get("tracestate") ?? undefined);
}

/** Headers by lower-case name. */
export function headersOf(request: AzureRequest): Record<string, string> {
  const headers = bareObject<string>();
  for (const [name, value] of request.headers) headers[name] = value;
  return headers;
}

/**
 * The address that the platform's front end saw, which it appends with its port: `203.0.113.9:51234`,
 * `[2001:db8::7]:51234`.
 */
export function clientIpOf(forwardedFor: string | null): string | undefined {
  const last = forwardedFor?.split(",").at(-1)?.trim() ?? "";
  const bracketed = /^\[([^\]]*)\]/.exec(last)?.[1];
  const address = bracketed ?? (/^[^:]*:\d*$/.test(last) ? last.slice(0, last.indexOf(":")) : last);
  return address === "" ? undefined : address;
}
