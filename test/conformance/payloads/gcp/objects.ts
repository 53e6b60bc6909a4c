import type { PlainRequest } from "../../../runtimes/hosts/host.ts";
import { binary, structured } from "../node/cloudevents.ts";
import { publishedEvent, pubsubMessage, push, unwrappedPush } from "./pubsub.ts";

/** Types of events by what the object's notifications call the same. */
const TYPES = {
  OBJECT_FINALIZE: "finalized",
  OBJECT_DELETE: "deleted",
  OBJECT_ARCHIVE: "archived",
  OBJECT_METADATA_UPDATE: "metadataUpdated",
} as const;

/** What a notification's attributes say of what happened. */
export type Notified = keyof typeof TYPES;

/** https://cloud.google.com/storage/docs/json_api/v1/objects#resource */
export function gcsObject(key: string, change: object = {}): object {
  return {
    kind: "storage#object",
    id: `images/${key}/1772359200123456`,
    name: key,
    bucket: "images",
    generation: "1772359200123456",
    metageneration: "1",
    timeCreated: "2026-03-01T10:00:00.000Z",
    updated: "2026-03-01T10:00:00.000Z",
    storageClass: "STANDARD",
    ...change,
  };
}

/** An event of an object in the JSON format. */
export function objectEvent(
  key: string,
  notified: Notified = "OBJECT_FINALIZE",
  change: object = {},
  object: object = {},
): object {
  return {
    specversion: "1.0",
    id: "e-1",
    source: "//storage.googleapis.com/projects/_/buckets/images",
    type: `google.cloud.storage.object.v1.${TYPES[notified]}`,
    subject: `objects/${key}`,
    time: "2026-03-01T10:00:00Z",
    bucket: "images",
    datacontenttype: "application/json",
    data: gcsObject(key, object),
    ...change,
  };
}

/** An event of an object as Eventarc sends it, in binary mode, and in structured mode. */
export function objectEvents(
  key: string,
  notified: Notified = "OBJECT_FINALIZE",
  object: object = {},
): PlainRequest[] {
  const event = objectEvent(key, notified, {}, object);
  const { data, datacontenttype, subject, ...attributes } = event as Readonly<Record<string, string>>;
  const header = encodeURIComponent(subject ?? "").replaceAll("%2F", "/");
  return [
    binary({ ...attributes, subject: header }, JSON.stringify(data), datacontenttype, "/"),
    structured(event, "/"),
  ];
}

/** https://cloud.google.com/storage/docs/pubsub-notifications#attributes */
function attributesOf(key: string, notified: Notified, change: object): Record<string, string> {
  return {
    notificationConfig: "projects/_/buckets/images/notificationConfigs/3",
    eventType: notified,
    payloadFormat: "JSON_API_V1",
    bucketId: "images",
    objectId: key,
    objectGeneration: "1772359200123456",
    eventTime: "2026-03-01T10:00:00.000000Z",
    ...change,
  };
}

/** A notification by Pub/Sub, pushed and through Eventarc. */
export function notifications(
  key: string,
  notified: Notified = "OBJECT_FINALIZE",
  object: object = {},
  change: object = {},
): PlainRequest[] {
  const attributes = attributesOf(key, notified, change);
  const message = pubsubMessage(JSON.stringify(gcsObject(key, object)), { attributes });
  return [push(message), structured(publishedEvent(message), "/")];
}

/** The same with the payload format NONE: pushed, without an empty member, and unwrapped. */
export function bareNotifications(
  key: string,
  notified: Notified = "OBJECT_FINALIZE",
  change: object = {},
): PlainRequest[] {
  const attributes = attributesOf(key, notified, { payloadFormat: "NONE", ...change });
  const { data: _none, ...withoutData } = pubsubMessage("", { attributes }) as { readonly data: string };
  return [
    push(pubsubMessage("", { attributes })),
    push(withoutData),
    unwrappedPush("", Object.entries(attributes)),
  ];
}
