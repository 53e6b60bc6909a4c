import { type AnyfnError, defineFunction, queue } from "@anyfn/core";
import { z } from "zod";
import type { Case } from "../case.ts";
import { records, sqsRecord } from "../payloads/aws/messages.ts";
import { bytes, storageQueue } from "../payloads/azure/messages.ts";
import { pubsubMessage, push, task, unwrappedPush } from "../payloads/gcp/pubsub.ts";
import { binary, cloudEvent, structured } from "../payloads/node/cloudevents.ts";
import { ON_SERVICE_BUS, queued, queuedElsewhere, queuedTogether } from "../payloads/queued.ts";
import { DONE, refused, seeing, seeText } from "./_consumers.ts";

/** The text as it was sent, what `json()` gives or fails with, and the data of a function without a schema. */
const seeReadings = seeing(({ text, json, data }) => ({ text: text(), json: codeOr(json), data }));

function codeOr(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return (error as AnyfnError).code;
  }
}

/** Text on the wire, its JSON value or the code of the error, and the data. */
const READINGS: readonly (readonly [text: string, json: unknown, data: unknown])[] = [
  ["a,b,c", "invalid-message", "a,b,c"],
  ["123", 123, 123],
  ["true", true, true],
  ["null", null, null],
  ['"123"', "123", "123"],
  ["007", "invalid-message", "007"],
  ["NaN", "invalid-message", "NaN"],
  ['{"sku": "tea"', "invalid-message", '{"sku": "tea"'],
  [' {"sku" : "tea"}\n', { sku: "tea" }, { sku: "tea" }],
  ["[1, 2]", [1, 2], [1, 2]],
  ["<a>é€😀</a>", "invalid-message", "<a>é€😀</a>"],
  ['\ufeff{"sku":"tea"}', { sku: "tea" }, { sku: "tea" }],
];

const readings = READINGS.flatMap(([text, json, data]): Case[] => [
  {
    id: "Q1",
    title: `gives the text ${JSON.stringify(text)} as it was sent, and its JSON on demand`,
    define: seeReadings,
    native: queued(text),
    expect: { seen: [{ text, json, data }] },
    expectOn: DONE,
  },
  {
    id: "Q1",
    title: `gives the same of ${JSON.stringify(text)} from each provider's other queue`,
    define: seeReadings,
    options: ON_SERVICE_BUS,
    native: queuedElsewhere(text),
    expect: { seen: [{ text, json, data }] },
    expectOn: DONE,
  },
]);

const NOTHING = { text: "", json: "invalid-message", data: "" };

/** Digits beyond a double's, which JSON.parse would change. */
const LONG = '{"id":12345678901234567890,"price":0.10}';

/** Text and what it is read as. */
export const QUEUE_READINGS: readonly Case[] = [
  ...readings,
  {
    id: "Q1",
    title: "takes an empty message for empty text",
    define: seeReadings,
    native: {
      aws: [records(sqsRecord(""))],
      azure: [storageQueue(bytes("")), storageQueue({ string: "" }), storageQueue({})],
      gcp: [push(pubsubMessage("")), task("")],
      node: [
        binary(cloudEvent(), "", "text/plain"),
        binary(cloudEvent(), undefined),
        structured(cloudEvent()),
        structured(cloudEvent({ datacontenttype: "text/plain", data: "" })),
      ],
    },
    expect: { seen: [NOTHING] },
    expectOn: DONE,
  },
  {
    id: "Q1",
    title: "refuses invalid data of one message alone, by its path and without its values",
    define: (see) =>
      defineFunction({
        trigger: queue("orders", { message: z.object({ quantity: z.int() }) }),
        handler: ({ data }) => see(data),
      }),
    options: ON_SERVICE_BUS,
    native: queuedTogether('{"quantity":1}', '{"quantity":"s3cr3t"}', "s3cr3t", '{"quantity":2}'),
    expect: {
      seen: [{ quantity: 1 }, { quantity: 2 }],
      logged: [/m-2.*quantity/, /m-3/],
      notLogged: [/s3cr3t/],
    },
    expectOn: refused("m-2", "m-3"),
  },
  {
    id: "Q1",
    title: "fails only the message whose text the handler takes for JSON",
    define: (see) => defineFunction({ trigger: queue("orders"), handler: ({ json }) => see(json()) }),
    options: ON_SERVICE_BUS,
    native: queuedTogether("[1]", "a,b,c"),
    expect: { seen: [[1]], logged: [/m-2/], notLogged: [/a,b,c/] },
    expectOn: refused("m-2"),
  },
  {
    id: "Q2",
    title: "keeps every digit of the text",
    define: seeText,
    native: {
      ...queued(LONG),
      azure: [storageQueue(bytes(LONG))],
      node: [binary(cloudEvent(), LONG, "application/json"), binary(cloudEvent(), LONG, "text/plain")],
    },
    expect: { seen: [LONG] },
  },
  {
    id: "Q2",
    title: "gives a schema the same value, whether or not the platform parsed the text",
    define: (see) =>
      defineFunction({
        trigger: queue("orders", { message: z.number() }),
        handler: ({ data, text, bytes: read }) => see([data, text(), [...read()]]),
      }),
    native: {
      aws: [records(sqsRecord("42"))],
      azure: [storageQueue(bytes("42")), storageQueue({ string: "42" }), storageQueue({ json: "42" })],
      gcp: [push(pubsubMessage("42")), unwrappedPush("42"), task("42")],
      node: [
        binary(cloudEvent(), "42", "application/json"),
        binary(cloudEvent(), "42", "text/plain"),
        structured(cloudEvent({ data: 42 })),
        structured(cloudEvent({ data_base64: "NDI=" })),
      ],
    },
    expect: { seen: [[42, "42", [0x34, 0x32]]] },
  },
  {
    id: "Q2",
    title: "gives JSON text its quotes back that the platform took off",
    define: seeReadings,
    native: {
      aws: [records(sqsRecord('"42"'))],
      azure: [storageQueue(bytes('"42"')), storageQueue({ string: '"42"' }), storageQueue({ json: '"42"' })],
      gcp: [push(pubsubMessage('"42"'))],
      node: [binary(cloudEvent(), '"42"', "application/json"), structured(cloudEvent({ data: "42" }))],
    },
    expect: { seen: [{ text: '"42"', json: "42", data: "42" }] },
  },
];
