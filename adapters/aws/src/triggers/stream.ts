import type { AnyFunction, StreamRecord, StreamTrigger } from "@anyfn/core";
import {
  type CompiledEvents,
  compileEvents,
  createRecord,
  preparePayload,
  unknownPayload,
} from "@anyfn/core/adapter";
import { createLambdaContext } from "../context.ts";
import { watchCrashes } from "../crash.ts";
import type { KafkaRecord, KinesisRecord, LambdaContext, LambdaHandler } from "../native.ts";
import { invalidPayload } from "./_errors.ts";
import { fromKafka, kafkaRecordsOf, partitionOf, toKafkaAnswer } from "./_kafka.ts";
import { logRecordsOf } from "./_logs.ts";
import type { RecordOptions } from "./_options.ts";
import { ALL_DONE, type BatchAnswer, decodeEach, throwFailures } from "./_outcomes.ts";
import { ONE_SHARD, requireSequences, toShardAnswer } from "./_shard.ts";
import { recordsOf } from "./_sqs.ts";
import { dateOfMs, textOf } from "./_values.ts";

/**
 * Makes the Lambda handler of a stream function, for Kinesis data streams, for Apache Kafka, on Amazon MSK and
 * self-managed, and for subscription filters of CloudWatch Logs.
 *
 * @example export const handler = streamHandler(onClick);
 */
export function streamHandler(definition: AnyFunction, options: RecordOptions = {}): LambdaHandler {
  watchCrashes();
  const events = compileEvents<StreamTrigger, StreamRecord>(definition, "stream", preparePayload);
  return async (event, context) => {
    const records = recordsOf<KinesisRecord>(event, "aws:kinesis");
    if (records !== undefined) {
      const sequences = requireSequences(records, (record) => record.kinesis?.sequenceNumber, "stream");
      const ctx = createLambdaContext(context);
      const outcomes = await events.handle(decodeEach(records, fromKinesis, "stream"), ctx, ONE_SHARD);
      await ctx.finish();
      return toShardAnswer(event, sequences, outcomes, options, "stream");
    }
    const kafka = kafkaRecordsOf(event);
    if (kafka === undefined) return handleLogs(events, event, context);
    const ctx = createLambdaContext(context);
    const groupOf = (_record: StreamRecord, index: number) => partitionOf(kafka[index] as KafkaRecord);
    const outcomes = await events.handle(decodeEach(kafka, fromKafka, "stream"), ctx, groupOf);
    await ctx.finish();
    return toKafkaAnswer(kafka, outcomes, options);
  };
}

/** Lambda itself delivers logs again as any asynchronous event, and has one verdict for all entries. */
async function handleLogs(
  events: CompiledEvents<StreamRecord>,
  event: unknown,
  context: LambdaContext,
): Promise<BatchAnswer> {
  const logs = logRecordsOf(event);
  if (logs === undefined)
    throw unknownPayload(event, "aws", "stream", "a Kinesis, Kafka or CloudWatch Logs event");
  const ctx = createLambdaContext(context);
  const outcomes = await events.handle(logs, ctx, ONE_SHARD);
  await ctx.finish();
  throwFailures(outcomes, "stream");
  return ALL_DONE;
}

/** A record of a Kinesis stream. Its id is `shardId-…:sequence number`; its time is in seconds. */
export function fromKinesis(record: KinesisRecord, index: number): StreamRecord {
  const { eventID, kinesis } = record;
  if (typeof kinesis.data !== "string")
    throw invalidPayload("stream", `Records[${index}].kinesis.data`, "is not text");
  const { partitionKey, sequenceNumber, approximateArrivalTimestamp: time } = kinesis;
  const id = textOf(eventID) || sequenceNumber;
  const [shard, ...rest] = id.split(":");
  return createRecord({
    id,
    payload: { base64: kinesis.data },
    partitionKey: textOf(partitionKey),
    partition: rest.length > 0 ? shard : undefined,
    sequence: sequenceNumber,
    time: typeof time === "number" ? dateOfMs(Math.round(time * 1000)) : undefined,
    raw: record,
  });
}
