import type { AnyFunction, StorageEvent, StorageTrigger } from "@anyfn/core";
import {
  type CompiledEvents,
  compileEvents,
  type InvocationContext,
  type Outcome,
  prepareStorage,
  unknownPayload,
} from "@anyfn/core/adapter";
import { createLambdaContext } from "../context.ts";
import { watchCrashes } from "../crash.ts";
import type { LambdaHandler, SnsRecord, SqsRecord } from "../native.ts";
import { invalidPayload } from "./_errors.ts";
import type { RecordOptions } from "./_options.ts";
import { ALL_DONE, decodeEach, throwFailures } from "./_outcomes.ts";
import { fromS3 } from "./_s3.ts";
import { parseJson } from "./_sns.ts";
import { bodyOf, contextOf, groupsOf, recordsOf, requireIds, toSqsAnswer } from "./_sqs.ts";

/**
 * Makes the Lambda handler of a storage function, for S3: notifications sent directly, through SNS, through SQS and
 * through both, and events of EventBridge, directly and through the same.
 *
 * @example export const handler = storageHandler(resize);
 */
export function storageHandler(definition: AnyFunction, options: RecordOptions = {}): LambdaHandler {
  watchCrashes();
  const events = compileEvents<StorageTrigger, StorageEvent>(definition, "storage", prepareStorage);
  return async (event, context) => {
    const queued = recordsOf<SqsRecord>(event, "aws:sqs");
    if (queued !== undefined) {
      requireIds(queued, "storage");
      const ctx = createLambdaContext(context, contextOf(queued));
      const outcomes = await handleMessages(events, queued, ctx);
      await ctx.finish();
      return toSqsAnswer(queued, outcomes, options, "storage");
    }
    const ctx = createLambdaContext(context);
    const outcomes = await events.handle(decode(event), ctx);
    await ctx.finish();
    throwFailures(outcomes, "storage");
    return ALL_DONE;
  };
}

/** The changes that came without a queue. */
function decode(event: unknown): (StorageEvent | Error)[] {
  const published = recordsOf<SnsRecord>(event, "aws:sns");
  if (published !== undefined && published.length > 0) {
    return decodeEach(
      published,
      (record, index) => fromMessage(record.Sns, `Records[${index}].Sns`),
      "storage",
    ).flat();
  }
  const changes = fromS3(event);
  if (changes !== undefined) return changes;
  throw unknownPayload(event, "aws", "storage", "an S3 event, direct or through EventBridge, SNS or SQS");
}

/** One message may hold several changes: it is done when all of them are. */
async function handleMessages(
  events: CompiledEvents<StorageEvent>,
  records: readonly SqsRecord[],
  ctx: InvocationContext,
): Promise<Outcome[]> {
  const messages = decodeEach(
    records,
    (record, index) => fromMessage(parseJson(bodyOf(record, index, "storage")), `Records[${index}].body`),
    "storage",
  );
  const messageOf: number[] = [];
  const changes = messages.flatMap((message, index) => {
    const inside: (StorageEvent | Error)[] = message instanceof Error ? [message] : message;
    messageOf.push(...inside.map(() => index));
    return inside;
  });
  const groups = groupsOf(records);
  const groupOf = groups && ((event: StorageEvent, index: number) => groups(event, messageOf[index] ?? 0));
  const outcomes = new Array<Outcome>(records.length).fill(undefined);
  for (const [index, outcome] of (await events.handle(changes, ctx, groupOf)).entries()) {
    outcomes[messageOf[index] ?? 0] ??= outcome;
  }
  return outcomes;
}

function fromMessage(document: unknown, path: string): StorageEvent[] {
  const changes = fromS3(document);
  if (changes !== undefined) return changes;
  throw invalidPayload("storage", path, "holds no event of S3");
}
