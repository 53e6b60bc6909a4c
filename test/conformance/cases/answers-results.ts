import { Readable } from "node:stream";
import { reply } from "@anyfn/core";
import type { Case, ReplyFacts } from "../case.ts";
import { answering, GET } from "../payloads/answers.ts";

const TEXT = "text/plain; charset=utf-8";
const OCTETS = "application/octet-stream";
const JSON_TYPE = "application/json";
const bytes = Buffer.from("00ff80c1", "hex");
const buffer = new Uint8Array(bytes).buffer;

const facts = (type: string, body: unknown, status = 200): ReplyFacts => ({
  status,
  headers: { "content-type": type },
  body,
});
const answered = (what: string, result: () => unknown, wanted: ReplyFacts, decision?: string): Case => ({
  id: "S22",
  title: `answers with ${what}`,
  ...(decision === undefined ? {} : { decision }),
  define: answering(result),
  request: GET,
  expect: { reply: wanted },
});
const refused = (what: string, result: () => unknown): Case => ({
  id: "S22",
  title: `answers 500 and says why in the log where the handler returns ${what}`,
  define: answering(result),
  request: GET,
  expect: {
    reply: { status: 500, headers: { "content-type": "application/problem+json" } },
    logged: [/handler failed/],
  },
});

async function* texts() {
  yield "gr";
  yield Buffer.from("üße");
}

/** What a handler returns, and the answer that it is. */
export const ANSWER_RESULTS: readonly Case[] = [
  { ...answered("nothing", () => undefined, { status: 204, body: "" }) },
  answered("null", () => null, facts(JSON_TYPE, null)),
  answered(
    "an object",
    () => ({ a: [1, "ü"], at: new Date(0), gone: undefined }),
    facts(JSON_TYPE, '{"a":[1,"ü"],"at":"1970-01-01T00:00:00.000Z"}'),
  ),
  answered(
    "what looks like a native answer",
    () => ({ statusCode: 418, body: "x" }),
    facts(JSON_TYPE, { statusCode: 418, body: "x" }),
    "Otherwise data of a caller could choose the status.",
  ),
  answered(
    "what looks like a reply",
    () => ({ kind: "anyfn.reply", status: 418, headers: {}, cookies: [], body: "x" }),
    facts(JSON_TYPE, { kind: "anyfn.reply", status: 418, headers: {}, cookies: [], body: "x" }),
  ),
  answered("a list", () => [1, null], facts(JSON_TYPE, "[1,null]")),
  answered("a number", () => 0, facts(JSON_TYPE, "0")),
  answered("a truth value", () => false, facts(JSON_TYPE, "false")),
  answered("text", () => "grüße", facts(TEXT, "grüße")),
  answered("empty text", () => "", facts(TEXT, "")),
  answered(
    "text that is JSON",
    () => '{"a":1}',
    facts(TEXT, '{"a":1}'),
    "Text is text; who means JSON returns the value.",
  ),
  answered("bytes", () => new Uint8Array(bytes), facts(OCTETS, bytes)),
  answered("a part of a buffer", () => new Uint8Array(buffer, 1, 2), facts(OCTETS, bytes.subarray(1, 3))),
  answered("a buffer of Node", () => bytes, facts(OCTETS, bytes)),
  answered("an ArrayBuffer", () => buffer, facts(OCTETS, bytes)),
  answered("a DataView", () => new DataView(buffer, 1), facts(OCTETS, bytes.subarray(1))),
  answered("a Blob", () => new Blob([bytes], { type: "image/x" }), facts("image/x", bytes)),
  answered("a Blob without a type", () => new Blob([bytes]), facts(OCTETS, bytes)),
  answered("a File", () => new File([bytes], "a.bin", { type: "image/x" }), facts("image/x", bytes)),
  answered("a web stream", () => new Blob([bytes]).stream(), facts(OCTETS, bytes)),
  answered(
    "a stream of Node",
    () => Readable.from([bytes.subarray(0, 2), bytes.subarray(2)]),
    facts(OCTETS, bytes),
  ),
  answered("a generator of text and bytes", texts, facts(OCTETS, "grüße")),
  answered(
    "a stream with a type",
    () => reply(texts(), { headers: { "Content-Type": "text/csv" } }),
    facts("text/csv", "grüße"),
  ),
  answered("a WHATWG response", () => new Response("grüße", { status: 203, headers: { "x-a": "1" } }), {
    ...facts("text/plain;charset=UTF-8", "grüße", 203),
    headers: { "x-a": "1" },
  }),
  answered(
    "a WHATWG response of JSON",
    () => Response.json({ a: 1 }, { status: 201 }),
    facts(JSON_TYPE, { a: 1 }, 201),
  ),
  answered("a redirect of a WHATWG response", () => Response.redirect("https://shop.example/b", 303), {
    status: 303,
    headers: { location: "https://shop.example/b" },
    body: "",
  }),
  answered("a promise", async () => ({ a: 1 }), facts(JSON_TYPE, { a: 1 })),
  answered(
    "a reply with a status and headers",
    () => reply({ id: 1 }, { status: 201, headers: { Location: "/it/1", "x-n": 2, "x-no": undefined } }),
    {
      status: 201,
      headers: { location: "/it/1", "x-n": "2", "x-no": undefined, "content-type": JSON_TYPE },
      body: { id: 1 },
    },
  ),
  answered("a reply without a body", () => reply(undefined, { status: 200 }), { status: 200, body: "" }),
  refused("a big integer", () => 1n),
  refused("a function", () => () => 1),
  refused("a symbol", () => Symbol("a")),
  refused("a value with a cycle", () => {
    const value: Record<string, unknown> = {};
    value.self = value;
    return value;
  }),
  refused("an error", () => new Error("returned")),
  refused("a stream of what are no bytes", async function* () {
    yield { a: 1 };
  }),
  refused("a stream of nothings, which are no end", async function* () {
    yield undefined;
    yield "a";
  }),
  refused("a stream that fails at once", async function* () {
    yield await Promise.reject(new Error("broken"));
  }),
  refused("a used response", async () => {
    const response = new Response("a");
    await response.text();
    return response;
  }),
];
