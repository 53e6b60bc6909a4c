import type { HttpReply } from "@anyfn/core";
import {
  answerError,
  collect,
  encodeText,
  type InvocationContext,
  isStreaming,
  openPieces,
  type Pieces,
  type StreamBody,
} from "@anyfn/core/adapter";
import type { AzureResponse } from "../native.ts";
import { divideCookies } from "./_cookies.ts";

/**
 * A reply as `@azure/functions` takes it, at the end of the invocation; a streamed body is collected unless the app
 * streams, and then the invocation ends with it.
 */
export function toResponse(
  reply: HttpReply,
  ctx: InvocationContext,
  streaming: boolean,
): AzureResponse | Promise<AzureResponse> {
  const { body } = reply;
  if (isStreaming(body)) return toStreamedResponse(reply, body, ctx, streaming);
  const response = withBody(reply, streaming, body);
  const background = ctx.finish();
  return background === undefined ? response : background.then(() => response);
}

async function toStreamedResponse(
  reply: HttpReply,
  body: StreamBody,
  ctx: InvocationContext,
  streaming: boolean,
): Promise<AzureResponse> {
  try {
    if (streaming) return withBody(reply, true, await startStream(body, ctx));
    return await toResponse({ ...reply, body: await collect(body, ctx) }, ctx, false);
  } catch (error) {
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
async function startStream(body: StreamBody, ctx: InvocationContext): Promise<AsyncGenerator<Uint8Array>> {
  const pieces = openPieces(body, ctx);
  try {
    return goOn(pieces, await pieces.next(), ctx);
  } catch (error) {
    pieces.close();
    throw error;
  }
}

async function* goOn(
  pieces: Pieces,
  first: Uint8Array | undefined,
  ctx: InvocationContext,
): AsyncGenerator<Uint8Array> {
  try {
    for (let piece = first; piece !== undefined; piece = await pieces.next()) yield piece;
  } finally {
    pieces.close();
    await ctx.finish();
  }
}
