import { describe, expect, test } from "vitest";
import { clientIpOf, originOf } from "./address.ts";
import { type Exchange, headersOf, openExchange } from "./exchange.ts";
import type { NodeRequest, NodeResponse } from "./native.ts";
import { type ServerOptions, toSettings } from "./options.ts";

function exchangeOf(
  url: string,
  rawHeaders: readonly string[] = [],
  options: ServerOptions = {},
  remoteAddress = "192.0.2.1",
): Exchange {
  const request = { method: "GET", url, rawHeaders, socket: { remoteAddress } };
  return openExchange(request as unknown as NodeRequest, {} as NodeResponse, toSettings(options));
}

describe("the request target", () => {
  test.each([
    ["/", "/", ""],
    ["/a%2Fb/%zz?x=%20&y=a+b?c", "/a%2Fb/%zz", "x=%20&y=a+b?c"],
    ["//evil.example/x", "//evil.example/x", ""],
    ["/?", "/", ""],
    ["http://other.example/a/b?c=d", "/a/b", "c=d"],
    ["HTTPS://other.example", "/", ""],
    ["http://other.example?c=d", "/", "c=d"],
    // A question to the whole server has an empty path, and a fragment is none of a request's.
    ["*", "/", ""],
    ["/a#b?c#d", "/a%23b", "c%23d"],
    // A client that sends UTF-8 bytes unescaped; Node hands each byte over as a Latin-1 character.
    ["/caf\u00c3\u00a9?q=\u00e2\u0098\u0083", "/caf%C3%A9", "q=%E2%98%83"],
  ])("%j is the path %j and the query %j", (url, path, query) => {
    expect(exchangeOf(url)).toMatchObject({ path, query });
  });
});

describe("headers", () => {
  test("names are lower case, repeated ones are joined, cookies by semicolons", () => {
    const raw = ["X-A", "1", "x-a", "2, 3", "Cookie", "a=1", "cookie", "b=2", "X-Empty", "", "x-empty", "z"];
    expect(headersOf(exchangeOf("/", raw))).toEqual({
      "x-a": "1, 2, 3",
      cookie: "a=1; b=2",
      "x-empty": ", z",
    });
  });

  test("a name of Object's prototype is a header like any other", () => {
    const headers = headersOf(exchangeOf("/", ["__proto__", "x", "Constructor", "y"]));
    expect(Object.entries(headers)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(headersOf(exchangeOf("/")).toString).toBeUndefined();
  });

  test.each([
    [[], { length: undefined, hasBody: false, expectsContinue: false, requestId: undefined }],
    [["Content-Length", "0"], { length: 0, hasBody: false }],
    [["CONTENT-LENGTH", "12"], { length: 12, hasBody: true }],
    [["Transfer-Encoding", "chunked"], { length: undefined, hasBody: true }],
    [["Expect", "100-Continue", "X-Request-ID", "r-1"], { expectsContinue: true, requestId: "r-1" }],
    [["content-languag", "9", "transfer-encodinX", "9"], { length: undefined, hasBody: false }],
  ])("%j frame the request", (raw, framing) => {
    expect(exchangeOf("/", raw).framing).toMatchObject(framing);
  });
});

describe("the caller's address", () => {
  test.each([
    ["192.0.2.1", undefined, false, "192.0.2.1"],
    ["::ffff:192.0.2.1", undefined, false, "192.0.2.1"],
    ["2001:db8::1", undefined, false, "2001:db8::1"],
    ["192.0.2.1", "203.0.113.9", false, "192.0.2.1"],
    ["192.0.2.1", "198.51.100.7, 203.0.113.9", true, "203.0.113.9"],
    ["192.0.2.1", "198.51.100.7,203.0.113.9:4711", true, "203.0.113.9"],
    ["192.0.2.1", "[2001:db8::2]:4711", true, "2001:db8::2"],
    ["192.0.2.1", "2001:db8::2", true, "2001:db8::2"],
    ["192.0.2.1", "198.51.100.7, ", true, "192.0.2.1"],
    ["192.0.2.1", undefined, true, "192.0.2.1"],
  ])("socket %s, forwarded for %s, trusted: %s → %s", (remote, forwarded, trustProxy, ip) => {
    const raw = forwarded === undefined ? [] : ["X-Forwarded-For", forwarded];
    expect(clientIpOf(exchangeOf("/", raw, { trustProxy }, remote))).toBe(ip);
  });
});

describe("the origin", () => {
  test.each([
    ["shop.example", undefined, false, "http://shop.example"],
    ["shop.example:8080", "https", false, "http://shop.example:8080"],
    ["shop.example", "https", true, "https://shop.example"],
    ["shop.example", "http, HTTPS", true, "https://shop.example"],
    ["shop.example", "javascript", true, "http://shop.example"],
    ["[2001:db8::1]:80", undefined, false, "http://[2001:db8::1]:80"],
    ["a_b.internal.", undefined, false, "http://a_b.internal."],
    ["evil.example/x", undefined, false, "http://localhost"],
    ["user@evil.example", undefined, false, "http://localhost"],
    ["evil.example?", undefined, false, "http://localhost"],
    ["a, b", undefined, false, "http://localhost"],
    ["a:99999", undefined, false, "http://localhost"],
    ["9".repeat(400), undefined, false, "http://localhost"],
    ["", undefined, false, "http://localhost"],
  ])("host %j, forwarded proto %s, trusted: %s → %s", (host, proto, trustProxy, origin) => {
    const raw = ["Host", host, ...(proto === undefined ? [] : ["X-Forwarded-Proto", proto])];
    expect(originOf(exchangeOf("/", raw, { trustProxy }))).toBe(origin);
  });

  test("without a host header it is localhost", () => {
    expect(originOf(exchangeOf("/"))).toBe("http://localhost");
  });
});
