import { expect, test } from "vitest";
import { headerValues } from "../http.ts";
import { fromLambdaResult } from "./gateway-answers.ts";
import type { GatewayKind } from "./gateway-request.ts";

const kinds: GatewayKind[] = ["http-api", "function-url", "rest-api", "alb", "alb-multi-value"];

const answer = (kind: GatewayKind, payload: unknown, method = "GET") => {
  const raw = JSON.stringify(payload);
  const { status, headers, body } = fromLambdaResult(
    kind,
    { ok: true, kind: "payload", payload, raw },
    method,
  );
  return { status, headers, body: Buffer.from(body).toString("latin1") };
};
const cookies = ["a=1; Expires=Wed, 21 Oct 2026", "b=2"];
const type = ["content-type", "text/plain"] as const;
const lines = [type, ...cookies.map((cookie) => ["set-cookie", cookie])];
const body = { body: "AP8=", isBase64Encoded: true };

test.each<[GatewayKind, object]>([
  ["http-api", { statusCode: 201, headers: { "Content-Type": type[1] }, cookies, ...body }],
  ["function-url", { statusCode: 201, headers: { "Content-Type": type[1] }, cookies, ...body }],
  [
    "rest-api",
    {
      statusCode: 201,
      headers: {},
      multiValueHeaders: { "Content-Type": [type[1]], "Set-Cookie": cookies },
      ...body,
    },
  ],
  [
    "alb",
    {
      statusCode: 201,
      headers: { "Content-Type": type[1], "set-cookie": cookies[0], "Set-Cookie": cookies[1] },
      ...body,
    },
  ],
  [
    "alb-multi-value",
    { statusCode: 201, multiValueHeaders: { "Content-Type": [type[1]], "set-cookie": cookies }, ...body },
  ],
])("%s gives status, header lines, cookies and bytes", (kind, payload) => {
  expect(answer(kind, payload)).toEqual({ status: 201, headers: lines, body: "\x00\xff" });
});

test.each<[GatewayKind, unknown, number]>([
  ["http-api", { statusCode: "x" }, 500],
  ["http-api", { statusCode: 200, body: {} }, 500],
  ["function-url", { statusCode: 99 }, 502],
  ["rest-api", { statusCode: 200, cookies: [] }, 502],
  ["rest-api", "text", 502],
  ["rest-api", { statusCode: 200, multiValueHeaders: { a: "b" } }, 502],
  ["rest-api", null, 502],
  ["alb", { body: "x" }, 502],
  ["alb", { statusCode: 200, body: "AP8", isBase64Encoded: true }, 502],
  ["alb-multi-value", { statusCode: 200, headers: { a: "b" }, body: "x" }, 200],
])("%s reads %j as %i", (kind, payload, status) => {
  expect(answer(kind, payload).status).toBe(status);
});

test("which headers count depends on the mode of the load balancer", () => {
  const payload = { statusCode: 200, headers: { a: "1" }, multiValueHeaders: { b: ["2"] } };
  expect(answer("alb", payload).headers).toEqual([["a", "1"]]);
  expect(answer("alb-multi-value", payload).headers).toEqual([["b", "2"]]);
});

test("format 2.0 makes an answer of any value without a status", () => {
  expect(answer("http-api", { id: 1 })).toEqual({
    status: 200,
    headers: [["content-type", "application/json"]],
    body: '{"id":1}',
  });
  expect(answer("function-url", "hi").body).toBe("hi");
});

test.each(kinds)("%s sends no body for HEAD, and keeps its length", (kind) => {
  const headers = { "content-length": "2" };
  const payload = {
    statusCode: 200,
    headers,
    ...(kind === "alb-multi-value" && { multiValueHeaders: { "content-length": ["2"] } }),
    body: "hi",
  };
  const head = answer(kind, payload, "HEAD");
  expect(head.body).toBe("");
  expect(headerValues(head.headers as [string, string][], "content-length")).toEqual(["2"]);
});
