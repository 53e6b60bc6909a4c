import type { StorageAction, StorageEvent } from "@anyfn/core";
import { decodePercent } from "@anyfn/core/adapter";
import type { EventBridgeEvent, S3Record } from "../native.ts";
import { invalidPayload } from "./_errors.ts";
import { isEventBridge } from "./_eventbridge.ts";
import { isNotification, parseJson } from "./_sns.ts";
import { dateOf, numberOf, textOf } from "./_values.ts";

/** The `detail` of S3's events on EventBridge. */
interface S3Detail {
  readonly bucket?: { readonly name?: unknown };
  readonly object?: {
    readonly key?: unknown;
    readonly size?: unknown;
    readonly etag?: unknown;
    readonly "version-id"?: unknown;
    readonly sequencer?: unknown;
  };
}

/**
 * The changes in whatever S3 sent, however deep it is wrapped: its own notification, an event of EventBridge, either
 * inside a message of SNS. The test event that S3 sends to a new destination holds none. Undefined for anything else.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function fromS3(document: unknown): StorageEvent[] | undefined {
  const { Records, Event } = (document ?? {}) as { readonly Records?: unknown; readonly Event?: unknown };
  if (Array.isArray(Records)) {
    if (Records.length > 0 && Records[0]?.eventSource !== "aws:s3") return undefined;
    return (Records as (S3Record | null)[]).map((record, index) => fromRecord(record ?? undefined, index));
  }
  if (Event === "s3:TestEvent") return [];
  if (isEventBridge(document)) return document.source === "aws.s3" ? [fromEventBridge(document)] : undefined;
  return isNotification(document) ? fromS3(parseJson(document.Message)) : undefined;
}

function fromRecord(record: S3Record | undefined, index: number): StorageEvent {
  const { bucket, object } = record?.s3 ?? {};
  if (typeof bucket?.name !== "string" || typeof object?.key !== "string") {
    throw invalidPayload("storage", `Records[${index}].s3`, "names no bucket and object");
  }
  if (typeof record?.eventName !== "string")
    throw invalidPayload("storage", `Records[${index}].eventName`, "is not text");
  const key = decodeKey(object.key);
  const sequence = textOf(object.sequencer);
  return {
    id: sequence === undefined ? undefined : `${bucket.name}/${key}@${sequence}`,
    action: actionOfName(record.eventName),
    bucket: bucket.name,
    key,
    size: numberOf(object.size),
    etag: textOf(object.eTag),
    version: textOf(object.versionId),
    sequence,
    contentType: undefined,
    time: dateOf(record.eventTime),
    raw: record,
  };
}

/** On EventBridge the key is not URL-encoded. */
function fromEventBridge(event: EventBridgeEvent): StorageEvent {
  const { bucket, object } = (event.detail ?? {}) as S3Detail;
  if (typeof bucket?.name !== "string" || typeof object?.key !== "string") {
    throw invalidPayload("storage", "detail", "names no bucket and object");
  }
  return {
    id: textOf(event.id),
    action: actionOfType(event["detail-type"]),
    bucket: bucket.name,
    key: object.key,
    size: numberOf(object.size),
    etag: textOf(object.etag),
    version: textOf(object["version-id"]),
    sequence: textOf(object.sequencer),
    contentType: undefined,
    time: dateOf(event.time),
    raw: event,
  };
}

/** A space is a plus sign in S3's own notifications; a key with a malformed escape is left as it is. */
function decodeKey(key: string): string {
  return decodePercent(key.replaceAll("+", " ")) ?? key;
}

/** What is neither there nor gone nor moved to another storage class changed what is known about the object. */
function actionOfName(name: string): StorageAction {
  const event = name.replace(/^s3:/, "");
  if (event.startsWith("ObjectCreated:")) return "created";
  if (/^(?:ObjectRemoved|LifecycleExpiration|ReducedRedundancyLostObject)\b/.test(event)) return "deleted";
  return /^(?:LifecycleTransition|IntelligentTiering)\b/.test(event) ? "archived" : "metadata";
}

function actionOfType(type: string): StorageAction {
  if (type === "Object Created") return "created";
  if (type === "Object Deleted") return "deleted";
  return /^Object (?:Storage Class|Access Tier) Changed$/.test(type) ? "archived" : "metadata";
}
