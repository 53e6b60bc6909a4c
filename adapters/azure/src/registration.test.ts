import {
  bus,
  type Context,
  changes,
  direct,
  type Message,
  queue,
  schedule,
  storage,
  stream,
  type Trigger,
  topic,
} from "@anyfn/core";
import type * as library from "@azure/functions";
import { describe, expect, it } from "vitest";
import { deploy } from "../../../test/support/azure-app.ts";
import { app, bytes, define, queued } from "../../../test/support/azure-function.ts";
import { type AzureApp, type AzureSettings, register } from "./index.ts";

/** Compiles while the library's `app` can be passed. */
const acceptsLibrary = (app: typeof library.app): AzureApp => app;

describe("registration", () => {
  const cases: readonly [string, Trigger, AzureSettings, object][] = [
    [
      "a Storage Queue",
      queue("jobs"),
      {},
      { type: "queueTrigger", queueName: "jobs", connection: "AzureWebJobsStorage", dataType: "binary" },
    ],
    [
      "a Service Bus queue",
      queue("jobs"),
      { queues: { jobs: { source: "service-bus", name: "%JOBS%", connection: "Bus", sessions: true } } },
      {
        type: "serviceBusTrigger",
        queueName: "%JOBS%",
        connection: "Bus",
        cardinality: "one",
        isSessionsEnabled: true,
        dataType: "binary",
      },
    ],
    [
      "whole batches of Service Bus",
      queue("jobs", { batch: true }),
      { queues: { jobs: { source: "service-bus" } } },
      { connection: "ServiceBusConnection", cardinality: "many" },
    ],
    [
      "a topic",
      topic("news"),
      {},
      { type: "serviceBusTrigger", topicName: "news", cardinality: "one", dataType: "binary" },
    ],
    [
      "an Event Grid topic",
      topic("news"),
      { topics: { news: { source: "event-grid" } } },
      { type: "eventGridTrigger" },
    ],
    [
      "a timer",
      schedule("*/5 8-18 * * MON-FRI"),
      {},
      { type: "timerTrigger", schedule: "0 0-59/5 8-18 * * 1,2,3,4,5" },
    ],
    ["blob events", storage("images"), {}, { type: "eventGridTrigger" }],
    [
      "a blob trigger",
      storage("images", { prefix: "raw/" }),
      { storage: { images: { source: "blob" } } },
      {
        type: "blobTrigger",
        path: "images/raw/{name}",
        source: "EventGrid",
        connection: "AzureWebJobsStorage",
      },
    ],
    [
      "a change feed with deletions",
      changes("customers", { batchSize: 7 }),
      {},
      {
        type: "cosmosDBTrigger",
        databaseName: "%CosmosDBDatabase%",
        containerName: "customers",
        leaseContainerName: "leases",
        maxItemsPerInvocation: 7,
        changeFeedMode: "AllVersionsAndDeletes",
      },
    ],
    [
      "an event hub",
      stream("clicks"),
      {},
      {
        type: "eventHubTrigger",
        eventHubName: "clicks",
        cardinality: "many",
        dataType: "binary",
        consumerGroup: "$Default",
      },
    ],
    [
      "Kafka",
      stream("clicks"),
      { streams: { clicks: { source: "kafka", name: "t", options: { protocol: "saslSsl" } } } },
      {
        type: "kafkaTrigger",
        topic: "t",
        brokerList: "%KafkaBrokerList%",
        cardinality: "many",
        dataType: "binary",
        protocol: "saslSsl",
      },
    ],
    ["a bus", bus("shop"), {}, { type: "eventGridTrigger" }],
    [
      "a web hook",
      bus("shop"),
      { buses: { shop: { source: "event-grid-webhook", route: "/hooks/shop" } } },
      { type: "httpTrigger", route: "hooks/shop", methods: ["POST", "OPTIONS"], authLevel: "function" },
    ],
    ["a direct function", direct(), {}, { type: "httpTrigger", methods: ["POST"], authLevel: "function" }],
  ];

  it.each(cases)("tells the host of %s", (_name, trigger, settings, expected) => {
    expect(app(trigger, settings).trigger).toMatchObject(expected);
  });

  it("leaves the mode of the feed alone where nothing needs more", () => {
    const { trigger } = app(changes("customers", { on: ["created", "updated"] }));
    expect(trigger).not.toHaveProperty("changeFeedMode");
  });

  it.each([
    [
      stream("clicks"),
      {},
      { maxRetryCount: -1, minimumInterval: { seconds: 5 }, maximumInterval: { seconds: 300 } },
    ],
    [
      changes("c"),
      { retry: { attempts: 3, minSeconds: 1, maxSeconds: 2 } },
      { maxRetryCount: 3, retryStrategy: "exponentialBackoff" },
    ],
    [schedule("0 2 * * *"), { retry: { attempts: 2 } }, { maxRetryCount: 2 }],
  ])("makes the host try again", (trigger, settings, expected) => {
    expect(app(trigger, settings).retry).toMatchObject(expected);
  });

  it("gives a queue and an unconfigured schedule no policy", () => {
    expect(app(queue("jobs")).retry).toBeUndefined();
    expect(app(schedule("0 2 * * *")).retry).toBeUndefined();
  });

  it("registers a module's exports of every kind, and refuses nothing at all", () => {
    const module = {
      firstOne: define(queue("q1"), () => {}),
      SecondOne: define(direct(), () => {}),
      other: 1,
    };
    const deployed = deploy(module);
    expect(deployed.trigger("first-one")).toMatchObject({ type: "queueTrigger" });
    expect(deployed.trigger("second-one")).toMatchObject({ type: "httpTrigger", route: "second-one" });
    expect(() => register(acceptsLibrary({} as typeof library.app), [])).toThrow(/no function to register/);
  });

  it.each([
    ["0 2 1 * MON", {}, /Declare two schedules/],
    ["0 2 * * *", { timeZone: "Europe/Berlin" }, /in the time zone Europe\/Berlin/],
  ])("refuses the schedule %s", (cron, options, message) => {
    expect(() => app(schedule(cron, options))).toThrow(message);
  });
});

describe("context", () => {
  it("is each invocation's own, with a deadline from the function's timeout and the try", async () => {
    const name = "context-1";
    const seen: [string, string, number | undefined, number][] = [];
    const both: (() => void)[] = [];
    const handler = async ({ id }: Message, ctx: Context): Promise<void> => {
      await new Promise<void>((resolve) => {
        both.push(resolve);
        if (both.length === 2) for (const go of both) go();
      });
      seen.push([id, ctx.invocationId, ctx.attempt, Math.round(ctx.remainingMs() / 1000)]);
    };
    const { invoke } = deploy(define(queue("q"), handler as never, { name, timeout: 90 }), {
      timeoutSeconds: 60,
    });
    const send = (id: string) =>
      invoke(name, {
        inputData: bytes("x"),
        triggerMetadata: { Id: { string: id } },
        invocationId: `inv-${id}`,
        retryContext: { retryCount: 2, maxRetryCount: 5 },
      });
    await Promise.all([send("a"), send("b")]);
    expect(seen).toEqual([
      ["a", "inv-a", 3, 60],
      ["b", "inv-b", 3, 60],
    ]);
  });

  it("waits for background work", async () => {
    let done = false;
    const finish = (): void => {
      done = true;
    };
    const { invoke } = app(queue("q"), {}, (_message, ctx) => {
      ctx.waitUntil(new Promise<void>((resolve) => setImmediate(resolve)).then(finish));
    });
    await invoke(queued(bytes("x")));
    expect(done).toBe(true);
  });

  it("logs one JSON text an entry, at its level, that no field can fake", async () => {
    const lines: [string, unknown][] = [];
    const note = (level: string) => (line: string) => lines.push([level, JSON.parse(line)]);
    const handlers: ((input: unknown, context: object) => Promise<void>)[] = [];
    const app = {
      storageQueue: (_name: string, options: { handler: never }) => handlers.push(options.handler),
    };
    const handler = (_message: Message, { log }: Context): void => {
      log.debug("d");
      log.warn("w", { n: 1n, message: "fake", password: "x", level: "fake" });
    };
    register(app as unknown as AzureApp, define(queue("q"), handler as never, { name: "logs" }));
    const traceContext = { traceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
    const context = { invocationId: "i", functionName: "logs", triggerMetadata: { id: "m" }, traceContext };
    await handlers[0]?.("x", { ...context, debug: note("debug"), warn: note("warn") });
    const shared = {
      invocationId: "i",
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
    };
    expect(lines).toEqual([
      ["debug", { level: "debug", message: "d", ...shared }],
      ["warn", { level: "warn", message: "w", n: "1", password: "[redacted]", ...shared }],
    ]);
  });
});
