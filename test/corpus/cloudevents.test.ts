import type { BusEvent } from "@anyfn/core";
import { type CloudEventHttp, readCloudEvent, readCloudEvents } from "@anyfn/core/adapter";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { fixtureNamed, readFixtures } from "./fixtures.ts";
import { deliver, isRequest } from "./gcp-delivery.ts";

const like = (facts: object) => expect.objectContaining(facts);
const BYTES = new Uint8Array(Buffer.from("gAEAAQAAAAF4AAAAAA==", "base64"));
const bytes = expect.toSatisfy(
  (data: unknown) => data instanceof Uint8Array && Buffer.from(BYTES).equals(data),
);
const APP = { appinfoA: "abc", appinfoB: 123, appinfoC: true };
/** In headers every value is text; in JSON numbers stay numbers. */
const TEXT_EXTENSIONS = { comexampleextension1: "value", comexampleothervalue: "5" };
const EXTENSIONS = { comexampleextension1: "value", comexampleothervalue: 5 };
const APRIL = new Date("2018-04-05T17:31:00Z");

/** The facts of each event of a fixture, or the code of its refusal. */
const EXPECTED: Record<string, readonly object[] | "unknown-payload" | "invalid-payload"> = {
  "batched/one-event": [
    { id: "only", source: "/mycontext", subject: undefined, time: APRIL, data: APP, extensions: EXTENSIONS },
  ],
  "batched/two-events": [
    { id: "B234-1234-1234", source: "/mycontext/4", data: bytes, extensions: EXTENSIONS },
    { id: "C234-1234-1234", source: "/mycontext/9", time: new Date("2018-04-05T17:31:05Z"), data: APP },
  ],
  "binary/dataref-no-body": [
    {
      id: "A234-1234-1234",
      data: undefined,
      datacontenttype: "text/xml",
      extensions: { dataref: "https://github.com/cloudevents/spec/pull/123/events/A234-1234-1234" },
    },
  ],
  "binary/distributed-tracing": [
    {
      id: "t1",
      data: {},
      extensions: {
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b9c7c989f97918e1-01",
        tracestate: "congo=lZWRzIHRoNhcm5hbCBwbGVhc3VyZS4",
      },
    },
  ],
  "binary/http-binding-example": [
    {
      id: "1234-1234-1234",
      source: "/mycontext/subcontext",
      time: new Date("2018-04-05T03:56:24Z"),
      datacontenttype: "application/json; charset=utf-8",
      data: { hello: "world" },
      extensions: { comexampleextension1: "value" },
    },
  ],
  "binary/json": [{ id: "C234-1234-1234", time: APRIL, data: APP, extensions: TEXT_EXTENSIONS }],
  "binary/thrift-bytes": [
    { id: "A234-1234-1234", data: bytes, datacontenttype: "application/vnd.apache.thrift.binary" },
  ],
  "binary/xml": [{ id: "B234-1234-1234", data: '<much wow="xml"/>', datacontenttype: "application/xml" }],
  "structured/json-data-null-subject": [
    { id: "C234-1234-1234", subject: undefined, data: APP, extensions: EXTENSIONS },
  ],
  "structured/minimal-no-data": [
    {
      id: "1",
      source: "https://example.com/ping",
      type: "com.example.ping",
      subject: undefined,
      time: undefined,
      data: undefined,
      datacontenttype: undefined,
      extensions: {},
    },
  ],
  // Its members have other names: it is no event of version 1.
  "structured/specversion-0-1": "unknown-payload",
  "structured/string-data-no-datacontenttype": [
    { id: "D234-1234-1234", data: "I'm just a string", datacontenttype: undefined },
  ],
  "structured/thrift-base64-http": [{ id: "A234-1234-1234", data: bytes, extensions: EXTENSIONS }],
  "structured/xml-data-null-extension": [
    { id: "B234-1234-1234", data: '<much wow="xml"/>', extensions: EXTENSIONS },
  ],
  // A question whether events may be sent, which no source of Google asks.
  "webhook/validation-options": "unknown-payload",
};

const fixtures = readFixtures("cloudevents");

describe.runIf(fixtures !== undefined)("the corpus of CloudEvents", () => {
  const all = fixtures ?? [];
  const fixtureOf = (name: string) => fixtureNamed(all, name);

  beforeAll(() => {
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
  });

  test("has an expectation for each payload", () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(all.map(({ name }) => name).sort());
  });

  test.each(Object.entries(EXPECTED))("%s through a bus trigger", async (name, expected) => {
    const { status, code, events } = await deliver(fixtureOf(name), "bus");
    if (typeof expected === "string")
      expect({ status, code, events }).toEqual({ status: 400, code: expected, events: [] });
    else expect({ status, events }).toEqual({ status: 204, events: expected.map(like) });
  });

  test.each(Object.entries(EXPECTED))("%s through core", (name, expected) => {
    const read = () => readByCore(fixtureOf(name).load());
    if (typeof expected === "string") {
      expect(read).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(unknown|invalid)-payload$/) }),
      );
    } else {
      expect(read()).toEqual(expected.map(like));
    }
  });
});

function readByCore(payload: unknown): BusEvent[] {
  if (!isRequest(payload)) return [readCloudEvent(payload)];
  const http: CloudEventHttp = {
    headers: Object.fromEntries(
      Object.entries(payload.headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: Buffer.from(payload.body, payload.bodyEncoding),
  };
  return readCloudEvents(http, payload);
}
