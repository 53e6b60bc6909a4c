import type { AnyFunction, Message, QueueTrigger } from "@anyfn/core";
import { compileEvents, createMessage, preparePayload, unknownPayload } from "@anyfn/core/adapter";
import { watchCrashes } from "../crash.ts";
import type { LambdaHandler, SqsRecord } from "../native.ts";
import type { RecordOptions } from "./_options.ts";
import { attributesOf, bodyOf, countOf, groupOf, handleSqs, recordsOf } from "./_sqs.ts";

/**
 * Makes the Lambda handler of a queue function, for SQS queues, standard and FIFO.
 *
 * @example export const handler = queueHandler(fulfil);
 */
export function queueHandler(definition: AnyFunction, options: RecordOptions = {}): LambdaHandler {
  watchCrashes();
  const events = compileEvents<QueueTrigger, Message>(definition, "queue", preparePayload);
  return async (event, context) => {
    const records = recordsOf<SqsRecord>(event, "aws:sqs");
    if (records === undefined) throw unknownPayload(event, "aws", "queue", "an SQS event");
    return handleSqs(events, records, fromSqs, "queue", options, context);
  };
}

/** A message of SQS as the neutral one; what another service put into its body stays there. */
export function fromSqs(record: SqsRecord, index: number): Message {
  return createMessage({
    id: record.messageId,
    payload: { text: bodyOf(record, index, "queue") },
    attributes: attributesOf(record),
    deliveryCount: countOf(record),
    orderingKey: groupOf(record),
    enqueuedMs: record.attributes?.SentTimestamp,
    raw: record,
  });
}
