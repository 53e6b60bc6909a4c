import { gzipSync } from "node:zlib";
import type { OwnSeeds } from "./aws.ts";
import { CALLER, cloudEvents, ORDER, post, postBytes } from "./requests.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const message = {
  data: base64(ORDER),
  attributes: { token: "hunter2-attribute", kind: "order" },
  messageId: "136969346945",
  publishTime: "2024-03-01T12:00:00.123Z",
  orderingKey: "a",
};
const push = { message, subscription: "projects/p/subscriptions/s", deliveryAttempt: 2 };
const published = {
  type: "google.cloud.pubsub.topic.v1.messagePublished",
  source: "//pubsub.googleapis.com/projects/p/topics/t",
  data: push,
};
const object = {
  type: "google.cloud.storage.object.v1.finalized",
  source: "//storage.googleapis.com/projects/_/buckets/images",
  subject: "objects/a b.jpg",
  data: {
    bucket: "images",
    name: "a b.jpg",
    size: "352",
    etag: "e",
    generation: "1587627537231057",
    metageneration: "1",
    contentType: "image/jpeg",
  },
};
const document = {
  name: "projects/p/databases/(default)/documents/customers/42",
  fields: {
    name: { stringValue: "Ana" },
    total: { integerValue: "9223372036854775807" },
    ratio: { doubleValue: 0.5 },
    raw: { bytesValue: "AAEC" },
    at: { timestampValue: "2024-03-01T12:00:00.123456789Z" },
    place: { geoPointValue: { latitude: 1.5, longitude: 2 } },
    list: { arrayValue: { values: [{ nullValue: null }, { booleanValue: true }] } },
    nested: { mapValue: { fields: { password: { stringValue: "hunter2-field" } } } },
  },
  createTime: "2024-03-01T12:00:00Z",
  updateTime: "2024-03-01T12:00:00.123456Z",
};
const changed = {
  type: "google.cloud.firestore.document.v1.updated",
  source: "//firestore.googleapis.com/projects/p/databases/(default)",
  subject: "documents/customers/42",
  data: { value: document, oldValue: document, updateMask: { fieldPaths: ["name"] } },
};
/** `DocumentEventData` with a document of one text: fields 1.1 its name, 1.2 its fields. */
const name = Buffer.from(document.name);
const field = Buffer.concat([
  Buffer.from([0x0a, 1]),
  Buffer.from("n"),
  Buffer.from([0x12, 6, 0x8a, 1, 3]),
  Buffer.from("Ana"),
]);
const inner = Buffer.concat([
  Buffer.from([0x0a, name.length]),
  name,
  Buffer.from([0x12, field.length]),
  field,
]);
const protobuf = Buffer.concat([Buffer.from([0x0a, inner.length]), inner]);

const ofEvents = (
  word: string,
  functions: OwnSeeds[string][0],
  event: Readonly<Record<string, unknown>>,
): OwnSeeds =>
  Object.fromEntries(
    Object.entries(cloudEvents("/", event)).map(([mode, request]) => [
      `${word}, ${mode}`,
      [functions, request],
    ]),
  );

export const GCP_SEEDS: OwnSeeds = {
  "a request": [["http", "shared"], post("/shared/a%20b?q=1&sig=hunter2-sas", ORDER)],
  "a get": [["http", "root"], { ...post("/?q=%20", ""), method: "GET" }],
  "an order": [["order"], post("/orders/42?q=1", ORDER)],
  "an upload": [
    ["http"],
    postBytes("/files/a", gzipSync(ORDER), {
      "content-encoding": "gzip",
      "content-type": "application/octet-stream",
    }),
  ],
  "a form": [
    ["http"],
    post("/form", '--b\r\ncontent-disposition: form-data; name="f"; filename="a.txt"\r\n\r\nx\r\n--b--\r\n', {
      "content-type": 'multipart/form-data; boundary="b"',
    }),
  ],
  preflight: [
    ["shared"],
    {
      ...post("/shared/x", ""),
      method: "OPTIONS",
      headers: { ...CALLER, "access-control-request-method": "PUT", "access-control-request-headers": "x-a" },
    },
  ],
  push: [
    ["queue", "orders", "batch", "topic", "stream", "streams", "schedule"],
    post("/projects/p/topics/t", push),
  ],
  "push, unwrapped": [
    ["queue", "topic", "stream"],
    post("/", ORDER, {
      "x-goog-pubsub-message-id": "1",
      "x-goog-pubsub-publish-time": "2024-03-01T12:00:00Z",
    }),
  ],
  "a task": [
    ["queue", "orders"],
    post("/", ORDER, {
      "x-cloudtasks-taskname": "t-1",
      "x-cloudtasks-queuename": "q",
      "x-cloudtasks-taskretrycount": "3",
    }),
  ],
  "a tick": [
    ["schedule"],
    post("/", "", {
      "x-cloudscheduler": "true",
      "x-cloudscheduler-jobname": "nightly",
      "x-cloudscheduler-scheduletime": "2024-03-01T12:00:00Z",
    }),
  ],
  ...ofEvents("published", ["queue", "topic", "stream", "bus"], published),
  ...ofEvents("object", ["storage", "bus"], object),
  "object by notification": [
    ["storage"],
    post("/", {
      ...push,
      message: {
        ...message,
        attributes: {
          eventType: "OBJECT_FINALIZE",
          bucketId: "images",
          objectId: "a.jpg",
          objectGeneration: "1",
          eventTime: "2024-03-01T12:00:00Z",
        },
      },
    }),
  ],
  ...ofEvents("document", ["changes"], changed),
  "document in protobuf": [
    ["changes"],
    postBytes("/", protobuf, {
      "content-type": "application/protobuf",
      "ce-specversion": "1.0",
      "ce-id": "e-1",
      "ce-type": "google.cloud.firestore.document.v1.written",
      "ce-source": changed.source,
      "ce-subject": changed.subject,
    }),
  ],
  ...ofEvents("an event", ["bus"], {
    type: "com.shop.order",
    data: { password: "hunter2-data" },
    datacontenttype: "application/json",
  }),
  "a background event": [
    ["bus", "storage"],
    post("/", {
      context: {
        eventId: "1",
        timestamp: "2024-03-01T12:00:00Z",
        eventType: "google.storage.object.finalize",
        resource: { name: "projects/_/buckets/images/objects/a.jpg" },
      },
      data: object.data,
    }),
  ],
  "a call": [["direct"], post("/", { password: "hunter2-input" })],
  "an order's call": [["vat"], post("/", ORDER)],
};
