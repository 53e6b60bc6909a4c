import type { AttributeValue, StreamRecord } from "@anyfn/core";
import {
  createRecord,
  decodeText,
  decodeTextStrictly,
  fromBase64,
  type Outcome,
  type PayloadSource,
} from "@anyfn/core/adapter";
import type { KafkaRecord } from "../native.ts";
import { invalidPayload } from "./_errors.ts";
import type { RecordOptions } from "./_options.ts";
import { ALL_DONE, type BatchAnswer, throwFailures } from "./_outcomes.ts";
import { dateOfMs } from "./_values.ts";

const SOURCES: readonly unknown[] = ["aws:kafka", "SelfManagedKafka", "aws:SelfManagedKafka"];
const NO_PAYLOAD: PayloadSource = { text: "" };

/** The records of all partitions, one partition after the other; undefined for other events. */
export function kafkaRecordsOf(event: unknown): readonly KafkaRecord[] | undefined {
  const { eventSource, records } = (event ?? {}) as {
    readonly eventSource?: unknown;
    readonly records?: unknown;
  };
  if (!SOURCES.includes(eventSource) || typeof records !== "object" || records === null) return undefined;
  const all: KafkaRecord[] = [];
  for (const [name, list] of Object.entries(records)) {
    if (list === null) continue;
    if (!Array.isArray(list)) throw invalidPayload("stream", `records.${name}`, "is not a list");
    for (const [index, record] of (list as KafkaRecord[]).entries()) {
      const { topic, partition, offset } = record ?? {};
      if (typeof topic !== "string" || typeof partition !== "number" || typeof offset !== "number")
        throw invalidPayload("stream", `records.${name}[${index}]`, "has no topic, partition or offset");
      all.push(record);
    }
  }
  return all;
}

/** The partition as Lambda writes it in the event and reads it in the answer. */
export function partitionOf({ topic, partition }: KafkaRecord): string {
  return `${topic}-${partition}`;
}

/** A record of a Kafka topic; one without a value, which deletes its key, has an empty payload. */
export function fromKafka(record: KafkaRecord): StreamRecord {
  const { offset, timestamp } = record;
  const partition = partitionOf(record);
  const key = base64Of(record, "key");
  const value = base64Of(record, "value");
  return createRecord({
    id: `${partition}@${offset}`,
    payload: value === undefined ? NO_PAYLOAD : { base64: value },
    partitionKey: key === undefined ? undefined : (decodeTextStrictly(fromBase64(key)) ?? key),
    partition,
    sequence: String(offset),
    offset: String(offset),
    // A record without a time has -1.
    time: typeof timestamp === "number" && timestamp >= 0 ? dateOfMs(timestamp) : undefined,
    attributes: headersOf(record),
    raw: record,
  });
}

/** A member in base64. What is no text is refused: as bytes it might have any length. */
function base64Of(record: KafkaRecord, name: "key" | "value"): string | undefined {
  const text: unknown = record[name] ?? undefined;
  if (text === undefined || typeof text === "string") return text;
  throw invalidPayload("stream", `${partitionOf(record)}@${record.offset}.${name}`, "is not text");
}

/** Header values are bytes, which Lambda writes signed. */
function headersOf(record: KafkaRecord): Record<string, AttributeValue> | undefined {
  if (!record.headers?.length) return undefined;
  const headers = Object.create(null) as Record<string, AttributeValue>;
  for (const header of record.headers) {
    for (const name in header) {
      const list: unknown = header[name] ?? [];
      if (!Array.isArray(list)) throw invalidPayload("stream", `headers.${name}`, "is not a list of bytes");
      const bytes = Uint8Array.from(list as number[]);
      headers[name] = decodeTextStrictly(bytes) === undefined ? bytes : decodeText(bytes);
    }
  }
  return headers;
}

/**
 * Reports the first failure of each partition. The identifier is an object; as text it would fail the whole batch.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export function toKafkaAnswer(
  records: readonly KafkaRecord[],
  outcomes: readonly Outcome[],
  options: RecordOptions,
): BatchAnswer {
  if (options.partialFailures === false) throwFailures(outcomes, "stream");
  const failed = new Map<string, number>();
  for (const [index, record] of records.entries()) {
    const partition = partitionOf(record);
    if (outcomes[index] !== undefined && !failed.has(partition)) failed.set(partition, record.offset);
  }
  if (failed.size === 0) return ALL_DONE;
  return {
    batchItemFailures: Array.from(failed, ([partition, offset]) => ({
      itemIdentifier: { partition, offset },
    })),
  };
}
