import { AnyfnError, type HttpReply } from "@anyfn/core";
import { answerError, encodeText, type InvocationContext, isStreaming } from "@anyfn/core/adapter";
import type { CloudResponse } from "../native.ts";
import { sendStream } from "./_stream.ts";

/** Cloud Run refuses longer answers unless they are streamed: https://cloud.google.com/run/quotas#request_limits */
const LONGEST_ANSWER = 32 * 1024 * 1024;

/**
 * Writes a reply as it is: Node adds `date` and the connection's headers, and Express nothing, because none of its
 * own methods is called. Never rejects.
 */
export async function sendReply(
  response: CloudResponse,
  answer: HttpReply,
  method: string,
  ctx: InvocationContext,
): Promise<void> {
  try {
    const { body } = answer;
    if (isStreaming(body)) {
      // A length that the stream does not keep would let the next answer be read as the rest of this one.
      response.strictContentLength = true;
      await sendStream(response, body, () => writeHead(response, answer, undefined), ctx);
    } else {
      sendWhole(response, answer, body, method);
    }
  } catch (error) {
    const failure = answerError(error, ctx);
    // After the first byte, a broken connection is the only sign that the body is not whole.
    if (response.headersSent) response.destroy();
    else if (!response.destroyed) sendWhole(response, failure, failure.body as string, method);
  }
}

function sendWhole(
  response: CloudResponse,
  answer: HttpReply,
  body: string | Uint8Array | undefined,
  method: string,
): void {
  // Node would write the headers in the encoding of a body that is text, not in Latin-1.
  const bytes = typeof body === "string" ? encodeText(body) : body;
  const length = bytes?.byteLength;
  if (length !== undefined && length > LONGEST_ANSWER) {
    throw new AnyfnError(
      "invalid-answer",
      `The answer has ${length} bytes, and Cloud Run passes on 32 MiB. Stream it.`,
    );
  }
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
