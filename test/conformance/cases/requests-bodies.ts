import type { Case } from "../case.ts";
import { httpEvent } from "../payloads/aws/http.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { post } from "../payloads/http.ts";
import { ALL_BYTES, hex, seeing } from "./_requests.ts";

const seeBytes = seeing(async ({ body, bytes }) => [hex(body), hex(await bytes())]);

const allHex = Buffer.from(ALL_BYTES).toString("hex");
const JPEG = Buffer.from([0x00, 0xff, 0xfe, 0x89, 0x50, 0x4e]);
const KINDS = ["http-api", "function-url", "rest-api", "alb", "alb-multi-value"] as const;

const TEXT = "grüße ☃ 𝒳";
const utf8 = Buffer.from(TEXT);

const NO_JSON = {
  title: "Bad Request",
  status: 400,
  detail: "There is no body, and JSON is expected.",
};
const nothing = [undefined, "", ""];
const seeNothing = seeing(async ({ body, bytes, text }) => [body, hex(await bytes()), await text()]);
const readJson = seeing(({ json }) => json());

const withBody = {
  method: "GET",
  url: "/in",
  headers: [["content-type", "text/plain"]],
  body: utf8,
} as const;
const seeBoth = seeing(async ({ text, request }) => [await text(), request.body]);

/** Bodies of requests. */
export const REQUEST_BODIES: readonly Case[] = [
  {
    id: "R1",
    title: "gives a binary body byte for byte",
    define: seeBytes,
    request: post("/in", ALL_BYTES, "application/octet-stream"),
    expect: { seen: [[allHex, allHex]], reply: { status: 204 } },
  },
  {
    id: "R1",
    title: "decodes base64 by its mark and not by the content type",
    define: seeBytes,
    native: {
      aws: KINDS.map((kind) =>
        httpEvent(kind, post("/in", "x", "text/plain"), {
          body: JPEG.toString("base64"),
          isBase64Encoded: true,
        }),
      ),
      azure: [
        azureRequest({
          method: "POST",
          headers: { "content-type": "text/plain" },
          body: JPEG,
        }),
      ],
      gcp: [post("/in", JPEG, "text/plain")],
      node: [post("/in", JPEG, "text/plain")],
    },
    expect: { seen: [[hex(JPEG), hex(JPEG)]] },
  },
  {
    id: "R1",
    title: "reads text and JSON from what came as base64",
    define: seeing(async ({ text, json }) => [await text(), await json()]),
    request: post("/in", '{"sku":"grün"}', "application/octet-stream"),
    native: {
      aws: KINDS.map((kind) =>
        httpEvent(kind, post("/in", "x"), {
          body: Buffer.from('{"sku":"grün"}').toString("base64"),
          isBase64Encoded: true,
        }),
      ),
    },
    expect: { seen: [['{"sku":"grün"}', { sku: "grün" }]] },
  },
  {
    id: "R1",
    title: "leaves text alone that only looks like base64",
    define: seeing(({ text }) => text()),
    request: post("/in", "AP/+iQ==", "text/plain"),
    expect: { seen: ["AP/+iQ=="] },
  },
  {
    id: "R1",
    title: "gives a body that came in chunks, without a length",
    decision:
      "The Functions host reads no body without a length, and the gateways of AWS have read it before.",
    define: seeBytes,
    native: {
      aws: [httpEvent("http-api", post("/in", ALL_BYTES, "application/octet-stream"))],
      azure: [azureRequest({ method: "POST", body: ALL_BYTES })],
      gcp: [post("/in", ALL_BYTES, "application/octet-stream", [["Transfer-Encoding", "chunked"]])],
      node: [post("/in", ALL_BYTES, "application/octet-stream", [["Transfer-Encoding", "chunked"]])],
    },
    expect: { seen: [[allHex, allHex]] },
  },
  {
    id: "R2",
    title: "gives text as UTF-8, whose length is that of its bytes",
    define: seeing(async ({ text, bytes, headers }) => [
      await text(),
      hex(await bytes()),
      headers["content-length"],
    ]),
    request: post("/in", TEXT, "text/plain; charset=utf-8"),
    expect: { seen: [[TEXT, hex(utf8), String(utf8.length)]] },
  },
  {
    id: "R2",
    title: "takes a byte order mark off text and JSON, and leaves it in the bytes",
    define: seeing(async ({ json, text, bytes }) => [await json(), await text(), hex(await bytes())]),
    request: post("/in", '\ufeff{"sku":"tea"}'),
    expect: { seen: [[{ sku: "tea" }, '{"sku":"tea"}', hex(Buffer.from('\ufeff{"sku":"tea"}'))]] },
  },
  {
    id: "R3",
    title: "gives a POST without a body none, empty bytes and empty text",
    define: seeNothing,
    request: { method: "POST", url: "/in" },
    native: {
      aws: KINDS.flatMap((kind) =>
        [null, "", undefined].map((body) => httpEvent(kind, { method: "POST", url: "/in" }, { body })),
      ),
      azure: [azureRequest({ method: "POST" }), azureRequest({ method: "POST", body: "" })],
      gcp: [{ method: "POST", url: "/in", headers: [["content-length", "0"]] }],
      node: [{ method: "POST", url: "/in", headers: [["transfer-encoding", "chunked"]] }],
    },
    expect: { seen: [nothing] },
  },
  {
    id: "R3",
    title: "answers 400 where JSON is read from a body that is not there",
    define: readJson,
    request: { method: "POST", url: "/in", headers: [["content-type", "application/json"]] },
    native: {
      aws: KINDS.map((kind) => httpEvent(kind, { method: "POST", url: "/in" }, { body: null })),
    },
    expect: { seen: [], reply: { status: 400, body: NO_JSON } },
  },
  {
    id: "R4",
    title: "runs for a GET with a body",
    decision:
      "The body is there where the provider hands it over; a WHATWG Request cannot have it, and @azure/functions makes one.",
    define: seeBoth,
    request: withBody,
    expect: { seen: [[TEXT, null]], reply: { status: 204 } },
    expectOn: { "function-app": { seen: [["", null]] } },
  },
  {
    id: "R4",
    title: "runs for a HEAD with a body",
    define: seeBoth,
    request: { ...withBody, method: "HEAD" },
    expect: { seen: [[TEXT, null]], reply: { status: 204, body: "" } },
    expectOn: { "function-app": { seen: [["", null]] } },
  },
  {
    id: "R4",
    title: "gives a DELETE its body",
    define: seeing(async ({ method, text }) => [method, await text()]),
    request: { ...withBody, method: "DELETE" },
    expect: { seen: [["DELETE", TEXT]] },
  },
  {
    id: "R5",
    title: "takes an empty body of a GET for none",
    define: seeNothing,
    native: {
      aws: KINDS.map((kind) => httpEvent(kind, { url: "/in" }, { body: "" })),
      azure: [azureRequest(), azureRequest({ body: "" })],
      gcp: [{ method: "GET", url: "/in", headers: [["content-length", "0"]] }],
      node: [{ method: "GET", url: "/in", headers: [["content-length", "0"]] }],
    },
    expect: { seen: [nothing], reply: { status: 204 } },
  },
  {
    id: "R38",
    title: "gives the body as often, and in as many forms, as it is asked for",
    define: seeing(async ({ text, json, bytes, body, request }) => [
      await text(),
      await json(),
      await text(),
      hex(await bytes()),
      hex(body),
      await request.text(),
      await text(),
    ]),
    request: post("/in", '{"sku":"tea"}'),
    expect: {
      seen: [
        [
          '{"sku":"tea"}',
          { sku: "tea" },
          '{"sku":"tea"}',
          hex(Buffer.from('{"sku":"tea"}')),
          hex(Buffer.from('{"sku":"tea"}')),
          '{"sku":"tea"}',
          '{"sku":"tea"}',
        ],
      ],
    },
  },
  {
    id: "R38",
    title: "gives a GET no body, neither itself nor as a `Request`",
    define: seeing(({ body, request }) => [body, request.body, request.method]),
    request: { method: "GET", url: "/in" },
    expect: { seen: [[undefined, null, "GET"]] },
  },
];
