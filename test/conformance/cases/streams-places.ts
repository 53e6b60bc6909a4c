import { defineFunction, type StreamRecord, stream } from "@anyfn/core";
import { expect } from "vitest";
import { registrationOf } from "../builds.ts";
import type { Case } from "../case.ts";
import { onRecord } from "../functions.ts";
import { records } from "../payloads/aws/messages.ts";
import { kafkaRecord, kinesisRecord, mskEvent } from "../payloads/aws/streams.ts";
import { eventHub, eventHubs, kafkaEvents, ON_KAFKA } from "../payloads/azure/streams.ts";
import { pubsubMessage, push } from "../payloads/gcp/pubsub.ts";
import { binary, cloudEvent, structured } from "../payloads/node/cloudevents.ts";
import { streamed, streamedElsewhere, streamedTogether } from "../payloads/streamed.ts";

const placeOf = ({ id, partition, partitionKey, sequence, offset }: StreamRecord) => ({
  id,
  partition,
  partitionKey,
  sequence,
  offset,
});
const SEQUENCE = "49590338271490256608559692538361571095921575989136588898";

/** Where records of streams are from, and what belongs to them. */
export const STREAM_PLACES: readonly Case[] = [
  {
    id: "L3",
    title: "gives positions as text, as long as they are",
    decision:
      "A position that the source does not tell is undefined; order within a key is all that Pub/Sub has.",
    define: onRecord(placeOf),
    native: { ...streamed("x"), azure: [...streamed("x").azure, eventHub("x")] },
    expect: { seen: [{ id: "r-1", partition: "7", partitionKey: "p-1", sequence: "41" }] },
    expectOn: {
      aws: {
        seen: [
          {
            id: `shardId-000000000006:${SEQUENCE}`,
            partition: "shardId-000000000006",
            partitionKey: "p-1",
            sequence: SEQUENCE,
          },
        ],
      },
      azure: {
        seen: [{ id: "clicks:2:41", partition: "2", partitionKey: "p-1", sequence: "41", offset: "616008" }],
      },
      gcp: { seen: [{ id: "9314526789012345", partitionKey: "p-1" }] },
    },
  },
  {
    id: "L3",
    title: "gives positions as text, from the second source too",
    define: onRecord(placeOf),
    options: { azure: ON_KAFKA },
    native: streamedElsewhere("x"),
    expect: { seen: [{ id: "r-1", partition: "7", partitionKey: "p-1", sequence: "41" }] },
    expectOn: {
      aws: {
        seen: [
          { id: "clicks-0@15", partition: "clicks-0", partitionKey: "p-1", sequence: "15", offset: "15" },
        ],
      },
      azure: {
        seen: [{ id: "clicks:0:15", partition: "0", partitionKey: "p-1", sequence: "15", offset: "15" }],
      },
      gcp: { seen: [{ id: "9314526789012345", partitionKey: "p-1" }] },
    },
  },
  {
    id: "L5",
    title: "reads what producers attach to a record of Kafka, text and bytes",
    define: onRecord(({ attributes, partitionKey }) => [
      Object.entries(attributes).map(([name, value]) => [
        name,
        value instanceof Uint8Array ? [...value] : value,
      ]),
      partitionKey,
    ]),
    options: { azure: ON_KAFKA },
    needs: { trigger: "stream", source: ["Amazon MSK", "Kafka"] },
    native: {
      aws: [
        mskEvent({
          "clicks-0": [
            // Lambda writes bytes signed; a key that is no text stays in base64.
            kafkaRecord("x", { key: "AP8=", headers: [{ lang: [100, 101] }, { mark: [-1, 0, -128] }] }),
          ],
        }),
      ],
      azure: [
        kafkaEvents([
          {
            payload: "x",
            change: {
              Key: "AP8=",
              Headers: [
                { Key: "lang", Value: "ZGU=" },
                { Key: "mark", Value: "/wCA" },
              ],
            },
          },
        ]),
      ],
    },
    expect: {
      seen: [
        [
          [
            ["lang", "de"],
            ["mark", [255, 0, 128]],
          ],
          "AP8=",
        ],
      ],
    },
  },
  {
    id: "L6",
    title: "gives each record of a batch what belongs to it",
    define: onRecord(({ text, sequence }) => [text(), sequence]),
    native: streamedTogether("a", "b", "c"),
    expect: {
      seen: [
        ["a", "9"],
        ["b", "10"],
        ["c", "11"],
      ],
    },
    expectOn: { gcp: { seen: [["b", undefined]] } },
  },
  {
    id: "L6",
    title: "gives a record what its producer attached to it",
    decision: "Records of Kinesis have a payload and nothing beside it.",
    define: onRecord(({ attributes }) => ({ ...attributes })),
    native: {
      aws: [records(kinesisRecord("a"))],
      azure: [
        eventHubs([
          {
            payload: "a",
            change: { Properties: { lang: "de", count: 2, isNew: true, none: null, at: { x: 1 } } },
          },
        ]),
      ],
      gcp: [push(pubsubMessage("a", { attributes: { lang: "de", count: "2" } }))],
      node: [structured(cloudEvent({ lang: "de", count: 2, isnew: true, data: "a" }))],
    },
    expect: { seen: [{ lang: "de", count: 2, isnew: true }] },
    expectOn: {
      aws: { seen: [{}] },
      azure: { seen: [{ lang: "de", count: 2, isNew: true, at: '{"x":1}' }] },
      gcp: { seen: [{ lang: "de", count: "2" }] },
    },
  },
  {
    id: "L6",
    title: "gives no record what may belong to another",
    define: onRecord(({ text, sequence, partitionKey }) => [text(), sequence, partitionKey]),
    decision:
      "A list of metadata that is shorter than its batch belongs to nobody; single events of others cannot shift.",
    native: {
      aws: [records(kinesisRecord("a", { partitionKey: undefined }), kinesisRecord("b"))],
      azure: [
        eventHubs([{ payload: "a" }, { payload: "b" }], {
          SequenceNumberArray: [41],
          SystemPropertiesArray: [],
          PartitionKeyArray: [],
        }),
      ],
      gcp: [push(pubsubMessage("a"))],
      node: [binary(cloudEvent(), "a", "text/plain")],
    },
    expect: { seen: [["a", undefined, undefined]] },
    expectOn: {
      aws: {
        seen: [
          ["a", SEQUENCE, undefined],
          ["b", SEQUENCE, "p-1"],
        ],
      },
      azure: {
        seen: [
          ["a", undefined, undefined],
          ["b", undefined, undefined],
        ],
      },
    },
  },
  {
    id: "L6",
    title: "asks for whole batches of bytes, and for retries where the source's own is to go on",
    define: onRecord(() => "ran"),
    scenario: async ({ adapter }) => {
      const capabilities = adapter.capabilities.stream;
      if ("unsupported" in capabilities) throw new Error(capabilities.unsupported);
      expect(capabilities.retryDefault).not.toBe("");
      if (adapter.name !== "azure") return;
      const clicks = defineFunction({ trigger: stream("clicks"), handler: () => {} });
      for (const settings of [{}, ON_KAFKA]) {
        const { trigger, retry } = registrationOf(clicks, settings);
        expect(trigger).toMatchObject({ cardinality: "many", dataType: "binary" });
        expect(retry).toMatchObject({ maxRetryCount: -1 });
      }
    },
  },
];
