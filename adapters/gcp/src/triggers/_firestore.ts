import { decodeText, fromBase64 } from "@anyfn/core/adapter";
import { invalid } from "./_invalid.ts";
import { fieldsOf, toDouble, toInt64, type WireField } from "./_wire.ts";

/** A Firestore document with plain values. */
export interface FirestoreDocument {
  /** `projects/P/databases/D/documents/…` */
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** RFC 3339 text, to the nanosecond. */
  readonly createTime: string | undefined;
  readonly updateTime: string | undefined;
}

/** What a Firestore event says, the same for its JSON and its protobuf form. */
export interface FirestoreData {
  readonly value: FirestoreDocument | undefined;
  readonly oldValue: FirestoreDocument | undefined;
  /** Paths of the changed fields; undefined for created and deleted documents. */
  readonly updateMask: readonly string[] | undefined;
}

/**
 * Reads `google.events.cloud.firestore.v1.DocumentEventData`, as protobuf bytes or as JSON.
 *
 * Integers are numbers, or bigint beyond 2^53; timestamps RFC 3339 text, because a `Date` would lose their nanoseconds;
 * references the resource name; geo points `{ latitude, longitude }`; bytes a `Uint8Array`.
 *
 * @see https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto
 */
export function readFirestoreData(data: unknown): FirestoreData {
  if (data instanceof Uint8Array) return fromBytes(data);
  const json = objectOf(data, "data");
  const { value, oldValue, updateMask } = json;
  const paths = (updateMask as { fieldPaths?: unknown } | null | undefined)?.fieldPaths;
  return {
    value: documentOfJson(value, "data.value"),
    oldValue: documentOfJson(oldValue, "data.oldValue"),
    updateMask: Array.isArray(paths) ? paths.map(String) : undefined,
  };
}

type Json = Readonly<Record<string, unknown>>;

function objectOf(value: unknown, path: string): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw invalid(path, "it must be an object");
}

/** The first generation writes `{}` where there is no document. */
function documentOfJson(value: unknown, path: string): FirestoreDocument | undefined {
  if (value === undefined || value === null) return undefined;
  const { name, fields, createTime, updateTime } = objectOf(value, path);
  if (name === undefined) return undefined;
  if (typeof name !== "string") throw invalid(`${path}.name`, "it must be text");
  return {
    name,
    fields: mapOfJson(fields, `${path}.fields`),
    createTime: createTime === undefined ? undefined : String(createTime),
    updateTime: updateTime === undefined ? undefined : String(updateTime),
  };
}

function mapOfJson(fields: unknown, path: string): Readonly<Record<string, unknown>> {
  const entries = Object.entries(objectOf(fields ?? {}, path));
  // Object.fromEntries defines members, so that a field called __proto__ is a field.
  return Object.fromEntries(entries.map(([name, value]) => [name, valueOfJson(value, `${path}.${name}`)]));
}

function valueOfJson(value: unknown, path: string): unknown {
  const [kind, given] = Object.entries(objectOf(value, path))[0] ?? ["nullValue", null];
  switch (kind) {
    case "nullValue":
      return null;
    case "integerValue":
      return integerOf(given, path);
    case "doubleValue":
      return Number(given);
    case "bytesValue":
      return fromBase64(String(given));
    case "geoPointValue": {
      const { latitude = 0, longitude = 0 } = objectOf(given, path);
      return { latitude, longitude };
    }
    case "arrayValue": {
      const { values = [] } = objectOf(given, path);
      if (!Array.isArray(values)) throw invalid(`${path}.values`, "it must be a list");
      return values.map((item: unknown, index) => valueOfJson(item, `${path}[${index}]`));
    }
    case "mapValue":
      return mapOfJson(objectOf(given, path).fields, path);
    case "booleanValue":
    case "stringValue":
    case "timestampValue":
    case "referenceValue":
      return given;
    default:
      throw invalid(path, `"${kind}" is no type of a Firestore value`);
  }
}

function integerOf(given: unknown, path: string): number | bigint {
  if (typeof given === "number") return given;
  if (typeof given !== "string" || !/^-?\d+$/.test(given)) throw invalid(path, "it must be a whole number");
  return exact(BigInt(given));
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Fields by number; of a repeated one the last counts, as in every protobuf reader. */
function messageOf(bytes: Uint8Array): (number: number) => WireField | undefined {
  const fields = fieldsOf(bytes);
  return (number) => fields.findLast((field) => field.number === number);
}

function fromBytes(bytes: Uint8Array): FirestoreData {
  const field = messageOf(bytes);
  const mask = field(3);
  return {
    value: documentOfBytes(field(1)),
    oldValue: documentOfBytes(field(2)),
    updateMask: mask && listOf(mask.bytes, 1).map((path) => decodeText(path.bytes)),
  };
}

function documentOfBytes(document: WireField | undefined): FirestoreDocument | undefined {
  if (document === undefined || document.bytes.byteLength === 0) return undefined;
  const field = messageOf(document.bytes);
  return {
    name: textOf(field(1)),
    fields: mapOfBytes(document.bytes, 2),
    createTime: timestampOf(field(3)),
    updateTime: timestampOf(field(4)),
  };
}

function listOf(bytes: Uint8Array, number: number): WireField[] {
  return fieldsOf(bytes).filter((field) => field.number === number);
}

function mapOfBytes(bytes: Uint8Array, number: number): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    listOf(bytes, number).map((entry) => {
      const field = messageOf(entry.bytes);
      return [textOf(field(1)), valueOfBytes(field(2)?.bytes)];
    }),
  );
}

/** A value is a union: the field that is set tells its type. */
function valueOfBytes(bytes: Uint8Array | undefined): unknown {
  const field = bytes === undefined ? undefined : fieldsOf(bytes).at(-1);
  if (field === undefined) return null;
  switch (field.number) {
    case 11:
      return null;
    case 1:
      return field.varint !== 0n;
    case 2:
      return exact(toInt64(field));
    case 3:
      return toDouble(field);
    case 5:
    case 17:
      return textOf(field);
    case 6:
      return mapOfBytes(field.bytes, 1);
    case 8: {
      const point = messageOf(field.bytes);
      return { latitude: toDouble(point(1)), longitude: toDouble(point(2)) };
    }
    case 9:
      return listOf(field.bytes, 1).map((item) => valueOfBytes(item.bytes));
    case 10:
      return timestampOf(field);
    case 18:
      return field.bytes;
    default:
      throw invalid("data", `${field.number} is no type of a Firestore value`);
  }
}

function textOf(field: WireField | undefined): string {
  return field === undefined ? "" : decodeText(field.bytes);
}

/** As JSON has it: no fraction, or three, six or nine digits of it. */
function timestampOf(timestamp: WireField | undefined): string | undefined {
  if (timestamp === undefined) return undefined;
  const field = messageOf(timestamp.bytes);
  const seconds = new Date(Number(toInt64(field(1))) * 1000).toISOString().slice(0, -5);
  const nanos = String(toInt64(field(2)))
    .padStart(9, "0")
    .replace(/(?:000){1,3}$/, "");
  return `${seconds}${nanos === "" ? "" : `.${nanos}`}Z`;
}
