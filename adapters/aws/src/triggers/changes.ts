import type { AnyFunction, ChangeEvent, ChangesTrigger } from "@anyfn/core";
import { compileEvents, prepareChange, unknownPayload } from "@anyfn/core/adapter";
import { createLambdaContext } from "../context.ts";
import { watchCrashes } from "../crash.ts";
import type { DocumentDbRecord, DynamoRecord, LambdaHandler } from "../native.ts";
import { fromDocumentDb, isDocumentChange } from "./_documentdb.ts";
import { fromDynamo } from "./_dynamodb.ts";
import type { RecordOptions } from "./_options.ts";
import { ALL_DONE, decodeEach, throwFailures } from "./_outcomes.ts";
import { ONE_SHARD, requireSequences, toShardAnswer } from "./_shard.ts";
import { recordsOf } from "./_sqs.ts";

/**
 * Makes the Lambda handler of a changes function, for the streams of DynamoDB tables and DocumentDB collections.
 *
 * @example export const handler = changesHandler(onCustomer);
 */
export function changesHandler(definition: AnyFunction, options: RecordOptions = {}): LambdaHandler {
  watchCrashes();
  const events = compileEvents<ChangesTrigger, ChangeEvent>(definition, "changes", prepareChange);
  return async (event, context) => {
    const records = recordsOf<DynamoRecord>(event, "aws:dynamodb");
    if (records !== undefined) {
      const sequences = requireSequences(records, (record) => record.dynamodb?.SequenceNumber, "changes");
      const ctx = createLambdaContext(context);
      const outcomes = await events.handle(decodeEach(records, fromDynamo, "changes"), ctx, ONE_SHARD);
      await ctx.finish();
      return toShardAnswer(event, sequences, outcomes, options, "changes");
    }
    const documents = documentsOf(event);
    if (documents === undefined) {
      throw unknownPayload(event, "aws", "changes", "a DynamoDB or DocumentDB stream event");
    }
    const ctx = createLambdaContext(context);
    const changes = documents.filter(isDocumentChange);
    if (changes.length < documents.length) {
      ctx.log.warn("Events about a whole collection or database, such as a drop, are passed over.");
    }
    const outcomes = await events.handle(decodeEach(changes, fromDocumentDb, "changes"), ctx, ONE_SHARD);
    await ctx.finish();
    // DocumentDB's poller reads no list of failures.
    throwFailures(outcomes, "changes");
    return ALL_DONE;
  };
}

function documentsOf(event: unknown): readonly DocumentDbRecord[] | undefined {
  const { eventSource, events } = (event ?? {}) as {
    readonly eventSource?: unknown;
    readonly events?: unknown;
  };
  return eventSource === "aws:docdb" && Array.isArray(events) ? (events as DocumentDbRecord[]) : undefined;
}
