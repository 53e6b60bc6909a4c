import type { AnyfnError, BusEvent } from "@anyfn/core";
import { bareObject, isBase64, type MessageInit } from "@anyfn/core/adapter";
import type { Headers } from "../context.ts";
import type { PubsubMessage, PushEnvelope } from "../native.ts";
import { type Content, type Delivery, decodeEvents } from "./_delivery.ts";
import { invalid } from "./_invalid.ts";

const PUBLISHED = "google.cloud.pubsub.topic.v1.messagePublished";

/** The Pub/Sub messages of a delivery, or undefined when it carries something else. */
export function pubsubMessages(
  delivery: Delivery,
  content: Content,
): readonly (MessageInit | AnyfnError)[] | undefined {
  switch (content.kind) {
    case "unwrapped":
      return [fromUnwrapped(delivery)];
    case "push":
      return [fromPush(content.push, "", content.push, topicIn(delivery.url), undefined)];
    case "events":
      return decodeEvents(content, ({ type }) => type === PUBLISHED, fromPublished);
    default:
      return undefined;
  }
}

function fromPublished(event: BusEvent): MessageInit {
  const data = event.data as Partial<PushEnvelope> | null | undefined;
  if (typeof data?.message !== "object" || data.message === null) {
    throw invalid("data.message", "it must be the Pub/Sub message");
  }
  return fromPush(data as PushEnvelope, "data.", event.raw, topicIn(event.source), event);
}

/** A message as the push endpoint gets it: https://cloud.google.com/pubsub/docs/push#receive_push */
function fromPush(
  envelope: PushEnvelope,
  path: string,
  raw: unknown,
  topic: string | undefined,
  event: BusEvent | undefined,
): MessageInit {
  const { message, deliveryAttempt } = envelope;
  const id = text(message.messageId || message.message_id || event?.id, `${path}message.messageId`);
  if (id === undefined) throw invalid(`${path}message.messageId`, "it is required and must be text");
  const data = text(message.data, `${path}message.data`) ?? "";
  if (!isBase64(data)) throw invalid(`${path}message.data`, "it must be base64 text");
  const publishTime = message.publishTime ?? message.publish_time;
  return {
    id,
    payload: { base64: data },
    attributes: attributesOf(message, `${path}message.attributes`),
    deliveryCount: count(deliveryAttempt),
    orderingKey: text(message.orderingKey ?? message.ordering_key, `${path}message.orderingKey`),
    enqueuedAt: dateOf(publishTime, `${path}message.publishTime`) ?? event?.time,
    topic,
    raw,
  };
}

function attributesOf(
  { attributes }: PubsubMessage,
  path: string,
): Readonly<Record<string, string>> | undefined {
  if (attributes === undefined || attributes === null) return undefined;
  if (typeof attributes !== "object" || Array.isArray(attributes))
    throw invalid(path, "it must be an object");
  const given = bareObject<string>();
  for (const [name, value] of Object.entries(attributes as Record<string, unknown>)) {
    if (value !== null) given[name] = String(value);
  }
  return given;
}

/** A message whose data is the whole body; its attributes are headers, so their names come in lower case. */
function fromUnwrapped({ headers, body, raw }: Delivery): MessageInit {
  const id = text(headers["x-goog-pubsub-message-id"], "x-goog-pubsub-message-id");
  if (id === undefined) throw invalid("x-goog-pubsub-message-id", "it is empty");
  return {
    id,
    payload: body === undefined ? { base64: "" } : { bytes: body },
    attributes: customHeaders(headers),
    orderingKey: text(headers["x-goog-pubsub-ordering-key"], "x-goog-pubsub-ordering-key"),
    enqueuedAt: dateOf(headers["x-goog-pubsub-publish-time"], "x-goog-pubsub-publish-time"),
    raw,
  };
}

/** What HTTP, Google's front end and the framework add to a request that the sender's headers are in. */
const TRANSPORT = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "authorization",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "forwarded",
  "from",
  "function-execution-id",
  "host",
  "keep-alive",
  "sec-fetch-mode",
  "traceparent",
  "tracestate",
  "transfer-encoding",
  "user-agent",
  "via",
]);
const GOOGLE = /^x-(?:goog|cloud|appengine|google|forwarded|serverless|client-data)/;

/** The headers that a sender added, which stand for a message's attributes. */
export function customHeaders(headers: Headers): Record<string, string> {
  const custom = bareObject<string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !TRANSPORT.has(name) && !GOOGLE.test(name)) custom[name] = value;
  }
  return custom;
}

/** `projects/p/topics/t` in a CloudEvent's source, or in a push endpoint's path where the user put it there. */
function topicIn(text: string): string | undefined {
  return /(?<=\/)projects\/[^/?]+\/topics\/[^/?]+/.exec(text)?.[0];
}

/** A count of deliveries from 1, or undefined. */
function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : undefined;
}

/** Text that is not empty; JSON of Google leaves out what is empty, the emulator does not. */
function text(value: unknown, path: string): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  throw invalid(path, "it must be text");
}

function dateOf(value: unknown, path: string): Date | undefined {
  const given = text(value, path);
  if (given === undefined) return undefined;
  const date = new Date(given);
  if (Number.isNaN(date.getTime())) throw invalid(path, "it is not a timestamp of RFC 3339");
  return date;
}
