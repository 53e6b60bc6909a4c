import { setImmediate } from "node:timers/promises";
import {
  bus,
  type Context,
  DeadLetter,
  defineFunction,
  type Message,
  queue,
  Retry,
  storage,
  type Trigger,
} from "@anyfn/core";
import { describe, expect, test } from "vitest";
import { headerValues } from "../../../test/runtimes/hosts/http.ts";
import { post, send, serve, setUp, textOf } from "../../../test/support/serve-cloud-function.ts";
import { toCloudFunction } from "./index.ts";

const logged = setUp();

const onQueue = (handler: (message: Message, ctx: Context) => unknown) =>
  defineFunction({ trigger: queue("orders"), handler });
const pushOf = (messageId: string) => ({ message: { messageId }, subscription: "s" });
const push = pushOf("m-1");
const published = {
  specversion: "1.0",
  id: "e-1",
  source: "//pubsub.googleapis.com/projects/p/topics/t",
  type: "google.cloud.pubsub.topic.v1.messagePublished",
  data: push,
};

describe("outcomes", () => {
  const failing = (error: Error) =>
    onQueue(() => {
      throw error;
    });

  test.each([
    [new Error("secret"), 500, undefined],
    [new DeadLetter("unknown currency"), 500, undefined],
    [new Retry("closed"), 503, undefined],
    [new Retry("closed", { after: 1.2 }), 503, "2"],
  ])("%s is an answer that keeps the message", async (error, status, after) => {
    const answer = await send(await serve(failing(error)), post("/", push));
    expect(answer.status).toBe(status);
    expect(headerValues(answer.headers, "retry-after")).toEqual(after === undefined ? [] : [after]);
    expect(textOf(answer)).not.toContain("secret");
  });

  test("one failure of a batch fails the delivery, after all of it was tried", async () => {
    const seen: string[] = [];
    const definition = defineFunction({
      trigger: bus("b"),
      handler: (event) => {
        seen.push(event.id);
        if (event.id === "1") throw new Error("no");
      },
    });
    const events = ["1", "2"].map((id) => ({ specversion: "1.0", id, source: "/s", type: "t" }));
    const request = post("/", events, "application/cloudevents-batch+json");
    expect(await send(await serve(definition), request)).toMatchObject({ status: 500 });
    expect(seen).toEqual(["1", "2"]);
  });

  const ids = { specversion: "1.0", source: "/s", type: "t" };
  const typed = { ...ids, type: "google.cloud.storage.object.v1.finalized" };

  test.each<[string, Trigger, object[]]>([
    [
      "an event",
      bus("b"),
      [
        { ...ids, id: "1" },
        { ...ids, id: 2 },
        { ...ids, id: "3" },
      ],
    ],
    [
      "an object",
      storage("images"),
      ["1", "2", "3"].map((id) => ({ ...typed, id, data: { bucket: "images", name: id === "2" ? 2 : id } })),
    ],
    [
      "a message",
      queue("q"),
      ["1", "2", "3"].map((id) => ({
        ...published,
        id,
        data: { message: { messageId: id, data: id === "2" ? "*" : "" } },
      })),
    ],
  ])(
    "%s of a batch that cannot be decoded fails the delivery, and the others run",
    async (_name, trigger, body) => {
      const seen: unknown[] = [];
      const definition = defineFunction({
        trigger: trigger as Trigger<"bus", { id: string }, unknown>,
        handler: ({ id }) => {
          seen.push(id);
        },
      });
      const answer = await send(
        await serve(definition),
        post("/", body, "application/cloudevents-batch+json"),
      );
      expect(answer.status).toBe(500);
      expect(seen).toEqual(["1", "3"]);
      expect(logged.join("")).toContain("invalid-payload");
    },
  );

  test("a delivery is over only when its work in the background is", async () => {
    const gate = Promise.withResolvers<void>();
    const settled: string[] = [];
    const definition = defineFunction({
      trigger: queue("q"),
      handler: (_, ctx) => ctx.waitUntil(gate.promise),
    });
    const running = toCloudFunction(definition, { env: {} })(published).then(() => settled.push("over"));
    await setImmediate();
    expect(settled).toEqual([]);
    gate.resolve();
    await running;
    expect(settled).toEqual(["over"]);
  });
});

test("two deliveries at once never mix", async () => {
  const both = Promise.withResolvers<void>();
  const seen: string[] = [];
  const handler = async ({ id }: Message, { log, requestId, trace }: Context) => {
    if (seen.push(id) === 2) both.resolve();
    await both.promise;
    log.info(id, { requestId, span: trace?.spanId });
  };
  const port = await serve(onQueue(handler));
  const deliverOne = (digit: string) => {
    const headers = [
      ["Function-Execution-Id", `run-${digit}`],
      ["traceparent", `00-${digit.repeat(32)}-${digit.repeat(16)}-01`],
    ] as const;
    return send(port, { method: "POST", headers, body: JSON.stringify(pushOf(digit)) });
  };
  const answers = await Promise.all(["1", "2"].map(deliverOne));
  expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  const lines = logged.map((line) => JSON.parse(line) as { message: string });
  for (const digit of ["1", "2"]) {
    expect(lines.find(({ message }) => message === digit)).toMatchObject({
      requestId: `run-${digit}`,
      span: digit.repeat(16),
      "logging.googleapis.com/trace": digit.repeat(32),
      "logging.googleapis.com/labels": { execution_id: `run-${digit}` },
    });
  }
});
