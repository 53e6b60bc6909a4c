import type { Natives } from "../case.ts";
import { fifoRecord, records, sqsRecord } from "./aws/messages.ts";
import { bytes, serviceBus, serviceBusBatch, storageQueue } from "./azure/messages.ts";
import { publishedEvent, pubsubMessage, push, task } from "./gcp/pubsub.ts";
import { batched, binary, cloudEvent, EVENTS, structured } from "./node/cloudevents.ts";

/** Payloads for every provider. */
export type Everywhere = { readonly [Name in keyof Natives]: readonly Natives[Name][] };

/** Settings under which Azure's queue `orders` is on Service Bus. */
export const ON_SERVICE_BUS = { azure: { queues: { orders: { source: "service-bus" } } } } as const;

/** A message as SQS, a Storage Queue, a Pub/Sub push subscription and a binary CloudEvent bring it. */
export function queued(text: string): Everywhere {
  return {
    aws: [records(sqsRecord(text))],
    azure: [storageQueue(bytes(text))],
    gcp: [push(pubsubMessage(text))],
    node: [binary(cloudEvent(), text, "text/plain")],
  };
}

/** The same from the second source of each: a FIFO queue, Service Bus, Cloud Tasks, a structured CloudEvent. */
export function queuedElsewhere(text: string): Everywhere {
  return {
    aws: [records(fifoRecord(text, "customer-1"))],
    azure: [serviceBus(bytes(text))],
    gcp: [task(text)],
    node: [structured(cloudEvent({ datacontenttype: "text/plain", data: text }))],
  };
}

/** A message of a batch; its id is `m-1` for the first. */
export interface Batched {
  readonly text: string;
  /** Within which it is ordered. */
  readonly group?: string;
  /** In the place of `m-1` and so on. */
  readonly id?: string;
}

/** Messages in one delivery: of SQS, FIFO where they have groups, of Service Bus, and as CloudEvents. */
export function queuedTogether(...messages: readonly (string | Batched)[]): Everywhere {
  const list = messages
    .map((one): Batched => (typeof one === "string" ? { text: one } : one))
    .map((one, index) => ({ id: `m-${index + 1}`, ...one }));
  return {
    aws: [
      records(
        ...list.map(({ text, id, group }) =>
          group === undefined
            ? sqsRecord(text, { messageId: id })
            : fifoRecord(text, group, { messageId: id }),
        ),
      ),
    ],
    azure: [
      serviceBusBatch(
        { collectionBytes: { bytes: list.map(({ text }) => Buffer.from(text)) } },
        list.map(({ id, group = null }, index) => ({
          MessageId: id,
          SequenceNumber: index,
          SessionId: group,
        })),
      ),
    ],
    gcp: [
      batched(
        list.map(({ text, id, group }) =>
          publishedEvent(pubsubMessage(text, { messageId: id, message_id: id, orderingKey: group ?? "" }), {
            id,
          }),
        ),
        "/",
      ),
    ],
    node: [
      batched(
        list.map(({ text, id, group }) =>
          cloudEvent({
            id,
            datacontenttype: "text/plain",
            data: text,
            ...(group === undefined ? {} : { partitionkey: group }),
          }),
        ),
        EVENTS,
      ),
    ],
  };
}
