import { request as httpRequest, type IncomingMessage } from "node:http";
import { performance } from "node:perf_hooks";
import type { HeaderLine, PlainRequest, TimedChunk, TimedResponse } from "./host.ts";
import { answerMs } from "./process.ts";

/** The parts of a URL as written; nothing is decoded, encoded or normalised. */
export interface UrlParts {
  /** `https` when the URL is only a path. */
  readonly scheme: string;
  /** Host and port; `undefined` when the URL is only a path. */
  readonly host: string | undefined;
  readonly path: string;
  /** Without the `?`. */
  readonly query: string;
}

/** Takes a URL apart without touching a byte of it, which `new URL` would. */
export function splitUrl(url: string): UrlParts {
  const [, scheme, host, target = "/"] = /^(?:(https?):\/\/([^/?#]*))?([^#]*)/i.exec(url) ?? [];
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  return {
    scheme: scheme?.toLowerCase() ?? "https",
    host,
    path: path || "/",
    query: mark < 0 ? "" : target.slice(mark + 1),
  };
}

/** The values of a header, in order. */
export function headerValues(headers: readonly HeaderLine[] = [], name: string): string[] {
  return headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

/** An answer that came in one piece. */
export function inOnePiece(
  status: number,
  headers: readonly HeaderLine[],
  body: Uint8Array,
  atMs = 0,
): TimedResponse {
  const lowered = headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    status,
    headers: lowered,
    body,
    chunks: body.length > 0 ? [{ bytes: body, atMs }] : [],
    complete: true,
  };
}

/** How to send a request. */
export interface SendOptions {
  readonly timeoutMs?: number | undefined;
  /** Ends the request from the client's side. */
  readonly signal?: AbortSignal | undefined;
  /** Called when status and headers have arrived. */
  readonly onHead?: () => void;
}

/**
 * Sends a request over a real connection and notes when each piece of the answer arrives.
 *
 * An answer that breaks off is returned with `complete: false`; no answer at all rejects.
 */
export function sendHttp(
  port: number,
  request: PlainRequest,
  options: SendOptions = {},
): Promise<TimedResponse> {
  const { path, query, host = `127.0.0.1:${port}` } = splitUrl(request.url);
  const timeout = AbortSignal.timeout(options.timeoutMs ?? answerMs);
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      hostname: "127.0.0.1",
      port,
      method: request.method,
      path: query ? `${path}?${query}` : path,
      headers: wireHeaders(request, host).flat(),
      agent: false,
      signal,
    });
    let settle = reject;
    outgoing.on("error", (error) => settle(error));
    outgoing.once("response", (incoming) => {
      // From here on the answer itself tells that it broke off.
      settle = () => {};
      options.onHead?.();
      collect(incoming, startedAt).then(resolve);
    });
    outgoing.end(request.body);
  });
}

function wireHeaders(request: PlainRequest, host: string): HeaderLine[] {
  const lines: HeaderLine[] = [...(request.headers ?? [])];
  const has = (name: string): boolean => headerValues(lines, name).length > 0;
  if (!has("host")) lines.unshift(["Host", host]);
  if (!has("connection")) lines.push(["Connection", "close"]);
  if (request.body && !has("content-length") && !has("transfer-encoding")) {
    lines.push(["Content-Length", String(request.body.length)]);
  }
  return lines;
}

async function collect(incoming: IncomingMessage, startedAt: number): Promise<TimedResponse> {
  const chunks: TimedChunk[] = [];
  await new Promise<void>((resolve) => {
    incoming.on("data", (bytes: Buffer) => chunks.push({ bytes, atMs: performance.now() - startedAt }));
    incoming.once("error", () => resolve());
    incoming.once("close", () => resolve());
  });
  const lines = Array.from({ length: incoming.rawHeaders.length / 2 }, (_, index): HeaderLine => {
    const [name = "", value = ""] = incoming.rawHeaders.slice(index * 2, index * 2 + 2);
    return [name.toLowerCase(), value];
  });
  return {
    status: incoming.statusCode ?? 0,
    headers: lines,
    body: Buffer.concat(chunks.map((chunk) => chunk.bytes)),
    chunks,
    complete: incoming.complete,
  };
}
