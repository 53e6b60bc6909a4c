import { ruleEvent } from "./eventbridge.ts";
import { records, sqsRecord } from "./messages.ts";
import { snsEnvelope, snsRecord } from "./sns.ts";

const OWNER = { principalId: "A3NL1KOZZKExample" };

/** A key as S3's own notifications write it: `application/x-www-form-urlencoded`, slashes left alone. */
export function s3Key(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+")
    .replaceAll("%2F", "/");
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export function s3Record(key: string, object: object = {}, change: object = {}): object {
  return {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: "eu-west-1",
    eventTime: "2026-03-01T10:00:00.000Z",
    eventName: "ObjectCreated:Put",
    userIdentity: { principalId: "AWS:AIDAJDPLRKLG7UEXAMPLE" },
    requestParameters: { sourceIPAddress: "203.0.113.9" },
    responseElements: { "x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8/IgAtTv8xRjskZQp" },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: "resize",
      bucket: { name: "images", ownerIdentity: OWNER, arn: "arn:aws:s3:::images" },
      object: { key, sequencer: "0065E1A7206F4D2C11", ...object },
    },
    ...change,
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export function s3Event(key: string, object: object = {}, change: object = {}): object {
  return ruleEvent(
    {
      version: "0",
      bucket: { name: "images" },
      object: { key, sequencer: "0065E1A7206F4D2C11", ...object },
      "request-id": "C3D13FE58DE4C810",
      requester: "123456789012",
      "source-ip-address": "203.0.113.9",
      reason: "PutObject",
    },
    {
      source: "aws.s3",
      "detail-type": "Object Created",
      resources: ["arn:aws:s3:::images"],
      ...change,
    },
  );
}

/** A notification directly, through SNS, through SQS, and through both. */
export function everyWayOf(...list: readonly object[]): object[] {
  const notification = JSON.stringify(records(...list));
  return [
    records(...list),
    records(snsRecord(notification)),
    records(sqsRecord(notification)),
    records(sqsRecord(snsEnvelope(notification))),
  ];
}

/** An event of EventBridge by the same ways. */
export function everyWayOfEvent(event: object): object[] {
  const text = JSON.stringify(event);
  return [event, records(snsRecord(text)), records(sqsRecord(text)), records(sqsRecord(snsEnvelope(text)))];
}
