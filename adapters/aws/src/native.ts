import type { Context } from "@anyfn/core";

/** What Lambda passes as the second argument. @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
export interface LambdaContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly xRayTraceId?: string;
  readonly tenantId?: string;
  readonly clientContext?: unknown;
  readonly identity?: unknown;
  getRemainingTimeInMillis(): number;
}

/** The function that Lambda calls. */
export type LambdaHandler = (event: unknown, context: LambdaContext) => Promise<unknown>;

type Values = Readonly<Record<string, string | undefined>>;
type ListsOfValues = Readonly<Record<string, readonly string[] | undefined>>;

/** A request of an HTTP API in payload format 2.0, or of a function URL. */
export interface HttpV2Event {
  readonly version: "2.0";
  readonly routeKey?: string;
  readonly rawPath: string;
  readonly rawQueryString?: string;
  readonly cookies?: readonly string[] | null;
  readonly headers?: Values | null;
  readonly queryStringParameters?: Values | null;
  readonly pathParameters?: Values | null;
  readonly stageVariables?: Values | null;
  readonly requestContext: {
    readonly apiId?: string;
    readonly domainName?: string;
    readonly requestId?: string;
    readonly stage?: string;
    readonly timeEpoch?: number;
    readonly http: {
      readonly method: string;
      readonly path?: string;
      readonly protocol?: string;
      readonly sourceIp?: string;
      readonly userAgent?: string;
    };
    readonly authorizer?: unknown;
    readonly authentication?: unknown;
  };
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

/** A request of a REST API, or of an HTTP API in payload format 1.0. */
export interface HttpV1Event {
  readonly version?: string;
  readonly resource?: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly headers?: Values | null;
  readonly multiValueHeaders?: ListsOfValues | null;
  readonly queryStringParameters?: Values | null;
  readonly multiValueQueryStringParameters?: ListsOfValues | null;
  readonly pathParameters?: Values | null;
  readonly stageVariables?: Values | null;
  readonly requestContext: {
    readonly apiId?: string;
    readonly domainName?: string;
    readonly requestId?: string;
    readonly stage?: string;
    readonly path?: string;
    readonly identity?: { readonly sourceIp?: string } | null;
    readonly authorizer?: unknown;
  };
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

/** A request of an Application Load Balancer, with single or multi-value headers. */
export interface AlbEvent {
  readonly httpMethod: string;
  readonly path: string;
  readonly headers?: Values | null;
  readonly multiValueHeaders?: ListsOfValues | null;
  readonly queryStringParameters?: Values | null;
  readonly multiValueQueryStringParameters?: ListsOfValues | null;
  readonly requestContext: { readonly elb: { readonly targetGroupArn: string } };
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

/** Any request that reaches an `http` function. */
export type LambdaHttpEvent = HttpV2Event | HttpV1Event | AlbEvent;

/** A message of an SQS queue. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: {
    readonly ApproximateReceiveCount?: string;
    readonly SentTimestamp?: string;
    readonly SenderId?: string;
    readonly ApproximateFirstReceiveTimestamp?: string;
    readonly MessageGroupId?: string;
    readonly MessageDeduplicationId?: string;
    readonly SequenceNumber?: string;
    readonly AWSTraceHeader?: string;
    readonly DeadLetterQueueSourceArn?: string;
  };
  readonly messageAttributes?: Readonly<
    Record<
      string,
      { readonly dataType: string; readonly stringValue?: string; readonly binaryValue?: string } | undefined
    >
  >;
  readonly md5OfBody?: string;
  readonly eventSource: "aws:sqs";
  readonly eventSourceARN: string;
  readonly awsRegion?: string;
}

/** What SNS says about a message, in a Lambda event and in the body of an SQS message alike. */
export interface SnsNotification {
  readonly Type?: string;
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Message: string;
  readonly Subject?: string | null;
  readonly Timestamp?: string;
  readonly MessageAttributes?: Readonly<
    Record<string, { readonly Type: string; readonly Value: string } | undefined>
  >;
}

/** A message of an SNS topic, delivered without a queue. */
export interface SnsRecord {
  readonly EventSource: "aws:sns";
  readonly EventVersion?: string;
  readonly EventSubscriptionArn?: string;
  readonly Sns: SnsNotification;
}

/** An event of EventBridge, schedules of its rules included. */
export interface EventBridgeEvent {
  readonly version?: string;
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account?: string;
  readonly time?: string;
  readonly region?: string;
  readonly resources?: readonly string[];
  readonly detail?: unknown;
}

/** A change of an S3 object, as S3 itself notifies of it. */
export interface S3Record {
  readonly eventSource: "aws:s3";
  readonly eventName: string;
  readonly eventTime?: string;
  readonly awsRegion?: string;
  readonly s3: {
    readonly bucket: { readonly name: string; readonly arn?: string };
    readonly object: {
      readonly key: string;
      readonly size?: number;
      readonly eTag?: string;
      readonly versionId?: string;
      readonly sequencer?: string;
    };
  };
}

/** A value of a DynamoDB item: an object with one member, which names the type. */
export type DynamoValue = Readonly<Record<string, unknown>>;

/** A change of a DynamoDB item. */
export interface DynamoRecord {
  readonly eventID: string;
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly eventSource: "aws:dynamodb";
  readonly eventSourceARN?: string;
  readonly awsRegion?: string;
  readonly userIdentity?: { readonly type?: string; readonly principalId?: string } | null;
  readonly dynamodb: {
    readonly ApproximateCreationDateTime?: number;
    readonly Keys?: Readonly<Record<string, DynamoValue>>;
    readonly OldImage?: Readonly<Record<string, DynamoValue>>;
    readonly NewImage?: Readonly<Record<string, DynamoValue>>;
    readonly SequenceNumber: string;
    readonly SizeBytes?: number;
    readonly StreamViewType?: string;
  };
}

/** A change of a DocumentDB document: an event of its change stream, in extended JSON. */
export interface DocumentDbRecord {
  readonly event: {
    readonly _id: { readonly _data: string };
    readonly operationType: string;
    readonly clusterTime?: unknown;
    readonly documentKey?: Readonly<Record<string, unknown>>;
    readonly fullDocument?: Readonly<Record<string, unknown>> | null;
    readonly fullDocumentBeforeChange?: Readonly<Record<string, unknown>> | null;
    readonly updateDescription?: unknown;
    readonly ns?: { readonly db?: string; readonly coll?: string };
  };
}

/** A record of a Kinesis data stream. */
export interface KinesisRecord {
  readonly eventID: string;
  readonly eventSource: "aws:kinesis";
  readonly eventSourceARN?: string;
  readonly kinesis: {
    readonly partitionKey: string;
    readonly sequenceNumber: string;
    readonly data: string;
    /** Seconds, with a fraction. */
    readonly approximateArrivalTimestamp?: number;
  };
}

/** An entry of a log, as a subscription filter of CloudWatch Logs delivers it. */
export interface LogEvent {
  readonly id: string;
  /** Milliseconds. */
  readonly timestamp: number;
  readonly message: string;
  readonly extractedFields?: Readonly<Record<string, string>>;
}

/** A record of an Apache Kafka topic, on Amazon MSK or self-managed. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp?: number;
  readonly timestampType?: string;
  readonly key?: string | null;
  readonly value?: string | null;
  readonly headers?: readonly Readonly<Record<string, readonly number[]>>[] | null;
}

/** The native payload behind a neutral event, as `raw` holds it on this provider. */
export type LambdaEventOf<Event> = Event extends { readonly request: unknown }
  ? LambdaHttpEvent
  : Event extends { readonly topic: unknown }
    ? SnsRecord | SqsRecord
    : Event extends { readonly deliveryCount: unknown }
      ? SqsRecord
      : Event extends { readonly bucket: unknown }
        ? S3Record | EventBridgeEvent
        : Event extends { readonly keys: unknown }
          ? DynamoRecord | DocumentDbRecord
          : Event extends { readonly partitionKey: unknown }
            ? KinesisRecord | KafkaRecord | LogEvent
            : Event extends { readonly extensions: unknown }
              ? EventBridgeEvent
              : unknown;

/** A neutral event that carries its native payload. */
interface WithRaw {
  readonly raw: unknown;
}

/**
 * The typed way back to the native payload: what Lambda received, or undefined on another provider.
 *
 * @example
 * const record = lambdaEvent(message, ctx);
 * if (record !== undefined) ctx.log.info("received", { queue: record.eventSourceARN });
 */
export function lambdaEvent<Event extends WithRaw>(
  event: Event,
  ctx: Context,
): LambdaEventOf<Event> | undefined {
  return ctx.provider === "aws" ? (event.raw as LambdaEventOf<Event>) : undefined;
}

/** The typed way back to Lambda's context, or undefined on another provider. */
export function lambdaContext(ctx: Context): LambdaContext | undefined {
  return ctx.provider === "aws" ? (ctx.raw as LambdaContext) : undefined;
}
