import { joinBytes } from "@anyfn/core/adapter";
import type { Exchange } from "./exchange.ts";

/** What became of a body: read, larger than the limit, or broken off by the caller or by the time limit. */
export type BodyResult = "read" | "too-large" | "broken-off";

/** Reads the whole body into the exchange, up to the limit; what is beyond it is not read. */
export function readBody(exchange: Exchange): Promise<BodyResult> {
  const { request, response, framing, settings } = exchange;
  if (framing.length !== undefined && framing.length > settings.bodyLimit)
    return Promise.resolve("too-large");
  if (framing.expectsContinue) response.writeContinue();
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    // The listeners stay: taking them off costs more than a promise that is resolved twice.
    request.on("data", (chunk) => {
      length += chunk.byteLength;
      if (length <= settings.bodyLimit) chunks.push(chunk);
      else {
        chunks.length = 0;
        resolve("too-large");
      }
    });
    request.on("end", () => {
      // A copy of its own: the chunks are windows into buffers that connections share.
      if (length > 0 && length <= settings.bodyLimit) exchange.body = joinBytes(chunks, length);
      resolve("read");
    });
    request.on("close", () => resolve("broken-off"));
  });
}
