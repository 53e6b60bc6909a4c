import { toCloudFunction } from "@anyfn/gcp";
import { expect } from "vitest";
import { headerValues } from "../../runtimes/hosts/http.ts";
import { post, type Sent as Request, send, serve } from "../../support/serve-cloud-function.ts";
import { specOf } from "../fates.ts";
import { keptAsWhole } from "../oracle.ts";
import { dataOf, isSpoilt, type Sent, type Source, type State, settle, textOf } from "../source.ts";

/** Any status but 2xx keeps a delivery; what was asked for says when it comes again. */
function expected(states: readonly State[]): unknown {
  const failed = states.filter(({ verdict }) => verdict !== "done");
  const [first] = failed;
  if (first === undefined) return { status: 204, retryAfter: undefined, body: "" };
  if (states.every(({ fate }) => fate === "cannot be decoded"))
    return expect.objectContaining({ status: 400, retryAfter: undefined });
  const { after, error } = specOf(first.fate);
  const asked = (error as { readonly code?: unknown } | undefined)?.code === "retry";
  return expect.objectContaining({
    status: asked ? 503 : 500,
    retryAfter: after === undefined ? undefined : String(after),
  });
}

const served = {
  adapter: "gcp",
  ordering: "none",
  size: 1,
  undecodable: "retry",
  deploy: async (definition) => {
    const port = await serve(definition);
    return async (payload) => {
      const { status, headers, body } = await send(port, payload as Request);
      const [retryAfter] = headerValues(headers, "retry-after");
      return { status, retryAfter, body: Buffer.from(body).toString() };
    };
  },
  expected,
  kept: keptAsWhole,
} satisfies Partial<Source>;

const push = (message: Sent): object => ({
  message: {
    messageId: message.key,
    orderingKey: message.group,
    data: isSpoilt(message) ? "*" : Buffer.from(textOf(message)).toString("base64"),
  },
  subscription: "projects/p/subscriptions/jobs",
});
const published = (message: Sent): object => ({
  specversion: "1.0",
  id: message.key,
  source: "//pubsub.googleapis.com/projects/p/topics/jobs",
  type: "google.cloud.pubsub.topic.v1.messagePublished",
  data: push(message),
});
const event = (message: Sent): object => ({
  specversion: "1.0",
  id: isSpoilt(message) ? "" : message.key,
  source: "/shop",
  type: "job",
  data: dataOf(message),
});
const written = (message: Sent): object => ({
  ...event(message),
  id: message.key,
  source: "//firestore.googleapis.com/projects/p/databases/(default)",
  type: `google.cloud.firestore.document.v1.${isSpoilt(message) ? "renamed" : "created"}`,
  data: {
    value: {
      name: `projects/p/databases/(default)/documents/jobs/${message.key}`,
      fields: { ok: { booleanValue: dataOf(message).ok } },
    },
  },
});
const finalized = (message: Sent): object => ({
  ...event(message),
  id: message.key,
  source: "//storage.googleapis.com/projects/_/buckets/jobs",
  type: "google.cloud.storage.object.v1.finalized",
  data: { bucket: "jobs", name: isSpoilt(message) ? 5 : message.key },
});
const notified = (message: Sent): object => ({
  subscription: "s",
  message: {
    messageId: message.key,
    attributes: {
      eventType: isSpoilt(message) ? "OBJECT_RENAME" : "OBJECT_FINALIZE",
      bucketId: "jobs",
      objectId: message.key,
    },
  },
});

const task = (message: Sent): Request => ({
  method: "POST",
  url: "/",
  headers: [
    ["Content-Type", "application/json"],
    ["X-CloudTasks-TaskName", message.key],
    ["X-CloudTasks-TaskRetryCount", String((message.count ?? 1) - 1)],
  ],
  body: textOf(message),
});

const one =
  (eventOf: (message: Sent) => object, type = "application/json") =>
  ([message]: readonly Sent[]): unknown =>
    message && post("/", eventOf(message), type);
const STRUCTURED = "application/cloudevents+json";
const BATCH = "application/cloudevents-batch+json";

export const sources: readonly Source[] = [
  { ...served, name: "Pub/Sub push, queue", kind: "queue", make: one(push) },
  { ...served, name: "Pub/Sub push, topic", kind: "topic", make: one(push) },
  { ...served, name: "Pub/Sub push, stream", kind: "stream", make: one(push) },
  { ...served, name: "Pub/Sub by Eventarc", kind: "topic", make: one(published, STRUCTURED) },
  { ...served, name: "Eventarc", kind: "bus", make: one(event, STRUCTURED) },
  { ...served, name: "Firestore", kind: "changes", make: one(written, STRUCTURED) },
  { ...served, name: "Cloud Storage", kind: "storage", make: one(finalized, STRUCTURED) },
  { ...served, name: "Cloud Storage by Pub/Sub", kind: "storage", make: one(notified) },
  {
    ...served,
    name: "Cloud Tasks",
    kind: "queue",
    undecodable: undefined,
    make: ([message]) => message && task(message),
  },
  {
    ...served,
    name: "a batch of CloudEvents",
    kind: "bus",
    size: Number.POSITIVE_INFINITY,
    make: (messages) => post("/", messages.map(event), BATCH),
  },
  {
    ...served,
    name: "a batch of Pub/Sub messages",
    kind: "queue",
    ordering: "group",
    undecodable: undefined,
    size: Number.POSITIVE_INFINITY,
    make: (messages) => post("/", messages.map(published), BATCH),
  },
  {
    ...served,
    name: "an event that the framework parsed",
    kind: "bus",
    deploy: async (definition) => {
      const run = toCloudFunction(definition, { env: {} });
      return (payload) => settle(() => run(payload as object));
    },
    make: ([message]) => message && event(message),
    expected: (states) => {
      const [{ verdict, fate } = { verdict: "done", fate: "done" } as const] = states;
      if (verdict === "done") return { returned: undefined };
      return { thrown: expect.objectContaining(specOf(fate).error ?? {}) };
    },
  },
];
