import type { Case } from "../case.ts";
import { onRecord } from "../functions.ts";
import { records } from "../payloads/aws/messages.ts";
import { kafkaRecord, kinesisRecord, mskEvent } from "../payloads/aws/streams.ts";
import { eventHubs, kafkaEvents, kafkaObjects, ON_KAFKA } from "../payloads/azure/streams.ts";
import { pubsubMessage, push } from "../payloads/gcp/pubsub.ts";
import { binary, cloudEvent } from "../payloads/node/cloudevents.ts";
import type { Everywhere } from "../payloads/queued.ts";
import { streamed, streamedElsewhere } from "../payloads/streamed.ts";

const AT = "2026-03-01T10:00:00.123Z";

/** The same case for the first source of each provider and for the others. */
const bySource = (item: Omit<Case, "native">, payload: (make: typeof streamed) => Everywhere): Case[] => [
  { ...item, native: payload(streamed) },
  {
    ...item,
    title: `${item.title}, from the second source too`,
    options: { azure: ON_KAFKA },
    native: payload(streamedElsewhere),
  },
];

/** KPL's magic number, a protobuf message, and its MD5: https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md */
const AGGREGATED = Buffer.from("f3899ac20a03702d311a0508001a0178010203", "hex");

/** What records of streams carry. */
export const STREAMS: readonly Case[] = [
  ...bySource(
    {
      id: "L1",
      title: "gives the bytes that were sent",
      define: onRecord(({ bytes, data }) => [[...bytes()], data instanceof Uint8Array]),
      expect: { seen: [[[0, 255, 254, 128, 10], true]] },
    },
    (make) => make(Uint8Array.of(0, 255, 254, 128, 10)),
  ),
  ...["123", "true", '"x"', "caf\u00e9 \u{1f600}", "a,b", "", '{"n": 12345678901234567890}'].flatMap((text) =>
    bySource(
      {
        id: "L1",
        title: `gives the text that was sent: ${JSON.stringify(text)}`,
        define: onRecord(({ text: read }) => read()),
        expect: { seen: [text] },
      },
      (make) => make(text),
    ),
  ),
  {
    id: "L1",
    title: "gives an empty payload for a record that deletes its key",
    define: onRecord(({ text, data, partitionKey }) => [text(), data, partitionKey]),
    options: { azure: ON_KAFKA },
    native: {
      ...streamedElsewhere(""),
      aws: [mskEvent({ "clicks-0": [kafkaRecord(null)] })],
      azure: [kafkaEvents([{ payload: "" }]), kafkaObjects({ Value: null, Key: "p-1" })],
    },
    expect: { seen: [["", "", "p-1"]] },
  },
  ...bySource(
    {
      id: "L2",
      title: "knows when a record arrived, to the millisecond",
      define: onRecord(({ time }) => time?.toISOString()),
      expect: { seen: [AT] },
    },
    (make) => make("x"),
  ),
  {
    id: "L2",
    title: "reads seconds, and times without a fraction or an offset",
    define: onRecord(({ time }) => time?.toISOString()),
    native: {
      aws: [records(kinesisRecord("x", { approximateArrivalTimestamp: 1772359200 }))],
      azure: [eventHubs([{ payload: "x", change: { EnqueuedTimeUtc: "2026-03-01T10:00:00" } }])],
      gcp: [
        push(
          pubsubMessage("x", { publishTime: "2026-03-01T10:00:00Z", publish_time: "2026-03-01T10:00:00Z" }),
        ),
      ],
      node: [binary(cloudEvent({ time: "2026-03-01T11:00:00+01:00" }), "x", "text/plain")],
    },
    expect: { seen: ["2026-03-01T10:00:00.000Z"] },
  },
  {
    id: "L2",
    title: "invents no time",
    define: onRecord(({ time }) => [time]),
    native: {
      aws: [
        records(kinesisRecord("x", { approximateArrivalTimestamp: undefined })),
        mskEvent({ "clicks-0": [kafkaRecord("x", { timestamp: -1, timestampType: "NO_TIMESTAMP_TYPE" })] }),
      ],
      azure: [{ inputData: { bytes: Buffer.from("x") } }],
      gcp: [push(pubsubMessage("x", { publishTime: undefined, publish_time: undefined }))],
      node: [binary({ specversion: "1.0", id: "r-1", source: "s", type: "t" }, "x", "text/plain")],
    },
    expect: { seen: [[undefined]] },
  },
  ...bySource(
    {
      id: "L10",
      title: "hands over an aggregate of the Kinesis Producer Library as the one record that it is",
      decision: "Only its consumers know the format; bytes that merely begin alike are a record's own.",
      define: onRecord(({ bytes }) => Buffer.from(bytes()).toString("hex")),
      expect: { seen: [AGGREGATED.toString("hex")] },
    },
    (make) => make(AGGREGATED),
  ),
];
