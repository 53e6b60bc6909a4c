import { gzipSync } from "node:zlib";
import type { FunctionName } from "../functions.ts";

/** Payloads of our own in the documented shapes, with the functions that they reach. */
export type OwnSeeds = Readonly<Record<string, readonly [readonly FunctionName[], unknown]>>;

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const order = JSON.stringify({ sku: "tea", quantity: 2, password: "hunter2-body" });

/** As a caller sends them. */
const headers = {
  Authorization: "Bearer hunter2-token",
  Cookie: "session=hunter2-session; theme=dark",
  "X-Api-Key": "hunter2-key",
  "Content-Type": "application/json",
  Host: "api.shop.example",
  Origin: "https://shop.example",
  "X-Echo": "hello",
  "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
  "X-Forwarded-Proto": "https",
  "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
};
const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
const lowered = Object.fromEntries(
  Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
);

const v2 = (method: string, path: string, body: string | undefined, more: object = {}) => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "q=1&sig=hunter2-sas",
  cookies: ["session=hunter2-session"],
  headers: lowered,
  queryStringParameters: { q: "1", sig: "hunter2-sas" },
  requestContext: {
    domainName: "abc.execute-api.eu-west-1.amazonaws.com",
    http: { method, path, protocol: "HTTP/1.1", sourceIp: "203.0.113.9", userAgent: "curl" },
    requestId: "JKJaXmPLvHcESHA=",
    stage: "$default",
    timeEpoch: 1583348638390,
  },
  ...(body === undefined ? {} : { body }),
  isBase64Encoded: false,
  ...more,
});

const v1 = (method: string, path: string, more: object = {}) => ({
  resource: "/{proxy+}",
  path,
  httpMethod: method,
  headers,
  multiValueHeaders: lists,
  queryStringParameters: { q: "a b&c" },
  multiValueQueryStringParameters: { q: ["a b&c", "d"], sig: ["hunter2-sas"] },
  requestContext: {
    domainName: "xyz.execute-api.eu-west-1.amazonaws.com",
    identity: { sourceIp: "203.0.113.9" },
    requestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    stage: "prod",
  },
  body: order,
  isBase64Encoded: false,
  ...more,
});

const alb = (more: object) => ({
  requestContext: { elb: { targetGroupArn: "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/t/1" } },
  httpMethod: "POST",
  path: "/shared/a%20b",
  body: base64(order),
  isBase64Encoded: true,
  ...more,
});

const sqs = (messageId: string, body: string, more: object = {}) => ({
  messageId,
  receiptHandle: "hunter2-receipt",
  body,
  attributes: { ApproximateReceiveCount: "1", SentTimestamp: "1545082649183" },
  messageAttributes: {
    token: { stringValue: "hunter2-attribute", dataType: "String" },
    hash: { binaryValue: "AAEC", dataType: "Binary" },
  },
  eventSource: "aws:sqs",
  eventSourceARN: "arn:aws:sqs:eu-west-1:123456789012:q",
  ...more,
});
const fifo = (id: string, group: string) =>
  sqs(id, order, {
    attributes: { ApproximateReceiveCount: "2", SentTimestamp: "1545082649183", MessageGroupId: group },
    eventSourceARN: "arn:aws:sqs:eu-west-1:123456789012:q.fifo",
  });

const notification = (Message: string) => ({
  Type: "Notification",
  MessageId: "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
  TopicArn: "arn:aws:sns:eu-west-1:123456789012:t",
  Subject: "hello",
  Message,
  Timestamp: "2024-03-01T12:00:00.000Z",
  MessageAttributes: {
    token: { Type: "String", Value: "hunter2-attribute" },
    b: { Type: "Binary", Value: "AAEC" },
  },
});
const sns = (Message: string) => ({
  EventSource: "aws:sns",
  EventVersion: "1.0",
  Sns: notification(Message),
});

const s3 = (key: string) => ({
  eventVersion: "2.1",
  eventSource: "aws:s3",
  eventTime: "2024-03-01T12:00:00.123Z",
  eventName: "ObjectCreated:Put",
  s3: {
    bucket: { name: "images", arn: "arn:aws:s3:::images" },
    object: { key, size: 1024, eTag: "d41d8", versionId: "v1", sequencer: "0055AED6DCD90281E5" },
  },
});
const s3Event = JSON.stringify({ Records: [s3("red+flower%2B.jpg"), s3("b.jpg")] });
const s3Test = { Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "images" };

const bridge = (more: object) => ({
  version: "0",
  id: "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
  "detail-type": "Order Placed",
  source: "com.shop",
  account: "123456789012",
  time: "2024-03-01T12:00:00Z",
  region: "eu-west-1",
  resources: ["arn:aws:events:eu-west-1:123456789012:rule/nightly"],
  detail: { password: "hunter2-detail" },
  ...more,
});

const kinesis = (sequenceNumber: string, data: string) => ({
  eventID: `shardId-000000000006:${sequenceNumber}`,
  eventSource: "aws:kinesis",
  kinesis: { partitionKey: "p1", sequenceNumber, data, approximateArrivalTimestamp: 1545084650.987 },
});
const logs = gzipSync(
  JSON.stringify({ messageType: "DATA_MESSAGE", logEvents: [{ id: "1", message: "hunter2-log" }] }),
).toString("base64");

const dynamo = (eventName: string, SequenceNumber: string) => ({
  eventID: `e-${SequenceNumber}`,
  eventName,
  eventSource: "aws:dynamodb",
  eventSourceARN: "arn:aws:dynamodb:eu-west-1:123456789012:table/customers/stream/2024",
  dynamodb: {
    ApproximateCreationDateTime: 1709294400,
    Keys: { id: { S: "42" } },
    NewImage: {
      id: { S: "42" },
      total: { N: "12345678901234567890.5" },
      tags: { SS: ["a"] },
      raw: { B: "AAEC" },
      bytes: { BS: ["AAEC"] },
      sizes: { NS: ["1", "2.5"] },
      nested: { M: { list: { L: [{ NULL: true }, { BOOL: false }, { N: "1" }] } } },
      password: { S: "hunter2-item" },
    },
    OldImage: { id: { S: "42" } },
    SequenceNumber,
  },
});

const documents = (operationType: string) => ({
  event: {
    _id: { _data: "0163eeb6e7000000090100000009000041e1" },
    clusterTime: { $timestamp: { t: 1676588775, i: 9 } },
    documentKey: { _id: { $oid: "63eeb6e7d418cd98afb1c1d7" } },
    fullDocument: {
      count: { $numberLong: "9223372036854775807" },
      price: { $numberDecimal: "0.1" },
      at: { $date: { $numberLong: "1709294400000" } },
      raw: { $binary: { base64: "AAEC", subType: "00" } },
      password: "hunter2-document",
    },
    ns: { db: "shop", coll: "orders" },
    operationType,
  },
});

const kafka = (offset: number) => ({
  topic: "clicks",
  partition: 0,
  offset,
  timestamp: 1545084650987,
  timestampType: "CREATE_TIME",
  key: base64("k"),
  value: base64(order),
  headers: [{ token: [104, 117, 110, -1] }],
});

export const AWS_SEEDS: OwnSeeds = {
  "HTTP API": [["http", "root"], v2("POST", "/a/b", order)],
  "HTTP API's order": [["order"], v2("POST", "/orders/42", order)],
  "function URL's upload": [
    ["http"],
    v2("PUT", "/a%20b", gzipSync(order).toString("base64"), {
      isBase64Encoded: true,
      headers: { ...lowered, "content-encoding": "gzip" },
    }),
  ],
  preflight: [
    ["shared"],
    v2("OPTIONS", "/shared/x", undefined, {
      headers: {
        ...lowered,
        "access-control-request-method": "PUT",
        "access-control-request-headers": "x-a",
      },
    }),
  ],
  "REST API": [["http", "shared"], v1("POST", "/shared/x")],
  "HTTP API, format 1.0": [["order"], v1("POST", "/orders/7", { version: "1.0" })],
  "load balancer": [
    ["http", "shared"],
    alb({ headers, queryStringParameters: { q: "a%20b", sig: "hunter2-sas" } }),
  ],
  "load balancer, lists": [
    ["http", "shared"],
    alb({ multiValueHeaders: lists, multiValueQueryStringParameters: { q: ["1", "2"] } }),
  ],
  SQS: [["queue", "orders", "batch"], { Records: [sqs("m-1", order), sqs("m-2", "plain"), sqs("m-3", "5")] }],
  FIFO: [["queue", "orders", "batch"], { Records: [fifo("m-1", "a"), fifo("m-2", "b"), fifo("m-3", "a")] }],
  SNS: [["topic"], { Records: [sns(order)] }],
  "SNS in SQS": [
    ["topic", "queue"],
    { Records: [sqs("m-1", JSON.stringify(notification(order))), sqs("m-2", "raw")] },
  ],
  S3: [["storage"], JSON.parse(s3Event)],
  "S3's test": [["storage"], s3Test],
  "S3 in SQS": [
    ["storage"],
    { Records: [sqs("m-1", s3Event), sqs("m-2", s3Event), sqs("m-3", JSON.stringify(s3Test))] },
  ],
  "S3 in SNS": [["storage"], { Records: [sns(s3Event)] }],
  "S3 in SNS in SQS": [["storage"], { Records: [sqs("m-1", JSON.stringify(notification(s3Event)))] }],
  "S3 by EventBridge": [
    ["storage", "bus"],
    bridge({
      source: "aws.s3",
      "detail-type": "Object Created",
      detail: { bucket: { name: "images" }, object: { key: "a b.jpg", size: 5, etag: "e", sequencer: "1" } },
    }),
  ],
  EventBridge: [["bus"], bridge({})],
  "EventBridge rule": [
    ["schedule"],
    bridge({ source: "aws.events", "detail-type": "Scheduled Event", detail: {} }),
  ],
  Scheduler: [
    ["schedule"],
    bridge({ source: "aws.scheduler", "detail-type": "Scheduled Event", detail: "{}" }),
  ],
  "Scheduler's input": [
    ["schedule"],
    {
      scheduleArn: "arn:aws:scheduler:eu-west-1:1:schedule/default/nightly",
      scheduledTime: "2024-03-01T12:00:00Z",
      executionId: "e-1",
      attemptNumber: "1",
    },
  ],
  Kinesis: [
    ["stream", "streams"],
    { Records: [kinesis("1", base64(order)), kinesis("2", logs), kinesis("3", "/////w==")] },
  ],
  Kafka: [
    ["stream", "streams"],
    {
      eventSource: "aws:kafka",
      eventSourceArn: "arn:aws:kafka:eu-west-1:123456789012:cluster/c/1",
      records: { "clicks-0": [kafka(15), kafka(16)], "clicks-1": [{ ...kafka(3), partition: 1 }] },
    },
  ],
  DynamoDB: [["changes"], { Records: [dynamo("INSERT", "1"), dynamo("MODIFY", "2"), dynamo("REMOVE", "3")] }],
  DocumentDB: [
    ["changes"],
    { eventSource: "aws:docdb", events: ["insert", "update", "delete", "drop"].map(documents) },
  ],
  "a call": [["direct"], { password: "hunter2-input", list: [1, 2] }],
  "CloudWatch Logs": [["direct", "schedule", "stream", "streams"], { awslogs: { data: logs } }],
  "an order": [["vat"], JSON.parse(order)],
};
