import { readFileSync } from "node:fs";
import {
  type AnyFunction,
  bus,
  changes,
  defineFunction,
  direct,
  http,
  queue,
  schedule,
  storage,
  stream,
  topic,
} from "@anyfn/core";
import { afterEach, expect, expectTypeOf, test, vi } from "vitest";
import { lambdaContextOf, sqsRecord } from "./_testing.ts";
import { aws, lambdaContext, lambdaEvent, type SqsRecord, toLambda } from "./index.ts";

const context = lambdaContextOf();

afterEach(() => void vi.unstubAllGlobals());

test("toLambda makes the handler of each trigger, which refuses the others' payloads", async () => {
  const triggers = [
    http.get("/a"),
    queue("q"),
    topic("t"),
    schedule("0 2 * * *"),
    storage("s"),
    changes("c"),
    stream("s"),
    bus("b"),
  ];
  for (const trigger of triggers) {
    const definition = defineFunction({ trigger: trigger as ReturnType<typeof bus>, handler: () => {} });
    const running = toLambda(definition)({ Records: [{ eventSource: "aws:ses" }] }, context);
    await expect(running).rejects.toThrow(`[aws/${trigger.kind}] The event is none of`);
  }
  const echo = defineFunction({ trigger: direct(), handler: ({ input }) => input });
  expect(await toLambda(echo)({ a: 1 }, context)).toEqual({ a: 1 });
});

test("every handler takes at most two parameters, which Lambda demands", () => {
  const definition = defineFunction({ trigger: queue("q"), handler: () => {} });
  expect(toLambda(definition).length).toBeLessThanOrEqual(2);
});

test("toLambda streams when asked to", () => {
  const streamifyResponse = vi.fn((handler: unknown) => handler);
  vi.stubGlobal("awslambda", { streamifyResponse });
  const definition = defineFunction({ trigger: http.get("/a"), handler: () => "a" });
  toLambda(definition);
  expect(streamifyResponse).not.toHaveBeenCalled();
  toLambda(definition, { streaming: true });
  expect(streamifyResponse).toHaveBeenCalledOnce();
});

test("what defineFunction did not make is refused", () => {
  expect(() => toLambda({} as AnyFunction)).toThrow(
    "[aws] toLambda was given something else than a function.",
  );
});

test("the native payload and context are there, typed, on this provider", async () => {
  const seen: unknown[] = [];
  const definition = defineFunction({
    trigger: queue("q"),
    handler: (message, ctx) => {
      const record = lambdaEvent(message, ctx);
      expectTypeOf(record).toEqualTypeOf<SqsRecord | undefined>();
      seen.push(record?.receiptHandle, lambdaContext(ctx)?.functionVersion, ctx.functionName, ctx.provider);
      seen.push(lambdaEvent(message, { ...ctx, provider: "other" }));
    },
  });
  await toLambda(definition)({ Records: [sqsRecord("m1", "a")] }, context);
  expect(seen).toEqual(["handle", "7", "shop", "aws", undefined]);
});

test("a log line is JSON with Lambda's members, which no field replaces", async () => {
  const lines: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  const definition = defineFunction({
    trigger: direct(),
    handler: (_event, { log }) => log.warn("careful", { sku: "tea", level: "mine", password: "p" }),
  });
  const xRayTraceId = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0";
  await toLambda(definition)({}, lambdaContextOf({ xRayTraceId }));
  vi.restoreAllMocks();
  expect(lines.map((line) => [line.endsWith("}\n"), JSON.parse(line)])).toEqual([
    [
      true,
      {
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        level: "WARN",
        message: "careful",
        requestId: context.awsRequestId,
        functionName: "shop",
        traceId: "5759e988bd862e3fe1be46a994272793",
        spanId: "53995c3f42cd8ad8",
        sku: "tea",
        password: "[redacted]",
      },
    ],
  ]);
});

test("the deadline is Lambda's", async () => {
  const definition = defineFunction({ trigger: direct(), handler: (_event, ctx) => ctx.remainingMs() });
  expect(await toLambda(definition)({}, context)).toBeGreaterThan(29_000);
  expect(await toLambda(definition)({}, context)).toBeLessThanOrEqual(30_000);
});

test("each trigger can be served, and the package has an entry point for it", () => {
  const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    exports: Record<string, unknown>;
  };
  for (const [kind, capabilities] of Object.entries(aws.capabilities)) {
    expect(capabilities).not.toHaveProperty("unsupported");
    expect(exports).toHaveProperty([`./${kind}`]);
  }
});
