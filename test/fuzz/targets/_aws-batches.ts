import { gunzipSync } from "node:zlib";
import type { Kind } from "../use.ts";
import type { Witness } from "../witness.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * What is wrong with the answer to a poller. Whatever is not reported counts as done: for each such record the handler
 * must have run to its end.
 */
export function checkBatch(kind: Kind, event: unknown, answer: unknown, witness: Witness): string[] {
  if (kind === "bus" || kind === "schedule") {
    if (answer !== null) return ["a single event was answered"];
    return witness.finished.has(event) ? [] : ["an event was acknowledged that was not handled"];
  }
  const { batchItemFailures } = (answer ?? {}) as { readonly batchItemFailures?: unknown };
  if (!Array.isArray(batchItemFailures)) return ["the answer has no list of failures"];
  const reported = batchItemFailures.map((failure: Json) => failure.itemIdentifier);
  const records = listOf((event as Json).Records);
  const source = records[0]?.eventSource ?? records[0]?.EventSource;
  if (Array.isArray((event as Json).Records) && records.length === 0)
    return reported.length === 0 ? [] : ["failures of an empty batch were reported"];
  if (source === "aws:sqs") return checkSqs(kind, records, reported, witness);
  if (source === "aws:kinesis") return checkShard(records, "kinesis", "sequenceNumber", reported, witness);
  if (source === "aws:dynamodb") return checkShard(records, "dynamodb", "SequenceNumber", reported, witness);
  if ("records" in (event as object)) return checkKafka(event as Json, reported, witness);
  if (reported.length > 0) return ["a source was told failures that it does not read"];
  return checkWhole(kind, event as Json, records, witness);
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** Exactly the messages that were not handled, by identifiers that the poller knows. */
function checkSqs(
  kind: Kind,
  records: Json[],
  reported: unknown[],
  { finished, done, reaction }: Witness,
): string[] {
  const known = new Set(records.map(({ messageId }) => messageId));
  const problems = reported.some((id) => typeof id !== "string" || id === "" || !known.has(id))
    ? ["an identifier was reported that is none of the batch's"]
    : [];
  if (new Set(reported).size !== reported.length) problems.push("an identifier was reported twice");
  const kept = new Set(reported);
  if (kind === "storage") {
    const acknowledged = records.filter(({ messageId }) => !kept.has(messageId));
    const inside = acknowledged.reduce((sum, { body }) => sum + changesIn(body), 0);
    const least = reaction === "every-other" ? 0 : inside;
    if (done < least) problems.push(`${inside} changes were acknowledged, ${done} handled`);
    return problems;
  }
  const failed = new Set(records.filter((record) => !finished.has(record)).map(({ messageId }) => messageId));
  if (failed.size !== kept.size || [...failed].some((id) => !kept.has(id)))
    problems.push(`${failed.size} messages were not handled, ${kept.size} reported`);
  return problems;
}

/** The changes of objects in a message, as deep as it is wrapped; a test event holds none. */
function changesIn(body: unknown): number {
  const document = typeof body === "string" ? parse(body) : body;
  const { Records, Event, Message } = (document ?? {}) as Json;
  if (Array.isArray(Records)) return Records.length;
  if (Event === "s3:TestEvent") return 0;
  return typeof Message === "string" ? changesIn(Message) : 1;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first record that was not handled, and nothing else. */
function checkShard(
  records: Json[],
  member: string,
  name: string,
  reported: unknown[],
  { finished }: Witness,
): string[] {
  const first = records.find((record) => !finished.has(record));
  const expected = first === undefined ? [] : [(first[member] as Json)[name]];
  const isRight = reported.length === expected.length && reported[0] === expected[0];
  return isRight && reported.every((id) => typeof id === "string" && id !== "")
    ? []
    : [`${JSON.stringify(reported)} was reported in the place of ${JSON.stringify(expected)}`];
}

/** The first record of each partition that was not handled. */
function checkKafka(event: Json, reported: unknown[], { finished }: Witness): string[] {
  const first = new Map<string, unknown>();
  for (const record of Object.values(event.records as Json).flatMap(listOf)) {
    const partition = `${record.topic}-${record.partition}`;
    if (!finished.has(record) && !first.has(partition)) first.set(partition, record.offset);
  }
  const expected = Array.from(first, ([partition, offset]) => ({ partition, offset }));
  return JSON.stringify(reported) === JSON.stringify(expected)
    ? []
    : [`${JSON.stringify(reported)} was reported in the place of ${JSON.stringify(expected)}`];
}

/** Operations of a change stream that concern no document. */
const NO_DOCUMENT = new Set(["drop", "dropDatabase", "rename", "invalidate"]);

/** The entries of CloudWatch's logs; its question whether anyone is there has none. */
function entriesOf({ awslogs }: Json): number {
  const text = gunzipSync(Buffer.from(String((awslogs as Json).data), "base64"), {
    maxOutputLength: 2 ** 25,
  });
  const { messageType, logEvents } = JSON.parse(text.toString()) as Json;
  return messageType === "CONTROL_MESSAGE" ? 0 : listOf(logEvents).length;
}

/** Sources that take one verdict on all: an answer means that everything was handled. */
function checkWhole(
  kind: Kind,
  event: Json,
  records: Json[],
  { finished, done, reaction }: Witness,
): string[] {
  if (kind === "changes") {
    const all = listOf(event.events).filter(
      (one) => !NO_DOCUMENT.has(String((one.event as Json).operationType)),
    );
    return all.every((one) => finished.has(one)) ? [] : ["a change was acknowledged that was not handled"];
  }
  if (kind === "stream") {
    const expected = entriesOf(event);
    return done === expected ? [] : [`${expected} log entries were acknowledged, ${done} handled`];
  }
  if (kind === "topic")
    return records.every((one) => finished.has(one))
      ? []
      : ["a message was acknowledged that was not handled"];
  const isPublished = records[0]?.EventSource === "aws:sns";
  const expected = isPublished
    ? records.reduce((sum, { Sns }) => sum + changesIn((Sns as Json).Message), 0)
    : changesIn(event);
  return done === expected || (reaction === "every-other" && done === 0)
    ? []
    : [`${expected} changes were acknowledged, ${done} handled`];
}
