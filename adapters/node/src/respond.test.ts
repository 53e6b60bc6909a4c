import { type AnyFunction, defineFunction, HttpError, http, reply } from "@anyfn/core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { headerValues } from "../../../test/runtimes/hosts/http.ts";
import { jsonOf, servers } from "../../../test/support/node-server.ts";

const { start, lines, closeAll } = servers();
afterEach(closeAll);

describe("answers", () => {
  const cases = {
    text: () => "grüße",
    bytes: () => Uint8Array.of(0, 255),
    nothing: () => undefined,
    empty: () => "",
    noBody: () => reply(undefined, { status: 200 }),
    cookies: () =>
      reply("x", { cookies: [{ name: "a", value: "1" }, "b=2; Path=/"], headers: { "x-y": "z" } }),
    wrongLength: () => reply("four", { headers: { "content-length": "99" } }),
    noContent: () => reply(undefined, { status: 204, headers: { "content-length": "99" } }),
    unicode: () => reply("x", { headers: { "x-star": "☆", "x-cafe": "caf\u00e9" } }),
    streamed: async function* () {
      yield "one ";
      yield Buffer.from("two");
    },
    web: () => new Response(new Blob(["from fetch"]).stream(), { headers: { "content-type": "text/x" } }),
  };

  function answering(handler: () => unknown): AnyFunction {
    return defineFunction({ trigger: http.get("/"), handler });
  }

  test.each([
    ["text", 200, "grüße", { "content-length": ["7"], "content-type": ["text/plain; charset=utf-8"] }],
    ["bytes", 200, "\u0000\ufffd", { "content-length": ["2"] }],
    ["nothing", 204, "", { "content-length": [] }],
    ["empty", 200, "", { "content-length": ["0"] }],
    ["noBody", 200, "", { "content-length": ["0"] }],
    ["cookies", 200, "x", { "set-cookie": ["a=1", "b=2; Path=/"], "x-y": ["z"] }],
    ["wrongLength", 200, "four", { "content-length": ["4"] }],
    ["noContent", 204, "", { "content-length": [] }],
    ["streamed", 200, "one two", { "transfer-encoding": ["chunked"], "content-length": [] }],
    ["web", 200, "from fetch", { "content-type": ["text/x"] }],
  ] as const)("%s", async (name, status, body, headers) => {
    const server = await start({ answer: answering(cases[name]) });
    const answer = await server.send("GET", "/");
    expect(answer).toMatchObject({ status, complete: true });
    expect(Buffer.from(answer.body).toString()).toBe(body);
    for (const [key, values] of Object.entries(headers))
      expect(headerValues(answer.headers, key)).toEqual(values);
  });

  test("HEAD has the headers of GET", async () => {
    const server = await start({ answer: answering(cases.text) });
    const answer = await server.send("HEAD", "/");
    expect(answer).toMatchObject({ status: 200, body: Buffer.from("") });
    expect(headerValues(answer.headers, "content-length")).toEqual(["7"]);
  });

  test("a header beyond Latin-1 is sent as its UTF-8 bytes", async () => {
    const server = await start({ answer: answering(cases.unicode) });
    const { headers } = await server.send("GET", "/");
    expect(headerValues(headers, "x-star")).toEqual([Buffer.from("☆").toString("latin1")]);
    expect(headerValues(headers, "x-cafe")).toEqual(["caf\u00e9"]);
  });

  test("a stream of which the first piece fails is a 500", async () => {
    const failing = answering(async function* () {
      yield* [];
      throw new Error("secret detail");
    });
    const server = await start({ failing });
    const answer = await server.send("GET", "/");
    expect(answer.status).toBe(500);
    expect(Buffer.from(answer.body).toString()).not.toContain("secret");
    expect(lines()).toEqual([
      expect.objectContaining({
        severity: "ERROR",
        function: "failing",
        requestId: jsonOf(answer).requestId,
        error: expect.objectContaining({ message: "secret detail" }),
      }),
    ]);
  });

  test.each([
    [
      "a later piece fails",
      () => {
        throw new Error("broken");
      },
    ],
    ["a piece is neither text nor bytes", () => 5],
  ])("a stream of which %s breaks off", async (_name, next) => {
    const failing = answering(async function* () {
      yield "first";
      yield next();
    });
    const server = await start({ failing });
    const answer = await server.send("GET", "/");
    expect(answer).toMatchObject({ status: 200, complete: false, body: Buffer.from("first") });
    expect(lines()).toHaveLength(1);
  });

  test.each(["4", "6"])("a stream of five bytes that announced %s breaks off", async (length) => {
    const lying = answering(() =>
      reply(new Blob(["12345"]).stream(), { headers: { "content-length": length } }),
    );
    const server = await start({ lying });
    const answer = await server
      .send("GET", "/", { headers: [["Connection", "keep-alive"]] })
      .catch(() => undefined);
    expect(answer?.complete ?? false).toBe(length === "4" && answer?.body.length === 0);
    expect(lines()).toHaveLength(1);
  });

  test("each piece leaves when it is there", async () => {
    const second = Promise.withResolvers<void>();
    const streamed = answering(async function* () {
      yield "one";
      await second.promise;
      yield "two";
    });
    const server = await start({ streamed });
    const answer = await server.send("GET", "/", {}, { onHead: second.resolve });
    expect(Buffer.from(answer.body).toString()).toBe("onetwo");
  });

  test("a stream waits for its reader, and ends when the reader goes", async () => {
    const all = 2000;
    const given = { pieces: 0, cancelled: Promise.withResolvers<void>() };
    const long = answering(
      () =>
        new ReadableStream({
          pull: (controller) => {
            given.pieces++;
            if (given.pieces === all) controller.close();
            else controller.enqueue(new Uint8Array(65_536));
          },
          cancel: () => given.cancelled.resolve(),
        }),
    );
    const server = await start({ long });
    const { socket } = server.raw();
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await vi.waitFor(() => expect(given.pieces).toBeGreaterThan(2));
    // Time enough for a server that does not wait to take every piece.
    for (let round = 0; round < 20; round++) await server.send("GET", "/health");
    expect(given.pieces).toBeLessThan(all);
    socket.destroy();
    await given.cancelled.promise;
  });

  test("a source that is stuck is cancelled when the reader goes", async () => {
    const cancelled = Promise.withResolvers<void>();
    const stuck = answering(
      () =>
        new ReadableStream({
          start: (controller) => controller.enqueue(Buffer.from("x")),
          pull: () => new Promise(() => {}),
          cancel: () => cancelled.resolve(),
        }),
    );
    const server = await start({ stuck });
    const leave = new AbortController();
    await server.send("GET", "/", {}, { signal: leave.signal, onHead: () => leave.abort() });
    await cancelled.promise;
  });

  test("the handler's signal aborts when the caller goes", async () => {
    const aborted = Promise.withResolvers<unknown>();
    const waiting = defineFunction({
      trigger: http.get("/"),
      handler: async (_event, { signal }) => {
        signal.addEventListener("abort", () => aborted.resolve(signal.reason));
        leave.abort();
        await aborted.promise;
        return signal.reason;
      },
    });
    const server = await start({ waiting });
    const leave = new AbortController();
    await expect(server.send("GET", "/", {}, { signal: leave.signal })).rejects.toThrow("abort");
    // And not because of the deadline, which is far away.
    expect(await aborted.promise).toMatchObject({ name: "AbortError" });
  });

  test("the signal stays quiet when the answer was sent", async () => {
    let signal: AbortSignal | undefined;
    const quick = defineFunction({
      trigger: http.get("/"),
      handler: (_event, ctx) => {
        signal = ctx.signal;
        return "done";
      },
    });
    const server = await start({ quick });
    await server.send("GET", "/");
    await server.close();
    expect(signal?.aborted).toBe(false);
  });
});

describe("errors and deadlines", () => {
  test("an HttpError speaks for itself, anything else is a 500 without details", async () => {
    const failing = defineFunction({
      trigger: http.get("/{how}"),
      handler: ({ params }) => {
        if (params.how === "teapot") throw new HttpError(418, "No coffee here.");
        throw new Error("secret detail");
      },
    });
    const server = await start({ failing });
    expect(jsonOf(await server.send("GET", "/teapot"))).toMatchObject({
      status: 418,
      detail: "No coffee here.",
    });
    expect(jsonOf(await server.send("GET", "/else"))).toEqual({
      title: "Internal Server Error",
      status: 500,
      detail: "The function failed.",
      requestId: expect.any(String),
    });
  });

  test.each([
    ["a handler", () => new Promise(() => {})],
    ["a stream's first piece", () => new ReadableStream({ pull: () => new Promise(() => {}) })],
  ])("%s that never comes is answered with 504", async (_name, handler) => {
    const hanging = defineFunction({ trigger: http.get("/"), timeout: 0.1, handler });
    const server = await start({ hanging });
    expect((await server.send("GET", "/")).status).toBe(504);
  });

  test("a stream that never ends is cut at the deadline", async () => {
    const hanging = defineFunction({
      trigger: http.get("/"),
      timeout: 0.1,
      handler: async function* () {
        yield "start";
        await new Promise(() => {});
      },
    });
    const server = await start({ hanging });
    expect(await server.send("GET", "/")).toMatchObject({ status: 200, complete: false });
    expect(lines()).toEqual([
      expect.objectContaining({ error: expect.objectContaining({ code: "timeout" }) }),
    ]);
  });
});
