import { AnyfnError, type BusEvent } from "@anyfn/core";
import {
  cloudEventMode,
  decodeText,
  readCloudEvent,
  readEachCloudEvent,
  withoutMark,
} from "@anyfn/core/adapter";
import type { Headers } from "../context.ts";
import type { PushEnvelope } from "../native.ts";
import { fromBackground, isBackground } from "./_background.ts";

/** What reached an event function, before it is known what it carries. */
export interface Delivery {
  /** Empty where the framework parsed the event. */
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer> | undefined;
  /** Path and query of the request. */
  readonly url: string;
  /** The event that the framework parsed; undefined for a request. */
  readonly parsed: object | undefined;
  readonly raw: unknown;
}

/** What a delivery carries, as far as it is the same for every trigger. */
export type Content =
  | { readonly kind: "events"; readonly events: readonly (BusEvent | AnyfnError)[] }
  | { readonly kind: "push"; readonly push: PushEnvelope }
  | { readonly kind: "unwrapped" }
  | { readonly kind: "other" };

const OTHER: Content = { kind: "other" };
const UNWRAPPED: Content = { kind: "unwrapped" };

/**
 * Tells CloudEvents in any mode, Pub/Sub pushes wrapped and unwrapped, and background events of the first generation
 * apart.
 *
 * @throws AnyfnError `invalid-payload` for a CloudEvent with an attribute at fault.
 */
export function readContent(delivery: Delivery): Content {
  if (delivery.parsed !== undefined) return contentOf(delivery.parsed);
  // https://cloud.google.com/pubsub/docs/payload-unwrapping: the body is the publisher's, whatever it looks like.
  if (delivery.headers["x-goog-pubsub-message-id"] !== undefined) return UNWRAPPED;
  if (cloudEventMode(delivery) !== undefined) {
    return { kind: "events", events: readEachCloudEvent(delivery, delivery.raw) };
  }
  return contentOf(parseObject(delivery.body));
}

/**
 * Decodes the events of a delivery one by one, where all that can be read are of the right kind; undefined elsewhere.
 */
export function decodeEvents<Event>(
  content: Content,
  isOfKind: (event: BusEvent) => boolean,
  decode: (event: BusEvent) => Event,
): readonly (Event | AnyfnError)[] | undefined {
  if (content.kind !== "events") return undefined;
  const { events } = content;
  const areOfKind = events.every((event) => event instanceof AnyfnError || isOfKind(event));
  return areOfKind ? decodeEach(events, decode) : undefined;
}

/** Decodes each of a list; where that fails, the error takes its place and the others go on. */
export function decodeEach<From, To>(
  items: readonly (From | AnyfnError)[],
  decode: (item: From) => To,
): readonly (To | AnyfnError)[] {
  return items.map((item) => {
    if (item instanceof AnyfnError) return item;
    try {
      return decode(item);
    } catch (thrown) {
      return asAnyfnError(thrown);
    }
  });
}

/** Any error of decoding as one of ours. */
export function asAnyfnError(thrown: unknown): AnyfnError {
  if (thrown instanceof AnyfnError) return thrown;
  return new AnyfnError("invalid-payload", "The delivery cannot be decoded. Its cause says why.", {
    cause: thrown,
  });
}

function contentOf(value: object | undefined): Content {
  if (typeof value !== "object" || value === null) return OTHER;
  if ("specversion" in value) return { kind: "events", events: [readCloudEvent(value)] };
  if (isPush(value)) return { kind: "push", push: value };
  if (isBackground(value)) return { kind: "events", events: [fromBackground(value)] };
  return OTHER;
}

/** A push of attributes only has no `data`, and the emulator leaves out what the service always sends. */
function isPush(value: object): value is PushEnvelope {
  const { message } = value as { message?: unknown };
  if (typeof message !== "object" || message === null || Array.isArray(message)) return false;
  return "subscription" in value || "messageId" in message || "message_id" in message;
}

/** What an error shows the keys of: the parsed body, or the headers where there is none. */
export function shapeOf(delivery: Delivery): unknown {
  return delivery.parsed ?? parseObject(delivery.body) ?? delivery.headers;
}

function parseObject(body: Uint8Array | undefined): object | undefined {
  if (body === undefined) return undefined;
  const text = withoutMark(decodeText(body));
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
