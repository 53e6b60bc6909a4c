import type { AnyFunction, StreamRecord, StreamTrigger } from "@anyfn/core";
import { compileEvents, createRecord, preparePayload, unknownPayload } from "@anyfn/core/adapter";
import { createLambdaContext } from "../context.ts";
import type { KafkaRecord, KinesisRecord, LambdaHandler } from "../native.ts";
import { invalidPayload } from "./_errors.ts";
import { fromKafka, kafkaRecordsOf, partitionOf, toKafkaAnswer } from "./_kafka.ts";
import type { RecordOptions } from "./_options.ts";
import { decodeEach } from "./_outcomes.ts";
import { ONE_SHARD, requireSequences, toShardAnswer } from "./_shard.ts";
import { recordsOf } from "./_sqs.ts";

/**
 * Makes the Lambda handler of a stream function, for Kinesis data streams and for Apache Kafka, on Amazon MSK and
 * self-managed.
 *
 * @example export const handler = streamHandler(onClick);
 */
export function streamHandler(definition: AnyFunction, options: RecordOptions = {}): LambdaHandler {
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
    if (kafka === undefined) throw unknownPayload(event, "aws", "stream", "a Kinesis or Kafka event");
    const ctx = createLambdaContext(context);
    const groupOf = (_record: StreamRecord, index: number) => partitionOf(kafka[index] as KafkaRecord);
    const outcomes = await events.handle(decodeEach(kafka, fromKafka, "stream"), ctx, groupOf);
    await ctx.finish();
    return toKafkaAnswer(kafka, outcomes, options);
  };
}

/** A record of a Kinesis stream. Its id is `shardId-…:sequence number`; its time is in seconds. */
export function fromKinesis(record: KinesisRecord, index: number): StreamRecord {
  const { eventID, kinesis } = record;
  if (typeof kinesis.data !== "string")
    throw invalidPayload("stream", `Records[${index}].kinesis.data`, "is not text");
  const { partitionKey, sequenceNumber, approximateArrivalTimestamp: time } = kinesis;
  const [shard, ...rest] = eventID?.split(":") ?? [];
  return createRecord({
    id: eventID ?? sequenceNumber,
    payload: { base64: kinesis.data },
    partitionKey: partitionKey ?? undefined,
    partition: rest.length > 0 ? shard : undefined,
    sequence: sequenceNumber,
    time: typeof time === "number" ? new Date(Math.round(time * 1000)) : undefined,
    raw: record,
  });
}
