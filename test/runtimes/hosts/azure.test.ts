import { createRequire } from "node:module";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TemporaryArtifact, writeArtifact } from "./artifact.ts";
import { type AzureHost, startAzure } from "./azure.ts";

const library = dirname(dirname(createRequire(import.meta.url).resolve("@azure/functions")));

function writeApp(main: string, code: string): TemporaryArtifact {
  const files = { "host.json": '{"version":"2.0"}', "package.json": JSON.stringify({ main }), [main]: code };
  return writeArtifact(files, { "@azure/functions": library });
}

const app = writeApp(
  "index.cjs",
  `
  const { app, output } = require("@azure/functions");
  const copies = output.storageQueue({ queueName: "copies", connection: "S" });
  const connection = "S";
  const show = (value) => (Buffer.isBuffer(value) ? "Buffer " + value.toString("hex") : typeof value + " " + JSON.stringify(value));
  let arrived = 0;
  let release;
  const both = new Promise((resolve) => { release = resolve; });

  app.hook.preInvocation((hook) => { hook.invocationContext.extraInputs.set("hooked", "yes"); });
  app.hook.appTerminate(() => console.log("terminated"));
  app.timer("nightly", {
    schedule: "0 0 2 * * *",
    retry: { strategy: "fixedDelay", maxRetryCount: 3, delayInterval: { seconds: 10 } },
    return: copies,
    handler: (tick, context) => ({ tick, hooked: context.extraInputs.get("hooked"), retry: context.retryContext, trace: context.traceContext }),
  });
  app.storageQueue("orders", {
    queueName: "orders", connection, dataType: "binary", madeUp: { a: 1 }, extraOutputs: [copies],
    handler: (message, context) => {
      context.extraOutputs.set(copies, show(message));
      context.log("took", context.triggerMetadata.dequeueCount);
    },
  });
  app.serviceBusQueue("batch", {
    queueName: "q", connection, cardinality: "many", dataType: "binary", return: copies,
    handler: (messages) => messages.map(show).join(),
  });
  app.eventHub("stream", { eventHubName: "h", connection, dataType: "binary", handler: () => {} });
  app.storageBlob("image", { path: "images/{name}", connection, return: copies, handler: (blob) => blob });
  app.generic("failing", {
    trigger: { type: "manual", name: "given" },
    handler: async (given) => { throw given === "text" ? "only a text" : new RangeError("no " + given); },
  });
  app.generic("meet", {
    trigger: { type: "manual", name: "given" },
    handler: async () => { if (++arrived === 2) release(); await both; },
  });
`,
);
afterAll(() => app[Symbol.dispose]());

describe("events", () => {
  let host: AzureHost;
  beforeAll(async () => {
    host = await startAzure(app.dir);
  });
  afterAll(() => host.close());

  test("lists what was registered, as the host reads it", () => {
    expect(host.functions.map(({ name }) => name)).toEqual([
      "nightly",
      "orders",
      "batch",
      "stream",
      "image",
      "failing",
      "meet",
    ]);
    const [nightly] = host.functions;
    expect(nightly?.retryOptions).toMatchObject({ retryStrategy: "fixedDelay", maxRetryCount: 3 });
    expect(nightly?.bindings[0]).toMatchObject({
      type: "timerTrigger",
      schedule: "0 0 2 * * *",
      direction: "in",
    });
    expect(nightly?.bindings[0]?.name).toMatch(/^timerTrigger[0-9a-f]+$/);
    expect(host.capabilities).toMatchObject({ RpcHttpBodyOnly: "true" });
    expect(host.capabilities).not.toHaveProperty("HttpUri");
  });

  test.each(["orders", "batch", "stream"])("%s keeps options its types do not know", (name) => {
    const raw = host.functions.find((candidate) => candidate.name === name)?.rawBindings[0] ?? "";
    expect(JSON.parse(raw)).toMatchObject({ dataType: "binary" });
    if (name === "orders") expect(JSON.parse(raw)).toMatchObject({ madeUp: { a: 1 } });
  });

  test("timer, with retry and trace context, preInvocation hook and returned output", async () => {
    const result = await host.invoke("nightly", {
      inputData: { json: '{"Schedule":{"AdjustForDST":true},"IsPastDue":true}' },
      retryContext: { retryCount: 1, maxRetryCount: 3 },
      traceContext: { traceParent: "00-1-2-01" },
    });
    const returnValue = result.ok ? result.returnValue?.json : undefined;
    expect(JSON.parse(returnValue ?? "")).toEqual({
      tick: { schedule: { adjustForDST: true }, isPastDue: true },
      hooked: "yes",
      retry: { retryCount: 1, maxRetryCount: 3 },
      trace: { traceParent: "00-1-2-01" },
    });
  });

  test.each([
    [{ bytes: Buffer.from("00ff01", "hex") }, "Buffer 00ff01"],
    [{ bytes: Buffer.from("123") }, "Buffer 313233"],
    [{ string: "12345678901234567890" }, "number 12345678901234567000"],
    [{ json: '{"a":1}' }, 'object {"a":1}'],
  ])("queue message %j reaches the handler as %s", async (inputData, seen) => {
    const triggerMetadata = { DequeueCount: { string: "4" }, Id: { string: "m-1" } };
    const result = await host.invoke("orders", { inputData, triggerMetadata });
    expect(result).toMatchObject({
      ok: true,
      outputData: [{ name: /^storageQueue/, data: { string: seen } }],
    });
    expect(await host.logged(/\[information\] took \d/)).toContain("took 4");
    expect(host.records()).toContainEqual(
      expect.objectContaining({ category: "user", message: "took 4", invocationId: expect.any(String) }),
    );
  });

  test("batch and blob in bytes", async () => {
    const bytes = [Buffer.from("31", "hex"), Buffer.from("ff", "hex")];
    const batch = await host.invoke("batch", { inputData: { collectionBytes: { bytes } } });
    expect(batch).toMatchObject({ returnValue: { string: "Buffer 31,Buffer ff" } });
    const blob = await host.invoke("image", { inputData: { bytes: Buffer.of(0, 255) } });
    expect(blob).toMatchObject({ returnValue: { bytes: Buffer.of(0, 255) } });
  });

  test("a throw is a failure with message and stack, also of what is no Error", async () => {
    const failed = await host.invoke("failing", { inputData: { string: "luck" } });
    expect(failed).toMatchObject({ ok: false, error: { message: "no luck" } });
    expect(!failed.ok && failed.error.stack).toMatch(/^RangeError: no luck\n.*index\.cjs/s);
    const thrown = await host.invoke("failing", { inputData: { string: "text" } });
    expect(thrown).toMatchObject({ ok: false, error: { message: "only a text" } });
  });

  test("invocations run at the same time", async () => {
    const inputData = { string: "" };
    const meeting = [host.invoke("meet", { inputData }), host.invoke("meet", { inputData })];
    expect(await Promise.all(meeting)).toMatchObject([{ ok: true }, { ok: true }]);
  });

  test("an unknown function is an error that names the known ones", async () => {
    await expect(host.invoke("lost", { inputData: {} })).rejects.toThrow(/"lost".*nightly, orders/);
  });
});

test("the end runs appTerminate hooks", async () => {
  await using host = await startAzure(app.dir);
  await host.close();
  expect(host.logs()).toContain("terminated");
});

test("an invocation that takes too long ends the worker", async () => {
  await using host = await startAzure(app.dir);
  const late = host.invoke("meet", { inputData: {} }, { timeoutMs: 50 });
  await expect(late).rejects.toThrow("within 50 ms");
});

test.each([
  ["throw new TypeError('top level')", /unable to load entry point "index.cjs": top level/],
  [
    `const { app } = require("@azure/functions"); const o = { schedule: "* * * * * *", handler() {} };
    app.timer("a", o); app.timer("a", o);`,
    /"a" has already been registered/,
  ],
  [
    `require("@azure/functions").app.storageQueue("a", { queueName: "q", connection: "S", dataType: "odd", handler() {} })`,
    /Unexpected value "odd"/,
  ],
])("an app that cannot be loaded does not start: %s", async (code, message) => {
  using broken = writeApp("index.cjs", code);
  await expect(startAzure(broken.dir)).rejects.toThrow(message);
});

test("an app that registers nothing starts with no functions", async () => {
  using empty = writeApp("index.cjs", "");
  await using host = await startAzure(empty.dir);
  expect(host.functions).toEqual([]);
});

test("nothing can be registered after the start", async () => {
  using late = writeApp(
    "index.cjs",
    `const { app } = require("@azure/functions"); const timer = { schedule: "* * * * * *", handler: () => app.timer("b", timer) };
     app.timer("a", timer);`,
  );
  await using host = await startAzure(late.dir);
  const result = await host.invoke("a", { inputData: { json: "{}" } });
  expect(result).toMatchObject({
    error: { message: "A function can only be registered during app startup." },
  });
});
