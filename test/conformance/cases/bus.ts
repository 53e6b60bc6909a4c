import { bus, defineFunction } from "@anyfn/core";
import { z } from "zod";
import type { Case } from "../case.ts";
import { ruleEvent } from "../payloads/aws/eventbridge.ts";
import { grid, gridCloudEvent, gridEvent } from "../payloads/azure/event-grid.ts";
import { post } from "../payloads/http.ts";
import { binary, cloudEvent, EVENTS, structured } from "../payloads/node/cloudevents.ts";
import { DONE, seeingEvent } from "./_consumers.ts";

const seeWhole = seeingEvent(({ id, source, type, subject, time, data }) => ({
  id,
  source,
  type,
  subject,
  time: time?.toISOString(),
  data,
}));

const SOURCE = "shop.orders";
const WHOLE = {
  id: "e-1",
  source: SOURCE,
  type: "order.placed",
  subject: undefined,
  time: "2026-03-01T10:00:00.000Z",
};

/** What an event's data can be; undefined where it is missing. */
const DETAILS: readonly unknown[] = [
  { sku: "tea", lines: [{ quantity: 1 }] },
  {},
  "tea",
  "",
  '{"sku":"tea"}',
  [1, "two", null],
  [],
  42,
  0,
  false,
  undefined,
];

const details = DETAILS.map((data): Case => {
  const event = cloudEvent({ source: SOURCE, data });
  const json = data === undefined ? undefined : JSON.stringify(data);
  const attributes = cloudEvent({ source: SOURCE });
  return {
    id: "E7",
    title: `gives an event whose data is ${json ?? "missing"}`,
    define: seeWhole,
    native: {
      aws: [ruleEvent(data)],
      azure: [
        grid(gridEvent({ topic: SOURCE, subject: "", data })),
        grid(gridCloudEvent({ source: SOURCE, subject: undefined, data })),
      ],
      gcp: [structured(event, "/"), binary(attributes, json, "application/json", "/")],
      node: [structured(event), binary(attributes, json, "application/json")],
    },
    expect: { seen: [{ ...WHOLE, data }] },
    expectOn: { ...DONE, aws: { answer: null } },
  };
});

/** What an input transformer or a constant input leaves of an event, or any other program sends. */
const BARE: readonly unknown[] = [
  { job: "nightly" },
  { source: SOURCE, detail: {} },
  { "detail-type": "order.placed", detail: {} },
  { "detail-type": 7, source: SOURCE },
  "order.placed",
  42,
  null,
  [],
  [ruleEvent({})],
];

const bare = BARE.map(
  (payload): Case => ({
    id: "E7",
    title: `refuses what is left of an event without its envelope: ${JSON.stringify(payload).slice(0, 60)}`,
    decision: "Without an id, a source and a type it is no event; a `direct` function takes any input.",
    define: seeWhole,
    native: {
      aws: [payload],
      azure: [grid(payload === null || Array.isArray(payload) ? { payload } : payload)],
      gcp: [post("/", JSON.stringify(payload))],
      node: [post(EVENTS, JSON.stringify(payload))],
    },
    expect: { seen: [], error: "unknown-payload" },
    expectOn: { gcp: { reply: { status: 400 } }, node: { reply: { status: 400 } } },
  }),
);

/** Events of a bus. */
export const BUS: readonly Case[] = [
  ...details,
  ...bare,
  {
    id: "E7",
    title: "keeps what its provider says of an event beyond the common attributes",
    define: seeingEvent(({ extensions }) => ({ ...extensions })),
    native: {
      aws: [ruleEvent({}, { "replay-name": "again" })],
      azure: [grid(gridEvent())],
      gcp: [structured(cloudEvent({ tenant: "acme", sequence: 7, urgent: false, absent: null }), "/")],
      node: [structured(cloudEvent({ tenant: "acme", sequence: 7, urgent: false, absent: null }))],
    },
    expectOn: {
      aws: {
        seen: [
          {
            account: "123456789012",
            region: "eu-west-1",
            resources: ["arn:aws:dynamodb:eu-west-1:123456789012:table/orders"],
            replayname: "again",
          },
        ],
      },
      azure: { seen: [{ dataversion: "1.0" }] },
      gcp: { seen: [{ tenant: "acme", sequence: 7, urgent: false }] },
      node: { seen: [{ tenant: "acme", sequence: 7, urgent: false }] },
    },
  },
  {
    id: "E11",
    title: "gives the same event in either schema",
    decision: "EventBridge has no subject; its resources are an extension.",
    define: seeWhole,
    native: {
      aws: [ruleEvent({ sku: "tea" })],
      azure: [
        grid(gridEvent({ topic: SOURCE })),
        grid(gridCloudEvent({ source: SOURCE })),
        grid([gridEvent({ topic: SOURCE })]),
      ],
      gcp: [
        structured(cloudEvent({ source: SOURCE, subject: "orders/42", data: { sku: "tea" } }), "/"),
        binary(
          cloudEvent({ source: SOURCE, subject: "orders/42" }),
          '{"sku":"tea"}',
          "application/json",
          "/",
        ),
      ],
      node: [structured(cloudEvent({ source: SOURCE, subject: "orders/42", data: { sku: "tea" } }))],
    },
    expect: { seen: [{ ...WHOLE, subject: "orders/42", data: { sku: "tea" } }] },
    expectOn: { aws: { seen: [{ ...WHOLE, data: { sku: "tea" } }] } },
  },
  {
    id: "E11",
    title: "takes an empty subject for none",
    define: seeingEvent(({ subject }) => subject),
    native: {
      aws: [ruleEvent({})],
      azure: [grid(gridEvent({ subject: "" })), grid(gridCloudEvent({ subject: "" }))],
      gcp: [
        structured(cloudEvent({ subject: "" }), "/"),
        binary(cloudEvent({ subject: "" }), "{}", undefined, "/"),
      ],
      node: [structured(cloudEvent({ subject: "" })), binary(cloudEvent({ subject: "" }), "{}")],
    },
    expect: { seen: [undefined] },
  },
  {
    id: "E11",
    title: "acknowledges events of other types and sources without calling the handler",
    define: (see) =>
      defineFunction({
        trigger: bus("shop", { types: ["order.placed"], sources: [SOURCE] }),
        handler: ({ type, source }) => see([type, source]),
      }),
    native: {
      aws: [ruleEvent({}, { "detail-type": "order.lost" }), ruleEvent({}, { source: "shop.returns" })],
      azure: [
        grid(gridEvent({ topic: SOURCE, eventType: "order.lost" })),
        grid(gridCloudEvent({ source: "shop.returns" })),
      ],
      gcp: [
        structured(cloudEvent({ source: SOURCE, type: "order.lost" }), "/"),
        structured(cloudEvent(), "/"),
      ],
      node: [structured(cloudEvent({ source: SOURCE, type: "order.lost" })), structured(cloudEvent())],
    },
    expect: { seen: [] },
    expectOn: { ...DONE, aws: { answer: null } },
  },
  {
    id: "E11",
    title: "refuses data that the schema refuses, by its path and without its values",
    define: (see) =>
      defineFunction({
        trigger: bus("shop", { data: z.object({ quantity: z.int() }) }),
        handler: ({ data }) => see(data),
      }),
    native: {
      aws: [ruleEvent({ quantity: "s3cr3t" })],
      azure: [grid(gridEvent({ data: { quantity: "s3cr3t" } }))],
      gcp: [structured(cloudEvent({ data: { quantity: "s3cr3t" } }), "/")],
      node: [structured(cloudEvent({ data: { quantity: "s3cr3t" } }))],
    },
    expect: { seen: [], error: "any", logged: [/e-1.*quantity/], notLogged: [/s3cr3t/] },
    expectOn: {
      aws: { error: "invalid-message" },
      azure: { error: "invalid-message" },
      gcp: { reply: { status: 500 } },
      node: { reply: { status: 422 } },
    },
  },
];
