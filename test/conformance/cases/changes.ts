import { type ChangeAction, changes, defineFunction } from "@anyfn/core";
import { expect } from "vitest";
import { refusalsOf, registrationOf } from "../builds.ts";
import type { Case } from "../case.ts";
import { onChange } from "../functions.ts";
import { records } from "../payloads/aws/messages.ts";
import { dynamoRecord, toItem } from "../payloads/aws/tables.ts";
import { feed, IN_SHOP, latest, version } from "../payloads/azure/feed.ts";
import { documentChange, latestChange, nodeChange } from "../payloads/documents.ts";
import { DOCUMENT, firestoreDocument, firestoreEvents, toFields } from "../payloads/gcp/firestore.ts";
import type { Everywhere } from "../payloads/queued.ts";

const ANNA = { id: "anna", name: "Anna", age: 41 };
const OLDER = { ...ANNA, age: 42 };
const seeImages = onChange(({ action, before, after, keys }) => [action, before, after, keys.id]);
const _AT = "2026-03-01T10:00:00.000Z";

/** Settings and functions of a collection that tells its latest version alone. */
const LATEST = { changes: { customers: { mode: "latest-version" } } };
const onAll = (on: readonly ChangeAction[]) =>
  defineFunction({ trigger: changes("customers", { on }), handler: () => {} });

/** Changes of documents: what they tell. */
export const CHANGES: readonly Case[] = [
  {
    id: "B3",
    title: "knows a deleted document before and none after",
    define: seeImages,
    native: withFeed(documentChange({ action: "deleted", before: ANNA }), version("delete", {}, ANNA), {
      ...version("delete", {}, ANNA),
      current: null,
    }),
    expect: { seen: [["deleted", ANNA, undefined, "anna"]] },
  },
  {
    id: "B3",
    title: "knows a created document after and none before",
    define: seeImages,
    native: withFeed(documentChange({ action: "created", after: ANNA }), version("create", ANNA, null), {
      ...version("create", ANNA, null),
      previous: {},
    }),
    expect: { seen: [["created", undefined, ANNA, "anna"]] },
  },
  {
    id: "B3",
    title: "knows an updated document before and after",
    define: seeImages,
    native: documentChange({ action: "updated", before: ANNA, after: OLDER }),
    expect: { seen: [["updated", ANNA, OLDER, "anna"]] },
  },
  {
    id: "B3",
    title: "acknowledges what a function did not ask for",
    define: onChange(() => "ran", ["created", "updated"]),
    native: documentChange({ action: "deleted", before: ANNA }),
    expect: { seen: [] },
    expectOn: {
      aws: { answer: { batchItemFailures: [] } },
      gcp: { answer: { status: 204 } },
      node: { answer: { status: 204 } },
    },
  },
  {
    id: "B5",
    title: "flags a document whose time to live ran out",
    decision: "Firestore's events do not tell an expired document from a deleted one.",
    define: onChange(({ action, expired }) => [action, expired]),
    native: {
      ...documentChange({ action: "deleted", before: ANNA }),
      aws: [
        records(
          dynamoRecord(
            { OldImage: toItem(ANNA) },
            { eventName: "REMOVE", userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } },
          ),
        ),
      ],
      azure: [feed(version("delete", {}, ANNA, { timeToLiveExpired: true }))],
      node: nodeChange({ action: "deleted", keys: { id: "anna" }, before: ANNA, expired: true }),
    },
    expect: { seen: [["deleted", true]] },
    expectOn: { gcp: { seen: [["deleted", false]] } },
  },
  {
    id: "B5",
    title: "does not flag what someone deleted or changed",
    define: onChange(({ expired }) => expired),
    native: {
      ...documentChange({ action: "deleted", before: ANNA }),
      aws: [
        ...[null, { type: "Service", principalId: "replication.dynamodb.amazonaws.com" }, undefined].map(
          (userIdentity) =>
            records(
              dynamoRecord({}, { eventName: "REMOVE", ...(userIdentity !== undefined && { userIdentity }) }),
            ),
        ),
        records(
          dynamoRecord({}, { userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } }),
        ),
      ],
      azure: [feed(version("delete", {}, ANNA, { timeToLiveExpired: false })), feed(latest(ANNA))],
    },
    expect: { seen: [false] },
  },
  {
    id: "B6",
    title: "knows neither before nor after where the source carries the keys alone",
    decision: "Cosmos DB always carries the latest version, and Firestore both.",
    define: seeImages,
    native: {
      aws: [
        records(dynamoRecord({ StreamViewType: "KEYS_ONLY" })),
        records(dynamoRecord({ StreamViewType: "KEYS_ONLY", OldImage: null, NewImage: null })),
      ],
      azure: [feed(version("delete", {}, null, { id: "anna" }))],
      gcp: firestoreEvents({ verb: "deleted", oldValue: firestoreDocument({}) }),
      node: nodeChange({ action: "updated", keys: { id: "anna" } }),
    },
    expect: { seen: [["updated", undefined, undefined, "anna"]] },
    expectOn: {
      azure: { seen: [["deleted", undefined, undefined, "anna"]] },
      gcp: { seen: [["deleted", {}, undefined, "anna"]] },
    },
  },
  {
    id: "B6",
    title: "knows what is after where the source carries no image of before",
    define: seeImages,
    native: {
      aws: [records(dynamoRecord({ StreamViewType: "NEW_IMAGE", NewImage: toItem(ANNA) }))],
      azure: [...latestChange(ANNA), feed(version("replace", ANNA, null))],
      gcp: firestoreEvents({ verb: "updated", value: firestoreDocument(toFields(ANNA)) }),
      node: nodeChange({ action: "updated", keys: { id: "anna" }, after: ANNA, before: null }),
    },
    expect: { seen: [["updated", undefined, ANNA, "anna"]] },
  },
  {
    id: "B9",
    title: "is refused when it is built where a deletion or a creation cannot be told",
    define: onChange(() => "ran"),
    scenario: async (harness) => {
      const isCosmos = harness.adapter.name === "azure";
      const settings = isCosmos ? LATEST : {};
      for (const on of [["created", "updated", "deleted"], ["deleted"], ["created"]] as const) {
        const reason = expect.stringMatching(/latest version mode.*(?:no deletions|creations from updates)/);
        expect(await refusalsOf(harness, onAll(on), settings)).toEqual(isCosmos ? [reason] : []);
        expect(await refusalsOf(harness, onAll(on))).toEqual([]);
      }
      expect(await refusalsOf(harness, onAll(["created", "updated"]), settings)).toEqual([]);
      if (!isCosmos) return;
      expect(registrationOf(onAll(["deleted"])).trigger).toMatchObject({
        changeFeedMode: "AllVersionsAndDeletes",
      });
      expect(registrationOf(onAll(["created", "updated"])).trigger).not.toHaveProperty("changeFeedMode");
    },
  },
  {
    id: "B13",
    title: "says which collection of which database a change is of",
    decision:
      "A DynamoDB table is in no database; a feed's documents do not say where they are, the settings do.",
    define: onChange(({ collection, database, keys }) => [collection, database, keys]),
    options: { azure: IN_SHOP },
    native: {
      aws: [records(dynamoRecord())],
      azure: [feed(latest(ANNA)), feed(version("replace", ANNA, null))],
      gcp: firestoreEvents({
        verb: "updated",
        database: "eu",
        value: firestoreDocument({}, { name: DOCUMENT.replace("(default)", "eu") }),
      }),
      node: nodeChange({
        action: "updated",
        keys: { id: "anna" },
        collection: "customers",
        database: "shop",
      }),
    },
    expect: { seen: [["customers", "shop", { id: "anna" }]] },
    expectOn: {
      aws: { seen: [["customers", undefined, { id: "anna" }]] },
      gcp: { seen: [["customers", "eu", { id: "anna", path: "customers/anna" }]] },
    },
  },
  {
    id: "B11",
    title: "takes a change whose author the event names for the same",
    define: seeImages,
    native: {
      ...documentChange({ action: "updated", before: ANNA, after: OLDER }),
      gcp: firestoreEvents({
        verb: "updated.withAuthContext",
        value: firestoreDocument(toFields(OLDER)),
        oldValue: firestoreDocument(toFields(ANNA)),
      }),
    },
    expect: { seen: [["updated", ANNA, OLDER, "anna"]] },
  },
  {
    id: "B11",
    title: "knows a document below another one, with letters that headers cannot hold",
    define: onChange(({ collection, keys }) => [collection, keys]),
    needs: { trigger: "changes", source: "Firestore by Eventarc" },
    native: {
      gcp: ["created", "deleted"].flatMap((verb) => {
        const path = "shops/caf\u00e9 100%/orders/a+b%20c";
        const document = firestoreDocument({}, { name: DOCUMENT.replace("customers/anna", path) });
        const image = verb === "created" ? { value: document } : { oldValue: document };
        return firestoreEvents({ verb: verb as "created", path, ...image });
      }),
    },
    expect: {
      seen: [["shops/caf\u00e9 100%/orders", { id: "a+b%20c", path: "shops/caf\u00e9 100%/orders/a+b%20c" }]],
    },
  },
];

/** Payloads with others in the place of Azure's: changes of a feed, in an invocation each. */
function withFeed(native: Everywhere, ...changed: readonly object[]): Everywhere {
  return { ...native, azure: changed.map((change) => feed(change)) };
}
