import type { BusEvent, StorageEvent, StorageTrigger } from "@anyfn/core";
import { type NamedFunction, prepareStorage } from "@anyfn/core/adapter";
import type { EventEndpoint } from "../endpoint.ts";
import { eventEndpoint } from "./_events.ts";
import { readData } from "./_payload.ts";

/**
 * Makes a storage function ready for the server.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function storageEndpoint(named: NamedFunction): EventEndpoint {
  return eventEndpoint<StorageTrigger, StorageEvent>(named, {
    kind: "storage",
    prepare: prepareStorage,
    from: fromStorage,
  });
}

/** A CloudEvent as a change of a stored object, which its data describes. */
export function fromStorage(event: BusEvent): StorageEvent {
  const data = readData(event, "storage");
  return {
    id: event.id,
    action: data.oneOf("action", ["created", "deleted", "archived", "metadata"]),
    bucket: data.text("bucket"),
    key: data.text("key"),
    size: data.optionalNumber("size"),
    etag: data.optionalText("etag"),
    version: data.optionalText("version"),
    sequence: data.optionalText("sequence"),
    contentType: data.optionalText("contentType"),
    time: data.optionalDate("time") ?? event.time,
    raw: event.raw,
  };
}
