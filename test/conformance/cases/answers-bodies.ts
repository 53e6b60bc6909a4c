import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { reply } from "@anyfn/core";
import { expect } from "vitest";
import type { Case, Expectation } from "../case.ts";
import { answering, GET } from "../payloads/answers.ts";

const hex = (text: string) => Buffer.from(text, "hex");

/** What AWS reads, whose answers are text: the bytes as they are, or as base64. */
function flagged(bytes: Uint8Array, base64: boolean): Expectation {
  const body = Buffer.from(bytes).toString(base64 ? "base64" : "utf8");
  return { answer: expect.objectContaining({ body, isBase64Encoded: base64 }) };
}

function sent(id: string, what: string, bytes: Uint8Array, headers: Record<string, string>, base64: boolean) {
  const item: Case = {
    id,
    title: `sends ${what} byte for byte`,
    define: answering(() => reply(bytes, { headers })),
    request: GET,
    expect: { reply: { status: 200, headers, body: bytes } },
    expectOn: { aws: flagged(bytes, base64) },
  };
  return item;
}

/** Type, and bytes that files of it begin with and that are no UTF-8. */
const BINARIES = [
  ["image/png", "89504e470d0a1a0a0000000d49484452"],
  ["application/pdf", "255044462d312e370a25e2e3cfd30a"],
  ["application/octet-stream", "00ff80c1fe00"],
  ["application/x-protobuf", "0a03ffd80012c0af"],
  ["font/woff2", "774f463200010000ff00d8"],
  ["application/zip", "504b03041400000008009cff"],
  ["application/vnd.apple.installer+xml", "78617221001c000100ed"],
] as const;

const OCTETS = { "content-type": "application/octet-stream" };
const untyped = (bytes: Uint8Array) => () => new Response(bytes as Uint8Array<ArrayBuffer>);

/** Bytes without a content type: what they are, and whether they are UTF-8. */
const UNTYPED = [
  ["text", Buffer.from("grüße"), true],
  ["text behind a byte order mark", Buffer.from("\ufeffa"), true],
  ["control characters", hex("0000011b7f"), true],
  ["a lone continuation byte", hex("6180"), false],
  ["a surrogate in UTF-8", hex("eda080"), false],
  ["an overlong form", hex("c0af"), false],
  ["a cut sequence", hex("61e282"), false],
] as const;

const TEXT = "<p>héllo ✓</p>";
/** A coding, and the text coded. */
const CODED = [
  ["gzip", gzipSync(TEXT)],
  ["br", brotliCompressSync(TEXT)],
  ["zstd", zstdCompressSync(TEXT)],
  ["aes128gcm", hex("00010203ff")],
  ["gzip, br", brotliCompressSync(gzipSync(TEXT))],
  // Nothing in the bytes tells that they are coded.
  ["compress", Buffer.from("abc")],
] as const;

const TEXTS = [
  ["image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ["application/json", '{"grüße":"\\u0000\\"\\\\","line":"\u2028"}'],
  ["application/problem+json", '{"status":409}'],
  ["text/plain; charset=utf-8", "héllo ✓ 🎉 \u0000 \r\n"],
] as const;

/** Bodies of answers. */
export const ANSWER_BODIES: readonly Case[] = [
  ...BINARIES.map(([type, start]) => sent("S1", type, hex(start), { "content-type": type }, true)),
  ...UNTYPED.map(([what, bytes, isText]) => ({
    ...sent("S2", `${what} without a content type`, bytes, OCTETS, !isText),
    decision: "Bytes without a type are octets: the fronts of AWS would else call them JSON or text.",
    define: answering(untyped(bytes)),
  })),
  sent("S3", "text in Latin-1", hex("e9"), { "content-type": "text/plain; charset=iso-8859-1" }, true),
  sent("S3", "text in UTF-16", hex("fffe6100"), { "content-type": "text/plain; charset=utf-16" }, true),
  ...CODED.map(([coding, bytes]) =>
    sent(
      "S4",
      `text coded with ${coding}`,
      bytes,
      { "content-type": "text/html", "content-encoding": coding },
      true,
    ),
  ),
  sent("S4", "text with the coding identity", Buffer.from(TEXT), { "content-encoding": "identity" }, false),
  ...TEXTS.map(([type, text]) => sent("S5", type, Buffer.from(text), { "content-type": type }, false)),
  {
    id: "S5",
    title: "sends text that is no Unicode as text that is",
    decision: "UTF-8 has no form for a lone surrogate: it becomes U+FFFD, as in TextEncoder.",
    define: answering(() => "a\ud800b"),
    request: GET,
    expect: { reply: { status: 200, body: "a\ufffdb" } },
  },
  ...([204, 200, 302, 500] as const).map(
    (status): Case => ({
      id: "S6",
      title: `says with ${status} whether the body is base64`,
      define: answering(() => reply(status === 200 ? "" : undefined, { status })),
      request: GET,
      expect: { reply: { status, body: "" } },
      expectOn: { aws: flagged(Buffer.alloc(0), false) },
    }),
  ),
  {
    id: "S6",
    title: "says with a failure whether the body is base64",
    define: answering(() => Promise.reject(new Error("broken"))),
    request: GET,
    expect: { reply: { status: 500 } },
    expectOn: { aws: { answer: expect.objectContaining({ isBase64Encoded: false }) } },
  },
];
