import { toLambda } from "@anyfn/aws";
import { changes, defineFunction, queue, storage, stream, type Trigger } from "@anyfn/core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { failures, lambdaContextOf, sqsRecord } from "../../adapters/aws/src/_testing.ts";
import { setUp } from "../support/serve-cloud-function.ts";
import { openFated } from "./fated.ts";
import { openLab } from "./lab.ts";
import type { Sent, Source } from "./source.ts";
import { closeAll, sources, takesBatches } from "./sources/index.ts";

setUp();
afterEach(closeAll);

const batched = sources.filter(({ size }) => size > 1);

describe("an empty batch is done, and runs no handler", () => {
  test.each(batched)("$adapter: $name", async (source) => {
    await (await openFated(source))([]);
    if (takesBatches(source)) await (await openFated(source, { batch: true }))([]);
  });
});

describe("a message that is twice in a batch", () => {
  const messages = ["m0", "m1", "m0"].map((key): Sent => ({ key, group: key, fate: "done" }));

  /** Fails one of the two deliveries. */
  async function deliver(source: Source, failing: number): Promise<readonly string[]> {
    let tries = 0;
    const lab = await openLab(source, ([key]) => {
      if (key === "m0" && tries++ === failing) throw new Error("no");
    });
    const kept = source.kept(await lab.deliver(messages), messages);
    return kept.map(({ key }) => key);
  }

  test.each(batched)("stays when either fails: $adapter: $name", async (source) => {
    expect(await deliver(source, 0)).toContain("m0");
    expect(await deliver(source, 1)).toContain("m0");
    expect(await deliver(source, 2)).toEqual([]);
  });

  test.each(batched.filter(({ name }) => /SQS(?: FIFO)?$/.test(name)))(
    "is named once: $adapter: $name",
    async (source) => {
      const lab = await openLab(source, ([key]) => (key === "m0" ? new Error("no") : undefined));
      expect(await lab.deliver(messages)).toEqual({ returned: failures("m0") });
    },
  );
});

describe("ten thousand messages", () => {
  const large =
    /^(?:SQS(?: FIFO)?|Kinesis|DynamoDB|MSK|Service Bus queue with sessions, batches|Event Hubs)$/;

  test.each(batched.filter(({ name }) => large.test(name)))("$adapter: $name", async (source) => {
    const messages = Array.from(
      { length: 10_000 },
      (_, index): Sent => ({
        key: `m${index}`,
        group: "abcdefgh".charAt(index % 8),
        fate: index > 5000 && index % 7 === 3 ? "returns an error" : "done",
      }),
    );
    await (await openFated(source, { concurrency: 100 }))(messages);
  });
});

describe("a batch in which a failure could not be reported", () => {
  const sqs = sqsRecord("m0", "{}");
  const kinesis = { eventSource: "aws:kinesis", kinesis: { sequenceNumber: "1", data: "" } };
  const dynamo = {
    eventSource: "aws:dynamodb",
    eventName: "INSERT",
    dynamodb: { SequenceNumber: "1", Keys: {} },
  };
  const kafka = { topic: "jobs", partition: 0, offset: 1 };
  const s3 = { ...sqs, body: JSON.stringify({ Records: [] }) };
  const records = (...list: unknown[]) => ({ Records: list });
  const inKafka = (...list: unknown[]) => ({ eventSource: "aws:kafka", records: { "jobs-0": list } });

  const cases: [string, Trigger, object][] = [undefined, null, "", 5].flatMap(
    (id): [string, Trigger, object][] => [
      ["SQS", queue("jobs"), records(sqs, { ...sqs, messageId: id })],
      ["S3 in SQS", storage("jobs"), records(s3, { ...s3, messageId: id })],
      [
        "Kinesis",
        stream("jobs"),
        records(kinesis, { ...kinesis, kinesis: { data: "", sequenceNumber: id } }),
      ],
      [
        "DynamoDB",
        changes("jobs"),
        records(dynamo, { ...dynamo, dynamodb: { Keys: {}, SequenceNumber: id } }),
      ],
      [
        "Kafka's topic",
        stream("jobs"),
        inKafka(kafka, { ...kafka, topic: id === 5 ? undefined : id || null }),
      ],
      ["Kafka's partition", stream("jobs"), inKafka(kafka, { ...kafka, partition: id === 5 ? "5" : id })],
      ["Kafka's offset", stream("jobs"), inKafka(kafka, { ...kafka, offset: id === 5 ? "5" : id })],
    ],
  );
  const nothing: [string, Trigger, object][] = [
    ["SQS", queue("jobs"), records(sqs, null)],
    ["Kinesis", stream("jobs"), records(kinesis, null)],
    ["DynamoDB", changes("jobs"), records(dynamo, null)],
    ["Kafka", stream("jobs"), inKafka(kafka, null)],
    ["Kafka's list", stream("jobs"), { eventSource: "aws:kafka", records: { "jobs-0": "m0" } }],
  ];

  test.each([...cases, ...nothing])(
    "fails as a whole before any handler runs: %s %#",
    async (_name, trigger, event) => {
      const handler = vi.fn();
      const lambda = toLambda(defineFunction({ trigger: trigger as Trigger<"queue">, handler }));
      await expect(lambda(event, lambdaContextOf())).rejects.toMatchObject({ code: "invalid-payload" });
      expect(handler).not.toHaveBeenCalled();
    },
  );
});

test("messages of a FIFO queue that name no group wait for one another", async () => {
  const seen: unknown[] = [];
  const handler = async ({ id }: { readonly id: string }): Promise<void> => {
    seen.push(id);
    if (id === "m1") throw new Error("no");
  };
  const Records = ["m0", "m1", "m2"].map((id) => ({ ...sqsRecord(id, "{}", "g"), attributes: {} }));
  const lambda = toLambda(defineFunction({ trigger: queue("jobs"), handler }));
  expect(await lambda({ Records }, lambdaContextOf())).toEqual(failures("m1", "m2"));
  expect(seen).toEqual(["m0", "m1"]);
});

describe("a message that holds several changes", () => {
  const messageOf = (id: string, keys: readonly string[], group?: string) => {
    const change = (key: string) => ({
      eventSource: "aws:s3",
      eventName: "ObjectCreated:Put",
      s3: { bucket: { name: "jobs" }, object: { key } },
    });
    return sqsRecord(id, JSON.stringify({ Records: keys.map(change) }), group);
  };
  const run = async (failing: string, group?: string) => {
    const seen: string[] = [];
    const lambda = toLambda(
      defineFunction({
        trigger: storage("jobs"),
        handler: ({ key }) => {
          seen.push(key);
          if (key === failing) throw new Error("no");
        },
      }),
    );
    const Records = [
      messageOf("m0", ["a", "b"], group),
      messageOf("m1", ["c", "d", "e"], group),
      messageOf("m2", ["f"], group),
    ];
    return { answer: await lambda({ Records }, lambdaContextOf()), seen: seen.join("") };
  };

  test.each([
    ["a", failures("m0")],
    ["d", failures("m1")],
    ["e", failures("m1")],
    ["f", failures("m2")],
    ["", failures()],
  ])("is done when all of them are: %j fails", async (failing, answer) => {
    expect(await run(failing)).toEqual({ answer, seen: "abcdef" });
  });

  test.each([
    ["a", failures("m0", "m1", "m2"), "a"],
    ["d", failures("m1", "m2"), "abcd"],
    ["f", failures("m2"), "abcdef"],
  ])("holds up those behind it in its group: %j fails", async (failing, answer, seen) => {
    expect(await run(failing, "g")).toEqual({ answer, seen });
  });
});
