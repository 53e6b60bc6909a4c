import { expect, test } from "vitest";
import { traceOf } from "./context.ts";

const trace = "105445aa7843bc8bf206b12000100000";
const parent = (span: string) => `00-${trace}-${span}-01`;

test.each<[Record<string, string>, string | undefined]>([
  [
    { traceparent: parent("b7ad6b7169203331"), "x-cloud-trace-context": `${trace}/1` },
    parent("b7ad6b7169203331"),
  ],
  [{ "x-cloud-trace-context": `${trace}/1;o=1` }, parent("0000000000000001")],
  [{ "x-cloud-trace-context": `${trace}/18446744073709551615;o=1` }, parent("ffffffffffffffff")],
  [{ "x-cloud-trace-context": `${trace}/255` }, `00-${trace}-00000000000000ff-00`],
  [{ "x-cloud-trace-context": `${trace}/99999999999999999999;o=1` }, undefined],
  [{ "x-cloud-trace-context": `${trace}/0` }, undefined],
  [{ "x-cloud-trace-context": trace }, undefined],
  [
    { "x-cloud-trace-context": "garbage/1", "ce-traceparent": parent("00000000000000aa") },
    parent("00000000000000aa"),
  ],
  [{}, undefined],
])("the trace of %j is %s", (headers, expected) => {
  expect(traceOf(headers)?.traceparent).toBe(expected);
});
