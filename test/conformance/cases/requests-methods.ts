import { defineFunction, http } from "@anyfn/core";
import type { Case } from "../case.ts";
import { httpEvent, httpEventIn } from "../payloads/aws/http.ts";
import { edgeEvent } from "../payloads/aws/relatives.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { noRequests } from "../payloads/relatives.ts";
import { seeing } from "./_requests.ts";

type Lines = Readonly<Record<string, string>>;

const _HOST = { host: "shop.example" };
const _SWA = "https://shop.example/api/in?x=1";
const _get = (headers: Lines, url = "/in") => ({ method: "GET", url, headers: Object.entries(headers) });
const _domain = (domainName: string) => ({ domainName });
/** A request as a proxy's client writes it, with the whole URL for a target. */
const _absolute = (url: string, lines = "") =>
  `GET ${url} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n${lines}\r\n`;

const seeMethod = seeing(({ method }) => method);
const method = (name: string) => ({ method: name, url: "/in" });

/** Which methods reach a function. */
export const REQUEST_METHODS: readonly Case[] = [
  {
    id: "R33",
    title: "writes methods in upper case",
    define: seeMethod,
    native: {
      aws: ["patch", "PaTcH"].flatMap((name) => [
        httpEvent("rest-api", method("PATCH"), { httpMethod: name }),
        httpEvent("alb", method("PATCH"), { httpMethod: name }),
        httpEventIn("http-api", { http: { method: name } }, method("PATCH")),
      ]),
      azure: [azureRequest({ method: "PATCH" }), azureRequest({ method: "patch" })],
      gcp: [method("PATCH")],
      node: [method("PATCH")],
    },
    expect: { seen: ["PATCH"] },
  },
  {
    id: "R33",
    title: "takes a method that HTTP itself does not define",
    decision: "The Functions host knows seven methods, and answers 404 to the others.",
    define: seeing(({ method, request }) => [method, request.method]),
    request: method("PROPFIND"),
    expect: { seen: [["PROPFIND", "PROPFIND"]], reply: { status: 204 } },
    expectOn: { "function-app": { seen: [], reply: { status: 404 } } },
  },
  {
    id: "R33",
    title: "says which methods there are where one is not",
    decision: "The Functions host answers 404 by itself.",
    define: (see) => defineFunction({ trigger: http.get("/in"), handler: () => see("ran") }),
    request: method("DELETE"),
    expect: { seen: [], reply: { status: 405, headers: { allow: "GET, HEAD" } } },
    expectOn: { "function-app": { reply: { status: 404 } } },
  },
  {
    id: "R33",
    title: "answers 405 to TRACE",
    decision: "The Functions host answers 404 by itself.",
    define: seeMethod,
    request: method("TRACE"),
    expect: { seen: [], reply: { status: 405 } },
    expectOn: { "function-app": { reply: { status: 404 } } },
  },
  {
    id: "R33",
    title: "answers 405 to CONNECT, in whatever form it comes",
    decision:
      "Node ends the connection of a CONNECT that no one listens for, as functions-framework does; Google's front end lets none " +
      "through. @azure/functions fails the invocation, and the Functions host lets none through either.",
    define: seeMethod,
    native: {
      aws: [
        httpEvent("rest-api", method("CONNECT")),
        httpEvent("alb", method("connect")),
        httpEvent("http-api", method("CONNECT")),
      ],
      azure: [azureRequest({ method: "CONNECT" })],
      gcp: [{ wire: tunnel("shop.example:443") }],
      node: [{ wire: tunnel("shop.example:443") }, { wire: tunnel("/in") }],
    },
    expect: { seen: [], reply: { status: 405 } },
    expectOn: { azure: { reply: undefined, error: "any" }, gcp: { reply: { status: 0 } } },
  },
];

function tunnel(target: string): string {
  return `CONNECT ${target} HTTP/1.1\r\nHost: shop.example\r\n\r\n`;
}

/** Touches everything that a request has, and gives what the provider's own is like afterwards. */
const useAll = seeing(async (event) => {
  const { url, query, headers, cookies, params, body, clientIp, request } = event;
  const used = [
    url,
    query,
    headers,
    cookies,
    params,
    body,
    clientIp,
    await request.text(),
    await event.text(),
  ];
  return [used.length, asSent(event.raw as RawRequest)];
});

interface RawRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers & Readonly<Record<string, string | undefined>>;
}

/** Lambda's events here are frozen: a change would have failed. */
function asSent(raw: RawRequest): unknown {
  if ("requestContext" in raw) return Object.isFrozen(raw);
  const { method, url, headers } = raw;
  const read = (name: string) => (headers instanceof Headers ? headers.get(name) : headers[name]);
  return [method, new URL(url, "https://shop.example").pathname, read("content-type"), read("cookie")];
}

function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

const full = {
  method: "POST",
  url: "/in?a=1&a=2",
  headers: [
    ["content-type", "application/json"],
    ["cookie", "a=1"],
    ["x-a", "1"],
    ["x-a", "2"],
  ],
  body: Buffer.from("{}"),
} as const;

/** What stays as it was, and what is no request at all. */
export const REQUEST_EVENTS: readonly Case[] = [
  {
    id: "R35",
    title: "changes nothing in the provider's own request",
    define: useAll,
    native: {
      aws: (["http-api", "function-url", "rest-api", "alb", "alb-multi-value"] as const).flatMap((kind) => [
        frozen(httpEvent(kind, full)),
        frozen(httpEvent(kind, full, { headers: null, multiValueHeaders: null })),
      ]),
      azure: [
        azureRequest({
          method: "POST",
          url: "https://shop.example/in?a=1&a=2",
          headers: { "content-type": "application/json", cookie: "a=1" },
          body: "{}",
        }),
      ],
      gcp: [full],
      node: [full],
    },
    expect: { seen: [[9, ["POST", "/in", "application/json", "a=1"]]], reply: { status: 204 } },
    expectOn: { aws: { seen: [[9, true]] } },
  },
  {
    id: "R44",
    title: "refuses events of Lambda@Edge, whole or cut off",
    decision:
      "Lambda@Edge runs neither Node 22.12 nor what our bundles are made for within its limits, and is no declared source: to " +
      "take its request without the part that CloudFront left out would be worse than none.",
    ...noRequests([
      edgeEvent("viewer-request"),
      edgeEvent("origin-request", {
        method: "POST",
        body: { action: "read-only", encoding: "base64", data: "eyJza3U", inputTruncated: true },
      }),
      edgeEvent("origin-response"),
    ]),
  },
];
