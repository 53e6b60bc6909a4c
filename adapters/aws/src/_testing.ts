import type { HttpV1Event, HttpV2Event, LambdaContext, SqsRecord } from "./native.ts";

/** Lambda's context of an invocation with 30 seconds left. */
export function lambdaContextOf(change: Partial<LambdaContext> = {}): LambdaContext {
  return {
    functionName: "shop",
    functionVersion: "7",
    invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:shop",
    memoryLimitInMB: "512",
    awsRequestId: "00000000-0000-4000-8000-000000000001",
    logGroupName: "/aws/lambda/shop",
    logStreamName: "2026/11/21/[7]0",
    getRemainingTimeInMillis: () => 30_000,
    ...change,
  };
}

interface RequestParts {
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly cookies?: string[];
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly domainName?: string;
  readonly stage?: string;
}

/** A request in payload format 2.0. */
export function v2Event(rawPath: string, parts: RequestParts = {}): HttpV2Event {
  const {
    method = "GET",
    query = "",
    domainName = "api.execute-api.eu-west-1.amazonaws.com",
    ...rest
  } = parts;
  const { headers = {}, stage = "$default", cookies, body, isBase64Encoded = false } = rest;
  return {
    version: "2.0",
    rawPath,
    rawQueryString: query,
    headers,
    ...(cookies === undefined ? {} : { cookies }),
    requestContext: {
      domainName,
      requestId: "gateway-1",
      stage,
      http: { method, path: rawPath, sourceIp: "192.0.2.1" },
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded,
  };
}

/** A request of a REST API. */
export function v1Event(path: string, change: Partial<HttpV1Event> = {}): HttpV1Event {
  return {
    httpMethod: "GET",
    path,
    headers: null,
    multiValueHeaders: null,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    requestContext: {
      domainName: "api.execute-api.eu-west-1.amazonaws.com",
      requestId: "gateway-1",
      stage: "dev",
      identity: { sourceIp: "192.0.2.1" },
    },
    body: null,
    isBase64Encoded: false,
    ...change,
  };
}

/** A request of a load balancer. */
export function albEvent(path: string, change: object = {}): object {
  return {
    requestContext: {
      elb: { targetGroupArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/a/b" },
    },
    httpMethod: "GET",
    path,
    headers: {
      host: "shop.example.org",
      "x-forwarded-proto": "http",
      "x-forwarded-for": "10.0.0.9, 192.0.2.1",
    },
    queryStringParameters: {},
    body: "",
    isBase64Encoded: false,
    ...change,
  };
}

/** A message of a queue; with a group, of a FIFO queue. */
export function sqsRecord(messageId: string, body: string, group?: string): SqsRecord {
  return {
    messageId,
    receiptHandle: "handle",
    body,
    attributes: {
      ApproximateReceiveCount: "2",
      SentTimestamp: "1700000000123",
      ...(group === undefined ? {} : { MessageGroupId: group }),
    },
    messageAttributes: {},
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:eu-west-1:123456789012:orders${group === undefined ? "" : ".fifo"}`,
  };
}

/** What Lambda is answered when these messages failed. */
export function failures(...ids: string[]): object {
  return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** A message as SNS writes it. */
export const notification = {
  Type: "Notification",
  MessageId: "n1",
  TopicArn: "arn:aws:sns:eu-west-1:123456789012:shipments",
  Subject: null,
  Message: '{"parcel":"p1"}',
  Timestamp: "2026-11-21T10:00:00.250Z",
  MessageAttributes: { weight: { Type: "Number", Value: "2.5" }, label: { Type: "Binary", Value: "AP8=" } },
};
