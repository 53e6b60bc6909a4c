/** What went wrong, as a closed list that code can switch on. */
export type ErrorCode =
  | "invalid-definition"
  | "unknown-payload"
  | "invalid-payload"
  | "invalid-message"
  | "invalid-output"
  | "invalid-answer"
  | "unsupported"
  | "timeout"
  | "http"
  | "retry"
  | "dead-letter"
  | "build"
  | "deploy";

/** Where an error arose: provider, trigger, and the path inside the native event. */
export interface ErrorPlace {
  readonly provider?: string | undefined;
  readonly trigger?: string | undefined;
  /** The member of the native event at fault, such as `Records[0].body`. */
  readonly path?: string | undefined;
  readonly cause?: unknown;
}

/** The one base class of every error that anyfn raises. */
export class AnyfnError extends Error {
  override readonly name: string = "AnyfnError";
  readonly code: ErrorCode;
  readonly provider: string | undefined;
  readonly trigger: string | undefined;
  readonly path: string | undefined;

  constructor(code: ErrorCode, message: string, place: ErrorPlace = {}) {
    const where = [place.provider, place.trigger].filter(Boolean).join("/");
    super(where === "" ? message : `[${where}] ${message}`, { cause: place.cause });
    this.code = code;
    this.provider = place.provider;
    this.trigger = place.trigger;
    this.path = place.path;
  }
}

/** Options of an {@link HttpError}. */
export interface HttpErrorOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Members added to the `application/problem+json` answer. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * Thrown by an HTTP handler to answer with a status and an `application/problem+json` body (RFC 9457).
 *
 * @example throw new HttpError(404, "There is no order 42.");
 */
export class HttpError extends AnyfnError {
  override readonly name = "HttpError";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;

  /** `status` is 400 to 599; `detail` is shown to the caller. */
  constructor(status: number, detail: string, options: HttpErrorOptions = {}) {
    super("http", detail, { cause: options.cause });
    this.status = Number.isInteger(status) && status >= 400 && status <= 599 ? status : 500;
    this.headers = options.headers ?? {};
    this.extensions = options.extensions ?? {};
  }
}

/** Options of a {@link Retry}. */
export interface RetryOptions {
  /** Seconds to wait before the next delivery, where the source can delay. */
  readonly after?: number;
  readonly cause?: unknown;
}

/**
 * Thrown or returned by an event handler: deliver this message again.
 *
 * @example throw new Retry("the warehouse is closed", { after: 60 });
 */
export class Retry extends AnyfnError {
  override readonly name = "Retry";
  readonly after: number | undefined;

  constructor(reason = "The handler asked for another delivery.", options: RetryOptions = {}) {
    super("retry", reason, { cause: options.cause });
    this.after = options.after;
  }
}

/**
 * Thrown or returned by an event handler: this message can never be handled. It is moved to the dead-letter
 * destination at once where the source can, and stays failed until the source's own count moves it elsewhere.
 *
 * @example throw new DeadLetter("unknown currency");
 */
export class DeadLetter extends AnyfnError {
  override readonly name = "DeadLetter";

  constructor(reason: string, options: { readonly cause?: unknown } = {}) {
    super("dead-letter", reason, { cause: options.cause });
  }
}

/**
 * The error for a native event that is no variant of the declared trigger. It names the top-level keys and never
 * the values, which may be secret.
 */
export function unknownPayload(
  native: unknown,
  provider: string,
  trigger: string,
  expected: string,
): AnyfnError {
  return new AnyfnError(
    "unknown-payload",
    `The event is none of ${expected}: it is ${shapeOf(native)}. Connect a "${trigger}" source, ` +
      "or declare the trigger of this one.",
    { provider, trigger },
  );
}

function shapeOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return value === null ? "null" : `a ${typeof value}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return `an object with the keys ${JSON.stringify(Object.keys(value).slice(0, 20)).slice(0, 999)}`;
}

/** Any thrown value as an `Error`, so that a log always has a message. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(typeof thrown === "string" ? thrown : `A ${typeof thrown} was thrown, not an Error.`, {
    cause: thrown,
  });
}

/** The error for a handler that is cut off at its deadline. */
export function timeoutError(): AnyfnError {
  return new AnyfnError("timeout", "The handler ran past the deadline. Raise its timeout.");
}
