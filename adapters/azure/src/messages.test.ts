import { DeadLetter, type Message, queue, Retry, type StreamRecord, stream, topic } from "@anyfn/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { AzureInvocation, RpcTypedData } from "../../../test/runtimes/hosts/azure/rpc.ts";
import { toMetadata } from "../../../test/support/azure-app.ts";
import { app, bytes, json, queued } from "../../../test/support/azure-function.ts";
import { type AzureSettings, azureContext, azureEvent } from "./index.ts";
import { textOf, timeOf } from "./triggers/_values.ts";

describe("queue", () => {
  it("keeps text and digits exact where bytes arrive", async () => {
    const { seen, invoke } = app(queue("q"));
    await invoke(queued(bytes('{"big":12345678901234567890,  "t":"é"}')));
    await invoke(queued(bytes("123")));
    expect(seen.map((message) => message.text())).toEqual(['{"big":12345678901234567890,  "t":"é"}', "123"]);
  });

  it.each<[string, RpcTypedData, unknown, string]>([
    ["a parsed object", { string: '{"a": 1}' }, { a: 1 }, '{"a":1}'],
    ["a list", { json: "[1,2]" }, [1, 2], "[1,2]"],
    ["plain text", { string: "a,b" }, "a,b", "a,b"],
    ["a JSON string of digits", { string: '"123"' }, "123", '"123"'],
    ["null", { json: "null" }, null, "null"],
    ["nothing", {}, "", ""],
  ])("decodes %s", async (_name, data, value, text) => {
    const { seen, invoke } = app(queue("q"));
    await invoke(queued(data));
    expect([seen[0]?.data, seen[0]?.text()]).toEqual([value, text]);
  });

  it("takes a custom handler's body, and no sender's copy of one", async () => {
    const envelope = { Data: { item: "hello" }, Metadata: { Id: "real", DequeueCount: 3 } };
    const { seen, invoke } = app(queue("q"));
    await invoke(json(envelope));
    expect(seen[0]).toMatchObject({ id: "real", data: "hello", deliveryCount: 3 });
    await invoke(queued({ json: JSON.stringify(envelope) }));
    expect(seen[1]).toMatchObject({ id: "m1", data: envelope });
  });

  it.each([
    ["a throw", () => Promise.reject(new Error("no")), "no"],
    [
      "Retry",
      () => {
        throw new Retry("later");
      },
      "later",
    ],
    [
      "DeadLetter",
      () => {
        throw new DeadLetter("never");
      },
      "never",
    ],
  ])("leaves the message with its queue after %s", async (_name, react, message) => {
    await expect(app(queue("q"), {}, react).invoke(queued(bytes("x")))).rejects.toThrow(message);
  });

  it("fails an invalid message and one without an id, without the handler", async () => {
    const { seen, invoke } = app(queue("q", { message: z.object({ a: z.number() }) }));
    await expect(invoke(queued(bytes('{"a":"x"}')))).rejects.toMatchObject({ code: "invalid-message" });
    await expect(invoke({ inputData: bytes('{"a":1}') })).rejects.toMatchObject({
      code: "invalid-payload",
      path: "id",
    });
    expect(seen).toEqual([]);
  });
});

describe("service bus", () => {
  const settings: AzureSettings = { queues: { q: { source: "service-bus", sessions: true } } };
  const batch = (metadata: Readonly<Record<string, unknown>>): AzureInvocation => ({
    inputData: { collectionBytes: { bytes: ["1", "2", "3"].map((text) => Buffer.from(text)) } },
    triggerMetadata: toMetadata(metadata),
  });

  it("zips a batch with its metadata, and leaves out lists that are too short", async () => {
    const { seen, invoke } = app<readonly Message[]>(queue("q", { batch: true }), settings);
    await invoke(
      batch({
        MessageIdArray: ["a", 2, "c"],
        DeliveryCountArray: [1, 2],
        SessionIdArray: ["s", "s", null],
        EnqueuedTimeUtcArray: [
          "2026-01-01T00:00:00.1234567",
          "2026-01-01T00:00:01Z",
          "2026-01-01T02:00:02+02:00",
        ],
        ApplicationPropertiesArray: [{ Tenant: "x", n: 1, ok: true, none: null }, {}, { list: [1] }],
      }),
    );
    expect(seen[0]).toMatchObject([
      {
        id: "a",
        data: 1,
        orderingKey: "s",
        deliveryCount: undefined,
        enqueuedAt: new Date("2026-01-01T00:00:00.123Z"),
      },
      { id: "2", data: 2, orderingKey: "s", enqueuedAt: new Date("2026-01-01T00:00:01Z") },
      {
        id: "c",
        data: 3,
        orderingKey: undefined,
        attributes: { list: "[1]" },
        enqueuedAt: new Date("2026-01-01T00:00:02Z"),
      },
    ]);
    expect({ ...seen[0]?.[0]?.attributes }).toEqual({ tenant: "x", n: 1, ok: true });
  });

  it("runs all and throws once when one fails, and stops within a session", async () => {
    const { seen, invoke } = app<Message>(queue("q"), settings, ({ id }) => {
      if (id === "a") throw new Error("first");
    });
    const failing = invoke(batch({ MessageIdArray: ["a", "b", "c"], SessionIdArray: ["s", "s", "t"] }));
    await expect(failing).rejects.toMatchObject({ message: expect.stringContaining("2 of 3 events failed") });
    expect(seen.map(({ id }) => id)).toEqual(["a", "c"]);
  });

  it("fails a message without an id and runs the others", async () => {
    const { seen, invoke } = app<Message>(queue("q"), { queues: { q: { source: "service-bus" } } });
    const failing = invoke(batch({ MessageIdArray: ["a", null, "c"] }));
    await expect(failing).rejects.toMatchObject({
      cause: { code: "invalid-payload", path: "messageIdArray[1]" },
    });
    expect(seen.map(({ id }) => id)).toEqual(["a", "c"]);
  });

  it("takes an empty batch for done, and a batch without metadata for one that cannot be read", async () => {
    const { seen, invoke } = app<readonly Message[]>(queue("q", { batch: true }), settings);
    await invoke({ ...json([]), triggerMetadata: {} });
    await expect(invoke({ ...json([1, 2]), triggerMetadata: {} })).rejects.toMatchObject({
      cause: { code: "invalid-payload", path: "messageIdArray[0]" },
    });
    expect(seen).toEqual([]);
  });

  it("takes a list without lists beside it as one message", async () => {
    const { seen, invoke } = app(queue("q"), settings);
    await invoke({ ...json([1, 2]), triggerMetadata: { MessageId: { string: "a" } } });
    expect(seen).toMatchObject([{ id: "a", data: [1, 2] }]);
  });

  it("finds the trace with the host or with the message, the way to the native message, and the subject", async () => {
    const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const traces: (string | undefined)[] = [];
    const tokens: unknown[] = [];
    const { seen, invoke } = app<Message>(topic("news"), {}, (message, ctx) => {
      traces.push(ctx.trace?.traceparent);
      tokens.push(
        azureEvent<{ triggerMetadata: { lockToken: string }; body: unknown; index: number }>(message, ctx)
          ?.triggerMetadata.lockToken,
      );
      expect(azureContext(ctx)?.invocationId).toBe("invocation-1");
    });
    const triggerMetadata = toMetadata({
      MessageId: "a",
      Label: "hi",
      LockToken: "t",
      ApplicationProperties: { "Diagnostic-Id": parent },
    });
    await invoke({ inputData: bytes("x"), triggerMetadata });
    await invoke({
      inputData: bytes("x"),
      triggerMetadata,
      traceContext: { traceParent: parent.replace("0af", "1af") },
    });
    expect(traces).toEqual([parent, parent.replace("0af", "1af")]);
    expect(tokens).toEqual(["t", "t"]);
    expect(seen[0]).toMatchObject({ subject: "hi", topic: undefined });
  });
});

it.each<[unknown, string | undefined]>([
  ["2026-01-01T00:00:00.1234567", "2026-01-01T00:00:00.123Z"],
  ["2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00.000Z"],
  ["Thu, 01 Jan 2026 00:00:00 GMT", "2026-01-01T00:00:00.000Z"],
  [Date.UTC(2026, 0, 1), "2026-01-01T00:00:00.000Z"],
  ["0001-01-01T00:00:00", undefined],
  ["soon", undefined],
  [null, undefined],
])("reads the time %o", (value, time) => {
  expect(timeOf(value)?.toISOString()).toBe(time);
});

it.each<[unknown, string | undefined]>([
  [{ low: -1, high: 1, unsigned: false }, "8589934591"],
  [{ low: 1.5, high: 0 }, undefined],
  [7, "7"],
  ["", undefined],
])("reads the id %o", (value, text) => {
  expect(textOf(value)).toBe(text);
});

describe("stream", () => {
  it("aligns the lists of an event hub, and reads what the host's client adds", async () => {
    const { seen, invoke } = app<StreamRecord>(stream("s"));
    await invoke({
      inputData: { collectionBytes: { bytes: [Buffer.from([0, 255]), Buffer.from("{}")] } },
      triggerMetadata: toMetadata({
        PartitionContext: { PartitionId: "3", EventHubName: "hub" },
        SequenceNumberArray: [7, 8],
        OffsetArray: ["70", "80"],
        PartitionKeyArray: ["only-one"],
        EnqueuedTimeUtcArray: ["2026-01-01T00:00:00.5", "2026-01-01T00:00:01"],
        PropertiesArray: [{ device: "d" }, {}],
        SystemPropertiesArray: [{ PartitionKey: null }, { "x-opt-partition-key": "k" }],
      }),
    });
    expect(seen).toMatchObject([
      {
        id: "hub:3:7",
        partition: "3",
        offset: "70",
        partitionKey: undefined,
        attributes: { device: "d" },
        time: new Date("2026-01-01T00:00:00.500Z"),
      },
      { id: "hub:3:8", sequence: "8", partitionKey: "k" },
    ]);
    expect(seen[0]?.bytes()).toEqual(Buffer.from([0, 255]));
  });

  it("stops at the first failure of a partition and fails the batch", async () => {
    const { seen, invoke } = app<StreamRecord>(stream("s"), {}, ({ data }) => {
      if (data === 2) throw new Error("no");
    });
    const inputData = { collectionBytes: { bytes: ["1", "2", "3"].map((text) => Buffer.from(text)) } };
    await expect(invoke({ inputData })).rejects.toThrow("2 of 3 events failed");
    expect(seen.map(({ data }) => data)).toEqual([1, 2]);
  });

  it("reads Kafka's bytes with headers and 64-bit offsets beside them", async () => {
    const { seen, invoke } = app<StreamRecord>(stream("s"), { streams: { s: { source: "kafka" } } });
    const low = { low: 1, high: 2_097_152, unsigned: false };
    await invoke({
      inputData: { collectionBytes: { bytes: [Buffer.from([255]), Buffer.from("x")] } },
      triggerMetadata: {
        ...toMetadata({
          KeyArray: ["k", null],
          PartitionArray: [4, 5],
          TopicArray: ["t", "t"],
          TimestampArray: ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"],
          HeadersArray: [
            [
              { Key: "h", Value: "aGk=" },
              { Key: "b", Value: "/w==" },
            ],
            [],
          ],
        }),
        OffsetArray: { collectionSint64: { sint64: [low, low] } } as never,
      },
    });
    expect(seen).toMatchObject([
      { id: "t:4:9007199254740993", partition: "4", partitionKey: "k", offset: "9007199254740993" },
      { id: "t:5:9007199254740993", partitionKey: undefined, data: "x" },
    ]);
    expect({ ...seen[0]?.attributes }).toEqual({ h: "hi", b: Buffer.from([255]) });
    expect(seen[0]?.data).toEqual(Buffer.from([255]));
  });

  it("leaves a list of records whole unless told that it is an export", async () => {
    const { seen, invoke } = app<StreamRecord>(stream("s"));
    await invoke({ inputData: { collectionBytes: { bytes: [Buffer.from('{"records":[{},{}]}')] } } });
    expect(seen).toHaveLength(1);
  });
});
