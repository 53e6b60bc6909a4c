/** An SQS batch with one bad message in ten where `bad`: every other of them invalid, the rest not to be done now. */
export function toBatch(size: number, bad: boolean): object {
  return { Records: Array.from({ length: size }, (_, index) => toRecord(index, bad)) };
}

/** The ids of the bad messages. */
export function badIds(size: number): string[] {
  return Array.from({ length: size }, (_, index) => index)
    .filter(isBad)
    .map(toId);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
function toRecord(index: number, bad: boolean): object {
  const broken = bad && isBad(index);
  const invalid = broken && index % 20 >= 10;
  const message = {
    sku: broken && !invalid ? "sold-out" : `sku-${index}`,
    quantity: invalid ? 0 : 1 + (index % 5),
    note: "leave it with the neighbour, please; the bell is out of order",
  };
  return {
    messageId: toId(index),
    receiptHandle: `AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a${index}`.padEnd(180, "x"),
    body: JSON.stringify(message),
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "1773342238000",
      SenderId: "AIDAIENQZJOLO23YVJ4VO",
      ApproximateFirstReceiveTimestamp: "1773342238012",
    },
    messageAttributes: {
      tenant: { stringValue: "north", stringListValues: [], binaryListValues: [], dataType: "String" },
    },
    md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:eu-central-1:123456789012:orders",
    awsRegion: "eu-central-1",
  };
}

function isBad(index: number): boolean {
  return index % 10 === 4;
}

function toId(index: number): string {
  return `059f36b4-87a3-44ab-83d2-${String(index).padStart(12, "0")}`;
}
