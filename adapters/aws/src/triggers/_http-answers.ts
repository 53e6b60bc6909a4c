import type { HttpReply } from "@anyfn/core";
import {
  answerError,
  collect,
  decodeText,
  failureReply,
  type InvocationContext,
  type StreamBody,
  statusTitle,
  toBase64,
} from "@anyfn/core/adapter";

/** The members that every front reads, with the body in a form that JSON can hold. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

const { isUtf8 } = process.getBuiltinModule("buffer");

/** How one front is answered. */
export interface Front {
  /** Adds the cookies, and what else the front wants. */
  readonly toAnswer: (answer: Answer, cookies: readonly string[]) => object;
  /** The largest answer in bytes, as JSON. */
  readonly limit: number;
}

/** The most that Lambda carries, and that a load balancer takes, as JSON. */
export const LAMBDA_BYTES = 6_291_556;
export const ALB_BYTES = 1_048_576;

/** Answers an HTTP API in payload format 2.0, or a function URL. */
export function toV2(answer: Answer, cookies: readonly string[]): object {
  return cookies.length === 0 ? answer : { ...answer, cookies };
}

/** Answers a REST API, or an HTTP API in payload format 1.0; neither knows `cookies`. */
export function toV1(answer: Answer, cookies: readonly string[]): object {
  return cookies.length === 0 ? answer : { ...answer, multiValueHeaders: { "set-cookie": cookies } };
}

/** Answers a load balancer whose target group has multi-value headers: it reads those alone. */
export function toAlbMulti({ headers, ...answer }: Answer, cookies: readonly string[]): object {
  const multiValueHeaders: Record<string, readonly string[]> = {};
  for (const name in headers) multiValueHeaders[name] = [headers[name] ?? ""];
  if (cookies.length > 0) multiValueHeaders["set-cookie"] = cookies;
  return { ...answer, ...describe(answer), multiValueHeaders };
}

/** Answers a load balancer with one value for each header; cookies differ in the case of their header's name. */
export function toAlbSingle(answer: Answer, cookies: readonly string[]): object {
  const headers = { ...answer.headers };
  for (const [index, cookie] of cookies.entries()) headers[nthCase("set-cookie", index)] = cookie;
  return { ...answer, ...describe(answer), headers };
}

function describe({ statusCode }: { readonly statusCode: number }): object {
  // Lambda's run time has loaded node:http already.
  return { statusDescription: `${statusCode} ${statusTitle(statusCode)}` };
}

/** The nth way to write a name in upper and lower case; the first is lower case throughout. */
function nthCase(name: string, index: number): string {
  let bits = index;
  return name.replace(/[a-z]/g, (letter) => {
    const upper = bits & 1;
    bits >>= 1;
    return upper ? letter.toUpperCase() : letter;
  });
}

/** Collects a streamed body; an error on the way is answered like one of the handler, and so is one without an end. */
export async function inOnePiece(
  reply: HttpReply,
  body: StreamBody,
  ctx: InvocationContext,
): Promise<HttpReply> {
  try {
    return { ...reply, body: await collect(body, ctx) };
  } catch (error) {
    return answerError(error, ctx);
  }
}

/** Text stays text, so that logs and caches can read it; all else becomes base64. */
function encodeReply({ status, headers, body }: HttpReply): Answer {
  const text =
    body instanceof Uint8Array ? textOf(body, headers) : typeof body === "string" ? body.toWellFormed() : "";
  return {
    statusCode: status,
    headers,
    body: text ?? toBase64(body as Uint8Array),
    isBase64Encoded: text === undefined,
  };
}

/** The text that bytes are, if they are any: what is compressed is none, whatever its bytes look like. */
function textOf(bytes: Uint8Array, headers: HttpReply["headers"]): string | undefined {
  return (headers["content-encoding"] ?? "identity") === "identity" && isUtf8(bytes)
    ? decodeText(bytes)
    : undefined;
}

/** The answer, or one that says that it is too large: the front would only say that the function failed. */
export function toAnswerWithin({ toAnswer, limit }: Front, reply: HttpReply, ctx: InvocationContext): object {
  const encoded = encodeReply(reply);
  const answer = toAnswer(encoded, reply.cookies);
  const { body, isBase64Encoded } = encoded;
  // JSON writes one UTF-16 unit in at most six bytes, so that small answers need no counting, and base64 as it is.
  if (body.length < limit / 8) return answer;
  const known = isBase64Encoded ? body.length : 0;
  const bytes = known + Buffer.byteLength(JSON.stringify(known ? { ...answer, body: "" } : answer));
  if (bytes <= limit) return answer;
  const detail = `The answer has ${bytes} bytes as JSON, at most ${limit} fit.`;
  ctx.log.error(`${detail} Stream it, or redirect to S3.`);
  return toAnswer(encodeReply(failureReply(500, detail, ctx)), []);
}
