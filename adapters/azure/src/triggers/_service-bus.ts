import type { Trace } from "@anyfn/core";
import { type GroupOf, type MessageInit, parseTraceparent } from "@anyfn/core/adapter";
import type { AzureMetadata } from "../native.ts";
import {
  attributesOf,
  countOf,
  malformed,
  memberOf,
  type Opened,
  type Place,
  payloadOf,
  textOf,
  timeOf,
} from "./_values.ts";

/**
 * Messages of a Service Bus queue or subscription: one, or a batch with a list for every member of the metadata.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger#message-metadata
 */
export function fromServiceBus<Message>(
  { input, metadata }: Opened,
  trigger: string,
  create: (init: MessageInit) => Message,
): (Message | Error)[] {
  if (!isBatch(input, metadata)) return [fromMessage(input, metadata, undefined, trigger, create)];
  return input.map((body, index) =>
    fromMessage(body, metadata, { index, count: input.length }, trigger, create),
  );
}

/** A single message may be a JSON list itself, so that the metadata decides: that one has an id of its own. */
function isBatch(input: unknown, metadata: AzureMetadata): input is unknown[] {
  return Array.isArray(input) && metadata.messageId === undefined && metadata.sequenceNumber === undefined;
}

function fromMessage<Message>(
  body: unknown,
  metadata: AzureMetadata,
  place: Place | undefined,
  trigger: string,
  create: (init: MessageInit) => Message,
): Message | Error {
  const get = (name: string): unknown => memberOf(metadata, name, place);
  const id = idOf(get("messageId")) ?? textOf(get("sequenceNumber"));
  if (id === undefined) {
    return malformed(
      trigger,
      place === undefined ? "messageId" : `messageIdArray[${place.index}]`,
      "is missing",
    );
  }
  return create({
    id,
    payload: payloadOf(body),
    attributes: attributesOf(get("applicationProperties")) ?? attributesOf(get("userProperties")),
    deliveryCount: countOf(get("deliveryCount")),
    orderingKey: textOf(get("sessionId")),
    enqueuedAt: timeOf(get("enqueuedTimeUtc")) ?? timeOf(get("enqueuedTime")),
    subject: textOf(get("subject")) ?? textOf(get("label")),
    raw: { body, triggerMetadata: metadata, index: place?.index ?? 0 },
  });
}

/** The sender's id. The library parses one that looks like a number, which beyond 2^53 is that of other messages, too. */
function idOf(value: unknown): string | undefined {
  return typeof value === "number" && !Number.isSafeInteger(value) ? undefined : textOf(value);
}

/** Messages by session, in which they are ordered: a message that cannot be read holds up those behind it, too. */
export function sessionsOf({ input, metadata }: Opened): GroupOf<unknown> {
  const count = Array.isArray(input) ? input.length : 0;
  return (_message, index) => textOf(memberOf(metadata, "sessionId", { index, count }));
}

/** The trace that a single message's sender attached; the library lowers the first letter of its name. */
export function traceOf(metadata: AzureMetadata): Trace | undefined {
  const attributes = attributesOf(metadata.applicationProperties) ?? attributesOf(metadata.userProperties);
  const parent = attributes?.traceparent ?? attributes?.["diagnostic-Id"] ?? attributes?.["Diagnostic-Id"];
  return typeof parent === "string" ? parseTraceparent(parent) : undefined;
}
