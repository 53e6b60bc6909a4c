import type { AttributeValue, TriggerKind } from "@anyfn/core";
import { type CompiledEvents, fromBase64, type GroupOf, type Outcome } from "@anyfn/core/adapter";
import { createLambdaContext, type LambdaContextInit, parseXRay } from "../context.ts";
import type { LambdaContext, SqsRecord } from "../native.ts";
import { invalidPayload } from "./_errors.ts";
import type { RecordOptions } from "./_options.ts";
import { ALL_DONE, type BatchAnswer, decodeEach, throwFailures } from "./_outcomes.ts";
import { countOf as countOfText } from "./_values.ts";

/** The records of an event whose first one names the source, an empty list included; undefined for other events. */
export function recordsOf<Native>(event: unknown, source: string): readonly Native[] | undefined {
  const records = (event as { Records?: unknown } | null | undefined)?.Records;
  if (!Array.isArray(records)) return undefined;
  const first = records[0] as { eventSource?: unknown; EventSource?: unknown } | null | undefined;
  if (records.length > 0 && first?.eventSource !== source && first?.EventSource !== source) return undefined;
  return records as Native[];
}

/** Handles the messages of a batch, each decoded for its trigger, and reports those that failed. */
export async function handleSqs<Event>(
  events: CompiledEvents<Event>,
  records: readonly SqsRecord[],
  decode: (record: SqsRecord, index: number) => Event,
  trigger: TriggerKind,
  options: RecordOptions,
  context: LambdaContext,
): Promise<BatchAnswer> {
  requireIds(records, trigger);
  const ctx = createLambdaContext(context, contextOf(records));
  const outcomes = await events.handle(decodeEach(records, decode, trigger), ctx, groupsOf(records));
  await ctx.finish();
  return toSqsAnswer(records, outcomes, options, trigger);
}

/** Refuses a batch in which a message could not be reported as failed: then all of it has to be delivered again. */
export function requireIds(records: readonly SqsRecord[], trigger: TriggerKind): void {
  for (let index = 0; index < records.length; index++) {
    const id: unknown = records[index]?.messageId;
    if (typeof id !== "string" || id === "") {
      throw invalidPayload(trigger, `Records[${index}].messageId`, "is not text");
    }
  }
}

/** The text of a message. */
export function bodyOf(record: SqsRecord, index: number, trigger: TriggerKind): string {
  if (typeof record.body === "string") return record.body;
  throw invalidPayload(trigger, `Records[${index}].body`, "is not text");
}

/**
 * Messages of one group are ordered in a FIFO queue. A standard queue has groups too, which only share its capacity
 * fairly.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export function groupOf(record: SqsRecord): string | undefined {
  const group: unknown = record.attributes?.MessageGroupId;
  return isFifo(record) && typeof group === "string" ? group : undefined;
}

function isFifo({ eventSourceARN }: SqsRecord): boolean {
  return typeof eventSourceARN === "string" && eventSourceARN.endsWith(".fifo");
}

/** How the messages are grouped, by index; undefined for a standard queue. */
export function groupsOf(records: readonly SqsRecord[]): GroupOf<unknown> | undefined {
  if (records[0] === undefined || !isFifo(records[0])) return undefined;
  // Every message of such a queue has a group; without one, nobody knows what it must wait for.
  return (_event, index) => groupOf(records[index] as SqsRecord) ?? "";
}

/** What one message tells about the invocation; several tell nothing in common. */
export function contextOf(records: readonly SqsRecord[]): LambdaContextInit | undefined {
  const [record] = records;
  if (record === undefined || records.length > 1) return undefined;
  return { attempt: countOf(record), trace: () => parseXRay(record.attributes?.AWSTraceHeader) };
}

/** Deliveries so far. */
export function countOf(record: SqsRecord): number | undefined {
  return countOfText(record.attributes?.ApproximateReceiveCount);
}

/** The sender's attributes; undefined when there are none. */
export function attributesOf(record: SqsRecord): Record<string, AttributeValue> | undefined {
  let attributes: Record<string, AttributeValue> | undefined;
  for (const name in record.messageAttributes) {
    const attribute = record.messageAttributes[name];
    if (!attribute) continue;
    attributes ??= Object.create(null) as Record<string, AttributeValue>;
    const isBinary = attribute.dataType?.startsWith("Binary") === true;
    const value: unknown = (isBinary ? attribute.binaryValue : attribute.stringValue) ?? "";
    if (typeof value !== "string") throw invalidPayload("queue", `messageAttributes.${name}`, "is not text");
    attributes[name] = isBinary ? fromBase64(value) : value;
  }
  return attributes;
}

/**
 * Reports what failed. Lambda reads the list only with `ReportBatchItemFailures`; without it, nothing but a throw
 * keeps a message.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function toSqsAnswer(
  records: readonly SqsRecord[],
  outcomes: readonly Outcome[],
  options: RecordOptions,
  trigger: TriggerKind,
): BatchAnswer {
  if (options.partialFailures === false) throwFailures(outcomes, trigger);
  let failed: Set<string> | undefined;
  for (let index = 0; index < records.length; index++) {
    if (outcomes[index] === undefined) continue;
    failed ??= new Set();
    failed.add((records[index] as SqsRecord).messageId);
  }
  if (failed === undefined) return ALL_DONE;
  return { batchItemFailures: Array.from(failed, (itemIdentifier) => ({ itemIdentifier })) };
}
