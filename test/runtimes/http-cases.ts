import { expect } from "vitest";
import type { PlainRequest } from "./hosts/index.ts";

const text = (body: string): Uint8Array => Buffer.from(body);
const json = [["content-type", "application/json"]] as const;
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff, 0xfe, 0x80]);

/** What must come back, wherever the request goes. */
export interface HttpCase {
  readonly name: string;
  readonly request: PlainRequest;
  readonly status: number;
  /** JSON value, text or bytes of the body. */
  readonly body: unknown;
  readonly headers?: readonly string[];
  /** A load balancer with single-value headers passes on the last of repeated query values, and no more. */
  readonly lastValueOnAlb?: { readonly status: number; readonly body: unknown };
}

/** Requests with everything that providers and adapters get wrong, and the one right answer. */
export const HTTP_CASES: readonly HttpCase[] = [
  {
    name: "path, query, cookies and headers arrive decoded once",
    request: {
      method: "GET",
      url: "/echo/a%20b/c%C3%A9/d?e=&p=a+b&s=%20%26%25",
      headers: [
        ["cookie", "one=1; two=a%20b"],
        ["x-custom", "a, b"],
      ],
    },
    status: 200,
    body: {
      method: "GET",
      path: "/echo/a%20b/c%C3%A9/d",
      params: { name: "a b", rest: "cé/d" },
      query: [
        ["e", ""],
        ["p", "a b"],
        ["s", " &%"],
      ],
      cookies: { one: "1", two: "a b" },
      custom: "a, b",
      body: "",
    },
    headers: ["content-type: application/json"],
  },
  {
    name: "a text body arrives byte for byte",
    request: {
      method: "PATCH",
      url: "/echo/n/r",
      headers: [["content-type", "text/plain; charset=utf-8"]],
      body: text("grüße ☃"),
    },
    status: 200,
    body: {
      method: "PATCH",
      path: "/echo/n/r",
      params: { name: "n", rest: "r" },
      query: [],
      cookies: {},
      type: "text/plain; charset=utf-8",
      body: Buffer.from("grüße ☃").toString("base64"),
    },
  },
  {
    name: "binary goes in and out byte for byte",
    request: { method: "POST", url: "/binary", headers: [["content-type", "image/png"]], body: PNG },
    status: 200,
    body: PNG,
    headers: ["content-type: image/png"],
  },
  {
    name: "two cookies stay two, other repeated headers are joined",
    request: { method: "GET", url: "/cookies" },
    status: 200,
    body: "two cookies",
    headers: [
      "content-type: text/plain; charset=utf-8",
      "link: </a>; rel=next, </b>; rel=prev",
      "set-cookie: a=1%3B%20x; expires=Wed, 02 Jan 2030 03:04:05 GMT; path=/",
      "set-cookie: b=YWJj%3D%3D; httponly; path=/; samesite=lax",
      "vary: accept, origin",
    ],
  },
  {
    name: "a streamed answer is complete",
    request: { method: "GET", url: "/streamed" },
    status: 200,
    body: "one two three",
  },
  {
    name: "repeated query values stay two",
    request: { method: "GET", url: "/echo/n/r?x=1&x=2" },
    status: 200,
    body: expect.objectContaining({
      query: [
        ["x", "1"],
        ["x", "2"],
      ],
    }),
    lastValueOnAlb: { status: 200, body: expect.objectContaining({ query: [["x", "2"]] }) },
  },
  {
    name: "validated input is coerced",
    request: {
      method: "POST",
      url: "/validated/7?tag=a",
      headers: json,
      body: text('{"sku":"tea","quantity":2}'),
    },
    status: 200,
    body: { id: 7, tag: "a", sku: "tea", quantity: 2 },
  },
  {
    name: "invalid input is a problem with every path",
    request: {
      method: "POST",
      url: "/validated/7?tag=b",
      headers: json,
      body: text('{"sku":1,"quantity":-2}'),
    },
    status: 400,
    body: expect.objectContaining({
      title: "Bad Request",
      status: 400,
      errors: [
        expect.objectContaining({ in: "body", path: "sku" }),
        expect.objectContaining({ in: "body", path: "quantity" }),
      ],
    }),
    headers: ["content-type: application/problem+json"],
  },
  {
    name: "malformed JSON is a problem",
    request: { method: "POST", url: "/validated/7?tag=b", headers: json, body: text("{not json") },
    status: 400,
    body: { title: "Bad Request", status: 400, detail: "The body is not valid JSON." },
    headers: ["content-type: application/problem+json"],
  },
  {
    name: "an HttpError speaks for itself",
    request: { method: "GET", url: "/failing/teapot" },
    status: 418,
    body: { title: "I'm a Teapot", status: 418, detail: "I am a teapot.", pot: "short" },
  },
  { name: "nothing is 204", request: { method: "GET", url: "/failing/empty" }, status: 204, body: "" },
  {
    name: "a WHATWG Request and Response are understood",
    request: {
      method: "PUT",
      url: "/response",
      headers: [["content-type", "text/plain"]],
      body: text("hello"),
    },
    status: 202,
    body: "PUT hello",
    headers: ["content-type: text/plain;charset=UTF-8", "x-made-by: fetch"],
  },
  {
    name: "a preflight is answered",
    request: {
      method: "OPTIONS",
      url: "/cross",
      headers: [
        ["origin", "https://shop.example"],
        ["access-control-request-method", "GET"],
      ],
    },
    status: 204,
    body: "",
    headers: [
      "access-control-allow-credentials: true",
      "access-control-allow-methods: GET, HEAD, POST, PUT, PATCH, DELETE",
      "access-control-allow-origin: https://shop.example",
      "access-control-max-age: 60",
      "vary: Origin, Access-Control-Request-Headers",
    ],
  },
  {
    name: "another origin gets the answer but no permission",
    request: { method: "GET", url: "/cross", headers: [["origin", "https://evil.example"]] },
    status: 200,
    body: { crossed: true },
    headers: ["content-type: application/json", "vary: Origin"],
  },
  {
    name: "HEAD has the headers of GET and no body",
    request: { method: "HEAD", url: "/cross" },
    status: 200,
    body: "",
  },
];
