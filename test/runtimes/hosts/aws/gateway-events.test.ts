import { expect, test } from "vitest";
import { type GatewayKind, toGatewayEvent } from "../api-gateway.ts";

const kinds: GatewayKind[] = ["http-api", "function-url", "rest-api", "alb", "alb-multi-value"];
const request = {
  method: "post",
  url: "https://api.example.com/orders/a%2Fb%20%C3%A9%3F%25?q=a%20b%2B&q=2&f",
  headers: [
    ["X-A", "1"],
    ["x-a", "2"],
    ["Cookie", "a=1; b=2"],
    ["Content-Type", "application/json"],
  ],
  body: Buffer.from('{"é":1}'),
} as const;

test("an HTTP API decodes the path, moves cookies and joins what repeats", () => {
  expect(toGatewayEvent("http-api", request, { route: "/orders/{id}" })).toMatchObject({
    version: "2.0",
    routeKey: "ANY /orders/{id}",
    rawPath: "/orders/a%2Fb é?%25",
    rawQueryString: "q=a%20b%2B&q=2&f",
    cookies: ["a=1", "b=2"],
    headers: { "x-a": "1,2", host: "api.example.com", "content-length": "8", "x-forwarded-proto": "https" },
    queryStringParameters: { q: "a b+,2", f: "" },
    pathParameters: { id: "a/b é?%25" },
    requestContext: { http: { method: "POST", path: "/orders/a%2Fb é?%25" }, stage: "$default" },
    body: '{"é":1}',
    isBase64Encoded: false,
  });
  expect(toGatewayEvent("http-api", request).headers).not.toHaveProperty("cookie");
  expect(toGatewayEvent("http-api", request, { stage: "dev" }).rawPath).toMatch(/^\/dev\/orders/);
});

test("a function URL leaves the path alone and has the cookies twice", () => {
  expect(toGatewayEvent("function-url", request)).toMatchObject({
    routeKey: "$default",
    rawPath: "/orders/a%2Fb%20%C3%A9%3F%25",
    cookies: ["a=1", "b=2"],
    headers: { cookie: "a=1; b=2" },
  });
});

test("a REST API decodes the query only, and gives the last of what repeats beside all", () => {
  expect(toGatewayEvent("rest-api", request, { route: "/orders/{id}" })).toMatchObject({
    resource: "/orders/{id}",
    path: "/orders/a%2Fb%20%C3%A9%3F%25",
    pathParameters: { id: "a%2Fb%20%C3%A9%3F%25" },
    headers: { "X-A": "2" },
    multiValueHeaders: { "X-A": ["1", "2"], Host: ["api.example.com"] },
    queryStringParameters: { q: "2", f: "" },
    multiValueQueryStringParameters: { q: ["a b+", "2"], f: [""] },
    requestContext: { path: "/prod/orders/a%2Fb%20%C3%A9%3F%25", stage: "prod" },
  });
  const bare = toGatewayEvent("rest-api", { method: "GET", url: "/" });
  expect(bare).toMatchObject({ queryStringParameters: null, body: null, isBase64Encoded: false });
});

test("a load balancer decodes nothing", () => {
  expect(toGatewayEvent("alb", request)).toMatchObject({
    path: "/orders/a%2Fb%20%C3%A9%3F%25",
    queryStringParameters: { q: "2", f: "" },
    headers: { "x-a": "2", "content-type": "application/json" },
  });
  const multi = toGatewayEvent("alb-multi-value", request);
  expect(multi).toMatchObject({
    multiValueQueryStringParameters: { q: ["a%20b%2B", "2"], f: [""] },
    multiValueHeaders: { "x-a": ["1", "2"], cookie: ["a=1; b=2"] },
  });
  expect(multi).not.toHaveProperty("headers");
  expect(toGatewayEvent("alb", { method: "GET", url: "/" })).toMatchObject({ body: "" });
});

test.each(kinds)("%s sends what is no text in base64", (kind) => {
  const bytes = Uint8Array.of(0, 255);
  const headers = [["content-type", "image/png"]] as const;
  const event = toGatewayEvent(kind, { method: "PUT", url: "/", headers, body: bytes });
  expect(event).toMatchObject({ body: "AP8=", isBase64Encoded: true });
});
