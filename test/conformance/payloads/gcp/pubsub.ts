import type { HeaderLine, PlainRequest } from "../../../runtimes/hosts/host.ts";
import { post } from "../http.ts";

const SUBSCRIPTION = "projects/shop/subscriptions/orders-worker";
const PUBLISHED_AT = "2026-03-01T10:00:00.123Z";

/** A message as JSON has it; members in snake case come twice from the service. */
export function pubsubMessage(payload: string | Uint8Array, change: object = {}): object {
  return {
    attributes: {},
    data: Buffer.from(payload).toString("base64"),
    messageId: "9314526789012345",
    message_id: "9314526789012345",
    publishTime: PUBLISHED_AT,
    publish_time: PUBLISHED_AT,
    ...change,
  };
}

/** https://cloud.google.com/pubsub/docs/push#receive_push */
export function push(message: object, change: object = {}, url = "/"): PlainRequest {
  const body = JSON.stringify({ message, subscription: SUBSCRIPTION, ...change });
  return post(url, body, "application/json", [
    ["user-agent", "CloudPubSub-Google"],
    ["from", "noreply@google.com"],
  ]);
}

/** https://cloud.google.com/pubsub/docs/payload-unwrapping */
export function unwrappedPush(
  payload: string | Uint8Array,
  headers: readonly HeaderLine[] = [],
  id = "9314526789012345",
): PlainRequest {
  return post("/", payload, "application/octet-stream", [
    ["user-agent", "CloudPubSub-Google"],
    ["x-goog-pubsub-subscription-name", SUBSCRIPTION],
    ["x-goog-pubsub-message-id", id],
    ["x-goog-pubsub-publish-time", PUBLISHED_AT],
    ...headers,
  ]);
}

/** The CloudEvent of a message: https://cloud.google.com/eventarc/docs/cloudevents */
export function publishedEvent(message: object, change: object = {}): object {
  return {
    specversion: "1.0",
    id: "9314526789012345",
    source: "//pubsub.googleapis.com/projects/shop/topics/orders",
    type: "google.cloud.pubsub.topic.v1.messagePublished",
    time: PUBLISHED_AT,
    datacontenttype: "application/json",
    data: { message, subscription: SUBSCRIPTION },
    ...change,
  };
}

/** https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler */
export function task(
  payload: string | Uint8Array,
  headers: readonly HeaderLine[] = [],
  retries = 0,
): PlainRequest {
  return post("/", payload, "application/octet-stream", [
    ["user-agent", "Google-Cloud-Tasks"],
    ["x-cloudtasks-queuename", "orders"],
    ["x-cloudtasks-taskname", "9314526789012345"],
    ["x-cloudtasks-taskretrycount", String(retries)],
    ["x-cloudtasks-taskexecutioncount", String(retries)],
    ["x-cloudtasks-tasketa", "1772359200.123"],
    ...headers,
  ]);
}

/** https://cloud.google.com/tasks/docs/creating-appengine-handlers#reading-headers */
export function appEngineTask(payload: string, retries: number): PlainRequest {
  return post("/", payload, "application/octet-stream", [
    ["user-agent", "AppEngine-Google; (+http://code.google.com/appengine)"],
    ["x-appengine-queuename", "orders"],
    ["x-appengine-taskname", "9314526789012345"],
    ["x-appengine-taskretrycount", String(retries)],
    ["x-appengine-taskexecutioncount", String(retries)],
    ["x-appengine-tasketa", "1772359200.123456"],
  ]);
}
