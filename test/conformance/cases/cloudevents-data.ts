import type { PlainRequest } from "../../runtimes/hosts/host.ts";
import type { Case } from "../case.ts";
import { ruleEvent } from "../payloads/aws/eventbridge.ts";
import { grid, gridCloudEvent, gridEvent } from "../payloads/azure/event-grid.ts";
import { ATTRIBUTES, BASE64, JSON_EVENT, ON_WEB_HOOK, OVER_HTTP, overHttp } from "../payloads/cloudevents.ts";
import { batched, binary, structured } from "../payloads/node/cloudevents.ts";
import { seeingEvent, UNREADABLE } from "./_consumers.ts";

const seeData = seeingEvent(({ data }) => (data instanceof Uint8Array ? { bytes: [...data] } : data));

const BYTES = { bytes: [...Buffer.from('{"sku":"tea"}')] };

/** Media type, and what the data is of a body `{"sku":"tea"}`. */
const TYPES: readonly (readonly [type: string, data: unknown])[] = [
  ["application/json", { sku: "tea" }],
  ["application/json; charset=utf-8", { sku: "tea" }],
  ["APPLICATION/JSON", { sku: "tea" }],
  ["application/vnd.shop.order+json", { sku: "tea" }],
  ["text/json", { sku: "tea" }],
  ["text/plain", '{"sku":"tea"}'],
  ["text/plain; charset=utf-8", '{"sku":"tea"}'],
  ["text/plain; charset=iso-8859-1", BYTES],
  ["application/xml", '{"sku":"tea"}'],
  ["application/octet-stream", BYTES],
  ["application/x-protobuf", BYTES],
  ["application/x-thrift", BYTES],
  ["image/png", BYTES],
  ["application/x-www-form-urlencoded", BYTES],
];

const REQUIRED = ["id", "source", "type", "specversion"] as const;

const missing = REQUIRED.flatMap((name): Case[] => {
  const wrong = [undefined, null, "", 7, ["1.0"]].map((value) => ({ ...JSON_EVENT, [name]: value }));
  const { [name]: _, ...absent } = ATTRIBUTES as Record<string, unknown>;
  return [
    {
      id: "E15",
      title: `refuses a CloudEvent without ${name}`,
      needs: OVER_HTTP,
      define: seeData,
      options: ON_WEB_HOOK,
      native: overHttp(
        ...wrong.map((event) => structured(event)),
        binary(absent, '{"sku":"tea"}', "application/json"),
        binary({ ...ATTRIBUTES, [name]: "" }, '{"sku":"tea"}', "application/json"),
      ),
      expect: { ...UNREADABLE, message: new RegExp(name) },
    },
  ];
});

/** The data of CloudEvents, and what makes one unreadable. */
export const CLOUD_EVENT_DATA: readonly Case[] = [
  ...TYPES.map(
    ([type, data]): Case => ({
      id: "E14",
      title: `reads data of the type ${type} alike from a body and from base64`,
      decision: "Bytes that are JSON or text by their type are given as such, in every mode.",
      needs: OVER_HTTP,
      define: seeData,
      options: ON_WEB_HOOK,
      native: overHttp(
        binary(ATTRIBUTES, '{"sku":"tea"}', type),
        structured({ ...ATTRIBUTES, datacontenttype: type, data_base64: BASE64 }),
        batched([{ ...ATTRIBUTES, datacontenttype: type, data_base64: BASE64 }]),
      ),
      expect: { seen: [data] },
    }),
  ),
  {
    id: "E14",
    title: "gives base64 without a type as bytes",
    needs: { trigger: "bus", source: ["Event Grid", "Eventarc", "CloudEvents over HTTP"] },
    define: seeData,
    native: {
      ...overHttp(structured({ ...ATTRIBUTES, data_base64: "AP+A" })),
      azure: [grid(gridCloudEvent({ data: undefined, data_base64: "AP+A" }))],
    },
    expect: { seen: [{ bytes: [0, 255, 128] }] },
  },
  {
    id: "E14",
    title: "parses no text again that JSON has given already",
    needs: OVER_HTTP,
    define: seeData,
    options: ON_WEB_HOOK,
    native: overHttp(
      ...[undefined, "application/json", "text/plain", "application/xml"].map((datacontenttype) =>
        structured({ ...ATTRIBUTES, datacontenttype, data: '{"sku":"tea"}' }),
      ),
    ),
    expect: { seen: ['{"sku":"tea"}'] },
  },
  {
    id: "E14",
    title: "refuses data_base64 that is none",
    needs: OVER_HTTP,
    define: seeData,
    options: ON_WEB_HOOK,
    native: overHttp(
      ...["{}", "a", 7, ["aGk="], {}].map((data_base64) => structured({ ...ATTRIBUTES, data_base64 })),
    ),
    expect: UNREADABLE,
  },
  ...missing,
  {
    id: "E15",
    title: "refuses versions of CloudEvents that it does not know",
    needs: OVER_HTTP,
    define: seeData,
    options: ON_WEB_HOOK,
    native: overHttp(
      ...["0.2", "0.3", "2.0", "1", "v1.0", "1.0-rc1"].flatMap((specversion): PlainRequest[] => [
        structured({ ...JSON_EVENT, specversion }),
        binary({ ...ATTRIBUTES, specversion }, "{}", "application/json"),
      ]),
    ),
    expect: UNREADABLE,
  },
  {
    id: "E15",
    title: "refuses an event whose time is none",
    needs: OVER_HTTP,
    define: seeData,
    options: ON_WEB_HOOK,
    native: overHttp(
      structured({ ...JSON_EVENT, time: "soon" }),
      structured({ ...JSON_EVENT, time: 1772359200 }),
    ),
    expect: UNREADABLE,
  },
  {
    id: "E15",
    title: "refuses an event without its id on each provider",
    define: seeData,
    native: {
      ...overHttp(structured({ ...JSON_EVENT, id: undefined })),
      aws: [undefined, null, "", 7].map((id) => ruleEvent({}, { id })),
      azure: [undefined, null, "", 7].flatMap((id) => [
        grid(gridEvent({ id })),
        grid(gridCloudEvent({ id })),
      ]),
    },
    expect: { seen: [], error: "invalid-payload" },
    expectOn: {
      aws: { message: /^\[aws\/bus\] .*\bid\b/ },
      azure: { message: /^\[azure\/bus\] .*\bid\b/ },
      gcp: { message: /^\[gcp\/bus\] .*\bid\b/, reply: { status: 400 } },
      node: { message: /^\[node\/bus\] .*\bid\b/, reply: { status: 400 } },
    },
  },
];
