import type { BusEvent, TopicMessage, TopicTrigger } from "@anyfn/core";
import { createTopicMessage, type NamedFunction, preparePayload } from "@anyfn/core/adapter";
import type { EventEndpoint } from "../endpoint.ts";
import { eventEndpoint } from "./_events.ts";
import { toMessageInit } from "./_message.ts";

/**
 * Makes a topic function ready for the server; messages with one `partitionkey` are handled in order.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function topicEndpoint(named: NamedFunction): EventEndpoint {
  return eventEndpoint<TopicTrigger, TopicMessage>(named, {
    kind: "topic",
    prepare: preparePayload,
    from: fromTopic,
    groupOf: ({ orderingKey }) => orderingKey,
  });
}

/** A CloudEvent as a published message. */
export function fromTopic(event: BusEvent): TopicMessage {
  return createTopicMessage(toMessageInit(event));
}
