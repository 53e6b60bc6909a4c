const ACCOUNT = "123456789012";
const REGION = "eu-west-1";

/** A batch as every polled source hands it over. */
export function records(...list: readonly object[]): object {
  return { Records: list };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function sqsRecord(body: string, change: object = {}): object {
  return {
    messageId: "9f3a1c52-6d0e-4f6b-8a55-0c2f1b7e9d41",
    receiptHandle: "AQEBzWwaftRI0KuVm4tP+/7q1rGgNqicHq",
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "1772359200123",
      SenderId: "AIDAIENQZJOLO23YVJ4VO",
      ApproximateFirstReceiveTimestamp: "1772359200456",
    },
    messageAttributes: {},
    md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT}:orders`,
    awsRegion: REGION,
    ...change,
  };
}

/** The same in a FIFO queue: messages of a group are in order. */
export function fifoRecord(body: string, group: string, change: object = {}): object {
  const record = sqsRecord(body) as { readonly attributes: object };
  const attributes = {
    ...record.attributes,
    SequenceNumber: "18849496460467696128",
    MessageGroupId: group,
    MessageDeduplicationId: `once-${body}`,
  };
  const eventSourceARN = `arn:aws:sqs:${REGION}:${ACCOUNT}:orders.fifo`;
  return { ...record, attributes, eventSourceARN, ...change };
}
