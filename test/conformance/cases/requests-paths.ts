import type { Case } from "../case.ts";
import { format1Event, format2Event, httpEvent } from "../payloads/aws/http.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { seeing, seeingAnywhere } from "./_requests.ts";

const get = (url: string) => ({ method: "GET", url });
const seePath = seeingAnywhere(({ path }) => path);
/** Path and URL agree, and the URL has the query that was sent and no other. */
const seeUrl = seeingAnywhere(({ path, url, query }) => {
  const { pathname, search, hash } = new URL(url);
  return [path, pathname, search, hash, [...query.keys()]];
});
const AT_HOST = "https://shop.azurewebsites.net";

const DECODED_THERE =
  "An HTTP API and the Functions host decode the path before anyone can ask them not to; what is escaped again is equal, " +
  "though not always spelled alike. `%2F` stays as it was sent.";

/** Paths of requests. */
export const REQUEST_PATHS: readonly Case[] = [
  {
    id: "R23",
    title: "gives the path as it was sent",
    define: seePath,
    request: get("/a%2Fb/c%20d/%C3%BC/[x]/%7E"),
    decision: DECODED_THERE,
    expect: { seen: ["/a%2Fb/c%20d/%C3%BC/[x]/%7E"] },
    expectOn: {
      "http-api": { seen: ["/a%2Fb/c%20d/%C3%BC/%5Bx%5D/~"] },
      "function-app": { seen: ["/a%2Fb/c%20d/%C3%BC/%5Bx%5D/~"] },
    },
  },
  {
    id: "R23",
    title: "normalises no path",
    define: seePath,
    request: get("/a//b/%2e%2E/c/"),
    expect: { seen: ["/a//b/%2e%2E/c/"] },
    decision: DECODED_THERE,
    except: ["http-api", "function-app"],
    native: {
      aws: [format2Event("/a//b/%2e%2E/c/")],
      azure: [azureRequest({ url: `${AT_HOST}/a//b/c/` })],
    },
    expectOn: { azure: { seen: ["/a//b/c/"] } },
  },
  {
    id: "R24",
    title: "lets no escaped question mark or hash begin a query or a fragment",
    define: seeUrl,
    request: get("/a%20b/x%3Fy=1/%23z?real=1"),
    expect: { seen: [["/a%20b/x%3Fy=1/%23z", "/a%20b/x%3Fy=1/%23z", "?real=1", "", ["real"]]] },
  },
  {
    id: "R24",
    title: "takes a bare hash for a part of what was asked for",
    define: seeUrl,
    native: {
      aws: [httpEvent("rest-api", get("/x?real=1"), { path: "/a#b" })],
      azure: [azureRequest({ url: `${AT_HOST}/a%23b?real=1` })],
      gcp: [{ wire: "GET /a#b?real=1 HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n" }],
      node: [{ wire: "GET /a#b?real=1 HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n" }],
    },
    expect: { seen: [["/a%23b", "/a%23b", "?real=1", "", ["real"]]] },
  },
  ...(
    [
      ["/a b/x?y=1", "/a%20b/x%3Fy=1"],
      ["/a#b", "/a%23b"],
      ["/100%", "/100%25"],
      ["/%zz/%4", "/%25zz/%254"],
      ["/a%2Fb/%25", "/a%2Fb/%25"],
      ["/ü/☃/𝒳", "/%C3%BC/%E2%98%83/%F0%9D%92%B3"],
      ["/a\u0000\n\u007f", "/a%00%0A%7F"],
      ['/a"<>\\^`{|}', "/a%22%3C%3E%5C%5E%60%7B%7C%7D"],
      ["/-._~!$&'()*+,;=:@", "/-._~!$&'()*+,;=:@"],
      ["/a\ud800", "/a%EF%BF%BD"],
    ] as const
  ).map(
    ([decoded, path]): Case => ({
      id: "R24",
      title: `escapes ${JSON.stringify(decoded)}, which an HTTP API has decoded`,
      needs: { trigger: "http", source: "HTTP API" },
      define: seeUrl,
      native: {
        aws: [
          format2Event(decoded, { rawQueryString: "real=1" }),
          format1Event(decoded, { multiValueQueryStringParameters: { real: ["1"] } }),
        ],
      },
      expect: { seen: [[path, path, "?real=1", "", ["real"]]] },
    }),
  ),
  {
    id: "R25",
    title: "keeps a path that looks like another host below our own",
    define: seeingAnywhere(({ path, url, request }) => [
      path,
      new URL(url).host === new URL(request.url).host,
      new URL(url).host.includes("evil"),
      new URL(url).pathname,
    ]),
    request: get("//evil.example/x"),
    native: {
      aws: [httpEvent("rest-api", get("/"), { path: "//evil.example/x" })],
      azure: [azureRequest({ url: `${AT_HOST}//evil.example/x` })],
    },
    expect: { seen: [["//evil.example/x", true, false, "//evil.example/x"]] },
  },
  {
    id: "R25",
    title: "lets no path run on from the host",
    define: seeingAnywhere(({ path, url }) => [path, new URL(url).host.includes("evil")]),
    native: {
      aws: [
        httpEvent("http-api", get("/"), { rawPath: "@evil.example/x" }),
        httpEvent("rest-api", get("/"), { path: "@evil.example/x" }),
        httpEvent("alb", get("/"), { path: "@evil.example/x" }),
      ],
      azure: [azureRequest({ url: `${AT_HOST}/@evil.example/x` })],
      gcp: [get("/@evil.example/x")],
      node: [get("/@evil.example/x")],
    },
    expect: { seen: [["/@evil.example/x", false]] },
  },
  {
    id: "R28",
    title: "decodes parameters once, each within its segment",
    define: seeing(({ params }) => ({ ...params }), "/orders/{id}/{rest+}"),
    request: get("/orders/a%20b%2Fc%3F/x%2Fy/z%C3%BC"),
    expect: { seen: [{ id: "a b/c?", rest: "x/y/zü" }] },
  },
  {
    id: "R28",
    title: "does not decode what decoding gave",
    decision:
      "The Functions host decodes `%25` and writes it back only where no escape would follow, so that `%2541` arrives there as `%41`.",
    define: seeing(({ params }) => params.id, "/orders/{id}"),
    request: get("/orders/%2541%252F"),
    expect: { seen: ["%41%2F"] },
    expectOn: { "function-app": { seen: ["A/"] } },
  },
  {
    id: "R28",
    title: "reads parameters from the path, and not from what the front made of them",
    needs: { trigger: "http", source: "REST API" },
    define: seeing(({ params }) => params.id, "/orders/{id}"),
    native: {
      aws: [
        httpEvent("rest-api", get("/orders/a%2Fb"), { pathParameters: { id: "a%2Fb" } }),
        httpEvent("http-api", get("/orders/a%2Fb"), { pathParameters: { id: "a/b" } }),
        httpEvent("rest-api", get("/orders/a%2Fb"), { pathParameters: { proxy: "orders/else" } }),
        httpEvent("http-api", get("/orders/a%2Fb"), { pathParameters: null }),
      ],
    },
    expect: { seen: ["a/b"] },
  },
  {
    id: "R28",
    title: "answers 400 to an escape that is no UTF-8",
    define: seeing(({ params }) => params.id, "/orders/{id}"),
    request: get("/orders/%E0%A4x"),
    expect: {
      seen: [],
      reply: {
        status: 400,
        body: { title: "Bad Request", status: 400, detail: "The path has a bad percent escape." },
      },
    },
  },
  {
    id: "R28",
    title: "answers 400 to a per cent sign that escapes nothing",
    decision:
      "Where the front decodes paths, such a sign is the same as an escaped one, and is taken for it.",
    define: seeing(({ params }) => params.id, "/orders/{id}"),
    request: get("/orders/100%zz"),
    expect: { seen: [], reply: { status: 400 } },
    expectOn: {
      "http-api": { seen: ["100%zz"], reply: { status: 204 } },
      "function-app": { seen: ["100%zz"], reply: { status: 204 } },
    },
  },
];
