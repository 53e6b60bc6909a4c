import type { AnyFunction, AnyfnError, TopicMessage, TopicTrigger } from "@anyfn/core";
import { createTopicMessage, preparePayload } from "@anyfn/core/adapter";
import type { CloudOptions } from "../context.ts";
import type { CloudFunction } from "../native.ts";
import { type Delivery, decodeEach, readContent } from "./_delivery.ts";
import { type EventSpec, eventFunction } from "./_events.ts";
import { pubsubMessages } from "./_pubsub.ts";

/**
 * Makes the function that functions-framework calls for a topic trigger: Pub/Sub, by Eventarc or by push.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function topicFunction(definition: AnyFunction, options: CloudOptions = {}): CloudFunction {
  return eventFunction(definition, options, spec);
}

const spec: EventSpec<TopicTrigger, TopicMessage> = {
  kind: "topic",
  prepare: preparePayload,
  decode: fromTopic,
  expected: "a Pub/Sub push and a Pub/Sub CloudEvent",
  groupOf: (message) => message.orderingKey,
};

/** The messages of a delivery; undefined when it carries none. */
export function fromTopic(delivery: Delivery): readonly (TopicMessage | AnyfnError)[] | undefined {
  const messages = pubsubMessages(delivery, readContent(delivery));
  return messages && decodeEach(messages, createTopicMessage);
}
