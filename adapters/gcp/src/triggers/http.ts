import type { AnyFunction } from "@anyfn/core";
import {
  compileHttp,
  type HttpSource,
  isPromise,
  LazyHttpEvent,
  stripBasePath,
  unknownPayload,
} from "@anyfn/core/adapter";
import { type CloudOptions, createRequestContext, createRuntime, type Runtime } from "../context.ts";
import { type CloudFunction, isResponse } from "../native.ts";
import { sendReply } from "./_answer.ts";
import { keepRequests, type ReadRequest, readRequest } from "./_request.ts";

/**
 * Makes the function that functions-framework calls for an HTTP trigger.
 *
 * @example functions.http("get-order", httpFunction(getOrder))
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function httpFunction(definition: AnyFunction, options: CloudOptions = {}): CloudFunction {
  const compiled = compileHttp(definition);
  const runtime = createRuntime(definition, options);
  if (options.ownServer === true) keepRequests(runtime.env);
  return async (first, ...[response]) => {
    if (!isResponse(response)) throw unknownPayload(first, "gcp", "http", "an HTTP request");
    // The framework watches every promise (`domain`), which makes each one dear: only what has to wait is awaited.
    const reading = readRequest(first);
    const event = fromHttp(isPromise(reading) ? await reading : reading, runtime);
    const ctx = createRequestContext(runtime, event.raw as ReadRequest["request"], response);
    // Also an answer that is there: what a handler started and left alone may fail at once, and then says more.
    const answer = await compiled.handle(event, ctx);
    const sending = sendReply(response, answer, event.method, ctx);
    if (sending !== undefined) await sending;
    const background = ctx.finish();
    if (background !== undefined) await background;
  };
}

/** A request together with what is known of it before its parts are read. */
interface NativeRequest extends ReadRequest {
  readonly path: string;
  readonly query: string;
  readonly runtime: Runtime;
}

/** A request of the framework as the neutral event. */
export function fromHttp(read: ReadRequest, runtime: Runtime): LazyHttpEvent<NativeRequest> {
  const target = targetOf(read.request.originalUrl ?? read.request.url ?? "/");
  const mark = target.indexOf("?");
  const path = stripBasePath(mark === -1 ? target : target.slice(0, mark), runtime.basePath);
  return new LazyHttpEvent(
    { ...read, runtime, path, query: mark === -1 ? "" : target.slice(mark + 1) },
    source,
  );
}

const source: HttpSource<NativeRequest> = {
  method: ({ request }) => request.method ?? "GET",
  path: ({ path }) => path,
  query: ({ query }) => query,
  headers: ({ headers }) => headers,
  body: ({ body }) => body,
  clientIp: ({ headers, request, runtime }) =>
    forwardedIp(headers["x-forwarded-for"], runtime.trustedProxies) ?? plainIp(request.socket?.remoteAddress),
  origin: ({ headers }) => `${schemeOf(headers["x-forwarded-proto"])}://${hostOf(headers.host)}`,
  raw: ({ request }) => request,
};

/** Path and query of a request target, which a client may send with scheme and host before it. */
function targetOf(target: string): string {
  // Node lets a fragment through, which is none of a request's.
  const escaped = target.replaceAll("#", "%23");
  if (escaped.startsWith("/")) return escaped;
  // What is asked of the server as a whole, `OPTIONS *`, has an empty path (RFC 9112, section 3.2.4).
  if (escaped === "*") return "/";
  const rest = escaped.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, "");
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/**
 * Google's front end writes the caller's address last; what stands before it, the caller may have made up. Each proxy
 * of the user's own adds one more behind it.
 *
 * @see https://cloud.google.com/load-balancing/docs/https#x-forwarded-for_header
 */
function forwardedIp(forwarded: string | undefined, trustedProxies: number): string | undefined {
  const hops = forwarded?.split(",").map((hop) => hop.trim()) ?? [];
  return plainIp(hops[Math.max(0, hops.length - 1 - trustedProxies)]);
}

/** An address without port, brackets and the prefix of an IPv4 address in IPv6. */
function plainIp(address: string | undefined): string | undefined {
  if (address === undefined || address === "") return undefined;
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1];
  const bare = bracketed ?? address.replace(/^([^:]+):\d+$/, "$1");
  return bare.replace(/^::ffff:(?=\d+\.)/i, "");
}

function schemeOf(forwarded: string | undefined): string {
  return forwarded?.split(",", 1)[0]?.trim().toLowerCase() === "http" ? "http" : "https";
}

function hostOf(host: string | undefined): string {
  const isHost = host !== undefined && /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d+)?$/.test(host);
  return isHost && URL.canParse(`https://${host}`) ? host : "localhost";
}
