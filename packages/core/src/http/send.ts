import type { InvocationContext } from "../context.ts";
import { openPieces, type StreamBody } from "./pieces.ts";

/** The answer of an HTTP server, as far as a body is sent through it piece by piece. */
export interface ServerResponse {
  /** False when the caller should wait for `drain`. */
  write(piece: Uint8Array): boolean;
  end(): unknown;
  once(event: "close" | "drain", listener: () => void): unknown;
  off(event: "close" | "drain", listener: () => void): unknown;
  readonly destroyed: boolean;
}

/**
 * Sends a body piece by piece, as fast as the caller takes it, and no longer than it listens. The head goes with the first
 * piece, so that a source which fails at once can still be answered with an error.
 *
 * @throws what the source throws, and AnyfnError `timeout` when it is not done at the deadline.
 */
export async function sendStream(
  response: ServerResponse,
  body: StreamBody,
  writeHead: () => void,
  ctx: InvocationContext,
): Promise<void> {
  const pieces = openPieces(body, ctx);
  let isGone = false;
  const onClose = (): void => {
    isGone = true;
    pieces.stop(new Error("The caller went away."));
  };
  if (response.destroyed) onClose();
  else response.once("close", onClose);
  try {
    let piece = await pieces.next();
    writeHead();
    for (; piece !== undefined; piece = await pieces.next()) {
      if (!response.write(piece)) await pieces.until(drained(response));
    }
    response.end();
  } catch (error) {
    // Nobody is left to be told.
    if (!isGone) throw error;
  } finally {
    response.off("close", onClose);
    pieces.close();
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => void response.once("drain", resolve));
}
