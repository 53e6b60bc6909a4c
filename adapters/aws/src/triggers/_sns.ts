import type { AttributeValue } from "@anyfn/core";
import { fromBase64 } from "@anyfn/core/adapter";
import type { SnsNotification } from "../native.ts";
import { invalidPayload } from "./_errors.ts";

/**
 * The envelope that SNS puts around a message on its way through a queue, unless raw delivery is on; undefined for
 * any other text. A message of a user's own must have all of its members to be taken for one.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function readEnvelope(body: string): SnsNotification | undefined {
  if (!body.includes('"TopicArn"')) return undefined;
  const json = parseJson(body);
  return isNotification(json) && json.Type === "Notification" ? json : undefined;
}

/** Whether a value has the members of a notification. */
export function isNotification(value: unknown): value is SnsNotification {
  const { MessageId, TopicArn, Message } = (value ?? {}) as Partial<SnsNotification>;
  const hasId = typeof MessageId === "string" && MessageId !== "";
  return hasId && typeof TopicArn === "string" && typeof Message === "string";
}

/** The JSON value of a text, or undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The publisher's attributes; undefined when there are none. */
export function snsAttributes(notification: SnsNotification): Record<string, AttributeValue> | undefined {
  let attributes: Record<string, AttributeValue> | undefined;
  for (const name in notification.MessageAttributes) {
    const attribute = notification.MessageAttributes[name];
    if (!attribute) continue;
    attributes ??= Object.create(null) as Record<string, AttributeValue>;
    const { Type, Value } = attribute;
    if (typeof Value !== "string")
      throw invalidPayload("topic", `MessageAttributes.${name}.Value`, "is not text");
    attributes[name] = Type === "Binary" ? fromBase64(Value) : Value;
  }
  return attributes;
}
