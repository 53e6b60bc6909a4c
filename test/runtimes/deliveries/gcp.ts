import type { HttpHost, PlainRequest, TimedResponse } from "../hosts/index.ts";
import type {
  Deliver,
  Delivered,
  Delivery,
  SentChange,
  SentEvent,
  SentMessage,
  SentObject,
} from "./delivery.ts";

const PROJECT = "projects/shop-prod";

/** Delivers as Pub/Sub push, Eventarc, Cloud Scheduler and a direct call do: one event a request. */
export function deliverToGoogle(hostOf: (functionName: string) => Promise<HttpHost>): Deliver {
  return async (functionName, delivery) => {
    const host = await hostOf(functionName);
    const results: Delivered[] = [];
    for (const request of requestsOf(delivery)) results.push(verdict(delivery, await host.request(request)));
    return results;
  };
}

function requestsOf(delivery: Delivery): readonly PlainRequest[] {
  switch (delivery.trigger) {
    case "queue":
      return delivery.events.map((event) => push(event));
    case "stream":
      return delivery.events.map((event) => push(event, "device-1"));
    case "topic":
      return delivery.events.map(published);
    case "changes":
      return delivery.events.map(written);
    case "storage":
      return delivery.events.map(finalized);
    case "bus":
      return delivery.events.map(cloudEvent);
    case "schedule":
      return [tick(delivery.events[0].at)];
    case "direct":
      return [json("/", delivery.events[0].input)];
  }
}

function json(url: string, value: unknown, headers: Readonly<Record<string, string>> = {}): PlainRequest {
  const all = { "content-type": "application/json", ...headers };
  return { method: "POST", url, headers: Object.entries(all), body: Buffer.from(JSON.stringify(value)) };
}

function pubsubMessage({ id, data, attributes }: SentMessage, orderingKey?: string): Record<string, unknown> {
  const publishTime = orderingKey === undefined ? "2026-03-01T10:00:00Z" : "2026-03-01T10:00:00.500Z";
  const message = {
    data: Buffer.from(JSON.stringify(data)).toString("base64"),
    messageId: id,
    attributes,
    publishTime,
  };
  return orderingKey === undefined ? message : { ...message, orderingKey };
}

function push(event: SentMessage, orderingKey?: string): PlainRequest {
  const subscription = `${PROJECT}/subscriptions/jobs`;
  return json("/", { message: pubsubMessage(event, orderingKey), subscription, deliveryAttempt: 1 });
}

function ce(id: string, type: string, source: string, subject?: string): Record<string, string> {
  const headers = {
    "ce-specversion": "1.0",
    "ce-id": id,
    "ce-type": type,
    "ce-source": source,
    "ce-time": "2026-03-01T10:00:00Z",
  };
  return subject === undefined ? headers : { ...headers, "ce-subject": subject };
}

function published(event: SentMessage): PlainRequest {
  const source = `//pubsub.googleapis.com/${PROJECT}/topics/news`;
  const body = { message: pubsubMessage(event), subscription: `${PROJECT}/subscriptions/eventarc-news` };
  return json("/", body, ce(event.id, "google.cloud.pubsub.topic.v1.messagePublished", source));
}

function finalized({ id, bucket, key, size }: SentObject): PlainRequest {
  const body = {
    kind: "storage#object",
    id: `${bucket}/${key}/1772359200000001`,
    name: key,
    bucket,
    generation: "1772359200000001",
    metageneration: "1",
    contentType: "image/png",
    size: String(size),
    etag: "CJjB5bmRrPsCEAE=",
    timeCreated: "2026-03-01T10:00:00.000Z",
    updated: "2026-03-01T10:00:00.000Z",
  };
  const source = `//storage.googleapis.com/projects/_/buckets/${bucket}`;
  return json("/", body, ce(id, "google.cloud.storage.object.v1.finalized", source, `objects/${key}`));
}

function written({ id, collection, after }: SentChange): PlainRequest {
  const name = `${PROJECT}/databases/(default)/documents/${collection}/${after.id}`;
  const fields = {
    id: { stringValue: after.id },
    name: { stringValue: after.name },
    count: { integerValue: String(after.count) },
  };
  const value = { name, fields, createTime: "2026-03-01T09:00:00Z", updateTime: "2026-03-01T10:00:00Z" };
  const oldValue = {
    ...value,
    fields: { ...fields, count: { integerValue: "0" } },
    updateTime: "2026-03-01T09:00:00Z",
  };
  const source = `//firestore.googleapis.com/${PROJECT}/databases/(default)`;
  const headers = ce(
    id,
    "google.cloud.firestore.document.v1.updated",
    source,
    `documents/${collection}/${after.id}`,
  );
  return json("/", { value, oldValue, updateMask: { fieldPaths: ["count"] } }, headers);
}

function cloudEvent({ id, source, type, data }: SentEvent): PlainRequest {
  return json("/", data, ce(id, type, source));
}

function tick(at: string): PlainRequest {
  const headers: Record<string, string> = {
    "user-agent": "Google-Cloud-Scheduler",
    "x-cloudscheduler": "true",
    "x-cloudscheduler-jobname": "nightly",
    "x-cloudscheduler-scheduletime": at,
  };
  return { method: "POST", url: "/", headers: Object.entries(headers) };
}

function verdict(delivery: Delivery, response: TimedResponse): Delivered {
  const text = Buffer.from(response.body).toString();
  if (response.status < 200 || response.status > 299)
    return { status: "failed", reason: `${response.status} ${text}` };
  return delivery.trigger === "direct" ? { status: "done", output: JSON.parse(text) } : { status: "done" };
}
