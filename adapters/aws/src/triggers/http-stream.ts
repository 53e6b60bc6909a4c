import { type AnyFunction, AnyfnError, type HttpReply } from "@anyfn/core";
import {
  answerError,
  chunksOf,
  compileHttp,
  type InvocationContext,
  inTime,
  isStreaming,
} from "@anyfn/core/adapter";
import type { LambdaContext, LambdaHandler } from "../native.ts";
import { begin, makeVariants, variantOf } from "./_http.ts";
import type { RequestOptions } from "./_options.ts";

/** The part of Lambda's writable stream that is used here. */
interface ResponseStream {
  write(chunk: Uint8Array | string): boolean;
  end(done: () => void): unknown;
  once(event: string, listener: (error?: Error) => void): unknown;
  off(event: string, listener: (error?: Error) => void): unknown;
}

interface Prelude {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
}

/** A handler as Lambda calls it for a streamed answer. */
type StreamHandler = (event: unknown, stream: ResponseStream, context: LambdaContext) => Promise<void>;

interface AwsLambda {
  streamifyResponse(handler: StreamHandler): LambdaHandler;
  readonly HttpResponseStream: { from(stream: ResponseStream, prelude: Prelude): ResponseStream };
}

/**
 * Makes the Lambda handler of an HTTP function whose answers leave piece by piece: for a function URL with the invoke
 * mode `RESPONSE_STREAM`, or a REST API whose integration has the response transfer mode `STREAM`.
 *
 * @example export const handler = httpStreamHandler(exportOrders);
 * @throws AnyfnError `unsupported` outside Lambda's Node.js run time.
 */
export function httpStreamHandler(definition: AnyFunction, options: RequestOptions = {}): LambdaHandler {
  const http = compileHttp(definition);
  const variants = makeVariants(options.basePath);
  return awsLambda().streamifyResponse(async (event, stream, context) => {
    const { request, ctx } = begin(event, context, variantOf(variants, event));
    try {
      await streamReply(await http.handle(request, ctx), stream, ctx);
    } finally {
      await ctx.finish();
    }
  });
}

/** Lambda's own means for streaming, which only its run time has. */
function awsLambda(): AwsLambda {
  const { awslambda } = globalThis as { awslambda?: AwsLambda };
  if (awslambda !== undefined) return awslambda;
  throw new AnyfnError(
    "unsupported",
    "The global `awslambda` is absent, without which no answer can be streamed. Run the function on Lambda's Node.js " +
      "run time, or make the handler with httpHandler.",
    { provider: "aws", trigger: "http" },
  );
}

/**
 * Sends a reply through Lambda's stream. An error before the first piece becomes an answer of its own; one after it
 * is thrown, so that Lambda breaks the answer off and the caller does not take a part for the whole.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/response-streaming-tutorial.html
 */
async function streamReply(given: HttpReply, stream: ResponseStream, ctx: InvocationContext): Promise<void> {
  let reply = given;
  let chunks = isStreaming(given.body) ? chunksOf(given.body) : undefined;
  let next: IteratorResult<Uint8Array> | undefined;
  try {
    if (chunks !== undefined) next = await inTime(chunks.next(), ctx);
  } catch (error) {
    reply = answerError(error, ctx);
    chunks = undefined;
  }
  const { status: statusCode, headers, cookies, body } = reply;
  const out = awsLambda().HttpResponseStream.from(stream, { statusCode, headers, cookies });
  // Status and headers leave with the first write only, and an answer without a body has no other.
  out.write("");
  if (chunks === undefined && !isStreaming(body) && body !== undefined) await write(out, body);
  try {
    for (; chunks !== undefined && next !== undefined && !next.done; next = await chunks.next()) {
      await write(out, next.value);
    }
  } finally {
    await chunks?.return(undefined);
  }
  await new Promise<void>((resolve, reject) => {
    out.once("error", reject);
    out.end(resolve);
  });
}

/** Waits when the caller reads more slowly than the source gives. */
async function write(stream: ResponseStream, chunk: Uint8Array | string): Promise<void> {
  if (chunk.length === 0 || stream.write(chunk)) return;
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error) => {
      stream.off("drain", settle);
      stream.off("error", settle);
      stream.off("close", closed);
      if (error === undefined) resolve();
      else reject(error);
    };
    const closed = () => settle(new Error("The caller went away before the answer was complete."));
    stream.once("drain", settle);
    stream.once("error", settle);
    stream.once("close", closed);
  });
}
