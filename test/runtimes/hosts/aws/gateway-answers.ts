import type { HeaderLine, TimedResponse } from "../host.ts";
import { inOnePiece } from "../http.ts";
import type { GatewayKind } from "./gateway-request.ts";
import type { LambdaResult, LambdaStream } from "./results.ts";

/** The answer in one form, whatever the front's format was; `undefined` means malformed. */
type Answer = { status: number; headers: HeaderLine[]; body: Uint8Array } | undefined;

/** Turns what the function gave back into what the client reads, by the rules of the front. */
export function fromLambdaResult(kind: GatewayKind, result: LambdaResult, method: string): TimedResponse {
  const streams = kind === "function-url" || kind === "rest-api";
  const stream = result.ok ? result : result.stream;
  const begun =
    stream?.kind === "stream" && (result.ok || stream.prelude !== undefined || stream.body.length > 0);
  if (streams && begun) return finish(fromStream(kind, stream, result.ok), method);
  if (!result.ok) return failure(kind);
  // A front that cannot stream waits for the whole answer, and reads it as JSON.
  const payload = result.kind === "payload" ? result.payload : parseJson(result.body);
  const answer = readers[kind](payload);
  return answer ? finish(inOnePiece(answer.status, answer.headers, answer.body), method) : failure(kind);
}

/** An invocation that failed and an answer the front cannot read look the same to the client. */
function failure(kind: GatewayKind): TimedResponse {
  const [status, type, body] = failures[kind];
  return inOnePiece(status, [["content-type", type]], Buffer.from(body));
}

/**
 * An HTTP API answers 500, the others 502.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
 * https://repost.aws/knowledge-center/api-gateway-status-codes-http-api
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
const failures: Readonly<Record<GatewayKind, readonly [number, string, string]>> = {
  "http-api": [500, "application/json", '{"message":"Internal Server Error"}'],
  "rest-api": [502, "application/json", '{"message": "Internal server error"}'],
  "function-url": [502, "application/json", "Internal Server Error"],
  alb: [502, "text/html", "<html><body><center><h1>502 Bad Gateway</h1></center></body></html>"],
  "alb-multi-value": [
    502,
    "text/html",
    "<html><body><center><h1>502 Bad Gateway</h1></center></body></html>",
  ],
};

const readers: Readonly<Record<GatewayKind, (payload: unknown) => Answer>> = {
  "http-api": (payload) => readV2(payload, "text/plain;charset=UTF-8"),
  "function-url": (payload) => readV2(payload, "application/json"),
  "rest-api": readV1,
  alb: (payload) => readAlb(payload, "headers"),
  "alb-multi-value": (payload) => readAlb(payload, "multiValueHeaders"),
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function readV2(payload: unknown, defaultType: string): Answer {
  if (payload === undefined) return undefined;
  if (!isRecord(payload) || payload.statusCode === undefined) {
    const body = Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
    return { status: 200, headers: [["content-type", "application/json"]], body };
  }
  const { statusCode, headers = {}, cookies = [], body, isBase64Encoded } = payload;
  if (!isRecord(headers) || !Array.isArray(cookies)) return undefined;
  const lines = Object.entries(headers).map(([name, value]): HeaderLine => [name, String(value)]);
  const withType = hasName(lines, "content-type")
    ? lines
    : [...lines, ["content-type", defaultType] as const];
  const cookieLines = cookies.map((cookie): HeaderLine => ["set-cookie", String(cookie)]);
  return assemble(statusCode, [...withType, ...cookieLines], body, isBase64Encoded);
}

/**
 * A REST API refuses members it does not know.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 */
function readV1(payload: unknown): Answer {
  const known = ["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"];
  if (!isRecord(payload) || Object.keys(payload).some((key) => !known.includes(key))) return undefined;
  const single = singleLines(payload.headers);
  const multi = multiLines(payload.multiValueHeaders);
  if (!single || !multi) return undefined;
  const merged = [
    ...multi,
    ...single.filter(([name, value]) => !multi.some(([n, v]) => sameName(n, name) && v === value)),
  ];
  const lines = hasName(merged, "content-type")
    ? merged
    : [...merged, ["content-type", "application/json"] as const];
  return assemble(payload.statusCode ?? 200, lines, payload.body, payload.isBase64Encoded);
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#respond-to-load-balancer */
function readAlb(payload: unknown, member: "headers" | "multiValueHeaders"): Answer {
  if (!isRecord(payload)) return undefined;
  const lines = member === "headers" ? singleLines(payload.headers) : multiLines(payload.multiValueHeaders);
  return lines && assemble(payload.statusCode, lines, payload.body, payload.isBase64Encoded);
}

function assemble(statusCode: unknown, headers: HeaderLine[], body: unknown, base64: unknown): Answer {
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (body !== undefined && body !== null && typeof body !== "string") return undefined;
  if (base64 !== true) return { status, headers, body: Buffer.from(body ?? "") };
  const bytes = Buffer.from(body ?? "", "base64");
  return bytes.toString("base64") === (body ?? "") ? { status, headers, body: bytes } : undefined;
}

function fromStream(kind: GatewayKind, stream: LambdaStream, complete: boolean): TimedResponse {
  const { prelude, body, chunks } = stream;
  const integration = stream.contentType === "application/vnd.awslambda.http-integration-response";
  // Bytes without the prelude that was announced cannot be read; no bytes at all are an empty 200.
  if (integration && !prelude && body.length > 0) return failure(kind);
  const type: HeaderLine[] = integration ? [] : [["content-type", stream.contentType]];
  const headers = [...type, ...(singleLines(prelude?.headers) ?? [])];
  const cookies = (prelude?.cookies ?? []).map((cookie): HeaderLine => ["set-cookie", cookie]);
  const whole = inOnePiece(prelude?.statusCode ?? 200, [...headers, ...cookies], body);
  return { ...whole, chunks, complete };
}

/** No body where HTTP has none; a `content-length` of the function's own survives only for HEAD. */
function finish(response: TimedResponse, method: string): TimedResponse {
  const isHead = method.toUpperCase() === "HEAD";
  const bodyless = isHead || response.status === 204 || response.status === 304;
  const dropped = ["connection", "keep-alive", "transfer-encoding", ...(isHead ? [] : ["content-length"])];
  const headers = response.headers.filter(([name]) => !dropped.includes(name));
  return { ...response, headers, ...(bodyless && { body: new Uint8Array(), chunks: [] }) };
}

function singleLines(headers: unknown = {}): HeaderLine[] | undefined {
  if (!isRecord(headers ?? {})) return undefined;
  const entries = Object.entries(headers ?? {}) as [string, unknown][];
  const readable = entries.every(([, value]) => ["string", "number", "boolean"].includes(typeof value));
  return readable ? entries.map(([name, value]) => [name, String(value)]) : undefined;
}

function multiLines(headers: unknown = {}): HeaderLine[] | undefined {
  if (!isRecord(headers ?? {})) return undefined;
  const entries = Object.entries(headers ?? {}) as [string, unknown][];
  if (!entries.every(([, values]) => Array.isArray(values))) return undefined;
  return entries.flatMap(([name, values]) =>
    (values as unknown[]).map((value) => [name, String(value)] as const),
  );
}

function hasName(lines: readonly HeaderLine[], name: string): boolean {
  return lines.some(([key]) => sameName(key, name));
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
