import type { Context } from "../context.ts";
import { AnyfnError, HttpError, toError } from "../errors.ts";
import { WEB } from "../features.ts";
import { issuePath, type SchemaIssue } from "../schema.ts";
import type { HttpReply } from "../triggers/http.ts";
import { makeReply } from "./reply.ts";

interface Host {
  readonly process?: {
    getBuiltinModule?(name: "http"): { readonly STATUS_CODES: Readonly<Record<number, string>> };
  };
}

const { process: host } = globalThis as Host;

/** For run times without Node's own list. */
const PHRASES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Payload Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** What a status means, such as `Not Found`. */
export function statusTitle(status: number): string {
  const phrases = host?.getBuiltinModule?.("http").STATUS_CODES ?? (WEB ? PHRASES : {});
  return phrases[status] ?? "Error";
}

/** An `application/problem+json` answer; see RFC 9457. */
export function problem(
  status: number,
  detail: string,
  extensions: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  const body = { title: statusTitle(status), status, detail, ...extensions };
  return makeReply(status, { ...headers, "content-type": "application/problem+json" }, [], body);
}

/** The error for input that a schema refused: 400 with the path and message of every issue. */
export function invalidInput(part: "params" | "query" | "body", issues: readonly SchemaIssue[]): HttpError {
  const errors = issues.map((issue) => ({ in: part, path: issuePath(issue), message: issue.message }));
  return new HttpError(400, `The request's ${part} ${part === "params" ? "are" : "is"} not valid.`, {
    extensions: { errors },
  });
}

/** Whether an error answers a request with a status, also one made by another copy of this package. */
function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && (error as Partial<AnyfnError>).code === "http" && "status" in error;
}

/**
 * The answer to whatever a handler threw. An {@link HttpError} speaks for itself; anything else is logged once and
 * answered with 500 and the request id, and nothing of the error is shown.
 */
export function answerError(thrown: unknown, ctx: Context): HttpReply {
  if (isHttpError(thrown)) {
    try {
      return problem(thrown.status, thrown.message, thrown.extensions, thrown.headers);
    } catch (error) {
      // Its headers or extensions are such that HTTP or JSON cannot carry them.
      return answerError(error, ctx);
    }
  }
  ctx.log.error("The handler failed.", { error: toError(thrown) });
  const timedOut = thrown instanceof AnyfnError && thrown.code === "timeout";
  const detail = timedOut ? "The function did not answer in time." : "The function failed.";
  return failureReply(timedOut ? 504 : 500, detail, ctx);
}

/** A problem with the id under which the log tells more. */
export function failureReply(status: number, detail: string, { requestId }: Context): HttpReply {
  return problem(status, detail, { requestId }, { "x-request-id": requestId });
}
