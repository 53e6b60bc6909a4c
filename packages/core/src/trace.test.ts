import { expect, test } from "vitest";
import { makeTrace, parseTraceparent } from "./trace.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

test.each([
  [`00-${traceId}-${spanId}-01`, true],
  [`00-${traceId}-${spanId}-00`, false],
  [`00-${traceId}-${spanId}-03`, true],
  [`  00-${traceId.toUpperCase()}-${spanId}-01 `, true],
  [`cc-${traceId}-${spanId}-01-what-the-future-holds`, true],
  [`cc-${traceId}-${spanId}-01`, true],
])("%s is a trace, sampled: %s", (text, sampled) => {
  const traceparent = text.trim().toLowerCase();
  expect(parseTraceparent(text)).toEqual({ traceparent, traceId, spanId, sampled });
});

test.each([
  undefined,
  "",
  "00",
  `ff-${traceId}-${spanId}-01`,
  `FF-${traceId}-${spanId}-01`,
  `00-${traceId}-${spanId}-01-more`,
  `00-${traceId}-${spanId}-01.`,
  `cc-${traceId}-${spanId}-01.`,
  `00-${"0".repeat(32)}-${spanId}-01`,
  `00-${traceId}-${"0".repeat(16)}-01`,
  `00-${traceId}x-${spanId}-01`,
  `00-${traceId}-${spanId}-0g`,
  `0-${traceId}-${spanId}-01`,
])("%s is none", (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});

test("the state travels with it, an empty one does not", () => {
  const traceparent = `00-${traceId}-${spanId}-01`;
  expect(parseTraceparent(traceparent, "a=1,b=2")).toMatchObject({ tracestate: "a=1,b=2" });
  expect(parseTraceparent(traceparent, "")?.tracestate).toBeUndefined();
});

test("a trace is made of its parts, or not at all", () => {
  expect(makeTrace(traceId, spanId, true)?.traceparent).toBe(`00-${traceId}-${spanId}-01`);
  expect(makeTrace(traceId, spanId, false)?.sampled).toBe(false);
  expect(makeTrace("short", spanId, true)).toBeUndefined();
});
