import type { LambdaHost, LambdaResult } from "../hosts/index.ts";
import type { Deliver, Delivered, Delivery, SentChange, SentMessage } from "./delivery.ts";
import { same } from "./delivery.ts";

const ACCOUNT = "123456789012";
const REGION = "eu-west-1";

/** Delivers as SQS, SNS, EventBridge, S3, DynamoDB Streams, Kinesis and Invoke do. */
export function deliverToLambda(hostOf: (functionName: string) => Promise<LambdaHost>): Deliver {
  return async (functionName, delivery) => {
    const host = await hostOf(functionName);
    if (delivery.trigger !== "topic") return verdicts(delivery, await host.invoke(toEvent(delivery)));
    // SNS invokes a function once for each message.
    const results: Delivered[] = [];
    for (const message of delivery.events) {
      const one: Delivery = { trigger: "topic", events: [message] };
      results.push(...verdicts(one, await host.invoke(toEvent(one))));
    }
    return results;
  };
}

function toEvent(delivery: Delivery): unknown {
  switch (delivery.trigger) {
    case "queue":
      return { Records: delivery.events.map(sqsRecord) };
    case "topic":
      return { Records: delivery.events.map(snsRecord) };
    case "stream":
      return { Records: delivery.events.map(kinesisRecord) };
    case "changes":
      return { Records: delivery.events.map(dynamoRecord) };
    case "direct":
      return delivery.events[0].input;
    case "schedule":
    case "storage":
    case "bus":
      return toSingleEvent(delivery);
  }
}

function toSingleEvent(delivery: Extract<Delivery, { trigger: "schedule" | "storage" | "bus" }>): unknown {
  if (delivery.trigger === "schedule") {
    const resources = [`arn:aws:events:${REGION}:${ACCOUNT}:rule/nightly`];
    return ruleEvent(
      "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
      "aws.events",
      "Scheduled Event",
      delivery.events[0].at,
      {},
      resources,
    );
  }
  if (delivery.trigger === "bus") {
    const { id, source, type, data } = delivery.events[0];
    return ruleEvent(id, source, type, "2026-03-01T10:00:00Z", data, []);
  }
  const { id, bucket, key, size } = delivery.events[0];
  return {
    Records: [
      {
        eventVersion: "2.1",
        eventSource: "aws:s3",
        awsRegion: REGION,
        eventTime: "2026-03-01T10:00:00.000Z",
        eventName: "ObjectCreated:Put",
        responseElements: { "x-amz-request-id": id },
        s3: {
          s3SchemaVersion: "1.0",
          bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
          object: {
            key: encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+"),
            size,
            eTag: "0123456789abcdef0123456789abcdef",
            sequencer: "0055AED6DCD90281E5",
          },
        },
      },
    ],
  };
}

function ruleEvent(
  id: string,
  source: string,
  type: string,
  time: string,
  detail: unknown,
  resources: string[],
): unknown {
  return {
    version: "0",
    id,
    "detail-type": type,
    source,
    account: ACCOUNT,
    time,
    region: REGION,
    resources,
    detail,
  };
}

function sqsRecord({ id, data, attributes }: SentMessage): unknown {
  return {
    messageId: id,
    receiptHandle: `receipt-${id}`,
    body: JSON.stringify(data),
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "1772359200000",
      SenderId: "AIDAEXAMPLE",
      ApproximateFirstReceiveTimestamp: "1772359200010",
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: "String" }]),
    ),
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT}:jobs`,
    awsRegion: REGION,
  };
}

function snsRecord({ id, data, attributes }: SentMessage): unknown {
  const Sns = {
    Type: "Notification",
    MessageId: id,
    TopicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:news`,
    Subject: null,
    Message: JSON.stringify(data),
    Timestamp: "2026-03-01T10:00:00.000Z",
    SignatureVersion: "1",
    Signature: "EXAMPLE",
    SigningCertUrl: "https://sns.example.org/cert.pem",
    UnsubscribeUrl: "https://sns.example.org/unsubscribe",
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, Value]) => [name, { Type: "String", Value }]),
    ),
  };
  const EventSubscriptionArn = `arn:aws:sns:${REGION}:${ACCOUNT}:news:7f2b5c1e-0d9c-4b2e-9f0a-4f1b2c3d4e5f`;
  return { EventVersion: "1.0", EventSource: "aws:sns", EventSubscriptionArn, Sns };
}

function kinesisRecord({ id, data }: SentMessage): unknown {
  return {
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey: "device-1",
      sequenceNumber: id,
      data: Buffer.from(JSON.stringify(data)).toString("base64"),
      approximateArrivalTimestamp: 1772359200.5,
    },
    eventSource: "aws:kinesis",
    eventVersion: "1.0",
    eventID: `shardId-000000000000:${id}`,
    eventName: "aws:kinesis:record",
    invokeIdentityArn: `arn:aws:iam::${ACCOUNT}:role/clicks`,
    awsRegion: REGION,
    eventSourceARN: `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/clicks`,
  };
}

function dynamoRecord({ id, collection, after }: SentChange): unknown {
  return {
    eventID: id,
    eventName: "MODIFY",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: REGION,
    dynamodb: {
      ApproximateCreationDateTime: 1772359200,
      Keys: { id: { S: after.id } },
      NewImage: { id: { S: after.id }, name: { S: after.name }, count: { N: String(after.count) } },
      SequenceNumber: id,
      SizeBytes: 60,
      StreamViewType: "NEW_IMAGE",
    },
    eventSourceARN: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${collection}/stream/2026-03-01T00:00:00.000`,
  };
}

function verdicts(delivery: Delivery, result: LambdaResult): readonly Delivered[] {
  if (!result.ok) return same(delivery, { status: "failed", reason: result.error.errorMessage });
  if (result.kind === "stream") throw new Error("An event function streamed its answer.");
  if (delivery.trigger === "direct") return [{ status: "done", output: result.payload }];
  const failed = failedIds(result.payload);
  const stops = delivery.trigger === "stream" || delivery.trigger === "changes";
  const ids = delivery.events.map((event) => ("id" in event ? event.id : ""));
  // A shard is delivered again from the lowest failed sequence number on.
  const first = stops ? ids.findIndex((id) => failed.includes(id)) : -1;
  return ids.map((id, index) => {
    const again = failed.includes(id) || (first !== -1 && index > first);
    return again ? { status: "failed", reason: "reported in batchItemFailures" } : { status: "done" };
  });
}

function failedIds(payload: unknown): readonly string[] {
  const failures = (payload as { batchItemFailures?: readonly { itemIdentifier: string }[] } | null)
    ?.batchItemFailures;
  return (failures ?? []).map((failure) => failure.itemIdentifier);
}
