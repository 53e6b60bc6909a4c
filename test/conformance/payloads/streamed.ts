import { records } from "./aws/messages.ts";
import { kafkaRecord, kinesisRecord, mskEvent, selfManagedKafkaEvent } from "./aws/streams.ts";
import { eventHubs, kafkaEvents } from "./azure/streams.ts";
import { publishedEvent, pubsubMessage, push, unwrappedPush } from "./gcp/pubsub.ts";
import { batched, binary, cloudEvent, EVENTS, structured } from "./node/cloudevents.ts";
import type { Everywhere } from "./queued.ts";

const AT = "2026-03-01T10:00:00.123Z";
const ORDERED = { orderingKey: "p-1" };
const CLICK = { id: "r-1", time: AT, partitionkey: "p-1", partition: "7", sequence: "41" };

/** A record of `clicks` from Kinesis, Event Hubs, a push subscription and in a CloudEvent's binary mode. */
export function streamed(payload: string | Uint8Array): Everywhere {
  return {
    aws: [records(kinesisRecord(payload))],
    azure: [eventHubs([{ payload }])],
    gcp: [push(pubsubMessage(payload, ORDERED))],
    node: [binary(cloudEvent(CLICK), payload, "application/octet-stream")],
  };
}

/** The same from the second source of each: Kafka, an unwrapped push or Eventarc, a CloudEvent's structured mode. */
export function streamedElsewhere(payload: string | Uint8Array): Everywhere {
  const value = { "clicks-0": [kafkaRecord(payload)] };
  return {
    aws: [mskEvent(value), selfManagedKafkaEvent(value)],
    azure: [kafkaEvents([{ payload }])],
    gcp: [
      unwrappedPush(payload, [["x-goog-pubsub-ordering-key", "p-1"]]),
      structured(publishedEvent(pubsubMessage(payload, ORDERED)), "/"),
    ],
    node: [structured(cloudEvent({ ...CLICK, data_base64: Buffer.from(payload).toString("base64") }))],
  };
}

/** Records of one partition in one delivery; Pub/Sub delivers them one by one, of which this is the second. */
export function streamedTogether(...payloads: readonly string[]): Everywhere {
  return {
    // As text "9" is above "10" and "11".
    aws: [
      records(
        ...payloads.map((payload, index) =>
          kinesisRecord(
            payload,
            { sequenceNumber: String(9 + index) },
            { eventID: `shardId-000000000006:${9 + index}` },
          ),
        ),
      ),
    ],
    azure: [
      eventHubs(payloads.map((payload, index) => ({ payload, change: { SequenceNumber: 9 + index } }))),
    ],
    gcp: [push(pubsubMessage(payloads[1] ?? "", ORDERED))],
    node: [
      batched(
        payloads.map((data, index) =>
          cloudEvent({
            ...CLICK,
            id: `r-${index + 1}`,
            sequence: String(9 + index),
            datacontenttype: "text/plain",
            data,
          }),
        ),
        EVENTS,
      ),
    ],
  };
}
