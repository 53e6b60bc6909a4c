import type { IncomingMessage } from "node:http";
import { performance } from "node:perf_hooks";
import type { TimedChunk } from "../host.ts";

/** What Lambda reports about a failed invocation or a failed start. */
export interface LambdaError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** The handler returned a value. */
export interface LambdaPayload {
  readonly ok: true;
  readonly kind: "payload";
  readonly payload: unknown;
  /** The JSON as the runtime posted it. */
  readonly raw: string;
}

/** Status, headers and cookies that a streaming handler sent ahead of its body. */
export interface LambdaPrelude {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

/** The handler streamed its answer. */
export interface LambdaStream {
  readonly ok: true;
  readonly kind: "stream";
  readonly contentType: string;
  /** Absent when the handler did not use `HttpResponseStream`, or ended the stream before it wrote to it. */
  readonly prelude?: LambdaPrelude;
  /** What followed the prelude. */
  readonly body: Uint8Array;
  /** The body as it arrived, in milliseconds since the invocation was handed out. */
  readonly chunks: readonly TimedChunk[];
}

/** The handler threw, the stream broke, or Lambda ended the invocation. */
export interface LambdaFailure {
  readonly ok: false;
  readonly error: LambdaError;
  /** What had been streamed before the error. */
  readonly stream?: LambdaStream;
}

/** How an invocation ended. */
export type LambdaResult = LambdaPayload | LambdaStream | LambdaFailure;

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxPayloadBytes = 6_291_556;

/** Reads a body that is posted to the Runtime API, with arrival times. */
export async function readChunks(request: IncomingMessage, startedAt: number): Promise<TimedChunk[]> {
  const chunks: TimedChunk[] = [];
  for await (const bytes of request as AsyncIterable<Buffer>) {
    chunks.push({ bytes, atMs: performance.now() - startedAt });
  }
  return chunks;
}

/** The result of a buffered `POST …/response`. */
export function toPayload(chunks: readonly TimedChunk[]): LambdaPayload | LambdaFailure {
  const bytes = Buffer.concat(chunks.map((chunk) => chunk.bytes));
  if (bytes.length > maxPayloadBytes) {
    const errorMessage = `Response payload size (${bytes.length} bytes) exceeded maximum allowed payload size (${maxPayloadBytes} bytes).`;
    return {
      ok: false,
      error: { errorType: "Function.ResponseSizeTooLarge", errorMessage, trace: [] },
    };
  }
  const raw = bytes.toString();
  return { ok: true, kind: "payload", payload: JSON.parse(raw), raw };
}

/** The result of a streamed `POST …/response`; an error arrives in its trailers. */
export function toStream(
  request: IncomingMessage,
  chunks: readonly TimedChunk[],
): LambdaStream | LambdaFailure {
  const contentType = request.headers["content-type"] ?? "application/octet-stream";
  const stream: LambdaStream = {
    ok: true,
    kind: "stream",
    contentType,
    ...splitPrelude(contentType, chunks),
  };
  const failed = request.trailers["lambda-runtime-function-error-type"];
  if (!failed) return stream;
  const body = Buffer.from(request.trailers["lambda-runtime-function-error-body"] ?? "", "base64");
  return { ok: false, error: toLambdaError(body), stream };
}

/** The error of a `POST …/error`. */
export function toLambdaError(body: Uint8Array): LambdaError {
  const {
    errorType,
    errorMessage,
    trace = [],
  } = JSON.parse(Buffer.from(body).toString()) as {
    errorType: string;
    errorMessage: string;
    trace?: readonly string[];
  };
  return { errorType, errorMessage, trace };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/response-streaming-tutorial.html: JSON, eight NUL bytes, body. */
function splitPrelude(
  contentType: string,
  chunks: readonly TimedChunk[],
): Pick<LambdaStream, "prelude" | "body" | "chunks"> {
  const all = Buffer.concat(chunks.map((chunk) => chunk.bytes));
  const separator = Buffer.alloc(8);
  const at = all.indexOf(separator);
  if (contentType !== "application/vnd.awslambda.http-integration-response" || at < 0) {
    return { body: all, chunks };
  }
  const prelude = JSON.parse(all.subarray(0, at).toString()) as LambdaPrelude;
  const bodyAt = at + separator.length;
  return { prelude, body: all.subarray(bodyAt), chunks: dropBytes(chunks, bodyAt) };
}

function dropBytes(chunks: readonly TimedChunk[], count: number): TimedChunk[] {
  let left = count;
  return chunks.flatMap(({ bytes, atMs }) => {
    const rest = bytes.subarray(Math.min(left, bytes.length));
    left = Math.max(0, left - bytes.length);
    return rest.length > 0 ? [{ bytes: rest, atMs }] : [];
  });
}
