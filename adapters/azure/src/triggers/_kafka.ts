import type { AttributeValue, StreamRecord } from "@anyfn/core";
import { createRecord, decodeTextStrictly, fromBase64 } from "@anyfn/core/adapter";
import { isObject, memberOf, type Opened, type Place, payloadOf, textOf, timeOf } from "./_values.ts";

/**
 * Events of a Kafka topic: the values' bytes with the rest in the metadata, or, where the host does not honour
 * `dataType`, objects that have all of it.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-kafka-trigger#usage
 */
export function fromKafka({ input, metadata }: Opened, invocationId: string): StreamRecord[] {
  const isBatch = Array.isArray(input);
  const bodies: readonly unknown[] = isBatch ? input : [input];
  return bodies.map((body, index) => {
    const place: Place | undefined = isBatch ? { index, count: bodies.length } : undefined;
    const whole = isWhole(body) ? body : undefined;
    const get = (name: "Offset" | "Partition" | "Topic" | "Timestamp" | "Key" | "Headers"): unknown =>
      whole?.[name] ?? memberOf(metadata, name.toLowerCase(), place);
    const offset = textOf(get("Offset"));
    const partition = textOf(get("Partition"));
    const topic = textOf(get("Topic"));
    return createRecord({
      id:
        offset === undefined
          ? `${invocationId}:${index}`
          : [topic, partition, offset].filter(Boolean).join(":"),
      payload: whole === undefined ? payloadOf(body) : valueInside(whole.Value),
      partitionKey: textOf(get("Key")),
      partition,
      sequence: offset,
      offset,
      time: timeOf(get("Timestamp")),
      attributes: headersOf(get("Headers")),
      raw: { body, triggerMetadata: metadata, index },
    });
  });
}

/** The object that the host makes of an event; it knows these members, and a value of the sender's seldom all. */
function isWhole(body: unknown): body is Readonly<Record<string, unknown>> {
  return (
    isObject(body) &&
    !(body instanceof Uint8Array) &&
    "Offset" in body &&
    "Partition" in body &&
    "Topic" in body
  );
}

/** A value inside such an object is the text as it was sent; null marks a deleted key. */
function valueInside(value: unknown): ReturnType<typeof payloadOf> {
  if (typeof value === "string") return { text: value };
  return value === null ? { text: "" } : payloadOf(value);
}

/** Headers are pairs with values in base64. */
function headersOf(list: unknown): Record<string, AttributeValue> | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const headers = Object.create(null) as Record<string, AttributeValue>;
  for (const header of list) {
    if (!isObject(header)) continue;
    const name = textOf(header.Key ?? header.key);
    const value = header.Value ?? header.value;
    if (name === undefined || typeof value !== "string") continue;
    const bytes = fromBase64(value);
    headers[name] = decodeTextStrictly(bytes) ?? bytes;
  }
  return headers;
}
