/** The W3C trace context of an invocation. */
export interface Trace {
  /** The whole `traceparent` value. */
  readonly traceparent: string;
  readonly tracestate: string | undefined;
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** The caller's span, 16 lower-case hexadecimal digits. */
  readonly spanId: string;
  readonly sampled: boolean;
}

/** Version 00 ends with the flags, a later one may go on, and ff is none; ids of zeros are none either. */
const TRACEPARENT =
  /^(?!ff|00.{54}|..-0{32}|.{36}0{16})[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** Parses a `traceparent`; undefined when absent or not valid. See https://www.w3.org/TR/trace-context. */
export function parseTraceparent(traceparent: string | undefined, tracestate?: string): Trace | undefined {
  const text = traceparent?.trim().toLowerCase() ?? "";
  const match = TRACEPARENT.exec(text);
  if (match === null) return undefined;
  const [, traceId = "", spanId = "", flags = "00"] = match;
  return {
    traceparent: text,
    tracestate: tracestate || undefined,
    traceId,
    spanId,
    sampled: /[13579bdf]$/.test(flags),
  };
}

/** Builds a trace from its parts, as found in vendor headers; undefined when an id is malformed. */
export function makeTrace(traceId: string, spanId: string, sampled: boolean): Trace | undefined {
  return parseTraceparent(`00-${traceId}-${spanId}-${sampled ? "01" : "00"}`);
}
