import { defineFunction, http, reply } from "@anyfn/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { albEvent, lambdaContextOf, v1Event, v2Event } from "../_testing.ts";
import type { LambdaHandler } from "../native.ts";
import { httpHandler } from "./http.ts";

const context = lambdaContextOf();
const multi = { headers: undefined, multiValueHeaders: { host: ["shop.example.org"] } };

beforeEach(() => void vi.spyOn(process.stdout, "write").mockReturnValue(true));

/** A handler of any request. */
function reading(handler: () => unknown): LambdaHandler {
  return httpHandler(defineFunction({ trigger: http.any("/{path+}"), handler }));
}

/** The native answer to what a handler returns. */
async function answer(result: unknown, event: unknown = v2Event("/a")): Promise<Record<string, unknown>> {
  const definition = defineFunction({ trigger: http.any("/a"), handler: () => result });
  return (await httpHandler(definition)(event, context)) as Record<string, unknown>;
}

describe("answers", () => {
  const cookies = ["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly", "b=2"];
  const withCookies = reply("ok", { cookies, headers: { "last-modified": "Wed, 21 Oct 2026 07:28:00 GMT" } });
  const headers = {
    "last-modified": "Wed, 21 Oct 2026 07:28:00 GMT",
    "content-type": "text/plain; charset=utf-8",
  };
  const body = { body: "ok", isBase64Encoded: false };

  test("an HTTP API and a function URL take cookies as a list", async () => {
    expect(await answer(withCookies)).toEqual({ statusCode: 200, headers, cookies, ...body });
  });

  test("a REST API takes cookies as a list of header values and knows no `cookies`", async () => {
    const multiValueHeaders = { "set-cookie": cookies };
    expect(await answer(withCookies, v1Event("/a"))).toEqual({
      statusCode: 200,
      headers,
      multiValueHeaders,
      ...body,
    });
  });

  test("a load balancer with lists takes lists alone", async () => {
    const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    expect(await answer(withCookies, albEvent("/a", multi))).toEqual({
      statusCode: 200,
      statusDescription: "200 OK",
      multiValueHeaders: { ...lists, "set-cookie": cookies },
      ...body,
    });
  });

  test("a load balancer with single values takes each cookie under a name of its own", async () => {
    const many = Array.from({ length: 40 }, (_, index) => `c${index}=1`);
    const native = await answer(reply("ok", { cookies: many }), albEvent("/a"));
    const lines = Object.entries(native.headers as Record<string, string>);
    expect(native.statusDescription).toBe("200 OK");
    expect(lines.filter(([name]) => /^set-cookie$/i.test(name)).map(([, value]) => value)).toEqual(many);
  });

  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff]);
  test.each([
    ["bytes that are no UTF-8", png, {}, "iVBOR/8=", true],
    [
      "the same under a text type",
      png,
      { "content-type": "text/plain; charset=iso-8859-1" },
      "iVBOR/8=",
      true,
    ],
    ["bytes that are UTF-8", Buffer.from("für"), {}, "für", false],
    [
      "compressed bytes, whatever they look like",
      Buffer.from("abc"),
      { "content-encoding": "zstd" },
      "YWJj",
      true,
    ],
    ["bytes that are not encoded", Buffer.from("abc"), { "content-encoding": "identity" }, "abc", false],
    ["text", "für", {}, "für", false],
    ["half of a pair becomes what UTF-8 has for it", "a\ud800", {}, "a\ufffd", false],
    ["nothing", undefined, {}, "", false],
  ])("body: %s", async (_case, given, given_headers, text, isBase64Encoded) => {
    for (const event of [v2Event("/a"), v1Event("/a"), albEvent("/a"), albEvent("/a", multi)]) {
      const native = await answer(reply(given, { status: 200, headers: given_headers }), event);
      expect([native.body, native.isBase64Encoded]).toEqual([text, isBase64Encoded]);
    }
  });

  test("a stream is collected", async () => {
    async function* parts() {
      yield "für ";
      yield new Uint8Array([0xff]);
    }
    const native = await answer(reply(parts()));
    expect([native.body, native.isBase64Encoded]).toEqual([
      Buffer.from([0x66, 0xc3, 0xbc, 0x72, 0x20, 0xff]).toString("base64"),
      true,
    ]);
  });

  test("a stream that breaks is answered with 500", async () => {
    async function* parts() {
      yield "begun";
      throw new Error("broken");
    }
    expect(await answer(reply(parts()))).toMatchObject({ statusCode: 500, isBase64Encoded: false });
  });

  test.each([
    ["6 MB", v2Event("/a"), "a".repeat(6_291_556), 500],
    ["less than 6 MB", v2Event("/a"), "a".repeat(6_291_000), 200],
    ["6 MB once it is escaped", v2Event("/a"), '"'.repeat(3_200_000), 500],
    ["6 MB as base64", v2Event("/a"), new Uint8Array(4_800_000).fill(0xff), 500],
    ["1 MB for a load balancer", albEvent("/a"), "a".repeat(1_048_576), 500],
    ["less than that", albEvent("/a"), "a".repeat(1_040_000), 200],
  ])("an answer of %s", async (_case, event, given, status) => {
    const native = await answer(reply(given), event);
    expect(native.statusCode).toBe(status);
    if (status === 500) expect(native.body).toContain("at most");
  });

  test("an error of the handler is 500 with the gateway's id and nothing else", async () => {
    const definition = defineFunction({
      trigger: http.get("/a"),
      handler: () => {
        throw new Error("secret");
      },
    });
    const native = (await httpHandler(definition)(v2Event("/a"), context)) as Record<string, string>;
    expect(native).toMatchObject({ statusCode: 500, headers: { "x-request-id": "gateway-1" } });
    expect(native.body).not.toContain("secret");
  });
});

describe("payloads", () => {
  const socket = { connectionId: "c", eventType: "MESSAGE" };
  test.each([
    ["null", null],
    ["a list", []],
    ["text", "GET /"],
    ["an empty object", {}],
    ["records", { Records: [{ cf: {} }] }],
    ["an authorizer's request", { ...v1Event("/a"), type: "REQUEST", methodArn: "arn" }],
    ["an authorizer's request in format 2.0", { ...v2Event("/a"), type: "REQUEST", routeArn: "arn" }],
    [
      "a WebSocket's message",
      { ...v1Event("/a"), requestContext: { ...v1Event("/a").requestContext, ...socket } },
    ],
    ["VPC Lattice", { version: "2.0", path: "/", method: "GET", requestContext: { serviceArn: "arn" } }],
    ["another version", { ...v2Event("/a"), version: "3.0" }],
  ])("%s is refused", async (_case, event) => {
    const handler = reading(() => undefined);
    await expect(handler(event, context)).rejects.toMatchObject({
      code: "unknown-payload",
      provider: "aws",
      trigger: "http",
    });
  });

  test.each([
    ["rawPath", { ...v2Event("/a"), rawPath: 5 }],
    ["path", { ...v1Event("/a"), path: undefined }],
    ["requestContext.http.method", { ...v2Event("/a"), requestContext: { http: {} } }],
  ])("a malformed %s is named", async (path, event) => {
    await expect(reading(() => undefined)(event, context)).rejects.toMatchObject({
      code: "invalid-payload",
      path,
    });
  });
});

describe("invocations", () => {
  const traced = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
  const xray = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
  test.each([
    ["W3C", traced, undefined, "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"],
    [
      "X-Ray of the request",
      { "x-amzn-trace-id": xray },
      undefined,
      "5759e988bd862e3fe1be46a994272793",
      "53995c3f42cd8ad8",
    ],
    ["X-Ray of the invocation", {}, xray, "5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8"],
    [
      "none without a span",
      { "x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793" },
      undefined,
      undefined,
      undefined,
    ],
  ])("trace: %s", async (_case, headers, xRayTraceId, traceId, spanId) => {
    const definition = defineFunction({
      trigger: http.get("/a"),
      handler: (_event, { trace }) => [trace?.traceId ?? "none", trace?.spanId ?? "none"],
    });
    const given = lambdaContextOf(xRayTraceId === undefined ? {} : { xRayTraceId });
    const native = (await httpHandler(definition)(v2Event("/a", { headers }), given)) as { body: string };
    expect(JSON.parse(native.body)).toEqual([traceId ?? "none", spanId ?? "none"]);
  });

  test("work that the handler leaves behind is waited for", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let done = false;
    const definition = defineFunction({
      trigger: http.get("/a"),
      handler: (_event, ctx) => ctx.waitUntil(promise.then(() => (done = true))),
    });
    const running = httpHandler(definition)(v2Event("/a"), context);
    setImmediate(resolve);
    await running;
    expect(done).toBe(true);
  });

  test("a handler that does not end is answered with 504 before Lambda cuts it off", async () => {
    const definition = defineFunction({ trigger: http.get("/a"), handler: () => new Promise(() => {}) });
    const given = lambdaContextOf({ getRemainingTimeInMillis: () => 60 });
    expect(await httpHandler(definition)(v2Event("/a"), given)).toMatchObject({ statusCode: 504 });
  });

  test("a streamed answer that does not end is answered with 504 as well", async () => {
    async function* parts() {
      yield "begun";
      await new Promise(() => {});
    }
    const definition = defineFunction({ trigger: http.get("/a"), handler: () => reply(parts()) });
    const given = lambdaContextOf({ getRemainingTimeInMillis: () => 60 });
    expect(await httpHandler(definition)(v2Event("/a"), given)).toMatchObject({ statusCode: 504 });
  });

  test("two invocations at once have a context each", async () => {
    const definition = defineFunction({
      trigger: http.get("/{id}"),
      handler: async ({ params }, ctx) => {
        await Promise.resolve();
        return [params.id, ctx.invocationId];
      },
    });
    const handler = httpHandler(definition);
    const answers = await Promise.all(
      ["1", "2"].map((id) =>
        handler(v2Event(`/${id}`), lambdaContextOf({ awsRequestId: `invocation-${id}` })),
      ),
    );
    expect(answers.map((native) => JSON.parse((native as { body: string }).body))).toEqual([
      ["1", "invocation-1"],
      ["2", "invocation-2"],
    ]);
  });

  test("a handler takes at most two parameters", () => {
    expect(reading(() => undefined).length).toBe(2);
  });
});
