import type { BusEvent, StreamRecord, StreamTrigger } from "@anyfn/core";
import { createRecord, type NamedFunction, preparePayload } from "@anyfn/core/adapter";
import type { EventEndpoint } from "../endpoint.ts";
import { eventEndpoint } from "./_events.ts";
import { attributesOf, extensionOf, payloadOf } from "./_payload.ts";

/**
 * Makes a stream function ready for the server; records with one `partitionkey` are handled in order, those without
 * one after the other.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function streamEndpoint(named: NamedFunction): EventEndpoint {
  return eventEndpoint<StreamTrigger, StreamRecord>(named, {
    kind: "stream",
    prepare: preparePayload,
    from: fromStream,
    groupOf: ({ partitionKey = "" }) => partitionKey,
  });
}

/** A CloudEvent as a stream's record; see the partitioning and sequence extensions of CloudEvents. */
export function fromStream(event: BusEvent): StreamRecord {
  return createRecord({
    id: event.id,
    payload: payloadOf(event),
    partitionKey: extensionOf(event, "partitionkey"),
    partition: extensionOf(event, "partition"),
    sequence: extensionOf(event, "sequence"),
    offset: extensionOf(event, "offset"),
    time: event.time,
    attributes: attributesOf(event),
    raw: event.raw,
  });
}
