import type { ChangeAction, ChangeEvent } from "@anyfn/core";
import { fromBase64 } from "@anyfn/core/adapter";
import type { DynamoRecord, DynamoValue } from "../native.ts";
import { invalidPayload } from "./_errors.ts";
import { exactNumber } from "./_numbers.ts";
import { dateOfMs, textOf } from "./_values.ts";

type Item = Readonly<Record<string, DynamoValue>>;

const ACTIONS: Readonly<Record<string, ChangeAction>> = {
  INSERT: "created",
  MODIFY: "updated",
  REMOVE: "deleted",
};

/** A change of an item. Which images there are is for the stream's view type to say. */
export function fromDynamo(record: DynamoRecord, index: number): ChangeEvent {
  const path = `Records[${index}]`;
  const action = Object.hasOwn(ACTIONS, record.eventName) ? ACTIONS[record.eventName] : undefined;
  if (action === undefined)
    throw invalidPayload("changes", `${path}.eventName`, "is none of INSERT, MODIFY and REMOVE");
  const { Keys, OldImage, NewImage, SequenceNumber, ApproximateCreationDateTime } = record.dynamodb;
  return {
    id: textOf(record.eventID) || SequenceNumber,
    action,
    keys: decodeItem(Keys ?? {}, `${path}.dynamodb.Keys`),
    before: OldImage ? decodeItem(OldImage, `${path}.dynamodb.OldImage`) : undefined,
    after: NewImage ? decodeItem(NewImage, `${path}.dynamodb.NewImage`) : undefined,
    sequence: SequenceNumber,
    time: timeOf(ApproximateCreationDateTime),
    expired: isExpiry(record),
    collection: /:table\/([^/]+)/.exec(record.eventSourceARN ?? "")?.[1],
    database: undefined,
    raw: record,
  };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html */
function isExpiry({ eventName, userIdentity }: DynamoRecord): boolean {
  return (
    eventName === "REMOVE" &&
    userIdentity?.type === "Service" &&
    userIdentity.principalId === "dynamodb.amazonaws.com"
  );
}

/** Seconds, or milliseconds where the stream was set to them. */
function timeOf(stamp: number | undefined): Date | undefined {
  if (typeof stamp !== "number") return undefined;
  return dateOfMs(Math.round(stamp > 1e11 ? stamp : stamp * 1000));
}

function decodeItem(item: Item, path: string): Readonly<Record<string, unknown>> {
  if (typeof item !== "object" || item === null || Array.isArray(item))
    throw invalidPayload("changes", path, "is not an item");
  // Unlike an assignment, this makes a member of an attribute named `__proto__`.
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, decodeValue(value, `${path}.${name}`)]),
  );
}

/**
 * A value by its type; sets become lists, which is what they are on every other provider.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
function decodeValue(value: DynamoValue, path: string): unknown {
  for (const type in value) {
    const inner = value[type];
    switch (type) {
      case "S":
      case "BOOL":
      case "SS":
        return inner;
      case "N":
        return exactNumber(inner as string);
      case "B":
        return bytesOf(inner, path);
      case "NULL":
        return null;
      case "M":
        return decodeItem(inner as Item, path);
      case "L":
        return (inner as DynamoValue[]).map((item, index) => decodeValue(item, `${path}[${index}]`));
      case "NS":
        return (inner as string[]).map(exactNumber);
      case "BS":
        return (inner as unknown[]).map((item) => bytesOf(item, path));
    }
  }
  throw invalidPayload("changes", path, "is no value of DynamoDB");
}

/** What is no text is refused: as bytes it might have any length. */
function bytesOf(value: unknown, path: string): Uint8Array {
  if (typeof value !== "string") throw invalidPayload("changes", path, "is not text in base64");
  return fromBase64(value);
}
