import { type AnyFunction, AnyfnError, defineFunction, http, queue } from "@anyfn/core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { headerValues } from "../../../test/runtimes/hosts/http.ts";
import { type Answer, jsonOf, servers } from "../../../test/support/node-server.ts";
import { createServer, nodeRequest } from "./index.ts";

const { start, lines, closeAll } = servers();
afterEach(closeAll);

const echo = defineFunction({
  trigger: http.any("/echo/{path+}"),
  handler: async (event, ctx) => ({
    method: event.method,
    url: event.url,
    params: event.params,
    headers: event.headers,
    cookies: event.cookies,
    body: event.body === undefined ? null : Buffer.from(event.body).toString("hex"),
    clientIp: event.clientIp,
    requestId: ctx.requestId,
    trace: ctx.trace?.traceId,
    functionName: ctx.functionName,
    raw: nodeRequest(ctx)?.url,
  }),
});

describe("requests", () => {
  test("arrive as they were sent", async () => {
    const server = await start({ echo });
    const answer = await server.send("POST", "/echo/a%2Fb//c%20d?x=1&x=%26", {
      headers: [
        ["Host", "shop.example:81"],
        ["X-Many", "1"],
        ["x-many", "2"],
        ["Cookie", "a=1"],
        ["Cookie", "b=%20"],
        ["X-Request-Id", "abc-123"],
        ["traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
      ],
      body: Uint8Array.of(0, 255, 254),
    });
    expect(jsonOf(answer)).toMatchObject({
      method: "POST",
      url: "http://shop.example:81/echo/a%2Fb//c%20d?x=1&x=%26",
      params: { path: "a/b//c d" },
      headers: { "x-many": "1, 2", cookie: "a=1; b=%20" },
      cookies: { a: "1", b: " " },
      body: "00fffe",
      clientIp: "127.0.0.1",
      requestId: "abc-123",
      trace: "0af7651916cd43dd8448eb211c80319c",
      functionName: "echo",
      raw: "/echo/a%2Fb//c%20d?x=1&x=%26",
    });
  });

  test.each(["a b", "x".repeat(129), "<script>", "caf\u00e9"])(
    "the request id %j is replaced",
    async (id) => {
      const server = await start({ echo });
      const answer = await server.send("GET", "/echo/x", { headers: [["X-Request-Id", id]] });
      expect(jsonOf(answer).requestId).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  test("a GET may have a body, a POST may have none", async () => {
    const server = await start({ echo });
    expect(jsonOf(await server.send("GET", "/echo/x", { body: Buffer.from("hi") })).body).toBe("6869");
    expect(jsonOf(await server.send("POST", "/echo/x")).body).toBeNull();
    expect(jsonOf(await server.send("POST", "/echo/x", { body: Buffer.from("") })).body).toBeNull();
  });

  test("a body in chunks is put together", async () => {
    const server = await start({ echo });
    const { socket, text } = server.raw();
    socket.write(
      "POST /echo/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n",
    );
    socket.write("3\r\nllo\r\n0\r\n\r\n");
    expect(await text).toContain(`"body":"${Buffer.from("hello").toString("hex")}"`);
  });

  test("requests that wait in one connection are answered in order", async () => {
    const server = await start({ echo });
    const { socket, text } = server.raw();
    socket.write(
      "GET /echo/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /echo/2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    );
    expect((await text).match(/"path":"\d"/g)).toEqual(['"path":"1"', '"path":"2"']);
  });

  test("with a proxy in front its word counts", async () => {
    const server = await start({ echo }, { trustProxy: true });
    const headers = [
      ["Host", "shop.example"],
      ["X-Forwarded-For", "1.1.1.1, 203.0.113.9"],
      ["X-Forwarded-Proto", "https"],
    ] as const;
    expect(jsonOf(await server.send("GET", "/echo/x", { headers }))).toMatchObject({
      url: "https://shop.example/echo/x",
      clientIp: "203.0.113.9",
    });
  });
});

describe("body limits", () => {
  test("a body of exactly the limit is read, one more byte is 413 and ends the connection", async () => {
    const server = await start({ echo }, { bodyLimit: 10 });
    expect((await server.send("POST", "/echo/x", { body: Buffer.alloc(10) })).status).toBe(200);
    const headers = [["Connection", "keep-alive"]] as const;
    const refused = await server.send("POST", "/echo/x", { headers, body: Buffer.alloc(11) });
    expect(refused.status).toBe(413);
    expect(jsonOf(refused)).toMatchObject({ title: "Payload Too Large", status: 413 });
    expect(headerValues(refused.headers, "connection")).toEqual(["close"]);
  });

  test("a caller who sends far more still reads the answer", async () => {
    const server = await start({ echo }, { bodyLimit: 10 });
    const refused = await server.send("POST", "/echo/x", { body: Buffer.alloc(3_000_000) });
    expect(refused).toMatchObject({ status: 413, complete: true });
  });

  test("chunks are counted", async () => {
    const server = await start({ echo }, { bodyLimit: 10 });
    const { socket, text } = server.raw();
    socket.write(
      "POST /echo/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n",
    );
    expect(await text).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("a caller who waits for leave gets it when the body is wanted", async () => {
    const server = await start({ echo }, { bodyLimit: 10 });
    const head = "HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\n";
    const wanted = server.raw();
    wanted.socket.once("data", () => wanted.socket.write("hello"));
    wanted.socket.write(`POST /echo/x ${head}Content-Length: 5\r\n\r\n`);
    expect(await wanted.text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    for (const [target, length, status] of [
      ["/echo/x", 11, 413],
      ["/nothing", 5, 404],
    ] as const) {
      const refused = server.raw();
      refused.socket.once("data", () => refused.socket.end());
      refused.socket.write(`POST ${target} ${head}Content-Length: ${length}\r\n\r\n`);
      expect(await refused.text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    }
  });

  test("a half-sent body times out", async () => {
    const handler = vi.fn();
    const post = defineFunction({ trigger: http.post("/"), handler });
    const server = await start({ post }, { requestTimeout: 0.1 });
    const { socket, text } = server.raw();
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    expect(await text).toMatch(/^HTTP\/1\.1 408 /);
    expect(handler).not.toHaveBeenCalled();
  });

  test("a body that breaks off reaches nobody", async () => {
    const handler = vi.fn();
    const post = defineFunction({ trigger: http.post("/"), handler });
    const server = await start({ post });
    const { socket, text } = server.raw();
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    socket.end();
    await text;
    expect(handler).not.toHaveBeenCalled();
    expect(lines()).toEqual([]);
  });
});

describe("routes of the server", () => {
  const get = (path: string, body: string): AnyFunction =>
    defineFunction({ trigger: http.get(path), handler: () => body });

  test("paths and methods without a function are 404 and 405, as one function alone would answer", async () => {
    const server = await start({
      read: get("/orders", "read"),
      write: defineFunction({ trigger: http.post("/orders"), handler: () => "write" }),
    });
    const missing = await server.send("GET", "/other");
    expect(jsonOf(missing)).toEqual({
      title: "Not Found",
      status: 404,
      detail: "There is nothing at this path.",
    });
    expect(headerValues(missing.headers, "content-type")).toEqual(["application/problem+json"]);
    const refused = await server.send("DELETE", "/orders");
    expect(jsonOf(refused)).toEqual({
      title: "Method Not Allowed",
      status: 405,
      detail: "DELETE is not allowed here.",
    });
    expect(headerValues(refused.headers, "allow")).toEqual(["GET, HEAD, POST"]);
  });

  test("a preflight is answered by the function that it asks for", async () => {
    const cors = { origins: ["https://shop.example"], methods: ["PUT"] };
    const server = await start({
      read: get("/orders", "read"),
      write: defineFunction({ trigger: http.put("/orders", { cors }), handler: () => "write" }),
    });
    const ask = (method: string): Promise<Answer> =>
      server.send("OPTIONS", "/orders", {
        headers: [
          ["Origin", "https://shop.example"],
          ["Access-Control-Request-Method", method],
        ],
      });
    const allowed = await ask("PUT");
    expect(allowed.status).toBe(204);
    expect(headerValues(allowed.headers, "access-control-allow-methods")).toEqual(["PUT"]);
    expect((await ask("GET")).status).toBe(405);
  });

  test("health", async () => {
    const healthy = await start({ home: get("/", "home") });
    expect(jsonOf(await healthy.send("GET", "/health"))).toEqual({ status: "ok" });
    expect((await healthy.send("HEAD", "/health")).body).toHaveLength(0);
    expect((await healthy.send("POST", "/health")).status).toBe(404);
    const own = await start({ home: get("/health", "mine") });
    expect(Buffer.from((await own.send("GET", "/health")).body).toString()).toBe("mine");
    const moved = await start({ home: get("/", "home") }, { health: "/up" });
    expect((await moved.send("GET", "/up")).status).toBe(200);
    expect((await moved.send("GET", "/health")).status).toBe(404);
    const none = await start({ home: get("/", "home") }, { health: false });
    expect((await none.send("GET", "/health")).status).toBe(404);
  });

  test.each([
    [{ a: get("/x/{id}", ""), b: get("/x/{key}", "") }, 'The functions "a" and "b" answer the same requests'],
    [{ a: get("/_events/a", "") }, "event functions are reached below /_events/"],
  ])("what cannot be served is refused", (functions, message) => {
    expect(() => createServer(functions)).toThrow(AnyfnError);
    expect(() => createServer(functions)).toThrow(message);
  });
});

test("an event function shares the server with HTTP functions", async () => {
  const handler = vi.fn();
  const server = await start({ echo, jobs: defineFunction({ trigger: queue("jobs"), handler }) });
  const headers = [
    ["ce-specversion", "1.0"],
    ["ce-id", "1"],
    ["ce-source", "/s"],
    ["ce-type", "t"],
  ] as const;
  expect((await server.send("POST", "/", { headers })).status).toBe(204);
  expect((await server.send("GET", "/")).status).toBe(405);
  expect((await server.send("GET", "/echo/x")).status).toBe(200);
  expect(handler).toHaveBeenCalledOnce();
});
