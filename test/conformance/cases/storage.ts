import { defineFunction, storage } from "@anyfn/core";
import type { Case } from "../case.ts";
import { ACTIONS, onObject } from "../functions.ts";
import { everyWayOf, everyWayOfEvent, s3Event, s3Record } from "../payloads/aws/s3.ts";
import { blobEvent, blobEvents, blobUrl } from "../payloads/azure/blobs.ts";
import { grid } from "../payloads/azure/event-grid.ts";
import { bareNotifications, objectEvent, objectEvents } from "../payloads/gcp/objects.ts";
import { batched, cloudEvent } from "../payloads/node/cloudevents.ts";
import { nodeObject, objectChange } from "../payloads/objects.ts";

/** On Google Cloud `raw` is the request, with its body beside it. */
const textOf = (raw: unknown): string =>
  String((raw as { readonly rawBody?: Uint8Array }).rawBody ?? JSON.stringify(raw));

const GENERATIONS = ["1772359200123456", "1772359260654321"] as const;

/** Changes of stored objects. */
export const STORAGE: readonly Case[] = [
  ...ACTIONS.map(
    (action): Case => ({
      id: "O4",
      title: `calls it "${action}" whatever the source calls it`,
      define: onObject(({ action: given, bucket, key }) => [given, bucket, key]),
      native: objectChange(action, "raw/a.jpg"),
      expect: { seen: [[action, "images", "raw/a.jpg"]] },
    }),
  ),
  ...ACTIONS.slice(1).map(
    (action): Case => ({
      id: "O4",
      title: `acknowledges "${action}" and does not run a function of created objects`,
      define: onObject(({ key }) => key, ["created"]),
      native: objectChange(action, "raw/a.jpg"),
      expect: { seen: [] },
      expectOn: { gcp: { answer: { status: 204 } }, node: { answer: { status: 204 } } },
    }),
  ),
  {
    id: "O4",
    title: "keeps the source's own word in raw",
    define: onObject(({ raw }) => textOf(raw).includes("DeleteMarkerCreated")),
    native: {
      aws: everyWayOf(s3Record("a", {}, { eventName: "ObjectRemoved:DeleteMarkerCreated" })),
      azure: blobEvents("a", "Microsoft.Storage.BlobDeleted", { api: "DeleteMarkerCreated" }),
      gcp: objectEvents("a", "OBJECT_DELETE", { metadata: { by: "DeleteMarkerCreated" } }).slice(1),
      node: nodeObject({ action: "deleted", key: "a", by: "DeleteMarkerCreated" }).slice(1),
    },
    expect: { seen: [true] },
  },
  {
    id: "O5",
    title: "gives the size as a number",
    define: onObject(({ size, contentType }) => [size, contentType]),
    native: objectChange("created", "a", { size: 4_294_967_296, contentType: "image/jpeg" }),
    expect: { seen: [[4_294_967_296, "image/jpeg"]] },
    // S3 tells no content type.
    expectOn: { aws: { seen: [[4_294_967_296, undefined]] } },
  },
  {
    id: "O5",
    title: "tells an empty object from one of unknown size",
    define: onObject(({ size }) => size),
    native: objectChange("created", "a", { size: 0 }),
    expect: { seen: [0] },
  },
  {
    id: "O5",
    title: "knows no size of a deleted object that has none",
    define: onObject(({ size, contentType, etag }) => [size, contentType, etag]),
    native: {
      ...objectChange("deleted", "a"),
      azure: blobEvents("a", "Microsoft.Storage.BlobDeleted", { eTag: undefined }),
    },
    expect: { seen: [[undefined, undefined, undefined]] },
  },
  {
    id: "O8",
    title: "waits for a file to be closed before it is created",
    unconfirmed: true,
    needs: { trigger: "storage", source: "Event Grid blob events" },
    define: onObject(({ key }) => key),
    native: {
      azure: [
        ...blobEvents("a", undefined, { api: "CreateFile", contentLength: 0, url: blobUrl("a") }),
        ...blobEvents("a", undefined, { api: "SftpCreate", contentLength: 0 }),
      ],
    },
    expect: { seen: [] },
  },
  {
    id: "O8",
    title: "knows a closed file, and a finished upload, for created",
    unconfirmed: true,
    define: onObject(({ action, key, size }) => [action, key, size]),
    native: {
      ...objectChange("created", "a", { size: 5 }),
      azure: ["FlushWithClose", "SftpCommit", "PutBlockList", "CopyBlob"].flatMap((api) =>
        blobEvents("a", undefined, { api, contentLength: 5 }),
      ),
    },
    expect: { seen: [["created", "a", 5]] },
  },
  {
    id: "O11",
    title: "needs no more than the attributes of a notification",
    needs: { trigger: "storage", source: "Cloud Storage notification by Pub/Sub" },
    define: onObject(({ id, action, bucket, key, size, version, time }) => [
      [id, action, bucket, key, size, version],
      time?.toISOString(),
    ]),
    native: { gcp: bareNotifications("raw/a b.jpg") },
    expect: {
      seen: [
        [
          ["9314526789012345", "created", "images", "raw/a b.jpg", undefined, GENERATIONS[0]],
          "2026-03-01T10:00:00.000Z",
        ],
      ],
    },
  },
  {
    id: "O4",
    title: "takes a renamed object for one that is created and one that is deleted",
    decision: "Azure alone has a word for it.",
    define: onObject(({ action, key }) => [action, key]),
    native: {
      aws: everyWayOf(
        s3Record("new+name", {}, { eventName: "ObjectCreated:Copy" }),
        s3Record("old+name", {}, { eventName: "ObjectRemoved:Delete" }),
      ),
      azure: blobEvents("new name", "Microsoft.Storage.BlobRenamed", {
        api: "RenameFile",
        url: undefined,
        sourceUrl: blobUrl("old name"),
        destinationUrl: blobUrl("new name"),
      }),
      gcp: [
        batched(
          [
            objectEvent("new name", "OBJECT_FINALIZE"),
            objectEvent("old name", "OBJECT_DELETE", { id: "e-2" }),
          ],
          "/",
        ),
      ],
      node: [
        batched([
          cloudEvent({ id: "1", data: { action: "created", bucket: "images", key: "new name" } }),
          cloudEvent({ id: "2", data: { action: "deleted", bucket: "images", key: "old name" } }),
        ]),
      ],
    },
    expect: {
      seen: [
        ["created", "new name"],
        ["deleted", "old name"],
      ],
    },
  },
  {
    id: "O4",
    title: "passes over events that concern no object",
    decision: "Where nothing but objects has events, an object that is not wanted stands for them.",
    define: onObject(({ key }) => key, ["created"]),
    native: {
      ...objectChange("metadata", "a"),
      azure: ["DirectoryCreated", "LifecyclePolicyCompleted", "BlobInventoryPolicyCompleted"].flatMap(
        (type) => blobEvents("a", `Microsoft.Storage.${type}`),
      ),
    },
    expect: { seen: [] },
  },
  {
    id: "O10",
    title: "keeps a message of several changes until each of them is done",
    define: (see) =>
      defineFunction({
        trigger: storage("images"),
        handler: ({ key }) => {
          see(key);
          if (key === "a") throw new Error("no");
        },
      }),
    native: {
      aws: everyWayOf(s3Record("a"), s3Record("b")).slice(2),
      azure: [grid([blobEvent("a"), blobEvent("b")])],
      gcp: [batched([objectEvent("a"), objectEvent("b", "OBJECT_FINALIZE", { id: "e-2" })], "/")],
      node: [
        batched(
          ["a", "b"].map((key) =>
            cloudEvent({ id: key, data: { action: "created", bucket: "images", key } }),
          ),
        ),
      ],
    },
    expect: { seen: ["a", "b"] },
    expectOn: {
      aws: { answer: { batchItemFailures: [{ itemIdentifier: "9f3a1c52-6d0e-4f6b-8a55-0c2f1b7e9d41" }] } },
      azure: { error: "retry" },
      gcp: { error: "any", answer: { status: 500 } },
      node: { error: "any", answer: { status: 503 } },
    },
  },
  {
    id: "O10",
    title: "fails a delivery without a queue when one of its changes failed",
    define: (see) =>
      defineFunction({
        trigger: storage("images"),
        handler: ({ key }) => {
          see(key);
          throw new Error("no");
        },
      }),
    native: {
      ...objectChange("created", "a"),
      aws: [...everyWayOf(s3Record("a")).slice(0, 2), ...everyWayOfEvent(s3Event("a")).slice(0, 2)],
    },
    expect: { seen: ["a"], error: "any" },
  },
];
