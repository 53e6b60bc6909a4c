import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { defineFunction, http, reply } from "@anyfn/core";
import { describe, expect, test, vi } from "vitest";
import type { HeaderLine, TimedResponse } from "../../../test/runtimes/hosts/host.ts";
import { headerValues } from "../../../test/runtimes/hosts/http.ts";
import { jsonOf, type Sent, send, serve, setUp, textOf } from "../../../test/support/serve-cloud-function.ts";
import { cloudRequest, toCloudFunction } from "./index.ts";

const logged = setUp();

const echo = defineFunction({
  trigger: http.any("/{path+}"),
  handler: async (request, ctx) => ({
    method: request.method,
    url: request.url,
    path: request.path,
    headers: request.headers,
    cookies: request.cookies,
    bytes: [...(request.body ?? [])],
    hasBody: request.body !== undefined,
    clientIp: request.clientIp,
    requestId: ctx.requestId,
    trace: ctx.trace?.traceparent,
    rawUrl: cloudRequest(ctx)?.url,
    rawType: cloudRequest(ctx)?.headers["content-type"],
  }),
});

describe("a request", () => {
  test("keeps its target, headers and bytes", async () => {
    const port = await serve(echo);
    const body = Uint8Array.of(0, 255, 254, 137);
    const headers: HeaderLine[] = [
      ["Host", "shop.example.org"],
      ["X-Tag", "a"],
      ["X-Tag", "b, c"],
      ["X-Empty", ""],
      ["Cookie", "a=1"],
      ["Cookie", "b=2"],
      ["Content-Type", "image/png"],
      ["X-Forwarded-Proto", "https"],
      ["X-Forwarded-For", "198.51.100.7, 203.0.113.9"],
      ["X-Forwarded-Host", "evil.example"],
      ["Function-Execution-Id", "e-1"],
      ["X-Cloud-Trace-Context", "105445aa7843bc8bf206b12000100000/255;o=1"],
    ];
    const answer = await send(port, { method: "put", url: "/a%2Fb//c?x=1&x=%20", headers, body });
    expect(jsonOf(answer)).toMatchObject({
      method: "PUT",
      url: "https://shop.example.org/a%2Fb//c?x=1&x=%20",
      path: "/a%2Fb//c",
      headers: { "x-tag": "a, b, c", "x-empty": "", "content-type": "image/png" },
      cookies: { a: "1", b: "2" },
      bytes: [...body],
      clientIp: "203.0.113.9",
      requestId: "e-1",
      trace: "00-105445aa7843bc8bf206b12000100000-00000000000000ff-01",
      rawUrl: "/a%2Fb//c?x=1&x=%20",
      rawType: "image/png",
    });
  });

  test("of multipart form data keeps its bytes", async () => {
    const upload = defineFunction({
      trigger: http.post("/upload"),
      handler: async (request) => {
        const file = (await request.formData()).get("f") as File;
        return { name: file.name, bytes: [...new Uint8Array(await file.arrayBuffer())] };
      },
    });
    const body = Buffer.concat([
      Buffer.from(
        '--q=1\r\nContent-Disposition: form-data; name="f"; filename="x.bin"\r\nContent-Type: image/png\r\n\r\n',
      ),
      Buffer.of(0, 250, 13),
      Buffer.from("\r\n--q=1--\r\n"),
    ]);
    const headers: HeaderLine[] = [["Content-Type", 'multipart/form-data; boundary="q=1"']];
    const answer = await send(await serve(upload), {
      method: "POST",
      url: "/upload",
      headers,
      body,
    });
    expect(jsonOf(answer)).toEqual({ name: "x.bin", bytes: [0, 250, 13] });
  });

  test("without content type has its body", async () => {
    const answer = await send(await serve(echo), { method: "POST", url: "/a", body: "hey" });
    expect(jsonOf(answer)).toMatchObject({ bytes: [...Buffer.from("hey")] });
  });

  test("with an empty body has none", async () => {
    const headers: HeaderLine[] = [["Content-Length", "0"]];
    const answer = await send(await serve(echo), { method: "POST", url: "/a", headers });
    expect(jsonOf(answer)).toMatchObject({ hasBody: false });
  });
});

const gzipped: Sent = {
  method: "POST",
  url: "/a",
  headers: [
    ["Content-Type", "text/plain"],
    ["Content-Encoding", "gzip"],
  ],
  body: gzipSync("hello"),
};

test("a body that the framework inflated is not announced as compressed", async () => {
  const answer = jsonOf(await send(await serve(echo), gzipped)) as { headers: Record<string, string> };
  expect(answer).toMatchObject({ bytes: [...Buffer.from("hello")] });
  expect(answer.headers["content-encoding"]).toBeUndefined();
  expect(answer.headers["content-length"]).toBe("5");
});

describe("an answer", () => {
  const handlers: Record<string, () => unknown> = {
    "/png": () => reply(Uint8Array.of(137, 80, 0, 255), { headers: { "content-type": "image/png" } }),
    "/text": () => "grüße",
    "/cookies": () => reply("ok", { cookies: ["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"] }),
    "/wide": () => reply("ok", { headers: { "x-wide": "日本" } }),
    "/none": () => undefined,
    "/empty": () => reply(undefined, { status: 200 }),
    "/throw": () => {
      throw new Error("boom");
    },
    "/huge": () => new Uint8Array(33 * 1024 * 1024),
  };
  const answers = defineFunction({
    trigger: http.get("/{path+}"),
    handler: ({ path }) => handlers[path]?.(),
  });
  const lineNames = (answer: TimedResponse) => answer.headers.map(([name]) => name).sort();

  test.each([
    ["/png", 200, Buffer.of(137, 80, 0, 255), ["content-length", "content-type"]],
    ["/text", 200, Buffer.from("grüße"), ["content-length", "content-type"]],
    ["/none", 204, Buffer.of(), []],
    ["/empty", 200, Buffer.of(), ["content-length"]],
  ])("%s has these bytes and no header of Express", async (url, status, body, names) => {
    const answer = await send(await serve(answers), { url });
    expect(answer).toMatchObject({ status, body });
    expect(lineNames(answer)).toEqual(["connection", ...names, "date"].sort());
  });

  test("has a line for each cookie", async () => {
    const answer = await send(await serve(answers), { url: "/cookies" });
    expect(headerValues(answer.headers, "set-cookie")).toEqual([
      "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
      "b=2",
    ]);
  });

  test("to HEAD has the length and no body", async () => {
    const answer = await send(await serve(answers), { method: "HEAD", url: "/text" });
    expect(answer.body).toHaveLength(0);
    expect(headerValues(answer.headers, "content-length")).toEqual(["7"]);
  });

  test("carries header text beyond Latin-1 as UTF-8", async () => {
    const answer = await send(await serve(answers), { url: "/wide" });
    const [value = ""] = headerValues(answer.headers, "x-wide");
    expect(Buffer.from(value, "latin1").toString()).toBe("日本");
  });

  test("to a throw is a problem, and the log has a severity and the trace", async () => {
    const env = { GOOGLE_CLOUD_PROJECT: "shop" };
    const headers: HeaderLine[] = [
      ["traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
    ];
    const answer = await send(await serve(answers, { env }), { url: "/throw", headers });
    expect(answer.status).toBe(500);
    expect(textOf(answer)).not.toContain("boom");
    expect(logged.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        severity: "ERROR",
        message: "The handler failed.",
        stack_trace: expect.stringContaining("boom"),
        "logging.googleapis.com/trace": "projects/shop/traces/0af7651916cd43dd8448eb211c80319c",
        "logging.googleapis.com/spanId": "b7ad6b7169203331",
        "logging.googleapis.com/trace_sampled": true,
        "logging.googleapis.com/labels": {
          execution_id: (jsonOf(answer) as { requestId: string }).requestId,
        },
      }),
    ]);
  });

  test("that Cloud Run would refuse is a 500", async () => {
    const answer = await send(await serve(answers), { url: "/huge" });
    expect(answer.status).toBe(500);
    expect(logged.join()).toContain("at most 33554432 can be delivered in one piece. Stream it");
  });
});

describe("a streamed answer", () => {
  const streaming = (
    body: () => ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>,
    seen?: unknown[],
  ) =>
    defineFunction({
      trigger: http.get("/"),
      handler: (_, ctx) => {
        ctx.signal.addEventListener("abort", () => seen?.push("aborted"));
        return reply(body(), { headers: { "content-type": "text/plain" } });
      },
    });

  test("sends a piece before the next is there", async () => {
    const first = Promise.withResolvers<void>();
    const port = await serve(
      streaming(async function* () {
        yield "one";
        await first.promise;
        yield "two";
      }),
    );
    const answer = await send(port, {}, { onHead: first.resolve });
    expect(textOf(answer)).toBe("onetwo");
    expect(answer.complete).toBe(true);
  });

  test("that fails before its first piece is a 500", async () => {
    const answer = await send(
      await serve(streaming(() => new ReadableStream({ start: (c) => c.error(new Error("broken")) }))),
      {},
    );
    expect(answer.status).toBe(500);
    expect(jsonOf(answer)).toMatchObject({ title: "Internal Server Error" });
  });

  test("whose first piece is none is a 500", async () => {
    const answer = await send(await serve(streaming(() => Readable.from([{ piece: 1 }]))), {});
    expect(answer.status).toBe(500);
  });

  test("that fails later breaks off", async () => {
    const first = Promise.withResolvers<void>();
    const port = await serve(
      streaming(async function* () {
        yield "one";
        await first.promise;
        throw new Error("broken");
      }),
    );
    const answer = await send(port, {}, { onHead: first.resolve });
    expect(answer).toMatchObject({ status: 200, complete: false });
    expect(textOf(answer)).not.toContain("Error");
  });

  test("is not read further while the caller does not take it", async () => {
    let pulled = 0;
    const source = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          if (++pulled === 3) controller.close();
          else controller.enqueue(Buffer.from("x"));
        },
      },
      { highWaterMark: 0 },
    );
    const response = Object.assign(new EventEmitter(), {
      writeHead: () => {},
      write: () => false,
      end: () => {},
      destroy: () => {},
      destroyed: false,
      writableFinished: false,
      headersSent: false,
      strictContentLength: false,
    });
    const request = { method: "GET", url: "/", headers: {}, rawBody: Buffer.of() };
    const running = toCloudFunction(streaming(() => source))(request, response);
    await vi.waitFor(() => expect(response.listenerCount("drain")).toBe(1));
    expect(pulled).toBe(1);
    response.emit("drain");
    await vi.waitFor(() => expect(response.listenerCount("drain")).toBe(1));
    expect(pulled).toBe(2);
    response.emit("drain");
    await running;
    expect(pulled).toBe(3);
  });

  test("breaks off at the deadline", async () => {
    async function* endlessly(): AsyncGenerator<string> {
      yield "one";
      await new Promise<never>(() => {});
    }
    const port = await serve(streaming(endlessly), { env: { CLOUD_RUN_TIMEOUT_SECONDS: "0.2" } });
    expect(await send(port, {})).toMatchObject({ status: 200, complete: false });
    expect(logged.join()).toContain("still streaming at the deadline");
  });

  test("ends its source when the caller goes away", async () => {
    const seen: unknown[] = [];
    const cancelled = Promise.withResolvers<void>();
    const source = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from("one")),
      cancel: () => cancelled.resolve(),
    });
    const caller = new AbortController();
    const port = await serve(streaming(() => source, seen));
    const answer = send(port, {}, { signal: caller.signal, onHead: () => caller.abort() });
    await cancelled.promise;
    expect(seen).toEqual(["aborted"]);
    expect((await answer).complete).toBe(false);
  });
});

test.each<[string | undefined, number, string | undefined]>([
  ["203.0.113.9", 0, "203.0.113.9"],
  ["spoofed, 203.0.113.9, 192.0.2.1", 1, "203.0.113.9"],
  ["203.0.113.9", 3, "203.0.113.9"],
  ["203.0.113.9:4711", 0, "203.0.113.9"],
  ["2001:db8::1", 0, "2001:db8::1"],
  ["[2001:db8::1]:443", 0, "2001:db8::1"],
  [undefined, 0, "127.0.0.1"],
])("X-Forwarded-For %s behind %i proxies is %s", async (forwarded, trustedProxies, clientIp) => {
  const headers: HeaderLine[] = forwarded === undefined ? [] : [["X-Forwarded-For", forwarded]];
  const answer = await send(await serve(echo, { trustedProxies }), { url: "/a", headers });
  expect(jsonOf(answer)).toMatchObject({ clientIp });
});

test.each([
  ["/api/orders?a=1", "/orders"],
  ["/apiary", "/apiary"],
  ["/api", "/"],
])("base path /api makes %s of %s", async (url, path) => {
  const port = await serve(
    defineFunction({ trigger: http.any("/{path+}"), handler: (request) => request.path }),
    { basePath: "/api" },
  );
  const answer = await send(port, { url });
  // "/" is no match of the template, and that it is "/" is what makes it none.
  expect(answer.status === 404 ? "/" : textOf(answer)).toBe(path);
});

test.each([
  ["a b", "localhost"],
  ["shop.example:8080", "shop.example:8080"],
  ["[::1]:8080", "[::1]:8080"],
  ["evil/path", "localhost"],
])("host %j makes the URL's host %s", async (host, expected) => {
  const answer = await send(await serve(echo), { url: "/a", headers: [["Host", host]] });
  expect(jsonOf(answer)).toMatchObject({ url: `https://${expected}/a` });
});

test("the deadline is the platform's, else the definition's", async () => {
  const left = defineFunction({
    trigger: http.get("/"),
    timeout: 40,
    handler: (_, ctx) => Math.round(ctx.remainingMs() / 1000),
  });
  expect(jsonOf(await send(await serve(left), {}))).toBe(40);
  expect(jsonOf(await send(await serve(left, { env: { CLOUD_RUN_TIMEOUT_SECONDS: "90" } }), {}))).toBe(90);
});

test("the function's length is that of a CloudEvent function without callback", () => {
  expect(toCloudFunction(echo)).toHaveLength(1);
});

test("an HTTP function refuses an event", async () => {
  await expect(toCloudFunction(echo)({ specversion: "1.0" })).rejects.toMatchObject({
    code: "unknown-payload",
  });
});
