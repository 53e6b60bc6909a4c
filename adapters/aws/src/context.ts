import type { LogFields, LogLevel, Trace } from "@anyfn/core";
import { createContext, type InvocationContext, makeTrace, toLogLine } from "@anyfn/core/adapter";
import type { LambdaContext } from "./native.ts";

/** What a trigger knows about an invocation beyond Lambda's context. */
export interface LambdaContextInit {
  /** The id that the caller sees; Lambda's own by default. */
  readonly requestId?: string | undefined;
  readonly attempt?: number | undefined;
  /** The trace context that came with the event; Lambda's own is used where it gives none. */
  readonly trace?: (() => Trace | undefined) | undefined;
}

/** Makes the neutral context of one invocation. Local emulators leave members of Lambda's context out. */
export function createLambdaContext(
  context: Partial<LambdaContext> | undefined,
  init: LambdaContextInit = {},
): InvocationContext {
  const invocationId = context?.awsRequestId ?? "local";
  const remaining = context?.getRemainingTimeInMillis?.();
  return createContext({
    provider: "aws",
    functionName: context?.functionName ?? process.env.AWS_LAMBDA_FUNCTION_NAME ?? "function",
    invocationId,
    requestId: init.requestId,
    attempt: init.attempt,
    deadline: remaining === undefined ? undefined : Date.now() + remaining,
    trace: () => init.trace?.() ?? parseXRay(context?.xRayTraceId ?? process.env._X_AMZN_TRACE_ID),
    sink: writeLine,
    env: process.env,
    raw: context,
  });
}

/**
 * The W3C form of an X-Ray trace header, `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`.
 * Undefined without a parent, since W3C knows no trace without a span.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function parseXRay(header: string | undefined): Trace | undefined {
  const text = typeof header === "string" ? header : "";
  const [, time = "", random = ""] = /\bRoot=1-(\w{8})-(\w{24})\b/.exec(text) ?? [];
  const [, parent = ""] = /\bParent=(\w{16})\b/.exec(text) ?? [];
  return makeTrace(time + random, parent, /\bSampled=1\b/.test(text));
}

/** The ids that a line carries; those of a request are there while one is served. */
interface LineSource {
  readonly invocationId: string | undefined;
  readonly functionName: string | undefined;
  readonly requestId?: string;
  readonly trace?: Trace | undefined;
}

/**
 * One line of JSON with the members that CloudWatch Logs and Lambda's log levels read.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export function writeLine(
  level: LogLevel | "fatal",
  message: string,
  fields: LogFields | undefined,
  ctx: LineSource,
): void {
  const entry: Record<string, unknown> = {
    timestamp: new Date().toISOString(),
    level: level.toUpperCase(),
    message,
    requestId: ctx.invocationId,
    functionName: ctx.functionName,
  };
  const { requestId, trace } = ctx;
  if (requestId !== ctx.invocationId) entry.gatewayRequestId = requestId;
  if (trace !== undefined) {
    entry.traceId = trace.traceId;
    entry.spanId = trace.spanId;
  }
  // The entry's own members come first, and no field takes the place of one.
  process.stdout.write(`${toLogLine({ ...entry, ...fields, ...entry })}\n`);
}
