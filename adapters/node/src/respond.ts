import type { HttpReply } from "@anyfn/core";
import {
  answerError,
  encodeText,
  type InvocationContext,
  isStreaming,
  sendStream,
} from "@anyfn/core/adapter";
import type { Exchange } from "./exchange.ts";
import type { NodeResponse } from "./native.ts";

/** How long a refused caller may go on sending, so that it reads the answer before the connection ends. */
const LINGER_MS = 1000;

/** Sends the answer of a function; what fails on the way is logged, and answered where that is still possible. */
export function sendReply(
  exchange: Exchange,
  answer: HttpReply,
  ctx: InvocationContext,
  last: boolean,
): Promise<void> | undefined {
  const { response } = exchange;
  if (response.destroyed) return undefined;
  try {
    if (isStreaming(answer.body)) return sendPieces(exchange, answer, ctx, last);
    sendWhole(exchange, answer, last);
  } catch (error) {
    failReply(exchange, error, ctx, last);
  }
  return undefined;
}

async function sendPieces(
  exchange: Exchange,
  answer: HttpReply,
  ctx: InvocationContext,
  last: boolean,
): Promise<void> {
  const { response } = exchange;
  if (!isStreaming(answer.body)) return;
  // A length that the stream does not keep would let the next answer be read as the rest of this one.
  response.strictContentLength = true;
  try {
    await sendStream(response, answer.body, () => writeHead(response, answer, undefined, last), ctx);
  } catch (error) {
    failReply(exchange, error, ctx, last);
  }
}

/** Before the first byte an error is an answer; after it the only honest sign is a broken connection. */
function failReply(exchange: Exchange, error: unknown, ctx: InvocationContext, last: boolean): void {
  const { response } = exchange;
  const answer = answerError(error, ctx);
  if (response.destroyed) return;
  if (!response.headersSent) sendWhole(exchange, answer, last);
  // In the next turn, when the pieces before the error have left.
  else setImmediate(() => response.destroy());
}

/** Sends an answer whose body is there already. `last` ends the connection after it. */
export function sendWhole(exchange: Exchange, answer: HttpReply, last: boolean): void {
  const { response } = exchange;
  const body = answer.body as string | Uint8Array | undefined;
  const isAscii = writeHead(response, answer, lengthOf(exchange, answer, body), last);
  // Node writes the head in the encoding of a text that goes with it, which is not the head's.
  response.end(isAscii || typeof body !== "string" ? body : encodeText(body));
}

/**
 * Refuses a request whose body is not wanted. The connection ends, but not before the caller had time to read: closing
 * on unread bytes resets the connection, and the answer with it.
 */
export function refuse(exchange: Exchange, answer: HttpReply): void {
  const { request, response } = exchange;
  const body = answer.body as string | Uint8Array | undefined;
  writeHead(response, answer, lengthOf(exchange, answer, body), true);
  if (body !== undefined) response.write(body);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.on("end", end);
  request.on("close", end);
  request.resume();
}

function lengthOf(
  exchange: Exchange,
  answer: HttpReply,
  body: string | Uint8Array | undefined,
): number | undefined {
  if (body !== undefined) return typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
  const isBodiless = answer.status === 204 || answer.status === 304 || exchange.method === "HEAD";
  return isBodiless ? undefined : 0;
}

/**
 * Writes the head and says whether it is all ASCII. `length` is that of the body when it is known; it overrules the
 * handler's, which may be wrong. HEAD and 304 may tell the length of the body that they leave out; 204 may not
 * (RFC 9110, section 8.6).
 */
function writeHead(
  response: NodeResponse,
  answer: HttpReply,
  length: number | undefined,
  last: boolean,
): boolean {
  const lines: string[] = [];
  for (const name in answer.headers) {
    if (name !== "content-length" || (length === undefined && answer.status !== 204))
      lines.push(name, answer.headers[name] ?? "");
  }
  if (length !== undefined) lines.push("content-length", String(length));
  for (const cookie of answer.cookies) lines.push("set-cookie", cookie);
  if (last) lines.push("connection", "close");
  const isAscii = lines.every(isAsciiText);
  response.writeHead(answer.status, isAscii ? lines : lines.map(toWire));
  return isAscii;
}

function isAsciiText(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

/** Node writes headers as Latin-1; text beyond it goes as its UTF-8 bytes. */
function toWire(value: string): string {
  return /[^\0-\xff]/.test(value) ? Buffer.from(value).toString("latin1") : value;
}
