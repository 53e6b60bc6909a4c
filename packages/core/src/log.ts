import type { Context } from "./context.ts";

/** Severity of a log entry, in rising order. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Structured values of a log entry. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The logger of an invocation; every entry carries the invocation's and the trace's ids. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Writes one entry in the form that the provider's log service reads. */
export type LogSink = (level: LogLevel, message: string, fields: LogFields | undefined, ctx: Context) => void;

/** Ends of names whose values are credentials, whatever object they stand in: `x-api-key`, `dbPassword`, `set-cookie`. */
const SECRET = /(?:authorization|cookies?|password|secret|token|(?:api|access|private|functions)[-_]?key)$/i;

/** What an error says stands in members that are not enumerable. */
const ERROR_MEMBERS = ["name", "message", "stack", "cause", "errors"];

/** Makes a logger that writes to a sink on behalf of one invocation. */
export function createLogger(sink: LogSink, ctx: Context): Logger {
  return {
    debug: (message, fields) => sink("debug", message, fields, ctx),
    info: (message, fields) => sink("info", message, fields, ctx),
    warn: (message, fields) => sink("warn", message, fields, ctx),
    error: (message, fields) => sink("error", message, fields, ctx),
  };
}

/**
 * One JSON line: errors with their causes, big integers as text, cycles cut, values under a credential's name
 * redacted. Never throws.
 */
export function toLogLine(record: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(loggable(record, [], ""));
  } catch (error) {
    const texts = Object.entries(record).filter(
      ([name, value]) => typeof value === "string" && !SECRET.test(name),
    );
    return JSON.stringify({ ...Object.fromEntries(texts), unwritable: String(error) });
  }
}

function loggable(value: unknown, parents: readonly unknown[], key: unknown): unknown {
  if (typeof key === "string" && SECRET.test(key) && value !== undefined && value !== null)
    return "[redacted]";
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (parents.includes(value)) return "[circular]";
  if (parents.length > 20) return "[too deep]";
  const chain = [...parents, value];
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) {
    // Lists of names and values, such as `rawHeaders` and the entries of `Headers`: what stands after a name is its value.
    return value.map((item, index) => loggable(item, chain, index % 2 === 1 && value[index - 1]));
  }
  const isError = value instanceof Error;
  const members = value as Readonly<Record<string, unknown>>;
  if (!isError && typeof members.toJSON === "function") return loggable(members.toJSON(key), chain, key);
  const names = isError ? [...ERROR_MEMBERS, ...Object.keys(value)] : Object.keys(value);
  return Object.fromEntries(names.map((name) => [name, loggable(members[name], chain, name)]));
}
