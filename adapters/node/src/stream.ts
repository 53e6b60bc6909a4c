import { AnyfnError, type HttpBody } from "@anyfn/core";
import { encodeText, type InvocationContext } from "@anyfn/core/adapter";
import type { NodeResponse } from "./native.ts";

type Streamed = Exclude<HttpBody, string | Uint8Array | undefined>;

/**
 * Sends a body piece by piece, as fast as the caller takes it. The head goes with the first piece, so that a source
 * which fails at once can still be answered with an error.
 *
 * @throws what the source throws, and AnyfnError `timeout` when it is not done at the deadline.
 */
export async function sendStream(
  response: NodeResponse,
  body: Streamed,
  writeHead: () => void,
  ctx: InvocationContext,
): Promise<void> {
  const source = openSource(body);
  const watch = watchStop(response, ctx);
  try {
    let piece = await watch.until(source.next());
    if (watch.stopped() === undefined) writeHead();
    while (piece !== undefined && watch.stopped() === undefined) {
      if (!response.write(piece)) await watch.until(drained(response));
      piece = await watch.until(source.next());
    }
    if (watch.stopped() === undefined) response.end();
    else source.cancel();
  } catch (error) {
    source.cancel();
    throw error;
  } finally {
    watch.end();
  }
  if (watch.stopped() === "late") {
    throw new AnyfnError(
      "timeout",
      "The answer was still streaming at the deadline. Give it a longer timeout.",
    );
  }
}

interface Source {
  /** The next piece, undefined at the end. */
  next(): Promise<Uint8Array | undefined>;
  /** Tells the source that nobody listens any more; never waits for it. */
  cancel(): void;
}

function openSource(body: Streamed): Source {
  return "getReader" in body ? openReadable(body) : openIterable(body);
}

/** By its reader, since the iterator of a stream cannot be ended while a read is under way. */
function openReadable(body: ReadableStream<Uint8Array>): Source {
  const reader = body.getReader();
  return {
    next: async () => toBytes((await reader.read()).value),
    cancel: () => void reader.cancel().catch(ignore),
  };
}

function openIterable(body: AsyncIterable<Uint8Array | string>): Source {
  const iterator = body[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { done, value } = await iterator.next();
      return done ? undefined : toBytes(value);
    },
    cancel: () => void iterator.return?.().then(ignore, ignore),
  };
}

function toBytes(piece: unknown): Uint8Array | undefined {
  if (piece === undefined || piece instanceof Uint8Array) return piece;
  if (typeof piece === "string") return encodeText(piece);
  throw new AnyfnError("invalid-answer", "A streamed body gave a piece that is neither bytes nor text.");
}

/** Why a stream ends before its source: the caller has gone, or the deadline has come. */
type Stop = "gone" | "late";

interface Watch {
  stopped(): Stop | undefined;
  /** Waits for work, no longer than until the stop; then the result is undefined. */
  until<Result>(work: Promise<Result>): Promise<Result | undefined>;
  end(): void;
}

/** Not by `Promise.race`, which would keep one reaction for every piece until the stream ends. */
function watchStop(response: NodeResponse, ctx: InvocationContext): Watch {
  let stopped: Stop | undefined = response.destroyed ? "gone" : undefined;
  let wake: (() => void) | undefined;
  const stop = (reason: Stop): void => {
    stopped ??= reason;
    wake?.();
  };
  const onClose = (): void => stop("gone");
  response.once("close", onClose);
  const timer =
    ctx.giveUpAt === undefined ? undefined : setTimeout(stop, ctx.giveUpAt - Date.now(), "late" as const);
  return {
    stopped: () => stopped,
    until: (work) =>
      new Promise((resolve, reject) => {
        wake = () => resolve(undefined);
        work.then(resolve, reject);
        if (stopped !== undefined) wake();
      }),
    end: () => {
      clearTimeout(timer);
      response.off("close", onClose);
    },
  };
}

function drained(response: NodeResponse): Promise<void> {
  return new Promise((resolve) => void response.once("drain", resolve));
}

function ignore(): void {}
