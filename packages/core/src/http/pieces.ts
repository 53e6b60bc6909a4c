import { encodeText, joinBytes } from "../bytes.ts";
import { clampDelay, type InvocationContext, inTime } from "../context.ts";
import { AnyfnError } from "../errors.ts";
import type { HttpBody } from "../triggers/http.ts";
import { invalidAnswer } from "./reply.ts";

/** A body that arrives piece by piece. */
export type StreamBody = Exclude<HttpBody, string | Uint8Array | undefined>;

/** A streamed body on its way out, for as long as there is time and somebody to read it. */
export interface Pieces {
  /** The next piece, undefined at the end. @throws what the source throws, and what ended the pieces. */
  next(): Promise<Uint8Array | undefined>;
  /** What other work gives, such as a reader's. @throws what ended the pieces. */
  until<Result>(work: PromiseLike<Result>): Promise<Result>;
  /** Ends the pieces with an error. */
  stop(error: Error): void;
  /** Lets the source go if it is not at its end. Never waits for it, since it may be busy. */
  close(): void;
}

/** Opens a streamed body, whose pieces end with an AnyfnError `timeout` at the time to give up. */
export function openPieces(body: StreamBody, { giveUpAt }: InvocationContext): Pieces {
  let source: Source | undefined;
  let isDone = false;
  let stopped: Error | undefined;
  // One slot and no Promise.race, which would keep a reaction for every piece until the stream ends.
  let giveUp: (error: Error) => void = () => {};
  const stop = (error: Error): void => {
    stopped ??= error;
    giveUp(stopped);
  };
  const until = <Result>(work: PromiseLike<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      giveUp = reject;
      work.then(resolve, reject);
      if (stopped !== undefined) reject(stopped);
    });
  const timer =
    giveUpAt === undefined ? undefined : setTimeout(() => stop(late()), clampDelay(giveUpAt - Date.now()));
  return {
    until,
    stop,
    next: async () => {
      source ??= openSource(body);
      const { done, value } = await until(source.next());
      isDone = done === true;
      return isDone ? undefined : toBytes(value);
    },
    close: () => {
      clearTimeout(timer);
      if (!isDone) letGo(source);
    },
  };
}

/**
 * A streamed body as one piece, for targets that cannot stream.
 *
 * @throws what the source throws, and AnyfnError `timeout` at the time to give up.
 */
export async function collect(body: StreamBody, ctx: InvocationContext): Promise<Uint8Array> {
  const source = openSource(body);
  try {
    return await inTime(gather(source), ctx);
  } catch (error) {
    letGo(source);
    throw error;
  }
}

async function gather(source: Source): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await source.next();
    if (done) return joinBytes(chunks, length);
    const piece = toBytes(value);
    chunks.push(piece);
    length += piece.byteLength;
  }
}

interface Source {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>;
  cancel(): Promise<unknown>;
}

/** A web stream by its reader, since its iterator could not be ended while a read is under way. */
function openSource(body: StreamBody): Source {
  if ("getReader" in body) {
    const reader = body.getReader();
    return { next: () => reader.read(), cancel: () => reader.cancel() };
  }
  const iterator = body[Symbol.asyncIterator]();
  return { next: async () => iterator.next(), cancel: async () => iterator.return?.() };
}

/** Tells a source that nobody wants more. What becomes of that is its own business. */
function letGo(source: Source | undefined): void {
  source?.cancel().catch(() => {});
}

function toBytes(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  if (typeof piece === "string") return encodeText(piece);
  throw invalidAnswer("its stream gives neither bytes nor text");
}

function late(): AnyfnError {
  return new AnyfnError(
    "timeout",
    "The answer was still streaming at the deadline. Give it a longer timeout.",
  );
}
