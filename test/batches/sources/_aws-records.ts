import { dataOf, isSpoilt, type Sent, type Source, type State, textOf } from "../source.ts";
import { base64, identifiersIn, isFailed, lambda, reporting, whole } from "./_lambda.ts";

/** Goes on at the identifier that it was given, of the records of one shard. */
function shard(sequenceOf: (message: Sent, index: number) => string) {
  return {
    ...lambda(),
    ordering: "partition",
    expected: (states, messages) => {
      const first = states.findIndex(isFailed);
      return reporting(first === -1 ? [] : [sequenceOf(messages[first] as Sent, first)]);
    },
    kept: (answer, messages) => {
      if ("thrown" in answer) return messages;
      const [sequence] = identifiersIn(answer);
      if (sequence === undefined) return [];
      const first = messages.findIndex((message, index) => sequenceOf(message, index) === sequence);
      return first === -1 ? messages : messages.slice(first);
    },
  } satisfies Partial<Source>;
}

/** As long as a real one, and with more digits than a number keeps. */
const sequenceOf = ({ key }: Sent): string =>
  `4959033827149025660855969${key.replace(/\D/g, "").padStart(8, "0")}`;

/** Identifiers of Kafka are objects; each partition goes on at its own. */
function kafka(eventSource: string) {
  const place = ({ key, group }: Sent) => ({
    partition: `jobs-${group.charCodeAt(0)}`,
    offset: Number(key.replace(/\D/g, "")),
  });
  const byPartition = (messages: readonly Sent[]): [string, Sent[]][] =>
    Object.entries(Object.groupBy(messages, (message) => place(message).partition)) as [string, Sent[]][];
  return {
    ...lambda(),
    ordering: "group",
    undecodable: undefined,
    make: (messages) => ({
      eventSource,
      records: Object.fromEntries(
        byPartition(messages).map(([partition, list]) => [
          partition,
          list.map((message) => ({
            topic: "jobs",
            partition: Number(partition.slice(5)),
            offset: place(message).offset,
            value: base64(textOf(message)),
          })),
        ]),
      ),
    }),
    expected: (states, messages) => {
      const isLost = (message: Sent) => isFailed(states[messages.indexOf(message)] as State);
      return reporting(
        byPartition(messages).flatMap(([, list]) => list.filter(isLost).slice(0, 1).map(place)),
      );
    },
    kept: (answer, messages) => {
      if ("thrown" in answer) return messages;
      const from = new Map(
        (identifiersIn(answer) as ReturnType<typeof place>[]).map(({ partition, offset }) => [
          partition,
          offset,
        ]),
      );
      return messages.filter((message) => {
        const { partition, offset } = place(message);
        return offset >= (from.get(partition) ?? Number.POSITIVE_INFINITY);
      });
    },
  } satisfies Partial<Source>;
}

/** The records of shards and partitions. */
export const records: readonly Source[] = [
  {
    ...shard(sequenceOf),
    name: "Kinesis",
    kind: "stream",
    make: (messages) => ({
      Records: messages.map((message) => ({
        eventID: `shardId-000000000000:${sequenceOf(message)}`,
        eventSource: "aws:kinesis",
        kinesis: {
          partitionKey: message.group,
          sequenceNumber: sequenceOf(message),
          data: isSpoilt(message) ? 5 : base64(textOf(message)),
        },
      })),
    }),
  },
  {
    ...shard(sequenceOf),
    name: "DynamoDB",
    kind: "changes",
    make: (messages) => ({
      Records: messages.map((message) => ({
        eventID: message.key,
        eventSource: "aws:dynamodb",
        eventName: isSpoilt(message) ? "UPSERT" : "INSERT",
        dynamodb: {
          SequenceNumber: sequenceOf(message),
          Keys: { id: { S: message.key } },
          NewImage: { id: { S: message.key }, ok: { BOOL: dataOf(message).ok } },
        },
      })),
    }),
  },
  {
    ...whole,
    name: "DocumentDB",
    kind: "changes",
    ordering: "partition",
    make: (messages) => ({
      eventSource: "aws:docdb",
      events: messages.map((message) => ({
        event: {
          _id: { _data: isSpoilt(message) ? 5 : message.key },
          operationType: "insert",
          documentKey: { _id: message.key },
          fullDocument: { _id: message.key, ok: dataOf(message).ok },
        },
      })),
    }),
  },
  { ...kafka("aws:kafka"), name: "MSK", kind: "stream" },
  { ...kafka("SelfManagedKafka"), name: "Kafka", kind: "stream" },
];
