import type { HttpReply } from "@anyfn/core";
import {
  answerError,
  chunksOf,
  collect,
  encodeText,
  type InvocationContext,
  inTime,
  isStreaming,
} from "@anyfn/core/adapter";
import type { AzureResponse } from "../native.ts";
import { divideCookies } from "./_cookies.ts";

/** A reply as `@azure/functions` takes it; a streamed body is collected unless the app streams. */
export async function toResponse(
  reply: HttpReply,
  ctx: InvocationContext,
  streaming: boolean,
): Promise<AzureResponse> {
  const { body } = reply;
  if (!isStreaming(body)) return withBody(reply, streaming, body);
  const chunks = chunksOf(body);
  try {
    const started: Promise<Uint8Array | AsyncIterable<Uint8Array>> = streaming
      ? startStream(chunks)
      : collect(chunks);
    return withBody(reply, streaming, await inTime(started, ctx));
  } catch (error) {
    // A source that is late would go on for ever. It may be busy, so that its end is not waited for.
    chunks.return(undefined).catch(() => {});
    // Nothing was sent yet, so that the caller can still be told.
    return toResponse(answerError(error, ctx), ctx, streaming);
  }
}

function withBody(
  reply: HttpReply,
  streaming: boolean,
  body: AzureResponse["body"] | undefined,
): AzureResponse {
  const { header, cookies } = divideCookies(reply.cookies, streaming);
  const headers = toWire(header === undefined ? reply.headers : { ...reply.headers, "set-cookie": header });
  // Whatever the handler counted: a wrong length breaks the connection.
  if (headers["content-length"] !== undefined && (typeof body === "string" || body instanceof Uint8Array))
    headers["content-length"] = String(Buffer.byteLength(body));
  const response: AzureResponse = { status: reply.status, headers };
  if (cookies.length > 0) response.cookies = cookies;
  // Text without a content type would be given one by the library.
  const bare = typeof body === "string" && headers["content-type"] === undefined;
  if (body !== undefined) response.body = bare ? encodeText(body) : body;
  return response;
}

/** The library takes Latin-1 alone, whatever comes after; text beyond it goes as its UTF-8 bytes. */
function toWire(headers: Readonly<Record<string, string>>): Record<string, string> {
  const wire: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name] ?? "";
    wire[name] = /[^\0-\xff]/.test(value) ? Buffer.from(value).toString("latin1") : value;
  }
  return wire;
}

/** Waits for the first piece, so that a stream that fails at once is answered with an error. */
async function startStream(chunks: AsyncGenerator<Uint8Array>): Promise<AsyncGenerator<Uint8Array>> {
  const first = await chunks.next();
  return (async function* () {
    if (first.done) return;
    yield first.value;
    yield* chunks;
  })();
}
