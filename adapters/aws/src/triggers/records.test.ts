import {
  type BusEvent,
  bus,
  defineFunction,
  direct,
  type ScheduleEvent,
  type StreamRecord,
  schedule,
  stream,
} from "@anyfn/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { lambdaContextOf } from "../_testing.ts";
import { busHandler } from "./bus.ts";
import { directHandler } from "./direct.ts";
import { scheduleHandler } from "./schedule.ts";
import { streamHandler } from "./stream.ts";

const context = lambdaContextOf();

beforeEach(() => void vi.spyOn(process.stdout, "write").mockReturnValue(true));

describe("streams", () => {
  async function run(event: unknown, options = {}) {
    const seen: StreamRecord[] = [];
    const definition = defineFunction({
      trigger: stream("clicks"),
      handler: (record) => {
        seen.push(record);
        if (record.text() === "bad") throw new Error("no");
      },
    });
    return { seen, answer: await streamHandler(definition, options)(event, context) };
  }
  const base64 = (text: string) => Buffer.from(text).toString("base64");

  const kinesis = (sequenceNumber: string, data: string) => ({
    eventID: `shardId-000000000001:${sequenceNumber}`,
    eventSource: "aws:kinesis",
    kinesis: { partitionKey: "user-1", sequenceNumber, data, approximateArrivalTimestamp: 1700000000.123 },
  });

  test("a record of Kinesis", async () => {
    const { seen } = await run({
      Records: [kinesis("49590338271490256608559692538361571095921575989136588898", base64('{"a":1}'))],
    });
    expect(seen).toMatchObject([
      {
        id: "shardId-000000000001:49590338271490256608559692538361571095921575989136588898",
        data: { a: 1 },
        partitionKey: "user-1",
        partition: "shardId-000000000001",
        sequence: "49590338271490256608559692538361571095921575989136588898",
        time: new Date(1700000000123),
      },
    ]);
  });

  test("bytes of Kinesis that are no text stay bytes", async () => {
    const { seen } = await run({ Records: [kinesis("1", Buffer.from([0xff, 0x00]).toString("base64"))] });
    expect(seen[0]?.data).toEqual(Buffer.from([0xff, 0x00]));
  });

  test("the first failure of a shard is reported and stops it", async () => {
    const records = [kinesis("1", base64("a")), kinesis("2", base64("bad")), kinesis("3", base64("b"))];
    const { seen, answer } = await run({ Records: records });
    expect(seen.map((record) => record.text())).toEqual(["a", "bad"]);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }] });
  });

  const kafka = (partition: number, offset: number, value: string | null, more = {}) => ({
    topic: "clicks",
    partition,
    offset,
    timestamp: 1700000000123,
    value: value && base64(value),
    ...more,
  });

  test.each(["aws:kafka", "SelfManagedKafka", "aws:SelfManagedKafka"])(
    "a record of %s",
    async (eventSource) => {
      const headers = [{ trace: [97, 98] }, { name: [-61, -68] }, { raw: [-1] }];
      const first = kafka(0, 15, '{"a":1}', { key: base64("user-1"), headers });
      const second = kafka(0, 16, null, { key: "/w==" });
      const { seen } = await run({ eventSource, records: { "clicks-0": [first, second] } });
      expect(seen).toMatchObject([
        {
          id: "clicks-0@15",
          data: { a: 1 },
          partitionKey: "user-1",
          partition: "clicks-0",
          sequence: "15",
          offset: "15",
          time: new Date(1700000000123),
        },
        { id: "clicks-0@16", data: "", partitionKey: "/w==" },
      ]);
      expect({ ...seen[0]?.attributes }).toEqual({ trace: "ab", name: "ü", raw: new Uint8Array([255]) });
    },
  );

  test("null members and Kafka's -1 are none", async () => {
    const none = { partitionKey: undefined, time: undefined };
    const record = kinesis("1", base64("a"));
    const nothing = { partitionKey: null, approximateArrivalTimestamp: null };
    const sparse = { ...record, eventID: null, kinesis: { ...record.kinesis, ...nothing } };
    expect((await run({ Records: [sparse] })).seen).toMatchObject([
      { ...none, id: "1", partition: undefined },
    ]);
    const records = {
      "clicks-0": [kafka(0, 1, "a", { timestamp: -1 }), kafka(0, 2, "b", { timestamp: null })],
    };
    expect((await run({ eventSource: "aws:kafka", records })).seen).toMatchObject([none, none]);
  });

  test("the first failure of each partition is reported as an object", async () => {
    const records = {
      "clicks-0": [kafka(0, 1, "a"), kafka(0, 2, "bad"), kafka(0, 3, "b")],
      "clicks-1": [kafka(1, 7, "c"), kafka(1, 8, "bad")],
      "clicks-2": [kafka(2, 1, "d")],
    };
    const { seen, answer } = await run({ eventSource: "aws:kafka", records });
    expect(seen.map(({ id }) => id).toSorted()).toEqual([
      "clicks-0@1",
      "clicks-0@2",
      "clicks-1@7",
      "clicks-1@8",
      "clicks-2@1",
    ]);
    expect(answer).toEqual({
      batchItemFailures: [
        { itemIdentifier: { partition: "clicks-0", offset: 2 } },
        { itemIdentifier: { partition: "clicks-1", offset: 8 } },
      ],
    });
    await expect(run({ eventSource: "aws:kafka", records }, { partialFailures: false })).rejects.toThrow(
      "3 of 6",
    );
  });

  test("a partition that is no list is named", async () => {
    await expect(run({ eventSource: "aws:kafka", records: { "clicks-0": 5 } })).rejects.toMatchObject({
      code: "invalid-payload",
      path: "records.clicks-0",
    });
  });

  test("a record of Kafka without an offset could not be reported", async () => {
    const records = { "clicks-1": null, "clicks-0": [kafka(0, 1, "a"), { topic: "clicks", partition: 0 }] };
    await expect(run({ eventSource: "aws:kafka", records })).rejects.toMatchObject({
      code: "invalid-payload",
      path: "records.clicks-0[1]",
    });
  });
});

describe("schedules", () => {
  async function run(event: unknown) {
    const seen: [ScheduleEvent, number | undefined][] = [];
    const definition = defineFunction({
      trigger: schedule("0 2 * * *"),
      handler: (tick, { attempt }) => {
        seen.push([tick, attempt]);
        if (event === "bad") throw new RangeError("no");
      },
    });
    await scheduleHandler(definition)(event, context);
    return seen;
  }
  const time = "2026-11-21T02:00:00Z";
  const envelope = { id: "e1", "detail-type": "Scheduled Event", time, detail: {} };

  test.each([
    [
      "a rule",
      { ...envelope, source: "aws.events", resources: ["arn:aws:events:eu-west-1:1:rule/bus/nightly"] },
      "e1",
      undefined,
    ],
    [
      "Scheduler",
      {
        ...envelope,
        source: "aws.scheduler",
        detail: "{}",
        resources: ["arn:aws:scheduler:eu-west-1:1:schedule/default/nightly"],
      },
      "e1",
      undefined,
    ],
    [
      "Scheduler with its context attributes",
      {
        scheduleArn: "arn:aws:scheduler:eu-west-1:1:schedule/default/nightly",
        scheduledTime: time,
        executionId: "e1",
        attemptNumber: "3",
      },
      "e1",
      3,
    ],
  ])("%s", async (_case, event, id, attempt) => {
    expect(await run(event)).toEqual([
      [{ id, scheduledAt: new Date(time), name: "nightly", raw: event }, attempt],
    ]);
  });

  test.each([{ job: "report" }, "text", null, 5, [1]])("an input of the user's own: %j", async (input) => {
    expect(await run(input)).toEqual([
      [{ id: undefined, scheduledAt: undefined, name: undefined, raw: input }, undefined],
    ]);
  });

  test.each([
    { Records: [{ eventSource: "aws:sqs" }] },
    { eventSource: "aws:kafka", records: {} },
    { requestContext: { http: {} } },
    { type: "TOKEN", methodArn: "arn" },
    { awslogs: { data: "" } },
    { deliveryStreamArn: "arn", records: [] },
    { triggerSource: "PreSignUp_SignUp" },
    { ...envelope, source: "aws.s3", "detail-type": "Object Created" },
  ])("what another source delivered is no tick: %j", async (event) => {
    await expect(run(event)).rejects.toMatchObject({ code: "unknown-payload", trigger: "schedule" });
  });

  test("an error is thrown as it is", async () => {
    await expect(run("bad")).rejects.toThrow(RangeError);
  });
});

describe("buses", () => {
  async function run(event: unknown) {
    const seen: BusEvent[] = [];
    const definition = defineFunction({
      trigger: bus("shop"),
      handler: (received) => void seen.push(received),
    });
    await busHandler(definition)(event, context);
    return seen;
  }
  const envelope = { id: "e1", source: "shop", "detail-type": "order.placed", time: "2026-11-21T02:00:00Z" };

  test.each([[{ a: 1 }], ["text"], [[1]], [null], [undefined]])("the detail may be %j", async (detail) => {
    const event = {
      ...envelope,
      detail,
      resources: ["r"],
      account: "1",
      region: "eu-west-1",
      "replay-name": "again",
    };
    expect(await run(event)).toEqual([
      {
        id: "e1",
        source: "shop",
        type: "order.placed",
        subject: undefined,
        time: new Date("2026-11-21T02:00:00Z"),
        data: detail,
        datacontenttype: undefined,
        dataschema: undefined,
        extensions: { account: "1", region: "eu-west-1", resources: ["r"], replayname: "again" },
        raw: event,
      },
    ]);
  });

  test("an event without an id is named", async () => {
    await expect(run({ ...envelope, id: undefined })).rejects.toMatchObject({
      code: "invalid-payload",
      path: "id",
    });
  });
});

describe("direct calls", () => {
  test.each([{ a: 1 }, "text", null, [1], { Records: [] }])("input and output may be %j", async (input) => {
    const definition = defineFunction({ trigger: direct(), handler: (event) => event.input });
    expect(await directHandler(definition)(input, context)).toEqual(input);
  });

  test("an error keeps its name, and background work is waited for", async () => {
    class OutOfStock extends Error {
      override readonly name = "OutOfStock";
    }
    let done = false;
    const definition = defineFunction({
      trigger: direct(),
      handler: (_event, ctx) => {
        ctx.waitUntil(Promise.resolve().then(() => (done = true)));
        throw new OutOfStock("none left");
      },
    });
    await expect(directHandler(definition)({}, context)).rejects.toMatchObject({ name: "OutOfStock" });
    expect(done).toBe(true);
  });
});
