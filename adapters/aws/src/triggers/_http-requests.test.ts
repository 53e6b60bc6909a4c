import { defineFunction, type HttpEvent, http } from "@anyfn/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { albEvent, lambdaContextOf, v1Event, v2Event } from "../_testing.ts";
import type { LambdaHandler } from "../native.ts";
import { httpHandler } from "./http.ts";

const context = lambdaContextOf();
const multi = { headers: undefined, multiValueHeaders: { host: ["shop.example.org"] } };

beforeEach(() => void vi.spyOn(process.stdout, "write").mockReturnValue(true));

/** A handler of any request that answers with what `read` finds in it. */
function reading(read: (event: HttpEvent) => unknown, basePath?: string): LambdaHandler {
  const definition = defineFunction({
    trigger: http.any("/{path+}"),
    handler: async (event) => ({ found: (await read(event as never)) ?? null }),
  });
  return httpHandler(definition, basePath === undefined ? {} : { basePath });
}

async function found(handler: LambdaHandler, event: unknown): Promise<unknown> {
  const { statusCode, body } = (await handler(event, context)) as { statusCode: number; body: string };
  expect([statusCode, body]).toEqual([200, body]);
  return (JSON.parse(body) as { found: unknown }).found;
}

describe("requests", () => {
  const url = "lambda-url.eu-west-1.on.aws";
  test.each([
    [
      "an HTTP API's decoded path is escaped",
      v2Event("/a b/x?y=1/ü/#/100%"),
      "/a%20b/x%3Fy=1/%C3%BC/%23/100%25",
    ],
    ["escapes that an HTTP API leaves are kept", v2Event("/a%2Fb/c%25d"), "/a%2Fb/c%25d"],
    ["a function URL's path is kept", v2Event("/a%20b/[x]", { domainName: `x.${url}` }), "/a%20b/[x]"],
    ["a second host in the path stays a path", v2Event("//evil.example/x"), "//evil.example/x"],
    ["a named stage is taken off", v2Event("/dev/orders", { stage: "dev" }), "/orders"],
    ["a stage that is only a prefix is not", v2Event("/develop", { stage: "dev" }), "/develop"],
    [
      "on a custom domain there is no stage",
      v2Event("/dev/a", { stage: "dev", domainName: "a.example" }),
      "/dev/a",
    ],
    ["a REST API's path is kept", v1Event("/a%2Fb/c d"), "/a%2Fb/c d"],
    ["a REST API's path has no stage", v1Event("/dev/orders"), "/dev/orders"],
    ["the console leaves out the first slash", v1Event("orders/1"), "/orders/1"],
    ["a path that would run on from the host", v2Event("@evil.example/x"), "/@evil.example/x"],
    ["the same of a load balancer", albEvent("@evil.example/x"), "/@evil.example/x"],
    ["format 1.0 is decoded, too", v1Event("/dev/a b", { version: "1.0" }), "/a%20b"],
    ["a load balancer's path is kept", albEvent("/a%2Fb/%7E"), "/a%2Fb/%7E"],
  ])("path: %s", async (_case, event, path) => {
    expect(
      await found(
        reading((request) => request.path),
        event,
      ),
    ).toBe(path);
  });

  test.each([
    ["/api/orders", "/orders"],
    ["/api/v2", "/v2"],
    ["/apiary/1", "/apiary/1"],
  ])("the base path is taken off %s on a segment boundary", async (path, expected) => {
    for (const basePath of ["/api", "api/"]) {
      expect(
        await found(
          reading((request) => request.path, basePath),
          v2Event(path),
        ),
      ).toBe(expected);
      expect(
        await found(
          reading((request) => request.path, basePath),
          v1Event(path),
        ),
      ).toBe(expected);
      expect(
        await found(
          reading((request) => request.path, basePath),
          albEvent(path),
        ),
      ).toBe(expected);
    }
  });

  const decoded = { q: "a b&c=d", plus: "a+b", empty: "", twice: "2" };
  const lists = { q: ["a b&c=d"], plus: ["a+b"], empty: [""], twice: ["1", "2"] };
  const encoded = { q: "a%20b%26c", plus: "a+b", bad: "100%", "a%5B%5D": "1" };
  test.each([
    ["v2 is kept", v2Event("/a", { query: "a=1&a=2&e=&f&p=a+b" }), "a=1 a=2 e= f= p=a b"],
    [
      "REST lists are encoded once",
      v1Event("/a", { multiValueQueryStringParameters: lists }),
      "q=a b&c=d plus=a+b empty= twice=1 twice=2",
    ],
    [
      "REST single values as well",
      v1Event("/a", { queryStringParameters: decoded }),
      "q=a b&c=d plus=a+b empty= twice=2",
    ],
    [
      "ALB values are decoded once",
      albEvent("/a", { queryStringParameters: encoded }),
      "q=a b&c plus=a b bad=100% a[]=1",
    ],
    [
      "ALB lists",
      albEvent("/a", { ...multi, multiValueQueryStringParameters: { a: ["1", "%32"] } }),
      "a=1 a=2",
    ],
    [
      "single values fill in where a list is absent or empty",
      v1Event("/a", {
        queryStringParameters: { a: "1", b: "2", constructor: "3" },
        multiValueQueryStringParameters: { a: [], b: ["1", "2"] },
      }),
      "a=1 b=1 b=2 constructor=3",
    ],
    [
      "v2 without a raw one",
      { ...v2Event("/a"), rawQueryString: undefined, queryStringParameters: { a: "1 2", b: "3" } },
      "a=1 2 b=3",
    ],
    ["null is empty", v1Event("/a", { queryStringParameters: { a: null as never } }), "a="],
    ["none", v1Event("/a"), ""],
  ])("query: %s", async (_case, event, expected) => {
    const pairs = (request: HttpEvent) =>
      [...request.query].map(([name, value]) => `${name}=${value}`).join(" ");
    expect(await found(reading(pairs), event)).toBe(expected);
  });

  test.each([
    [
      "names in lower case, commas kept",
      v2Event("/a", { headers: { "X-A": "1, 2", empty: "" } }),
      { "x-a": "1, 2", empty: "" },
    ],
    [
      "v2 cookies take the header's place",
      v2Event("/a", { headers: { cookie: "c=3" }, cookies: ["a=1", "b=2"] }),
      { cookie: "a=1; b=2" },
    ],
    [
      "an empty list of cookies does not",
      v2Event("/a", { headers: { cookie: "c=3" }, cookies: [] }),
      { cookie: "c=3" },
    ],
    [
      "lists win and are joined in order",
      v1Event("/a", {
        headers: { "X-A": "2" },
        multiValueHeaders: { "X-A": ["1", "2"], Cookie: ["a=1", "b=2"] },
      }),
      { "x-a": "1, 2", cookie: "a=1; b=2" },
    ],
    [
      "empty lists give way",
      v1Event("/a", { headers: { "X-A": "2" }, multiValueHeaders: {} }),
      { "x-a": "2" },
    ],
    ["null is none", v1Event("/a"), {}],
    [
      "ALB lists",
      albEvent("/a", { headers: undefined, multiValueHeaders: { A: ["1", "2"], COOKIE: ["a=1", "b=2"] } }),
      { a: "1, 2", cookie: "a=1; b=2" },
    ],
    [
      "single values fill in where a list is absent, null or empty",
      v1Event("/a", {
        headers: { "X-A": "1", "X-B": "2", "X-C": "3", "X-D": null as never, "X-F": "4" },
        multiValueHeaders: { "X-B": null as never, "X-C": [], "X-E": [], "X-F": "4" as never },
      }),
      { "x-a": "1", "x-b": "2", "x-c": "3", "x-f": "4" },
    ],
    ["what is not Latin-1 is kept", v2Event("/a", { headers: { "x-name": "Łódź" } }), { "x-name": "Łódź" }],
  ])("headers: %s", async (_case, event, headers) => {
    expect(
      await found(
        reading((request) => ({ ...request.headers })),
        event,
      ),
    ).toEqual(headers);
  });

  test("headers inherit nothing", async () => {
    const handler = reading(({ headers }) => [headers.constructor, "toString" in headers].map(String));
    expect(await found(handler, v2Event("/a"))).toEqual(["undefined", "false"]);
  });

  const bytes = Buffer.from([0x00, 0xff, 0xfe, 0x89]);
  test.each([
    ["base64", { body: bytes.toString("base64"), isBase64Encoded: true }, bytes],
    ["text", { body: "für", isBase64Encoded: false }, Buffer.from("für")],
    ["empty", { body: "" }, undefined],
    ["null", { body: null }, undefined],
  ])("body: %s", async (_case, parts, expected) => {
    const hex = reading(({ body }) => body && Buffer.from(body).toString("hex"));
    for (const event of [v2Event("/a", parts), v1Event("/a", parts), albEvent("/a", parts)]) {
      expect(await found(hex, event)).toBe(expected?.toString("hex") ?? null);
    }
  });

  test("JSON is read from text and from base64", async () => {
    const body = JSON.stringify({ name: "Zoë" });
    const base64 = { body: Buffer.from(body).toString("base64"), isBase64Encoded: true };
    for (const parts of [{ body }, base64]) {
      expect(
        await found(
          reading((request) => request.json()),
          v2Event("/a", { method: "POST", ...parts }),
        ),
      ).toEqual({ name: "Zoë" });
    }
  });

  test.each([
    ["v2", v2Event("/a", { domainName: "a.example", query: "b=1" }), "https://a.example/a?b=1", "192.0.2.1"],
    ["REST", v1Event("/a"), "https://api.execute-api.eu-west-1.amazonaws.com/a", "192.0.2.1"],
    ["ALB: the last forwarded address", albEvent("/a"), "http://shop.example.org/a", "192.0.2.1"],
    [
      "an address with a port",
      albEvent("/a", { headers: { "x-forwarded-for": "192.0.2.7:4711" } }),
      "https://localhost/a",
      "192.0.2.7",
    ],
    [
      "an IPv6 address",
      albEvent("/a", { headers: { "x-forwarded-for": "2001:db8::1" } }),
      "https://localhost/a",
      "2001:db8::1",
    ],
    [
      "an IPv6 address with a port",
      albEvent("/a", { headers: { "x-forwarded-for": "[2001:db8::1]:80" } }),
      "https://localhost/a",
      "2001:db8::1",
    ],
    [
      "the first protocol counts",
      albEvent("/a", { headers: { host: "b.example:81", "x-forwarded-proto": "HTTP,https" } }),
      "http://b.example:81/a",
      null,
    ],
    ["a host that is none", albEvent("/a", { headers: { host: "a/b?c" } }), "https://localhost/a", null],
    [
      "a host that no URL can hold",
      v2Event("/a", { domainName: "1.2.3.4.5", headers: { host: "b.example" } }),
      "https://b.example/a",
      "192.0.2.1",
    ],
  ])("url and client: %s", async (_case, event, url, clientIp) => {
    const handler = reading((request) => [
      request.url,
      request.request.url === request.url,
      request.clientIp ?? null,
    ]);
    expect(await found(handler, event)).toEqual([url, true, clientIp]);
  });

  test("the native event is raw, and stays as it was", async () => {
    const event = v1Event("/a", { multiValueHeaders: { "X-A": ["1"] }, queryStringParameters: { a: "1" } });
    const before = structuredClone(event);
    const handler = reading((request) => [
      request.raw === event,
      request.headers["x-a"],
      request.query.get("a"),
    ]);
    expect(await found(handler, event)).toEqual([true, "1", "1"]);
    expect(event).toEqual(before);
  });
});
