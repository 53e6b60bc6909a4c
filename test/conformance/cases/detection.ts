import { defineFunction, http, reply } from "@anyfn/core";
import type { Case, See } from "../case.ts";
import { httpEvent, httpEventIn } from "../payloads/aws/http.ts";
import { records, sqsRecord } from "../payloads/aws/messages.ts";
import { AUTHORIZER_EVENTS, LATTICE_EVENTS, SOCKET_WITH_METHOD } from "../payloads/aws/relatives.ts";
import { noRequests } from "../payloads/relatives.ts";

const seePath = (see: See) =>
  defineFunction({
    trigger: http.any("/{rest+}"),
    handler: ({ method, path }) => {
      see(`${method} ${path}`);
      return reply("ok", { cookies: ["a=1", "b=2"], headers: { "content-type": "text/plain" } });
    },
  });
const orders = { url: "/orders" };
const whole = { statusCode: 200, body: "ok", isBase64Encoded: false };
const headers = { "content-type": "text/plain" };
const v2Answer = { ...whole, headers, cookies: ["a=1", "b=2"] };
const v1Answer = { ...whole, headers, multiValueHeaders: { "set-cookie": ["a=1", "b=2"] } };
const albAnswer = { ...whole, statusDescription: "200 OK" };

/** Which variant of an HTTP event a payload is; the answer's form tells what it was taken for. */
export const DETECTION: readonly Case[] = [
  {
    id: "D1",
    title: "reads payload format 2.0 by `version` and `requestContext.http`",
    needs: { trigger: "http", source: "HTTP API" },
    define: seePath,
    native: {
      aws: [
        httpEvent("http-api", orders),
        httpEvent("function-url", orders),
        httpEvent("http-api", orders, { httpMethod: "GET", path: "/wrong", multiValueHeaders: {} }),
      ],
    },
    expect: { seen: ["GET /orders"], answer: v2Answer },
  },
  {
    id: "D1",
    title: "does not take a REST API's event with a `rawPath` for format 2.0",
    needs: { trigger: "http", source: "REST API" },
    define: seePath,
    native: {
      aws: [httpEvent("rest-api", orders, { rawPath: "/shop/orders", rawQueryString: "" })],
    },
    expect: { seen: ["GET /orders"], answer: v1Answer },
  },
  {
    id: "D1",
    title: "refuses what has `version` or `requestContext.http`, but not both",
    ...noRequests([
      httpEvent("http-api", orders, { requestContext: { stage: "$default" } }),
      httpEvent("http-api", orders, { version: undefined }),
      httpEvent("http-api", orders, { version: "3.0" }),
      httpEvent("rest-api", orders, { version: "2.0" }),
      httpEventIn("http-api", { http: null }, orders),
      httpEventIn("http-api", { http: "GET" }, orders),
    ]),
  },
  {
    id: "D2",
    title: "reads a REST API, and payload format 1.0 of an HTTP API, by `httpMethod` and `requestContext`",
    needs: { trigger: "http", source: "REST API" },
    define: seePath,
    native: {
      aws: [
        httpEvent("rest-api", orders),
        httpEvent("rest-api", orders, { version: "1.0" }),
        httpEvent("rest-api", orders, {
          multiValueHeaders: undefined,
          multiValueQueryStringParameters: undefined,
        }),
        { httpMethod: "GET", path: "/orders", requestContext: {} },
      ],
    },
    expect: { seen: ["GET /orders"], answer: v1Answer },
  },
  {
    id: "D2",
    title: "refuses a request without `requestContext`, or without a method",
    ...noRequests([
      httpEvent("rest-api", orders, { requestContext: undefined }),
      httpEvent("rest-api", orders, { requestContext: null }),
      httpEvent("rest-api", orders, { httpMethod: undefined }),
      httpEvent("rest-api", orders, { httpMethod: null }),
    ]),
  },
  {
    id: "D3",
    title: "reads a load balancer by `requestContext.elb`, and answers single values with single values",
    needs: { trigger: "http", source: "Application Load Balancer" },
    define: seePath,
    native: {
      aws: [httpEvent("alb", orders), httpEvent("alb", orders, { multiValueHeaders: null })],
    },
    expect: {
      seen: ["GET /orders"],
      answer: { ...albAnswer, headers: { ...headers, "set-cookie": "a=1", "Set-cookie": "b=2" } },
    },
  },
  {
    id: "D3",
    title: "answers a load balancer with lists where the request has lists",
    needs: { trigger: "http", source: "Application Load Balancer" },
    define: seePath,
    native: {
      aws: [
        httpEvent("alb-multi-value", orders),
        httpEvent("alb-multi-value", orders, { version: "1.0" }),
        httpEvent("alb-multi-value", orders, { multiValueHeaders: {}, headers: {} }),
      ],
    },
    expect: {
      seen: ["GET /orders"],
      answer: {
        ...albAnswer,
        multiValueHeaders: { "content-type": ["text/plain"], "set-cookie": ["a=1", "b=2"] },
      },
    },
  },
  {
    id: "D4",
    title: "refuses events of VPC Lattice, in both versions",
    decision: "VPC Lattice is no declared source: its answers and its identities would be guesses.",
    ...noRequests(LATTICE_EVENTS),
  },
  {
    id: "D5",
    title: "tells a WebSocket from a request, also where it has a method",
    ...noRequests([SOCKET_WITH_METHOD]),
  },
  {
    id: "D6",
    title: "refuses an authorizer's event, whatever it shares with a request",
    unconfirmed: true,
    ...noRequests(AUTHORIZER_EVENTS),
  },
  ...(
    [
      ["rawPath", httpEvent("http-api", orders, { rawPath: 5 })],
      ["requestContext.http.method", httpEventIn("http-api", { http: {} }, orders)],
      ["path", httpEvent("rest-api", orders, { path: undefined })],
      ["path", httpEvent("alb", orders, { path: ["/orders"] })],
    ] as const
  ).map(
    ([path, event]): Case => ({
      id: "D12",
      title: `names the member at fault, ${path}, and not its value`,
      needs: { trigger: "http", source: "HTTP API" },
      define: seePath,
      native: { aws: [event] },
      expect: {
        seen: [],
        error: "invalid-payload",
        message: new RegExp(`^\\[aws/http\\] The event's ${path} is not text\\.`),
      },
    }),
  ),
  {
    id: "D13",
    title: "refuses the events of other triggers",
    ...noRequests([
      records(sqsRecord("order 42")),
      records(),
      { Records: [{ EventSource: "aws:sns", Sns: { Message: "order 42" } }] },
      { version: "0", source: "shop", "detail-type": "order.placed", detail: {} },
      { awslogs: { data: "" } },
    ]),
  },
];
