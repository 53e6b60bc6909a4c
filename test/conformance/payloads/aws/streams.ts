import { gzipSync } from "node:zlib";

const SEQUENCE = "49590338271490256608559692538361571095921575989136588898";

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
export function kinesisRecord(
  payload: string | Uint8Array,
  kinesis: object = {},
  change: object = {},
): object {
  return {
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey: "p-1",
      sequenceNumber: SEQUENCE,
      data: Buffer.from(payload).toString("base64"),
      approximateArrivalTimestamp: 1772359200.123,
      ...kinesis,
    },
    eventSource: "aws:kinesis",
    eventVersion: "1.0",
    eventID: `shardId-000000000006:${SEQUENCE}`,
    eventName: "aws:kinesis:record",
    invokeIdentityArn: "arn:aws:iam::123456789012:role/lambda-role",
    awsRegion: "eu-west-1",
    eventSourceARN: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
    ...change,
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html */
export function mskEvent(records: object): object {
  return {
    eventSource: "aws:kafka",
    eventSourceArn:
      "arn:aws:kafka:eu-west-1:123456789012:cluster/shop/751d2973-a626-431c-9d4e-d7975eb44dd7-2",
    bootstrapServers: "b-1.shop.abcd1e.c2.kafka.eu-west-1.amazonaws.com:9092",
    records,
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html */
export function selfManagedKafkaEvent(records: object): object {
  return { eventSource: "SelfManagedKafka", bootstrapServers: "kafka.shop.example:9092", records };
}

/** A record of the topic `clicks`; one without a value deletes its key. */
export function kafkaRecord(payload: string | Uint8Array | null, change: object = {}): object {
  return {
    topic: "clicks",
    partition: 0,
    offset: 15,
    timestamp: 1772359200123,
    timestampType: "CREATE_TIME",
    key: Buffer.from("p-1").toString("base64"),
    value: payload === null ? null : Buffer.from(payload).toString("base64"),
    headers: [],
    ...change,
  };
}

/** What a subscription filter of CloudWatch Logs delivers: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
export function logsEvent(logs: object): object {
  return { awslogs: { data: gzipSync(JSON.stringify(logs)).toString("base64") } };
}

/** Entries of a log, before they are packed. */
export function logs(messages: readonly string[], change: object = {}): object {
  return {
    messageType: "DATA_MESSAGE",
    owner: "123456789012",
    logGroup: "/aws/lambda/shop",
    logStream: "2026/03/01/[$LATEST]4b1c",
    subscriptionFilters: ["all"],
    logEvents: messages.map((message, index) => ({
      id: `3856960479845315376411526807436346841914951710354381209${index}`,
      timestamp: 1772359200123 + index,
      message,
    })),
    ...change,
  };
}

/** https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html */
export function firehoseEvent(...payloads: readonly string[]): object {
  return {
    invocationId: "2b4d1ad9-2f48-94bd-a088-767c317e994a",
    deliveryStreamArn: "arn:aws:firehose:eu-west-1:123456789012:deliverystream/clicks",
    sourceKinesisStreamArn: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
    region: "eu-west-1",
    records: payloads.map((payload, index) => ({
      recordId: `record-${index + 1}`,
      approximateArrivalTimestamp: 1772359200123,
      data: Buffer.from(payload).toString("base64"),
    })),
  };
}
