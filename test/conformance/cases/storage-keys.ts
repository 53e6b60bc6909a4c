import { defineFunction, storage } from "@anyfn/core";
import type { Case, See } from "../case.ts";
import { everyWayOf, everyWayOfEvent, s3Event, s3Record } from "../payloads/aws/s3.ts";
import { blobEvents, blobUrl, readBlob } from "../payloads/azure/blobs.ts";
import { grid, gridCloudEvent, gridEvent } from "../payloads/azure/event-grid.ts";
import { objectEvents } from "../payloads/gcp/objects.ts";
import { nodeObject, objectChange } from "../payloads/objects.ts";

const seePlace = (see: See) =>
  defineFunction({ trigger: storage("images"), handler: ({ bucket, key }) => see([bucket, key]) });

type Named = Pick<Case, "define" | "native" | "expect">;

/** A key in events of S3, beside those of others, which write it as it is. */
const named = (aws: readonly object[], key: string): Named => ({
  define: seePlace,
  native: {
    aws,
    azure: blobEvents(key),
    gcp: objectEvents(key),
    node: nodeObject({ action: "created", key }),
  },
  expect: { seen: [["images", key]] },
});
const written = (s3: string, key: string): Named => named(everyWayOf(s3Record(s3)), key);

const KEYS: readonly (readonly [title: string, key: string])[] = [
  ["a composed letter", "caf\u00e9.jpg"],
  ["a letter and its mark apart", "cafe\u0301.jpg"],
  ["letters beyond the basic plane", "\u{1f4f7}/\u{1d54f}.jpg"],
  ["spaces at both ends", " raw photo "],
  ["a slash in front and two inside", "/raw//photo.jpg"],
  ["a slash at the end", "raw/"],
  ["dots that lead elsewhere", "../raw/./photo.jpg"],
  ["marks of URLs", "a?b#c&d=e;f:g@h+i%2Fj%zz~"],
  ["a backslash and quotes", "a\\b\"c'd"],
  ["a line break and a tab", "a\nb\tc"],
  ["the separators of subjects", "blobs/x/objects/y/containers/z/blobs/"],
];

/** How objects are named in events. */
export const STORAGE_KEYS: readonly Case[] = [
  {
    id: "O1",
    title: "reads a plus as a space and then decodes once where the source encodes keys",
    ...written("red+flower%2B%C3%A9.jpg", "red flower+\u00e9.jpg"),
  },
  {
    id: "O1",
    title: "does not decode a key again that looks encoded",
    ...written("a%252Fb%252B.jpg", "a%2Fb%2B.jpg"),
  },
  {
    id: "O1",
    title: "takes encoded slashes and unencoded ones for the same",
    ...written("raw%2F2026/a%3Db.jpg", "raw/2026/a=b.jpg"),
  },
  {
    id: "O2",
    title: "keeps a key with a malformed escape as it is",
    ...written("100%.jpg", "100%.jpg"),
  },
  {
    id: "O2",
    title: "keeps a key whose escapes are no UTF-8 as it is",
    ...written("a%FF%zz.jpg", "a%FF%zz.jpg"),
  },
  {
    id: "O3",
    title: "does not decode a key on the event bus",
    unconfirmed: true,
    decision: "S3 encodes keys in its own notifications alone; no other provider encodes them anywhere.",
    ...named(everyWayOfEvent(s3Event("red+flower%2B%C3%A9.jpg")), "red+flower%2B%C3%A9.jpg"),
  },
  {
    id: "O7",
    title: "takes container and key from the place that is not encoded",
    define: seePlace,
    native: {
      aws: everyWayOf(s3Record("a/b+c.txt")),
      azure: [
        ...blobEvents("a/b c.txt"),
        ...blobEvents("a/b c.txt", undefined, { url: blobUrl("something/else.txt") }),
      ],
      gcp: objectEvents("a/b c.txt"),
      node: nodeObject({ action: "created", key: "a/b c.txt" }),
    },
    expect: { seen: [["images", "a/b c.txt"]] },
  },
  {
    id: "O7",
    title: "refuses an event that names no object",
    define: seePlace,
    native: {
      aws: [
        s3Event("", {}, { detail: { bucket: { name: "images" } } }),
        { Records: [{ eventSource: "aws:s3" }] },
      ],
      azure: [
        grid(gridEvent({ eventType: "Microsoft.Storage.BlobCreated", subject: "/blobServices/default" })),
        grid(gridCloudEvent({ type: "Microsoft.Storage.BlobCreated", subject: undefined })),
      ],
      gcp: objectEvents("", "OBJECT_FINALIZE", { bucket: undefined }),
      node: nodeObject({ action: "created", key: undefined }),
    },
    expect: { seen: [], error: "invalid-payload" },
    // A sender of ours will never send it better: it is a dead letter there, in words of the status.
    expectOn: { node: { error: "any", answer: { status: 422 } } },
  },
  {
    id: "O9",
    title: "hands over a reference and never the content, which stays in raw",
    define: (see) =>
      defineFunction({ trigger: storage("images"), handler: (event) => see(Object.keys(event).sort()) }),
    options: { azure: { storage: { images: { source: "blob" } } } },
    native: {
      ...objectChange("created", "raw/a.jpg"),
      azure: [readBlob("raw/a.jpg", Buffer.alloc(4096, 1))],
    },
    expect: {
      seen: [
        [
          "action",
          "bucket",
          "contentType",
          "etag",
          "id",
          "key",
          "raw",
          "sequence",
          "size",
          "time",
          "version",
        ],
      ],
    },
  },
  {
    id: "O9",
    title: "knows of a blob that the host has read what its events say",
    needs: { trigger: "storage", source: "Blob trigger" },
    define: (see) =>
      defineFunction({
        trigger: storage("images"),
        handler: ({ action, bucket, key, size, etag, contentType, time, raw }) =>
          see([
            [action, bucket, key, size, etag, contentType, time?.toISOString()],
            Buffer.from((raw as { readonly content: Uint8Array }).content).toString("hex"),
          ]),
      }),
    options: { azure: { storage: { images: { source: "blob" } } } },
    native: {
      azure: [
        readBlob("a/b c%20.jpg", Uint8Array.of(0, 255, 254), {
          ContentType: "image/jpeg",
          Length: 3,
          ETag: '"0x8DA8657981E929A"',
        }),
      ],
    },
    expect: {
      seen: [
        [
          [
            "created",
            "images",
            "a/b c%20.jpg",
            3,
            "0x8DA8657981E929A",
            "image/jpeg",
            "2026-03-01T10:00:00.000Z",
          ],
          "00fffe",
        ],
      ],
    },
  },
  ...KEYS.map(
    ([what, key]): Case => ({
      id: "O12",
      title: `preserves ${what} in a key`,
      define: seePlace,
      native: objectChange("created", key),
      expect: { seen: [["images", key]] },
    }),
  ),
  {
    id: "O12",
    title: "compares prefixes and suffixes with the decoded key, letter by letter",
    define: (see) =>
      defineFunction({
        trigger: storage("images", { prefix: "raw caf\u00e9/", suffix: ".jpg" }),
        handler: ({ key }) => see(key),
      }),
    native: objectChange("created", "raw caf\u00e9/1.jpg"),
    expect: { seen: ["raw caf\u00e9/1.jpg"] },
  },
  ...["raw cafe\u0301/1.jpg", "raw caf\u00e9/1.JPG", "Raw caf\u00e9/1.jpg"].map(
    (key): Case => ({
      id: "O12",
      title: `acknowledges another key than the wanted ones: ${JSON.stringify(key)}`,
      define: (see) =>
        defineFunction({
          trigger: storage("images", { prefix: "raw caf\u00e9/", suffix: ".jpg" }),
          handler: ({ key: given }) => see(given),
        }),
      native: objectChange("created", key),
      expect: { seen: [] },
    }),
  ),
];
