import { type ChangeEvent, changes, defineFunction } from "@anyfn/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { lambdaContextOf } from "../_testing.ts";
import { changesHandler } from "./changes.ts";

const context = lambdaContextOf();

beforeEach(() => void vi.spyOn(process.stdout, "write").mockReturnValue(true));

describe("changes of DynamoDB", () => {
  const record = (SequenceNumber: string, change = {}, more = {}) => ({
    eventID: `e${SequenceNumber}`,
    eventName: "MODIFY",
    eventSource: "aws:dynamodb",
    eventSourceARN: "arn:aws:dynamodb:eu-west-1:123456789012:table/customers/stream/2026-11-21T00:00:00.000",
    dynamodb: { Keys: { id: { S: SequenceNumber } }, SequenceNumber, ...change },
    ...more,
  });

  async function run(records: readonly unknown[], more = {}, options = {}) {
    const seen: ChangeEvent[] = [];
    const definition = defineFunction({
      trigger: changes("customers"),
      handler: (event) => {
        seen.push(event);
        if (event.after?.bad === true) throw new Error("no");
      },
    });
    return {
      seen,
      answer: await changesHandler(definition, options)({ Records: records, ...more }, context),
    };
  }

  test.each([
    ["0", 0],
    ["-17", -17],
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", 9007199254740993n],
    ["-12345678901234567890", -12345678901234567890n],
    ["1E+20", 100000000000000000000n],
    ["12.50", 12.5],
    ["0.1234567890123456789", "0.1234567890123456789"],
    ["1e-7", 1e-7],
    ["1E-130", 1e-130],
    ["123E-2", 1.23],
    ["99999999999999999999999999999999999999", 99999999999999999999999999999999999999n],
  ])("the number %s is exact", async (N, expected) => {
    const { seen } = await run([record("1", { NewImage: { n: { N }, set: { NS: [N] } } })]);
    expect(seen[0]?.after).toEqual({ n: expected, set: [expected] });
  });

  test("every type of value is kept", async () => {
    const NewImage = {
      text: { S: "" },
      bytes: { B: "AP8=" },
      flag: { BOOL: false },
      nothing: { NULL: true },
      list: { L: [{ S: "a" }, { M: { deep: { L: [] } } }] },
      texts: { SS: ["a", "b"] },
      blobs: { BS: ["AP8="] },
      ["__proto__"]: { M: { polluted: { BOOL: true } } },
    };
    const { seen } = await run([record("1", { NewImage })]);
    const after = seen[0]?.after ?? {};
    expect(Object.entries(after)).toEqual([
      ["text", ""],
      ["bytes", Buffer.from([0, 255])],
      ["flag", false],
      ["nothing", null],
      ["list", ["a", { deep: [] }]],
      ["texts", ["a", "b"]],
      ["blobs", [Buffer.from([0, 255])]],
      ["__proto__", { polluted: true }],
    ]);
    expect("polluted" in after).toBe(false);
  });

  test("an item that its time to live removed, with seconds and with milliseconds", async () => {
    const userIdentity = { type: "Service", principalId: "dynamodb.amazonaws.com" };
    const change = { OldImage: { id: { S: "1" } }, ApproximateCreationDateTime: 1700000000 };
    const { seen } = await run([
      record("1", change, { eventName: "REMOVE", userIdentity }),
      record("2", { ...change, ApproximateCreationDateTime: 1700000000500 }, { eventName: "REMOVE" }),
    ]);
    expect(seen).toMatchObject([
      {
        action: "deleted",
        expired: true,
        time: new Date(1700000000000),
        after: undefined,
        before: { id: "1" },
        collection: "customers",
      },
      { action: "deleted", expired: false, time: new Date(1700000000500) },
    ]);
  });

  test("null members are none, and a fraction of a second is rounded", async () => {
    const nothing = { OldImage: null, NewImage: null, ApproximateCreationDateTime: null };
    const { seen } = await run([
      record("1", nothing, { eventID: undefined }),
      record("2", { ApproximateCreationDateTime: 1700000000.9999 }),
    ]);
    expect(seen).toMatchObject([
      { id: "1", before: undefined, after: undefined, time: undefined },
      { time: new Date(1700000001000) },
    ]);
  });

  const bad = { NewImage: { bad: { BOOL: true } } };
  test.each([
    ["a failed record", record("200", bad)],
    ["one that cannot be decoded", record("200", { NewImage: { a: { XY: "?" } } })],
    ["one of an unknown kind", record("200", {}, { eventName: "TRUNCATE" })],
  ])("%s stops the shard and is the one that is reported", async (_case, failing) => {
    const { seen, answer } = await run([record("100"), failing, record("300")]);
    expect(seen.map(({ sequence }) => sequence).filter((sequence) => sequence !== "200")).toEqual(["100"]);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "200" }] });
  });

  test("the state of a tumbling window is handed back", async () => {
    const window = { window: { start: "a", end: "b" }, state: { count: 3 }, isFinalInvokeForWindow: true };
    expect(await run([], window)).toEqual({
      seen: [],
      answer: { batchItemFailures: [], state: { count: 3 } },
    });
  });

  test("a record without a sequence number could not be reported", async () => {
    await expect(run([record("1"), record("")])).rejects.toMatchObject({
      code: "invalid-payload",
      path: "Records[1]",
    });
  });

  test("without partial failures the batch fails", async () => {
    const records = [record("1"), record("2", bad), record("3")];
    await expect(run(records, {}, { partialFailures: false })).rejects.toThrow("2 of 3 events failed");
  });
});

describe("changes of DocumentDB", () => {
  const event = (operationType: string, more = {}) => ({
    event: {
      _id: { _data: "01" },
      operationType,
      clusterTime: { $timestamp: { t: 1700000000, i: 1 } },
      documentKey: { _id: { $oid: "0123456789abcdef01234567" } },
      ns: { db: "shop", coll: "orders" },
      ...more,
    },
  });

  async function run(...events: unknown[]) {
    const seen: ChangeEvent[] = [];
    const definition = defineFunction({
      trigger: changes("orders"),
      handler: (change) => {
        seen.push(change);
        if (change.action === "deleted") throw new Error("no");
      },
    });
    return { seen, answer: await changesHandler(definition)({ eventSource: "aws:docdb", events }, context) };
  }

  test("a document in extended JSON", async () => {
    const fullDocument = {
      _id: { $oid: "0123456789abcdef01234567" },
      small: { $numberInt: "5" },
      large: { $numberLong: "9007199254740993" },
      double: { $numberDouble: "0.5" },
      decimal: { $numberDecimal: "0.1234567890123456789" },
      at: { $date: { $numberLong: "1700000000000" } },
      day: { $date: "2026-11-21T00:00:00Z" },
      blob: { $binary: { base64: "AP8=", subType: "00" } },
      list: [{ $numberLong: "1" }, null, true],
    };
    const { seen } = await run(event("update", { fullDocument, fullDocumentBeforeChange: { a: 1 } }));
    expect(seen).toMatchObject([
      {
        id: "01",
        action: "updated",
        keys: { _id: "0123456789abcdef01234567" },
        before: { a: 1 },
        time: new Date(1700000000000),
        collection: "orders",
        database: "shop",
      },
    ]);
    expect(seen[0]?.after).toEqual({
      _id: "0123456789abcdef01234567",
      small: 5,
      large: 9007199254740993n,
      double: 0.5,
      decimal: "0.1234567890123456789",
      at: new Date(1700000000000),
      day: new Date("2026-11-21"),
      blob: Buffer.from([0, 255]),
      list: [1, null, true],
    });
  });

  test.each([
    ["events[1].event._id._data", { event: {} }],
    ["record 1", null],
    ["events[1].event.operationType", event(undefined as never)],
  ])("what does not say what it is fails: %s", async (_path, malformed) => {
    await expect(run(event("insert"), malformed)).rejects.toMatchObject({
      code: "retry",
      cause: { code: "invalid-payload" },
    });
  });

  test("a time that is none is unknown", async () => {
    const { seen } = await run(event("insert", { clusterTime: { $timestamp: {} } }));
    expect(seen).toMatchObject([{ action: "created", time: undefined }]);
  });

  test("a drop is no change of a document; a failure stops the rest and is thrown", async () => {
    expect(await run(event("drop"))).toMatchObject({ seen: [], answer: { batchItemFailures: [] } });
    await expect(run(event("insert"), event("delete"), event("insert"))).rejects.toThrow(
      "2 of 3 events failed",
    );
  });
});
