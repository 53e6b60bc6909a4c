import type { Context, LogFields, LogLevel } from "@anyfn/core";
import { toLogLine } from "@anyfn/core/adapter";

const SEVERITIES = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  error: "ERROR",
  fatal: "CRITICAL",
} as const;

/** Logs on behalf of an invocation: one JSON line on stdout. */
export function writeLog(
  level: LogLevel,
  message: string,
  fields: LogFields | undefined,
  ctx: Context,
): void {
  const { trace } = ctx;
  write(level, message, fields, {
    function: ctx.functionName,
    invocationId: ctx.invocationId,
    requestId: ctx.requestId,
    ...(trace === undefined ? {} : { traceId: trace.traceId, spanId: trace.spanId }),
  });
}

/** Logs on behalf of the server itself; `fatal` is what ends it. */
export function logServer(level: keyof typeof SEVERITIES, message: string, fields?: LogFields): void {
  write(level, message, fields, {});
}

/** The members are those that Cloud Run and GKE read too; see https://cloud.google.com/logging/docs/structured-logging. */
function write(
  level: keyof typeof SEVERITIES,
  message: string,
  fields: LogFields | undefined,
  ids: LogFields,
): void {
  const entry = { time: new Date().toISOString(), severity: SEVERITIES[level], message, ...ids };
  // The fields stand behind the entry's own members and cannot take their place.
  process.stdout.write(`${toLogLine({ ...entry, ...fields, ...entry })}\n`);
}
