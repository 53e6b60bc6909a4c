import { explain, type Failure } from "./_errors.ts";

/** What an API takes and gives. */
export type Json = { readonly [member: string]: unknown };

/** An answer, or what there was in its place. */
export type Answer<T = Json> =
  | { readonly ok: true; readonly body: T }
  | { readonly ok: false; readonly failure: Failure };

/** The body of an answer. @throws AnyfnError `deploy` with Google's own words. */
export function bodyOf<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.body;
  throw explain(answer.failure);
}

/**
 * The body of an answer; undefined where nothing is there. A service that is not enabled has nothing.
 *
 * @throws AnyfnError `deploy` for every other failure.
 */
export function ifThere<T>(answer: Answer<T>): T | undefined {
  if (answer.ok) return answer.body;
  const { status, reason } = answer.failure;
  if (status === 404 || reason === "SERVICE_DISABLED") return undefined;
  throw explain(answer.failure);
}

/** The failure of a long-running operation, which has a code of gRPC. */
export function failureOfCode(code: number, message: string): Failure {
  const [reason = "UNKNOWN", status = 500] = CODES[code] ?? [];
  return { status, reason, message };
}

/** The failure that an answer tells of: https://google.aip.dev/193 */
export function failureOf(status: number, data: unknown): Failure {
  const error = isRecord(data) && isRecord(data.error) ? data.error : {};
  const details = Array.isArray(error.details) ? error.details.filter(isRecord) : [];
  const reason = details.map((detail) => detail.reason).find((text) => typeof text === "string");
  const message = typeof error.message === "string" ? error.message : `HTTP ${status}`;
  return { status, reason: String(reason ?? error.status ?? status), message };
}

/** The failure that a client threw: its code is one of gRPC, also where it speaks HTTP. */
export function failureOfThrown(error: unknown): Failure {
  const { code = 0, reason } = error as { readonly code?: number | string; readonly reason?: string };
  const [name = "UNREACHABLE", status = 0] = CODES[Number(code)] ?? [];
  return { status, reason: reason ?? name, message: wordsOf(error) };
}

/** The first line of what an error says: others may repeat the request, and with it the token. */
function wordsOf(error: unknown): string {
  const { message, cause } = error as Error;
  const [words = ""] = String(message).split("\n");
  return cause instanceof Error && words === "fetch failed" ? `${words}: ${cause.message}` : words;
}

/** Whether a value is an object with members. */
export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
const CODES: Readonly<Record<number, readonly [string, number]>> = {
  1: ["CANCELLED", 499],
  2: ["UNKNOWN", 500],
  3: ["INVALID_ARGUMENT", 400],
  4: ["DEADLINE_EXCEEDED", 504],
  5: ["NOT_FOUND", 404],
  6: ["ALREADY_EXISTS", 409],
  7: ["PERMISSION_DENIED", 403],
  8: ["RESOURCE_EXHAUSTED", 429],
  9: ["FAILED_PRECONDITION", 400],
  10: ["ABORTED", 409],
  11: ["OUT_OF_RANGE", 400],
  12: ["UNIMPLEMENTED", 501],
  13: ["INTERNAL", 500],
  14: ["UNAVAILABLE", 503],
  16: ["UNAUTHENTICATED", 401],
};
