import { type AnyFunction, defineFunction, http, queue, schedule } from "@anyfn/core";
import { describe, expect, test } from "vitest";
import { adapter } from "./index.ts";

const functionOf = (name: string, definition: AnyFunction, exportName = name) => ({
  name,
  exportName,
  file: "/project/src/functions.ts",
  line: 1,
  column: 1,
  definition,
});
const orders = functionOf(
  "get-order",
  defineFunction({ trigger: http.get("/a"), handler: () => "a" }),
  "getOrder",
);
const fulfil = functionOf(
  "fulfil",
  defineFunction({ trigger: queue("orders"), handler: () => {} }),
  "default",
);

async function validated(settings: object): Promise<object> {
  return await adapter.settings["~standard"].validate(settings);
}

describe("plan", () => {
  const plan = (settings: object) => adapter.plan({ app: "shop", functions: [orders, fulfil], settings });

  test("each function is an artifact that imports its own trigger alone", () => {
    expect(plan({})).toEqual([
      {
        directory: "get-order",
        functions: ["get-order"],
        entry:
          'import { httpHandler } from "@anyfn/aws/http";\n' +
          'import { "getOrder" as definition } from "/project/src/functions.ts";\n' +
          "export const handler = httpHandler(definition);\n",
        bundle: { file: "index.mjs", format: "esm", external: [] },
        files: {},
        zip: "get-order.zip",
      },
      expect.objectContaining({
        directory: "fulfil",
        zip: "fulfil.zip",
        entry:
          'import { queueHandler } from "@anyfn/aws/queue";\n' +
          'import { "default" as definition } from "/project/src/functions.ts";\n' +
          "export const handler = queueHandler(definition);\n",
      }),
    ]);
  });

  test("settings reach the functions that they concern, a function's own first", () => {
    const functions = { "get-order": { streaming: true, basePath: "/v2" } };
    const [first, second] = plan({
      basePath: "/v1",
      partialFailures: false,
      externalizeSdk: true,
      functions,
    });
    expect(first?.entry).toContain('import { httpStreamHandler } from "@anyfn/aws/http-stream";');
    expect(first?.entry).toContain('httpStreamHandler(definition, {"basePath":"/v2"})');
    expect(second?.entry).toContain('queueHandler(definition, {"partialFailures":false})');
    expect(first?.bundle.external).toEqual(["@aws-sdk", "@smithy"]);
  });

  test("an export whose name is no identifier stands in quotes", () => {
    const [artifact] = adapter.plan({
      app: "shop",
      functions: [{ ...orders, exportName: "get-order" }],
      settings: {},
    });
    expect(artifact?.entry).toContain('import { "get-order" as definition }');
  });
});

describe("refuse", () => {
  const reasons = (options: object, trigger: unknown, settings: object = {}) => {
    const definition = defineFunction({
      trigger: trigger as ReturnType<typeof http.get>,
      handler: () => "a",
      ...options,
    });
    const functions = [functionOf("fn", definition)];
    return adapter.refuse({ app: "shop", functions, settings }).map(({ reason }) => reason);
  };

  test.each([
    ["what Lambda can run", {}, http.get("/a"), {}, []],
    ["a timeout above 15 minutes", { timeout: 901 }, http.get("/a"), {}, [/900 seconds at most/]],
    ["part of a second", { timeout: 1.5 }, http.get("/a"), {}, [/whole seconds/]],
    ["too little memory", { memory: 64 }, http.get("/a"), {}, [/128 to 10240 MiB/]],
    ["too large a batch", {}, queue("q", { batchSize: 10_001 }), {}, [/10000 records at most/]],
    ["both days restricted", {}, schedule("0 2 1 * MON"), {}, [/Declare two schedules/]],
    ["one day restricted", {}, schedule("0 2 * * MON"), {}, []],
    [
      "streaming from a queue",
      {},
      queue("q"),
      { functions: { fn: { streaming: true } } },
      [/`streaming` is for HTTP/],
    ],
    [
      "partial failures of a request",
      {},
      http.get("/a"),
      { functions: { fn: { partialFailures: false } } },
      [/`partialFailures` is for functions/],
    ],
    [
      "a function that is not there",
      {},
      http.get("/a"),
      { functions: { Fn: {} } },
      [/"Fn", which is not there/],
    ],
  ])("%s", (_case, options, trigger, settings, expected) => {
    expect(reasons(options, trigger, settings)).toEqual(
      expected.map((reason) => expect.stringMatching(reason)),
    );
  });
});

describe("settings", () => {
  test.each([
    {},
    { streaming: true, functions: { "get-order": { basePath: "/api" } } },
    { externalizeSdk: true },
  ])("%j is valid", async (settings) => {
    expect(await validated(settings)).toEqual({ value: settings });
  });

  test.each([
    [{ basePath: "api" }, 'Write a path that starts with "/".'],
    [{ externalizeSdk: "yes" }, "Write true or false."],
    [{ stremaing: true }, 'Unrecognized key: "stremaing"'],
  ])("%j is not", async (settings, message) => {
    expect(await validated(settings)).toMatchObject({ issues: [{ message }] });
  });
});
