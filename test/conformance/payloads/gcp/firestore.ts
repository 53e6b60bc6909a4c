import protobuf from "protobufjs";
import type { PlainRequest } from "../../../runtimes/hosts/host.ts";
import { binary, structured } from "../node/cloudevents.ts";

/** https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto */
const DocumentEventData = protobuf
  .parse(`
    syntax = "proto3";
    message DocumentEventData { Document value = 1; Document old_value = 2; DocumentMask update_mask = 3; }
    message DocumentMask { repeated string field_paths = 1; }
    message Document {
      string name = 1; map<string, Value> fields = 2; Timestamp create_time = 3; Timestamp update_time = 4;
    }
    message Timestamp { int64 seconds = 1; int32 nanos = 2; }
    message LatLng { double latitude = 1; double longitude = 2; }
    message ArrayValue { repeated Value values = 1; }
    message MapValue { map<string, Value> fields = 1; }
    message Value {
      oneof value_type {
        bool boolean_value = 1; int64 integer_value = 2; double double_value = 3; string reference_value = 5;
        MapValue map_value = 6; LatLng geo_point_value = 8; ArrayValue array_value = 9; Timestamp timestamp_value = 10;
        int32 null_value = 11; string string_value = 17; bytes bytes_value = 18;
      }
    }
  `)
  .root.lookupType("DocumentEventData");

/** What a document is called in events. */
export const DOCUMENT = "projects/shop/databases/(default)/documents/customers/anna";
const TIME = "2026-03-01T10:00:00Z";

/** A value of a document in JSON; what JavaScript has no type for is written by hand. */
export function toFirestore(value: unknown): object {
  if (value === null) return { nullValue: null };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { booleanValue: value };
  if (typeof value === "bigint" || Number.isInteger(value)) return { integerValue: String(value) };
  if (typeof value === "number") return { doubleValue: value };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toFirestore) } };
  return { mapValue: { fields: toFields(value as object) } };
}

/** Fields of a document, or of a map in one. */
export function toFields(document: object): object {
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, toFirestore(value)]));
}

/** A document with its fields. */
export function firestoreDocument(fields: object, change: object = {}): object {
  return { name: DOCUMENT, fields, createTime: TIME, updateTime: TIME, ...change };
}

/** What a change was, and the document around it. */
export interface FirestoreChange {
  readonly verb: "created" | "updated" | "deleted" | "written" | "updated.withAuthContext";
  readonly value?: object;
  readonly oldValue?: object;
  readonly database?: string;
  /** In the place of `customers/anna`, as it stands in the event's attributes. */
  readonly path?: string;
}

/** An event as Eventarc sends it: in JSON, structured and binary, and in protobuf. */
export function firestoreEvents(change: FirestoreChange): PlainRequest[] {
  const { value, oldValue } = change;
  const data = { ...(value && { value }), ...(oldValue && { oldValue }) };
  const event = attributesOf(change);
  return [
    structured({ ...event, datacontenttype: "application/json", data }, "/"),
    binary(escaped(event), JSON.stringify(data), "application/json", "/"),
    firestoreProtobuf(change),
  ];
}

/** The same in protobuf alone. */
export function firestoreProtobuf(change: FirestoreChange): PlainRequest {
  const { value, oldValue } = change;
  const message = {
    ...(value && { value: inProtobuf(value) }),
    ...(oldValue && { oldValue: inProtobuf(oldValue) }),
  };
  const body = DocumentEventData.encode(DocumentEventData.fromObject(message)).finish();
  return binary(escaped(attributesOf(change)), body, "application/protobuf", "/");
}

function attributesOf({
  verb,
  database = "(default)",
  path = "customers/anna",
}: FirestoreChange): Record<string, string> {
  return {
    specversion: "1.0",
    id: "c-1",
    source: `//firestore.googleapis.com/projects/shop/databases/${database}`,
    type: `google.cloud.firestore.document.v1.${verb}`,
    subject: `documents/${path}`,
    time: TIME,
    dataschema:
      "https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto",
    project: "shop",
    location: "eur3",
    database,
    namespace: "(default)",
    document: path,
  };
}

/** Attributes as headers: percent-encoded, but for what can stand there as it is. */
function escaped(event: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(event).map(([name, value]) => [name, value.replace(/[^!-~]|["%]/gu, encodeURIComponent)]),
  );
}

/** JSON's form of timestamps and nulls is text and null; the messages of protobuf have members. */
function inProtobuf(value: unknown, name = ""): unknown {
  if (name === "nullValue") return 0;
  if (typeof value === "string" && /^(?:timestampValue|createTime|updateTime)$/.test(name)) {
    const [, whole = "", fraction = ""] = /^([^.]+?)(?:\.(\d+))?Z$/.exec(value) ?? [];
    return { seconds: String(Date.parse(`${whole}Z`) / 1000), nanos: Number(fraction.padEnd(9, "0")) };
  }
  if (Array.isArray(value)) return value.map((item) => inProtobuf(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inProtobuf(item, key)]));
}
