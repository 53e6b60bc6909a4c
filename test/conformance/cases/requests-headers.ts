import type { HeaderLine, PlainRequest } from "../../runtimes/hosts/host.ts";
import type { Case } from "../case.ts";
import { httpEvent } from "../payloads/aws/http.ts";
import { seeing } from "./_requests.ts";

const get = (...headers: HeaderLine[]): PlainRequest => ({ method: "GET", url: "/in", headers });
const seeHeaders = (...names: string[]) => seeing(({ headers }) => names.map((name) => headers[name]));
const at = (headers: object | null, lists?: object | null) => ({ headers, multiValueHeaders: lists });
const seeCookies = seeing(({ headers, cookies }) => [headers.cookie, { ...cookies }]);

const JOINED_THERE =
  "An HTTP API, a function URL and the Functions host join repeated headers by a comma alone, and a load balancer with single " +
  "values passes on the last one: what they hand over is given as it is.";

/** Headers of requests. */
export const REQUEST_HEADERS: readonly Case[] = [
  {
    id: "R6",
    title: "knows headers by their lower-case names, however they were sent",
    define: seeing(({ headers, request }) => [
      headers["x-shop"],
      headers["X-Shop"],
      headers["content-type"],
      "X-SHOP" in headers,
      request.headers.get("X-SHOP"),
    ]),
    request: get(["X-ShOp", "tea"], ["CONTENT-TYPE", "text/plain"]),
    expect: { seen: [["tea", undefined, "text/plain", false, "tea"]] },
  },
  {
    id: "R7",
    title: "joins a repeated header in order, each value once for each time it was sent",
    decision: JOINED_THERE,
    define: seeHeaders("x-a", "x-b"),
    request: get(["X-A", "1"], ["X-B", "ab"], ["X-A", "2"], ["x-a", "1"], ["X-B", "a"], ["X-B", "b"]),
    expect: { seen: [["1, 2, 1", "ab, a, b"]] },
    expectOn: {
      "http-api": { seen: [["1,2,1", "ab,a,b"]] },
      "function-url": { seen: [["1,2,1", "ab,a,b"]] },
      "function-app": { seen: [["1,2,1", "ab,a,b"]] },
      alb: { seen: [["1", "b"]] },
    },
  },
  {
    id: "R7",
    title: "prefers a REST API's lists of values to its last values, and falls back to those",
    needs: { trigger: "http", source: "REST API" },
    define: seeHeaders("x-a", "x-b", "x-c"),
    native: {
      aws: [
        httpEvent(
          "rest-api",
          { url: "/in" },
          at({ "X-A": "2", "x-b": "3", "X-C": "4" }, { "X-A": ["1", "2"], "X-B": ["3"], "x-c": ["4"] }),
        ),
        httpEvent(
          "rest-api",
          { url: "/in" },
          at({ "X-A": "1, 2", "X-B": "3", "X-C": "4" }, { "X-A": [], "X-B": null }),
        ),
        httpEvent("rest-api", { url: "/in" }, at(null, { "x-a": ["1", "2"], "x-b": ["3"], "x-c": ["4"] })),
        httpEvent("rest-api", { url: "/in" }, at({ "x-a": "1, 2", "x-b": "3", "x-c": "4" })),
      ],
    },
    expect: { seen: [["1, 2", "3", "4"]] },
  },
  {
    id: "R7",
    title: "takes two spellings of a name for one header",
    needs: { trigger: "http", source: "REST API" },
    define: seeHeaders("x-a", "cookie"),
    native: {
      aws: [
        httpEvent("rest-api", { url: "/in" }, at({ "X-A": "1", cookie: "a=1", "x-a": "2", Cookie: "b=2" })),
        httpEvent(
          "rest-api",
          { url: "/in" },
          at({ "x-A": "2", cookie: "b=2" }, { "X-A": ["1"], cookie: ["a=1"], "x-a": ["2"], Cookie: ["b=2"] }),
        ),
      ],
    },
    expect: { seen: [["1, 2", "a=1; b=2"]] },
  },
  {
    id: "R8",
    title: "joins repeated cookies by a semicolon",
    decision:
      "The Functions host joins two lines of cookies by a comma, which may stand in a cookie's value: guessing would break " +
      "values that browsers do send, while two lines are sent by none (RFC 6265, 5.4). A load balancer passes on the last.",
    define: seeCookies,
    request: get(["Cookie", "a=1"], ["x-a", "1"], ["cookie", "b=x,y; c=3"]),
    expect: { seen: [["a=1; b=x,y; c=3", { a: "1", b: "x,y", c: "3" }]] },
    expectOn: {
      "function-app": { seen: [["a=1,b=x,y; c=3", { a: "1,b=x,y", c: "3" }]] },
      alb: { seen: [["b=x,y; c=3", { b: "x,y", c: "3" }]] },
    },
  },
  {
    id: "R9",
    title: "joins any other repeated header by a comma",
    decision: JOINED_THERE,
    define: seeHeaders("accept", "x-cookie", "cookie2", "via"),
    request: get(
      ["accept", "text/html"],
      ["x-cookie", "a"],
      ["cookie2", "a"],
      ["via", "1.1 one"],
      ["accept", "*/*"],
      ["x-cookie", "b"],
      ["cookie2", "b"],
      ["via", "1.1 two"],
    ),
    expect: { seen: [["text/html, */*", "a, b", "a, b", "1.1 one, 1.1 two"]] },
    expectOn: {
      "http-api": { seen: [["text/html,*/*", "a,b", "a,b", "1.1 one,1.1 two"]] },
      "function-url": { seen: [["text/html,*/*", "a,b", "a,b", "1.1 one,1.1 two"]] },
      "function-app": { seen: [["text/html,*/*", "a,b", "a,b", "1.1 one,1.1 two"]] },
      alb: { seen: [["*/*", "b", "b", "1.1 two"]] },
    },
  },
  {
    id: "R10",
    title: "leaves commas within a value alone",
    define: seeHeaders("accept", "if-modified-since", "user-agent", "x-list"),
    request: get(
      ["accept", "text/html,application/xml;q=0.9, */*"],
      ["if-modified-since", "Wed, 21 Oct 2026 07:28:00 GMT"],
      ["user-agent", "Mozilla/5.0 (X11; Linux x86_64, like Gecko)"],
      ["x-list", 'a,b , "c,d"'],
    ),
    expect: {
      seen: [
        [
          "text/html,application/xml;q=0.9, */*",
          "Wed, 21 Oct 2026 07:28:00 GMT",
          "Mozilla/5.0 (X11; Linux x86_64, like Gecko)",
          'a,b , "c,d"',
        ],
      ],
    },
  },
  {
    id: "R11",
    title: "gives cookies as one header and by name, decoded once, the first of a name",
    define: seeCookies,
    request: get([
      "cookie",
      'a=1; b=x=y; c="q"; d=%E2%98%83; e=100%; a=2; __proto__=p; f=; bare; =anonymous',
    ]),
    expect: {
      seen: [
        [
          'a=1; b=x=y; c="q"; d=%E2%98%83; e=100%; a=2; __proto__=p; f=; bare; =anonymous',
          Object.fromEntries([
            ["a", "1"],
            ["b", "x=y"],
            ["c", "q"],
            ["d", "☃"],
            ["e", "100%"],
            ["__proto__", "p"],
            ["f", ""],
          ]),
        ],
      ],
    },
  },
  {
    id: "R11",
    title: "gives payload format 2.0's cookies once, also where the header has them too",
    needs: { trigger: "http", source: "HTTP API" },
    define: seeCookies,
    native: {
      aws: [
        httpEvent("http-api", { url: "/in" }, { cookies: ["a=1", "b=2"] }),
        httpEvent(
          "function-url",
          { url: "/in" },
          { cookies: ["a=1", "b=2"], headers: { Cookie: "a=1; b=2" } },
        ),
        httpEvent("http-api", { url: "/in" }, { cookies: [], headers: { cookie: "a=1; b=2" } }),
        httpEvent("http-api", { url: "/in" }, { cookies: null, headers: { COOKIE: "a=1; b=2" } }),
      ],
    },
    expect: { seen: [["a=1; b=2", { a: "1", b: "2" }]] },
  },
  {
    id: "R12",
    title: "keeps a header whose value is empty",
    define: seeing(({ headers, request }) => [headers["x-empty"], request.headers.get("x-empty")]),
    request: get(["X-Empty", ""], ["x-a", "1"]),
    expect: { seen: [["", ""]] },
  },
];
