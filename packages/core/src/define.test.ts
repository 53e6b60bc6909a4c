import { describe, expect, test } from "vitest";
import { type AnyFunction, defineFunction, type FunctionOptions, isFunctionDefinition } from "./define.ts";
import type { AnyTrigger } from "./trigger.ts";
import { bus } from "./triggers/bus.ts";
import { changes } from "./triggers/changes.ts";
import { direct } from "./triggers/direct.ts";
import { http } from "./triggers/http.ts";
import { queue } from "./triggers/queue.ts";
import { storage } from "./triggers/storage.ts";
import { stream } from "./triggers/stream.ts";
import { topic } from "./triggers/topic.ts";

const trigger = queue("jobs");
const handler = (): void => {};
const notASchema = { parse: () => {} } as never;

test("a definition has every default", () => {
  expect(defineFunction({ trigger, handler })).toEqual({
    trigger: { kind: "queue", name: "jobs", schema: undefined, batchSize: 10, batch: false },
    handler,
    use: [],
    name: undefined,
    timeout: 30,
    memory: 512,
    concurrency: Number.POSITIVE_INFINITY,
  });
});

test("a definition is told from what looks like one", () => {
  const definition: AnyFunction = defineFunction({ trigger, handler });
  expect(isFunctionDefinition(definition)).toBe(true);
  for (const value of [{ ...definition }, trigger, handler, null, undefined, "x"]) {
    expect(isFunctionDefinition(value)).toBe(false);
  }
});

describe("what is refused", () => {
  test.each<[Partial<Record<keyof FunctionOptions<AnyTrigger>, unknown>>, string]>([
    [{ trigger: undefined }, "has no trigger"],
    [{ trigger: { kind: "constructor" } }, 'kind "constructor", and there are only http, queue'],
    [{ trigger: { kind: "websocket" } }, "server-sent events"],
    [{ handler: "no" }, "has no handler"],
    [{ use: [1] }, "`use`"],
    [{ use: {} }, "`use`"],
    [{ name: "Upper" }, "needs a name"],
    [{ name: "-a" }, "needs a name"],
    [{ name: "a-" }, "needs a name"],
    [{ name: "a".repeat(61) }, "needs a name"],
    [{ timeout: 0 }, "needs a timeout"],
    [{ timeout: Number.POSITIVE_INFINITY }, "needs a timeout"],
    [{ timeout: Number.NaN }, "needs a timeout"],
    [{ memory: 1.5 }, "needs a memory size"],
    [{ concurrency: 0.5 }, "needs a concurrency"],
    [{ concurrency: Number.NaN }, "needs a concurrency"],
  ])("%j", (options, message) => {
    const all = { trigger, handler, ...options } as never;
    expect(() => defineFunction(all)).toThrow(
      expect.objectContaining({ code: "invalid-definition", message: expect.stringContaining(message) }),
    );
  });

  test.each<[string, () => unknown, string]>([
    ["a queue without a name", () => queue(" "), 'queue("orders")'],
    ["a topic without a name", () => topic(""), 'topic("orders")'],
    ["a bus without a name", () => bus(undefined as never), 'bus("orders")'],
    ["a storage without a name", () => storage(""), "needs a name"],
    ["a batch of none", () => queue("q", { batchSize: 0 }), "batchSize of at least 1"],
    ["half a message", () => stream("s", { batchSize: 1.5 }), "batchSize of at least 1"],
    ["no schema for messages", () => queue("q", { message: notASchema }), '`message` of the queue "q"'],
    ["no schema for topics", () => topic("t", { message: notASchema }), '`message` of the topic "t"'],
    ["no schema for records", () => stream("s", { record: notASchema }), '`record` of the stream "s"'],
    ["no schema for documents", () => changes("c", { document: notASchema }), "`document` of the changes"],
    ["no schema for bus data", () => bus("b", { data: notASchema }), '`data` of the bus "b"'],
    ["no schema for input", () => direct({ input: notASchema }), "`input` of a direct trigger"],
    ["no schema for output", () => direct({ output: notASchema }), "`output` of a direct trigger"],
    ["no schema for params", () => http.get("/a", { params: notASchema }), "`params` of /a"],
    ["null for a schema", () => http.post("/a", { body: null as never }), "`body` of /a"],
    [
      "credentials for every origin",
      () => http.get("/a", { cors: { origins: "*", credentials: true } }),
      "Name the origins",
    ],
  ])("%s", (_what, declare, message) => {
    expect(declare).toThrow(
      expect.objectContaining({ code: "invalid-definition", message: expect.stringContaining(message) }),
    );
  });
});
