import type { StorageAction } from "@anyfn/core";
import { everyWayOf, everyWayOfEvent, s3Event, s3Key, s3Record } from "./aws/s3.ts";
import { blobEvents } from "./azure/blobs.ts";
import { type Notified, notifications, objectEvents } from "./gcp/objects.ts";
import { binary, cloudEvent, structured } from "./node/cloudevents.ts";
import type { Everywhere } from "./queued.ts";

/** What happened to an object, in every provider's own words. */
interface Words {
  readonly s3: readonly string[];
  readonly eventBridge: readonly string[];
  readonly blob: string;
  readonly blobData?: object;
  readonly gcs: Notified;
}

const WORDS: Readonly<Record<StorageAction, Words>> = {
  created: {
    s3: ["ObjectCreated:Put", "ObjectCreated:CompleteMultipartUpload", "s3:ObjectCreated:Copy"],
    eventBridge: ["Object Created"],
    blob: "BlobCreated",
    gcs: "OBJECT_FINALIZE",
  },
  deleted: {
    s3: [
      "ObjectRemoved:Delete",
      "ObjectRemoved:DeleteMarkerCreated",
      "LifecycleExpiration:Delete",
      "LifecycleExpiration:DeleteMarkerCreated",
    ],
    eventBridge: ["Object Deleted"],
    blob: "BlobDeleted",
    gcs: "OBJECT_DELETE",
  },
  archived: {
    s3: ["LifecycleTransition", "IntelligentTiering"],
    eventBridge: ["Object Storage Class Changed", "Object Access Tier Changed"],
    blob: "BlobTierChanged",
    blobData: { api: "SetBlobTier", accessTier: "Archive", previousTier: "Hot" },
    gcs: "OBJECT_ARCHIVE",
  },
  metadata: {
    s3: ["ObjectTagging:Put", "ObjectTagging:Delete", "ObjectAcl:Put", "ObjectRestore:Completed"],
    eventBridge: ["Object Tags Added", "Object ACL Updated", "Object Restore Completed"],
    blob: "BlobTierChanged",
    blobData: { api: "SetBlobTier", accessTier: "Cool", previousTier: "Hot" },
    gcs: "OBJECT_METADATA_UPDATE",
  },
};

/** Members that some events have, in every provider's own type. */
export interface ObjectFacts {
  readonly size?: number;
  readonly contentType?: string;
}

/** A change of the object `key` in `images` by every way that a provider's events can take. */
export function objectChange(action: StorageAction, key: string, facts: ObjectFacts = {}): Everywhere {
  const { size, contentType } = facts;
  const words = WORDS[action];
  const sized = size === undefined ? {} : { size };
  const resource = {
    ...(size === undefined ? {} : { size: String(size) }),
    ...(contentType && { contentType }),
  };
  return {
    aws: [
      ...words.s3.flatMap((eventName) => everyWayOf(s3Record(s3Key(key), sized, { eventName }))),
      ...words.eventBridge.flatMap((type) => everyWayOfEvent(s3Event(key, sized, { "detail-type": type }))),
    ],
    azure: blobEvents(key, `Microsoft.Storage.${words.blob}`, {
      ...words.blobData,
      ...(contentType && { contentType }),
      ...(size === undefined ? {} : { contentLength: size }),
    }),
    gcp: [...objectEvents(key, words.gcs, resource), ...notifications(key, words.gcs, resource)],
    node: nodeObject({ action, key, ...facts }),
  };
}

/** An object's change in our own words, in both content modes. */
export function nodeObject(data: object, id = "e-1"): Everywhere["node"] {
  const event = cloudEvent({ id, type: "dev.anyfn.object" });
  const whole = { bucket: "images", ...data };
  return [
    binary(event, JSON.stringify(whole), "application/json"),
    structured({ ...event, datacontenttype: "application/json", data: whole }),
  ];
}
