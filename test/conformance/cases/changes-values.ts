import type { Case } from "../case.ts";
import { documentOf, onChange } from "../functions.ts";
import { records } from "../payloads/aws/messages.ts";
import { documentDb, documentDbEvent, dynamoRecord } from "../payloads/aws/tables.ts";
import { documentChange, nodeChange } from "../payloads/documents.ts";
import {
  DOCUMENT,
  firestoreDocument,
  firestoreEvents,
  firestoreProtobuf,
  toFields,
} from "../payloads/gcp/firestore.ts";

const seeAfter = onChange(documentOf);
/** Bytes as a list, so that it does not matter which class they have. */
const listed = (value: unknown): unknown => (value instanceof Uint8Array ? [...value] : value);
const seeBytes = onChange((event) =>
  Object.entries(documentOf(event)).map(([name, value]) => [name, listed(value)]),
);

const item = (NewImage: object) => [records(dynamoRecord({ NewImage }))];
const fields = (given: object) => firestoreEvents({ verb: "updated", value: firestoreDocument(given) });
const json = (after: object) => documentChange({ action: "updated", after });

const INT64 = { largest: 9223372036854775807n, smallest: -9223372036854775808n, odd: 9007199254740993n };

const BYTES = Uint8Array.of(0, 255, 254, 128);
const TEXT = "\u00e9\u20ac\u{1f600}\u0000";
const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, index) => index);

const PLAIN = {
  name: "",
  note: "  caf\u00e9 \u{1f600} ",
  none: null,
  yes: true,
  no: false,
  list: [],
  map: {},
  nested: { list: [1, { deep: [null, "", { "a.b": false }] }] },
  constructor: "own",
};

/** Other values in documents. */
export const CHANGE_VALUES: readonly Case[] = [
  {
    id: "B2",
    title: "gives binary values as bytes",
    decision: "JSON has no bytes: what arrives there in base64 is the text that its sender wrote.",
    define: seeBytes,
    native: json({ photo: BYTES, empty: new Uint8Array(0) }),
    expect: {
      seen: [
        [
          ["photo", [...BYTES]],
          ["empty", []],
        ],
      ],
    },
    expectOn: whereJson([
      ["photo", "AP/+gA=="],
      ["empty", ""],
    ]),
  },
  {
    id: "B2",
    title: "gives lists of binary values as bytes",
    define: onChange(({ after }) => ((after?.photos ?? []) as unknown[]).map(listed)),
    native: { ...json({ photos: [BYTES, BYTES] }), aws: item({ photos: { BS: ["AP/+gA==", "AP/+gA=="] } }) },
    expect: { seen: [[[...BYTES], [...BYTES]]] },
    expectOn: whereJson(["AP/+gA==", "AP/+gA=="]),
  },
  {
    id: "B4",
    title: "keeps empty, missing and nested values apart",
    define: seeAfter,
    native: json(PLAIN),
    expect: { seen: [PLAIN] },
  },
  {
    id: "B4",
    title: "gives sets as lists",
    define: seeAfter,
    native: {
      ...json({ tags: ["b", "a"], sizes: [2, 1] }),
      aws: item({ tags: { SS: ["b", "a"] }, sizes: { NS: ["2", "1"] } }),
    },
    expect: { seen: [{ tags: ["b", "a"], sizes: [2, 1] }] },
  },
  {
    id: "B4",
    title: "makes a member of a field that is called __proto__",
    define: onChange((event) => [
      Object.keys(documentOf(event)),
      (event.after as { isAdmin?: unknown }).isAdmin,
    ]),
    native: json(JSON.parse('{"__proto__":{"isAdmin":true}}')),
    expect: { seen: [[["__proto__"], undefined]] },
  },
  {
    id: "B4",
    title: "reads extended JSON in both of its forms",
    needs: { trigger: "changes", source: "DocumentDB change stream" },
    define: onChange(({ keys, after, time }) => [keys, after, time?.toISOString()]),
    native: {
      aws: [
        documentDb(
          documentDbEvent({
            operationType: "insert",
            fullDocument: {
              n: { $numberLong: "9007199254740993" },
              d: { $date: "2026-03-01T10:00:00Z" },
              i: 7,
            },
          }),
        ),
        documentDb(
          documentDbEvent({
            operationType: "insert",
            fullDocument: {
              n: { $numberLong: "9007199254740993" },
              d: { $date: { $numberLong: "1772359200000" } },
              i: { $numberInt: "7" },
            },
          }),
        ),
      ],
    },
    expect: {
      seen: [
        [
          { _id: "69a40ba0d418cd98afb1c1d7" },
          { n: 9007199254740993n, d: new Date("2026-03-01T10:00:00Z"), i: 7 },
          "2026-03-01T10:00:00.000Z",
        ],
      ],
    },
  },
  {
    id: "B11",
    title: "reads the types of Firestore, in JSON and in protobuf alike",
    needs: { trigger: "changes", source: "Firestore by Eventarc" },
    decision:
      "A time is text with its nanoseconds, which a Date would lose; a reference is the resource's name.",
    define: seeAfter,
    native: {
      gcp: fields({
        ...toFields(INT64),
        minute: { timestampValue: "2026-03-01T10:00:00Z" },
        nano: { timestampValue: "1969-12-31T23:59:59.123456789Z" },
        micro: { timestampValue: "2026-03-01T10:00:00.000001Z" },
        friend: { referenceValue: DOCUMENT },
        home: { geoPointValue: { latitude: -36.848461, longitude: 0 } },
        list: { arrayValue: {} },
        map: { mapValue: {} },
        infinite: { doubleValue: "-Infinity" },
        one: { doubleValue: 1 },
      }),
    },
    expect: {
      seen: [
        {
          ...INT64,
          minute: "2026-03-01T10:00:00Z",
          nano: "1969-12-31T23:59:59.123456789Z",
          micro: "2026-03-01T10:00:00.000001Z",
          friend: DOCUMENT,
          home: { latitude: -36.848461, longitude: 0 },
          list: [],
          map: {},
          infinite: Number.NEGATIVE_INFINITY,
          one: 1,
        },
      ],
    },
  },
  {
    id: "B12",
    title: "brings every byte and letter of a document through the transport",
    define: seeBytes,
    native: {
      ...json({ text: TEXT, bytes: EVERY_BYTE }),
      gcp: [
        firestoreProtobuf({
          verb: "updated",
          value: firestoreDocument(toFields({ text: TEXT, bytes: EVERY_BYTE })),
        }),
      ],
    },
    expect: {
      seen: [
        [
          ["text", TEXT],
          ["bytes", [...EVERY_BYTE]],
        ],
      ],
    },
    expectOn: whereJson([
      ["text", TEXT],
      ["bytes", Buffer.from(EVERY_BYTE).toString("base64")],
    ]),
  },
  {
    id: "B4",
    title: "refuses a value of no known type, and stays with the source",
    define: onChange(() => "ran"),
    native: {
      aws: [records(dynamoRecord({ NewImage: { odd: { X: "1" } } }, { eventName: "REMOVE" }))],
      azure: [{ inputData: { json: '["anna"]' } }],
      gcp: fields({ odd: { oddValue: "1" } }).slice(0, 2),
      node: nodeChange({ action: "updated", after: "anna" }),
    },
    expect: { seen: [] },
    expectOn: {
      aws: { answer: { batchItemFailures: [{ itemIdentifier: "41" }] } },
      azure: { error: "unknown-payload" },
      gcp: { error: "invalid-payload", answer: { status: 400 } },
      node: { error: "any", answer: { status: 422 } },
    },
  },
];

/** What is seen where documents are JSON. */
function whereJson(facts: unknown): NonNullable<Case["expectOn"]> {
  return { azure: { seen: [facts] }, node: { seen: [facts] } };
}
