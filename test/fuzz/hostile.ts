import { gzipSync } from "node:zlib";
import { later } from "./tree.ts";

const own = (name: string, value: unknown): object => Object.fromEntries([[name, value]]);
const list = (length: number, member: unknown): unknown[] => new Array(length).fill(member);

/** Texts that have broken a parser, a header, a path, a date, a number or a prototype somewhere. */
const TEXTS: readonly string[] = [
  ...["", " ", "null", "undefined", "[object Object]", "true", "{", '"', "é☃𝄞", "\u202e\u2028", "\x7f"],
  ...[
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "0x10",
    "-0",
    "1_000",
    "٣",
    "1".repeat(400),
    "-9223372036854775809",
  ],
  ...[
    "2023-13-45T99:99:99Z",
    "+275760-09-13T00:00:00.001Z",
    "-271821-04-19T23:59:59.999Z",
    "0000-00-00T00:00:00Z",
  ],
  ...["8640000000000001", "1e21", "2023-11-03T10:15:00+99:99", "0001-01-01T00:00:00"],
  ...["%", "%zz", "%ff", "%c0%af", "%u0041", "%00", "/a%2", "100%25%", "a+b%20c"],
  ...["..%2f..%2fetc%2fpasswd", "/../../etc/passwd", "//evil.example/x", "\\\\evil.example\\x", "/?a=1#b"],
  ...["https://evil.example/", "evil.example:99999", "[::1", "user:pw@evil.example", "evil.example/x?", "/"],
  ...[
    "a\r\nset-cookie: pwned=1",
    "a\nb",
    "a\0b",
    "x; Path=/; Domain=evil.example",
    "a=b; HttpOnly",
    ",",
    ";",
    "=",
  ],
  ...["\ud800", "\udc00\ud800", "x\udfff", "\ufeff{}", "\ufffe"],
  ...["====", "a", "AA=", "_-_-", "AAAA====", "/////w==", "gIGC/w==", "not base64!"],
  ...["__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "then", "toJSON", "length"],
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  ...["application/cloudevents+json", "application/cloudevents-batch+json", "multipart/form-data; boundary="],
  ...[
    "application/json; charset=utf-16",
    "text/plain",
    "gzip",
    "chunked",
    "application/x-www-form-urlencoded",
  ],
  ...["2.0", "1.0", "TRACE", "CONNECT", "get", "GE T", "PROPFIND", "OPTIONS", "HEAD", "http,https"],
  ...[
    "aws:sqs",
    "aws:sns",
    "aws:s3",
    "aws:kinesis",
    "aws:dynamodb",
    "aws:kafka",
    "aws:docdb",
    "Notification",
  ],
];

/** Values of every other type. */
const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1.5, 1e308, 5e-324, 2 ** 53, 1e21, 8.64e15 + 1, -8.64e15 - 1],
  ...[{}, [], [[]], [null], { "": "" }, list(3, "x"), { a: { b: { c: [] } } }],
  own("__proto__", { polluted: true }),
  own("constructor", { prototype: { polluted: true } }),
  // As text it throws.
  { toString: 1, valueOf: 1 },
  { toJSON: "x", length: 5 },
  own("then", "x"),
  { Data: { a: "x" }, Metadata: { id: "x" } },
  { low: 1, high: -1 },
];

/** 32 MB of zeros in 32 KB, plain and as the logs of a subscription that CloudWatch sends. */
const BOMB: string = gzipSync(Buffer.alloc(32 * 1024 * 1024), { level: 9 }).toString("base64");

const DEPTH = 6000;
const deep = (open: string, close: string, wrap: (inner: unknown) => unknown): object =>
  later({
    text: () => `${open.repeat(DEPTH)}0${close.repeat(DEPTH)}`,
    value: () => {
      let value: unknown = 0;
      for (let level = 0; level < DEPTH; level++) value = wrap(value);
      return value;
    },
  });

const many = (count: number, name: (index: number) => string, value: unknown): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), value]));

/** Values that are large or deep, made when first needed. */
const LARGE: readonly (() => unknown)[] = [
  () => deep("[", "]", (inner) => [inner]),
  () => deep('{"M":', "}", (inner) => ({ M: inner })),
  () => deep('{"mapValue":{"fields":{"a":', "}}}", (inner) => ({ mapValue: { fields: { a: inner } } })),
  () => "a".repeat(300_000),
  () => " ".repeat(100_000).concat("x"),
  // What a search for trailing zeros from each of them takes the square of their number for.
  () => `1${"0".repeat(60_000)}1`,
  () => "9".repeat(60_000),
  () => "%41".repeat(30_000),
  () => "a=b; ".repeat(10_000),
  () => ",".repeat(50_000),
  () => "/projects/a/topics".repeat(5_000),
  () => list(10_000, "x"),
  () => many(10_000, (index) => `x-h${index}`, "v"),
  () => BOMB,
  () => many(1, () => "data", BOMB),
];

const made = new Map<number, unknown>();

/** One of the hostile values of common size. */
export function hostileValue(by: number): unknown {
  const all = TEXTS.length + VALUES.length;
  const index = by % all;
  return index < TEXTS.length ? TEXTS[index] : VALUES[index - TEXTS.length];
}

/** One of the hostile texts. */
export function hostileText(by: number): string {
  return TEXTS[by % TEXTS.length] ?? "";
}

/** One of the large values. */
export function largeValue(by: number): unknown {
  const index = by % LARGE.length;
  if (!made.has(index)) made.set(index, LARGE[index]?.());
  return made.get(index);
}
