import { type ChangeEvent, changes, defineFunction } from "@anyfn/core";
import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import { toCloudFunction } from "./index.ts";
import { readFirestoreData } from "./triggers/_firestore.ts";

/** The messages as Google documents them, in protobufjs's own notation. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message DocumentEventData { Document value = 1; Document old_value = 2; DocumentMask update_mask = 3; }
  message DocumentMask { repeated string field_paths = 1; }
  message Document { string name = 1; map<string, Value> fields = 2; Timestamp create_time = 3; Timestamp update_time = 4; }
  message Timestamp { int64 seconds = 1; int32 nanos = 2; }
  message LatLng { double latitude = 1; double longitude = 2; }
  message ArrayValue { repeated Value values = 1; }
  message MapValue { map<string, Value> fields = 1; }
  message Value {
    oneof value_type {
      int32 null_value = 11; bool boolean_value = 1; int64 integer_value = 2; double double_value = 3;
      Timestamp timestamp_value = 10; string string_value = 17; bytes bytes_value = 18; string reference_value = 5;
      LatLng geo_point_value = 8; ArrayValue array_value = 9; MapValue map_value = 6;
    }
  }
`);
const DocumentEventData = root.lookupType("DocumentEventData");
const encode = (data: object): Uint8Array =>
  Buffer.from(DocumentEventData.encode(DocumentEventData.fromObject(data)).finish());

const name = "projects/p/databases/(default)/documents/shops/a/orders/ü 1";
/** One of each type: [the JSON form, the value that comes out]. Protobuf's object form spells bytes alike. */
const VALUES: Record<string, [Record<string, unknown>, unknown]> = {
  nothing: [{ nullValue: null }, null],
  yes: [{ booleanValue: true }, true],
  no: [{ booleanValue: false }, false],
  zero: [{ integerValue: "0" }, 0],
  negative: [{ integerValue: "-5" }, -5],
  largest: [{ integerValue: "9223372036854775807" }, 9223372036854775807n],
  smallest: [{ integerValue: "-9223372036854775808" }, -9223372036854775808n],
  safe: [{ integerValue: "9007199254740991" }, 9007199254740991],
  unsafe: [{ integerValue: "9007199254740993" }, 9007199254740993n],
  half: [{ doubleValue: 0.5 }, 0.5],
  infinite: [{ doubleValue: "Infinity" }, Number.POSITIVE_INFINITY],
  nan: [{ doubleValue: "NaN" }, Number.NaN],
  text: [{ stringValue: "grüße" }, "grüße"],
  empty: [{ stringValue: "" }, ""],
  bytes: [{ bytesValue: "AP8B" }, Buffer.of(0, 255, 1)],
  reference: [{ referenceValue: name }, name],
  point: [{ geoPointValue: { latitude: 52.5, longitude: -13.25 } }, { latitude: 52.5, longitude: -13.25 }],
  equator: [{ geoPointValue: { longitude: 1.5 } }, { latitude: 0, longitude: 1.5 }],
  list: [{ arrayValue: { values: [{ integerValue: "1" }, { stringValue: "b" }] } }, [1, "b"]],
  emptyList: [{ arrayValue: {} }, []],
  map: [{ mapValue: { fields: { "a.b": { integerValue: "2" } } } }, { "a.b": 2 }],
  emptyMap: [{ mapValue: {} }, {}],
};
const TIMES: [string, string, number][] = [
  ["2026-03-04T05:06:07Z", "1772600767", 0],
  ["2026-03-04T05:06:07.100Z", "1772600767", 100_000_000],
  ["2026-03-04T05:06:07.123456Z", "1772600767", 123_456_000],
  ["2026-03-04T05:06:07.123456789Z", "1772600767", 123_456_789],
  ["1969-12-31T23:59:59.000000001Z", "-1", 1],
];
const expected = Object.fromEntries(Object.entries(VALUES).map(([key, [, value]]) => [key, value]));
const fields = Object.fromEntries(Object.entries(VALUES).map(([key, [value]]) => [key, value]));

describe("a document's values", () => {
  test("are read from JSON", () => {
    expect(readFirestoreData({ value: { name, fields } }).value?.fields).toEqual(expected);
  });

  test("are read from protobuf", () => {
    const inProtobuf = {
      ...fields,
      nothing: { nullValue: 0 },
      infinite: { doubleValue: Number.POSITIVE_INFINITY },
      nan: { doubleValue: Number.NaN },
    };
    const data = readFirestoreData(encode({ value: { name, fields: inProtobuf } }));
    expect(data).toMatchObject({ value: { name }, oldValue: undefined, updateMask: undefined });
    expect(data.value?.fields).toEqual(expected);
  });

  test.each(TIMES)("keep the nanoseconds of %s", (text, seconds, nanos) => {
    const document = {
      name,
      fields: { at: { timestampValue: { seconds, nanos } } },
      updateTime: { seconds, nanos },
    };
    expect(readFirestoreData(encode({ value: document })).value).toMatchObject({
      fields: { at: text },
      updateTime: text,
    });
    const json = { value: { name, fields: { at: { timestampValue: text } }, updateTime: text } };
    expect(readFirestoreData(json).value).toMatchObject({ fields: { at: text }, updateTime: text });
  });

  test("called __proto__ are fields", () => {
    const hostile = JSON.parse(
      '{"__proto__": {"mapValue": {"fields": {"polluted": {"booleanValue": true}}}}}',
    );
    const document = readFirestoreData({ value: { name, fields: hostile } }).value?.fields ?? {};
    expect(Object.keys(document)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
  });

  test.each<[unknown, string]>([
    [{ value: { name, fields: { a: { integerValue: "1.5" } } } }, "data.value.fields.a"],
    [{ value: { name, fields: { a: { moonValue: 1 } } } }, "data.value.fields.a"],
    [
      { value: { name, fields: { a: { arrayValue: { values: [{ integerValue: 1n }] } } } } },
      "data.value.fields.a[0]",
    ],
    [{ value: { name: 5 } }, "data.value.name"],
    ["text", "data"],
  ])("that are none are refused by their path: %#", (data, path) => {
    expect(() => readFirestoreData(data)).toThrow(expect.objectContaining({ code: "invalid-payload", path }));
  });

  test("cut off anywhere are refused or read, and never hang", () => {
    const whole = encode({ value: { name, fields: { a: { integerValue: "300" }, b: { doubleValue: 1 } } } });
    for (let length = 1; length < whole.length; length++) {
      // The document is one field of the message, so that every cut goes through it.
      expect(() => readFirestoreData(whole.subarray(0, length))).toThrow(RangeError);
    }
  });
});

const seconds = "1772600767";
const before = { name, fields: { count: { integerValue: "3" } }, updateTime: { seconds, nanos: 0 } };
const after = { name, fields: { count: { integerValue: "4" } }, updateTime: { seconds, nanos: 5 } };
const event = (type: string, data: object) => ({
  specversion: "1.0",
  id: "e-1",
  source: "//firestore.googleapis.com/projects/p/databases/(default)",
  subject: "documents/shops/a/orders/ü 1",
  type: `google.cloud.firestore.document.v1.${type}`,
  time: "2026-03-04T05:06:07.890Z",
  namespace: "(default)",
  data: encode(data),
});

/** Hands over an event as the framework does in its cloudevent signature, and gives what the handler saw. */
async function handle(given: object): Promise<ChangeEvent[]> {
  const seen: ChangeEvent[] = [];
  const definition = defineFunction({
    trigger: changes("orders"),
    handler: (change) => {
      seen.push(change);
    },
  });
  await toCloudFunction(definition, { env: {} })(given);
  return seen;
}

test.each([
  ["created", { value: after }, "created", undefined, { count: 4 }],
  ["updated", { value: after, oldValue: before }, "updated", { count: 3 }, { count: 4 }],
  ["deleted", { oldValue: before }, "deleted", { count: 3 }, undefined],
  ["written", { value: after }, "created", undefined, { count: 4 }],
  ["written", { value: after, oldValue: before }, "updated", { count: 3 }, { count: 4 }],
  ["written", { oldValue: before }, "deleted", { count: 3 }, undefined],
  ["updated.withAuthContext", { value: after, oldValue: before }, "updated", { count: 3 }, { count: 4 }],
])("%s %j is %s", async (type, data, action, old, current) => {
  const [change] = await handle(event(type, data));
  expect(change).toMatchObject({
    id: "e-1",
    action,
    keys: { id: "ü 1", path: "shops/a/orders/ü 1" },
    collection: "shops/a/orders",
    database: "(default)",
    time: new Date("2026-03-04T05:06:07.890Z"),
    expired: false,
    raw: { extensions: { namespace: "(default)" } },
  });
  expect([change?.before, change?.after]).toEqual([old, current]);
  expect(change?.sequence).toBe(current && "2026-03-04T05:06:07.000000005Z");
});

test("a document that was emptied is still there", async () => {
  const [change] = await handle(event("written", { value: { name }, oldValue: before }));
  expect(change).toMatchObject({ action: "updated", after: {} });
});

test("a document without even a name is none, in protobuf as in JSON", async () => {
  const [change] = await handle(event("written", { value: {}, oldValue: before }));
  expect(change).toMatchObject({ action: "deleted", after: undefined });
});

test("an update mask is readable", () => {
  const data = encode({ value: after, oldValue: before, updateMask: { fieldPaths: ["count", "`a b`"] } });
  expect(readFirestoreData(data).updateMask).toEqual(["count", "`a b`"]);
});

test("a background event is converted", async () => {
  const document = { name, fields: { count: { integerValue: "4" } }, updateTime: "2026-03-04T05:06:07.890Z" };
  const [change] = await handle({
    eventId: "e-2",
    timestamp: "2026-03-04T05:06:07.890Z",
    eventType: "providers/cloud.firestore/eventTypes/document.delete",
    resource: name,
    data: { value: {}, oldValue: document, updateMask: {} },
  });
  expect(change).toMatchObject({ id: "e-2", action: "deleted", before: { count: 4 }, after: undefined });
  const { oldValue } = readFirestoreData({
    value: {},
    oldValue: { ...document, createTime: "2026-01-01T00:00:00Z" },
  });
  expect(oldValue).toMatchObject({
    createTime: "2026-01-01T00:00:00Z",
    updateTime: "2026-03-04T05:06:07.890Z",
  });
});

test.each([
  [{ ...event("created", {}), source: "//elsewhere", subject: undefined }, "invalid-payload"],
  [{ ...event("created", {}), data: Buffer.of(10, 200) }, "invalid-payload"],
  [{ ...event("created", {}), type: "google.firebase.database.ref.v1.written" }, "unknown-payload"],
])("an event that is no change of a document is refused: %#", async (given, code) => {
  await expect(handle(given)).rejects.toMatchObject({ code, provider: "gcp", trigger: "changes" });
});
