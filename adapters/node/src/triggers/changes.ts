import type { BusEvent, ChangeEvent, ChangesTrigger } from "@anyfn/core";
import { type NamedFunction, prepareChange } from "@anyfn/core/adapter";
import type { EventEndpoint } from "../endpoint.ts";
import { eventEndpoint } from "./_events.ts";
import { extensionOf, readData } from "./_payload.ts";

/**
 * Makes a changes function ready for the server; the changes of one request are handled in order.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function changesEndpoint(named: NamedFunction): EventEndpoint {
  return eventEndpoint<ChangesTrigger, ChangeEvent>(named, {
    kind: "changes",
    prepare: prepareChange,
    from: fromChanges,
    groupOf: () => "",
  });
}

/** A CloudEvent as a change of a document, which its data describes. */
export function fromChanges(event: BusEvent): ChangeEvent {
  const data = readData(event, "changes");
  return {
    id: event.id,
    action: data.oneOf("action", ["created", "updated", "deleted"]),
    keys: data.optionalObject("keys") ?? {},
    before: data.optionalObject("before"),
    after: data.optionalObject("after"),
    sequence: data.optionalText("sequence") ?? extensionOf(event, "sequence"),
    time: data.optionalDate("time") ?? event.time,
    expired: data.optionalFlag("expired") ?? false,
    collection: data.optionalText("collection"),
    database: data.optionalText("database"),
    raw: event.raw,
  };
}
