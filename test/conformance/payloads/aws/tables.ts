const STREAM = "arn:aws:dynamodb:eu-west-1:123456789012:table/customers/stream/2026-03-01T00:00:00.000";

/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
export function dynamoRecord(dynamodb: object = {}, change: object = {}): object {
  return {
    eventID: "c-1",
    eventName: "MODIFY",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: "eu-west-1",
    dynamodb: {
      ApproximateCreationDateTime: 1772359200,
      Keys: { id: { S: "anna" } },
      SequenceNumber: "41",
      SizeBytes: 26,
      StreamViewType: "NEW_AND_OLD_IMAGES",
      ...dynamodb,
    },
    eventSourceARN: STREAM,
    ...change,
  };
}

/** A value of an item; what JavaScript has no type for is written by hand. */
export function toDynamo(value: unknown): object {
  if (value === null) return { NULL: true };
  if (typeof value === "string") return { S: value };
  if (typeof value === "boolean") return { BOOL: value };
  if (typeof value === "number" || typeof value === "bigint") return { N: String(value) };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return { L: value.map(toDynamo) };
  return { M: toItem(value as object) };
}

/** An item, or an image of one. */
export function toItem(document: object): object {
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, toDynamo(value)]));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html */
export function documentDb(...events: readonly object[]): object {
  return {
    eventSourceArn: "arn:aws:rds:eu-west-1:123456789012:cluster:shop",
    events: events.map((event) => ({ event })),
    eventSource: "aws:docdb",
  };
}

/** A change of a document, in relaxed extended JSON. */
export function documentDbEvent(change: object = {}): object {
  return {
    _id: { _data: "0169a40ba0000000290100000029000041e1" },
    clusterTime: { $timestamp: { t: 1772359200, i: 41 } },
    documentKey: { _id: { $oid: "69a40ba0d418cd98afb1c1d7" } },
    ns: { db: "shop", coll: "customers" },
    operationType: "update",
    updateDescription: { removedFields: [], updatedFields: {}, truncatedArrays: [] },
    ...change,
  };
}
