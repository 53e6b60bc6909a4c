import {
  DeadLetter,
  defineFunction,
  type Message,
  queue,
  Retry,
  type TopicMessage,
  topic,
} from "@anyfn/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { failures, lambdaContextOf, notification, sqsRecord } from "../_testing.ts";
import { queueHandler } from "./queue.ts";
import { topicHandler } from "./topic.ts";

const context = lambdaContextOf();

beforeEach(() => void vi.spyOn(process.stdout, "write").mockReturnValue(true));

describe("queue", () => {
  /** Runs messages named by their bodies; those whose body starts with "bad" fail. */
  async function run(records: readonly unknown[], options = {}) {
    const seen: string[] = [];
    const definition = defineFunction({
      trigger: queue("orders"),
      handler: async (message) => {
        seen.push(message.text());
        await Promise.resolve();
        if (message.text().startsWith("bad")) throw new Error("no");
      },
    });
    const answer = await queueHandler(definition, options)({ Records: records }, context);
    return { seen, answer };
  }

  test("a message has everything that SQS says", async () => {
    const record = {
      ...sqsRecord("m1", '{"sku":"tea"}', "customer-1"),
      messageAttributes: {
        text: { dataType: "String", stringValue: "a" },
        number: { dataType: "Number.int", stringValue: "12345678901234567890" },
        bytes: { dataType: "Binary.png", binaryValue: "AP8=" },
      },
    };
    const seen: Message[] = [];
    const attempts: unknown[] = [];
    const definition = defineFunction({
      trigger: queue("orders", { message: z.object({ sku: z.string() }) }),
      handler: (message, { attempt }) => {
        seen.push(message);
        attempts.push(attempt);
      },
    });
    expect(await queueHandler(definition)({ Records: [record] }, context)).toEqual(failures());
    expect(seen).toMatchObject([
      {
        id: "m1",
        data: { sku: "tea" },
        deliveryCount: 2,
        orderingKey: "customer-1",
        enqueuedAt: new Date(1700000000123),
        raw: record,
      },
    ]);
    expect({ ...seen[0]?.attributes }).toEqual({
      text: "a",
      number: "12345678901234567890",
      bytes: Buffer.from([0, 255]),
    });
    expect(attempts).toEqual([2]);
  });

  test.each([
    ["a,b,c", "a,b,c"],
    ["123", 123],
    ["null", null],
    ["", ""],
    [" [1]\n", [1]],
    ['{"Type":"Notification"}', { Type: "Notification" }],
  ])("the body %j is kept as text and read as data", async (body, data) => {
    const seen: [string, unknown][] = [];
    const definition = defineFunction({
      trigger: queue("orders"),
      handler: (message) => void seen.push([message.text(), message.data]),
    });
    await queueHandler(definition)({ Records: [sqsRecord("m1", body)] }, context);
    expect(seen).toEqual([[body, data]]);
  });

  test("what an emulator leaves null or malformed is unknown, and costs no message", async () => {
    const attributes = { ApproximateReceiveCount: null, SentTimestamp: null, AWSTraceHeader: null };
    const seen: unknown[] = [];
    const definition = defineFunction({
      trigger: queue("orders"),
      handler: ({ deliveryCount, enqueuedAt, attributes }, { attempt, trace }) =>
        void seen.push([deliveryCount, enqueuedAt, { ...attributes }, attempt, trace]),
    });
    for (const change of [
      { attributes, messageAttributes: { a: null } },
      { attributes: { ApproximateReceiveCount: "?", SentTimestamp: "?" }, messageAttributes: null },
      { attributes: null },
    ]) {
      const event = { Records: [{ ...sqsRecord("m1", "a"), ...change }] };
      expect(await queueHandler(definition)(event, context)).toEqual(failures());
    }
    expect(seen).toEqual(new Array(3).fill([undefined, undefined, {}, undefined, undefined]));
  });

  test.each([
    ["all are done", ["a", "b"], []],
    ["one fails", ["a", "bad", "b"], ["1"]],
    ["all fail", ["bad", "bad"], ["0", "1"]],
  ])("%s", async (_case, bodies, failed) => {
    const { answer, seen } = await run(bodies.map((body, index) => sqsRecord(String(index), body)));
    expect(answer).toEqual(failures(...failed));
    expect(seen).toEqual(bodies);
  });

  test("a message that was delivered twice is reported once", async () => {
    const { answer } = await run([sqsRecord("1", "bad"), sqsRecord("1", "bad")]);
    expect(answer).toEqual(failures("1"));
  });

  test("a failure stops its group of a FIFO queue and no other", async () => {
    const records = [
      sqsRecord("1", "a1", "a"),
      sqsRecord("2", "bad b", "b"),
      sqsRecord("3", "a2", "a"),
      sqsRecord("4", "b2", "b"),
      sqsRecord("5", "a3", "a"),
    ];
    const { seen, answer } = await run(records);
    expect(seen.toSorted()).toEqual(["a1", "a2", "a3", "bad b"]);
    expect(answer).toEqual(failures("2", "4"));
  });

  test("groups of a standard queue only share it fairly and order nothing", async () => {
    const records = ["bad", "b"].map((body, index) => ({
      ...sqsRecord(String(index), body),
      attributes: { MessageGroupId: "tenant" },
    }));
    const { seen, answer } = await run(records);
    expect(seen).toEqual(["bad", "b"]);
    expect(answer).toEqual(failures("0"));
  });

  test("a message that cannot be decoded fails alone, and stops its group", async () => {
    const broken = { ...sqsRecord("1", "", "a"), body: 5 };
    const { seen, answer } = await run([broken, sqsRecord("2", "a2", "a"), sqsRecord("3", "b1", "b")]);
    expect(seen).toEqual(["b1"]);
    expect(answer).toEqual(failures("1", "2"));
  });

  test("a batch in which one could not be reported fails before anything runs", async () => {
    const seen: unknown[] = [];
    const definition = defineFunction({
      trigger: queue("orders"),
      handler: (message) => void seen.push(message),
    });
    const event = { Records: [sqsRecord("1", "a"), { ...sqsRecord("", "b") }] };
    await expect(queueHandler(definition)(event, context)).rejects.toMatchObject({
      code: "invalid-payload",
      path: "Records[1].messageId",
    });
    expect(seen).toEqual([]);
  });

  test("Retry, DeadLetter and invalid data stay with the queue until its own count moves them", async () => {
    const definition = defineFunction({
      trigger: queue("orders", { message: z.object({ kind: z.string() }) }),
      handler: ({ data }) => {
        if (data.kind === "retry") return new Retry("later", { after: 60 });
        if (data.kind === "dead") throw new DeadLetter("never");
        return undefined;
      },
    });
    const bodies = ['{"kind":"retry"}', '{"kind":"dead"}', '{"kind":5}', '{"kind":"fine"}'];
    const records = bodies.map((body, index) => sqsRecord(String(index), body));
    expect(await queueHandler(definition)({ Records: records }, context)).toEqual(failures("0", "1", "2"));
  });

  test("a batch handler's outcomes are reported, and what it did not see", async () => {
    const definition = defineFunction({
      trigger: queue("orders", { batch: true }),
      handler: (messages) =>
        messages.map((message) => (message.text() === "bad" ? new Error("no") : undefined)),
    });
    const records = [sqsRecord("1", "a"), { ...sqsRecord("2", ""), body: null }, sqsRecord("3", "bad")];
    expect(await queueHandler(definition)({ Records: records }, context)).toEqual(failures("2", "3"));
  });

  test("what is unfinished when the time runs out is reported", async () => {
    const definition = defineFunction({
      trigger: queue("orders"),
      handler: (message) => (message.text() === "slow" ? new Promise(() => {}) : undefined),
    });
    const records = [sqsRecord("1", "slow"), sqsRecord("2", "quick")];
    const given = lambdaContextOf({ getRemainingTimeInMillis: () => 60 });
    expect(await queueHandler(definition)({ Records: records }, given)).toEqual(failures("1"));
  });

  test("without partial failures one error fails the batch, after all have run", async () => {
    const records = ["bad 1", "a", "bad 2"].map((body, index) => sqsRecord(String(index), body));
    await expect(run(records, { partialFailures: false })).rejects.toThrow(
      "[aws/queue] 2 of 3 events failed",
    );
    expect((await run([records[1]], { partialFailures: false })).answer).toEqual(failures());
  });

  test("a queue without a name is taken for a standard one", async () => {
    const record = { ...sqsRecord("1", "a", "g"), eventSourceARN: 5 };
    expect(await run([record])).toEqual({ seen: ["a"], answer: failures() });
  });

  test("an empty batch is a success", async () => {
    expect(await run([])).toEqual({ seen: [], answer: failures() });
  });
});

describe("topic", () => {
  async function run(event: unknown) {
    const seen: TopicMessage[] = [];
    const definition = defineFunction({
      trigger: topic("shipments"),
      handler: (message) => {
        seen.push(message);
        if (message.text() === "bad") throw new TypeError("no");
      },
    });
    return { seen, answer: await topicHandler(definition)(event, context) };
  }
  const sns = (change = {}) => ({ EventSource: "aws:sns", Sns: { ...notification, ...change } });
  const published = {
    id: "n1",
    data: { parcel: "p1" },
    subject: undefined,
    topic: "shipments",
    enqueuedAt: new Date("2026-11-21T10:00:00.250Z"),
  };

  test("a message of SNS", async () => {
    const { seen } = await run({ Records: [sns()] });
    expect(seen).toMatchObject([{ ...published, deliveryCount: undefined, orderingKey: undefined }]);
    expect({ ...seen[0]?.attributes }).toEqual({ weight: "2.5", label: Buffer.from([0, 255]) });
  });

  test("null members are none", async () => {
    const { seen } = await run({ Records: [sns({ Timestamp: null, MessageAttributes: { a: null } })] });
    expect(seen).toMatchObject([{ id: "n1", enqueuedAt: undefined }]);
    expect({ ...seen[0]?.attributes }).toEqual({});
  });

  test("the same message through a FIFO queue", async () => {
    const record = sqsRecord("m1", JSON.stringify(notification), "g");
    const { seen, answer } = await run({ Records: [record] });
    expect(seen).toMatchObject([{ ...published, deliveryCount: 2, orderingKey: "g", raw: record }]);
    expect(answer).toEqual(failures());
  });

  test.each([
    ["raw delivery", "plain text"],
    [
      "a message of the user's own that looks alike",
      JSON.stringify({ Type: "Notification", TopicArn: 5, Message: "a" }),
    ],
    ["one with another type", JSON.stringify({ ...notification, Type: "Order" })],
  ])("%s is not unwrapped", async (_case, body) => {
    const { seen } = await run({ Records: [sqsRecord("m1", body)] });
    expect(seen.map((message) => [message.id, message.text(), message.topic])).toEqual([
      ["m1", body, undefined],
    ]);
  });

  test("a failure is reported by the queue's id, and thrown without a queue", async () => {
    const bad = { ...notification, Message: "bad" };
    expect((await run({ Records: [sqsRecord("m1", JSON.stringify(bad))] })).answer).toEqual(failures("m1"));
    await expect(run({ Records: [sns({ Message: "bad" })] })).rejects.toThrow(TypeError);
    await expect(run({ Records: [sns({ Message: "bad" }), sns()] })).rejects.toMatchObject({
      message:
        "[aws/topic] 1 of 2 events failed, and this source delivers all of them again. The first error: no",
      cause: expect.any(TypeError),
    });
  });

  test("a record without its members is named", async () => {
    const event = { Records: [{ EventSource: "aws:sns", Sns: { Message: "a" } }] };
    await expect(run(event)).rejects.toMatchObject({ code: "invalid-payload", path: "Records[0].Sns" });
  });
});
