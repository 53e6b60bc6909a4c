import type { AnyFunction, LogFields, LogLevel, Trace } from "@anyfn/core";
import {
  createContext,
  type InvocationContext,
  isRequestId,
  type LogSink,
  makeTrace,
  parseTraceparent,
  toBasePath,
  toLogLine,
} from "@anyfn/core/adapter";
import type { CloudRequest, CloudResponse } from "./native.ts";

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Options of every function made by this adapter. */
export interface CloudOptions {
  /** Name in logs and in the context; by default the definition's, then `K_SERVICE`. */
  readonly name?: string;
  /** Environment variables; `process.env` by default. */
  readonly env?: Env;
  /** Path in front of the function's own, as a load balancer's path matcher leaves it there. */
  readonly basePath?: string;
  /** Proxies of yours that append to `X-Forwarded-For`, such as 1 for an external Application Load Balancer; 0 by default. */
  readonly trustedProxies?: number;
  /**
   * Says that this function is the only one on the process's server, as in an emitted artifact: requests then reach it
   * as they were sent, and what the framework would refuse by itself is answered by the function.
   */
  readonly ownServer?: boolean;
}

/** What is known once, when the function is made. */
export interface Runtime {
  readonly functionName: string;
  readonly timeoutMs: number;
  readonly env: Env;
  readonly sink: LogSink;
  readonly basePath: string | undefined;
  readonly trustedProxies: number;
}

/** Headers by lower-case name, repeated ones joined. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** Reads options and environment. */
export function createRuntime(definition: AnyFunction, options: CloudOptions): Runtime {
  const env = options.env ?? process.env;
  // https://cloud.google.com/functions/docs/configuring/env-var
  const seconds = Number(env.CLOUD_RUN_TIMEOUT_SECONDS);
  return {
    functionName: options.name ?? definition.name ?? env.K_SERVICE ?? env.FUNCTION_TARGET ?? "function",
    timeoutMs: (seconds > 0 ? seconds : definition.timeout) * 1000,
    env,
    sink: createSink(env.GOOGLE_CLOUD_PROJECT),
    basePath: toBasePath(options.basePath),
    trustedProxies: options.trustedProxies ?? 0,
  };
}

/** The context of a request; `attempt` counts from 1. */
export function createRequestContext(
  runtime: Runtime,
  request: CloudRequest,
  response: CloudResponse,
  attempt?: number,
): InvocationContext {
  const { headers } = request;
  return createContext({
    ...shared(runtime),
    // The framework takes it from the request as well, and whoever calls may have written it.
    invocationId:
      [request.executionId, first(headers["function-execution-id"])].find(isRequestId) ?? makeId(),
    attempt,
    trace: () => traceOf(headers),
    get signal() {
      return disconnectSignal(response);
    },
    raw: request,
  });
}

/** The context of an event that the framework parsed: its execution id is not handed over, so each delivery gets a new one. */
export function createEventContext(
  runtime: Runtime,
  raw: unknown,
  requestId: string | undefined,
  traceparent: string | undefined,
  attempt?: number,
): InvocationContext {
  return createContext({
    ...shared(runtime),
    invocationId: makeId(),
    requestId,
    attempt,
    trace: () => parseTraceparent(traceparent),
    raw,
  });
}

function shared(runtime: Runtime) {
  const { functionName, env, sink, timeoutMs } = runtime;
  return { provider: "gcp", functionName, env, sink, deadline: Date.now() + timeoutMs } as const;
}

/**
 * The W3C trace of a request: `traceparent`, else Google's own header, `TRACE/SPAN;o=1` with the span in decimal, else
 * the one that a CloudEvent carries from its origin.
 *
 * @see https://cloud.google.com/trace/docs/trace-context
 */
export function traceOf(headers: Readonly<Record<string, string | string[] | undefined>>): Trace | undefined {
  return (
    parseTraceparent(first(headers.traceparent), first(headers.tracestate)) ??
    parseGoogleTrace(first(headers["x-cloud-trace-context"])) ??
    parseTraceparent(first(headers["ce-traceparent"]), first(headers["ce-tracestate"]))
  );
}

function parseGoogleTrace(text: string | undefined): Trace | undefined {
  const match = /^([0-9a-f]{32})\/(\d{1,20})(?:;o=(\d+))?$/i.exec(text ?? "");
  if (match === null) return undefined;
  const [, traceId = "", span = "0", flags = "0"] = match;
  const spanId = BigInt(span).toString(16).padStart(16, "0");
  return makeTrace(traceId.toLowerCase(), spanId, (Number(flags) & 1) === 1);
}

function first(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}

/** Aborts when the caller goes away before the answer is complete; made only when the handler asks for a signal. */
function disconnectSignal(response: CloudResponse): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort(new DOMException("The caller went away.", "AbortError"));
  if (response.destroyed && !response.writableFinished) abort();
  else
    response.once("close", () => {
      if (!response.writableFinished) abort();
    });
  return controller.signal;
}

function makeId(): string {
  return Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
}

const SEVERITIES: Readonly<Record<LogLevel, string>> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  error: "ERROR",
};

/**
 * Writes a line of JSON to stdout, which Cloud Logging takes apart. Only with the project's id do entries show beside
 * their trace.
 *
 * @see https://cloud.google.com/logging/docs/structured-logging
 */
function createSink(project: string | undefined): LogSink {
  return (level, message, fields, ctx) => {
    const { trace, invocationId } = ctx;
    const id = trace?.traceId;
    const line = toLogLine({
      ...fields,
      severity: SEVERITIES[level],
      message,
      ...stackOf(level, fields),
      "logging.googleapis.com/trace": project && id ? `projects/${project}/traces/${id}` : id,
      "logging.googleapis.com/spanId": trace?.spanId,
      "logging.googleapis.com/trace_sampled": trace?.sampled,
      "logging.googleapis.com/labels": { execution_id: invocationId },
    });
    process.stdout.write(`${line}\n`);
  };
}

/** Error Reporting groups by this member: https://cloud.google.com/error-reporting/docs/formatting-error-messages */
function stackOf(level: LogLevel, fields: LogFields | undefined): LogFields | undefined {
  const error = fields?.error;
  return level === "error" && error instanceof Error ? { stack_trace: error.stack } : undefined;
}
