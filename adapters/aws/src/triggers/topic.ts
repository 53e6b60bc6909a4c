import type { AnyFunction, TopicMessage, TopicTrigger } from "@anyfn/core";
import { compileEvents, createTopicMessage, preparePayload, unknownPayload } from "@anyfn/core/adapter";
import { createLambdaContext } from "../context.ts";
import { watchCrashes } from "../crash.ts";
import type { LambdaHandler, SnsNotification, SnsRecord, SqsRecord } from "../native.ts";
import { invalidPayload } from "./_errors.ts";
import type { RecordOptions } from "./_options.ts";
import { ALL_DONE, decodeEach, throwFailures } from "./_outcomes.ts";
import { isNotification, readEnvelope, snsAttributes } from "./_sns.ts";
import { attributesOf, bodyOf, countOf, groupOf, handleSqs, recordsOf } from "./_sqs.ts";
import { dateOf, nameOf, textOf } from "./_values.ts";

/**
 * Makes the Lambda handler of a topic function, for SNS topics that are subscribed directly or through an SQS queue,
 * with and without raw message delivery.
 *
 * @example export const handler = topicHandler(onShipment);
 */
export function topicHandler(definition: AnyFunction, options: RecordOptions = {}): LambdaHandler {
  watchCrashes();
  const events = compileEvents<TopicTrigger, TopicMessage>(definition, "topic", preparePayload);
  return async (event, context) => {
    const queued = recordsOf<SqsRecord>(event, "aws:sqs");
    if (queued !== undefined) return handleSqs(events, queued, fromSqs, "topic", options, context);
    const records = recordsOf<SnsRecord>(event, "aws:sns");
    if (records === undefined) {
      throw unknownPayload(event, "aws", "topic", "an SNS event or an SQS event that carries one");
    }
    const ctx = createLambdaContext(context);
    const outcomes = await events.handle(decodeEach(records, fromSns, "topic"), ctx);
    await ctx.finish();
    throwFailures(outcomes, "topic");
    return ALL_DONE;
  };
}

/** A message that SNS delivered itself. */
export function fromSns(record: SnsRecord, index: number): TopicMessage {
  const path = `Records[${index}].Sns`;
  if (!isNotification(record.Sns))
    throw invalidPayload("topic", path, "has no MessageId, TopicArn or Message");
  return fromNotification(record.Sns, record);
}

/** A message that came through a queue. Its id is the one that SNS gave it, where there is one. */
export function fromSqs(record: SqsRecord, index: number): TopicMessage {
  const body = bodyOf(record, index, "topic");
  const envelope = readEnvelope(body);
  if (envelope !== undefined) return fromNotification(envelope, record, record);
  return createTopicMessage({
    id: record.messageId,
    payload: { text: body },
    attributes: attributesOf(record),
    deliveryCount: countOf(record),
    orderingKey: groupOf(record),
    enqueuedMs: record.attributes?.SentTimestamp,
    raw: record,
  });
}

function fromNotification(notification: SnsNotification, raw: unknown, queued?: SqsRecord): TopicMessage {
  return createTopicMessage({
    id: notification.MessageId,
    payload: { text: notification.Message },
    attributes: snsAttributes(notification),
    deliveryCount: queued === undefined ? undefined : countOf(queued),
    orderingKey: queued === undefined ? undefined : groupOf(queued),
    enqueuedAt: dateOf(notification.Timestamp),
    subject: textOf(notification.Subject),
    topic: nameOf(notification.TopicArn),
    raw,
  });
}
