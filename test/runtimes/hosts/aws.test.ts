import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeArtifact } from "./artifact.ts";
import type { LambdaStream } from "./aws/results.ts";
import { LambdaInitError } from "./aws/runtime-api.ts";
import { type LambdaHost, startLambda } from "./aws.ts";

const handlers = `
class OrderError extends Error { name = "OrderError" }
const beat = () => new Promise((resolve) => setTimeout(resolve, 100));
const { streamifyResponse, HttpResponseStream } = globalThis.awslambda;

export const handler = async (event, context) => {
  if (event.throw) throw new OrderError("no such order");
  if (event.exit) { console.error("last words"); process.exit(7); }
  if (event.hang) await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (event.big) return "x".repeat(7_000_000);
  if (event.print) console.log("printed", event.print);
  return { event, length: context.getRemainingTimeInMillis(), context };
};
export const streaming = streamifyResponse(async (event, stream) => {
  if (event.failFirst) throw new OrderError("before the first byte");
  stream = HttpResponseStream.from(stream, { statusCode: 201, headers: { "x-a": "1" }, cookies: ["a=1", "b=2"] });
  if (event.nothing) return stream.end();
  for (const part of ["one", "two", "three"]) {
    stream.write(part);
    await beat();
    if (event.fail && part === "two") throw new OrderError("broken");
  }
  stream.end();
});
let arrived = 0;
let release;
const two = new Promise((resolve) => { release = resolve; });
export const meet = async () => { if (++arrived === 2) release(); await two; };
export const threeParameters = (event, context, callback) => {};
`;

const artifact = writeArtifact({
  "index.mjs": handlers,
  "broken.mjs": "throw new TypeError('top level');",
  "syntax.cjs": "exports.handler = (",
  "detected.js": "export const handler = async () => {};",
});
afterAll(() => artifact[Symbol.dispose]());

describe("buffered", () => {
  let host: LambdaHost;
  beforeAll(async () => {
    host = await startLambda(artifact.dir, { memory: 256, functionName: "orders", env: { STAGE: "test" } });
  });
  afterAll(() => host.close());

  test("returns what the handler returned, with the context Lambda gave it", async () => {
    const deadlineMs = Date.now() + 5000;
    const result = await host.invoke(
      { id: "é" },
      { deadlineMs, requestId: "r-1", traceId: "Root=1-2-3", clientContext: { a: 1 }, tenantId: "t" },
    );
    expect(result).toMatchObject({
      ok: true,
      kind: "payload",
      payload: {
        event: { id: "é" },
        context: {
          awsRequestId: "r-1",
          xRayTraceId: "Root=1-2-3",
          clientContext: { a: 1 },
          tenantId: "t",
          functionName: "orders",
          memoryLimitInMB: "256",
          invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:orders",
        },
      },
    });
    const { length } = (result as { payload: { length: number } }).payload;
    expect(length).toBeGreaterThan(1000);
    expect(length).toBeLessThanOrEqual(5000);
  });

  test("reports what the handler threw and goes on", async () => {
    const failed = await host.invoke({ throw: true });
    expect(failed).toMatchObject({
      ok: false,
      error: { errorType: "OrderError", errorMessage: "no such order" },
    });
    expect(!failed.ok && failed.error.trace[0]).toContain("OrderError: no such order");
    expect(await host.invoke({})).toMatchObject({ ok: true });
  });

  test("runs one invocation at a time, in order", async () => {
    const results = await Promise.all([1, 2, 3].map((n) => host.invoke({ n })));
    expect(results).toMatchObject([1, 2, 3].map((n) => ({ payload: { event: { n } } })));
  });

  test("refuses an answer over 6 MB", async () => {
    expect(await host.invoke({ big: true })).toMatchObject({
      error: { errorType: "Function.ResponseSizeTooLarge" },
    });
  });

  test("collects the output", async () => {
    await host.invoke({ print: "milk" });
    expect(await host.logged(/INFO\tprinted .*/)).toBe("INFO\tprinted milk");
  });
});

describe("the end of the environment", () => {
  test("an exit rejects with what the process wrote, now and later", async () => {
    await using host = await startLambda(artifact.dir);
    const waiting = [host.invoke({ exit: true }), host.invoke({})];
    const settled = await Promise.allSettled(waiting);
    expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(host.invoke({})).rejects.toThrow(/exit code 7.*last words/s);
  });

  test("an invocation past its deadline is ended like Lambda's", async () => {
    await using host = await startLambda(artifact.dir, { timeoutMs: 200 });
    expect(await host.invoke({ hang: true })).toMatchObject({
      ok: false,
      error: {
        errorType: "Sandbox.Timedout",
        errorMessage: expect.stringContaining("timed out after 0.20 seconds"),
      },
    });
    await expect(host.invoke({})).rejects.toThrow("SIGKILL");
  });
});

describe("streamed", () => {
  let host: LambdaHost;
  beforeAll(async () => {
    host = await startLambda(artifact.dir, { handler: "index.streaming" });
  });
  afterAll(() => host.close());

  test("gives the prelude and the body in pieces, as they come", async () => {
    const result = (await host.invoke({})) as LambdaStream;
    expect(result.prelude).toEqual({ statusCode: 201, headers: { "x-a": "1" }, cookies: ["a=1", "b=2"] });
    expect(Buffer.from(result.body).toString()).toBe("onetwothree");
    expect(result.chunks.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(["one", "two", "three"]);
    const [first, , last] = result.chunks.map(({ atMs }) => atMs);
    expect((last ?? 0) - (first ?? 0)).toBeGreaterThan(20);
  });

  test("has no prelude when the handler ended the stream before it wrote", async () => {
    const result = await host.invoke({ nothing: true });
    expect(result).toMatchObject({ ok: true, body: Buffer.alloc(0), chunks: [] });
    expect(result).not.toHaveProperty("prelude");
  });

  test.each([
    ["fail", "broken", "onetwo"],
    ["failFirst", "before the first byte", ""],
  ])("reports an error from the trailers: %s", async (key, errorMessage, sent) => {
    const result = await host.invoke({ [key]: true });
    expect(result).toMatchObject({ ok: false, error: { errorType: "OrderError", errorMessage } });
    expect(Buffer.from((!result.ok && result.stream?.body) || []).toString()).toBe(sent);
    expect(await host.invoke({ nothing: true })).toMatchObject({ ok: true });
  });
});

test("managed instances run several at once", async () => {
  const env = { AWS_LAMBDA_MAX_CONCURRENCY: "2", AWS_LAMBDA_NODEJS_WORKER_COUNT: "1" };
  await using host = await startLambda(artifact.dir, { handler: "index.meet", env });
  expect(await Promise.all([host.invoke({}), host.invoke({})])).toMatchObject([{ ok: true }, { ok: true }]);
});

test.each([
  ["index.missing", "Runtime.HandlerNotFound"],
  ["nowhere.handler", "Runtime.ImportModuleError"],
  ["broken.handler", "TypeError"],
  ["syntax.handler", "Runtime.UserCodeSyntaxError"],
  // Lambda does not look into a .js file to find out whether it is a module.
  ["detected.handler", "Runtime.UserCodeSyntaxError"],
  ["index.threeParameters", "Runtime.CallbackHandlerDeprecated"],
])("%s does not start: %s", async (handler, errorType) => {
  const error = await startLambda(artifact.dir, { handler }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(LambdaInitError);
  expect((error as LambdaInitError).body).toMatchObject({ errorType });
});
