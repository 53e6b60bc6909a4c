import { type AnyFunction, AnyfnError, type HttpReply } from "@anyfn/core";
import {
  answerError,
  compileHttp,
  type InvocationContext,
  isStreaming,
  openPieces,
} from "@anyfn/core/adapter";
import { watchCrashes } from "../crash.ts";
import type { LambdaContext, LambdaHandler } from "../native.ts";
import { begin, makeVariants, variantOf } from "./_http.ts";
import type { RequestOptions } from "./_options.ts";
import { httpHandler } from "./http.ts";

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
 * mode `RESPONSE_STREAM`, or a REST API whose integration has the response transfer mode `STREAM`. Outside of Lambda,
 * as in a test, it is that of `httpHandler`, whose answers leave in one piece.
 *
 * @example export const handler = httpStreamHandler(exportOrders);
 * @throws AnyfnError `unsupported` on Lambda, where its run time was told to leave out the means to stream.
 */
export function httpStreamHandler(definition: AnyFunction, options: RequestOptions = {}): LambdaHandler {
  watchCrashes();
  const lambda = awsLambda();
  if (lambda === undefined) return withoutStreaming(definition, options);
  const http = compileHttp(definition);
  const variants = makeVariants(options.basePath);
  return lambda.streamifyResponse(async (event, stream, context) => {
    const { request, ctx } = begin(event, context, variantOf(variants, event));
    try {
      await streamReply(await http.handle(request, ctx), stream, ctx);
    } finally {
      await ctx.finish();
    }
  });
}

/** Lambda's own means for streaming, which only its run time has. */
function awsLambda(): AwsLambda | undefined {
  return (globalThis as { awslambda?: AwsLambda }).awslambda;
}

function withoutStreaming(definition: AnyFunction, options: RequestOptions): LambdaHandler {
  if (process.env.AWS_LAMBDA_RUNTIME_API === undefined) return httpHandler(definition, options);
  throw new AnyfnError(
    "unsupported",
    "The global `awslambda` is absent, without which no answer can be streamed. Take the environment variable " +
      "AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA away, or make the handler with httpHandler.",
    { provider: "aws", trigger: "http" },
  );
}

/**
 * Sends a reply through Lambda's stream. An error before the first piece becomes an answer of its own; one after it
 * is thrown, so that Lambda breaks the answer off and the caller does not take a part for the whole.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/response-streaming-tutorial.html
 */
async function streamReply(reply: HttpReply, stream: ResponseStream, ctx: InvocationContext): Promise<void> {
  if (!isStreaming(reply.body)) return sendWhole(reply, stream);
  const pieces = openPieces(reply.body, ctx);
  let isGone = false;
  const onEnd = (error = new Error("The caller went away before the answer was complete.")) => {
    isGone = true;
    pieces.stop(error);
  };
  stream.once("error", onEnd);
  stream.once("close", onEnd);
  try {
    const first = await pieces.next().catch((error: unknown) => {
      if (isGone) throw error;
      return answerError(error, ctx);
    });
    if (first !== undefined && "kind" in first) return await sendWhole(first, stream);
    const out = start(reply, stream);
    for (let piece = first; piece !== undefined; piece = await pieces.next()) {
      // Waits when the caller reads more slowly than the source gives.
      if (piece.length > 0 && !out.write(piece)) await pieces.until(drained(out));
    }
    await pieces.until(ended(out));
  } finally {
    stream.off("error", onEnd);
    stream.off("close", onEnd);
    pieces.close();
  }
}

async function sendWhole(reply: HttpReply, stream: ResponseStream): Promise<void> {
  const out = start(reply, stream);
  const body = reply.body as string | Uint8Array | undefined;
  if (body !== undefined && body.length > 0) out.write(body);
  await ended(out);
}

/** Status and headers leave with the first write only, and an answer without a body has no other. */
function start({ status, headers, cookies }: HttpReply, stream: ResponseStream): ResponseStream {
  const out = (awsLambda() as AwsLambda).HttpResponseStream.from(stream, {
    statusCode: status,
    headers,
    cookies,
  });
  out.write("");
  return out;
}

function drained(out: ResponseStream): Promise<void> {
  return new Promise((resolve) => void out.once("drain", () => resolve()));
}

function ended(out: ResponseStream): Promise<void> {
  return new Promise((resolve, reject) => {
    out.once("error", reject);
    out.end(resolve);
  });
}
