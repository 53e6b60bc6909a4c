import type { HttpReply } from "@anyfn/core";
import {
  answerError,
  discard,
  encodeText,
  failureReply,
  type InvocationContext,
  isStreaming,
  sendStream,
} from "@anyfn/core/adapter";
import type { CloudResponse } from "../native.ts";

/** Cloud Run refuses longer answers unless they are streamed: https://cloud.google.com/run/quotas#request_limits */
const LONGEST_ANSWER = 32 * 1024 * 1024;

/**
 * Writes a reply as it is: Node adds `date` and the connection's headers, and Express nothing, because none of its
 * own methods is called. Neither throws nor rejects; only a streamed body is waited for.
 */
export function sendReply(
  response: CloudResponse,
  answer: HttpReply,
  method: string,
  ctx: InvocationContext,
): Promise<void> | undefined {
  const { body } = answer;
  const fail = (error: unknown): undefined => {
    const failure = answerError(error, ctx);
    // After the first byte, a broken connection is the only sign that the body is not whole.
    if (response.headersSent) response.destroy();
    else if (!response.destroyed) sendWhole(response, failure, method);
  };
  if (response.headersSent) answeredAlready(answer, ctx);
  else if (isStreaming(body)) {
    // A length that the stream does not keep would let the next answer be read as the rest of this one.
    response.strictContentLength = true;
    const writeFirst = (): void => writeHead(response, answer, undefined);
    return sendStream(response, body, writeFirst, ctx).catch(fail);
  } else {
    try {
      sendWhole(response, withinLimit(answer, ctx), method);
    } catch (error) {
      fail(error);
    }
  }
  return undefined;
}

/** The framework fails a request by itself when work that was started for it, and not waited for, fails. */
function answeredAlready(answer: HttpReply, ctx: InvocationContext): void {
  discard(answer.body);
  ctx.log.error(
    "The framework answered with 500 before the function did, because work that nobody waited for failed. " +
      "Await it, or give it to ctx.waitUntil.",
  );
}

/** The answer, or one that says that it is too large: Cloud Run would only say that the function failed. */
function withinLimit(answer: HttpReply, ctx: InvocationContext): HttpReply {
  const body = answer.body as string | Uint8Array | undefined;
  // UTF-8 has at most three bytes for one UTF-16 unit, so that small answers need no counting.
  if (body === undefined || body.length <= LONGEST_ANSWER / 3) return answer;
  const bytes = Buffer.byteLength(body);
  if (bytes <= LONGEST_ANSWER) return answer;
  const detail = `The answer has ${bytes} bytes, and at most ${LONGEST_ANSWER} can be delivered in one piece.`;
  ctx.log.error(`${detail} Stream it, or redirect to an object in Cloud Storage.`);
  return failureReply(500, detail, ctx);
}

function sendWhole(response: CloudResponse, answer: HttpReply, method: string): void {
  const body = answer.body as string | Uint8Array | undefined;
  // Node would write the headers in the encoding of a body that is text, not in Latin-1.
  const bytes = typeof body === "string" ? encodeText(body) : body;
  const length = bytes?.byteLength;
  const isBodiless = method === "HEAD" || answer.status === 204 || answer.status === 304;
  writeHead(response, answer, length ?? (isBodiless ? undefined : 0));
  response.end(bytes);
}

/** The body's own length overrules the handler's. HEAD and 304 may tell the length of what they leave out, 204 may not. */
function writeHead(response: CloudResponse, answer: HttpReply, length: number | undefined): void {
  const headers: Record<string, string | string[]> = {};
  for (const name in answer.headers) headers[name] = toWire(answer.headers[name] ?? "");
  if (answer.cookies.length > 0) headers["set-cookie"] = answer.cookies.map(toWire);
  if (length !== undefined) headers["content-length"] = String(length);
  else if (answer.status === 204) delete headers["content-length"];
  response.writeHead(answer.status, headers);
}

/** Node writes headers as Latin-1; text beyond it goes as its UTF-8 bytes. */
function toWire(value: string): string {
  return /[^\0-\xff]/.test(value) ? Buffer.from(value).toString("latin1") : value;
}
