import { DeadLetter, defineFunction, Retry, stream } from "@anyfn/core";
import type { Case, See } from "../case.ts";
import { records } from "../payloads/aws/messages.ts";
import { kafkaRecord, kinesisRecord, mskEvent, selfManagedKafkaEvent } from "../payloads/aws/streams.ts";
import { eventHubs, kafkaEvents, ON_KAFKA } from "../payloads/azure/streams.ts";
import { pubsubMessage, push } from "../payloads/gcp/pubsub.ts";
import { batched, cloudEvent, structured } from "../payloads/node/cloudevents.ts";
import type { Everywhere } from "../payloads/queued.ts";
import { streamedTogether } from "../payloads/streamed.ts";

/** A function of which the record `b` fails as told. */
const failing = (fail: () => unknown) => (see: See) =>
  defineFunction({
    trigger: stream("clicks"),
    handler: ({ text }) => {
      see(text());
      return text() === "b" ? fail() : undefined;
    },
  });
const throws = (error: Error) => () => {
  throw error;
};
const no = throws(new Error("no"));

const FAILURES: readonly (readonly [title: string, fail: () => unknown])[] = [
  ["a throw", no],
  ["a late throw", async () => Promise.reject(new Error("no"))],
  ["a Retry", throws(new Retry("later", { after: 60 }))],
  ["a DeadLetter", throws(new DeadLetter("never"))],
];

/** Two partitions of which the first fails at `b`; what Pub/Sub delivers of them is `b`. */
function twoPartitions(): Everywhere {
  const [first, second] = ["clicks-0", "clicks-1"];
  const lists = {
    [first as string]: [kafkaRecord("b", { offset: 41 }), kafkaRecord("c", { offset: 42 })],
    [second as string]: [
      kafkaRecord("d", { partition: 1, offset: 7 }),
      kafkaRecord("e", { partition: 1, offset: 8 }),
    ],
  };
  const keyed = (id: string, partitionkey: string) =>
    cloudEvent({ id, partitionkey, datacontenttype: "text/plain", data: id });
  return {
    aws: [mskEvent(lists), selfManagedKafkaEvent(lists)],
    azure: [
      kafkaEvents([
        { payload: "b" },
        { payload: "c" },
        { payload: "d", change: { Partition: 1 } },
        { payload: "e", change: { Partition: 1 } },
      ]),
    ],
    gcp: [push(pubsubMessage("b", { orderingKey: "p-1" }))],
    node: [batched([keyed("b", "p-1"), keyed("c", "p-1"), keyed("d", "p-2"), keyed("e", "p-2")])],
  };
}

/** Records of streams that fail. */
export const STREAM_FAILURES: readonly Case[] = [
  ...FAILURES.map(
    ([what, fail]): Case => ({
      id: "L4",
      title: `stops behind ${what}, and reports the first record that is not done`,
      decision:
        "What lies behind a failure comes again in order; bisecting a batch at the source finds the same record.",
      define: failing(fail),
      native: streamedTogether("a", "b", "c"),
      expect: { seen: ["a", "b"] },
      expectOn: {
        aws: { answer: { batchItemFailures: [{ itemIdentifier: "10" }] } },
        azure: { error: "retry", message: /2 of 3 events failed/ },
        gcp: { seen: ["b"], error: "any" },
        node: { error: "any", answer: { status: 503 } },
      },
    }),
  ),
  {
    id: "L4",
    title: "reports the first of several failures of a batch that was handled as one",
    define: (see) =>
      defineFunction({
        trigger: stream("clicks", { batch: true }),
        handler: (list) => {
          see(list.map(({ text }) => text()));
          return list.map(({ text }) => (text() === "b" ? new Error("no") : undefined));
        },
      }),
    native: streamedTogether("a", "b", "c", "b"),
    expect: { seen: [["a", "b", "c", "b"]], error: "any" },
    expectOn: {
      aws: { error: undefined, answer: { batchItemFailures: [{ itemIdentifier: "10" }] } },
      gcp: { seen: [["b"]] },
    },
  },
  {
    id: "L4",
    title: "takes no record for done where a batch's handler answers something else",
    define: () =>
      defineFunction({
        trigger: stream("clicks", { batch: true }),
        handler: () => ["done"] as never,
      }),
    native: streamedTogether("a", "b", "c"),
    expect: { error: "any" },
    expectOn: { aws: { error: undefined, answer: { batchItemFailures: [{ itemIdentifier: "9" }] } } },
  },
  {
    id: "L4",
    title: "fails the whole batch where the source takes no list of failures",
    define: failing(no),
    options: { aws: { partialFailures: false } },
    native: {
      ...streamedTogether("a", "b", "c"),
      aws: [
        ...streamedTogether("a", "b", "c").aws,
        mskEvent({ "clicks-0": ["a", "b", "c"].map((text, offset) => kafkaRecord(text, { offset })) }),
      ],
    },
    expect: { seen: ["a", "b"], error: "any" },
    expectOn: { aws: { error: "retry", message: /2 of 3 events failed/ }, gcp: { seen: ["b"] } },
  },
  {
    id: "L4",
    title: "stops behind a record that cannot be read",
    define: failing(() => undefined),
    decision: "Event Hubs hands over any body; to stop there, a schema has to refuse it.",
    native: {
      aws: [
        records(
          kinesisRecord("a", { sequenceNumber: "9" }),
          kinesisRecord("", { sequenceNumber: "10", data: null }),
          kinesisRecord("c", { sequenceNumber: "11" }),
        ),
      ],
      azure: [eventHubs([{ payload: "a" }])],
      gcp: [push(pubsubMessage("", { data: "*" }))],
      node: [
        batched([
          cloudEvent({ id: "1", datacontenttype: "text/plain", data: "a" }),
          cloudEvent({ id: "2", data_base64: "*" }),
          cloudEvent({ id: "3", datacontenttype: "text/plain", data: "c" }),
        ]),
      ],
    },
    expect: { seen: ["a"] },
    expectOn: {
      aws: { answer: { batchItemFailures: [{ itemIdentifier: "10" }] } },
      gcp: { seen: [], error: "invalid-payload" },
      // Without a key, records are handled one after the other.
      node: { error: "any", answer: { status: 503 } },
    },
  },
  {
    id: "L4",
    title: "hands the state of a tumbling window back, where the source keeps one",
    define: failing(no),
    native: {
      ...streamedTogether("b", "b"),
      aws: [
        {
          ...records(kinesisRecord("b", { sequenceNumber: "9" })),
          window: { start: "2026-03-01T10:00:00Z", end: "2026-03-01T10:02:00Z" },
          state: { "1": 282, "2": 715 },
          shardId: "shardId-000000000006",
          eventSourceARN: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
          isFinalInvokeForWindow: false,
          isWindowTerminatedEarly: false,
        },
      ],
    },
    expect: { seen: ["b"] },
    expectOn: {
      aws: { answer: { batchItemFailures: [{ itemIdentifier: "9" }], state: { "1": 282, "2": 715 } } },
      azure: { error: "retry" },
      gcp: { error: "any", answer: { status: 500 } },
      node: { error: "any", answer: { status: 503 } },
    },
  },
  {
    id: "L5",
    title: "stops a partition and not the others, and names where it stopped by partition and offset",
    define: failing(no),
    options: { azure: ON_KAFKA },
    native: twoPartitions(),
    // The partitions run side by side, each in order.
    expect: { seen: ["b", "d", "e"] },
    expectOn: {
      aws: { answer: { batchItemFailures: [{ itemIdentifier: { partition: "clicks-0", offset: 41 } }] } },
      azure: { error: "retry", message: /2 of 4 events failed/ },
      gcp: { seen: ["b"], error: "any", answer: { status: 500 } },
      node: { error: "any", answer: { status: 503 } },
    },
  },
  {
    id: "L5",
    title: "takes an empty partition for done, and a topic's name with dashes for one",
    define: failing(no),
    options: { azure: ON_KAFKA },
    native: {
      ...twoPartitions(),
      aws: [
        mskEvent({
          "clicks-eu-1-0": [],
          "clicks-eu-1-1": [kafkaRecord("b", { topic: "clicks-eu-1", partition: 1, offset: 0 })],
        }),
      ],
      azure: [kafkaEvents([{ payload: "b", change: { Topic: "clicks-eu-1", Partition: 1 } }])],
      node: [batched([cloudEvent({ datacontenttype: "text/plain", data: "b" })])],
    },
    expect: { seen: ["b"] },
    expectOn: {
      aws: { answer: { batchItemFailures: [{ itemIdentifier: { partition: "clicks-eu-1-1", offset: 0 } }] } },
      azure: { error: "any" },
      gcp: { error: "any" },
      node: { error: "any" },
    },
  },
  {
    id: "L5",
    title: "refuses a batch in which a failure could not be reported",
    decision: "Event Hubs and Kafka on Azure have one verdict for a batch, and need no position for it.",
    define: failing(() => undefined),
    native: {
      aws: [
        mskEvent({ "clicks-0": [kafkaRecord("a", { offset: undefined })] }),
        mskEvent({ "clicks-0": kafkaRecord("a") }),
        records(kinesisRecord("a", { sequenceNumber: "" })),
      ],
      azure: [eventHubs([{ payload: "a" }], { SequenceNumberArray: [], SystemPropertiesArray: [] })],
      gcp: [push(pubsubMessage("a", { messageId: "", message_id: undefined }))],
      node: [structured(cloudEvent({ id: "", data: "a" }))],
    },
    expect: { seen: [], error: "invalid-payload" },
    expectOn: { azure: { seen: ["a"], error: undefined } },
  },
];
