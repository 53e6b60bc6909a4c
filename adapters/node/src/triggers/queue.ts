import type { BusEvent, Message, QueueTrigger } from "@anyfn/core";
import { createMessage, type NamedFunction, preparePayload } from "@anyfn/core/adapter";
import type { EventEndpoint } from "../endpoint.ts";
import { eventEndpoint } from "./_events.ts";
import { toMessageInit } from "./_message.ts";

/**
 * Makes a queue function ready for the server; messages with one `partitionkey` are handled in order.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function queueEndpoint(named: NamedFunction): EventEndpoint {
  return eventEndpoint<QueueTrigger, Message>(named, {
    kind: "queue",
    prepare: preparePayload,
    from: fromQueue,
    groupOf: ({ orderingKey }) => orderingKey,
  });
}

/** A CloudEvent as a queued message. */
export function fromQueue(event: BusEvent): Message {
  return createMessage(toMessageInit(event));
}
