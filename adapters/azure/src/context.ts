import type { Context, LogFields, LogLevel, Trace } from "@anyfn/core";
import { createContext, type InvocationContext, parseTraceparent, toLogLine } from "@anyfn/core/adapter";
import type { AzureContext } from "./native.ts";

/** Seconds in which the load balancer wants the first byte of an answer. */
export const HTTP_SECONDS = 230;

/**
 * Makes the neutral context of one invocation.
 *
 * The platform names no deadline: it is computed from the function's timeout.
 */
export function createAzureContext(
  context: AzureContext,
  seconds: number,
  trace?: () => Trace | undefined,
): InvocationContext {
  const { traceContext, retryContext } = context;
  return createContext({
    provider: "azure",
    functionName: context.functionName,
    invocationId: context.invocationId,
    attempt: retryContext ? retryContext.retryCount + 1 : undefined,
    deadline: Date.now() + seconds * 1000,
    trace: () => parseTraceparent(traceContext?.traceParent, traceContext?.traceState) ?? trace?.(),
    sink: writeEntry,
    env: process.env,
    raw: context,
  });
}

/**
 * One JSON text an entry: the host sends it to Application Insights with the level, the function's name and the
 * invocation's id beside it.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-reference-node#logging
 */
function writeEntry(level: LogLevel, message: string, fields: LogFields | undefined, ctx: Context): void {
  const entry: Record<string, unknown> = { level, message, invocationId: ctx.invocationId };
  if (ctx.trace !== undefined) {
    entry.traceId = ctx.trace.traceId;
    entry.spanId = ctx.trace.spanId;
  }
  // The entry's own members come first, and no field takes the place of one.
  (ctx.raw as AzureContext)[level](toLogLine({ ...entry, ...fields, ...entry }));
}
