import {
  type AnyFunction,
  AnyfnError,
  type BusEvent,
  type StorageAction,
  type StorageEvent,
  type StorageTrigger,
} from "@anyfn/core";
import { createMessage, type MessageInit, prepareStorage } from "@anyfn/core/adapter";
import type { CloudOptions } from "../context.ts";
import type { CloudFunction } from "../native.ts";
import { type Delivery, decodeEach, decodeEvents, readContent } from "./_delivery.ts";
import { type EventSpec, eventFunction } from "./_events.ts";
import { invalid } from "./_invalid.ts";
import { pubsubMessages } from "./_pubsub.ts";

/**
 * Makes the function that functions-framework calls for a storage trigger: Cloud Storage, by Eventarc or by a Pub/Sub
 * notification.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function storageFunction(definition: AnyFunction, options: CloudOptions = {}): CloudFunction {
  return eventFunction(definition, options, spec);
}

const spec: EventSpec<StorageTrigger, StorageEvent> = {
  kind: "storage",
  prepare: prepareStorage,
  decode: fromStorage,
  expected: "a Cloud Storage CloudEvent and a Cloud Storage notification by Pub/Sub",
};

const TYPE = "google.cloud.storage.object.v1.";
const ACTIONS: Readonly<Record<string, StorageAction>> = {
  finalized: "created",
  deleted: "deleted",
  archived: "archived",
  metadataUpdated: "metadata",
};
const NOTIFICATIONS: Readonly<Record<string, StorageAction>> = {
  OBJECT_FINALIZE: "created",
  OBJECT_DELETE: "deleted",
  OBJECT_ARCHIVE: "archived",
  OBJECT_METADATA_UPDATE: "metadata",
};

/** The changes of objects in a delivery; undefined when it carries none. */
export function fromStorage(delivery: Delivery): readonly (StorageEvent | AnyfnError)[] | undefined {
  const content = readContent(delivery);
  const events = decodeEvents(content, ({ type }) => type.startsWith(TYPE), fromObjectEvent);
  if (events !== undefined) return events;
  const messages = pubsubMessages(delivery, content);
  if (messages === undefined || !messages.every(isNotification)) return undefined;
  return decodeEach(messages, fromNotification);
}

/** An object as the JSON API describes it: https://cloud.google.com/storage/docs/json_api/v1/objects#resource */
type ObjectResource = Readonly<Record<string, unknown>>;

function fromObjectEvent(event: BusEvent): StorageEvent {
  const data = (event.data ?? {}) as ObjectResource;
  const action = ACTIONS[event.type.slice(TYPE.length)];
  if (action === undefined) throw invalid("type", "it is no change of an object");
  const bucket = data.bucket ?? event.extensions.bucket ?? /\/buckets\/([^/]+)$/.exec(event.source)?.[1];
  const key = data.name ?? event.subject?.replace(/^objects\//, "");
  return describe({ id: event.id, action, bucket, key, time: event.time, raw: event.raw }, data);
}

/** A notification says in its attributes what happened to what; its data may be left out. */
function isNotification(message: MessageInit | AnyfnError): boolean {
  if (message instanceof AnyfnError) return true;
  return attribute(message, "eventType") !== undefined && attribute(message, "bucketId") !== undefined;
}

/** See https://cloud.google.com/storage/docs/pubsub-notifications#attributes */
function fromNotification(message: MessageInit): StorageEvent {
  const eventType = attribute(message, "eventType") ?? "";
  const action = NOTIFICATIONS[eventType];
  if (action === undefined) throw invalid("attributes.eventType", "it is no change of an object");
  const time = new Date(attribute(message, "eventTime") ?? Number.NaN);
  const data = createMessage(message).data;
  const resource = (typeof data === "object" && data !== null ? data : {}) as ObjectResource;
  return describe(
    {
      id: message.id,
      action,
      bucket: attribute(message, "bucketId"),
      key: attribute(message, "objectId"),
      time: Number.isNaN(time.getTime()) ? message.enqueuedAt : time,
      raw: message.raw,
    },
    { generation: attribute(message, "objectGeneration"), ...resource },
  );
}

/** Attributes of an unwrapped push are headers, whose names are in lower case. */
function attribute({ attributes }: MessageInit, name: string): string | undefined {
  const value = attributes?.[name] ?? attributes?.[name.toLowerCase()];
  return value === undefined ? undefined : String(value);
}

interface Happened {
  readonly id: string;
  readonly action: StorageAction;
  readonly bucket: unknown;
  readonly key: unknown;
  readonly time: Date | undefined;
  readonly raw: unknown;
}

function describe({ id, action, bucket, key, time, raw }: Happened, object: ObjectResource): StorageEvent {
  if (typeof bucket !== "string" || bucket === "")
    throw invalid("data.bucket", "it must be the bucket's name");
  if (typeof key !== "string" || key === "") throw invalid("data.name", "it must be the object's name");
  const generation = digits(object.generation);
  const size = digits(object.size);
  return {
    id,
    action,
    bucket,
    key,
    size: size === undefined ? undefined : Number(size),
    etag: text(object.etag),
    version: generation,
    // Both only grow, the generation with each overwrite and the metageneration with each change of metadata.
    sequence:
      generation &&
      `${generation.padStart(20, "0")}.${(digits(object.metageneration) ?? "").padStart(10, "0")}`,
    contentType: text(object.contentType),
    time,
    raw,
  };
}

/** 64-bit integers are text in Google's JSON; some senders write numbers. */
function digits(value: unknown): string | undefined {
  const given = typeof value === "number" ? String(value) : value;
  return typeof given === "string" && /^\d+$/.test(given) ? given : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
