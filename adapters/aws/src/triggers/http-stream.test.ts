import { EventEmitter } from "node:events";
import { defineFunction, http, reply } from "@anyfn/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lambdaContextOf, v2Event } from "../_testing.ts";
import type { LambdaHandler } from "../native.ts";
import { httpStreamHandler } from "./http-stream.ts";

/** A stream as Lambda hands it out: it takes `room` pieces before it asks to wait. */
class FakeStream extends EventEmitter {
  readonly written: string[] = [];
  prelude: unknown;
  ended = false;
  room = Number.POSITIVE_INFINITY;

  write(chunk: Uint8Array | string): boolean {
    this.written.push(Buffer.from(chunk as string).toString());
    this.room -= 1;
    return this.room > 0;
  }

  end(done: () => void): void {
    this.ended = true;
    done();
  }
}

const context = lambdaContextOf();
type Handler = (event: unknown, stream: FakeStream, context: unknown) => Promise<void>;

beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.stubGlobal("awslambda", {
    streamifyResponse: (handler: Handler) => handler,
    HttpResponseStream: {
      from: (stream: FakeStream, prelude: unknown) => Object.assign(stream, { prelude }),
    },
  });
});
afterEach(() => void vi.unstubAllGlobals());

function streaming(result: () => unknown): Handler {
  const definition = defineFunction({ trigger: http.get("/a"), handler: result });
  return httpStreamHandler(definition) as unknown as Handler;
}

test("status, headers and cookies go ahead of the pieces", async () => {
  async function* parts() {
    yield "a";
    yield new Uint8Array([0x62]);
  }
  const stream = new FakeStream();
  await streaming(() => reply(parts(), { status: 201, headers: { "x-a": "1" }, cookies: ["a=1", "b=2"] }))(
    v2Event("/a"),
    stream,
    context,
  );
  expect(stream.prelude).toEqual({
    statusCode: 201,
    headers: { "x-a": "1", "content-type": "application/octet-stream" },
    cookies: ["a=1", "b=2"],
  });
  expect([stream.written, stream.ended]).toEqual([["", "a", "b"], true]);
});

test.each([
  ["no body", () => reply(undefined, { status: 302, headers: { location: "/b" } }), 302, [""]],
  ["text", () => "hello", 200, ["", "hello"]],
  ["bytes", () => new Uint8Array([0x68, 0x69]), 200, ["", "hi"]],
])("%s: the prelude needs a write of its own", async (_case, result, status, written) => {
  const stream = new FakeStream();
  await streaming(result)(v2Event("/a"), stream, context);
  expect(stream.prelude).toMatchObject({ statusCode: status });
  expect([stream.written, stream.ended]).toEqual([written, true]);
});

test("a piece is sent before the source has its next", async () => {
  const next = Promise.withResolvers<void>();
  async function* parts() {
    yield "first";
    await next.promise;
    yield "second";
  }
  const stream = new FakeStream();
  const running = streaming(() => reply(parts()))(v2Event("/a"), stream, context);
  await vi.waitFor(() => expect(stream.written).toEqual(["", "first"]));
  next.resolve();
  await running;
  expect(stream.written).toEqual(["", "first", "second"]);
});

test("the source waits while the caller reads", async () => {
  const asked: string[] = [];
  async function* parts() {
    for (const part of ["a", "b", "c"]) {
      asked.push(part);
      yield part;
    }
  }
  const stream = new FakeStream();
  stream.room = 2;
  const running = streaming(() => reply(parts()))(v2Event("/a"), stream, context);
  await vi.waitFor(() => expect(stream.listenerCount("drain")).toBe(1));
  expect(asked).toEqual(["a"]);
  stream.room = Number.POSITIVE_INFINITY;
  stream.emit("drain");
  await running;
  expect(asked).toEqual(["a", "b", "c"]);
  expect(stream.listenerCount("drain") + stream.listenerCount("close")).toBe(0);
});

test("a caller who goes away ends the source", async () => {
  let cleanedUp = false;
  async function* parts() {
    try {
      yield "a";
      yield "b";
    } finally {
      cleanedUp = true;
    }
  }
  const stream = new FakeStream();
  stream.room = 2;
  const running = streaming(() => reply(parts()))(v2Event("/a"), stream, context);
  await vi.waitFor(() => expect(stream.listenerCount("drain")).toBe(1));
  stream.emit("close");
  await expect(running).rejects.toThrow("went away");
  expect(cleanedUp).toBe(true);
});

test("an error before the first piece is an answer", async () => {
  async function* parts(): AsyncGenerator<string> {
    yield await Promise.reject(new Error("secret"));
  }
  const stream = new FakeStream();
  await streaming(() => reply(parts()))(v2Event("/a"), stream, context);
  expect(stream.prelude).toMatchObject({ statusCode: 500 });
  expect(stream.written.join("")).toContain("gateway-1");
  expect(stream.written.join("")).not.toContain("secret");
});

test("a source that gives nothing in time is an answer", async () => {
  async function* parts(): AsyncGenerator<string> {
    yield await new Promise<string>(() => {});
  }
  const stream = new FakeStream();
  const given = lambdaContextOf({ getRemainingTimeInMillis: () => 60 });
  await streaming(() => reply(parts()))(v2Event("/a"), stream, given);
  expect(stream.prelude).toMatchObject({ statusCode: 504 });
  expect(stream.ended).toBe(true);
});

test("an error after it breaks the answer off", async () => {
  async function* parts() {
    yield "a";
    throw new RangeError("broken");
  }
  const stream = new FakeStream();
  await expect(streaming(() => reply(parts()))(v2Event("/a"), stream, context)).rejects.toThrow(RangeError);
  expect([stream.written, stream.ended]).toEqual([["", "a"], false]);
});

test("what is no request is refused", async () => {
  const running = streaming(() => "a")({ Records: [] }, new FakeStream(), context);
  await expect(running).rejects.toMatchObject({ code: "unknown-payload" });
});

test("a caller who goes away while the source waits ends it", async () => {
  const cancel = vi.fn();
  const start = (controller: ReadableStreamDefaultController) => controller.enqueue(Buffer.from("a"));
  const stream = new FakeStream();
  const running = streaming(() => reply(new ReadableStream({ start, cancel })))(
    v2Event("/a"),
    stream,
    context,
  );
  await vi.waitFor(() => expect(stream.written).toEqual(["", "a"]));
  stream.emit("close");
  await expect(running).rejects.toThrow("went away");
  expect(cancel).toHaveBeenCalledOnce();
  expect(stream.listenerCount("close") + stream.listenerCount("error")).toBe(0);
});

test("a source that goes on past the deadline breaks the answer off", async () => {
  const cancel = vi.fn();
  const start = (controller: ReadableStreamDefaultController) => controller.enqueue(Buffer.from("a"));
  const stream = new FakeStream();
  const given = lambdaContextOf({ getRemainingTimeInMillis: () => 60 });
  const running = streaming(() => reply(new ReadableStream({ start, cancel })))(v2Event("/a"), stream, given);
  await expect(running).rejects.toMatchObject({ code: "timeout" });
  expect([stream.written, stream.ended]).toEqual([["", "a"], false]);
  expect(cancel).toHaveBeenCalledOnce();
});

describe("without Lambda's global", () => {
  beforeEach(() => void vi.unstubAllGlobals());
  afterEach(() => void vi.unstubAllEnvs());

  test("outside of Lambda answers in one piece", async () => {
    async function* parts() {
      yield "a";
      yield "b";
    }
    const handler = streaming(() => reply(parts(), { cookies: ["c=1"] })) as unknown as LambdaHandler;
    expect(await handler(v2Event("/a") as never, context as never)).toMatchObject({
      statusCode: 200,
      cookies: ["c=1"],
      body: "ab",
    });
  });

  test("on Lambda says what is missing", () => {
    vi.stubEnv("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001");
    expect(() => streaming(() => "a")).toThrow("[aws/http] The global `awslambda` is absent");
  });
});
