import type { AnyFunction, AnyfnError, StreamRecord, StreamTrigger } from "@anyfn/core";
import { createRecord, type MessageInit, preparePayload } from "@anyfn/core/adapter";
import type { CloudOptions } from "../context.ts";
import type { CloudFunction } from "../native.ts";
import { type Delivery, decodeEach, readContent } from "./_delivery.ts";
import { type EventSpec, eventFunction } from "./_events.ts";
import { pubsubMessages } from "./_pubsub.ts";

/**
 * Makes the function that functions-framework calls for a stream trigger: a Pub/Sub subscription with message ordering.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function streamFunction(definition: AnyFunction, options: CloudOptions = {}): CloudFunction {
  return eventFunction(definition, options, spec);
}

const spec: EventSpec<StreamTrigger, StreamRecord> = {
  kind: "stream",
  prepare: preparePayload,
  decode: fromStream,
  expected: "a Pub/Sub push and a Pub/Sub CloudEvent",
  groupOf: (record) => record.partitionKey,
};

/** The records of a delivery; undefined when it carries none. */
export function fromStream(delivery: Delivery): readonly (StreamRecord | AnyfnError)[] | undefined {
  const messages = pubsubMessages(delivery, readContent(delivery));
  return messages && decodeEach(messages, toRecord);
}

/** The ordering key stands for the partition: Pub/Sub holds back a key's messages behind one that is not done. */
function toRecord({ id, payload, orderingKey, enqueuedAt, attributes, raw }: MessageInit): StreamRecord {
  return createRecord({ id, payload, partitionKey: orderingKey, time: enqueuedAt, attributes, raw });
}
