import type { BusEvent } from "@anyfn/core";
import { AnyfnError } from "@anyfn/core";
import { readCloudEvent } from "@anyfn/core/adapter";

/** What a background event of the first generation says about itself. */
interface BackgroundContext {
  readonly eventId?: unknown;
  readonly timestamp?: unknown;
  readonly eventType: string;
  readonly resource?: unknown;
  /** Host of a Realtime Database. */
  readonly domain?: unknown;
}

type Data = Readonly<Record<string, unknown>>;

/** How events of one service become CloudEvents. */
interface Service {
  readonly host: string;
  /** Start of the subject within the resource. */
  readonly subject?: string;
  readonly types: Readonly<Record<string, string>>;
}

/** Event types of the first generation: https://cloud.google.com/functions/1stgendocs/calling */
const SERVICES: readonly Service[] = [
  {
    host: "pubsub.googleapis.com",
    types: {
      "google.pubsub.topic.publish": "google.cloud.pubsub.topic.v1.messagePublished",
      "providers/cloud.pubsub/eventTypes/topic.publish": "google.cloud.pubsub.topic.v1.messagePublished",
    },
  },
  {
    host: "storage.googleapis.com",
    subject: "objects",
    types: {
      "google.storage.object.finalize": "google.cloud.storage.object.v1.finalized",
      "google.storage.object.delete": "google.cloud.storage.object.v1.deleted",
      "google.storage.object.archive": "google.cloud.storage.object.v1.archived",
      "google.storage.object.metadataUpdate": "google.cloud.storage.object.v1.metadataUpdated",
      "providers/cloud.storage/eventTypes/object.change": "google.cloud.storage.object.v1.finalized",
    },
  },
  {
    host: "firestore.googleapis.com",
    subject: "documents",
    types: verbs("providers/cloud.firestore/eventTypes/document.", "google.cloud.firestore.document.v1."),
  },
  {
    host: "firebasedatabase.googleapis.com",
    subject: "refs",
    types: verbs("providers/google.firebase.database/eventTypes/ref.", "google.firebase.database.ref.v1."),
  },
  {
    host: "firebaseauth.googleapis.com",
    types: verbs("providers/firebase.auth/eventTypes/user.", "google.firebase.auth.user.v1."),
  },
  {
    host: "firebase.googleapis.com",
    subject: "events",
    types: {
      "providers/google.firebase.analytics/eventTypes/event.log": "google.firebase.analytics.log.v1.written",
    },
  },
];

function verbs(before: string, after: string): Readonly<Record<string, string>> {
  return {
    [`${before}create`]: `${after}created`,
    [`${before}write`]: `${after}written`,
    [`${before}update`]: `${after}updated`,
    [`${before}delete`]: `${after}deleted`,
  };
}

/** Whether a value is a background event of a known type, flat or as `{ data, context }`. */
export function isBackground(value: object): boolean {
  if (!("data" in value)) return false;
  const { eventType } = contextOf(value);
  return typeof eventType === "string" && serviceOf(eventType) !== undefined;
}

/**
 * A background event as the CloudEvent that replaced its kind.
 *
 * @throws AnyfnError `invalid-payload` when its context lacks what a CloudEvent must have.
 */
export function fromBackground(value: object): BusEvent {
  const context = contextOf(value);
  const data = (value as { data: unknown }).data as Data | null;
  const service = serviceOf(context.eventType);
  if (service === undefined) {
    throw new AnyfnError("unknown-payload", "The background event is of no known type.");
  }
  const [resource, subject] = split(resourceOf(context), service.subject);
  return readCloudEvent(
    {
      specversion: "1.0",
      id: context.eventId,
      time: context.timestamp,
      type: typeOf(context, service, data),
      source: `//${service.host}/${withLocation(resource, context)}`,
      subject:
        typeof data?.uid === "string" && service.host.startsWith("firebaseauth")
          ? `users/${data.uid}`
          : subject,
      datacontenttype: "application/json",
      data: dataOf(context, service, data),
    },
    value,
  );
}

function contextOf(value: object): BackgroundContext {
  const { context } = value as { context?: unknown };
  return (typeof context === "object" && context !== null ? context : value) as BackgroundContext;
}

function serviceOf(eventType: string): Service | undefined {
  return SERVICES.find(({ types }) => Object.hasOwn(types, eventType));
}

function typeOf(context: BackgroundContext, service: Service, data: Data | null): unknown {
  const isGone = context.eventType.endsWith("object.change") && data?.resourceState === "not_exists";
  return isGone ? "google.cloud.storage.object.v1.deleted" : service.types[context.eventType];
}

function resourceOf({ resource }: BackgroundContext): string {
  if (typeof resource === "string") return resource;
  const name = (resource as { name?: unknown } | null | undefined)?.name;
  return typeof name === "string" ? name : "";
}

/** `projects/_/buckets/b/objects/o` at `objects`: the source's path, and the subject. */
function split(resource: string, start: string | undefined): readonly [string, string | undefined] {
  const at = start === undefined ? -1 : resource.indexOf(`/${start}/`);
  return at === -1 ? [resource, undefined] : [resource.slice(0, at), resource.slice(at + 1)];
}

/** The location of a Realtime Database stands in its host's name only; without one it is in the United States. */
function withLocation(resource: string, { domain }: BackgroundContext): string {
  if (typeof domain !== "string") return resource;
  const location = /^([\w-]+)\.firebasedatabase\.app$/.exec(domain)?.[1] ?? "us-central1";
  return resource.replace(/^(projects\/[^/]+)\/(?=instances\/)/, `$1/locations/${location}/`);
}

/** The members that differ between the generations. */
function dataOf(context: BackgroundContext, service: Service, data: Data | null): unknown {
  if (service.host === "pubsub.googleapis.com") {
    return { message: { messageId: context.eventId, publishTime: context.timestamp, ...data } };
  }
  const metadata = data?.metadata;
  if (!service.host.startsWith("firebaseauth") || typeof metadata !== "object" || metadata === null)
    return data;
  const { createdAt, lastSignedInAt, ...rest } = metadata as Data;
  return { ...data, metadata: { ...rest, createTime: createdAt, lastSignInTime: lastSignedInAt } };
}
