import type { PlainRequest } from "../../runtimes/hosts/host.ts";
import type { Case } from "../case.ts";
import { ATTRIBUTES, BASE64, JSON_EVENT, ON_WEB_HOOK, OVER_HTTP, overHttp } from "../payloads/cloudevents.ts";
import { post } from "../payloads/http.ts";
import { batched, binary, cloudEvent, structured } from "../payloads/node/cloudevents.ts";
import { seeingEvent, UNREADABLE } from "./_consumers.ts";

const seeData = seeingEvent(({ data }) => data);
const seeSubject = seeingEvent(({ subject }) => subject);
const seeWhole = seeingEvent((event) => {
  const { id, source, type, subject, time, data, datacontenttype, dataschema, extensions } = event;
  return {
    id,
    source,
    type,
    subject,
    time,
    data,
    datacontenttype,
    dataschema,
    extensions: { ...extensions },
  };
});

const WHOLE = {
  id: "e-1",
  source: "/shop/orders",
  type: "order.placed",
  subject: "orders/42",
  time: new Date("2026-03-01T10:00:00Z"),
  data: { sku: "tea" },
  datacontenttype: "application/json",
  dataschema: "https://shop.example/order.json",
  extensions: { tenant: "acme", traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
};

/** A header's value, and the attribute. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3132-http-header-values */
const HEADERS: readonly (readonly [header: string, value: string])[] = [
  ["a%20b", "a b"],
  ["a b", "a b"],
  ["Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"],
  ["caf%c3%a9", "café"],
  ["100%", "100%"],
  ["100%25", "100%"],
  ["%2525", "%25"],
  ["50%zz", "50%zz"],
  ["50%-caf%C3%A9", "50%-café"],
  ["a+b", "a+b"],
  ["a%2Fb/c", "a/b/c"],
  ['"a b"', "a b"],
  ['"a \\"b\\""', 'a "b"'],
  ["%22", '"'],
];

/** Escapes that are no UTF-8: a lone byte, a cut sequence, a wrong one, a surrogate, an overlong form. */
const NO_UTF8 = ["%FF", "%C3", "a%C3%28", "%ED%A0%80", "%C0%80"];

/** Formats of CloudEvents other than JSON. */
const FORMATS = [
  "application/cloudevents+protobuf",
  "application/cloudevents-batch+protobuf",
  "application/cloudevents+avro",
  "application/cloudevents+xml",
  "application/cloudevents",
];

/** CloudEvents over HTTP. */
export const CLOUD_EVENTS: readonly Case[] = [
  {
    id: "E12",
    title: "gives the same event in structured, binary and batched mode",
    needs: OVER_HTTP,
    define: seeWhole,
    options: ON_WEB_HOOK,
    native: overHttp(
      structured(JSON_EVENT),
      structured(JSON_EVENT, "/", "application/cloudevents+json; charset=utf-8"),
      structured(JSON_EVENT, "/", "Application/CloudEvents+JSON"),
      structured({ ...JSON_EVENT, data: undefined, data_base64: BASE64 }),
      binary(ATTRIBUTES, '{"sku":"tea"}', "application/json"),
      upperCase(binary(ATTRIBUTES, '{"sku":"tea"}', "application/json")),
      batched([JSON_EVENT]),
    ),
    expect: { seen: [WHOLE] },
  },
  {
    id: "E12",
    title: "hands over the events of a batch one by one",
    needs: OVER_HTTP,
    define: seeingEvent(({ id }) => id),
    options: ON_WEB_HOOK,
    native: overHttp(batched([1, 2, 3].map((number) => cloudEvent({ id: `e-${number}` })))),
    expect: { seen: ["e-1", "e-2", "e-3"] },
  },
  {
    id: "E12",
    title: "takes a batch of no events for done",
    needs: OVER_HTTP,
    define: seeData,
    options: ON_WEB_HOOK,
    native: overHttp(batched([])),
    expect: { seen: [] },
  },
  {
    id: "E12",
    title: "refuses a body that is not what its mode says",
    needs: OVER_HTTP,
    define: seeData,
    options: ON_WEB_HOOK,
    native: overHttp(
      post("/", "{", "application/cloudevents+json"),
      post("/", "", "application/cloudevents+json"),
      post("/", "[]", "application/cloudevents+json"),
      post("/", "null", "application/cloudevents+json"),
      post("/", '"text"', "application/cloudevents+json"),
      post("/", "{}", "application/cloudevents-batch+json"),
      post("/", "[", "application/cloudevents-batch+json"),
      binary(ATTRIBUTES, "{", "application/json"),
    ),
    expect: UNREADABLE,
  },
  ...FORMATS.map(
    (type): Case => ({
      id: "E12",
      title: `refuses the format ${type} instead of guessing`,
      needs: OVER_HTTP,
      define: seeData,
      options: ON_WEB_HOOK,
      native: overHttp(structured(JSON_EVENT, "/", type)),
      expect: { ...UNREADABLE, message: /application\/cloudevents\+json/ },
    }),
  ),
  ...HEADERS.map(
    ([header, subject]): Case => ({
      id: "E13",
      title: `reads the header ${header} as ${subject}`,
      needs: OVER_HTTP,
      define: seeSubject,
      options: ON_WEB_HOOK,
      native: overHttp(binary({ ...ATTRIBUTES, subject: header }, undefined)),
      expect: { seen: [subject] },
    }),
  ),
  ...NO_UTF8.map(
    (header): Case => ({
      id: "E13",
      title: `refuses a header of escapes that are no UTF-8: ${header}`,
      needs: OVER_HTTP,
      define: seeSubject,
      options: ON_WEB_HOOK,
      native: overHttp(
        ...["subject", "id", "tenant"].map((name) => binary({ ...ATTRIBUTES, [name]: header }, undefined)),
      ),
      expect: UNREADABLE,
    }),
  ),
  {
    id: "E13",
    title: "leaves escapes of the JSON format as they are",
    needs: OVER_HTTP,
    define: seeSubject,
    options: ON_WEB_HOOK,
    native: overHttp(structured(cloudEvent({ subject: "a%20b%FF" }))),
    expect: { seen: ["a%20b%FF"] },
  },
];

/** Header names in capitals, as some senders write them. */
function upperCase(request: PlainRequest): PlainRequest {
  return { ...request, headers: (request.headers ?? []).map(([name, value]) => [name.toUpperCase(), value]) };
}
