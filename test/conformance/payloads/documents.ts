import type { ChangeAction } from "@anyfn/core";
import { records } from "./aws/messages.ts";
import { dynamoRecord, toItem } from "./aws/tables.ts";
import { feed, latest, version } from "./azure/feed.ts";
import { firestoreDocument, firestoreEvents, toFields } from "./gcp/firestore.ts";
import { binary, cloudEvent, structured } from "./node/cloudevents.ts";
import type { Everywhere } from "./queued.ts";

/** What happened to the document `anna` of `customers`. */
export interface DocumentChange {
  readonly action: ChangeAction;
  readonly before?: object;
  readonly after?: object;
}

/** One change, as each provider tells it. */
export function documentChange({ action, before, after }: DocumentChange): Everywhere {
  const eventName = { created: "INSERT", updated: "MODIFY", deleted: "REMOVE" }[action];
  const operation = { created: "create", updated: "replace", deleted: "delete" } as const;
  const images = { ...(before && { OldImage: toItem(before) }), ...(after && { NewImage: toItem(after) }) };
  const value = after && firestoreDocument(toFields(after));
  const oldValue = before && firestoreDocument(toFields(before));
  const documents = { ...(value && { value }), ...(oldValue && { oldValue }) };
  return {
    aws: [records(dynamoRecord(images, { eventName }))],
    azure: [
      feed(
        version(operation[action], inJson(after ?? {}) as object, (inJson(before) ?? null) as object | null),
      ),
    ],
    gcp: [
      ...firestoreEvents({ verb: action, ...documents }),
      ...firestoreEvents({ verb: "written", ...documents }),
    ],
    node: nodeChange({ action, keys: { id: "anna" }, before: inJson(before), after: inJson(after) }),
  };
}

/** A document in a mode of the feed that knows no more than its latest version. */
export function latestChange(after: object): Everywhere["azure"] {
  return [feed(latest(inJson(after) as object))];
}

/** A change in our own words, in both content modes. */
export function nodeChange(data: object, change: object = {}): Everywhere["node"] {
  const event = cloudEvent({ id: "c-1", type: "dev.anyfn.change", ...change });
  return [
    binary(event, JSON.stringify(data), "application/json"),
    structured({ ...event, datacontenttype: "application/json", data }),
  ];
}

/** JSON has neither bytes nor whole numbers of any length: their senders write text. */
function inJson(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(inJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inJson(item)]));
}
