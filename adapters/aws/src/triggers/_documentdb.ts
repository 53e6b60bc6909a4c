import type { ChangeAction, ChangeEvent } from "@anyfn/core";
import { fromBase64 } from "@anyfn/core/adapter";
import type { DocumentDbRecord } from "../native.ts";
import { invalidPayload } from "./_errors.ts";
import { exactNumber } from "./_numbers.ts";
import { textOf } from "./_values.ts";

type Document = Readonly<Record<string, unknown>>;

const ACTIONS: ReadonlyMap<string, ChangeAction> = new Map([
  ["insert", "created"],
  ["update", "updated"],
  ["replace", "updated"],
  ["delete", "deleted"],
]);

/** What happens to a whole collection or database. */
const WITHOUT_DOCUMENT: ReadonlySet<unknown> = new Set(["drop", "dropDatabase", "rename", "invalidate"]);

/** Whether an event of a change stream is not about its collection or database; one of no known operation fails later. */
export function isDocumentChange(record: DocumentDbRecord): boolean {
  return !WITHOUT_DOCUMENT.has(record?.event?.operationType);
}

/** A change of a document. What it holds after an update is only there when the mapping asks for the full document. */
export function fromDocumentDb(record: DocumentDbRecord, index: number): ChangeEvent {
  const { _id, operationType, clusterTime, documentKey, fullDocument, fullDocumentBeforeChange, ns } =
    record.event;
  const path = `events[${index}].event`;
  const sequence: unknown = _id?._data;
  if (typeof sequence !== "string") throw invalidPayload("changes", `${path}._id._data`, "is not text");
  const action = ACTIONS.get(operationType);
  if (action === undefined) throw invalidPayload("changes", `${path}.operationType`, "is no known operation");
  const time = decodeJson(clusterTime);
  return {
    id: sequence,
    action,
    keys: documentOf(documentKey, `${path}.documentKey`) ?? {},
    before: documentOf(fullDocumentBeforeChange, `${path}.fullDocumentBeforeChange`),
    after: documentOf(fullDocument, `${path}.fullDocument`),
    sequence,
    time: time instanceof Date && !Number.isNaN(time.getTime()) ? time : undefined,
    expired: false,
    collection: textOf(ns?.coll),
    database: textOf(ns?.db),
    raw: record,
  };
}

/** A document with plain values, undefined where there is none. */
function documentOf(value: unknown, path: string): Document | undefined {
  if (value === undefined || value === null) return undefined;
  const document = decodeJson(value);
  if (typeof document === "object" && document !== null && !Array.isArray(document))
    return document as Document;
  throw invalidPayload("changes", path, "is not a document");
}

/**
 * A value in extended JSON, both the canonical and the relaxed form. Types that JavaScript lacks stay as they are.
 *
 * @see https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/
 */
function decodeJson(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decodeJson);
  const [type] = Object.keys(value);
  if (type?.startsWith("$")) return decodeTyped(type, value as Document);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, decodeJson(item)]));
}

function decodeTyped(type: string, value: Document): unknown {
  const inner = value[type];
  switch (type) {
    case "$oid":
    case "$symbol":
    case "$uuid":
      return inner;
    case "$numberInt":
    case "$numberDouble":
      return Number(inner);
    case "$numberLong":
    case "$numberDecimal":
      return exactNumber(String(inner));
    case "$date":
      return new Date(typeof inner === "object" ? Number(decodeJson(inner)) : (inner as string | number));
    case "$timestamp":
      return new Date(Number((inner as { readonly t?: unknown }).t) * 1000);
    case "$binary":
      return fromBase64(
        typeof inner === "string" ? inner : String((inner as { readonly base64?: unknown }).base64),
      );
    default:
      return value;
  }
}
