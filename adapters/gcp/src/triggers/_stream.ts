import { AnyfnError, type HttpBody } from "@anyfn/core";
import { encodeText, type InvocationContext } from "@anyfn/core/adapter";
import type { CloudResponse } from "../native.ts";

/** A body that arrives piece by piece. */
export type StreamBody = Exclude<HttpBody, string | Uint8Array | undefined>;

/**
 * Sends a body as fast as the caller takes it. `writeHead` runs when the first piece is there, so that a source which
 * fails at once can still be answered with an error.
 *
 * @throws what the source throws, and AnyfnError `timeout` when it is not done at the deadline.
 */
export async function sendStream(
  response: CloudResponse,
  body: StreamBody,
  writeHead: () => void,
  ctx: InvocationContext,
): Promise<void> {
  const source = open(body);
  const end = watchEnd(response, ctx);
  let hasHead = false;
  try {
    for (;;) {
      const piece = await end.orElse(source.next());
      if (piece === undefined) break;
      const bytes = piece.done === true ? undefined : toBytes(piece.value);
      if (!hasHead) writeHead();
      hasHead = true;
      if (bytes === undefined) {
        response.end();
        return;
      }
      if (!response.write(bytes)) await end.orElse(drained(response));
    }
    if (end.reached() === "deadline") {
      throw new AnyfnError(
        "timeout",
        "The answer was still streaming at the deadline. Give it a longer timeout.",
      );
    }
  } finally {
    end.forget();
    source.cancel();
  }
}

interface Source {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>;
  /** Never waited for: an iterator ends only when the piece that it is busy with is there. */
  cancel(): void;
}

function open(body: StreamBody): Source {
  if ("getReader" in body) {
    // The iterator of a stream could not be ended while a read is under way.
    const reader = body.getReader();
    return { next: () => reader.read(), cancel: () => void reader.cancel().catch(ignore) };
  }
  const iterator = body[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    cancel: () => void iterator.return?.().then(ignore, ignore),
  };
}

function toBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return encodeText(value);
  throw new AnyfnError("invalid-answer", "A streamed body gave a piece that is neither bytes nor text.");
}

interface End {
  /** Why there is no use in going on; undefined while there is. */
  reached(): "disconnect" | "deadline" | undefined;
  /** What the work gives, or undefined when the end comes first. */
  orElse<Result>(work: Promise<Result>): Promise<Result | undefined>;
  forget(): void;
}

/** The end before the source's own: the caller goes away, or the time is up. */
function watchEnd(response: CloudResponse, ctx: InvocationContext): End {
  let reason: "disconnect" | "deadline" | undefined = response.destroyed ? "disconnect" : undefined;
  // One slot and no Promise.race, which would leave a reaction behind for every piece of a long stream.
  let giveUp: () => void = ignore;
  const stop = (why: "disconnect" | "deadline") => {
    reason ??= why;
    giveUp();
  };
  const onClose = () => stop("disconnect");
  response.once("close", onClose);
  const timer =
    ctx.giveUpAt === undefined ? undefined : setTimeout(stop, ctx.giveUpAt - Date.now(), "deadline" as const);
  return {
    reached: () => reason,
    orElse: (work) =>
      new Promise((resolve, reject) => {
        giveUp = () => resolve(undefined);
        work.then((result) => resolve(reason === undefined ? result : undefined), reject);
        if (reason !== undefined) giveUp();
      }),
    forget: () => {
      clearTimeout(timer);
      response.off("close", onClose);
    },
  };
}

function drained(response: CloudResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once("drain", resolve);
  });
}

function ignore(): void {}
