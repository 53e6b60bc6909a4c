import {
  type AnyFunction,
  bus,
  defineFunction,
  type Message,
  queue,
  type ScheduleEvent,
  type StreamRecord,
  schedule,
  storage,
  stream,
  type TopicMessage,
  topic,
} from "@anyfn/core";
import { describe, expect, test } from "vitest";
import {
  deliver,
  jsonOf,
  post,
  type Sent,
  send,
  serve,
  setUp,
} from "../../../test/support/serve-cloud-function.ts";
import { toCloudFunction } from "./index.ts";

const logged = setUp();

const base64 = (text: string) => Buffer.from(text).toString("base64");
const onQueue = (handler: (message: Message) => unknown) =>
  defineFunction({ trigger: queue("orders"), handler });
const onTopic = (handler: (message: TopicMessage) => unknown) =>
  defineFunction({ trigger: topic("orders"), handler });
const onSchedule = (handler: (tick: ScheduleEvent) => unknown) =>
  defineFunction({ trigger: schedule("0 2 * * *"), handler });
const time = "2026-03-04T05:06:07.890Z";
const push = {
  message: {
    data: base64('{"sku":"a"}'),
    attributes: { tenant: "acme" },
    messageId: "m-1",
    message_id: "m-1",
    publishTime: time,
    publish_time: time,
    orderingKey: "k",
  },
  subscription: "projects/p/subscriptions/s",
  deliveryAttempt: 3,
};
const published = {
  specversion: "1.0",
  id: "e-1",
  source: "//pubsub.googleapis.com/projects/p/topics/t",
  type: "google.cloud.pubsub.topic.v1.messagePublished",
  time,
  datacontenttype: "application/json",
  data: { message: push.message, subscription: push.subscription },
};
const unwrapped: Sent = {
  headers: [
    ["Content-Type", "application/json"],
    ["X-Goog-Pubsub-Message-Id", "m-1"],
    ["X-Goog-Pubsub-Publish-Time", time],
    ["X-Goog-Pubsub-Ordering-Key", "k"],
    ["X-Goog-Pubsub-Subscription-Name", "projects/p/subscriptions/s"],
    ["tenant", "acme"],
  ],
  body: '{"sku":"a"}',
};
const legacy = {
  context: {
    eventId: "m-1",
    timestamp: time,
    eventType: "google.pubsub.topic.publish",
    resource: { service: "pubsub.googleapis.com", name: "projects/p/topics/t" },
  },
  data: { data: push.message.data, attributes: { tenant: "acme" }, orderingKey: "k" },
};
const ceHeaders = (event: Record<string, unknown>) =>
  Object.entries(event)
    .filter(([name]) => name !== "data" && name !== "datacontenttype")
    .map(([name, value]) => [`ce-${name}`, String(value)] as const);
const binary: Sent = {
  headers: [...ceHeaders(published), ["Content-Type", "application/json"]],
  body: JSON.stringify(published.data),
};

describe("a Pub/Sub message", () => {
  const same = { id: "m-1", attributes: { tenant: "acme" }, orderingKey: "k", enqueuedAt: new Date(time) };

  test.each<[string, Sent, number | undefined, string | undefined]>([
    ["pushed", post("/", push), 3, undefined],
    [
      "pushed to a path that names the topic",
      post("/projects/p/topics/t?x=1", push),
      3,
      "projects/p/topics/t",
    ],
    ["unwrapped", unwrapped, undefined, undefined],
    ["as a binary CloudEvent", binary, undefined, "projects/p/topics/t"],
    [
      "as a structured CloudEvent",
      post("/", published, "application/cloudevents+json; charset=utf-8"),
      undefined,
      "projects/p/topics/t",
    ],
    [
      "as a batch of CloudEvents",
      post("/", [published], "application/cloudevents-batch+json"),
      undefined,
      "projects/p/topics/t",
    ],
    ["as a background event", post("/", legacy), undefined, "projects/p/topics/t"],
  ])("%s is the same message", async (_, request, deliveryCount, topicName) => {
    const [message] = await deliver(onTopic, request);
    expect(message).toMatchObject({ ...same, deliveryCount, topic: topicName });
    expect(message?.text()).toBe('{"sku":"a"}');
    expect(message?.data).toEqual({ sku: "a" });
    const [queued] = await deliver(onQueue, request);
    expect(queued).toMatchObject({ ...same, deliveryCount });
    const [record] = await deliver<StreamRecord>(
      (handler) => defineFunction({ trigger: stream("clicks"), handler }),
      request,
    );
    expect(record).toMatchObject({ id: "m-1", partitionKey: "k", time: new Date(time) });
  });

  test.each([
    [{ message: { messageId: "1", attributes: { a: "b" } }, subscription: "s" }, { attributes: { a: "b" } }],
    [{ message: { message_id: "1", data: "", attributes: null, ordering_key: "" }, subscription: "s" }, {}],
    [{ message: { messageId: "1" } }, { deliveryCount: undefined, enqueuedAt: undefined }],
    [{ message: { messageId: "", message_id: "1", data: null }, subscription: null }, {}],
  ])("of the emulator or without data is one: %j", async (body, expected) => {
    const [message] = await deliver(onQueue, post("/", body));
    expect(message).toMatchObject({ id: "1", orderingKey: undefined, ...expected });
    expect(message?.bytes()).toHaveLength(0);
  });

  test("has only the attributes that were sent, whatever their names", async () => {
    const body = '{"message":{"messageId":"1","attributes":{"__proto__":"a","n":5,"none":null}}}';
    const [message] = await deliver(onQueue, { headers: [["Content-Type", "application/json"]], body });
    expect(Object.entries(message?.attributes ?? {})).toEqual([
      ["__proto__", "a"],
      ["n", "5"],
    ]);
    expect(message?.attributes.constructor).toBeUndefined();
  });

  test("behind a byte order mark is one", async () => {
    const body = `\ufeff${JSON.stringify(push)}`;
    expect(await deliver(onQueue, { body })).toMatchObject([{ id: "m-1" }]);
  });

  test("keeps bytes that are no text", async () => {
    const bytes = Buffer.of(0, 255, 1);
    const body = { message: { messageId: "1", data: bytes.toString("base64") }, subscription: "s" };
    const [message] = await deliver(onQueue, post("/", body));
    expect(message?.data).toEqual(bytes);
  });

  test.each([
    [{ ...push, message: { ...push.message, data: "%%%" } }, "message.data"],
    [{ ...push, message: { ...push.message, messageId: 5 } }, "message.messageId"],
    [{ ...push, message: { ...push.message, publishTime: "soon" } }, "message.publishTime"],
    [{ ...push, message: { ...push.message, attributes: [1] } }, "message.attributes"],
    [{ ...published, data: {} }, "data.message"],
    [{ ...published, source: undefined }, "source"],
  ])("with a member at fault is refused by its path: %#", async (body, path) => {
    const answer = await send(await serve(onQueue(() => {})), post("/", body));
    expect(answer.status).toBe(400);
    expect(jsonOf(answer)).toMatchObject({ code: "invalid-payload", detail: expect.stringContaining(path) });
    expect(logged.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        severity: "ERROR",
        error: expect.objectContaining({ path, provider: "gcp" }),
      }),
    ]);
  });
});

describe("a task", () => {
  const task: Sent = {
    headers: [
      ["X-CloudTasks-TaskName", "t-1"],
      ["X-CloudTasks-QueueName", "q"],
      ["X-CloudTasks-TaskRetryCount", "2"],
      ["X-CloudTasks-TaskETA", "1767225600.5"],
      ["Content-Type", "application/octet-stream"],
      ["X-Tenant", "acme"],
    ],
    body: '{"message":{"messageId":"not a push"}}',
  };

  test("is a message, whatever its body looks like", async () => {
    const attempts: unknown[] = [];
    const [message] = await deliver<Message>(
      (see) =>
        defineFunction({
          trigger: queue("q"),
          handler: (event, ctx) => {
            attempts.push(ctx.attempt);
            see(event);
          },
        }),
      task,
    );
    expect(message).toMatchObject({ id: "t-1", attributes: { "x-tenant": "acme" }, deliveryCount: 3 });
    expect(message?.data).toEqual({ message: { messageId: "not a push" } });
    expect(attempts).toEqual([3]);
  });

  test("without body is an empty message", async () => {
    const [message] = await deliver(onQueue, { headers: [["X-AppEngine-TaskName", "t-2"]] });
    expect(message).toMatchObject({ id: "t-2", deliveryCount: undefined });
    expect(message?.text()).toBe("");
  });
});

describe("a tick", () => {
  const executed = {
    specversion: "1.0",
    id: "e-2",
    source: "//cloudscheduler.googleapis.com/projects/p/locations/l/jobs/nightly",
    type: "google.cloud.scheduler.job.v1.executed",
    time,
  };
  const job: Sent = {
    headers: [
      ["X-CloudScheduler", "true"],
      ["X-CloudScheduler-JobName", "nightly"],
      ["X-CloudScheduler-ScheduleTime", "2026-03-04T02:00:00Z"],
    ],
  };

  test.each<[string, Sent, object]>([
    [
      "by HTTP",
      job,
      {
        id: "nightly@2026-03-04T02:00:00.000Z",
        name: "nightly",
        scheduledAt: new Date("2026-03-04T02:00:00Z"),
      },
    ],
    ["by GET", { ...job, method: "GET" }, { name: "nightly" }],
    ["by Pub/Sub", post("/", push), { id: "m-1", name: undefined, scheduledAt: new Date(time) }],
    ["by a CloudEvent of Pub/Sub", binary, { id: "m-1", scheduledAt: new Date(time) }],
    ["by a CloudEvent", post("/", executed), { id: "e-2", name: "nightly", scheduledAt: new Date(time) }],
  ])("%s says when it was due", async (_, request, expected) => {
    expect(await deliver(onSchedule, request)).toMatchObject([expected]);
  });
});

describe("the framework's other signatures", () => {
  const seen: unknown[] = [];
  const fn = toCloudFunction(
    defineFunction({
      trigger: queue("q"),
      handler: (message, ctx) => {
        seen.push([message.id, message.text(), ctx.requestId, ctx.trace?.spanId]);
        if (message.attributes.fail !== undefined) throw new Error("no");
      },
    }),
    { env: {} },
  );
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  test("a CloudEvent is handled, and a failure rejects", async () => {
    await fn({ ...published, traceparent });
    expect(seen.splice(0)).toEqual([["m-1", '{"sku":"a"}', "e-1", "b7ad6b7169203331"]]);
    const message = { ...push.message, attributes: { fail: "1" } };
    await expect(fn({ ...published, data: { message } })).rejects.toThrow("no");
  });

  test("a push of attributes only, which the framework hands over as it is, is handled", async () => {
    seen.length = 0;
    await fn({ message: { messageId: "9", attributes: {} }, subscription: "s" });
    expect(seen).toEqual([["9", "", expect.any(String), undefined]]);
  });

  test("data and context are handled", async () => {
    seen.length = 0;
    await fn(legacy.data, legacy.context);
    expect(seen).toEqual([["m-1", '{"sku":"a"}', expect.any(String), undefined]]);
  });

  test.each([null, undefined, "hunter2", []])("%j rejects", async (given) => {
    const error = await fn(given as unknown as object).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: "unknown-payload", message: expect.not.stringContaining("hunter2") });
  });

  test("anything else rejects with its keys and without its values", async () => {
    const error = await fn({ password: "hunter2" }).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: "unknown-payload", provider: "gcp", trigger: "queue" });
    expect((error as Error).message).toContain('"password"');
    expect((error as Error).message).not.toContain("hunter2");
  });
});

test.each<[AnyFunction, Sent]>([
  [onQueue(() => {}), post("/", { anything: 1 })],
  [onQueue(() => {}), { method: "POST", body: "not json" }],
  [onQueue(() => {}), { method: "OPTIONS" }],
  [onTopic(() => {}), { method: "POST", headers: [["X-CloudTasks-TaskName", "t"]], body: "x" }],
  [onSchedule(() => {}), post("/", { job: "nightly" })],
  [defineFunction({ trigger: storage("images"), handler: () => {} }), post("/", push)],
  [defineFunction({ trigger: storage("images"), handler: () => {} }), post("/", published)],
  [defineFunction({ trigger: bus("b"), handler: () => {} }), post("/", push)],
])("a delivery of another kind is refused: %#", async (definition, request) => {
  const answer = await send(await serve(definition), request);
  expect(answer.status).toBe(400);
  expect(jsonOf(answer)).toMatchObject({ code: "unknown-payload" });
});
