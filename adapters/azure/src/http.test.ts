import {
  type AnyFunction,
  AnyfnError,
  defineFunction,
  HttpError,
  type HttpTrigger,
  http,
  reply,
} from "@anyfn/core";
import { createContext, parseTemplate } from "@anyfn/core/adapter";
import { describe, expect, it } from "vitest";
import { matchTemplate } from "../../../test/runtimes/hosts/azure/routes.ts";
import type { AzureResult, RpcHttp } from "../../../test/runtimes/hosts/azure/rpc.ts";
import { deploy } from "../../../test/support/azure-app.ts";
import { toResponse } from "./triggers/_answer.ts";
import { clientIpOf } from "./triggers/_request.ts";
import { planRoutes, toRoute } from "./triggers/_routes.ts";

let count = 0;

function define(
  name: string,
  trigger: HttpTrigger,
  handler: (event: never) => unknown = () => name,
): AnyFunction {
  return defineFunction({
    trigger: trigger as HttpTrigger<unknown>,
    handler: handler as () => unknown,
    name,
  });
}

function request(method: string, url: string, headers: Record<string, string> = {}, body?: Uint8Array) {
  const nullableHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, { value }]),
  );
  return {
    inputData: {
      http: {
        method,
        url: `https://app.test${url}`,
        nullableHeaders,
        ...(body && { body: { bytes: body } }),
      },
    },
  };
}

function answerOf(result: AzureResult): RpcHttp & { readonly text: string } {
  const { returnValue } = result as { returnValue: { http: RpcHttp } };
  return { ...returnValue.http, text: Buffer.from(returnValue.http.body?.bytes ?? []).toString() };
}

/** Deploys one function and sends it one request. */
async function ask(
  trigger: HttpTrigger,
  handler: (event: never) => unknown,
  sent: ReturnType<typeof request>,
  settings = {},
) {
  const name = `ask-${++count}`;
  return answerOf(await deploy(define(name, trigger, handler), settings).invoke(name, sent));
}

describe("routes", () => {
  const plan = (...triggers: readonly HttpTrigger[]) =>
    planRoutes(
      triggers.map((trigger, index) => ({ name: `f${index}`, definition: define(`f${index}`, trigger) })),
    ).map(({ route, methods }) => [route, methods.join(" ")]);
  const cors = { origins: "*" } as const;

  it.each([
    [http.get("/orders/{id}"), "orders/{id}", "GET HEAD"],
    [http.put("/files/{path+}"), "files/{*path}", "PUT"],
    [http.any("/caf%C3%A9"), "café", "GET HEAD POST PUT PATCH DELETE OPTIONS"],
    [http.post("/"), "{root:maxlength(0)?}", "POST"],
  ])("writes $path", (trigger, route, methods) => {
    expect(plan(trigger)).toEqual([[route, methods]]);
  });

  it("means the root alone by the root", () => {
    const route = toRoute(parseTemplate("/"));
    expect(matchTemplate(route, "/")).toBeDefined();
    expect(matchTemplate(route, "/orders")).toBeUndefined();
  });

  it("takes the preflights of a route once, and leaves to any what no other takes", () => {
    expect(
      plan(
        http.any("/a/{x}"),
        http.get("/a/{y}", { cors }),
        http.post("/A/{z}", { cors }),
        http.put("/b", { cors }),
      ),
    ).toEqual([
      ["a/{x}", "PUT PATCH DELETE OPTIONS"],
      ["a/{y}", "GET HEAD"],
      ["A/{z}", "POST"],
      ["b", "PUT OPTIONS"],
    ]);
  });

  it.each([
    [http.get("/a/{x}"), http.get("/a/{y}")],
    [http.any("/a"), http.any("/a")],
  ])("refuses two functions for the same requests", (one, other) => {
    expect(() => plan(one, other)).toThrow(AnyfnError);
    expect(() => plan(one, other)).toThrow(/"f0" and "f1" both answer GET \/a/);
  });

  it("gives a request to the function that is meant for it, whichever one the host chose", async () => {
    const app = deploy([
      define("a-rest", http.get("/things/{path+}")),
      define("b-one", http.get("/things/{id}")),
      define("c-new", http.get("/things/new")),
      define("d-post", http.post("/things/late")),
    ]);
    const text = async (name: string, path: string) =>
      answerOf(await app.invoke(name, request("GET", path))).text;
    expect(await text("a-rest", "/things/new")).toBe("c-new");
    expect(await text("a-rest", "/things/7")).toBe("b-one");
    expect(await text("a-rest", "/things/7/8")).toBe("a-rest");
    expect(await text("b-one", "/things/new")).toBe("c-new");
    expect(await text("b-one", "/things/late")).toBe("b-one");
    expect(await text("c-new", "/things/new")).toBe("c-new");
  });

  it("answers a preflight as the function that the browser asks for", async () => {
    const app = deploy([
      define("read-it", http.get("/shared", { cors: { origins: ["https://read.test"] } })),
      define("write-it", http.put("/shared", { cors: { origins: ["https://write.test"] } })),
    ]);
    const preflight = { origin: "https://write.test", "access-control-request-method": "PUT" };
    const answer = answerOf(await app.invoke("read-it", request("OPTIONS", "/shared", preflight)));
    expect(answer.statusCode).toBe("204");
    expect(answer.headers).toMatchObject({ "access-control-allow-origin": "https://write.test" });
  });
});

describe("requests", () => {
  it("gives URL, query, cookies and client as they came", async () => {
    const sent = request("GET", "/a%20b/%2e%2F?q=1&q=%26&e=", {
      cookie: "a=1; b=%20",
      "x-forwarded-for": "198.51.100.1, [2001:db8::7]:4711",
      "x-ms-original-url": "https://evil.test/a%20b/x",
    });
    const view = (event: Parameters<typeof describeRequest>[0]) => describeRequest(event);
    const answer = await ask(http.get("/a%20b/{rest+}"), view as never, sent);
    expect(JSON.parse(answer.text)).toEqual({
      url: "https://app.test/a%20b/%2e%2F?q=1&q=%26&e=",
      rest: "./",
      q: ["1", "&"],
      b: " ",
      clientIp: "2001:db8::7",
    });
  });

  it.each([
    [{ routePrefix: "api" }, "/api/orders", "https://app.test/orders"],
    [{ routePrefix: "api" }, "/orders", "https://app.test/orders"],
    [{ originalUrl: true }, "/x", "https://site.test/orders?page=2"],
  ])("with %o reads %s as %s", async (settings, path, url) => {
    const headers = { "x-ms-original-url": "https://site.test/orders?page=2" };
    const answer = await ask(
      http.get("/orders"),
      (({ url }: { url: string }) => url) as never,
      request("GET", path, headers),
      settings,
    );
    expect(answer.text).toBe(url);
  });

  it("ignores an original URL that is not absolute", async () => {
    const sent = request("GET", "/orders", { "x-ms-original-url": "/orders" });
    const settings = { originalUrl: true };
    expect((await ask(http.get("/orders"), () => "ok", sent, settings)).text).toBe("ok");
  });

  it("reads a body to the byte, and none where there is none", async () => {
    const echo = (({ body }: { body: Uint8Array | undefined }) => body ?? "nothing") as never;
    const bytes = new Uint8Array([0, 255, 254, 137]);
    const answer = await ask(http.post("/e"), echo, request("POST", "/e", {}, bytes));
    expect([...(answer.body?.bytes ?? [])]).toEqual([0, 255, 254, 137]);
    expect((await ask(http.post("/e"), echo, request("POST", "/e", {}, new Uint8Array()))).text).toBe(
      "nothing",
    );
    expect((await ask(http.post("/e"), echo, request("POST", "/e"))).text).toBe("nothing");
  });

  it("refuses what is no request", async () => {
    const app = deploy(define("no-request", http.get("/n")));
    await expect(app.invoke("no-request", { inputData: { json: '{"secret":1}' } })).rejects.toMatchObject({
      code: "unknown-payload",
      message: expect.stringContaining('"secret"'),
    });
  });

  it.each([
    ["203.0.113.9:51234", "203.0.113.9"],
    ["203.0.113.9", "203.0.113.9"],
    ["[2001:db8::7]:443", "2001:db8::7"],
    ["2001:db8::7", "2001:db8::7"],
    ["1.1.1.1, 203.0.113.9:1", "203.0.113.9"],
    ["", undefined],
    [null, undefined],
  ])("takes %s as %s", (header, address) => {
    expect(clientIpOf(header)).toBe(address);
  });
});

function describeRequest(event: {
  readonly url: string;
  readonly params: { readonly rest: string };
  readonly query: URLSearchParams;
  readonly cookies: Readonly<Record<string, string | undefined>>;
  readonly clientIp: string | undefined;
}): unknown {
  const { url, params, query, cookies, clientIp } = event;
  return { url, rest: params.rest, q: query.getAll("q"), b: cookies.b, clientIp };
}

describe("answers", () => {
  const get = http.get("/a");
  const sent = request("GET", "/a");

  it("keeps a single cookie as it is", async () => {
    const line = "SID=YWJj==; Path=/; Partitioned; Secure";
    const answer = await ask(get, () => reply("x", { cookies: [line] }), sent);
    expect(answer.headers?.["set-cookie"]).toBe(line);
    expect(answer.cookies).toEqual([]);
  });

  it("gives several cookies as objects, and the one that no object can hold as it is", async () => {
    const cookies = [
      "SID=YWJj==; Path=/; HttpOnly; SameSite=lax; Max-Age=60",
      "Name=a%20b; Domain=a.test; Expires=Wed, 02 Jan 2030 03:04:05 GMT; Secure; SameSite=None",
      "raw=100%; Partitioned; Secure",
      "bad=100%",
    ];
    const answer = await ask(get, () => reply("x", { cookies }), sent);
    expect(answer.headers?.["set-cookie"]).toBe("raw=100%; Partitioned; Secure");
    expect(answer.cookies).toEqual([
      expect.objectContaining({
        name: "SID",
        value: "YWJj==",
        path: { value: "/" },
        httpOnly: { value: true },
        sameSite: "lax",
        maxAge: { value: 60 },
      }),
      expect.objectContaining({
        name: "Name",
        value: "a b",
        domain: { value: "a.test" },
        expires: { value: { seconds: Date.UTC(2030, 0, 2, 3, 4, 5) / 1000 } },
        secure: { value: true },
        sameSite: "explicitNone",
      }),
      expect.objectContaining({ name: "bad", value: "100%" }),
    ]);
  });

  it("deletes a cookie by the epoch, beside another", async () => {
    const cookies = ["a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "b=1"];
    const answer = await ask(get, () => reply("x", { cookies }), sent);
    expect(answer.cookies?.[0]).toMatchObject({ name: "a", expires: { value: { seconds: 1 } } });
  });

  it("collects a stream, and answers one that fails with 500", async () => {
    const pieces = async function* () {
      yield "one ";
      yield new Uint8Array([50]);
    };
    const failing = async function* () {
      yield "one";
      throw new Error("secret");
    };
    expect((await ask(get, () => pieces(), sent)).text).toBe("one 2");
    const answer = await ask(get, () => failing(), sent);
    expect(answer.statusCode).toBe("500");
    expect(JSON.parse(answer.text)).toMatchObject({ status: 500, requestId: "invocation-1" });
    expect(answer.text).not.toContain("secret");
  });

  it.each([false, true])("gives up a stream at the deadline, streaming or not (%s)", async (streaming) => {
    const gate = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    let pieces = 0;
    const late = async function* () {
      await gate.promise;
      try {
        for (; pieces < 9; pieces++) yield "x";
      } finally {
        end.resolve();
      }
    };
    // The library's own switch for streaming is one for the whole process.
    const ctx = createContext({
      provider: "azure",
      functionName: "f",
      invocationId: "1",
      deadline: Date.now(),
      sink: () => {},
      env: {},
      raw: undefined,
    });
    const answer = await toResponse(reply(late()), ctx, streaming);
    expect(answer.status).toBe(504);
    gate.resolve();
    await end.promise;
    expect(pieces).toBeLessThan(9);
  });

  it("carries header text beyond Latin-1 as UTF-8", async () => {
    const { headers } = await ask(get, () => reply("", { headers: { "x-name": "é–" } }), sent);
    expect(Buffer.from(headers?.["x-name"] ?? "", "latin1").toString()).toBe("é–");
  });

  it("has its own length, whatever the handler counted", async () => {
    const counted = { headers: { "content-length": 5 } };
    expect((await ask(get, () => reply("grüße", counted), sent)).headers).toMatchObject({
      "content-length": "7",
    });
  });

  it("adds no content type, and no body to HEAD", async () => {
    const bare = () => ({ ...reply("text"), headers: {} });
    expect((await ask(get, bare, sent)).headers).toEqual({});
    const head = await ask(get, () => "grüße", request("HEAD", "/a"));
    expect(head.text).toBe("");
    expect(head.headers).toMatchObject({ "content-length": "7" });
  });

  it("answers errors with a problem", async () => {
    const fail = () => {
      throw new HttpError(418, "I am a teapot.");
    };
    expect(await ask(get, fail, sent)).toMatchObject({
      statusCode: "418",
      headers: { "content-type": "application/problem+json" },
    });
  });
});
